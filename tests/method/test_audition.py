"""How held-out answers are measured, and when another style than the default one is taken."""

import pytest

from app.method.audition import (
    TASKS,
    Audition,
    Score,
    far_behind,
    held_out,
    measured,
    scored,
    unlike_lengths,
)
from app.method.terms import Ended, Kind, Style
from app.store.rows import NewSeed


def seed(number: int, kind: Kind = "B", output: str = "yes", context: str = "") -> NewSeed:
    return NewSeed(kind, "", f"Say it {number}.", "this" if kind == "A" else "", output, context=context)


COUNTRY = NewSeed("A", "", "Name the country of the city.", "Lisbon", "Portugal")


@pytest.mark.parametrize(
    ("output", "ended", "fault", "score"),
    [
        ("portugal.", "stop", "", 1.0),
        ("It is Portugal", "end", "", 0.5),
        ("Spain", "stop", "", 0.0),
        ("Lisbon", "stop", "echoed", 0.0),
        ("Name the country of the city.", "stop", "echoed", 0.0),
        ("I'm sorry, but I cannot name Portugal.", "end", "refused", 0.0),
        ("Portugal lies in " + "the west of the south of " * 9, "length", "cut", 0.0),
        ("It is Portugal, I think " * 12, "end", "repeated", 0.0),
        ("", "error", "cut", 0.0),
    ],
)
def test_an_answer_is_worth_what_it_would_be_in_a_vote(
    output: str, ended: Ended, fault: str, score: float
) -> None:
    answer = measured(COUNTRY, output, ended)
    assert answer.score == pytest.approx(score)
    faults = [name for name in ("cut", "refused", "echoed", "repeated") if getattr(answer, name)]
    assert (fault in faults) if fault else not faults


def test_an_answer_that_is_right_is_no_echo_and_no_refusal() -> None:
    same = NewSeed("A", "", "Correct the sentence.", "All is well.", "All is well.")
    assert measured(same, "All is well.", "stop").score == 1.0


def test_a_third_of_the_length_is_told() -> None:
    assert measured(seed(1, output="one two three"), "one", "stop").ratio == pytest.approx(1 / 3)


def test_forty_tasks_of_both_kinds_are_held_out_and_as_many_stay_to_be_shown() -> None:
    seeds = [seed(number, "AB"[number % 2]) for number in range(200)]  # type: ignore[arg-type]
    asked, left = held_out(seeds)
    assert [sum(task.kind == kind for task in asked) for kind in "AB"] == [20, 20]
    assert len(asked) == TASKS and len(left) == 160
    assert not {id(task) for task in asked} & {id(task) for task in left}
    assert held_out(seeds)[0] == asked, "the same seed tasks give the same"
    assert {task.kind for task in asked[:8]} == {"A", "B"}, "both from the beginning"


def test_of_few_seed_tasks_half_are_asked_and_only_what_can_be_compared() -> None:
    few = [seed(1), seed(2), seed(3), seed(4, output=" "), seed(5, context='[["user", "Hi"]]')]
    asked, left = held_out(few)
    assert len(asked) == 1 and len(left) == 4
    one_kind = [seed(number) for number in range(100)]
    assert len(held_out(one_kind)[0]) == TASKS
    assert held_out([]) == ([], [])


def outcome(**right: str) -> Audition:
    """Answers in styles, each a string of + (right) and - (wrong); the first is the default style."""
    said = {"+": measured(COUNTRY, "Portugal", "stop"), "-": measured(COUNTRY, "x", "stop")}
    answers = {style.replace("_", "-"): [said[sign] for sign in signs] for style, signs in right.items()}
    default = next(iter(answers.values()))
    return Audition(tuple(scored(style, given, default) for style, given in answers.items()), 40)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("default", "other", "taken"),
    [
        ("-" * 40, "+" * 20 + "-" * 20, "few-shot"),
        ("+-" * 20, "-+" * 19 + "++", "chat"),  # one more of forty says nothing
        ("+" * 10 + "-" * 30, "+" * 13 + "-" * 27, "chat"),
        ("+" * 10 + "-" * 30, "+" * 20 + "-" * 20, "few-shot"),
        ("-" * 4, "+" * 4, "chat"),  # too few to say
        ("+" * 20, "-" * 20, "chat"),
    ],
)
def test_another_style_is_taken_where_it_is_surely_better(default: str, other: str, taken: Style) -> None:
    assert outcome(chat=default, few_shot=other).best.style == taken


def test_of_styles_that_are_surely_better_the_best_is_taken() -> None:
    heard = outcome(chat="-" * 40, few_shot="+" * 20 + "-" * 20, chat_examples="+" * 30 + "-" * 10)
    assert heard.best.style == "chat-examples"
    assert heard.line() == "chat-examples: 75% of 40 answers exact, score 0.75; few-shot 50%, 0.50"


def test_the_line_says_what_was_not_sure_and_what_was_not_asked() -> None:
    heard = outcome(chat="+--" * 4, few_shot="++-" * 3)
    assert heard.line() == (
        "chat: 33% of 12 answers exact, score 0.33; few-shot 67%, 0.67 (not surely better)"
    )
    early = Audition(heard.scores, 40, whole=False)
    assert early.line().endswith("; stopped early, after 12 of 40 tasks")
    later = Audition(heard.scores, 12, whole=False)
    assert later.line().endswith("; stopped early, with fewer in other styles")


def test_styles_asked_less_are_compared_on_the_tasks_they_share() -> None:
    heard = outcome(chat="----++++", few_shot="++++")
    assert heard.scores[1].edge == 1.0


def test_a_style_that_is_surely_worse_is_asked_no_more() -> None:
    good, bad = outcome(few_shot="+" * 8, chat="-" * 8).scores
    assert bad.surely_worse and not good.surely_worse
    assert not outcome(few_shot="+-" * 4, chat="-+" * 4).scores[1].surely_worse
    assert outcome(few_shot="+", chat="-").scores[1].error is None


def test_an_audition_is_kept_as_json() -> None:
    heard = outcome(chat="+-" * 10, few_shot="++" * 10)
    assert Audition.from_json(heard.to_json()) == heard
    one = Audition((Score("zero-shot", 1, *[0.5] * 8),), 1)  # type: ignore[arg-type]
    assert Audition.from_json(one.to_json()).best == one.best


def test_a_model_far_behind_the_best_is_named_with_both_scores() -> None:
    good, bad, fair = outcome(chat="+" * 20), outcome(chat="+" + "-" * 19), outcome(chat="++" + "-" * 18)
    assert far_behind({"good": good, "bad": bad, "fair": fair}) == {"bad": (0.05, 1.0)}
    assert far_behind({"bad": bad}) == {} == far_behind({})


@pytest.mark.parametrize(
    ("ratios", "unlike"),
    [
        ((1.0, 3.0), ("model 1", "model 0")),
        ((1.0, 2.9), None),
        ((5.0,), None),
        ((0.0,), None),
        ((0.0, 3.0), None),
        ((0.0, 0.0), None),
        ((0.2, 0.9), None),
    ],
)
def test_lengths_are_unlike_where_one_of_two_models_answers_at_length(
    ratios: tuple[float, ...], unlike: tuple[str, str] | None
) -> None:
    scores = [Score("chat", 40, 0.5, 0.5, 0.5, ratio, 0.0, 0.0, 0.0, 0.0) for ratio in ratios]
    found = {f"model {at}": Audition((score,), 40) for at, score in enumerate(scores)}
    assert unlike_lengths(found) == unlike
