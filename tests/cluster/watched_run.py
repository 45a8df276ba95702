"""A run over a cluster in a process of its own, for tests; prints what it sees as lines of JSON.

`python -m tests.cluster.watched_run ADDRESS PROJECT TARGET FOLDER`. Its models are the scripted worker in
mode `slow`; while there is a file `hold` in FOLDER, an answer takes a second, so that no run ends meanwhile.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time
from pathlib import Path

from app import logs
from app.cluster.remote import connect
from app.cluster.site import ClusterSite
from app.engine.restart_policy import Patience
from app.errors import QuorumError
from app.run.plan import default_plan
from app.run.progress import RunSnapshot
from app.run.session import RunSession
from app.store.project import Project
from tests.cluster.conftest import scripted

PATIENT = Patience(load=120.0, answer=60.0, first_delay=0.01, longest_delay=0.02)
"""However busy this machine is, no worker is taken for dead that is not."""


def tell(**seen: object) -> None:
    """Print what is seen, with the time of it."""
    print(json.dumps({"at": time.monotonic(), **seen}), flush=True)


class Watch:
    """Tells whenever something changed."""

    def __init__(self) -> None:
        self._before: object = None

    def __call__(self, snapshot: RunSnapshot) -> None:
        """Take a snapshot."""
        lost = sorted(node.name for node in snapshot.nodes if node.lost)
        used = {node.name: node.replicas for node in snapshot.nodes if not node.lost}
        done = sum(model.done for model in snapshot.models)
        if (seen := (lost, used, done)) != self._before:
            self._before = seen
            tell(lost=lost, used=used, done=done, state=snapshot.state.value)


async def run(path: Path, site: ClusterSite, target: int) -> RunSnapshot:
    """Run the default plan to its end."""
    with Project.open(path, create=True) as project:
        session = RunSession(project, default_plan(target), Watch(), headless=True, site=site)
        try:
            return await session.run()
        finally:
            await site.close()


def main(address: str, path: str, target: str, folder: str) -> None:
    """Connect, run, and tell how it ended."""
    logs.set_up(Path(folder) / "quorum.log")
    try:
        remote = connect(address, lambda _words: None)
    except QuorumError as error:
        tell(end="refused", error=str(error), hint=error.hint)
        return
    tell(connected=address)
    site = ClusterSite(remote, command=scripted("slow", Path(folder)), patience=PATIENT)
    last = asyncio.run(run(Path(path), site, int(target)))
    tell(end=last.state.value, error=last.error)
    remote.close()
    tell(closed=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
