"""A power cut keeps what was synced, and of the rest what it likes: what was acknowledged must be there.

What a child writes is written down by strace. From that the disk is built as it may be found after a cut at
any moment: writes since the last sync of their file are kept, left out or torn, names since the last sync of
their folder are there up to some moment. The same without the sync of each commit must lose something, or
the test sees nothing.
"""

from __future__ import annotations

import json
import random
import re
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import pytest

from app.run import import_files
from app.run.import_files import Source, project_at
from app.store import decisions, health
from app.store.decisions import ItemDecision
from app.store.project import Project
from tests.faults import traced
from tests.faults.figures import LONG, note
from tests.faults.operations import filled

CALLS = "pwrite64,write,ftruncate,fsync,fdatasync,openat,rename,link,unlink,sendto"
SECTOR = 512
ANSWERS = 200
"""Of the import."""
_TEXT = re.compile(r'"((?:\\x[0-9a-f]{2})*)"')
_FILE = re.compile(r"\w+\((\d+)<((?:\\x[0-9a-f]{2})*)>")


def workflow(folder: Path, ack: traced.Ack, *, sync: str = "FULL") -> None:
    """Make a project, make one by an import, decide about another one, and close it, twice."""
    with Project.open(folder / "new.db", create=True):
        ack("made")
    into = partial(project_at, folder / "given.db", create=True)
    import_files.candidates(Source(folder / "tasks.jsonl"), into, "tasks")
    ack("imported")
    for reviewer in ("ann", "bob"):
        with Project.open(folder / "a.db") as opened:
            assert opened._writer
            opened._writer.execute(f"PRAGMA synchronous = {sync}")
            items = opened.read(lambda c: [key for (key,) in c.execute("SELECT id FROM instances")])
            for item in items * 2:
                opened.write_now(
                    lambda c, item=item, who=reviewer: decisions.decide(
                        c, who, "accept", [ItemDecision(item)]
                    )
                )
                ack("decided")


@dataclass
class Inode:
    """A file: what is on the disk, and what was done since its last sync."""

    synced: bytes = b""
    pending: list[tuple[int, bytes | None]] = field(default_factory=list)

    def sync(self) -> None:
        self.synced = _applied(self.synced, self.pending)
        self.pending = []


def _applied(content: bytes, changes: list[tuple[int, bytes | None]]) -> bytes:
    held = bytearray(content)
    for at, data in changes:
        if data is None:
            del held[at:]
            held.extend(bytes(at - len(held)))
        else:
            held.extend(bytes(max(0, at - len(held))))
            held[at : at + len(data)] = data
    return bytes(held)


@dataclass
class Disk:
    """The files of a folder as a program sees them, and as a power cut may leave them."""

    names: dict[str, Inode] = field(default_factory=dict)
    """As the program sees them."""
    named: list[dict[str, Inode]] = field(default_factory=list)
    """As they were at the last sync of the folder, and after each change since."""
    offsets: dict[str, int] = field(default_factory=dict)

    def _changed(self) -> None:
        self.named.append(dict(self.names))

    def do(self, line: str, folder: str) -> str:
        """Follow a call; return what it acknowledged, if it did."""
        call = line.split("(", 1)[0]
        if line.rsplit("= ", 1)[1].startswith("-1"):
            return ""
        texts = [bytes.fromhex(text.replace("\\x", "")) for text in _TEXT.findall(line)]
        if call == "sendto":
            return texts[0].decode().strip()
        if call in ("rename", "link", "unlink", "openat"):
            self._do_name(call, [text.decode() for text in texts], folder, line)
            return ""
        match = _FILE.match(line)
        assert match, line
        path = bytes.fromhex(match[2].replace("\\x", "")).decode().removesuffix(" (deleted)")
        if path == folder:
            self.named = [dict(self.names)]
        elif inode := self.names.get(path):
            self._do_file(call, inode, path, texts, line)
        return ""

    def _do_name(self, call: str, paths: list[str], folder: str, line: str) -> None:
        if not paths[0].startswith(f"{folder}/") or paths[0].endswith("-shm"):
            return
        if call == "openat":
            if "O_CREAT" in line and paths[0] not in self.names:
                self.names[paths[0]] = Inode()
                self._changed()
            self.offsets[paths[0]] = 0
            return
        if call == "unlink":
            self.names.pop(paths[0], None)
        elif call == "link":
            self.names[paths[1]] = self.names[paths[0]]
        else:
            self.names[paths[1]] = self.names.pop(paths[0])
        self._changed()

    def _do_file(self, call: str, inode: Inode, path: str, texts: list[bytes], line: str) -> None:
        if call in ("fsync", "fdatasync"):
            inode.sync()
        elif call == "ftruncate":
            inode.pending.append((int(line.split(", ")[1].split(")")[0]), None))
        elif call == "pwrite64":
            inode.pending.append((int(line.rsplit(", ", 1)[1].split(")")[0]), texts[0]))
        else:
            inode.pending.append((self.offsets.get(path, 0), texts[0]))
            self.offsets[path] = self.offsets.get(path, 0) + len(texts[0])

    def after_a_cut(self, chance: random.Random) -> dict[str, bytes]:
        """Return what may be found: each unsynced write whole, torn or not at all."""
        names = chance.choice(self.named)
        keep = chance.choice((0.0, 0.5, 0.9))
        found = {}
        for path, inode in names.items():
            kept: list[tuple[int, bytes | None]] = []
            for at, data in inode.pending:
                if chance.random() >= keep:
                    continue
                if data is not None and len(data) > SECTOR and chance.random() < 0.3:
                    data = data[: SECTOR * chance.randrange(1, 1 + len(data) // SECTOR)]
                kept.append((at, data))
            found[path] = _applied(inode.synced, kept)
        return found


class Finds:
    """What a program finds after a cut; files that were found before need no second look."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._seen: dict[tuple[tuple[str, bytes], ...], int | str] = {}

    def lost(self, image: dict[str, bytes], acknowledged: list[str]) -> str:
        """Say what of the acknowledged an image lacks, "" where nothing."""
        files = {Path(path).name: content for path, content in image.items()}
        if "made" in acknowledged and "new.db" not in files:
            return "the new project"
        if "imported" in acknowledged and "given.db" not in files:
            return "the import"
        for name in ("new.db", "given.db", "a.db"):
            held = self._held(name, files)
            if isinstance(held, str):
                return f"{name}: {held}"
            if name == "given.db" and name in files and held != ANSWERS:
                return f"{held} of {ANSWERS} answers"
            if name == "a.db" and held < acknowledged.count("decided"):
                return f"{acknowledged.count('decided') - held} decisions"
        return ""

    def _held(self, name: str, files: dict[str, bytes]) -> int | str:
        """Return how many decisions a project holds, or answers one that was imported, or what is wrong."""
        if name not in files:
            return 0
        own = tuple(sorted((other, content) for other, content in files.items() if name in other))
        if own not in self._seen:
            self._seen[own] = self._opened(name, own)
        return self._seen[own]

    def _opened(self, name: str, own: tuple[tuple[str, bytes], ...]) -> int | str:
        for old in self.folder.iterdir():
            old.unlink()
        for other, content in own:
            (self.folder / other).write_bytes(content)
        try:
            with Project.open(self.folder / name) as opened:
                if faults := opened.read(health.faults):
                    return faults[0]
                table = "candidates" if name == "given.db" else "events"
                return int(opened.read(lambda c: c.execute(f"SELECT COUNT(*) FROM {table}").fetchone()[0]))
        except Exception as error:
            return str(error)


def cuts(tmp_path: Path, sync: str, images: int) -> list[str]:
    """Cut the power so often while the workflow runs; return what each cut lost."""
    home = tmp_path / sync
    home.mkdir()
    (home / "a.db").write_bytes(filled())
    outputs = [{"model": name, "output": f"a sea {name}"} for name in ("one", "two")]
    tasks = [{"instruction": f"Name sea {n}.", "outputs": outputs} for n in range(ANSWERS // 2)]
    (home / "tasks.jsonl").write_text("".join(json.dumps(task) + "\n" for task in tasks))
    lines = traced.calls_of(partial(workflow, home, sync=sync), CALLS)
    chance = random.Random(7)
    finds = Finds(tmp_path / f"{sync} images")
    finds.folder.mkdir()
    moments = sorted(chance.choices(range(len(lines)), k=images))
    disk = Disk({str(home / "a.db"): Inode(filled())})
    disk.named = [dict(disk.names)]
    acknowledged: list[str] = []
    found = []
    for number, line in enumerate(lines):
        if said := disk.do(line, str(home)):
            acknowledged += said.splitlines()
        while moments and moments[0] == number:
            moments.pop(0)
            found.append(finds.lost(disk.after_a_cut(chance), acknowledged))
    # Where nothing is cut, the disk is what the program left: the writing down is complete.
    for path, inode in disk.names.items():
        inode.sync()
        assert inode.synced == Path(path).read_bytes(), path
    assert acknowledged.count("decided") == 32
    return found


def test_a_power_cut_loses_nothing_that_was_acknowledged(tmp_path: Path) -> None:
    if not traced.can_trace():
        pytest.skip("nothing can be traced here")
    found = cuts(tmp_path, "FULL", 10_000 if LONG else 1_000)
    blind = cuts(tmp_path, "NORMAL", 1_000 if LONG else 100)
    note(
        "power cut",
        images=len(found),
        lost=sum(map(bool, found)),
        without_the_sync_of_each_commit=f"{sum(map(bool, blind))} of {len(blind)} lost",
    )
    assert not any(found), [one for one in found if one][:3]
    assert any("decisions" in one for one in blind), "a test that loses nothing without syncs is blind"


def test_what_is_not_synced_is_not_on_the_disk() -> None:
    disk = Disk({"/x/a": Inode(b"12345678")})
    disk.named = [dict(disk.names)]
    hexed = "".join(f"\\x{byte:02x}" for byte in b"/x/a")
    disk.do(f'pwrite64(3<{hexed}>, "\\x39", 1, 2) = 1', "/x")
    disk.do(f"ftruncate(3<{hexed}>, 4) = 0", "/x")
    assert disk.names["/x/a"].synced == b"12345678"
    disk.do(f"fsync(3<{hexed}>) = 0", "/x")
    assert disk.names["/x/a"].synced == b"1294"
