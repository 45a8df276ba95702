"""A run told on standard error."""

from __future__ import annotations

import io

import pytest

from app.cli.progress import RunNarrator
from app.run.progress import ModelProgress, RunSnapshot, RunState, StageProgress, TimeLeft


def picture(state: RunState = RunState.RUNNING, activity: str = "") -> RunSnapshot:
    return RunSnapshot(
        run_number=1,
        recipe="ensemble-instruct-released",
        state=state,
        target=500,
        stages=(StageProgress("instructions", 412, 500, 412, {"too_similar": 88}),),
        models=(ModelProgress("a model\x1b", "Q4_K_M", ("writer",), "working", 8, 61.2, 149, 10**9, 0, ""),),
        latest=(),
        notices=(),
        elapsed_seconds=872,
        left=TimeLeft(2460, 2460),
        error="",
        activity=activity,
    )


class Terminal(io.StringIO):
    """What is written to a terminal."""

    def isatty(self) -> bool:
        return True


def test_a_terminal_of_80_columns_shows_where_a_run_is_in_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in (("COLUMNS", "80"), ("LINES", "24"), ("TERM", "xterm")):
        monkeypatch.setenv(name, value)
    monkeypatch.delenv("NO_COLOR", raising=False)
    stream = Terminal()
    with RunNarrator(stream) as narrator:
        narrator.show(picture())
    written = stream.getvalue()
    assert "ensemble-instruct-released  running\x1b[0m   00:14:32   ≈ 41 min left" in written
    assert "412 / 500  kept 412" in written
    assert "a model␛ Q4_K_M  working  149 done  61 tokens/s" in written


def test_a_log_has_a_line_for_each_round_of_an_audition() -> None:
    stream = io.StringIO()
    with RunNarrator(stream) as narrator:
        for tasks in (4, 4, 8):
            narrator.show(picture(RunState.AUDITIONING, f"a model\x1b: {tasks} of 40 tasks, few-shot"))
        narrator.show(picture())
    assert stream.getvalue().splitlines() == [
        "auditioning models: a model␛: 4 of 40 tasks, few-shot",
        "auditioning models: a model␛: 8 of 40 tasks, few-shot",
        "running: instructions 80%",
    ]
