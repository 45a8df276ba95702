"""Stage 5: the recipe's rule chooses among the candidates of every instance that has them all."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from functools import partial

from app.method.consensus import Vote, vote
from app.method.filters import answer_drop
from app.method.recipe import Recipe
from app.run.admission import FAILED, ONLY_REASONING
from app.run.context import RunContext
from app.store import generated, votes
from app.store.project import Connection
from app.store.rows import CandidateRow, VoteRow


async def vote_missing(ctx: RunContext) -> None:
    """Vote on every instance of the run that all answerers have answered and that has no vote yet.

    Candidates that are dropped, as the model failed or never left its thinking, do not take part, nor do
    those that the recipe filters out; an instance that has no others is set aside with the reason.
    """
    for instance, candidates in await ctx.project.fetch(lambda c: _waiting(c, ctx.run.id)):
        voting = taking_part(candidates, ctx.recipe)
        if not voting:
            await ctx.project.write(partial(_set_aside, instance=instance, candidates=candidates))
            continue
        row = await asyncio.to_thread(vote_row, voting, ctx.recipe)
        await ctx.project.write(partial(votes.save_vote, instance_id=instance, vote=row))
        ctx.stored()


def _waiting(c: Connection, run_id: str) -> list[tuple[str, list[CandidateRow]]]:
    return [
        (instance.id, generated.candidates_of(c, instance.id))
        for instance in generated.instances_without_vote(c, run_id)
    ]


def taking_part(candidates: Sequence[CandidateRow], recipe: Recipe) -> list[CandidateRow]:
    """Return the candidates that take part in a vote: not dropped, and let through by the recipe."""
    filters = recipe.answers.filters
    return [one for one in candidates if not one.reason and answer_drop(one.output, filters) is None]


def _set_aside(c: Connection, instance: str, candidates: Sequence[CandidateRow]) -> None:
    """Say why an instance has no candidate to vote on."""
    reasons = {one.reason for one in candidates}
    if ONLY_REASONING in reasons:
        status, reason = "dropped", ONLY_REASONING
    elif "" in reasons:
        status, reason = "dropped", "no_usable_answer"
    else:
        status, reason = "quarantined", FAILED
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
