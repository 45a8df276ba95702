"""What a person asks of an export, checked once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from app.errors import ExportError
from app.export.formats import FORMS, PREFERENCE_FORMS, ROW_FORMS, form_named
from app.export.formats.form import Form
from app.store.exportable import Selection
from app.store.rows import Include

Container = Literal["lines", "array"]
"""What holds the rows: an object a line, or one JSON array."""

FORMATS: tuple[str, ...] = (*ROW_FORMS, *PREFERENCE_FORMS)
"""Every name that `--format` takes."""


@dataclass(frozen=True, slots=True)
class Request:
    """An export to make: the form of a row, what holds the rows, which rows, with which system prompt."""

    form: Form
    container: Container
    selection: Selection
    system: str = ""


def request(
    format: str, include: Include = "consensus", *, run: int | None = None, system: str = ""
) -> Request:
    """Put a request together from what was typed. Raises ExportError for what does not fit together."""
    if format not in FORMATS:
        raise ExportError(f"There is no format {format!r}.", f"Choose one of: {', '.join(FORMATS)}.")
    form = form_named(format)
    if system and not form.system:
        fitting = ", ".join(name for name, one in FORMS.items() if one.system)
        raise ExportError(
            f"The format {format} has no place for a system prompt.", f"Leave it out, or choose {fitting}."
        )
    # What KTO learns from lies in the rejected rows as much as in the others.
    chosen = Selection("judged" if form.takes == "judgement" else include, run)
    return Request(form, "array" if format == "alpaca" else "lines", chosen, system)
