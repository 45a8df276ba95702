"""A run told on stderr: live bars on a terminal, plain lines elsewhere. All foreign text made visible."""

from __future__ import annotations

from typing import Self, TextIO

from rich.console import Console, Group
from rich.live import Live
from rich.progress_bar import ProgressBar
from rich.table import Table
from rich.text import Text

from app.method.terms import in_words
from app.run.progress import ModelProgress, RunSnapshot, RunState, StageProgress
from app.visible import visible_line
from app.words import clock, plural, time_left

_TEXT_WIDTH = 70


class RunNarrator:
    """Shows snapshots of a run; use it in a `with` statement."""

    def __init__(self, stream: TextIO) -> None:
        self._console = Console(file=stream, highlight=False, markup=False, emoji=False)
        self._live = Live(console=self._console, refresh_per_second=5, transient=True)
        self._told: set[str] = set()
        self._last_line = ""

    def __enter__(self) -> Self:
        if self._console.is_terminal:
            self._live.start()
        return self

    def __exit__(self, *_: object) -> None:
        if self._console.is_terminal:
            self._live.stop()

    def show(self, snapshot: RunSnapshot) -> None:
        """Show how the run stands."""
        for notice in snapshot.notices:
            if notice not in self._told:
                self._told.add(notice)
                self._say(visible_line(notice))
        if self._console.is_terminal:
            activity = Text(visible_line(snapshot.activity or _why_paused(snapshot)))
            tables = (_stage_table(snapshot), activity, _model_table(snapshot), _cluster_table(snapshot))
            self._live.update(Group(_title(snapshot), *tables))
        elif snapshot.state is not RunState.FAILED:
            self._tell_in_lines(snapshot)

    def finish(self, snapshot: RunSnapshot) -> None:
        """Say how the run ended."""
        if not snapshot.run_number:
            return  # it never began: the error says all there is to say
        self.show(snapshot)
        if self._console.is_terminal:
            self._live.update(Text())
        for stage in snapshot.stages:
            self._say(_stage_line(stage))
        ended = {
            RunState.DONE: "done",
            RunState.STOPPED: "stopped; run the same command to resume",
            RunState.HELD: "held as asked; run the same command without --until to continue",
        }
        words = ended.get(snapshot.state, snapshot.state.value)
        self._say(f"run {snapshot.run_number} {words} after {clock(snapshot.elapsed_seconds)}")

    def _say(self, line: str) -> None:
        self._console.print(Text(line), soft_wrap=True)

    def _tell_in_lines(self, snapshot: RunSnapshot) -> None:
        """Print a line at each round of an audition, else at another tenth of a stage: logs stay short."""
        reached = [
            f"{stage.name} {stage.done * 10 // stage.target * 10}%" if stage.target else ""
            for stage in snapshot.stages
        ]
        heard = visible_line(snapshot.activity) if snapshot.state is RunState.AUDITIONING else ""
        heard = heard or visible_line(_why_paused(snapshot))
        line = f"{snapshot.state.value}: {heard or ', '.join(text for text in reached if text)}"
        if line != self._last_line:
            self._last_line = line
            self._say(line)


def _why_paused(snapshot: RunSnapshot) -> str:
    """Return why a run waits that nobody paused (foreign), "" where it does not."""
    return snapshot.error if snapshot.state is RunState.PAUSED else ""


def _title(snapshot: RunSnapshot) -> Text:
    title = f"run {snapshot.run_number}  {snapshot.recipe}  {snapshot.state.value}"
    left = "" if snapshot.left is None else f"   {time_left(snapshot.left.least, snapshot.left.most)}"
    return Text.assemble((visible_line(title), "bold"), f"   {clock(snapshot.elapsed_seconds)}{left}")


def _stage_table(snapshot: RunSnapshot) -> Table:
    table = Table.grid(padding=(0, 2))
    for stage in snapshot.stages:
        total = stage.target or 1
        table.add_row(
            Text(stage.name),
            ProgressBar(total=total, completed=min(stage.done, total), width=30),
            Text(f"{stage.done} / {stage.target if stage.target is not None else '?'}", justify="right"),
            Text(_kept(stage)),
        )
    return table


def _model_table(snapshot: RunSnapshot) -> Table:
    table = Table.grid(padding=(0, 2))
    for model in snapshot.models:
        table.add_row(*(Text(visible_line(cell)) for cell in _model_cells(model)))
    for text in snapshot.latest[:3]:
        table.add_row(
            Text(text.kind, justify="right"),
            Text(visible_line(text.text, _TEXT_WIDTH)),
            Text(visible_line(text.outcome)),
        )
    return table


def _cluster_table(snapshot: RunSnapshot) -> Table:
    """Return the nodes of a cluster and the replicas on them; empty on this machine alone."""
    rows: list[tuple[str, ...]] = []
    for node in snapshot.nodes:
        held = plural(node.replicas, "replica")
        rows.append(("node", node.name, "lost" if node.lost else "there", held, ""))
    for model in snapshot.models:
        for replica in model.replicas:
            speed = f"{replica.tokens_per_second:.0f} tokens/s" if replica.tokens_per_second else ""
            where = f"{model.name} on {replica.node or 'no node yet'}"
            rows.append(("replica", where, replica.state, f"{replica.done} done", speed))
        if model.waiting:
            rows.append(("waiting", model.name, plural(model.waiting, "request"), "", ""))
    table = Table.grid(padding=(0, 2))
    for row in rows:
        table.add_row(*(Text(visible_line(cell)) for cell in row))
    return table


def _model_cells(model: ModelProgress) -> tuple[str, ...]:
    speed = f"{model.tokens_per_second:.0f} tokens/s" if model.tokens_per_second else ""
    return (
        model.part,
        f"{model.name} {model.quantisation}",
        model.state,
        f"{model.done} done",
        speed,
        model.note,
    )


def _stage_line(stage: StageProgress) -> str:
    return f"  {stage.name:<13}{stage.done:>7}  {_kept(stage)}"


def _kept(stage: StageProgress) -> str:
    parts = [f"kept {stage.kept}"]
    if stage.dropped:
        reasons = ", ".join(f"{in_words(reason)} {count}" for reason, count in stage.dropped.items())
        parts.append(f"dropped {sum(stage.dropped.values())}: {reasons}")
    if stage.detail:
        parts.append(stage.detail)
    return " · ".join(parts)
