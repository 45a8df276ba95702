"""Families about facts of the small world (kind A)."""

from __future__ import annotations

from . import animals, dates, places, things
from .grammar import Family

FAMILIES: tuple[Family, ...] = places.FAMILIES + dates.FAMILIES + animals.FAMILIES + things.FAMILIES
