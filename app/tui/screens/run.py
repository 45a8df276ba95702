"""Run: stage by stage how far it is, how fast, what is thrown away and why, which model is the trouble."""

from __future__ import annotations

from typing import ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Container, Vertical, VerticalScroll
from textual.content import Content
from textual.widgets import Static

from app.run.progress import RunSnapshot, RunState
from app.tui.host import ProjectChanged, RunEnded, SnapshotTaken, host, shows_errors
from app.tui.keys import key
from app.tui.literal import literal, literal_line
from app.tui.screens.base import QuorumScreen
from app.tui.widgets.cluster import ClusterTable
from app.tui.widgets.models import ModelTable
from app.tui.widgets.speeds import SpeedChart
from app.tui.widgets.stages import BESIDE, Latest, Stages, Writing
from app.words import clock, count, time_left

NOTICES = 4
ERROR = 400
"""Characters of an error that are shown: the stages below it must stay in sight."""
GLYPHS = {
    RunState.DONE: ("✓ ", "$text-success"),
    RunState.STOPPED: ("■ ", "$text-warning"),
    RunState.HELD: ("■ ", "$text-warning"),
    RunState.FAILED: ("✗ ", "$text-error"),
    RunState.PAUSED: ("‖ ", "$text-warning"),
    RunState.STOPPING: ("■ ", "$text-warning"),
    RunState.RUNNING: ("▶ ", "$text-primary"),
}


class RunScreen(QuorumScreen):
    """Watches the run that the app owns; leaving this screen does not stop it."""

    NAME = "Run"
    ABOUT = (
        "Shows the run in progress: each stage with what was kept and dropped and why, each model with its "
        "speed and its trouble, and the texts just written. The run continues when you leave this screen; "
        "everything it makes is stored at once, so stopping loses nothing."
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        key("space", "pause", "pause", "Pause the run; what is being written is finished.", "run.pause"),
        key("space", "resume", "resume", "Resume the paused run.", "run.resume"),
        key(
            "s", "stop_after_wave", "stop after this wave", "Finish the present wave, then stop.", "run.stop"
        ),
        key("S", "stop_now", "stop now", "Stop at once; what is stored stays.", "run.stop-now", display="S"),
        key("pagedown,down", "scroll(5)", "scroll down", "Scroll down.", "run.down", show=False),
        key("pageup,up", "scroll(-5)", "scroll up", "Scroll up.", "run.up", show=False),
        key("c", "skip_calibration", "skip measuring", "Stop measuring; start now.", "run.skip-calibration"),
        key("g", "resume_run", "resume", "Resume the newest run of this project.", "run.go-on"),
        key("r", "review", "review", "Decide what is good, even while the run continues.", "run.review"),
        key("j", "judge", "judge", "Say of a random sample which answers are right.", "run.judge"),
        key("D", "data", "data", "See what the data is like.", "run.data", display="D", show=False),
        key("E", "export", "export", "Write the result to a file.", "run.export", display="E"),
        key("m", "models", "models", "See the models on this machine.", "run.models", show=False),
    ]

    def compose_body(self) -> ComposeResult:
        """Compose stages, models, latest texts and notices."""
        with VerticalScroll(id="run-body", can_focus=False):
            yield Static(id="run-state")
            with Container(id="run-parts"):
                with Vertical(id="run-counts"):
                    yield Stages(id="run-stages")
                    yield ModelTable(id="run-models")
                    yield ClusterTable(id="run-cluster")
                    yield Static("tokens a second, all models", id="run-speed-head", classes="dim")
                    yield SpeedChart(id="run-speed")
                with Vertical(id="run-texts"):
                    yield Static("being written", id="run-writing-head", classes="dim")
                    yield Writing(id="run-writing")
                    yield Static("just now", id="run-latest-head", classes="dim")
                    yield Latest(id="run-latest")
                    yield Static("worth knowing", id="run-notices-head", classes="dim")
                    yield Static(id="run-notices")
        yield Static(id="run-next", classes="status")

    def on_mount(self) -> None:
        """Show what is known."""
        self.show_snapshot(host(self).running.snapshot)

    @on(SnapshotTaken)
    def _show_taken(self, message: SnapshotTaken) -> None:
        top = self.app.screen
        # Under another screen nobody sees it, and drawing would take time from the keys of Review.
        if top is self or not isinstance(top, QuorumScreen):
            self.show_snapshot(message.snapshot)

    @on(RunEnded)
    @on(ProjectChanged)
    def _show_last(self) -> None:
        self.show_snapshot(host(self).running.snapshot)

    def on_resize(self, event: events.Resize) -> None:
        """Put texts beside counts where there is room for both."""
        self.set_class(event.size.width >= BESIDE, "-beside")

    def show_snapshot(self, snapshot: RunSnapshot | None) -> None:
        """Draw one snapshot of the run, or say that there is none."""
        self.set_class(snapshot is None, "-empty")
        self.refresh_bindings()
        if snapshot is None:
            self.show_title()
            resume = "Press g to resume the newest run of this project." if host(self).can_resume else ""
            self.query_one("#run-state", Static).update(Content(f"No run in progress. {resume}"))
            self.query_one("#run-next", Static).update(Content())
            return
        self.show_title(title_of(snapshot))
        self.query_one("#run-state", Static).update(state_of(snapshot))
        self.query_one(Stages).show(snapshot.stages)
        speeds = host(self).running.speeds
        self.query_one(ModelTable).show(snapshot.models, speeds.of_model)
        self.query_one(ClusterTable).show(snapshot.nodes, snapshot.models)
        self.query_one(SpeedChart).show(speeds)
        self.query_one(Writing).show(snapshot.models)
        self.query_one(Latest).show(snapshot.latest)
        self.set_class(not any(model.state == "working" for model in snapshot.models), "-no-writing")
        self.set_class(not any(speeds.together), "-no-speed")
        self.set_class(not snapshot.nodes, "-no-cluster")
        self.set_class(not snapshot.latest, "-no-latest")
        self.set_class(not snapshot.notices, "-no-notices")
        notices = snapshot.notices[-NOTICES:]
        self.query_one("#run-notices", Static).update(
            Content("\n").join(
                Content.assemble(("· ", "$foreground-muted"), literal_line(text, 300)) for text in notices
            )
        )
        self.query_one("#run-next", Static).update(next_of(snapshot, gate=host(self).gate_open))

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer only the keys that mean something now."""
        running = host(self).running
        if action in ("pause", "resume", "stop_after_wave", "stop_now") and not running.going:
            return False
        if action in ("pause", "resume") and running.paused != (action == "resume"):
            return False
        if action == "skip_calibration" and not (running.session and running.session.calibrating):
            return False
        if action == "export" and running.going:
            return False
        if action == "resume_run" and (running.going or not host(self).can_resume):
            return False
        return super().check_action(action, parameters)

    def action_scroll(self, lines: int) -> None:
        """Scroll what does not fit."""
        self.query_one("#run-body").scroll_relative(y=lines, animate=False)

    def action_pause(self) -> None:
        """Pause the run."""
        session = host(self).running.session
        if session is not None:
            session.pause()

    def action_resume(self) -> None:
        """Resume the run."""
        session = host(self).running.session
        if session is not None:
            session.resume()

    def action_stop_after_wave(self) -> None:
        """Finish the present wave, then stop."""
        session = host(self).running.session
        if session is not None:
            session.stop_after_wave()

    def action_skip_calibration(self) -> None:
        """Start without measuring the models."""
        session = host(self).running.session
        if session is not None:
            session.skip_calibration()

    @shows_errors
    async def action_stop_now(self) -> None:
        """Stop at once."""
        await host(self).stop_run()

    @shows_errors
    async def action_resume_run(self) -> None:
        """Resume the newest run."""
        await host(self).resume_run()

    def action_review(self) -> None:
        """Go to Review."""
        host(self).go("review")

    def action_models(self) -> None:
        """Go to Models."""
        host(self).go("models")

    def action_judge(self) -> None:
        """Go to Judge."""
        host(self).go("judge")

    def action_data(self) -> None:
        """Go to Data."""
        host(self).go("data")

    def action_export(self) -> None:
        """Go to Export."""
        host(self).go("export")


def title_of(snapshot: RunSnapshot) -> Content:
    """Return recipe, time and what is left."""
    parts = [literal_line(snapshot.recipe, 40), Content(clock(snapshot.elapsed_seconds))]
    if snapshot.left is not None:
        parts.append(Content(time_left(snapshot.left.least, snapshot.left.most)))
    elif snapshot.state is RunState.RUNNING:
        parts.append(Content("estimating …"))
    return Content(" · ").join(parts)


def state_of(snapshot: RunSnapshot) -> Content:
    """Return the state in words, and why a run failed."""
    glyph, style = GLYPHS.get(snapshot.state, ("◌ ", "$foreground-muted"))
    line = Content.assemble(
        (glyph, style), "run ", count(snapshot.run_number), " · ", literal(snapshot.state.value)
    )
    if snapshot.error:
        return Content.assemble(line, ("  ", ""), literal_line(snapshot.error, ERROR, "$text-error"))
    if snapshot.activity:
        return Content.assemble(line, " · ", literal_line(snapshot.activity, ERROR, "$foreground-muted"))
    return line


def next_of(snapshot: RunSnapshot, *, gate: bool = False) -> Content:
    """Return the sensible next key in words; `gate` says that the run waits after its instructions."""
    kept = next((stage.kept for stage in snapshot.stages if stage.name == "votes"), 0)
    if snapshot.state is RunState.DONE and not kept:
        return Content.assemble(("D", "bold $primary"), "  nothing was kept: see what became of everything")
    if snapshot.state is RunState.DONE:
        return Content.assemble(("r", "bold $primary"), "  review ", count(kept), " results")
    if snapshot.state is RunState.HELD and gate:
        return Content.assemble(
            *(("r", "bold $primary"), "  decide on the instructions     "),
            *(("g", "bold $primary"), "  resume with all of them"),
        )
    if snapshot.state in (RunState.STOPPED, RunState.HELD, RunState.FAILED):
        return Content.assemble(
            ("g", "bold $primary"), "  resume     ", ("r", "bold $primary"), "  review ", count(kept)
        )
    if snapshot.state in (RunState.CALIBRATING, RunState.AUDITIONING):
        return Content.assemble(
            ("c", "bold $primary"), "  start now with the defaults; what was measured is kept for later runs"
        )
    if snapshot.state is RunState.PAUSED:
        return Content.assemble(("space", "bold $primary"), "  resume")
    if kept:
        return Content.assemble(
            ("r", "bold $primary"), "  review ", count(kept), " already there, while it continues"
        )
    return Content.styled(
        "Everything is stored as it is written; leaving this screen stops nothing.", "$foreground-muted"
    )
