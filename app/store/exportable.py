"""What can go out of a project, row by row."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import get_args

from app.errors import ProjectError
from app.store import runs
from app.store.connection import Connection
from app.store.generated import candidates_of
from app.store.rows import CandidateRow, Include
from app.store.views import ExportRow

_TAKEN = "COALESCE(s.status, 'undecided') IN ('accepted', 'chosen', 'edited')"
_INCLUDES: dict[str, str] = {
    "accepted": _TAKEN,
    "consensus": f"""({_TAKEN} OR (COALESCE(s.status, 'undecided') IN ('undecided', 'later')
                      AND v.keep = 1 AND d.stale = 0))""",
    "all": "1",
}


def rows(c: Connection, include: Include, run: int | None = None) -> Iterator[ExportRow]:
    """Yield the rows that `include` names, in order of number; of one run where its number is given.

    accepted: accepted, chosen and edited. consensus: these and the undecided ones (put off ones
    too) that the current vote keeps. all: every kept instance once, whatever was decided, with the
    decided text, else the winner's, else that of the best-supported candidate. Items whose reviewers
    differ are left out; one that was dropped goes out once a person took an answer. An output may be
    empty. Raises ProjectError for a run that does not exist. Use it up inside one read.
    """
    if include not in get_args(Include):
        raise ProjectError(f"There is no selection {include!r}.", "Choose accepted, consensus or all.")
    if run is not None:
        runs.get(c, run)
    sql = f"""SELECT i.id, i.number, r.number, t.kind, COALESCE(s.instruction, t.text),
                     COALESCE(s.input, i.input),
                     COALESCE(s.status, 'undecided'), s.text, COALESCE(s.candidate_id, v.winner),
                     v.candidates, v.matrix
              FROM instances i JOIN instructions t ON t.id = i.instruction_id
              JOIN runs r ON r.id = i.run_id
              LEFT JOIN votes v ON v.instance_id = i.id AND v.current = 1
              LEFT JOIN review_state s ON s.instance_id = i.id
              LEFT JOIN desk d ON d.instance_id = i.id
              WHERE (i.status = 'kept' OR {_TAKEN}) AND COALESCE(s.conflict, 0) = 0
                    AND r.number = COALESCE(?, r.number) AND {_INCLUDES[include]}
              ORDER BY i.number"""
    for row in c.execute(sql, (run,)):
        key, number, run_number, kind, instruction, text, status, edited, meant, voted, matrix = row
        output, model, cut = str(edited or ""), "", False
        if status != "edited":
            found = _pick(candidates_of(c, key), meant, voted, matrix)
            if found:
                output, model, cut = found.output, found.model_name, found.cut
        yield ExportRow(key, number, run_number, kind, instruction, text, output, status, model, cut)


def _pick(
    candidates: list[CandidateRow], meant: str | None, voted: str | None, matrix: str | None
) -> CandidateRow | None:
    """Choose the decided candidate or the winner, else the best supported that is not empty."""
    for candidate in candidates:
        if candidate.id == meant:
            return candidate
    support: dict[str, float] = {}
    if voted and matrix:
        support = {
            key: sum(scores) for key, scores in zip(json.loads(voted), json.loads(matrix), strict=True)
        }
    # max takes the first of equals: the candidate of the lowest position.
    return max(candidates, key=lambda one: (bool(one.output.strip()), support.get(one.id, 0.0)), default=None)
