"""Reading a large file into memory while its first pages are already being used."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Event, Thread

_LARGE = 64 * 2**20
"""Bytes of a file from which on it is read ahead."""
_ASKED = 128 * 2**10
"""Bytes that are asked for at a time: of more, Linux reads only the beginning."""


@contextmanager
def read_ahead(path: Path | None) -> Iterator[None]:
    """Have the system read a large file from its beginning to its end meanwhile, where memory holds it.

    Page by page, as the indexes ask for it, a disk takes many times as long.
    """
    descriptor, size = _opened(path) if path else (None, 0)
    if descriptor is None or not _LARGE <= size <= _memory() // 2:
        yield
        return
    over = Event()

    def ask() -> None:
        with suppress(OSError):
            for place in range(0, size, _ASKED):
                if over.is_set():
                    return
                os.posix_fadvise(descriptor, place, _ASKED, os.POSIX_FADV_WILLNEED)

    asking = Thread(target=ask, daemon=True)
    asking.start()
    try:
        yield
    finally:
        over.set()
        asking.join()


def _opened(path: Path) -> tuple[int | None, int]:
    """Return SQLite's own descriptor of a file, None where the system does not tell it, and the file's size.

    One of our own is of no use: as a process closes it, all its locks on the file are lost, SQLite's too.
    """
    with suppress(OSError):
        wanted = path.stat()
        for descriptor in Path("/proc/self/fd").iterdir():
            with suppress(OSError):
                if os.path.samestat(os.fstat(int(descriptor.name)), wanted):
                    return int(descriptor.name), wanted.st_size
    return None, 0


def _memory() -> int:
    """Return how many bytes of memory the machine has."""
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
