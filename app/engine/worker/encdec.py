"""Generate with an encoder-decoder (the T5 family). Worker side.

llama.cpp keeps one encoder result per context and replaces it with every `llama_encode`, so requests run in
groups: all prompts of a group through the encoder at once, then one decoder token per live sequence and
call. The decoder attends to the tokens of the whole group (others are masked), and the encoder's cost grows
with their square, so a group is kept to about 512 of them. Prompts of like length go together: their answers
tend to be of like length too, and a group lasts as long as its longest answer.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, replace

import llama_cpp

from app.engine.request import Completion, Request
from app.engine.settings import ENCODER_TOKENS
from app.engine.worker.batch import Batch
from app.engine.worker.generation import Generation, token_limit
from app.engine.worker.loading import LoadedModel, first_token
from app.engine.worker.prompts import ItemRefused, Prompter, refusal
from app.engine.worker.runner import INTERRUPTED, DecodeFailed, Hooks

LOOK_AHEAD = 4  # times the sequences; among so many waiting requests, those of like length are looked for


@dataclass(frozen=True, slots=True)
class _Asked:
    """A waiting request with its prompt in tokens."""

    request: Request
    prompt: list[int]


@dataclass(slots=True, eq=False)
class _Item:
    """A request of the current group, in its sequence."""

    sequence: int
    generation: Generation


class EncoderDecoder:
    """Takes requests with `submit`, advances the current group with `step`; same use as `Decoder`."""

    def __init__(self, loaded: LoadedModel, hooks: Hooks) -> None:
        self._loaded = loaded
        self._hooks = hooks
        self._prompter = Prompter(loaded)
        self._batch = Batch(loaded.batch_size)
        self._pending: deque[Request] = deque()
        self._asked: list[_Asked] = []  # the first of those waiting, in the order they came
        self._group: list[_Item] = []
        self._start = first_token(loaded)
        self.generated = 0

    @property
    def busy(self) -> bool:
        """Whether there is anything to do."""
        return bool(self._pending or self._asked or self._group)

    @property
    def live(self) -> int:
        """How many requests are being generated."""
        return len(self._group)

    @property
    def writing(self) -> str:
        """The end of the text that has been written at for longest; empty where nothing is written."""
        return self._group[0].generation.writing if self._group else ""

    def submit(self, request: Request) -> None:
        """Queue a request."""
        self._pending.append(request)

    def cancel(self, request_id: str) -> None:
        """Drop a request, wherever it stands; no completion will come for it."""
        self._pending = deque(request for request in self._pending if request.id != request_id)
        self._asked = [asked for asked in self._asked if asked.request.id != request_id]
        for item in [item for item in self._group if item.generation.request.id == request_id]:
            self._release(item)

    def step(self) -> list[Completion]:
        """Make one encoder or decoder call; return what it finished, refused requests included."""
        if not self._group:
            return self._encode_group()
        self._batch.clear()
        rows = []
        for item in self._group:
            generation = item.generation
            index = self._batch.add([generation.last], generation.generated, item.sequence, output=True)
            rows.append((index, item))
        if not self._call("decoder", self._loaded.decode):
            return []
        finished = (self._advance(item, index) for index, item in rows)
        return [completion for completion in finished if completion is not None]

    def _encode_group(self) -> list[Completion]:
        """Form the next group and run the encoder over it; returns the requests it had to refuse."""
        refused = self._look_ahead()
        self._form_group()
        if self._group:
            llama_cpp.llama_memory_clear(self._loaded.memory, True)
            self._batch.clear()
            for item in self._group:
                self._batch.add(item.generation.prompt, 0, item.sequence, output=False)
            if not self._call("encoder", self._loaded.encode):
                self._put_back()
        return refused

    def _look_ahead(self) -> list[Completion]:
        """Cut the next waiting requests into tokens; returns those that cannot be asked."""
        refused: list[Completion] = []
        while self._pending and len(self._asked) < LOOK_AHEAD * self._loaded.parallel:
            request = self._pending.popleft()
            self._hooks.taking(request.id)
            try:
                self._asked.append(_Asked(request, self._prompter.tokens(request)[0]))
            except ItemRefused as error:
                refused.append(refusal(request, error))
        return refused

    def _form_group(self) -> None:
        """Take the request that waited longest and those nearest to it in length, while they fit.

        Encoder tokens, cells and sequences of the context limit a group, so that no size reaches one of
        llama.cpp's assertions. A single prompt always fits: longer ones are refused before they wait here.
        """
        if not self._asked:
            return
        length = len(self._asked[0].prompt)
        tokens = cells = 0
        for asked in sorted(self._asked, key=lambda other: abs(len(other.prompt) - length)):
            limit = token_limit(self._loaded, asked.request, self._loaded.cells - 1)
            tokens, cells = tokens + len(asked.prompt), cells + limit + 1
            full = len(self._group) == self._loaded.parallel
            if full or (self._group and (tokens > ENCODER_TOKENS or cells > self._loaded.cells)):
                break
            self._asked.remove(asked)
            generation = Generation(self._loaded, asked.request, asked.prompt, limit, first=self._start)
            self._group.append(_Item(len(self._group), generation))

    def _call(self, name: str, call: Callable[[Batch], int]) -> bool:
        """Run the encoder or the decoder over the batch; False if the call was interrupted."""
        self._hooks.calling(self._batch.used)
        code = call(self._batch)
        if code not in (0, INTERRUPTED):
            raise DecodeFailed(f"the {name} answers {code} to {self._batch.used} tokens")
        return code == 0

    def _put_back(self) -> None:
        """Let a group wait again that the encoder was interrupted on."""
        for item in reversed(list(self._group)):
            self._release(item)
            self._asked.insert(0, _Asked(item.generation.request, item.generation.prompt))

    def _advance(self, item: _Item, index: int) -> Completion | None:
        """Pick the item's next token; the completion if that ends it."""
        completion = item.generation.advance(index)
        self.generated += 1
        if completion is None:
            return None
        self._release(item)
        # The first word's piece begins with the space that separates words; nothing stands before it.
        return replace(completion, text=completion.text.removeprefix(" "))

    def _release(self, item: _Item) -> None:
        item.generation.close()
        self._loaded.forget(item.sequence)
        self._group.remove(item)
