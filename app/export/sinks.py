"""What takes the rows of an export and turns them into the bytes of a file."""

from __future__ import annotations

from typing import BinaryIO, Protocol

from app.export.encode import line
from app.export.formats.form import Fields
from app.export.request import Request


class Sink(Protocol):
    """Takes rows in order, then is closed once; the file itself stays open."""

    def write(self, fields: Fields) -> None:
        """Take the next row."""

    def close(self) -> None:
        """Write what is still to be written."""


class Lines:
    """One JSON object a line."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file

    def write(self, fields: Fields) -> None:
        """Write the next line."""
        self._file.write((line(fields) + "\n").encode())

    def close(self) -> None:
        """Nothing is left to write."""


class Array:
    """One JSON array, an object a line."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._before = "[\n"

    def write(self, fields: Fields) -> None:
        """Write the next object behind a comma."""
        self._file.write((self._before + line(fields)).encode())
        self._before = ",\n"

    def close(self) -> None:
        """End the array."""
        self._file.write(b"[]\n" if self._before == "[\n" else b"\n]\n")


def open_sink(request: Request, file: BinaryIO) -> Sink:
    """Return the sink for what shall hold the rows."""
    return Array(file) if request.container == "array" else Lines(file)
