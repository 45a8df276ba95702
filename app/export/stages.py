"""Write what a stage made: instructions, instances, or candidates in the form that an import reads."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, BinaryIO, Literal

from app.export.formats import message
from app.export.layout import check_not_project, whole_file
from app.export.sinks import line
from app.store import exportable, judgements
from app.store.connection import Connection
from app.store.judgements import JudgedAnswer, Judgement, TaskOf
from app.store.project import Project

StageRows = Literal["instructions", "instances", "candidates", "judgements"]


@dataclass(frozen=True, slots=True)
class StageReport:
    """What was written: rows, where, how many bytes."""

    rows: int
    path: Path
    bytes: int


def export_stage(
    project: Project,
    out: str | Path,
    what: StageRows,
    *,
    dropped: bool = False,
    run: int | None = None,
    force: bool = False,
) -> StageReport:
    """Write the rows of a stage to `out`, one JSON object a line, from one snapshot.

    `dropped` adds what was dropped, with its reason; candidates are those that take part in a vote. `run`
    is a run's number, None takes all. Raises ExportError and ProjectError as `write.export` does.
    """
    target = Path(out).expanduser().absolute()
    check_not_project(project, target)
    with whole_file(target, force=force) as file:
        written = stage_to(file, project, what, dropped=dropped, run=run)
        size = file.tell()
    return StageReport(written, target, size)


def stage_to(
    stream: BinaryIO, project: Project, what: StageRows, *, dropped: bool = False, run: int | None = None
) -> int:
    """Write the same rows to a stream, and return how many they are."""
    project.check()
    written = project.read(lambda c: _fill(stream, _rows(c, what, run, dropped)))
    stream.flush()
    return written


def hidden_rows(project: Project, what: StageRows, *, dropped: bool = False, run: int | None = None) -> int:
    """Return at once how many rows of a stage stay out as their runs are hidden; of candidates, how many
    instances."""
    if what == "judgements":
        return 0
    if what == "candidates":
        return project.read(lambda c: exportable.hidden_of_stage(c, "instances", run, dropped=False))
    return project.read(lambda c: exportable.hidden_of_stage(c, what, run, dropped=dropped))


def _rows(c: Connection, what: StageRows, run: int | None, dropped: bool) -> Iterator[dict[str, Any]]:
    match what:
        case "instructions":
            yield from map(asdict, exportable.instructions(c, run, dropped=dropped))
        case "instances":
            yield from map(asdict, exportable.instances(c, run, dropped=dropped))
        case "judgements":
            yield from map(_judgement, judgements.to_export(c))
        case "candidates":
            for row in exportable.candidates(c, run):
                outputs = [{"model": model, "output": output} for model, output in row.outputs]
                fields = {"instruction": row.instruction, "input": row.input, "outputs": outputs}
                if row.turns:
                    fields["turns"] = [message(turn.role, turn.text) for turn in row.turns]
                if row.references:
                    fields["references"] = list(row.references)
                yield fields


def _judgement(judged: tuple[TaskOf, Judgement, list[JudgedAnswer]]) -> dict[str, Any]:
    """Return a judgement as `app.intake.judged` reads it; what nobody said is left out."""
    task, judgement, answers = judged
    verdict = judgement.verdict
    outputs = [
        {"model": answer.model, "output": answer.output, "right": said.is_right}
        | ({"grade": said.grade} if said.grade else {})
        for answer in answers
        if (said := verdict.answers.get(answer.id)) is not None
    ]
    turns = [message(turn.role, turn.text) for turn in task.turns] or None
    beside = {"turns": turns, "task": verdict.task, "fits": verdict.input, "note": verdict.note or None}
    who = judgement.reviewer
    return {
        **{"instruction": task.instruction, "input": task.input, "outputs": outputs, "reviewer": who},
        **{name: value for name, value in beside.items() if value is not None},
    }


def _fill(file: BinaryIO, rows: Iterator[dict[str, Any]]) -> int:
    written = 0
    for row in rows:
        file.write(f"{line(row)}\n".encode())
        written += 1
    return written
