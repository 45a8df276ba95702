"""How alike the answers of an item are, every pair of them as a heat table."""

from __future__ import annotations

from textual.content import Content

from app.method.consensus import Vote
from app.method.voices import ONE_VOICE
from app.store.rows import CandidateRow
from app.store.views import ReviewItem
from app.tui.candidates import number_of, support, told_apart
from app.tui.literal import literal_line
from app.tui.widgets.layout import Column, Drawn, cell
from app.words import count, score

NAME, NUMBER = 26, 6
"""Cells for a candidate's number and name in the matrix: at most, at least."""
WIDE_CELL, NARROW_CELL = 6, 4
MEAN = Column(6, "right")
HOTTEST = 45
"""Per cent of the accent in the ground of a pair that says the same; more would swallow the figures."""


class PairTable(Drawn):
    """The pair matrix, drawn for the width there is."""

    def __init__(self, item: ReviewItem | None = None, *, id: str) -> None:
        super().__init__(id=id)
        self._item = item

    def show(self, item: ReviewItem) -> None:
        """Show the pairs of another item."""
        self._item = item
        self.redraw()

    def draw(self, width: int) -> Content:
        """Lay out the matrix."""
        if self._item is None or self._item.vote is None:
            return Content()
        return matrix(self._item, self._item.vote, width)


def matrix(item: ReviewItem, vote: Vote, width: int) -> Content:
    """Return the similarity of every pair (ROUGE-L F1) as a heat table of at most `width` cells.

    The more alike, the stronger the ground; the winner's row is marked. Many are shown in hundredths. Of a
    model that gave samples the answer is shown by which it votes.
    """
    rows = {candidate.id: candidate for candidate in item.candidates}
    shown = [at for at, id in enumerate(vote.candidates) if id in rows and not _is_silent(vote, at)]
    order = [rows[vote.candidates[at]] for at in shown]
    wide = NAME + len(order) * WIDE_CELL + MEAN.width <= width
    column = Column(WIDE_CELL if wide else NARROW_CELL, "right")
    named = Column(min(NAME, max(NUMBER, width - len(order) * column.width - MEAN.width)))
    head = [
        cell(Content.styled(f"{number_of(item, candidate):d}", "bold $primary"), column)
        for candidate in order
    ]
    lines = [Content.assemble(cell(Content(), named), *head, cell(Content("mean"), MEAN))]
    for at, candidate in zip(shown, order, strict=True):
        mark = Content.styled("● ", "$primary") if candidate.id == vote.winner_id else Content("  ")
        heat = [
            cell(Content.styled("·", "$foreground-muted"), column)
            if at == other
            else cell(_in_figures(like, wide), column).stylize(f"on $primary {round(like * HOTTEST)}%")
            for other, like in ((other, vote.matrix[at][other]) for other in shown)
        ]
        mean = support(vote, candidate.id)
        last = cell(Content("–" if mean is None else score(mean)), MEAN)
        lines.append(
            Content.assemble(cell(Content.assemble(mark, name_of(item, candidate)), named), *heat, last)
        )
    return Content("\n").join(lines)


def _is_silent(vote: Vote, at: int) -> bool:
    """Whether the model of a candidate votes by another one."""
    return vote.barred is not None and vote.barred[at] == ONE_VOICE


def _in_figures(like: float, wide: bool) -> Content:
    return Content.assemble(score(like), " ") if wide else Content(count(round(like * 100)))


def name_of(item: ReviewItem, candidate: CandidateRow) -> Content:
    """Return the key that chooses a candidate, and its model."""
    return Content.assemble(
        (f"{number_of(item, candidate):d}", "bold $primary"),
        "  ",
        literal_line(told_apart(item, candidate), 60),
    )
