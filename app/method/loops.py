"""Endless repetition: a model that says the same again and again until its text ends.

A text loops where its end is one unit, words, a line or a sentence, many times over. What repeats by its
nature does not count: laughter, digits and rules of tables, verses that come back, short lines of lists.
"""

from __future__ import annotations

import math
import re
from collections import Counter

_PROBE = 24
"""Characters at the end of a text that are looked for before it; half as many tell in a dense script."""
_PROBE_DENSE = 6
_TRIES = 4
"""Earlier places of the probe that are tried: a unit may hold its own end more than once."""
_SPAN = 40
"""Characters that the repetitions take up at least; half as many in a dense script."""
_LINES = 8
"""Repetitions of a line of few words in a list, a table or a listing."""
_LETTERS = 40
"""Repetitions of letters within a word, which spells a cry as often as a fault."""
_OFTEN = {1: 15, 2: 8}
"""Repetitions that a unit of so few words needs."""
_ENOUGH = 5
"""Repetitions that a longer unit needs."""
_SENTENCE, _FOUR = 5, 4
_LONG, _FEW = 10, 3
"""Different words of a unit that chance hardly repeats, and the repetitions that it then needs."""
_AGAIN, _RUN = 7, 5
"""Words of a last sentence, and of the runs of which it consists, that all stood in its line before."""
_LINKS = frozenset({"also", "again", "it", "they", "he", "she", "and", "but", "so", "because"})
"""English words by which a sentence that comes again is joined to what was said."""
_NEAR = 4000
"""Characters before the end of a line in which its last sentence may have stood."""
_COUNTED, _COUNTED_LINES = 8, 12
"""Sentences, and lines, that say the same but for a number that goes up by one."""
_PROSE = 60
"""Words in one line from which on a text is looked at that says nearly the same again and again."""
_NEW = 0.6
"""The share of its runs of three words that are different in a line that gets on."""
_ITEM_LINES, _ITEM = 0.8, 3
"""The share of its lines that the items of a list are, and words of one on average."""
_LISTED_WORDS, _NEW_LISTED = 40, 0.5
"""Words from which on a list is looked at as a whole, and the share of different runs in one that gets on."""
_PHRASE, _MOST = 8, 2 / 3
"""Words of a phrase that is not said three times by chance, and the share of a line that these make up."""
_TOKEN = re.compile(r"\w+")
# Scripts without spaces between words, in which a few characters are a sentence.
_DENSE = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]"
)
_LEADING = re.compile(r"^[\W_]+")
_WORD = re.compile(r"[^\W\d_]+")
_NUMBERING = re.compile(r"^[ \t]*(?:(?:\d{1,4}|[a-z])[.)][ \t]*|[-*•][ \t]+)", re.MULTILINE)
_NUMBER = re.compile(r"\d+")
_DIGITS = 9
"""Digits of a number that counts something; Python converts no number of thousands of them."""
_PIECE_END = re.compile(r"(?<=[.!?]) +|\s*\n\s*")
_SENTENCES = re.compile(r"(?<=[.!?])[\"'”’)]* +")
_CODE = re.compile(r"[(){}\[\]<>=\\_/|]")
_LISTED = re.compile(r"^\s*(?:[-*•|+>]|\d{1,4}[.):]|[\[{(<])|[;{}|\])>=]\s*$|\t|^ {2}", re.MULTILINE)


def loops(text: str) -> bool:
    """Say whether a text ends in the same words again and again; the last time may be cut short.

    It takes five times the same; four are enough for five different words, three for ten. More are needed
    where one or two words repeat (`ha ha ha`) or a line of a list, a table or code. Digits and signs alone
    never count. These loop too: a long line of prose, or a list, that only varies the same few words; a short
    line that is one phrase three times; a last sentence that only says again what stood before it; a clause
    that stands twice at the end, or two words and more that do so three times; and counting: "Note: 19. Note:
    20."
    """
    end = text.rstrip().casefold()  # the first time may stand within a sentence
    end = end.rstrip(end[-1:]) if end and not end[-1].isalnum() else end
    looks = (
        _ends_in_a_loop,
        _goes_in_circles,
        _lists_the_same,
        _is_one_phrase,
        _counts,
        _says_it_again,
        _doubles,
    )
    if any(look(end) for look in looks):
        return True
    # The numbers or letters before the items of a list hide that the items are the same.
    *_, last = end.rsplit("\n", 2)[:2]  # the last line may be cut, the one before it is whole
    number = _NUMBERING.match(last)
    if number is None or end.count(last[number.end() :].rstrip(".!?")) < _ENOUGH:
        return False
    return _ends_in_a_loop(_NUMBERING.sub("", end), listed=True)


def _goes_in_circles(text: str) -> bool:
    """Say whether a long line of prose varies the same few words: "and they were … and they had …"."""
    for line in text.split("\n"):
        if line.count(" ") < _PROSE - 1:
            continue
        words = _TOKEN.findall(line.casefold())  # numbers too: a series of them gets on
        runs = list(zip(words, words[1:], words[2:], strict=False))
        if len(words) >= _PROSE and len(set(runs)) < _NEW * len(runs):
            return True
    return False


def _lists_the_same(text: str) -> bool:
    """Say whether a list ends in the same item three times, or is mostly the same few words in every item.

    "1. The garden is small, but it has many trees\\n2. The garden is large, but it has many …". A line of
    `_AGAIN` words and the same line again are such a list too, if they are all.
    """
    if "\n" not in text:
        return False
    lines = [line.strip() for line in text[-_NEAR:].split("\n") if line.strip()]
    if (
        len({line.rstrip(".!?") for line in lines}) == 1 < len(lines)
        and len(_TOKEN.findall(lines[0])) >= _AGAIN
    ):
        return True
    items = [_TOKEN.findall(_NUMBERING.sub("", line)) for line in lines if _NUMBERING.match(line)]
    if len(items) < max(_FEW, _ITEM_LINES * len(lines)):
        return False
    if items[-1] == items[-2] == items[-3] and len(items[-1]) >= (_ITEM if len(items) > _FEW else 2):
        return True
    words = [word for item in items for word in item]
    runs = list(zip(words, words[1:], words[2:], strict=False))
    varies = len(set(runs)) < _NEW_LISTED * len(runs)
    return varies and len(words) >= max(_LISTED_WORDS, _ITEM * len(items)) and len(items) > _FEW


def _is_one_phrase(text: str) -> bool:
    """Say whether a short line is nothing much but one phrase of `_PHRASE` words, at least three times.

    "A song about a man with a long beard is a song about a man with a long beard. It is a song about …"
    """
    for line in text.split("\n"):
        words = _TOKEN.findall(line) if line.count(" ") < _PROSE - 1 else []
        size = max(_PHRASE, math.ceil(_MOST * len(words) / _FEW))
        times: Counter[tuple[str, ...]] = Counter()
        following: dict[tuple[str, ...], int] = {}
        for place in range(len(words) - size + 1):
            phrase = tuple(words[place : place + size])
            has_words = sum(map(str.isalpha, phrase)) >= _PHRASE
            # The next time begins where this one has ended.
            if has_words and place >= following.get(phrase, 0):
                times[phrase] += 1
                following[phrase] = place + size
        if max(times.values(), default=0) >= _FEW:
            return True
    return False


def _says_it_again(text: str) -> bool:
    """Say whether a text ends in a sentence of `_AGAIN` words that all stood so in its line before.

    "The road is a long road that runs to the sea. It is also a long road that runs to the sea."
    """
    line = text[text.rfind("\n") + 1 :][-_NEAR:]
    *others, last = _SENTENCES.split(line)
    if not others:
        return False
    before, again = line[: len(line) - len(last)], _telling(last)
    # Most sentences have a word that did not stand before: the rest is for the few that have none.
    if sum(map(str.isalpha, again)) < _AGAIN or not all(word in before for word in again):
        return False
    said = _telling(before)
    runs = {tuple(said[place : place + _RUN]) for place in range(len(said) - _RUN + 1)}
    old = -1  # the last place of a word up to which all are old
    for place in range(len(again) - _RUN + 1):
        if tuple(again[place : place + _RUN]) in runs:
            old = place + _RUN - 1
        elif place > old:
            return False
    return old == len(again) - 1


def _doubles(text: str) -> bool:
    """Say whether a line of prose ends in the same `_AGAIN` words or more twice, or in fewer three times.

    "You have to walk far to get a loaf, so you have to walk far to get a loaf.", "You need flour, a pan, a
    pan and a pan." What is nothing else may be a cheer: "Hip, hip, hooray!"
    """
    line = text[text.rfind("\n") + 1 :][-_NEAR:]
    last = line[line.rfind(" ") + 1 :].strip("\"'“”‘’.,;:!?")
    if line.count(last) < 2 or _CODE.search(line):
        return False
    words = _telling(line)
    for size in range(2, min(_PROSE, len(words) // 2) + 1):
        unit, times = words[-size:], 2 if size >= _AGAIN else _FEW
        enough = sum(map(str.isalpha, unit)) >= min(size, _AGAIN) and len(set(unit)) > 1
        if enough and words[-times * size :] == unit * times and (times == 2 or len(words) > times * size):
            return True
    return False


def _telling(text: str) -> list[str]:
    return [word for word in _TOKEN.findall(text) if word not in _LINKS]


def _counts(text: str) -> bool:
    """Say whether a text ends in a sentence or line that only counts on; the last one may be cut short.

    Two numbers in it say something of each other, as in a table of products, and do not count.
    """
    *pieces, last = _PIECE_END.split(text)
    if not pieces or not any(map(str.isalpha, pieces[-1])):
        return False
    words = _NUMBER.split(pieces[-1])
    if len(words) != 2:
        return False
    times, number = 0, 0
    for piece in reversed(pieces):
        found = _NUMBER.findall(piece)
        if len(found) != 1 or len(found[0]) > _DIGITS or _NUMBER.split(piece) != words:
            break
        if times and int(found[0]) != number - 1:
            break
        times, number = times + 1, int(found[0])
    if not str(number + times).join(words).startswith(last):
        return False  # it came to another end
    return times + 1 >= (_COUNTED_LINES if "\n" in text else _COUNTED)


def _ends_in_a_loop(text: str, *, listed: bool = False) -> bool:
    dense = not text.isascii() and _DENSE.search(text, max(0, len(text) - _PROBE)) is not None
    span = _SPAN // 2 if dense else _SPAN
    if len(text) < span:
        return False
    probe = text[-(_PROBE_DENSE if dense else _PROBE) :]
    place = len(text) - len(probe)
    for _ in range(_TRIES):
        before = text.rfind(probe, 0, place + len(probe) - 1)
        if before < 0:
            return False
        period = len(text) - len(probe) - before
        if _again_and_again(text, period, span, dense=dense, listed=listed):
            return True
        place = before
    return False


def _again_and_again(text: str, period: int, span: int, *, dense: bool, listed: bool) -> bool:
    """Say whether the last `period` characters stand often enough one after the other at the end."""
    unit, times = text[-period:], 1
    while text.endswith(unit, 0, len(text) - times * period):
        times += 1
    # The first time lacks the sign or blank that stands between two.
    if text.endswith(_LEADING.sub("", unit), 0, len(text) - times * period):
        times += 1
    if times < _FEW or times * period < span:
        return False
    return times >= _needed(unit, dense=dense, listed=listed)


def _needed(unit: str, *, dense: bool, listed: bool) -> float:
    """Return how many times a unit has to stand there to be a loop."""
    if not any(map(str.isalpha, unit)):
        return float("inf")
    if dense:
        size = (sum(map(str.isalpha, unit)) + 1) // 2
    else:
        if all(map(str.isalpha, unit)):  # a part of a word
            return _LETTERS
        # Where in a word the unit begins is chance: only words that are whole within it count.
        size = len(set(_WORD.findall(unit * 3)[1:-1]))
    usual = _ENOUGH if size < _SENTENCE else _FOUR if size < _LONG else _FEW
    needed = _OFTEN.get(max(1, size), usual)
    if listed or ("\n" in unit and _LISTED.search(unit)):
        return max(needed, _ENOUGH if size >= _PHRASE else _LINES)
    return needed
