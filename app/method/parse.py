"""Read raw completions: instructions and instances. Total: no text makes it raise.

The forms are those of the prompts: a numbered list whose items end with `|EoS|`, and blocks of
`instruction:`, `input:` and `output:` lines that end with it. Values may run over many lines. Where the
reference implementation of Ensemble-Instruct reads one line per value and never reaches the blocks a
model adds on its own, everything is read here, and what cannot be used carries a reason. What models make of
the marks and labels is read like them. Whole tasks, instructions between tags and several instances of one
instruction have modules of their own.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from app.method.marks import (
    END,
    bare_input,
    bare_instruction,
    bare_value,
    ended,
    label_of,
    with_ends,
    without_preamble,
)
from app.method.terms import Kind, Reason

_NUMBER = re.compile(r"\n[ \t]*(?:#{1,4}[ \t]*|\*\*)?\d{1,4}[ \t]?[.)](?=\s|\*|$)(?:\*\*)?")
_TAG = re.compile(r"(instruction|input|output):")
_ORDER = {"": -1, "instruction": 0, "input": 1, "output": 2}
_BLANK_LINES = re.compile(r"\A(?:[^\S\n]*\n)+")


@dataclass(frozen=True, slots=True)
class ParsedBlock:
    """One instance as a model wrote it.

    `instruction` is None for the block that answers the prompt's own instruction, else the one the
    model added. `drop` says why the form of the block cannot be used ("no_instruction", "no_output"),
    or is None; whether the values make sense is for the filters to say.
    """

    instruction: str | None
    input: str
    output: str
    drop: Reason | None = None


@dataclass(slots=True)
class _Draft:
    """A block while it is read: the lines under each of its tags, and the tag that is open."""

    asked: bool
    lines: dict[str, list[str]] = field(default_factory=dict)
    tag: str = ""
    closed: bool = False


def parse_instructions(completion: str) -> tuple[str, ...]:
    """Read the instructions of a completion that continues after "9.": one, or several numbered ones.

    Each is one line without its end mark and what models put around it. An announcement before the list is
    none. A completion without any text gives one empty instruction, so that it can be dropped by name like
    any other.
    """
    items = [_one_line(item) for item in _NUMBER.split(without_preamble(completion))]
    return tuple(text for text in items if text) or ("",)


def _one_line(item: str) -> str:
    return " ".join(bare_instruction(ended(item)).split())


def parse_instances(completion: str, kind: Kind) -> tuple[ParsedBlock, ...]:
    """Read the blocks of a completion that continues right after "input:" (A) or "output:" (B).

    The first block is the asked one and always there; the others are what the model added. Tags count
    at the start of a line only. A tag out of order (a second output, say) ends its block and opens one
    without an instruction; text between an end mark and the next tag belongs to nothing. Where the block of
    an input has no tag for its output, a label that means it is read as one: "Answer:", "**Output:**".
    """
    opening = "input:" if kind == "A" else "output:"
    drafts = [_Draft(asked=True)]
    for line in (opening + with_ends(completion)).replace(END, f"\n{END}\n").split("\n"):
        if line == END:
            drafts[-1].closed = True
        else:
            _read_line(drafts, line)
    return tuple(_finished(draft) for draft in drafts)


def _read_line(drafts: list[_Draft], line: str) -> None:
    """Add one line to the last draft, or begin a new draft with it."""
    draft = drafts[-1]
    match = _TAG.match(line)
    if match is None:
        if not draft.closed:
            draft.lines[draft.tag].append(line)
        return
    tag = match.group(1)
    if draft.closed or _ORDER[tag] <= _ORDER[draft.tag]:
        draft = _Draft(asked=False)
        drafts.append(draft)
    draft.tag = tag
    draft.lines[tag] = [line[match.end() :]]


def _finished(draft: _Draft) -> ParsedBlock:
    """Turn a draft into a block, with the reason if its form cannot be used."""
    lines = draft.lines if "output" in draft.lines else _with_output(draft.lines)
    texts = {tag: _tidy(tag, "\n".join(part)) for tag, part in lines.items()}
    instruction = None if draft.asked else _one_line(texts.get("instruction", ""))
    drop: Reason | None = None
    if instruction == "":
        drop = "no_instruction"
    elif "output" not in texts:
        drop = "no_output"
    return ParsedBlock(instruction, texts.get("input", ""), texts.get("output", ""), drop)


def _with_output(lines: dict[str, list[str]]) -> dict[str, list[str]]:
    """Return the lines of a block without output, parted where its input has a label that means one."""
    given = lines.get("input", [])
    for place, line in enumerate(given):
        label = label_of(line) if place else None
        if label and label[0] == "output":
            return lines | {"input": given[:place], "output": [line[label[1] :], *given[place + 1 :]]}
    return lines


def _tidy(tag: str, value: str) -> str:
    """Strip a value, but leave the indentation of several lines that begin below their tag."""
    value = bare_input(value) if tag == "input" else bare_value(value)
    below = _BLANK_LINES.sub("", value).rstrip()
    return below if value.lstrip(" \t").startswith("\n") and "\n" in below else below.strip()
