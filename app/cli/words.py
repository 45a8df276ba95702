"""Words that more than one command prints."""

from __future__ import annotations

from collections.abc import Mapping

from app.run.revote import Choice


def counted(count: int, noun: str) -> str:
    """Return "1 item" or "1,200 items"."""
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {noun}s"


def named_choices(by_run: Mapping[int, Choice]) -> str:
    """Name the rule and threshold of every run, once if all have the same."""
    said = {
        number: f"rule {choice.rule}, threshold {choice.threshold:g}" for number, choice in by_run.items()
    }
    if len(set(said.values())) == 1:
        return next(iter(said.values()))
    return "; ".join(f"run {number}: {text}" for number, text in said.items())
