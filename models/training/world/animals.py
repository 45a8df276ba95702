"""Families about animals: their kind, home, food, sound, young, legs, wings and size."""

from __future__ import annotations

import random
from collections.abc import Callable
from functools import cache
from itertools import permutations

from .data import section
from .english import plural, third_person, with_article, word_forms
from .facts import ANIMALS, Animal
from .grammar import Draw, Family
from .makers import family, lookup, reply_family, sorting

# Animals whose young have two usual names or more.
_SEVERAL_YOUNG = frozenset({"rabbit", "mouse", "wolf", "bat", "shark", "bee", "ant"})
# Hens flutter and some ants have wings, so nobody is asked about them.
_UNCLEAR_FLIGHT = frozenset({"chicken", "ant"})
# People may argue about the number of their legs.
_UNCLEAR_LEGS = frozenset({"monkey", "kangaroo", "bat"})


def _by(attribute: str) -> dict[str, list[str]]:
    """Group the animals by one of their facts."""
    groups: dict[str, list[str]] = {}
    for name, animal in ANIMALS.items():
        groups.setdefault(str(getattr(animal, attribute)), []).append(name)
    return groups


def _kinds() -> dict[str, list[str]]:
    """Group the animals by kind, with a few more names, so that no small class is guessed from one word."""
    groups = _by("kind")
    groups["amphibian"] += ["toad", "newt"]
    groups["insect"] += ["beetle", "mosquito", "fly"]
    groups["fish"] += ["trout", "goldfish"]
    return groups


def _fliers() -> dict[str, list[str]]:
    """Group the animals by whether they can fly."""
    groups = _by("flies")
    return {
        "yes": groups["True"],
        "no": [name for name in groups["False"] if name not in _UNCLEAR_FLIGHT],
    }


_SIZES: list[list[str]] = section("bigger_animal")["sizes"]


def _draw_bigger(rng: random.Random) -> Draw:
    """Draw two animals of clearly different size, in either order; the bigger one is the answer."""
    small, big = sorted(rng.sample(range(len(_SIZES)), 2))
    bigger = rng.choice(_SIZES[big])
    pair = [rng.choice(_SIZES[small]), bigger]
    rng.shuffle(pair)
    form = rng.random()
    if form < 0.5:
        text = ", ".join(pair)
    elif form < 0.75:
        text = f"{pair[0]} or {pair[1]}"
    else:
        text = f"{with_article(pair[0])} and {with_article(pair[1])}"
    return Draw(text, bigger)


FACTS: tuple[Family, ...] = (
    lookup("animal_home", {name: animal.home for name, animal in ANIMALS.items()}),
    lookup("animal_food", {name: animal.food for name, animal in ANIMALS.items()}),
    lookup("animal_sound", {name: animal.sound for name, animal in ANIMALS.items() if animal.sound}),
    sorting("animal_kind", _kinds()),
    sorting("animal_legs", {legs: sorted(set(names) - _UNCLEAR_LEGS) for legs, names in _by("legs").items()}),
    sorting("can_fly", _fliers()),
    lookup(
        "baby_animal",
        {
            name: animal.young
            for name, animal in ANIMALS.items()
            if animal.young and name not in _SEVERAL_YOUNG
        },
    ),
    family("bigger_animal", "A", _draw_bigger),
)
"""One word or two as the input, one word as the answer."""

_LEG_WORDS = {0: "no", 2: "two", 4: "four", 6: "six"}
_HOMES: dict[str, str] = section("animal_home_question")["homes"]
_DRINKERS = frozenset({"bee", "butterfly"})
# One animal must weigh this many times as much as the other to be the bigger one beyond doubt.
_CLEARLY_BIGGER = 3


def _answers(
    answer: Callable[[str, Animal], str], is_clear: Callable[[str, Animal], bool] = lambda *_: True
) -> dict[str, str]:
    """Return the answer for each animal for which it is clear."""
    return {name: answer(name, animal) for name, animal in ANIMALS.items() if is_clear(name, animal)}


def _flight(name: str, animal: Animal) -> str:
    return f"Yes, {with_article(name)} can fly." if animal.flies else f"No, {with_article(name)} cannot fly."


@cache
def _unequal_pairs() -> tuple[tuple[str, str], ...]:
    return tuple(
        (first, second)
        for first, second in permutations(ANIMALS, 2)
        if not 1 / _CLEARLY_BIGGER < ANIMALS[first].size / ANIMALS[second].size < _CLEARLY_BIGGER
    )


def _draw_comparison(rng: random.Random) -> Draw:
    first, second = rng.choice(_unequal_pairs())
    big, small = sorted((first, second), key=lambda name: -ANIMALS[name].size)
    slots = word_forms("one", first) | word_forms("two", second)
    return Draw("", f"The {big} is bigger than the {small}.", slots)


QUESTIONS: tuple[Family, ...] = (
    reply_family(
        "legs_question",
        animal=_answers(
            lambda _, animal: _LEG_WORDS[animal.legs], lambda name, _: name not in _UNCLEAR_LEGS | {"turtle"}
        ),
    ),
    reply_family(
        "animal_home_question",
        animal=_answers(lambda _, animal: _HOMES[animal.home], lambda _, animal: animal.home in _HOMES),
    ),
    reply_family(
        "animal_sound_question",
        animal=_answers(lambda _, animal: third_person(animal.sound), lambda _, animal: bool(animal.sound)),
    ),
    reply_family(
        "animal_young_question",
        animal=_answers(
            lambda _, animal: with_article(animal.young),
            lambda name, animal: bool(animal.young) and name not in _SEVERAL_YOUNG,
        ),
    ),
    reply_family(
        "animal_food_question",
        animal=_answers(lambda _, animal: animal.food, lambda name, _: name not in _DRINKERS),
    ),
    reply_family("animal_kind_question", animal=_answers(lambda _, animal: with_article(animal.kind))),
    reply_family("can_fly_question", animal=_answers(_flight, lambda name, _: name not in _UNCLEAR_FLIGHT)),
    family("bigger_animal_question", "B", _draw_comparison),
    reply_family("plural_question", noun={noun: plural(noun) for noun in ANIMALS}),
)
"""Questions without input, answered in a sentence."""
