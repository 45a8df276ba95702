"""Scores of `quorum eval`: those of SuperNI's public script, by the package that it uses."""

from __future__ import annotations

import random
import string

import pytest
from rouge_score import rouge_scorer

from app.method.evaluation import Scored, between, bootstrap, measured, scored

# Predictions beside references in the shape of a file of references: several right answers to an instance.
INSTANCES = [
    ("France", ["France"]),
    ("The answer is France.", ["France", "the Republic of France"]),
    ("  true ", ["True."]),
    ("running quickly through the forests", ["He runs quickly through a forest", "ran"]),
    ("", ["nothing", "none at all"]),
    ("x = {1, 2, 3}", ["x={1,2,3}", "x = [1, 2, 3]"]),
    ("Dear Ben,\n\nthank you  for the report.", ["Dear Ben, thank you for the reports!"]),
    ("well-known café", ["well known cafe", "wellknown café"]),
    ("A\tB", ["a b"]),
    ("1. Boil water. 2. Add salt.", ["Boil the water, then add salts", "2. Add salt. 1. Boil water."]),
]


def of_the_script(answer: str, expected: list[str]) -> Scored:
    """Score an answer as `eval/automatic/evaluation.py` describes it, with its own package."""
    scorer = rouge_scorer.RougeScorer(["rougeL"], use_stemmer=True)

    def plain(text: str) -> str:
        return " ".join("".join(c for c in text.lower() if c not in set(string.punctuation)).split())

    rouge = max(scorer.score(target=known, prediction=answer)["rougeL"].fmeasure for known in expected)
    return Scored(rouge, max(plain(answer) == plain(known) for known in expected))


@pytest.mark.parametrize(("answer", "expected"), INSTANCES)
def test_an_answer_scores_what_the_public_script_gives_it(answer: str, expected: list[str]) -> None:
    assert scored(answer, expected) == of_the_script(answer, expected)


def test_many_made_up_answers_score_what_the_public_script_gives_them() -> None:
    rng = random.Random(3)
    words = ["He", "was", "running,", "runs;", "the", "flies", "to", "Tokyo's", "12", "stations", "-", "café"]
    for _ in range(150):
        answer, *expected = (
            " ".join(rng.choices(words, k=rng.randint(0, 9))) for _ in range(rng.randint(2, 4))
        )
        assert scored(answer, expected) == of_the_script(answer, expected)


def test_means_are_those_over_all_instances() -> None:
    scores = [scored(*instance) for instance in INSTANCES]
    held = measured(scores)
    assert held.count == len(INSTANCES)
    assert held.rouge.value == pytest.approx(sum(of_the_script(*one).rouge for one in INSTANCES) / 10)
    assert held.exact.value == sum(of_the_script(*one).exact for one in INSTANCES) / 10 == 0.5


def test_answers_in_letters_that_the_package_cannot_see_are_still_compared() -> None:
    assert of_the_script("東京は首都", ["東京は首都"]).rouge == 0.0
    assert scored("東京は首都", ["東京は首都"]) == Scored(1.0, True)
    assert 0 < scored("Москва", ["Москва - столица"]).rouge < 1


def test_an_interval_holds_the_mean_narrows_with_tasks_and_is_the_same_each_time() -> None:
    few, many = bootstrap([0.0, 1.0] * 10), bootstrap([0.0, 1.0] * 1_000)
    assert few == bootstrap([0.0, 1.0] * 10)
    assert few.low < few.value == 0.5 < few.high
    assert many.high - many.low < (few.high - few.low) / 5
    assert (many.low, many.high) == pytest.approx((0.478, 0.522), abs=0.004), "1.96 standard errors of a mean"
    assert bootstrap([0.3]).as_dict() == {"value": 0.3, "low": 0.0, "high": 1.0}


def test_two_models_are_compared_task_by_task() -> None:
    better = [Scored(0.1 * at + 0.05, False) for at in range(9)]
    worse = [Scored(0.1 * at, False) for at in range(9)]
    apart = between(better, worse)
    assert (apart.low, apart.value, apart.high) == pytest.approx((0.05, 0.05, 0.05))
