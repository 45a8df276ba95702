"""Decisions over many items: what they are about, and that one undo takes them back."""

from __future__ import annotations

import pytest

from app.errors import ProjectError
from app.method.equality import Difference
from app.run.similar import similar_to
from app.store import bulk, decisions, desk, generated, votes
from app.store.bulk import BulkAction, BulkRule
from app.store.connection import Connection
from app.store.filters import parse
from app.store.project import Project
from app.store.review_state import ItemDecision
from app.store.rows import NewCandidate
from tests.store.material import FIRST, Item, add_item, start_run


@pytest.fixture
def items(project: Project) -> list[Item]:
    def make(c: Connection) -> list[Item]:
        run = start_run(c)
        return [
            add_item(c, run, "Same.", outputs=("yes",) * 3, decided_by="exact", mean=1.0),
            add_item(c, run, "Two of three.", outputs=("yes", "yes", "no"), decided_by="exact", mean=0.5),
            add_item(c, run, "Close.", mean=0.8, lowest=0.5, short=True),
            add_item(c, run, "Far.", mean=0.2, lowest=0.02),
            add_item(c, run, "Lost.", keep=False, winner=None, mean=0.9, lowest=0.0),
            add_item(c, run, "Same again.", outputs=("no",) * 3, decided_by="exact", mean=1.0),
            add_item(c, run, "It says the same.", outputs=("会。", "「会」", "会"), mean=0.7, lowest=0.5),
            add_item(
                *(c, run, "What is 2 - 7?"),
                **{"outputs": ("-5", "5", "5"), "decided_by": "exact", "mean": 1.0},
                difference=Difference.SYMBOLS,
            ),
        ]

    found = project.write_now(make)
    over = [ItemDecision(found[5].id)]
    project.write_now(lambda c: decisions.decide(c, "bob", "later", over))
    return found


def statuses(project: Project) -> list[str]:
    sql = "SELECT d.status FROM desk d ORDER BY d.number"
    return [row[0] for row in project.read(lambda c: c.execute(sql).fetchall())]


@pytest.mark.parametrize(
    ("action", "rule", "expected"),
    [
        ("accept", BulkRule("unanimous"), [1, 6, 7]),
        ("accept", BulkRule("exact"), [1, 2, 6]),
        ("accept", BulkRule("mean", 0.8), [1, 3, 6]),
        ("reject", BulkRule("mean", 0.8), [1, 3, 5, 6]),
        ("reject", BulkRule("short"), [3]),
        ("accept", BulkRule("all"), [1, 2, 3, 4, 6, 7, 8]),
        ("reject", BulkRule("all"), [1, 2, 3, 4, 5, 6, 7, 8]),
    ],
)
def test_a_rule_says_what_is_decided_and_one_undo_takes_it_back(
    project: Project, items: list[Item], action: BulkAction, rule: BulkRule, expected: list[int]
) -> None:
    wanted = parse("", "all")
    found = project.read(lambda c: bulk.matching(c, action, wanted, rule, "ann"))
    assert found.count == len(expected)
    assert sorted(number for number, _, _ in found.samples) == expected
    before = statuses(project)
    assert project.write_now(lambda c: bulk.decide(c, action, wanted, rule, "ann")) == len(expected)
    done = "accepted" if action == "accept" else "rejected"
    assert [n for n, status in enumerate(statuses(project), start=1) if status == done] == expected
    assert project.read(lambda c: bulk.matching(c, action, wanted, rule, "ann")).count == 0
    with pytest.raises(ProjectError):
        project.write_now(lambda c: bulk.decide(c, action, wanted, rule, "ann"))
    project.write_now(lambda c: decisions.undo(c, "ann"))
    assert statuses(project) == before


def test_answers_that_the_vote_is_not_about_make_nothing_unanimous(
    project: Project, items: list[Item]
) -> None:
    def answer(c: Connection) -> None:
        for place in (3, 4, 5):
            late = NewCandidate(items[3].id, FIRST, "answerer", place, "one", "end", attempt=place)
            generated.save_candidate(c, late)
        desk.refill(c)

    project.write_now(answer)
    rule, wanted = BulkRule("unanimous"), parse("", "all")
    found = project.read(lambda c: bulk.matching(c, "accept", wanted, rule, "ann"))
    assert sorted(number for number, _, _ in found.samples) == [1, 6, 7]


def test_bulk_keeps_to_the_filter_and_shows_ten(project: Project) -> None:
    def make(c: Connection) -> None:
        run = start_run(c)
        for number in range(30):
            add_item(c, run, f"{'odd' if number % 2 else 'even'} {number}.", outputs=("a",) * 3)

    project.write_now(make)
    wanted = parse("odd", "undecided")
    found = project.read(lambda c: bulk.matching(c, "accept", wanted, BulkRule(), "ann"))
    assert (found.count, len(found.samples)) == (15, 10)
    project.write_now(lambda c: bulk.decide(c, "accept", wanted, BulkRule(), "ann"))
    assert [status == "accepted" for status in statuses(project)] == [False, True] * 15


def test_likes_of_an_item_are_found_and_decided_as_it_is(project: Project) -> None:
    def make(c: Connection) -> list[Item]:
        run = start_run(c)
        return [
            add_item(c, run, "Translate the sentence into French please.", "good day"),
            add_item(c, run, "Translate the sentence into French, please!", "good day"),
            add_item(c, run, "Translate the sentence into French; please.", "good night"),
            add_item(c, run, "Sort the following list of sentences.", "good day"),
            add_item(c, run, "翻译", "文"),
            add_item(c, run, "Translate the 3 sentences into French, please!", "good day"),
        ]

    items = project.write_now(make)
    found = project.read(lambda c: similar_to(c, items[0].id))
    assert [(one.number, one.differs) for one in found] == [(2, False), (3, False), (6, True)]
    assert found[0].score == 1.0
    assert project.read(lambda c: similar_to(c, items[4].id)) == []
    with pytest.raises(ProjectError):
        project.write_now(lambda c: bulk.repeat(c, "ann", items[0].id, [items[1].id]))
    one = ItemDecision(items[0].id, None, "duplicate")
    project.write_now(lambda c: decisions.decide(c, "ann", "reject", [one]))
    keys = [items[1].id, items[2].id]
    assert project.write_now(lambda c: bulk.repeat(c, "ann", items[0].id, keys)) == 2
    states = [project.read(lambda c, k=key: decisions.state_of(c, k)) for key in keys]
    assert [(state.status, state.reason) for state in states] == [("rejected", "duplicate")] * 2
    project.write_now(lambda c: decisions.undo(c, "ann"))
    assert statuses(project) == ["rejected", *["undecided"] * 5]


def test_the_scores_of_votes_that_a_threshold_decides(project: Project, items: list[Item]) -> None:
    found = project.read(votes.scores)
    assert list(found.numbers) == [3, 4, 7]
    assert list(found.scores) == [0.5, 0.02, 0.5]
    assert list(found.kept) == list(found.strict) == list(found.undecided) == [1, 1, 1]
    assert (found.settled, found.threshold) == (4, 0.01)
