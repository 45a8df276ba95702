"""Audits: rows are drawn at random, what is found is a log, and what still counts follows from the rows."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import pytest

from app.errors import ProjectError
from app.store import audits, decisions, drawings, exportable, review, votes
from app.store.audits import RowKey, Sample
from app.store.connection import Connection
from app.store.exportable import Selection
from app.store.filters import parse
from app.store.project import Project
from app.store.review_state import ItemDecision
from tests.store.material import Item, add_item, ballot, start_run

ROWS = 12


@pytest.fixture
def items(project: Project) -> list[Item]:
    """Twelve items that the vote keeps; every second one has no input."""

    def make(c: Connection) -> list[Item]:
        run = start_run(c)
        kinds = ("A", "B") * (ROWS // 2)
        return [add_item(c, run, f"Task {place}.", kind=kind) for place, kind in enumerate(kinds)]

    return project.write_now(make)


@pytest.fixture
def drawing(project: Project, items: list[Item]) -> drawings.Drawing:
    """An audit of ann's over these rows."""
    return project.write_now(lambda c: audits.draw(c, "ann", "", ROWS, seed=3))


def sample(project: Project, drawing: drawings.Drawing, selection: Selection | None = None) -> Sample:
    """Say how the audit stands to what goes out, as an export asks it."""

    def look(c: Connection) -> Sample:
        wrong = audits.taken_out(c)
        keys = [audits.key_of(row) for row in exportable.rows(c, selection or Selection())]
        taken = [key for key in keys if key.content in wrong.get(key.instance_id, ())]
        return audits.sample(c, drawing, [key for key in keys if key not in taken], taken)

    return project.read(look)


def judge(project: Project, drawing: drawings.Drawing, *found: audits.Found) -> list[RowKey]:
    """Judge the next rows in turn; return them."""
    judged = []
    for verdict in found:
        key = sample(project, drawing).next
        assert key is not None
        project.write_now(lambda c, k=key, v=verdict: audits.record(c, drawing, k, v))
        judged.append(key)
    return judged


def decide(project: Project, action: str, key: RowKey, text: str | None = None) -> None:
    """Let a person decide a row in Review."""
    said = [ItemDecision(key.instance_id, None, text)]
    project.write_now(lambda c: decisions.decide(c, "bob", action, said))  # type: ignore[arg-type]


def answer_otherwise(project: Project, item: Item) -> None:
    """Let the vote prefer another answer."""
    project.write_now(lambda c: votes.save_vote(c, item.id, ballot(item.candidates, winner=1)))


def test_every_row_comes_once_in_an_order_that_the_seed_fixes(
    project: Project, drawing: drawings.Drawing
) -> None:
    before = [key.instance_id for key in sample(project, drawing).order]
    judged = judge(project, drawing, *["right"] * ROWS)
    assert [key.instance_id for key in judged] == before
    assert sample(project, drawing).next is None
    assert [key for key, _ in project.read(lambda c: drawings.drawn(c, drawing.id))] == before


def test_every_row_is_as_likely_as_any_other_to_come_first() -> None:
    keys = [RowKey(f"item {place}", place, "", False) for place in range(8)]
    firsts = Counter(audits.in_order(seed, keys)[0].number for seed in range(4000))
    assert len(firsts) == 8
    assert all(400 < times < 600 for times in firsts.values())


def test_a_wrong_row_is_taken_out_and_stays_in_the_sample(
    project: Project, drawing: drawings.Drawing
) -> None:
    wrong = judge(project, drawing, "right", "wrong", "right")[1]
    assert project.read(audits.taken_out) == {wrong.instance_id: {wrong.content}}
    found = sample(project, drawing)
    assert found.verdicts == (True, False, True) and len(found.order) == ROWS


def test_undo_and_redo_reach_every_entry_and_survive_a_restart(
    project: Project, drawing: drawings.Drawing
) -> None:
    first, second = judge(project, drawing, "right", "wrong")
    path = project.path
    project.close()
    with Project.open(path) as again:
        assert again.write_now(lambda c: audits.undo(c, drawing)) == second.instance_id
        assert again.read(audits.taken_out) == {} and sample(again, drawing).next == second
        assert again.write_now(lambda c: audits.undo(c, drawing)) == first.instance_id
        assert again.write_now(lambda c: audits.undo(c, drawing)) is None
        assert again.write_now(lambda c: audits.redo(c, drawing)) == first.instance_id
        assert again.write_now(lambda c: audits.redo(c, drawing)) == second.instance_id
        assert again.write_now(lambda c: audits.redo(c, drawing)) is None
        assert sample(again, drawing).verdicts == (True, False)


def test_nothing_can_be_redone_after_a_new_verdict(project: Project, drawing: drawings.Drawing) -> None:
    judge(project, drawing, "wrong")
    project.write_now(lambda c: audits.undo(c, drawing))
    judge(project, drawing, "right")
    assert project.write_now(lambda c: audits.redo(c, drawing)) is None
    assert sample(project, drawing).verdicts == (True,)


def test_the_log_cannot_be_changed(project: Project, drawing: drawings.Drawing) -> None:
    judge(project, drawing, "right")
    for statement in ("UPDATE audits SET action = 'wrong'", "DELETE FROM audits"):
        with pytest.raises(Exception, match="append-only"):
            project.write_now(lambda c, s=statement: c.execute(s))


def test_a_filter_keeps_what_was_found_of_the_rows_that_still_go_out(
    project: Project, drawing: drawings.Drawing
) -> None:
    judge(project, drawing, *["right"] * 8)
    narrow = Selection(where=parse("kind:A"))
    found = sample(project, drawing, narrow)
    order = [key.instance_id for key in sample(project, drawing).order]
    numbers = [key.number for key in found.order]
    assert [key.instance_id for key in found.order] == [key for key in order if key in _ids(found)]
    assert len(found.order) == ROWS // 2 and all(number % 2 for number in numbers)
    assert len(found.verdicts) + found.gone == 8 and not found.waiting and not found.changed
    # The first rows of the narrowed order were all judged: still a beginning of a random order.
    assert found.verdicts == (True,) * len(found.verdicts)
    assert len(sample(project, drawing).verdicts) == 8


def test_a_row_that_comes_in_between_is_judged_before_those_after_it_count_again(
    project: Project, drawing: drawings.Drawing
) -> None:
    order = sample(project, drawing).order
    decide(project, "reject", order[2])
    judge(project, drawing, *["right"] * 6)
    project.write_now(lambda c: decisions.undo(c, "bob"))
    found = sample(project, drawing)
    assert found.next == order[2]
    assert (len(found.verdicts), found.waiting, found.gone) == (2, 4, 0)
    judge(project, drawing, "right")
    assert (len(sample(project, drawing).verdicts), sample(project, drawing).waiting) == (7, 0)


def test_an_answer_that_the_vote_replaced_is_judged_anew(
    project: Project, drawing: drawings.Drawing, items: list[Item]
) -> None:
    judged = judge(project, drawing, "right", "wrong", "right")
    for key in judged[:2]:
        answer_otherwise(project, next(item for item in items if item.id == key.instance_id))
    found = sample(project, drawing)
    assert found.verdicts == () and found.next is not None
    assert (found.changed, found.waiting, found.gone) == (2, 1, 0)
    assert found.next.instance_id == judged[0].instance_id and found.next.content != judged[0].content
    judge(project, drawing, "right", "right")
    assert sample(project, drawing).verdicts == (True, True, True)


def test_a_wrong_row_that_a_person_mends_goes_out_and_still_counts_as_wrong(
    project: Project, drawing: drawings.Drawing
) -> None:
    wrong = judge(project, drawing, "wrong", "right")[0]
    decide(project, "edit", wrong, "a better answer")
    found = sample(project, drawing)
    assert found.verdicts == (False, True) and found.mended == 1
    assert wrong.instance_id in _ids(found) and len(found.order) == ROWS


def test_a_wrong_row_that_a_person_rejects_still_counts_as_wrong(
    project: Project, drawing: drawings.Drawing
) -> None:
    wrong = judge(project, drawing, "wrong", "right")[0]
    decide(project, "reject", wrong, "wrong")
    found = sample(project, drawing)
    assert found.verdicts == (False, True) and (found.mended, found.gone) == (0, 0)
    assert len(found.order) == ROWS


def test_a_right_row_that_a_person_rejects_or_edits_no_longer_counts(
    project: Project, drawing: drawings.Drawing
) -> None:
    rejected, edited, kept = judge(project, drawing, "right", "right", "right")
    decide(project, "reject", rejected)
    decide(project, "edit", edited, "otherwise")
    found = sample(project, drawing)
    assert found.next is not None and found.next.instance_id == edited.instance_id
    assert (found.verdicts, found.gone, found.changed, found.waiting) == ((), 1, 1, 1)
    assert kept.instance_id in _ids(found)


def test_what_one_auditor_takes_out_is_out_of_the_audit_of_another(
    project: Project, drawing: drawings.Drawing
) -> None:
    wrong = judge(project, drawing, "wrong")[0]
    other = project.write_now(lambda c: audits.draw(c, "bob", "", ROWS - 1, seed=8))
    assert wrong.instance_id not in _ids(sample(project, other))
    judge(project, other, "right")
    assert sample(project, drawing).verdicts == (False,) and len(sample(project, other).verdicts) == 1
    assert project.read(lambda c: audits.drawing_of(c, "bob")) == replace(other, size=1)


def numbers(project: Project, typed: str) -> set[int]:
    """Return the numbers of the items that Review finds."""
    return set(project.read(lambda c: review.numbers(c, wanted=parse(typed))))


def test_review_finds_what_an_audit_found_as_it_stands(project: Project, drawing: drawings.Drawing) -> None:
    first, second, _ = (key.number for key in judge(project, drawing, "wrong", "right", "right"))
    project.write_now(lambda c: audits.undo(c, drawing))
    assert (numbers(project, "audit:wrong"), numbers(project, "audit:right")) == ({first}, {second})
    project.write_now(lambda c: audits.undo(c, drawing))
    judge(project, drawing, "wrong")
    assert numbers(project, "audit:wrong") == {first, second}
    assert numbers(project, "-audit:wrong,right") == {*range(1, ROWS + 1)} - {first, second}


def test_no_export_can_leave_out_just_what_an_audit_found(project: Project) -> None:
    with pytest.raises(ProjectError, match="audit cannot choose what goes out"):
        project.read(lambda c: list(exportable.rows(c, Selection(where=parse("-audit:wrong")))))


def test_a_row_is_shown_without_who_answered_and_only_as_it_was_drawn(
    project: Project, drawing: drawings.Drawing, items: list[Item]
) -> None:
    key = sample(project, drawing).next
    assert key is not None
    row = project.read(lambda c: audits.blind(c, key))
    assert (row.input, row.output) == ("input", "one") and set(row.__slots__) == {
        *("turns", "instruction", "input", "output")
    }
    answer_otherwise(project, next(item for item in items if item.id == key.instance_id))
    with pytest.raises(ProjectError, match="changed meanwhile"):
        project.read(lambda c: audits.blind(c, key))


def _ids(found: Sample) -> set[str]:
    return {key.instance_id for key in found.order}
