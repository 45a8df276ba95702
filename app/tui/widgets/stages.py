"""The stages of a run as bars (how far, what was kept, what was dropped and why), and the latest texts."""

from __future__ import annotations

from collections.abc import Mapping

from textual.content import Content

from app.run.progress import LatestText, ModelProgress, StageProgress
from app.tui.literal import literal_line, reason_words
from app.tui.widgets.layout import Column, Drawn, cell
from app.words import bar, count

NAME_WIDTH = 14
COUNT_WIDTH = 13
WIDE = 100
REASONS = 3
TALL = 30
"""Lines of a terminal from which on every reason is told, and more of the latest texts."""
WRITTEN = 400
"""Characters of a text under way."""
BESIDE = 160
"""Cells of a terminal from which on texts stand beside the counts, with room for more of them."""
BELOW = 3
"""Lines of a text under way where there is room."""
SHORT = 6
"""Texts that are shown where there is not much room."""


def kept_and_dropped(stage: StageProgress, most: int | None = REASONS) -> Content:
    """Return "kept 331 · dropped 40: empty output 22, no input 18" and the stage's own remark.

    What was kept is said only where it is not what the bar counts.
    """
    parts: list[Content] = []
    dropped = sum(stage.dropped.values())
    if stage.kept != stage.done:
        parts.append(Content.assemble(("kept ", "$foreground-muted"), count(stage.kept)))
    if dropped:
        parts.append(
            Content.assemble(
                ("dropped ", "$foreground-muted"), count(dropped), ": ", reasons(stage.dropped, most)
            )
        )
    if stage.detail:
        parts.append(literal_line(stage.detail, style="$foreground-muted"))
    return Content(" · ").join(parts)


def reasons(dropped: Mapping[str, int], most: int | None = REASONS) -> Content:
    """Return the most frequent reasons (None: all) with their counts; a single one needs no count."""
    ranked = sorted(dropped.items(), key=lambda pair: (-pair[1], pair[0]))
    if len(ranked) == 1:
        return reason_words(ranked[0][0])
    shown = [Content.assemble(reason_words(name), " ", count(n)) for name, n in ranked[:most]]
    return Content(", ").join([*shown, Content("…")] if len(ranked) > len(shown) else shown)


def progress_count(stage: StageProgress) -> Content:
    """Return "412 / 500", or only what is done while the target is not known."""
    if not stage.target:
        return Content.assemble(count(stage.done))
    return Content.assemble(count(stage.done), (" / ", "$foreground-muted"), count(stage.target))


def bar_content(stage: StageProgress, width: int) -> Content:
    """Return the bar; drawn and open part differ in weight, not only in colour."""
    drawn, still_open = bar(stage.done, stage.target, width)
    return Content.assemble((drawn, "$primary"), (still_open, "$border"))


class Stages(Drawn):
    """A bar per stage; below 100 cells what was kept and dropped has a line of its own.

    In a tall terminal every reason is told, on as many lines as it takes.
    """

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._stages: tuple[StageProgress, ...] = ()

    def show(self, stages: tuple[StageProgress, ...]) -> None:
        """Draw these stages."""
        if stages != self._stages:
            self._stages = stages
            self.redraw()

    def draw(self, width: int) -> Content:
        """Lay out names, bars, counts and remarks."""
        wide, full = width >= WIDE, self.app.size.height >= TALL
        bar_width = 24 if wide else max(10, width - NAME_WIDTH - COUNT_WIDTH - 4)
        lines: list[Content] = []
        for stage in self._stages:
            head = Content.assemble(
                cell(literal_line(stage.name), Column(NAME_WIDTH)),
                bar_content(stage, bar_width),
                "  ",
                cell(progress_count(stage), Column(COUNT_WIDTH)),
                " ",
            )
            indent = head.cell_length if wide else NAME_WIDTH
            room = max(10, width - indent)
            remark = kept_and_dropped(stage, None if full else REASONS)
            told = remark.wrap(room) if full else [remark.truncate(room, ellipsis=True)]
            lines.append(Content.assemble(head, told[0]) if wide and told else head)
            lines += [indented(line, indent) for line in told[1 if wide else 0 :] if line]
        return Content("\n").join(line.rstrip() for line in lines)


def indented(line: Content, cells: int) -> Content:
    """Return a line moved `cells` to the right."""
    return Content.assemble(Content.blank(cells), line)


class Writing(Drawn):
    """The end of the text that each model is writing: a line behind its name, or some below it."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._texts: tuple[tuple[str, str], ...] = ()

    def show(self, models: tuple[ModelProgress, ...]) -> None:
        """Draw what these models are writing."""
        texts = tuple((model.name, model.writing) for model in models if model.state == "working")
        if texts != self._texts:
            self._texts = texts
            self.redraw()

    def draw(self, width: int) -> Content:
        """Lay out the texts, the newest words last; each keeps its lines, so that nothing jumps."""
        draw = beside_name if self.app.size.width < BESIDE else below_name
        lines = [
            line for name, text in self._texts for line in draw(literal_line(name, 80, "bold"), text, width)
        ]
        return Content("\n").join(lines)


def beside_name(name: Content, text: str, width: int) -> list[Content]:
    """Return the last words of a text behind the name of the model that writes it."""
    head = cell(name, Column(NAME_WIDTH + 2))
    words = literal_line(text, WRITTEN).wrap(max(20, width - NAME_WIDTH - 4))
    return [Content.assemble(head, ("│ ", "$border"), *words[-1:])]


def below_name(name: Content, text: str, width: int) -> list[Content]:
    """Return the last lines of a text below the name of the model that writes it."""
    words = literal_line(text, WRITTEN).wrap(max(20, width - 2))[-BELOW:]
    words += [Content()] * (BELOW - len(words))
    return [name, *(Content.assemble(("│ ", "$border"), line) for line in words)]


class Latest(Drawn):
    """One line per text: kind, text, arrow, outcome; the text gives way to the outcome."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._texts: tuple[LatestText, ...] = ()

    def show(self, texts: tuple[LatestText, ...]) -> None:
        """Draw these texts."""
        if texts != self._texts:
            self._texts = texts
            self.redraw()

    def draw(self, width: int) -> Content:
        """Lay out the lines."""
        lines: list[Content] = []
        roomy = self.app.size.height >= TALL and self.app.size.width >= BESIDE
        for latest in self._texts[: None if roomy else SHORT]:
            outcome = literal_line(latest.outcome, 80).truncate(max(10, width // 2), ellipsis=True)
            room = max(10, width - outcome.cell_length - 8)
            text = literal_line(latest.text, 400).truncate(room, ellipsis=True)
            line = Content.assemble(literal_line(latest.kind, 2, "bold $foreground-muted"), "  ", text)
            if outcome:
                line = Content.assemble(line, ("  →  ", "$foreground-muted"), outcome)
            lines.append(line)
        return Content("\n").join(lines)
