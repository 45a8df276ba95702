"""Files of earlier formats: what is in them is the same afterwards, with what is new filled in."""

from __future__ import annotations

import ast
import hashlib
import json
import sqlite3
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import get_args

import pytest

from app.errors import ProjectError
from app.method.consensus import RuleChoice, Vote, vote_all
from app.method.recipe_parts import Rule
from app.store import decisions, desk, generated, instruction_decisions, review, runs, schema, steps, votes
from app.store.connection import Connection, connect
from app.store.filters import parse
from app.store.project import Project
from tests.store.material import FIRST, SECOND, Item, add_instruction, add_item, queue_ids, start_run

RELEASED = {
    1: "9f98738616dbf1d0f822ac5d55232624",
    2: "0a0b0c8b3346fdfd326c1ff26b755979",
    3: "b37603f90893e29832f1bf685f7c41cd",
    4: "7a2464dd3a188cab630538ca6708e69b",
    5: "2de32d22ade750ba33f055bbcf40a804",
    6: "c5487d00656b9da0a7e086ae372a6548",
    7: "88cbe6a210d4eb1feb70bf773ebe959d",
    8: "b9bc467bdae6efef985d1fb06eb1f2cc",
    9: "8cfe5425e73f5e06cbcd66a9e8febaa1",
    10: "f1ff82527c4caa2f8a5f32eb76be6cda",
    11: "371e6bab66bf49fe0f48dd6f00ce7dd0",
    12: "2ef7aa0b15403e61dfdabf3226786cad",
    13: "6147438e94eeca567622c935bcb4f5d5",
    14: "98ed3555037385bf7c319a6a4db979a2",
    15: "7d34c68ec466aa0e80bb3c78e099402d",
    16: "164db43f78d6d6e7f7e46c3aaee6832b",
    17: "4d2f0baa239d1f43bd3a337a7374ab02",
    18: "28e6a91ec933529089c13dd0cd749171",
    19: "ea37f8ccf01131ad50ab0d798afaa38f",
}
"""What each released step leaves behind, as `tables_of` says it."""
_SINCE_13 = {
    *("counted", "guidelines", "drawings", "drawn", "judgements", "judged_answers", "audits", "fits"),
    *("evaluations", "evaluation_tasks", "evaluation_answers", "ratings"),
}
NEW_SINCE = {
    1: {"desk", "texts", "instruction_events", "reference_answers"} | _SINCE_13,
    6: {"reference_answers"} | _SINCE_13,
    7: {"reference_answers"} | _SINCE_13,
}


def tables_of(c: sqlite3.Connection) -> str:
    """Hash every table, index and trigger as SQLite keeps its text; not those that libraries make."""
    rows = c.execute("SELECT type, name, tbl_name, sql FROM sqlite_master ORDER BY type, name").fetchall()
    own = [tuple(row) for row in rows if not row[1].startswith(("_sqlite", "sqlite_", "texts_"))]
    return hashlib.sha256(json.dumps(own).encode()).hexdigest()[:32]


def make(path: Path, version: int, fill: Callable[[Connection], object]) -> object:
    """Make a file of an earlier format and fill it."""
    with pytest.MonkeyPatch.context() as early:
        early.setattr(schema, "STEPS", schema.STEPS[:version])
        early.setattr(schema, "TABLES", schema.TABLES - NEW_SINCE[version])
        with Project.open(path, create=True) as project:
            return project.write_now(lambda c: with_later_columns(c, fill))


COUNTED = """CREATE TABLE counted (run_id, stage, kind, status, reason, model, role, count,
    PRIMARY KEY (run_id, stage, kind, status, reason, model, role))"""


def with_later_columns(c: Connection, fill: Callable[[Connection], object]) -> object:
    """Fill an early file by what the store does now, which writes columns and counts it does not have yet."""
    tables = {"seed_tasks": ("context",), "instances": ("context",), "run_models": ("style_from", "audition")}
    if c.execute("PRAGMA user_version").fetchone()[0] > 1:
        tables["votes"] = ("difference", "barred", "asked")
    if c.execute("PRAGMA user_version").fetchone()[0] > 5:
        tables["instruction_events"] = ("reason",)
    columns = [(table, name) for table, names in tables.items() for name in names]
    for table, column in columns:
        c.execute(f"ALTER TABLE {table} ADD COLUMN {column} TEXT NOT NULL DEFAULT ''")
    c.execute(COUNTED)
    made = fill(c)
    c.execute("DROP TABLE counted")
    for table, column in columns:
        c.execute(f"ALTER TABLE {table} DROP COLUMN {column}")
    return made


@pytest.mark.parametrize("version", range(1, len(schema.STEPS) + 1))
def test_a_released_step_makes_the_same_tables_for_ever(tmp_path: Path, version: int) -> None:
    with pytest.MonkeyPatch.context() as early:
        early.setattr(schema, "STEPS", schema.STEPS[:version])
        c = connect(tmp_path / "a.db", "rwc")
        try:
            schema.upgrade(c)
            assert tables_of(c) == RELEASED[version], "a released step is never edited: add another one"
        finally:
            c.close()


def test_the_steps_call_nothing_of_the_store() -> None:
    """What a live module says changes; what a step does must not."""
    tree = ast.parse(Path(steps.__file__).read_text("utf-8"))
    imported = [node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) and node.module]
    assert not [name for name in imported if name.startswith("app") and "store.step_" not in name]
    assert [step.__name__ for step in schema.STEPS] == [f"step_{n + 1}" for n in range(len(schema.STEPS))]


def test_no_query_knows_the_name_of_a_rule() -> None:
    """A vote says by itself which score decided it, so that a new rule is no matter of the store's."""
    frozen_or_made_up = {"steps.py", "synthetic.py"}
    for path in Path(schema.__file__).parent.glob("*.py"):
        if path.name not in frozen_or_made_up:
            text = path.read_text("utf-8")
            assert not [rule for rule in get_args(Rule) if f"'{rule}'" in text], path.name


def fill_version_1(c: Connection) -> str:
    """Store an instance that one model answered and another could not answer; return its id."""
    run = start_run(c)
    task = "task"
    c.execute(
        """INSERT INTO instructions (id, run_id, kind, text, status, reason, position)
           VALUES (?, ?, 'A', 'Task.', 'kept', '', 0)""",
        (task, run.id),
    )
    c.execute(
        """INSERT INTO instances (id, number, run_id, instruction_id, position, input, pair, status, reason)
           VALUES ('one', 1, ?, ?, 0, 'Blue zebra.', 'p', 'kept', '')""",
        (run.id, task),
    )
    c.execute(
        """INSERT INTO completions (id, run_id, stage, subject, model, attempt, prompt_hash, sampling_hash,
                                    sampler_seed, raw, ended, prompt_tokens, tokens, seconds, created_at)
           VALUES ('k', ?, 'answers', ?, ?, 0, 'p', 's', 1, '<think>a</think>b', 'end', 1, 1, 0.1, 'now')""",
        (run.id, "one", FIRST),
    )
    c.executemany(
        """INSERT INTO candidates
               (id, instance_id, model, role, position, completion_id, output, ended, error)
           VALUES (?, ?, ?, 'answerer', ?, ?, ?, ?, ?)""",
        [
            ("good", "one", FIRST, 1, "k", "<think>a</think>b", "end", ""),
            ("bad", "one", SECOND, 2, None, "", "error", "it died"),
        ],
    )
    c.execute("INSERT INTO events (reviewer, at, action, note) VALUES ('ann', 'now', 'choose', '')")
    c.execute("INSERT INTO event_items (event, instance_id, candidate_id) VALUES (1, 'one', 'good')")
    c.execute(
        """INSERT INTO votes VALUES ('v', 'one', 'released', 1, 0.01, '["good"]', '[[1.0]]', 'only-one',
                                     'good', 0.0, 0.0, 0, 0, 1, '', 0.0, 'now', 1)"""
    )
    c.execute("INSERT INTO review_state VALUES ('one', 'chosen', 'good', NULL, 0, 1)")
    return "one"


def test_a_file_of_the_first_format_keeps_its_answers_and_failed_ones_get_their_reason(
    tmp_path: Path,
) -> None:
    path = tmp_path / "old.db"
    instance = make(path, 1, fill_version_1)
    assert isinstance(instance, str)
    with Project.open(path) as project:
        assert project.backup == tmp_path / "old.db.format-1.backup"
        good, bad = project.read(lambda c: generated.candidates_of(c, instance))
        assert (good.output, good.reason) == ("<think>a</think>b", "")
        assert (bad.error, bad.reason) == ("it died", "failed")
        stored = project.read(lambda c: generated.completion(c, "k"))
        assert stored is not None and (stored.raw, stored.thinking) == ("<think>a</think>b", "")
        assert project.read(lambda c: generated.thoughts_of(c, instance)) == {}


def test_a_file_of_the_first_format_gets_its_decisions_and_queue_and_can_be_searched(
    tmp_path: Path,
) -> None:
    path = tmp_path / "old.db"
    make(path, 1, fill_version_1)
    with Project.open(path) as project:
        state = project.read(lambda c: decisions.state_of(c, "one"))
        assert (state.status, state.candidate_id, state.tags) == ("chosen", "good", ())
        assert project.read(lambda c: queue_ids(c, "number", "decided")) == ["one"]
        for words, found in (("zeb", 1), ("think", 1), ("giraffe", 0)):
            wanted = parse(words, "all")
            assert len(project.read(lambda c, w=wanted: review.numbers(c, "number", w))) == found
        undone = project.write_now(lambda c: decisions.undo(c, "ann"))
        assert undone is not None and undone.instances == ("one",)
        assert project.read(lambda c: queue_ids(c, "number", "undecided")) == ["one"]
        assert len(project.read(runs.all_runs)) == 1
        assert project.read(lambda c: c.execute("PRAGMA foreign_key_check").fetchall()) == []


def test_decisions_about_instructions_stay_and_can_be_redone(tmp_path: Path) -> None:
    path = tmp_path / "old.db"

    def decided(c: Connection) -> str:
        run = start_run(c)
        one = add_instruction(c, run, "One.")
        instruction_decisions.decide(c, "ann", "edit", one, "Better.")
        instruction_decisions.decide(c, "ann", "reject", one)
        instruction_decisions.undo(c, "ann", run.id)
        return run.id

    run = make(path, 6, decided)
    assert isinstance(run, str)
    with Project.open(path) as project:
        assert [
            (one.text, one.decision) for one in project.read(lambda c: instruction_decisions.items(c, run))
        ] == [("Better.", "edit")]
        project.write_now(lambda c: instruction_decisions.redo(c, "ann", run))
        assert [one.decision for one in project.read(lambda c: instruction_decisions.items(c, run))] == [
            "reject"
        ]
        with pytest.raises((ProjectError, sqlite3.Error)):
            project.write_now(lambda c: c.execute("DELETE FROM instruction_events"))
        assert project.read(lambda c: c.execute("PRAGMA foreign_key_check").fetchall()) == []


VOTED = (
    ("released", ("a b c", "a b d", "a x y")),
    ("released", ("same", "same", "other")),
    ("released", ("", "one", "two")),
    ("released", ("...", "one", "two")),
    ("paper", ("a b c", "a b d", "a x y")),
    ("quorum", ("a b c", "a b d", "a x y")),
    ("quorum", ("same", "same", "other")),
    ("quorum", ("", "", "")),
    ("quorum", ("a b", "c d", "e f")),
    ("released", ("only",)),
    ("released", ("-5", "5", "7")),
    ("released", ("+", "-", "-")),
    ("released", ("You can't go.", "You cant go", "Go.")),
    ("released", ("Yes.", "yes", "yes")),
    ("quorum", ("1/2", "12", "1 2")),
    ("paper", ("a + b", "a - b", "c")),
    ("paper", ("cats", "cat", "dog")),
)
"""By score under each rule, by equal answers, with an empty winner, without agreement, the only answer; and
answers that a rule takes as the same though they differ."""


LATER = (
    *("score", "strict", "tokeniser", "at_least", "equal", "difference"),
    *("barred", "asked", "containment", "probabilities", "fit"),
)
"""What a vote of format 7 does not say."""


def fill_version_7(c: Connection) -> list[Item]:
    """Store votes of each kind as format 7 did: nothing says what a rule compared with the threshold."""
    run = start_run(c)
    c.execute("""UPDATE runs SET recipe_json = '{"instructions": {"novelty": {"tokeniser": "unicode"}}}'""")
    items = []
    columns = [name for name in votes.COLUMNS if name not in LATER]
    marks = ", ".join("?" * len(columns))
    for number, (rule, outputs) in enumerate(VOTED):
        item = add_item(c, run, f"Task {number}.", outputs=outputs, vote=None)
        made = fresh(rule, outputs, item)
        values = {name: getattr(made, name) for name in columns} | {
            "candidates": json.dumps(made.candidates),
            "matrix": json.dumps(made.matrix),
            "winner": made.winner_id,
        }
        c.execute(
            f"""INSERT INTO votes (id, instance_id, created_at, current, {", ".join(columns)})
                VALUES (?, ?, 'now', 1, {marks})""",
            (f"v{number}", item.id, *values.values()),
        )
        margin = "ABS(CASE rule WHEN 'quorum' THEN mean ELSE lowest END - threshold)"
        c.execute(
            f"""INSERT INTO desk SELECT ?, instance_id, 1, 'A', 0, keep, 1, 0, reason, decided_by,
                    COALESCE((SELECT model FROM candidates WHERE id = winner), ''), 0, 'undecided',
                    0, 0, 0, 0, disagreement, CASE decided_by WHEN 'rouge' THEN {margin} ELSE 9.0 END, 0, 0
                FROM votes WHERE instance_id = ?""",
            (number + 1, item.id),
        )
        items.append(item)
    return items


def fresh(rule: str, outputs: Sequence[str], item: Item) -> Vote:
    """Vote as is done now, by the versions and the tokeniser that there were."""
    [made] = vote_all([outputs], RuleChoice(rule, 0.3, "unicode", voters="all"))  # type: ignore[arg-type]
    return made._replace(candidates=item.candidates)


def test_votes_of_format_7_get_the_score_that_decided_them_as_a_new_vote_says_it(tmp_path: Path) -> None:
    path = tmp_path / "old.db"
    items = make(path, 7, fill_version_7)
    assert isinstance(items, list)
    with Project.open(path) as project:
        assert project.backup == tmp_path / "old.db.format-7.backup"
        for (rule, outputs), item in zip(VOTED, items, strict=True):
            assert project.read(lambda c, key=item.id: votes.current_vote(c, key)) == fresh(
                rule, outputs, item
            )
        scored = project.read(votes.scores)
        assert list(scored.numbers) == [1, 5, 6, 9, 16, 17], "no threshold touches the others"
        assert list(scored.strict) == [1, 1, 0, 0, 1, 1]
        differing = project.read(lambda c: review.numbers(c, "number", parse("symbols:yes", "all")))
        assert list(differing) == [11, 12, 15, 16]
        numbers = """SELECT number, margin, disagreement, difference, equal, mean, score, strict, probability
                     FROM desk ORDER BY number"""
        before = project.read(lambda c: [tuple(row) for row in c.execute(numbers)])
        project.write_now(desk.refill)
        assert project.read(lambda c: [tuple(row) for row in c.execute(numbers)]) == before


def test_the_desk_of_format_17_gets_what_votes_say_in_numbers(tmp_path: Path) -> None:
    path = tmp_path / "old.db"
    rows = "SELECT * FROM desk ORDER BY number"
    with Project.open(path, create=True) as project:

        def fill(c: Connection) -> None:
            run = start_run(c)
            add_item(c, run, "By similarity.", mean=0.25, score=0.125, strict=True)
            add_item(c, run, "By what was learned.", score=0.75, strict=False, probabilities=(0.75, 0.5, 0.1))
            add_item(c, run, "By no score.", score=None, strict=False, mean=1.0)
            add_item(c, run, "By nobody.", vote=None)

        project.write_now(fill)
        before = [tuple(row) for row in project.read(lambda c: c.execute(rows).fetchall())]
    assert [row[-4:] for row in before] == [
        (0.25, 0.125, 1, None),
        (0.5, 0.75, 0, 0.75),
        (1.0, None, 0, None),
    ]
    with sqlite3.connect(path) as c:
        for column in ("mean", "score", "strict", "probability"):
            c.execute(f"ALTER TABLE desk DROP COLUMN {column}")
        for (index,) in c.execute("SELECT name FROM sqlite_master WHERE name LIKE 'whole_%'").fetchall():
            c.execute(f"DROP INDEX {index}")
        c.execute("DELETE FROM _sqlite_migrations WHERE name IN ('version_18', 'version_19')")
        c.execute("PRAGMA user_version = 17")
    c.close()
    with Project.open(path) as project:
        assert project.backup == tmp_path / "old.db.format-17.backup"
        assert [tuple(row) for row in project.read(lambda c: c.execute(rows).fetchall())] == before
