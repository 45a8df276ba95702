"""One request while its answer is written: next token, stop strings, limits, completion. Worker side."""

from __future__ import annotations

import time

from app.engine.loading import LoadedModel
from app.engine.request import Completion, Ended, Request
from app.engine.sampling import NotANumber, make_picker
from app.engine.vocab import TextBuffer


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
        self._buffer = TextBuffer(request.sampling.stop)
        self._started = time.monotonic()

    def advance(self, index: int) -> Completion | None:
        """Take the next token from batch entry `index` of the last call; the completion if that ends it."""
        try:
            self.last = self._picker.pick(self._loaded.context, index)
        except NotANumber as error:
            return self._completion("error", str(error))
        self.generated += 1
        if self.last in self._loaded.vocab.ends:
            return self._completion("end")
        long_enough = self.generated >= self.request.sampling.min_new_tokens
        if self._buffer.add(self._loaded.vocab.piece(self.last), may_stop=long_enough):
            return self._completion("stop")
        return self._completion("length") if self.generated >= self.limit else None

    def _completion(self, ended: Ended, error: str = "") -> Completion:
        return Completion(
            id=self.request.id,
            text=self._buffer.text(cut=ended == "length"),
            ended=ended,
            prompt_tokens=len(self.prompt),
            tokens=self.generated,
            seconds=time.monotonic() - self._started,
            error=error,
        )

    def close(self) -> None:
        """Free the sampler."""
        self._picker.close()
