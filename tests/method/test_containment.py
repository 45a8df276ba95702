import pytest

from app.method.consensus import Answers, RuleChoice, vote_on
from app.method.containment import holds
from app.method.equality import content
from app.method.explanation import explain


@pytest.mark.parametrize(
    ("longer", "shorter"),
    [
        ("It is Paris, the capital.", "Paris"),
        ("The answer is 5.", "5"),
        ("Die Antwort ist Berlin.", "Berlin"),
        ("这是北京", "北京"),
    ],
)
def test_an_answer_holds_what_it_comes_to(longer: str, shorter: str) -> None:
    assert holds(content(longer), content(shorter)) and not holds(content(shorter), content(longer))


@pytest.mark.parametrize(
    ("longer", "shorter"),
    [
        ("not 5", "5"),
        ("It isn't Paris", "Paris"),
        ("这不是北京", "北京"),
        ("Das ist nicht Berlin", "Berlin"),
        ("это не Москва", "Москва"),
        ("Paris or London", "Paris"),
        ("5 or 6", "5"),
        ("-5", "5"),
        ("x < 3", "3"),
        ("$5", "5"),
        ("3.5 metres", "5 metres"),
        *[
            (f"{before} 5", "5")
            for before in ("minus", "less than", "more than", "at least", "at most", "half of")
        ],
        *[(f"5 {size}", "5") for size in ("hundred", "thousand", "million", "dozen")],
        ("hardly true", "true"),
        ("false positive", "positive"),
        ("The day before Monday", "Monday"),
        ("the day after Monday", "Monday"),
        ("the opposite of hot", "hot"),
        ("weniger als fünf", "fünf"),
        ("I have a cat", "a"),
        ("Paris", "Paris"),
        ("Paris", ""),
    ],
)
def test_what_denies_offers_another_or_adds_a_number_or_sign_holds_nothing(longer: str, shorter: str) -> None:
    assert not holds(content(longer), content(shorter))


def test_with_containment_the_shorter_answer_wins_for_all_that_hold_it() -> None:
    outputs = ["The capital of France is Paris.", "Paris", "It is Paris, on the Seine.", "Lyon"]
    choice = RuleChoice("quorum", 0.9, "auto", "half", containment=True)
    [vote] = vote_on([Answers(outputs)], choice)
    assert (vote.winner, vote.equal, vote.decided_by, vote.containment) == (1, 3, "exact", True)
    assert explain(vote, list("abcd"), outputs).startswith("3 of 4 equal or hold it, from a, b and c")
    [without] = vote_on([Answers(outputs)], RuleChoice("quorum", 0.9, "auto", "half"))
    assert without.reason == "no_agreement"
    [denied] = vote_on([Answers(["not 5", "5"])], choice)
    assert denied.decided_by == "rouge"
