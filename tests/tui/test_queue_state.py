"""The queue as one person walks through it: order, filter, place, the items read ahead. Without a screen."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.errors import QuorumError
from app.store import decisions
from app.store import review as stored_review
from app.store.project import Project
from app.store.review_state import ItemDecision
from app.tui import queue_state
from app.tui.memory import QueuePlace
from app.tui.queue_state import ORDERS, VIEWS, LookPace, QueueState
from tests.tui.filled_projects import Task, fill


def test_deciding_goes_on_to_what_is_not_settled_and_then_to_the_end() -> None:
    queue = QueueState()
    queue.begin([1, 2, 3])
    queue.step(1)
    queue.settle(2)
    assert queue.current == 3
    queue.step(-2)
    queue.settle(1)
    assert queue.current == 3
    queue.settle(3)
    assert queue.current is None


def test_what_is_looked_at_never_moves_when_the_queue_changes() -> None:
    queue = QueueState()
    queue.begin([1, 2, 3])
    queue.step(1)
    queue.follow([8, 3, 2, 9])
    assert queue.numbers.tolist() == [1, 2, 8, 3, 9]
    assert queue.current == 2


def test_an_undone_item_is_gone_to_wherever_it_is() -> None:
    queue = QueueState()
    queue.begin([1, 2])
    queue.settle(1)
    queue.visit(26)
    assert queue.numbers.tolist() == [1, 26, 2] and queue.current == 26
    queue.visit(1)
    assert queue.current == 1


@given(st.lists(st.integers(1, 6), unique=True), st.lists(st.integers(1, 8), unique=True),
       st.integers(-3, 9))  # fmt: skip
def test_following_keeps_place_and_loses_nothing_ahead(numbers: list[int], now: list[int], at: int) -> None:
    queue = QueueState()
    queue.begin(numbers)
    queue.step(at)
    behind, current = queue.numbers[: queue.at].tolist(), queue.current
    queue.follow(now)
    assert queue.numbers[: queue.at].tolist() == behind
    assert len(set(queue.numbers.tolist())) == len(queue)
    assert set(now) <= set(queue.numbers.tolist())
    if current is not None:
        assert queue.current == current


def test_all_of_a_queue_is_taken_round_the_item_that_is_looked_at() -> None:
    queue = QueueState()
    queue.begin([7], 7, whole=False)
    queue.complete([5, 6, 7, 8])
    assert (queue.current, queue.at, queue.numbers.tolist()) == (7, 2, [5, 6, 7, 8])
    queue.begin([5, 6], whole=False)
    queue.step(1)
    queue.complete([5, 6, 7, 8])
    assert (queue.current, len(queue), queue.whole) == (6, 4, True)


def test_every_order_and_every_list_can_be_taken_and_a_random_order_is_another_each_time() -> None:
    queue = QueueState()
    seeds = set()
    for order in (*ORDERS, "random", "random"):
        queue.take_order(order)
        assert queue.order == order
        seeds.add(queue.seed)
    for view in VIEWS:
        queue.filter("kind:A")
        queue.take_view(view)
        assert (queue.wanted.view, queue.wanted.text) == (view, "")
    assert len(seeds) == 4


def test_a_filter_looks_everywhere_and_one_that_is_wrong_changes_nothing() -> None:
    queue = QueueState()
    queue.filter("kind:A")
    assert (queue.wanted.view, queue.wanted.text) == ("all", "kind:A")
    with pytest.raises(QuorumError):
        queue.filter("kind:Z")
    assert queue.wanted.text == "kind:A"


def test_what_was_listed_is_listed_again_and_what_is_not_known_is_left_out() -> None:
    queue = QueueState()
    place = QueuePlace("longest", "flagged", "kind:A", 12, 3, True)
    queue.restore(place)
    queue.begin([3, 12], 12)
    assert queue.place(True) == place
    unknown = QueueState()
    unknown.restore(QueuePlace("newest", "nothing", "kind:A", None, 900))
    assert (unknown.order, unknown.wanted.view, unknown.seed) == ("disagreement", "undecided", 0)
    with pytest.raises(QuorumError):
        unknown.restore(QueuePlace("number", "all", "kind:Z", None))
    assert (unknown.order, unknown.wanted.view, unknown.wanted.text) == ("number", "all", "")


@pytest.fixture
def project(tmp_path: Path) -> Project:
    path = tmp_path / "queue.db"
    fill(path, [Task(f"Say {n}.", "", (f"{n}", f"{n}", f"no {n}")) for n in range(1, 10)])
    return Project.open(path)


async def test_two_items_on_and_one_back_are_read_ahead(project: Project) -> None:
    with project:
        queue = QueueState()
        await queue_state.read(queue, project, "ann", keep=4)
        assert queue.missing_ahead() == [5, 6, 3]
        await queue_state.read_ahead(queue, project)
        assert queue.missing_ahead() == []
        queue.step(1)
        assert queue.missing_ahead() == [7, 4]
        item = await queue_state.read_item(queue, project)
        assert item is not None and item.number == 5
        queue.step(99)
        assert await queue_state.read_item(queue, project) is None


async def test_a_long_queue_begins_at_the_item_that_was_left(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queue_state, "HEAD", 3)
    with project:
        queue = QueueState()
        await queue_state.read(queue, project, "ann", keep=8)
        assert (queue.current, queue.whole) == (8, False)
        assert await queue_state.read_rest(queue, project, "ann")
        assert (queue.current, queue.at, len(queue), queue.whole) == (8, 7, 9, True)
        await queue_state.read(queue, project, "ann", keep=99)
        assert queue.current == 1


async def test_an_answer_to_an_earlier_question_is_not_taken(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    with project:
        queue = QueueState()
        await queue_state.read(queue, project, "ann")
        fetch = project.fetch

        async def turned_meanwhile(query: object) -> object:
            numbers = await fetch(query)  # type: ignore[arg-type]
            queue.take_view("all" if queue.wanted.view == "undecided" else "undecided")
            return numbers

        monkeypatch.setattr(project, "fetch", turned_meanwhile)
        before = queue.numbers.tolist()
        assert not await queue_state.read_again(queue, project, "ann")
        assert not await queue_state.read_rest(queue, project, "ann")
        assert queue.numbers.tolist() == before


async def test_what_is_decided_elsewhere_leaves_what_lies_ahead(project: Project) -> None:
    with project:
        queue = QueueState()
        await queue_state.read(queue, project, "ann")
        queue.item = await queue_state.read_item(queue, project)
        over = [ItemDecision(project.read(lambda c: stored_review.id_of(c, 5)))]
        await project.write(lambda c: decisions.decide(c, "bob", "accept", over))
        assert await queue_state.read_again(queue, project, "ann")
        assert queue.current == 1 and 5 not in queue.numbers


def test_the_queue_is_looked_at_again_the_later_the_longer_a_look_takes(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    now = 100.0
    monkeypatch.setattr(queue_state, "monotonic", lambda: now)
    pace = LookPace()
    assert pace.wait(1) == 0.01, "the first one at once"
    assert pace.wait(1) is None, "nothing was voted on since"
    with pace.look():
        now += 0.5
    assert pace.wait(2) == queue_state.LOOK_SHARE * 0.5
    now += 9.5
    assert pace.wait(3) == 0.5
