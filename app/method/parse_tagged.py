"""Read instructions that stand between tags, in a list, or alone (LaMini-LM, Evol-Instruct). Total."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from app.method.marks import bare_instruction, ended, is_choice, label_of, without_preamble

_ITEM = re.compile(
    r"^[ \t]*(?:#{1,4}[ \t]*|\*\*)?(?:\(?\d{1,3}[.)]|[-*•])(?:\*\*)?[ \t]+(?=\S)", re.MULTILINE
)
_END = re.compile(r"[.?!:)\]\"”'`。？！]\s*\Z")
_NEXT = re.compile(
    r"\n[ \t]*(?:#{1,6}[ \t]*)?(?:\*\*)?#?(?:(?:new|rewritten|given|original)[ \t]+)?"
    r"(?:instruction|prompt|output|answer|response|explanation|note)(?:[ \t]*\d{1,3})?#?(?:\*\*)?[ \t]*:",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Tagged:
    """An instruction of a list; `whole`: its end is there, a tag, the next item or a sentence's end."""

    text: str
    whole: bool


def parse_tagged(completion: str, open_tag: str, close_tag: str) -> tuple[Tagged, ...]:
    """Read the instructions between tags, or else those of a numbered list or one with bullets.

    An instruction of one line whose closing tag was forgotten ends with that line. One of several lines is
    not whole, for nobody knows where it ends. Where neither tags nor a list are found nothing is read.
    """
    text = ended(completion)
    if open_tag not in text:
        if close_tag in text:  # closed and never opened
            return tuple(Tagged(bare_instruction(part), True) for part in text.split(close_tag)[:-1])
        return _listed(text)
    parts = (part.partition(close_tag) for part in text.split(open_tag)[1:])
    return tuple(
        Tagged(bare_instruction(inner), True) if closed else _unclosed(inner) for inner, closed, _ in parts
    )


def parse_numbered(completion: str) -> tuple[Tagged, ...]:
    """Read the instructions of a completion that continues after the number of an item, "4."."""
    return _listed(f"0. {ended(completion).lstrip()}")


def _unclosed(inner: str) -> Tagged:
    text = inner.strip()
    line, _, more = text.partition("\n")
    whole = bool(_END.search(line)) and not more.strip()
    return Tagged(bare_instruction(line if whole else text), whole)


def _listed(text: str) -> tuple[Tagged, ...]:
    """Read the items of a list; what stands before the first is none of them.

    An item ends with its paragraph, or where a label says that its answer begins.
    """
    _, *items = _ITEM.split("\n" + without_preamble(text))
    read = []
    for place, item in enumerate(items):
        paragraph, _, _ = item.partition("\n\n")
        bare = bare_instruction(paragraph)
        followed = place < len(items) - 1 or paragraph.strip() != item.strip()
        read.append(Tagged(bare, followed or bool(_END.search(bare))))
    return tuple(part for part in read if part.text)


def parse_rewritten(completion: str) -> str:
    """Read a rewritten instruction, without what a model announces, wraps around it or adds to it."""
    text = without_preamble(ended(completion)).strip()
    if label := label_of(text):
        text = text[label[1] :].strip() if label[0] == "instruction" else text
    if (following := _NEXT.search(text)) and not is_choice(text[following.end() :]):
        text = text[: following.start()]
    return bare_instruction(text)


def gained(completion: str, equal: Sequence[str], different: Sequence[str]) -> bool | None:
    """Read whether a rewriting asks for anything new; None where the answer says neither.

    Without words for `different` everything that does not begin like `equal` says that it does.
    """
    said = completion.strip(" \t\n*\"'“").casefold()
    if said.startswith(tuple(word.casefold() for word in equal)):
        return False
    if not different or said.startswith(tuple(word.casefold() for word in different)):
        return True
    return None
