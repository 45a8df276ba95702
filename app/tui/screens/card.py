"""Card: how right every model and every rule is, from the judged sample, as dots with intervals."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Container, Vertical, VerticalScroll
from textual.content import Content
from textual.widgets import Static

from app.errors import QuorumError
from app.method.gain import offer
from app.method.intervals import probable
from app.method.report_card import PUBLISHED, QUESTIONS, Share, conclusion, of_siblings
from app.method.terms import Kind
from app.run.interval_lines import RELIABILITY
from app.run.report_card import BY_LEARNED, CardReport, agreement_lines, card_of, heading
from app.tui.host import ProjectChanged, host, shows_errors
from app.tui.keys import key
from app.tui.literal import failed_line, literal, literal_line
from app.tui.screens.base import QuorumScreen
from app.tui.screens.learn import learn_on
from app.tui.widgets.shares import ShareLine, Shares

LEFT = {
    "models": "right when it answers alone",
    "A": "the same, on tasks with an input",
    "B": "the same, on tasks without one",
    "kept": "right among what the vote keeps, and each model on the same items",
    "groups": "winners by how many answers are equal",
}
RIGHT = {
    "questions": "what the vote keeps, by the questions of Self-Instruct (◇ the figures published for it)",
    "grades": "winners that the vote keeps, by grade",
    "reliability": f"what learning would give: {RELIABILITY}",
    "rules": "what other rules and thresholds keep, and how right that is",
}
KINDS: tuple[Kind, ...] = ("A", "B")
TWO_COLUMNS = 160
"""Cells of a terminal from which the parts stand in two columns."""


class CardScreen(QuorumScreen):
    """Shows the report card; it changes nothing."""

    NAME = "Card"
    ABOUT = (
        "Says from the judged random sample how right every model is alone, and the vote on what it keeps. "
        "The dot is the share, the line its 95% interval: judge more, and it becomes shorter. `quorum card` "
        "has each model on what every rule keeps."
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        key("j", "judge", "judge", "Judge the sample, or more.", "card.judge"),
        key("L", "learn", "learn", "See what learning gains, and vote by it.", "card.learn", display="L"),
        key("pagedown,down", "scroll(5)", "scroll down", "Scroll down.", "card.down", show=False),
        key("pageup,up", "scroll(-5)", "scroll up", "Scroll up.", "card.up", show=False),
        key("home,g", "scroll(-1000)", "top", "Go to the top.", "card.top", show=False),
        key("end,G", "scroll(1000)", "bottom", "Go to the bottom.", "card.bottom", show=False),
    ]

    def compose_body(self) -> ComposeResult:
        """Compose what follows, then a part for each kind of share."""
        with VerticalScroll(id="card-body", can_focus=False):
            yield Static("Reading what was judged …", id="card-says")
            with Container(id="card-parts"):
                for column in (LEFT, RIGHT):
                    with Vertical():
                        for part, title in column.items():
                            yield Static(literal(title), id=f"card-{part}-head", classes="dim")
                            yield Shares(id=f"card-{part}")

    def on_mount(self) -> None:
        """Read the sample."""
        self.show_title()
        self.query_one("#card-parts").display = False
        self._read_again()

    def on_resize(self, event: events.Resize) -> None:
        """Set the parts side by side where there is room for it."""
        super().on_resize(event)
        self.set_class(event.size.width >= TWO_COLUMNS, "-wide")

    @on(ProjectChanged)
    def _read_again(self) -> None:
        self.run_worker(self._read(), group="card", exclusive=True)

    @shows_errors
    async def _read(self) -> None:
        try:
            report = await host(self).require_project().fetch(card_of)
        except QuorumError as error:
            self.query_one("#card-says", Static).update(failed_line("Not read", error.message))
            self.query_one("#card-parts").display = False
            raise
        self.show_title(literal_line(heading(report), 120))
        self.query_one("#card-says", Static).update(says(report))
        for part, lines in lines_of(report):
            self.query_one(f"#card-{part}", Shares).show(lines)
            self.query_one(f"#card-{part}-head").display = any(line.count for line in lines)
        self.query_one("#card-parts").display = True

    def action_judge(self) -> None:
        """Go to Judge."""
        host(self).go("judge")

    def action_learn(self) -> None:
        """Show what was learned, and vote by it if that is wanted."""
        learn_on(self, self._read_again)

    def action_scroll(self, lines: int) -> None:
        """Scroll what does not fit."""
        self.query_one("#card-body").scroll_relative(y=lines, animate=False)


def says(report: CardReport) -> Content:
    """Return what follows, and which models are siblings."""
    if not report.card.items:
        return Content("Nothing has been judged yet. Press j to judge a random sample of 30 items.")
    lines = [literal(conclusion(report.card), "bold")]
    lines += [literal(of_siblings(pair)) for pair in report.card.siblings]
    if report.learned:
        lines.append(literal(BY_LEARNED))
    if report.gain is not None:
        style = "$text-success" if report.gain.all and report.gain.all.is_clear else ""
        offered = literal(" ".join(offer(report.gain)), style)
        lines.append(offered if report.learned else Content.assemble(("L  ", "bold $primary"), offered))
    lines += map(literal, agreement_lines(report))
    return Content("\n").join(lines)


def lines_of(report: CardReport) -> Iterator[tuple[str, list[ShareLine]]]:
    """Yield each part with its shares by name (foreign)."""
    card, kept = report.card, report.card.stands
    yield "models", _lines([*((one.name, one.all) for one in card.models), ("any of them", card.oracle)])
    kinds = {kind for one in card.models for kind, share in one.by_kind.items() if share.count}
    for kind in KINDS:
        both = _lines((one.name, one.by_kind[kind]) for one in card.models if kind in one.by_kind)
        yield kind, both if len(kinds) > 1 else []
    yield "kept", [] if kept is None else _lines([("the vote", kept.winner), *kept.models.items()])
    yield "groups", _lines((f"{equal} of {of} equal", share) for (equal, of), share in card.groups.items())
    yield (
        "questions",
        [
            ShareLine(QUESTIONS[name], share.estimate, share.count, PUBLISHED[name])
            for name, share in card.questions.items()
        ],
    )
    yield "grades", _lines((f"graded {grade}", share) for grade, share in card.grades.items())
    yield (
        "rules",
        _lines(
            (f"{rule} {row.threshold:g} keeps {row.kept / row.items:.0%}", row.winner)
            for rule, rows in card.rules.items()
            for row in rows
        ),
    )
    bins = report.gain.reliability if report.gain else ()
    yield (
        "reliability",
        [ShareLine(probable(one.probability), one.judged, one.items, one.probability) for one in bins],
    )


def _lines(shares: Iterable[tuple[str, Share]]) -> list[ShareLine]:
    return [ShareLine(name, share.estimate, share.count) for name, share in shares]
