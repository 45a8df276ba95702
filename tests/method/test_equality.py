"""What says the same, what does not, and in what two texts differ that a rule takes as the same."""

from __future__ import annotations

import random
import unicodedata

import pytest

from app.method.equality import Difference, as_written, content, difference, largest_group

SAME = [
    ("Yes.", "Yes"),
    ("  YES \n", "yes"),
    ("Yes!!!", "yes"),
    ("Really?!", "really"),
    ("Wait...", "wait…"),
    ("“Yes.”", "yes"),
    ("“Yes”.", "yes"),
    ("会。", "会"),
    ("「会！」", "会"),
    ("«Да»", "Да"),
    ("„Ja“", "Ja"),
    ("Oui !", "oui"),
    ("¿Sí?", "sí"),
    ("हाँ।", "हाँ"),
    ("نعم؟", "نعم"),
    ("Ｙｅｓ", "yes"),
    ("don’t go", "Don't go"),
    ("−5", "-5"),
    ("－5", "-5"),
    ("x − y", "x - y"),
    ("1,000", "1000"),
    ("1,234,567.0", "1234567"),
    ("5.0", "5"),
    ("5.00 kg", "5 kg"),
    ("$1,000", "$1000"),
    ("-1,000 m²", "-1000 m²"),
    ("5.", "5"),
]
OTHER = [
    ("-5", "5", Difference.SYMBOLS),
    ("−5", "5", Difference.SYMBOLS),
    ("+5", "5", Difference.SYMBOLS),
    ("3.5", "35", Difference.SYMBOLS),
    (".5", "5", Difference.SYMBOLS),
    ("3,5", "35", Difference.SYMBOLS),
    ("C++", "C", Difference.SYMBOLS),
    ("C#", "C", Difference.SYMBOLS),
    ("a + b", "a - b", Difference.SYMBOLS),
    ("a - b", "a b", Difference.SYMBOLS),
    ("1/2", "12", Difference.SYMBOLS),
    ("1–5", "15", Difference.SYMBOLS),
    ("12:30", "1230", Difference.SYMBOLS),
    ("x < 3", "x > 3", Difference.SYMBOLS),
    ("x = 3", "x != 3", Difference.SYMBOLS),
    ('print("x")', "print(x)", Difference.SYMBOLS),
    ("f(x)", "fx", Difference.SYMBOLS),
    ("os.path", "ospath", Difference.SYMBOLS),
    ("a_b", "ab", Difference.SYMBOLS),
    ("x²", "x2", Difference.SYMBOLS),
    ("2⁵", "25", Difference.SYMBOLS),
    ("1½", "11⁄2", Difference.SYMBOLS),
    ("H₂O", "HO", Difference.SYMBOLS),
    ("5!", "5", Difference.SYMBOLS),
    ("n!", "n", Difference.SYMBOLS),
    ("x?", "x", Difference.SYMBOLS),
    ("(ab)!", "(ab)", Difference.SYMBOLS),
    ("5'", '5"', Difference.SYMBOLS),
    ("+", "-", Difference.SYMBOLS),
    (".", "?", Difference.SYMBOLS),
    ("-", "", Difference.SYMBOLS),
    ("$5", "€5", Difference.SYMBOLS),
    ("$5", "5", Difference.SYMBOLS),
    ("10 %", "10", Difference.SYMBOLS),
    ("٪5", "5", Difference.SYMBOLS),
    ("٣٫٥", "٣٥", Difference.SYMBOLS),
    ("2·3", "2 3", Difference.SYMBOLS),
    ("a·b", "a b", Difference.SYMBOLS),
    ("5、6", "5 6", Difference.SYMBOLS),
    ("§ 5", "5", Difference.SYMBOLS),
    ("cd ..", "cd", Difference.PUNCTUATION),
    ("You can't go.", "You cant go", Difference.PUNCTUATION),
    ("Hello, world", "Hello world", Difference.PUNCTUATION),
    ('He said "yes" to me.', "He said yes to me", Difference.PUNCTUATION),
    ("well-known", "wellknown", Difference.PUNCTUATION),
    ("Yes - we can", "Yes we can", Difference.PUNCTUATION),
    ("**Rome**", "Rome", Difference.PUNCTUATION),
    ("- Rome", "Rome", Difference.PUNCTUATION),
    ("1. Rome", "1 Rome", Difference.PUNCTUATION),
    ("The end (really)", "The end really", Difference.PUNCTUATION),
    ("日本、東京。", "日本東京", Difference.PUNCTUATION),
    ("レフ·トルストイ", "レフトルストイ", Difference.PUNCTUATION),
    ("第5、東京", "第5東京", Difference.PUNCTUATION),
]
UNEQUAL = [
    ("3,5", "3.5"),
    ("1.000", "1000"),
    ("1.000", "1"),
    ("3.10", "3.1"),
    ("007", "7"),
    ("5.0 kg", "5 g"),
    ("5.0 and 6", "5 and 6"),
    ("Maße", "Masse"),
    ('"a" or "b"', 'a" or "b'),
    ("1..", "1"),
    ('""', ""),
    ("Yes, no", "Yes no"),
]


@pytest.mark.parametrize(("one", "other"), SAME)
def test_what_changes_no_meaning_makes_no_difference(one: str, other: str) -> None:
    assert content(one) == content(other)
    assert difference(one, other) is Difference.NONE


@pytest.mark.parametrize(("one", "other", "how"), OTHER)
def test_answers_that_say_something_else_say_in_what_they_differ(
    one: str, other: str, how: Difference
) -> None:
    assert content(one) != content(other)
    assert difference(one, other) is difference(other, one) is how


@pytest.mark.parametrize(("one", "other"), UNEQUAL)
def test_what_can_be_read_in_two_ways_stays_as_it_is(one: str, other: str) -> None:
    assert content(one) != content(other)


@pytest.mark.parametrize("text", [*"+-.?!*/\"'。「", "...", '""', "?!", "«»", "-."])
def test_a_text_of_symbols_alone_stays_itself(text: str) -> None:
    assert content(text) == unicodedata.normalize("NFKC", text)


def test_the_largest_group_counts_what_says_the_same() -> None:
    assert largest_group(["3.5", "35", "3.50", "3.5."]) == 2
    assert (largest_group([]), largest_group(["a", "a"])) == (0, 2)


def test_what_a_person_wrote_is_the_same_but_for_spaces_and_forms_of_characters() -> None:
    assert as_written("a  b\n") == as_written("a b") and as_written("Ａ") == as_written("A")
    for one, other in [("35", "3.5"), ("A", "a"), ("Yes.", "Yes"), ("²", "2")]:
        assert as_written(one) != as_written(other)


PIECES = [
    *["a", "b", "Yes", "no", "ß", "ss", "й", "и", "会", "不", "é", "e", "ﬁ", "fi", "x", "n"],
    *["5", "05", "50", "35", "3.5", "3,5", "1,000", "1000", "1.000", "5.0", "²", "₂", "½", "12", "٣"],
    *["+", "-", "−", "－", "*", "/", "<", ">", "=", "!", "?", "?!", "%", "$", "€", "°", "^", "_", "#"],
    *[".", "..", "...", ",", ";", ":", "。", "！", "؟", "।", "'", '"', "’", "“", "”", "«", "»", "「", "」"],
    *["(", ")", "[", "]", " ", "  ", "\n", " kg", " km"],
]
SIGNS = {"−": "-", "－": "-"}


def meaning(text: str) -> str:
    """Return digits, signs, operators and letters in order, written without the module under test."""
    kept = []
    for character in text.replace("’", "'"):
        form = unicodedata.decomposition(character)
        plain = character if "<super>" in form or "<sub>" in form or "<fraction>" in form else None
        for each in plain or unicodedata.normalize("NFKC", SIGNS.get(character, character)):
            lower = each.lower()
            if unicodedata.category(each)[0] in "LNMS" or each in "-*/%_#":
                kept.append(lower)
    return "".join(kept)


def value(text: str) -> str:
    """Return `meaning` with a number that is nothing else without separators and zeros behind its point."""
    number = text.replace(",", "")
    return meaning(number.split(".")[0] + "".join(c for c in number.partition(".")[2] if not c.isdigit()))


def twin(rng: random.Random, pieces: list[str]) -> str:
    """Return a text near the one of these pieces: dressed up, or with a piece put in, out or changed."""
    text = "".join(pieces)
    dressed = [f"{text}.", f"{text}!", f"{text}。", f"“{text}”", f'"{text}"', text.upper(), f" {text}\n"]
    if rng.random() < 0.4:
        return rng.choice(dressed)
    at = rng.randrange(len(pieces) + 1)
    return "".join(
        [*pieces[:at], *rng.choices(PIECES, k=rng.randint(0, 1)), *pieces[at + rng.randint(0, 1) :]]
    )


def test_equal_texts_have_the_same_digits_signs_operators_and_letters_in_order() -> None:
    rng = random.Random(12)
    equal = 0
    for _ in range(25_000):
        pieces = rng.choices(PIECES, k=rng.randint(1, 5))
        one, other = "".join(pieces), twin(rng, pieces)
        if content(one) != content(other):
            continue
        equal += one != other
        assert meaning(one) == meaning(other) or value(one) == value(other), (one, other, content(one))
        assert bool(content(one)) == bool(one.strip())
    assert equal > 3000
