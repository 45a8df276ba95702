"""Worked examples chosen by rule, and lengths that follow what the seed tasks have."""

import pytest

from app.method.demonstrations import Outputs, choose
from app.method.lengths import length
from app.method.prompts import Demonstration

ESSAY = "It rained all day, and so the river rose above its banks and ran into the cellars of the town. " * 8
POOL = [
    Demonstration("Name the colour of the thing.", "snow", "white"),
    Demonstration("Repeat the last word.", "one two three", "three"),
    Demonstration("Is the sentence friendly or rude?", "Go away!", "rude"),
    Demonstration("Is this sentence friendly or rude?", "Come in, please!", "friendly"),
    Demonstration("Give the plural.", "mouse", ""),
    Demonstration("Count the letters.", "abc", "3"),
    Demonstration(
        "Describe the weather in two sentences.", "storm", "The wind bends trees. Rain falls hard."
    ),
    Demonstration("Tell the story of the flood.", "the town by the river", ESSAY),
]


def chosen(count: int, *outputs: str) -> list[str]:
    return [task.output for task in choose(POOL, count, Outputs.of(outputs))]


def test_terse_seed_tasks_give_terse_examples() -> None:
    assert chosen(3, "yes", "no", "blue", "12") == ["white", "rude", "3"]


def test_long_seed_tasks_give_long_examples() -> None:
    assert chosen(1, ESSAY, ESSAY + ESSAY) == [ESSAY]
    assert max(map(length, chosen(3, "yes", "no", *[ESSAY] * 6))) == length(ESSAY)


def test_without_known_outputs_the_first_are_taken() -> None:
    assert chosen(3) == ["white", "rude", "friendly"]


def test_an_output_that_stands_in_its_input_or_is_missing_is_never_shown() -> None:
    every = chosen(99, "yes")
    assert "three" not in every and "" not in every and len(every) == len(POOL) - 2
    inside = [Demonstration("Which vehicle?", "He likes cars.", "car")]
    assert choose(inside, 1, Outputs.of(["x"])) == inside, "a part of a word is no copy"


def test_of_two_tasks_that_are_alike_one_is_shown_while_there_are_others() -> None:
    assert not {"rude", "friendly"} <= set(chosen(3, "yes", "no"))
    assert {"rude", "friendly"} <= set(chosen(99, "yes", "no"))


def test_the_limit_follows_the_lengths_of_the_outputs() -> None:
    assert Outputs.of(["yes", "no"]).limit(512) == 32
    assert Outputs.of([ESSAY]).limit(256) == pytest.approx(len(ESSAY) * 2 / 3, abs=3)
    assert Outputs.of(["", " "]).limit(512) == 512, "nothing is known"
    one_outlier = Outputs.of([*["yes"] * 39, ESSAY])
    assert one_outlier.limit(512) == 32


def test_what_stands_in_the_outputs_does_not_end_answers() -> None:
    stops = ("\n\n", "\ninput:")
    assert Outputs.of(["a\n\nb", "c"]).ends(stops) == ("\ninput:",)
    assert Outputs.of(["a\n\nb", *["c"] * 20]).ends(stops) == stops, "one in twenty must not let all run on"
    assert Outputs().ends(stops) == stops


def test_lengths_are_counted_in_every_script() -> None:
    assert Outputs.of(["東京都"]).median == 3
    assert Outputs.of(["東京都" * 40]).limit(64) == 240
