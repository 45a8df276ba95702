"""The report card: shares, what a rule keeps, paired differences, siblings, and the sentence that follows."""

from __future__ import annotations

import random
from collections.abc import Sequence

import pytest

from app.method.consensus import RuleChoice, vote_all
from app.method.judging import Grade, Said
from app.method.report_card import (
    JudgedItem,
    Share,
    Siblings,
    conclusion,
    difference,
    of_siblings,
    report_card,
)
from app.method.terms import Kind

MODELS = ("one", "two", "three")


def item(
    outputs: Sequence[str],
    right: Sequence[bool | None],
    kind: Kind = "B",
    task: bool | None = True,
    fits: bool | None = None,
    grades: Sequence[Grade] = (),
) -> JudgedItem:
    released = RuleChoice("released", 0.3)
    quorum = RuleChoice("quorum", 0.2, at_least="half")
    [stands], [other] = vote_all([outputs], released), vote_all([outputs], quorum)
    said = tuple(Said(*pair) for pair in zip(right, grades or ("",) * len(right), strict=True))
    return JudgedItem(
        kind, MODELS[: len(outputs)], said, task, fits, stands, {"released": stands, "quorum": other}
    )


AGREED = (("Lisbon", "Lisbon", "Porto"), (True, True, False))
SPLIT = (("a b c", "d e f", "g h i"), (False, True, False))


def test_models_are_counted_alone_and_by_kind_and_open_answers_nowhere() -> None:
    card = report_card([
        item(*AGREED, kind="A"),
        item(*SPLIT),
        item(AGREED[0], (None, True, False)),
    ])  # fmt: skip
    one, two, three = card.models
    assert (one.name, one.all, one.by_kind) == ("one", Share(1, 2), {"A": Share(1, 1), "B": Share(0, 1)})
    assert (two.all, three.all) == (Share(3, 3), Share(0, 3))
    assert card.oracle == Share(3, 3)
    assert card.best == two


def test_a_task_that_is_not_valid_makes_no_right_row() -> None:
    card = report_card([item(*AGREED), item(*AGREED, task=False)])
    assert card.models[0].all == Share(1, 2)
    assert card.stands is not None
    assert card.stands.winner == Share(1, 2)
    assert card.questions == {
        **{"task": Share(1, 2), "input": Share(0, 0), "output": Share(2, 2), "all": Share(1, 2)}
    }


def test_a_rule_is_measured_on_what_it_keeps_beside_each_model_on_the_same_items() -> None:
    card = report_card([*[item(*AGREED)] * 3, *[item(*SPLIT)] * 2])
    assert card.stands is not None
    assert (card.stands.kept, card.stands.items, card.stands.winner) == (3, 5, Share(3, 3))
    assert card.stands.models == {"one": Share(3, 3), "two": Share(3, 3), "three": Share(0, 3)}
    assert card.stands.differences["three"].value == 1.0
    lowest, *_ = card.rules["quorum"]
    assert (lowest.threshold, lowest.kept) == (0.0, 5)
    # A row for each threshold at which something else is kept.
    assert [(kept.threshold, kept.kept) for kept in card.rules["quorum"][1:]] == [(0.01, 3)]
    assert card.groups == {(1, 3): Share(0, 2), (2, 3): Share(3, 3)}
    assert card.decided["exact"] == Share(3, 3)


def test_a_paired_difference_has_a_narrower_interval_than_two_shares() -> None:
    drawn = difference([1] * 10 + [0] * 85 + [-1] * 5)
    assert drawn.value == pytest.approx(0.05)
    assert -0.03 <= drawn.low < 0 < 0.12 <= drawn.high <= 0.14
    assert difference([1]).low == -1
    assert difference([]).value == 0


def test_models_that_are_wrong_together_are_named_and_independent_ones_are_not() -> None:
    drawn = random.Random(3)
    items = []
    for _ in range(200):
        shared = drawn.random() < 0.5
        right = (shared if drawn.random() < 0.9 else not shared, shared, drawn.random() < 0.5)
        items.append(item(("x", "y", "z"), right))
    [pair] = report_card(items).siblings
    assert pair.names == ("one", "two")
    assert 1.5 < pair.factor < 2.1
    assert of_siblings(Siblings(("a", "b"), 9, 20, 2.13, 0.01)) == (
        "a and b are wrong together 2.1 times as often as chance: their agreement counts little."
    )


def test_what_follows_is_said_in_one_plain_sentence_where_the_sample_says_anything() -> None:
    few = report_card([item(*AGREED)] * 3)
    assert conclusion(few) == "Only 3 judged items so far: judge at least 10, better 30."
    outvoted = [item(("Paris", "Rome", "Rome"), (True, False, False))] * 20
    assert conclusion(report_card(outvoted)).startswith(
        "one alone is right more often than the vote (100% against 0% of what it keeps): let it answer alone"
    )
    better = [
        item(texts, right)
        for texts, right in [
            (("Rome", "Rome", "Oslo"), (True, True, False)),
            (("Rome", "Oslo", "Rome"), (True, False, True)),
            (("Oslo", "Rome", "Rome"), (False, True, True)),
        ]
    ] * 12
    assert "The vote is right more often than any model alone" in conclusion(report_card(better))
    similar = [item(("it is Rome", "it is Oslo", "it is Bonn"), (False, True, True))] * 20
    told = conclusion(report_card([*[item(*AGREED)] * 30, *similar]))
    assert "Agreement means something here: equal answers are right in 100%, similar ones in 0%." in told


@pytest.mark.parametrize(
    ("sample", "words"),
    [
        ([item(AGREED[0], (True, True, True))], "All judged answers are right: this sample cannot tell"),
        ([item(AGREED[0], (False, False, False))], "No judged answer is right: look at the tasks"),
        ([item(AGREED[0], (None, None, None))], "Every answer is left open, or as many reviewers say"),
        ([item(AGREED[0], (None, None, True)), item(AGREED[0], (None, None, False))], "nothing was judged"),
        ([item(("Rome",), (True,)), item(("Oslo",), (False,))], "Only one answers, so there is nothing"),
    ],
)
def test_a_sample_that_tells_nothing_of_the_rules_says_what_it_tells(
    sample: list[JudgedItem], words: str
) -> None:
    assert words in conclusion(report_card(sample * 10))


def test_grades_are_those_of_winners() -> None:
    card = report_card([item(*AGREED, grades=("A", "A", "D")), item(*AGREED, grades=("B", "B", "C"))])
    assert card.grades == {"A": Share(1, 2), "B": Share(1, 2), "C": Share(0, 2), "D": Share(0, 2)}
    assert report_card([item(*AGREED)]).grades == {}
    assert report_card([]).items == 0
