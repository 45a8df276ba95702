"""The rules of consensus, edge by edge, and against a plain oracle on random triples."""

import random
import re
import string

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rouge_score.rouge_scorer import RougeScorer

from app.method.consensus import (
    RULE_VERSIONS,
    Answers,
    RuleChoice,
    Vote,
    choice_of,
    needed_of,
    vote,
    vote_again,
    vote_all,
)
from app.method.equality import Difference, content
from app.method.explanation import explain
from app.method.pair_scores import normalise
from app.method.recipe_parts import AtLeast, Rule

SCORER = RougeScorer(["rougeL"], use_stemmer=True)
RULES: tuple[Rule, ...] = ("released", "paper", "quorum")
WORDS = ["red", "blue", "cats", "cat", "running", "run", "the", "A", "12", "!", "?"]


def rouge(a: str, b: str) -> float:
    return float(SCORER.score(a, b)["rougeL"].fmeasure)


def oracle(outputs: list[str], threshold: float) -> tuple[int, bool]:
    """Winner and whether it is kept, for three outputs, as the released code decides."""
    plain = [
        re.sub(r"\s+", " ", "".join(c for c in o.lower() if c not in string.punctuation)).strip()
        for o in outputs
    ]
    if plain[0] in (plain[1], plain[2]):
        return 0, True
    if plain[1] == plain[2]:
        return 1, True
    r01, r02, r12 = rouge(plain[0], plain[1]), rouge(plain[0], plain[2]), rouge(plain[1], plain[2])
    sums = [r01 + r02, r01 + r12, r02 + r12]
    winner = sums.index(max(sums))
    return winner, min(r01, r02, r12) > threshold and outputs[winner].strip() != ""


def test_released_agrees_with_a_plain_oracle_on_thousands_of_triples() -> None:
    rng = random.Random(3)
    seen = set()
    for _ in range(3000):
        outputs = [" ".join(rng.choices(WORDS, k=rng.randrange(0, 5))) for _ in range(3)]
        threshold = rng.choice([0.0, 0.01, 0.4])
        ours = vote(outputs, "released", threshold)
        assert (ours.winner, ours.keep) == oracle(outputs, threshold), outputs
        seen.add((ours.winner, ours.keep, ours.decided_by))
    assert len(seen) == 8  # every winner × kept or not by rouge, and exact matches for 0 and 1


def test_texts_are_compared_without_case_punctuation_and_spacing() -> None:
    assert normalise('  The "Red-Hot"\n\tSOUP!? ') == "the redhot soup"
    assert normalise("«Ça va…»") == "«ça va…»"  # only ASCII punctuation goes
    assert vote(["Paris.", "paris", "Rome"], "released", 0.01).decided_by == "exact"


def test_the_writers_exact_match_wins_whatever_the_threshold() -> None:
    for outputs in (["a", "A!", "zebra"], ["a", "zebra", "a"]):
        result = vote(outputs, "released", 1.0)
        assert (result.winner, result.keep, result.decided_by, result.lowest) == (0, True, "exact", 0.0)


def test_two_answerers_that_agree_outvote_the_writer_and_the_first_of_them_wins() -> None:
    result = vote(["dog", "Cat", "cat."], "released", 0.9)
    assert (result.winner, result.keep, result.decided_by) == (1, True, "exact")


def test_the_writers_match_goes_before_a_larger_group_of_answerers() -> None:
    result = vote(["dog", "cat", "cat", "cat", "dog"], "released", 0.01)
    assert (result.winner, result.tie) == (0, False)
    assert vote(["dog", "cat", "cat", "dog", "cat"], "released", 0.01).winner == 0
    assert vote(["dog", "cat", "cat", "dog"], "released", 0.01).tie
    assert vote(["dog", "cat", "owl", "cat", "owl", "owl"], "released", 0.01).winner == 1


def test_released_lets_empty_answers_agree_as_the_released_code_does() -> None:
    for outputs in (["", " ", "x"], ["x", "!", "?"]):
        result = vote(outputs, "released", 0.01)
        assert result.keep and result.decided_by == "exact" and normalise(outputs[result.winner or 0]) == ""


def test_the_largest_sum_wins_and_the_earlier_candidate_wins_a_tie() -> None:
    assert vote(["a b c d", "a b c x", "a b c d x"], "released", 0.01).winner == 2
    result = vote(["a b", "a c", "a d"], "released", 0.01)
    assert (result.winner, result.tie, result.keep) == (0, True, True)
    assert not vote(["a b c d", "a b c x", "a b c d x"], "released", 0.01).tie


def test_the_lowest_pair_must_be_above_the_threshold_not_at_it() -> None:
    outputs = ["a b", "a c", "a d"]  # each pair 0.5
    assert not vote(outputs, "released", 0.5).keep
    assert vote(outputs, "released", 0.5).reason == "no_agreement"
    assert vote(outputs, "released", 0.49).keep
    assert not vote(outputs, "paper", 0.5).keep
    assert vote(outputs, "paper", 0.49).keep
    assert vote(outputs, "quorum", 0.5).keep  # ours: at least the threshold
    assert not vote(outputs, "quorum", 0.51).keep


def test_one_answer_that_shares_nothing_drops_the_instance_in_released_and_paper() -> None:
    outputs = ["the red house", "the red houses here", "zebra"]
    for rule in ("released", "paper"):
        result = vote(outputs, rule, 0.01)
        assert (result.keep, result.reason, result.lowest) == (False, "no_agreement", 0.0)
    assert vote(outputs, "quorum", 0.01).keep


def test_an_empty_answer_never_wins_by_similarity() -> None:
    result = vote(["", "a", "b"], "released", 0.01)
    assert (result.winner, result.keep, result.reason) == (0, False, "empty_winner")
    assert vote(["", "a b", "a c"], "released", 0.01).reason == "no_agreement"
    assert not vote(["", "a"], "paper", 0.0).keep


def test_two_empty_answers_share_nothing() -> None:
    result = vote(["", "!", "a"], "paper", 0.0)
    assert (result.matrix[0][1], result.disagreement, result.keep) == (0.0, 1.0, False)


def test_paper_takes_the_first_of_the_best_pair_where_released_takes_the_medoid() -> None:
    outputs = ["a b c d e", "a b c d f", "a b c g h f"]
    assert vote(outputs, "paper", 0.01).winner == 0
    assert vote(outputs, "released", 0.01).winner == 1


def test_paper_has_no_shortcut_for_exact_matches() -> None:
    result = vote(["cat", "cat", "zebra"], "paper", 0.01)
    assert (result.winner, result.keep, result.decided_by) == (0, False, "rouge")


def test_paper_says_when_another_pair_is_as_good() -> None:
    result = vote(["a b", "c d", "a x", "c y"], "paper", 0.01)
    assert (result.winner, result.tie) == (0, True)
    assert not vote(["a b", "a c", "x"], "paper", 0.01).tie


def test_quorum_keeps_the_largest_group_of_equal_answers() -> None:
    result = vote(["dog", "dog", "cat", "Cat", "cat!"], "quorum", 1.0)
    assert (result.winner, result.keep, result.decided_by, result.tie) == (2, True, "exact", False)
    assert (result.rule_version, result.at_least, result.equal, result.difference) == (3, "half", 3, 0)


@pytest.mark.parametrize("at_least", [None, 2, 0.4])
def test_quorum_breaks_a_tie_of_groups_by_support_then_by_order(at_least: AtLeast | None) -> None:
    supported = vote(["a b", "a b", "c d", "c d", "c e"], "quorum", 0.01, at_least=at_least)
    assert (supported.winner, supported.tie) == (2, False)
    equal = vote(["a b", "c d", "c d", "a b"], "quorum", 0.01, at_least=at_least)
    assert (equal.winner, equal.tie) == (0, True)


@pytest.mark.parametrize(
    ("at_least", "count", "needed"),
    [
        ("half", 2, 2),
        ("half", 3, 2),
        ("half", 6, 4),
        ("half", 1, 2),
        (4, 3, 4),
        (0.6, 5, 3),
        (1.0, 6, 6),
        (0.1, 6, 2),
    ],
)
def test_a_group_decides_from_a_size_on(at_least: AtLeast, count: int, needed: int) -> None:
    assert needed_of(at_least, count) == needed


GAS = [
    "Helium",
    "Nitrogen, in most of the air.",
    "Most of it is nitrogen.",
    "helium",
    "Nitrogen is most of the air.",
    "It is nitrogen.",
]


def test_two_equal_answers_of_six_do_not_outvote_four_others() -> None:
    result = vote(GAS, "quorum", 0.2)
    assert (result.decided_by, result.keep, "itrogen" in GAS[result.winner or 0]) == ("rouge", True, True)
    for earlier in (None, 2):  # version 1, and what asks for no more
        assert vote(GAS, "quorum", 0.2, at_least=earlier).winner == 0
    assert vote(GAS, "quorum", 1.0).reason == "no_agreement"


@pytest.mark.parametrize(
    ("answers", "winner", "equal"),
    [
        (["-5", "5", "5"], 1, 2),
        (["35", "3.5", "3.5."], 1, 2),
        (["C", "C++", "c++"], 1, 2),
        (["+", "-", "-"], 1, 2),
        (["1/2", "12", "1/2"], 0, 2),
        (["x > 3", "x < 3", "X < 3"], 1, 2),
        (["会。", "会", "不"], 0, 2),
        (["«Да»", "Да", "Нет"], 0, 2),
        (["1,000 km", "10", "1000 km"], 0, 2),
    ],
)
def test_quorum_takes_as_equal_what_says_the_same(answers: list[str], winner: int, equal: int) -> None:
    result = vote(answers, "quorum", 1.0, "auto")
    assert (result.decided_by, result.winner, result.equal) == ("exact", winner, equal)
    others = [at for at in range(3) if content(answers[at]) == content(answers[winner])]
    assert all(result.matrix[winner][other] == 1.0 for other in others)


@pytest.mark.parametrize(
    ("answers", "rule", "difference"),
    [
        (["-5", "5", "5"], "released", Difference.SYMBOLS),
        (["\u22125", "5", "7"], "released", Difference.SYMBOLS),  # ROUGE sees the same tokens
        (["\u22125", "5", "7"], "quorum", Difference.NONE),  # not taken as the same
        (["a + b", "a - b", "c"], "paper", Difference.SYMBOLS),
        (["+", "-", "-"], "released", Difference.SYMBOLS),
        (["You can't go.", "You cant go", "You can go."], "released", Difference.PUNCTUATION),
        (["Yes.", "Yes", "No"], "released", Difference.NONE),
        (["cats", "cat", "dog"], "released", Difference.NONE),  # one stem, nothing taken as the same
        (["a b", "c d"], "released", Difference.NONE),
    ],
)
def test_a_vote_says_how_answers_differ_that_it_takes_as_the_same(
    answers: list[str], rule: Rule, difference: Difference
) -> None:
    assert vote(answers, rule, 0.01).difference is difference


@pytest.mark.parametrize(
    ("answers", "similarity"),
    [
        (["35", "3.5", "7"], 0.0),
        (["-5", "5", "7"], 0.0),
        (["C", "C++", "Rust"], 0.0),
        (["1/2", "12", "3"], 0.0),
        (["print(x)", 'print("x")', "no"], 0.0),
        (["x < 3", "x > 3", "y"], 2 / 3),
        (["水温是5度。", "水温是-5度。", "不"], 0.8),
        (["Yes, it is.", "Yes it is", "No"], 1.0),  # punctuation alone
    ],
)
def test_what_differs_in_a_symbol_alone_is_compared_as_it_is_written(
    answers: list[str], similarity: float
) -> None:
    by_content = vote(answers, "quorum", 0.2)
    assert by_content.matrix[0][1] == pytest.approx(similarity)
    assert by_content.keep == (similarity / 2 >= 0.2)
    # The scores of the other rules come back.
    first = RuleChoice("released", 0.01)
    assert vote_again([(Answers(answers), by_content)], first) == [vote(answers, "released", 0.01, "auto")]


def test_the_tokeniser_is_chosen_for_each_item_and_kept_with_its_vote() -> None:
    russian = ["Хлеб пекут из муки и воды.", "Хлеб пекут из муки и дрожжей."]
    english = ["Bread is made of flour.", "Bread is made of flour and water."]
    first, second = vote_all([english, russian], RuleChoice("released", 0.01))
    assert (first.tokeniser, second.tokeniser) == ("rouge-score", "unicode")
    assert second.keep and second.lowest > 0.5
    assert not vote(russian, "released", 0.01, "rouge-score").keep
    without = vote(russian, "released", 0.01, "rouge-score")
    [again] = vote_again([(Answers(russian), without)], RuleChoice("released", 0.01))
    assert again == second, "scores of another tokeniser do not serve"


def test_scores_of_what_says_the_same_do_not_leak_into_the_other_rules() -> None:
    answers = ["5.0", "5", "6"]
    ours = vote(answers, "quorum", 0.2)
    assert ours.matrix[0][1] == 1.0
    for rule in ("released", "paper"):
        [again] = vote_again([(Answers(answers), ours)], choice_of(rule, 0.2, "rouge-score"))
        assert again == vote(answers, rule, 0.2)


def test_quorum_never_lets_empty_answers_win() -> None:
    result = vote(["", "", "", "cat"], "quorum", 0.0)
    assert (result.winner, result.keep) == (3, True)
    nothing = vote(["", "\n", " "], "quorum", 0.0)
    assert (nothing.winner, nothing.keep, nothing.reason, nothing.mean) == (None, False, "empty_winner", 0.0)


@pytest.mark.parametrize("rule", RULES)
def test_a_single_candidate_wins_unless_it_is_empty(rule: Rule) -> None:
    result = vote(["Yes."], rule, 0.5)
    assert (result.winner, result.keep, result.decided_by) == (0, True, "only-one")
    assert (result.lowest, result.mean, result.disagreement, result.matrix) == (0.0, 0.0, 0.0, ((1.0,),))
    # A lone mark says something under quorum, but nothing to the rules that delete punctuation.
    assert vote(["..."], rule, 0.5).reason == ("" if rule == "quorum" else "empty_winner")
    assert vote([" "], rule, 0.5).reason == "empty_winner"


@pytest.mark.parametrize("rule", RULES)
def test_two_candidates_can_be_voted_on(rule: Rule) -> None:
    assert vote(["a b", "a c"], rule, 0.01).keep
    result = vote(["a b", "c d"], rule, 0.01)
    assert (result.keep, result.winner, result.reason) == (False, 0, "no_agreement")


def test_every_score_and_the_rule_are_recorded() -> None:
    result = vote(["Running cats", "the run of a cat", "x cat"], "released", 0.01)
    assert (result.rule, result.rule_version, result.threshold) == (
        "released",
        RULE_VERSIONS["released"],
        0.01,
    )
    plain = ["running cats", "the run of a cat", "x cat"]
    r01, r02, r12 = rouge(plain[0], plain[1]), rouge(plain[0], plain[2]), rouge(plain[1], plain[2])
    assert result.matrix == ((1.0, r01, r02), (r01, 1.0, r12), (r02, r12, 1.0))
    assert result.lowest == min(r01, r02, r12)
    assert result.winner == 0 and result.mean == pytest.approx((r01 + r02) / 2)
    assert result.disagreement == pytest.approx(1 - (r01 + r02 + r12) / 3)


def test_equal_answers_in_another_script_agree() -> None:
    result = vote(["東京", "東京", "大阪"], "quorum", 0.01)
    assert result.keep and result.matrix[0][1] == 1.0 and result.matrix[0][2] == 0.0


def test_a_winner_under_half_the_median_length_is_marked_short() -> None:
    long = ["a123456789", "b123456789", "c123456789"]
    assert vote(["abcd", "abcd", *long], "quorum", 0.01, at_least=2).short  # 4 of 10 characters
    assert not vote(["abcde", "abcde", *long], "quorum", 0.01, at_least=2).short
    assert not vote(["abcd", "abcd", "a", *long[:2]], "quorum", 0.01, at_least=2).short  # the median is 4
    assert not vote([*long, long[0]], "quorum", 0.01).short


@settings(max_examples=300, deadline=None)
@given(
    st.lists(st.one_of(st.text(max_size=20), st.sampled_from(WORDS)), min_size=1, max_size=6),
    st.sampled_from(RULES),
    st.floats(0, 1),
)
def test_any_candidates_can_be_voted_on_and_explained(
    outputs: list[str], rule: Rule, threshold: float
) -> None:
    result = vote(outputs, rule, threshold)
    assert result.keep == (result.reason == "")
    assert result.winner is None or 0 <= result.winner < len(outputs)
    assert result.winner is not None or not any(map(str.strip, outputs))
    assert -1e-9 <= result.disagreement <= 1 and 0 <= result.lowest <= 1
    assert explain(result, [f"m{index}" for index in range(len(outputs))], outputs)


def test_a_vote_needs_candidates_and_a_known_rule() -> None:
    with pytest.raises(ValueError, match="at least one"):
        vote([], "released", 0.01)
    with pytest.raises(ValueError, match="majority"):
        vote(["a"], "majority", 0.01)  # type: ignore[arg-type]


NAMES = ["mistral", "qwen", "flan"]


def test_an_exact_match_is_explained_with_those_who_agree() -> None:
    outputs = ["dog", "Cat", "cat"]
    result = vote(outputs, "released", 0.01)
    assert explain(result, NAMES, outputs) == "the same answer from qwen and flan · rule released 2"
    assert explain(result, NAMES) == "the same answer, from several models · rule released 2"
    grouped = explain(vote(outputs, "quorum", 0.2), NAMES, outputs)
    assert grouped == "2 of 3 equal, from qwen and flan · rule quorum 3"


@pytest.mark.parametrize(
    ("outputs", "words"),
    [
        (["-5", "5", "5"], "equal but for a sign, number or symbol, from mistral, qwen and flan"),
        (["You can't go.", "You cant go", "Go."], "equal but for punctuation, from mistral and qwen"),
    ],
)
def test_answers_that_say_something_else_are_never_called_the_same(outputs: list[str], words: str) -> None:
    assert explain(vote(outputs, "released", 0.01), NAMES, outputs) == f"{words} · rule released 2"


def test_similarity_is_explained_with_the_figures_that_decided() -> None:
    result = vote(["a b", "a c", "a d"], "released", 0.01)
    assert explain(result, NAMES) == (
        "largest mean similarity 0.50, next 0.50 (close), lowest pair 0.50 > 0.01"
        " · a tie, the earlier one wins · rule released 2"
    )
    assert explain(vote(["a b", "a c", "x y"], "quorum", 0.3), NAMES) == (
        "largest mean similarity 0.25, next 0.25 (close), 0.25 < 0.3"
        " · a tie: the shorter answer, else by lot · dropped: answers do not agree · rule quorum 3"
    )
    assert explain(vote(["a b c", "a b d", "a"], "paper", 0.01), NAMES).startswith(
        "first of the most similar pair, 0.67 with qwen, lowest pair 0.50 > 0.01"
    )


def test_nothing_to_compare_is_explained_too() -> None:
    assert explain(vote(["a"], "released", 0.01), NAMES) == "the only answer · rule released 2"
    assert explain(vote(["", ""], "quorum", 0.01), NAMES) == (
        "all answers are empty · dropped: no answer with text · rule quorum 3"
    )


def test_a_vote_says_which_score_its_threshold_compares_and_how() -> None:
    unlike = ["a b c", "a b d", "a x y"]
    for rule, strict in (("released", True), ("paper", True), ("quorum", False)):
        made = vote(unlike, rule, 0.3)  # type: ignore[arg-type]
        score = made.lowest if strict else made.mean
        assert (made.score, made.strict) == (score, strict)
        # Right at the threshold the two kinds of rule part.
        assert vote(unlike, rule, score).keep is not strict  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("rule", "texts"),
    [
        ("released", ["same", "same", "other"]),
        ("released", ["...", "one", "two"]),
        ("quorum", ["same", "same", "other"]),
        ("quorum", ["", "", ""]),
        ("paper", ["only"]),
    ],
    ids=["equal answers", "an empty winner", "equal answers of ours", "all empty", "the only answer"],
)
def test_what_no_threshold_changes_has_no_score(rule: Rule, texts: list[str]) -> None:
    assert vote(texts, rule, 0.3).score is None


def test_in_version_2_an_answer_that_loops_wins_no_tie_against_one_that_does_not() -> None:
    loop, good = "a pond is " * 9, "water in a hollow"

    def second(*answers: str) -> Vote:
        return vote_all([answers], RuleChoice("quorum", 0.0, "rouge-score", "half", "all"))[0]

    tied = second(loop, good)
    assert (tied.winner, tied.tie, tied.rule_version) == (1, False, 2)
    assert second(good, loop).winner == 0
    assert second(loop, loop + "now and then", loop).winner == 0  # no tie: two are equal
    both = second(loop, "the hen and the fox and " * 8)
    assert (both.winner, both.tie) == (0, True)
    # The rules of the sources know no such thing.
    assert [vote([loop, good], rule, 0.0).winner for rule in ("released", "paper")] == [0, 0]
