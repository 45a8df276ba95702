"""The two tokenisers: the reference's, and the one that sees every script."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.method.rouge import tokenise, unseen_share

CASES = {
    "German": ("Führe die Straße entlang!", ["führe", "die", "straße", "entlang"]),
    "Russian": ("Напишите слово «ёлка».", ["напишите", "слово", "ёлка"]),
    "Chinese": (
        "写一首关于春天的诗。ABC 12",
        ["写", "一", "首", "关", "于", "春", "天", "的", "诗", "abc", "12"],
    ),
    "Japanese": ("カナのテスト", ["カ", "ナ", "の", "テ", "ス", "ト"]),
    "Korean": ("한국어 문장", ["한국어", "문장"]),
    "Hindi": ("हिन्दी भाषा", ["हिन्दी", "भाषा"]),
    "Thai": ("ง่าย", ["ง่", "า", "ย"]),
    "English": ("Don't re-use_it 7b", ["don", "t", "re", "use", "it", "7b"]),
}


@pytest.mark.parametrize(("text", "tokens"), CASES.values(), ids=CASES.keys())
def test_unicode_sees_words_and_characters_where_there_are_no_spaces(text: str, tokens: list[str]) -> None:
    assert tokenise(text, "unicode") == tokens


def test_composed_and_decomposed_letters_are_the_same() -> None:
    assert tokenise("cafe\u0301", "unicode") == tokenise("caf\u00e9", "unicode")


@settings(max_examples=200, deadline=None)
@given(st.text(alphabet="abz AZ09.,'_-\n\t"))
def test_on_plain_text_both_tokenisers_agree(text: str) -> None:
    assert tokenise(text, "unicode") == tokenise(text, "rouge-score")


@settings(max_examples=200, deadline=None)
@given(st.text())
def test_no_text_breaks_a_tokeniser_and_no_token_is_empty(text: str) -> None:
    for tokeniser in ("rouge-score", "unicode"):
        assert all(tokenise(text, tokeniser))


def test_the_share_of_letters_that_rouge_score_cannot_see() -> None:
    assert unseen_share(["plain text 123", "!!"]) == 0
    assert unseen_share(["Напишите слово"]) == 1
    assert unseen_share(["ab äö"]) == 0.5
    assert unseen_share([]) == unseen_share(["123"]) == 0
    german = "Schreibe einen Satz über die Straße und grüße die Gäste."
    assert 0 < unseen_share([german]) < 0.2
