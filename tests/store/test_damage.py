"""Damage is noticed before anything that is read counts, and what can be read is saved."""

from __future__ import annotations

import errno
import shutil
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest

from app.errors import ProjectError
from app.store import columns, decisions, files, health, project, reading, runs, schema
from app.store import rescue as rescue_module
from app.store.connection import Connection, connect
from app.store.decisions import ItemDecision
from app.store.project import DiskFull, Project
from app.store.rescue import rescue
from tests.store.material import add_item, start_run

ITEMS = 40


def fill(c: Connection) -> None:
    run = start_run(c)
    items = [add_item(c, run, f"Name task {number}.", "given " * 20) for number in range(ITEMS)]
    decisions.decide(c, "ann", "accept", [ItemDecision(item.id) for item in items[:10]])
    decisions.decide(c, "ann", "edit", [ItemDecision(items[11].id, text="better")])


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("sound") / "sound.db"
    with Project.open(path, create=True) as made:
        made.write_now(fill)
    return path


@pytest.fixture
def copy(sound: Path, tmp_path: Path) -> Path:
    path = tmp_path / "copy.db"
    path.write_bytes(sound.read_bytes())
    return path


def counts(path: Path) -> dict[str, int]:
    with Project.open(path, read_only=True) as opened:
        tables = schema.TABLES - {"texts"}
        return {
            table: opened.read(lambda c, t=table: c.execute(f"SELECT COUNT(*) FROM {t}").fetchone()[0])
            for table in tables
        }


def pages_of(path: Path, table: str) -> list[int]:
    """Return the leaf pages of a table."""
    connection = sqlite3.connect(path)
    try:
        root = connection.execute("SELECT rootpage FROM sqlite_master WHERE name = ?", (table,)).fetchone()[0]
    finally:
        connection.close()
    raw = path.read_bytes()
    at = (root - 1) * 4096
    if raw[at] != 5:
        return [root]
    cells = int.from_bytes(raw[at + 3 : at + 5], "big")
    places = [int.from_bytes(raw[at + 12 + 2 * n : at + 14 + 2 * n], "big") for n in range(cells)]
    return [int.from_bytes(raw[at + place : at + place + 4], "big") for place in places]


def spoil(path: Path, page: int) -> None:
    with path.open("r+b") as file:
        file.seek((page - 1) * 4096)
        file.write(b"\xa5" * 64)


def test_the_columns_that_are_looked_for_are_those_of_the_present_format(tmp_path: Path) -> None:
    assert schema.version() == columns.COLUMNS_FORMAT
    with Project.open(tmp_path / "new.db", create=True) as made:
        found = made.read(schema.columns_of)
    assert {table: set(names) for table, names in columns.COLUMNS.items()} == {
        table: names
        for table, names in found.items()
        if not table.startswith(("sqlite", "_sqlite", "texts_"))
    }


@pytest.mark.parametrize("options", [{}, {"read_only": True}])
def test_a_project_with_other_columns_is_refused_unchanged(copy: Path, options: dict[str, bool]) -> None:
    connection = sqlite3.connect(copy)
    connection.execute("ALTER TABLE runs RENAME COLUMN note TO remark")
    connection.close()
    before = copy.read_bytes()
    with pytest.raises(ProjectError, match="without the column note of runs"):
        Project.open(copy, **options)
    assert copy.read_bytes() == before


def test_a_file_with_our_mark_and_no_tables_is_refused_unchanged(tmp_path: Path) -> None:
    for version in (1, 7, schema.version()):
        path = tmp_path / f"{version}.db"
        connection = sqlite3.connect(path)
        connection.execute(f"PRAGMA application_id = {schema.APPLICATION_ID}")
        connection.execute(f"PRAGMA user_version = {version}")
        connection.close()
        before = path.read_bytes()
        for options in ({}, {"read_only": True}):
            with pytest.raises(ProjectError, match="without the table"):
                Project.open(path, **options)
        assert path.read_bytes() == before and [one.name for one in tmp_path.glob(f"{version}.db*")] == [
            path.name
        ]


def test_a_sound_project_has_no_fault(sound: Path) -> None:
    with Project.open(sound, read_only=True) as opened:
        opened.check()
        assert opened.read(health.every_fault) == []
        assert opened.read(health.readable).startswith(
            f"{ITEMS} instructions, {ITEMS} tasks, {3 * ITEMS} ans"
        )


@pytest.mark.parametrize(
    ("change", "found"),
    [
        ("UPDATE instances SET input = 'other' WHERE number = 7", "item #0007 has changed"),
        ("UPDATE votes SET matrix = '[[' WHERE rowid = 3", "is not valid JSON"),
        ("UPDATE candidates SET instance_id = 'nobody' WHERE rowid = 5", "belongs to nothing"),
        ("UPDATE review_state SET text = 'worse' WHERE status = 'edited'", "edited answer of item #0012"),
        ("UPDATE review_state SET note = 'worse' WHERE status = 'edited'", "not what its log says"),
        ("UPDATE candidates SET output = CAST(x'80a5a5' AS TEXT) WHERE rowid = 5", "UTF-8"),
        ("UPDATE candidates SET id = CAST(x'6100' AS TEXT) || id WHERE rowid = 5", "id is not a hash"),
    ],
)
def test_what_rows_say_of_one_another_is_compared(copy: Path, change: str, found: str) -> None:
    connection = sqlite3.connect(copy)
    connection.execute(change)
    connection.commit()
    connection.close()
    with Project.open(copy, read_only=True) as opened:
        assert found in "\n".join(opened.read(health.every_fault))


def test_counts_that_are_lost_are_noticed_before_anything_is_read(copy: Path) -> None:
    with closing(sqlite3.connect(copy, isolation_level=None)) as c:
        c.execute("DELETE FROM counted WHERE stage = 'instances'")
    with Project.open(copy, read_only=True) as opened, pytest.raises(ProjectError, match="counts of run 1"):
        opened.check()


def test_a_damaged_page_is_noticed_before_anything_is_read_and_what_can_be_read_is_said(copy: Path) -> None:
    spoil(copy, pages_of(copy, "candidates")[1])
    with Project.open(copy, read_only=True) as opened, pytest.raises(ProjectError) as caught:
        opened.check()
    assert f"{ITEMS} tasks, some answers" in caught.value.message
    assert "quorum rescue copy.db" in caught.value.hint


def test_a_value_that_nobody_can_read_is_damage_and_no_slip_of_ours(copy: Path) -> None:
    connection = sqlite3.connect(copy)
    connection.execute("UPDATE votes SET matrix = '[['")
    connection.commit()
    connection.close()
    reading_it = pytest.raises(ProjectError, match=r"is damaged .*not valid JSON")
    with Project.open(copy, read_only=True) as opened, reading_it:
        opened.read(lambda _c: [][1])
    with Project.open(copy, create=True) as fine:
        fine.write_now(lambda c: c.execute("UPDATE votes SET matrix = '[]'"))
        with pytest.raises(IndexError):
            fine.read(lambda _c: [][1])


def test_a_large_file_is_looked_through_once_a_day(copy: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(project, "_SMALL", 1000)
    told: list[str] = []
    for _ in range(2):
        with Project.open(copy, read_only=True) as opened:
            opened.check(told.append)
            opened.check(told.append)
    assert len(told) == 1 and "copy.db for damage" in told[0]
    with monkeypatch.context() as slow:
        slow.setattr(health, "_TOLD_EVERY", 0.001)
        slow.setattr(health, "faults", lambda _c: time.sleep(0.05) or [])
        copy.touch()
        with Project.open(copy, read_only=True) as opened:
            opened.check(told.append)
    assert len(told) > 2 and "so far" in told[-1]
    spoil(copy, pages_of(copy, "candidates")[0])
    with Project.open(copy, read_only=True) as opened, pytest.raises(ProjectError, match="is damaged"):
        opened.check(told.append)


def test_all_of_a_sound_project_is_rescued(sound: Path, tmp_path: Path) -> None:
    saved = rescue(sound, tmp_path / "saved.db")
    assert (saved.lost, saved.left_out) == ([], [])
    assert counts(tmp_path / "saved.db") == counts(sound)
    with Project.open(tmp_path / "saved.db") as opened:
        assert opened.read(health.every_fault) == []
        # The logs are as unchangeable as before.
        with pytest.raises(sqlite3.IntegrityError, match="append-only"):
            opened.write_now(lambda c: c.execute("DELETE FROM events"))


@pytest.mark.parametrize("table", ["candidates", "instances", "event_items", "votes", "runs"])
def test_what_a_damaged_page_leaves_is_rescued_and_the_rest_named(
    copy: Path, tmp_path: Path, table: str
) -> None:
    before, spoiled = counts(copy), copy.read_bytes()
    spoil(copy, pages_of(copy, table)[0])
    spoiled = copy.read_bytes()
    saved = rescue(copy, tmp_path / "saved.db")
    assert any(lost.startswith(f"{table}: rows") for lost in saved.lost)
    assert copy.read_bytes() == spoiled
    after = counts(tmp_path / "saved.db")
    with Project.open(tmp_path / "saved.db") as opened:
        assert opened.read(health.every_fault) == []
    if table == "candidates":
        assert 0 < after["candidates"] < before["candidates"] and after["instances"] == before["instances"]
    lost = {name: before[name] - after[name] for name in saved.rows if name != table}
    # What was read and has no place is handed over, so nothing but the damaged page is gone.
    for name, number in lost.items():
        assert number == sum(row.table == name for row in saved.left_out), name


@pytest.mark.parametrize("length", [16, 100, 4096])
def test_a_project_whose_beginning_is_damaged_is_rescued_whole(
    copy: Path, tmp_path: Path, length: int
) -> None:
    before = counts(copy)
    with copy.open("r+b") as file:
        file.write(b"\xa5" * length)
    with pytest.raises(ProjectError):
        Project.open(copy)
    saved = rescue(copy, tmp_path / "saved.db")
    assert saved.lost == ["how its tables are described"]
    assert counts(tmp_path / "saved.db") == before


@pytest.mark.parametrize("word", [b"VIRTUAL", b"fts5", b"body", b"tokenize", b"unicode61", b"diacritics"])
def test_letters_that_are_none_in_what_describes_the_text_index_are_damage(
    copy: Path, tmp_path: Path, word: bytes
) -> None:
    before, content = counts(copy), copy.read_bytes()
    at = content.index(word, content.index(b"CREATE VIRTUAL TABLE texts"))
    # SQLite quotes the letter as it reads on in the list of tables.
    copy.write_bytes(content[:at] + b"\xf3" + content[at + 1 :])
    with pytest.raises(ProjectError, match="damaged"):
        Project.open(copy)
    saved = rescue(copy, tmp_path / "saved.db")
    assert saved.lost in ([], ["how its tables are described"])
    assert counts(tmp_path / "saved.db") == before


def test_a_disk_that_refuses_the_copy_is_not_taken_for_damage(
    copy: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(shutil, "copyfile", full)
    with pytest.raises(DiskFull, match="No space left"):
        rescue(copy, tmp_path / "saved.db")


@pytest.mark.parametrize("content", [b"", b"x", b"\xa5" * 20_000])
def test_nothing_is_made_where_nothing_can_be_read(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "noise.db").write_bytes(content)
    with pytest.raises(ProjectError, match="Nothing can be read"):
        rescue(tmp_path / "noise.db", tmp_path / "saved.db")
    assert [one.name for one in tmp_path.iterdir()] == ["noise.db"]


def test_a_project_that_is_not_whole_never_gets_its_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Unmerged(Connection):
        """The log cannot be merged, and nobody is told when the connection closes."""

        def execute(self, sql: str, parameters: object = (), /) -> sqlite3.Cursor:
            if "wal_checkpoint" in sql:
                return super().execute("SELECT 0, 7, 0")
            return super().execute(sql, parameters)

    monkeypatch.setattr("app.store.connection.Connection", Unmerged)
    with pytest.raises(ProjectError, match="could not be merged"):
        Project.open(tmp_path / "new.db", create=True)
    monkeypatch.undo()
    assert list(tmp_path.iterdir()) == []
    Project.open(tmp_path / "new.db", create=True).close()


def test_a_file_that_was_built_wrong_never_gets_its_name(tmp_path: Path, copy: Path) -> None:
    spoil(copy, pages_of(copy, "candidates")[0])
    with pytest.raises(sqlite3.DatabaseError, match="came out damaged"):
        files.give_name(copy, tmp_path / "named.db")
    assert not (tmp_path / "named.db").exists()


@pytest.mark.parametrize("way", ["removed", "replaced", "folder", "log"])
def test_a_project_that_is_gone_is_no_success(tmp_path: Path, copy: Path, way: str) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    path = folder / "gone.db"
    path.write_bytes(copy.read_bytes())
    opened = Project.open(path)
    opened.write_now(start_run)
    if way == "removed":
        path.unlink()
    elif way == "replaced":
        copy.replace(path)
    elif way == "folder":
        folder.rename(tmp_path / "elsewhere")
    else:
        path.with_name("gone.db-wal").unlink()
    with pytest.raises(ProjectError, match="was removed"):
        opened.write_now(start_run)
    if way != "log":
        with pytest.raises(ProjectError, match="removed or replaced while it was open"):
            opened.read(lambda c: c.execute("SELECT 1").fetchone())
    opened.close()


def test_a_backup_taken_while_somebody_writes_is_one_moment_of_it(
    copy: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Project.open(copy) as writer, Project.open(copy, read_only=True) as reader:

        def compared_after_a_write(*seen: Any) -> None:
            writer.write_now(fill)
            compare(*seen)

        compare = files._compare
        monkeypatch.setattr(files, "_compare", compared_after_a_write)
        writer.write_now(start_run)
        holds = reader.back_up_to(tmp_path / "backup.db")
        monkeypatch.setattr(files, "_compare", compare)
        writer.back_up_to(tmp_path / "later.db")
    assert holds == "40 instructions, 40 tasks, 120 answers, 2 decisions, 0 judgements"
    assert [counts(tmp_path / name)["runs"] for name in ("backup.db", "later.db")] == [2, 3]
    with Project.open(tmp_path / "backup.db") as opened:
        assert opened.read(health.every_fault) == []


def leave_log(path: Path) -> None:
    """Store something that only the log holds, and die."""
    script = (
        "import os, sys; from app.store.project import Project; from tests.store.material import start_run\n"
        "p = Project.open(sys.argv[1]); p.write_now(start_run); os.kill(os.getpid(), 9)"
    )
    subprocess.run([sys.executable, "-c", script, str(path)], check=False)
    assert files.has_unmerged_log(path)
    path.with_name(f"{path.name}-shm").unlink(missing_ok=True)


@contextmanager
def unshared(monkeypatch: pytest.MonkeyPatch, code: int, path: Path) -> Iterator[None]:
    """Let SQLite refuse to share memory beside `path`, as on a disk that is full or cannot be written."""
    real = connect

    def refusing(opened: Path, mode: str) -> Connection:
        if opened == path and mode == "ro":
            error = sqlite3.OperationalError("unable to open database file")
            error.sqlite_errorcode = code
            raise error
        return real(opened, mode)  # type: ignore[arg-type]

    with monkeypatch.context() as patch:
        patch.setattr(reading, "connect", refusing)
        yield


@pytest.mark.parametrize("code", [sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR])
def test_a_log_is_read_from_a_private_copy_where_it_cannot_be_read_in_place(
    copy: Path, monkeypatch: pytest.MonkeyPatch, code: int
) -> None:
    leave_log(copy)
    with unshared(monkeypatch, code, copy), Project.open(copy, read_only=True) as opened:
        assert opened.read(lambda c: c.execute("SELECT COUNT(*) FROM runs").fetchone()[0]) == 2
        assert not opened.notice
        folder = opened._source.folder
        assert folder and folder.stat().st_mode & 0o777 == 0o700
    assert not folder.exists()


@pytest.mark.parametrize("folder", [True, False])
def test_without_room_for_a_copy_the_file_is_read_without_its_log_and_that_is_said(
    copy: Path, monkeypatch: pytest.MonkeyPatch, folder: bool
) -> None:
    leave_log(copy)

    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    place = (reading.shutil, "copyfile") if folder else (reading.tempfile, "mkdtemp")
    with unshared(monkeypatch, sqlite3.SQLITE_CANTOPEN, copy), monkeypatch.context() as patch:
        patch.setattr(*place, full)
        with Project.open(copy, read_only=True) as opened:
            assert opened.read(lambda c: c.execute("SELECT COUNT(*) FROM runs").fetchone()[0]) == 1
            assert "copy.db-wal" in opened.notice and "No space left" in opened.notice


def test_reading_leaves_the_folder_as_it_was(copy: Path) -> None:
    before = copy.read_bytes(), copy.stat().st_mtime_ns
    with Project.open(copy, read_only=True) as one:
        with Project.open(copy, read_only=True) as other:
            other.check()
        assert one.read(health.faults) == []
    assert [path.name for path in copy.parent.iterdir()] == ["copy.db"]
    assert (copy.read_bytes(), copy.stat().st_mtime_ns) == before
    with Project.open(copy) as writing:
        writing.write_now(lambda c: decisions.undo(c, "ann"))
        log = copy.with_name("copy.db-wal")
        there = log.stat().st_ino, log.read_bytes()
        with Project.open(copy, read_only=True) as reading_too:
            reading_too.check()
        assert (log.stat().st_ino, log.read_bytes()) == there, "somebody writes"


def test_a_log_that_belongs_to_another_file_is_named(copy: Path, sound: Path) -> None:
    leave_log(copy)
    with pytest.raises(ProjectError) as caught:
        raise files.damaged(copy, "malformed")
    assert "move copy.db-wal away" in caught.value.hint


def test_a_full_disk_is_told_apart_and_the_free_space_said_in_megabytes(tmp_path: Path) -> None:
    error = files.storage_error(OSError(28, "No space left on device"), tmp_path / "a.db", "write")
    assert isinstance(error, DiskFull) and "MB free" in error.message


def test_a_schema_whose_damage_is_no_text_is_damage_all_the_same(tmp_path: Path) -> None:
    path = tmp_path / "p.db"
    Project.open(path, create=True).close()
    with closing(sqlite3.connect(path, isolation_level=None)) as c:
        c.execute("PRAGMA writable_schema = ON")
        bytes_of_no_text = "CAST(x'8141' AS TEXT)"
        c.execute(
            f"INSERT INTO sqlite_schema VALUES ('table', {bytes_of_no_text}, {bytes_of_no_text}, 3, 'CREATE')"
        )
    with pytest.raises(ProjectError, match="is damaged") as refused:
        Project.open(path, read_only=True)
    assert "quorum rescue" in refused.value.hint


@pytest.mark.parametrize(
    ("before", "after"), [(b"CREATE TABLE", b"CREATF TABLE"), (b"CREATE INDEX", b"CREATE INDEZ")]
)
def test_a_project_with_a_wrong_letter_in_how_a_table_is_described_is_rescued_whole(
    copy: Path, tmp_path: Path, before: bytes, after: bytes
) -> None:
    sound = counts(copy)
    copy.write_bytes(copy.read_bytes().replace(before, after, 5))
    with pytest.raises(ProjectError):
        Project.open(copy)
    saved = rescue(copy, tmp_path / "saved.db")
    assert saved.lost == ["how its tables are described"]
    assert counts(tmp_path / "saved.db") == sound


def schema_pages(path: Path) -> list[int]:
    """Return the pages that describe the tables, behind the first."""
    raw = path.read_bytes()
    cells = int.from_bytes(raw[103:105], "big")
    places = [int.from_bytes(raw[112 + 2 * cell : 114 + 2 * cell], "big") for cell in range(cells)]
    pages = [int.from_bytes(raw[place : place + 4], "big") for place in places]
    return [*pages, int.from_bytes(raw[108:112], "big")]


@pytest.mark.parametrize("which", [slice(0, 1), slice(1, 2), slice(None)])
def test_a_project_whose_description_is_lost_is_rescued_whole(
    copy: Path, tmp_path: Path, which: slice
) -> None:
    sound, pages = counts(copy), schema_pages(copy)
    assert len(pages) > 3
    for page in pages[which]:
        spoil(copy, page)
    spoil(copy, 1)
    saved = rescue(copy, tmp_path / "saved.db")
    assert saved.lost == ["how its tables are described"]
    assert counts(tmp_path / "saved.db") == sound


def test_tables_are_found_where_the_description_says_though_a_new_project_has_them_elsewhere(
    copy: Path, tmp_path: Path
) -> None:
    with closing(sqlite3.connect(copy, isolation_level=None)) as c:
        c.execute("PRAGMA foreign_keys = OFF")
        sql = c.execute("SELECT sql FROM sqlite_master WHERE name = 'candidates'").fetchone()[0]
        c.execute(sql.replace("candidates", "moved", 1))
        c.execute("INSERT INTO moved SELECT * FROM candidates")
        c.execute("DROP TABLE candidates")
        c.execute("PRAGMA legacy_alter_table = ON")
        c.execute("ALTER TABLE moved RENAME TO candidates")
    sound = counts(copy)
    with copy.open("r+b") as file:
        file.write(b"\xa5" * 110)
    saved = rescue(copy, tmp_path / "saved.db")
    assert saved.lost == ["how its tables are described"] and counts(tmp_path / "saved.db") == sound


@pytest.mark.parametrize(
    ("change", "lost", "left_out"),
    [
        ("UPDATE votes SET matrix = '[[' WHERE rowid = 3", "1 row left out: matrix is not valid JSON", 1),
        ("UPDATE votes SET rule = 'quorun' WHERE rowid = 3", "rule is not a possible value", 1),
        ("UPDATE votes SET mean = 7e300 WHERE rowid < 3", "2 rows left out: mean is not a possible", 2),
        ("UPDATE votes SET winner = candidates WHERE rowid = 3", "belongs to in candidates is lost", 1),
        ("UPDATE votes SET barred = '[\"\"]' WHERE rowid = 3", "it cannot be read as a vote", 1),
        ("UPDATE instructions SET text = 'X' WHERE rowid = 3", "the text of item #0003 has changed", 7),
        ("UPDATE candidates SET output = CAST(x'80a5' AS TEXT) WHERE rowid = 2", "bytes that are not", 1),
        ("UPDATE runs SET note = CAST(x'80a5' AS TEXT)", "runs: letters in 1 row", 0),
        ("UPDATE runs SET recipe_json = '{]'", "recipe of run 1, which counts as imported", 0),
        ("UPDATE runs SET state = 'runnimg', created_at = 'yesterday'", "state is not a possible value", 0),
    ],
)
def test_rows_that_cannot_be_what_was_stored_are_left_out_and_named(
    copy: Path, tmp_path: Path, change: str, lost: str, left_out: int
) -> None:
    with closing(sqlite3.connect(copy, isolation_level=None)) as c:
        c.execute(change)
    saved = rescue(copy, tmp_path / "saved.db")
    assert lost in "\n".join(saved.lost)
    assert len(saved.left_out) == left_out
    with Project.open(tmp_path / "saved.db", read_only=True) as opened:
        assert opened.read(health.every_fault) == []


def test_what_a_person_said_that_cannot_be_read_is_left_out(copy: Path, tmp_path: Path) -> None:
    with Project.open(copy) as opened:
        [item, *_] = opened.read(lambda c: c.execute("SELECT id FROM instances ORDER BY number").fetchone())
        opened.write_now(lambda c: decisions.decide(c, "ann", "tags", [ItemDecision(item, text='["good"]')]))
    with closing(sqlite3.connect(copy, isolation_level=None)) as c:
        c.execute("DROP TRIGGER event_items_no_update")
        c.execute("UPDATE event_items SET text = '[7]' WHERE text = '[\"good\"]'")
    with Project.open(copy, read_only=True) as opened:
        assert "what it says (tags) cannot be read" in "\n".join(opened.read(health.every_fault))
    saved = rescue(copy, tmp_path / "saved.db")
    assert [row.table for row in saved.left_out] == ["event_items"]
    with Project.open(tmp_path / "saved.db", read_only=True) as opened:
        assert opened.read(health.every_fault) == []


def test_no_row_is_named_where_none_is_between_those_that_can_be_read() -> None:
    found = [rescue_module._rows_between(*between) for between in ((0, 1), (2, 4), (2, 7), (2, None))]
    assert found == ["", "row 3", "rows 3 to 6", "rows 3 to the end"]


@pytest.mark.parametrize("replaced", [False, True])
def test_the_log_of_a_project_that_was_moved_holds_its_last_changes(
    tmp_path: Path, copy: Path, replaced: bool
) -> None:
    opened = Project.open(copy)
    runs_before = len(opened.read(runs.all_runs))
    opened.back_up_to(tmp_path / "backup.db")
    opened.write_now(start_run)
    copy.rename(tmp_path / "moved.db")
    if replaced:
        (tmp_path / "backup.db").rename(copy)
    with pytest.raises(ProjectError, match="removed or replaced") as refused:
        opened.write_now(start_run)
    opened.close()
    log = copy.with_name(f"{copy.name}{'.replaced' if replaced else ''}-wal")
    assert log.name in (refused.value.hint or "")
    if replaced:  # by a backup of the same project, into which the log would be played
        with Project.open(copy) as other:
            assert len(other.read(runs.all_runs)) == runs_before
    log.rename(tmp_path / "moved.db-wal")
    with Project.open(tmp_path / "moved.db") as moved:
        assert len(moved.read(runs.all_runs)) == runs_before + 1
