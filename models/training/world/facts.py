"""Closed sets of the small world: people, places, animals, things, work, the calendar and words.

Every table is a fact that several families share, so that each word is met often. Standard library only.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from .data import read

_PEOPLE, _THINGS, _TIME = read("facts/people"), read("facts/things"), read("facts/time_and_numbers")

WOMEN: tuple[str, ...] = tuple(_PEOPLE["women"])
MEN: tuple[str, ...] = tuple(_PEOPLE["men"])
PEOPLE: tuple[str, ...] = WOMEN + MEN
CONTINENTS: tuple[str, ...] = tuple(_PEOPLE["continents"])
CITIES: tuple[str, ...] = tuple(_PEOPLE["cities"])
JOBS: dict[str, str] = _PEOPLE["jobs"]
JOB_PLACES: dict[str, str] = _PEOPLE["job_places"]


@dataclass(frozen=True, slots=True)
class Country:
    """A country with one clear answer to each of the usual questions."""

    capital: str
    continent: str
    language: str
    adjective: str
    currency: str


@dataclass(frozen=True, slots=True)
class Animal:
    """An animal; `sound` and `young` are empty where there is no usual word, `size` is in rough kilograms."""

    kind: str
    home: str
    food: str
    sound: str
    young: str
    legs: int
    flies: bool
    size: float


COUNTRIES: dict[str, Country] = {name: Country(**row) for name, row in read("facts/countries").items()}
ANIMALS: dict[str, Animal] = {name: Animal(**row) for name, row in read("facts/animals").items()}

FRUITS: tuple[str, ...] = tuple(_THINGS["fruits"])
VEGETABLES: tuple[str, ...] = tuple(_THINGS["vegetables"])
DRINKS: tuple[str, ...] = tuple(_THINGS["drinks"])
FOODS: tuple[str, ...] = tuple(_THINGS["foods"])
CLOTHES: tuple[str, ...] = tuple(_THINGS["clothes"])
FURNITURE: tuple[str, ...] = tuple(_THINGS["furniture"])
VEHICLES: tuple[str, ...] = tuple(_THINGS["vehicles"])
COLORS: tuple[str, ...] = tuple(_THINGS["colors"])
GOODS: tuple[str, ...] = tuple(_THINGS["goods"])
TOOLS: dict[str, str] = _THINGS["tools"]
OBJECTS: dict[str, str] = TOOLS | _THINGS["other_objects"]

DAYS: tuple[str, ...] = tuple(_TIME["days"])
MONTHS: tuple[str, ...] = tuple(_TIME["months"])
SEASONS: dict[str, list[str]] = _TIME["seasons"]
NUMBER_WORDS: tuple[str, ...] = tuple(_TIME["number_words"])
ROMAN_NUMERALS: tuple[str, ...] = tuple(_TIME["roman_numerals"])
TENS: dict[int, str] = {int(number): word for number, word in _TIME["tens"].items()}

CLOSED_SETS: dict[str, Sequence[str]] = {
    "people": PEOPLE,
    "women": WOMEN,
    "men": MEN,
    "cities": CITIES,
    "days": DAYS,
    "jobs": tuple(JOBS),
    "fruits": FRUITS,
    "vegetables": VEGETABLES,
    "clothes": CLOTHES,
    "furniture": FURNITURE,
    "vehicles": VEHICLES,
}
"""The sets that a section of `data/tasks` may name instead of listing its words."""
