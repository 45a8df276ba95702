"""Read whole tasks, and instructions between tags, out of a completion. Total: never raises."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from app.method.kinds import Kind

# With its number a tag counts anywhere, because models run tasks together; without one at a line's start.
_TAG = re.compile(r"(?:(?<!\S)\d{1,3}\.[ \t]*|^[ \t]*)(Instruction|Input|Output)[ \t]*:", re.MULTILINE)
_SEPARATOR = re.compile(r"^[ \t]*###[ \t]*$", re.MULTILINE)
_ORDER = {"": -1, "Instruction": 0, "Input": 1, "Output": 2}
_LINK = re.compile(r"(?:https?://|www\.)\S+")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_NUMBER = re.compile(r"\A\d{1,3}[.)]\s+")


@dataclass(frozen=True, slots=True)
class ParsedTask:
    """A whole task as a model wrote it; `drop` says why its form cannot be used, or is None."""

    instruction: str
    input: str
    output: str
    drop: str | None = None

    @property
    def kind(self) -> Kind:
        """A if it has an input."""
        return "A" if self.input else "B"


@dataclass(slots=True)
class _Draft:
    texts: dict[str, str] = field(default_factory=dict)
    tag: str = ""


def parse_tasks(
    completion: str, no_input: Sequence[str] = (), no_output: Sequence[str] = ()
) -> tuple[ParsedTask, ...]:
    """Read a completion that goes on after "7. Instruction:": tasks of instruction, input and output.

    A line of ### parts tasks, and so does the next instruction without one. `no_input` are the texts that
    stand for an empty input, `no_output` those that stand for no output; case, brackets and a final period
    do not matter. An input that is nothing but a link is a text nobody has: "link_input".
    """
    text = "Instruction:" + _CONTROL.sub("", completion)
    tags = list(_TAG.finditer(text))
    drafts: list[_Draft] = []
    for tag, end in zip(tags, [*(one.start() for one in tags[1:]), len(text)], strict=True):
        name = tag.group(1)
        if not drafts or _ORDER[name] <= _ORDER[drafts[-1].tag]:
            drafts.append(_Draft())
        drafts[-1].tag = name
        drafts[-1].texts[name] = _SEPARATOR.split(text[tag.end() : end], maxsplit=1)[0].strip()
    return tuple(_task(draft, no_input, no_output) for draft in drafts)


def parse_tagged(completion: str, open_tag: str, close_tag: str) -> tuple[tuple[str, bool], ...]:
    """Read the instructions between tags; each with whether its closing tag is there.

    An instruction whose closing tag was forgotten ends at the next one. Without any opening tag nothing is
    read.
    """
    found = []
    for part in completion.split(open_tag)[1:]:
        text, closed, _ = part.partition(close_tag)
        found.append((_NUMBER.sub("", text.strip()), bool(closed)))
    return tuple(found)


def parse_rewritten(completion: str) -> str:
    """Read a rewritten instruction: the completion without the quotation marks around it."""
    text = completion.strip()
    for left, right in ('""', "“”", "''"):
        if len(text) > 1 and text[0] == left and text[-1] == right and left not in text[1:-1]:
            return text[1:-1].strip()
    return text


def _task(draft: _Draft, no_input: Sequence[str], no_output: Sequence[str]) -> ParsedTask:
    given, output = draft.texts.get("Input", ""), draft.texts.get("Output", "")
    given = "" if _plain(given) in map(_plain, no_input) else given
    output = "" if _plain(output) in map(_plain, no_output) else output
    drop = None
    if "Instruction" not in draft.texts:
        drop = "no_instruction"
    elif "Output" not in draft.texts:
        drop = "no_output"
    elif _LINK.fullmatch(given):
        drop = "link_input"
    return ParsedTask(" ".join(draft.texts.get("Instruction", "").split()), given, output, drop)


def _plain(text: str) -> str:
    """Return a text as the words for "none" are compared."""
    return text.strip(" \t\n<>()[].").casefold()
