"""The pool decides as one-by-one comparison with the reference package would."""

import random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rouge_score.rouge_scorer import RougeScorer

from app.method.novelty import Novelty, Pool, common_lengths, common_within

SCORER = RougeScorer(["rougeL"], use_stemmer=False)
WORDS = [f"w{number}" for number in range(12)]


def one_by_one(known: list[str], texts: list[str], threshold: float) -> list[Novelty]:
    pool = list(known)
    judged = []
    for text in texts:
        scores = [SCORER.score(text, other)["rougeL"].fmeasure for other in pool]
        best = max(scores, default=0.0)
        nearest = pool[scores.index(best)] if best > 0 else ""
        mean = float(np.mean(scores)) if scores else 0.0
        judged.append(Novelty(not best > threshold, best, nearest, mean))
        if judged[-1].keep:
            pool.append(text)
    return judged


def some_texts(rng: random.Random, count: int) -> list[str]:
    return [" ".join(rng.choices(WORDS, k=rng.randrange(0, 9))) for _ in range(count)]


@pytest.mark.parametrize("seed", range(4))
def test_a_batch_is_judged_exactly_as_one_by_one(seed: int) -> None:
    rng = random.Random(seed)
    known, texts = some_texts(rng, 20), some_texts(rng, 150)
    pool = Pool()
    pool.add(known)
    judged = pool.judge(texts, 0.7)
    assert judged == one_by_one(known, texts, 0.7)
    kept = [judgement.keep for judgement in judged]
    assert any(kept) and not all(kept)
    assert len(pool) == len(known) + sum(kept)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.text(max_size=12), max_size=5),
    st.lists(st.text("ab c1É", max_size=12), max_size=8),
    st.sampled_from([0.0, 0.5, 0.7, 1.0]),
)
def test_any_batch_is_judged_exactly_as_one_by_one(
    known: list[str], texts: list[str], threshold: float
) -> None:
    pool = Pool()
    pool.add(known)
    assert pool.judge(texts, threshold) == one_by_one(known, texts, threshold)


def test_the_way_a_stream_is_cut_into_batches_changes_nothing() -> None:
    texts = some_texts(random.Random(9), 140)
    whole, parts = Pool(), Pool()
    judged = [parts.judge([text], 0.6)[0] for text in texts]
    assert whole.judge(texts, 0.6) == judged


def test_a_score_of_just_the_threshold_is_kept_and_one_above_is_dropped() -> None:
    pool = Pool()
    pool.add(["a b c"])
    assert pool.judge(["a b d"], 2 / 3)[0].keep  # 2 of 3 both ways
    assert not pool.judge(["a b e"], 0.66)[0].keep


def test_an_empty_pool_keeps_the_first_text_and_drops_its_repetition() -> None:
    first, second = Pool().judge(["Name a colour.", "name a COLOUR"], 0.7)
    assert first == Novelty(keep=True, score=0.0, nearest="", mean=0.0)
    assert second == Novelty(keep=False, score=1.0, nearest="Name a colour.", mean=1.0)


def test_very_long_texts_are_judged_like_any_other() -> None:
    long = " ".join(f"w{number}" for number in range(70_000))
    pool = Pool()
    pool.add([long])
    assert pool.judge([long + " more"], 0.7)[0].score > 0.99


@pytest.mark.parametrize("near", ["Напишите стихотворение о весне, пожалуйста", "写一首关于秋天的诗"])
def test_another_script_is_judged_by_its_own_words(near: str) -> None:
    known = ["Напишите стихотворение о весне", "写一首关于春天的诗"]
    blind, seeing = Pool(), Pool("unicode")
    blind.add(known)
    seeing.add(known)
    assert blind.judge([near], 0.7)[0].score == 0
    judged = seeing.judge([near], 0.7)[0]
    assert not judged.keep and judged.nearest in known


def test_a_very_long_text_is_compared_with_those_before_it_as_any_other() -> None:
    rows = ["abc" * 10, "abd" * 25_000, "bca" * 20, "ab" * 5]
    found, whole = common_within(rows), common_lengths(rows, rows)
    assert all(found[row, before] == whole[row, before] for row in range(len(rows)) for before in range(row))
