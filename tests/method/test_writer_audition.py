"""In which manner a writer writes best: which there are, how they are compared, what is taken."""

from __future__ import annotations

import json
from collections.abc import Sequence

import pytest

from app.method.recipe import builtin_names, load
from app.method.writer_audition import (
    Attempt,
    Manner,
    WriterAudition,
    cooler,
    manners,
    read_writer_audition,
    scored,
    shortened,
)

CONTINUE, CHAT = Manner("continue", 0.7, 0.05), Manner("chat", 0.7, 0.05)
GOOD, BAD = Attempt(4, 4, 100), Attempt(4, 0, 100)


def heard(default: Sequence[Attempt], other: Sequence[Attempt]) -> WriterAudition:
    scores = [scored(CONTINUE, default, default), scored(CHAT, other, default)]
    return WriterAudition.of(scores, whole=True)


@pytest.mark.parametrize(
    ("recipe", "has_template", "styles"),
    [
        ("ensemble-instruct", False, ["continue", "continue-lines"]),
        ("ensemble-instruct", True, ["continue", "continue-lines", "chat"]),
        ("alpaca", False, ["continue"]),
        ("lamini-topic", True, ["continue", "chat"]),
        ("evol-instruct", True, ["continue", "chat"]),
    ],
)
def test_every_form_that_a_writer_can_take_is_tried_the_default_one_first(
    recipe: str, has_template: bool, styles: list[str]
) -> None:
    assert [manner.style for manner in manners(load(recipe), has_template=has_template)] == styles


def test_a_recipe_that_asks_by_chat_asks_so_first() -> None:
    stage = load("lamini-example").instructions.model_copy(update={"continued": None})
    recipe = load("lamini-example").model_copy(update={"instructions": stage})
    assert [manner.style for manner in manners(recipe, has_template=True)] == ["chat", "continue"]
    assert [manner.style for manner in manners(recipe, has_template=False)] == ["continue"]


def test_only_recipes_that_every_writer_continues_say_how_it_is_asked() -> None:
    fixed = {name for name in builtin_names() if load(name).writer_style}
    assert fixed == {"ensemble-instruct-paper", "ensemble-instruct-released", "more-inputs"}


def test_the_second_setting_is_cooler_or_none() -> None:
    assert cooler(CONTINUE) == Manner("continue", 0.5, 0.1)
    assert cooler(Manner("chat", 0.6, 0.2)) == Manner("chat", 0.5, 0.2)
    assert cooler(Manner("chat", 0.5, 0.0)) is None


@pytest.mark.parametrize(
    ("default", "other", "taken"),
    [
        ([BAD] * 16, [GOOD] * 16, CHAT),
        ([GOOD, *[BAD] * 15], [GOOD, GOOD, *[BAD] * 14], CONTINUE),  # chance explains as much
        ([BAD] * 5, [GOOD] * 5, CONTINUE),  # too few to say anything
        ([BAD, GOOD] * 8, [Attempt(1, 1, 400)] * 16, CONTINUE),  # all of it usable, and hardly anything
        ([GOOD] * 16, [], CONTINUE),
    ],
)
def test_another_manner_is_taken_only_if_it_is_surely_better(
    default: Sequence[Attempt], other: Sequence[Attempt], taken: Manner
) -> None:
    assert heard(default, other).taken == taken


def test_an_audition_says_in_one_line_what_is_taken_and_why() -> None:
    assert heard([BAD] * 16, [GOOD] * 16).line() == (
        "chat, temperature 0.7, min-p 0.05: 64 of 64 instructions usable; "
        "continue, temperature 0.7, min-p 0.05 0 of 64"
    )
    stopped = WriterAudition.of([scored(CONTINUE, [GOOD] * 8, [GOOD] * 8)], whole=False)
    assert stopped.line().endswith("32 of 32 instructions usable; stopped early, after 8 requests")


def test_an_audition_of_a_writer_is_kept_as_json() -> None:
    found = heard([BAD] * 16, [GOOD] * 16)
    assert read_writer_audition(json.dumps(found.to_json())) == found
    for damaged in ("", "{", "[]", "{}", json.dumps({**found.to_json(), "taken": {"style": "chat"}})):
        assert read_writer_audition(damaged) is None


def test_a_recipe_is_written_in_the_manner_that_is_taken() -> None:
    recipe = Manner("chat", 0.5, 0.1).applied(load("alpaca"))
    sampling = recipe.instructions.sampling  # type: ignore[union-attr]
    assert (recipe.writer_style, sampling.temperature, sampling.min_p) == ("chat", 0.5, 0.1)
    assert sampling.max_new_tokens == 768 and recipe.answers == load("alpaca").answers


def test_an_audition_reads_what_is_whole_of_a_short_completion() -> None:
    stage = shortened(load("self-instruct")).instructions
    assert stage.sampling.max_new_tokens == 384 and not stage.drop_cut  # type: ignore[union-attr]
    assert shortened(load("ensemble-instruct")) == load("ensemble-instruct")
