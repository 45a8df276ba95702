"""The queue: every filter and order, search, and what stands beside a decision."""

from __future__ import annotations

import sqlite3

import pytest

from app.errors import ProjectError
from app.method.equality import Difference
from app.store import bulk, decisions, desk, exportable, generated, review, review_state, votes
from app.store.connection import Connection
from app.store.filters import parse
from app.store.project import Project
from app.store.review_state import Action, How, ItemDecision, Rating
from app.store.rows import NewCandidate, NewInstance
from tests.store.material import FIRST, SECOND, Item, add_instruction, add_item, ballot, start_run


@pytest.fixture
def items(project: Project) -> list[Item]:
    """Five items: kept with input, kept without, dropped, decided by exact match, kept."""

    def make(c: Connection) -> list[Item]:
        run = start_run(c)
        return [
            add_item(c, run, "Name the zebra.", disagreement=0.2, lowest=0.02, winner=0),
            add_item(
                c, run, "Sing a song.", "", ("la", "la", "la la la"), kind="B", disagreement=0.9, winner=1
            ),
            add_item(c, run, "Count.", keep=False, winner=None, reason="no_agreement", disagreement=0.8),
            add_item(c, run, "Café au lait?", outputs=("yes",) * 3, decided_by="exact", disagreement=0.0),
            add_item(c, run, "Long. " * 50, lowest=0.3, disagreement=0.5, winner=2),
        ]

    return project.write_now(make)


def decide(
    project: Project,
    action: Action,
    item: Item,
    candidate: int | None = None,
    text: str | None = None,
    *,
    who: str = "ann",
    how: How = "",
) -> int:
    one = ItemDecision(item.id, None if candidate is None else item.candidates[candidate], text)
    return project.write_now(lambda c: decisions.decide(c, who, action, [one], how=how))


def found(project: Project, typed: str, order: str = "number", **more: object) -> list[int]:
    wanted = parse(typed, "all")
    return list(project.read(lambda c: review.numbers(c, order, wanted, **more)))  # type: ignore[arg-type]


def test_what_a_person_wrote_is_found_too(project: Project, items: list[Item]) -> None:
    decide(project, "edit", items[0], text="A giraffe!")
    decide(project, "note", items[1], text="ask the gorilla")
    assert (found(project, "giraffe"), found(project, "gorilla"), found(project, "!")) == ([1], [2], [1])


def test_every_order_is_a_true_sort(project: Project, items: list[Item]) -> None:
    assert found(project, "", "disagreement") == [2, 3, 5, 1, 4]
    assert found(project, "", "threshold")[0] == 1 and found(project, "", "threshold")[-1] == 4
    assert found(project, "", "equal") == [1, 3, 5, 2, 4]
    assert found(project, "", "longest")[0] == 5
    drawn = [found(project, "", "random", seed=seed) for seed in range(6)]
    assert all(sorted(one) == [1, 2, 3, 4, 5] for one in drawn)
    assert len({tuple(one) for one in drawn}) > 1
    assert drawn[2] == found(project, "", "random", seed=2)
    assert found(project, "", "disagreement", limit=2) == [2, 3]


def test_the_plan_of_the_first_list_needs_no_sort(project: Project, items: list[Item]) -> None:
    """A million rows are shown at once only because they stand in an index in this order."""
    condition, values = review.UNDECIDED.on_desk(sorts=True)
    sql = f"""EXPLAIN QUERY PLAN SELECT d.number FROM desk d WHERE {condition}
              ORDER BY d.turn, d.disagreement DESC, d.number LIMIT 100"""
    plan = " ".join(row[3] for row in project.read(lambda c: c.execute(sql, values).fetchall()))
    assert "desk_undecided" in plan and "TEMP B-TREE" not in plan


def test_filters_orders_bulk_and_thresholds_ask_the_desk_and_no_vote(
    project: Project, items: list[Item]
) -> None:
    """A vote is ten times as wide as its row on the desk: a million of them take seconds to go through."""
    read: set[str] = set()

    def note(action: int, table: str | None, column: str | None, *_: str | None) -> int:
        if action == sqlite3.SQLITE_READ and table == "votes" and column:
            read.add(column)
        return sqlite3.SQLITE_OK

    def ask(c: Connection) -> None:
        c.set_authorizer(note)
        for typed in ("score>=0.5", "probability>=0.5 -probability>=0.9"):
            review.numbers(c, "doubtful", parse(typed, "all"))
        votes.scores(c)
        for rule in ("all", "exact", "mean"):
            bulk.matching(c, "accept", review.UNDECIDED, bulk.BulkRule(rule), "ann")
        c.set_authorizer(None)

    project.read(ask)
    # What most votes go by is counted in an index; winners are looked up for the items that are shown.
    assert read <= {"rule", "rule_version", "threshold", "current", "instance_id", "winner"}


def test_instances_dropped_before_the_vote_can_be_found_and_rescued(project: Project) -> None:
    def make(c: Connection) -> str:
        run = start_run(c)
        task = add_instruction(c, run, "Translate.")
        lost = NewInstance(run.id, task, "chat", "dropped", "output_equals_input")
        [made] = generated.save_instances(c, [lost])
        generated.save_candidate(c, NewCandidate(made.id, FIRST, "answerer", 1, "cat", "stop"))
        return made.id

    key = project.write_now(make)
    assert found(project, "view:aside reason:output_equals_input") == [1]
    assert found(project, "") == []
    one = ItemDecision(key, None, "a cat")
    project.write_now(lambda c: decisions.decide(c, "ann", "edit", [one]))
    rows = project.read(lambda c: list(exportable.rows(c, exportable.Selection("accepted"))))
    assert [(row.input, row.output) for row in rows] == [("chat", "a cat")]


def test_notes_tags_ratings_and_reasons_stand_beside_the_decision(
    project: Project, items: list[Item]
) -> None:
    item = items[0]
    decide(project, "reject", item, text="unclear")
    decide(project, "note", item, text="really?")
    decide(project, "tags", item, text='["b", "a", "a", " b "]')
    decide(project, "rate", item, text=review_state.rating_text(Rating("C", True, None, False)))
    state = project.read(lambda c: decisions.state_of(c, item.id))
    assert (state.status, state.reason, state.note, state.tags) == (
        "rejected",
        "unclear",
        "really?",
        ("a", "b"),
    )
    assert state.rating == Rating("C", True, None, False)
    for _ in range(3):
        project.write_now(lambda c: decisions.undo(c, "ann"))
    state = project.read(lambda c: decisions.state_of(c, item.id))
    assert (state.status, state.reason, state.note, state.tags) == ("rejected", "unclear", "", ())
    for action, text in (
        ("reject", "because"),
        ("tags", "no json"),
        ("tags", '["a,b"]'),
        ("tags", "[1]"),
        ("rate", "[]"),
        ("rate", '["E", null, null, null]'),
        ("task", '[" ", ""]'),
        ("task", '["a"]'),
    ):
        with pytest.raises(ProjectError):
            decide(project, action, item, text=text)  # type: ignore[arg-type]


def test_after_a_task_is_changed_its_vote_is_about_the_earlier_text(
    project: Project, items: list[Item]
) -> None:
    item = items[0]
    stale = "SELECT stale FROM desk WHERE instance_id = ?"
    assert project.read(lambda c: c.execute(stale, (item.id,)).fetchone()[0]) == 0
    decide(project, "task", item, text=review_state.task_text("Name the horse.", "a stable"))
    shown = project.read(lambda c: review.item(c, item.id))
    assert (shown.instruction, shown.input) == ("Name the horse.", "a stable")
    assert shown.stale and all(shown.is_earlier(one) for one in shown.candidates)
    assert project.read(lambda c: c.execute(stale, (item.id,)).fetchone()[0]) == 1
    row = next(
        project.read(
            lambda c: [r for r in exportable.rows(c, exportable.Selection("all")) if r.number == 1]
        ).__iter__()
    )
    assert (row.instruction, row.input) == ("Name the horse.", "a stable")

    def answer(c: Connection) -> None:
        ids = [
            generated.save_candidate(
                c,
                NewCandidate(
                    item.id, model, "answerer", place, text, "end", attempt=9, task=shown.state.task
                ),
            )
            for place, model, text in ((3, FIRST, "mare"), (4, SECOND, "mare"))
        ]
        votes.save_vote(c, item.id, ballot(ids, decided_by="exact"))

    project.write_now(answer)
    shown = project.read(lambda c: review.item(c, item.id))
    assert not shown.stale
    assert [shown.is_earlier(one) for one in shown.candidates] == [True, True, True, False, False]
    project.write_now(lambda c: decisions.undo(c, "ann"))
    shown = project.read(lambda c: review.item(c, item.id))
    assert shown.instruction == "Name the zebra." and shown.stale


def conflicts(project: Project) -> list[int]:
    return found(project, "view:conflicts")


def test_reviewers_who_differ_make_a_conflict_until_one_settles_it(
    project: Project, items: list[Item]
) -> None:
    decide(project, "accept", items[0])
    decide(project, "choose", items[0], 0, who="bob")
    assert conflicts(project) == []
    decide(project, "reject", items[0], who="bob")
    assert conflicts(project) == [1]
    assert [
        row.number for row in project.read(lambda c: list(exportable.rows(c, exportable.Selection("all"))))
    ] == [2, 3, 4, 5]
    project.write_now(lambda c: decisions.undo(c, "bob"))
    assert conflicts(project) == []
    decide(project, "edit", items[0], text="another", who="bob")
    assert conflicts(project) == [1]
    assert project.read(lambda c: review.progress(c, "ann")).conflicts == 1
    decide(project, "choose", items[0], 1, who="eve", how="settle")
    assert conflicts(project) == []
    decide(project, "choose", items[0], 2)
    assert conflicts(project) == [1]
    project.write_now(lambda c: decisions.undo(c, "ann"))
    assert conflicts(project) == []
    project.write_now(lambda c: decisions.undo(c, "eve"))
    assert conflicts(project) == [1]


def test_equal_texts_by_different_ways_are_no_conflict(project: Project, items: list[Item]) -> None:
    decide(project, "choose", items[3], 0)
    decide(project, "edit", items[3], text="yes", who="bob")
    decide(project, "choose", items[3], 2, who="eve")
    decide(project, "later", items[3], who="max")
    assert conflicts(project) == []


def test_what_is_decided_again_unmarked_changes_nothing(project: Project, items: list[Item]) -> None:
    decide(project, "accept", items[0])
    before = project.read(lambda c: decisions.state_of(c, items[0].id))
    decide(project, "reject", items[0], how="again")
    assert project.read(lambda c: decisions.state_of(c, items[0].id)) == before


def test_the_unseen_are_those_a_reviewer_has_not_decided(project: Project, items: list[Item]) -> None:
    decide(project, "accept", items[0], who="bob")
    decide(project, "later", items[1])
    decide(project, "reject", items[3])
    assert sorted(found(project, "view:unseen", reviewer="ann")) == [1, 2, 3, 5]


def check_desk(project: Project) -> None:
    """Hold the desk, kept in step row by row, against one that is written anew."""
    everything = "SELECT * FROM desk ORDER BY number"
    kept = [tuple(row) for row in project.read(lambda c: c.execute(everything).fetchall())]
    project.write_now(desk.refill)
    assert [tuple(row) for row in project.read(lambda c: c.execute(everything).fetchall())] == kept
    assert len(kept) == 5


def test_the_desk_is_what_its_sources_say(project: Project, items: list[Item]) -> None:
    decide(project, "reject", items[1])
    decide(project, "choose", items[2], 1)
    decide(project, "task", items[4], text=review_state.task_text("Short.", ""))
    check_desk(project)
    project.write_now(lambda c: decisions.undo(c, "ann"))
    check_desk(project)


def test_the_desk_takes_over_what_votes_say_where_nobody_said_anything(
    project: Project, items: list[Item]
) -> None:
    decide(project, "choose", items[1], 1)
    decide(project, "task", items[2], text=review_state.task_text("Short.", ""))
    decide(project, "flag", items[3])

    def vote_again(c: Connection) -> None:
        ballots = votes.ballots_of(c, [item.id for item in items])
        new = []
        for at, held in enumerate(ballots):
            if not held.candidates:
                continue  # they answer the task as it was
            assert held.vote
            other = held.vote._replace(
                keep=not held.vote.keep,
                winner=at % 3 if at else None,
                disagreement=0.2,
                reason="again",
                difference=Difference(at % 3),
            )
            new.append(votes.next_vote(held, other))
        votes.save_votes(c, new)

    project.write_now(vote_again)
    check_desk(project)
    wanted = "SELECT COUNT(*) FROM desk WHERE reason = 'again'"
    assert project.read(lambda c: c.execute(wanted).fetchone()[0]) == 4


def test_the_desk_follows_new_votes_over_the_same_answers_and_over_others(
    project: Project, items: list[Item]
) -> None:
    same, other = items[0], items[1]
    decide(project, "choose", same, 1)
    decide(project, "accept", other)

    def vote(c: Connection) -> list[str]:
        late = NewCandidate(other.id, FIRST, "answerer", 3, "la la, " * 30, "end", attempt=9)
        joined = (*other.candidates, generated.save_candidate(c, late))
        dropped = ballot(same.candidates, rule="paper", keep=False, winner=None, reason="no_agreement")
        new = [(same.id, dropped), (other.id, ballot(joined, winner=3, disagreement=0.1))]
        return votes.save_votes(c, [votes.new_vote(*one) for one in new])

    first = project.write_now(vote)
    assert found(project, "view:differing") == [1, 2]
    assert found(project, "", order="longest") == [5, 4, 3, 2, 1], "the decided last"
    check_desk(project)
    again = project.write_now(lambda c: [votes.save_vote(c, same.id, ballot(same.candidates))])
    check_desk(project)
    assert len({*first, *again}) == 3, "every vote has an id of its own"
