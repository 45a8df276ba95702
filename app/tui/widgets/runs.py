"""The runs of a project as a table: how far each came, what is kept, decided and judged, by which models."""

from __future__ import annotations

from collections.abc import Mapping

from textual.content import Content

from app.run.report_card import Judged
from app.store import runs
from app.store.views import RunSummary
from app.tui.literal import literal_line
from app.tui.widgets.layout import Column, Drawn, table
from app.words import bar, count, percent, plural

SHOWN_RUNS = 6
"""The newest; what to do next must stay on the screen."""
WIDE = 100
"""From this width on there are bars, and what was judged."""
RECIPE = 8
"""Least cells in which the name of a recipe is shown."""
MODELS = 24
"""Least cells in which the names of models are shown."""
BAR, SHARE = 16, 8
STATES = {
    "running": ("▶", "in progress", "$text-primary"),
    "interrupted": ("■", "interrupted", "$text-warning"),
    "paused": ("‖", "paused", "$text-warning"),
    "stopped": ("■", "stopped", "$text-warning"),
    "done": ("✓", "done", "$text-success"),
    "failed": ("✗", "failed", "$text-error"),
    "imported": ("✓", "imported", "$text-success"),
}


class RunsTable(Drawn):
    """A line per run of the project, the newest first."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._runs: tuple[RunSummary, ...] = ()
        self._going: RunSummary | None = None
        self._models: Mapping[str, tuple[str, ...]] = {}
        self._judged: Mapping[str, Judged] = {}

    def show(
        self,
        runs: tuple[RunSummary, ...],
        going: RunSummary | None,
        models: Mapping[str, tuple[str, ...]],
        judged: Mapping[str, Judged],
    ) -> None:
        """Draw these runs; `going` is the one in progress in this app; models and judged by ids of runs."""
        self._runs, self._going, self._models, self._judged = runs, going, models, judged
        self.redraw()

    def draw(self, width: int) -> Content:
        """Lay out the table."""
        if not self._runs:
            return Content.styled("No run yet.", "$foreground-muted")
        shown = sorted(self._runs, key=lambda run: -run.number)[:SHOWN_RUNS]
        drawn = self._wide(shown, width) if width >= WIDE else self._narrow(shown, width)
        older = len(self._runs) - SHOWN_RUNS
        if older <= 0:
            return drawn
        return Content.assemble(drawn, ("\n      and ", "$foreground-muted"), plural(older, "older run"))

    def _narrow(self, shown: list[RunSummary], width: int) -> Content:
        fixed = (4, 13, max(12, *(_written(run).cell_length for run in shown)), 6, 7)
        name = max(0, min(30, width - sum(fixed) - 2 * len(fixed)))
        columns = [Column(fixed[0], "right"), Column(name), Column(fixed[1])]
        columns += [Column(figures, "right") for figures in fixed[2:]]
        rows = [
            [*self._named(run), _written(run), Content(count(_kept(run))), Content(count(_decided(run)))]
            for run in shown
        ]
        heads = ["run", "recipe", "state", "instructions", "kept", "decided"]
        if name < RECIPE:  # the smallest terminal has no room for it
            del heads[1], columns[1]
            rows = [[number, *others] for number, _, *others in rows]
        return table([[Content.styled(head, "$foreground-muted") for head in heads], *rows], columns)

    def _wide(self, shown: list[RunSummary], width: int) -> Content:
        recipe = min(24, max(len("recipe"), *(len(run.recipe) for run in shown)))
        written = max(11, *(_written(run).cell_length for run in shown))
        columns = [Column(4, "right"), Column(recipe), Column(13), Column(BAR), Column(written, "right")]
        columns += [Column(6, "right"), Column(SHARE), Column(5, "right"), Column(7, "right")]
        columns += [Column(6, "right")]
        heads = ["run", "recipe", "state", "instructions", "", "kept", "decided", "", "judged", "right"]
        room = width - sum(column.width + 2 for column in columns)
        if room >= MODELS:
            columns.append(Column(room))
            heads.append("models")
        rows = [[Content.styled(head, "$foreground-muted") for head in heads]]
        return table([*rows, *(self._wide_row(run) for run in shown)], columns)

    def _wide_row(self, run: RunSummary) -> list[Content]:
        judged, kept = self._judged.get(run.run_id), _kept(run)
        right = judged.kept if judged is not None else None
        return [
            *self._named(run),
            _bar(run.total("instructions", "kept"), run.target, BAR),
            _written(run),
            Content(count(kept)),
            _bar(_decided(run), kept, SHARE),
            Content(count(_decided(run))),
            Content(count(judged.items) if judged is not None else "–"),
            Content(percent(right.right, right.count) if right is not None and right.count else "–"),
            literal_line(", ".join(self._models.get(run.run_id, ())), 300, "$foreground-muted"),
        ]

    def _named(self, run: RunSummary) -> list[Content]:
        number, state = Content(count(run.number)), state_content(run, run is self._going)
        return [number, literal_line(run.recipe, 80), state]


def _written(run: RunSummary) -> Content:
    if run.state == runs.IMPORTED:
        return Content(count(run.total("instructions", "kept")))
    return Content.assemble(count(run.total("instructions", "kept")), " / ", count(run.target))


def _kept(run: RunSummary) -> int:
    return run.total("votes", "kept")


def _decided(run: RunSummary) -> int:
    return run.total("decisions") - run.total("decisions", "later")


def _bar(done: int, target: int, width: int) -> Content:
    drawn, still_open = bar(done, target, width)
    return Content.assemble((drawn, "$primary"), (still_open, "$border"))


def state_content(run: RunSummary, going: bool) -> Content:
    """Return glyph and word of a run's state; `going`: it is in progress in this app."""
    if run.hidden:
        return Content.styled("○ hidden", "$foreground-muted")
    state = runs.RUNNING if going else run.state
    known = STATES.get(state)
    if known is None:
        return literal_line(state, 20)
    glyph, word, style = known
    return Content.assemble((glyph, style), " ", word)
