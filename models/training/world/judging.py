"""Families that give a text a label: for its grammar, or for what a message says and how."""

from __future__ import annotations

import random
import re

from .data import section
from .english import a_or_an
from .facts import CITIES, DAYS, FOODS, GOODS, PEOPLE
from .grammar import Draw, Family, expand, fill
from .makers import family
from .sentence_parts import ACTIONS, SKILLS, STATES, person

_SENTENCES: dict[str, list[str]] = section("question_or_statement")["sentences"]
_MARKS = {"question": "?", "statement": "."}


def _question_or_statement(rng: random.Random) -> Draw:
    """Draw a sentence that asks or states; half of them without the final mark, so that words decide."""
    name, action, marked = person(rng), rng.choice(ACTIONS), rng.random() < 0.5
    slots = {"name": name, "state": rng.choice(STATES), "skill": rng.choice(SKILLS), **action.slots()}
    label = "question" if rng.random() < 0.5 else "statement"
    text = fill(rng.choice(_SENTENCES[label]), slots)
    return Draw(text + _MARKS[label] if marked else text, label)


_TIMES: dict[str, list[str]] = section("tense")["times"]


def _tense(rng: random.Random) -> Draw:
    """Draw a sentence with one action in one of the three tenses; half have a time that fits."""
    name, action, tense = person(rng), rng.choice(ACTIONS), rng.choice(tuple(_TIMES))
    verb = {"past": action.past, "present": action.present, "future": f"will {action.base}"}[tense]
    time = f" {rng.choice(_TIMES[tense])}" if rng.random() < 0.5 else ""
    return Draw(f"{name} {verb} {action.rest}{time}.", tense)


_RIGHT_AND_WRONG: list[list[str]] = section("grammar_check")["sentences"]


def _grammar_check(rng: random.Random) -> Draw:
    """Draw a right sentence or the same sentence with one clear agreement, article or verb error."""
    name, action, is_right = person(rng), rng.choice(ACTIONS), rng.random() < 0.5
    goods, state, number = rng.choice(GOODS), rng.choice(STATES), rng.choice(("two", "three", "four", "five"))
    noun = rng.choice(("apple", "orange", "umbrella", "egg", *GOODS))
    article = a_or_an(noun)
    slots = {"name": name, "goods": goods, "state": state, "number": number, "noun": noun, "article": article}
    slots |= {"wrong_article": "a" if article == "an" else "an", **action.slots()}
    right, wrong = rng.choice(_RIGHT_AND_WRONG)
    return Draw(fill(right, slots), "correct") if is_right else Draw(fill(wrong, slots), "incorrect")


GRAMMAR: tuple[Family, ...] = (
    family("question_or_statement", "A", _question_or_statement),
    family("tense", "A", _tense),
    family("grammar_check", "A", _grammar_check),
)

_A_BEFORE_VOWEL = re.compile(r"\b([Aa]) (?=[aeio])")


def _message(template: str, rng: random.Random) -> str:
    """Expand the template of a message; its slots are drawn from the world's closed sets."""
    goods = rng.choice(GOODS)
    sender, other = rng.sample(PEOPLE, 2)
    slots = {
        "person": sender,
        "other": other,
        "city": rng.choice(CITIES),
        "day": rng.choice(DAYS),
        "hour": str(rng.randint(1, 12)),
        "few": str(rng.randint(2, 9)),
        "goods": goods,
        "agoods": f"{a_or_an(goods)} {goods}",
        "dish": rng.choice(FOODS[:8]),
    }
    return _A_BEFORE_VOWEL.sub(r"\1n ", expand(template, rng, slots))


def _labelled(name: str) -> Family:
    """Return the family that tells which label a message has; every label is equally likely."""
    texts: dict[str, list[str]] = section(name)["texts"]

    def draw(rng: random.Random) -> Draw:
        label = rng.choice(tuple(texts))
        return Draw(_message(rng.choice(texts[label]), rng), label)

    return family(name, "A", draw)


_REVIEWS: dict[str, list[str]] = section("sentiment")["texts"]
_REVIEW_ENDINGS: dict[str, list[str]] = section("sentiment")["endings"]


def _review(rng: random.Random) -> Draw:
    """Draw a review whose sentences all say the same."""
    label = rng.choice(tuple(_REVIEWS))
    text = _message(rng.choice(_REVIEWS[label]), rng)
    ending = rng.choice(_REVIEW_ENDINGS[label])
    return Draw(rng.choice((text, f"{text} {ending}", f"{ending} {text}")), label)


MESSAGES: tuple[Family, ...] = (
    family("sentiment", "A", _review),
    _labelled("topic"),
    _labelled("spam"),
    _labelled("intent"),
    _labelled("urgency"),
    _labelled("formality"),
)
