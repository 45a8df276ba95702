"""A writer that does not follow a recipe's prompt is noticed early, before much is spent on it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
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
        fault, other = fault_of(reasons, ctx.writer.name, ctx.recipe.name)
        raise Fruitless(
            f"The first {completions} completions gave nothing to keep: {why}. {fault}",
            f"Resume the run to let it try again, or {other}",
        )


def fault_of(reasons: Mapping[str, int], writer: str, recipe: str) -> tuple[str, str]:
    """Return what most likely is at fault where nothing was kept, and what can be done about it."""
    whole = sum(reasons.values())
    if 2 * reasons.get("over_context", 0) >= whole > 0:
        return f"The prompts are too long for {writer}.", "shorten the seed tasks, or take another writer."
    if 2 * sum(count for reason, count in reasons.items() if reason in OF_FORM) >= whole:
        return (
            f"{writer} does not follow the prompt of recipe {recipe}.",
            "take another writer, another writer_style or another recipe.",
        )
    return (
        f"What {writer} writes does not pass the filters of recipe {recipe}.",
        "take another writer, or a copy of the recipe with other filters.",
    )
