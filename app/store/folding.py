"""The state that follows from an instance's standing decisions. Pure.

The last decision about the answer sets status, candidate and text; each other thing that can be said
(flag, note, tags, rating, task) is what was said last. Two reviewers whose last decisions mean other
answers are in conflict, until one of them settles it: from then on only what comes after counts.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from app.store.facets import rating_of, tags_of, task_key, task_of
from app.store.said import ReviewState, ReviewStatus

STATUS_OF: dict[str, ReviewStatus] = {
    "accept": "accepted",
    "choose": "chosen",
    "edit": "edited",
    "reject": "rejected",
    "later": "later",
}


@dataclass(frozen=True, slots=True)
class Said:
    """One standing decision over one instance; `answer` is the text it takes, None for none."""

    seq: int
    reviewer: str
    action: str
    how: str
    candidate_id: str | None
    text: str | None
    answer: str | None


@dataclass(slots=True)
class _Fold:
    state: ReviewState = field(default_factory=ReviewState)
    answers: dict[str, str | None] = field(default_factory=dict)

    def take(self, said: Said) -> None:
        """Let one more decision count."""
        if said.action in STATUS_OF:
            self._decide(said)
        elif said.action in ("flag", "unflag"):
            self.state = replace(self.state, flagged=said.action == "flag")
        elif said.action == "note":
            self.state = replace(self.state, note=said.text or "")
        elif said.action == "tags":
            self.state = replace(self.state, tags=tags_of(said.text))
        elif said.action == "rate":
            self.state = replace(self.state, rating=rating_of(said.text))
        elif said.action == "task":
            self._change(said.text)

    def _decide(self, said: Said) -> None:
        rejected = said.action == "reject"
        self.state = replace(
            self.state,
            status=STATUS_OF[said.action],
            candidate_id=said.candidate_id,
            text=None if rejected else said.text,
            reason=said.text or "" if rejected else "",
            event=said.seq,
        )
        if said.how == "settle":
            self.answers.clear()
        if said.action == "later":
            self.answers.pop(said.reviewer, None)
        else:
            self.answers[said.reviewer] = said.answer

    def _change(self, text: str | None) -> None:
        """Take a new task; no text is the task as it was generated."""
        if text is None:
            self.state = replace(self.state, instruction=None, input=None, task="")
        else:
            instruction, input = task_of(text)
            self.state = replace(
                self.state, instruction=instruction, input=input, task=task_key(instruction, input)
            )


def fold(standing: Iterable[Said]) -> ReviewState:
    """Give the state after these decisions, in order of sequence."""
    found = _Fold()
    for said in standing:
        if said.how != "again":
            found.take(said)
    return replace(found.state, conflict=len(set(found.answers.values())) > 1)
