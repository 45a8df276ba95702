"""What people say about items, as simple as it can be thought: two stacks a person, and a replay.

Knows nothing of SQL or of `app.store.review_state`; the store and the screens are held to it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field

from app.store.judgements import Verdict
from app.store.review_state import ReviewState

STATUS = {"accept": "accepted", "choose": "chosen", "edit": "edited", "reject": "rejected", "later": "later"}


@dataclass(frozen=True)
class Said:
    """One event: by whom, what, how, and over which items: (candidate, text, the answer it takes)."""

    who: str
    action: str
    how: str
    items: Mapping[str, tuple[str | None, str | None, str | None]]


@dataclass
class Desk:
    """Every event by its number; what stands and what can be redone, by person."""

    log: dict[int, Said] = field(default_factory=dict)
    done: dict[str, list[int]] = field(default_factory=dict)
    undone: dict[str, list[int]] = field(default_factory=dict)

    def say(self, event: int, said: Said) -> None:
        """Take a new event; it ends what its person can redo."""
        self.log[event] = said
        self.done.setdefault(said.who, []).append(event)
        self.undone[said.who] = []

    def undo(self, who: str) -> int | None:
        """Take back a person's last event that stands."""
        return _move(self.done.setdefault(who, []), self.undone.setdefault(who, []))

    def redo(self, who: str) -> int | None:
        """Bring back what a person undid last."""
        return _move(self.undone.setdefault(who, []), self.done.setdefault(who, []))

    def state(self, item: str) -> ReviewState:
        """Replay what stands about an item; who identifies a changed task is left open."""
        found: dict[str, object] = {}
        answers: dict[str, str | None] = {}
        for event in sorted(event for events in self.done.values() for event in events):
            said = self.log[event]
            if item not in said.items or said.how == "again":
                continue
            candidate, text, answer = said.items[item]
            if said.action in STATUS:
                reason = text if said.action == "reject" else None
                found |= {"status": STATUS[said.action], "candidate_id": candidate, "event": event}
                found |= {"text": text if said.action == "edit" else None, "reason": reason or ""}
                if said.how == "settle":
                    answers = {}
                answers[said.who] = answer
                if said.action == "later":
                    del answers[said.who]
            elif said.action in ("flag", "unflag"):
                found["flagged"] = said.action == "flag"
            elif said.action == "note":
                found["note"] = text
            elif said.action == "tags":
                found["tags"] = tuple(json.loads(text or "[]"))
            elif said.action == "task":
                changed = (None, None) if text is None else tuple(json.loads(text))
                found["instruction"], found["input"] = changed
        return ReviewState(**found, conflict=len(set(answers.values())) > 1)  # type: ignore[arg-type]


@dataclass
class Judging:
    """Every judgement of a drawing by its number: who, about which item, and what; with undo as at a desk."""

    said: dict[int, tuple[str, str, Verdict]] = field(default_factory=dict)
    stacks: Desk = field(default_factory=Desk)

    def judge(self, event: int, who: str, item: str, verdict: Verdict) -> None:
        """Take a new judgement."""
        self.said[event] = (who, item, verdict)
        self.stacks.say(event, Said(who, "judge", "", {}))

    def standing(self) -> dict[tuple[str, str], Verdict]:
        """Return what counts by item and person: the newest of theirs that was not taken back."""
        events = sorted(event for events in self.stacks.done.values() for event in events)
        return {(item, who): verdict for who, item, verdict in map(self.said.__getitem__, events)}


def _move(source: list[int], target: list[int]) -> int | None:
    if not source:
        return None
    target.append(source.pop())
    return target[-1]
