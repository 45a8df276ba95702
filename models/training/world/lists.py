"""Families about a short list of words or numbers: to pick something out of it, or to put it in order."""

from __future__ import annotations

import random
from collections.abc import Sequence

from .facts import (
    ANIMALS,
    CITIES,
    CLOTHES,
    COLORS,
    COUNTRIES,
    DAYS,
    DRINKS,
    FRUITS,
    FURNITURE,
    JOBS,
    MONTHS,
    TOOLS,
    VEGETABLES,
    VEHICLES,
)
from .grammar import Draw, Family
from .makers import family

# Words that belong to two of the groups are left out: orange is a fruit and a color, tuna is also food.
_GROUPS: dict[str, Sequence[str]] = {
    "fruits": [fruit for fruit in FRUITS if fruit != "orange"],
    "vegetables": VEGETABLES,
    "drinks": DRINKS,
    "animals": [animal for animal in ANIMALS if animal not in ("bat", "tuna", "salmon", "chicken")],
    "colors": [color for color in COLORS if color != "orange"],
    "clothes": CLOTHES,
    "furniture": FURNITURE,
    "vehicles": VEHICLES,
    "jobs": tuple(JOBS),
    "tools": tuple(TOOLS),
    "days": DAYS,
    "months": MONTHS,
    "cities": CITIES,
    "countries": [country for country in COUNTRIES if " " not in country],
}
# An odd word from a near group (a drink among fruits) would leave room for another answer.
_NEAR = (
    {"fruits", "vegetables", "drinks"},
    {"days", "months"},
    {"cities", "countries"},
    {"furniture", "tools"},
)
_MIXED_GROUPS = ("fruits", "vegetables", "animals", "clothes", "furniture", "vehicles", "tools")
_MIXED_WORDS = tuple(word for group in _MIXED_GROUPS for word in _GROUPS[group])


def _near(group: str, other: str) -> bool:
    """Tell whether the two groups are the same or easy to take for each other."""
    return group == other or any(group in near and other in near for near in _NEAR)


def _words(rng: random.Random, low: int, high: int) -> list[str]:
    """Draw `low` to `high` different words, half of the time all of one group."""
    pool = rng.choice(tuple(_GROUPS.values())) if rng.random() < 0.5 else _MIXED_WORDS
    return rng.sample(pool, min(rng.randint(low, high), len(pool)))


def _odd_one_out(rng: random.Random) -> Draw:
    group = rng.choice(tuple(_GROUPS))
    other = rng.choice([name for name in _GROUPS if not _near(group, name)])
    odd = rng.choice(_GROUPS[other])
    words = [*rng.sample(_GROUPS[group], 3), odd]
    rng.shuffle(words)
    return Draw(", ".join(words), odd)


def _category(rng: random.Random) -> Draw:
    group = rng.choice(tuple(_GROUPS))
    return Draw(", ".join(rng.sample(_GROUPS[group], rng.randint(3, 4))), group)


def _first(rng: random.Random) -> Draw:
    words = _words(rng, 3, 5)
    return Draw(", ".join(words), words[0])


def _last(rng: random.Random) -> Draw:
    words = _words(rng, 3, 5)
    return Draw(", ".join(words), words[-1])


def _count(rng: random.Random) -> Draw:
    words = _words(rng, 2, 5)
    return Draw(", ".join(words), str(len(words)))


def _membership(rng: random.Random) -> Draw:
    # One group only, so that the meaning of the words cannot give the answer away.
    pool = _GROUPS[rng.choice(tuple(_GROUPS))] if rng.random() < 0.7 else _MIXED_WORDS
    words = rng.sample(pool, min(len(pool), rng.randint(4, 5)))
    asked, inside = words.pop(), rng.random() < 0.5
    if inside:
        asked = rng.choice(words)
    return Draw(f"{asked} | {', '.join(words)}", "yes" if inside else "no")


PICKING: tuple[Family, ...] = (
    family("odd_one_out", "A", _odd_one_out),
    family("list_category", "A", _category),
    family("first_item", "A", _first),
    family("last_item", "A", _last),
    family("count_items", "A", _count),
    family("membership", "A", _membership),
)


def _sort_words(rng: random.Random) -> Draw:
    words = rng.sample(_MIXED_WORDS, rng.randint(3, 4))
    return Draw(", ".join(words), ", ".join(sorted(words)))


def _reverse(rng: random.Random) -> Draw:
    words = _words(rng, 3, 4)
    return Draw(", ".join(words), ", ".join(reversed(words)))


def _remove_duplicates(rng: random.Random) -> Draw:
    words = _words(rng, 3, 4)
    again = rng.choice(words)
    with_duplicate = list(words)
    with_duplicate.insert(rng.randint(words.index(again) + 1, len(words)), again)
    return Draw(", ".join(with_duplicate), ", ".join(words))


def _numbers(rng: random.Random, count: int) -> list[int]:
    return rng.sample(range(1, 100), count)


def _sort_numbers(rng: random.Random) -> Draw:
    numbers = _numbers(rng, rng.randint(3, 4))
    return Draw(", ".join(map(str, numbers)), ", ".join(map(str, sorted(numbers))))


def _largest(rng: random.Random) -> Draw:
    numbers = _numbers(rng, 4)
    return Draw(", ".join(map(str, numbers)), str(max(numbers)))


ORDERING: tuple[Family, ...] = (
    family("sort_words", "A", _sort_words),
    family("reverse_list", "A", _reverse),
    family("remove_duplicates", "A", _remove_duplicates),
    family("sort_numbers", "A", _sort_numbers),
    family("largest_of_four", "A", _largest),
)
