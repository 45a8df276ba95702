"""Reader of the world's data: its facts, its words and its ways to say a task, in TOML files.

Standard library only.
"""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent / "data"

Table = dict[str, Any]
"""A table of TOML; the order of its keys is the order of the file."""


@cache
def read(name: str) -> Table:
    """Return what one file holds: `read("facts/words")`."""
    return tomllib.loads((FOLDER / f"{name}.toml").read_text(encoding="utf-8"))


@cache
def sections() -> dict[str, Table]:
    """Return the sections of all files in `data/tasks`, one per family, by the family's name."""
    tables: dict[str, Table] = {}
    for path in sorted((FOLDER / "tasks").glob("*.toml")):
        for name, table in read(f"tasks/{path.stem}").items():
            if name in tables:
                raise ValueError(f"two sections of data/tasks are called {name!r}")
            tables[name] = table
    return tables


def section(name: str) -> Table:
    """Return the section of one family."""
    return sections()[name]
