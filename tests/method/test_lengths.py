from __future__ import annotations

import pytest

from app.method.lengths import length, measured


@pytest.mark.parametrize(
    ("text", "measure"),
    [
        ("", (0, "word")),
        ("A well-known fact - is it?", (6, "word")),
        ("Хлеб делают из муки.", (4, "word")),
        ("水结冰时会膨胀吗？", (8, "character")),
        ("東京、大阪。", (4, "character")),
        ("コーヒーを飲む", (7, "character")),
        ("3月 と 4月", (5, "character")),
        ("Python 是语言", (4, "character")),
        ("The word 水 means water in Chinese", (7, "word")),
        ("สวัสดี", (4, "character")),
    ],
)
def test_characters_count_where_a_script_has_no_spaces(text: str, measure: tuple[int, str]) -> None:
    assert measured(text) == measure
    assert length(text) == measure[0]
