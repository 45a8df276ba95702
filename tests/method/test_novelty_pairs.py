"""All near pairs of a set, against comparing every pair with rouge_score."""

from __future__ import annotations

from itertools import combinations
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rouge_score import rouge_scorer

from app.method import novelty
from app.method.novelty import highest_between, near_pairs

SCORER = rouge_scorer.RougeScorer(["rougeL"], use_stemmer=False)
TEXTS = st.lists(
    st.lists(st.sampled_from(["a", "b", "c", "d", "e", "f"]), max_size=9).map(" ".join), max_size=12
)


def reference(one: str, other: str) -> float:
    return float(SCORER.score(one, other)["rougeL"].fmeasure)


@settings(max_examples=150, deadline=None)
@given(texts=TEXTS, threshold=st.sampled_from([0.3, 0.5, 0.7, 0.9]))
def test_near_pairs_are_those_that_rouge_score_finds(texts: list[str], threshold: float) -> None:
    expected = {
        (i, j) for i, j in combinations(range(len(texts)), 2) if reference(texts[i], texts[j]) > threshold
    }
    assert {tuple(sorted(pair)) for pair in near_pairs(texts, threshold)} == expected


def test_blocks_of_any_size_find_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    random = Random(5)
    texts = [" ".join(random.choices("abcdefgh", k=random.randint(0, 14))) for _ in range(150)]
    whole = {tuple(sorted(pair)) for pair in near_pairs(texts, 0.6)}
    monkeypatch.setattr(novelty, "_ROWS", 7)
    monkeypatch.setattr(novelty, "_COLUMNS", 11)
    assert {tuple(sorted(pair)) for pair in near_pairs(texts, 0.6)} == whole != set()
    expected = max(reference(one, other) for one in texts[:70] for other in texts[70:])
    assert highest_between(texts[:70], texts[70:])[0] == expected


@settings(max_examples=80, deadline=None)
@given(some=TEXTS, others=TEXTS)
def test_the_highest_between_two_sets_is_that_of_rouge_score(some: list[str], others: list[str]) -> None:
    expected = max((reference(one, other) for one in some for other in others), default=0.0)
    score, at, to = highest_between(some, others)
    assert score == pytest.approx(expected, abs=1e-12)
    if score:
        assert reference(some[at], others[to]) == score
