"""One line about the run in progress, for the screens on which people work meanwhile."""

from __future__ import annotations

from textual.content import Content
from textual.widgets import Static

from app.run.progress import RunSnapshot
from app.tui.literal import literal, reason_words
from app.tui.widgets.stages import progress_count
from app.words import rate, time_left


class RunStrip(Static):
    """Is there only while a run is in progress."""

    DEFAULT_CSS = """
    RunStrip { display: none; height: 1; padding: 0 2; text-wrap: nowrap; text-overflow: ellipsis; }
    """

    def show(self, snapshot: RunSnapshot | None, *, going: bool) -> None:
        """Show a snapshot of the run; nothing where none is going."""
        self.display = going and snapshot is not None
        if self.display and snapshot is not None:
            self.update(strip_of(snapshot))


def strip_of(snapshot: RunSnapshot) -> Content:
    """Return "▶ running · instructions 24 / 24 · answers 31 / 48 · 61.2 tok/s · ≈ 4 min left"."""
    parts = [Content.assemble(("▶ ", "$text-primary"), literal(snapshot.state.value))]
    if snapshot.run_number:  # until then nothing is known of it
        parts += [
            Content.assemble(reason_words(stage.name), " ", progress_count(stage))
            for stage in snapshot.stages
        ]
    speed = sum(model.tokens_per_second for model in snapshot.models if model.state == "working")
    if speed >= 0.05:
        parts.append(Content.assemble(rate(speed), " tok/s"))
    if snapshot.left is not None:
        parts.append(Content(time_left(snapshot.left.least, snapshot.left.most)))
    return Content(" · ").join(parts).stylize_before("$foreground-muted")
