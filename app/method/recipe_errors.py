"""Say what is wrong with a recipe in words its author can act on: the key, and what is allowed there."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeGuard, get_args, get_origin

from pydantic import BaseModel, ValidationError
from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails

Place = tuple[int | str, ...]

MAX_SHOWN = 5


def explain_validation(error: ValidationError, root: type[BaseModel]) -> tuple[str, str]:
    """Return (message, hint) for a failed check of `root`; the first five faults are told."""
    faults = error.errors(include_url=False)
    told = [_fault(fault, root) for fault in faults[:MAX_SHOWN]]
    more = f"; and {len(faults) - MAX_SHOWN} more" if len(faults) > MAX_SHOWN else ""
    hints = dict.fromkeys(hint for _, hint in told if hint)
    return "; ".join(text for text, _ in told) + more + ".", " ".join(hints)


def _fault(fault: ErrorDetails, root: type[BaseModel]) -> tuple[str, str]:
    """Return (what is wrong at which key, what may stand there) for one fault."""
    where = fault["loc"]
    key = ".".join(str(part) for part in _keys(root, where)) or "the file"
    match fault["type"]:
        case "extra_forbidden":
            return f"`{key}` is unknown", _known_keys(root, where[:-1])
        case "missing":
            return f"`{key}` is missing", ""
        case "value_error":
            return f"`{key}` {fault['ctx']['error']}", ""
        case "union_tag_invalid":
            known = fault["ctx"]
            return f"`{key}.form` may not be {known['tag']}", f"Allowed: {known['expected_tags']}."
        case "model_type" | "model_attributes_type":
            return f"`{key}` must be a table", _known_keys(root, where)
    wanted = fault["msg"].removeprefix("Input should be ").removeprefix("a valid ")
    return f"`{key}` must be {wanted}, not {_shown(fault['input'])}", ""


def _keys(root: type[BaseModel], where: Place) -> Place:
    """Return the place of a fault as keys of the file: without the tags that name the form of a stage."""
    return tuple(part for part, _ in _walk(root, where))


def _known_keys(root: type[BaseModel], where: Place) -> str:
    """Say which keys the table at `where` may have."""
    steps = list(_walk(root, where))
    table = steps[-1][1] if steps else root
    if table is None:
        return ""
    name = ".".join(str(part) for part, _ in steps)
    place = f"in [{name}]" if name else "at the top"
    return f"Allowed {place}: {', '.join(table.model_fields)}."


def _walk(root: type[BaseModel], where: Place) -> Iterator[tuple[int | str, type[BaseModel] | None]]:
    """Yield each key of a place with the table that stands there, or None where none does."""
    table: type[BaseModel] | None = root
    parts = iter(where)
    for part in parts:
        field = table.model_fields.get(str(part)) if table else None
        table = None
        if field is not None and (row := _row_of(field)):
            yield part, None
            if (place := next(parts, None)) is None:
                return
            part, table = place, row
        elif field is not None and (own := _table_of(field)):
            table = own
        elif field is not None and (forms := _forms(field)):
            table = forms.get(next(parts, None))  # pydantic puts the form into the place of a fault
        yield part, table


def _is_table(annotation: object) -> TypeGuard[type[BaseModel]]:
    return isinstance(annotation, type) and issubclass(annotation, BaseModel)


def _table_of(field: FieldInfo) -> type[BaseModel] | None:
    """Return the table that a field holds, also one that may be left out."""
    return next((one for one in (field.annotation, *get_args(field.annotation)) if _is_table(one)), None)


def _row_of(field: FieldInfo) -> type[BaseModel] | None:
    """Return the table that every entry of an array of tables is."""
    entry = get_args(field.annotation)[0] if get_origin(field.annotation) is tuple else None
    return entry if _is_table(entry) else None


def _forms(field: FieldInfo) -> dict[object, type[BaseModel]]:
    """Return the tables a field may hold by the name of their form; empty for any other field."""
    tagged = [get_args(one) for one in get_args(field.annotation)]
    return {tag.tag: table for table, tag in (pair for pair in tagged if len(pair) == 2)}


def _shown(value: object) -> str:
    """Show a wrong value, cut to a reasonable length."""
    text = repr(value)
    return text if len(text) <= 60 else text[:59] + "…"
