"""Download a model file from the Hugging Face Hub. The one module that knows its client.

Import it where it is needed only: the client takes a noticeable part of a second. Its own download keeps no
partial file when it is stopped, so here the client finds the file and transfers the bytes, and the partial
file next to the target is ours: the same command resumes where it was stopped.
"""

from __future__ import annotations

import errno
import fcntl
import hashlib
import os
import re
import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import IO, BinaryIO, cast
from urllib.parse import urlsplit

from httpx2 import HTTPError
from huggingface_hub import HfFileMetadata, get_hf_file_metadata, hf_hub_url, try_to_load_from_cache
from huggingface_hub.constants import ENDPOINT
from huggingface_hub.errors import (
    EntryNotFoundError,
    GatedRepoError,
    HfHubHTTPError,
    HFValidationError,
    OfflineModeIsEnabled,
    RepositoryNotFoundError,
)
from huggingface_hub.file_download import http_get
from huggingface_hub.utils import build_hf_headers, disable_progress_bars, logging

from app import atomic
from app.errors import ModelError

LARGEST = 50 * 10**9
RESUME_HINT = "Run the same command again to resume."

Progress = Callable[[int, int], None]
"""Called with the bytes present and the bytes there will be."""


def pull(repository: str, file: str, folder: Path, progress: Progress) -> Path:
    """Download `file` of `repository` into `folder` and return its path; ModelError says what went wrong.

    A file that already exists is left as it is. The download is checked against the Hub's SHA-256. The
    token of a user who is logged in is used, none is needed for open models.
    """
    if PurePosixPath(file).suffix.lower() != ".gguf" or ".." in PurePosixPath(file).parts:
        raise ModelError(f"{file} is not a GGUF file.", "Name a file that ends in .gguf.")
    target = folder / PurePosixPath(file).name
    if target.exists():
        raise ModelError(f"{target} already exists.", "Move it away, or use another folder: --to FOLDER.")
    disable_progress_bars()
    logging.set_verbosity_error()  # type: ignore[no-untyped-call]
    with _explained(repository, file):
        facts = _ask(repository, file)
        partial = folder / f".{target.name}.{_tag(facts)}.part"
        folder.mkdir(parents=True, exist_ok=True)
        with _locked(partial) as output:
            if output.tell() > (facts.size or 0):
                output.seek(0)  # no part of this file
                output.truncate()
            _check_room(folder, facts, output)
            _transfer(facts, output, progress)
            _check_digest(facts, partial)
            atomic.place(partial, target)
    return target


def pull_all(wanted: Sequence[tuple[str, str]], folder: Path, progress: Progress) -> list[Path]:
    """Download several (repository, file) one after the other, as `pull` does; return their paths.

    `progress` is told the bytes of all of them together. Their sizes are asked for first, so that a name
    that does not exist is an error before anything is sent.
    """
    sizes = []
    for repository, file in wanted:
        with _explained(repository, file):
            sizes.append(_ask(repository, file).size or 0)
    paths, before = [], 0
    for (repository, file), size in zip(wanted, sizes, strict=True):

        def told(present: int, _size: int, before: int = before) -> None:
            progress(before + present, sum(sizes))

        paths.append(pull(repository, file, folder, told))
        before += size
    return paths


def cached(repository: str, file: str) -> Path | None:
    """Return where the Hugging Face cache already has this file, or None."""
    try:
        known = try_to_load_from_cache(repository, file)
    except ValueError:  # no repository or file can have such a name
        return None
    return Path(known) if isinstance(known, str) else None


def _ask(repository: str, file: str) -> HfFileMetadata:
    facts = get_hf_file_metadata(hf_hub_url(repository, file))
    if facts.etag is None or facts.size is None:
        raise ModelError("The server does not answer as a Hugging Face Hub does.", "Look at HF_ENDPOINT.")
    if facts.size > LARGEST:
        raise ModelError(
            f"{file} is larger than 50 GB, more than the Hub sends in one piece.",
            f"Get it with: hf download {repository} {file}",
        )
    return facts


def _tag(facts: HfFileMetadata) -> str:
    """Return what distinguishes this version of the file from others, as a part of a file name."""
    return re.sub(r"[^0-9A-Za-z]", "", facts.etag or "")[:16]


@contextmanager
def _locked(partial: Path) -> Iterator[BinaryIO]:
    """Open the partial file to be gone on with, for one process at a time; one without content goes again."""
    with partial.open("ab") as output:
        try:
            fcntl.flock(output, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise ModelError("Another process is downloading this file.", "Wait for it to end.") from None
        except OSError:
            pass  # a file system without locks
        try:
            yield cast("BinaryIO", output)
        finally:
            if partial.exists() and not partial.stat().st_size:
                partial.unlink()


def _check_room(folder: Path, facts: HfFileMetadata, output: BinaryIO) -> None:
    missing, free = (facts.size or 0) - output.tell(), shutil.disk_usage(folder).free
    if missing > free:
        raise ModelError(
            f"The disk is too full: {missing / 1e9:.1f} GB are to come and {free / 1e9:.1f} GB are free.",
            "Make room, or use another folder: --to FOLDER.",
        )


class _Counted:
    """A file that reports how much it holds after every write."""

    def __init__(self, output: BinaryIO, size: int, progress: Progress) -> None:
        self._output = output
        self._size = size
        self._progress = progress
        progress(output.tell(), size)

    def write(self, data: bytes) -> int:
        """Write and tell."""
        count = self._output.write(data)
        self._progress(self._output.tell(), self._size)
        return count

    def __getattr__(self, name: str) -> object:
        return getattr(self._output, name)


def _transfer(facts: HfFileMetadata, output: BinaryIO, progress: Progress) -> None:
    headers = build_hf_headers() | {"Accept-Encoding": "identity"}
    if urlsplit(facts.location).hostname != urlsplit(ENDPOINT).hostname:
        headers.pop("authorization", None)  # a signed address of a store: the token is not for it
    counted = _Counted(output, facts.size or 0, progress)
    http_get(
        facts.location,
        cast("IO[bytes]", counted),  # type: ignore[arg-type]
        resume_size=output.tell(),
        headers=headers,
        expected_size=facts.size,
    )
    output.flush()
    os.fsync(output.fileno())


def _check_digest(facts: HfFileMetadata, partial: Path) -> None:
    """Compare with the Hub's SHA-256, which large files have as their tag; a wrong file is removed."""
    if re.fullmatch(r"[0-9a-f]{64}", facts.etag or ""):
        with partial.open("rb") as file:
            right = hashlib.file_digest(file, "sha256").hexdigest() == facts.etag
        if not right:
            partial.unlink()
            raise ModelError("The download arrived damaged and was removed.", "Try again.")


@contextmanager
def _explained(repository: str, file: str) -> Iterator[None]:
    """Turn what the client and the system raise into one clear message."""
    page = f"{ENDPOINT}/{repository}"
    try:
        yield
    except GatedRepoError:
        raise ModelError(
            f"{repository} is gated: its owner wants you to agree to something first.",
            f"Agree on {page}, then log in with `hf auth login` or set HF_TOKEN.",
        ) from None
    except RepositoryNotFoundError:
        raise ModelError(
            f"There is no repository {repository} on the Hub, or it is private.", "Check owner and name."
        ) from None
    except EntryNotFoundError:
        raise ModelError(
            f"{repository} has no file {file}.", f"{page}/tree/main lists what it has."
        ) from None
    except HFValidationError:
        raise ModelError(f"{repository} names no repository.", "A name looks like owner/name.") from None
    except OfflineModeIsEnabled:
        raise ModelError("HF_HUB_OFFLINE is set, so nothing is downloaded.", "Unset it.") from None
    except HfHubHTTPError as error:
        raise ModelError(f"The Hub refuses: {error.response.status_code}.", "Try again later.") from None
    except HTTPError as error:
        reason = str(error) or type(error).__name__
        raise ModelError(f"The connection to {ENDPOINT} failed: {reason}.", RESUME_HINT) from None
    except OSError as error:
        if error.errno == errno.ENOSPC:
            raise ModelError("The disk is full.", f"Make room. {RESUME_HINT}") from None
        raise ModelError(f"The download failed: {error.strerror or error}.", RESUME_HINT) from None
