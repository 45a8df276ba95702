"""What Quorum does to files, each as a thing that can end at any moment, and what must hold afterwards."""

from __future__ import annotations

import asyncio
import json
import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

from app.export.request import request
from app.export.write import export
from app.method.judging import Said
from app.run import import_files
from app.run.import_files import Source, project_at
from app.run.plan import default_plan
from app.run.progress import RunState
from app.run.session import RunSession
from app.store import decisions, health, judgements, schema
from app.store.connection import Connection
from app.store.decisions import ItemDecision
from app.store.judgements import Verdict
from app.store.project import Project
from app.store.rescue import rescue
from tests.faults.traced import Ack
from tests.store.material import add_item, start_run

ITEMS = 8
OLD_FORMAT = 7


@dataclass(frozen=True)
class Operation:
    """Something to be ended: `prepare` a folder, `work` in it, `check` what is left by what was acknowledged.

    `check` also does the work again, which must end as if nothing had happened.
    """

    name: str
    prepare: Callable[[Path], object]
    work: Callable[[Path, Ack], object]
    check: Callable[[Path, int], object]


def sound(path: Path) -> None:
    """Hold that a project opens and everything in it agrees."""
    with Project.open(path) as opened:
        assert opened.read(health.every_fault) == []


def count(path: Path, sql: str) -> int:
    with Project.open(path) as opened:
        return int(opened.read(lambda c: c.execute(sql).fetchone()[0]))


@cache
def filled() -> bytes:
    """Return a small project with items, a drawing to judge and nothing decided."""
    with pytest.MonkeyPatch.context() as patch, patch.context():
        import tempfile

        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "made.db"
            with Project.open(path, create=True) as made:
                made.write_now(_fill)
            return path.read_bytes()


def _fill(c: Connection) -> None:
    run = start_run(c)
    for number in range(ITEMS):
        add_item(c, run, f"Name task {number}.", "given " * 100)
    judgements.draw(c, "ann", ITEMS, seed=1)


def _prepare(folder: Path) -> None:
    (folder / "a.db").write_bytes(filled())


def _items(project: Project) -> list[str]:
    return project.read(lambda c: [key for (key,) in c.execute("SELECT id FROM instances ORDER BY number")])


# ---- create, migrate


def _create(folder: Path, ack: Ack) -> None:
    with Project.open(folder / "a.db", create=True):
        ack("made")


def _check_created(folder: Path, acknowledged: int) -> None:
    path = folder / "a.db"
    assert path.exists() or not acknowledged
    with Project.open(path, create=True) as opened:
        assert opened.read(health.every_fault) == []
        assert opened.write_now(start_run).number == 1
    assert [one.name for one in folder.iterdir()] == ["a.db"]


@cache
def old_project() -> bytes:
    """Return a project of an earlier format, with a run in it."""
    import tempfile

    with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as early:
        early.setattr(schema, "STEPS", schema.STEPS[:OLD_FORMAT])
        path = Path(folder) / "old.db"
        with Project.open(path, create=True) as made:
            made.write_now(_fill_old)
        return path.read_bytes()


def _fill_old(c: Connection) -> None:
    c.execute(
        """INSERT INTO runs VALUES
           ('r', 1, 'ensemble-instruct', '{}', 'h', 7, 24, 'done', ?, NULL, '')""",
        ("2026-01-02T03:04:05.678+00:00",),
    )
    for number in range(1, 1 + ITEMS):
        c.execute(
            """INSERT INTO instructions (id, run_id, kind, text, status, reason, position)
               VALUES (?, 'r', 'A', ?, 'kept', '', 0)""",
            (f"{number:064x}", f"Task {number}."),
        )


def _migrate(folder: Path, ack: Ack) -> None:
    with Project.open(folder / "a.db"):
        ack("opened")


def _check_migrated(folder: Path, acknowledged: int) -> None:
    raw = sqlite3.connect(folder / "a.db")
    version = raw.execute("PRAGMA user_version").fetchone()[0]
    raw.close()
    assert OLD_FORMAT <= version <= schema.version() and (version == schema.version() or not acknowledged)
    sound(folder / "a.db")
    assert count(folder / "a.db", "SELECT COUNT(*) FROM instructions") == ITEMS
    backups = list(folder.glob("*.backup"))
    assert any(_version_of(path) == OLD_FORMAT for path in backups)
    assert all(_version_of(path) >= OLD_FORMAT for path in backups)


def _version_of(path: Path) -> int:
    raw = sqlite3.connect(path)
    try:
        assert raw.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
        assert raw.execute("SELECT COUNT(*) FROM instructions").fetchone()[0] == ITEMS
        return int(raw.execute("PRAGMA user_version").fetchone()[0])
    finally:
        raw.close()


# ---- import, run

BATCHES, LINES = 3, 4


def _prepare_import(folder: Path) -> None:
    for batch in range(BATCHES):
        lines = [
            {
                "instruction": f"Say {batch} {number}.",
                "input": "it",
                "outputs": [{"model": name, "output": f"{name} {number}"} for name in ("one", "two")],
            }
            for number in range(LINES)
        ]
        (folder / f"{batch}.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines))


def _import(folder: Path, ack: Ack) -> None:
    for batch in range(BATCHES):
        source = Source(folder / f"{batch}.jsonl")
        import_files.candidates(source, lambda: project_at(folder / "a.db", create=True), f"batch {batch}")
        ack("batch")


def _check_imported(folder: Path, acknowledged: int) -> None:
    path = folder / "a.db"
    assert path.exists() or not acknowledged
    if path.exists():
        sound(path)
        held = count(path, "SELECT COUNT(*) FROM instances WHERE status = 'kept'")
        assert held in (LINES * acknowledged, LINES * (acknowledged + 1))
    _import(folder, lambda _: None)
    sound(path)
    assert not list(folder.glob(".a.db.new*"))
    assert count(path, "SELECT COUNT(*) FROM instances") == LINES * BATCHES
    assert count(path, "SELECT COUNT(*) FROM candidates") == 2 * LINES * BATCHES
    assert count(path, "SELECT COUNT(*) FROM votes WHERE current = 1") == LINES * BATCHES


def _run(folder: Path, ack: Ack) -> None:
    with Project.open(folder / "a.db", create=True) as opened:
        write = opened.write

        async def acknowledged(change: Callable[[Connection], object]) -> object:
            done = await write(change)
            ack("stored")
            return done

        opened.write = acknowledged  # type: ignore[method-assign, assignment]
        last = asyncio.run(RunSession(opened, default_plan(2), headless=True).run())
        assert last.state is RunState.DONE, last.error


def texts_of(path: Path) -> list[tuple[object, ...]]:
    """Return what a run made, without anything that depends on when it was made."""
    with Project.open(path) as opened:
        return [
            tuple(row)
            for sql in (
                "SELECT id, text, status, reason FROM instructions ORDER BY id",
                "SELECT id, number, input, status FROM instances ORDER BY id",
                "SELECT id, output, reason FROM candidates ORDER BY id",
                "SELECT instance_id, winner, keep FROM votes WHERE current = 1 ORDER BY instance_id",
            )
            for row in opened.read(lambda c, sql=sql: c.tuples(sql).fetchall())
        ]


# ---- decide, undo, judge


def _decide(folder: Path, ack: Ack) -> None:
    with Project.open(folder / "a.db") as opened:
        for item in _items(opened)[:4]:
            opened.write_now(lambda c, item=item: decisions.decide(c, "ann", "accept", [ItemDecision(item)]))
            ack("decided")


def _check_decided(folder: Path, acknowledged: int) -> None:
    sound(folder / "a.db")
    sql = "SELECT COUNT(*) FROM review_state WHERE status = 'accepted'"
    assert count(folder / "a.db", sql) in (acknowledged, acknowledged + 1)
    assert count(folder / "a.db", "SELECT COUNT(*) FROM events") in (acknowledged, acknowledged + 1)


@cache
def _decided() -> bytes:
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        _prepare(Path(folder))
        _decide(Path(folder), lambda _: None)
        return (Path(folder) / "a.db").read_bytes()


def _undo(folder: Path, ack: Ack) -> None:
    with Project.open(folder / "a.db") as opened:
        for _ in range(4):
            assert opened.write_now(lambda c: decisions.undo(c, "ann"))
            ack("undone")


def _check_undone(folder: Path, acknowledged: int) -> None:
    sound(folder / "a.db")
    sql = "SELECT COUNT(*) FROM review_state WHERE status = 'accepted'"
    assert 4 - count(folder / "a.db", sql) in (acknowledged, acknowledged + 1)


def _judge(folder: Path, ack: Ack) -> None:
    with Project.open(folder / "a.db") as opened:
        drawing = opened.read(judgements.current_drawing)
        assert drawing
        for item in _items(opened)[:4]:
            answers = opened.read(lambda c, item=item: judgements.outputs_of(c, [item]))[item]
            verdict = Verdict(True, True, dict.fromkeys(answers, Said(is_right=True)))
            opened.write_now(
                lambda c, item=item, verdict=verdict: judgements.judge(c, "ann", item, verdict, drawing.id)
            )
            ack("judged")


def _check_judged(folder: Path, acknowledged: int) -> None:
    sound(folder / "a.db")
    held = count(folder / "a.db", "SELECT COUNT(*) FROM judgements")
    assert held in (acknowledged, acknowledged + 1)
    assert count(folder / "a.db", "SELECT COUNT(*) FROM judged_answers") == 3 * held


# ---- export, backup, rescue

_OLD = "the export of yesterday\n"


def _prepare_export(folder: Path) -> None:
    _prepare(folder)
    (folder / "out.jsonl").write_text(_OLD)


def _export(folder: Path, ack: Ack) -> None:
    with Project.open(folder / "a.db", read_only=True) as opened:
        export(opened, folder / "out.jsonl", request("alpaca-jsonl", "all"), force=True)
    ack("exported")


def _check_exported(folder: Path, acknowledged: int) -> None:
    found = (folder / "out.jsonl").read_text()
    assert found.count("\n") == ITEMS or (found == _OLD and not acknowledged)
    _export(folder, lambda _: None)
    assert len([json.loads(line) for line in (folder / "out.jsonl").read_text().splitlines()]) == ITEMS
    assert (folder / "a.db").read_bytes() == filled()


def _back_up(folder: Path, ack: Ack) -> None:
    with Project.open(folder / "a.db", read_only=True) as opened:
        opened.back_up_to(folder / "b.db")
    ack("copied")


def _check_copy(folder: Path, acknowledged: int) -> None:
    copy = folder / "b.db"
    assert copy.exists() or not acknowledged
    if copy.exists():
        sound(copy)
        assert count(copy, "SELECT COUNT(*) FROM candidates") == 3 * ITEMS
    copy.unlink(missing_ok=True)
    _back_up(folder, lambda _: None)
    sound(copy)


def _rescue(folder: Path, ack: Ack) -> None:
    rescue(folder / "a.db", folder / "b.db")
    ack("rescued")


def _check_rescued(folder: Path, acknowledged: int) -> None:
    _check_copy(folder, acknowledged)
    assert (folder / "a.db").read_bytes() == filled()


def _nothing(_folder: Path) -> None:
    pass


OPERATIONS = (
    Operation("create", _nothing, _create, _check_created),
    Operation("migrate", lambda f: (f / "a.db").write_bytes(old_project()), _migrate, _check_migrated),
    Operation("import", _prepare_import, _import, _check_imported),
    Operation("decide", _prepare, _decide, _check_decided),
    Operation("undo", lambda f: (f / "a.db").write_bytes(_decided()), _undo, _check_undone),
    Operation("judge", _prepare, _judge, _check_judged),
    Operation("export", _prepare_export, _export, _check_exported),
    Operation("backup", _prepare, _back_up, _check_copy),
    Operation("rescue", _prepare, _rescue, _check_rescued),
)
BY_NAME = {operation.name: operation for operation in OPERATIONS}


def run_operation(whole: list[tuple[object, ...]]) -> Operation:
    """Return a run over a scripted worker, which must come to the same whatever happens to it."""

    def check(folder: Path, acknowledged: int) -> None:
        path = folder / "a.db"
        assert path.exists() or not acknowledged
        _run(folder, lambda _: None)
        sound(path)
        assert texts_of(path) == whole

    return Operation("run", _nothing, _run, check)


def whole_run(folder: Path) -> list[tuple[object, ...]]:
    """Return what a run comes to that nothing happens to."""
    _run(folder, lambda _: None)
    return texts_of(folder / "a.db")
