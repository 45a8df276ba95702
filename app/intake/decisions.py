"""Read decisions that were made elsewhere: JSONL, a decision a line.

`{"item": 142, "decision": "accept"}`; in place of the number `"id"`, or `"instruction"` and `"input"`.
decision is accept, choose (with the candidate's "output"), edit (with the new "output"), reject (with a
"reason" if there is one) or later; "note", "tags", "grade" (A–D) and "flag" may stand beside it or alone.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, cast, get_args

from app.errors import ProjectError
from app.intake import jsonl
from app.intake.jsonl import BadLine, Fault
from app.store.facets import REJECT_REASONS, tags_text
from app.store.said import Answering, Rating

_FORM = '{"item": 142, "decision": "accept"}'


@dataclass(frozen=True, slots=True)
class GivenDecision:
    """A decision from a file. The item is meant by `number`, `key`, or (instruction, input) in `task`.

    `decision` is None where only something beside it is said; `output` belongs to choose and edit.
    """

    line: int
    number: int | None
    key: str | None
    task: tuple[str, str] | None
    decision: Answering | None
    output: str | None
    reason: str | None
    note: str | None
    tags: str | None
    grade: Rating | None
    flag: bool | None


def read_decisions(path: Path | str) -> Iterator[GivenDecision | BadLine]:
    """Read a file line by line; raises IntakeError where the file itself cannot be read."""
    return jsonl.read(Path(path), _FORM, _good)


def _good(line: int, record: dict[str, Any]) -> GivenDecision:
    number, key, task = _item(record)
    decision = _one_of(record, "decision", get_args(Answering))
    output = _text(record, "output")
    if decision in ("choose", "edit") and not (output or "").strip():
        raise Fault(f"{decision} needs an output", "Give the text of the answer.")
    grade = _one_of(record, "grade", ("A", "B", "C", "D"))
    found = GivenDecision(
        *(line, number, key, task, cast(Answering | None, decision), output),
        *(_one_of(record, "reason", REJECT_REASONS), _text(record, "note"), _tags(record)),
        None if grade is None else Rating(cast(Literal["A", "B", "C", "D"], grade)),
        _flag(record),
    )
    if found.reason and decision != "reject":
        raise Fault("a reason belongs to a reject", "Take it away, or reject the item.")
    if all(said is None for said in (decision, found.note, found.tags, grade, found.flag)):
        raise Fault("it decides nothing", f"A line looks like {_FORM}.")
    return found


def _item(record: dict[str, Any]) -> tuple[int | None, str | None, tuple[str, str] | None]:
    number = record.get("item")
    if number is not None:
        if not isinstance(number, int) or isinstance(number, bool) or not 0 < number < 2**62:
            raise Fault("'item' must be the number of an item", "Review shows it as #0142.")
        return number, None, None
    if record.get("id") is not None:
        return None, jsonl.text(record, "id"), None
    if record.get("instruction") is None:
        raise Fault("it names no item", "Give item, id, or instruction and input.")
    return None, None, (jsonl.text(record, "instruction"), jsonl.text(record, "input", ""))


def _text(record: dict[str, Any], key: str) -> str | None:
    return None if record.get(key) is None else jsonl.text(record, key)


def _one_of(record: dict[str, Any], key: str, allowed: tuple[str, ...]) -> str | None:
    value = _text(record, key)
    if value is not None and value not in allowed:
        raise Fault(f"{key} {value[:40]!r} is not known", f"One of {', '.join(allowed)}.")
    return value


def _tags(record: dict[str, Any]) -> str | None:
    tags = record.get("tags")
    if tags is None:
        return None
    if not isinstance(tags, list) or not all(isinstance(tag, str) for tag in tags):
        raise Fault("'tags' must be a list of texts", 'For example ["hard", "geography"].')
    try:
        return tags_text(tags)
    except ProjectError as error:
        raise Fault(error.message.rstrip("."), error.hint) from None


def _flag(record: dict[str, Any]) -> bool | None:
    flag = record.get("flag")
    if flag is not None and not isinstance(flag, bool):
        raise Fault("'flag' must be true or false", "")
    return flag
