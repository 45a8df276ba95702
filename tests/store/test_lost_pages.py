"""A page that was never written, though the disk said so, is noticed before anything is read; of every table.

What is done to the file is what a lost write leaves: a page as it was at some time before, or empty. The
format is that of https://www.sqlite.org/fileformat2.html#b_tree_pages.
"""

from __future__ import annotations

import random
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from app.store import health, schema, search, text_index
from app.store.connection import connect, in_memory
from app.store.project import Project
from app.store.rescue import rescue
from tests.store.histories import grow

_INTERIOR, _LEAVES = (0x02, 0x05), (0x0A, 0x0D)
_HEADER = 8
SIZE = 4096


@pytest.fixture(scope="module")
def history(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Return copies of a project after every step of its life; in the last one each table has rows."""
    return list(grow(tmp_path_factory.mktemp("history") / "a.db"))


def trees(path: Path) -> dict[str, int]:
    """Map every table and index to the page where it begins; the description of all to the first one."""
    with closing(sqlite3.connect(path)) as c:
        found = c.execute("SELECT name, rootpage FROM sqlite_master WHERE rootpage > 0").fetchall()
    return {"sqlite_master": 1, **dict(found)}


def page(content: bytes, number: int) -> bytes:
    return content[(number - 1) * SIZE : number * SIZE]


def leaves(content: bytes, number: int) -> Iterator[int]:
    """Yield the numbers of the leaves below a page."""
    own = page(content, number)
    # The first page begins with the header of the file.
    if number == 1 or own[0] in _LEAVES:
        yield number
        return
    assert own[0] in _INTERIOR, number
    count = int.from_bytes(own[3:5], "big")
    for place in range(count):
        at = int.from_bytes(own[12 + 2 * place : 14 + 2 * place], "big")
        yield from leaves(content, int.from_bytes(own[at : at + 4], "big"))
    yield from leaves(content, int.from_bytes(own[8:12], "big"))


def emptied(leaf: bytes) -> bytes:
    """Return a leaf without rows: no free block, no cell, and where their content would begin."""
    return leaf[:1] + bytes(4) + SIZE.to_bytes(2, "big") + bytes(1 + SIZE - _HEADER)


def written(content: bytes, number: int, new: bytes) -> bytes:
    at = (number - 1) * SIZE
    return content[:at] + new + content[at + SIZE :]


def lost_writes(history: list[Path]) -> Iterator[tuple[str, bytes]]:
    """Yield every tree with a content of the file in which one of its leaves was not written."""
    last = history[-1].read_bytes()
    earlier = [path.read_bytes() for path in history[:-1]]
    for name, root in trees(history[-1]).items():
        for number in leaves(last, root):
            now = page(last, number)
            instead = dict.fromkeys(page(content, number) for content in earlier)
            if number > 1:
                instead[emptied(now)] = None
            for other in instead:
                if other and other != now:
                    yield name, written(last, number, other)


def test_every_table_has_rows_in_the_history(history: list[Path]) -> None:
    with closing(connect(history[-1], "immutable")) as c:
        assert not health.every_fault(c)
        for table in schema.TABLES:
            assert c.execute(f"SELECT COUNT(*) FROM {table}").fetchone()[0], table


def test_a_page_that_was_not_written_is_noticed_in_every_table_and_index(
    history: list[Path], tmp_path: Path
) -> None:
    path, seen, silent = tmp_path / "a.db", dict.fromkeys(trees(history[-1]), 0), []
    before = rows(history[-1])
    for name, content in lost_writes(history):
        path.write_bytes(content)
        try:
            with closing(connect(path, "immutable")) as c:
                found = health.faults(c)
        except sqlite3.Error as error:
            found = [str(error)]
        if not found and rows(path) == before:
            continue  # of a page that differs only in what SQLite does not read any more
        seen[name] += 1
        if not found:
            silent.append(name)
    assert not silent
    # The indexes by choice of rows are empty where nothing is chosen.
    assert [name for name, count in seen.items() if not count] == ["desk_conflicts"]


def rows(path: Path) -> list[list[tuple[object, ...]]]:
    """Return all that the tables hold, those of the text index included."""
    with closing(sqlite3.connect(path)) as c:
        query = "SELECT name FROM sqlite_master WHERE type = 'table' AND rootpage > 0 ORDER BY name"
        return [
            c.execute(f"SELECT * FROM {name} NOT INDEXED").fetchall()
            for (name,) in c.execute(query).fetchall()
        ]


def test_every_table_can_be_compared_with_another_tree(history: list[Path]) -> None:
    """A new table needs an index for this, of all its columns that change in place."""
    whole = (
        "SELECT tbl_name FROM sqlite_master WHERE type = 'index' AND COALESCE(sql, '') NOT LIKE '% WHERE %'"
    )
    with closing(sqlite3.connect(history[-1])) as c:
        # A table without row ids is the index by its own key.
        other = c.execute(
            f"{whole} AND rootpage NOT IN (SELECT rootpage FROM sqlite_master WHERE type = 'table')"
        )
        every = "SELECT name FROM sqlite_master WHERE type = 'table' AND rootpage > 0"
        alone = {name for (name,) in c.execute(every)} - {name for (name,) in other}
        numbered = c.execute("SELECT name FROM sqlite_master WHERE sql LIKE '%AUTOINCREMENT%'").fetchall()
    # `text_index.lost` and `health._numbers` compare these with others.
    assert alone == {"texts_data", "texts_idx", "texts_docsize", "texts_config", "sqlite_sequence"}
    assert {name for (name,) in numbered} == schema.NUMBERED.keys()


@pytest.mark.parametrize("table", schema.NUMBERED)
def test_the_end_of_a_log_that_is_lost_with_its_entries_is_noticed(
    history: list[Path], tmp_path: Path, table: str
) -> None:
    path, number = tmp_path / "a.db", schema.NUMBERED[table]
    path.write_bytes(history[-1].read_bytes())
    with closing(sqlite3.connect(path, isolation_level=None)) as c:
        c.execute(f"DROP TRIGGER IF EXISTS {table}_no_delete")
        c.execute(f"DELETE FROM {table} WHERE {number} = (SELECT MAX({number}) FROM {table})")
    with closing(connect(path, "immutable")) as read:
        assert any("was given last" in fault for fault in health.faults(read))


def test_what_is_rescued_without_the_end_of_its_logs_is_sound(history: list[Path], tmp_path: Path) -> None:
    path, saved = tmp_path / "a.db", tmp_path / "saved.db"
    content = history[-1].read_bytes()
    for table in schema.NUMBERED:
        *_, last = leaves(content, trees(history[-1])[table])
        content = written(content, last, emptied(page(content, last)))
    path.write_bytes(content)
    rescue(path, saved)
    with Project.open(saved) as opened:
        assert not opened.read(health.every_fault)


def test_a_text_index_that_is_being_merged_lacks_nothing() -> None:
    """FTS5 merges a few pages with every commit; meanwhile, pages that are gone stay listed."""
    words, merging = random.Random(5), 0
    with closing(in_memory()) as c:
        c.execute("CREATE VIRTUAL TABLE texts USING fts5 (body, content = '')")
        for commit in range(120):
            texts = [" ".join(f"w{words.randrange(5_000)}" for _ in range(100)) for _ in range(40)]
            c.execute("BEGIN")
            search.add_tasks(c, [(40 * commit + place, text, "") for place, text in enumerate(texts)])
            c.execute("COMMIT")
            assert list(text_index.lost(c)) == []
            begins = """SELECT MIN(id & 0x7fffffff) FROM texts_data
                        WHERE id > 10 AND id >> 36 & 1 = 0 GROUP BY id >> 37"""
            merging += any(first > 1 for (first,) in c.tuples(begins))
    assert merging
