"""Which instructions and instances may stay: each rule has a name, and the name is the drop reason.

The rules for instructions are those of the released Ensemble-Instruct code, which took them from
Self-Instruct; the recipe holds their figures and word lists.
"""

from __future__ import annotations

import re
import string
from collections.abc import Collection, Sequence
from functools import lru_cache

from app.method.answerable import needs_text, unfitting
from app.method.lengths import length
from app.method.loops import loops
from app.method.marks import stray
from app.method.parse import ParsedBlock
from app.method.recipe_forms import AnswerFilters
from app.method.recipe_parts import InstructionFilters
from app.method.refusals import refuses_to_do
from app.method.terms import Kind, Reason


def instruction_drop(text: str, filters: InstructionFilters, *, cut: bool = False) -> Reason | None:
    """Return why `text` may not be an instruction, or None if it may.

    `cut` says that the completion ended by length within it. Words are separated by white space, and
    characters count where a script has none;
    banned words are whole words in any case, banned starts are compared without regard to case.
    """
    words = length(text)
    if not text.strip():
        return "empty"
    if cut:
        return "cut_by_length"
    if words < filters.min_words:
        return "too_short"
    if words > filters.max_words:
        return "too_long"
    if filters.banned_words and _any_word(filters.banned_words).search(text):
        return "banned_word"
    beginning = text.lstrip()
    if any(beginning.casefold().startswith(start.casefold()) for start in filters.banned_starts):
        return "banned_start"
    if beginning[0] in string.punctuation and not filters.punctuation_start:
        return "starts_with_punctuation"
    if not beginning[0].isascii() and not filters.non_ascii_start:
        return "not_ascii_start"
    if stray(text):
        return "stray_mark"
    if refuses_to_do(text):
        return "refusal"
    return "repeats" if loops(text) else None


_WORD = re.compile(r"\w+")
_SHARED = 6
"""Words of a prompt in a row that do not get into a text by chance."""


def repeats_prompt(text: str, prompt: str) -> bool:
    """Say whether six words of a prompt, in a row, stand in a text; `prompt` is a template without a task."""
    said, asked = (_WORD.findall(part.casefold()) for part in (text, prompt))
    runs = {tuple(asked[place : place + _SHARED]) for place in range(len(asked) - _SHARED + 1)}
    return any(tuple(said[place : place + _SHARED]) in runs for place in range(len(said) - _SHARED + 1))


def instance_drop(
    kind: Kind, instruction: str, input: str, output: str, *, cut: bool = False
) -> Reason | None:
    """Return why an instance may not stay, or None if it may.

    `cut` says that the completion ended by length within it. An output that was cut stays, and so does one
    that repeats itself: its input is whole and others answer it too. One that was cut before it had any text
    goes.
    """
    if cut and not output.strip():
        return "cut_by_length"
    if kind == "A" and not input.strip():
        return "no_input"
    if kind == "B" and input.strip():
        return "unwanted_input"
    if not output.strip():
        return "empty_output"
    if output.strip() == input.strip():
        return "output_equals_input"
    if output.strip() == instruction.strip():
        return "output_equals_instruction"
    if stray(input):
        return "stray_mark"
    if input and refuses_to_do(input):
        return "refusal"
    if not input.strip() and needs_text(instruction):
        return "unanswerable"
    return "repeats" if loops(input) else None


def input_drop(instruction: str, input: str, *, cut: bool = False) -> Reason | None:
    """Return why an input that was made up for an instruction may not stay, or None if it may.

    `cut` says that the completion ended by length within it.
    """
    if cut:
        return "cut_by_length"
    if not input.strip():
        return "no_input"
    if stray(input):
        return "stray_mark"
    if refuses_to_do(input):
        return "refusal"
    if loops(input):
        return "repeats"
    return "unfitting_input" if unfitting(instruction, input) else None


def copied(input: str, output: str, shown: Collection[tuple[str, str]]) -> bool:
    """Say whether an instance is one of those `shown`, as `case_key` writes them, whatever its instruction.

    An output alone must have a few words: short answers are often right again.
    """
    key = case_key(input, output)
    return key in shown and (bool(key[0]) or len(key[1].split()) >= _COPIED)


def case_key(input: str, output: str) -> tuple[str, str]:
    """Return input and output as `copied` compares them."""
    return " ".join(input.split()).casefold(), " ".join(output.split()).casefold()


_COPIED = 4
"""Words of an output that are no chance where it has no input."""


def answer_drop(text: str, filters: AnswerFilters) -> Reason | None:
    """Return why an answer may take no part in a vote, or None.

    What repeats itself to the end may not; refusals and words that say nothing as the recipe wants it.
    """
    if loops(text):
        return "repeats"
    if stray(text):
        return "stray_mark"
    words = text.split()
    if filters.refusals and len(words) < filters.refusal_words and _any_word(filters.refusals).search(text):
        return "refusal"
    if filters.empty_words:
        bare = [word.strip(string.punctuation).casefold() for word in words]
        if all(word == "" or word in filters.empty_words for word in bare):
            return "empty_words"
    return None


def block_drop(
    block: ParsedBlock, kind: Kind, asked: str, filters: InstructionFilters, *, cut: bool = False
) -> Reason | None:
    """Return why a parsed block may not stay, or None: its form, an added instruction, its values.

    `asked` is the instruction of the prompt; only the last block of a completion can be `cut`.
    """
    if cut and not block.output:
        return "cut_by_length"
    if block.drop is not None:
        return block.drop
    if block.instruction is not None and (reason := instruction_drop(block.instruction, filters)):
        return reason
    instruction = asked if block.instruction is None else block.instruction
    return instance_drop(kind, instruction, block.input, block.output, cut=cut)


def case_drops(
    blocks: Sequence[ParsedBlock], instruction: str, most: int, *, classification: bool, cut: bool = False
) -> list[Reason | None]:
    """Return for each block why it may not stay, or None.

    The filters of Self-Instruct: the last block of a completion that was cut by length is unfinished; nothing
    ends with a colon, which announces what is not there; where one input has two outputs no block stays;
    equal blocks count once; `most` are kept, the first of them.
    """
    reasons = [_case_drop(block, instruction, classification) for block in blocks]
    if cut and blocks:
        reasons[-1] = "cut_by_length"
    if _contradict([block for block, reason in zip(blocks, reasons, strict=True) if not reason]):
        return [reason or "contradiction" for reason in reasons]
    seen: set[tuple[str, str]] = set()
    for place, block in enumerate(blocks):
        if reasons[place]:
            continue
        if (block.input, block.output) in seen:
            reasons[place] = "duplicate"
        elif len(seen) >= most:
            reasons[place] = "surplus"
        seen.add((block.input, block.output))
    return reasons


def kind_of(blocks: Sequence[ParsedBlock], reasons: Sequence[Reason | None], *, classification: bool) -> Kind:
    """Return the kind of an instruction by its instances: A if it is classification or one has an input."""
    kept = [block for block, reason in zip(blocks, reasons, strict=True) if not reason]
    return "A" if classification or any(block.input for block in kept) else "B"


def _case_drop(block: ParsedBlock, instruction: str, classification: bool) -> Reason | None:
    if block.drop is not None:
        return block.drop
    kind: Kind = "A" if classification or block.input else "B"
    reason = instance_drop(kind, instruction, block.input, block.output)
    if reason is None and (block.input.endswith(":") or block.output.endswith(":")):
        return "ends_with_colon"
    return reason


def _contradict(blocks: Sequence[ParsedBlock]) -> bool:
    """Say whether one input that is not empty has different outputs."""
    outputs: dict[str, str] = {}
    return any(
        outputs.setdefault(block.input, block.output) != block.output for block in blocks if block.input
    )


@lru_cache(maxsize=32)
def _any_word(words: tuple[str, ...]) -> re.Pattern[str]:
    """Compile a pattern that finds any of `words` as whole words."""
    return re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, words))})(?!\w)", re.IGNORECASE)
