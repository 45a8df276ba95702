"""Families without input that write a small text: advertisements, advice, cards, stories, letters, plans."""

from __future__ import annotations

from .data import section
from .grammar import Family
from .makers import reply_families

_DISHES: dict[str, dict[str, str]] = section("recipe")["dishes"]
_RECIPES = {dish: f"{recipe['ingredients']}. Steps: {recipe['steps']}" for dish, recipe in _DISHES.items()}
_INGREDIENTS = {dish: recipe["ingredients"] for dish, recipe in _DISHES.items()}

ADVERTS: tuple[Family, ...] = reply_families("adverts")
ADVICE: tuple[Family, ...] = reply_families("advice")
CARDS: tuple[Family, ...] = reply_families("cards")
CREATIVE: tuple[Family, ...] = reply_families("creative")
LETTERS: tuple[Family, ...] = reply_families("letters")
PLANS: tuple[Family, ...] = reply_families(
    "plans", recipe={"dish": _RECIPES}, ingredients={"dish": _INGREDIENTS}
)
