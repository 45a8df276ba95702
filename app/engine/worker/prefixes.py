"""Computed prefixes on disk: a resumed run does not compute its worked examples again. Worker side.

A file holds what llama.cpp keeps of one sequence. Its name says what it belongs to (model file, llama.cpp,
flags and tokens) and what its content must hash to: llama.cpp ends the process on a damaged one.
"""

from __future__ import annotations

import ctypes
import hashlib
import json
import os
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

import llama_cpp

from app import atomic
from app.engine.gguf import file_version
from app.engine.settings import Settings
from app.engine.worker.loading import LoadedModel

TOTAL = 2 * 10**9
LARGEST = TOTAL // 4
WORTH_KEEPING = 2 * 10**10  # tokens times weights: a quarter of a second on one core
_FORMAT = 1


class PrefixStore:
    """Keeps the prefixes of one loaded model in `folder`, which all models and workers share."""

    def __init__(
        self, folder: Path, loaded: LoadedModel, settings: Settings, worth_keeping: int = WORTH_KEEPING
    ) -> None:
        self._folder = folder
        self._loaded = loaded
        self._worth_keeping = worth_keeping
        path = loaded.header.path
        flags = (settings.flash_attention, settings.repack, settings.gpu_layers)
        self._identity = [_FORMAT, llama_cpp.__version__, str(path), *file_version(path), *flags]

    def load(self, sequence: int, tokens: Sequence[int]) -> bool:
        """Fill an empty sequence with a kept prefix; False if there is none that can be used."""
        if not self._is_worth_keeping(tokens):
            return False
        for path in self._folder.glob(f"{self._key(tokens)}-*.state"):
            if self._read(path, sequence, tokens):
                return True
            with suppress(OSError):
                path.unlink()  # damaged, or of no use to this llama.cpp
        return False

    def save(self, sequence: int, tokens: Sequence[int]) -> None:
        """Keep a computed prefix; a full disk or a read-only folder only costs what would be saved."""
        if not self._is_worth_keeping(tokens):
            return
        size = llama_cpp.llama_state_seq_get_size(self._loaded.context, sequence)
        if not 0 < size <= LARGEST:
            return
        key = self._key(tokens)
        with suppress(OSError):
            self._folder.mkdir(parents=True, exist_ok=True)
            with atomic.beside(self._folder / key) as building:
                written = llama_cpp.llama_state_seq_save_file(
                    self._loaded.context, os.fsencode(building), sequence, _native(tokens), len(tokens)
                )
                if written == building.stat().st_size:
                    # Not forced to disk, which takes seconds: the digest tells a torn file.
                    building.replace(self._folder / f"{key}-{_digest(building)}.state")
            self._make_room()

    def _is_worth_keeping(self, tokens: Sequence[int]) -> bool:
        return len(tokens) * self._loaded.header.parameters >= self._worth_keeping

    def _key(self, tokens: Sequence[int]) -> str:
        return hashlib.sha256(json.dumps([self._identity, list(tokens)]).encode()).hexdigest()[:32]

    def _read(self, path: Path, sequence: int, tokens: Sequence[int]) -> bool:
        try:
            if path.stem.partition("-")[2] != _digest(path):
                return False
            os.utime(path)  # the one used last is removed last
        except OSError:
            return False
        tokens_read, count = (llama_cpp.llama_token * len(tokens))(), ctypes.c_size_t()
        read = llama_cpp.llama_state_seq_load_file(
            self._loaded.context, os.fsencode(path), sequence, tokens_read, len(tokens), ctypes.byref(count)
        )
        if read and list(tokens_read[: count.value]) == list(tokens):
            return True
        self._loaded.forget(sequence)
        return False

    def _make_room(self) -> None:
        """Remove the files that were not used for longest until the rest is within the limit."""
        atomic.remove_leftovers(self._folder)
        files = sorted(self._folder.glob("*.state"), key=lambda path: path.stat().st_mtime, reverse=True)
        used = 0
        for path in files:
            used += path.stat().st_size
            if used > TOTAL:
                path.unlink(missing_ok=True)


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _native(tokens: Sequence[int]) -> ctypes.Array[ctypes.c_int32]:
    return (llama_cpp.llama_token * len(tokens))(*tokens)
