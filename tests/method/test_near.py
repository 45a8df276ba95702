"""Which tasks are near, field by field, and which of them are twins that ask for something else."""

from __future__ import annotations

from random import Random

import pytest
from rouge_score.rouge_scorer import RougeScorer

from app.method import near
from app.method.near import BATCH, Near, NearTasks
from app.method.novelty import near_pairs
from app.method.rouge import chosen

SCORER = RougeScorer(["rougeL"], use_stemmer=False)


def judged(*tasks: tuple[str, ...], threshold: float = 0.7, aggressive: bool = False) -> list[Near | None]:
    known = NearTasks(len(tasks[0]), threshold)
    found: list[Near | None] = []
    for start in range(0, len(tasks), BATCH):
        batch = tasks[start : start + BATCH]
        found += known.judge(batch, [chosen("auto", task) for task in batch], aggressive=aggressive)
    return found


def test_tasks_of_one_field_are_judged_as_rouge_score_one_by_one_would() -> None:
    random = Random(5)
    texts = [" ".join(random.choices("abcdefgh", k=random.randrange(1, 8))) for _ in range(300)]
    pool: list[str] = []
    expected: list[Near | None] = []
    for text in texts:
        scores = [SCORER.score(text, other)["rougeL"].fmeasure for other in pool]
        best = max(scores, default=0.0)
        expected.append(Near(scores.index(best), best, False) if best > 0.7 else None)
        if best <= 0.7:
            pool.append(text)
    assert judged(*((text,) for text in texts)) == expected
    assert any(expected)


@pytest.mark.parametrize("at_once", [0, 10**9])
def test_every_field_must_be_near_however_it_is_compared(
    at_once: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(near, "_AT_ONCE", at_once)
    random = Random(7)
    words = [f"{letter}{other}" for letter in "abc" for other in "de"]
    tasks = [
        (random.choice(["put this in order", "put this in good order", "say it"]), " ".join(input))
        for input in (random.choices(words, k=random.randrange(10, 14)) for _ in range(150))
    ]
    known: list[tuple[str, str]] = []
    expected = []
    for task in tasks:
        scores = [
            min(SCORER.score(a, b)["rougeL"].fmeasure for a, b in zip(task, other, strict=True))
            for other in known
        ]
        best = max(scores, default=0.0)
        expected.append(Near(scores.index(best), best, False) if best > 0.7 else None)
        if best <= 0.7:
            known.append(task)
    assert judged(*tasks) == expected
    assert 10 < len(known) < 150


FRENCH = "Put the sentence into French."


@pytest.mark.parametrize(
    ("input", "other", "is_near"),
    [
        ("It snows today.", "We are late.", False),
        ("I would like a cup of tea.", "I would like a cup of milk.", False),  # short: one word is the task
        ("It snows today.", "it snows  today", True),
        ("", "", True),
        ("", "It snows today.", False),
        ("１２", "12", True),
        ("★", "★", True),  # no token, but the same
        ("★", "☆", False),
        (
            "The ferry to the island leaves at noon and comes back before the evening.",
            "The ferry to the island leaves at noon and comes back in the evening.",
            True,
        ),
    ],
)
def test_what_a_task_is_about_must_be_the_same_or_long_and_near(
    input: str, other: str, is_near: bool
) -> None:
    assert (judged((FRENCH, input), (FRENCH, other))[1] is not None) == is_near


@pytest.mark.parametrize(
    ("text", "twin"),
    [
        ("What is 18 + 3?", "What is 18 - 3?"),
        ("What is 18 - 3?", "What is 18 / 3?"),
        ("Explain what F++ is used for.", "Explain what F# is used for."),
        ("Explain what F# is used for.", "Explain what F is used for."),
        ("Round the value 3.14 to a whole number.", "Round the value 31.4 to a whole number."),
        ("Wie viel Rabatt sind 20 % von diesem Preis?", "Wie viel Rabatt sind 20 $ von diesem Preis?"),
        ("Is x < 3 when x grows?", "Is x > 3 when x grows?"),
        ("求圆的面积，半径为5厘米。", "求圆的面积，半径为7厘米。"),
        ("Сколько будет 18 + 3 рубля?", "Сколько будет 18 - 3 рубля?"),
    ],
)
def test_near_tasks_of_other_signs_numbers_or_symbols_are_twins(text: str, twin: str) -> None:
    found = judged((text,), (twin,), (twin,))
    assert found[1] is not None and found[1].differs and found[1].place == 0
    assert found[2] == Near(1, 1.0, differs=False)  # the twin was kept, and its repeat is one
    dropped = judged((text,), (twin,), (twin,), aggressive=True)
    assert all(near is not None and near.place == 0 for near in dropped[1:])


@pytest.mark.parametrize(
    ("text", "other"),
    [
        ("List the flowers of spring.", "List the flowers of spring!"),
        ("Write a well-known saying about the sea.", "Write a well known saying about the sea"),
        ('Say "hello" to the new neighbour.', "Say hello to the new neighbour."),
        ("List, in order, the four seasons of a year.", "List in order the four seasons of a year."),
        ("What is 18 + 3?", "What is 18+3"),
        ("1,000 €", "1000 €"),
        ("Write an e-mail to the mayor.", "Write an email to the mayor."),
        ("列出秋天的水果。", "列出秋天的水果"),
        ("Что такое «Да»?", "Что такое Да"),
    ],
)
def test_punctuation_makes_no_twins(text: str, other: str) -> None:
    found = judged((text,), (other,), threshold=0.5)[1]
    assert found is not None and not found.differs


def test_each_task_is_compared_by_its_own_letters() -> None:
    tasks = [
        ("写一首有7行的诗。",),
        ("计算边长为7的正方形。",),
        ("Name 7 seas of the world.",),
        ("A café of 7 tables, please.",),
    ]
    assert judged(*tasks) == [None] * 4
    assert [chosen("auto", task) for task in tasks] == ["unicode"] * 2 + ["rouge-score"] * 2
    assert list(near_pairs([task for (task,) in tasks], 0.7)) == []
    pairs = near_pairs(["列出秋天的水果。", "Name a sea.", "列出秋天的水果"], 0.7)
    assert [set(pair) for pair in pairs] == [{0, 2}]
