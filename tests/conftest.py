"""Fixtures every test may use."""

from __future__ import annotations

import shutil
import signal
import tempfile
from collections.abc import Generator, Iterator
from pathlib import Path

import pytest

from app.engine.catalog import BundledModels, bundled
from app.errors import ModelError

MODEL_PLACES = (
    *("QUORUM_MODELS", "HF_HUB_CACHE", "HUGGINGFACE_HUB_CACHE", "HF_HOME", "LLAMA_CACHE", "OLLAMA_MODELS"),
    *("XDG_CACHE_HOME", "XDG_STATE_HOME"),
)

MEMORY = Path("/dev/shm")
ENOUGH = 2**30
"""Bytes that must be free in memory for tests to write there."""


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Let reports travel between processes: what was logged or compared may hold half surrogates."""
    report = yield
    report.sections = [(name, _encodable(text)) for name, text in report.sections]
    if report.longrepr is not None and (shown := str(report.longrepr)) != _encodable(shown):
        report.longrepr = _encodable(shown)
    return report


def _encodable(text: str) -> str:
    return text.encode("utf-8", "backslashreplace").decode()


@pytest.fixture(scope="session", autouse=True)
def own_cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Keep tests apart from what this machine remembers about its models."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.mktemp("cache")))
        yield


@pytest.fixture
def memory_path(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Give a folder in memory where there is room: where processes alone are killed, no disk need sync."""
    if not MEMORY.is_dir() or shutil.disk_usage(MEMORY).free < ENOUGH:
        yield tmp_path_factory.mktemp("memory")
        return
    with tempfile.TemporaryDirectory(dir=MEMORY, prefix="quorum-", ignore_cleanup_errors=True) as folder:
        yield Path(folder)


@pytest.fixture(scope="session", autouse=True)
def heeded_signals() -> None:
    """Let signals do what they do: a shell starts what it runs in the background deaf to two of these, nohup
    to the third, and all processes that tests start would inherit that.
    """
    usually = {
        signal.SIGINT: signal.default_int_handler,
        signal.SIGQUIT: signal.SIG_DFL,
        signal.SIGHUP: signal.SIG_DFL,
    }
    for number, usual in usually.items():
        if signal.getsignal(number) is signal.SIG_IGN:
            signal.signal(number, usual)


@pytest.fixture(scope="session")
def bundled_models() -> BundledModels:
    """The real models that come with the product."""
    try:
        return bundled()
    except ModelError as error:
        pytest.fail(str(error))


@pytest.fixture(scope="session")
def llama_source() -> Path:
    """The source of llama.cpp that `make setup` keeps."""
    folder = Path(__file__).resolve().parents[1] / "build" / "llama.cpp"
    assert folder.is_dir(), "`make setup` keeps the source of llama.cpp in build/llama.cpp; it is not there"
    return folder


@pytest.fixture(scope="session", autouse=True)
def own_home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Give the tests a home of their own: neither models nor caches of whoever runs them matter."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HOME", str(tmp_path_factory.mktemp("home")))
        for name in MODEL_PLACES:
            patch.delenv(name, raising=False)
        yield
