"""Open a file to read only if it is an ordinary one: a pipe or a device can keep its reader for ever.

Imports nothing of ours.
"""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path
from typing import BinaryIO


def opened(path: Path) -> BinaryIO:
    """Open an ordinary file to read its bytes; OSError for anything else too."""
    # O_NONBLOCK: opening a named pipe waits for who writes to it.
    descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    try:
        mode = os.fstat(descriptor).st_mode
        if stat.S_ISDIR(mode):
            raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(path))
        if not stat.S_ISREG(mode):
            raise OSError(errno.EINVAL, "it is a pipe or a device, not an ordinary file", str(path))
        return os.fdopen(descriptor, "rb")
    except BaseException:
        os.close(descriptor)
        raise


def text(path: Path, encoding: str = "utf-8") -> str:
    """Return the text of a file; OSError as `opened`, UnicodeDecodeError."""
    with opened(path) as file:
        return file.read().decode(encoding)
