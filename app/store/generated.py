"""What models wrote and what was read out of it: completions, instructions, instances, candidates.

A completion belongs into one `Project.write` with everything that follows from it, so that a crash
leaves both or neither. Identities are hashes of what a thing is, never random: storing the same
thing twice fails on its constraint (sqlite3.IntegrityError) and changes nothing.
"""

from __future__ import annotations

import json
import sqlite3
from collections import Counter
from collections.abc import Sequence
from dataclasses import fields
from functools import cache
from typing import Any

from app.errors import ProjectError
from app.method.terms import Kind
from app.store import counted, desk, search
from app.store.connection import Connection
from app.store.counted import Cell
from app.store.rows import (
    CandidateRow,
    CompletionRow,
    InstanceRow,
    InstructionRow,
    NewCandidate,
    NewCompletion,
    NewInstance,
    NewInstruction,
    PoolText,
    build_all,
    first,
    values_of,
)
from app.store.runs import ASKED, UNANSWERED
from app.store.text import digest, now, pair_key, storable

_COMPLETION = ", ".join(field.name for field in fields(CompletionRow))
_INSTRUCTION = ", ".join(field.name for field in fields(InstructionRow))
_INSTANCES = """SELECT i.id AS id, i.number AS number, i.run_id AS run_id, i.instruction_id AS instruction_id,
                       i.completion_id AS completion_id, t.kind AS kind, t.text AS instruction,
                       i.input AS input, i.status AS status, i.reason AS reason, i.context AS context
                FROM instances i JOIN instructions t ON t.id = i.instruction_id"""
CANDIDATES = """SELECT c.id AS id, c.instance_id AS instance_id, c.model AS model, m.name AS model_name,
                       m.quantisation AS quantisation, c.role AS role, c.position AS position,
                       c.completion_id AS completion_id, c.output AS output, c.ended AS ended,
                       c.error AS error, c.reason AS reason, c.attempt AS attempt, c.task AS task
                FROM candidates c JOIN models m ON m.fingerprint = c.model"""
"""Gives the columns of a CandidateRow."""
ASKED_KIND = """COALESCE((SELECT substr(k.subject, 1, 1) FROM completions k WHERE k.id = t.completion_id
                          AND k.stage = 'instructions' AND k.subject GLOB '[AB]:*'), t.kind)"""
"""The kind for which instruction `t` was asked: one that got an input after all is of another by now."""


def completion_id(run_id: str, stage: str, subject: str, model: str, attempt: int = 0) -> str:
    """Return the id that the completion of this identity has or will have."""
    return digest("completion", run_id, stage, subject, model, attempt)


def save_completion(c: Connection, completion: NewCompletion) -> str:
    """Store a completion and return its id. A second one of the same identity is refused."""
    key = completion_id(
        completion.run_id, completion.stage, completion.subject, completion.model, completion.attempt
    )
    _insert(c, "completions", {"id": key, **values_of(completion), "created_at": now()})
    return key


def completion(c: Connection, key: str) -> CompletionRow | None:
    """Return a completion by its id."""
    return first(CompletionRow, c.execute(f"SELECT {_COMPLETION} FROM completions WHERE id = ?", (key,)))


def completions_done(c: Connection, run_id: str, stage: str) -> set[tuple[str, str]]:
    """Return the (subject, model) pairs of a stage that have a completion of any attempt."""
    sql = "SELECT DISTINCT subject, model FROM completions WHERE run_id = ? AND stage = ?"
    return {(subject, model) for subject, model in c.execute(sql, (run_id, stage))}


def completion_texts(c: Connection, run_id: str, stage: str) -> dict[str, str]:
    """Map each subject of a stage to the answer of its first completion."""
    sql = f"SELECT {_COMPLETION} FROM completions WHERE run_id = ? AND stage = ? ORDER BY attempt DESC"
    return {row.subject: row.text for row in build_all(CompletionRow, c.execute(sql, (run_id, stage)))}


def spent(c: Connection, run_id: str, stage: str) -> tuple[int, int]:
    """Return how many completions a stage of a run took, and how many tokens were written in them."""
    sql = "SELECT COUNT(*), COALESCE(SUM(tokens), 0) FROM completions WHERE run_id = ? AND stage = ?"
    completions, tokens = c.execute(sql, (run_id, stage)).fetchone()
    return completions, tokens


def seen(c: Connection, run_id: str, stage: str, most: int) -> tuple[dict[str, int], list[str]]:
    """Return why instructions of a run were not kept, the most frequent reason first, and its last texts."""
    reasons = """SELECT reason, COUNT(*) FROM instructions WHERE run_id = ? AND status <> 'kept'
                 GROUP BY reason ORDER BY COUNT(*) DESC, reason"""
    texts = "SELECT raw FROM completions WHERE run_id = ? AND stage = ? ORDER BY rowid DESC LIMIT ?"
    return (
        dict(c.execute(reasons, (run_id,)).fetchall()),
        [raw for (raw,) in c.execute(texts, (run_id, stage, most))],
    )


def save_instructions(c: Connection, rows: Sequence[NewInstruction]) -> list[str]:
    """Store instructions, kept and dropped alike, and return their ids in the same order."""
    keys = [_instruction_key(row) for row in rows]
    for key, row in zip(keys, rows, strict=True):
        _insert(c, "instructions", {"id": key, **row._asdict()})
    counted.add(c, Counter(map(_cell, rows)))
    return keys


def save_instructions_once(c: Connection, rows: Sequence[NewInstruction]) -> tuple[list[str], int]:
    """Store instructions that came without a completion; return their ids, and how many are new.

    What is stored answers that, so that no import has to remember its instructions.
    """
    keys = [_instruction_key(row) for row in rows]
    sql = "SELECT id FROM instructions WHERE id IN (SELECT value FROM json_each(?))"
    stored = {key for (key,) in c.tuples(sql, (json.dumps(keys),))}
    new = {key: row for key, row in zip(keys, rows, strict=True) if key not in stored}
    columns = ("id", *NewInstruction._fields)
    _insert_all(c, "instructions", columns, [(key, *row) for key, row in new.items()])
    counted.add(c, Counter(map(_cell, new.values())))
    return keys, len(new)


def _cell(row: NewInstruction) -> Cell:
    return Cell(row.run_id, "instructions", row.kind, row.status, row.reason)


def _instruction_key(row: NewInstruction) -> str:
    """Identify an instruction by its place in a completion; by its text where none stands behind it."""
    text = () if row.completion_id else (row.text,)
    return digest("instruction", row.run_id, row.completion_id, row.kind, row.position, *text)


def kept_instructions(c: Connection, run_id: str, kind: Kind | None = None) -> list[InstructionRow]:
    """Return a run's kept instructions in the order they were stored."""
    sql = f"""SELECT {_INSTRUCTION} FROM instructions
              WHERE run_id = ? AND status = 'kept' AND kind = COALESCE(?, kind) ORDER BY rowid"""
    return list(build_all(InstructionRow, c.execute(sql, (run_id, kind))))


def kept_of_asked_kind(c: Connection, run_id: str, kind: Kind | None = None) -> list[InstructionRow]:
    """Return the same of those that were asked for as this kind, whatever their instances made of it."""
    sql = f"""SELECT {_INSTRUCTION} FROM instructions t
              WHERE run_id = ?1 AND status = 'kept' AND (?2 IS NULL OR {ASKED_KIND} = ?2) ORDER BY rowid"""
    return list(build_all(InstructionRow, c.execute(sql, (run_id, kind))))


def set_instruction_kind(c: Connection, instruction_id: str, kind: Kind) -> None:
    """Say of which kind an instruction is, now that its instances tell."""
    instances = c.execute("SELECT id FROM instances WHERE instruction_id = ?", (instruction_id,))
    with counted.through(c, [key for (key,) in instances], instruction=instruction_id):
        c.execute("UPDATE instructions SET kind = ? WHERE id = ?", (kind, instruction_id))


def instructions_without_instance(c: Connection, run_id: str) -> list[InstructionRow]:
    """Return a run's kept instructions that have no instance, in the order they were stored."""
    sql = f"""SELECT {_INSTRUCTION} FROM instructions t WHERE run_id = ? AND status = 'kept'
              AND NOT EXISTS (SELECT 1 FROM instances i WHERE i.instruction_id = t.id) ORDER BY rowid"""
    return list(build_all(InstructionRow, c.execute(sql, (run_id,))))


def pool_texts(c: Connection, kind: Kind | None = None) -> list[PoolText]:
    """Return the pool: seeds of all runs first (each text once), then kept instructions of all runs, but for
    hidden ones.

    Both run by run; seeds in their order, kept ones in the order they were admitted. A kept one has the kind
    for which it was asked.
    """
    seeds = c.execute(
        """SELECT s.instruction, s.kind, r.id, r.number
           FROM run_seeds u JOIN runs r ON r.id = u.run_id JOIN seed_tasks s ON s.id = u.seed_id
           WHERE s.kind = COALESCE(?, s.kind) AND r.hidden = 0 ORDER BY r.number, u.position""",
        (kind,),
    )
    pool: dict[tuple[str, str], PoolText] = {}
    for text, of_kind, run_id, number in seeds:
        pool.setdefault((text, of_kind), PoolText(text, of_kind, "seed", run_id, number, None))
    made = c.execute(
        f"""SELECT t.text AS text, {ASKED_KIND} AS kind, 'machine' AS origin, r.id AS run_id,
                  r.number AS run_number, t.request AS request
           FROM instructions t JOIN runs r ON r.id = t.run_id
           WHERE t.status = 'kept' AND r.hidden = 0 AND (?1 IS NULL OR {ASKED_KIND} = ?1)
           ORDER BY r.number, t.rowid""",
        (kind,),
    )
    return [*pool.values(), *build_all(PoolText, made)]


def save_instances(c: Connection, rows: Sequence[NewInstance]) -> list[InstanceRow]:
    """Store instances and return them as stored, in the same order.

    A kept one whose (instruction, input) is kept already, in any run or earlier in `rows`, is stored
    as dropped with the reason "duplicate".
    """
    last = int(c.execute("SELECT COALESCE(MAX(number), 0) FROM instances").fetchone()[0])
    return [_save_instance(c, number, row) for number, row in enumerate(rows, start=last + 1)]


def _save_instance(c: Connection, number: int, row: NewInstance) -> InstanceRow:
    instruction, kind = _instruction(c, row.instruction_id)
    pair = pair_key(instruction, row.input, row.context)
    status, reason = row.status, row.reason
    if status == "kept" and _is_kept(c, pair):
        status, reason = "dropped", "duplicate"
    key = _instance_key(row)
    stored = {"id": key, "number": number, "pair": pair, "status": status, "reason": reason}
    _insert(c, "instances", row._asdict() | stored)
    counted.add(c, {Cell(row.run_id, "instances", kind, status, reason): 1})
    search.add_task(c, number, instruction, row.input)
    if status != "kept":
        desk.refresh(c, [key])
    return instance(c, key)


def inputs_of(c: Connection, instruction: str) -> list[str]:
    """Return the inputs of all kept instances of instructions of this text, but for hidden runs, in order."""
    sql = """SELECT i.input FROM instances i JOIN instructions t ON t.id = i.instruction_id
             JOIN runs r ON r.id = i.run_id
             WHERE t.text = ? AND i.status = 'kept' AND r.hidden = 0 ORDER BY i.number"""
    return [given for (given,) in c.tuples(sql, (instruction,))]


def save_kept_instances(
    c: Connection, rows: Sequence[tuple[NewInstance, Kind, str, str]]
) -> list[tuple[str, int]]:
    """Store kept instances of tasks that are new to the project, as `save_instances` does; return their ids
    and numbers. With each come the kind and text of its instruction, and its `pair_key`."""
    first = 1 + int(c.execute("SELECT COALESCE(MAX(number), 0) FROM instances").fetchone()[0])
    made = [(_instance_key(row), number) for number, (row, *_) in enumerate(rows, start=first)]
    _insert_all(
        c,
        "instances",
        ("id", "number", "pair", *NewInstance._fields),
        [(*ids, pair, *row) for ids, (row, _, _, pair) in zip(made, rows, strict=True)],
    )
    counted.add(c, Counter(Cell(row.run_id, "instances", kind, row.status) for row, kind, _, _ in rows))
    tasks = [(number, text, row.input) for (_, number), (row, _, text, _) in zip(made, rows, strict=True)]
    search.add_tasks(c, tasks)
    return made


def _instance_key(row: NewInstance) -> str:
    source = (row.run_id, row.instruction_id, row.completion_id, row.position)
    told = () if row.completion_id else (row.input, row.context) if row.context else (row.input,)
    return digest("instance", *source, *told)


def kept_pair(c: Connection, instruction: str, input: str, context: str = "") -> str:
    """Return the id of the kept instance with this task, after the turns of `context` (`method.turns`).

    Where no context is named, one with turns before it is found if no other has the same instruction and
    input. Raises ProjectError where there is none, or more than one.
    """
    sql = "SELECT id FROM instances WHERE pair = ? AND status = 'kept'"
    found = c.execute(sql, (pair_key(instruction, input, context),)).fetchall()
    if not found and not context:
        sql = """SELECT i.id AS id FROM instances i JOIN instructions t ON t.id = i.instruction_id
                 WHERE i.context <> '' AND i.status = 'kept' AND i.input = ? AND t.text = ?"""
        found = c.execute(sql, (storable(input), storable(instruction))).fetchall()
    if not found:
        turns = " after these turns" if context else ""
        raise ProjectError(f"The project has no item with this instruction and input{turns}.", "")
    if len(found) > 1:
        what = "Several items have this instruction and input, after other turns."
        raise ProjectError(what, "Name a decision's item by its number, a judgement's by its turns.")
    return str(found[0]["id"])


def task_of(c: Connection, instance_id: str) -> tuple[str, str]:
    """Return the instruction and the input of an existing instance, as they were stored."""
    sql = """SELECT t.text, i.input FROM instances i JOIN instructions t ON t.id = i.instruction_id
             WHERE i.id = ?"""
    text, input = c.tuples(sql, (instance_id,)).fetchone()
    return str(text), str(input)


def instance(c: Connection, instance_id: str) -> InstanceRow:
    """Return an existing instance."""
    [stored] = _instances(c.execute(f"{_INSTANCES} WHERE i.id = ?", (instance_id,)))
    return stored


def _instruction(c: Connection, instruction_id: str) -> tuple[str, Kind]:
    """Return the text and the kind of an instruction."""
    row = c.tuples("SELECT text, kind FROM instructions WHERE id = ?", (instruction_id,)).fetchone()
    if row is None:
        raise sqlite3.IntegrityError(f"no instruction {instruction_id}")
    text, kind = row
    return text, kind


def _is_kept(c: Connection, pair: str) -> bool:
    sql = "SELECT 1 FROM instances WHERE pair = ? AND status = 'kept'"
    return c.execute(sql, (pair,)).fetchone() is not None


def set_instance_status(c: Connection, instance_id: str, status: str, reason: str) -> None:
    """Drop or quarantine an instance later, or keep it again, with the reason."""
    with counted.through(c, [instance_id]):
        c.execute("UPDATE instances SET status = ?, reason = ? WHERE id = ?", (status, reason, instance_id))
    desk.refresh(c, [instance_id])


def keep_again(c: Connection, instance_id: str) -> None:
    """Keep an instance that was quarantined as no answerer could answer it; any other stays as it is.

    To be called before a further answer is stored. One that is kept in another place by now stays aside.
    """
    with counted.through(c, [instance_id]):
        changed = c.execute(
            """UPDATE instances SET status = 'kept', reason = '' WHERE id = ? AND status = 'quarantined'
               AND EXISTS (SELECT 1 FROM candidates x
                           WHERE x.instance_id = instances.id AND x.role = 'answerer')
               AND NOT EXISTS (SELECT 1 FROM instances o
                               WHERE o.pair = instances.pair AND o.status = 'kept')""",
            (instance_id,),
        )
    if changed.rowcount:
        desk.refresh(c, [instance_id])


def missing_answers(
    c: Connection, run_id: str, model: str, samples: int = 0
) -> list[tuple[InstanceRow, int]]:
    """Return the answers that one answerer of a run has yet to give to kept instances, by their attempts.

    Its own answer, attempt 0, comes first, then -1 to -`samples`; instances are in order of number.
    """
    sql = """SELECT i.id, w.value FROM instances i CROSS JOIN json_each(?) w
             WHERE i.run_id = ? AND i.status = 'kept' AND NOT EXISTS
             (SELECT 1 FROM candidates x WHERE x.instance_id = i.id AND x.role = 'answerer' AND x.model = ?
              AND CASE w.value WHEN 0 THEN x.attempt >= 0 ELSE x.attempt = w.value END)
             ORDER BY i.number, w.value DESC"""
    attempts = json.dumps(list(range(0, -samples - 1, -1)))
    missing = c.tuples(sql, (attempts, run_id, model)).fetchall()
    keys = json.dumps(list(dict.fromkeys(key for key, _ in missing)))
    rows = _instances(c.execute(f"{_INSTANCES} WHERE i.id IN (SELECT value FROM json_each(?))", (keys,)))
    known = {row.id: row for row in rows}
    return [(known[key], attempt) for key, attempt in missing]


def instances_without_vote(c: Connection, run_id: str) -> list[InstanceRow]:
    """Return a run's kept instances without a vote that every answerer that can be asked has answered."""
    sql = f"""WITH {ASKED} {_INSTANCES} WHERE i.run_id = ? AND i.status = 'kept'
              AND NOT EXISTS (SELECT 1 FROM votes v WHERE v.instance_id = i.id AND v.current = 1)
              AND NOT {UNANSWERED} ORDER BY i.number"""
    return _instances(c.execute(sql, (run_id,)))


def candidate_id(instance_id: str, role: str, model: str, attempt: int = 0) -> str:
    """Return the id that a model's candidate for an instance has or will have."""
    return digest("candidate", instance_id, role, model, *((attempt,) if attempt else ()))


def save_candidate(c: Connection, candidate: NewCandidate) -> str:
    """Store a candidate and return its id. A second one of the same identity is refused."""
    key = candidate_id(candidate.instance_id, candidate.role, candidate.model, candidate.attempt)
    _insert(c, "candidates", {"id": key, **candidate._asdict()})
    sql = """SELECT i.run_id, t.kind FROM instances i JOIN instructions t ON t.id = i.instruction_id
             WHERE i.id = ? AND i.status = 'kept'"""
    for run, kind in c.tuples(sql, (candidate.instance_id,)):
        counted.add(c, {_answer_cell(run, kind, candidate): 1})
    search.add_answer(c, candidate.instance_id, candidate.position, candidate.output)
    return key


def save_candidates(c: Connection, rows: Sequence[tuple[NewCandidate, str, Kind, int]]) -> list[str]:
    """Store candidates of kept instances as `save_candidate` does, and return their ids; with each come run,
    kind and number of its instance."""
    keys = [candidate_id(row.instance_id, row.role, row.model, row.attempt) for row, *_ in rows]
    columns = ("id", *NewCandidate._fields)
    stored = [(key, *row) for key, (row, *_) in zip(keys, rows, strict=True)]
    _insert_all(c, "candidates", columns, stored)
    counted.add(c, Counter(_answer_cell(run, kind, row) for row, run, kind, _ in rows))
    search.add_answers(c, [(number, row.position, row.output) for row, _, _, number in rows])
    return keys


def _answer_cell(run: str, kind: Kind, candidate: NewCandidate) -> Cell:
    """Return what a candidate of a kept instance counts as."""
    status = "dropped" if candidate.reason else candidate.ended
    return Cell(run, "answers", kind, status, candidate.reason, candidate.model, candidate.role)


def candidates_of(c: Connection, instance_id: str) -> list[CandidateRow]:
    """Return an instance's candidates in order of position."""
    sql = f"{CANDIDATES} WHERE c.instance_id = ? ORDER BY c.position"
    return list(build_all(CandidateRow, c.execute(sql, (instance_id,))))


def thoughts_of(c: Connection, instance_id: str) -> dict[str, str]:
    """Map the ids of an instance's candidates to what their models thought first, where they did."""
    sql = """SELECT c.id, k.thinking FROM candidates c JOIN completions k ON k.id = c.completion_id
             WHERE c.instance_id = ? AND k.thinking <> ''"""
    return dict(c.execute(sql, (instance_id,)))


def _instances(cursor: sqlite3.Cursor) -> list[InstanceRow]:
    return list(build_all(InstanceRow, cursor))


def _insert(c: Connection, table: str, values: dict[str, object]) -> None:
    """Store a row of these values, which are named as their columns are."""
    c.execute(_insertion(table, tuple(values)), tuple(values.values()))


def _insert_all(c: Connection, table: str, columns: tuple[str, ...], rows: Sequence[tuple[Any, ...]]) -> None:
    """Store rows of these columns, in their order."""
    c.executemany(_insertion(table, columns), rows)


@cache
def _insertion(table: str, columns: tuple[str, ...]) -> str:
    """Return the statement that stores a row, written once for all of them.

    Values go by their places: SQLite takes twice as long to look for each by its name.
    """
    marks = ", ".join("?" for _ in columns)
    return f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({marks})"
