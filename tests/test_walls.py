"""The walls of the house: who may import whom, and what stands behind one door only."""

from __future__ import annotations

import ast
import re
import shutil
import subprocess
from pathlib import Path

import pytest

APP = Path(__file__).resolve().parent.parent / "app"
WORKER = APP / "engine" / "worker"

BASE = {"errors", "visible", "atomic", "regular"}
MAY_IMPORT = {
    "__main__": {"cli", "errors"},
    "errors": set(),
    "visible": set(),
    "words": set(),
    "pages": {"errors"},
    "atomic": set(),
    "regular": set(),
    "toml": set(),
    "logs": {"visible"},
    "spread": {"errors"},
    "method": {"errors", "visible", "toml"},
    "engine": BASE | {"method"},
    "intake": BASE | {"spread", "method", "store"},
    "store": BASE | {"method"},
    "export": BASE | {"store", "method"},
    "insight": BASE | {"words", "method", "store", "run"},
    "run": BASE | {"words", "spread", "method", "engine", "store", "intake"},
    "seeds": set(),
    "tui": BASE
    | {"words", "logs", "pages", "toml", "method", "engine", "store", "intake", "export", "run", "insight"},
    "cli": BASE
    | {
        "words",
        "logs",
        "pages",
        "method",
        "engine",
        "store",
        "intake",
        "export",
        "run",
        "insight",
        "tui",
        "bench",
        "cluster",
    },
    "cluster": BASE | {"__init__", "engine"},
    "bench": BASE | {"cluster", "method", "engine", "store", "intake", "run", "tui"},
}
SQL = re.compile(r"\b(SELECT .+ FROM|INSERT INTO|UPDATE \w+ SET|DELETE FROM|CREATE TABLE|PRAGMA \w+)\b")

TERMS = APP / "method" / "terms.py"


def modules() -> list[Path]:
    return sorted(APP.rglob("*.py"))


def imported(path: Path) -> set[str]:
    return imported_in(ast.parse(path.read_text("utf-8")))


def imported_in(module: ast.Module) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(module):
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


def test_the_engine_knows_the_methods_terms_and_nothing_else_of_it() -> None:
    for path in (APP / "engine").rglob("*.py"):
        method = {name for name in imported(path) if name.startswith("app.method.")}
        assert not {name for name in method if not name.startswith("app.method.terms")}, path
    assert not {name for name in imported(TERMS) if name.startswith("app")}


@pytest.mark.parametrize("path", modules(), ids=lambda path: str(path.relative_to(APP)))
def test_each_library_has_its_place(path: Path) -> None:
    here = package_of(path)
    names = {name.split(".")[0] for name in imported(path)}
    if "textual" in names:
        assert here == "tui"
    if "llama_cpp" in names:
        measured = path == APP / "bench" / "side.py"  # the way others use llama.cpp, to compare with
        assert measured or path.is_relative_to(WORKER)
    if names & {"sqlite3", "sqlite_utils"}:
        assert here == "store"
    if names & {"huggingface_hub", "httpx2"}:
        assert path.relative_to(APP) in (Path("engine/hub.py"), Path("export/hub.py"))
    if "ray" in names:
        assert here == "cluster"
    assert "multiprocessing" not in names
    if here == "method":
        assert not names & {"time", "os", "socket", "subprocess", "secrets", "uuid", "asyncio"}


@pytest.mark.parametrize("path", modules(), ids=lambda path: str(path.relative_to(APP)))
def test_the_cluster_is_loaded_only_where_it_is_asked_for(path: Path) -> None:
    """Ray takes a second to import and is an extra: what is imported with a module must not need it."""
    if package_of(path) == "cluster" or path.name in ("cluster.py", "cluster_side.py"):
        return  # what these commands need themselves
    for node in ast.parse(path.read_text("utf-8")).body:
        if isinstance(node, ast.Import | ast.ImportFrom):
            module = ast.Module([node], [])
            assert not [name for name in imported_in(module) if name.split(".")[:2] == ["app", "cluster"]]


@pytest.mark.parametrize("path", modules(), ids=lambda path: str(path.relative_to(APP)))
def test_only_the_worker_knows_what_runs_beside_llama_cpp(path: Path) -> None:
    measured = path == APP / "bench" / "side.py"
    if not measured and not path.is_relative_to(WORKER):
        assert not [name for name in imported(path) if name.startswith("app.engine.worker")]


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
    assert len(path.read_text("utf-8").splitlines()) <= 600


def test_no_modules_import_each_other_in_a_circle() -> None:
    names = {module_name(path): path for path in modules()}
    imports = {name: imported(path) & names.keys() - {name} for name, path in names.items()}
    assert circles(imports) == []


def module_name(path: Path) -> str:
    return ".".join(path.relative_to(APP.parent).with_suffix("").parts).removesuffix(".__init__")


def circles(imports: dict[str, set[str]]) -> list[list[str]]:
    """Return the groups of modules that reach each other, by Tarjan's algorithm.

    Imports inside functions and for types alone count: they tie modules to each other as well.
    """
    order: dict[str, int] = {}
    lowest: dict[str, int] = {}
    waiting: list[str] = []
    groups: list[list[str]] = []

    def visit(name: str) -> None:
        order[name] = lowest[name] = len(order)
        waiting.append(name)
        for other in imports[name]:
            if other not in order:
                visit(other)
            if other in waiting:
                lowest[name] = min(lowest[name], lowest[other])
        if lowest[name] == order[name]:
            group = waiting[waiting.index(name) :]
            del waiting[-len(group) :]
            if len(group) > 1:
                groups.append(sorted(group))

    for name in imports:
        if name not in order:
            visit(name)
    return groups


@pytest.mark.skipif(
    not (APP.parent / ".git").exists() or not shutil.which("git"), reason="needs the repository"
)
def test_no_module_is_kept_out_of_the_repository_by_what_git_ignores() -> None:
    """A rule such as `run` hides new files of `app/run`: they work where they were written alone."""
    listed = subprocess.run(
        ["git", "ls-files", "--others", "--ignored", "--exclude-standard", "--", "app", "tests"],
        cwd=APP.parent,
        capture_output=True,
        text=True,
        check=True,
    )
    assert [name for name in listed.stdout.splitlines() if name.endswith((".py", ".toml", ".md"))] == []
