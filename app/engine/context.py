"""How long a context models get: as long as what they are asked needs, within what they were trained for
and the memory allows. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final, Literal

from app.engine.gguf import ModelHeader
from app.engine.memory import PADDING, Footprint, footprint
from app.engine.settings import Settings, usable_context

AUTO: Final = "auto"
Context = int | Literal["auto"]
"""Tokens of a context, or that they follow from what is asked."""


@dataclass(frozen=True, slots=True)
class ContextNeed:
    """The context that a run wants for a model.

    `needed` is what the longest prompt that is known takes with its answer; 0 where it was not counted.
    """

    header: ModelHeader
    wanted: Context
    needed: int = 0

    @property
    def tokens(self) -> int:
        """The context to load the model with, where the memory allows it."""
        if self.wanted == AUTO:
            return context_for(self.header, self.needed)
        return usable_context(self.header, self.wanted)

    def words(self, context: int) -> str:
        """Say what the model gets, with its name (foreign), and whether that is too little."""
        text = f"{self.header.name} {context:,}"
        if self.wanted != AUTO and context < self.wanted:
            text += ", which is all it was trained for"
        if self.needed > context:
            return f"{text}, too little for the longest prompt: {self.needed:,} with its answer"
        return f"{text} (the longest prompt takes {self.needed:,} with its answer)" if self.needed else text


def context_for(header: ModelHeader, needed: int) -> int:
    """Return the context for requests that need `needed` tokens: the default one, or longer."""
    default = usable_context(header)
    return max(default, usable_context(header, -(-needed // PADDING) * PADDING))


def can_grow(header: ModelHeader) -> bool:
    """Say whether a model was trained for more than the default context."""
    return usable_context(header) < header.context_length


def halved(header: ModelHeader, context: int) -> int:
    """Return half of a context, but never less than the default one."""
    return max(context // 2 // PADDING * PADDING, min(usable_context(header), context))


def grown(header: ModelHeader, settings: Settings, needed: int, *, free: int, gpu_free: int) -> Settings:
    """Return the settings of a loaded model with a context for `needed` tokens, or the longest that fits.

    `free` and `gpu_free` are the bytes that are free beside the model; it stays as it is where it does
    not fit, or is long enough.
    """
    now = footprint(header, settings)
    for context in range(context_for(header, needed), settings.context, -PADDING):
        larger = replace(settings, context=context)
        if _fits(now, footprint(header, larger), free, gpu_free):
            return larger
    return settings


def _fits(now: Footprint, larger: Footprint, free: int, gpu_free: int) -> bool:
    return larger.private - now.private <= free and larger.gpu - now.gpu <= gpu_free


def context_line(needs: Sequence[ContextNeed], contexts: Sequence[int]) -> str:
    """Say in one line how many tokens the context of each model holds."""
    words = (need.words(context) for need, context in zip(needs, contexts, strict=True))
    return f"context in tokens: {'; '.join(words)}"
