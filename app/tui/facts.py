"""What Home reads from a project, in one snapshot."""

from __future__ import annotations

from dataclasses import dataclass

from app.store import counts, review, runs
from app.store.project import Connection
from app.store.views import ReviewProgress, RunSummary


@dataclass(frozen=True, slots=True)
class ProjectFacts:
    """The runs with their counts, oldest first, and how far review is."""

    runs: tuple[RunSummary, ...]
    progress: ReviewProgress
    waiting: int = 0
    """Items of the newest run whose models are asked once more."""

    @property
    def unfinished(self) -> RunSummary | None:
        """The newest run that models make, if it has not come to its end."""
        newest = self.newest_made
        return newest if newest and (newest.state != "done" or self.waiting) else None

    @property
    def newest_made(self) -> RunSummary | None:
        """The newest run that models make or made; imported ones have nothing to go on with."""
        return next((run for run in reversed(self.runs) if run.state != runs.IMPORTED), None)


SHOWN = ("instructions", "votes", "decisions")
"""The stages of which Home tells; a project of a million items has too many answers to count for it."""


def project_facts(c: Connection, reviewer: str) -> ProjectFacts:
    """Read what Home shows."""
    newest = runs.newest_made(c)
    waiting = review.waiting(c, newest.id) if newest else 0
    return ProjectFacts(counts.summary(c, stages=SHOWN).runs, review.progress(c, reviewer), waiting)


def unfinished(c: Connection) -> bool:
    """Say whether the newest run that models make has not come to its end, or is asked something more."""
    newest = runs.newest_made(c)
    return newest is not None and (newest.state != "done" or review.waiting(c, newest.id) > 0)
