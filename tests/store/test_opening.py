from __future__ import annotations

import hashlib
import os
import random
import signal
import sqlite3
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from app.errors import ProjectError
from app.store import lock, runs, schema
from app.store.lock import ProjectLocked, lock_path
from app.store.project import Project
from tests.store.material import add_item, in_child, start_run

ROOT = Path(__file__).resolve().parents[2]


def make(path: Path, items: int = 3) -> Path:
    with Project.open(path, create=True) as project:
        run = project.write_now(start_run)
        for number in range(items):
            project.write_now(lambda c, number=number: add_item(c, run, f"Task {number}."))
    return path


def look(folder: Path) -> dict[str, str]:
    """Map each file name to the hash of its bytes."""
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in folder.rglob("*")
        if path.is_file()
    }


def refusal(path: Path, **options: bool) -> ProjectError:
    """Open `path`, which must fail and leave its folder as it was, whichever way it is tried."""
    before = look(path.parent)
    with pytest.raises(ProjectError) as caught:
        Project.open(path, **options)
    assert look(path.parent) == before
    assert caught.value.hint
    return caught.value


def test_a_new_project_is_one_file_with_our_mark_and_leaves_nothing_beside_it(tmp_path: Path) -> None:
    path = make(tmp_path / "made.db")
    header = path.read_bytes()[:100]
    assert header[68:72] == b"QUOR"
    assert int.from_bytes(header[60:64], "big") == schema.version()
    assert [one.name for one in tmp_path.iterdir()] == ["made.db"]


def test_what_was_stored_is_there_after_reopening(tmp_path: Path) -> None:
    path = make(tmp_path / "made.db", items=5)
    with Project.open(path) as project:
        assert project.read(lambda c: c.execute("SELECT COUNT(*) FROM instances").fetchone()[0]) == 5


def test_every_connection_is_durable_and_distrusts_the_file(project: Project) -> None:
    names = ("journal_mode", "synchronous", "foreign_keys", "trusted_schema", "cell_size_check")
    values = project.write_now(lambda c: [c.execute(f"PRAGMA {name}").fetchone()[0] for name in names])
    assert values == ["wal", 2, 1, 0, 1]
    assert project.read(lambda c: c.execute("PRAGMA query_only").fetchone()[0]) == 1


def test_every_table_is_strict_and_known(project: Project) -> None:
    def tables(c: sqlite3.Connection) -> dict[str, int]:
        rows = c.execute(
            "SELECT name, strict FROM pragma_table_list WHERE schema = 'main' AND type = 'table'"
        )
        return {row[0]: row[1] for row in rows if not row[0].startswith(("sqlite_", "_sqlite"))}

    found = project.read(tables)
    # The text index is a virtual table, which cannot be strict, and keeps tables of its own.
    assert set(found) == schema.TABLES - {"texts"}
    assert set(found.values()) == {1}


def test_a_missing_project_is_refused_unless_it_may_be_made(tmp_path: Path) -> None:
    assert "does not exist" in refusal(tmp_path / "none.db").message
    assert "does not exist" in refusal(tmp_path / "none.db", read_only=True).message
    assert "does not exist" in refusal(tmp_path / "no-folder" / "a.db", create=True).message


@pytest.mark.parametrize("options", [{}, {"create": True}, {"read_only": True}])
@pytest.mark.parametrize(
    ("content", "word"),
    [
        (b"", "is empty"),
        (b"hello", "not an SQLite database"),
        (b"<!doctype html>" * 20, "not an SQLite database"),
        (b"SQLite format 3\0", "not an SQLite database"),
        (random.Random(5).randbytes(5000), "not an SQLite database"),
    ],
)
def test_a_file_that_is_no_database_is_refused_unchanged(
    tmp_path: Path, content: bytes, word: str, options: dict[str, bool]
) -> None:
    path = tmp_path / "foreign.db"
    path.write_bytes(content)
    assert word in refusal(path, **options).message


@pytest.mark.parametrize("options", [{}, {"create": True}, {"read_only": True}])
def test_a_database_of_another_program_is_refused_unchanged(tmp_path: Path, options: dict[str, bool]) -> None:
    path = tmp_path / "other.db"
    connection = sqlite3.connect(path)
    connection.execute("CREATE TABLE runs (id TEXT)")
    connection.commit()
    connection.close()
    assert "another program" in refusal(path, **options).message


@pytest.mark.parametrize("options", [{}, {"create": True}, {"read_only": True}])
def test_a_project_of_a_newer_program_is_refused_unchanged(tmp_path: Path, options: dict[str, bool]) -> None:
    path = make(tmp_path / "newer.db")
    connection = sqlite3.connect(path)
    connection.execute(f"PRAGMA user_version = {schema.version() + 1}")
    connection.close()
    assert "newer Quorum" in refusal(path, **options).message


def test_a_newer_version_that_only_the_log_knows_of_is_refused(tmp_path: Path) -> None:
    path = make(tmp_path / "newer.db")

    def write_and_die() -> None:
        connection = sqlite3.connect(path)
        connection.execute(f"PRAGMA user_version = {schema.version() + 1}")
        os.kill(os.getpid(), signal.SIGKILL)

    assert in_child(write_and_die) == -signal.SIGKILL
    assert int.from_bytes(path.read_bytes()[60:64], "big") == schema.version()
    before = path.read_bytes(), path.with_name("newer.db-wal").read_bytes()
    for options in ({}, {"read_only": True}):
        with pytest.raises(ProjectError, match="newer Quorum"):
            Project.open(path, **options)
    assert (path.read_bytes(), path.with_name("newer.db-wal").read_bytes()) == before


def test_a_folder_a_pipe_and_a_device_are_refused(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    os.mkfifo(tmp_path / "pipe")
    for options in ({}, {"create": True}, {"read_only": True}):
        for path, word in ((tmp_path / "folder", "a folder"), (tmp_path / "pipe", "not an ordinary file")):
            with pytest.raises(ProjectError, match=word):
                Project.open(path, **options)
        with pytest.raises(ProjectError, match="not an ordinary file"):
            Project.open("/dev/null", **options)


def test_names_that_no_file_can_have_are_refused(tmp_path: Path) -> None:
    (tmp_path / "loop").symlink_to(tmp_path / "loop")
    for name in ("a\0b", str(tmp_path / ("x" * 300)), str(tmp_path / "loop")):
        with pytest.raises(ProjectError):
            Project.open(name, create=True)


def test_odd_names_are_ordinary_names(tmp_path: Path) -> None:
    for name in ("what? #1 100%.db", "ünï cødé.db", "no-suffix", "byte\udcff.db"):
        make(tmp_path / name, items=1)
        with Project.open(tmp_path / name) as project:
            assert project.read(runs.all_runs)[0].number == 1
        assert (tmp_path / name).is_file()


def test_every_flipped_page_is_refused_or_harmless_and_never_changes_the_file(tmp_path: Path) -> None:
    path = make(tmp_path / "whole.db", items=20)
    whole = path.read_bytes()
    size = int.from_bytes(whole[16:18], "big")
    refused = 0
    broken = tmp_path / "broken.db"
    for start in range(0, len(whole), size):
        # The middle of a page's header and cell pointers: what tells SQLite where its cells are.
        at = start + (100 if start == 0 else 0)
        broken.write_bytes(whole[:at] + bytes(byte ^ 0xA5 for byte in whole[at : at + 12]) + whole[at + 12 :])
        damaged = broken.read_bytes()
        try:
            Project.open(broken).close()
        except ProjectError as error:
            refused += "damaged" in error.message
            assert broken.read_bytes() == damaged
    assert refused == len(whole) // size


def test_a_truncated_project_is_refused_unchanged(tmp_path: Path) -> None:
    path = make(tmp_path / "cut.db", items=20)
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    assert "damaged" in refusal(path).message


def test_a_project_without_one_of_its_tables_is_refused_unchanged(tmp_path: Path) -> None:
    path = make(tmp_path / "lacking.db")
    connection = sqlite3.connect(path)
    connection.execute("DROP TABLE review_state")
    connection.close()
    assert "review_state" in refusal(path).message


def test_a_second_writer_is_refused_and_told_who_holds_the_project(tmp_path: Path) -> None:
    path = make(tmp_path / "held.db")
    script = (
        "import sys; from app.store.project import Project\n"
        f"with Project.open({str(path)!r}): print('open', flush=True); sys.stdin.read()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", script], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as holder:
        assert holder.stdout and holder.stdout.readline() == "open\n"
        with pytest.raises(ProjectLocked) as caught:
            Project.open(path)
        assert caught.value.pid == holder.pid
        assert str(holder.pid) in caught.value.message
        assert "Wait until its run is over" in caught.value.hint
        with Project.open(path, read_only=True) as beside:
            assert len(beside.read(runs.all_runs)) == 1
        assert holder.stdin
        holder.stdin.close()
    Project.open(path).close()


def test_a_second_writer_in_the_same_process_is_refused_without_losing_the_first_ones_locks(
    project: Project,
) -> None:
    with pytest.raises(ProjectLocked):
        Project.open(project.path)
    with Project.open(project.path, read_only=True):
        assert leave_wal(project.path) in ("wal", "database is locked")
    assert leave_wal(project.path) in ("wal", "database is locked")
    project.write_now(start_run)


def leave_wal(path: Path) -> str:
    """Try from another process to change the journal mode, which needs the file for itself alone."""
    script = (
        "import sqlite3, sys\nc = sqlite3.connect(sys.argv[1], timeout=0)\n"
        "try: print(c.execute('PRAGMA journal_mode = DELETE').fetchone()[0])\n"
        "except sqlite3.OperationalError as error: print(error)"
    )
    command = [sys.executable, "-c", script, str(path)]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()


def test_the_lock_of_a_killed_process_is_free(tmp_path: Path) -> None:
    path = make(tmp_path / "left.db")

    def open_and_die() -> None:
        Project.open(path)
        os.kill(os.getpid(), signal.SIGKILL)

    assert in_child(open_and_die) == -signal.SIGKILL
    assert lock_path(path).exists()
    Project.open(path).close()
    assert not lock_path(path).exists()


def test_a_lock_whose_file_was_removed_is_taken_again_unless_another_has_it(tmp_path: Path) -> None:
    path = make(tmp_path / "held.db")
    with Project.open(path) as first:
        lock_path(path).unlink()
        first.write_now(start_run)
        with pytest.raises(ProjectLocked):
            Project.open(path)
        lock_path(path).unlink()
        with Project.open(path) as second:
            with pytest.raises(ProjectLocked):
                first.write_now(start_run)
            first.close()
            second.write_now(start_run)
            with pytest.raises(ProjectLocked):
                Project.open(path)
    assert not lock_path(path).exists()


def test_a_link_to_a_project_shares_its_lock(tmp_path: Path) -> None:
    path = make(tmp_path / "real.db")
    (tmp_path / "link.db").symlink_to(path)
    with Project.open(tmp_path / "link.db") as project:
        assert project.path == path
        with pytest.raises(ProjectLocked):
            Project.open(path)


def test_a_project_with_a_second_name_is_not_written_to(tmp_path: Path) -> None:
    path = make(tmp_path / "first.db")
    (tmp_path / "second.db").hardlink_to(path)
    for name in ("first.db", "second.db"):
        assert "second name" in refusal(tmp_path / name).message
    Project.open(path, read_only=True).close()
    # What is left where a process was killed as the file got its name is no second name.
    (tmp_path / "second.db").rename(tmp_path / ".first.db.new")
    Project.open(path).close()
    assert [one.name for one in tmp_path.iterdir()] == ["first.db"]


@pytest.mark.parametrize("end", ["-wal", "-journal"])
def test_a_new_project_is_not_made_beside_the_log_of_an_earlier_one(tmp_path: Path, end: str) -> None:
    path = make(tmp_path / "first.db")
    log = tmp_path / f"next.db{end}"
    with Project.open(path) as project:
        project.write_now(start_run)
        log.write_bytes(path.with_name("first.db-wal").read_bytes())
    before = look(tmp_path)
    with pytest.raises(ProjectError, match=r"last changes of an earlier next\.db"):
        Project.open(tmp_path / "next.db", create=True)
    with (
        Project.open(path, read_only=True) as project,
        pytest.raises(ProjectError, match=r"last changes of an earlier next\.db"),
    ):
        project.back_up_to(tmp_path / "next.db")
    assert look(tmp_path) == before
    with pytest.raises(ProjectError, match=r"belongs to the project first\.db"):
        Project.open(tmp_path / f"first.db{end}", create=True)


def test_a_read_only_project_sees_what_the_writer_commits_and_writes_nothing(project: Project) -> None:
    with Project.open(project.path, read_only=True) as beside:
        assert beside.read_only
        assert beside.read(runs.all_runs) == []
        project.write_now(start_run)
        assert len(beside.read(runs.all_runs)) == 1
        with pytest.raises(ProjectError, match="read-only"):
            beside.write_now(start_run)
        with pytest.raises(ProjectError, match="readonly"):
            beside.read(start_run)


def test_a_file_that_may_not_be_written_is_refused_for_writing_and_readable() -> None:
    # Permissions do not bind the superuser, so the child becomes nobody.
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        path = make(folder / "fixed.db")
        path.chmod(0o444)
        folder.chmod(0o555)
        before = path.read_bytes()

        def try_both() -> None:
            if os.getuid() == 0:
                os.setuid(65534)
            with pytest.raises(ProjectError, match="cannot be written"):
                Project.open(path)
            with Project.open(path, read_only=True) as project:
                assert len(project.read(runs.all_runs)) == 1

        try:
            assert in_child(try_both) == 0
            assert path.read_bytes() == before
        finally:
            folder.chmod(0o755)


def test_a_closed_project_says_so_and_closes_twice(tmp_path: Path) -> None:
    project = Project.open(tmp_path / "a.db", create=True)
    project.close()
    project.close()
    for use in (project.read, project.write_now):
        with pytest.raises(ProjectError, match="is closed"):
            use(runs.all_runs)


def test_a_file_that_is_no_lock_is_not_taken_for_one(tmp_path: Path) -> None:
    other = tmp_path / "poetry.lock"
    other.write_text("[[package]]\n")
    assert "another file" in refusal(tmp_path / "poetry", create=True).message
    assert other.read_text() == "[[package]]\n"
    for unfinished in (b"", b"\0" * 40, b'{"pi'):
        other.write_bytes(unfinished)
        Project.open(tmp_path / "poetry", create=True).close()
        assert not other.exists()


def test_what_stands_in_the_way_of_a_new_project_is_told(tmp_path: Path) -> None:
    (tmp_path / ".made.db.new").mkdir()
    long = tmp_path / ("n" * 248)
    for path, why in ((tmp_path / "made.db", r"\.made\.db\.new: "), (long, "too long")):
        with pytest.raises(ProjectError, match=why), Project.filled(path):
            pass
        with pytest.raises(ProjectError, match=why):
            Project.open(path, create=True)
    assert [one.name for one in tmp_path.iterdir()] == [".made.db.new"]


def test_a_project_that_another_process_names_first_is_filled_as_it_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, acquire = tmp_path / "made.db", lock.acquire

    def after_another(project: Path) -> lock.WriterLock:
        monkeypatch.undo()
        make(path, items=2)
        return acquire(project)

    monkeypatch.setattr(lock, "acquire", after_another)
    with Project.filled(path) as project:
        assert project.read(lambda c: c.execute("SELECT COUNT(*) FROM instances").fetchone()[0]) == 2
    assert [one.name for one in tmp_path.iterdir()] == ["made.db"]
