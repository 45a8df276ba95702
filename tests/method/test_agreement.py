"""Agreement between people, against figures of the literature and of hand."""

from __future__ import annotations

import pytest

from app.method.agreement import agreement, alpha, kappa
from app.store import decisions
from app.store.log import opinions
from app.store.project import Project
from app.store.review_state import ItemDecision
from tests.store.conftest import project as project
from tests.store.material import add_item, start_run

# Krippendorff, "Computing Krippendorff's Alpha-Reliability" (2011), example C: four observers, twelve
# units, gaps; nominal alpha 0.743.
OBSERVERS = (
    (1, 2, 3, 3, 2, 1, 4, 1, 2, None, None, None),
    (1, 2, 3, 3, 2, 2, 4, 1, 2, 5, None, 3),
    (None, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, None),
    (1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, None),
)


def test_alpha_is_that_of_its_author() -> None:
    units = [
        {str(who): str(said[at]) for who, said in enumerate(OBSERVERS) if said[at] is not None}
        for at in range(12)
    ]
    assert alpha(units) == pytest.approx(0.743, abs=0.0005)
    assert alpha([{"a": "x"}]) is None and alpha([]) is None


def test_kappa_is_that_of_the_textbook() -> None:
    """20 yes-yes, 5 yes-no, 10 no-yes, 15 no-no: (0.7 - 0.5) / (1 - 0.5)."""
    labels = [("y", "y")] * 20 + [("y", "n")] * 5 + [("n", "y")] * 10 + [("n", "n")] * 15
    assert kappa(labels) == pytest.approx(0.4)
    assert kappa([("y", "y")] * 3) == 1.0


def test_what_people_say_is_compared_with_others_and_with_themselves(project: Project) -> None:
    items = project.write_now(
        lambda c: [add_item(c, run, f"Task {n}.") for run in [start_run(c)] for n in range(4)]
    )

    def say(
        who: str, action: str, n: int, candidate: int | None = None, how: str = "", text: str = ""
    ) -> None:
        chosen = None if candidate is None else items[n].candidates[candidate]
        one = ItemDecision(items[n].id, chosen, text or None)
        project.write_now(lambda c: decisions.decide(c, who, action, [one], how=how))  # type: ignore[arg-type]

    for n in range(4):
        say("ann", "accept", n)
    say("bob", "choose", 0, 0)
    say("bob", "reject", 1)
    say("bob", "edit", 2, text="one")
    say("ann", "reject", 3, how="again")
    say("ann", "accept", 0, how="again")
    say("eve", "later", 3)
    report = agreement(project.read(opinions))
    [pair] = report.pairs
    assert (pair.who, pair.items, pair.same) == (("ann", "bob"), 3, pytest.approx(2 / 3))
    [own] = report.selves
    assert (own.who, own.items, own.same) == (("ann", "ann"), 2, 0.5)
    assert report.items == 3 and report.alpha is not None
    project.write_now(lambda c: decisions.undo(c, "ann"))
    assert agreement(project.read(opinions)).selves[0].items == 1
