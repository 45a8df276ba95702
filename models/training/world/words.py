"""Families about single words (kind A)."""

from __future__ import annotations

from . import word_classes, word_forms, word_meanings
from .grammar import Family

FAMILIES: tuple[Family, ...] = word_forms.FAMILIES + word_classes.FAMILIES + word_meanings.FAMILIES
