from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.errors import IntakeError, ProjectError
from app.export.request import request
from app.export.write import lint
from app.intake.given import GoodLine
from app.intake.lines import BadLine
from app.run.import_candidates import ImportReport, import_candidates
from app.run.import_files import project_at
from app.run.plan import resume_plan
from app.run.revoting import revote
from app.run.voting import Asked
from app.store import counted, decisions, desk, exportable, generated, health, review, runs, votes
from app.store.imported import GivenCandidates, GivenOutput
from app.store.project import Connection, Project, ProjectLocked
from app.store.review_state import ItemDecision
from tests.hostile import HOSTILE
from tests.store.material import queue_ids, start_run
from tests.tui.filled_projects import MODELS, fill


def task(instruction: str, input: str = "", **outputs: str) -> GivenCandidates:
    return GivenCandidates(instruction, input, tuple(GivenOutput(*pair) for pair in outputs.items()))


TASKS = (
    task("Name the capital.", "Peru", a="Lima", b="lima.", c="Cusco"),
    task("Name the capital.", "Chile", a="Santiago", b="Quito", c="Rome"),
    task("Say hi.", a="hi there", b="hello there", c="hello there you"),
)


def take(project: Project, *tasks: GivenCandidates) -> ImportReport:
    lines = [GoodLine(number, one) for number, one in enumerate(tasks, start=1)]
    return import_candidates(project, "x.jsonl", lines)


def content(project: Project) -> list[str]:
    return project.read(lambda c: list(c.iterdump()))


def candidates(project: Project, number: int) -> list[tuple[str, str, str, int]]:
    def read(c: Connection) -> list[tuple[str, str, str, int]]:
        [key] = c.execute("SELECT id FROM instances WHERE number = ?", (number,)).fetchone()
        found = generated.candidates_of(c, key)
        return [(one.model_name, one.role, one.output, one.position) for one in found]

    return project.read(read)


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return Project.open(tmp_path / "given.db", create=True)


def test_tasks_become_a_run_that_is_voted_on_and_can_be_reviewed_and_exported(project: Project) -> None:
    report = take(project, *TASKS)
    assert (report.run, report.new, report.candidates, report.voted) == (1, 3, 9, 3)
    [run] = project.read(runs.all_runs)
    assert (run.state, run.target, run.note) == ("imported", 2, "from x.jsonl")
    assert candidates(project, 1) == [
        ("a", "writer", "Lima", 0),
        ("b", "answerer", "lima.", 1),
        ("c", "answerer", "Cusco", 2),
    ]
    keys = project.read(lambda c: queue_ids(c, order="number"))
    assert len(keys) == 2
    item = project.read(lambda c: review.item(c, keys[0]))
    assert item.vote is not None
    assert (item.vote.rule, item.vote.threshold, item.vote.decided_by) == ("released", 0.01, "exact")
    kinds = project.read(
        lambda c: [(row.kind, row.output) for row in exportable.rows(c, exportable.Selection())]
    )
    assert kinds == [("A", "Lima"), ("B", "hello there")]


def test_the_same_tasks_again_change_nothing(project: Project) -> None:
    take(project, *TASKS, *HOSTILE_TASKS)
    before = content(project)
    report = take(project, *TASKS, *HOSTILE_TASKS)
    assert (report.run, report.new, report.candidates, report.differing) == (None, 0, 0, 0)
    assert report.there == len(TASKS) + len(HOSTILE_TASKS)
    assert content(project) == before


HOSTILE_TASKS = tuple(
    GivenCandidates(f"Say {text}!", text, (GivenOutput(f"m{text}", text), GivenOutput("b", "x")))
    for text in HOSTILE.values()
)


def test_a_task_that_is_there_gets_the_answers_of_other_models_and_a_new_vote(project: Project) -> None:
    take(project, *TASKS)
    report = take(project, task("Name the capital.", "Chile", d="Quito", a="Santiago"), TASKS[0])
    assert (report.new, report.extended, report.there, report.candidates, report.voted) == (0, 1, 1, 1, 1)
    assert candidates(project, 2)[-1] == ("d", "answerer", "Quito", 3)
    vote = project.read(lambda c: review.item(c, queue_ids(c, view="all", order="number")[1])).vote
    assert vote is not None and vote.keep and vote.decided_by == "exact" and len(vote.candidates) == 4
    [(past,)] = project.read(lambda c: [tuple(c.execute("SELECT COUNT(*) FROM votes").fetchone())])
    assert past == 4, "the vote before stays stored"


def test_another_answer_of_the_same_model_is_told_and_the_stored_one_stays(project: Project) -> None:
    take(project, *TASKS)
    report = take(project, task("Say hi.", a="howdy", b="hello there"))
    assert (report.differing, report.first_differing) == (1, [(1, "a")])
    assert candidates(project, 3)[0][2] == "hi there"


def test_a_second_file_with_new_tasks_is_a_second_run(project: Project) -> None:
    take(project, *TASKS)
    report = take(project, TASKS[0], task("Name the capital.", "Cuba", b="Havana", a="Havana"))
    assert (report.run, report.new, report.there) == (2, 1, 1)
    assert [name for name, *_ in candidates(project, 4)] == ["b", "a"]


def test_answers_from_elsewhere_join_those_a_run_made_here(tmp_path: Path) -> None:
    path = tmp_path / "thesis.db"
    [first, *_] = fill(path)
    with Project.open(path) as project:
        item = project.read(lambda c: review.item(c, first))
        given = GivenOutput("elsewhere", item.candidates[0].output)
        report = take(project, GivenCandidates(item.instruction, item.input, (given,)))
        assert (report.run, report.extended, report.voted) == (None, 1, 1)
        after = project.read(lambda c: review.item(c, first))
        assert [one.model_name for one in after.candidates][-1] == "elsewhere"
        assert after.candidates[-1].position >= len(MODELS), "models of the run keep their places"
        assert after.vote is not None and after.vote.decided_by == "exact"
        [part] = [one for one in project.read(lambda c: runs.run_models(c, "run-1")) if not one.model.path]
        assert part.model.name == "elsewhere"
        plan = resume_plan(project)
        assert plan is not None and len(plan.answerers) == len(MODELS) - 1, "it cannot be asked"


def test_an_import_never_changes_a_decision(project: Project) -> None:
    take(project, *TASKS)
    [key] = project.read(lambda c: queue_ids(c, view="dropped"))
    vote = project.read(lambda c: votes.current_vote(c, key))
    assert vote is not None
    choice = ItemDecision(key, vote.candidates[2])
    project.write_now(lambda c: decisions.decide(c, "ann", "choose", [choice]))
    take(project, task("Name the capital.", "Chile", d="Quito"))
    state = project.read(lambda c: decisions.state_of(c, key))
    assert (state.status, state.candidate_id) == ("chosen", vote.candidates[2])
    assert project.read(review.differing) == [2]


def test_what_fails_midway_leaves_nothing(project: Project) -> None:
    before = content(project)

    def lines() -> Iterator[GoodLine]:
        yield GoodLine(1, TASKS[0])
        raise IntakeError("the disk is gone")

    with pytest.raises(IntakeError):
        import_candidates(project, "x", lines())
    assert content(project) == before


def test_tasks_that_are_stored_together_become_the_same_rows_as_one_by_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    again = task("Say hi.", d="hi", a="another one")
    known = GivenCandidates("Say hi.", "", (), references=("hello",))
    nothing = GivenCandidates("Count.", "", (), references=("1",))
    given = (*TASKS, again, known, nothing, task("Näme.", "\ud800", a="\0", b=""), TASKS[0])
    given += tuple(task(f"Say {number}.", "x" * (number % 2), a=f"{number}") for number in range(9))
    made, reports = [], []
    for at_once in (1, 4, 1000):
        monkeypatch.setattr(f"{import_candidates.__module__}._AT_ONCE", at_once)
        with Project.open(tmp_path / f"{at_once}.db", create=True) as project:
            reports.append([take(project, *given), take(project, *given)])
            times = re.compile(r"'\d{4}-\d\d-\d\d[T ][^']*'")
            made.append([times.sub("", line) for line in content(project) if "texts" not in line])
            assert project.read(health.every_fault) == []
    assert made[0] == made[1] == made[2] and reports[0] == reports[1] == reports[2]
    assert (reports[0][0].new, reports[0][0].extended, reports[0][0].bad) == (13, 1, 1)


def test_bad_lines_are_counted_and_the_first_are_named(project: Project) -> None:
    bad = [BadLine(number, "wrong", "") for number in range(1, 31)]
    report = import_candidates(project, "x", [*bad, GoodLine(31, TASKS[0])])
    assert (report.bad, len(report.first_bad), report.new) == (30, 10, 1)


def test_there_is_nothing_to_go_on_with(project: Project) -> None:
    take(project, *TASKS)
    assert resume_plan(project) is None
    assert project.read(runs.newest_made) is None


def test_answers_outside_latin_script_are_compared_in_their_own(project: Project) -> None:
    spring = task("写春天。", a="春天来了，花开了。", b="春天到了，花都开了。", c="春天来了，花就开了。")
    snow = task(
        "Напиши о снеге.", a="Снег лежит на крыше.", b="Белый снег лежит на крыше.", c="Снег на крыше."
    )
    report = take(project, spring, snow)
    assert report.unicode == 2
    kept = project.read(lambda c: c.execute("SELECT keep, decided_by, lowest > 0.5 FROM votes").fetchall())
    assert [tuple(row) for row in kept] == [(1, "rouge", 1)] * 2
    again = project.write_now(lambda c: revote(c, Asked("quorum", 0.5)))
    assert (again.kept, again.dropped) == (2, 0)
    # Each item is judged by its own letters.
    assert take(project, task("Say hi.", a="hi there", b="hello there")).unicode == 0
    stored = project.read(lambda c: c.execute("SELECT tokeniser FROM votes WHERE current = 1").fetchall())
    assert [tokeniser for (tokeniser,) in stored] == ["unicode", "unicode", "rouge-score"]


def dropped(project: Project) -> dict[int, str]:
    sql = "SELECT number, reason FROM desk WHERE keep = 0"
    return dict(project.read(lambda c: [tuple(row) for row in c.execute(sql)]))


def test_what_looks_wrong_with_imported_answers_is_warned_about(project: Project) -> None:
    rows = {
        "echo": task("Say what a pond is.", a="Say what a pond is.", b="Say what a pond is."),
        "loop": task("Say what a lake is.", **dict.fromkeys("ab", "A lake is " * 9)),
        "secret": task("Write the card.", **dict.fromkeys("ab", "The key is sk-" + "a1b2" * 6)),
        "merged": task("List two primes.", a="2, 3\n\nInput: 20\nOutput: 2, 3, 5", b="2, 3"),
        "refusal": task("Write a verse in German.", **dict.fromkeys("ab", "Das kann ich leider nicht tun.")),
        "unclosed": task("Give code that prints.", **dict.fromkeys("ab", "```python\nprint(1)")),
        "present": task("What day is it today?", **dict.fromkeys("ab", "It is Monday.")),
        "language": task("Answer in French: where is it?", **dict.fromkeys("ab", "The mill is over there.")),
    }
    take(project, *rows.values())
    echoes = [number for number, name in enumerate(rows, start=1) if name in ("echo", "loop", "refusal")]
    assert dropped(project) == dict.fromkeys(echoes, "no_voter")
    project.write_now(lambda c: revote(c, Asked(voters="all")))
    assert dropped(project) == {}
    found = lint(project, request("alpaca-jsonl")).by_check
    for number, name in enumerate(rows, start=1):
        assert list(found[name]) == [number], name


def test_what_is_stored_beside_a_vote_is_what_reading_the_rows_would_give(project: Project) -> None:
    """Rows of the desk and counts follow from what is imported; an odd text is as long as SQLite says."""

    def indexes(c: Connection) -> list[tuple[object, ...]]:
        return c.tuples(
            "SELECT tbl_name, sql FROM sqlite_master WHERE type = 'index' ORDER BY tbl_name, rowid"
        ).fetchall()

    odd = ("", "ha " * 30, "3.5", "35", "a\0b", "\ud800", "I'm sorry, but I cannot help with that.", "мир")
    tasks = [task(f"Task {text} {at}", text, a=text, b="35", c=text) for at, text in enumerate(odd)]
    before = project.read(indexes)
    take(project, *tasks, task("Say hi.", a="hi"), task("Say hi.", b="hey", c="Hey!"))
    assert project.read(indexes) == before

    def desk_rows(c: Connection) -> list[tuple[object, ...]]:
        return c.tuples("SELECT * FROM desk ORDER BY number").fetchall()

    stored = project.read(desk_rows)
    project.write_now(desk.refill)
    assert (len(stored), project.read(desk_rows)) == (9, stored)
    assert not project.read(lambda c: list(counted.miscounted(c)))
    assert all(ballot.up_to_date for ballot in project.read(lambda c: votes.sample(c, 9)))
    # One vote on what two lines of a file say of one task.
    assert project.read(lambda c: c.tuples("SELECT COUNT(*) FROM votes").fetchall()) == [(9,)]


@pytest.mark.parametrize("error", [ProjectError("The disk is full."), KeyboardInterrupt()])
def test_an_import_that_fails_leaves_the_project_that_it_went_into_and_nothing_of_a_new_one(
    tmp_path: Path, error: BaseException
) -> None:
    kept = tmp_path / "kept.db"
    Project.open(kept, create=True).close()
    for path in (kept, tmp_path / "new.db"):
        with pytest.raises(type(error)), project_at(path, create=True) as made:
            made.write_now(start_run)
            raise error
    assert [file.name for file in tmp_path.iterdir()] == ["kept.db"]
    with Project.open(kept) as project:
        assert len(project.read(runs.all_runs)) == 1


def test_an_import_overwrites_no_file_that_took_the_name_of_the_new_project(tmp_path: Path) -> None:
    path, other = tmp_path / "new.db", tmp_path / "other.db"
    other.write_text("precious")
    with pytest.raises(ProjectError, match="Could not create"), project_at(path, create=True) as made:
        made.write_now(start_run)
        other.rename(path)
    assert path.read_text() == "precious"
    assert list(tmp_path.iterdir()) == [path]


def test_a_new_project_gets_its_name_once_all_of_the_import_is_in_it(tmp_path: Path) -> None:
    path = tmp_path / "new.db"
    with project_at(path, create=True) as made:
        take(made, *TASKS)
        assert not path.exists() and made.path == path and made.in_use
        with pytest.raises(ProjectLocked, match=r"new\.db is open for writing"):
            Project.open(path, create=True)
        with pytest.raises(ProjectError, match=r"new\.db is being made by another process"):
            Project.open(path, read_only=True)
        before = content(made)
    assert list(tmp_path.iterdir()) == [path]
    assert path.read_bytes()[18:20] == b"\2\2", "it keeps a write-ahead log from now on"
    with Project.open(path) as opened:
        assert content(opened) == before
        take(opened, *TASKS)
        assert content(opened) == before
