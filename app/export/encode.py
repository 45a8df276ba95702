"""Write fields as one line of JSON that every strict reader takes. Pure.

UTF-8 without lone surrogates, no NaN, keys in their order. The line separators U+0085, U+2028 and
U+2029 are written as JSON escapes, because readers that split text into lines would cut a row there.
"""

from __future__ import annotations

import json

from app.export.formats.form import Fields

_SEPARATORS = {0x85: "\\u0085", 0x2028: "\\u2028", 0x2029: "\\u2029"}
_ENCODER = json.JSONEncoder(ensure_ascii=False, allow_nan=False)


def line(fields: Fields) -> str:
    """Write fields as one line of JSON without its line end."""
    text = _ENCODER.encode(fields)
    # Only string values can hold these characters, so replacing them in the line is an escape.
    return text if text.isascii() else text.translate(_SEPARATORS)
