"""What people say about items, and the state that follows. Imports nothing of ours; all texts are foreign."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Answering = Literal["accept", "choose", "edit", "reject", "later"]
Beside = Literal["flag", "unflag", "note", "tags", "rate", "task", "ask"]
Action = Literal[Answering, Beside]
How = Literal["", "again", "settle", "import"]
"""How a decision came about: shown again unmarked (it counts for agreement only), by settling a conflict,
from a file; else in the ordinary way."""
ReviewStatus = Literal["undecided", "accepted", "chosen", "edited", "rejected", "later"]


@dataclass(frozen=True, slots=True)
class ItemDecision:
    """One item of a decision: `candidate_id` for choose (and what an edit began from).

    `text` is the answer of an edit, the reason of a reject (or None), a note, or what `app.store.facets`
    writes of a rating, tags or a task.
    """

    instance_id: str
    candidate_id: str | None = None
    text: str | None = None


@dataclass(frozen=True, slots=True)
class UndoneEvent:
    """The decision that an undo took back or a redo brought back."""

    event: int
    action: Action
    instances: tuple[str, ...]
    at: str


@dataclass(frozen=True, slots=True)
class Rating:
    """A person's grade of an item's answer, and three yes-or-no questions; None where not answered.

    `grade`: A correct and satisfying, B acceptable with small faults, C on the task with great faults, D
    irrelevant or wrong. `task`: the instruction is a valid task; `input` fits it; `output` is right.
    """

    grade: Literal["A", "B", "C", "D"] | None = None
    task: bool | None = None
    input: bool | None = None
    output: bool | None = None


@dataclass(frozen=True, slots=True)
class ReviewState:
    """What people said about an instance so far; `event` is the decision that set the status.

    `reason` is why it was rejected. `instruction` and `input` are set where a person changed the task;
    `task` then identifies the new text, and answers to an earlier one are those of another `task`.
    `conflict`: the last decisions of two reviewers differ.
    """

    status: ReviewStatus = "undecided"
    candidate_id: str | None = None
    text: str | None = None
    flagged: bool = False
    event: int | None = None
    reason: str = ""
    note: str = ""
    tags: tuple[str, ...] = ()
    rating: Rating | None = None
    instruction: str | None = None
    input: str | None = None
    task: str = ""
    conflict: bool = False
