"""ROUGE-L against the reference package: equal to the last bit."""

import random
import string

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rouge_score.rouge_scorer import RougeScorer
from rouge_score.tokenizers import DefaultTokenizer

from app.method.rouge import Coder, pairwise, rouge_l_f1, stemmed, tokenise

WORDS = [
    "The",
    "the",
    "committee",
    "committees",
    "running",
    "runs",
    "run",
    "national",
    "nationally",
    "relational",
    "happy",
    "happiness",
    "12",
    "7b",
    "don't",
    "re-use",
    "İstanbul",
    "K",
    "ſtraße",
    "naïve",
    "東京",
    "🙂",
    "a",
    "an",
    "of",
    "to",
    "it's",
    "U.S.",
    "e.g.",
    "x1",
    "generously",
]
HOSTILE = [
    "",
    " ",
    "!!!",
    "\0",
    "\ud800",
    "a\ud800b",
    "İ",
    "K9",
    "東京 東京",
    "a\u2028b",
    "_under_score_",
    "é" * 50,
]
SCORERS = {stem: RougeScorer(["rougeL"], use_stemmer=stem) for stem in (False, True)}


def reference(a: str, b: str, stem: bool) -> float:
    return float(SCORERS[stem].score(a, b)["rougeL"].fmeasure)


def sentence(rng: random.Random) -> str:
    words = rng.choices(WORDS, k=rng.randrange(0, 14))
    return "".join(word + rng.choice([" ", ", ", " - ", "\n", "", "\u00a0"]) for word in words)


@pytest.mark.parametrize("stem", [False, True])
def test_thousands_of_random_pairs_score_as_in_the_reference_to_the_last_bit(stem: bool) -> None:
    rng = random.Random(1)
    scores = []
    for _ in range(12_000):
        a, b = sentence(rng), sentence(rng)
        scores.append(rouge_l_f1(a, b, stem=stem))
        assert scores[-1] == reference(a, b, stem), (a, b)
    assert len(set(scores)) > 50  # the sample is no collection of zeros


@pytest.mark.parametrize("stem", [False, True])
def test_hostile_texts_score_as_in_the_reference(stem: bool) -> None:
    for a in [*HOSTILE, "k9 istanbul"]:
        for b in [*HOSTILE, "k9 istanbul"]:
            assert rouge_l_f1(a, b, stem=stem) == reference(a, b, stem), (a, b)


@settings(max_examples=400, deadline=None)
@given(st.text(), st.text(), st.booleans())
def test_any_two_texts_score_as_in_the_reference(a: str, b: str, stem: bool) -> None:
    assert rouge_l_f1(a, b, stem=stem) == reference(a, b, stem)


@settings(max_examples=300, deadline=None)
@given(st.text(alphabet=string.ascii_letters + string.digits + " .-'İſK\n", max_size=80), st.booleans())
def test_tokens_are_those_of_the_reference(text: str, stem: bool) -> None:
    tokens = tokenise(text)
    assert (list(map(stemmed, tokens)) if stem else tokens) == DefaultTokenizer(stem).tokenize(text)


def test_the_float_just_above_seven_tenths_is_kept_as_the_reference_has_it() -> None:
    # 7 common tokens of 7 and 13: exactly 0.7 on paper, a little more in floating point.
    a = " ".join(f"w{i}" for i in range(7))
    b = " ".join(f"w{i}" for i in range(13))
    assert rouge_l_f1(a, b) == reference(a, b, False) == 0.7000000000000001


def test_pairs_are_scored_symmetrically() -> None:
    texts = ["one two three", "one three", "four", ""]
    matrix = pairwise(texts, Coder(stem=True))
    for i, a in enumerate(texts):
        assert matrix[i][i] == 1.0
        for j, b in enumerate(texts):
            assert matrix[i][j] == matrix[j][i]
            if i != j:
                assert matrix[i][j] == reference(a, b, True)


def test_a_coder_never_uses_surrogates_and_tells_many_tokens_apart() -> None:
    coder = Coder()
    text = " ".join(f"w{number}" for number in range(60_000))
    coded = coder.code(text)
    assert len(set(coded)) == len(coder) == 60_000
    assert coded == coder.code(text)
    assert coded.encode("utf-8")  # a surrogate could not be encoded


def test_words_of_one_stem_share_a_character_only_where_stems_count() -> None:
    assert len(set(Coder(stem=True).code("running runs run"))) == 1
    assert len(set(Coder().code("running runs run"))) == 3
