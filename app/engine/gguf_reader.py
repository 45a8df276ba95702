"""Read the metadata and tensor table of a GGUF file in pure Python, with limits on everything.

The format: https://github.com/ggml-org/ggml/blob/master/docs/gguf.md. Nothing read here is trusted: every
count and length is checked against a limit and against the size of the file before anything is allocated,
because llama.cpp aborts the process on some malformed files (so does a count that asks for all memory).
"""

from __future__ import annotations

import os
import struct
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from app.errors import ModelError
from app.visible import visible_line

MAX_PAIRS = 65_536
MAX_TENSORS = 131_072
MAX_KEY = 65_535
MAX_STRING = 2**24
MAX_ARRAY = 2**22
MAX_HEADER = 2**26
"""Bytes in front of the weights; the largest vocabularies of today take a quarter of it."""
MAX_DIMENSIONS = 4

_STRING, _ARRAY = 8, 9
_CUT = "the file is cut short: it ends inside its header."
_SCALARS = {0: "B", 1: "b", 2: "H", 3: "h", 4: "I", 5: "i", 6: "f", 7: "?", 10: "Q", 11: "q", 12: "d"}

# ggml type number → (elements per block, bytes per block), from ggml/src/ggml.c and ggml-common.h.
_BLOCKS = {
    0: (1, 4), 1: (1, 2), 2: (32, 18), 3: (32, 20), 6: (32, 22), 7: (32, 24), 8: (32, 34), 9: (32, 36),
    10: (256, 84), 11: (256, 110), 12: (256, 144), 13: (256, 176), 14: (256, 210), 15: (256, 292),
    16: (256, 66), 17: (256, 74), 18: (256, 98), 19: (256, 50), 20: (32, 18), 21: (256, 110),
    22: (256, 82), 23: (256, 136), 24: (1, 1), 25: (1, 2), 26: (1, 4), 27: (1, 8), 28: (1, 8),
    29: (256, 56), 30: (1, 2), 34: (256, 54), 35: (256, 66), 39: (32, 17), 40: (64, 36), 41: (128, 18),
}  # fmt: skip

Scalar = int | float | bool | str
Value = Scalar | list[Scalar]


@dataclass(frozen=True, slots=True)
class Tensor:
    """One row of the tensor table; `offset` is in bytes from the start of the data section."""

    name: str
    shape: tuple[int, ...]
    type: int
    offset: int

    @property
    def elements(self) -> int:
        """Number of weights."""
        count = 1
        for length in self.shape:
            count *= length
        return count

    @property
    def bytes(self) -> int | None:
        """Bytes on disk, or None for a type this table does not know."""
        block = _BLOCKS.get(self.type)
        return None if block is None else self.elements // block[0] * block[1]


@dataclass(frozen=True, slots=True)
class RawHeader:
    """What stands in front of the weights."""

    version: int
    size: int
    metadata: dict[str, Value]
    tensors: tuple[Tensor, ...]


def read_raw(path: Path) -> RawHeader:
    """Read the header of `path`; ModelError says what is wrong with the file."""
    try:
        if path.exists() and not (path.is_file() or path.is_dir()):
            raise ModelError(f"{path} is not a regular file.", "Name a .gguf file.")  # a pipe is waited for
        with path.open("rb") as file:
            return _Reader(path, file).header()
    except FileNotFoundError:
        if path.is_symlink():
            raise ModelError(
                f"{path} is a link to a file that does not exist.", "Download the model again."
            ) from None
        raise ModelError(f"{path} does not exist.", "Check the path of the model file.") from None
    except IsADirectoryError:
        raise ModelError(f"{path} is a folder.", "Name the .gguf file inside it.") from None
    except OSError as error:
        raise ModelError(f"{path} cannot be read: {error.strerror or error}.") from None


class _Reader:
    """Reads little-endian values one after the other and refuses to run past the end of the file."""

    def __init__(self, path: Path, file: BinaryIO) -> None:
        self.path = path
        self.file = file
        self.size = os.fstat(file.fileno()).st_size
        self.at = 0

    def fail(self, what: str, hint: str = "Download the file again.") -> ModelError:
        return ModelError(f"{self.path.name}: {what}", hint)

    def take(self, count: int) -> bytes:
        self.check_end(self.at + count)
        data = self.file.read(count)
        if len(data) != count:
            raise self.fail(_CUT)
        self.at += count
        return data

    def check_end(self, end: int) -> None:
        """Refuse to read up to `end`, in bytes from the start, if that cannot be right."""
        if end > self.size:
            raise self.fail(_CUT)
        if end > MAX_HEADER:
            raise self.fail(f"a header of more than {MAX_HEADER:,} bytes is not plausible.")

    def number(self, code: str) -> int:
        value: int = struct.unpack("<" + code, self.take(struct.calcsize("<" + code)))[0]
        return value

    def string(self, limit: int = MAX_STRING) -> str:
        length = self.number("Q")
        if length > limit:
            raise self.fail(f"a text of {length:,} bytes in the header is not plausible.")
        # Tokens of byte-level vocabularies need not be UTF-8; surrogates keep different bytes different.
        return self.take(length).decode("utf-8", "surrogateescape")

    def strings(self, count: int) -> list[Scalar]:
        """Read texts like `string` does, in one loop: a vocabulary and its merges have half a million."""
        read, at, end, texts = self.file.read, self.at, min(self.size, MAX_HEADER), list[Scalar]()
        self.check_end(at + count * 8)
        for _ in range(count):
            length = int.from_bytes(read(8), "little")
            at += 8 + length
            if at > end:
                self.check_end(at)
            texts.append(read(length).decode("utf-8", "surrogateescape"))
        self.at = at
        return texts

    def header(self) -> RawHeader:
        _check_magic(self, self.take(min(4, self.size)))
        version = self.number("I")
        if version & 0xFFFF == 0 and version:
            raise self.fail("the file is made for big-endian machines.", "Get the little-endian file.")
        if version not in (2, 3):
            raise self.fail(
                f"GGUF version {version} is not one that can be read (2 or 3).",
                "Convert the model again with a current llama.cpp.",
            )
        tensor_count, pair_count = self.number("Q"), self.number("Q")
        if tensor_count > MAX_TENSORS or pair_count > MAX_PAIRS:
            raise self.fail(f"{tensor_count:,} tensors and {pair_count:,} metadata keys are not plausible.")
        metadata: dict[str, Value] = {}
        for _ in range(pair_count):
            key = self.string(MAX_KEY)
            if not key or key in metadata:
                raise self.fail(f"the metadata key '{visible_line(key, 60)}' is empty or appears twice.")
            metadata[key] = self.value(self.number("I"))
        tensors = tuple(self.tensor() for _ in range(tensor_count))
        self.check_bounds(metadata, tensors)
        return RawHeader(version, self.size, metadata, tensors)

    def value(self, kind: int) -> Value:
        if kind == _ARRAY:
            return self.array()
        if kind == _STRING:
            return self.string()
        if kind not in _SCALARS:
            raise self.fail(f"a metadata value has the unknown type {kind}.")
        return self.number(_SCALARS[kind])

    def array(self) -> list[Scalar]:
        kind, count = self.number("I"), self.number("Q")
        if count > MAX_ARRAY:
            raise self.fail(f"a list of {count:,} entries in the header is not plausible.")
        if kind == _STRING:
            return self.strings(count)
        if kind not in _SCALARS:
            raise self.fail(f"a metadata list has the unknown type {kind}.")
        layout = f"<{count}{_SCALARS[kind]}"
        return list(struct.unpack(layout, self.take(struct.calcsize(layout))))

    def tensor(self) -> Tensor:
        name = self.string(MAX_KEY)
        dimensions = self.number("I")
        if not 1 <= dimensions <= MAX_DIMENSIONS:
            raise self.fail(f"a tensor with {dimensions:,} dimensions is not plausible.")
        shape = tuple(self.number("Q") for _ in range(dimensions))
        tensor = Tensor(name, shape, self.number("I"), self.number("Q"))
        if 0 in shape or tensor.elements > 2**62:
            raise self.fail(f"the shape {shape} of '{visible_line(name, 60)}' is not plausible.")
        return tensor

    def check_bounds(self, metadata: dict[str, Value], tensors: tuple[Tensor, ...]) -> None:
        """Refuse a file whose tensors reach beyond its end; llama.cpp would read past the mapping."""
        alignment = metadata.get("general.alignment", 32)
        if not isinstance(alignment, int) or alignment <= 0 or alignment & (alignment - 1):
            shown = visible_line(str(alignment)[:60])
            raise self.fail(f"an alignment of {shown!r} is not plausible.")
        start = -(-self.at // alignment) * alignment
        for tensor in tensors:
            length = tensor.bytes
            if start + tensor.offset + (length or 0) > self.size:
                missing = start + tensor.offset + (length or 0) - self.size
                raise self.fail(f"the file is cut short: at least {missing:,} bytes are missing at its end.")


def _check_magic(reader: _Reader, magic: bytes) -> None:
    """Say what a file that is not GGUF is: the usual failed downloads are named."""
    if magic == b"GGUF":
        return
    if not magic:
        raise reader.fail("the file is empty.")
    head = magic + reader.file.read(508)
    text = head.lstrip().lower()
    if text.startswith(b"version https://git-lfs"):
        raise reader.fail(
            "this is a Git LFS pointer, not the model itself.", "Run `git lfs pull` in its folder."
        )
    if text.startswith((b"<!doctype", b"<html", b"<head", b"<?xml", b"<")):
        raise reader.fail(
            "this is a web page, not a model.", "Download the file itself, not the page that shows it."
        )
    if magic in (b"lmgg", b"tjgg", b"fmgg", b"algg"):
        raise reader.fail("this is an old GGML file.", "Convert the model to GGUF with llama.cpp.")
    if magic[:2] == b"PK" or text.startswith(b"{") or head[8:9] == b"{":
        raise reader.fail(
            "this is a PyTorch or safetensors file, not GGUF.", "Look for a GGUF conversion of the model."
        )
    raise reader.fail("this is not a GGUF file: it does not begin with 'GGUF'.", "Check what was downloaded.")
