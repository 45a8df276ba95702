"""A writer that does not follow a recipe's prompt is noticed early, before much is spent on it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from app.errors import QuorumError
from app.method.terms import in_words
from app.run.admission import STAGE, KindState
from app.run.context import RunContext
from app.store import generated

COMPLETIONS = 64
"""Completions of the writer that may keep nothing."""
TOKENS = 16_384
"""Tokens that may keep nothing, where completions are long; a few are tried whatever they take."""
FEW = 8
SHOWN = 3
"""Completions that are shown to the person."""
_LENGTH = 240


class Fruitless(QuorumError):
    """What the writer wrote first gave nothing to keep: the run waits for a person."""


@dataclass(frozen=True, slots=True)
class Probation:
    """What the writer wrote before this session: each session tries anew."""

    completions: int
    tokens: int

    @classmethod
    async def begun(cls, ctx: RunContext) -> Probation:
        """Begin to count where a run stands."""
        completions, tokens = await ctx.project.fetch(lambda c: generated.spent(c, ctx.run.id, STAGE))
        return cls(completions, tokens)

    async def check(self, ctx: RunContext, kinds: Sequence[KindState]) -> None:
        """Raise Fruitless if enough was written in this session and no session of the run kept anything."""
        if any(state.kept for state in kinds):
            return
        completions, tokens = await ctx.project.fetch(lambda c: generated.spent(c, ctx.run.id, STAGE))
        written, spent = completions - self.completions, tokens - self.tokens
        if written < FEW or (written < COMPLETIONS and spent < TOKENS):
            return
        reasons, texts = await ctx.project.fetch(lambda c: generated.seen(c, ctx.run.id, STAGE, SHOWN))
        for text in texts:
            ctx.notice(f"It wrote: {' '.join(text.split())[:_LENGTH] or '(nothing)'}")
        why = ", ".join(f"{count} × {in_words(reason)}" for reason, count in reasons.items())
        raise Fruitless(
            f"The first {completions} completions gave no instruction to keep: {why}. "
            f"{ctx.writer.name} does not follow the prompt of recipe {ctx.recipe.name}.",
            "Resume the run to let it try again, or take another writer, another writer_style or another "
            "recipe.",
        )
