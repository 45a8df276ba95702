"""What the two ways of generating (decoder-only, encoder-decoder) have in common. Worker side."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from app.engine.request import Completion, Request

INTERRUPTED = 2  # llama_decode and llama_encode: nothing of the batch was kept (llama.h)


class DecodeFailed(Exception):
    """llama.cpp refused a batch it should have taken; the context is in doubt."""


@dataclass(frozen=True, slots=True)
class Hooks:
    """Whom to tell: `taking` before anything is done with a request (its id), `calling` before a call of the
    model (its tokens).
    """

    taking: Callable[[str], None]
    calling: Callable[[int], None]


class Runner(Protocol):
    """Takes requests with `submit`, advances all of them with `step`; one thread uses it."""

    generated: int

    @property
    def busy(self) -> bool:
        """Whether there is anything to do."""

    @property
    def live(self) -> int:
        """How many requests are being generated."""

    @property
    def writing(self) -> str:
        """The end of the text that has been written at for longest; empty where nothing is written."""

    def submit(self, request: Request) -> None:
        """Queue a request."""

    def cancel(self, request_id: str) -> None:
        """Drop a request, wherever it stands; no completion will come for it."""

    def step(self) -> list[Completion]:
        """Make one call of the model; return what it finished, refused requests included."""
