"""What people say about items, and the state that follows. Pure; all texts are foreign.

The last decision about the answer sets status, candidate and text; each other thing that can be said
(flag, note, tags, rating, task) is what was said last. Two reviewers whose last decisions mean other
answers are in conflict, until one of them settles it: from then on only what comes after counts.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import astuple, dataclass, field, replace
from typing import Literal

from app.errors import ProjectError
from app.store.text import digest

Answering = Literal["accept", "choose", "edit", "reject", "later"]
Beside = Literal["flag", "unflag", "note", "tags", "rate", "task", "ask"]
Action = Literal[Answering, Beside]
How = Literal["", "again", "settle", "import"]
"""How a decision came about: shown again unmarked (it counts for agreement only), by settling a conflict,
from a file; else in the ordinary way."""
ReviewStatus = Literal["undecided", "accepted", "chosen", "edited", "rejected", "later"]

STATUS_OF: dict[str, ReviewStatus] = {
    "accept": "accepted",
    "choose": "chosen",
    "edit": "edited",
    "reject": "rejected",
    "later": "later",
}
ANSWER_ACTIONS = ("accept", "choose", "edit", "reject")
"""What decides an item: these say what its answer is, or that it has none."""
REJECT_REASONS = ("wrong", "unclear", "unsafe", "duplicate", "other")
"""Why an item may be rejected, in the order of the keys 1 … 5."""
LONGEST_TAG = 60


@dataclass(frozen=True, slots=True)
class ItemDecision:
    """One item of a decision: `candidate_id` for choose (and what an edit began from).

    `text` is the answer of an edit, the reason of a reject (or None), a note, or a rating, tags or a task
    as this module writes them.
    """

    instance_id: str
    candidate_id: str | None = None
    text: str | None = None


@dataclass(frozen=True, slots=True)
class StandingDecision:
    """What one decision that is not undone says of one instance; `answer` is the text it takes, or None."""

    seq: int
    reviewer: str
    action: str
    how: str
    candidate_id: str | None
    text: str | None
    answer: str | None


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


def tags_text(tags: Iterable[str]) -> str:
    """Write a set of tags as the log keeps it: each once, in alphabetical order."""
    clean = sorted({" ".join(tag.split()) for tag in tags} - {""})
    if long := next((tag for tag in clean if len(tag) > LONGEST_TAG or "," in tag), None):
        hint = f"Use up to {LONGEST_TAG} characters, no comma."
        raise ProjectError(f"{long[:80]!r} cannot be a tag.", hint)
    return json.dumps(clean, ensure_ascii=False)


def tags_of(text: str | None) -> tuple[str, ...]:
    """Read what `tags_text` wrote; raises ProjectError for anything else."""
    tags = _json(text)
    if not isinstance(tags, list) or not all(isinstance(tag, str) for tag in tags):
        raise ProjectError("These are not valid tags.", "Give a list of short texts.")
    return tuple(tags)


def rating_text(rating: Rating) -> str:
    """Write a rating as the log keeps it."""
    return json.dumps(astuple(rating))


def rating_of(text: str | None) -> Rating:
    """Read what `rating_text` wrote; raises ProjectError for anything else."""
    rating = _json(text)
    if isinstance(rating, list) and len(rating) == 4:
        grade, *answers = rating
        if grade in (None, "A", "B", "C", "D") and all(answer in (None, True, False) for answer in answers):
            return Rating(grade, *answers)
    raise ProjectError(
        "This is not a valid rating.", "A grade is A, B, C or D; the questions take yes or no."
    )


def task_text(instruction: str, input: str) -> str:
    """Write a changed task as the log keeps it; raises ProjectError for an empty instruction."""
    if not instruction.strip():
        raise ProjectError("An instruction cannot be empty.", "Write one, or reject the item.")
    return json.dumps([instruction, input])


def task_of(text: str | None) -> tuple[str, str]:
    """Read what `task_text` wrote as (instruction, input); raises ProjectError for anything else."""
    task = _json(text)
    if not isinstance(task, list) or len(task) != 2 or not all(isinstance(part, str) for part in task):
        raise ProjectError("This is not a valid task.", "Give an instruction and an input.")
    return task[0], task[1]


def task_key(instruction: str, input: str) -> str:
    """Identify the text of a changed task."""
    return digest("task", instruction, input)


def check_reason(reason: str | None) -> None:
    """Raise ProjectError unless this is a reason for rejecting, or none."""
    if reason is not None and reason not in REJECT_REASONS:
        raise ProjectError(f"{reason!r} is not a valid reason.", f"Reasons are {', '.join(REJECT_REASONS)}.")


def _json(text: str | None) -> object:
    try:
        return json.loads(text or "")
    except ValueError:
        return None


@dataclass(slots=True)
class _Fold:
    state: ReviewState = field(default_factory=ReviewState)
    answers: dict[str, str | None] = field(default_factory=dict)

    def take(self, decision: StandingDecision) -> None:
        """Let one more decision count."""
        if decision.action in STATUS_OF:
            self._decide(decision)
        elif decision.action in ("flag", "unflag"):
            self.state = replace(self.state, flagged=decision.action == "flag")
        elif decision.action == "note":
            self.state = replace(self.state, note=decision.text or "")
        elif decision.action == "tags":
            self.state = replace(self.state, tags=tags_of(decision.text))
        elif decision.action == "rate":
            self.state = replace(self.state, rating=rating_of(decision.text))
        elif decision.action == "task":
            self._change(decision.text)

    def _decide(self, decision: StandingDecision) -> None:
        rejected = decision.action == "reject"
        self.state = replace(
            self.state,
            status=STATUS_OF[decision.action],
            candidate_id=decision.candidate_id,
            text=None if rejected else decision.text,
            reason=decision.text or "" if rejected else "",
            event=decision.seq,
        )
        if decision.how == "settle":
            self.answers.clear()
        if decision.action == "later":
            self.answers.pop(decision.reviewer, None)
        else:
            self.answers[decision.reviewer] = decision.answer

    def _change(self, text: str | None) -> None:
        """Take a new task; no text is the task as it was generated."""
        if text is None:
            self.state = replace(self.state, instruction=None, input=None, task="")
        else:
            instruction, input = task_of(text)
            self.state = replace(
                self.state, instruction=instruction, input=input, task=task_key(instruction, input)
            )


def fold(standing: Iterable[StandingDecision]) -> ReviewState:
    """Give the state after these decisions, in order of sequence."""
    folded = _Fold()
    for decision in standing:
        if decision.how != "again":
            folded.take(decision)
    if len(set(folded.answers.values())) > 1:
        return replace(folded.state, conflict=True)
    return folded.state
