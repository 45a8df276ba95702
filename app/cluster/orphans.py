"""What our processes on a node do when its Ray is gone: end, with all they started.

Ray's own processes notice within a minute or two, and a loaded model would stay in memory for as long.
"""

from __future__ import annotations

import os
import signal
import threading
import time
from contextlib import suppress
from pathlib import Path

LOOK = 1.0
"""Seconds between two looks at the parent."""
_RAYS_OWN = ("ray::DashboardA", "ray::RuntimeEnv")
"""What Linux calls the two agents that Ray starts for a node, cut to its 15 characters."""


def end_with_ray(*, agents: bool = False) -> None:
    """Have this process end soon after the one that started it, a node's raylet; with Ray's own `agents`
    there too, where Linux tells them.
    """
    parent = os.getppid()
    others = _agents_of(parent) if agents else {}
    threading.Thread(target=_watch, args=(parent, others), name="orphans", daemon=True).start()


def _watch(parent: int, others: dict[int, str]) -> None:
    while os.getppid() == parent:
        time.sleep(LOOK)
    for pid, name in others.items():
        if _name_and_parent(pid)[0] == name:  # nobody else has got the number since
            with suppress(ProcessLookupError, PermissionError):
                os.kill(pid, signal.SIGKILL)
    os._exit(1)


def _agents_of(raylet: int) -> dict[int, str]:
    found = {}
    for folder in Path("/proc").glob("[0-9]*"):
        name, parent = _name_and_parent(int(folder.name))
        if parent == raylet and name in _RAYS_OWN:
            found[int(folder.name)] = name
    return found


def _name_and_parent(pid: int) -> tuple[str, int]:
    try:
        before, _, after = Path(f"/proc/{pid}/stat").read_text("ascii", "replace").rpartition(")")
    except OSError:
        return "", 0
    return before.partition("(")[2], int(after.split()[1])
