from __future__ import annotations

import shutil
from pathlib import Path
from sqlite3 import Connection

import pytest
from textual.widgets import Input

from app.engine.catalog import BundledModels
from app.intake.given import GoodLine
from app.method.audition import Audition, Score
from app.method.recipe import Recipe, load, source
from app.run import audition, ensemble, styles
from app.run.import_candidates import import_candidates
from app.run.plan import DEFAULT_TARGET
from app.store import runs
from app.store.imported import GivenCandidates, GivenOutput
from app.store.project import Project
from app.store.rows import ModelRow, NewRun, NewRunModel, NewSeed
from app.tui.app import QuorumApp
from app.tui.screens.new_run import NewRunScreen
from app.tui.widgets.choices import Pick
from app.tui.widgets.models import ModelList
from tests.tui.conftest import Drive
from tests.tui.test_home_screen import keys
from tests.tui.visible_text import files, seen, settle, squeezed


async def test_the_form_shows_what_the_default_run_is_made_of(
    drive: Drive, bundled_models: BundledModels, size: tuple[int, int]
) -> None:
    async with drive(None, size) as pilot:
        await pilot.press("n")
        await settle(pilot)
        text = squeezed(pilot.app)
        assert "● ensemble-instruct" in text
        assert text.count("● writes") == 1 and text.count("■ answers") == 2
        assert "needs 0." in text and "GB free" in text
        assert "context in tokens: Quorum Writer 1,024; Quorum Chat 512; Quorum T5 512" in text
        assert "instructions 24" in text and "quorum.db" in text


async def test_the_form_says_what_does_not_fit_and_what_is_measured_first(
    drive: Drive, bundled_models: BundledModels, monkeypatch: pytest.MonkeyPatch, size: tuple[int, int]
) -> None:
    monkeypatch.setattr(ensemble, "worth_calibrating", lambda _header: True)
    monkeypatch.setattr(ensemble, "available_memory", lambda: 500_000_000)
    async with drive(None, size) as pilot:
        await pilot.press("n")
        await settle(pilot)
        text = squeezed(pilot.app)
        assert "! needs 0.3 of 0.5 GB free, taking turns" in text
        assert "3 models measured first, once: at most" in text
    monkeypatch.setattr(ensemble, "available_memory", lambda: 100_000_000)
    async with drive(None, size) as pilot:
        await pilot.press("n")
        await settle(pilot)
        assert "quorum-writer.q8_0.gguf needs 0.2 GB of memory" in squeezed(pilot.app)


async def test_the_form_says_how_models_are_asked_and_who_is_auditioned_first(
    drive: Drive, bundled_models: BundledModels, monkeypatch: pytest.MonkeyPatch, size: tuple[int, int]
) -> None:
    score = Score("few-shot", 40, 0.6, 0.55, 0.6, 1.0, 0.0, 0.0, 0.1, 0.0)
    heard = ("ensemble-instruct", Audition((score,), 40))
    monkeypatch.setattr(styles, "SMALL_MODEL", 0)
    monkeypatch.setattr(audition, "latest", lambda header: None if header.encoder_decoder else heard)
    async with drive(None, size) as pilot:
        await pilot.press("n")
        await settle(pilot)
        text = squeezed(pilot.app)
        assert "Quorum Chat: few-shot: 55% of 40 answers exact" in text
        # One of the T5 as an answerer, one of the writer.
        assert "2 auditions first, once: at most ≈ 2 min each if nothing else runs; press c to skip" in text


async def test_recipes_of_ones_own_are_taken_from_the_folder(
    drive: Drive, bundled_models: BundledModels, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    mine = source("ensemble-instruct").replace('title = "Ensemble-Instruct"', 'title = "My own way"')
    (tmp_path / "mine.toml").write_text(mine)
    (tmp_path / "worse.toml").write_text(mine.replace("share_a = ", "share_a = 7 #"))
    (tmp_path / "pyproject.toml").write_text("[project]\nname = 'other'\n")
    async with drive() as pilot:
        await pilot.press("n")
        await settle(pilot)
        recipes = pilot.app.screen.query_one("#new-recipe", Pick)
        recipes.focus()
        await pilot.press("home")
        text = squeezed(pilot.app)
        assert "mine.toml My own way" in text and "pyproject" not in text
        assert "worse.toml is not valid" in text
        await pilot.press("down", "enter")
        await settle(pilot)
        assert "share_a" in squeezed(pilot.app)
        await pilot.press("up", "enter")
        await settle(pilot)
        assert "● mine.toml" in squeezed(pilot.app) and "GB free" in squeezed(pilot.app)


async def test_parts_are_given_by_keys_and_an_encoder_decoder_cannot_write(
    drive: Drive, bundled_models: BundledModels
) -> None:
    async with drive() as pilot:
        await pilot.press("n")
        await settle(pilot)
        models = pilot.app.screen.query_one(ModelList)
        models.focus()
        await pilot.press("down", "w", "space")
        await settle(pilot)
        assert models.casting.writer == bundled_models.answerers[0]
        assert models.casting.answerers == [bundled_models.answerers[1]]
        await pilot.press("down", "w")
        await settle(pilot)
        assert "This model cannot write tasks" in squeezed(pilot.app)
        assert models.casting.writer == bundled_models.answerers[0]


async def test_a_run_without_answerers_or_with_a_wrong_number_is_not_started(
    drive: Drive, bundled_models: BundledModels
) -> None:
    async with drive() as pilot:
        await pilot.press("n")
        await settle(pilot)
        pilot.app.screen.query_one("#new-target").value = "0"  # type: ignore[attr-defined]
        await pilot.press("ctrl+s")
        await settle(pilot)
        assert "needs a whole number of at least 1" in squeezed(pilot.app)
        await pilot.press("escape")
        pilot.app.screen.query_one("#new-target").value = "3"  # type: ignore[attr-defined]
        pilot.app.screen.query_one("#new-samples").focus()
        await pilot.press("1", "enter")
        await settle(pilot)
        assert "'1' is not a number of samples" in squeezed(pilot.app)
        await pilot.press("escape", "backspace")
        pilot.app.screen.query_one(ModelList).focus()
        await pilot.press("down", "space", "down", "space", "ctrl+s")
        await settle(pilot)
        assert "No answerer selected." in squeezed(pilot.app)
        assert isinstance(pilot.app, QuorumApp) and pilot.app.project is None
    assert files() == []


async def test_a_model_file_can_be_added_and_a_broken_one_says_why(
    drive: Drive, bundled_models: BundledModels, tmp_path: Path
) -> None:
    good = tmp_path / "mine.gguf"
    shutil.copy(bundled_models.writer, good)
    bad = tmp_path / "bad.gguf"
    bad.write_text("<html>not found</html>")
    async with drive() as pilot:
        await pilot.press("n")
        await settle(pilot)
        for path in (good, bad):
            await pilot.press("m", *keys(str(path)), "enter")
            await settle(pilot)
        casting = pilot.app.screen.query_one(ModelList).casting
        assert [one.path.name for one in casting.files][-2:] == ["mine.gguf", "bad.gguf"]
        assert "✗ bad.gguf" in seen(pilot.app)


@pytest.mark.parametrize("text", ["nothing-here.jsonl", "~nobody-here/seeds.jsonl"])
async def test_seed_tasks_that_cannot_be_read_are_an_error(
    drive: Drive, bundled_models: BundledModels, text: str
) -> None:
    async with drive() as pilot:
        await pilot.press("n")
        await settle(pilot)
        pilot.app.screen.query_one("#new-seeds").value = text  # type: ignore[attr-defined]
        await pilot.press("ctrl+s")
        await settle(pilot)
        assert "This did not work" in seen(pilot.app)


def begun(path: Path, recipe: Recipe, writer: Path, answerers: tuple[Path, ...], state: str = "done") -> None:
    parts = [NewRunModel(file.stem, "answerer", "chat", at) for at, file in enumerate(answerers, 1)]
    with Project.open(path, create=True) as made:

        def put_in(c: Connection) -> None:
            for file in {writer, *answerers}:
                runs.add_model(c, ModelRow(file.stem, file.stem, str(file), 1_000, "llama", "Q8_0"))
            writes = NewRunModel(writer.stem, "writer", "few-shot", 0)
            new = NewRun(recipe.name, recipe.to_json(), recipe.recipe_hash, 3, 7, (writes, *parts))
            run = runs.create(c, new)
            runs.set_seeds(c, run.id, [NewSeed("B", "", "Say hi.", "", "hi")])
            runs.set_state(c, run.id, state)

        made.write_now(put_in)


async def test_a_new_run_begins_with_what_the_newest_run_had(
    drive: Drive, bundled_models: BundledModels, tmp_path: Path
) -> None:
    path, recipe = tmp_path / "had.db", load("self-instruct")
    chat, t5 = bundled_models.answerers
    begun(path, recipe, chat, (t5,))
    async with drive(path) as pilot:
        await pilot.press("n")
        await settle(pilot)
        screen = pilot.app.screen
        casting = screen.query_one(ModelList).casting
        assert (casting.writer, casting.answerers) == (chat, [t5])
        text = squeezed(pilot.app)
        assert "● self-instruct" in text and "those of the newest run" in text
        assert screen.query_one("#new-target", Input).value == str(7 + DEFAULT_TARGET), "a finished run grows"
        assert screen.query_one("#new-seed", Input).value == "3"
        assert isinstance(screen, NewRunScreen)
        again = await screen._plan()
        assert [seed.instruction for seed in again.seeds] == ["Say hi."]
        assert again.recipe == recipe


async def test_a_recipe_that_no_file_holds_is_offered_as_the_newest_run_had_it(
    drive: Drive, bundled_models: BundledModels, tmp_path: Path
) -> None:
    path, recipe = tmp_path / "own.db", load("self-instruct").with_samples({"quorum-t5.q8_0": 5})
    begun(path, recipe, bundled_models.writer, bundled_models.answerers, "stopped")
    async with drive(path) as pilot:
        await pilot.press("n")
        await settle(pilot)
        assert "● self-instruct as in the newest run" in squeezed(pilot.app)
        assert pilot.app.screen.query_one("#new-target", Input).value == "7"
        assert isinstance(pilot.app.screen, NewRunScreen)
        assert (await pilot.app.screen._plan()).recipe == recipe


async def test_models_of_ones_own_play_the_parts_and_get_general_tasks(
    drive: Drive, bundled_models: BundledModels, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = tmp_path / "mine"
    own.mkdir()
    for source_path in (bundled_models.writer, bundled_models.answerers[1]):
        shutil.copy(source_path, own)
    monkeypatch.setenv("QUORUM_MODELS", str(own))
    async with drive() as pilot:
        await pilot.press("n")
        await settle(pilot)
        casting = pilot.app.screen.query_one(ModelList).casting
        assert casting.writer == own / bundled_models.writer.name
        assert casting.answerers == [own / bundled_models.answerers[1].name]
        seeds = pilot.app.screen.query_one("#new-seeds", Input)
        assert seeds.value == "general"
        casting.give(bundled_models.writer, bundled_models.answerers)
        pilot.app.screen.query_one(ModelList).show(casting)
        assert isinstance(pilot.app.screen, NewRunScreen)
        await pilot.app.screen.measure()
        assert seeds.value == "", "the bundled models have tasks of their own"


async def test_bundled_models_are_not_preselected_where_there_is_other_data(
    drive: Drive, bundled_models: BundledModels, tmp_path: Path
) -> None:
    path = tmp_path / "given.db"
    with Project.open(path, create=True) as made:
        outputs = (GivenOutput("a", "hi there"), GivenOutput("b", "hi there"))
        import_candidates(made, "a.jsonl", [GoodLine(1, GivenCandidates("Say hi.", "", outputs))])
    async with drive(path) as pilot:
        await pilot.press("n")
        await settle(pilot)
        casting = pilot.app.screen.query_one(ModelList).casting
        assert casting.writer is None and casting.answerers == []
        assert "Press w to make the highlighted model the writer" in squeezed(pilot.app)
