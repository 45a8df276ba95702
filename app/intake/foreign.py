"""Files that are known for what they are and hold no tasks: each named, with what to do."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import PurePath

from app.errors import IntakeError


@dataclass(frozen=True, slots=True)
class Foreign:
    """A type of file that is not read: how it begins, what it is called, what to do."""

    begins: bytes
    what: str
    hint: str


_UNPACK = "Unpack it and give the file inside."
_EXPORT = "Save the sheet as CSV UTF-8 and give that file."
FOREIGN = (
    Foreign(b"\x1f\x8b", "a gzip archive", _UNPACK),
    Foreign(b"BZh", "a bzip2 archive", _UNPACK),
    Foreign(b"\xfd7zXZ\0", "an xz archive", _UNPACK),
    Foreign(b"\x28\xb5\x2f\xfd", "a Zstandard archive", _UNPACK),
    Foreign(b"7z\xbc\xaf\x27\x1c", "a 7-Zip archive", _UNPACK),
    Foreign(b"Rar!", "a RAR archive", _UNPACK),
    Foreign(b"PK\x03\x04", "a ZIP archive", _UNPACK),
    Foreign(b"PK\x05\x06", "an empty ZIP archive", "Give the file it was made of."),
    Foreign(b"\xd0\xcf\x11\xe0", "an old Office document", _EXPORT),
    Foreign(b"GGUF", "a GGUF model", "Models are named with --writer and --answerer of `quorum run`."),
    Foreign(b"%PDF", "a PDF document", "Copy its tasks into a text file, one a line."),
    Foreign(
        b"SQLite format 3\0",
        "an SQLite database",
        "From a project, `quorum export PROJECT answers.jsonl --what candidates` writes a file to import.",
    ),
    Foreign(b"ARROW1", "an Arrow file", "Save it as Parquet or JSONL."),
    Foreign(b"\xff\xff\xff\xff", "an Arrow stream", "Save it as Parquet or JSONL."),
    Foreign(b"\x89HDF", "an HDF5 file", "Save it as Parquet or JSONL."),
    Foreign(b"\x80\x04", "a Python pickle", "Save it as JSONL: a pickle can run code when it is read."),
    Foreign(b"\x89PNG", "a PNG picture", "Give a file of texts."),
    Foreign(b"\xff\xd8\xff", "a JPEG picture", "Give a file of texts."),
    Foreign(b"{\\rtf", "an RTF document", "Save it as plain text, one task a line."),
    Foreign(b"<!DOCTYPE html", "a web page", "Download the file itself, not the page that shows it."),
    Foreign(b"<html", "a web page", "Download the file itself, not the page that shows it."),
    Foreign(
        b"version https://git-lfs", "a pointer of Git LFS", "Fetch the file it stands for: git lfs pull."
    ),
)
"""By the bytes at the beginning."""

_ZIPPED = {
    ".xlsx": ("an Excel workbook", _EXPORT),
    ".ods": ("an OpenDocument spreadsheet", _EXPORT),
    ".docx": ("a Word document", "Save it as plain text, one task a line."),
    ".odt": ("an OpenDocument text", "Save it as plain text, one task a line."),
    ".npz": ("a NumPy archive", "Save it as JSONL."),
}
"""What a ZIP archive is by its ending, or, for workbooks and documents, by what lies in it."""

_BY_ENDING = {".yaml": "a YAML file", ".yml": "a YAML file", ".toml": "a TOML file", ".xml": "an XML file"}
"""Texts that would be taken for one task a line."""


def check(head: bytes, name: str) -> None:
    """Raise IntakeError for a file that is known to be something else; `head` is how it begins."""
    if text := _BY_ENDING.get(PurePath(name).suffix.lower()):
        raise IntakeError(f"{name} is {text}.", "Save its tasks as JSONL, one a line.")
    for known in FOREIGN:
        if head[: len(known.begins)].lower() == known.begins.lower():
            what, hint = known.what, known.hint
            if known.begins == b"PK\x03\x04":
                what, hint = _zipped(head, name)
            raise IntakeError(f"{name} is {what}.", hint)


def _zipped(head: bytes, name: str) -> tuple[str, str]:
    ending = PurePath(name).suffix.lower()
    if ending not in _ZIPPED and b"[Content_Types].xml" in head:
        ending = ".docx" if b"word/" in head else ".xlsx"
    return _ZIPPED.get(ending, ("a ZIP archive", _UNPACK))
