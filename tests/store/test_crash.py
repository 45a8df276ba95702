from __future__ import annotations

import asyncio
import os
import signal
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from sqlite_utils import Database

from app.errors import ProjectError, QuorumError
from app.store import connection, files, generated, runs, schema
from app.store.project import Project, ProjectClosed
from app.store.rows import NewRun
from tests.store.material import add_item, in_child, kept_instances, kill_at_statement, start_run

ROOT = Path(__file__).resolve().parents[2]

ENDLESS = "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n)"
WRITE_FOR_EVER = """
import sys
import threading
from app.store import generated
from app.store.project import Project
from app.store.rows import NewRun
from app.store.rows import NewInstruction
from tests.store.material import completion, start_run

with Project.open(sys.argv[1], create=True) as project:
    run = project.write_now(start_run)
    number = 0
    while True:
        def change(c):
            source = generated.save_completion(c, completion(run, str(number)))
            generated.save_instructions(
                c, [NewInstruction(run.id, "A", f"{number} {k}", "kept", completion_id=source, position=k)
                    for k in range(3)])
        project.write_now(change)
        print(number, flush=True)
        number += 1
"""


def integrity(c: connection.Connection) -> str:
    return str(c.execute("PRAGMA integrity_check").fetchone()[0])


@pytest.mark.parametrize("acknowledged", [0, 1, 7, 40])
def test_what_was_acknowledged_survives_kill_and_nothing_is_half_stored(
    tmp_path: Path, acknowledged: int
) -> None:
    path = tmp_path / "killed.db"
    with subprocess.Popen(
        [sys.executable, "-c", WRITE_FOR_EVER, str(path)], cwd=ROOT, stdout=subprocess.PIPE, text=True
    ) as writer:
        assert writer.stdout
        last = -1
        while last < acknowledged:
            last = int(writer.stdout.readline())
        writer.kill()
        last = max([last, *map(int, writer.stdout.read().split("\n")[:-1])])
    assert writer.returncode == -signal.SIGKILL
    with Project.open(path) as project:
        assert project.read(integrity) == "ok"
        done = {
            int(subject)
            for subject, _ in project.read(lambda c: generated.completions_done(c, "run-1", "instructions"))
        }
        # The one in flight may have been committed before its number was printed.
        assert done in (set(range(last + 1)), set(range(last + 2)))
        assert len(project.read(lambda c: generated.kept_instructions(c, "run-1"))) == 3 * len(done)
        project.write_now(lambda c: runs.set_state(c, "run-1", "stopped"))


def sweep(work: Callable[[int], object], check: Callable[[int], object]) -> int:
    """Kill `work` at its first, second, … statement until it ends by itself; `check` after each."""
    for statements in range(10_000):
        code = in_child(partial(work, statements))
        check(code)
        if code == 0:
            return statements
        assert code == -signal.SIGKILL
    raise AssertionError("never ended")


def counted(statements: int) -> None:
    """From now on let this process run so many SQL statements and then kill itself."""
    left = [statements]
    real = connection.connect

    def connect(path: Path, mode: object) -> connection.Connection:
        found = real(path, mode)  # type: ignore[arg-type]
        kill_at_statement(found, left)
        return found

    files.connect = connect  # type: ignore[assignment]
    sys.modules["app.store.project"].connect = connect


def test_a_project_killed_while_it_is_made_is_whole_or_absent(memory_path: Path) -> None:
    path = memory_path / "new.db"
    seen = {True: 0, False: 0}

    def work(statements: int) -> None:
        counted(statements)
        Project.open(path, create=True)

    def check(_code: int) -> None:
        seen[path.exists()] += 1
        with Project.open(path, create=True) as project:
            assert project.read(integrity) == "ok"
            assert project.write_now(start_run).number == 1
        path.unlink()
        assert [one.name for one in memory_path.iterdir()] == []

    assert sweep(work, check) > 30
    assert seen[False] > 30
    assert seen[True] > 0


def next_version(db: Database) -> None:
    db.execute("CREATE TABLE extra (id TEXT PRIMARY KEY) STRICT")
    db.execute("INSERT INTO extra SELECT id FROM instances")


def test_a_project_killed_while_it_is_updated_has_the_old_form_or_the_new_one(
    memory_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = memory_path / "old.db"
    with Project.open(path, create=True) as project:
        run = project.write_now(start_run)
        project.write_now(lambda c: add_item(c, run, "Task."))
    old = path.read_bytes()
    before = schema.version()
    monkeypatch.setattr(schema, "STEPS", (*schema.STEPS, next_version))

    def work(statements: int) -> None:
        counted(statements)
        Project.open(path)

    def check(_code: int) -> None:
        with sqlite3.connect(path) as raw:
            version = raw.execute("PRAGMA user_version").fetchone()[0]
            extra = raw.execute("SELECT COUNT(*) FROM sqlite_master WHERE name = 'extra'").fetchone()[0]
            assert (version, extra) in ((before, 0), (before + 1, 1))
        raw.close()
        with Project.open(path) as project:
            assert project.read(integrity) == "ok"
            assert project.read(lambda c: c.execute("SELECT COUNT(*) FROM extra").fetchone()[0]) == 1
        for one in memory_path.iterdir():
            one.unlink()
        path.write_bytes(old)

    assert sweep(work, check) > 10


def test_an_update_makes_a_whole_backup_first_and_says_where(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "old.db"
    with Project.open(path, create=True) as project:
        project.write_now(start_run)
        assert project.backup is None
    released, before = schema.STEPS, schema.version()
    monkeypatch.setattr(schema, "STEPS", (*released, next_version))
    with pytest.raises(ProjectError, match="older format"):
        Project.open(path, read_only=True)
    (tmp_path / f"old.db.format-{before}.backup").write_text("something of the user's")
    with Project.open(path) as project:
        assert project.backup == tmp_path / f"old.db.format-{before}-2.backup"
        backup = project.backup
    assert int.from_bytes(path.read_bytes()[60:64], "big") == before + 1
    monkeypatch.setattr(schema, "STEPS", released)
    with Project.open(backup) as project:
        assert len(project.read(runs.all_runs)) == 1
    with pytest.raises(ProjectError, match="newer"):
        Project.open(path)


def test_an_update_that_fails_leaves_the_old_form_and_the_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "old.db"
    Project.open(path, create=True).close()
    released = schema.STEPS

    def failing(db: Database) -> None:
        next_version(db)
        db.execute("INSERT INTO extra VALUES (NULL)")
        db.execute("SELECT * FROM nowhere")

    monkeypatch.setattr(schema, "STEPS", (*released, failing))
    with pytest.raises(ProjectError, match="Could not update"):
        Project.open(path)
    monkeypatch.setattr(schema, "STEPS", released)
    with Project.open(path) as project:
        assert "extra" not in {
            row[0] for row in project.read(lambda c: list(c.execute("SELECT name FROM sqlite_master")))
        }


def test_a_full_disk_stores_nothing_is_said_and_ends(project: Project) -> None:
    run = project.write_now(start_run)

    def grow(c: connection.Connection) -> None:
        pages = c.execute("PRAGMA page_count").fetchone()[0]
        c.execute(f"PRAGMA max_page_count = {pages}")
        for number in range(200):
            add_item(c, run, f"Task {number}.", input="x" * 5000)

    with pytest.raises(ProjectError) as caught:
        project.write_now(grow)
    assert "full" in caught.value.message
    assert "Free some disk space" in caught.value.hint
    assert project.read(lambda c: generated.kept_instructions(c, run.id)) == []

    project.write_now(lambda c: c.execute("PRAGMA max_page_count = 1000000"))
    project.write_now(lambda c: add_item(c, run, "There is space again."))
    assert len(project.read(lambda c: generated.kept_instructions(c, run.id))) == 1


def test_a_failing_disk_stops_all_writing_until_the_project_is_opened_again(tmp_path: Path) -> None:
    path = tmp_path / "limited.db"

    def fill() -> None:
        import resource

        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        with Project.open(path, create=True) as project:
            run = project.write_now(start_run)
            resource.setrlimit(resource.RLIMIT_FSIZE, (300_000, 300_000))
            with pytest.raises(ProjectError, match="disk I/O error"):
                for number in range(1000):
                    project.write_now(
                        lambda c, number=number: add_item(c, run, f"T {number}", input="x" * 9000)
                    )
            with pytest.raises(ProjectError, match="disk I/O error"):
                project.write_now(lambda c: runs.set_target(c, run.id, 5))

    assert in_child(fill) == 0
    with Project.open(path) as project:
        assert project.read(integrity) == "ok"
        kept = project.read(lambda c: kept_instances(c, "run-1"))
        assert kept
        assert all(len(instance.input) == 9000 for instance in kept)


async def test_an_exception_in_a_change_takes_all_of_it_back(project: Project) -> None:
    run = await project.write(start_run)

    def change(c: connection.Connection) -> None:
        add_item(c, run, "Task.")
        raise KeyError("planned")

    with pytest.raises(KeyError, match="planned"):
        await project.write(change)
    assert await project.fetch(lambda c: kept_instances(c, run.id)) == []
    await project.write(lambda c: add_item(c, run, "Task."))
    assert len(await project.fetch(lambda c: kept_instances(c, run.id))) == 1


async def test_readers_see_one_snapshot_while_something_is_written(project: Project) -> None:
    run = await project.write(start_run)

    def twice(c: connection.Connection) -> tuple[int, int]:
        first = len(kept_instances(c, run.id))
        project.write_now(lambda w: add_item(w, run, "Task."))
        return first, len(kept_instances(c, run.id))

    assert await project.fetch(twice) == (0, 0)
    assert len(project.read(lambda c: kept_instances(c, run.id))) == 1


async def test_a_query_that_nobody_waits_for_any_more_ends_and_spoils_no_other(project: Project) -> None:
    on, ended = threading.Event(), threading.Event()

    def endless(c: connection.Connection) -> None:
        try:
            for _row in c.execute(f"{ENDLESS} SELECT x FROM n"):
                on.set()
                c.execute(f"{ENDLESS} SELECT MAX(x) FROM n")
        finally:
            ended.set()

    for _ in range(2):
        on.clear()
        ended.clear()
        looking = asyncio.ensure_future(project.fetch(endless))
        assert await asyncio.to_thread(on.wait, 20)
        looking.cancel()
        with pytest.raises(asyncio.CancelledError):
            await looking
        assert await asyncio.to_thread(ended.wait, 20)
        assert await project.fetch(lambda c: c.execute("SELECT 1").fetchone()[0]) == 1


async def test_closing_ends_what_is_fetched_and_leaves_no_log_behind(tmp_path: Path) -> None:
    project = Project.open(tmp_path / "p.db", create=True)
    await project.write(start_run)
    on = threading.Event()

    def endless(c: connection.Connection) -> None:
        on.set()
        c.execute(f"{ENDLESS} SELECT MAX(x) FROM n")

    looking = asyncio.ensure_future(project.fetch(endless))
    assert await asyncio.to_thread(on.wait, 20)
    on.clear()
    reading = asyncio.ensure_future(asyncio.to_thread(project.read, endless))  # as an export does
    assert await asyncio.to_thread(on.wait, 20)
    await asyncio.to_thread(project.close, ends_all=True)
    for ended in (looking, reading):
        with pytest.raises(ProjectClosed):
            await ended
    # Beside a log, the next opening would read the whole file.
    assert not files.has_unmerged_log(project.path)
    # A screen may fetch in several steps; but what is not stored is told.
    with pytest.raises(ProjectClosed):
        await project.fetch(lambda _: None)
    with pytest.raises(ProjectError, match="is closed"):
        await project.write(lambda _: None)


def test_a_change_that_fails_where_the_file_is_gone_is_told_of_that(tmp_path: Path) -> None:
    def change(_c: connection.Connection) -> None:
        project.path.unlink()
        raise QuorumError("A process that shared the work was killed. Is there enough memory?")

    with (
        Project.open(tmp_path / "gone.db", create=True) as project,
        pytest.raises(ProjectError, match=r"gone.db was removed or replaced"),
    ):
        project.write_now(change)


def test_another_programs_write_lock_is_waited_for_and_then_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connection, "BUSY_SECONDS", 0.01)
    with Project.open(tmp_path / "busy.db", create=True) as project:
        other = sqlite3.connect(project.path, isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(ProjectError) as caught:
            project.write_now(start_run)
        assert "Another program holds the file" in caught.value.hint
        other.execute("ROLLBACK")
        other.close()
        assert project.write_now(start_run).number == 1


def test_a_child_process_inherits_neither_the_lock_nor_the_file(project: Project) -> None:
    if not Path("/proc/self/fd").exists():
        pytest.skip("no /proc here")
    command = ["ls", "-l", "/proc/self/fd"]
    found = subprocess.run(command, capture_output=True, text=True, close_fds=False, check=True)
    assert project.path.name not in found.stdout


def endless(begun: threading.Event) -> Callable[[connection.Connection], None]:
    """Return a change that says that it has begun, and goes on until it is ended."""

    def change(c: connection.Connection) -> None:
        runs.create(c, NewRun("endless", "{}", "", 0, 0))
        begun.set()
        while True:
            c.execute("SELECT 1")

    return change


def test_ctrl_c_ends_a_change_at_once_and_nothing_of_it_is_stored(tmp_path: Path) -> None:
    begun = threading.Event()

    def press() -> None:
        begun.wait(30)
        os.kill(os.getpid(), signal.SIGINT)

    with Project.open(tmp_path / "p.db", create=True) as project:
        threading.Thread(target=press).start()
        with pytest.raises(KeyboardInterrupt):
            project.write_now(endless(begun))
        assert project.read(runs.all_runs) == []
        project.write_now(lambda c: runs.create(c, NewRun("next", "{}", "", 0, 0)))
        assert [run.recipe_name for run in project.read(runs.all_runs)] == ["next"]


def test_ctrl_c_before_a_change_can_be_waited_for_ends_it_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun = threading.Event()
    with Project.open(tmp_path / "p.db", create=True) as project:
        submit = project._executor.submit

        def interrupted(*asked: Any) -> None:
            monkeypatch.undo()
            submit(*asked)
            begun.wait(30)
            raise KeyboardInterrupt

        monkeypatch.setattr(project._executor, "submit", interrupted)
        with pytest.raises(KeyboardInterrupt):
            project.write_now(endless(begun))
        assert project.read(runs.all_runs) == []
