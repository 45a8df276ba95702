"""What a stage made, row by row, for those who go on with it elsewhere."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from app.store import runs
from app.store.connection import Connection
from app.store.generated import candidates_of
from app.store.rows import Kind, Status


@dataclass(frozen=True, slots=True)
class StagedInstruction:
    """An instruction with what the novelty filter saw; `score` and `mean` are None where nobody compared."""

    instruction: str
    kind: Kind
    source: str
    status: Status
    reason: str
    score: float | None
    nearest: str | None
    mean: float | None
    run: int


@dataclass(frozen=True, slots=True)
class StagedInstance:
    """An instance; `output` is the writer's own, empty where it gave none."""

    instruction: str
    input: str
    output: str
    kind: Kind
    source: str
    status: Status
    reason: str
    number: int
    run: int


@dataclass(frozen=True, slots=True)
class StagedCandidates:
    """An instance with the outputs that take part in its vote, each (model, output), the writer's first."""

    instruction: str
    input: str
    outputs: tuple[tuple[str, str], ...]


_WANTED = "r.number = COALESCE(:run, r.number) AND (:dropped OR x.status = 'kept')"


def instructions(c: Connection, run: int | None = None, *, dropped: bool) -> Iterator[StagedInstruction]:
    """Yield the kept instructions of a run, or of all, in the order stored; the dropped ones too if wanted.

    Raises ProjectError for a run that does not exist. Use it up inside one read, like the others here.
    """
    _check(c, run)
    sql = f"""SELECT x.text, x.kind, x.source, x.status, x.reason, x.score, x.nearest, x.mean, r.number
              FROM instructions x JOIN runs r ON r.id = x.run_id WHERE {_WANTED} ORDER BY r.number, x.rowid"""
    for row in c.execute(sql, {"run": run, "dropped": dropped}):
        yield StagedInstruction(*row)


def instances(c: Connection, run: int | None = None, *, dropped: bool) -> Iterator[StagedInstance]:
    """Yield the kept instances in order of number; the dropped ones too if wanted."""
    _check(c, run)
    sql = f"""SELECT t.text, x.input, COALESCE(w.output, ''), t.kind, t.source, x.status, x.reason, x.number,
                     r.number
              FROM instances x JOIN instructions t ON t.id = x.instruction_id JOIN runs r ON r.id = x.run_id
              LEFT JOIN candidates w ON w.instance_id = x.id AND w.role = 'writer'
              WHERE {_WANTED} ORDER BY x.number"""
    for row in c.execute(sql, {"run": run, "dropped": dropped}):
        yield StagedInstance(*row)


def candidates(c: Connection, run: int | None = None) -> Iterator[StagedCandidates]:
    """Yield the kept instances with their candidates in order of number; those without any are left out."""
    _check(c, run)
    sql = """SELECT x.id, t.text, x.input FROM instances x JOIN instructions t ON t.id = x.instruction_id
             JOIN runs r ON r.id = x.run_id
             WHERE r.number = COALESCE(?, r.number) AND x.status = 'kept' ORDER BY x.number"""
    for key, instruction, given in c.execute(sql, (run,)):
        found = candidates_of(c, key)
        outputs = tuple((one.model_name, one.output) for one in found if not one.reason)
        if outputs:
            yield StagedCandidates(instruction, given, outputs)


def _check(c: Connection, run: int | None) -> None:
    if run is not None:
        runs.get(c, run)
