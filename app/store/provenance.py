"""Where rows came from: run and recipe, sampler seeds, and every decision about them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from app.method.recipe_parts import AtLeast
from app.method.voices import ONE_VOICE
from app.store.connection import Connection
from app.store.decisions import ANSWERS, stands
from app.store.desk import OVERRIDE
from app.store.rows import build, build_all
from app.store.runs import ASKED

_OF_RUN = "r.number = COALESCE(:run, r.number)"
_DECIDED = "s.status IN ('accepted', 'chosen', 'edited', 'rejected')"


@dataclass(frozen=True, slots=True)
class RunOrigin:
    """The run that made a row: its seed, and the recipe with version and the hash of its content.

    An import has no recipe: what stands in its place says what was imported, and the hash is empty.
    """

    number: int
    seed: int
    recipe: str
    recipe_version: int
    recipe_hash: str


@dataclass(frozen=True, slots=True)
class Decision:
    """One decision about a row; `stands` says that it is not undone."""

    event: int
    reviewer: str
    at: str
    action: str
    candidate: str | None
    text: str | None
    note: str
    stands: bool


@dataclass(frozen=True, slots=True)
class AuditVerdict:
    """What an audit found of a row; it stands."""

    reviewer: str
    at: str
    found: Literal["right", "wrong"]
    content: str


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a row came from.

    `sampler_seeds` maps what was generated ("instruction", "instance", the ids of candidates) to the
    seed of its sampler; what was imported or given has none. `verdicts` are what audits found, of the texts
    that their content tells.
    """

    instruction_id: str
    run: RunOrigin
    sampler_seeds: dict[str, int]
    decisions: tuple[Decision, ...]
    verdicts: tuple[AuditVerdict, ...]


def origins(c: Connection, instances: Sequence[str]) -> dict[str, Origin]:
    """Map each of these instances to where it came from. At most some hundreds at once."""
    marks = ", ".join("?" * len(instances))
    decided = _decisions(c, instances, marks)
    seeds = _sampler_seeds(c, instances, marks)
    verdicts = _verdicts(c, instances, marks)
    made_by = {run.number: run for run in _runs(c, None)}
    sql = f"""SELECT i.id, i.instruction_id, r.number
              FROM instances i JOIN runs r ON r.id = i.run_id WHERE i.id IN ({marks})"""
    return {
        key: Origin(
            instruction,
            made_by[run],
            seeds.get(key, {}),
            tuple(decided.get(key, ())),
            tuple(verdicts.get(key, ())),
        )
        for key, instruction, run in c.execute(sql, instances)
    }


def _decisions(c: Connection, instances: Sequence[str], marks: str) -> dict[str, list[Decision]]:
    """Map instances to their decisions in the order they were taken."""
    sql = f"""SELECT x.instance_id, e.seq, e.reviewer, e.at, e.action, x.candidate_id, x.text, e.note,
                     {stands()} AS stands
              FROM event_items x JOIN events e ON e.seq = x.event
              WHERE x.instance_id IN ({marks}) AND e.target IS NULL ORDER BY e.seq"""
    decided: dict[str, list[Decision]] = {}
    for row in c.execute(sql, instances):
        decision = Decision(
            event=row["seq"],
            reviewer=row["reviewer"],
            at=row["at"],
            action=row["action"],
            candidate=row["candidate_id"],
            text=row["text"],
            note=row["note"],
            stands=bool(row["stands"]),
        )
        decided.setdefault(row["instance_id"], []).append(decision)
    return decided


def _verdicts(c: Connection, instances: Sequence[str], marks: str) -> dict[str, list[AuditVerdict]]:
    """Map instances to what audits found of them, in the order it was found."""
    sql = f"""SELECT e.instance_id, e.reviewer, e.at, e.action, e.content FROM audits e
              WHERE e.instance_id IN ({marks}) AND {stands("audits")} ORDER BY e.seq"""
    verdicts: dict[str, list[AuditVerdict]] = {}
    for key, *values in c.execute(sql, instances):
        verdicts.setdefault(key, []).append(AuditVerdict(*values))
    return verdicts


def _sampler_seeds(c: Connection, instances: Sequence[str], marks: str) -> dict[str, dict[str, int]]:
    """Map instances to the sampler seeds of what was generated for them."""
    sql = f"""SELECT i.id, 'instruction', k.sampler_seed FROM instances i
              JOIN instructions t ON t.id = i.instruction_id JOIN completions k ON k.id = t.completion_id
              WHERE i.id IN ({marks})
              UNION ALL SELECT i.id, 'instance', k.sampler_seed FROM instances i
              JOIN completions k ON k.id = i.completion_id WHERE i.id IN ({marks})
              UNION ALL SELECT x.instance_id, x.id, k.sampler_seed FROM candidates x
              JOIN completions k ON k.id = x.completion_id WHERE x.instance_id IN ({marks})"""
    seeds: dict[str, dict[str, int]] = {}
    for key, what, seed in c.execute(sql, (*instances, *instances, *instances)):
        seeds.setdefault(key, {})[what] = seed
    return seeds


# ---- a whole project -----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ModelFacts:
    """A model that took part, as its own metadata describes it; `licence` is empty where it says none.

    An `imported` one is a name that a file gave to answers made elsewhere: no such model ran here.
    """

    name: str
    architecture: str
    quantisation: str
    sha256: str
    licence: str
    imported: bool
    roles: tuple[str, ...]
    samples: int = 0
    """Further answers that it gave to a task beside its own, as its recipe says; the most of several runs."""


@dataclass(frozen=True, slots=True)
class RuleFacts:
    """A rule that voted, and over how many instances.

    `punctuation` and `symbols` count those whose answers it took as the same though they differ in
    punctuation alone, or in a sign, number or symbol. `all_vote` says that every answer voted, whatever it
    was; `barred` counts the answers that did not.
    """

    rule: str
    version: int
    threshold: float
    at_least: AtLeast | None
    votes: int
    containment: bool
    all_vote: bool
    punctuation: int
    symbols: int
    barred: int


@dataclass(frozen=True, slots=True)
class ProjectFacts:
    """What is known of a project, or of one run of it, that a reader of its data wants to know.

    `overrides` are decided items where a person departed from the vote; `reviewers` counts people with a
    decision that stands.
    """

    models: tuple[ModelFacts, ...]
    runs: tuple[RunOrigin, ...]
    rules: tuple[RuleFacts, ...]
    reviewers: int
    decided: int
    overrides: int


def facts(c: Connection, run: int | None = None) -> ProjectFacts:
    """Gather the facts of a project, of one run where its number is given."""
    values = {"run": run}
    rules = c.execute(
        f"""SELECT v.rule AS rule, v.rule_version AS version, v.threshold AS threshold,
                   v.at_least AS at_least, COUNT(*) AS votes, v.containment AS containment,
                   v.barred IS NULL AS all_vote, SUM(v.difference = 1) AS punctuation,
                   SUM(v.difference = 2) AS symbols, COALESCE(SUM((SELECT COUNT(*)
                       FROM json_each(v.barred) j WHERE j.value NOT IN ('', '{ONE_VOICE}'))), 0) AS barred
            FROM votes v JOIN instances i ON i.id = v.instance_id JOIN runs r ON r.id = i.run_id
            WHERE v.current = 1 AND {_OF_RUN} GROUP BY 1, 2, 3, 4, 6, 7 ORDER BY 5 DESC, 1, 2, 3, 4""",
        values,
    )
    decided, overrides = c.execute(
        f"""SELECT COUNT(*), COALESCE(SUM({OVERRIDE}), 0)
            FROM review_state s JOIN instances i ON i.id = s.instance_id JOIN runs r ON r.id = i.run_id
            LEFT JOIN votes v ON v.instance_id = i.id AND v.current = 1
            WHERE {_DECIDED} AND {_OF_RUN}""",
        values,
    ).fetchone()
    [(reviewers,)] = c.execute(
        f"""SELECT COUNT(DISTINCT e.reviewer) FROM events e JOIN event_items x ON x.event = e.seq
            JOIN instances i ON i.id = x.instance_id JOIN runs r ON r.id = i.run_id
            WHERE {ANSWERS} AND {stands()} AND {_OF_RUN}""",
        values,
    )
    return ProjectFacts(
        models=_models(c, run),
        runs=_runs(c, run),
        rules=tuple(build_all(RuleFacts, rules)),
        reviewers=reviewers,
        decided=decided,
        overrides=overrides,
    )


def _runs(c: Connection, run: int | None) -> tuple[RunOrigin, ...]:
    """Return all runs, or the one of that number, in order of number."""
    sql = f"""SELECT r.number AS number, r.seed AS seed, r.recipe_name AS recipe,
                     r.recipe_hash AS recipe_hash,
                     COALESCE(json_extract(r.recipe_json, '$.version'), 0) AS recipe_version
              FROM runs r WHERE {_OF_RUN} ORDER BY r.number"""
    return tuple(build_all(RunOrigin, c.execute(sql, {"run": run})))


def _models(c: Connection, run: int | None) -> tuple[ModelFacts, ...]:
    """Return the models that gave a candidate, and those that only wrote, in order of their names."""
    sql = f"""WITH {ASKED}
              SELECT m.name AS name, m.architecture AS architecture, m.quantisation AS quantisation,
                     m.fingerprint AS sha256, m.license AS licence,
                     m.path = '' AS imported, json_group_array(DISTINCT p.role) AS roles,
                     MAX(COALESCE(q.samples, 0)) AS samples
              FROM run_models p JOIN models m ON m.fingerprint = p.model JOIN runs r ON r.id = p.run_id
              LEFT JOIN asked q ON q.run_id = p.run_id AND q.model = p.model AND p.role = 'answerer'
              WHERE {_OF_RUN} GROUP BY m.fingerprint ORDER BY m.name, m.fingerprint"""
    return tuple(
        build(ModelFacts, row, roles=tuple(sorted(json.loads(row["roles"]), reverse=True)))
        for row in c.execute(sql, {"run": run})
    )
