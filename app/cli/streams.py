"""Standard input, output and error, as safe to use as their names promise."""

from __future__ import annotations

import codecs
import os
import sys
from contextlib import suppress
from io import TextIOWrapper

from app.errors import QuorumError

_ESCAPE = "quorum-escape"


def prepare() -> None:
    """Let what is printed never fail for the encoding, nor for a stream that was closed before the start."""
    _open_closed()
    codecs.register_error(_ESCAPE, _escaped)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors=_ESCAPE)


def finish() -> None:
    """Send what standard output holds back. Raises QuorumError where it cannot be written."""
    try:
        sys.stdout.flush()
    except BrokenPipeError:
        raise
    except OSError as error:
        drop_output()
        raise QuorumError(f"Standard output cannot be written ({error.strerror}).", "") from error


def drop_output() -> None:
    """Let nothing more of standard output be tried: who read it is gone, or it takes no more."""
    with suppress(OSError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())
        os.close(nowhere)


def say(*lines: str) -> None:
    """Print lines on standard error, as far as there is one."""
    with suppress(OSError, ValueError):
        print(*lines, sep="\n", file=sys.stderr, flush=True)


def _open_closed() -> None:
    """Open what is closed of the descriptors 0 to 2: else a file opened later would get the output.

    Standard output becomes one that refuses, so that nobody takes what is lost for written.
    """
    for number, mode in ((0, os.O_RDONLY), (1, os.O_RDONLY), (2, os.O_WRONLY)):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, mode)  # the lowest free number, which is this one
    # Python leaves out what was closed when it started.
    sys.stdin = sys.stdin or open(0, closefd=False)  # noqa: SIM115
    sys.stdout = sys.stdout or open(1, "w", closefd=False)  # noqa: SIM115
    sys.stderr = sys.stderr or open(2, "w", closefd=False)  # noqa: SIM115


def _escaped(error: UnicodeError) -> tuple[str, int]:
    r"""Write what an encoding does not have as \u1234, which JSON reads too: pairs beyond U+FFFF."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    units = error.object[error.start : error.end].encode("utf-16-be", "surrogatepass").hex()
    return "".join(f"\\u{units[at : at + 4]}" for at in range(0, len(units), 4)), error.end
