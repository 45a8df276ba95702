"""The voice of a model that gave samples: which answer votes for it, with which strength."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from app.method.consensus import Answers, RuleChoice, Vote, standing, vote_again, vote_on
from app.method.explanation import asked, explain, voices
from app.method.learned import Item, Scale
from app.method.measures import measures
from app.method.recipe_parts import AtLeast
from app.method.voices import ONE_VOICE, Speaker, Voice, hear, speakers

QUORUM = RuleChoice("quorum", 0.2, at_least="half")


@dataclass(frozen=True)
class One:
    """An answer as the store gives it."""

    id: str
    model: str
    attempt: int
    output: str
    role: str = "answerer"


def given(**by_model: list[str]) -> list[One]:
    """Return every model's own answer, then the samples, as a run stores them."""
    own = [One(f"{model}0", model, 0, texts[0]) for model, texts in by_model.items()]
    sampled = [
        One(f"{model}{at}", model, -at, text)
        for model, texts in by_model.items()
        for at, text in enumerate(texts[1:], start=1)
    ]
    return own + sampled


def voted(
    answers: list[One], choice: RuleChoice = QUORUM, barred: tuple[str, ...] = (), asked: int = 0
) -> tuple[Vote, dict[str, str]]:
    outputs = [one.output for one in answers]
    [vote] = vote_on([Answers(outputs, barred, asked, "item", speakers(answers))], choice)
    vote = vote._replace(candidates=tuple(one.id for one in answers))
    return vote, {key: str(voice) for key, voice in voices(vote, answers).items()}


@pytest.mark.parametrize(
    ("texts", "speaks", "strength"),
    [
        (["Paris", "Paris.", "paris", "Lyon", "Paris", "Lyon"], "a0", "3 of 5 samples"),
        (["Rome", "Paris.", "paris", "Lyon", "Paris", "Lyon"], "a1", "3 of 5 samples"),
        (["Lyon", "Paris", "Paris", "Lyon", "Lyon", "Rome"], "a0", "2 of 5 samples"),
        (["Rome", "Paris", "Lyon", "Oslo", "Bern", "Lima"], "a0", "0 of 5 samples"),
        (["Rome", "Paris", "Lyon"], "a0", "0 of 2 samples"),
        (["", "Paris", "Lyon", "Oslo"], "a1", "1 of 3 samples"),
        (["", "", ""], "a0", "0 of 2 samples"),
        (["Rome", "", ""], "a0", "0 of 2 samples"),
        (["5", "5.0", "-5", "5"], "a0", "2 of 3 samples"),
    ],
)
def test_the_voice_is_what_most_samples_say_and_else_the_models_own_answer(
    texts: list[str], speaks: str, strength: str
) -> None:
    vote, said = voted(given(a=texts))
    assert said == {speaks: strength}
    assert len(vote.voting) == 1 and vote.candidates[vote.voting[0]] == speaks
    assert vote.barred is not None and vote.barred.count(ONE_VOICE) == len(texts) - 1


@pytest.mark.parametrize(
    ("at_least", "keep"), [("half", True), (2, True), (3, True), (4, False), (0.6, True), (0.8, False)]
)
def test_a_model_alone_is_kept_if_it_agrees_with_itself_as_the_rule_asks_of_several(
    at_least: AtLeast, keep: bool
) -> None:
    answers = given(a=["Rome", "Paris", "Paris", "Paris", "Lyon", "Oslo"])
    vote, _ = voted(answers, RuleChoice("quorum", 0.2, at_least=at_least))
    assert (vote.decided_by, vote.equal, vote.keep) == ("samples", 3, keep)
    assert vote.reason == ("" if keep else "no_agreement") and vote.winner_id == "a1"
    assert vote.disagreement == pytest.approx(0.4) and vote.score is None
    told = explain(vote, ["a (3 of 5 samples)"] * 6, [one.output for one in answers])
    assert told.startswith("one model was asked, a (3 of 5 samples)") and "voted" not in told


def test_many_samples_of_one_model_count_as_one_voice_beside_others() -> None:
    answers = given(a=["Lyon"] * 6, b=["Paris"], c=["Paris"])
    vote, said = voted(answers)
    assert said == {"a0": "5 of 5 samples"} and vote.winner_id == "b0"
    assert (vote.equal, len(vote.voting), vote.decided_by, asked(vote)) == (2, 3, "exact", 3)


def test_a_voice_that_is_a_sample_stands_where_the_models_own_answer_does() -> None:
    answers = given(a=["Rome", "Paris", "Paris"], b=["Lyon"])
    vote, _ = voted(answers, RuleChoice("released", 0.0))
    assert vote.tie and vote.winner_id == "a1", "the earlier model wins a tie, not the earlier candidate"


def test_released_and_paper_see_voices_only() -> None:
    answers = given(a=["Paris", "Lyon", "Paris"], b=["Lyon", "Lyon", "Lyon"])
    for rule in ("released", "paper"):
        vote, _ = voted(answers, RuleChoice(rule, 0.01))  # type: ignore[arg-type]
        plain = vote_on([Answers(["Paris", "Lyon"], key="item")], RuleChoice(rule, 0.01))[0]  # type: ignore[arg-type]
        assert (vote.keep, vote.lowest, vote.mean) == (plain.keep, plain.lowest, plain.mean)
    alone, _ = voted(given(a=["Paris", "Lyon", "Oslo"]), RuleChoice("released", 0.01))
    assert alone.keep and alone.decided_by == "only-one", "it counts no equal answers"


def test_a_sample_that_may_not_vote_does_not_agree_but_counts_among_all() -> None:
    answers = given(a=["Paris", "Paris", "Paris", "Paris"])
    vote, said = voted(answers, barred=("", "", "output_equals_input", ""))
    assert said == {"a0": "2 of 3 samples"} and vote.keep
    vote, said = voted(answers, barred=("output_equals_input",) * 4)
    assert said == {} and vote.reason == "no_voter"


def test_one_voice_left_of_several_models_is_no_agreement_however_sure_it_is() -> None:
    vote, _ = voted(given(a=["Paris"] * 4, b=["I"]), barred=("", "repeats", "", "", ""), asked=2)
    assert (vote.decided_by, vote.reason) == ("only-one", "no_agreement")


def test_an_answer_asked_for_once_more_counts_by_itself() -> None:
    answers = [*given(a=["Rome", "Paris", "Paris"]), One("again", "a", 17, "Paris")]
    vote, said = voted(answers)
    assert said == {"a1": "2 of 2 samples"} and (vote.decided_by, vote.equal) == ("exact", 2)


def test_a_voice_may_be_held_by_longer_samples_where_containment_counts() -> None:
    texts = ["It is Paris.", "Paris", "Paris", "It is Paris.", "Lyon"]
    assert voted(given(a=texts))[1] == {"a1": "2 of 4 samples"}
    held = RuleChoice("quorum", 0.2, at_least="half", containment=True)
    assert voted(given(a=texts), held)[1] == {"a1": "3 of 4 samples"}


def test_voting_again_opens_which_answer_of_a_model_votes() -> None:
    answers = given(a=["3.5", "35", "35", "3.5", "3.5"])
    outputs, by = [one.output for one in answers], speakers(answers)
    earlier, said = voted(answers, RuleChoice("released", 0.01))
    assert said == {"a0": "4 of 4 samples"}, "to the released rule they are equal"
    assert earlier.barred is not None
    [again] = vote_again([(Answers(outputs, earlier.barred, 1, "item", by), earlier)], QUORUM)
    assert (again.equal, again.keep) == (2, False)
    assert standing(again) == RuleChoice("quorum", 0.2, "rouge-score", "half")


def test_where_nobody_gave_samples_each_answer_stands_for_itself() -> None:
    answers = [One("1", "a", 0, "x"), One("2", "a", 5, "x"), One("3", "b", 0, "x")]
    assert speakers(answers) == ()
    heard = hear((), ["x", "x", "y"], ("", "repeats", ""))
    assert (heard.voting, heard.barred, heard.voices) == ([0, 2], ("", "repeats", ""), [])
    assert str(Voice(0, 0, 1, 2)) == "1 of 2 samples" and Speaker("a", True).sampled


def test_to_what_is_learned_an_answer_is_no_worse_because_its_model_votes_by_another() -> None:
    outputs, alike = ["Paris", "Paris", "Rome"], ((1.0, 1.0, 0.0), (1.0, 1.0, 0.0), (0.0, 0.0, 1.0))
    open_one, silent = (
        Item("B", ["a", "a", "b"], outputs, outputs, alike, barred, [0, 2])
        for barred in (("", "", ""), ("", ONE_VOICE, ""))
    )
    assert measures([open_one], Scale()).tolist() == measures([silent], Scale()).tolist()
