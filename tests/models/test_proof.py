"""The proof, on made-up answers: what its arms and tables count. No model is asked and none is trained."""

from __future__ import annotations

import random

import pytest

from models.proof import __main__ as proof
from models.proof import arms as proof_arms
from models.proof import rules
from models.proof.arms import arms
from models.proof.tasks import Answered


def made_up(size: int) -> list[Answered]:
    """A writer that is right in 70%, and two answerers in 85%: no two are wrong in the same words."""
    rng, tasks = random.Random(2), []
    for at in range(size):
        answers = tuple(
            f"right {at}" if rng.random() < share else f"wrong {at} {name}"
            for name, share in (("a", 0.7), ("b", 0.85), ("c", 0.85))
        )
        tasks.append(Answered("family", f"Say {at}.", f"input {at}", f"right {at}", answers))
    return tasks


TASKS = made_up(260)


def test_every_arm_has_as_many_rows_of_which_the_right_ones_are_counted(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(proof_arms, "ROWS", 150)
    held = arms(TASKS)
    assert {len(arm.rows) for arm in held.values()} == {150}
    right = {name: arm.right / 150 for name, arm in held.items()}
    assert right["human"] == 1.0 >= right["certified"] >= right["consensus"] > right["writer"]
    assert 0.6 < right["writer"] < 0.8


def test_the_tables_say_how_right_models_rules_groups_and_learning_are(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(rules, "SAMPLES", 2)
    lines = list(proof.rule_lines(TASKS))
    text = "\n".join(lines)
    assert lines[0] == "## Models and rules, on 260 tasks\n"
    assert all(f"Rule `{rule}`:" in text for rule in ("paper", "quorum", "released"))
    card = rules.card_of(TASKS)
    assert [one.name for one in card.models] == ["writer", "chat", "t5"]
    groups = card.groups
    assert groups[(3, 3)].right == groups[(3, 3)].count, "no wrong answer is given twice"
    assert groups[(1, 3)].estimate.value < groups[(2, 3)].estimate.value
    assert sum(share.count for share in groups.values()) == 260
    [judged] = [line for line in lines if line.startswith("| 100 |")]
    assert judged.count("%") == 5
