"""Requests said carelessly: general words swapped, dropped or added.

`careless` may damage grammar but never meaning; only the answering models see it. Standard library only.
"""

from __future__ import annotations

import random
import re

from .data import read
from .english import lower_first, upper_first
from .facts import NUMBER_WORDS

_WORDS = read("careless")

STRAY_WORDS: tuple[str, ...] = tuple(_WORDS["stray"]["words"])
"""Common words that name no task of the small world and nothing in it."""

_FILLERS: list[str] = _WORDS["fillers"]
_DROPPABLE = frozenset(_WORDS["droppable"])
_ARTICLES = frozenset(_WORDS["articles"])
_MEANINGFUL = frozenset(_WORDS["meaningful"])
_CLAUSE_STARTS = frozenset(_WORDS["clause_starts"])
_NUMBERS = frozenset(NUMBER_WORDS)
_NOUN_SWAPS: dict[str, list[str]] = _WORDS["nouns"]
_VERB_SWAPS: dict[str, list[str]] = {group: verbs["swaps"] for group, verbs in _WORDS["verbs"].items()}
_ASKING, _SAYING, _CHOOSING, _TURNING, _SORTING = (
    frozenset(_WORDS["verbs"][group]["words"])
    for group in ("asking", "saying", "choosing", "turning", "sorting")
)


def _other_verb(verb: str, follows: str, is_turned: bool, rng: random.Random) -> str | None:
    """Return a general verb of asking that takes the same kind of object, or None."""
    if follows.rstrip(",:") in _CLAUSE_STARTS and verb in _SAYING:
        return rng.choice(_VERB_SWAPS["saying"])
    if verb in _ASKING and follows in {"the", "a", "an", "its", "their", "one"}:
        return rng.choice(_VERB_SWAPS["asking"])
    if verb in _CHOOSING:
        return rng.choice(_VERB_SWAPS["choosing"])
    if verb in _TURNING and is_turned:
        return rng.choice(_VERB_SWAPS["turning"])
    if verb in _SORTING:
        return rng.choice(_VERB_SWAPS["sorting"])
    return None


def _swap_verb(words: list[str], index: int, rng: random.Random) -> None:
    """Replace a general verb of asking, and the "me" after it, by another verb."""
    follows = words[index + 1].lower() if index + 1 < len(words) else ""
    takes_me = follows == "me"
    if takes_me and index + 2 < len(words):
        follows = words[index + 2].lower()
    is_turned = any(word in {"into", "to"} for word in words[index:])
    verb = _other_verb(words[index].lower(), follows, is_turned, rng)
    if verb is None:
        return
    words[index] = upper_first(verb) if words[index][0].isupper() else verb
    if takes_me:
        words[index + 1] = ""


def _core(word: str) -> str:
    return word.strip(".,:;!?()\"'").lower()


def _free(words: list[str], keep: frozenset[str]) -> list[bool]:
    """Mark the words that may be swapped or lost without a change of meaning."""
    kept = {word.lower() for word in keep}
    free: list[bool] = []
    quoted = False
    format_sentence = False
    starts = True
    for index, word in enumerate(words):
        core = _core(word)
        if starts:
            format_sentence = core in {"answer", "reply", "respond"}
        if word.startswith(('"', "'")):
            quoted = True
        near = {_core(other) for other in words[max(0, index - 1) : index + 2]}
        named = word[0].isupper() and not starts and core not in {"i", "i'm", "i'd"}
        free.append(
            not (quoted or format_sentence or named or core in kept)
            and not (core in _MEANINGFUL or core in _NUMBERS)
            and not any(char.isdigit() for char in word)
            and "n't" not in core
            and not near & {"or", "not", "no", "without", "except"}
            and core != "i"
        )
        if word.rstrip(".,:;!?").endswith(('"', "'")):
            quoted = False
        starts = word[-1] in ".?!:"
    return free


def _replace_core(word: str, new: str) -> str:
    """Put another word in the place of this one; its capital and its punctuation stay."""
    bare = word.rstrip(".,:;!?")
    return (upper_first(new) if word[0].isupper() else new) + word[len(bare) :]


def _drop(word: str) -> str:
    """Return what is left of a dropped word: only a mark at its end, or nothing."""
    return word[-1] if word[-1] in ".?!:" else ""


def _join(words: list[str]) -> str:
    text = re.sub(r" ([.,:;!?])", r"\1", " ".join(word for word in words if word))
    text = re.sub(r"([.:?!])[.:,]+", r"\1", text)
    return re.sub(r",(?=$|[.?!])", "", text)


def _change_words(words: list[str], keep: frozenset[str], rng: random.Random) -> list[str]:
    """Return the words with some of the free ones swapped, dropped or replaced by a stray word."""
    words = list(words)
    free = _free(words, keep)
    guarded = bool({_core(word) for word in words} & (_MEANINGFUL - {"same", "all", "first", "last"}))
    swap, drop, stray = rng.random() < 0.75, rng.random() < 0.35, rng.random() < 0.2
    telegraph = not guarded and rng.random() < 0.12
    starts = True
    previous, before = "", ""
    for index, word in enumerate(words):
        core = _core(word)
        request = starts or previous in {"please", "to", "and", "just", "kindly", "simply", "then"}
        request = request or (previous == "you" and before in {"can", "could", "would", "will"})
        starts = bool(word) and word[-1] in ".?!:"
        previous, before = core, previous
        if not free[index] or not word:
            continue
        if telegraph and (core in _DROPPABLE or (request and core in _ASKING and index + 3 < len(words))):
            words[index] = _drop(word)
        elif swap and request and rng.random() < 0.5:
            _swap_verb(words, index, rng)
        elif swap and core in _NOUN_SWAPS and rng.random() < 0.35:
            words[index] = _replace_core(word, rng.choice(_NOUN_SWAPS[core]))
        elif core in _DROPPABLE and drop and rng.random() < 0.35:
            words[index] = _drop(word)
        elif core in _ARTICLES and stray and rng.random() < 0.25:
            words[index] = _replace_core(word, rng.choice(STRAY_WORDS))
    return [word for word in words if word]


def careless(instruction: str, rng: random.Random, keep: frozenset[str] = frozenset()) -> str:
    """Return the instruction said carelessly in other general words; its meaning stays.

    `keep` holds words that must stay: the values of slots and the words of possible answers. Negations,
    numbers, names, quoted words, answer options and words which compare or order are kept in any case.
    """
    words = _change_words(instruction.split(), keep, rng) or instruction.split()
    if rng.random() < 0.15:
        words[0] = lower_first(words[0])
        filler = rng.choice(_FILLERS)
        words.insert(0, upper_first(filler) + ("," if rng.random() < 0.5 else ""))
    if rng.random() < 0.06:
        words.insert(rng.randrange(len(words) + 1), rng.choice(STRAY_WORDS))
    text = _join(words)
    if rng.random() < 0.5:
        text = upper_first(text)
    return text.rstrip(".?:") if rng.random() < 0.12 else text
