"""An answer in another language than its task asks for is found; where it is not sure nothing is said."""

from __future__ import annotations

import pytest

from app.method.language import in_another_language

ENGLISH = "A river is a natural stream of water that flows to the sea."
GERMAN = "Ein Fluss ist ein natürliches Gewässer, das zum Meer fließt."


@pytest.mark.parametrize(
    ("instruction", "output"),
    [
        ("Answer in French: where is the mill?", "The mill is over there."),
        ("Please write a short poem about the sea in Spanish.", "The sea is wide and blue, it sings to me."),
        ("Translate into German: the house is old.", "The house is very old and grey."),
        ("Say what a river is, please.", GERMAN),
        ("Erkläre, was ein Fluss ist und wohin er fließt.", ENGLISH),
        ("Describe your favourite meal in three sentences.", "我最喜欢的菜是米饭和鱼，因为它们很好吃。"),
        ("请解释什么是河流，以及它的作用。", ENGLISH),
    ],
)
def test_an_answer_in_another_language_is_found(instruction: str, output: str) -> None:
    assert in_another_language(instruction, "", output)


@pytest.mark.parametrize(
    ("instruction", "input", "output"),
    [
        ("Say what a river is, please.", "", ENGLISH),
        ("Erkläre, was ein Fluss ist und wohin er fließt.", "", GERMAN),
        ("Write a poem in German.", "", GERMAN),
        ("How do you say good morning in French?", "", "In French you say bonjour, which means good day."),
        ("What is the capital of France?", "", "Paris"),
        ("Translate to French: hello, how are you?", "", "Bonjour, comment allez-vous aujourd'hui ?"),
        ("Translate it.", "The house is old and grey.", "Das Haus ist alt und grau."),
        ("Correct the grammar.", "Je suis aller au marché hier.", "Je suis allé au marché hier."),
        ('Complete "Wer andern eine Grube gräbt".', "", "Wer andern eine Grube gräbt, fällt selbst hinein."),
        ("Name five Italian dishes.", "", "Spaghetti alla carbonara, ossobuco alla milanese, ribollita"),
        ("Write a function that adds.", "", "def add(a, b):\n    return a + b"),
        ("List the planets in order.", "", "Mercury, Venus, Earth, Mars, Jupiter, Saturn, Uranus"),
        ("Übersetze ins Englische: Das Haus ist alt und grau.", "", "The house is old and grey."),
    ],
)
def test_nothing_is_said_where_it_is_right_or_not_sure(instruction: str, input: str, output: str) -> None:
    assert not in_another_language(instruction, input, output)
