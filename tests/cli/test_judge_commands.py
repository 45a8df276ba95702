"""`quorum judge` and `quorum card`: what the card rests on, what is left out of it, and where it is said."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from app.method.judging import Said
from app.store import drawings, judgements
from app.store.connection import Connection
from app.store.filters import parse
from app.store.judgements import Verdict
from app.store.project import Project
from tests.cli.commands import quorum
from tests.tui.filled_projects import Task, fill

NAMES = ("gemma", "flan", "phi")
TASKS = tuple(
    Task(f"Task {at}.", "given" if at % 3 == 0 else "", ("Rome", "Oslo" if at % 4 else "Rome", "Oslo"))
    for at in range(24)
)


def judge_all(c: Connection, who: str, right: str = "Rome", wanted: str = "", size: int = 30) -> None:
    """Judge a new drawing, or the one there is, as somebody who holds one answer right."""
    chosen = parse(wanted)
    drawing = judgements.current_drawing(c, str(chosen)) or judgements.draw(c, who, size, chosen, seed=4)
    for key, _ in drawings.drawn(c, drawing.id):
        outputs = judgements.to_judge(c, key).outputs
        said = {one: Said(text == right) for one, text in outputs.items()}
        judgements.judge(c, who, key, Verdict(True, None, said), drawing.id)


@pytest.fixture
def judged(tmp_path: Path) -> Path:
    """A project of 24 items whose first model is always right, all of them judged by ann."""
    path = tmp_path / "judged.db"
    fill(path, TASKS, names=NAMES)
    with Project.open(path) as project:
        project.write_now(lambda c: judge_all(c, "ann"))
    return path


def test_the_card_says_how_right_models_and_rules_are(judged: Path) -> None:
    done = quorum("card", judged)
    assert done.returncode == 0, done.stderr
    text = done.stdout
    assert "24 judged items by ann, drawn at random from 24" in text
    assert "gemma (writer)  100% (86–100)  of 24" in text
    assert "gemma (writer) alone is right more often than the vote" in text
    assert "flan and phi" not in text  # phi is always wrong, so that says nothing about the two
    assert "rule quorum" in text
    assert "fitting input" in text
    told = quorum("report", judged).stdout
    assert "judged.db: 24 judged items by ann" in told
    assert "best model alone, gemma (writer): 100% (86–100) of all right" in told
    assert json.loads(quorum("report", "--json", judged).stdout)[0]["card"]["items"] == 24
    facts = json.loads(quorum("card", "--json", judged).stdout)
    assert facts["vote"]["rule"] == "released"
    assert [(model["name"], model["right"]) for model in facts["models"]] == [
        ("gemma (writer)", 24),
        ("flan", 6),
        ("phi", 0),
    ]


def test_two_reviewers_agree_or_not_and_what_they_differ_about_is_open(judged: Path) -> None:
    with Project.open(judged) as project:
        project.write_now(lambda c: judge_all(c, "bob", "Oslo"))
    text = quorum("card", judged).stdout
    assert "ann and bob: 48 answers judged by both, 0% the same, kappa -1.00" in text
    assert "Krippendorff's alpha -0.98" in text
    assert json.loads(quorum("card", "--json", judged).stdout)["any"]["count"] == 0


def test_only_what_was_drawn_from_all_is_counted_imports_and_filters_apart(tmp_path: Path) -> None:
    path, file = tmp_path / "apart.db", tmp_path / "judged.jsonl"
    fill(path, TASKS, names=NAMES)
    assert "Nothing has been judged yet" in quorum("card", path).stdout
    lines = [{"instruction": f"Task {at}.", "outputs": [{"model": "gemma", "right": True}]} for at in (1, 2)]
    file.write_text("".join(f"{json.dumps(line)}\n" for line in lines))
    assert "2 judgements stored" in quorum("import", "judgements", path, file).stderr
    assert "0 judgements stored, 2 already held" in quorum("import", "judgements", path, file).stderr
    with Project.open(path) as project:
        project.write_now(lambda c: judge_all(c, "ann", wanted="kind:A"))
    text = quorum("card", path).stdout
    assert "0 judged items" in text
    assert "2 imported items not counted" in text
    assert (
        "8 judged items by ann, drawn at random from 8 that meet kind:A"
        in quorum("card", path, "--filter", "kind:A").stdout
    )
    assert "2 judged items by" in quorum("card", path, "--imported").stdout
    assert "not a random sample" in quorum("card", path, "--imported").stdout


def test_the_log_of_judgements_names_every_one_and_what_was_undone(judged: Path) -> None:
    with Project.open(judged) as project:
        drawing = project.read(judgements.current_drawing)
        assert drawing is not None
        project.write_now(lambda c: judgements.undo(c, "ann", drawing.id))
    lines = quorum("log", judged, "--judgements").stdout.splitlines()
    assert len(lines) == 25
    assert "  ann  judge  #" in lines[0] and " of 3 answers right" in lines[0]
    assert "  ann  undo of event 24  #" in lines[-1]
    number = lines[-1].rpartition("#")[2]
    assert len(quorum("log", judged, "--judgements", "--item", number).stdout.splitlines()) == 2


def test_judging_needs_a_terminal_and_a_filter_that_exists(judged: Path) -> None:
    done = quorum("judge", judged, check=False)
    assert (done.returncode, "Judging needs a terminal" in done.stderr) == (1, True)
    assert "not a key to filter by" in quorum("judge", judged, "--filter", "kin:A", check=False).stderr
