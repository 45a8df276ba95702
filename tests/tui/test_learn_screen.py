"""Learning by keys: what is learned is shown, and Enter votes by it."""

from __future__ import annotations

from pathlib import Path

from app.bench import worlds
from app.store import fits
from app.store.project import Project
from app.tui.app import QuorumApp
from tests.run.judged_projects import ballots, judge, made
from tests.tui.visible_text import settle, squeezed

TASKS = worlds.siblings(30, 3)


async def test_l_on_home_shows_what_was_learned_and_enter_votes_by_it(tmp_path: Path) -> None:
    path = tmp_path / "answers.db"
    with made(path, TASKS) as project:
        project.write_now(lambda c: judge(c, TASKS, 20))
    app = QuorumApp(path)
    async with app.run_test(size=(120, 40), notifications=True) as pilot:
        await settle(pilot)
        await pilot.press("L")
        await settle(pilot)
        text = squeezed(app)
        assert "from 20 judged items" in text and "all 20 judged" in text and "vote by it" in text
        await pilot.press("enter")
        await settle(pilot)
        assert "30 items voted on again" in squeezed(app)
    with Project.open(path, read_only=True) as opened:
        assert {one.vote.rule for one in opened.read(ballots) if one.vote} == {"learned"}
        assert opened.read(lambda c: fits.get(c, None)).judged == 20


async def test_with_too_few_judgements_it_says_what_to_do_and_enter_does_nothing(tmp_path: Path) -> None:
    path = tmp_path / "answers.db"
    made(path, TASKS[:4]).close()
    app = QuorumApp(path)
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await pilot.press("L")
        await settle(pilot)
        assert "Too few items were judged to learn from: 0." in squeezed(app)
        await pilot.press("enter", "escape")
        await settle(pilot)
        assert "Home" in squeezed(app)
    with Project.open(path, read_only=True) as opened:
        assert not opened.read(fits.exists)
