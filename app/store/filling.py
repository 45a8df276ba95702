"""Fill a project that holds no task yet: indexes that nobody asks meanwhile are made at the end, all at once.

Ids are hashes, so that every row goes to another page of each index. Those of a million tasks do not fit into
memory: they are written and read again with nearly every row, where sorted entries are written once.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from app.store.connection import Connection, roomy

_LATER = """type = 'index' AND sql IS NOT NULL
    AND (tbl_name IN ('votes', 'desk') OR name = 'idx_instances_instruction_id')"""
"""Not those by which an import finds what it has stored. All of a table, or its last: where several serve a
query, their order decides which one SQLite takes."""
_PAGES = 104
"""MiB of pages that are kept meanwhile."""
_SORTED = 16
"""MiB of entries that are sorted at once while an index is made."""


@contextmanager
def filling(c: Connection) -> Iterator[None]:
    """Store tasks, candidates and first votes inside; whatever is raised must roll the transaction back."""
    if c.execute("SELECT EXISTS (SELECT 1 FROM instances)").fetchone()[0]:
        yield
        return
    sql = f"SELECT name, sql FROM sqlite_master WHERE {_LATER} ORDER BY rowid"
    made = dict(c.tuples(sql).fetchall())
    with roomy(c, _PAGES):
        for name in made:
            c.execute(f'DROP INDEX "{name}"')
        yield
    # SQLite sorts the entries of an index in as much memory as it may keep pages in.
    with roomy(c, _SORTED):
        for statement in made.values():
            c.execute(statement)
