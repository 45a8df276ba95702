"""The walls of the house: who may import whom, and what stands behind one door only."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

APP = Path(__file__).resolve().parent.parent / "app"

MAY_IMPORT = {
    "__main__": {"cli", "errors"},
    "errors": set(),
    "visible": set(),
    "pages": {"errors"},
    "method": {"errors", "visible"},
    "engine": {"errors", "visible"},
    "intake": {"errors", "visible", "method", "store"},
    "store": {"errors", "visible", "method"},
    "export": {"errors", "visible", "store", "method"},
    "run": {"errors", "visible", "method", "engine", "store", "intake"},
    "seeds": set(),
    "tui": {"errors", "visible", "pages", "method", "engine", "store", "intake", "export", "run"},
    "cli": {
        *(
            "errors",
            "visible",
            "pages",
            "method",
            "engine",
            "store",
            "intake",
            "export",
            "run",
            "tui",
            "bench",
        )
    },
    "bench": {"errors", "visible", "method", "engine", "store", "intake", "run", "tui"},
}
LLAMA_FILES = {
    "vocab.py",
    "decoder.py",
    "encdec.py",
    "sampling.py",
    "loading.py",
    "prefixes.py",
    "worker.py",
    "batch.py",
    "hardware.py",
    "measuring.py",
}
SQL = re.compile(r"\b(SELECT .+ FROM|INSERT INTO|UPDATE \w+ SET|DELETE FROM|CREATE TABLE|PRAGMA \w+)\b")


def modules() -> list[Path]:
    return sorted(APP.rglob("*.py"))


def imported(path: Path) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return names


def package_of(path: Path) -> str:
    return path.relative_to(APP).parts[0].removesuffix(".py")


@pytest.mark.parametrize("path", modules(), ids=lambda path: str(path.relative_to(APP)))
def test_imports_run_one_way(path: Path) -> None:
    here = package_of(path)
    if here == "__init__":
        return
    ours = {name.split(".")[1] for name in imported(path) if name.startswith("app.")} - {here, "__version__"}
    assert ours <= MAY_IMPORT[here], f"{here} may not import {sorted(ours - MAY_IMPORT[here])}"


@pytest.mark.parametrize("path", modules(), ids=lambda path: str(path.relative_to(APP)))
def test_each_library_has_its_place(path: Path) -> None:
    here = package_of(path)
    names = {name.split(".")[0] for name in imported(path)}
    if "textual" in names:
        assert here == "tui"
    if "llama_cpp" in names:
        measured = path == APP / "bench" / "side.py"  # the way others use llama.cpp, to compare with
        assert measured or (here == "engine" and path.name in LLAMA_FILES)
    if names & {"sqlite3", "sqlite_utils"}:
        assert here == "store"
    if names & {"huggingface_hub", "httpx2"}:
        assert path.relative_to(APP) in (Path("engine/hub.py"), Path("export/hub.py"))
    assert "multiprocessing" not in names
    if here == "method":
        assert not names & {"time", "os", "socket", "subprocess", "secrets", "uuid", "asyncio"}


@pytest.mark.parametrize("path", modules(), ids=lambda path: str(path.relative_to(APP)))
def test_sql_stands_in_the_store_only(path: Path) -> None:
    if package_of(path) != "store":
        strings = [
            node.value
            for node in ast.walk(ast.parse(path.read_text("utf-8")))
            if isinstance(node, ast.Constant) and isinstance(node.value, str)
        ]
        assert not [text for text in strings if SQL.search(text)]


@pytest.mark.parametrize("path", modules(), ids=lambda path: str(path.relative_to(APP)))
def test_no_module_outgrows_its_reader(path: Path) -> None:
    assert len(path.read_text("utf-8").splitlines()) <= 420
