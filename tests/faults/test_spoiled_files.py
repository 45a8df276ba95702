"""Files that are spoiled, foreign, newer or no files, before every command: nothing wrong goes out."""

from __future__ import annotations

import io
import json
import os
import random
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest

from app.cli.main import answer
from app.method.judging import Said
from app.run import import_files
from app.run.import_files import Source, project_at
from app.store import decisions, judgements, schema
from app.store.connection import Connection
from app.store.decisions import ItemDecision
from app.store.judgements import Verdict
from app.store.project import Project
from tests.faults.figures import LONG, note

ITEMS = 40
READING = (
    *("status", "export", "sweep", "card", "report", "audit", "log", "agreement", "check", "vote"),
    *("candidates", "backup"),
)
FLIPS = 2_000 if LONG else 100


def arguments(name: str, path: Path, out: Path) -> list[str]:
    """Return a command that reads a project, as it is typed."""
    return {
        "export": ["export", str(path), str(out), "--include", "all"],
        "candidates": ["export", str(path), str(out), "--what", "candidates"],
        "audit": ["audit", str(path), "--json"],
        "vote": ["vote", str(path), "--dry-run"],
        "backup": ["backup", str(path), str(out)],
    }.get(name, [name, str(path)])


class _Output(io.TextIOWrapper):
    """Standard output that is kept."""


def said(words: list[str]) -> tuple[int, str, str]:
    """Run a command in this process; return its exit status and what it printed."""
    out, err = _Output(io.BytesIO(), "utf-8"), io.StringIO()
    with redirect_stdout(out), redirect_stderr(err):
        status = answer(words)
        out.flush()
    return status, out.buffer.getvalue().decode(), err.getvalue()  # type: ignore[attr-defined]


def _lines() -> Iterator[str]:
    words = random.Random(3)
    for number in range(ITEMS):
        given = " ".join(words.choice(("red", "green", "blue", "small", "large")) for _ in range(60))
        texts = (f"Answer {number} {given}", f"answer {number} {given}", f"another {number % 3}")
        outputs = [{"model": f"model {at}", "output": text} for at, text in enumerate(texts)]
        yield json.dumps({"instruction": f"Name the {number} things.", "input": given, "outputs": outputs})


def _decide(c: Connection) -> None:
    items = [key for (key,) in c.execute("SELECT id FROM instances ORDER BY number")]
    decisions.decide(c, "ann", "accept", [ItemDecision(item) for item in items[:10]])
    decisions.decide(c, "ann", "edit", [ItemDecision(items[11], text="A better answer.")])
    drawing = judgements.draw(c, "ann", 10, seed=1)
    for item, answers in judgements.outputs_of(c, items[:5]).items():
        verdict = Verdict(True, True, dict.fromkeys(answers, Said(is_right=True)))
        judgements.judge(c, "ann", item, verdict, drawing.id)


@cache
def _made() -> bytes:
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        path, tasks = Path(folder) / "made.db", Path(folder) / "tasks.jsonl"
        tasks.write_text("".join(f"{line}\n" for line in _lines()))
        import_files.candidates(Source(tasks), lambda: project_at(path, create=True), "tasks")
        with Project.open(path) as made:
            made.write_now(_decide)
        return path.read_bytes()


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> tuple[bytes, dict[str, tuple[int, str, bytes]]]:
    """Return a sound project, and what every command says of it and writes."""
    folder = tmp_path_factory.mktemp("whole")
    path = folder / "a.db"
    path.write_bytes(_made())
    answers = {}
    for name in READING:
        out = folder / "out"
        out.unlink(missing_ok=True)
        status, printed, _ = said(arguments(name, path, out))
        assert status == 0, (name, _)
        answers[name] = (status, printed, out.read_bytes() if out.exists() else b"")
    return _made(), answers


def spoiled(content: bytes, chance: random.Random) -> bytes:
    """Spoil one place of a file, as disks and copies do: a page, a sector, some bytes."""
    page = 4096
    at = chance.randrange(len(content) // page) * page
    kind = chance.choice(("beginning", "sector", "zeros", "noise", "other page"))
    if kind == "beginning":  # where a page says where its cells are
        place, new = at, bytes(byte ^ 0xA5 for byte in content[at : at + 16])
    elif kind == "sector":
        place = at + 512 * chance.randrange(8)
        new = bytes(byte ^ 0xA5 for byte in content[place : place + 512])
    elif kind == "zeros":
        place, new = at, bytes(page)
    elif kind == "noise":
        place, new = at, chance.randbytes(page)
    else:
        other = chance.randrange(len(content) // page) * page
        place, new = at, content[other : other + page]
    return content[:place] + new + content[place + len(new) :]


def test_a_spoiled_page_is_noticed_by_every_command_that_reads(
    tmp_path: Path, whole: tuple[bytes, dict[str, tuple[int, str, bytes]]]
) -> None:
    content, right = whole
    chance = random.Random(11)
    path, out = tmp_path / "a.db", tmp_path / "out"
    refused = harmless = 0
    wrong: list[tuple[int, str, str]] = []
    for flip in range(FLIPS):
        path.write_bytes(spoiled(content, chance))
        before = path.read_bytes()
        for name in READING:
            for old in tmp_path.iterdir():
                if old != path:
                    old.unlink()
            status, printed, told = said(arguments(name, path, out))
            assert path.read_bytes() == before, (flip, name)
            assert "Traceback" not in told and "bug in Quorum" not in told, (flip, name, told)
            written = out.read_bytes() if out.exists() else b""
            if status:
                assert told.startswith("quorum: ") and not written, (flip, name, told)
                refused += 1
            elif name == "backup" or (status, printed, written) == right[name]:
                harmless += 1
            else:
                wrong.append((flip, name, printed[:200]))
    note(
        "spoiled page × reading command",
        flips=FLIPS,
        refused=refused,
        harmless=harmless,
        wrong=len(wrong),
    )
    assert not wrong, wrong[:3]


def flipped(content: bytes, chance: random.Random) -> bytes:
    """Change some bytes that say something: one bit or all of it, now and then a whole sector besides."""
    new = bytearray(spoiled(content, chance) if chance.random() < 0.2 else content)
    for _ in range(chance.choice((1, 3, 20))):
        at = chance.randrange(len(new))
        while not new[at]:
            at = chance.randrange(len(new))
        new[at] = chance.choice((new[at] ^ 1 << chance.randrange(8), chance.randrange(256)))
    return bytes(new)


def _say_more(c: Connection) -> None:
    """Say of items what else can be said of them."""
    items = [ItemDecision(key) for (key,) in c.execute("SELECT id FROM instances ORDER BY number")]
    for action, text, some in (
        ("tags", '["good", "short"]', items[:8]),
        ("rate", '["A", true, null, false]', items[2:6]),
        ("task", '["Another task.", "given"]', items[20:21]),
        ("reject", "wrong", items[24:28]),
        ("note", "a note", items[24:28]),
    ):
        decisions.decide(c, "bob", action, [replace(item, text=text) for item in some])  # type: ignore[arg-type]
    decisions.undo(c, "bob")


def test_what_is_rescued_of_flipped_bits_is_sound_and_can_be_read(tmp_path: Path) -> None:
    path, saved, out = tmp_path / "a.db", tmp_path / "saved.db", tmp_path / "out"
    path.write_bytes(_made())
    with Project.open(path) as more:
        more.write_now(_say_more)
    content, chance = path.read_bytes(), random.Random(17)
    whole = part = 0
    for flip in range(FLIPS):
        path.write_bytes(flipped(content, chance))
        for old in tmp_path.iterdir():
            if old != path:
                old.unlink()
        status, _, told = said(["rescue", str(path), str(saved)])
        assert "Traceback" not in told and "nexpected error" not in told, (flip, told)
        if not saved.exists():
            # A wrong number of the format says that the file is of a later one.
            assert "newer Quorum" in told, (flip, told)
            continue
        assert bool(status) == ("could not be read" in told), (flip, told)
        whole, part = whole + (not status), part + bool(status)
        for name in ("check", *(READING if LONG else chance.sample(READING, 3))):
            out.unlink(missing_ok=True)
            status, printed, told = said(arguments(name, saved, out))
            assert status == 0, (flip, name, printed, told)
    note("flipped bits × rescue, check, read", flips=FLIPS, whole=whole, part=part, unsound=0)


def _newer(path: Path) -> None:
    path.write_bytes(_made())
    connection = sqlite3.connect(path)
    connection.execute(f"PRAGMA user_version = {schema.version() + 1}")
    connection.close()


def _foreign(path: Path) -> None:
    connection = sqlite3.connect(path)
    connection.execute("CREATE TABLE runs (id TEXT)")
    connection.commit()
    connection.close()


def _mark_alone(path: Path) -> None:
    connection = sqlite3.connect(path)
    connection.execute(f"PRAGMA application_id = {schema.APPLICATION_ID}")
    connection.execute(f"PRAGMA user_version = {schema.version()}")
    connection.close()


def _other_columns(path: Path) -> None:
    path.write_bytes(_made())
    connection = sqlite3.connect(path)
    connection.execute("ALTER TABLE candidates RENAME COLUMN output TO answer")
    connection.close()


ODD: dict[str, Callable[[Path], object]] = {
    "newer": _newer,
    "foreign": _foreign,
    "only our mark": _mark_alone,
    "other columns": _other_columns,
    "empty": lambda path: path.write_bytes(b""),
    "text": lambda path: path.write_text("hello\n"),
    "noise": lambda path: path.write_bytes(random.Random(5).randbytes(9000)),
    "half": lambda path: path.write_bytes(_made()[: len(_made()) // 2]),
    "folder": lambda path: path.mkdir(),
    "pipe": lambda path: os.mkfifo(path),
    "dangling link": lambda path: path.symlink_to(path.with_name("nowhere")),
    "link to itself": lambda path: path.symlink_to(path),
}
WRITING = ("vote", "learn", "run", "import")


def commands(path: Path, out: Path) -> Iterator[list[str]]:
    for name in READING:
        yield arguments(name, path, out)
    yield ["vote", str(path)]
    yield ["rescue", str(path), str(out)]
    yield ["judge", str(path)]
    tasks = out.with_name("tasks.jsonl")
    tasks.write_text(
        '{"instruction": "Say it.", "input": "it", "outputs": [{"model": "m", "output": "x"}]}\n'
    )
    yield ["import", "candidates", str(path), str(tasks)]


def look(path: Path) -> object:
    if path.is_symlink():
        return path.readlink()
    return path.read_bytes() if path.is_file() else path.stat().st_ino


@pytest.mark.parametrize("kind", ODD)
def test_what_is_no_sound_project_is_refused_by_every_command_and_unchanged(
    tmp_path: Path, kind: str
) -> None:
    path, out = tmp_path / "odd.db", tmp_path / "out"
    ODD[kind](path)
    before, cases = look(path), 0
    for words in commands(path, out):
        if kind == "dangling link" and words[0] == "import":
            continue  # makes the project that the link names
        status, _, told = said(words)
        rescued = words[0] == "rescue" and out.exists()
        assert status in (1, 2), (words, told)
        assert "Traceback" not in told and "bug in Quorum" not in told, (words, told)
        assert told.startswith("quorum: ") or rescued, (words, told)
        assert look(path) == before, words
        cases += 1
        if out.exists():
            out.unlink()
    note("no project, or none of ours × command", cases=cases, crashes=0, changed=0)
