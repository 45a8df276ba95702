from __future__ import annotations

import random
from math import comb

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.method.consensus import (
    THRESHOLDS,
    Answers,
    choice_of,
    ensembles,
    part_of,
    survives,
    vote,
    vote_again,
)
from app.method.recipe_parts import Rule

RULES: tuple[Rule, ...] = ("released", "paper", "quorum")
ANSWERS = st.lists(st.text("ab c.", max_size=8), min_size=1, max_size=5)


@given(
    ANSWERS, st.sampled_from(RULES), st.floats(0, 1), st.one_of(st.sampled_from(THRESHOLDS), st.floats(0, 1))
)
def test_what_survives_another_threshold_is_what_a_vote_with_it_keeps(
    answers: list[str], rule: Rule, threshold: float, other: float
) -> None:
    assert survives(vote(answers, rule, threshold), other) == vote(answers, rule, other).keep


@given(ANSWERS, st.sampled_from(RULES), st.floats(0, 1), st.randoms())
def test_a_part_of_the_scores_gives_the_vote_of_those_candidates(
    answers: list[str], rule: Rule, threshold: float, rng: random.Random
) -> None:
    members = sorted(rng.sample(range(len(answers)), rng.randint(1, len(answers))))
    chosen = [answers[at] for at in members]
    whole = vote(answers, "quorum", 0.5)
    choice = choice_of(rule, threshold, "rouge-score")
    [again] = vote_again([(Answers(chosen), part_of(whole, members))], choice)
    assert again == vote(chosen, rule, threshold)


@pytest.mark.parametrize("count", range(1, 17))
def test_every_candidate_is_left_in_equally_often(count: int) -> None:
    for size in range(count + 1):
        found = ensembles(count, size)
        assert len(set(found)) == len(found) <= max(20, count)
        assert all(len(set(members)) == size for members in found)
        often = {at: sum(at in members for members in found) for at in range(count)}
        assert len(set(often.values())) == 1
        if comb(count, size) <= 20:
            assert len(found) == comb(count, size)
