"""Read raw completions: instructions, instances, whole tasks, answers. Total: no text makes it raise.

The forms are those of the prompts: a numbered list whose items end with `|EoS|`, and blocks of
`instruction:`, `input:` and `output:` lines that end with it. Values may run over many lines. Where the
reference implementation of Ensemble-Instruct reads one line per value and never reaches the blocks a
model adds on its own, everything is read here, and what cannot be used carries a reason. Further down:
whole tasks (Alpaca), instructions between tags (LaMini-LM), and several instances of one instruction,
input first or label first (Self-Instruct).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from app.method.terms import Kind, Reason, Style

END = "|EoS|"

_NUMBER = re.compile(r"\n[ \t]*\d{1,4}[ \t]?\.(?=\s|$)")
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

    Each is one line without its end mark. A completion without any text gives one empty instruction,
    so that it can be dropped by name like any other.
    """
    items = [item.split(END, 1)[0] for item in _NUMBER.split(completion)]
    texts = tuple(text for item in items if (text := " ".join(item.split())))
    return texts or ("",)


def parse_instances(completion: str, kind: Kind) -> tuple[ParsedBlock, ...]:
    """Read the blocks of a completion that continues right after "input:" (A) or "output:" (B).

    The first block is the asked one and always there; the others are what the model added. Tags count
    at the start of a line only. A tag out of order (a second output, say) ends its block and opens one
    without an instruction; text between an end mark and the next tag belongs to nothing.
    """
    opening = "input:" if kind == "A" else "output:"
    drafts = [_Draft(asked=True)]
    for line in (opening + completion).replace(END, f"\n{END}\n").split("\n"):
        if line == END:
            drafts[-1].closed = True
        else:
            _read_line(drafts, line)
    return tuple(_finished(draft) for draft in drafts)


def parse_answer(completion: str, style: Style) -> str:
    """Read an answerer's completion; a few-shot one ends where the model adds another block."""
    if style == "few-shot":
        return parse_instances(completion, "B")[0].output
    return completion.split(END, 1)[0].strip()


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
    texts = {tag: _tidy("\n".join(lines)) for tag, lines in draft.lines.items()}
    instruction = None if draft.asked else " ".join(texts.get("instruction", "").split())
    drop: Reason | None = None
    if instruction == "":
        drop = "no_instruction"
    elif "output" not in texts:
        drop = "no_output"
    return ParsedBlock(instruction, texts.get("input", ""), texts.get("output", ""), drop)


def _tidy(value: str) -> str:
    """Strip a value, but leave the indentation of several lines that begin below their tag."""
    below = _BLANK_LINES.sub("", value).rstrip()
    return below if value.lstrip(" \t").startswith("\n") and "\n" in below else below.strip()


# With its number a tag counts anywhere, because models run tasks together; without one at a line's start.
_TASK_TAG = re.compile(r"(?:(?<!\S)\d{1,3}\.[ \t]*|^[ \t]*)(Instruction|Input|Output)[ \t]*:", re.MULTILINE)
_SEPARATOR = re.compile(r"^[ \t]*###[ \t]*$", re.MULTILINE)
_TASK_ORDER = {"": -1, "Instruction": 0, "Input": 1, "Output": 2}
_LINK = re.compile(r"(?:https?://|www\.)\S+")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_TASK_NUMBER = re.compile(r"\A\d{1,3}[.)]\s+")


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
class _TaskDraft:
    texts: dict[str, str] = field(default_factory=dict)
    tag: str = ""


def parse_tasks(
    completion: str, no_input: Sequence[str] = (), no_output: Sequence[str] = ()
) -> tuple[ParsedTask, ...]:
    """Read a completion that continues after "7. Instruction:": tasks of instruction, input and output.

    A line of ### parts tasks, and so does the next instruction without one. `no_input` are the texts that
    stand for an empty input, `no_output` those that stand for no output; case, brackets and a final period
    do not matter. An input that is nothing but a link is a text nobody has: "link_input".
    """
    text = "Instruction:" + _CONTROL.sub("", completion)
    tags = list(_TASK_TAG.finditer(text))
    drafts: list[_TaskDraft] = []
    for tag, end in zip(tags, [*(following.start() for following in tags[1:]), len(text)], strict=True):
        name = tag.group(1)
        if not drafts or _TASK_ORDER[name] <= _TASK_ORDER[drafts[-1].tag]:
            drafts.append(_TaskDraft())
        drafts[-1].tag = name
        drafts[-1].texts[name] = _SEPARATOR.split(text[tag.end() : end], maxsplit=1)[0].strip()
    return tuple(_task(draft, no_input, no_output) for draft in drafts)


def parse_tagged(completion: str, open_tag: str, close_tag: str) -> tuple[tuple[str, bool], ...]:
    """Read the instructions between tags; each with whether its closing tag is there.

    An instruction whose closing tag was forgotten ends at the next one. Without any opening tag nothing is
    read.
    """
    instructions = []
    for part in completion.split(open_tag)[1:]:
        text, closed, _ = part.partition(close_tag)
        instructions.append((_TASK_NUMBER.sub("", text.strip()), bool(closed)))
    return tuple(instructions)


def parse_rewritten(completion: str) -> str:
    """Read a rewritten instruction: the completion without the quotation marks around it."""
    text = completion.strip()
    for left, right in ('""', "“”", "''"):
        if len(text) > 1 and text[0] == left and text[-1] == right and left not in text[1:-1]:
            return text[1:-1].strip()
    return text


def _task(draft: _TaskDraft, no_input: Sequence[str], no_output: Sequence[str]) -> ParsedTask:
    given, output = draft.texts.get("Input", ""), draft.texts.get("Output", "")
    given = "" if _plain(given) in map(_plain, no_input) else given
    output = "" if _plain(output) in map(_plain, no_output) else output
    drop: Reason | None = None
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


_EXAMPLE = re.compile(r"^[ \t]*Example[ \t]*\d{1,4}[ \t]*[.:]?[ \t]*", re.MULTILINE)
_OUTPUT = re.compile(r"^[ \t]*Output[ \t]*\d{0,4}[ \t]*:", re.MULTILINE)
_INPUT = re.compile(r"^[ \t]*Input[ \t]*:", re.MULTILINE)
_LABEL = re.compile(r"^[ \t]*Class label[ \t]*:", re.MULTILINE)


def parse_yes(completion: str, yes_words: Sequence[str]) -> bool:
    """Say whether a completion means yes; anything but one of the words means no."""
    return completion.strip() in yes_words


def parse_input_first(completion: str) -> tuple[ParsedBlock, ...]:
    """Read a completion that continues after "Task: …": examples, or one pair, each input before output.

    What stands before an example's "Output:" is its input, what follows it up to another "Input:" its
    output; an example without that tag is an output alone. Without examples one pair is read, and a
    completion without any output tag gives one block with the reason "no_output".
    """
    before, *examples = _EXAMPLE.split(completion)
    if not examples:
        return (_pair(before) if _OUTPUT.search(before) else ParsedBlock(None, "", "", "no_output"),)
    return tuple(_pair(example) for example in examples)


def parse_output_first(completion: str) -> tuple[ParsedBlock, ...]:
    """Read a completion of "Class label:" lines, each followed by an input that has this label.

    The label is the output. A completion without any label gives one block with the reason "no_output".
    """
    _, *labelled = _LABEL.split(completion)
    if not labelled:
        return (ParsedBlock(None, "", "", "no_output"),)
    blocks = []
    for text in labelled:
        label, _, given = text.partition("\n")
        blocks.append(ParsedBlock(None, _INPUT.sub("", given, count=1).strip(), label.strip()))
    return tuple(blocks)


def _pair(text: str) -> ParsedBlock:
    """Read one pair of input and output."""
    tag = _OUTPUT.search(text)
    if tag is None:
        return ParsedBlock(None, "", text.strip())
    given, output = text[: tag.start()], text[tag.end() :]
    another = _INPUT.search(output)
    output = output[: another.start()] if another else output
    return ParsedBlock(None, _INPUT.sub("", given, count=1).strip(), output.strip())
