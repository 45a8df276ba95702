"""The sidecar: for each row of an export one line that says where it came from. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from app.export.human import HumanRow
from app.export.pairs import Pair
from app.export.stream import Taken
from app.method.explanation import voices as voices_of
from app.method.voices import Voice
from app.store.audits import key_of
from app.store.exportable import Detail
from app.store.provenance import Origin
from app.store.rows import CandidateRow
from app.store.text import storable
from app.store.views import ExportRow


def entry(
    place: int,
    taken: Taken,
    origin: Origin | None,
    escaped: tuple[str, ...] = (),
    audit: Sequence[str] = (),
) -> dict[str, Any]:
    """Build the sidecar's line of the row at `place` (1, 2, … in its file).

    `escaped` names the fields that a table changed so that no spreadsheet runs them as formulas; `audit` is
    what audits say of all rows.
    """
    row = taken.row
    task = {
        "instruction": storable(row.instruction),
        "input": storable(row.input),
        "source": storable(row.source),
    }
    changed = {"escaped": list(escaped)} if escaped else {}
    if isinstance(row, HumanRow):
        return {"row": place, "origin": "human", "from": storable(row.origin), **task, **changed}
    assert origin is not None and taken.detail is not None
    voices = voices_of(taken.detail.vote, taken.detail.candidates)
    return {
        "row": place,
        "origin": "machine",
        "instance": row.instance_id,
        "number": row.number,
        "instruction_id": origin.instruction_id,
        "kind": row.kind,
        **task,
        "output": _output(row),
        **_preference(taken.what),
        "run": asdict(origin.run),
        "sampler_seeds": origin.sampler_seeds,
        "candidates": [
            _candidate(one, taken.detail) | _samples(one, voices) for one in taken.detail.candidates
        ],
        "vote": _vote(taken.detail),
        "decisions": [asdict(decision) for decision in origin.decisions],
        **_audit(row, origin, audit),
        **changed,
    }


def _output(row: ExportRow) -> dict[str, Any]:
    """Say who wrote the output: a model's candidate, or a person, perhaps beginning from one."""
    edited = row.status == "edited"
    return {
        "status": row.status,
        "by": "person" if edited else "model",
        "model": row.model or None,
        "edited_from" if edited else "candidate": row.candidate_id,
    }


def _preference(what: Any) -> dict[str, Any]:
    """Name the candidate that a pair sets below the chosen text."""
    return {"rejected": {"candidate": what.rejected_id, "why": what.why}} if isinstance(what, Pair) else {}


def _audit(row: ExportRow, origin: Origin, audit: Sequence[str]) -> dict[str, Any]:
    """Say what audits found of the row as it reads, and what they say of all rows."""
    if not audit:
        return {}
    content = key_of(row).content
    found = [
        {"reviewer": verdict.reviewer, "at": verdict.at, "found": verdict.found}
        for verdict in origin.verdicts
        if verdict.content == content
    ]
    return {"audit": {"row": found, "rows": list(audit)}}


def _candidate(candidate: CandidateRow, detail: Detail) -> dict[str, Any]:
    return {
        "id": candidate.id,
        "model": candidate.model_name,
        "sha256": candidate.model,
        "quantisation": candidate.quantisation,
        "role": candidate.role,
        "output": candidate.output,
        "ended": candidate.ended,
        "left_out": candidate.reason or None,
        "support": detail.support.get(candidate.id),
    }


def _samples(candidate: CandidateRow, voices: Mapping[str, Voice]) -> dict[str, Any]:
    """Say that an answer is a sample, and how many samples of its model say the same if that votes by it."""
    facts: dict[str, Any] = {"sample": -candidate.attempt} if candidate.attempt < 0 else {}
    if voice := voices.get(candidate.id):
        facts["samples"] = {"equal": voice.equal, "of": voice.of}
    return facts


def _vote(detail: Detail) -> dict[str, Any] | None:
    return detail.vote._asdict() | {"winner": detail.vote.winner_id} if detail.vote else None
