"""Bound what a stranger's program may take of the worker's memory. Worker side."""

from __future__ import annotations

import contextlib
import os
import resource
from collections.abc import Iterator
from pathlib import Path


@contextlib.contextmanager
def memory_limit(extra: int) -> Iterator[None]:
    """Let this process take at most `extra` bytes more than it has; MemoryError inside beyond that.

    Linux only: elsewhere the system does not say how much address space is in use.
    """
    before = resource.getrlimit(resource.RLIMIT_AS)
    wanted = _address_space() + extra
    if wanted == extra or (before[0] != resource.RLIM_INFINITY and before[0] <= wanted):
        yield
        return
    resource.setrlimit(resource.RLIMIT_AS, (wanted, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_AS, before)


def _address_space() -> int:
    """Return the bytes of address space this process has; 0 where the system does not tell."""
    try:
        return int(Path("/proc/self/statm").read_text("ascii").split()[0]) * os.sysconf("SC_PAGE_SIZE")
    except (OSError, ValueError, IndexError):
        return 0
