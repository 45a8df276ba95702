"""Random sequences of keys in the real app, with undo, redo and restarts, against the store's model."""

from __future__ import annotations

import asyncio
import contextvars
import shutil
import tempfile
from collections.abc import Coroutine
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import Phase
from hypothesis import strategies as st
from hypothesis.stateful import invariant, precondition, rule

from app.store import decisions, review_state
from app.store.connection import Connection
from app.store.review_state import STATUS_OF, ReviewState
from app.store.views import ReviewItem
from app.tui.app import QuorumApp
from app.tui.candidates import editing_base
from app.tui.memory import Memory
from app.tui.screens.review import ReviewScreen
from tests.store.long_runs import CountedMachine, make_long_runs
from tests.store.state_machine import Desk, Said
from tests.tui.filled_projects import fill
from tests.tui.visible_text import settle

RUNS = 12
reviewers = st.sampled_from(("ann", "bob"))


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The project of five tasks that other tests of the screens use."""
    path = tmp_path_factory.mktemp("machine") / "template.db"
    fill(path)
    return path


class Machine(CountedMachine):
    """Presses keys; the model is told what they must have meant to the item that is shown."""

    template: Path

    def __init__(self) -> None:
        super().__init__()
        self.steps = 0
        self.folder = Path(tempfile.mkdtemp())
        self.path = Path(shutil.copyfile(self.template, self.folder / "made.db"))
        self.desk = Desk()
        self.keys: list[str] = []
        self.runner = asyncio.Runner()
        self.context = contextvars.copy_context()
        self.who = "ann"
        self.run(self.open())

    def run(self, work: Coroutine[Any, Any, None]) -> None:
        """Run on the loop and in the context in which the app lives."""
        self.runner.run(work, context=self.context)

    async def open(self) -> None:
        """Start the app as a person would, and go to Review."""
        memory = Memory.load(self.folder / "screens.json")
        self.app = QuorumApp(self.path, self.who, memory=memory, keys=self.folder / "keys.toml")
        self.around = self.app.run_test(size=(80, 24), notifications=True)
        self.pilot = await self.around.__aenter__()
        await settle(self.pilot)
        await self.press("r")

    async def close(self) -> None:
        """Leave the app."""
        await self.app.close_project()
        await self.around.__aexit__(None, None, None)

    def teardown(self) -> None:
        """Leave nothing behind."""
        self.run(self.close())
        self.runner.close()
        shutil.rmtree(self.folder)
        self.lengths.append(self.steps)

    async def press(self, *keys: str) -> None:
        """Press keys and wait until everything has come of them."""
        await self.pilot.press(*keys)
        await settle(self.pilot)

    @property
    def item(self) -> ReviewItem | None:
        """What is shown."""
        assert isinstance(self.app.screen, ReviewScreen)
        return self.app.screen.queue.item

    async def newest(self) -> int:
        """Return the number of the last event."""
        assert self.app.project is not None
        return await self.app.project.fetch(_newest)

    def say(
        self, keys: list[str], action: str, candidate: str | None = None, text: str | None = None
    ) -> None:
        """Press keys that mean one decision on the item that is shown; nothing where there is none."""
        item = self.item
        how = ""
        if item and action in STATUS_OF and item.state.conflict and self._view == "conflicts":
            how = "settle"

        async def work() -> None:
            before = await self.newest()
            await self.press(*keys)
            if item is None:
                assert await self.newest() == before
                return
            assert await self.newest() == before + 1
            answer = text if action == "edit" else _output(item, candidate)
            self.desk.say(
                before + 1, Said(self.who, action, how, {item.instance_id: (candidate, text, answer)})
            )

        self.run(work())

    @property
    def _view(self) -> str:
        return self.app.screen.queue.wanted.view  # type: ignore[attr-defined, no-any-return]

    # ---- keys -------------------------------------------------------------------------------------

    @rule()
    def accept(self) -> None:
        item = self.item
        winner = item.vote.winner_id if item and item.vote else None
        asked = self.app.screen._accept_stale  # type: ignore[attr-defined]
        asks = item is not None and item.stale and item.instance_id not in asked
        self.say(["a", "y"] if asks else ["a"], "accept", winner)

    @rule(number=st.integers(1, 3))
    def choose(self, number: int) -> None:
        chosen = self.item.candidates[number - 1].id if self.item else None
        self.say([str(number)], "choose", chosen)

    @rule()
    def choose_by_cursor(self) -> None:
        item = self.item
        self.say(["right", "enter"], "choose", item.candidates[0].id if item else None)

    @rule(letter=st.sampled_from(("a", "x", "1")))
    def edit(self, letter: str) -> None:
        text, candidate = editing_base(self.item) if self.item else ("", None)
        self.say(["e", letter, "ctrl+s"] if self.item else ["e"], "edit", candidate, text + letter)

    @rule()
    def reject(self) -> None:
        self.say(["x"], "reject")

    @rule(number=st.integers(1, 5))
    def reject_because(self, number: int) -> None:
        keys = ["X", str(number)] if self.item else ["X"]
        self.say(keys, "reject", None, review_state.REJECT_REASONS[number - 1])

    @rule()
    def later(self) -> None:
        self.say(["space"], "later")

    @rule()
    def flag(self) -> None:
        self.say(["f"], "unflag" if self.item and self.item.state.flagged else "flag")

    @rule()
    def note(self) -> None:
        text = f"{self.item.state.note}n" if self.item else ""
        self.say(["m", "n", "ctrl+s"] if self.item else ["m"], "note", None, text)

    @rule(tag=st.sampled_from(("a", "x")))
    def tag(self, tag: str) -> None:
        self.say(
            ["t", "ctrl+u", tag, "enter"] if self.item else ["t"], "tags", None, review_state.tags_text([tag])
        )

    @rule()
    def change_task(self) -> None:
        text = review_state.task_text(f"{self.item.instruction}!", self.item.input) if self.item else None
        self.say(["i", "!", "ctrl+s"] if self.item else ["i"], "task", None, text)

    # What takes long is done more rarely.
    @precondition(lambda self: self.steps % 4 == 3)
    @rule()
    def accept_unanimous(self) -> None:
        """In bulk; over nothing there is nothing to confirm, and escape leaves."""

        async def work() -> None:
            before = await self.newest()
            await self.press("b", "enter", "enter")
            if await self.newest() == before:
                await self.press("escape")
                return
            assert self.app.project is not None
            rows = await self.app.project.fetch(lambda c: _items_of(c, before + 1))
            said = {key: (candidate, None, output) for key, candidate, output in rows}
            for key, candidate, output in rows:
                assert self.desk.state(key).status in ("undecided", "later")
                assert candidate is not None and output == "cold"
            self.desk.say(before + 1, Said(self.who, "accept", "", said))

        self.run(work())

    @rule()
    def undo(self) -> None:
        self.desk.undo(self.who)
        self.run(self.press("u"))

    @rule()
    def redo(self) -> None:
        self.desk.redo(self.who)
        self.run(self.press("ctrl+r"))

    @rule(
        keys=st.lists(
            st.sampled_from(
                ("n", "p", "g", "G", "o 3", "o 4", "v 1", "v 2", "v 6", "d", "l", "M", "pagedown")
            ),
            min_size=1,
            max_size=5,
        )
    )
    def look_about(self, keys: list[str]) -> None:
        self.run(self.press(*" ".join(keys).split()))

    @precondition(lambda self: self.steps % 8 == 7)
    @rule(who=reviewers)
    def restart(self, who: str) -> None:
        self.run(self.close())
        self.who = who
        self.run(self.open())

    # ---- what must hold ---------------------------------------------------------------------------

    @invariant()
    def everything_is_as_the_model_says(self) -> None:
        self.steps += 1
        self.run(self._check())

    async def _check(self) -> None:
        assert self.app.project is not None
        for key, found in (await self.app.project.fetch(_states)).items():
            assert found == self.desk.state(key)
        item = self.item
        if item is not None:
            assert _known(item.state) == self.desk.state(item.instance_id), "what is shown is what is stored"


def _known(state: ReviewState) -> ReviewState:
    return replace(state, task="", rating=None)


def _states(c: Connection) -> dict[str, ReviewState]:
    keys = [row[0] for row in c.execute("SELECT id FROM instances")]
    return {key: _known(decisions.state_of(c, key)) for key in keys}


def _newest(c: Connection) -> int:
    return int(c.execute("SELECT COALESCE(MAX(seq), 0) FROM events").fetchone()[0])


def _items_of(c: Connection, event: int) -> list[tuple[str, str | None, str]]:
    sql = """SELECT i.instance_id, i.candidate_id, x.output FROM event_items i
             LEFT JOIN candidates x ON x.id = i.candidate_id WHERE i.event = ?"""
    return [tuple(row) for row in c.execute(sql, (event,))]


def _output(item: ReviewItem, candidate: str | None) -> str | None:
    return next((one.output for one in item.candidates if one.id == candidate), None)


def test_any_keys_in_any_order(template: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TEXTUAL_ANIMATIONS", "none")
    Machine.template = template
    # A failure is shown as it was found: to make it small would press keys for many minutes.
    make_long_runs(Machine, RUNS, phases=(Phase.reuse, Phase.generate))
