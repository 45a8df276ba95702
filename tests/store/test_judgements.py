"""Judging a sample: what is drawn, what is said of it, its undo, and what counts when it is read."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from app.errors import ProjectError
from app.method.judging import GUIDELINE, Said
from app.store import decisions, drawings, judgements
from app.store.connection import Connection
from app.store.filters import parse
from app.store.judgements import Judgement, Verdict
from app.store.project import Project
from app.store.review_state import ItemDecision, task_text
from tests.store.material import Item, add_item, start_run

RIGHT, WRONG = Said(is_right=True), Said(is_right=False)


def fill(c: Connection, size: int = 12) -> list[Item]:
    """Store items whose answers are Yes, yes and no, every fourth of kind B."""
    run = start_run(c)
    return [
        add_item(c, run, f"Task {at}.", f"input {at}", ("Yes", "yes.", "no"), "AAAB"[at % 4])
        for at in range(size)
    ]


def drawn_items(project: Project, drawing: str) -> list[str]:
    return [key for key, _ in project.read(lambda c: drawings.drawn(c, drawing))]


def said(project: Project) -> list[Judgement]:
    return project.read(judgements.standing)


def turned(
    project: Project, turn: Callable[[Connection, str, str], Judgement | None], drawing: str
) -> str | None:
    """Let ann undo or redo a judgement; return its item."""
    judgement = project.write_now(lambda c: turn(c, "ann", drawing))
    return judgement and judgement.instance_id


def test_a_drawing_is_uniform_known_by_its_seed_and_records_what_it_was_drawn_from(project: Project) -> None:
    items = project.write_now(fill)
    first = project.write_now(lambda c: judgements.draw(c, "ann", 5, seed=7))
    assert (first.population, first.size, first.seed, first.chosen, first.reviewer) == (12, 5, 7, "", "ann")
    assert len(set(drawn_items(project, first.id))) == 5
    of_a = project.write_now(lambda c: judgements.draw(c, "ann", 30, parse("kind:A"), seed=7))
    assert (of_a.population, of_a.size, of_a.chosen) == (9, 9, "kind:A")
    assert set(drawn_items(project, of_a.id)) == {item.id for at, item in enumerate(items) if at % 4 != 3}
    # Drawn again from the same, the rest follows, and then nothing is left.
    rest = project.write_now(lambda c: judgements.draw(c, "bob", 30))
    assert {*drawn_items(project, rest.id), *drawn_items(project, first.id)} == {item.id for item in items}
    with pytest.raises(ProjectError, match="drawn already"):
        project.write_now(lambda c: judgements.draw(c, "ann", 1))
    assert project.read(lambda c: judgements.current_drawing(c, "kind:A")) == of_a
    assert project.read(judgements.current_drawing) == rest


def test_the_same_seed_draws_the_same_items_and_each_item_is_drawn_equally_often(tmp_path: Path) -> None:
    often: Counter[str] = Counter()
    with Project.open(tmp_path / "many.db", create=True) as project:
        items = project.write_now(lambda c: fill(c, 8))
        repeated = []
        for seed in [*range(400), 3]:
            with pytest.raises(StopIteration):  # nothing of it stays, so the next draws from all
                project.write_now(lambda c, seed=seed: _drawn_and_lost(c, seed, repeated))
        assert repeated[3] == repeated[-1] != repeated[4]
        often.update(key for keys in repeated[:400] for key in keys)
    # 400 drawings of 2 of 8: 100 each, standard deviation 8.7.
    assert set(often) == {item.id for item in items}
    assert all(65 <= times <= 135 for times in often.values())


def _drawn_and_lost(c: Connection, seed: int, into: list[list[str]]) -> None:
    drawing = judgements.draw(c, "ann", 2, seed=seed)
    into.append([key for key, _ in drawings.drawn(c, drawing.id)])
    raise StopIteration


def test_nothing_can_be_drawn_where_there_is_nothing(project: Project) -> None:
    with pytest.raises(ProjectError, match="nothing to judge yet"):
        project.write_now(lambda c: judgements.draw(c, "ann"))
    project.write_now(fill)
    with pytest.raises(ProjectError, match="No voted item meets the filter"):
        project.write_now(lambda c: judgements.draw(c, "ann", wanted=parse("recipe:none")))
    assert project.read(lambda c: drawings.of(c, "judge")) == []


def test_answers_that_say_the_same_are_judged_once_and_stored_for_each(project: Project) -> None:
    item = project.write_now(fill)[0]
    drawing = project.write_now(lambda c: judgements.draw(c, "ann"))
    yes, also_yes, no = item.candidates
    verdict = Verdict(True, False, {also_yes: Said(True, "B"), no: Said(None)}, "odd input")
    seq = project.write_now(lambda c: judgements.judge(c, "ann", item.id, verdict, drawing.id))
    [judged] = said(project)
    assert (judged.seq, judged.instance_id, judged.reviewer, judged.drawing) == (
        *(seq, item.id, "ann", drawing.id),
    )
    assert (judged.verdict.task, judged.verdict.input, judged.verdict.note) == (True, False, "odd input")
    assert judged.verdict.answers == {yes: Said(True, "B"), also_yes: Said(True, "B"), no: Said(None)}
    with pytest.raises(ProjectError, match="have changed"):
        project.write_now(
            lambda c: judgements.judge(c, "ann", item.id, Verdict(None, None, {"other": RIGHT}), drawing.id)
        )


def test_undo_and_redo_reach_ones_own_judgements_of_a_drawing_across_a_restart(tmp_path: Path) -> None:
    path = tmp_path / "again.db"
    with Project.open(path, create=True) as project:
        one, two, *_ = project.write_now(fill)
        drawing = project.write_now(lambda c: judgements.draw(c, "ann")).id
        for item, verdict in [(one, RIGHT), (two, RIGHT), (two, WRONG)]:
            project.write_now(
                lambda c, item=item, verdict=verdict: judgements.judge(
                    c, "ann", item.id, Verdict(True, None, {item.candidates[0]: verdict}), drawing
                )
            )
        assert project.write_now(lambda c: judgements.undo(c, "bob", drawing)) is None
        assert turned(project, judgements.undo, drawing) == two.id
        # What stood before the judgement that was taken back counts again.
        assert [row.verdict.answers[two.candidates[0]] for row in said(project)[1:]] == [RIGHT]
    with Project.open(path) as project:
        back = [turned(project, judgements.undo, drawing) for _ in range(3)]
        assert back == [two.id, one.id, None]
        assert said(project) == []
        forth = [turned(project, judgements.redo, drawing) for _ in range(4)]
        assert forth == [one.id, two.id, two.id, None]
        assert [row.verdict.answers[two.candidates[0]] for row in said(project)[1:]] == [WRONG]
        assert project.read(lambda c: judgements.judged_of(c, drawing, "ann")) == {one.id, two.id}
        # A new judgement ends what can be redone.
        project.write_now(lambda c: judgements.undo(c, "ann", drawing))
        project.write_now(lambda c: judgements.judge(c, "ann", one.id, Verdict(False, None, {}), drawing))
        assert project.write_now(lambda c: judgements.redo(c, "ann", drawing)) is None


def test_only_the_newest_of_each_reviewer_counts_and_an_import_gives_way_to_what_was_judged_here(
    project: Project,
) -> None:
    one, two, *_ = project.write_now(fill)
    drawing = project.write_now(lambda c: judgements.draw(c, "ann")).id
    key = one.candidates[0]
    outputs = project.read(lambda c: judgements.outputs_of(c, [one.id, two.id]))

    def imported(item: Item, who: str, verdict: Said) -> None:
        answers = Verdict(True, None, {item.candidates[0]: verdict})
        project.write_now(lambda c: judgements.record(c, who, item.id, answers, outputs[item.id]))

    for verdict in (RIGHT, WRONG):
        answers = Verdict(True, None, {key: verdict})
        project.write_now(lambda c, answers=answers: judgements.judge(c, "ann", one.id, answers, drawing))
    imported(one, "ann", RIGHT)
    imported(one, "bob", WRONG)
    imported(one, "bob", RIGHT)
    imported(two, "ann", RIGHT)
    counting = [(row.instance_id, row.reviewer, row.imported) for row in said(project)]
    assert counting == [(one.id, "ann", False), (one.id, "bob", True), (two.id, "ann", True)]
    assert [row.verdict.answers[key] for row in said(project)[:2]] == [WRONG, RIGHT]
    assert [row.instance_id for row in project.read(lambda c: judgements.standing(c, [two.id]))] == [two.id]
    # Only what was drawn at random is a sample.
    assert project.read(judgements.sampled) == {one.id}
    assert project.read(lambda c: judgements.sampled(c, "kind:A")) == set()


def test_a_judge_sees_the_task_as_it_reads_now_and_nothing_that_tells_whose_an_answer_is(
    project: Project,
) -> None:
    item = project.write_now(fill)[0]
    seen = project.read(lambda c: judgements.to_judge(c, item.id))
    assert (seen.instruction, seen.input, seen.kind) == ("Task 0.", "input 0", "A")
    assert seen.outputs == dict(zip(item.candidates, ("Yes", "yes.", "no"), strict=True))
    assert not any(name in repr(seen) for name in ("writer", "first", "second"))
    changed = ItemDecision(item.id, text=task_text("Another task.", "another input"))
    project.write_now(lambda c: decisions.decide(c, "ann", "task", [changed]))
    seen = project.read(lambda c: judgements.to_judge(c, item.id))
    # Answers to an earlier text are not judged.
    assert (seen.instruction, seen.input, seen.outputs) == ("Another task.", "another input", {})


def test_the_guideline_has_versions_and_a_judgement_knows_the_one_it_followed(project: Project) -> None:
    item = project.write_now(fill)[0]
    drawing = project.write_now(lambda c: judgements.draw(c, "ann")).id
    assert project.read(judgements.guideline).text == GUIDELINE

    def judge(who: str) -> None:
        project.write_now(lambda c: judgements.judge(c, who, item.id, Verdict(True, None, {}), drawing))

    judge("ann")
    assert project.write_now(lambda c: judgements.save_guideline(c, "ann", GUIDELINE)) == 0
    assert project.write_now(lambda c: judgements.save_guideline(c, "ann", "Be strict.")) == 1
    assert project.write_now(lambda c: judgements.save_guideline(c, "bob", "Be strict.")) == 1
    judge("bob")
    assert [row.guideline for row in said(project)] == [None, 1]
    with pytest.raises(ProjectError, match="cannot be empty"):
        project.write_now(lambda c: judgements.save_guideline(c, "ann", " \n"))


@pytest.mark.parametrize("statement", ["UPDATE judgements SET task = 0", "DELETE FROM judged_answers"])
def test_the_log_of_judgements_cannot_be_changed(project: Project, statement: str) -> None:
    item = project.write_now(fill)[0]
    drawing = project.write_now(lambda c: judgements.draw(c, "ann")).id
    verdict = Verdict(True, None, {item.candidates[0]: RIGHT})
    project.write_now(lambda c: judgements.judge(c, "ann", item.id, verdict, drawing))
    with pytest.raises((sqlite3.Error, ProjectError), match="append-only"):
        project.write_now(lambda c: c.execute(statement))
