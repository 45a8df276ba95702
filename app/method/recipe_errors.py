"""Say what is wrong with a recipe in words its author can act on: the key, and what is allowed there."""

from __future__ import annotations

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

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
    key = ".".join(str(part) for part in where) or "the file"
    match fault["type"]:
        case "extra_forbidden":
            return f"`{key}` is unknown", _known_keys(root, where[:-1])
        case "missing":
            return f"`{key}` is missing", ""
        case "value_error":
            return f"`{key}` {fault['ctx']['error']}", ""
        case "model_type" | "model_attributes_type":
            return f"`{key}` must be a table", _known_keys(root, where)
    wanted = fault["msg"].removeprefix("Input should be ").removeprefix("a valid ")
    return f"`{key}` must be {wanted}, not {_shown(fault['input'])}", ""


def _known_keys(root: type[BaseModel], where: tuple[int | str, ...]) -> str:
    """Say which keys the table at `where` may have."""
    table = root
    for part in where:
        field = table.model_fields.get(str(part))
        if field is None or not (
            isinstance(field.annotation, type) and issubclass(field.annotation, BaseModel)
        ):
            return ""
        table = field.annotation
    name = ".".join(str(part) for part in where)
    place = f"in [{name}]" if name else "at the top"
    return f"Allowed {place}: {', '.join(table.model_fields)}."


def _shown(value: object) -> str:
    """Show a wrong value, cut to a reasonable length."""
    text = repr(value)
    return text if len(text) <= 60 else text[:59] + "…"
