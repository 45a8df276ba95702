"""What the Export screen says. All names and texts from outside pass through `literal`."""

from __future__ import annotations

from typing import Final

from textual.content import Content

from app.export.lint import CHECKS, LintReport
from app.export.pairs import LEFT_OUT
from app.export.request import about
from app.export.write import ExportReport, Preview
from app.store.rows import Include
from app.tui.literal import literal_line
from app.tui.widgets.table import Column, table
from app.tui.words import count, plural, size

INCLUDES: Final[dict[Include, str]] = {
    "consensus": "what you took, else what the vote keeps",
    "accepted": "only what you accepted, chose or edited",
    "all": "every item once, whatever was decided",
}


def format_line(name: str) -> Content:
    """Return "messages   chat messages: user, assistant"."""
    return table([[literal_line(name), Content(about(name))]], [Column(18), Column(60)])


def include_line(name: Include, found: Preview | None) -> Content:
    """Return "consensus    34 rows   what you took, …", with what is left out for being empty."""
    rows = Content("counting …") if found is None else Content.styled(plural(found.rows, "row"), "bold")
    cells = [literal_line(name), rows, Content(INCLUDES[name])]
    line = table([cells], [Column(10), Column(10, "right"), Column(60)])
    if found is None or not found.empty_skipped:
        return line
    return Content.assemble(line, (f", {found.empty_skipped:,} empty left out", "$foreground-muted"))


def warnings_line(report: LintReport | None) -> Content:
    """Return "▲ 3 output refuses · 2 very long", or that nothing looks wrong."""
    if report is None:
        return Content.styled("looking for what is wrong …", "$foreground-muted")
    parts = [
        Content.assemble(literal_line(CHECKS[name]), ": ", count(number))
        for name, number in report.counts.items()
    ]
    if report.unchecked:
        parts.append(Content("too many instructions to look for near-duplicates"))
    if not parts:
        return Content.assemble(("✓ ", "$text-success"), ("nothing looks wrong", "$foreground-muted"))
    hint = Content.styled("   l looks at them", "$foreground-muted") if report.counts else Content()
    return Content.assemble(("▲ ", "$text-warning"), Content(" · ").join(parts), hint)


def result_of(report: ExportReport) -> Content:
    """Return what was written where, and what stayed behind."""
    names = [file.path.name for file in report.files]
    where = str(report.path) if len(names) == 1 else f"{report.path.parent}: {', '.join(names)}"
    line = Content.assemble(
        ("✓ ", "$text-success"),
        plural(report.rows, "row"),
        " written (",
        size(report.bytes),
        ") to ",
        literal_line(where, 600, "bold"),
    )
    parts = [line]
    if report.split is not None:
        sizes = ", ".join(f"{file.part} {file.rows:,}" for file in report.files)
        nearest = f"nearest across parts: ROUGE-L {report.split.highest:.2f}"
        parts.append(literal_line(f"{sizes}; {nearest}"))
    if report.empty_skipped:
        parts.append(Content.assemble(count(report.empty_skipped), " with an empty answer left out"))
    for why, number in report.left_out.items():
        parts.append(Content.assemble(count(number), " left out ", literal_line(LEFT_OUT[why])))  # type: ignore[index]
    if report.escaped:
        parts.append(Content.assemble(count(report.escaped), " cells made safe from formulas"))
    return Content(" · ").join(parts)
