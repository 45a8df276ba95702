"""Runs, their models and their seeds, imported seed tasks included. Inside the caller's transaction.

Each import of seed tasks is a run of its own, in which no model takes part.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields

from app.errors import ProjectError
from app.method.terms import Kind, Role, Style, StyleFrom
from app.store import references
from app.store.connection import Connection
from app.store.rows import (
    ModelRow,
    NewRun,
    NewRunModel,
    NewSeed,
    RunModelRow,
    RunRow,
    SeedRow,
    build,
    build_all,
    first,
    values_of,
)
from app.store.text import digest, now, pair_key

IMPORTED = "imported"
"""The state of a run whose candidates came from a file: no model is asked, it has no recipe."""
ANSWERERS = """(SELECT p.run_id, p.model FROM run_models p JOIN models m ON m.fingerprint = p.model
                 WHERE p.role = 'answerer' AND m.path <> '')"""
"""The answerers of every run that can be asked, as ModelRow.can_be_asked says."""
ASKED = """asked AS MATERIALIZED
    (SELECT p.run_id, p.model, CASE json_valid(r.recipe_json) WHEN 1 THEN COALESCE(
                json_extract(r.recipe_json, '$.answers.samples_of."' || p.model || '"'),
                json_extract(r.recipe_json, '$.answers.samples'), 0) ELSE 0 END AS samples
     FROM run_models p JOIN models m ON m.fingerprint = p.model JOIN runs r ON r.id = p.run_id
     WHERE p.role = 'answerer' AND m.path <> '')"""
"""The same as a common table, with how many samples each is to give: so each recipe is read once."""
HIDDEN = "(SELECT h.number FROM runs h WHERE h.hidden = 1)"
"""The numbers of the runs that are hidden."""
UNANSWERED = """EXISTS (SELECT 1 FROM asked q WHERE q.run_id = i.run_id AND
    (NOT EXISTS (SELECT 1 FROM candidates x WHERE x.instance_id = i.id AND x.role = 'answerer'
                 AND x.model = q.model AND x.attempt >= 0)
     OR q.samples > (SELECT COUNT(*) FROM candidates x WHERE x.instance_id = i.id AND x.role = 'answerer'
                     AND x.model = q.model AND x.attempt BETWEEN -q.samples AND -1)))"""
"""Whether an answer or a sample of an answerer in `asked` is missing to instance `i`."""
ALL_VOTE = """CASE json_valid(r.recipe_json)
              WHEN 1 THEN json_extract(r.recipe_json, '$.consensus.voters') IS 'all' ELSE 0 END"""
"""Whether the recipe of a run `r` itself lets every answer vote; earlier ones did and did not say so."""
RUNNING = "running"
INTERRUPTED = "interrupted"
"""The state of a run whose process ended before it did."""
ENDED_STATES = frozenset(("done", "failed", "stopped", IMPORTED))

RUN_NAME = "seed tasks"
"""What an import of seed tasks has where other runs name their recipe."""

_RUN = ", ".join(field.name for field in fields(RunRow))
_BEGUN = _RUN.removesuffix(", hidden")
"""What a new run is stored with: that it is shown is the column's default."""
_MODEL = ", ".join(field.name for field in fields(ModelRow))
_PART = ", ".join(field.name for field in fields(NewRunModel))
_SEED = ", ".join(field.name for field in fields(SeedRow))
_ADD_SEED = f"""INSERT OR IGNORE INTO seed_tasks ({_SEED})
                VALUES ({", ".join(f":{field.name}" for field in fields(SeedRow))})"""


def create(c: Connection, run: NewRun) -> RunRow:
    """Begin a run with the next free number. Its models must have been added before."""
    number = int(c.execute("SELECT COALESCE(MAX(number), 0) + 1 FROM runs").fetchone()[0])
    # An id that depends on nothing but the number: a project made twice from the same seed has the
    # same identities, hence the same sampler seeds. Runs are never removed, so it stays unique.
    row = RunRow(
        id=f"run-{number}",
        number=number,
        recipe_name=run.recipe_name,
        recipe_json=run.recipe_json,
        recipe_hash=run.recipe_hash,
        seed=run.seed,
        target=run.target,
        state=run.state,
        created_at=now(),
        finished_at=None,
        note=run.note,
    )
    c.execute(f"INSERT INTO runs ({_BEGUN}) VALUES ({_marks(_BEGUN)})", values_of(row))
    for part in run.models:
        add_part(c, row.id, part)
    return row


def where_all_vote(c: Connection) -> frozenset[int]:
    """Return the numbers of the runs whose recipe says that every answer votes."""
    return frozenset(number for (number,) in c.tuples(f"SELECT r.number FROM runs r WHERE {ALL_VOTE}"))


def hide(c: Connection, number: int, *, hidden: bool) -> None:
    """Hide a run, or show it again; what it made stays stored. Raises ProjectError where there is none."""
    run = get(c, number)
    c.execute("UPDATE runs SET hidden = ? WHERE id = ?", (int(hidden), run.id))


def shown(c: Connection) -> frozenset[int] | None:
    """Return the numbers of the runs that are not hidden; None where none is, which means all."""
    every = all_runs(c)
    seen = frozenset(run.number for run in every if not run.hidden)
    return None if len(seen) == len(every) else seen


def get(c: Connection, number: int | None = None) -> RunRow:
    """Return the run of that number, or the latest. Raises ProjectError where there is none."""
    run = find(c, number)
    if run is None:
        if number is None:
            raise ProjectError("The project has no run yet.", "Start one with `quorum run`.")
        raise ProjectError(f"The project has no run {number}.", "`quorum status` lists its runs.")
    return run


def find(c: Connection, number: int | None = None) -> RunRow | None:
    """Return the run of that number, or the latest; None where there is none."""
    sql = f"SELECT {_RUN} FROM runs WHERE number = COALESCE(?, (SELECT MAX(number) FROM runs))"
    return first(RunRow, c.execute(sql, (number,)))


def newest_made(c: Connection) -> RunRow | None:
    """Return the newest run that models make or made and nobody hid: it can be resumed; None without one."""
    sql = f"SELECT {_RUN} FROM runs WHERE state <> ? AND hidden = 0 ORDER BY number DESC LIMIT 1"
    return first(RunRow, c.execute(sql, (IMPORTED,)))


def holds_imported(c: Connection) -> bool:
    """Say whether tasks with answers were imported; seed tasks alone are none."""
    return any(run.state == IMPORTED and run.recipe_name != RUN_NAME for run in all_runs(c))


def all_runs(c: Connection) -> list[RunRow]:
    """Return every run in order of number."""
    return list(build_all(RunRow, c.execute(f"SELECT {_RUN} FROM runs ORDER BY number")))


def set_state(c: Connection, run_id: str, state: str, note: str = "") -> None:
    """Say where a run stands; a final state sets `finished_at`, others clear it."""
    finished = now() if state in ENDED_STATES else None
    c.execute(
        "UPDATE runs SET state = ?, note = ?, finished_at = ? WHERE id = ?",
        (str(state), note, finished, run_id),
    )


def mark_interrupted(c: Connection) -> None:
    """Say so of a run that is called running while nobody writes: to be called by whoever has the lock."""
    if c.execute("SELECT EXISTS (SELECT 1 FROM runs WHERE state = ?)", (RUNNING,)).fetchone()[0]:
        c.execute("UPDATE runs SET state = ? WHERE state = ?", (INTERRUPTED, RUNNING))


def set_recipe(c: Connection, run_id: str, recipe_json: str, recipe_hash: str | None = None) -> None:
    """Change what a run goes by: its recipe and, given its hash, what it is known by; or what stands in place
    of a recipe."""
    sql = "UPDATE runs SET recipe_json = ?, recipe_hash = COALESCE(?, recipe_hash) WHERE id = ?"
    c.execute(sql, (recipe_json, recipe_hash, run_id))


def set_target(c: Connection, run_id: str, target: int) -> None:
    """Change how many kept instructions a run aims at."""
    c.execute("UPDATE runs SET target = ? WHERE id = ?", (target, run_id))


def add_model(c: Connection, model: ModelRow) -> None:
    """Store a model; one that is known by its fingerprint gets the present name and path."""
    updates = ", ".join(f"{name} = excluded.{name}" for name in _MODEL.split(", ") if name != "fingerprint")
    c.execute(
        f"""INSERT INTO models ({_MODEL}) VALUES ({_marks(_MODEL)})
            ON CONFLICT (fingerprint) DO UPDATE SET {updates}""",
        values_of(model),
    )


def run_models(c: Connection, run_id: str) -> list[RunModelRow]:
    """Return a run's models in order of position."""
    models = build_all(
        ModelRow,
        c.execute(
            f"""SELECT {_MODEL} FROM models
                WHERE fingerprint IN (SELECT model FROM run_models WHERE run_id = ?)""",
            (run_id,),
        ),
    )
    known = {model.fingerprint: model for model in models}
    parts = c.execute(
        """SELECT model, role, style, position, style_from, audition FROM run_models
           WHERE run_id = ? ORDER BY position""",
        (run_id,),
    )
    return [build(RunModelRow, part, model=known[part["model"]]) for part in parts]


def add_part(c: Connection, run_id: str, part: NewRunModel) -> None:
    """Let one more model take part in a run; it must have been added before."""
    c.execute(
        f"INSERT INTO run_models (run_id, {_PART}) VALUES (:run_id, {_marks(_PART)})",
        {"run_id": run_id, **values_of(part)},
    )


def set_style(
    c: Connection,
    run_id: str,
    model: str,
    style: Style,
    style_from: StyleFrom,
    audition: str = "",
    role: Role = "answerer",
) -> None:
    """Say how a model of a run is asked from now on, who said so, and how it was auditioned."""
    c.execute(
        """UPDATE run_models SET style = ?, style_from = ?, audition = ?
           WHERE run_id = ? AND model = ? AND role = ?""",
        (style, style_from, audition, run_id, model, role),
    )


def writer(c: Connection, run_id: str) -> RunModelRow | None:
    """Return the model that writes in a run; None where what it answers was imported."""
    return next((part for part in run_models(c, run_id) if part.role == "writer"), None)


def answerers(c: Connection, run_id: str) -> list[RunModelRow]:
    """Return the models that answer in a run, in order of position."""
    return [part for part in run_models(c, run_id) if part.role == "answerer"]


def samples(c: Connection, run_id: str) -> dict[str, int]:
    """Map the answerers of a run that can be asked to how many samples each is to give."""
    sql = f"WITH {ASKED} SELECT model, samples FROM asked WHERE run_id = ?"
    return dict(c.execute(sql, (run_id,)).fetchall())


def models_that_answered(c: Connection, run_id: str) -> set[str]:
    """Return the models that have answered anything in a run: they stay with the style they have."""
    sql = "SELECT DISTINCT model FROM completions WHERE run_id = ? AND stage = 'answers'"
    return {str(model) for (model,) in c.execute(sql, (run_id,))}


def has_written(c: Connection, run_id: str) -> bool:
    """Say whether the writer of a run has written anything in it: it stays with the manner it has."""
    sql = "SELECT EXISTS (SELECT 1 FROM completions WHERE run_id = ? AND stage = 'instructions')"
    return bool(c.execute(sql, (run_id,)).fetchone()[0])


def remove_part(c: Connection, run_id: str, model: str, role: Role) -> None:
    """Let a model take part in a run no more; what it wrote stays stored and counts in no later vote."""
    sql = "DELETE FROM run_models WHERE run_id = ? AND model = ? AND role = ?"
    c.execute(sql, (run_id, model, role))


def position_of(c: Connection, run_id: str, model: str, role: Role) -> int:
    """Return the position of a model that takes part in a run."""
    sql = "SELECT position FROM run_models WHERE run_id = ? AND model = ? AND role = ?"
    [(position,)] = c.execute(sql, (run_id, model, role))
    return int(position)


def next_position(c: Connection, run_id: str) -> int:
    """Return the first position behind all that models of a run have, or had when they answered."""
    [(position,)] = c.execute(
        """SELECT 1 + MAX(COALESCE((SELECT MAX(position) FROM run_models WHERE run_id = ?1), -1),
                          COALESCE((SELECT MAX(x.position) FROM candidates x
                                    JOIN instances i ON i.id = x.instance_id WHERE i.run_id = ?1), -1))""",
        (run_id,),
    )
    return int(position)


def seed_id(seed: NewSeed) -> str:
    """Return the hash of a seed's content, its identity in the store."""
    return _seed_id(seed, seed.kind, seed.is_classification)


def _seed_id(seed: NewSeed, kind: Kind, is_classification: bool) -> str:
    context = (seed.context,) if seed.context else ()
    texts = (seed.instruction, seed.input, seed.output)
    return digest("seed", kind, *texts, int(is_classification), *context)


def set_seeds(c: Connection, run_id: str, seeds: Sequence[NewSeed]) -> list[str]:
    """Give a run its seeds, in order, in place of those it had; equal ones count once. Returns ids."""
    rows = {seed_id(seed): seed for seed in seeds}
    c.executemany(
        _ADD_SEED,
        [{"id": key, **values_of(seed)} for key, seed in rows.items()],
    )
    for seed in rows.values():
        _save_references(c, seed, seed.source)
    c.execute("DELETE FROM run_seeds WHERE run_id = ?", (run_id,))
    c.executemany(
        "INSERT INTO run_seeds (run_id, seed_id, position) VALUES (?, ?, ?)",
        [(run_id, key, position) for position, key in enumerate(rows)],
    )
    return list(rows)


def seeds_of(c: Connection, run_id: str) -> list[SeedRow]:
    """Return a run's seeds in their order."""
    sql = f"""SELECT {_SEED} FROM seed_tasks JOIN (SELECT seed_id, position FROM run_seeds WHERE run_id = ?)
              ON id = seed_id ORDER BY position"""
    return list(build_all(SeedRow, c.execute(sql, (run_id,))))


@dataclass(slots=True)
class ImportedSeeds:
    """What an import of seed tasks brought: the run that holds the new ones, None without any; how many are
    new, how many of these are kind A, how many an import brought before, and references that are new."""

    run: RunRow | None = None
    new: int = 0
    of_a: int = 0
    there: int = 0
    references: int = 0


def import_seeds(c: Connection, seeds: Iterable[NewSeed], source: str) -> ImportedSeeds:
    """Store the seeds that no import brought before, one by one: they may be more than fit into memory.

    The texts of an earlier import are the same seed, whatever their kind. `source` names the file.
    """
    done = ImportedSeeds()
    imports = [run.id for run in _imports(c)]
    for seed in seeds:
        done.references += _save_references(c, seed, source)
        if imports and _is_imported(c, seed, imports):
            done.there += 1
            continue
        if done.run is None:
            done.run = create(c, NewRun(RUN_NAME, "{}", "", 0, 0, state=IMPORTED))
        key = seed_id(seed)
        c.execute(_ADD_SEED, {"id": key, **values_of(seed)})
        place = "INSERT OR IGNORE INTO run_seeds (run_id, seed_id, position) VALUES (?, ?, ?)"
        if not c.execute(place, (done.run.id, key, done.new)).rowcount:
            done.there += 1
            continue
        done.new += 1
        done.of_a += seed.kind == "A"
    if done.run:
        note = f"{done.of_a} of kind A and {done.new - done.of_a} of kind B from {source}"
        set_state(c, done.run.id, IMPORTED, note)
    return done


def _is_imported(c: Connection, seed: NewSeed, imports: Sequence[str]) -> bool:
    """Say whether one of these runs holds a seed of these texts, of either kind."""
    kinds: tuple[Kind, ...] = ("A", "B")
    ids = [_seed_id(seed, kind, flag) for kind in kinds for flag in (False, True)]
    marks = ", ".join("?" * len(imports))
    sql = f"SELECT 1 FROM run_seeds WHERE run_id IN ({marks}) AND seed_id IN (?, ?, ?, ?)"
    return c.execute(sql, (*imports, *ids)).fetchone() is not None


def _save_references(c: Connection, seed: NewSeed, source: str) -> int:
    if not seed.references:
        return 0
    task = pair_key(seed.instruction, seed.input, seed.context)
    return references.save(c, task, seed.references, source)


def imported_seeds(c: Connection) -> list[SeedRow]:
    """Return the imported seeds of a project, in the order they came."""
    return [seed for run in _imports(c) for seed in seeds_of(c, run.id)]


def waiting_seeds(c: Connection) -> list[SeedRow]:
    """Return the same where seeds came since the newest run that models make began; else nothing."""
    made = newest_made(c)
    newest = max((run.number for run in _imports(c)), default=0)
    return imported_seeds(c) if newest > (made.number if made else 0) else []


def _imports(c: Connection) -> list[RunRow]:
    return [run for run in all_runs(c) if (run.state, run.recipe_name) == (IMPORTED, RUN_NAME)]


def _marks(columns: str) -> str:
    """Return the named parameters for these columns."""
    return ", ".join(f":{name}" for name in columns.split(", "))
