"""Read several instances of one instruction, input first or label first (Self-Instruct). Total."""

from __future__ import annotations

import re
from collections.abc import Sequence

from app.method.marks import bare_input, bare_value, ended
from app.method.parse import ParsedBlock

_LEAD = r"^[ \t]*(?:#{1,6}[ \t]*)?(?:\d{1,3}[.)][ \t]*)?(?:\*\*)?"
_TAIL = r"(?:[ \t]*\d{1,4})?(?:\*\*)?[ \t]*:(?:\*\*)?[ \t]*"
_LINES = re.MULTILINE | re.IGNORECASE
_EXAMPLE = re.compile(
    r"^[ \t]*(?:#{1,6}[ \t]*)?(?:\*\*)?Example[ \t]*\d{1,4}(?:\*\*)?[ \t]*[.:]?(?:\*\*)?[ \t]*", _LINES
)
_OUTPUT = re.compile(_LEAD + r"Output" + _TAIL, _LINES)
_ANSWER = re.compile(_LEAD + r"(?:Answer|Response)" + _TAIL, _LINES)
_INPUT = re.compile(_LEAD + r"Input" + _TAIL, _LINES)
_LABEL = re.compile(_LEAD + r"Class label" + _TAIL, _LINES)
_TASK = re.compile(_LEAD + r"(?:Task|Instruction)" + _TAIL, _LINES)


def parse_yes(completion: str, yes_words: Sequence[str]) -> bool:
    """Say whether a completion means yes: one of the words, bold or with a period or not, and no more."""
    return completion.strip().strip('*.!"') in yes_words


def parse_input_first(completion: str) -> tuple[ParsedBlock, ...]:
    """Read a completion that continues after "Task: …": examples, or one pair, each input before output.

    What stands before an example's "Output:" is its input, what follows it up to another "Input:" its
    output; an answer under another name counts where there is no such tag. A pair before the first example is
    one too. What has no output tag, an example or all of the completion, has the reason "no_output". Another
    task ends the completion.
    """
    before, *examples = _EXAMPLE.split(_TASK.split(ended(completion), maxsplit=1)[0])
    first = [before] if not examples or _output(before) else []
    return tuple(_pair(example) for example in [*first, *examples])


def parse_output_first(completion: str) -> tuple[ParsedBlock, ...]:
    """Read a completion of "Class label:" lines, each followed by an input that has this label.

    The label is the output. A completion without any label gives one block with the reason "no_output".
    """
    _, *labelled = _LABEL.split(_TASK.split(ended(completion), maxsplit=1)[0])
    if not labelled:
        return (ParsedBlock(None, "", "", "no_output"),)
    blocks = []
    for text in labelled:
        label, _, given = text.partition("\n")
        blocks.append(ParsedBlock(None, bare_input(given).strip(), bare_value(label).strip()))
    return tuple(blocks)


def _output(text: str) -> re.Match[str] | None:
    return _OUTPUT.search(text) or _ANSWER.search(text)


def _pair(text: str) -> ParsedBlock:
    """Read one pair of input and output."""
    tag = _output(text)
    if tag is None:
        return ParsedBlock(None, "", "", "no_output")
    output = text[tag.end() :]
    for pattern in (_INPUT, _OUTPUT):
        if another := pattern.search(output):
            output = output[: another.start()]
    given = bare_input(text[: tag.start()].strip())
    return ParsedBlock(None, given.strip(), bare_value(output).strip())
