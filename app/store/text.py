"""Texts and identities at the door of the store.

SQLite stores UTF-8, which cannot hold a lone surrogate (half of a UTF-16 pair, as JSON's `"\\ud800"`
makes one). Such a text is stored with a visible mark in its place, ⟨D800⟩, the mark that
`app.visible` shows for it; `connection.Connection` does so for every write and keeps the exact text
in the table `repairs`. Everything else, NUL included, is stored as it came.
"""

from __future__ import annotations

import hashlib
import json
import re
import unicodedata
from datetime import UTC, datetime

_PAIR = re.compile("[\ud800-\udbff][\udc00-\udfff]")
_quoted = json.encoder.encode_basestring
_LONE = re.compile("[\ud800-\udfff]")


def storable(text: str) -> str:
    """Return `text` as SQLite and UTF-8 files can hold it: pairs joined, lone surrogates as marks."""
    if text.isascii() or not _LONE.search(text):
        return text
    joined = _PAIR.sub(lambda pair: pair[0].encode("utf-16-le", "surrogatepass").decode("utf-16-le"), text)
    return _LONE.sub(lambda lone: f"\u27e8{ord(lone[0]):04X}\u27e9", joined)


def folded(text: str | None) -> str:
    """Return `text` without case and accents, as full-text search compares it (unicode61)."""
    if text is None or text.isascii():
        return (text or "").lower()
    letters = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in letters if not unicodedata.combining(letter))


def exact(text: str) -> str:
    """Write `text` as an ASCII JSON string, from which `json.loads` gives back every code point."""
    return json.dumps(text)


def digest(*parts: str | int | None) -> str:
    """Hash an identity: the first 32 hexadecimal digits of the SHA-256 of its parts as a compact JSON array.

    Texts are hashed as they are stored, so that the same row always has the same id.
    """
    # Nearly every part is an ASCII text, and a million items have six million hashes.
    array = ",".join(
        [_quoted(part) if type(part) is str and part.isascii() else _as_json(part) for part in parts]
    )
    return hashlib.sha256(f"[{array}]".encode()).hexdigest()[:32]


def _as_json(part: str | int | None) -> str:
    """Write one value as JSON does; an encoder for whole values takes four times as long."""
    if isinstance(part, str):
        return _quoted(storable(part))
    return "null" if part is None else str(part)


def pair_key(instruction: str, input: str, context: str = "") -> str:
    """Return the identity of a task, by instruction, input and the turns before: kept once in a project."""
    return digest("pair", instruction, input, *((context,) if context else ()))


def now() -> str:
    """Return the present time in UTC, ISO 8601 with milliseconds. For people; never for order."""
    return datetime.now(UTC).isoformat(timespec="milliseconds")
