"""The first rows of a file that is to be imported: the task, its input, and the answers."""

from __future__ import annotations

from textual.content import Content

from app.intake.look import UNNAMED, Look, Row
from app.tui.literal import literal_line
from app.tui.widgets.layout import Column, Drawn, cell
from app.words import count, plural

CUT = 2_000
"""Characters of a text that can be seen here at most."""
TALL, TALLER = 30, 44
"""Heights of the terminal from which on a row has two, and four, lines."""


class ImportRows(Drawn):
    """A table of the rows of a look."""

    def __init__(self, *, id: str) -> None:
        super().__init__(id=id)
        self._rows: tuple[Row, ...] = ()

    def show(self, look: Look) -> None:
        """Draw the rows of this look."""
        self._rows = look.rows
        self.redraw()

    def draw(self, width: int) -> Content:
        """Lay out the table; a row has more lines in a taller terminal."""
        if not self._rows:
            return Content()
        height = self.app.size.height
        most = 1 if height < TALL else 2 if height < TALLER else 4
        columns = columns_of(self._rows, width)
        heads = [Content.styled(head, "$foreground-muted") for head in ("task", "input", "answers")]
        lines = row_lines(heads, columns, 1)
        for row in self._rows:
            lines += row_lines(cells_of(row), columns, most)
        return Content("\n").join(lines)


def columns_of(rows: tuple[Row, ...], width: int) -> list[Column]:
    """Share the width among task, input and answers; what no row has gets little."""
    room = max(30, width - 4)
    given = min(room * 3 // 10, max(5, *(len(row.input) for row in rows)))
    answers = (room - given) // 2 if any(row.answers or row.decision or row.references for row in rows) else 7
    return [Column(room - given - answers), Column(given), Column(answers)]


def cells_of(row: Row) -> list[Content]:
    """Return task, input and answers of a row, each as one long line."""
    parts = [answer_text(model, text) for model, text in row.answers]
    if row.decision:
        parts.insert(0, literal_line(row.decision, CUT, "bold"))
    if row.references:
        kept = plural(row.references, "reference answer")
        parts.append(Content.styled(kept, "$foreground-muted"))
    answers = Content.styled(" · ", "$foreground-muted").join(parts)
    if len(row.answers) > 1:
        answers = Content.assemble((f"{count(len(row.answers))}: ", "$foreground-muted"), answers)
    return [literal_line(row.task, CUT), literal_line(row.input, CUT), answers]


def answer_text(model: str, text: str) -> Content:
    """Return an answer, after the name of its model where the file gives one."""
    if not model or model == UNNAMED:
        return literal_line(text, CUT)
    return Content.assemble(literal_line(model, 60, "$primary"), " ", literal_line(text, CUT))


def row_lines(cells: list[Content], columns: list[Column], most: int) -> list[Content]:
    """Return at most `most` lines of a row; a text that is cut ends with …."""
    wrapped = [clipped(content, column.width, most) for content, column in zip(cells, columns, strict=True)]
    gap = Content.blank(2)
    return [
        gap.join(
            cell(lines[at] if at < len(lines) else Content(), column)
            for lines, column in zip(wrapped, columns, strict=True)
        ).rstrip()
        for at in range(max(1, *(len(lines) for lines in wrapped)))
    ]


def clipped(content: Content, width: int, most: int) -> list[Content]:
    """Wrap to `width`, keep the first `most` lines, and mark what is left out."""
    if most == 1:
        return [content.truncate(width, ellipsis=True)]
    lines = content.wrap(width)
    if len(lines) > most:
        last = Content.assemble(lines[most - 1].rstrip(), "…")
        return [*lines[: most - 1], last.truncate(width, ellipsis=True)]
    return list(lines)
