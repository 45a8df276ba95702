"""Stage 5: the recipe's rule chooses among the candidates of every instance that has them all."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from functools import partial

from app.method.consensus import Vote, vote
from app.method.recipe import Recipe
from app.run.admission import FAILED
from app.run.context import RunContext
from app.store import generated, votes
from app.store.project import Connection
from app.store.rows import CandidateRow, VoteRow


async def vote_missing(ctx: RunContext) -> None:
    """Vote on every instance of the run that all answerers have answered and that has no vote yet.

    Candidates that are dropped, as the model failed, never left its thinking or refused, do not take part;
    an instance that has no others is set aside as they were.
    """
    for instance, candidates in await ctx.project.fetch(lambda c: _waiting(c, ctx.run.id)):
        taking_part = [one for one in candidates if not one.reason]
        if taking_part:
            row = await asyncio.to_thread(vote_row, taking_part, ctx.recipe)
            await ctx.project.write(partial(votes.save_vote, instance_id=instance, vote=row))
        else:
            said = [one.reason for one in candidates if one.reason != FAILED]
            status, reason = ("dropped", said[0]) if said else ("quarantined", FAILED)
            await ctx.project.write(
                partial(generated.set_instance_status, instance_id=instance, status=status, reason=reason)
            )
        ctx.stored()


def _waiting(c: Connection, run_id: str) -> list[tuple[str, list[CandidateRow]]]:
    return [
        (instance.id, generated.candidates_of(c, instance.id))
        for instance in generated.instances_without_vote(c, run_id)
    ]


def vote_row(candidates: Sequence[CandidateRow], recipe: Recipe) -> VoteRow:
    """Apply the recipe's rule to candidates in their order and describe the vote for the store."""
    consensus = recipe.consensus
    outputs = [candidate.output for candidate in candidates]
    said = vote(outputs, consensus.rule, consensus.threshold, recipe.tokeniser)
    return described(said, [candidate.id for candidate in candidates])


def described(said: Vote, candidates: Sequence[str]) -> VoteRow:
    """Describe a vote for the store; `candidates` are the ids of those it is about, in order."""
    return VoteRow(
        rule=said.rule,
        rule_version=said.rule_version,
        threshold=said.threshold,
        candidates=tuple(candidates),
        matrix=said.matrix,
        decided_by=said.decided_by,
        winner=None if said.winner is None else candidates[said.winner],
        lowest=said.lowest,
        mean=said.mean,
        tie=said.tie,
        short=said.short,
        keep=said.keep,
        reason=said.reason,
        disagreement=said.disagreement,
    )
