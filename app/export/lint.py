"""What looks wrong with rows before they are written: named checks, each a warning. Pure.

A check says where a person should look, never what is left out; all of them miss some and may hit a
row that is right (a code listing may well end with a comma).
"""

from __future__ import annotations

import re
from array import array
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from app.method.novelty import near_pairs
from app.method.recipe_parts import NEAR_DUPLICATE
from app.store.views import ExportRow

CHECKS: dict[str, str] = {
    "short": "output is empty or one character",
    "echo": "output equals the input",
    "merged": "output continues with another task",
    "leaked": "words or tags of a prompt in the output",
    "truncated": "output was cut or breaks off",
    "refusal": "output refuses",
    "missing": "asks for a link or an image that is not there",
    "hidden": "non-printing characters",
    "long": "very long",
    "duplicate": "same task as another but for case and blanks",
    "near-duplicate": "instruction nearly the same as another",
}
"""Each check with what it finds, in words."""

LONG = 8000
"""Characters of a whole row; about 2,000 tokens of English."""
NEAR_LIMIT = 20_000
"""Over so many instructions near-duplicates are not looked for: every pair would be compared."""

_MERGED = re.compile(
    r"\n\s*(?:#+ *|\*\* *)?(?:\d+[.)] *)?(?:Instruction|Task|Input|Output|Example|Question|Response)"
    r"(?: *\d+)? *(?:\*\*)? *:",
    re.IGNORECASE,
)
_LEAKED = re.compile(
    r"<\|[a-z_ ]{2,24}\|>|</?s>|\[/?INST\]|<</?SYS>>|</?(?:think|example|instruction|input|output)>"
    r"|<(?:start|end)_of_turn>|### ?(?:Instruction|Response|Input)|Below is an instruction",
    re.IGNORECASE,
)
_LABEL = re.compile(r"(?:Instruction|Input|Output|Response) *:", re.IGNORECASE)
_OPENERS = frozenset(",([{")
_GOES_ON = frozenset(
    (
        *("a", "an", "and", "are", "as", "because", "by", "for", "from", "in", "is", "it's", "its", "of"),
        *("or", "that", "the", "their", "to", "which", "with"),
    )
)
"""Words that no sentence ends with."""
_REFUSAL = re.compile(
    r"(?:\bI(?:['’]m| am) (?:sorry|unable|not able)\b|\bI (?:cannot|can['’]?t|can not|won['’]?t)\b"
    r"|\bAs an? (?:AI|artificial|(?:large )?language model)\b|^Sorry,|\bnot able to (?:assist|help)\b)",
    re.IGNORECASE,
)
# Every text that the exact expressions find has one of these: a quick look first, row by row.
_REFUSING = ("sorry", "able", "i can", "i won", "as a")
_SHOWN = (
    *("image", "picture", "photo", "video", "audio", "screenshot"),
    *("attachment", "url", "link", "site", "page"),
)
_WANTS = re.compile(
    r"\b(?:this|these|the|attached|following|given|above|below|provided)(?: \w+)?"
    r" (?:images?|pictures?|photos?|photographs?|videos?|audio|screenshots?|attachments?|urls?|links?"
    r"|web ?(?:site|page)s?)\b",
    re.IGNORECASE,
)
_LINK = re.compile(r"\s*(?:https?://|www\.)\S+\s*")
# Controls but for tab and line ends, invisible and direction marks, and the replacement character.
_HIDDEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u00ad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff"
    "\ufff9-\ufffd\U000e0000-\U000e007f]"
)
_HEAD = 200


def faults(row: ExportRow) -> list[str]:
    """Name the checks that a row alone does not pass."""
    instruction, input, output = row.instruction, row.input, row.output
    text = output.strip()
    if len(text) < 2:
        return ["short"]
    warnings = []
    if text == input.strip():
        warnings.append("echo")
    if "\n" in text and _MERGED.search(output):
        warnings.append("merged")
    tagged = "<" in text or "[" in text or "#" in text or "elow is" in text
    if _LABEL.match(text) or (tagged and _LEAKED.search(text)):
        warnings.append("leaked")
    if row.cut or _breaks_off(text):
        warnings.append("truncated")
    head = text[:_HEAD].lower()
    if _has(head, _REFUSING) and _REFUSAL.search(head):
        warnings.append("refusal")
    if (
        (not input or _LINK.fullmatch(input))
        and _has(instruction.lower(), _SHOWN)
        and _WANTS.search(instruction)
    ):
        warnings.append("missing")
    whole = instruction + input + output
    if _hidden(whole):
        warnings.append("hidden")
    if len(whole) > LONG:
        warnings.append("long")
    return warnings


def _has(text: str, words: tuple[str, ...]) -> bool:
    return any(map(text.__contains__, words))


def _breaks_off(text: str) -> bool:
    """Say whether a text of several words ends where no sentence does."""
    if text[-1] in _OPENERS:
        return True
    words = text.rsplit(None, 3)
    return len(words) > 3 and words[-1].lower() in _GOES_ON


def _hidden(text: str) -> bool:
    # Most texts are printable ASCII, which is quick to see; line ends alone are no fault.
    plain = text.isascii() and text.isprintable()
    return not plain and _HIDDEN.search(text) is not None


@dataclass(frozen=True, slots=True)
class LintReport:
    """The instance numbers that each check found; `unchecked` names checks that there were too many for."""

    by_check: Mapping[str, array[int]]
    unchecked: tuple[str, ...]

    @property
    def counts(self) -> dict[str, int]:
        """Count what each check found, in the order of `CHECKS`; without those that found nothing."""
        return {name: len(self.by_check[name]) for name in CHECKS if self.by_check.get(name)}

    @property
    def numbers(self) -> list[int]:
        """Return the number of every instance found, once each, in order."""
        return sorted({number for numbers in self.by_check.values() for number in numbers})


class Lint:
    """Looks at rows one by one, then at what they have in common. `off` names checks to leave out."""

    def __init__(self, off: frozenset[str] = frozenset()) -> None:
        self._found: dict[str, array[int]] = {name: array("q") for name in CHECKS if name not in off}
        self._numbers = array("q")
        self._likeness = array("q")
        self._first: dict[str, int] = {}
        self._comparing = "near-duplicate" not in off

    def see(self, row: ExportRow) -> None:
        """Look at a row, also at one whose output is empty."""
        for name in faults(row):
            if name in self._found:
                self._found[name].append(row.number)
        if "duplicate" in self._found:
            plain = (" ".join(row.instruction.lower().split()), " ".join(row.input.lower().split()))
            self._numbers.append(row.number)
            # Good for this process alone, which is all that is needed.
            self._likeness.append(hash(plain))
        if self._comparing:
            self._first.setdefault(row.instruction, row.number)
            if len(self._first) > NEAR_LIMIT:
                self._first.clear()
                self._comparing = False

    def report(self) -> LintReport:
        """Compare what was seen and say what was found."""
        warned = dict(self._found)
        unchecked: tuple[str, ...] = ()
        if "duplicate" in warned:
            warned["duplicate"] = _repeated(self._numbers, self._likeness)
        if "near-duplicate" in warned and not self._comparing:
            unchecked = ("near-duplicate",)
        elif "near-duplicate" in warned:
            warned["near-duplicate"] = _near(self._first)
        return LintReport(warned, unchecked)


def _repeated(numbers: array[int], likeness: array[int]) -> array[int]:
    """Return the numbers whose likeness an earlier one has."""
    _, first = np.unique(np.asarray(likeness), return_index=True)
    later = np.ones(len(likeness), dtype=bool)
    later[first] = False
    return array("q", np.asarray(numbers)[later].tolist())


def _near(first: Mapping[str, int]) -> array[int]:
    """Return the number of the later text of each pair of near ones, once each."""
    numbers = list(first.values())
    later = {max(numbers[a], numbers[b]) for a, b in near_pairs(list(first), NEAR_DUPLICATE)}
    return array("q", sorted(later))
