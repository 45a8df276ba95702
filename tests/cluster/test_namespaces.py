"""Three machines with addresses of their own: one is cut off and comes back, and the head is killed."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.cli.commands import environment, quorum
from tests.cluster.machines import Network, network, why_not
from tests.cluster.test_heads import content
from tests.cluster.test_runs import check_whole, rows, run, stored
from tests.faults.figures import LONG, note
from tests.run.scripted import use_scripted_worker

pytestmark = [
    pytest.mark.skipif(not LONG, reason="two minutes of waiting for machines: part of `make faults`"),
    pytest.mark.skipif(bool(why := why_not()), reason=f"no network namespaces here: {why}"),
]
TARGET = 96
AWAY = 9.0
"""Seconds for which a machine is cut off: longer than the five in which that shows on an idle machine."""
SOON = 25.0
"""Seconds in which what is lost must show: sooner than Ray itself says so, however busy this machine is."""
LONGEST = 600.0
"""Seconds after which whatever runs in the driver's machine is ended, so that nobody waits for it."""


@pytest.fixture(scope="module")
def machines(own_home: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Network]:
    """Start Ray on three machines, as the manual says; the head has a token, and so asks for it."""
    folder = Path(tmp_path_factory.mktemp("ray"))
    token = Path.home() / ".ray" / "auth_token"
    token.parent.mkdir(exist_ok=True)
    token.write_text("5e" * 32)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("RAY_USAGE_STATS_ENABLED", "0")
        patch.setenv("PYTHONPATH", environment()["PYTHONPATH"])
        patch.setenv("RAY_TMPDIR", str(folder))
        patch.setenv("RAY_AUTH_MODE", "token")
        with network(folder) as made:
            made.start_cluster(*made.machines)
            yield made
    token.unlink()


@contextmanager
def started(machines: Network, words: list[str], around: dict[str, str]) -> Iterator[subprocess.Popen[str]]:
    """Start a command, already one of the driver's machine; at the latest after `LONGEST` it ends."""
    watch = threading.Timer(LONGEST, machines.driver.close)
    watch.daemon = True
    watch.start()
    try:
        with subprocess.Popen(
            words, env=around, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        ) as driver:
            yield driver
    finally:
        watch.cancel()


class Seen:
    """What a run in the driver's machine says of itself, line by line."""

    def __init__(self, driver: subprocess.Popen[str]) -> None:
        assert driver.stdout
        self._lines = driver.stdout
        self.all: list[dict[str, Any]] = []
        self.other: list[str] = []

    def until(self, key: str, wanted: Any) -> dict[str, Any]:
        """Read until `wanted` accepts what is said of `key`; return that."""
        for line in self._lines:
            if not line.startswith("{"):
                self.other.append(line)
                continue
            self.all.append(json.loads(line))
            if key in self.all[-1] and wanted(self.all[-1][key]):
                return self.all[-1]
        raise AssertionError(f"the run ended before: {self.all[-1:]} {self.other[-20:]}")


def watched(machines: Network, path: Path) -> tuple[list[str], dict[str, str]]:
    """Return the command of a watched run in the driver's machine, and its environment."""
    at = f"ray://{machines.address(machines.head)}:10001"
    words = [sys.executable, "-m", "tests.cluster.watched_run", at, path, str(TARGET), path.parent]
    around = environment()
    del around["RAY_AUTH_MODE"]  # that this machine has the token is enough
    return machines.driver.command(*words), around


def test_a_machine_that_is_cut_off_and_back_costs_and_doubles_nothing(
    machines: Network, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, bundled_models: Any
) -> None:
    three = machines.machines[2]
    use_scripted_worker(monkeypatch, "plain", tmp_path)
    asyncio.run(run(tmp_path / "here.db", None, TARGET))
    hold = tmp_path / "hold"  # the run does not end before all of this was seen, however long that takes
    hold.touch()
    with started(machines, *watched(machines, tmp_path / "there.db")) as driver:
        seen = Seen(driver)
        on = lambda address: lambda names: any(n and address in name for name, n in names.items())  # noqa: E731
        lost = lambda names: any("10.77.0.3" in name for name in names)  # noqa: E731
        seen.until("used", lambda used: on("10.77.0.2")(used) and on("10.77.0.3")(used))
        machines.cut_off(three)
        cut = time.monotonic()
        shown = seen.until("lost", lost)["at"] - cut
        before = seen.all[-1]["done"]
        others = seen.until("done", lambda done: done > before)["done"]
        time.sleep(max(0.0, cut + AWAY - time.monotonic()))
        machines.bring_back(three)
        seen.until("lost", lambda names: not names)
        back = seen.until("used", on("10.77.0.3"))
        hold.unlink()
        end = seen.until("end", lambda _: True)
        driver.wait()
    note("a machine of a cluster is cut off", shows_after_seconds=round(shown, 1))
    assert shown < SOON and others and back["done"] < 4 * TARGET, (shown, others, back)
    assert end["end"] == "done" and not end["error"]
    assert not seen.other
    assert rows(tmp_path / "there.db") == rows(tmp_path / "here.db")
    check_whole(tmp_path / "there.db", TARGET)


def test_when_the_head_is_killed_one_message_says_so_and_the_run_resumes_without_it(
    machines: Network, tmp_path: Path, bundled_models: Any
) -> None:
    path = tmp_path / "run.db"
    words = ("run", str(path), "--instructions", "24", "--no-calibration", "--no-audition")
    asked = machines.driver.command(sys.executable, "-m", "app", *words, "--on", "ray://10.77.0.1:10001")
    with started(machines, asked, environment()) as driver:
        until = time.monotonic() + 90
        while stored(path) < 20 and driver.poll() is None and time.monotonic() < until:
            time.sleep(0.05)
        killed = time.monotonic()
        machines.machines[0].close()
        assert driver.stdout
        said = driver.stdout.read()
        assert driver.wait() == 1, said
    ended = time.monotonic() - killed
    note("the head of a cluster is killed", run_ends_after_seconds=round(ended, 1))
    assert ended < SOON
    assert "Traceback" not in said and "reconnect" not in said
    assert said.count("is gone") == 1, said
    assert "resumes; or the same command without --on." in " ".join(said.split())
    assert 20 <= stored(path) < 96
    done = quorum(*words, cwd=tmp_path)
    assert "Run 1 resumes where it stopped." in done.stderr
    check_whole(path, 24)


def test_a_run_resumes_over_a_new_head_at_the_same_address_and_on_another_machine(
    machines: Network, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, bundled_models: Any
) -> None:
    use_scripted_worker(monkeypatch, "plain", tmp_path)
    asyncio.run(run(tmp_path / "here.db", None, TARGET))
    path = tmp_path / "there.db"
    one, two, three = machines.machines
    for until in (30, 90, None):
        if until is None:
            machines.stop_ray(three)
            machines.start_cluster(two, three)
        else:
            one = machines.replace(one)
            machines.stop_ray(two)
            machines.stop_ray(three)
            machines.start_cluster(one, two, three)
        before = stored(path)
        with started(machines, *watched(machines, path)) as driver:
            seen = Seen(driver)
            if until is not None:
                while stored(path) < until:
                    time.sleep(0.02)
                machines.head.close()
            end = seen.until("end", lambda _: True)
            driver.wait()
        assert not seen.other
        if until is None:
            assert end["end"] == "done" and not end["error"], end
        else:
            assert "Ray at ray://10.77.0.1:10001 is gone" in end["error"], end
            assert before < stored(path) < 4 * TARGET
    assert content(path) == content(tmp_path / "here.db")
    check_whole(path, TARGET)
