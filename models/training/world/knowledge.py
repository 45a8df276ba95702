"""Families that look a fact up: the calendar, countries, work and things."""

from __future__ import annotations

from collections.abc import Sequence

from .facts import COUNTRIES, DAYS, JOB_PLACES, JOBS, MONTHS, OBJECTS, SEASONS
from .grammar import Family
from .makers import lookup, sorting


def _shifted(names: Sequence[str], step: int) -> dict[str, str]:
    """Map each name to the one `step` places further round the circle."""
    return {name: names[(index + step) % len(names)] for index, name in enumerate(names)}


DATES: tuple[Family, ...] = (
    lookup("next_day", _shifted(DAYS, 1)),
    lookup("previous_day", _shifted(DAYS, -1)),
    lookup("next_month", _shifted(MONTHS, 1)),
    lookup("previous_month", _shifted(MONTHS, -1)),
    lookup("season", {month: season for season, months in SEASONS.items() for month in months}),
)
"""Days, months and seasons and what comes next."""

PLACES: tuple[Family, ...] = (
    lookup("capital", {name: country.capital for name, country in COUNTRIES.items()}),
    lookup("country_of_capital", {country.capital: name for name, country in COUNTRIES.items()}),
    lookup("continent", {name: country.continent for name, country in COUNTRIES.items()}),
    lookup("language", {name: country.language for name, country in COUNTRIES.items()}),
    lookup("currency", {name: country.currency for name, country in COUNTRIES.items()}),
    lookup("nationality", {name: country.adjective for name, country in COUNTRIES.items()}),
)
"""Countries and their capitals, continents, languages, money and adjectives."""

THINGS: tuple[Family, ...] = (
    lookup("workplace", JOB_PLACES),
    lookup("job_duty", JOBS),
    lookup("object_use", OBJECTS),
    lookup("made_of"),
    lookup("color"),
    sorting("living"),
    sorting("fruit_or_vegetable"),
    sorting("hot_or_cold"),
    sorting("category"),
)
"""Jobs, tools, materials, colors and kinds of things."""
