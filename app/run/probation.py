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
OF_FORM: frozenset[str] = frozenset(
    {
        *("empty", "cut_by_length", "only_reasoning", "no_tag", "no_instruction", "no_output", "no_input"),
        *("starts_with_punctuation", "stray_mark", "repeats", "refusal", "leaked_prompt", "failed"),
    }
)
"""Reasons that speak of a writer that does not do what it is asked; others are the recipe's own filters."""


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
        of_form = sum(count for reason, count in reasons.items() if reason in OF_FORM)
        if 2 * of_form >= sum(reasons.values()):
            fault = f"{ctx.writer.name} does not follow the prompt of recipe {ctx.recipe.name}."
            other = "take another writer, another writer_style or another recipe."
        else:
            fault = f"What {ctx.writer.name} writes does not pass the filters of recipe {ctx.recipe.name}."
            other = "take another writer, or a copy of the recipe with other filters."
        raise Fruitless(
            f"The first {completions} completions gave no instruction to keep: {why}. {fault}",
            f"Resume the run to let it try again, or {other}",
        )
