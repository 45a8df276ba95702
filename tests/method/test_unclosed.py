"""What is opened and never closed is found; smileys, lists, inches and apostrophes open nothing."""

from __future__ import annotations

import pytest

from app.method.unclosed import unclosed


@pytest.mark.parametrize(
    "text",
    [
        '{"a": 1',
        '[{"a": 1}, {"b": 2}',
        "```python\nprint(1)",
        "The river (which is long flows north.",
        'He said "no and left.',
        "Er sagte „nein und ging.",
        "He said “no and left.",
        "Il a dit « non et il est parti.",
        "川（長い。",
        "彼は「いいえと言った。",
    ],
)
def test_what_is_never_closed_is_found(text: str) -> None:
    assert unclosed(text)


@pytest.mark.parametrize(
    "text",
    [
        "It's the boys' dog, isn't it?",
        "a) one\nb) two\n1) three",
        "Not today :( and not ;-( tomorrow",
        'The screen has 27" and 5\'10" of cable.',
        'It is called "version 2" and "version 3".',
        "The half-open intervals [0, 1) and (0, 1].",
        '{"a": ":(", "b": "("}',
        "```\nprint(1)\n``` and `x[`",
        'He writes print("(") and \'"\' and \\".',
        "“One paragraph.\n\n“Another one,” he said.",
        "Er sagte „nein“ und »ja«.",
        "Il a dit « non ».",
        "川（長い）と「海」。",
        'if x: print("""doc""")',
    ],
)
def test_what_is_closed_or_opens_nothing_is_left_alone(text: str) -> None:
    assert not unclosed(text)


def test_what_the_task_has_open_the_answer_may_have_open() -> None:
    assert unclosed("f(x")
    assert not unclosed("f(x", "Copy it: f(x")
    assert not unclosed("```\nx", "Go on: ```\ny")
