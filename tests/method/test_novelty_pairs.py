"""All near pairs of a set, against comparing every pair with rouge_score."""

from __future__ import annotations

from itertools import combinations
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rouge_score import rouge_scorer

from app.method import novelty
from app.method.near_groups import near_groups, nearest_apart
from app.method.novelty import near_pairs

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


@settings(max_examples=80, deadline=None)
@given(texts=TEXTS, split=st.data())
def test_the_nearest_apart_are_those_of_rouge_score(texts: list[str], split: st.DataObject) -> None:
    sides = split.draw(st.lists(st.sampled_from("abc"), min_size=len(texts), max_size=len(texts)))
    apart = [(i, j) for i, j in combinations(range(len(texts)), 2) if sides[i] != sides[j]]
    expected = max((reference(texts[i], texts[j]) for i, j in apart), default=0.0)
    score, one, other = nearest_apart(texts, sides)
    assert score == pytest.approx(expected, abs=1e-12)
    if score:
        assert sides[one] != sides[other] and reference(texts[one], texts[other]) == pytest.approx(score)


def plain_groups(texts: list[str], threshold: float) -> list[int]:
    """Join every near pair, one after the other."""
    group = list(range(len(texts)))
    for i, j in near_pairs(texts, threshold):
        first, other = sorted((group[i], group[j]))
        group = [first if one == other else one for one in group]
    return group


@settings(max_examples=150, deadline=None)
@given(texts=TEXTS, threshold=st.sampled_from([0.3, 0.5, 0.7, 0.9]))
def test_groups_are_those_that_all_near_pairs_join(texts: list[str], threshold: float) -> None:
    assert near_groups(texts, threshold) == plain_groups(texts, threshold)


@pytest.mark.parametrize("form", ["Translate w{} into French.", "Say {} of w{} and w{}.", "w{} w{}", "same"])
def test_groups_of_many_alike_texts_are_found_too(form: str) -> None:
    random = Random(form)
    texts = [form.format(*(random.randrange(40) for _ in range(3))) for _ in range(400)]
    texts += [" ".join(random.choices("abcdefghijkl", k=random.randint(2, 30))) for _ in range(200)]
    random.shuffle(texts)
    assert near_groups(texts, 0.7) == plain_groups(texts, 0.7)
