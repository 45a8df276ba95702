"""Tell by its content what kind of file a file is, and read the fields of its records one after the other.

What a file is called decides only where the content does not: text is CSV if it is called so, if a separator
is named, or if its first line names the columns of a known form. Texts come as they are, to the last
character. Nothing here knows what the fields mean.
"""

from __future__ import annotations

import io
import json
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import PurePath
from typing import Any, BinaryIO, Literal

from app.errors import IntakeError
from app.intake import foreign, lines
from app.intake.lines import Fault, Line
from app.intake.table import DELIMITERS, Table
from app.intake.values import values

HEAD = 1 << 16
"""Bytes by which a file is recognised."""
_TABLES = (".csv", ".tsv", ".tab", ".psv")
_TEXTS = (".txt", ".text", ".md")
_JSON = (".json", ".jsonl", ".ndjson")

What = Literal["JSONL", "JSON", "CSV", "text", "Parquet"]


@dataclass(frozen=True, slots=True)
class Container:
    """A file that was recognised: what it is, what its records are counted in, and its records.

    `head` is what stands before the first record of a table or of an array, `columns` are the names in a
    table's header.
    """

    what: What
    unit: str
    records: Iterator[Line]
    head: bytes = b""
    columns: tuple[str, ...] = ()


def container(
    file: BinaryIO,
    name: str,
    form: str,
    *,
    known: Collection[str] = (),
    delimiter: str | None = None,
    table: bool = False,
) -> Container:
    """Recognise a file and return its records.

    `name` stands for it in messages, and its ending counts; `form` shows what a record looks like; `known`
    are names of columns by which a text is a table. `table` says that it is one. Raises IntakeError for
    what is no file of records, with what to do.
    """
    with lines.reading(name):
        head = file.read(HEAD)
    if file.seekable():
        file.seek(-len(head), io.SEEK_CUR)
    else:
        file = io.BufferedReader(_Again(head, file))
    foreign.check(head, name)
    if head.startswith(b"PAR1"):
        return Container("Parquet", "row", _parquet(file, name))
    text = lines.without_mark(name, head)
    ending = PurePath(name).suffix.lower()
    if delimiter or table or ending in _TABLES or _names_columns(text, ending, known):
        rows = Table(file, name, head, delimiter, lines.LONGEST_LINE)
        return Container("CSV", "line", iter(rows), rows.head, tuple(rows.header))
    first = text.lstrip()
    items = first[1:].lstrip()
    if first[:1] == b"[" and (ending not in _TEXTS or items[:1] == b"{"):
        opening = head[: len(head) - len(items)]
        return Container("JSON", "item", values(file, name, form, lines.LONGEST_LINE), opening)
    if first[:1] == b"{" and _one_object(first):
        return Container("JSON", "item", values(file, name, form, lines.LONGEST_LINE))
    if ending in _JSON or _object(first) or (first[:1] == b"{" and ending not in _TEXTS):
        return Container("JSONL", "line", lines.records(file, name, form, lines.LONGEST_LINE))
    return Container("text", "line", _texts(file, name))


def _names_columns(text: bytes, ending: str, known: Collection[str]) -> bool:
    """Say whether a text that is not called CSV is: by `sep=`, or a first line of known columns."""
    first = text.split(b"\n", 1)[0].decode("utf-8", "replace").strip()
    if first.lower().startswith("sep="):
        return True
    if ending in _JSON or first[:1] in ("{", "["):
        return False
    for delimiter in DELIMITERS:
        names = [name.strip(' "').casefold() for name in first.split(delimiter)]
        if len(names) > 1 and sum(name in known for name in names) > 1:
            return True
    return False


def _one_object(text: bytes) -> bool:
    """Say whether an object goes over several lines: its first is incomplete, the next begins no other."""
    first, _, rest = text.partition(b"\n")
    return bool(rest) and first.rstrip()[-1:] in b"{[," and rest.lstrip()[:1] not in (b"{", b"")


def _object(text: bytes) -> bool:
    """Say whether the first line is a JSON object."""
    if text[:1] != b"{":
        return False
    try:
        return isinstance(json.loads(text.split(b"\n", 1)[0]), dict)
    except (ValueError, RecursionError):
        return False


def _texts(file: BinaryIO, name: str) -> Iterator[Line]:
    """Yield the lines of a text that are not blank, each an instruction."""
    end = 0
    for number, raw in lines.numbered(file, name, lines.LONGEST_LINE):
        end += len(raw)
        content = lines.without_mark(name, raw) if number == 1 else raw
        try:
            if len(raw) > lines.LONGEST_LINE:
                raise lines.too_long(lines.LONGEST_LINE)
            text = lines.decoded(content).strip()
        except Fault as fault:
            yield Line(number, fault, raw, end)
            continue
        if text:
            yield Line(number, {"instruction": text}, raw, end)


def _parquet(file: BinaryIO, name: str) -> Iterator[Line]:
    """Yield the rows of a Parquet file; raises IntakeError without pyarrow."""
    try:
        from pyarrow import ArrowException
        from pyarrow.parquet import ParquetFile
    except ImportError:
        raise IntakeError(
            f"{name} is a Parquet file, and reading one needs pyarrow.",
            "Install it with: pip install 'quorum-instruct[parquet]' — or save the file as JSONL.",
        ) from None
    number = 0
    try:
        source = ParquetFile(io.BytesIO(file.read()) if not file.seekable() else file)
        for batch in source.iter_batches(batch_size=500):
            for row in batch.to_pylist():
                number += 1
                yield Line(number, row, b"", number)
    except (ArrowException, OSError, ValueError) as error:
        raise IntakeError(f"{name} is no usable Parquet file: {error}.") from None


class _Again(io.RawIOBase):
    """A file whose beginning was read, read from there again: a pipe cannot go back."""

    def __init__(self, head: bytes, file: BinaryIO) -> None:
        self._head, self._file = head, file

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        part = self._head[: len(buffer)] or self._file.read(len(buffer))
        self._head = self._head[len(part) :]
        buffer[: len(part)] = part
        return len(part)
