from __future__ import annotations

import sqlite3
from dataclasses import dataclass, field

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from app.errors import ProjectError
from app.store import decisions, votes
from app.store.connection import Connection
from app.store.project import Project
from app.store.review_state import STATUS_OF, Action, ItemDecision, ReviewState
from tests.hostile import HOSTILE
from tests.store.material import Item, add_item, ballot, start_run


@pytest.fixture
def items(project: Project) -> list[Item]:
    """Four voted instances; the vote of the last has no winner."""
    run = project.write_now(start_run)
    outcomes: list[dict[str, object]] = [{}, {"winner": 1}, {"winner": 2}, {"winner": None, "keep": False}]
    return [
        project.write_now(lambda c, n=n, vote=vote: add_item(c, run, f"Task {n}.", **vote))
        for n, vote in enumerate(outcomes)
    ]


def decide(
    project: Project, action: Action, item: Item, candidate: int | None = None, text: str | None = None
) -> int:
    chosen = None if candidate is None else item.candidates[candidate]
    one = ItemDecision(item.id, chosen, text)
    return project.write_now(lambda c: decisions.decide(c, "ann", action, [one]))


def state(project: Project, item: Item) -> ReviewState:
    return project.read(lambda c: decisions.state_of(c, item.id))


def test_each_action_leads_to_its_state(project: Project, items: list[Item]) -> None:
    item = items[1]
    assert state(project, item) == ReviewState()
    event = decide(project, "accept", item)
    assert state(project, item) == ReviewState("accepted", item.candidates[1], None, False, event)
    event = decide(project, "choose", item, 2)
    assert state(project, item) == ReviewState("chosen", item.candidates[2], None, False, event)
    event = decide(project, "edit", item, 2, "better")
    assert state(project, item) == ReviewState("edited", item.candidates[2], "better", False, event)
    event = decide(project, "reject", item)
    assert state(project, item) == ReviewState("rejected", None, None, False, event)
    event = decide(project, "later", item)
    assert state(project, item) == ReviewState("later", None, None, False, event)


def test_a_flag_stands_beside_the_decision(project: Project, items: list[Item]) -> None:
    decide(project, "flag", items[0])
    assert state(project, items[0]) == ReviewState(flagged=True)
    event = decide(project, "accept", items[0])
    assert state(project, items[0]) == ReviewState("accepted", items[0].candidates[0], None, True, event)
    decide(project, "unflag", items[0])
    assert state(project, items[0]).status == "accepted"
    assert not state(project, items[0]).flagged


def test_what_was_accepted_stays_when_the_vote_changes(project: Project, items: list[Item]) -> None:
    decide(project, "accept", items[0])
    other = ballot(items[0].candidates, winner=2)
    project.write_now(lambda c: votes.save_vote(c, items[0].id, other))
    assert state(project, items[0]).candidate_id == items[0].candidates[0]


def test_a_decision_that_makes_no_sense_is_refused_and_stores_nothing(
    project: Project, items: list[Item]
) -> None:
    foreign = items[1].candidates[0]
    wrong: list[tuple[str, list[ItemDecision]]] = [
        ("accept", [ItemDecision(items[0].id), ItemDecision(items[3].id)]),
        ("choose", [ItemDecision(items[0].id)]),
        ("choose", [ItemDecision(items[0].id, foreign)]),
        ("edit", [ItemDecision(items[0].id, text=" \n")]),
        ("edit", [ItemDecision(items[0].id)]),
        ("undo", [ItemDecision(items[0].id)]),
        ("reject", []),
    ]
    for action, over in wrong:
        with pytest.raises(ProjectError):
            project.write_now(lambda c, a=action, o=over: decisions.decide(c, "ann", a, o))
    with pytest.raises(sqlite3.IntegrityError):
        project.write_now(lambda c: decisions.decide(c, "ann", "reject", [ItemDecision("no such")]))
    assert project.read(lambda c: c.execute("SELECT COUNT(*) FROM events").fetchone()[0]) == 0


def test_a_bulk_decision_is_one_event_and_one_undo(project: Project, items: list[Item]) -> None:
    over = [ItemDecision(item.id) for item in [*items[:3], items[0]]]
    event = project.write_now(lambda c: decisions.decide(c, "ann", "accept", over, "all of these"))
    assert [state(project, item).event for item in items] == [event, event, event, None]
    undone = project.write_now(lambda c: decisions.undo(c, "ann"))
    assert undone is not None
    assert (undone.event, undone.action, len(undone.instances)) == (event, "accept", 3)
    assert [state(project, item) for item in items] == [ReviewState()] * 4


def test_undo_reaches_ones_own_decisions_only(project: Project, items: list[Item]) -> None:
    over = [ItemDecision(items[0].id)]
    project.write_now(lambda c: decisions.decide(c, "ann", "accept", over))
    bob = project.write_now(lambda c: decisions.decide(c, "bob", "reject", over))
    assert project.write_now(lambda c: decisions.undo(c, "eve")) is None
    assert project.write_now(lambda c: decisions.undo(c, "ann")) is not None
    assert state(project, items[0]) == ReviewState("rejected", None, None, False, bob)
    assert project.write_now(lambda c: decisions.redo(c, "bob")) is None
    assert project.write_now(lambda c: decisions.undo(c, "bob")) is not None
    assert state(project, items[0]) == ReviewState()
    assert project.write_now(lambda c: decisions.redo(c, "ann")) is not None
    assert state(project, items[0]).status == "accepted"


def test_undo_has_no_limit_and_survives_a_restart(project: Project, items: list[Item]) -> None:
    for number in range(60):
        decide(project, "edit", items[number % 4], text=f"text {number}")
    for _ in range(30):
        project.write_now(lambda c: decisions.undo(c, "ann"))
    path = project.path
    project.close()
    with Project.open(path) as again:
        assert again.read(lambda c: decisions.state_of(c, items[1].id)).text == "text 29"
        for number in reversed(range(30)):
            undone = again.write_now(lambda c: decisions.undo(c, "ann"))
            assert undone is not None
            assert undone.instances == (items[number % 4].id,)
        assert again.write_now(lambda c: decisions.undo(c, "ann")) is None
        for _ in range(60):
            assert again.write_now(lambda c: decisions.redo(c, "ann")) is not None
        assert again.write_now(lambda c: decisions.redo(c, "ann")) is None
        assert again.read(lambda c: decisions.state_of(c, items[3].id)).text == "text 59"


def test_a_new_decision_ends_what_can_be_redone(project: Project, items: list[Item]) -> None:
    decide(project, "accept", items[0])
    decide(project, "reject", items[1])
    project.write_now(lambda c: decisions.undo(c, "ann"))
    decide(project, "later", items[2])
    assert project.write_now(lambda c: decisions.redo(c, "ann")) is None


def test_the_log_cannot_be_changed_or_cut(project: Project, items: list[Item]) -> None:
    decide(project, "accept", items[0])
    for statement in (
        "DELETE FROM events",
        "UPDATE events SET reviewer = 'x'",
        "DELETE FROM event_items",
        "UPDATE event_items SET text = 'x'",
    ):
        with pytest.raises(sqlite3.IntegrityError, match="append-only"):
            project.write_now(lambda c, s=statement: c.execute(s))


def test_hostile_reviewers_notes_and_edits_are_stored(project: Project, items: list[Item]) -> None:
    for text in HOSTILE.values():
        if text.strip():
            one = ItemDecision(items[0].id, None, text)
            project.write_now(lambda c, t=text, o=one: decisions.decide(c, t, "edit", [o], t))
            assert project.write_now(lambda c, t=text: decisions.undo(c, t)) is not None


# ---- random histories against a model of stacks ---------------------------------------------------


@dataclass
class Person:
    done: list[int] = field(default_factory=list)
    undone: list[int] = field(default_factory=list)


@dataclass
class Model:
    """Undo and redo as two stacks per person; the state by replaying what stands."""

    people: dict[str, Person] = field(default_factory=dict)
    log: dict[int, tuple[str, list[ItemDecision]]] = field(default_factory=dict)

    def person(self, name: str) -> Person:
        return self.people.setdefault(name, Person())

    def decided(self, name: str, event: int, action: str, over: list[ItemDecision]) -> None:
        self.log[event] = (action, over)
        self.person(name).done.append(event)
        self.person(name).undone.clear()

    def move(self, name: str, source: str, target: str) -> int | None:
        stack: list[int] = getattr(self.person(name), source)
        if not stack:
            return None
        getattr(self.person(name), target).append(stack.pop())
        return int(getattr(self.person(name), target)[-1])

    def states(self) -> dict[str, tuple[str, str | None, bool]]:
        standing = sorted(event for person in self.people.values() for event in person.done)
        found: dict[str, tuple[str, str | None, bool]] = {}
        for event in standing:
            action, over = self.log[event]
            for one in over:
                status, text, flagged = found.get(one.instance_id, ("undecided", None, False))
                if action in ("flag", "unflag"):
                    flagged = action == "flag"
                else:
                    status, text = STATUS_OF[action], one.text
                found[one.instance_id] = (status, text, flagged)
        return {key: value for key, value in found.items() if value != ("undecided", None, False)}


class _TakeBackError(Exception):
    """Ends a history so that the next one starts from nothing."""


STEP = st.tuples(
    st.sampled_from(("ann", "bob")),
    st.sampled_from(("accept", "edit", "reject", "later", "flag", "unflag", "undo", "undo", "redo")),
    st.sets(st.integers(0, 2), min_size=1),
)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@example(
    history=[("ann", "accept", {0}), ("ann", "undo", {0}), ("ann", "redo", {0}), ("ann", "undo", {0})] * 3
)
@given(history=st.lists(STEP, max_size=40))
def test_the_cached_state_is_the_fold_of_any_history(
    project: Project, items: list[Item], history: list[tuple[str, str, set[int]]]
) -> None:
    def change(c: Connection) -> None:
        model = Model()
        for number, (name, action, places) in enumerate(history):
            over = [
                ItemDecision(items[place].id, None, f"text {number}" if action == "edit" else None)
                for place in sorted(places)
            ]
            if action in ("undo", "redo"):
                ends = ("done", "undone") if action == "undo" else ("undone", "done")
                found = (decisions.undo if action == "undo" else decisions.redo)(c, name)
                assert (found.event if found else None) == model.move(name, *ends)
            else:
                event = decisions.decide(c, name, action, over)  # type: ignore[arg-type]
                model.decided(name, event, action, over)
            assert cached(c) == model.states()
        before = c.execute("SELECT * FROM review_state ORDER BY instance_id").fetchall()
        decisions.refold(c)
        assert c.execute("SELECT * FROM review_state ORDER BY instance_id").fetchall() == before
        raise _TakeBackError

    with pytest.raises(_TakeBackError):
        project.write_now(change)


def cached(c: Connection) -> dict[str, tuple[str, str | None, bool]]:
    rows = c.execute("SELECT instance_id, status, text, flagged FROM review_state")
    return {row[0]: (row[1], row[2], bool(row[3])) for row in rows}
