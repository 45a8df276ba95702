"""Bound what a stranger's file may take of the worker's memory. Worker side.

What is bounded is memory of the process's own (RLIMIT_DATA): a model's weights, which are mapped from the
file, are not part of it, nor is the address space that drivers reserve.
"""

from __future__ import annotations

import contextlib
import os
import resource
from collections.abc import Iterator
from pathlib import Path


@contextlib.contextmanager
def memory_limit(extra: int) -> Iterator[None]:
    """Let this process take at most `extra` bytes more than it has; MemoryError inside beyond that.

    A limit already in force is not raised. Linux only: elsewhere the system does not say how much is in
    use.
    """
    before = resource.getrlimit(resource.RLIMIT_DATA)
    wanted = own_memory() + extra
    if wanted == extra or any(bound != resource.RLIM_INFINITY and bound <= wanted for bound in before):
        yield
        return
    resource.setrlimit(resource.RLIMIT_DATA, (wanted, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_DATA, before)


def own_memory() -> int:
    """Return the bytes this process has mapped for itself; 0 where the system does not tell."""
    try:
        return int(Path("/proc/self/statm").read_text("ascii").split()[5]) * os.sysconf("SC_PAGE_SIZE")
    except (OSError, ValueError, IndexError):
        return 0
