from __future__ import annotations

import json
import random
from datetime import datetime, timedelta

import pytest

from app.errors import ProjectError
from app.store import counts, decisions, exportable, generated, review, votes
from app.store.connection import Connection
from app.store.project import Project
from app.store.review_state import Action, ItemDecision
from app.store.rows import NewInstance, NewInstruction
from tests.store.material import (
    FIRST,
    Item,
    add_instruction,
    add_item,
    ballot,
    completion,
    queue_ids,
    start_run,
)


def decide(project: Project, action: Action, item: Item, candidate: int | None = None, text: str = "") -> int:
    chosen = None if candidate is None else item.candidates[candidate]
    one = ItemDecision(item.id, chosen, text or None)
    return project.write_now(lambda c: decisions.decide(c, "ann", action, [one]))


def make(project: Project, **votes_by_name: dict[str, object]) -> dict[str, Item]:
    """Store one item per name, with the vote given for it, in a new run."""
    run = project.write_now(start_run)
    return {
        name: project.write_now(lambda c, n=name, v=vote: add_item(c, run, f"Task {n}.", **v))
        for name, vote in votes_by_name.items()
    }


def queue(project: Project, items: dict[str, Item], *how: object, **more: object) -> list[str]:
    names = {item.id: name for name, item in items.items()}
    found: list[str] = project.read(lambda c: queue_ids(c, *how, **more))  # type: ignore[arg-type]
    return [names[key] for key in found]


def test_the_queue_is_completely_sorted_and_leaves_nothing_out(project: Project) -> None:
    drawn = random.Random(3)
    scores = [round(drawn.random(), 1) for _ in range(120)]
    items = make(project, **{f"i{n}": {"disagreement": score} for n, score in enumerate(scores)})
    by_score = sorted(range(120), key=lambda n: (-scores[n], n))
    assert queue(project, items, "disagreement", "all") == [f"i{n}" for n in by_score]
    assert queue(project, items) == [f"i{n}" for n in by_score]
    assert queue(project, items, "number") == [f"i{n}" for n in range(120)]


def test_undecided_come_first_then_put_off_ones_then_decided_ones(project: Project) -> None:
    kept = {name: {"disagreement": 0.5} for name in "abcd"}
    items = make(project, **kept, x={"disagreement": 0.9, "keep": False, "winner": None}, w={"vote": None})
    decide(project, "later", items["a"])
    decide(project, "accept", items["b"])
    decide(project, "flag", items["c"])
    assert queue(project, items, "disagreement", "all") == ["x", "c", "d", "a", "b"]
    assert queue(project, items, "disagreement", "undecided") == ["c", "d", "a"]
    assert queue(project, items, "disagreement", "dropped") == ["x"]
    assert queue(project, items, "disagreement", "decided") == ["b"]
    assert queue(project, items, "disagreement", "flagged") == ["c"]


def test_the_queue_can_be_narrowed_to_one_run(project: Project) -> None:
    items = {**make(project, a={}), **make(project, b={})}
    assert queue(project, items) == ["a", "b"]
    assert queue(project, items, run=2) == ["b"]


def test_an_unknown_order_or_filter_is_refused(project: Project) -> None:
    for how in (("best", "all"), ("number", "1; DROP TABLE runs")):
        with pytest.raises(ProjectError):
            project.read(lambda c, how=how: queue_ids(c, *how))


def test_an_item_shows_its_candidates_in_order_with_their_models_and_vote(project: Project) -> None:
    item = make(project, a={"winner": 1, "disagreement": 0.25})["a"]
    found = project.read(lambda c: review.item(c, item.id))
    assert (found.number, found.run_number, found.kind) == (1, 1, "A")
    assert (found.instruction, found.input) == ("Task a.", "input")
    assert [(one.model_name, one.role, one.output, one.length, one.cut) for one in found.candidates] == [
        ("writer", "writer", "one", 1, False),
        ("first", "answerer", "two", 1, False),
        ("second", "answerer", "three", 1, False),
    ]
    assert found.vote == ballot(item.candidates, winner=1, disagreement=0.25)
    assert found.state.status == "undecided"
    assert found.last is None
    with pytest.raises(ProjectError):
        project.read(lambda c: review.item(c, "no such"))


def test_the_last_decision_is_the_newest_that_stands(project: Project) -> None:
    items = make(project, a={}, b={})
    first = decide(project, "choose", items["a"], 2)
    decide(project, "reject", items["b"])
    project.write_now(lambda c: decisions.undo(c, "ann"))
    last = project.read(lambda c: review.progress(c, "ann")).last
    assert last is not None
    assert (last.event, last.action, last.number, last.candidate, last.items) == (first, "choose", 1, 3, 1)
    shown = project.read(lambda c: review.item(c, items["a"].id)).last
    assert shown == last
    assert project.read(lambda c: review.item(c, items["b"].id)).last is None


def test_progress_counts_decided_left_and_departures_from_the_vote(project: Project) -> None:
    kept = {name: {"winner": 1} for name in "abcdefgh"}
    dropped = {"winner": 0, "keep": False}
    items = make(project, **kept, x=dropped, y=dropped, z=dropped)
    decide(project, "accept", items["a"])
    decide(project, "choose", items["b"], 1)
    decide(project, "choose", items["c"], 2)
    decide(project, "edit", items["d"], text="other")
    decide(project, "reject", items["e"])
    decide(project, "later", items["f"])
    decide(project, "flag", items["g"])
    decide(project, "reject", items["x"])
    decide(project, "accept", items["y"])
    found = project.read(lambda c: review.progress(c, "ann"))
    assert (found.decided, found.left, found.overrides) == (7, 3, 4)


def test_the_pace_is_that_of_the_last_decisions_without_pauses(project: Project) -> None:
    items = make(project, a={})
    start = datetime.fromisoformat("2030-01-01T10:00:00.000+00:00")

    def pace(*seconds: int) -> float | None:
        def change(c: Connection) -> None:
            for second in seconds:
                at = (start + timedelta(seconds=second)).isoformat(timespec="milliseconds")
                values = (f"r{seconds}", at)
                c.execute("INSERT INTO events (reviewer, at, action, note) VALUES (?, ?, 'flag', '')", values)

        project.write_now(change)
        return project.read(lambda c: review.progress(c, f"r{seconds}")).per_minute

    assert pace() is None
    assert pace(5) is None
    assert pace(0, 1, 2) is None, "sixty a minute after two seconds is no pace"
    assert pace(0, 10, 20) == pytest.approx(6.0)
    assert pace(0, 5000, 5020, 5040) == pytest.approx(3.0)
    assert pace(100, 0, 30) == pytest.approx(2.0)
    assert items


def rows(project: Project, include: str, run: int | None = None) -> list[tuple[str, str, str]]:
    found = project.read(lambda c: list(exportable.rows(c, exportable.Selection(include, run))))  # type: ignore[arg-type]
    return [(row.instruction, row.output, row.status) for row in found]


def test_each_selection_holds_what_it_says(project: Project) -> None:
    dropped = {"winner": None, "keep": False}
    names = ("accepted", "chosen", "edited", "rejected", "later", "undecided")
    items = make(project, **{name: {} for name in names}, lost=dropped, saved=dropped, waiting={"vote": None})
    decide(project, "accept", items["accepted"])
    decide(project, "choose", items["chosen"], 1)
    decide(project, "edit", items["edited"], 1, "mine")
    decide(project, "reject", items["rejected"])
    decide(project, "later", items["later"])
    decide(project, "choose", items["saved"], 2)
    accepted = [
        ("Task accepted.", "one", "accepted"),
        ("Task chosen.", "two", "chosen"),
        ("Task edited.", "mine", "edited"),
        ("Task saved.", "three", "chosen"),
    ]
    assert rows(project, "accepted") == accepted
    agreed = [("Task later.", "one", "later"), ("Task undecided.", "one", "undecided")]
    assert rows(project, "consensus") == [*accepted[:3], *agreed, accepted[3]]
    assert [row[0] for row in rows(project, "all")] == [f"Task {name}." for name in items]
    with pytest.raises(ProjectError):
        rows(project, "everything")


def test_a_row_of_all_is_the_winner_else_the_best_supported_that_is_not_empty(project: Project) -> None:
    run = project.write_now(start_run)
    matrix = ((1.0, 0.1, 0.2), (0.1, 1.0, 0.7), (0.2, 0.7, 1.0))
    nobody = {"winner": None, "keep": False, "matrix": matrix}

    def change(c: Connection) -> None:
        add_item(c, run, "Winner.", outputs=("a", "b", "c"), winner=0, keep=False, matrix=matrix)
        add_item(c, run, "Supported.", outputs=("a", "b", "c"), **nobody)
        add_item(c, run, "Not the empty one.", outputs=("a", "b", " "), **nobody)
        add_item(c, run, "Without vote.", outputs=("", "b", "c"), vote=None)
        add_item(c, run, "All empty.", outputs=("", "", ""), **nobody)
        add_item(c, run, "No candidate.", outputs=(), vote=None)

    project.write_now(change)
    assert [row[:2] for row in rows(project, "all")] == [
        ("Winner.", "a"),
        ("Supported.", "c"),
        ("Not the empty one.", "b"),
        ("Without vote.", "b"),
        ("All empty.", ""),
        ("No candidate.", ""),
    ]


def test_dropped_instances_never_go_out_and_a_run_can_be_named(project: Project) -> None:
    make(project, a={})
    run = project.write_now(start_run)

    def change(c: Connection) -> None:
        task = add_instruction(c, run, "Task a.")
        generated.save_instances(c, [NewInstance(run.id, task, "input", "kept")])

    project.write_now(change)
    make(project, b={})
    assert [row[0] for row in rows(project, "all")] == ["Task a.", "Task b."]
    assert rows(project, "all", 2) == []
    assert [row[0] for row in rows(project, "consensus", 3)] == ["Task b."]
    with pytest.raises(ProjectError, match="no run 9"):
        rows(project, "all", 9)


def test_an_export_row_says_who_wrote_it_and_whether_it_was_cut(project: Project) -> None:
    items = make(project, a={"winner": 1}, b={})
    project.write_now(lambda c: c.execute("UPDATE candidates SET ended = 'length' WHERE model = ?", (FIRST,)))
    decide(project, "edit", items["b"], 1, "mine")
    one, two = project.read(lambda c: list(exportable.rows(c, exportable.Selection("consensus"))))
    assert (one.model, one.cut, one.number, one.run_number, one.instance_id) == (
        "first",
        True,
        1,
        1,
        items["a"].id,
    )
    assert (two.model, two.cut) == ("", False)


def test_the_summary_counts_every_stage_and_is_plain_json(project: Project) -> None:
    assert project.read(counts.summary).runs == ()
    items = make(project, a={}, b={"keep": False, "reason": "no_agreement", "winner": None}, c={"vote": None})
    run = project.write_now(start_run)

    def change(c: Connection) -> None:
        written = [
            NewInstruction(run.id, "B", "Kept.", "kept"),
            NewInstruction(run.id, "B", "Bad.", "dropped", "too_short"),
            NewInstruction(run.id, "B", "Worse.", "dropped", "too_short"),
            NewInstruction(run.id, "A", "Poison.", "quarantined", "worker died"),
        ]
        generated.save_instructions(c, written)

    project.write_now(change)
    decide(project, "accept", items["a"])
    found = project.read(counts.summary)
    first, second = found.runs
    assert first.total("instructions", "kept") == first.total("instances", "kept", "A") == 3
    assert first.total("answers") == 6
    assert first.reasons("votes") == {"no_agreement": 1}
    assert first.reasons("votes", "kept") == {"rouge": 1}
    assert first.total("decisions", "accepted") == 1
    assert {cell.model for cell in first.counts if cell.stage == "answers"} == {"first", "second"}
    assert second.reasons("instructions") == {"too_short": 2}
    assert second.reasons("instructions", "quarantined") == {"worker died": 1}
    assert json.loads(json.dumps(found.as_dict()))["runs"][1]["number"] == 2
    assert project.read(lambda c: counts.summary(c, run.id)).runs == (second,)


def test_recent_texts_are_the_newest_each_as_far_as_it_has_come(project: Project) -> None:
    run = project.write_now(start_run)

    def recent(c: Connection) -> list[tuple[str, str, str, str]]:
        return [(t.text, t.status, t.reason, t.winner) for t in counts.recent_texts(c, run.id, 3)]

    assert project.read(recent) == []

    def write(c: Connection, request: int, reason: str) -> None:
        source = generated.save_completion(c, completion(run, str(request)))
        c.execute("UPDATE completions SET created_at = ? WHERE id = ?", (f"200{request}-01-01", source))
        row = NewInstruction(run.id, "A", f"{request}.", "dropped", reason, source, request=request)
        generated.save_instructions(c, [row])

    for request in range(3):
        project.write_now(lambda c, request=request: write(c, request, "too_short"))
    texts = [(f"{request}.", "dropped", "too_short", "") for request in (2, 1, 0)]
    assert project.read(recent) == texts

    item = project.write_now(lambda c: add_item(c, run, "Task.", vote=None))
    source = "UPDATE instances SET completion_id = (SELECT id FROM completions WHERE subject = '2')"
    project.write_now(lambda c: c.execute(source))
    assert project.read(recent) == [("Task.", "waiting", "", ""), *texts[:2]]
    project.write_now(lambda c: votes.save_vote(c, item.id, ballot(item.candidates, winner=2)))
    assert project.read(recent) == [("Task.", "kept", "", "second"), *texts[:2]]

    project.write_now(lambda c: write(c, 3, "banned"))
    project.write_now(lambda c: c.execute("UPDATE votes SET created_at = '2002-06-01'"))
    assert project.read(recent) == [
        ("3.", "dropped", "banned", ""),
        ("Task.", "kept", "", "second"),
        texts[0],
    ]
