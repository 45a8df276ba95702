"""What asks about nothing is not admitted where the recipe says so, whichever list it was written in."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, cast

import pytest

from app.method.recipe import load
from app.method.terms import Kind
from app.run.admission import fresh_state, judge


@pytest.mark.parametrize("kind", ["A", "B"])
@pytest.mark.parametrize(
    ("recipe", "reason"),
    [
        ("ensemble-instruct", "senseless"),
        ("ensemble-instruct-released", None),
        ("ensemble-instruct-paper", None),
    ],
)
async def test_only_the_recipe_that_says_so_drops_what_asks_about_nothing(
    recipe: str, reason: str | None, kind: Kind
) -> None:
    ctx = cast(Any, SimpleNamespace(recipe=load(recipe), seeds_of=lambda _kind: []))
    verdict = await judge(ctx, fresh_state(ctx, kind), "What is the difference between a river and a river?")
    assert verdict.reason == reason
    other = await judge(ctx, fresh_state(ctx, kind), "What is the difference between a river and a canal?")
    assert other.reason is None


async def test_what_works_on_an_input_may_name_the_same_thing_twice() -> None:
    ctx = cast(Any, SimpleNamespace(recipe=load("ensemble-instruct"), seeds_of=lambda _kind: []))
    verdict = await judge(
        ctx, fresh_state(ctx, "A"), "Put the words of the sentence into a sentence of other words."
    )
    assert verdict.reason is None
