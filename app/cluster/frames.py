"""What a run and the nodes of a cluster say to each other: JSON in bytes, whose length is known."""

from __future__ import annotations

import json
from typing import Any


def packed(values: Any) -> bytes:
    """Turn plain JSON values into bytes; lone surrogates survive as escapes."""
    return json.dumps(values, separators=(",", ":")).encode("ascii")


def unpacked(data: bytes) -> Any:
    """Return what `packed` packed; ValueError for anything else."""
    return json.loads(data)
