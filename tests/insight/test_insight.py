"""Statistics: what is counted, that only what has changed is counted again, and what is said of it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from app.insight.compare import compared, sides
from app.insight.insight import Insight, insight
from app.insight.keeping import Counted, counted
from app.insight.page import Chapter, html, markdown
from app.insight.sheets import UNCOUNTED, Heat, Sheet, Table, right_share, sheets
from app.method.report_card import Share
from app.store import decisions, generated, review, runs
from app.store.project import Project
from app.store.review_state import ItemDecision
from app.store.rows import NewInstruction
from tests.hostile import HOSTILE
from tests.tui.filled_projects import TASKS, Task, add_task, fill, start_run


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    """Five tasks of one run, three of them kept by the vote, and two dropped instructions."""
    path = tmp_path / "thesis.db"
    fill(path)
    with Project.open(path) as opened:
        run = opened.read(lambda c: runs.get(c).id)
        dropped = [
            NewInstruction(run, "B", text, "dropped", "too_similar", score=0.9) for text in ("One.", "Two.")
        ]
        opened.write_now(lambda c: generated.save_instructions(c, dropped))
        yield opened


def found(project: Project, folder: Path) -> Insight:
    known = counted(project, folder=folder)
    return project.read(lambda c: insight(c, known))


def test_the_funnel_has_every_stage_with_what_was_dropped_and_why(project: Project, tmp_path: Path) -> None:
    stages = {
        stage.name: (stage.made, stage.kept, stage.dropped) for stage in found(project, tmp_path).funnel
    }
    assert stages["instructions"] == (7, 5, {"too_similar": 2})
    assert stages["instances"] == (5, 5, {}) and stages["answers"] == (15, 15, {})
    made, kept, dropped = stages["votes"]
    assert (made, kept, sum(dropped.values())) == (5, 3, 2)
    assert stages["decisions"] == (0, 0, {})


def test_models_and_pairs_are_counted_over_the_items_on_which_they_voted(
    project: Project, tmp_path: Path
) -> None:
    whole = found(project, tmp_path)
    writer, first, second = [model for model in whole.models if model.answers]
    assert writer.name == "mistral-7b (writer)" and writer.answers == writer.usable == 5
    assert sum(model.won for model in (writer, first, second)) == 3
    # Of two equal answers the first wins: the second is as the winner all the same.
    assert second.agreed > second.won
    pair = next(pair for pair in whole.pairs if pair.names == (writer.name, second.name))
    assert (pair.items, pair.equal) == (5, 2) and 0 < pair.similarity < 1


def test_only_what_has_changed_is_counted_again(project: Project, tmp_path: Path) -> None:
    blocks: list[int] = []

    def look() -> Insight:
        known = counted(project, lambda _done, of: not blocks.append(of), tmp_path)
        return project.read(lambda c: insight(c, known))

    before = look()
    assert blocks == [2]  # one of instructions, one of items
    assert look() == before and blocks == [2]
    key = project.read(lambda c: review.id_of(c, 1))
    project.write_now(lambda c: decisions.decide(c, "ann", "reject", [ItemDecision(key)]))
    assert look().stage("decisions").dropped == {"rejected": 1} and blocks == [2, 1]
    project.write_now(lambda c: decisions.undo(c, "ann"))
    assert look() == before and blocks == [2, 1, 1]
    run = project.read(runs.get)
    project.write_now(lambda c: add_task(c, run, Task("List three rivers.", "", ("Rhine", "Rhine", "Elbe"))))
    assert look().stage("votes").made == 6 and blocks == [2, 1, 1, 2]


def test_what_is_kept_of_another_file_of_the_name_is_not_believed(tmp_path: Path) -> None:
    path = tmp_path / "thesis.db"
    for tasks in (TASKS, TASKS[1:3]):
        path.unlink(missing_ok=True)
        fill(path, tasks)
        with Project.open(path) as opened:
            assert found(opened, tmp_path).stage("votes").made == len(tasks)


@pytest.mark.parametrize(
    "spoiled", ["", "{}", '{"version": 1}', "[" * 9000, json.dumps({"version": 1, "marks": 3})]
)
def test_a_spoiled_file_of_counts_costs_the_time_to_count_again(
    project: Project, tmp_path: Path, spoiled: str
) -> None:
    whole = found(project, tmp_path)
    [kept] = tmp_path.glob("*.json")
    kept.write_text(spoiled)
    assert found(project, tmp_path) == whole


def test_a_count_that_is_stopped_keeps_what_it_has(project: Project, tmp_path: Path) -> None:
    assert counted(project, lambda done, of: False, tmp_path).blocks == Counted().blocks
    assert found(project, tmp_path).stage("votes").made == 5


def test_few_judged_answers_are_said_to_be_too_few() -> None:
    assert right_share(None) == "none judged" and right_share(Share(3, 4)) == "too few judged (4)"
    assert right_share(Share(8, 10)) == "80% (49–94) of 10"


def tables(sheet: Sheet) -> list[Table]:
    return [part for part in sheet.parts if isinstance(part, Table)]


def test_sheets_say_what_is_known_and_what_is_not(project: Project, tmp_path: Path) -> None:
    shown = {sheet.id: sheet for sheet in sheets(found(project, tmp_path))}
    assert tuple(replace(sheet, says=(), parts=()) for sheet in shown.values()) == UNCOUNTED
    assert "is not known" in shown["models"].says[0]
    assert tables(shown["funnel"])[0].rows[0][0] == "instructions"
    assert any(isinstance(part, Heat) for part in shown["agreement"].parts)
    assert shown["yield"].says[0].startswith("Fewer than 100")
    assert "Nobody has decided" in shown["decisions"].says[0]
    assert ("name", "1") in [row[:2] for row in tables(shown["tasks"])[0].rows]


def test_runs_and_recipes_stand_side_by_side(project: Project, tmp_path: Path) -> None:
    def second(c: object) -> None:
        run = start_run(c)  # type: ignore[arg-type]
        add_task(c, run, Task("List three rivers.", "", ("Rhine", "Rhine", "Elbe")))  # type: ignore[arg-type]

    project.write_now(second)
    known = counted(project, folder=tmp_path)
    by_run = compared(project.read(lambda c: sides(c, known, "run")))
    [table] = tables(by_run)
    assert table.heads == ("", "run 1", "run 2")
    assert {row[0]: row[1:] for row in table.rows}["votes kept"] == ("3 of 5 (60%)", "1 of 1 (100%)")
    assert "Too few judged" in by_run.says[0]
    assert "nothing to compare" in compared(project.read(lambda c: sides(c, known, "recipe"))).says[0]


def test_a_hidden_run_counts_in_nothing_but_its_own_picture(project: Project, tmp_path: Path) -> None:
    whole, first = found(project, tmp_path), project.read(lambda c: runs.get(c).number)
    other = project.write_now(start_run)
    project.write_now(
        lambda c: add_task(c, other, Task("List three rivers.", "", ("Rhine", "Rhine", "Elbe")))
    )
    both = found(project, tmp_path)
    assert both.stage("votes").made == whole.stage("votes").made + 1
    project.write_now(lambda c: runs.hide(c, other.number, hidden=True))
    assert found(project, tmp_path).funnel == whole.funnel
    known = counted(project, folder=tmp_path)
    assert [side.name for side in project.read(lambda c: sides(c, known, "run"))] == [f"run {first}"]
    alone = project.read(lambda c: insight(c, known, frozenset({other.number})))
    assert alone.stage("votes").made == 1


def test_a_page_obeys_no_text_and_loads_nothing(tmp_path: Path) -> None:
    path = tmp_path / "hostile.db"
    texts = [text for name, text in HOSTILE.items() if name != "surrogate"]
    attack = "</title><script>alert(1)</script><img src=x onerror=alert(2)>|](http://x)"
    fill(
        path, [Task(f"Write {text}", text, (text, text, "no")) for text in texts], names=(attack, *texts[:2])
    )
    with Project.open(path) as opened:
        whole = found(opened, tmp_path)
    chapters = [Chapter(attack, sheets(whole))]
    page = html(attack, "made", chapters)
    assert "<script" not in page and "<img" not in page and "&lt;script&gt;" in page
    assert "http" not in page.replace("http-equiv", "").replace("http://www.w3.org/2000/svg", "").replace(
        "(http://x)", ""
    )
    assert not set(page) & {
        chr(code) for code in (*range(0x09), *range(0x0B, 0x20), *range(0x7F, 0xA0), 0x202E)
    }
    assert page.count("<svg") >= 2 and "prefers-color-scheme:dark" in page and "@media print" in page
    text = markdown(attack, "made", chapters)
    assert "<script" not in text.replace("\\<script", "") and "data:image/svg+xml;base64," in text
