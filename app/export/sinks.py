"""What takes the rows of an export and turns them into the bytes of a file.

JSON is UTF-8 without lone surrogates, no NaN, keys in their order. The line separators U+0085, U+2028 and
U+2029 are written as JSON escapes, because readers that split text into lines would cut a row there.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Sequence
from io import TextIOWrapper
from typing import Any, BinaryIO, Protocol

from app.errors import ExportError
from app.export.formats import Fields
from app.export.request import ExportRequest

_SEPARATORS = {0x85: "\\u0085", 0x2028: "\\u2028", 0x2029: "\\u2029"}
_ENCODER = json.JSONEncoder(ensure_ascii=False, allow_nan=False)


def line(fields: Fields) -> str:
    """Write fields as one line of JSON without its line end."""
    text = _ENCODER.encode(fields)
    # Only string values can hold these characters, so replacing them in the line is an escape.
    return text if text.isascii() else text.translate(_SEPARATORS)


_ROW_GROUP = 2048
"""Rows that a Parquet file holds in memory before they are written."""
_FORMULA = frozenset("=+-@\t\r＝＋－＠")
"""A cell that begins with one of these is run as a formula by some spreadsheet."""


class Sink(Protocol):
    """Takes rows in order, then is closed once; the file itself stays open."""

    def write(self, fields: Fields) -> Sequence[str]:
        """Take the next row; return the names of the fields that could not go in as they are."""

    def close(self) -> None:
        """Write what is still to be written."""


class Lines:
    """One JSON object a line."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file

    def write(self, fields: Fields) -> Sequence[str]:
        """Write the next line."""
        self._file.write((line(fields) + "\n").encode())
        return ()

    def close(self) -> None:
        """Nothing is left to write."""


class Array:
    """One JSON array, an object a line."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._before = "[\n"

    def write(self, fields: Fields) -> Sequence[str]:
        """Write the next object behind a comma."""
        self._file.write((self._before + line(fields)).encode())
        self._before = ",\n"
        return ()

    def close(self) -> None:
        """End the array."""
        self._file.write(b"[]\n" if self._before == "[\n" else b"\n]\n")


class TableSink:
    """Comma-separated values, every cell in quotes; what a spreadsheet would run gets an apostrophe."""

    def __init__(self, file: BinaryIO, columns: Sequence[str]) -> None:
        self._text = TextIOWrapper(file, encoding="utf-8", newline="", write_through=True)
        self._writer = csv.writer(self._text, quoting=csv.QUOTE_ALL, lineterminator="\n")
        self._writer.writerow(columns)

    def write(self, fields: Fields) -> Sequence[str]:
        """Write the next line of the table."""
        risky = [name for name, value in fields.items() if value.lstrip(" \n")[:1] in _FORMULA and value]
        self._writer.writerow([f"'{value}" if name in risky else value for name, value in fields.items()])
        return risky

    def close(self) -> None:
        """Let go of the file, which stays open."""
        self._text.detach()


class Parquet:
    """A Parquet file of row groups, so that memory does not grow with the rows."""

    def __init__(self, file: BinaryIO, example: Fields) -> None:
        arrow, parquet = _arrow()
        self._schema = arrow.schema([(name, _type(arrow, value)) for name, value in example.items()])
        self._writer = parquet.ParquetWriter(file, self._schema, compression="zstd")
        self._batch = arrow.RecordBatch
        self._rows: list[Fields] = []

    def write(self, fields: Fields) -> Sequence[str]:
        """Take the next row; full groups are written."""
        self._rows.append(fields)
        if len(self._rows) == _ROW_GROUP:
            self._flush()
        return ()

    def close(self) -> None:
        """Write the last group and the footer."""
        self._flush()
        self._writer.close()

    def _flush(self) -> None:
        if self._rows:
            self._writer.write_batch(self._batch.from_pylist(self._rows, schema=self._schema))
            self._rows = []


def open_sink(request: ExportRequest, file: BinaryIO) -> Sink:
    """Return the sink for what shall hold the rows. Raises ExportError where a library is missing."""
    if request.container == "array":
        return Array(file)
    if request.container == "csv":
        return TableSink(file, list(request.example()))
    if request.container == "parquet":
        return Parquet(file, request.example())
    return Lines(file)


def _type(arrow: Any, value: object) -> Any:
    """Return the Arrow type of a value of `Fields`."""
    if isinstance(value, bool):
        return arrow.bool_()
    if isinstance(value, int):
        return arrow.int64()
    if isinstance(value, list):
        return arrow.list_(_type(arrow, value[0]))
    if isinstance(value, dict):
        return arrow.struct([(name, _type(arrow, part)) for name, part in value.items()])
    return arrow.string()


def _arrow() -> tuple[Any, Any]:
    try:
        import pyarrow
        import pyarrow.parquet
    except ImportError:
        raise ExportError(
            "Parquet needs pyarrow, which is not installed.",
            "Install it with: pip install 'quorum-instruct[parquet]' — or choose another format.",
        ) from None
    return pyarrow, pyarrow.parquet
