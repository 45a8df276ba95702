"""How varied texts are: windows counted as by hand, the growth of a vocabulary, verbs and nouns."""

from __future__ import annotations

import random

import pytest

from app.method.distribution import distribution
from app.method.diversity import distinct_in_windows, growth
from app.method.roots import root


def test_distinct_words_in_windows_are_those_that_counting_each_window_gives() -> None:
    rng = random.Random(3)
    for size in (3, 49, 50, 51, 200):
        text = "".join(rng.choices("abcdefghijklmnopqrstuvwxyz", k=size))
        windows = [len(set(text[at : at + 50])) for at in range(size - 49)]
        assert distinct_in_windows(text) == (sum(windows), max(0, size - 49))


def test_a_vocabulary_grows_by_the_words_that_were_not_seen_before() -> None:
    assert growth([(3, {"a", "b"}), (2, {"b"}), (1, {"c"})]) == [(0, 0), (3, 2), (5, 2), (6, 3)]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Write a short poem about the ocean.", ("write", "poem")),
        ("Name three animals that live in the sea.", ("name", "animal")),
        ("Given a paragraph, find the main idea.", ("find", "idea")),
        ("Tell me a story about dogs.", ("tell", "story")),
        ("Please explain why the sky is blue.", ("explain", "")),
        ("What is the capital of France?", ("", "")),
        ("I'm a student.", ("", "")),
        ("Créez une phrase.", ("", "")),
        ("把这句话翻译成英文。", ("", "")),
        ("", ("", "")),
    ],
)
def test_verb_and_noun_are_what_the_instruction_asks_for(text: str, found: tuple[str, str]) -> None:
    assert root(text) == found


def test_numbers_lie_in_bars_of_round_width_that_hold_all_of_them() -> None:
    words = distribution({"1": 2, "10": 1, "20": 97, "900": 1})
    assert (words.count, words.quantile(0.5), words.quantile(1.0)) == (101, 20, 900)
    bars = words.bars()
    assert sum(number for *_, number in bars) == 101
    assert {end - start for start, end, _ in bars} == {1.0} and bars[-1][:2] == (20, 21)
    assert distribution({}).bars() == [] and distribution({}).mean == 0
    assert [number for *_, number in distribution({"0.50": 2, "0.51": 1, "1.00": 1}).bars()][-1] == 1
