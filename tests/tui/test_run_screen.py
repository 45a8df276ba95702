"""The Run screen against a scripted session: keys, questions, pace. The real run is in test_road.py."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from app.engine.state import NodeState, ReplicaState
from app.run.progress import (
    LatestText,
    Listener,
    ModelProgress,
    RunSnapshot,
    RunState,
    StageProgress,
    TimeLeft,
)
from app.tui import active_run
from app.tui.app import QuorumApp
from app.tui.host import SnapshotTaken
from app.tui.widgets.models import state_content
from tests.tui.conftest import Drive
from tests.tui.visible_text import files, seen, settle, squeezed, until

STAGES = (
    StageProgress("instructions", 412, 500, 412, {"too_similar": 88, "too_short": 31, "banned_word": 12}),
    StageProgress("instances", 371, 412, 331, {"empty_output": 22, "no_input": 18}),
    StageProgress("answers", 298, 662, 298),
    StageProgress("votes", 149, 331, 121, {"no_agreement": 28}, "37 by equal answers"),
)
MODELS = (
    ModelProgress("mistral-7b", "Q4_K_M", ("writer",), "waiting", 0, 0, 743, 4_900_000_000, 0, ""),
    ModelProgress("qwen2.5-7b", "Q4_K_M", ("answerer",), "working", 8, 61.2, 149, 5_100_000_000, 0, ""),
    ModelProgress(
        "flan-t5-xl", "Q8_0", ("answerer",), "restarting", 0, 0, 149, 0, 2, "killed (out of memory)"
    ),
)
LATEST = (
    LatestText("A", "Rewrite the sentence in the passive voice.", "kept, winner qwen2.5-7b (0.81)"),
    LatestText("B", "Suggest three names for a bookshop.", "dropped, answers do not agree"),
)


def picture(state: RunState = RunState.RUNNING, error: str = "", done: int = 412) -> RunSnapshot:
    first = StageProgress("instructions", done, 500, done, STAGES[0].dropped)
    return RunSnapshot(
        run_number=1,
        recipe="ensemble-instruct",
        state=state,
        target=500,
        stages=(first, *STAGES[1:]),
        models=MODELS,
        latest=LATEST,
        notices=("9 demonstrations",),
        elapsed_seconds=872,
        left=TimeLeft(2460, 2460),
        error=error,
    )


class Script:
    """Stands in for RunSession: shows what it is told to, notes what is asked of it."""

    def __init__(self, project: Any, plan: Any, listener: Listener, site: Any = None) -> None:
        self.listener = listener
        self.asked: list[str] = []
        self.snapshot = picture(RunState.LOADING)
        self.over = asyncio.Event()
        self.calibrating = False

    def show(self, snapshot: RunSnapshot) -> None:
        self.snapshot = snapshot
        self.listener(snapshot)

    def end(self, state: RunState, error: str = "") -> None:
        self.show(picture(state, error))
        self.over.set()

    async def run(self) -> RunSnapshot:
        self.show(picture())
        await self.over.wait()
        return self.snapshot

    def pause(self) -> None:
        self.asked.append("pause")
        self.show(picture(RunState.PAUSED))

    def resume(self) -> None:
        self.asked.append("resume")
        self.show(picture())

    def skip_calibration(self) -> None:
        self.asked.append("skip")
        self.calibrating = False
        self.show(picture())

    def stop_after_wave(self) -> None:
        self.asked.append("stop after wave")
        self.show(picture(RunState.STOPPING))

    async def stop(self) -> None:
        self.asked.append("stop")
        self.end(RunState.STOPPED)


@pytest.fixture(autouse=True)
def scripted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(active_run, "RunSession", Script)


def script(app: Any) -> Script:
    assert isinstance(app, QuorumApp) and isinstance(app.running.session, Script)
    return app.running.session


async def started(pilot: Any) -> Script:
    """Begin a run from Home and wait until the screen shows it."""
    await pilot.press("enter")
    await until(pilot, lambda: "▶ run 1" in seen(pilot.app), "the run")
    return script(pilot.app)


async def test_the_screen_answers_what_a_person_asks_while_waiting(
    drive: Drive, size: tuple[int, int]
) -> None:
    async with drive(None, size) as pilot:
        await started(pilot)
        text = squeezed(pilot.app)
        assert "quorum-first.db" in text
        assert "ensemble-instruct · 00:14:32 · ≈ 41 min left" in text
        assert "412 / 500" in text and "dropped 131: too similar 88, too short 31" in text
        assert "kept 121 · dropped 28: answers do not agree" in text
        assert "▶ working, 8 at once" in text and "61.2" in text
        assert "↻ restarting" in text and "2 restarts · killed (out of memory)" in text
        assert "kept, winner qwen2.5-7b (0.81)" in text
        assert "r review 121 already there" in text
    assert "quorum-first.db" in files()


def test_a_model_that_writes_nothing_yet_reads_its_prompts() -> None:
    reading = replace(MODELS[1], tokens_per_second=0.0)
    assert state_content(reading).plain == "▶ reading, 8 at once"


async def test_a_run_on_a_cluster_shows_its_nodes_replicas_and_what_waits(
    drive: Drive, size: tuple[int, int]
) -> None:
    async with drive(None, size) as pilot:
        session = await started(pilot)
        assert "replica" not in seen(pilot.app)
        replicas = (
            ReplicaState("left 10.0.0.1", "working", 8, 41.5, 97),
            ReplicaState("right 10.0.0.2", "loading", note="receiving the model file, 40%"),
        )
        nodes = (
            NodeState("left 10.0.0.1", lost=False, cpus=16, gpus=4, memory_bytes=64 * 10**9, replicas=1),
            NodeState("right \x1b[2J10.0.0.2", lost=True, cpus=8, gpus=0, memory_bytes=32 * 10**9),
        )
        models = (MODELS[0], replace(MODELS[1], replicas=replicas, waiting=1234), MODELS[2])
        session.show(replace(picture(), nodes=nodes, models=models))
        await until(pilot, lambda: "replicas" in seen(pilot.app), "the nodes")
        text = squeezed(pilot.app)
        assert "left 10.0.0.1 ○ there 16 CPU, 4 GPUs" in text and "✗ lost" in text
        assert "\x1b" not in text
        if size[1] > 24:
            assert "qwen2.5-7b, 1,234 waiting" in text
            assert "on left 10.0.0.1 ▶ working 41.5 97" in text and "receiving the model file, 40%" in text


async def test_measuring_is_shown_and_c_skips_it(drive: Drive, size: tuple[int, int]) -> None:
    async with drive(None, size) as pilot:
        session = await started(pilot)
        assert "skip measuring" not in squeezed(pilot.app)
        await pilot.press("c")
        session.calibrating = True
        activity = "mistral\x1b[2J-7b: 8 at once, 2 threads, flash attention off"
        session.show(replace(picture(RunState.CALIBRATING), activity=activity))
        await until(pilot, lambda: "measuring what is fastest" in squeezed(pilot.app), "the measuring")
        text = squeezed(pilot.app)
        assert "-7b: 8 at once, 2 threads" in text and "\x1b" not in text
        assert "c start now with the defaults" in text
        await pilot.press("c")
        await until(pilot, lambda: "▶ run 1" in squeezed(pilot.app), "the run")
        assert "start now with the defaults" not in squeezed(pilot.app)
        assert session.asked == ["skip"]


async def test_space_holds_the_run_and_lets_it_go_on(drive: Drive) -> None:
    async with drive() as pilot:
        session = await started(pilot)
        assert "Space pause" in squeezed(pilot.app)
        await pilot.press("space")
        await until(pilot, lambda: "‖ run 1 · paused" in squeezed(pilot.app), "the pause")
        assert "Space resume" in squeezed(pilot.app)
        await pilot.press("space")
        await until(pilot, lambda: "▶ run 1" in squeezed(pilot.app), "going on")
        assert session.asked == ["pause", "resume"]


async def test_a_run_is_stopped_after_its_wave_or_now_by_different_keys(drive: Drive) -> None:
    async with drive() as pilot:
        session = await started(pilot)
        await pilot.press("s")
        await until(pilot, lambda: "stopping after this wave" in seen(pilot.app), "stopping")
        await pilot.press("S")
        await until(pilot, lambda: "■ run 1 · stopped" in squeezed(pilot.app), "the stop")
        assert session.asked == ["stop after wave", "stop"]
        assert isinstance(pilot.app, QuorumApp) and not pilot.app.running.going


async def test_leaving_the_screen_stops_nothing_and_home_shows_the_way_back(drive: Drive) -> None:
    async with drive() as pilot:
        session = await started(pilot)
        await pilot.press("escape")
        await settle(pilot)
        assert "watch the run in progress" in squeezed(pilot.app)
        session.show(picture(done=450))
        await pilot.press("enter")
        await until(pilot, lambda: "450 / 500" in seen(pilot.app), "the newest picture")
        assert session.asked == []


async def test_quitting_while_a_run_goes_asks_first(drive: Drive) -> None:
    async with drive() as pilot:
        session = await started(pilot)
        for keys in (("q", "escape"), ("q", "n"), ("q", "enter"), ("ctrl+q", "escape")):
            await pilot.press(keys[0])
            await settle(pilot)
            assert "A run is in progress" in seen(pilot.app)
            await pilot.press(keys[1])
            await settle(pilot)
            assert "A run is in progress" not in seen(pilot.app) and session.asked == []
        await pilot.press("q", "y")
        await until(pilot, lambda: not pilot.app.is_running, "the end of the app")
        assert session.asked == ["stop"]


async def test_a_run_that_fails_says_why_and_how_to_go_on(drive: Drive) -> None:
    async with drive() as pilot:
        session = await started(pilot)
        session.end(RunState.FAILED, "The model mistral-7b died five times. Take another one.")
        await until(pilot, lambda: "✗ run 1 · failed" in squeezed(pilot.app), "the failure")
        text = squeezed(pilot.app)
        assert "The model mistral-7b died five times. Take another one." in text
        assert "r review" in text


async def test_when_it_is_done_review_is_one_key_away(drive: Drive) -> None:
    async with drive() as pilot:
        session = await started(pilot)
        session.end(RunState.DONE)
        await until(pilot, lambda: "✓ run 1 · done" in squeezed(pilot.app), "the end")
        assert "r review 121 results" in squeezed(pilot.app)
        await pilot.press("r")
        await settle(pilot)
        assert "Review" in seen(pilot.app).splitlines()[0]


async def test_no_second_run_is_started_beside_one_that_goes(drive: Drive) -> None:
    async with drive() as pilot:
        session = await started(pilot)
        await pilot.press("escape", "n")
        await settle(pilot)
        await pilot.press("ctrl+s")
        await settle(pilot)
        assert "A run is already in progress." in squeezed(pilot.app)
        assert script(pilot.app) is session


async def test_another_project_is_not_opened_under_a_run(drive: Drive, project: Path) -> None:
    async with drive() as pilot:
        session = await started(pilot)
        assert isinstance(pilot.app, QuorumApp)
        await pilot.app.open_project(project)
        await settle(pilot)
        assert "A run is in progress in the open project." in squeezed(pilot.app)
        assert script(pilot.app) is session


async def test_a_flood_of_pictures_is_shown_at_a_calm_pace(drive: Drive) -> None:
    async with drive() as pilot:
        session = await started(pilot)
        taken: list[int] = []
        screen = pilot.app.screen
        post = screen.post_message

        def counted(message: Any) -> bool:
            if isinstance(message, SnapshotTaken):
                taken.append(message.snapshot.stages[0].done)
            return post(message)

        screen.post_message = counted  # type: ignore[method-assign]
        for done in range(413, 500):
            session.show(picture(done=done))
        await until(pilot, lambda: "499 / 500" in seen(pilot.app), "the last picture")
        assert taken[-1] == 499 and len(taken) <= 3


async def test_without_a_run_the_screen_says_what_to_press(drive: Drive, project: Path) -> None:
    async with drive(project) as pilot:
        assert isinstance(pilot.app, QuorumApp)
        pilot.app.go("run")
        await settle(pilot)
        assert "No run in progress." in squeezed(pilot.app)
