"""A small JSON file of things that cost time to find out; losing it only costs that time again."""

from __future__ import annotations

import json
from contextlib import suppress
from pathlib import Path
from typing import Any

from app import atomic, regular

MOST_ENTRIES = 500


def recall(file: Path, key: str) -> Any:
    """Return what is remembered under `key`, or None."""
    return _load(file).get(key)


def remember(file: Path, key: str, value: Any) -> None:
    """Keep `value` (plain JSON) under `key`; of more than 500 entries the oldest go.

    The file is replaced in one step, so that two processes at once cannot leave half a file. A file
    that cannot be written is left as it is.
    """
    known = _load(file)
    known.pop(key, None)
    known[key] = value
    kept = dict(list(known.items())[-MOST_ENTRIES:])
    with suppress(OSError):
        atomic.write_text(file, json.dumps(kept))


def _load(file: Path) -> dict[str, Any]:
    try:
        known = json.loads(regular.text(file))
    except (OSError, ValueError, RecursionError):
        return {}
    return known if isinstance(known, dict) else {}
