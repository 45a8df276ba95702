"""Learning by keys: what is learned is shown, and Enter votes by it."""

from __future__ import annotations

from pathlib import Path

from app.bench import worlds
from app.errors import ProjectError
from app.run.learn import expected, learn
from app.store import fits
from app.store.project import Project
from app.tui.app import QuorumApp
from tests.run.judged_projects import ME, ballots, judge, made
from tests.tui.test_unreadable import failing
from tests.tui.visible_text import seen, settle, squeezed

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
        with failing(Project, "_commit", ProjectError("The disk is failing.", "Look at it.")):
            await pilot.press("enter")
            await settle(pilot)
            assert "The disk is failing." in squeezed(app)
            await pilot.press("escape")
            await settle(pilot)
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


async def test_learning_is_offered_at_the_end_of_judging_and_on_the_card_with_what_it_gains(
    tmp_path: Path, size: tuple[int, int]
) -> None:
    path = tmp_path / "answers.db"
    with made(path, TASKS) as project:
        project.write_now(lambda c: judge(c, TASKS, 20))
        gain = project.read(expected)
    assert gain is not None and gain.all is not None
    points = f"{100 * gain.all.gain.value:+.0f} points ({100 * gain.all.gain.low:+.0f} to"
    app = QuorumApp(path, ME)
    async with app.run_test(size=size) as pilot:
        await settle(pilot)
        await pilot.press("j")
        await settle(pilot)
        assert "20 items judged" in squeezed(app) and points in squeezed(app)
        await pilot.press("R")
        await settle(pilot)
        assert points in squeezed(app)
        await pilot.press(*["pagedown"] * 8)
        await settle(pilot)
        assert "what learning would give" in squeezed(app)
        assert any(sign in seen(app) for sign in "◇◆")
        await pilot.press("L")
        await settle(pilot)
        assert "vote by it" in squeezed(app)
        await pilot.press("enter")
        await settle(pilot)
    with Project.open(path, read_only=True) as opened:
        assert opened.read(fits.exists)


async def test_review_says_how_many_judgements_are_not_learned_from_and_l_learns_from_them(
    tmp_path: Path,
) -> None:
    path = tmp_path / "answers.db"
    with made(path, TASKS) as project:
        project.write_now(lambda c: judge(c, TASKS, 20))
        project.write_now(lambda c: fits.save(c, learn(c).fit))
        project.write_now(lambda c: judge(c, TASKS, 4))
    app = QuorumApp(path, ME)
    async with app.run_test(size=(120, 36)) as pilot:
        await settle(pilot)
        await pilot.press("r")
        await settle(pilot)
        assert "4 judgements since the fit: L" in squeezed(app)
        await pilot.press("L")
        await settle(pilot)
        await pilot.press("enter")
        await settle(pilot)
        assert "since the fit" not in squeezed(app) and "right with" in squeezed(app)
    with Project.open(path, read_only=True) as opened:
        assert opened.read(lambda c: fits.get(c, None)).judged == 24
