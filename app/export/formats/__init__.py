"""The forms a row can take, by the exact field names of the programs that read them. Pure."""

from __future__ import annotations

from app.errors import ExportError
from app.export.formats import chat, flat, preference
from app.export.formats.form import Form

ROW_FORMS: dict[str, Form] = {form.name: form for form in (*flat.FORMS, *chat.FORMS)}
"""Forms that show an answer to imitate."""
PREFERENCE_FORMS: dict[str, Form] = {form.name: form for form in preference.FORMS}
"""Forms that say which answer is better."""
FORMS: dict[str, Form] = {**ROW_FORMS, **PREFERENCE_FORMS}


def form_named(name: str) -> Form:
    """Return the form of that name. Raises ExportError where there is none."""
    if name not in FORMS:
        raise ExportError(f"There is no form {name!r} of a row.", f"Choose one of: {', '.join(FORMS)}.")
    return FORMS[name]
