"""Step 16 of `app.store.steps`: runs that are hidden. Released, so never edited."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sqlite_utils import Database


def step_16(db: Database) -> None:
    """Let a run be hidden (1): it stays stored, and its items are neither reviewed nor exported."""
    db.execute("ALTER TABLE runs ADD COLUMN hidden INTEGER NOT NULL DEFAULT 0")
