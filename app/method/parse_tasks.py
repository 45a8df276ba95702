"""Read whole tasks, each an instruction with its input and its output (Alpaca). Total."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from app.method.marks import bare_input, bare_instruction, bare_value, ended
from app.method.terms import Kind, Reason

# With its number a tag counts anywhere, because models run tasks together; without one at a line's start.
_TAG = re.compile(
    # An indented hash begins a comment of a program, and no heading.
    r"(?:(?<!\S)(?P<number>\d{1,3})[.)][ \t]*"
    r"|^(?:#{1,6}[ \t]*|[ \t]*)(?:\d{1,3}[.)][ \t]*)?(?:\*\*)?)"
    r"(?P<part>Instruction|Input|Output)(?:[ \t]*\d{1,3})?(?:\*\*)?[ \t]*:(?:\*\*)?"
    # On a line of its own a tag with a number or a heading may lack its colon.
    r"|^[ \t]*(?:#{1,6}[ \t]*(?:\d{1,3}[.)][ \t]*)?|\d{1,3}[.)][ \t]*)"
    r"(?P<bare>Instruction|Input|Output)[ \t]*$",
    re.MULTILINE | re.IGNORECASE,
)
_ANSWER = re.compile(
    r"^[ \t]*(?:\d{1,3}[.)][ \t]*)?(?:\*\*)?(?:Answer|Response)(?:\*\*)?[ \t]*:(?:\*\*)?", re.MULTILINE
)
# A heading that is a number alone is the number of the next task.
_SEPARATOR = re.compile(r"^[ \t]*#{2,}[ \t]*(?:\d{1,4}[.)]?[ \t]*)?$", re.MULTILINE)
_ORDER = {"": -1, "instruction": 0, "input": 1, "output": 2}
_LINK = re.compile(r"(?:https?://|www\.)\S+")
_NUMBERED = re.compile(r"^[ \t]*(?P<number>\d{1,3})[.)][ \t]+(?=\S)", re.MULTILINE)
# A heading that asks or answers, or that counts what nobody began to count, is of a task of its own.
_HEADING = re.compile(
    r"^[ \t]*#{2,6}[ \t]*(?:(?:Question|Answer)\b[^\n:]{0,20}:|(?P<number>\d{1,3})[.)][ \t]+\S)"
    # So are a question in a list, what is asked after a gap at the end, and what announces the tasks anew.
    r"|^[ \t]*[-*•][ \t]+Question:|\n[ \t]*\n[ \t]*\n[^\n]+\?\s*\Z"
    r"|^[ \t]*(?:#{1,6}[ \t]*)?The (?:\d{1,3} tasks(?: are)?|following are examples of tasks\b[^\n]*):"
    r"[ \t]*$",
    re.MULTILINE | re.IGNORECASE,
)
# One heading alone, after a text that began without: a list of parts has several, a program's comment follows
# no sentence.
_LONE_HEADING = re.compile(r"^(?:#{2,6}|(?:(?<=[.?!]\n)|(?<=[.?!]\n\n))#)[ \t]+(?=\S)", re.MULTILINE)
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


@dataclass(frozen=True, slots=True)
class ParsedTask:
    """A whole task as a model wrote it; `drop` says why its form cannot be used, or is None."""

    instruction: str
    input: str
    output: str
    drop: Reason | None = None

    @property
    def kind(self) -> Kind:
        """A if it has an input."""
        return "A" if self.input else "B"


@dataclass(slots=True)
class _Draft:
    texts: dict[str, str] = field(default_factory=dict)
    tag: str = ""
    number: int = 0
    """That of the task, where its last tag has one."""


def parse_tasks(
    completion: str, no_input: Sequence[str] = (), no_output: Sequence[str] = ()
) -> tuple[ParsedTask, ...]:
    """Read a completion that continues after "7. Instruction:": tasks of instruction, input and output.

    A line of ### parts tasks, and so does the next instruction without one. A completion that begins its
    first instruction with a tag of its own, as chat models do, is read alike. `no_input` are the texts that
    stand for an empty input, `no_output` those that stand for no output; case, brackets and a final period do
    not matter. An input that is nothing but a link is a text nobody has: "link_input".
    """
    text = _CONTROL.sub("", ended(completion))
    tags = list(_TAG.finditer(text))
    if not (tags and _part(tags[0]) == "instruction" and _is_announcement(text[: tags[0].start()])):
        text = "Instruction:" + text
        tags = list(_TAG.finditer(text))
    drafts: list[_Draft] = []
    for tag, end in zip(tags, [*(following.start() for following in tags[1:]), len(text)], strict=True):
        part = _part(tag)
        if not drafts or _ORDER[part] <= _ORDER[drafts[-1].tag]:
            drafts.append(_Draft())
        drafts[-1].tag = part
        drafts[-1].number = int(tag["number"] or 0)
        drafts[-1].texts[part] = _SEPARATOR.split(text[tag.end() : end], maxsplit=1)[0].strip()
    return tuple(_task(draft, no_input, no_output) for draft in drafts)


def _part(tag: re.Match[str]) -> str:
    return (tag["part"] or tag["bare"]).lower()


def _is_announcement(before: str) -> bool:
    """Say whether what stands before the first tag is no instruction: nothing, hashes, or "Here are …:"."""
    said = before.strip(" \t\n#*")
    return not said or said.endswith(":")


def _task(draft: _Draft, no_input: Sequence[str], no_output: Sequence[str]) -> ParsedTask:
    texts = draft.texts if "output" in draft.texts else _with_output(draft.texts)
    given = bare_input(texts.get("input", "")).strip()
    output = _before_heading(_before_number(texts.get("output", ""), draft.number))
    output = bare_value(output).strip()
    # A model may say that there is none and give one nevertheless.
    first, _, rest = given.partition("\n")
    given = rest.strip() if _plain(first) in map(_plain, no_input) else given
    output = "" if _plain(output) in map(_plain, no_output) else output
    instruction = " ".join(bare_instruction(texts.get("instruction", "")).split())
    drop: Reason | None = None
    if not instruction:
        drop = "no_instruction"
    elif "output" not in texts:
        drop = "no_output"
    elif _LINK.fullmatch(given):
        drop = "link_input"
    return ParsedTask(instruction, given, output, drop)


def _before_number(output: str, number: int) -> str:
    """Return an output up to a line with the number of its task or of the next one, which is no list's.

    A list has the number before it too. `number` is 0 where the tag of the output has none.
    """
    if not number:
        return output
    for found in _NUMBERED.finditer(output):
        here = int(found["number"])
        before = output[: found.start()]
        listed = here == 1 or re.search(rf"^[ \t]*{here - 1}[.)]", before, re.MULTILINE)
        if here in (number, number + 1) and not listed and before.strip():
            return before
    return output


def _before_heading(output: str) -> str:
    """Return an output up to a heading of another task: "## 8. The answer is:", "#### Question: …".

    A heading with the number 1, or with one before it, counts parts of the output itself. One heading alone
    is none of its parts: "# Question for the reader".
    """
    counted = 0
    for found in _HEADING.finditer(output):
        number = int(found["number"] or 0)
        if (not number or number > counted + 1) and output[: found.start()].strip():
            return output[: found.start()]
        counted = number
    headings = list(_LONE_HEADING.finditer(output))
    if len(headings) == 1 and not counted and output[: headings[0].start()].strip():
        return output[: headings[0].start()]
    return output


def _with_output(texts: dict[str, str]) -> dict[str, str]:
    """Return the parts of a task without output, parted where an answer has a label of another name."""
    for part in ("input", "instruction"):
        if part in texts and (found := _ANSWER.search(texts[part])):
            text = texts[part]
            return texts | {part: text[: found.start()].strip(), "output": text[found.end() :].strip()}
    return texts


def _plain(text: str) -> str:
    """Return a text as the words for "none" are compared."""
    return text.strip(" \t\n<>()[].").casefold()
