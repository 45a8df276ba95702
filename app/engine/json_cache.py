"""A small JSON file of things that cost time to find out; losing it only costs that time again."""

from __future__ import annotations

import json
import os
import tempfile
from pathlib import Path
from typing import Any

MOST_ENTRIES = 500


def recall(file: Path, key: str) -> Any:
    """Return what is remembered under `key`, or None."""
    return _load(file).get(key)


def remember(file: Path, key: str, value: Any) -> None:
    """Keep `value` (plain JSON) under `key`; of more than 500 entries the oldest go.

    The file is replaced in one step, so that two processes at once cannot leave half a file. One that
    cannot be written is not.
    """
    known = _load(file)
    known.pop(key, None)
    known[key] = value
    kept = dict(list(known.items())[-MOST_ENTRIES:])
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile("w", dir=file.parent, delete=False, encoding="utf-8") as written:
            json.dump(kept, written)
        os.replace(written.name, file)  # noqa: PTH105 — the name is a plain string here
    except OSError:
        return


def _load(file: Path) -> dict[str, Any]:
    try:
        known = json.loads(file.read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return known if isinstance(known, dict) else {}
