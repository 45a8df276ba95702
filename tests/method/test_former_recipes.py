"""A run that began with a built-in recipe as it was earlier is resumed with it."""

import pytest

from app.method import former_recipes
from app.method.former_recipes import FORMER, began_with_former
from app.method.recipe import Recipe, builtin_names, load


def with_topics(recipe: Recipe, *topics: str) -> Recipe:
    stage = recipe.instructions.model_copy(update={"topics": topics})
    return recipe.model_copy(update={"instructions": stage})


@pytest.fixture
def earlier(monkeypatch: pytest.MonkeyPatch) -> Recipe:
    """lamini-topic as it might have been."""
    recipe = load("lamini-topic").model_copy(update={"share_a": 0.25})
    monkeypatch.setattr(former_recipes, "FORMER", {"lamini-topic": frozenset({recipe.recipe_hash})})
    return recipe


def test_a_former_recipe_is_known_by_its_hash(earlier: Recipe) -> None:
    present = load("lamini-topic")
    assert began_with_former(earlier, present)
    assert began_with_former(with_topics(earlier, "sea", "sky"), with_topics(present, "sea", "sky"))


def test_other_topics_and_other_recipes_are_other_runs(earlier: Recipe) -> None:
    present = load("lamini-topic")
    assert not began_with_former(with_topics(earlier, "sea"), with_topics(present, "sky"))
    assert not began_with_former(earlier, load("lamini-example"))
    assert not began_with_former(present.model_copy(update={"share_a": 0.3}), present)
    mine = present.model_copy(update={"share_a": 0.75})
    assert not began_with_former(earlier, mine), "a recipe of one's own under the same name"


def test_former_hashes_are_of_recipes_that_ship() -> None:
    assert set(FORMER) == set(builtin_names())
    assert all(len(hash) == 64 for hashes in FORMER.values() for hash in hashes)
