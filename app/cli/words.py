"""Words that more than one command prints."""

from __future__ import annotations


def counted(count: int, noun: str) -> str:
    """Return "1 item" or "1,200 items"."""
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {noun}s"
