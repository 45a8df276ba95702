"""Runs, their models and their seeds, imported seed tasks included. Inside the caller's transaction.

Each import of seed tasks is a run of its own, in which no model takes part.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, astuple, fields, replace

from app.errors import ProjectError
from app.method.terms import Role
from app.store.connection import Connection
from app.store.rows import ModelRow, NewRun, NewRunModel, NewSeed, RunModelRow, RunRow, SeedRow
from app.store.text import digest, now, storable

IMPORTED = "imported"
"""The state of a run whose candidates came from a file: no model is asked, it has no recipe."""
ANSWERERS = """(SELECT p.run_id, p.model FROM run_models p JOIN models m ON m.fingerprint = p.model
                 WHERE p.role = 'answerer' AND m.path <> '')"""
"""The answerers of every run that can be asked, as ModelRow.can_be_asked says."""
ENDED_STATES = frozenset(("done", "failed", "stopped", IMPORTED))

_RUN = ", ".join(field.name for field in fields(RunRow))
_SEED = ", ".join(field.name for field in fields(SeedRow))


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
    c.execute(f"INSERT INTO runs ({_RUN}) VALUES ({_marks(11)})", astuple(row))
    for part in run.models:
        add_part(c, row.id, part)
    return row


def get(c: Connection, number: int | None = None) -> RunRow:
    """Return the run of that number, or the latest. Raises ProjectError where there is none."""
    found = find(c, number)
    if found is None:
        if number is None:
            raise ProjectError("The project has no run yet.", "Start one with `quorum run`.")
        raise ProjectError(f"The project has no run {number}.", "`quorum status` lists its runs.")
    return found


def find(c: Connection, number: int | None = None) -> RunRow | None:
    """Return the run of that number, or the latest; None where there is none."""
    sql = f"SELECT {_RUN} FROM runs WHERE number = COALESCE(?, (SELECT MAX(number) FROM runs))"
    row = c.execute(sql, (number,)).fetchone()
    return RunRow(*row) if row else None


def newest_made(c: Connection) -> RunRow | None:
    """Return the newest run that models make or made, the one that can go on; None without one."""
    sql = f"SELECT {_RUN} FROM runs WHERE state <> ? ORDER BY number DESC LIMIT 1"
    row = c.execute(sql, (IMPORTED,)).fetchone()
    return RunRow(*row) if row else None


def all_runs(c: Connection) -> list[RunRow]:
    """Return every run in order of number."""
    return [RunRow(*row) for row in c.execute(f"SELECT {_RUN} FROM runs ORDER BY number")]


def set_state(c: Connection, run_id: str, state: str, note: str = "") -> None:
    """Say where a run stands; a state in which nothing goes on sets `finished_at`, others clear it."""
    finished = now() if state in ENDED_STATES else None
    c.execute(
        "UPDATE runs SET state = ?, note = ?, finished_at = ? WHERE id = ?",
        (str(state), note, finished, run_id),
    )


def set_recipe(c: Connection, run_id: str, recipe_json: str) -> None:
    """Change what stands in the place of a recipe in a run that has none."""
    c.execute("UPDATE runs SET recipe_json = ? WHERE id = ?", (recipe_json, run_id))


def set_target(c: Connection, run_id: str, target: int) -> None:
    """Change how many kept instructions a run aims at."""
    c.execute("UPDATE runs SET target = ? WHERE id = ?", (target, run_id))


def add_model(c: Connection, model: ModelRow) -> None:
    """Store a model; one that is known by its fingerprint gets the present name and path."""
    values = asdict(model)
    columns = ", ".join(values)
    updates = ", ".join(f"{name} = excluded.{name}" for name in values if name != "fingerprint")
    c.execute(
        f"INSERT INTO models ({columns}) VALUES ({_marks(len(values))}) "
        f"ON CONFLICT (fingerprint) DO UPDATE SET {updates}",
        tuple(values.values()),
    )


def run_models(c: Connection, run_id: str) -> list[RunModelRow]:
    """Return a run's models in order of position."""
    sql = """SELECT m.fingerprint, m.name, m.path, m.size, m.architecture, m.quantisation, m.license,
                    r.role, r.style, r.position
             FROM run_models r JOIN models m ON m.fingerprint = r.model
             WHERE r.run_id = ? ORDER BY r.position"""
    return [RunModelRow(ModelRow(*row[:7]), *row[7:]) for row in map(tuple, c.execute(sql, (run_id,)))]


def add_part(c: Connection, run_id: str, part: NewRunModel) -> None:
    """Let one more model take part in a run; it must have been added before."""
    c.execute(
        "INSERT INTO run_models (run_id, model, role, style, position) VALUES (?, ?, ?, ?, ?)",
        (run_id, part.model, part.role, part.style, part.position),
    )


def remove_part(c: Connection, run_id: str, model: str, role: Role) -> None:
    """Let a model take part in a run no more; what it wrote stays stored and counts in no later vote."""
    sql = "DELETE FROM run_models WHERE run_id = ? AND model = ? AND role = ?"
    c.execute(sql, (run_id, model, role))


def position_of(c: Connection, run_id: str, model: str, role: Role) -> int:
    """Return the position of a model that takes part in a run."""
    sql = "SELECT position FROM run_models WHERE run_id = ? AND model = ? AND role = ?"
    return int(c.execute(sql, (run_id, model, role)).fetchone()[0])


def next_position(c: Connection, run_id: str) -> int:
    """Return the first position behind all that models of a run have, or had when they answered."""
    row = c.execute(
        """SELECT 1 + MAX(COALESCE((SELECT MAX(position) FROM run_models WHERE run_id = ?1), -1),
                          COALESCE((SELECT MAX(x.position) FROM candidates x
                                    JOIN instances i ON i.id = x.instance_id WHERE i.run_id = ?1), -1))""",
        (run_id,),
    ).fetchone()
    return int(row[0])


def seed_id(seed: NewSeed) -> str:
    """Return the hash of a seed's content, its identity in the store."""
    return digest("seed", seed.kind, seed.instruction, seed.input, seed.output, int(seed.is_classification))


def set_seeds(c: Connection, run_id: str, seeds: Sequence[NewSeed]) -> list[str]:
    """Give a run its seeds, in order, in place of those it had; equal ones count once. Returns ids."""
    rows = {seed_id(seed): seed for seed in seeds}
    c.executemany(
        f"INSERT OR IGNORE INTO seed_tasks ({_SEED}) VALUES ({_marks(8)})",
        [(key, *astuple(seed)) for key, seed in rows.items()],
    )
    c.execute("DELETE FROM run_seeds WHERE run_id = ?", (run_id,))
    c.executemany(
        "INSERT INTO run_seeds (run_id, seed_id, position) VALUES (?, ?, ?)",
        [(run_id, key, position) for position, key in enumerate(rows)],
    )
    return list(rows)


def seeds_of(c: Connection, run_id: str) -> list[SeedRow]:
    """Return a run's seeds in their order."""
    columns = ", ".join(f"s.{name}" for name in _SEED.split(", "))
    sql = f"""SELECT {columns} FROM run_seeds r JOIN seed_tasks s ON s.id = r.seed_id
              WHERE r.run_id = ? ORDER BY r.position"""
    found = [SeedRow(*row) for row in c.execute(sql, (run_id,))]
    return [replace(seed, is_classification=bool(seed.is_classification)) for seed in found]


def _marks(count: int) -> str:
    return ", ".join("?" * count)


RUN_NAME = "seed tasks"
"""What stands where other runs name their recipe."""


def save(c: Connection, seeds: Sequence[NewSeed], source: str) -> tuple[RunRow | None, list[NewSeed]]:
    """Store the seeds that no import brought before; return their run, None without any, and them.

    The same texts are the same seed, whatever their kind. `source` names the file.
    """
    there = {(one.instruction, one.input, one.output) for one in everything(c)}
    new: dict[tuple[str, ...], NewSeed] = {}
    for seed in seeds:
        texts = (storable(seed.instruction), storable(seed.input), storable(seed.output))
        if texts not in there:
            new.setdefault(texts, seed)
    if not new:
        return None, []
    run = create(c, NewRun(RUN_NAME, "{}", "", 0, 0, state=IMPORTED))
    set_seeds(c, run.id, list(new.values()))
    of_a = sum(seed.kind == "A" for seed in new.values())
    set_state(c, run.id, IMPORTED, f"{of_a} of kind A and {len(new) - of_a} of kind B from {source}")
    return run, list(new.values())


def everything(c: Connection) -> list[SeedRow]:
    """Return the imported seeds of a project, in the order they came."""
    return [seed for run in _imports(c) for seed in seeds_of(c, run.id)]


def waiting(c: Connection) -> list[SeedRow]:
    """Return the same where seeds came since the newest run that models make began; else nothing."""
    made = newest_made(c)
    newest = max((run.number for run in _imports(c)), default=0)
    return everything(c) if newest > (made.number if made else 0) else []


def _imports(c: Connection) -> list[RunRow]:
    return [run for run in all_runs(c) if (run.state, run.recipe_name) == (IMPORTED, RUN_NAME)]
