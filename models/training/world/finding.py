"""Families that find something in a sentence: who, when, where, yes or no, a city, a color, an animal."""

from __future__ import annotations

import random
from collections.abc import Sequence

from .data import section
from .english import upper_first, with_article
from .facts import ANIMALS, CITIES, COLORS, DAYS, GOODS, JOBS, PEOPLE
from .grammar import Draw, Family, fill
from .makers import family
from .sentence_parts import ACTIONS, ANYWHERE, EVENT_PLACES, EVENTS, HAPPENINGS, PLACES, TIMES, person


def _happening(rng: random.Random) -> tuple[str, str, str, str]:
    """Draw a sentence that tells who did something, where and when; return it with these three."""
    name, action = person(rng), rng.choice(ANYWHERE)
    place, time = rng.choice(PLACES), rng.choice(TIMES)
    slots = {"name": name, "place": place, "time": time, **action.slots()}
    return fill(rng.choice(HAPPENINGS), slots), name, place, time


_WHO: list[str] = section("who")["sentences"]


def _who(rng: random.Random) -> Draw:
    happening, name, _, time = _happening(rng)
    action, goods, color, city = (
        rng.choice(ACTIONS),
        rng.choice(GOODS),
        rng.choice(COLORS),
        rng.choice(CITIES),
    )
    slots = {
        "name": name,
        "time": time,
        "Time": upper_first(time),
        "goods": goods,
        "color": color,
        "city": city,
    }
    return Draw(fill(rng.choice((happening, happening, *_WHO)), slots | action.slots()), name)


_WHEN: list[str] = section("when")["sentences"]


def _when(rng: random.Random) -> Draw:
    happening, name, _, time = _happening(rng)
    action, event, place = rng.choice(ACTIONS), rng.choice(EVENTS), rng.choice(EVENT_PLACES)
    slots = {"name": name, "time": time, "event": event, "place": place, **action.slots()}
    return Draw(fill(rng.choice((happening, happening, *_WHEN)), slots), time)


_WHERE_EVENTS: list[str] = section("where")["events"]
_WHERE: list[str] = section("where")["sentences"]


def _where(rng: random.Random) -> Draw:
    text, name, place, time = _happening(rng)
    if rng.random() < 0.35:
        place = rng.choice(EVENT_PLACES)
        slots = {"event": rng.choice(EVENTS), "place": place, "time": time}
        text = fill(rng.choice(_WHERE_EVENTS), slots)
    elif rng.random() < 0.4:
        text = fill(rng.choice(_WHERE), {"name": name, "place": place})
    return Draw(text, place)


_YES_NO: list[str] = section("yes_no_reading")["sentences"]


def _yes_no(rng: random.Random) -> Draw:
    """Draw a fact and a question about it that changes one word, or none."""
    name, same = person(rng), rng.random() < 0.5
    goods, action = rng.choice(GOODS), rng.choice(ACTIONS)
    slots = {"name": name, "goods": goods, **action.slots()}
    pools: dict[str, Sequence[str]] = {
        "color": COLORS,
        "city": CITIES,
        "day": DAYS,
        "job": tuple(JOBS),
        "friend": tuple(other for other in PEOPLE if other != name),
    }
    for slot, words in pools.items():
        stated, other = rng.sample(words, 2)
        asked = stated if same else other
        slots |= {slot: stated, f"asked_{slot}": asked}
        slots |= {f"a_{slot}": with_article(stated), f"a_asked_{slot}": with_article(asked)}
    return Draw(fill(rng.choice(_YES_NO), slots), "yes" if same else "no")


CIRCUMSTANCES: tuple[Family, ...] = (
    family("who", "A", _who),
    family("when", "A", _when),
    family("where", "A", _where),
    family("yes_no_reading", "A", _yes_no),
)

_CITY: list[str] = section("find_city")["sentences"]


def _find_city(rng: random.Random) -> Draw:
    name, city, goods = person(rng), rng.choice(CITIES), rng.choice(GOODS)
    color, time, job = rng.choice(COLORS), rng.choice(TIMES), rng.choice(tuple(JOBS))
    slots = {"name": name, "city": city, "goods": goods, "color": color, "time": time, "job": job}
    return Draw(fill(rng.choice(_CITY), slots | {"a_job": with_article(job)}), city)


_COLOR: list[str] = section("find_color")["sentences"]
_COLORED_CLOTHES: list[str] = section("find_color")["clothes"]


def _find_color(rng: random.Random) -> Draw:
    name, color, goods = person(rng), rng.choice(COLORS), rng.choice(GOODS)
    time, city, clothes = rng.choice(TIMES), rng.choice(CITIES), rng.choice(_COLORED_CLOTHES)
    slots = {"name": name, "color": color, "goods": goods, "time": time, "city": city, "clothes": clothes}
    return Draw(fill(rng.choice(_COLOR), slots | {"a_color": with_article(color)}), color)


# Words that are an animal and nothing else in a sentence.
_ANIMAL_NAMES = tuple(animal for animal in ANIMALS if animal not in ("bat", "tuna", "salmon", "chicken"))
_ANIMAL_COLORS = ("black", "white", "brown")
_ANIMAL: list[str] = section("find_animal")["sentences"]
_ANIMAL_PLACES: list[str] = section("find_animal")["places"]


def _find_animal(rng: random.Random) -> Draw:
    name, animal, color = person(rng), rng.choice(_ANIMAL_NAMES), rng.choice(_ANIMAL_COLORS)
    place, city, time = rng.choice(_ANIMAL_PLACES), rng.choice(CITIES), rng.choice(TIMES)
    slots = {"name": name, "animal": animal, "color": color, "place": place, "city": city, "time": time}
    return Draw(fill(rng.choice(_ANIMAL), slots | {"a_animal": with_article(animal)}), animal)


NAMED_THINGS: tuple[Family, ...] = (
    family("find_city", "A", _find_city),
    family("find_color", "A", _find_color),
    family("find_animal", "A", _find_animal),
)
