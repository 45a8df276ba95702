"""Items that a person asks the answerers about once more, and which of those still wait for answers."""

from __future__ import annotations

from dataclasses import dataclass, replace

from app.store import generated, runs
from app.store.connection import Connection
from app.store.decisions import STANDS
from app.store.facets import task_key, task_of
from app.store.rows import InstanceRow


@dataclass(frozen=True, slots=True)
class Ask:
    """One item to be answered again by one model; `attempt` is the event that asked.

    `instance` has instruction and input as they were when it was asked; `task` names them, empty for the
    task as it was generated.
    """

    attempt: int
    instance: InstanceRow
    task: str


# An ask is open for each answerer of the run that can be asked and has not answered this attempt.
_OPEN = f"""
    FROM events e JOIN event_items a ON a.event = e.seq JOIN instances i ON i.id = a.instance_id
    JOIN run_models p ON p.run_id = i.run_id AND p.role = 'answerer'
    JOIN models m ON m.fingerprint = p.model AND m.path <> ''
    WHERE e.action = 'ask' AND {STANDS} AND NOT EXISTS
          (SELECT 1 FROM candidates x WHERE x.instance_id = i.id AND x.role = 'answerer'
           AND x.model = p.model AND x.attempt = e.seq)"""


def refusal(c: Connection, instance_id: str) -> str:
    """Say why no model can be asked about an item again; empty where one can."""
    newest = runs.newest_made(c)
    run = generated.instance(c, instance_id).run_id
    if newest is None or run != newest.id:
        return "Only items of the newest run that models made can be asked again."
    there = """SELECT EXISTS (SELECT 1 FROM run_models p JOIN models m ON m.fingerprint = p.model
               WHERE p.run_id = ? AND p.role = 'answerer' AND m.path <> '')"""
    return "" if c.execute(there, (run,)).fetchone()[0] else "The run of this item has no model that answers."


def is_waiting(c: Connection, instance_id: str) -> bool:
    """Say whether an item waits for a further answer."""
    sql = f"SELECT EXISTS (SELECT 1 {_OPEN} AND i.id = ?)"
    return bool(c.execute(sql, (instance_id,)).fetchone()[0])


def waiting(c: Connection, run_id: str | None = None) -> int:
    """Count the items that wait for further answers, of a run or of the project."""
    sql = f"SELECT COUNT(DISTINCT i.id) {_OPEN} AND i.run_id = COALESCE(?, i.run_id)"
    return int(c.execute(sql, (run_id,)).fetchone()[0])


def of_model(c: Connection, run_id: str, model: str) -> list[Ask]:
    """Return what one answerer of a run is still asked, in the order it was asked."""
    rows = c.execute(
        f"SELECT e.seq, i.id, a.text {_OPEN} AND i.run_id = ? AND p.model = ? ORDER BY e.seq, i.number",
        (run_id, model),
    ).fetchall()
    return [_ask(c, *row) for row in rows]


def _ask(c: Connection, attempt: int, key: str, changed: str | None) -> Ask:
    instance = generated.instance(c, key)
    if changed is None:
        return Ask(attempt, instance, "")
    instruction, input = task_of(changed)
    return Ask(attempt, replace(instance, instruction=instruction, input=input), task_key(instruction, input))


def next_position(c: Connection, instance_id: str) -> int:
    """Return the first position behind all candidates of an item and all models of its run."""
    row = c.execute(
        """SELECT 1 + MAX(COALESCE((SELECT MAX(position) FROM candidates WHERE instance_id = i.id), 0),
                          COALESCE((SELECT MAX(position) FROM run_models WHERE run_id = i.run_id), 0))
           FROM instances i WHERE i.id = ?""",
        (instance_id,),
    ).fetchone()
    return int(row[0])
