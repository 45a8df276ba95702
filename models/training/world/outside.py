"""Requests outside the world: what nobody can know, made-up names, and task types the world does not contain.

The right answer is always the same honest sentence.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from .data import Table, read
from .english import with_article
from .facts import ANIMALS, CITIES, COUNTRIES, DAYS, FRUITS, JOBS, MONTHS, OBJECTS, PEOPLE, VEGETABLES
from .grammar import Draw, Family, expand
from .makers import ask_of_input, ask_of_name
from .registry import FAMILIES as INSIDE

UNKNOWN = "I do not know."
_OUTSIDE = read("outside")

_UNKNOWABLE: list[str] = _OUTSIDE["unknowable"]["requests"]
_NAMES: dict[str, list[str]] = _OUTSIDE["names"]
_UNANSWERABLE: dict[str, list[str]] = {
    family: _NAMES[names] for family, names in _OUTSIDE["unanswerable"].items()
}
_REQUESTS: tuple[tuple[str, list[str]], ...] = tuple(
    (request, _NAMES[names]) for names, requests in _OUTSIDE["requests"].items() for request in requests
)

# An input comes from a closed set or, so that it has the very shape, from a family of the world.
_CLOSED: dict[str, Sequence[str]] = {
    "country": tuple(COUNTRIES),
    "city": CITIES,
    "animal": tuple(ANIMALS),
    "food": FRUITS + VEGETABLES,
    "thing": tuple(OBJECTS),
    "person": PEOPLE,
    "day": DAYS,
    "month": MONTHS,
    "job": tuple(JOBS),
}
_BORROWED: dict[str, list[str]] = _OUTSIDE["shapes"]["borrowed"]
_NOUNS: dict[str, list[str]] = _OUTSIDE["shapes"]["nouns"]
_INSIDE: dict[str, Family] = {family.name: family for family in INSIDE}


@dataclass(frozen=True, slots=True)
class OutsideTask:
    """A task nobody in the world can do: with an input of the given shape, or with `<it>` in the request."""

    shape: str
    phrasings: tuple[str, ...]
    plain: tuple[str, ...]


def _task(entry: Table) -> OutsideTask:
    """Return the task that an entry of the data describes; `what` fills the forms that all tasks share."""
    shape = entry["shape"]
    whats = entry.get("what", entry.get("what_of_input"))
    with_input = ask_of_input(whats, _NOUNS[shape]) if whats else ()
    without_input = ask_of_name(entry["what"]) if "what" in entry else ()
    return OutsideTask(
        shape,
        (*with_input, *entry.get("phrasings", ())),
        (*without_input, *entry.get("plain", ())),
    )


_TASKS = tuple(_task(entry) for entry in _OUTSIDE["task"])
_PLAIN_TASKS = tuple(task for task in _TASKS if task.plain)

_PLAIN_SHARE_MADE_UP, _PLAIN_SHARE_UNKNOWABLE = 0.2, 0.3
_INPUT_SHARE_MADE_UP = 0.2
_MASS_NOUNS = frozenset({"scissors", "soap", "glue", "spinach", "broccoli", "lettuce", "garlic", "celery"})


def _an(noun: str) -> str:
    return noun if noun in _MASS_NOUNS else with_article(noun)


def _quoted(word: str) -> str:
    return f'"{word}"'


# How a request without input names what the request with input would get as its input.
_NAMED: dict[str, Callable[[str], str]] = {
    "animal": _an,
    "food": _an,
    "thing": _an,
    "job": _an,
    "word": _quoted,
}


def _sample(shape: str, rng: random.Random) -> str:
    """Draw an input of the shape."""
    if shape in _CLOSED:
        return rng.choice(_CLOSED[shape])
    return _INSIDE[rng.choice(_BORROWED[shape])].draw(rng).input


def _draw_input(rng: random.Random) -> Draw:
    if rng.random() < _INPUT_SHARE_MADE_UP:
        name = rng.choice(tuple(_UNANSWERABLE))
        request, given = expand(rng.choice(_INSIDE[name].phrasings), rng), rng.choice(_UNANSWERABLE[name])
    else:
        task = rng.choice(_TASKS)
        request, given = expand(rng.choice(task.phrasings), rng), _sample(task.shape, rng)
    return Draw(given, UNKNOWN, {"request": request})


def _plain_pair(rng: random.Random) -> str:
    return f"{rng.randint(2, 30)} and {rng.randint(2, 30)}"


def _plain_request(rng: random.Random) -> str:
    share = rng.random()
    if share < _PLAIN_SHARE_MADE_UP:
        template, names = rng.choice(_REQUESTS)
        name = rng.choice(names)
        return expand(template, rng, {"it": name, "a_it": with_article(name)})
    if share < _PLAIN_SHARE_MADE_UP + _PLAIN_SHARE_UNKNOWABLE:
        return expand(rng.choice(_UNKNOWABLE), rng)
    task = rng.choice(_PLAIN_TASKS)
    word = _plain_pair(rng) if task.shape == "pair" else _sample(task.shape, rng)
    return expand(rng.choice(task.plain), rng, {"it": _NAMED.get(task.shape, str)(word)})


def _draw_plain(rng: random.Random) -> Draw:
    return Draw("", UNKNOWN, {"request": _plain_request(rng)})


OUTSIDE: tuple[Family, ...] = (
    Family("outside_input", "A", ("<request>",), _draw_input),
    Family("outside_plain", "B", ("<request>",), _draw_plain),
)
"""Requests that lie outside the world; the right answer to them is to say so."""
