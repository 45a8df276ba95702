"""What can leave a project, row by row, and what led to each row; also what a single stage made."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import attrgetter
from typing import Any, Literal, get_args

from app.errors import ProjectError
from app.method.consensus import Vote
from app.method.terms import Kind
from app.method.turns import Turn, from_json
from app.method.voices import ONE_VOICE
from app.store import references, runs, votes
from app.store.connection import Connection
from app.store.filters import Filter
from app.store.generated import CANDIDATES, candidates_of
from app.store.rows import CandidateRow, Include, SeedRow, Status, build_all
from app.store.views import ExportRow

_TAKEN = "COALESCE(s.status, 'undecided') IN ('accepted', 'chosen', 'edited')"
# Led by the few that are decided: a project has a million others. Their numbers come sorted.
_DECIDED = """i.number IN (SELECT n.number FROM review_state u JOIN instances n ON n.id = u.instance_id
                           WHERE u.status IN ('accepted', 'chosen', 'edited'{more}))"""
_INCLUDES: dict[str, str] = {
    "accepted": _DECIDED.format(more=""),
    "consensus": f"""({_TAKEN} OR (COALESCE(s.status, 'undecided') IN ('undecided', 'later')
                      AND v.keep = 1 AND d.stale = 0))""",
    "all": "1",
    "judged": _DECIDED.format(more=", 'rejected'"),
}

# CROSS JOIN holds SQLite to this order of the tables: the instances come by number, nothing is sorted,
# and a million rows cost no memory. `_row` takes these columns.
_ROWS = f"""SELECT i.id, i.number, r.number, t.kind, COALESCE(s.instruction, t.text),
                  COALESCE(s.input, i.input), COALESCE(s.status, 'undecided'),
                  s.text, x.id, x.output, m.name, x.ended, t.source,
                  COALESCE(s.task, ''), m.fingerprint, COALESCE(s.reason, ''), i.context
           FROM instances i CROSS JOIN instructions t ON t.id = i.instruction_id
           CROSS JOIN runs r ON r.id = i.run_id
           LEFT JOIN votes v ON v.instance_id = i.id AND v.current = 1
           LEFT JOIN review_state s ON s.instance_id = i.id
           LEFT JOIN candidates x ON x.id = COALESCE(s.candidate_id, v.winner)
           LEFT JOIN models m ON m.fingerprint = x.model
           LEFT JOIN desk d ON d.number = i.number
           WHERE (i.status = 'kept' OR {_TAKEN}) AND COALESCE(s.conflict, 0) = 0"""
_OF_STAGE = "r.number = COALESCE(:run, r.number) AND r.hidden = 0 AND (:dropped OR x.status = 'kept')"

_BATCH = 400
UNVOTED = -1.0
"""Less than any support, which is a sum of shares."""


@dataclass(frozen=True, slots=True)
class Selection:
    """Which rows go out.

    accepted: accepted, chosen and edited. consensus: these and the undecided ones (put off ones
    too) that the current vote keeps. all: every kept instance once, whatever was decided. judged:
    what people took or rejected. Items whose reviewers differ are left out; one that was dropped goes out
    once a person took an answer. `run` is a run's number; None takes all. `where` must hold as well;
    `reviewer` is who it means by what was not seen.
    """

    include: Include | Literal["judged"] = "consensus"
    run: int | None = None
    where: Filter = Filter()  # noqa: RUF009  (frozen)
    reviewer: str = ""


@dataclass(frozen=True, slots=True)
class Detail:
    """What led to a row: every candidate in order of position, and the vote that stands."""

    candidates: tuple[CandidateRow, ...]
    vote: Vote | None

    @property
    def silent(self) -> frozenset[str]:
        """The ids of the candidates whose model votes by another of its answers."""
        vote = self.vote
        if vote is None or vote.barred is None:
            return frozenset()
        pairs = zip(vote.candidates, vote.barred, strict=True)
        return frozenset(key for key, why in pairs if why == ONE_VOICE)

    @property
    def support(self) -> dict[str, float]:
        """Map the ids of the candidates that voted to the sums of their pair scores with each other."""
        if self.vote is None:
            return {}
        voting, matrix = self.vote.voting, self.vote.matrix
        return {self.vote.candidates[at]: sum(matrix[at][other] for other in voting) for at in voting}


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
    turns: tuple[Turn, ...] = ()
    references: tuple[str, ...] = ()


def rows(c: Connection, selection: Selection) -> Iterator[ExportRow]:
    """Yield the rows of a selection in order of number; an output may be empty.

    A row has the decided text, else the winner's, else that of the best-supported candidate. Raises
    ProjectError for a run that does not exist. Use it up inside one read.
    """
    if selection.include not in _INCLUDES:
        raise ProjectError(
            f"There is no selection {selection.include!r}.", f"Choose one of {', '.join(get_args(Include))}."
        )
    if selection.run is not None:
        runs.get(c, selection.run)
    condition, values = selection.where.on_rows(selection.reviewer)
    sql = f"""{_ROWS} AND r.number = COALESCE(:run, r.number) AND {_INCLUDES[selection.include]}
              AND {condition} ORDER BY i.number"""
    for row in c.tuples(sql, values | {"run": selection.run}):
        yield _row(c, row)


def numbered(c: Connection, numbers: Sequence[int]) -> Iterator[ExportRow]:
    """Yield the rows of these instance numbers in the order given, whatever was decided about them."""
    for start in range(0, len(numbers), _BATCH):
        batch = numbers[start : start + _BATCH]
        sql = f"{_ROWS} AND i.number IN ({', '.join('?' * len(batch))})"
        by_number = {row[1]: row for row in c.tuples(sql, batch)}
        yield from (_row(c, by_number[number]) for number in batch)


def at_most(c: Connection, selection: Selection, *, hidden: bool = False) -> int:
    """Return how many rows a selection can have without its condition: known at once, no row is read.

    With `hidden` these are the items of hidden runs, which it leaves out.
    """
    of_runs = f"""(SELECT r.{{}} FROM runs r WHERE r.hidden = {hidden:d}
                   AND r.number = COALESCE(:run, r.number))"""
    counted = f"SELECT COALESCE(SUM(count), 0) FROM counted WHERE run_id IN {of_runs.format('id')} AND"
    decided = f"SELECT COUNT(*) FROM desk WHERE run IN {of_runs.format('number')} AND turn = 2 AND"
    more = ", 'rejected'" if selection.include == "judged" else ""
    taken = f"status IN ('accepted', 'chosen', 'edited'{more})"
    parts = {
        "all": f"""({counted} stage = 'instances' AND status = 'kept')
                   + ({decided} aside = 1 AND {taken})""",
        "consensus": f"""({counted} stage = 'decisions' AND {taken})
                         + ({counted} stage = 'votes' AND status = 'kept')
                         - ({decided} keep = 1 AND aside = 0)""",
    }
    sum_of = parts.get(selection.include, f"({counted} stage = 'decisions' AND {taken})")
    return int(c.execute(f"SELECT {sum_of}", {"run": selection.run}).fetchone()[0])


def hidden_of_stage(
    c: Connection, stage: Literal["instructions", "instances"], run: int | None, *, dropped: bool
) -> int:
    """Return at once how many rows of a stage stay out as their runs are hidden."""
    [(count,)] = c.execute(
        """SELECT COALESCE(SUM(count), 0) FROM counted n JOIN runs r ON r.id = n.run_id
           WHERE r.hidden = 1 AND r.number = COALESCE(:run, r.number)
                 AND stage = :stage AND (:dropped OR status = 'kept')""",
        {"run": run, "stage": stage, "dropped": dropped},
    )
    return int(count)


def conflicts(c: Connection, run: int | None) -> int:
    """Count the items that stay out because the last decisions of two reviewers differ."""
    [(count,)] = c.execute(
        """SELECT COUNT(*) FROM review_state s JOIN instances i ON i.id = s.instance_id
           JOIN runs r ON r.id = i.run_id
           WHERE s.conflict = 1 AND r.hidden = 0 AND r.number = COALESCE(?, r.number)""",
        (run,),
    )
    return int(count)


def seeds(c: Connection, run: int | None) -> list[SeedRow]:
    """Return the seeds that a run, or any run, started from; each once, in order of run and place."""
    chosen = [runs.get(c, run)] if run is not None else runs.all_runs(c)
    by_id = {seed.id: seed for each in chosen for seed in runs.seeds_of(c, each.id)}
    return list(by_id.values())


def details(c: Connection, instances: Sequence[str]) -> dict[str, Detail]:
    """Map each of these instances to what led to it. Use batches: everything is held in memory."""
    led: dict[str, Detail] = {}
    for start in range(0, len(instances), _BATCH):
        keys = instances[start : start + _BATCH]
        marks = ", ".join("?" * len(keys))
        sql = f"{CANDIDATES} WHERE c.instance_id IN ({marks}) ORDER BY c.instance_id, c.position"
        candidates = groupby(build_all(CandidateRow, c.execute(sql, keys)), attrgetter("instance_id"))
        by_instance = {key: tuple(group) for key, group in candidates}
        sql = f"""SELECT instance_id, {", ".join(votes.COLUMNS)} FROM votes
                  WHERE current = 1 AND instance_id IN ({marks})"""
        standing = {key: votes.vote_of(values) for key, *values in c.tuples(sql, keys)}
        led |= {key: Detail(by_instance.get(key, ()), standing.get(key)) for key in keys}
    return led


def _row(c: Connection, row: tuple[Any, ...]) -> ExportRow:
    """Build a row from the columns of `_ROWS`, by place: a name looked up in each would cost a tenth more."""
    key, number, run, kind, instruction, text, status, edited, candidate_id, output, *of_output = row
    model, ended, source, task, fingerprint, reason, context = of_output
    cut = ended == "length"
    if status == "edited":
        output, model, fingerprint, cut = edited or "", "", "", False
    elif candidate_id is None:
        best = _best_supported(details(c, [key])[key])
        if best is None:
            output, model, fingerprint = "", "", ""
        else:
            candidate_id, output, model, fingerprint = best.id, best.output, best.model_name, best.model
            cut = best.cut
    return ExportRow(
        instance_id=key,
        number=number,
        run_number=run,
        kind=kind,
        instruction=instruction,
        input=text,
        output=output,
        status=status,
        model=model,
        cut=cut,
        source=source,
        candidate_id=candidate_id,
        task=task,
        fingerprint=fingerprint,
        reason=reason,
        turns=from_json(context),
    )


def _best_supported(detail: Detail) -> CandidateRow | None:
    """Choose the best-supported candidate that is not empty, voters first; the first of equals."""
    support = detail.support
    return max(
        detail.candidates,
        key=lambda one: (bool(one.output.strip()), support.get(one.id, UNVOTED)),
        default=None,
    )


def instructions(c: Connection, run: int | None = None, *, dropped: bool) -> Iterator[StagedInstruction]:
    """Yield the kept instructions of a run, or of all, in the order stored; the dropped ones too if wanted.

    Raises ProjectError for a run that does not exist. Use it up inside one read, like the others here.
    """
    _check(c, run)
    sql = f"""SELECT x.text AS instruction, x.kind AS kind, x.source AS source, x.status AS status,
                     x.reason AS reason, x.score AS score, x.nearest AS nearest, x.mean AS mean,
                     r.number AS run
              FROM instructions x JOIN runs r ON r.id = x.run_id
              WHERE {_OF_STAGE} ORDER BY r.number, x.rowid"""
    yield from build_all(StagedInstruction, c.execute(sql, {"run": run, "dropped": dropped}))


def instances(c: Connection, run: int | None = None, *, dropped: bool) -> Iterator[StagedInstance]:
    """Yield the kept instances in order of number; the dropped ones too if wanted."""
    _check(c, run)
    sql = f"""SELECT t.text AS instruction, x.input AS input, COALESCE(w.output, '') AS output,
                     t.kind AS kind, t.source AS source, x.status AS status, x.reason AS reason,
                     x.number AS number, r.number AS run
              FROM instances x JOIN instructions t ON t.id = x.instruction_id JOIN runs r ON r.id = x.run_id
              LEFT JOIN candidates w ON w.instance_id = x.id AND w.role = 'writer'
              WHERE {_OF_STAGE} ORDER BY x.number"""
    yield from build_all(StagedInstance, c.execute(sql, {"run": run, "dropped": dropped}))


def candidates(c: Connection, run: int | None = None) -> Iterator[StagedCandidates]:
    """Yield the kept instances with their candidates in order of number; those without any are left out."""
    _check(c, run)
    sql = """SELECT x.id, t.text, x.input, x.context, x.pair
             FROM instances x JOIN instructions t ON t.id = x.instruction_id JOIN runs r ON r.id = x.run_id
             WHERE r.number = COALESCE(?, r.number) AND r.hidden = 0 AND x.status = 'kept'
             ORDER BY x.number"""
    for key, instruction, given, context, pair in c.execute(sql, (run,)):
        outputs = tuple(
            (candidate.model_name, candidate.output) for candidate in _speaking(c, key, candidates_of(c, key))
        )
        if outputs:
            known = references.of_task(c, pair)
            yield StagedCandidates(instruction, given, outputs, from_json(context), known)


def _speaking(c: Connection, instance_id: str, given: Sequence[CandidateRow]) -> list[CandidateRow]:
    """Return the candidates that take part in a vote; of a model's samples and its own answer, one does."""
    usable = [candidate for candidate in given if not candidate.reason]
    if all(candidate.attempt >= 0 for candidate in usable):
        return usable
    silent = Detail(tuple(given), votes.current_vote(c, instance_id)).silent
    voted = [candidate for candidate in usable if candidate.id not in silent]
    return voted if silent else [candidate for candidate in usable if candidate.attempt >= 0]


def _check(c: Connection, run: int | None) -> None:
    if run is not None:
        runs.get(c, run)
