"""Read several instances of one instruction, input first or label first (Self-Instruct). Never raises."""

from __future__ import annotations

import re
from collections.abc import Sequence

from app.method.parse import ParsedBlock

_EXAMPLE = re.compile(r"^[ \t]*Example[ \t]*\d{1,4}[ \t]*[.:]?[ \t]*", re.MULTILINE)
_OUTPUT = re.compile(r"^[ \t]*Output[ \t]*\d{0,4}[ \t]*:", re.MULTILINE)
_INPUT = re.compile(r"^[ \t]*Input[ \t]*:", re.MULTILINE)
_LABEL = re.compile(r"^[ \t]*Class label[ \t]*:", re.MULTILINE)


def parse_yes(completion: str, yes_words: Sequence[str]) -> bool:
    """Say whether a completion means yes; anything but one of the words means no."""
    return completion.strip() in yes_words


def parse_input_first(completion: str) -> tuple[ParsedBlock, ...]:
    """Read a completion that goes on after "Task: …": examples, or one pair, each input before output.

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
    found = _OUTPUT.search(text)
    if found is None:
        return ParsedBlock(None, "", text.strip())
    given, output = text[: found.start()], text[found.end() :]
    another = _INPUT.search(output)
    output = output[: another.start()] if another else output
    return ParsedBlock(None, _INPUT.sub("", given, count=1).strip(), output.strip())
