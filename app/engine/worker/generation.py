"""One request while its answer is written: next token, stop strings, limits, completion. Worker side."""

from __future__ import annotations

import time

from app.engine.request import Completion, Request
from app.engine.worker.loading import LoadedModel
from app.engine.worker.sampling import NotANumber, make_picker
from app.engine.worker.thinking import Follower, Thinking, split
from app.engine.worker.vocab import TextBuffer
from app.method.terms import Ended

WATCHED = 400
"""Bytes of a text under way that are shown: they are sent ten times a second."""


def tokens_wanted(thinking: Thinking | None, request: Request) -> int:
    """Return how many tokens a request may get where there is room: for thinking and for the answer."""
    thoughts = request.sampling.max_thinking_tokens if _thinks(thinking, request) else 0
    return _answer_limit(request) + thoughts


def token_limit(loaded: LoadedModel, request: Request, room: int) -> int:
    """Return how many of `room` tokens a request may get, for thinking and for the answer together."""
    return min(_answer_limit(request) + _thinking_limit(loaded, request, room), room)


def _answer_limit(request: Request) -> int:
    return max(request.sampling.max_new_tokens, 1)


def _thinking_limit(loaded: LoadedModel, request: Request, room: int) -> int:
    """Return the tokens set aside for thinking: none but for a chat with a model that cannot but think.

    In a small context the answer keeps its tokens, or half of the room.
    """
    if not _thinks(loaded.thinking, request):
        return 0
    return min(request.sampling.max_thinking_tokens, max(room - _answer_limit(request), room // 2))


def _thinks(thinking: Thinking | None, request: Request) -> bool:
    return request.messages is not None and thinking is not None and thinking.expected


class Generation:
    """What both ways of generating do with a request once its prompt is in tokens.

    `prompt` is the prompt's tokens, `limit` the tokens it may get, `generated` those it has; `last` is the
    newest one (`first` before there is any). Call `close` when it is over.
    """

    def __init__(
        self, loaded: LoadedModel, request: Request, prompt: list[int], limit: int, first: int = -1
    ) -> None:
        self.request = request
        self.prompt = prompt
        self.limit = limit
        self.generated = 0
        self.last = first
        self._loaded = loaded
        self._picker = make_picker(loaded.vocab, request.sampling, request.seed)
        thinking = loaded.thinking
        self._opened = thinking is not None and thinking.opened and request.messages is not None
        self._follower = Follower(thinking.markers, self._opened) if thinking else None
        self._thought = 0
        self._thinking_limit = _thinking_limit(loaded, request, limit) or limit
        self._buffer = TextBuffer(request.sampling.stop, self._follower)
        self._started = time.monotonic()

    def advance(self, index: int) -> Completion | None:
        """Take the next token from batch entry `index` of the last call; the completion if that ends it."""
        try:
            self.last = self._picker.pick(self._loaded.context, index)
        except NotANumber as error:
            return self._completion("error", str(error))
        self.generated += 1
        was_thinking = self._thinking
        of_marker = self._loaded.marker_pieces.get(self.last)
        # Some models close a thought with a token that elsewhere ends the text.
        if self.last in self._loaded.vocab.ends and not (was_thinking and of_marker):
            return self._completion("end")
        long_enough = self._picker.picked >= self.request.sampling.min_new_tokens
        if self._buffer.add(of_marker or self._loaded.vocab.piece(self.last), may_stop=long_enough):
            return self._completion("stop")
        self._thought += self._thinking
        if was_thinking and not self._thinking:
            self._picker.picked = 0  # the least number of tokens is one of the answer
        return self._completion("length") if self._used_up() else None

    @property
    def _thinking(self) -> bool:
        return self._follower is not None and self._follower.inside

    def _used_up(self) -> bool:
        """Whether the tokens are spent: those of thinking, those of the answer, or all there are."""
        if self.generated >= self.limit:
            return True
        if self._thinking:
            return self._thought >= self._thinking_limit
        return self.generated - self._thought >= _answer_limit(self.request)

    @property
    def writing(self) -> str:
        """The end of what it has written so far, for people to watch."""
        return self._buffer.tail(WATCHED)

    def _completion(self, ended: Ended, error: str = "") -> Completion:
        text = self._buffer.text(cut=ended == "length")
        thinking = raw = ""
        if self._loaded.thinking is not None:
            parts = split(text, self._loaded.thinking.markers, self._opened)
            if parts.answer != text:
                thinking, raw, text = parts.thinking, text, parts.answer
        return Completion(
            id=self.request.id,
            text=text,
            ended=ended,
            prompt_tokens=len(self.prompt),
            tokens=self.generated,
            seconds=time.monotonic() - self._started,
            error=error,
            raw=raw,
            thinking=thinking,
        )

    def close(self) -> None:
        """Free the sampler."""
        self._picker.close()
