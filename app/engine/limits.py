"""A bound on the memory a model may take while it is loaded and tried, and its chat template. Worker side.

What counts is memory of the process's own (RLIMIT_DATA on Linux): mapped files, and with them the weights of
any size, are not part of it, nor is the address space that GPU drivers reserve. A header whose sizes are not
those of its model then ends in a message and not in a machine without memory.
"""

from __future__ import annotations

import os
import resource
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from app.engine.gguf import ModelHeader
from app.engine.memory import footprint
from app.engine.settings import Settings

FACTOR = 2
SLACK = 2**30
STACK = 16 * 2**20
"""What a thread may map for its stack and buffers."""


def allowance(header: ModelHeader, settings: Settings) -> int:
    """Return the bytes this model may take of its own: twice the estimate and the weights, and 1 GiB.

    The weights count too, because llama.cpp copies some into another layout where it sees fit. Layers meant
    for a GPU count as well: without one they stay here, and with one there is no bound.
    """
    own = footprint(header, replace(settings, gpu_layers=0)).private
    return FACTOR * (own + header.size) + settings.threads * STACK + SLACK


@contextmanager
def limited_memory(size: int, *, gpu: bool) -> Iterator[None]:
    """Bound what is allocated inside to `size` bytes more than is there; only on Linux, and without a GPU,
    whose driver maps more than anyone can foresee.
    """
    if gpu or sys.platform != "linux":
        yield
        return
    soft, hard = resource.getrlimit(resource.RLIMIT_DATA)
    limit = _own_memory() + size
    bounds = [bound for bound in (limit, soft, hard) if bound != resource.RLIM_INFINITY]
    resource.setrlimit(resource.RLIMIT_DATA, (min(bounds), hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_DATA, (soft, hard))


def _own_memory() -> int:
    """Return the bytes of memory of its own that this process has mapped."""
    pages = int(Path("/proc/self/statm").read_text("ascii").split()[5])
    return pages * os.sysconf("SC_PAGE_SIZE")
