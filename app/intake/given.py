"""Read what was made elsewhere, as JSONL: candidates of other models, and decisions.

Candidates, a task a line: `{"instruction": …, "input": …, "outputs": [{"model": …, "output": …}, …]}`. The
first output counts as the writer's; `input` may be missing. Texts are kept to the last character.

Decisions, one a line: `{"item": 142, "decision": "accept"}`; in place of the number `"id"`, or
`"instruction"` and `"input"`. `decision` is accept, choose (with the candidate's "output"), edit (with the
new "output"), reject (with a "reason" if there is one) or later; "note", "tags", "grade" (A–D) and "flag"
may accompany it or stand alone.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, cast, get_args

from app.errors import ProjectError
from app.intake import lines
from app.intake.lines import BadLine, Fault
from app.store.imported import GivenCandidates, GivenOutput
from app.store.review_state import REJECT_REASONS, Answering, Rating, tags_text

MOST_OUTPUTS = 100
"""Every pair of a line's outputs is compared."""

_FIELDS = frozenset(("instruction", "input", "outputs"))
_OUTPUT_FIELDS = frozenset(("model", "output"))
_CANDIDATES_FORM = '{"instruction": …, "input": …, "outputs": [{"model": …, "output": …}]}'


@dataclass(frozen=True, slots=True)
class GoodLine:
    """A line that can be used, with the names of the fields in it that are not read."""

    line: int
    task: GivenCandidates
    unread: frozenset[str]


def read_candidates(path: Path | str) -> Iterator[GoodLine | BadLine]:
    """Read a file line by line; raises IntakeError where the file itself cannot be read."""
    return lines.read(Path(path), _CANDIDATES_FORM, _given_task)


def _given_task(number: int, record: dict[str, Any]) -> GoodLine:
    instruction = lines.text(record, "instruction")
    if not instruction.strip():
        raise Fault("the instruction is empty", "Write what was asked.")
    outputs = _outputs(record.get("outputs"))
    unread = {*record} - _FIELDS
    for output in record["outputs"]:
        unread |= {f"outputs.{key}" for key in output.keys() - _OUTPUT_FIELDS}
    task = GivenCandidates(instruction, lines.text(record, "input", ""), outputs)
    return GoodLine(number, task, frozenset(unread))


def _outputs(given: Any) -> tuple[GivenOutput, ...]:
    """Read the outputs of a task; raises Fault."""
    if not isinstance(given, list) or not given:
        raise Fault("it has no list of outputs", f"A line looks like {_CANDIDATES_FORM}.")
    if len(given) > MOST_OUTPUTS:
        raise Fault(f"it has {len(given):,} outputs", f"At most {MOST_OUTPUTS} can be compared.")
    outputs: list[GivenOutput] = []
    for number, output in enumerate(given, start=1):
        if not isinstance(output, dict):
            raise Fault(f"output {number} is not a JSON object", 'It looks like {"model": …, "output": …}.')
        try:
            model, text = lines.text(output, "model"), lines.text(output, "output")
        except Fault as fault:
            raise Fault(f"output {number}: {fault.what}", fault.hint) from None
        if not model.strip():
            raise Fault(f"output {number} has an empty model name", "Name the model that wrote it.")
        if any(model == other.model for other in outputs):
            raise Fault(f"the model {model!r} answers twice", "Name each answer apart, for example with #2.")
        outputs.append(GivenOutput(model, text))
    return tuple(outputs)


_DECISION_FORM = '{"item": 142, "decision": "accept"}'


@dataclass(frozen=True, slots=True)
class GivenDecision:
    """A decision from a file. The item is meant by `number`, `key`, or (instruction, input) in `task`.

    `decision` is None where only a note, tags, grade or flag is given; `output` belongs to choose and edit.
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
    return lines.read(Path(path), _DECISION_FORM, _given_decision)


def _given_decision(line: int, record: dict[str, Any]) -> GivenDecision:
    number, key, task = _item(record)
    decision = _one_of(record, "decision", get_args(Answering))
    output = _text(record, "output")
    if decision in ("choose", "edit") and not (output or "").strip():
        raise Fault(f"{decision} needs an output", "Give the text of the answer.")
    grade = _one_of(record, "grade", ("A", "B", "C", "D"))
    decided = GivenDecision(
        *(line, number, key, task, cast(Answering | None, decision), output),
        *(_one_of(record, "reason", REJECT_REASONS), _text(record, "note"), _tags(record)),
        None if grade is None else Rating(cast(Literal["A", "B", "C", "D"], grade)),
        _flag(record),
    )
    if decided.reason and decision != "reject":
        raise Fault("a reason belongs to a reject", "Take it away, or reject the item.")
    if all(part is None for part in (decision, decided.note, decided.tags, grade, decided.flag)):
        raise Fault("it decides nothing", f"A line looks like {_DECISION_FORM}.")
    return decided


def _item(record: dict[str, Any]) -> tuple[int | None, str | None, tuple[str, str] | None]:
    number = record.get("item")
    if number is not None:
        if not isinstance(number, int) or isinstance(number, bool) or not 0 < number < 2**62:
            raise Fault("'item' must be the number of an item", "Review shows it as #0142.")
        return number, None, None
    if record.get("id") is not None:
        return None, lines.text(record, "id"), None
    if record.get("instruction") is None:
        raise Fault("it names no item", "Give item, id, or instruction and input.")
    return None, None, (lines.text(record, "instruction"), lines.text(record, "input", ""))


def _text(record: dict[str, Any], key: str) -> str | None:
    return None if record.get(key) is None else lines.text(record, key)


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
