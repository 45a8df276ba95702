"""Turn one exportable row into one line of JSON. Pure: no file, no database.

Every line is valid for strict readers: UTF-8 without lone surrogates, no NaN, keys always present
and in the same order, all values strings. The line separators U+0085, U+2028 and U+2029 are written
as JSON escapes, because readers that split text into lines would cut a row there.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any, Literal, get_args

from app.errors import ExportError
from app.store.text import storable
from app.store.views import ExportRow

Format = Literal["alpaca-jsonl", "messages", "lamini"]

FORMATS: tuple[Format, ...] = get_args(Format)

_SEPARATORS = {0x85: "\\u0085", 0x2028: "\\u2028", 0x2029: "\\u2029"}


def line(row: ExportRow, format: Format) -> str:
    """Write a row as one line of JSON without its line end. Raises ExportError for an unknown format."""
    if format not in _BUILDERS:
        raise ExportError(f"There is no format {format!r}.", f"Choose one of: {', '.join(FORMATS)}.")
    return json_line(_BUILDERS[format](row))


def json_line(values: dict[str, Any]) -> str:
    """Write an object as one line of JSON without its line end."""
    text = json.dumps(values, ensure_ascii=False, allow_nan=False)
    # Only string values can hold these characters, so replacing them in the line is an escape.
    return text.translate(_SEPARATORS)


def user_text(row: ExportRow) -> str:
    """Join instruction and input as one user message: the input on its own line, if there is one."""
    return f"{row.instruction}\n{row.input}" if row.input else row.instruction


def _alpaca(row: ExportRow) -> dict[str, Any]:
    """Build the fields of the Stanford Alpaca data; an empty input is an empty string."""
    return {
        "instruction": storable(row.instruction),
        "input": storable(row.input),
        "output": storable(row.output),
    }


def _messages(row: ExportRow) -> dict[str, Any]:
    """Build a conversation of one turn, as TRL, axolotl and the OpenAI format take it."""
    return {
        "messages": [
            {"role": "user", "content": storable(user_text(row))},
            {"role": "assistant", "content": storable(row.output)},
        ]
    }


def _lamini(row: ExportRow) -> dict[str, Any]:
    """Build the fields of the LaMini data: instruction and input in one text, and where it comes from."""
    return {
        "instruction": storable(user_text(row)),
        "response": storable(row.output),
        "instruction_source": storable(row.source),
    }


_BUILDERS: dict[str, Callable[[ExportRow], dict[str, Any]]] = {
    "alpaca-jsonl": _alpaca,
    "messages": _messages,
    "lamini": _lamini,
}
