"""Rule learned and how its weights are found, in small worlds whose right answers are known."""

from __future__ import annotations

import json
import math
import random
from dataclasses import replace

import numpy as np
import pytest

from app.bench import worlds
from app.bench.learning import outcome
from app.method.consensus import Answers, RuleChoice, survives, vote_again, vote_on
from app.method.gain import gain
from app.method.intervals import wilson
from app.method.learned import PRIORS, TERMS, Scale, Weights
from app.method.learning import Known, Table, calibration, fit, groups, newton, scores_outside, splits
from app.method.measures import parts, probabilities
from app.method.weighing import parts_in_words, weighed

ANSWERS = Answers(
    ("the red house", "the red house by the sea", "", "the red house"), models=("a", "b", "c", "d")
)


def weights(**terms: float) -> Weights:
    return Weights({term: terms.get(term, 0.0) for term in TERMS}, {"b": (1.0, 0.0)})


def learned(weights: Weights, threshold: float = 0.5) -> RuleChoice:
    return RuleChoice("learned", threshold, fit=3, weights=weights)


def test_the_most_probable_answer_wins_and_is_kept_if_it_is_probable_enough() -> None:
    [vote] = vote_on([ANSWERS], learned(weights()))
    assert (vote.winner, vote.decided_by, vote.fit, vote.rule_version) == (1, "learned", 3, 1)
    assert vote.probabilities is not None and vote.score == vote.probabilities[1] == pytest.approx(
        0.7311, abs=1e-4
    )
    assert vote.keep and survives(vote, 0.7) and not survives(vote, 0.75)
    [dropped] = vote_on([ANSWERS], learned(weights(), 0.75))
    assert (dropped.winner, dropped.keep, dropped.reason) == (1, False, "improbable")


def test_equal_answers_are_one_answer_as_probable_as_the_best_of_them() -> None:
    [vote] = vote_on([ANSWERS._replace(models=("b", "a", "c", "d"))], learned(weights()))
    assert vote.probabilities is not None and vote.probabilities[0] == vote.probabilities[3]
    assert vote.winner == 0 and vote.equal == 2 and not vote.tie


def test_an_empty_answer_and_one_that_may_not_vote_never_win_while_there_is_another() -> None:
    empty_best = replace(weights(), models={"c": (9.0, 0.0), "b": (5.0, 0.0)})
    answers = ANSWERS._replace(barred=("", "repeats", "", ""))
    [vote] = vote_on([answers], learned(empty_best))
    assert (
        vote.winner == 0 and vote.probabilities is not None and vote.probabilities[1] > vote.probabilities[0]
    )
    [nobody] = vote_on([answers._replace(barred=("refusal",) * 4)], learned(empty_best))
    assert (nobody.winner, nobody.reason) == (None, "no_voter")
    [empty] = vote_on([Answers(("", " "), models=("a", "b"))], learned(empty_best))
    assert (empty.keep, empty.reason) == (False, "empty_winner")


def test_the_only_answer_is_kept_by_its_own_probability() -> None:
    alone = Answers(("yes",), (), 3, models=("b",))
    assert [vote_on([alone], learned(weights(), t))[0].keep for t in (0.7, 0.8)] == [True, False]


def test_a_vote_from_stored_scores_is_the_vote_from_the_texts() -> None:
    choice = learned(weights(similarity=1.0, equal=1.0, agreement=0.5))
    [first] = vote_on([ANSWERS], RuleChoice("released", 0.01))
    assert vote_again([(ANSWERS, first)], choice) == vote_on([ANSWERS], choice)


def test_without_weights_nobody_can_vote_by_it() -> None:
    with pytest.raises(ValueError, match="needs weights"):
        vote_on([ANSWERS], RuleChoice("learned", 0.5))


def test_stored_weights_are_the_same_and_others_are_refused() -> None:
    found = fit(worlds.judged(worlds.siblings(30, 1)))
    assert Weights.from_json(found.to_json()) == found
    values = json.loads(found.to_json())
    for changed in ({"version": 9}, {"terms": {"any": 1.0}}, {"models": 3}):
        with pytest.raises(ValueError):
            Weights.from_json(json.dumps(values | changed))
    with pytest.raises(ValueError):
        Weights.from_json("[]")


def test_newton_finds_the_most_probable_coefficients() -> None:
    # One column of ones, 3 of 4 right, no prior to speak of: log odds of 3.
    table, right = np.ones((4, 1)), np.array([1.0, 1.0, 1.0, 0.0])
    found = newton(table, right, np.ones(4), np.zeros(1), np.full(1, 1e-9))
    assert found[0] == pytest.approx(math.log(3), abs=1e-5)
    held = newton(table, right, np.ones(4), np.array([-2.0]), np.full(1, 1e6))
    assert held[0] == pytest.approx(-2.0, abs=1e-4)


def test_before_anybody_judged_it_decides_as_agreement_does() -> None:
    prior = Weights({term: PRIORS[term][0] for term in TERMS}, {}, Scale(0.1, 0.5, 0.1, 2.0))
    tasks = worlds.broken(60, 4)
    by_agreement = worlds.voted(tasks, RuleChoice("quorum", 0.0, "rouge-score", "half"))
    by_priors = worlds.voted(tasks, RuleChoice("learned", 0.0, "rouge-score", weights=prior))
    same = [
        task.outputs[one.winner] == task.outputs[other.winner]
        for task, one, other in zip(tasks, by_agreement, by_priors, strict=True)
        if one.winner is not None and other.winner is not None and not one.tie
    ]
    assert sum(same) / len(same) > 0.9


def test_siblings_that_share_their_mistakes_do_not_outvote_a_better_writer() -> None:
    few, many = (outcome(worlds.siblings(300, 2), judged, 2) for judged in (30, 100))
    assert few.released < few.best <= few.learned
    assert many.learned >= many.best + 0.03


def test_a_broken_model_and_its_copy_do_not_get_into_the_surest_half() -> None:
    assert outcome(worlds.broken(300, 3), 30, 3).half >= 0.98


def test_so_it_is_with_real_answers_of_the_bundled_models() -> None:
    tasks = worlds.bundled(400, 3)
    assert sum(not task.right[2] for task in tasks) > 0.35 * len(tasks)
    assert outcome(tasks, 30, 3).half >= 0.98


def test_the_same_judgements_teach_the_same() -> None:
    known = worlds.judged(worlds.siblings(40, 5))
    assert fit(known) == fit(list(known))


def test_near_duplicates_are_on_one_side_of_every_split() -> None:
    texts = [
        "Name the capital of the country in one word.",
        "Say hello.",
        "Name the capital of this country in one word.",
        "Add 2 and 3 to the list of numbers.",
        "Add 4 and 9 to the list of numbers.",
    ]
    first, alone, again, sums, others = groups(texts)
    assert first == again and sums == others and len({first, alone, sums}) == 3
    known = worlds.judged(worlds.siblings(5, 1))
    known = [replace(one, instruction=text) for one, text in zip(known * 4, texts * 4, strict=True)]
    for split in splits(known):
        assert split[0] == split[2] == split[5] == split[7]


def test_probabilities_come_true_on_items_that_were_not_seen() -> None:
    tasks = worlds.siblings(500, 6)
    choice = RuleChoice("learned", 0.5, "rouge-score", weights=fit(worlds.judged(tasks[:100])))
    votes = worlds.voted(tasks[100:], choice)
    expected = sum(vote.score or 0.0 for vote in votes) / len(votes)
    assert expected == pytest.approx(worlds.share_right(tasks[100:], votes), abs=0.06)


def test_the_gain_is_of_pairs_and_honest_where_there_is_none() -> None:
    tasks = worlds.siblings(100, 7)
    known = [
        replace(one, before=task.right[1], kept=True)
        for one, task in zip(worlds.judged(tasks), tasks, strict=True)
    ]
    found = gain(known, scores_outside(known, Table.of(known)))
    assert (
        found.all is not None
        and found.all.is_clear
        and found.all.before.value == pytest.approx(sum(t.right[1] for t in tasks) / 100)
    )
    assert found.kept is None and found.best is not None
    assert found.all.gain.low < found.all.gain.value < found.all.gain.high
    coin = random.Random(1)
    lots = [replace(one, right=tuple(coin.random() < 0.5 for _ in one.right)) for one in known]
    lots = [replace(one, before=one.right[0]) for one in lots]
    nothing = gain(lots, scores_outside(lots, Table.of(lots)))
    assert nothing.all is not None and not nothing.all.is_clear


def test_decisions_count_less_than_judgements_and_are_never_measured_on() -> None:
    known = worlds.judged(worlds.siblings(40, 8))
    wrong = [replace(one, right=tuple(not right for right in one.right), weight=0.3) for one in known[20:]]
    assert {
        one.place for one in scores_outside([*known[:20], *wrong], Table.of([*known[:20], *wrong]))
    } == set(range(20))


def test_nothing_is_learned_from_nothing() -> None:
    [one] = worlds.judged(worlds.siblings(1, 1))
    with pytest.raises(ValueError, match="no answer was judged"):
        fit([replace(one, right=(None,) * 4)])
    assert calibration([one], []) == (1.0, 0.0)


def test_why_an_answer_is_probable_is_said_in_words() -> None:
    tasks = worlds.siblings(100, 9)
    known = worlds.judged(tasks)
    found, names = fit(known), {"writer w": "w (writer)", "answerer a": "a (answerer)"}
    own = parts(known[0].item, found, 0)
    total = sum(part.adds for part in own)
    assert 1 / (1 + math.exp(-total)) == pytest.approx(probabilities([known[0].item], found)[0][0])
    assert "w (writer)" in parts_in_words(own, names, 20)
    told = [words for _, words in weighed(found, names)]
    assert any(words.startswith("answered by w (writer)") for words in told)
    assert "the only answer that may vote (assumed: no example)" not in told  # held at 0: nothing to tell
    assert "cut by the length limit (assumed: no example)" in told


def test_an_interval_holds_the_share_and_narrows() -> None:
    few, many = wilson(9, 10), wilson(900, 1000)
    assert few.low < many.low < 0.9 < many.high < few.high <= 1
    assert wilson(10, 10).high == pytest.approx(1) and wilson(0, 0).as_dict() == {
        "value": 0.0,
        "low": 0.0,
        "high": 1.0,
    }


def test_an_answer_nobody_judged_teaches_nothing() -> None:
    known = worlds.judged(worlds.siblings(40, 1))
    half = [replace(one, right=(one.right[0], None, None, None)) for one in known]
    models = fit(half).models
    assert models["answerer a"] == pytest.approx((0.0, 0.0)) and models["writer w"] != pytest.approx(
        (0.0, 0.0)
    )
    assert isinstance(half[0], Known)
