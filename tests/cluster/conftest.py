"""A Ray cluster of two nodes on loopback that all tests of a module share, and runs over it."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from app.cluster.remote import Remote, without_api_server
from app.engine.restart_policy import Patience

ROOT = Path(__file__).resolve().parents[2]
SETTINGS = {
    "RAY_USAGE_STATS_ENABLED": "0",
    "RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER": "0",  # keeps Ray on 127.0.0.1
    "RAY_AUTH_MODE": "disabled",
    "RAY_CLIENT_SERVER_CHECK_CHANNEL_TIMEOUT_S": "5",
    "PYTHONPATH": str(ROOT),
}


@dataclass
class TwoNodes:
    """The cluster, and the processes of the node that tests end, stop and start."""

    cluster: Any
    client_port: int
    second: Any = None
    stopped: list[int] = field(default_factory=list)

    @property
    def address(self) -> str:
        """Where clients connect to."""
        return f"ray://127.0.0.1:{self.client_port}"

    def start_second(self) -> None:
        """Start the second node, unless it runs."""
        if self.second is None:
            self.second = self.cluster.add_node(num_cpus=2, object_store_memory=80 * 2**20)

    def kill_second(self) -> None:
        """End all processes of the second node at once, as if its machine lost power."""
        send(signal.SIGKILL, family(self.second.all_processes["raylet"][0].process.pid))
        self.cluster.remove_node(self.second, allow_graceful=False)
        self.second = None

    def cut_off_second(self) -> None:
        """Stop all processes of the second node: it is silent, as behind a broken network."""
        self.stopped = family(self.second.all_processes["raylet"][0].process.pid)
        send(signal.SIGSTOP, self.stopped)

    def bring_back_second(self) -> None:
        """Let them go on."""
        send(signal.SIGCONT, self.stopped)
        self.stopped = []


def family(pid: int) -> list[int]:
    """Return a process and all that descend from it."""
    parents: dict[int, list[int]] = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            child, parent = (
                int(stat.parent.name),
                int(stat.read_text("ascii", "replace").rsplit(")", 1)[1].split()[1]),
            )
        except OSError:
            continue
        parents.setdefault(parent, []).append(child)
    found = [pid]
    for one in found:
        found.extend(parents.get(one, ()))
    return found


def send(number: signal.Signals, pids: list[int]) -> None:
    """Send processes a signal; those that are gone are fine."""
    for pid in pids:
        with suppress(ProcessLookupError):
            os.kill(pid, number)


@pytest.fixture(scope="module")
def two_nodes(own_cache: None, own_home: None) -> Iterator[TwoNodes]:
    """Start the cluster."""
    with pytest.MonkeyPatch.context() as patch:
        for name, value in SETTINGS.items():
            patch.setenv(name, value)
        import ray
        from ray._common.network_utils import find_free_port
        from ray.cluster_utils import Cluster

        without_api_server()
        port = find_free_port()
        head = {"num_cpus": 2, "include_dashboard": False, "ray_client_server_port": port}
        cluster = Cluster(initialize_head=True, head_node_args=head | {"object_store_memory": 80 * 2**20})
        nodes = TwoNodes(cluster, port)
        nodes.start_second()
        ray.init(address=cluster.address, log_to_driver=False, configure_logging=False)
        try:
            yield nodes
        finally:
            nodes.bring_back_second()
            ray.shutdown()
            cluster.shutdown()


@pytest.fixture(scope="module")
def remote(two_nodes: TwoNodes) -> Remote:
    """Return the connection to the cluster."""
    import ray

    return Remote(ray)


QUICK = Patience(load=20.0, answer=5.0, first_delay=0.01, longest_delay=0.02)


def scripted(mode: str, folder: Path) -> list[str]:
    """Return the command of a worker that answers from a script, by prompt and seed alone."""
    worker = ROOT / "tests" / "run" / "scripted_worker.py"
    return [sys.executable, str(worker), mode, str(folder), "two\nlines"]
