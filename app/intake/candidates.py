"""Read candidates that exist already: tasks with the answers that models gave elsewhere.

The form is JSONL, a task a line: `{"instruction": …, "input": …, "outputs": [{"model": …, "output": …}, …]}`.
The first output counts as the writer's; `input` may be missing. Texts are kept to the last character.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from app.intake import jsonl
from app.intake.jsonl import BadLine, Fault
from app.store.imported import GivenCandidates, GivenOutput

MOST_OUTPUTS = 100
"""Every pair of a line's outputs is compared."""

_FIELDS = frozenset(("instruction", "input", "outputs"))
_OUTPUT_FIELDS = frozenset(("model", "output"))
_FORM = '{"instruction": …, "input": …, "outputs": [{"model": …, "output": …}]}'


@dataclass(frozen=True, slots=True)
class GoodLine:
    """A line that can be used, with the names of the fields in it that are not read."""

    line: int
    task: GivenCandidates
    unread: frozenset[str]


def read_candidates(path: Path | str) -> Iterator[GoodLine | BadLine]:
    """Read a file line by line; raises IntakeError where the file itself cannot be read."""
    return jsonl.read(Path(path), _FORM, _good)


def _good(number: int, record: dict[str, Any]) -> GoodLine:
    instruction = jsonl.text(record, "instruction")
    if not instruction.strip():
        raise Fault("the instruction is empty", "Write what was asked.")
    outputs = _outputs(record.get("outputs"))
    unread = {*record} - _FIELDS
    for output in record["outputs"]:
        unread |= {f"outputs.{key}" for key in output.keys() - _OUTPUT_FIELDS}
    task = GivenCandidates(instruction, jsonl.text(record, "input", ""), outputs)
    return GoodLine(number, task, frozenset(unread))


def _outputs(given: Any) -> tuple[GivenOutput, ...]:
    """Read the outputs of a task; raises Fault."""
    if not isinstance(given, list) or not given:
        raise Fault("it has no list of outputs", f"A line looks like {_FORM}.")
    if len(given) > MOST_OUTPUTS:
        raise Fault(f"it has {len(given):,} outputs", f"At most {MOST_OUTPUTS} can be compared.")
    found: list[GivenOutput] = []
    for number, output in enumerate(given, start=1):
        if not isinstance(output, dict):
            raise Fault(f"output {number} is no JSON object", 'It looks like {"model": …, "output": …}.')
        try:
            model, text = jsonl.text(output, "model"), jsonl.text(output, "output")
        except Fault as fault:
            raise Fault(f"output {number}: {fault.what}", fault.hint) from None
        if not model.strip():
            raise Fault(f"output {number} has an empty model name", "Name the model that wrote it.")
        if any(model == other.model for other in found):
            raise Fault(f"the model {model!r} answers twice", "Name each answer apart, for example with #2.")
        found.append(GivenOutput(model, text))
    return tuple(found)
