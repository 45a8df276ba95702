"""`quorum report PROJECT… OUT.html|.md`: everything that statistics say, as one file with pictures."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

from app import __version__
from app.cli.common import open_for_reading
from app.export.audit import sentences
from app.export.layout import check_not_project, check_target, whole_file
from app.insight.compare import By, compared, sides
from app.insight.insight import Insight, insight
from app.insight.keeping import counted
from app.insight.page import Chapter, html, markdown
from app.insight.sheets import Sheet, sheets
from app.store.project import Project

PAGES = {".html": html, ".htm": html, ".md": markdown}
"""What a report is written as, by the ending of its name."""


def write_report(projects: Sequence[Path], out: Path, *, force: bool) -> None:
    """Write the report of these projects to `out`, whole or not at all. Raises ExportError, ProjectError."""
    check_target(out, force=force)
    several = len(projects) > 1
    chapters: list[Chapter] = []
    beside: list[Insight] = []
    for path in projects:
        with open_for_reading(path, sound=True) as project:
            check_not_project(project, out)
            found, columns = told(project, "project" if several else "run", path.name if several else "")
            audited = project.read(sentences)
            chapters.append(Chapter(path.name, tuple(_with_audits(sheets(found), audited))))
            beside += columns
    if len(beside) > 1:
        name = "Projects side by side" if several else "Runs side by side"
        chapters.append(Chapter(name, (compared(beside),)))
    title = ", ".join(path.name for path in projects)
    made = f"Report of {date.today():%d %B %Y}, made by Quorum {__version__}."
    text = PAGES[out.suffix.lower()](title, made, chapters)
    with whole_file(out, force=force) as file:
        file.write(text.encode("utf-8", "replace"))


def _with_audits(found: Sequence[Sheet], audited: Sequence[str]) -> Iterator[Sheet]:
    """Yield the sheets, that of the decisions with what audits found of the rows that go out."""
    for sheet in found:
        yield replace(sheet, says=(*sheet.says, *audited)) if sheet.id == "decisions" else sheet


def told(project: Project, by: By, name: str = "") -> tuple[Insight, list[Insight]]:
    """Count a project and return it as a whole, and as it is put beside others."""
    known = counted(project)
    return project.read(lambda c: (insight(c, known), sides(c, known, by, name)))
