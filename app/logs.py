"""The log: what Quorum did and what went wrong, in the user's state folder and never on the terminal.

Every line passes through `visible`, and what looks like a secret is taken out. At most five files of 1 MB are
kept; several processes may write to them. Texts of items are never logged.
"""

from __future__ import annotations

import fcntl
import logging
import os
import re
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from io import TextIOWrapper
from logging.handlers import RotatingFileHandler
from pathlib import Path

import platformdirs

from app.visible import visible, visible_line

FILE_BYTES = 1_000_000
FILES = 5

_LOG = logging.getLogger(__name__)
_SECRET_NAME = re.compile(r"TOKEN|KEY|SECRET|PASS|AUTH(?!OR)|CREDENTIAL", re.IGNORECASE)
_SHORTEST_SECRET = 6
"""Characters: a shorter value of a variable is no secret, and would blacken words of ours."""
_SECRETS = (
    re.compile(r"\b(?:hf|api|ghp|gho|github_pat)_[A-Za-z0-9_]{8,}"),
    re.compile(r"\bsk-[A-Za-z0-9_-]{8,}"),
    re.compile(r"(?<=bearer )\S+|(?<=basic )[A-Za-z0-9+/=]{8,}", re.IGNORECASE),
    re.compile(r"(?:(?<=://)|(?<=:/))[^\s/@]+:[^\s/@]+(?=@)"),  # a path has one slash of "//"
    re.compile(
        r"(?<=[?&])(?:[\w-]*(?:token|key|secret|signature|credential)[\w-]*)=[^\s&\"']+", re.IGNORECASE
    ),
)
_GONE = "[secret]"
_LONGEST_ENTRY = 50_000


def log_path() -> Path:
    """Return where the log is; the older ones beside it end in .1 to .4."""
    return platformdirs.user_state_path("quorum") / "log" / "quorum.log"


def set_up(path: Path | None = None) -> None:
    """Send what is logged to the log, and nothing of it to the terminal; once, at the start of a process.

    A log that cannot be written stops nothing.
    """
    handler = _handler(path or log_path())
    root = logging.getLogger()
    for old in root.handlers[:]:
        root.removeHandler(old)
        old.close()
    root.addHandler(handler)
    root.setLevel(logging.WARNING)  # of other libraries
    logging.getLogger("app").setLevel(logging.INFO)
    logging.captureWarnings(True)
    threading.excepthook = _thread_failed


def started(version: str, arguments: Sequence[str]) -> None:
    """Note that a command begins."""
    _LOG.info("Quorum %s started: %s", version, " ".join(["quorum", *arguments]))


def unexpected(error: BaseException) -> str:
    """Log an error that nobody foresaw with its traceback; return what to tell the person.

    The text is harmless to show and has two lines.
    """
    _LOG.critical("unexpected error", exc_info=(type(error), error, error.__traceback__))
    detail = f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
    return (
        f"Unexpected error: {without_secrets(visible_line(detail, 300))}\n"
        f"This is a bug in Quorum. The log has the details: {visible_line(str(log_path()))}"
    )


def without_secrets(text: str, environment: Mapping[str, str] | None = None) -> str:
    """Return `text` without tokens, keys and passwords.

    These are the values of environment variables whose names say so, and what has their form.
    """
    values = os.environ if environment is None else environment
    secrets = {
        value
        for name, value in values.items()
        if _SECRET_NAME.search(name) and len(value) >= _SHORTEST_SECRET
    }
    for secret in sorted(secrets, key=len, reverse=True):  # one may be part of another
        text = text.replace(secret, _GONE)
    for pattern in _SECRETS:
        text = pattern.sub(_GONE, text)
    return text


class _Lines(logging.Formatter):
    """One entry: time in UTC, process, level, place, words; further lines are indented under the first."""

    converter = staticmethod(time.gmtime)
    default_time_format = "%Y-%m-%dT%H:%M:%S"
    default_msec_format = "%s.%03dZ"

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(process)d %(levelname)s %(name)s: %(message)s")

    def format(self, record: logging.LogRecord) -> str:
        """Return the entry, harmless to show and without secrets."""
        entry = visible(without_secrets(super().format(record)[:_LONGEST_ENTRY]))
        return entry.replace("\n", "\n    ")


class _File(RotatingFileHandler):
    """A rotated file that several processes write: each follows when another has moved the file away."""

    def emit(self, record: logging.LogRecord) -> None:
        """Write an entry to the file that has the name now."""
        try:
            self._follow()
        except OSError:
            return
        super().emit(record)

    def doRollover(self) -> None:
        """Move the files on by one, unless another process has just done so or is doing it."""
        with self._alone() as alone:
            self._follow()
            if alone and Path(self.baseFilename).stat().st_size >= self.maxBytes // 2:
                super().doRollover()

    def _open(self) -> TextIOWrapper:
        """Open the file for its owner alone: it holds commands and names of files."""
        stream = super()._open()
        with suppress(OSError):  # not every file system has permissions
            os.fchmod(stream.fileno(), 0o600)
        return stream

    def handleError(self, record: logging.LogRecord) -> None:
        """Leave it at that: a full disk must stop nothing, and the terminal belongs to the screens."""

    def _follow(self) -> None:
        if self.stream is None:
            return
        ours = os.fstat(self.stream.fileno())
        try:
            named = Path(self.baseFilename).stat()
        except FileNotFoundError:
            named = None
        if named is None or (named.st_dev, named.st_ino) != (ours.st_dev, ours.st_ino):
            self.stream.close()
            self.stream = None  # opened anew by the next entry
            self.stream = self._open()

    @contextmanager
    def _alone(self) -> Iterator[bool]:
        """Keep other processes from moving the files; yields whether that was possible at once."""
        with Path(f"{self.baseFilename}.lock").open("w") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                yield False
            except OSError:  # a file system without locks
                yield True
            else:
                yield True


def _handler(path: Path) -> logging.Handler:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        if path.exists() and not path.is_file():
            return logging.NullHandler()  # opening a named pipe would wait for its reader
        handler = _File(
            path, maxBytes=FILE_BYTES, backupCount=FILES - 1, encoding="utf-8", errors="backslashreplace"
        )
    except (OSError, ValueError):
        return logging.NullHandler()
    handler.setFormatter(_Lines())
    return handler


def _thread_failed(failed: threading.ExceptHookArgs) -> None:
    value = failed.exc_value or failed.exc_type()
    _LOG.critical("a thread failed", exc_info=(failed.exc_type, value, failed.exc_traceback))
