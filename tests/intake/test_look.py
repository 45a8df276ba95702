"""A look at a file before it is imported."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from app.errors import IntakeError
from app.intake import look as looking
from app.intake.look import UNNAMED, Row, look, named_columns

DOLLY = {"instruction": "When was the mill built?", "context": "Built in 1841.", "response": "In 1841."}
TWO = {
    "instruction": "Name a sea.",
    "outputs": [{"model": "a", "output": "Baltic"}, {"model": "b", "output": "?"}],
}
DECIDED = {"item": 17, "decision": "reject", "reason": "wrong", "note": "see 4"}


def write(path: Path, *rows: Any) -> Path:
    path.write_text("\n".join(row if isinstance(row, str) else json.dumps(row) for row in rows), "utf-8")
    return path


@pytest.mark.parametrize(
    ("row", "kinds"),
    [
        (DOLLY, ["seeds", "candidates"]),
        (TWO, ["candidates", "seeds"]),
        (DECIDED, ["decisions"]),
        ({**DOLLY, "decision": "choose", "output": "In 1841."}, ["decisions", "seeds", "candidates"]),
        ({"instruction": "Wait."}, ["seeds"]),
    ],
)
def test_a_file_can_be_imported_as_what_it_holds_the_likeliest_first(
    tmp_path: Path, row: dict[str, Any], kinds: list[str]
) -> None:
    assert [one.what for one in look(write(tmp_path / "x.jsonl", row))] == kinds


def test_a_look_says_what_was_read_as_what_and_what_would_be_left_out(tmp_path: Path) -> None:
    rows = [{**DOLLY, "instruction": f"{number}?", "category": "qa"} for number in range(7)]
    seeds, candidates = look(write(tmp_path / "x.jsonl", *rows, rows[0], "{"))
    assert str(seeds.account) == (
        "read as Dolly: instruction, context → input, response → output; not taken over: category (8); "
        "1 repeats an earlier line (first: 8)"
    )
    assert seeds.whole and seeds.account.entries == 9 and seeds.account.bad == 1 and seeds.usable == 7
    assert seeds.rows == tuple(Row(f"{at}?", "Built in 1841.", (("", "In 1841."),)) for at in range(5))
    assert candidates.nameless and candidates.rows[0].answers == ((UNNAMED, "In 1841."),)


def test_further_answers_are_left_out_of_seeds_and_kept_as_candidates(tmp_path: Path) -> None:
    candidates, seeds = look(write(tmp_path / "x.jsonl", TWO))
    assert candidates.rows[0].answers == (("a", "Baltic"), ("b", "?")) and not candidates.nameless
    assert seeds.rows[0].answers == (("", "Baltic"),)
    assert "not taken over: further outputs (1)" in str(seeds.account)


def test_references_are_counted_and_not_shown(tmp_path: Path) -> None:
    task = {"Definition": ["Sort it."], "Instances": [{"input": "b a", "output": ["a b", "a, b"]}]}
    seeds = look(write(tmp_path / "x.json", task))[0]
    assert seeds.rows == (Row("Sort it.", "b a", (), references=2),)


def test_a_decision_is_shown_in_its_own_words(tmp_path: Path) -> None:
    [decisions] = look(write(tmp_path / "x.jsonl", DECIDED))
    assert decisions.rows == (Row("#0017", decision="reject · wrong · see 4"),)


def test_only_the_beginning_of_a_long_file_is_looked_at(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(looking, "MOST_ENTRIES", 300)
    path = write(tmp_path / "x.txt", *(f"Say {number}." for number in range(2_000)))
    [seeds] = look(path)
    assert not seeds.whole and 300 < seeds.account.entries < 600 and seeds.usable == seeds.account.entries
    long = write(tmp_path / "y.txt", *("x" * 9_000_000 for _ in range(9)))
    assert look(long)[0].account.entries < 4


def test_a_look_can_be_ended(tmp_path: Path) -> None:
    path = write(tmp_path / "x.txt", *(f"Say {number}." for number in range(2_000)))
    with pytest.raises(IntakeError):
        look(path, stopped=lambda: True)


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        (['{"x":', '{"y"'], "line 1: this is not JSON"),
        ([{"question": "Who?"}], "it has no known form; its fields: question"),
        ([], "holds no task"),
    ],
)
def test_a_file_of_which_nothing_can_be_used_says_why(tmp_path: Path, rows: list[Any], message: str) -> None:
    with pytest.raises(IntakeError, match=message):
        look(write(tmp_path / "x.jsonl", *rows))


def test_fields_are_named_as_somebody_types_them(tmp_path: Path) -> None:
    assert named_columns("") == {}
    assert named_columns("instruction=Question (short, clear), output = Answer;kind=k") == {
        "instruction": "Question (short, clear)",
        "output": "Answer",
        "kind": "k",
    }
    for wrong in ("Question", "instruction=", "colour=x output=y"):
        with pytest.raises(IntakeError, match="does not say which field is what"):
            named_columns(wrong)
    path = write(tmp_path / "x.csv", "Question,Answer", "Who?,Me.")
    with pytest.raises(IntakeError, match="no column for the instruction"):
        look(path)
    [row] = look(path, named_columns("instruction=question, output=answer"))[0].rows
    assert row == Row("Who?", "", (("", "Me."),))
