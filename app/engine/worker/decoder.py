"""Generate with a decoder-only model: continuous batching over one context. Worker side.

Every decode call advances all live sequences by one token and fills what room is left with prompts. What
prompts share in front is computed once, in a sequence of its own, and its cells are then lent to the
others (`seq_cp` copies no data in a unified cache). A slot that finishes is refilled at once. Admission
reserves every cell a request may come to need, so the cache cannot overflow.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field

from app.engine.request import Completion, Request
from app.engine.settings import PREFIXES
from app.engine.worker.batch import Batch
from app.engine.worker.generation import Generation, token_limit
from app.engine.worker.loading import LoadedModel
from app.engine.worker.prefixes import PrefixStore
from app.engine.worker.prompts import ItemRefused, Prompter, refusal
from app.engine.worker.runner import INTERRUPTED, DecodeFailed, Hooks

SHORTEST_PREFIX = 16  # below this, computing it again is cheaper than keeping a sequence for it


@dataclass(slots=True, eq=False)
class _Prefix:
    """A shared beginning in its own sequence; `users` are live slots that hold its cells."""

    sequence: int
    tokens: tuple[int, ...]
    fed: int = 0
    users: int = 0
    last_use: int = 0

    @property
    def ready(self) -> bool:
        return self.fed == len(self.tokens)


@dataclass(slots=True, eq=False)
class _Slot:
    """A live request in its sequence; `fed` tokens of its prompt and text are in the cache."""

    sequence: int
    generation: Generation
    prefix: _Prefix | None
    fed: int = 0

    @property
    def shared(self) -> int:
        return len(self.prefix.tokens) if self.prefix else 0

    @property
    def reserved(self) -> int:
        """Cells of its own that it may come to need."""
        return len(self.generation.prompt) - self.shared + self.generation.limit


@dataclass(slots=True)
class _Plan:
    """What one batch holds: how many tokens of whom, and which entry gives whose next token."""

    fed: list[tuple[_Prefix | _Slot, int]] = field(default_factory=list)
    rows: list[tuple[int, _Slot]] = field(default_factory=list)


class Decoder:
    """Takes requests with `submit`, advances all of them with `step`."""

    def __init__(self, loaded: LoadedModel, hooks: Hooks, kept: PrefixStore | None = None) -> None:
        """Generate with `loaded`; prefixes that are costly to compute are looked for in `kept` first."""
        self._loaded = loaded
        self._kept = kept
        self._hooks = hooks
        self._prompter = Prompter(loaded)
        self._batch = Batch(loaded.batch_size)
        self._pending: deque[Request] = deque()
        self._live: list[_Slot] = []
        self._free = list(range(loaded.parallel - 1, -1, -1))
        self._prefixes: list[_Prefix] = []
        self._free_prefixes = [loaded.parallel + number for number in range(PREFIXES)]
        self._next: tuple[Request, list[int], int] | None = None  # head of the queue, already in tokens
        self._cells = loaded.cells
        self._clock = 0
        self.generated = 0

    @property
    def busy(self) -> bool:
        """Whether there is anything to do."""
        return bool(self._pending or self._live)

    @property
    def live(self) -> int:
        """How many requests are being generated."""
        return len(self._live)

    @property
    def writing(self) -> str:
        """The end of the text that has been written at for longest; empty where nothing is written."""
        return self._live[0].generation.writing if self._live else ""

    def submit(self, request: Request) -> None:
        """Queue a request."""
        self._pending.append(request)

    def cancel(self, request_id: str) -> None:
        """Drop a request, wherever it stands; no completion will come for it."""
        self._pending = deque(request for request in self._pending if request.id != request_id)
        for slot in [slot for slot in self._live if slot.generation.request.id == request_id]:
            self._release(slot)

    def step(self) -> list[Completion]:
        """Make one decode call; return what it finished, refused requests included."""
        finished = self._admit()
        plan = self._fill()
        if not self._batch.used:
            return finished
        self._hooks.calling(self._batch.used)
        code = self._loaded.decode(self._batch)
        if code == 1 and len(self._live) > 1:
            self._put_back(self._live[-1])
            return finished
        if code == INTERRUPTED:
            if self._loaded.keeps_state:
                self._start_over()
            return finished
        if code != 0:
            raise DecodeFailed(f"llama_decode answers {code} to {self._batch.used} tokens")
        for part, count in plan.fed:
            part.fed += count
            if self._kept is not None and isinstance(part, _Prefix) and part.ready:
                self._kept.save(part.sequence, part.tokens)
        for index, slot in plan.rows:
            completion = slot.generation.advance(index)
            self.generated += 1
            if completion is not None:
                self._release(slot)
                finished.append(completion)
        return finished

    def _admit(self) -> list[Completion]:
        """Give free slots to the requests that waited longest, while their cells are free."""
        refused: list[Completion] = []
        while self._pending and self._free:
            request = self._pending[0]
            try:
                prompt, shareable = self._tokens(request)
                if not self._place(request, prompt, shareable):
                    break
            except ItemRefused as error:
                refused.append(refusal(request, error))
            self._pending.popleft()
        return refused

    def _tokens(self, request: Request) -> tuple[list[int], int]:
        """Cut the head of the queue into tokens once, however long it waits for its cells."""
        if self._next is None or self._next[0] is not request:
            self._hooks.taking(request.id)
            self._next = (request, *self._prompter.tokens(request))
        return self._next[1:]

    def _place(self, request: Request, prompt: list[int], shareable: int) -> bool:
        """Put a request into a slot; False if its cells are not free yet."""
        self._clock += 1
        limit = token_limit(self._loaded, request, self._loaded.context_length - len(prompt))
        key = tuple(prompt[:shareable])
        if self._loaded.exact:
            self._forget_others(key)
        prefix = next((known for known in self._prefixes if known.tokens == key), None)
        own = len(prompt) + limit - (len(key) if prefix else 0)
        if not self._make_room(own, keep=prefix):
            return False
        if prefix is None and shareable >= SHORTEST_PREFIX:
            prefix = self._new_prefix(key)
        if prefix is not None:
            prefix.users += 1
            prefix.last_use = self._clock
        generation = Generation(self._loaded, request, prompt, limit)
        self._live.append(_Slot(self._free.pop(), generation, prefix))
        return True

    def _make_room(self, cells: int, keep: _Prefix | None) -> bool:
        """Free prefixes that nobody uses, oldest first, until `cells` are free; False if they are not."""
        while self._used_cells() + cells > self._cells:
            idle = [prefix for prefix in self._prefixes if not prefix.users and prefix is not keep]
            if not idle:
                return not self._live  # a request alone always fits: the cache holds one full context
            self._drop_prefix(min(idle, key=lambda prefix: prefix.last_use))
        return True

    def _used_cells(self) -> int:
        prefixes = sum(len(prefix.tokens) for prefix in self._prefixes)
        return prefixes + sum(slot.reserved for slot in self._live)

    def _new_prefix(self, tokens: tuple[int, ...]) -> _Prefix | None:
        """Reserve a sequence for a new prefix; None while all of them are in use."""
        if not self._free_prefixes:
            idle = [prefix for prefix in self._prefixes if not prefix.users]
            if not idle:
                return None
            self._drop_prefix(min(idle, key=lambda prefix: prefix.last_use))
        prefix = _Prefix(self._free_prefixes.pop(), tokens)
        if self._kept is not None and self._kept.load(prefix.sequence, tokens):
            prefix.fed = len(tokens)
        self._prefixes.append(prefix)
        return prefix

    def _forget_others(self, key: tuple[int, ...]) -> None:
        """Keep no other prefix, so that this one lies first in the cache whatever was asked before."""
        for prefix in [known for known in self._prefixes if known.tokens != key]:
            self._drop_prefix(prefix)

    def _drop_prefix(self, prefix: _Prefix) -> None:
        self._loaded.forget(prefix.sequence)
        self._prefixes.remove(prefix)
        self._free_prefixes.append(prefix.sequence)

    def _fill(self) -> _Plan:
        """Fill the batch: one token of every generating slot, then prefixes, then prompts."""
        self._batch.clear()
        plan = _Plan()
        for slot in self._live:
            if slot.generation.generated:
                index = self._batch.add([slot.generation.last], slot.fed, slot.sequence, output=True)
                plan.fed.append((slot, 1))
                plan.rows.append((index, slot))
        for prefix in self._prefixes:
            if prefix.users and not prefix.ready and self._batch.room:
                chunk = prefix.tokens[prefix.fed : prefix.fed + self._batch.room]
                self._batch.add(chunk, prefix.fed, prefix.sequence, output=False)
                plan.fed.append((prefix, len(chunk)))
        for slot in self._live:
            if not slot.generation.generated and self._batch.room:
                self._feed(slot, plan)
        return plan

    def _feed(self, slot: _Slot, plan: _Plan) -> None:
        """Add as much of a slot's prompt as fits; first borrow the cells of its prefix."""
        if slot.prefix is not None and not slot.fed:
            if not slot.prefix.ready:
                return
            self._loaded.lend(slot.prefix.sequence, slot.sequence)
            slot.fed = slot.shared
        prompt = slot.generation.prompt
        chunk = prompt[slot.fed : slot.fed + self._batch.room]
        is_last = slot.fed + len(chunk) == len(prompt)
        index = self._batch.add(chunk, slot.fed, slot.sequence, output=is_last)
        plan.fed.append((slot, len(chunk)))
        if is_last:
            plan.rows.append((index, slot))

    def _release(self, slot: _Slot) -> None:
        slot.generation.close()
        self._loaded.forget(slot.sequence)
        self._live.remove(slot)
        self._free.append(slot.sequence)
        if slot.prefix is not None:
            slot.prefix.users -= 1

    def _put_back(self, slot: _Slot) -> None:
        """Start a request over later: the cache was fuller than its accounts, so these shrink.

        llama.cpp keeps nothing of a batch it found no cells for.
        """
        self._release(slot)
        self._cells = self._used_cells()
        self._pending.appendleft(slot.generation.request)

    def _start_over(self) -> None:
        """Begin every live request again: an interrupted call may have changed recurrent states."""
        for slot in reversed(list(self._live)):
            self._release(slot)
            self._pending.appendleft(slot.generation.request)
        for prefix in list(self._prefixes):
            self._drop_prefix(prefix)
