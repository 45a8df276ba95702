"""Judgements from a file: which answers they mean, what counts once, what is set aside, and the way back."""

from __future__ import annotations

import csv
import json
from collections.abc import Sequence
from functools import partial
from pathlib import Path

import pytest

from app.errors import IntakeError
from app.export.stages import export_stage
from app.intake.lines import BadLine
from app.method.judging import Said
from app.method.turns import Turn, to_json
from app.run import import_files
from app.run.import_files import Imported, Source, project_at
from app.store import judgements
from app.store.connection import Connection
from app.store.imported import GivenCandidates, GivenOutput, Import
from app.store.judgements import Judgement, Verdict
from app.store.project import Project
from tests.store.material import Item, add_item, start_run

RIGHT, WRONG, OPEN = Said(is_right=True), Said(is_right=False), Said(is_right=None)


def fill(c: Connection) -> None:
    run = start_run(c)
    for at in range(3):
        add_item(c, run, f"Task {at}.", "in", ("Yes", "yes.", "no"))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A project of three items, answered Yes, yes. and no by writer, first and second."""
    made = tmp_path / "judged.db"
    with Project.open(made, create=True) as project:
        project.write_now(fill)
    return made


def bring(path: Path, lines: Sequence[object], who: str = "ann") -> Imported:
    """Import these lines; a text is written as it is."""
    file = path.with_suffix(".jsonl")
    written = [line if isinstance(line, str) else json.dumps(line) for line in lines]
    file.write_text("".join(f"{line}\n" for line in written), "utf-8")
    return import_files.judgements(Source(file), partial(project_at, path), who)


def standing(path: Path) -> list[Judgement]:
    with Project.open(path, read_only=True) as project:
        return project.read(judgements.standing)


def items(path: Path) -> list[Item]:
    with Project.open(path, read_only=True) as project:
        keys = project.read(
            lambda c: [key for (key,) in c.execute("SELECT id FROM instances ORDER BY number")]
        )
        held = project.read(lambda c: judgements.outputs_of(c, keys))
    return [Item(key, tuple(held[key])) for key in keys]


def line(at: int, *outputs: dict[str, object], **more: object) -> dict[str, object]:
    return {"instruction": f"Task {at}.", "input": "in", "outputs": list(outputs), **more}


def test_answers_are_meant_by_model_by_text_or_by_both(path: Path) -> None:
    done = bring(path, [
        line(0, {"model": "first", "right": True}, {"model": "second", "right": False}, task=True),
        line(1, {"output": "NO", "right": None}, {"output": "Yes", "grade": "B"}, task=False, fits=True),
        line(2, {"model": "second", "output": "no", "right": True}, {"model": "?", "right": True}, note="o"),
    ])  # fmt: skip
    assert done.stored == ("3 judgements stored, 1 answer not in the project",)
    told = [row.verdict for row in standing(path)]
    one, two, three = (item.candidates for item in items(path))
    assert told == [
        Verdict(True, None, {one[0]: RIGHT, one[1]: RIGHT, one[2]: WRONG}),
        Verdict(False, True, {two[0]: Said(True, "B"), two[1]: Said(True, "B"), two[2]: OPEN}),
        Verdict(None, None, {three[2]: RIGHT}, "o"),
    ]
    assert all(row.imported and row.reviewer == "ann" for row in standing(path))


def test_the_same_file_twice_changes_nothing_and_a_changed_line_counts(path: Path) -> None:
    lines = [
        line(0, {"model": "first", "right": True}),
        line(1, {"model": "first", "right": None}, task=True),
    ]
    bring(path, lines)
    before = standing(path)
    assert bring(path, lines).stored == ("0 judgements stored, 2 already held",)
    assert standing(path) == before
    changed = [line(0, {"model": "first", "right": False}), *lines[1:]]
    assert bring(path, changed).stored == ("1 judgement stored, 1 already held",)
    assert standing(path)[-1].verdict.answers[items(path)[0].candidates[1]] == WRONG
    # Another reviewer's are others; a line may name its own.
    named = [line(0, {"model": "first", "right": True}, reviewer="cid")]
    bring(path, [*named, *lines], "bob")
    assert {row.reviewer for row in standing(path)} == {"ann", "bob", "cid"}


def test_an_import_leaves_alone_what_its_reviewer_judged_here(path: Path) -> None:
    [first, *_] = items(path)
    with Project.open(path) as project:
        drawing = project.write_now(lambda c: judgements.draw(c, "ann")).id
        verdict = Verdict(True, None, {first.candidates[0]: RIGHT})
        project.write_now(lambda c: judgements.judge(c, "ann", first.id, verdict, drawing))
    lines = [line(0, {"model": "first", "right": False}, task=True)]
    bring(path, lines)
    [row] = standing(path)
    assert row.verdict.answers[first.candidates[1]] == RIGHT
    assert bring(path, lines).stored == ("0 judgements stored, 1 already held",)


def test_what_is_exported_comes_in_again_unchanged(path: Path, tmp_path: Path) -> None:
    bring(path, [
        line(0, {"model": "first", "right": True}, {"model": "second", "right": None}, task=True, fits=False),
        line(1, {"output": "no", "grade": "D"}, note="näh"),
        line(1, {"output": "no", "right": True}, reviewer="bob"),
    ])  # fmt: skip
    before = standing(path)
    out = tmp_path / "out.jsonl"
    with Project.open(path, read_only=True) as project:
        assert export_stage(project, out, "judgements").rows == 3
    again = import_files.judgements(Source(out), partial(project_at, path), "nobody")
    assert again.stored == ("0 judgements stored, 3 already held",)
    other = tmp_path / "other.db"
    with Project.open(other, create=True) as project:
        project.write_now(fill)
    import_files.judgements(Source(out), partial(project_at, other), "nobody")
    assert [(row.reviewer, row.verdict) for row in standing(other)] == [
        (row.reviewer, row.verdict) for row in before
    ]


def test_fields_of_other_names_are_named_also_inside_an_output_and_in_a_table(path: Path) -> None:
    answers = [{"by": {"name": "first"}, "correct": True}, {"by": {"name": "second"}}]
    table = path.with_suffix(".csv")
    with table.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows(
            [["Question", "input", "OK", "answers"], ["Task 0.", "in", "yes", json.dumps(answers)]]
        )
    columns = {"instruction": "question", "task": "OK", "outputs": "answers"}
    columns |= {"model": "by.name", "right": "correct"}
    done = import_files.judgements(Source(table, columns), partial(project_at, path), "ann")
    assert done.stored == ("1 judgement stored",)
    [row] = standing(path)
    one = items(path)[0].candidates
    assert row.verdict == Verdict(True, None, {one[0]: RIGHT, one[1]: RIGHT})
    with pytest.raises(IntakeError, match="no column 'Frage'"):
        bad = Source(table, {"instruction": "Frage"})
        import_files.judgements(bad, partial(project_at, path), "ann")


def test_items_are_told_apart_by_the_turns_before_them(tmp_path: Path) -> None:
    path = tmp_path / "turns.db"
    said = [(Turn("user", "Name a river."), Turn("assistant", name)) for name in ("Nile", "Oder")]

    def answered(c: Connection) -> None:
        held = Import(c, "x")
        for turns in said:
            outputs = tuple(GivenOutput(name, name) for name in ("first", "second"))
            held.add([GivenCandidates("And its length?", "", outputs, to_json(turns))])
        held.finish()

    with Project.open(path, create=True) as project:
        project.write_now(answered)
    spoken = [[{"role": turn.role, "content": turn.text} for turn in turns] for turns in said]
    task = {"instruction": "And its length?", "outputs": [{"model": "first", "right": True}]}
    done = bring(path, [{**task, "turns": spoken[1]}, task, {**task, "turns": spoken[1][:1]}])
    assert done.stored == ("1 judgement stored, 2 lines set aside",)
    assert [bad.what for bad in done.aside.first_bad] == [
        "Several items have this instruction and input, after other turns",
        "The project has no item with this instruction and input after these turns",
    ]
    assert [row.instance_id for row in standing(path)] == [items(path)[1].id]
    out = tmp_path / "out.jsonl"
    with Project.open(path, read_only=True) as project:
        assert export_stage(project, out, "judgements").rows == 1
    again = import_files.judgements(Source(out), partial(project_at, path), "nobody")
    assert again.stored == ("0 judgements stored, 1 already held",)


@pytest.mark.parametrize(
    ("bad", "what"),
    [
        ('{"instruction": "Task 0."', "line 1"),
        ({"input": "in", "task": True}, "it has no instruction"),
        ({"instruction": "Task 0.", "input": "in"}, "it judges nothing"),
        (
            {"instruction": "Elsewhere.", "input": "in", "task": True},
            "no item with this instruction and input",
        ),
        (line(0, {"right": True}), "output 1: it names neither model nor output"),
        (line(0, {"model": "first", "right": "yes"}), "'right' must be true, false or null"),
        (line(0, {"model": "first", "grade": "E"}), "grade 'E' is not known"),
        (line(0, {"model": "first", "grade": "A", "right": False}), "grade A contradicts 'right'"),
        (line(0, {"model": "third", "right": True}), "none of these answers"),
        (line(0, "first"), "output 1 is not a JSON object"),  # type: ignore[arg-type]
        ({**line(0), "outputs": {"first": True}}, "'outputs' must be a list"),
        (line(0, {"model": "first", "right": True}, turns=["hello"]), "a turn of 'turns' is not"),
    ],
)
def test_a_line_that_cannot_be_used_is_named_and_the_others_are_stored(
    path: Path, bad: object, what: str
) -> None:
    done = bring(path, [bad, line(1, {"model": "first", "right": True})])
    [aside] = done.aside.first_bad
    assert isinstance(aside, BadLine)
    assert aside.line == 1
    assert what in str(aside)
    assert [row.instance_id for row in standing(path)] == [items(path)[1].id]
