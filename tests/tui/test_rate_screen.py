"""Rate: two models' answers side by side, without their names until the end."""

from __future__ import annotations

from pathlib import Path

from app.run.rating import comparison, result
from app.store.project import Project
from tests.run.evaluated_project import ANSWERS, evaluate
from tests.tui.conftest import Drive
from tests.tui.visible_text import seen, settle, squeezed


async def test_the_better_answer_is_named_by_a_key_and_models_at_the_end(
    drive: Drive, tmp_path: Path, size: tuple[int, int]
) -> None:
    path = evaluate(tmp_path / "eval.db")
    async with drive(path, size) as pilot:
        assert "v rate two models' answers" in squeezed(pilot.app)
        await pilot.press("v")
        await settle(pilot)
        for number in (1, 2, 3):
            text = seen(pilot.app)
            assert f"Rate {number} of 3" in squeezed(pilot.app)
            assert "alpha" not in text and "beta" not in text
            [at] = [at for at in range(4) if f"task {at}" in text]
            [line] = [line for line in text.splitlines() if ANSWERS["alpha"][at] in line]
            assert ANSWERS["beta"][at] in line, "side by side"
            alpha_first = line.index(ANSWERS["alpha"][at]) < line.index(ANSWERS["beta"][at])
            await pilot.press("b" if number == 3 else "1" if alpha_first else "2")
            await settle(pilot)
        text = squeezed(pilot.app)
        assert "3 ratings" in text and "alpha model was better in 100% (34–100) of the 2 tasks" in text
        assert "1 of 4 tasks got the same answer by both" in text
        await pilot.press("u")
        await settle(pilot)
        assert "Rate 3 of 3" in squeezed(pilot.app) and "alpha" not in seen(pilot.app)
        await pilot.press("ctrl+r")
        await settle(pilot)
        assert "3 ratings" in squeezed(pilot.app)
    with Project.open(path, read_only=True) as project:
        said = project.read(lambda c: result(c, comparison(c).pair))
    assert said.verdicts == {"first": 2, "both": 1}
