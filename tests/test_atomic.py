"""Files that are replaced whole: the name means the old content or the new, whatever happens between."""

from __future__ import annotations

import errno
import os
import signal
from collections.abc import Callable
from pathlib import Path

import pytest

from app import atomic
from tests.store.material import in_child


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_a_file_appears_when_it_is_complete_and_not_before(tmp_path: Path) -> None:
    target = tmp_path / "rows.jsonl"
    with atomic.written(target) as file:
        file.write(b"new")
        assert not target.exists()
    assert target.read_bytes() == b"new"
    assert names(tmp_path) == ["rows.jsonl"]


def test_a_fault_on_the_way_leaves_the_old_file_and_nothing_else(tmp_path: Path) -> None:
    target = tmp_path / "rows.jsonl"
    target.write_bytes(b"old")
    with pytest.raises(RuntimeError), atomic.written(target) as file:
        file.write(b"half")
        raise RuntimeError
    assert target.read_bytes() == b"old"
    assert names(tmp_path) == ["rows.jsonl"]


@pytest.mark.parametrize("call", ["fsync", "replace"])
def test_a_disk_that_refuses_leaves_the_old_file_and_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, call: str
) -> None:
    target = tmp_path / "rows.jsonl"
    target.write_bytes(b"old")

    def refuse(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(Path if call == "replace" else os, call, refuse)
    with pytest.raises(OSError, match="No space"), atomic.written(target) as file:
        file.write(b"half")
    monkeypatch.undo()
    assert target.read_bytes() == b"old"
    assert names(tmp_path) == ["rows.jsonl"]


@pytest.mark.parametrize("call", ["fsync", "link", "unlink"])
@pytest.mark.parametrize("replace", [True, False])
def test_a_process_killed_at_any_step_leaves_the_old_content_or_the_new(
    tmp_path: Path, call: str, replace: bool
) -> None:
    target = tmp_path / "rows.jsonl"
    for step in range(1, 4):
        target.unlink(missing_ok=True)
        if replace:
            target.write_bytes(b"old")
        before = {b"old"} if replace else {None}
        in_child(lambda step=step: _write_and_die(target, call, step, replace))  # type: ignore[misc]
        content = target.read_bytes() if target.exists() else None
        assert content in before | {b"new" * 1000}


def _write_and_die(target: Path, call: str, step: int, replace: bool) -> None:
    """Write, and kill this process before the call numbered `step`."""
    real: Callable[..., object] = getattr(os, call)
    calls = 0

    def counting(*given: object, **named: object) -> object:
        nonlocal calls
        calls += 1
        if calls == step:
            os.kill(os.getpid(), signal.SIGKILL)
        return real(*given, **named)

    setattr(os, call, counting)
    with atomic.written(target, replace=replace) as file:
        file.write(b"new" * 1000)


def test_permissions_of_a_replaced_file_are_kept(tmp_path: Path) -> None:
    target = tmp_path / "private.json"
    target.write_bytes(b"old")
    target.chmod(0o600)
    with atomic.written(target) as file:
        file.write(b"new")
    assert target.stat().st_mode & 0o777 == 0o600


def test_a_link_is_followed_and_stays_a_link(tmp_path: Path) -> None:
    (tmp_path / "dotfiles").mkdir()
    real, link = tmp_path / "dotfiles" / "screens.json", tmp_path / "screens.json"
    real.write_bytes(b"old")
    link.symlink_to(real)
    atomic.write_text(link, "new")
    assert link.is_symlink()
    assert real.read_text() == "new"


def test_an_existing_file_stays_where_it_must_not_be_replaced(tmp_path: Path) -> None:
    target = tmp_path / "rows.jsonl"
    target.write_bytes(b"old")
    with pytest.raises(FileExistsError), atomic.written(target, replace=False) as file:
        file.write(b"new")
    assert target.read_bytes() == b"old"
    assert names(tmp_path) == ["rows.jsonl"]


def test_a_finished_file_is_named_without_hard_links_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise OSError(errno.EPERM, "Operation not permitted")

    monkeypatch.setattr(os, "link", refuse)
    (tmp_path / "built").write_bytes(b"new")
    atomic.place(tmp_path / "built", tmp_path / "rows.jsonl")
    assert names(tmp_path) == ["rows.jsonl"]
    (tmp_path / "built").write_bytes(b"newer")
    with pytest.raises(FileExistsError):
        atomic.place(tmp_path / "built", tmp_path / "rows.jsonl")
    assert (tmp_path / "rows.jsonl").read_bytes() == b"new"


def test_what_a_killed_process_left_a_day_ago_is_removed_and_nothing_else(tmp_path: Path) -> None:
    old, young = tmp_path / ".rows.jsonl.0123abcd.tmp", tmp_path / ".rows.jsonl.89abcdef.tmp"
    other, own = tmp_path / ".other.0123abcd.tmp", tmp_path / "rows.jsonl.0123abcd.tmp"
    for path in (old, young, other, own):
        path.write_bytes(b"x")
    for path in (old, other, own):
        os.utime(path, (0, 0))
    atomic.write_text(tmp_path / "rows.jsonl", "new")
    assert names(tmp_path) == sorted([young.name, other.name, own.name, "rows.jsonl"])
    atomic.remove_leftovers(tmp_path)
    assert not other.exists() and young.exists() and own.exists()


def test_a_folder_is_replaced_whole_or_not_at_all(tmp_path: Path) -> None:
    target = tmp_path / "set"
    target.mkdir()
    (target / "old").write_bytes(b"")
    with pytest.raises(RuntimeError), atomic.folder(target) as building:
        (building / "half").write_bytes(b"")
        raise RuntimeError
    assert names(target) == ["old"] and names(tmp_path) == ["set"]
    with atomic.folder(target) as building:
        (building / "data").mkdir()
        (building / "data" / "new").write_bytes(b"")
    assert names(target) == ["data"] and names(tmp_path) == ["set"]


def test_a_long_name_and_signs_of_patterns_are_names_like_any_other(tmp_path: Path) -> None:
    for name in ("x" * 250, "[a]*?.jsonl"):
        atomic.write_text(tmp_path / name, "new")
        assert (tmp_path / name).read_text() == "new"
