"""Write the records that are kept of a file in its own form, each byte for byte as it came.

Lines and rows of a table keep their ends, a table its header, the items of a JSON array the white space that
stands before the first. A Parquet file keeps its schema and compression.
"""

from __future__ import annotations

import re
from typing import BinaryIO

from app.errors import IntakeError
from app.intake.containers import Container
from app.intake.lines import Line

_OPENED = re.compile(rb"\[\s*$")
_ROWS = 20_000
"""Rows of a Parquet file that are held at once."""


class Records:
    """Writes the bytes of the records that are kept, in order, with what stands before, between and after."""

    def __init__(self, out: BinaryIO, head: bytes, between: bytes, tail: bytes) -> None:
        self._out, self._before, self._between, self._tail = out, head, between, tail

    def keep(self, line: Line) -> None:
        """Write a record."""
        self._out.write(self._before + line.raw)
        self._before = self._between

    def end(self) -> None:
        """Write what follows the last record."""
        nothing_kept = self._before is not self._between
        self._out.write((self._before if nothing_kept else b"") + self._tail)


class Rows:
    """Writes the rows of a Parquet file that are kept: they are marked first, and copied at the end."""

    def __init__(self, source: BinaryIO, out: BinaryIO) -> None:
        self._source, self._out, self._kept = source, out, bytearray()

    def keep(self, line: Line) -> None:
        """Mark a row."""
        self._kept += bytes(line.number - len(self._kept))
        self._kept[line.number - 1] = 1

    def end(self) -> None:
        """Copy the marked rows."""
        import pyarrow as pa
        from pyarrow.parquet import ParquetFile, ParquetWriter

        self._source.seek(0)
        source = ParquetFile(self._source)
        self._kept += bytes(source.metadata.num_rows - len(self._kept))
        groups = source.metadata.num_row_groups
        compression = source.metadata.row_group(0).column(0).compression if groups else "SNAPPY"
        place = 0
        with ParquetWriter(self._out, source.schema_arrow, compression=compression) as target:
            for batch in source.iter_batches(batch_size=_ROWS):
                kept = self._kept[place : place + len(batch)]
                place += len(batch)
                target.write_batch(batch.filter(pa.array(map(bool, kept), pa.bool_())))


def rewritten(held: Container, name: str, source: BinaryIO, out: BinaryIO) -> Records | Rows:
    """Return what writes the kept records of `source`, recognised as `held`, to `out`.

    Raises IntakeError for a Parquet file that comes from a pipe or goes into one.
    """
    if held.what == "Parquet":
        if not (source.seekable() and out.seekable()):
            raise IntakeError(
                f"{name} is a Parquet file, which cannot go through a pipe.", "Name the file, and --out."
            )
        return Rows(source, out)
    if held.what != "JSON":
        return Records(out, held.head, b"", b"")
    if opened := _OPENED.search(held.head):
        space = opened[0][1:]
        return Records(out, held.head, b"," + (space or b" "), b"\n]\n" if b"\n" in space else b"]\n")
    return Records(out, b"", b"\n", b"\n")
