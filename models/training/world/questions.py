"""Families without input: questions about facts and everyday things, answered in a sentence."""

from __future__ import annotations

import random

from .data import section
from .english import upper_first, with_article
from .facts import COUNTRIES, DAYS, JOB_PLACES, JOBS, MONTHS, NUMBER_WORDS, OBJECTS, SEASONS
from .grammar import Draw, Family
from .makers import family, reply_family
from .words import DEFINITIONS, FRENCH, GERMAN, OPPOSITES, SPANISH

_MASS_NOUNS = frozenset({"scissors", "soap", "glue"})
_WORK_PREPOSITIONS = {"farm": "on", "ship": "on", "army base": "on", "space station": "on", "school": "at"}


def _thing(noun: str) -> str:
    return noun if noun in _MASS_NOUNS else with_article(noun)


def _draw_sum(rng: random.Random) -> Draw:
    first, second = rng.randint(1, 10), rng.randint(1, 10)
    left, right, total = NUMBER_WORDS[first], NUMBER_WORDS[second], NUMBER_WORDS[first + second]
    return Draw("", f"{left.capitalize()} plus {right} is {total}.", {"left": left, "right": right})


def _draw_next(rng: random.Random) -> Draw:
    names = rng.choice((DAYS, MONTHS))
    index = rng.randrange(len(names))
    after = names[(index + 1) % len(names)]
    slots = {"kind": "day" if names is DAYS else "month", "now": names[index]}
    return Draw("", f"{after} comes after {names[index]}.", slots)


_TRANSLATIONS = tuple(
    (language, word, foreign)
    for language, words in (("French", FRENCH), ("Spanish", SPANISH), ("German", GERMAN))
    for word, foreign in words.items()
)


def _draw_translation(rng: random.Random) -> Draw:
    language, word, foreign = rng.choice(_TRANSLATIONS)
    return Draw("", f"The {language} word for {word} is {foreign}.", {"language": language, "word": word})


ABOUT_FACTS: tuple[Family, ...] = (
    reply_family("capital_question", country={name: country.capital for name, country in COUNTRIES.items()}),
    reply_family(
        "language_question", country={name: country.language for name, country in COUNTRIES.items()}
    ),
    reply_family(
        "continent_question", country={name: country.continent for name, country in COUNTRIES.items()}
    ),
    reply_family("country_question", city={country.capital: name for name, country in COUNTRIES.items()}),
    reply_family(
        "object_use_question",
        thing={_thing(noun): f"{_thing(noun)} to {use}" for noun, use in OBJECTS.items()},
    ),
    reply_family(
        "which_thing_question",
        use={use: _thing(noun) for noun, use in OBJECTS.items() if "your" not in use},
    ),
    reply_family("job_question", job=JOBS),
    reply_family("who_question", task={task: with_article(job).capitalize() for job, task in JOBS.items()}),
    reply_family(
        "workplace_question",
        job={
            job: f"{_WORK_PREPOSITIONS.get(place, 'in')} {with_article(place)}"
            for job, place in JOB_PLACES.items()
        },
    ),
    reply_family("opposite_question", word=OPPOSITES),
    family("translation_question", "B", _draw_translation),
    family("calendar_question", "B", _draw_next),
    reply_family(
        "season_question", month={month: season for season, months in SEASONS.items() for month in months}
    ),
    family("sum_question", "B", _draw_sum),
)

_REASONS: dict[str, str] = section("why_question")["answers"]


def _draw_why(rng: random.Random) -> Draw:
    question, answer = rng.choice(tuple(_REASONS.items()))
    claim = answer.split(" because ")[0]
    slots = {"question": question, "Fact": claim, "fact": claim[0].lower() + claim[1:]}
    return Draw("", answer, slots)


_UNITS: list[tuple[str, str, str]] = section("unit_question")["units"]


def _draw_unit(rng: random.Random) -> Draw:
    part, whole, number = rng.choice(_UNITS)
    verb = "have" if whole.endswith("s") else "has"
    return Draw("", f"{upper_first(whole)} {verb} {number} {part}.", {"part": part, "whole": whole})


_CATEGORIES: dict[str, list[str]] = section("list_things")["categories"]
_COUNTS = ("two", "three", "four")


def _draw_list(rng: random.Random) -> Draw:
    category, words = rng.choice(tuple(_CATEGORIES.items()))
    length = rng.randrange(len(_COUNTS))
    return Draw("", ", ".join(words[: length + 2]), {"count": _COUNTS[length], "category": category})


EVERYDAY_THINGS: tuple[Family, ...] = (
    family("why_question", "B", _draw_why),
    reply_family(
        "definition_question",
        thing={word: meaning for word, meaning in DEFINITIONS.items() if word != "breakfast"},
    ),
    reply_family("quiz_question"),
    reply_family("pros_cons"),
    reply_family("color_question"),
    family("unit_question", "B", _draw_unit),
    family("list_things", "B", _draw_list),
    reply_family("fun_fact"),
    reply_family("taste_question"),
    reply_family("material_question"),
    reply_family("shop_question"),
)
