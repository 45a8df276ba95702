from __future__ import annotations

import json
from pathlib import Path

import pytest

from app.export.audit import certificates
from app.export.request import request
from app.store.project import Project
from tests.hostile import HOSTILE
from tests.tui.conftest import Drive
from tests.tui.filled_projects import MODELS, Task, fill
from tests.tui.visible_text import lines_of, seen, settle, squeezed

ROWS = 60


@pytest.fixture
def many(tmp_path: Path) -> Path:
    """A project whose sixty rows all go out."""
    path = tmp_path / "many.db"
    answers = [f"the answer {place}" for place in range(ROWS)]
    fill(path, [Task(f"Task {place}.", f"input {place}", (said,) * 3) for place, said in enumerate(answers)])
    return path


async def test_rows_are_judged_by_keys_and_the_band_narrows(
    drive: Drive, many: Path, size: tuple[int, int]
) -> None:
    async with drive(many, size) as pilot:
        await pilot.press("E")
        await settle(pilot)
        await pilot.press("A")
        await settle(pilot)
        text = squeezed(pilot.app)
        assert "Audit 0 of 60 rows judged" in text and "at least" not in text and "├" not in text
        first = squeezed(pilot.app)
        await pilot.press("y")
        await settle(pilot)
        assert "judged 1: 1 right" in squeezed(pilot.app) and "├" in seen(pilot.app)
        await pilot.press(*"yyyyyyyyy", "n")
        await settle(pilot)
        text = squeezed(pilot.app)
        assert (
            "judged 11: 10 right, 1 wrong · 95% confidence whenever you stop right at least" in text
            and "of 59 rows" in text
        )
        await pilot.press(*["u"] * 11)
        await settle(pilot)
        assert squeezed(pilot.app) == first
        await pilot.press("u")
        await settle(pilot)
        assert "Nothing to undo." in squeezed(pilot.app)


async def test_everything_judged_is_everything_known(drive: Drive, project: Path) -> None:
    async with drive(project) as pilot:
        await pilot.press("E")
        await settle(pilot)
        await pilot.press("A")
        await settle(pilot)
        await pilot.press("y", "n", "y", "y")
        await settle(pilot)
        text = squeezed(pilot.app)
        assert "Every row has been judged" in text
        assert "right at least 2 (100.0%) and at most 2 (100.0%) of 2 rows" in text


async def test_undo_goes_on_after_a_restart(drive: Drive, many: Path) -> None:
    async with drive(many) as pilot:
        await audit(pilot)
        await pilot.press("y", "n")
        await settle(pilot)
    async with drive(many) as pilot:
        await audit(pilot)
        assert "judged 2: 1 right, 1 wrong" in squeezed(pilot.app)
        await pilot.press("u")
        await settle(pilot)
        assert "judged 1: 1 right ·" in squeezed(pilot.app)
        await pilot.press("ctrl+r")
        await settle(pilot)
        assert "judged 2: 1 right, 1 wrong" in squeezed(pilot.app)


@pytest.mark.parametrize("keys", ["", "y", "n", "yu", "nynu", "yyn", "   ", "<>"])
async def test_no_model_winner_or_score_is_ever_shown(drive: Drive, project: Path, keys: str) -> None:
    async with drive(project) as pilot:
        await audit(pilot)
        for key in keys:
            await pilot.press({" ": "space", "<": "less_than_sign", ">": "greater_than_sign"}.get(key, key))
            await settle(pilot)
            text = squeezed(pilot.app)
            assert not any(name in text for name in MODELS)
            assert not any(word in text for word in ("winner", "support", "score", "writer", "exact", "#0"))


async def test_what_is_found_wrong_is_not_exported_and_the_export_says_who_audited(
    drive: Drive, many: Path
) -> None:
    async with drive(many) as pilot:
        await audit(pilot)
        await pilot.press(*"yyyyyyyyy", "n")
        await settle(pilot)
        await pilot.press("escape", "ctrl+s")
        await settle(pilot)
        text = squeezed(pilot.app)
        assert "59 rows written" in text and "1 left out found wrong in an audit" in text
        assert "ann judged 10 of 60 rows, drawn at random" in text
    assert len(lines_of("many.jsonl")) == ROWS - 1


async def test_a_long_answer_can_be_read_in_full(drive: Drive, tmp_path: Path, size: tuple[int, int]) -> None:
    path = tmp_path / "long.db"
    said = "\n".join(f"line {place}" for place in range(90)) + "\nthe end"
    fill(path, [Task("List them.", "", (said,) * 3)])
    async with drive(path, size) as pilot:
        await audit(pilot)
        assert "more lines" in seen(pilot.app) and "the end" not in seen(pilot.app)
        await pilot.press(*["space"] * 12)
        await settle(pilot)
        assert "the end" in seen(pilot.app) and "more line" not in seen(pilot.app)


async def test_hostile_texts_are_shown_literally(drive: Drive, tmp_path: Path) -> None:
    path = tmp_path / "hostile.db"
    fill(
        path,
        [Task(f"{place} {text}", text, (text,) * 3) for place, text in enumerate([*HOSTILE.values()][:8])],
    )
    async with drive(path) as pilot:
        await audit(pilot)
        for _ in range(8):
            seen(pilot.app)
            await pilot.press("y")
            await settle(pilot)


async def test_nothing_to_audit_is_said(drive: Drive, tmp_path: Path) -> None:
    path = tmp_path / "none.db"
    fill(path, [])
    async with drive(path) as pilot:
        await audit(pilot)
        assert "There is nothing to audit" in squeezed(pilot.app)


async def test_two_people_audit_for_themselves(drive: Drive, many: Path) -> None:
    async with drive(many, reviewer="ann") as pilot:
        await audit(pilot)
        await pilot.press("y", "y", "n")
        await settle(pilot)
    async with drive(many, reviewer="bob") as pilot:
        await audit(pilot)
        assert "0 of 59 rows judged" in squeezed(pilot.app)
        await pilot.press("y")
        await settle(pilot)
    with Project.open(many, read_only=True) as opened:
        found = opened.read(lambda c: certificates(c, request("alpaca-jsonl")))
    assert [(one.drawing.reviewer, one.bound.drawn, one.bound.wrong) for one in found] == [
        ("ann", 3, 1),
        ("bob", 1, 0),
    ]
    assert json.dumps([one.bound.rows for one in found]) == "[60, 59]"


async def audit(pilot) -> None:  # type: ignore[no-untyped-def]
    """Open the audit of what Export would write."""
    await pilot.press("E")
    await settle(pilot)
    await pilot.press("A")
    await settle(pilot)
