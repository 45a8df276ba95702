from __future__ import annotations

from app.method.references import ReferenceScores, best_rouge


def test_answers_are_scored_by_model_rule_and_how_many_are_equal() -> None:
    scores = ReferenceScores()
    scores.add(["3.5", "three and a half"], [("a", "35"), ("b", "3.5"), ("c", " 3.5")], "quorum", "3.5")
    scores.add(["Lima"], [("a", "lima"), ("b", "Quito"), ("c", "Cusco")], "quorum", None)
    assert scores.items == 2
    assert {name: (score.exact, score.answers) for name, score in scores.models.items()} == {
        "a": (1, 2),
        "b": (1, 2),
        "c": (1, 2),
    }
    assert (scores.rules["quorum"].exact, scores.rules["quorum"].answers) == (1, 1)
    assert {size: score.exact for size, score in scores.groups.items()} == {(2, 3): 1, (1, 3): 1}


def test_the_best_reference_counts_in_every_script() -> None:
    assert best_rouge("the Baltic", ["a lake", "the Baltic"]) == 1
    assert best_rouge("хлеб и соль", ["вода", "хлеб и соль"]) == 1
    assert best_rouge("x", []) == 0
