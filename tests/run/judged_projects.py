"""Projects of imported answers of which it is known which are right, and a reviewer who knows it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from app.bench import worlds
from app.intake.given import GoodLine
from app.method.judging import Said
from app.run.import_candidates import import_candidates
from app.store import judgements, votes
from app.store.imported import GivenCandidates, GivenOutput
from app.store.judgements import Verdict
from app.store.project import Connection, Project
from app.store.votes import Ballot

ME = "me"


def made(path: Path, tasks: Sequence[worlds.Task]) -> Project:
    """Import the answers to these tasks; candidates keep the order of the models."""
    project = Project.open(path, create=True)
    given = (
        GivenCandidates(
            task.instruction,
            "" if task.kind == "B" else "input",
            tuple(
                GivenOutput(model.split()[1], text)
                for model, text in zip(task.models, task.outputs, strict=True)
            ),
        )
        for task in tasks
    )
    import_candidates(project, "x", (GoodLine(n, one) for n, one in enumerate(given, start=1)))
    return project


def ballots(c: Connection) -> list[Ballot]:
    return [ballot for chunk in votes.in_chunks(c) for ballot in chunk]


def judge(c: Connection, tasks: Sequence[worlds.Task], size: int, reviewer: str = ME) -> None:
    """Judge a random sample as somebody who knows what is right."""
    right = {task.instruction: task.right for task in tasks}
    drawing = judgements.draw(c, reviewer, size, seed=1)
    drawn = [key for (key,) in c.tuples("SELECT instance_id FROM drawn WHERE drawing = ?", (drawing.id,))]
    for ballot in votes.ballots_of(c, drawn):
        said = {
            candidate.id: Said(good)
            for candidate, good in zip(ballot.candidates, right[ballot.instruction], strict=True)
        }
        judgements.judge(c, reviewer, ballot.instance_id, Verdict(True, True, said), drawing.id)
