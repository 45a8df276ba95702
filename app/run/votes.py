"""Stage 5: the recipe's rule chooses among the candidates of every instance that has them all."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from functools import partial

from app.method.consensus import Vote, vote
from app.method.filters import answer_drop
from app.method.recipe import Recipe
from app.run.context import RunContext
from app.store import generated, votes
from app.store.project import Connection
from app.store.rows import CandidateRow, VoteRow


async def vote_missing(ctx: RunContext) -> None:
    """Vote on every instance of the run that all answerers have answered and that has no vote yet.

    Candidates that a model could not give (ended "error") do not take part, nor do those that the recipe
    filters out; an instance without any other is set aside.
    """
    for instance, candidates in await ctx.project.fetch(lambda c: _waiting(c, ctx.run.id)):
        voting = taking_part(candidates, ctx.recipe)
        if not voting:
            await ctx.project.write(partial(_set_aside, instance=instance, failed=not candidates))
            continue
        row = await asyncio.to_thread(vote_row, voting, ctx.recipe)
        await ctx.project.write(partial(votes.save_vote, instance_id=instance, vote=row))
        ctx.stored()


def _waiting(c: Connection, run_id: str) -> list[tuple[str, list[CandidateRow]]]:
    return [
        (instance.id, [one for one in generated.candidates_of(c, instance.id) if one.ended != "error"])
        for instance in generated.instances_without_vote(c, run_id)
    ]


def taking_part(candidates: Sequence[CandidateRow], recipe: Recipe) -> list[CandidateRow]:
    """Return the candidates that the recipe lets take part in a vote."""
    return [one for one in candidates if answer_drop(one.output, recipe.answers.filters) is None]


def _set_aside(c: Connection, instance: str, *, failed: bool) -> None:
    """Say why an instance has no candidate to vote on."""
    status, reason = ("quarantined", "failed") if failed else ("dropped", "no_usable_answer")
    generated.set_instance_status(c, instance, status, reason)


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
