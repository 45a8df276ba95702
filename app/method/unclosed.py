"""What was opened and never closed: a code fence, a bracket (of JSON as well), a quote. Pure.

Apostrophes are no quotes, `a)` and `:-(` open nothing, inches are no quotes, and what the task itself has
open an answer may have open too.
"""

from __future__ import annotations

import json
import re

_OPENING, _CLOSING = "([{（［｛「『【《〔〖", ")]}）］｝」』】》〕〗"
_SIGNS = bytes(set(range(256)) - set(b'([{)]}"`~'))
"""The bytes that are none of the ASCII signs: without them little is left to count."""
_BLOCK = re.compile(r"```.*?```|~~~.*?~~~|`[^`\n]+`", re.DOTALL)
_SMILEY = re.compile(r"(?<![\w)])[:;=8][-^'o]?[(\[{]|['\"`][(\[{]['\"`]")
_NO_QUOTE = re.compile(r"\\\"|'\"'|(?<=\d)\"")


def unclosed(text: str, given: str = "") -> bool:
    """Say whether `text` opens a fence, a bracket or a quote and never closes it; `given` is its task."""
    signs = text.encode("utf-8", "surrogatepass").translate(None, _SIGNS)
    if b"```" in signs and text.count("```") % 2:
        return given.count("```") % 2 == 0
    plain = text.isascii()
    brackets = not plain or _more_open(signs.decode())
    quotes = not plain or signs.count(b'"') % 2 == 1
    if not (brackets or quotes):
        return False
    bare = _BLOCK.sub("", text) if b"`" in signs or b"~~~" in signs else text
    if brackets and _open_bracket(bare):
        return not (_open_bracket(given) or _is_json(text))
    return quotes and _open_quote(bare) and not _open_quote(given)


def _more_open(text: str) -> bool:
    return sum(map(text.count, _OPENING)) > sum(map(text.count, _CLOSING))


def _open_bracket(text: str) -> bool:
    """Say whether more is opened than closed, of whatever kind: intervals as [0, 1) are closed."""
    return _more_open(text) and _more_open(_SMILEY.sub("", text))


def _open_quote(text: str) -> bool:
    if text.count('"') % 2 and _NO_QUOTE.sub("", text).count('"') % 2:
        return True
    if text.isascii():
        return False
    # A paragraph within a quotation opens it anew: only the last sign says whether it is open.
    closed = max(text.rfind("”"), text.rfind("“") if "„" in text else -1)
    if text.rfind("„" if "„" in text else "“") > closed:
        return True
    return (text.count("«") + text.count("»")) % 2 == 1  # »so« and «so»


def _is_json(text: str) -> bool:
    """Say whether the text is JSON, which may hold brackets in its strings."""
    if text.lstrip()[:1] not in ("{", "["):
        return False
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return False
    return True
