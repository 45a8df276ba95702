"""What a plan knows before a run starts."""

from __future__ import annotations

from dataclasses import replace

import pytest

from app.intake.seeds import SeedTask
from app.method.recipe import load
from app.run.plan import default_plan

GERMAN = "Nenne drei Städte, die größer als München sind, und erkläre kurz, warum man sie mögen könnte."
RUSSIAN = "Назови три города и объясни, чем они знамениты."
CHINESE = "说出三个城市的名字，并说明它们为什么有名。"


def seed(text: str) -> SeedTask:
    return SeedTask("one", "one", text, (("", text),), False, "")


@pytest.mark.parametrize(("text", "blind"), [(GERMAN, False), (RUSSIAN, True), (CHINESE, True)])
def test_a_run_says_what_its_tokeniser_cannot_see(text: str, blind: bool, bundled_models: object) -> None:
    plan = replace(default_plan(), recipe=load("self-instruct"), seeds=(seed(text),))
    assert bool(plan.blind_spot()) is blind
    if blind:
        assert "100% of the letters" in plan.blind_spot()
        assert '"auto"' in plan.blind_spot()
    for tokeniser in ("auto", "unicode"):
        seeing = replace(plan, recipe=plan.recipe.model_copy(update={"tokeniser": tokeniser}))
        assert seeing.blind_spot() == ""


def test_the_seed_tasks_that_ship_are_seen(bundled_models: object) -> None:
    assert default_plan().blind_spot() == ""
