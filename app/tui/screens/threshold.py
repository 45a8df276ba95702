"""Threshold: slide it and see what would be kept, how the scores lie, and which items flip."""

from __future__ import annotations

from typing import ClassVar

import numpy as np
from numpy.typing import NDArray
from textual import events, on, work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static

from app.errors import QuorumError
from app.method.consensus import LEARNED
from app.run import voting
from app.run.chance import Chance, chance
from app.run.revoting import revote_undecided
from app.store import review, votes
from app.store.project import Project
from app.store.views import QueueLine
from app.store.votes import Scores
from app.tui.host import ProjectChanged, host, shows_errors
from app.tui.keys import key
from app.tui.literal import failed_line, literal, literal_line
from app.tui.screens.base import QuorumScreen
from app.tui.screens.questions import ConfirmScreen
from app.words import count, plural, skyline

HEIGHT = 6
"""Least lines of the histogram."""
LISTED = 100
"""Flips that are listed; the count covers the others."""


class ThresholdModel:
    """What any threshold would keep: the scores of the votes that a threshold decides, in columns."""

    def __init__(self, scores: Scores) -> None:
        self.numbers: NDArray[np.int64] = np.array(scores.numbers, np.int64)
        self.scores: NDArray[np.float64] = np.array(scores.scores, np.float64)
        self._strict: NDArray[np.bool_] = np.array(scores.strict, np.bool_)
        self._kept: NDArray[np.bool_] = np.array(scores.kept, np.bool_)
        self.undecided: NDArray[np.bool_] = np.array(scores.undecided, np.bool_)
        self.settled = scores.settled
        self.present, self.rule = scores.threshold, scores.rule

    @property
    def of(self) -> int:
        """How many items there are, those that no threshold touches included."""
        return len(self.numbers) + self.settled

    @property
    def kept_now(self) -> int:
        """How many are kept as the votes stand."""
        return int(self._kept.sum()) + self.settled

    def keeps(self, threshold: float) -> NDArray[np.bool_]:
        """Say for each item whether a threshold keeps it."""
        return np.where(self._strict, self.scores > threshold, self.scores >= threshold)

    def kept_by(self, threshold: float) -> int:
        """Count what a threshold keeps."""
        return int(self.keeps(threshold).sum()) + self.settled

    def flips(self, threshold: float) -> NDArray[np.int64]:
        """Return the places of the items that a threshold keeps and the votes do not, or the other way."""
        return np.flatnonzero(self.keeps(threshold) != self._kept)


def histogram(model: ThresholdModel, threshold: float, width: int, rows: int = HEIGHT) -> Content:
    """Draw how many items lie at each score from 0 to 1, `rows` lines high, and the threshold below."""
    counts = np.histogram(model.scores, width, (0.0, 1.0))[0]
    # A square root keeps small heaps to be seen beside a large one.
    heights = np.sqrt(counts / max(1, counts.max())).tolist()
    at = min(width - 1, int(threshold * width))
    lines: list[Content] = []
    for blocks in skyline(heights, rows):
        lines.append(Content.assemble((blocks[:at], "$foreground-muted"), (blocks[at:], "$primary")))
    lines.append(Content.assemble("─" * at, ("▲", "bold"), "─" * (width - at - 1)))
    of = "probability that the winner is right" if model.rule == LEARNED else "similarity"
    lines.append(Content.assemble("0", (f"{of:^{width - 2}}", "$foreground-muted"), "1"))
    return Content("\n").join(lines)


class ThresholdScreen(QuorumScreen):
    """Shows what another threshold means; only Enter changes anything, and only undecided items."""

    NAME = "Threshold"
    ABOUT = (
        "The vote keeps an item when its answers are similar enough, or by rule learned when its winner is "
        "right with enough probability. Slide the threshold and see how many "
        "items survive, where the scores lie, and which items would change sides. Kept by chance is what it "
        "would keep if each model’s answers were shuffled among items of the same kind: far more should be "
        "kept than that. Enter votes again by it on what nobody has decided; decisions never change."
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        key("left,h", "slide(-1)", "lower", "Lower the threshold by 0.01.", "threshold.lower"),
        key("right,l", "slide(1)", "higher", "Raise the threshold by 0.01.", "threshold.higher"),
        key(
            "shift+left,H",
            "slide(-10)",
            "lower by 0.1",
            "Lower it by 0.1.",
            "threshold.much-lower",
            show=False,
        ),
        key(
            "shift+right,L",
            "slide(10)",
            "higher by 0.1",
            "Raise it by 0.1.",
            "threshold.much-higher",
            show=False,
        ),
        key("0", "reset", "as it is", "Return to the threshold that most votes used.", "threshold.reset"),
        key("enter", "apply", "apply", "Vote again on what is undecided.", "threshold.apply"),
        key(
            "pagedown,down,j",
            "scroll(5)",
            "scroll down",
            "Scroll the list down.",
            "threshold.down",
            show=False,
        ),
        key("pageup,up,k", "scroll(-5)", "scroll up", "Scroll the list up.", "threshold.up", show=False),
    ]

    def __init__(self) -> None:
        super().__init__()
        self._model: ThresholdModel | None = None
        self._chance: Chance | None = None
        self._threshold = 0.01
        self._lines: dict[int, QueueLine] = {}

    def compose_body(self) -> ComposeResult:
        """Compose the slider, the histogram and the flips."""
        with VerticalScroll(id="threshold-body", can_focus=False):
            yield Static("Reading the votes …", id="threshold-words")
            yield Static(id="threshold-picture")
            yield Static(id="threshold-flips")

    def on_mount(self) -> None:
        """Read the scores."""
        self._open()

    @on(ProjectChanged)
    def _project_changed(self) -> None:
        if host(self).project is not self._opened:
            self._open()

    def _open(self) -> None:
        self._opened, self._model, self._chance, self._lines = host(self).project, None, None, {}
        self.show_title()
        self.run_worker(self._read(), group="threshold", exclusive=True)

    @shows_errors
    async def _read(self) -> None:
        try:
            scores: Scores = await self._project.fetch(votes.scores)
        except QuorumError as error:
            if self._model is None:
                words = failed_line("The votes are not read", error.message)
                self.query_one("#threshold-words", Static).update(words)
            raise
        self._model = ThresholdModel(scores)
        self._threshold = scores.threshold
        self._show()
        # A probability goes by more than agreement, and shuffled answers say nothing about it.
        by_agreement = scores.rule != LEARNED
        self._chance = await self._project.fetch(chance) if by_agreement else None
        self._show()

    def on_resize(self, event: events.Resize) -> None:
        """Draw for the new width."""
        self._show()

    def action_slide(self, by: int) -> None:
        """Move the threshold by hundredths."""
        self._threshold = min(1.0, max(0.0, round(self._threshold + by / 100, 2)))
        self._show()

    def action_reset(self) -> None:
        """Go back."""
        if self._model is not None:
            self._threshold = self._model.present
            self._show()

    def action_scroll(self, lines: int) -> None:
        """Scroll the flips."""
        self.query_one("#threshold-body").scroll_relative(y=lines, animate=False)

    def action_apply(self) -> None:
        """Ask, then vote again on what is undecided."""
        project = self._project
        if self._model is None or project.read_only:
            return
        flips = self._model.flips(self._threshold)
        undecided = int(self._model.undecided[flips].sum())
        t = self._threshold

        async def answered(yes: bool | None) -> None:
            if yes:
                self.run_worker(self._apply(project, t), group="threshold", exclusive=True)

        self.app.push_screen(
            ConfirmScreen(
                Content(f"Vote again by the threshold {t:g}"),
                Content(f"{plural(undecided, 'undecided item')} will change between kept and dropped."),
                yes=Content("vote again on what is undecided"),
                no=Content("keep the votes as they are"),
            ),
            answered,
        )

    @shows_errors
    async def _apply(self, project: Project, threshold: float) -> None:
        voted = await project.write(lambda c: revote_undecided(c, voting.Asked(threshold=threshold)))
        host(self).say(Content(f"{plural(voted, 'item')} voted on again"))
        await self._read()
        self._threshold = threshold
        self._show()

    def _show(self) -> None:
        model, t = self._model, self._threshold
        if model is None:
            return
        flips = model.flips(t)
        kept = model.kept_by(t)
        words = Content.assemble(
            ("threshold ", "$foreground-muted"),
            (f"{t:.2f}", "bold"),
            (f" (now {model.present:g})   kept ", "$foreground-muted"),
            (count(kept), "bold"),
            (" of ", "$foreground-muted"),
            count(model.of),
            (f" (now {count(model.kept_now)})   flips ", "$foreground-muted"),
            (count(len(flips)), "bold"),
            _settled(model),
            _by_chance(self._chance, t),
        )
        self.query_one("#threshold-words", Static).update(words)
        rows = max(HEIGHT, self.size.height // 3 - 2)
        self.query_one("#threshold-picture", Static).update(
            histogram(model, t, max(40, self.size.width - 12), rows)
        )
        self._list(flips[:LISTED], len(flips), t)

    @work(group="flips", exclusive=True)
    @shows_errors
    async def _list(self, flips: np.ndarray[tuple[int], np.dtype[np.int64]], all: int, t: float) -> None:
        model = self._model
        if model is None:
            return
        numbers = model.numbers[flips].tolist()
        missing = [number for number in numbers if number not in self._lines]
        if missing:
            found = await self._project.fetch(lambda c: review.lines(c, missing))
            if model is not self._model:
                return
            self._lines |= found
        kept = model.keeps(t)[flips].tolist()
        room = max(40, self.size.width - 56)
        heads = (
            [Content.styled("becomes     item   score  instruction", "$foreground-muted")] if numbers else []
        )
        lines = [
            Content.assemble(
                ("✓ kept     " if keep else "✗ dropped  ", "$text-success" if keep else "$text-error"),
                f"#{number:04d}  {score:.2f}  ",
                literal_line(self._lines[number].instruction, room) if number in self._lines else Content(),
                "" if open_ else ("  decided, stays as it is", "$foreground-muted"),
            )
            for number, keep, score, open_ in zip(
                *(numbers, kept, model.scores[flips].tolist(), model.undecided[flips].tolist()), strict=True
            )
        ]
        if all > len(numbers):
            lines.append(Content.styled(f"… and {count(all - len(numbers))} more", "$foreground-muted"))
        self.query_one("#threshold-flips", Static).update(
            Content("\n").join([*heads, *lines] if lines else [])
        )


def _by_chance(found: Chance | None, threshold: float) -> Content:
    """Say what the threshold would keep of shuffled answers; nothing until that is known."""
    if found is None:
        return Content()
    return Content.assemble(
        ("\nkept by chance ", "$foreground-muted"),
        (f"{found.kept_at(threshold):.0%}", "bold"),
        literal(f", {found.of_what()}", "$foreground-muted"),
    )


def _settled(model: ThresholdModel) -> Content:
    """Say how many items no threshold touches, which is why they are not in the histogram."""
    if not model.settled:
        return Content()
    words = f"{plural(model.settled, 'item')} kept at any threshold, because their answers are the same"
    return Content.assemble("\n", (words, "$foreground-muted"))
