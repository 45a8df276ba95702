"""The whole vote of an item: every pair of answers, the rule and its figures."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static

from app.method import explanation
from app.method.consensus import RULE_VERSIONS, Vote, latest_version, needed_of
from app.method.equality import DIFFERENCE
from app.method.intervals import probable
from app.method.lengths import measured
from app.method.terms import DECIDED_BY, in_words
from app.run import learned_parts
from app.store.rows import CandidateRow
from app.store.views import ReviewItem
from app.tui.candidates import barred, runner_up, support, why
from app.tui.keys import key
from app.tui.literal import literal, literal_line, reason_words
from app.tui.screens.base import Question
from app.tui.widgets.layout import Column, table
from app.tui.widgets.pairs import NAME, WIDE_CELL, PairTable, name_of
from app.words import count, plural, score

ENDED = {
    "end": "came to its end",
    "stop": "came to its end",
    "length": "cut by the length limit",
    "error": "error",
}


class VoteScreen(Question[None]):
    """Shows the pair matrix and everything the rule recorded."""

    BINDINGS: ClassVar[list[BindingType]] = [
        key("w,enter,q", "back", "close", "Close this.", "vote.close"),
        key("down,pagedown", "scroll(5)", "down", "Scroll down.", "vote.down", show=False),
        key("up,pageup", "scroll(-5)", "up", "Scroll up.", "vote.up", show=False),
    ]

    def __init__(self, item: ReviewItem) -> None:
        super().__init__(classes="wide")
        self._item = item

    def compose_window(self) -> ComposeResult:
        """Compose sentence, figures, matrix and models."""
        item = self._item
        yield Static(
            Content.assemble("The vote on ", (f"#{item.number:04d}", "bold")), classes="window-title"
        )
        with VerticalScroll(classes="window-text", can_focus=False, id="vote-body"):
            yield Static(literal(why(item)), id="vote-why")
            if item.vote is not None:
                if item.vote.probabilities is not None:
                    yield Static(learned(item, item.vote), id="vote-learned")
                yield Static(figures(item, item.vote), id="vote-figures")
                yield PairTable(item, id="vote-matrix")
            yield Static(models(item), id="vote-models")
        yield Static("↑ ↓  scroll     Esc  close", classes="window-keys")

    def action_scroll(self, lines: int) -> None:
        """Scroll what does not fit."""
        self.query_one("#vote-body").scroll_relative(y=lines, animate=False)


def figures(item: ReviewItem, vote: Vote) -> Content:
    """Return rule, threshold and outcome, one a line."""
    outcome = (
        Content("kept") if vote.keep else Content.assemble("dropped: ", literal_line(in_words(vote.reason)))
    )
    parts = [outcome]
    if vote.tie:
        parts.append(literal(explanation.tie(vote)))
    if vote.short:
        parts.append(Content("winner is short"))
    own, second = support(vote, vote.winner_id or ""), runner_up(item, vote)
    rows = [
        [Content("outcome"), Content(" · ").join(parts)],
        [Content("decided by"), _decided_by(vote)],
        [Content("rule"), _rule(item, vote)],
        [Content("threshold"), Content(f"{vote.threshold:g}")],
        [Content("voted"), _voted(vote)],
    ]
    if vote.voting:  # of nobody there is nothing to measure
        rows += [
            [Content("equal"), _equal(item, vote)],
        ]
    if vote.voting and vote.decided_by != "samples":
        rows += [
            [Content("lowest pair"), Content(score(vote.lowest))],
            [Content("winner’s mean"), Content(score(vote.mean))],
        ]
    if own is not None and second is not None and vote.probabilities is None:
        named = Content.assemble(score(second[1]), "  ", name_of(item, second[0]))
        # The paper’s rule takes one of the best pair, which need not have the largest mean.
        rows.append([Content("runner-up"), named])
        rows.append([Content("margin"), Content(f"{own - second[1]:+.2f}")])
    if vote.voting:
        rows.append([Content("disagreement"), Content(score(vote.disagreement))])
    rows.append([Content("tokeniser"), literal_line(vote.tokeniser)])
    columns = [Column(14), Column(64)]
    return table([[name.stylize("$foreground-muted"), value] for name, value in rows], columns)


def learned(item: ReviewItem, vote: Vote) -> Content:
    """Return how probably each answer is right, and as bars what the winner's odds are made of."""
    if vote.probabilities is None:
        return Content()
    rows = {candidate.id: candidate for candidate in item.candidates}
    chances = [
        [name_of(item, rows[key]), literal_line(probable(chance))]
        for key, chance in zip(vote.candidates, vote.probabilities, strict=True)
        if key in rows
    ]
    bars = [
        [literal_line(drawn, 40, "$primary"), literal_line(factor), literal_line(words, 60)]
        for drawn, factor, words in learned_parts.bars(item, vote.winner_id)
    ]
    return Content("\n").join(
        [
            Content.styled("right with", "bold"),
            table(chances, [Column(NAME), Column(WIDE_CELL, "right")]),
            Content.styled("factors of the winner’s odds", "bold"),
            table(bars, [Column(2 * learned_parts.WIDEST + 2), Column(8, "right"), Column(40)]),
        ]
    )


def _rule(item: ReviewItem, vote: Vote) -> Content:
    """Return rule and version, and where there is a later one how to see what it changes."""
    named = Content.assemble(literal_line(vote.rule), " ", count(vote.rule_version))
    present = RULE_VERSIONS[vote.rule]
    if vote.rule_version >= latest_version(vote.rule, all_vote=item.all_vote or vote.all_by_choice):
        return named
    offer = f"   version {present}: quorum vote FILE --rule {vote.rule} --dry-run"
    return Content.assemble(named, literal(offer, "$foreground-muted"))


def _voted(vote: Vote) -> Content:
    """Return "3 of 4", and that all voted, whatever they are, where it was so."""
    if vote.barred is None:
        return Content.assemble(count(len(vote.candidates)), ", whatever they are")
    return Content(f"{count(len(vote.voting))} of {count(explanation.asked(vote))}")


def _equal(item: ReviewItem, vote: Vote) -> Content:
    """Return "4 of 6, 4 decide", and in what the answers differ that the rule takes as the same."""
    alone = explanation.voices(vote, item.candidates).get(vote.winner_id or "")
    own = vote.decided_by == "samples" and alone is not None
    of = alone.of if own and alone else len(vote.voting)
    parts = [f"{count(vote.equal)} of {count(of)}{' samples' if own else ''}"]
    if vote.at_least is not None:
        parts.append(f"{count(needed_of(vote.at_least, of))} decide")
    if vote.containment:
        parts.append("answers that hold it count")
    words = literal(f" · ≠ {DIFFERENCE[vote.difference]}", "$text-warning")
    return Content.assemble(", ".join(parts), words if vote.difference else "")


def _decided_by(vote: Vote) -> Content:
    words = literal_line(DECIDED_BY.get(vote.decided_by, vote.decided_by))
    if vote.decided_by != "exact":
        return words
    taken = "answers the rule takes as equal" if vote.difference else words
    return Content.assemble(taken, ", the threshold does not count")


def models(item: ReviewItem) -> Content:
    """Return who wrote each candidate, how long it is, and why it ended or did not vote."""
    return Content("\n").join(_model_line(item, candidate) for candidate in item.candidates)


def _model_line(item: ReviewItem, candidate: CandidateRow) -> Content:
    return Content.assemble(
        name_of(item, candidate),
        " ",
        literal_line(candidate.quantisation, 12, "$foreground-muted"),
        "  ",
        literal_line(candidate.role if candidate.attempt >= 0 else f"sample {-candidate.attempt}", 12),
        (" · ", "$foreground-muted"),
        plural(*measured(candidate.output)),
        (" · ", "$foreground-muted"),
        _ended(candidate, barred(item.vote, candidate)),
    )


def _ended(candidate: CandidateRow, barred: str) -> Content:
    if candidate.reason:
        return Content.assemble("dropped: ", reason_words(candidate.reason))
    if barred:
        return Content.assemble(("did not vote: ", "$text-warning"), reason_words(barred))
    return Content(ENDED[candidate.ended])
