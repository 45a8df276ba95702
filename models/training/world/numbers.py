"""Families about one or two numbers: to compare and to write them, and to calculate with them."""

from __future__ import annotations

import random

from .data import section
from .facts import NUMBER_WORDS, ROMAN_NUMERALS, TENS
from .grammar import Draw, Family
from .makers import family
from .sentence_parts import person


def _pair(rng: random.Random) -> tuple[int, int, str]:
    a, b = rng.sample(range(1, 31), 2)
    return a, b, rng.choice((f"{a}, {b}", f"{a} and {b}", f"{a} or {b}"))


def _larger(rng: random.Random) -> Draw:
    a, b, text = _pair(rng)
    return Draw(text, str(max(a, b)))


def _smaller(rng: random.Random) -> Draw:
    a, b, text = _pair(rng)
    return Draw(text, str(min(a, b)))


def _parity(rng: random.Random) -> Draw:
    number = rng.randint(1, 50)
    return Draw(str(number), "even" if number % 2 == 0 else "odd")


def _next(rng: random.Random) -> Draw:
    number = rng.randint(0, 60)
    return Draw(str(number), str(number + 1))


_SPELLED: dict[int, str] = dict(enumerate(NUMBER_WORDS)) | TENS


def _spell(rng: random.Random) -> Draw:
    number = rng.choice(tuple(_SPELLED))
    return Draw(str(number), _SPELLED[number])


def _roman(rng: random.Random) -> Draw:
    number = rng.randint(1, len(ROMAN_NUMERALS))
    return Draw(str(number), ROMAN_NUMERALS[number - 1])


NUMBERS: tuple[Family, ...] = (
    family("larger_number", "A", _larger),
    family("smaller_number", "A", _smaller),
    family("odd_or_even", "A", _parity),
    family("next_number", "A", _next),
    family("number_to_word", "A", _spell),
    family("roman_numeral", "A", _roman),
)


def _sum(rng: random.Random) -> Draw:
    a, b = rng.randint(0, 10), rng.randint(0, 10)
    return Draw(rng.choice((f"{a} + {b}", f"{a} and {b}", f"{a}, {b}")), str(a + b))


def _difference(rng: random.Random) -> Draw:
    a = rng.randint(1, 12)
    b = rng.randint(0, a)
    return Draw(rng.choice((f"{a} - {b}", f"{a} and {b}", f"{a}, {b}")), str(a - b))


def _double(rng: random.Random) -> Draw:
    number = rng.randint(1, 20)
    return Draw(str(number), str(2 * number))


def _two_digit_sum(rng: random.Random) -> Draw:
    a, b = rng.randint(11, 79), rng.randint(11, 79)
    return Draw(f"{a} + {b}", str(a + b))


_COUNTED: list[str] = section("word_problem")["things"]


def _word_problem(rng: random.Random) -> Draw:
    name, things = person(rng), rng.choice(_COUNTED)
    if rng.random() < 0.5:
        a, b = rng.randint(2, 12), rng.randint(2, 12)
        verb = rng.choice(("buys", "finds", "gets"))
        return Draw(f"{name} has {a} {things} and {verb} {b} more. How many {things} now?", str(a + b))
    a = rng.randint(4, 15)
    b = rng.randint(2, a - 1)
    verb = rng.choice(("loses", "sells", "gives away"))
    return Draw(f"{name} has {a} {things} and {verb} {b}. How many {things} are left?", str(a - b))


ARITHMETIC: tuple[Family, ...] = (
    family("sum", "A", _sum),
    family("difference", "A", _difference),
    family("double", "A", _double),
    family("two_digit_sum", "A", _two_digit_sum),
    family("word_problem", "A", _word_problem),
)
