"""What the Review screen reads: the queue, one item, progress, and what the models are asked again."""

from __future__ import annotations

import json
from array import array
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import pairwise

from app.errors import ProjectError
from app.method.terms import Fault
from app.method.turns import from_json
from app.store import decisions, fits, generated, references, runs, votes
from app.store.connection import Connection
from app.store.decisions import ANSWERS, stands
from app.store.filters import Filter, parse
from app.store.review_state import ANSWER_ACTIONS, ReviewStatus, task_key, task_of
from app.store.rows import CandidateRow, InstanceRow, Order, build_all
from app.store.views import LastDecision, QueueLine, ReviewItem, ReviewProgress, Said

_ORDERS: dict[str, str] = {
    "disagreement": "d.disagreement DESC, d.number",
    "symbols": "d.difference DESC, d.disagreement DESC, d.number",
    "threshold": "d.margin, d.number",
    "equal": "d.equal, d.number",
    "number": "d.number",
    "random": "SUBSTR(d.instance_id, 1 + :seed % 25, 8), d.number",
    "longest": "d.length DESC, d.number",
    "doubtful": "COALESCE(d.probability, 2), d.number",
    "probable": "COALESCE(d.probability, -1) DESC, d.number",
}

_DECIDED = ("accepted", "chosen", "edited", "rejected")

UNDECIDED = parse("", "undecided")
"""What Review shows first."""

_PACE_SECONDS = 20.0
"""Decisions over a shorter time say nothing about a pace: two in a second would be "120 a minute"."""
_PAUSE_SECONDS = 120.0
"""A longer gap between two decisions is a pause and does not count towards the pace."""
_FETCHED = 2_000
"""Rows taken at a time: between two takes, other threads run."""

_OWN = f"""EXISTS (SELECT 1 FROM event_items u JOIN events e ON e.seq = u.event
    WHERE u.instance_id = d.instance_id AND e.reviewer = :blind AND {ANSWERS} AND {stands()})"""
"""Whether a reviewer decided on an item of the desk."""

# An ask is open for each answerer of the run that can be asked and has not answered this attempt.
OPEN_ASKS = f"""
    FROM events e JOIN event_items a ON a.event = e.seq JOIN instances i ON i.id = a.instance_id
    JOIN {runs.ANSWERERS} p ON p.run_id = i.run_id
    WHERE e.action = 'ask' AND {stands()} AND NOT EXISTS
          (SELECT 1 FROM candidates x WHERE x.instance_id = i.id AND x.role = 'answerer'
           AND x.model = p.model AND x.attempt = e.seq)"""


@dataclass(frozen=True, slots=True)
class Ask:
    """One item to be answered again by one model; `attempt` is the event that asked.

    `instance` has instruction and input as they were when it was asked; `task` names them, empty for the
    task as it was generated.
    """

    attempt: int
    instance: InstanceRow
    task: str


def numbers(
    c: Connection,
    order: Order = "disagreement",
    wanted: Filter = UNDECIDED,
    *,
    reviewer: str = "",
    seed: int = 0,
    limit: int = -1,
) -> array[int]:
    """Return the numbers of the items that are wanted, completely sorted: undecided ones first, then what was
    put off, then what is decided; within each the order asked for. At most `limit` of them, if it is given.

    The order "symbols" begins with what is equal to the rule but for a sign, number or symbol; "doubtful" and
    "probable" go by the probability that rule learned gives, and end with what has none.

    Views: undecided: kept by the vote and not decided; dropped: the vote drops it, decided or not; aside:
    dropped before there was a vote; decided; differing: decided, and the vote says otherwise; conflicts:
    reviewers differ; unseen: not decided by `reviewer`; flagged; all: every one that has a vote. The order
    "random" is another one for each `seed` from 0 to 24.
    """
    if order not in _ORDERS:
        raise ProjectError(f"{order!r} is not a valid order.", f"Choose from {', '.join(_ORDERS)}.")
    condition, values = wanted.on_desk(reviewer, sorts=order == "disagreement")
    if order == "random":
        values["seed"] = seed
    sql = f"SELECT d.number FROM desk d WHERE {condition} ORDER BY d.turn, {_ORDERS[order]} LIMIT {limit:d}"
    cursor = c.tuples(sql, values)
    sorted_numbers: array[int] = array("q")
    while rows := cursor.fetchmany(_FETCHED):
        sorted_numbers.extend(number for (number,) in rows)
    return sorted_numbers


def count(c: Connection, wanted: Filter, reviewer: str = "") -> int:
    """Count the items that are wanted."""
    condition, values = wanted.on_desk(reviewer)
    return int(c.execute(f"SELECT COUNT(*) FROM desk d WHERE {condition}", values).fetchone()[0])


def passes(c: Connection, number: int, wanted: Filter, reviewer: str = "") -> bool:
    """Say whether one item is wanted."""
    condition, values = wanted.on_desk(reviewer)
    sql = f"SELECT 1 FROM desk d WHERE d.number = :number AND {condition}"
    return c.execute(sql, values | {"number": number}).fetchone() is not None


def lines(c: Connection, numbers: Sequence[int], blind: str = "") -> dict[int, QueueLine]:
    """Return the lines of these items for the list; to a `blind` reviewer, what others decided is open."""
    rows = c.execute(
        f"""SELECT d.number AS number, d.flagged AS flagged, d.difference = 2 AS differing,
                  CASE WHEN :blind = '' OR {_OWN} THEN d.status ELSE 'undecided' END AS status,
                  SUBSTR(COALESCE(s.instruction, t.text), 1, 200) AS instruction,
                  SUBSTR(COALESCE(s.input, i.input), 1, 200) AS input
           FROM json_each(:numbers) k JOIN desk d ON d.number = k.value
           JOIN instances i ON i.number = d.number
           JOIN instructions t ON t.id = i.instruction_id
           LEFT JOIN review_state s ON s.instance_id = i.id""",
        {"numbers": json.dumps(list(numbers)), "blind": blind},
    )
    return {line.number: line for line in build_all(QueueLine, rows)}


def id_of(c: Connection, number: int) -> str:
    """Return the id of the instance with this number. Raises ProjectError where there is none."""
    row = c.execute("SELECT id FROM instances WHERE number = ?", (number,)).fetchone()
    if row is None:
        raise ProjectError(f"There is no item #{number:04d}.", "Open the queue again.")
    return str(row["id"])


def differing(c: Connection, run_id: str | None = None) -> list[int]:
    """Return the numbers of the decided items whose vote says otherwise, in order."""
    sql = """SELECT d.number FROM desk d JOIN runs r ON r.number = d.run
             WHERE d.differs = 1 AND r.id = COALESCE(?, r.id) ORDER BY d.number"""
    return [number for (number,) in c.execute(sql, (run_id,))]


def number_of(c: Connection, instance_id: str) -> int:
    """Return the number of an instance."""
    [(number,)] = c.execute("SELECT number FROM instances WHERE id = ?", (instance_id,))
    return int(number)


def tags(c: Connection) -> list[str]:
    """Return the tags in use, the most used first."""
    sql = """SELECT t.value FROM review_state s, json_each(s.tags) t
             GROUP BY 1 ORDER BY COUNT(*) DESC, 1 LIMIT 50"""
    return [tag for (tag,) in c.execute(sql)]


def decided_before(c: Connection, reviewer: str, draw: float) -> str | None:
    """Return the id of an item that this reviewer decided by itself, by a number from 0 to 1.

    Never one of the last ten: those are still remembered. Decisions in bulk, from a file and over an item
    shown again judged nothing by itself, so they are left out; None where there is nothing else.
    """
    # The note of an event names the rule of a decision in bulk.
    own = f"e.reviewer = ? AND {ANSWERS} AND e.how = '' AND e.note = ''"
    newest = f"SELECT e.seq FROM events e WHERE {own} ORDER BY e.seq DESC LIMIT 1 OFFSET 10"
    last = c.execute(newest, (reviewer,)).fetchone()
    if last is None:
        return None
    drawn = c.execute(
        f"""SELECT i.instance_id FROM events e JOIN event_items i ON i.event = e.seq
            WHERE {own} AND {stands()} AND e.seq BETWEEN ? AND ? ORDER BY e.seq LIMIT 1""",
        (reviewer, int(last["seq"] * draw), last["seq"]),
    ).fetchone()
    return drawn["instance_id"] if drawn else None


def item_task(c: Connection, number: int) -> tuple[str, str, str]:
    """Return id, instruction and input of an item as they are now; ProjectError where there is none."""
    row = c.execute(
        """SELECT i.id AS id, COALESCE(s.instruction, t.text) AS instruction,
                  COALESCE(s.input, i.input) AS input FROM instances i
           JOIN instructions t ON t.id = i.instruction_id LEFT JOIN review_state s ON s.instance_id = i.id
           WHERE i.number = ?""",
        (number,),
    ).fetchone()
    if row is None:
        raise ProjectError(f"There is no item #{number:04d}.", "Open the queue again.")
    return row["id"], row["instruction"], row["input"]


def decided_ids(c: Connection) -> set[str]:
    """Return the ids of the decided items."""
    return {key for (key,) in c.execute("SELECT instance_id FROM desk WHERE turn = 2")}


def decided_answers(c: Connection, numbers: Sequence[int]) -> dict[int, tuple[ReviewStatus, str]]:
    """Map those of these items that are decided to their status and the answer taken (foreign; may be "")."""
    sql = """SELECT d.number, d.status, COALESCE(s.text, x.output, '') FROM json_each(?) k
             JOIN desk d ON d.number = k.value JOIN review_state s ON s.instance_id = d.instance_id
             LEFT JOIN candidates x ON x.id = s.candidate_id WHERE d.turn = 2"""
    rows = c.tuples(sql, (json.dumps(list(numbers)),))
    return {number: (status, answer) for number, status, answer in rows}


def item(c: Connection, instance_id: str) -> ReviewItem:
    """Return everything there is to show of one instance. Raises ProjectError where there is none."""
    row = c.execute(
        f"""SELECT i.number AS number, r.number AS run_number, t.kind AS kind, t.text AS instruction,
                  i.input AS input, i.context AS context, {runs.ALL_VOTE} AS all_vote FROM instances i
           JOIN instructions t ON t.id = i.instruction_id JOIN runs r ON r.id = i.run_id
           WHERE i.id = ?""",
        (instance_id,),
    ).fetchone()
    if row is None:
        raise ProjectError("The item is not in this project.", "Open the queue again.")
    state = decisions.state_of(c, instance_id)
    candidates = tuple(generated.candidates_of(c, instance_id))
    vote = votes.current_vote(c, instance_id)
    instruction = row["instruction"] if state.instruction is None else state.instruction
    input = row["input"] if state.input is None else state.input
    voted = next((candidate for candidate in candidates if vote and candidate.id in vote.candidates), None)
    return ReviewItem(
        instance_id=instance_id,
        number=row["number"],
        run_number=row["run_number"],
        kind=row["kind"],
        instruction=instruction,
        input=input,
        candidates=candidates,
        vote=vote,
        state=state,
        last=_last(c, "i.instance_id = ?", instance_id),
        thoughts=generated.thoughts_of(c, instance_id),
        faults=_faults(instruction, input, candidates),
        stale=voted is not None and voted.task != state.task,
        waiting=is_waiting(c, instance_id),
        turns=from_json(row["context"]),
        references=references.of_instance(c, instance_id) if state.status in _DECIDED else (),
        all_vote=bool(row["all_vote"]),
        weights=None if vote is None or vote.fit is None else fits.weights_of(c, vote.fit),
        said=_said(c, instance_id) if state.conflict else (),
    )


def _said(c: Connection, instance_id: str) -> tuple[Said, ...]:
    """Return what each reviewer decided last on an item, since a conflict was settled last."""
    rows = c.execute(
        f"""SELECT e.reviewer AS reviewer, e.at AS at, e.action AS action, e.how AS how,
                   COALESCE(i.text, '') AS text, 1 + x.position - (SELECT MIN(position) FROM candidates
                   WHERE instance_id = i.instance_id) AS candidate,
                   COALESCE((SELECT k.text FROM event_items k JOIN events n ON n.seq = k.event
                             WHERE k.instance_id = i.instance_id AND n.reviewer = e.reviewer
                             AND n.action = 'note' AND {stands(of="n")}
                             ORDER BY n.seq DESC LIMIT 1), '') AS note
            FROM event_items i JOIN events e ON e.seq = i.event
            LEFT JOIN candidates x ON x.id = i.candidate_id
            WHERE i.instance_id = ? AND e.how <> 'again' AND ({ANSWERS} OR e.action = 'later') AND {stands()}
            ORDER BY e.seq""",
        (instance_id,),
    )
    said: dict[str, Said] = {}
    for row in map(dict, rows):
        if row.pop("how") == "settle":
            said.clear()
        said.pop(row["reviewer"], None)
        if row["action"] != "later":
            said[row["reviewer"]] = Said(**row)
    return tuple(said.values())


def has_decided(c: Connection, reviewer: str, instance_id: str) -> bool:
    """Say whether a reviewer's own decision on an item stands."""
    own = decisions.own_answers(c, reviewer, [instance_id]).get(instance_id)
    return own is not None and own[0] in ANSWER_ACTIONS


def _faults(instruction: str, input: str, candidates: Sequence[CandidateRow]) -> dict[str, Sequence[Fault]]:
    """Map the candidates that count to what looks wrong with them, those with nothing left out."""
    from app.method.faults import Row, faults  # compiles its patterns, which nobody needs before

    found = {
        candidate.id: faults(Row(instruction, input, candidate.output, candidate.cut))
        for candidate in candidates
        if not candidate.reason
    }
    return {key: names for key, names in found.items() if names}


def progress(c: Connection, reviewer: str) -> ReviewProgress:
    """Return how far review is: counts over the whole project, pace and last decision of `reviewer`."""
    decided, overrides = c.execute(
        f"SELECT COUNT(*), COALESCE(SUM(override), 0) FROM desk WHERE turn = 2 AND run NOT IN {runs.HIDDEN}"
    ).fetchone()
    [(conflicts,)] = c.execute(f"SELECT COUNT(*) FROM desk WHERE conflict = 1 AND run NOT IN {runs.HIDDEN}")
    [(hidden,)] = c.execute("SELECT COUNT(*) FROM runs WHERE hidden = 1")
    return ReviewProgress(
        decided=decided,
        left=left(c),
        overrides=overrides,
        last=_last(c, "e.reviewer = ?", reviewer),
        per_minute=_per_minute(c, reviewer),
        conflicts=conflicts,
        dropped=_voted(c, "dropped"),
        hidden=hidden,
    )


def left(c: Connection) -> int:
    """Count the items of the view "undecided": kept by the vote, less those that are decided."""
    [(decided,)] = c.execute(
        f"""SELECT COUNT(*) FROM desk WHERE turn = 2 AND keep = 1 AND aside = 0
            AND run NOT IN {runs.HIDDEN}"""
    )
    return _voted(c, "kept") - int(decided)


def _voted(c: Connection, status: str) -> int:
    """Count the items that the vote kept, or dropped."""
    [(count,)] = c.execute(
        """SELECT COALESCE(SUM(count), 0) FROM counted n JOIN runs r ON r.id = n.run_id
           WHERE r.hidden = 0 AND stage = 'votes' AND status = ?""",
        (status,),
    )
    return int(count)


def _last(c: Connection, condition: str, value: str) -> LastDecision | None:
    """Return the newest standing decision of an instance or a reviewer."""
    # In two steps: a decision in bulk has more items than can be sorted every time.
    newest = c.execute(
        f"""SELECT e.seq, e.reviewer, e.at, e.action, i.instance_id FROM events e JOIN event_items i
            ON i.event = e.seq WHERE {condition} AND e.target IS NULL AND {stands()}
            ORDER BY e.seq DESC LIMIT 1""",
        (value,),
    ).fetchone()
    if newest is None:
        return None
    seq, reviewer, at, action, instance = newest
    [(items,)] = c.execute("SELECT COUNT(*) FROM event_items WHERE event = ?", (seq,))
    number, position = c.execute(
        """SELECT n.number, 1 + x.position - (SELECT MIN(position) FROM candidates WHERE instance_id = n.id)
           FROM instances n
           LEFT JOIN event_items i ON i.event = ? AND i.instance_id = n.id
           LEFT JOIN candidates x ON x.id = i.candidate_id WHERE n.id = ?""",
        (seq, instance),
    ).fetchone()
    return LastDecision(seq, reviewer, at, action, number, position, items)


def _per_minute(c: Connection, reviewer: str) -> float | None:
    """Measure the pace over the last twenty decisions without a pause between them; None for too few."""
    sql = "SELECT at FROM events WHERE reviewer = ? AND target IS NULL ORDER BY seq DESC LIMIT 20"
    times = [datetime.fromisoformat(at).timestamp() for (at,) in c.execute(sql, (reviewer,))]
    gaps: list[float] = []
    for newer, older in pairwise(times):
        # A clock set back makes a negative gap: no pace can be read across it.
        if not 0 <= newer - older <= _PAUSE_SECONDS:
            break
        gaps.append(newer - older)
    return 60.0 * len(gaps) / sum(gaps) if sum(gaps) >= _PACE_SECONDS else None


# ---- asking the models again ---------------------------------------------------------------------


def refusal(c: Connection, instance_id: str) -> str:
    """Say why no model can be asked about an item again; empty where one can."""
    newest = runs.newest_made(c)
    run = generated.instance(c, instance_id).run_id
    if newest is None or run != newest.id:
        return "Only items of the newest run that models made can be asked again."
    answerers = f"SELECT EXISTS (SELECT 1 FROM {runs.ANSWERERS} WHERE run_id = ?)"
    return (
        ""
        if c.execute(answerers, (run,)).fetchone()[0]
        else "The run of this item has no model that answers."
    )


def is_waiting(c: Connection, instance_id: str) -> bool:
    """Say whether an item waits for a further answer."""
    sql = f"SELECT EXISTS (SELECT 1 {OPEN_ASKS} AND i.id = ?)"
    return bool(c.execute(sql, (instance_id,)).fetchone()[0])


def waiting(c: Connection, run_id: str | None = None) -> int:
    """Count the items that wait for further answers, of a run or of the project."""
    sql = f"SELECT COUNT(DISTINCT i.id) {OPEN_ASKS} AND i.run_id = COALESCE(?, i.run_id)"
    return int(c.execute(sql, (run_id,)).fetchone()[0])


def of_model(c: Connection, run_id: str, model: str) -> list[Ask]:
    """Return what one answerer of a run is still asked, in the order it was asked."""
    rows = c.execute(
        f"SELECT e.seq, i.id, a.text {OPEN_ASKS} AND i.run_id = ? AND p.model = ? ORDER BY e.seq, i.number",
        (run_id, model),
    ).fetchall()
    return [_ask(c, attempt, key, changed) for attempt, key, changed in rows]


def _ask(c: Connection, attempt: int, key: str, changed: str | None) -> Ask:
    instance = generated.instance(c, key)
    if changed is None:
        return Ask(attempt, instance, "")
    instruction, input = task_of(changed)
    return Ask(attempt, replace(instance, instruction=instruction, input=input), task_key(instruction, input))


def free_position(c: Connection, instance_id: str, wanted: int | None) -> int:
    """Return the position that is wanted if no candidate of the item has it, else the next one behind all."""
    sql = "SELECT 1 FROM candidates WHERE instance_id = ? AND position = ?"
    taken = wanted is None or c.execute(sql, (instance_id, wanted)).fetchone() is not None
    return next_position(c, instance_id) if wanted is None or taken else wanted


def next_position(c: Connection, instance_id: str) -> int:
    """Return the first position behind all candidates of an item and all models of its run."""
    [(position,)] = c.execute(
        """SELECT 1 + MAX(COALESCE((SELECT MAX(position) FROM candidates WHERE instance_id = i.id), 0),
                          COALESCE((SELECT MAX(position) FROM run_models WHERE run_id = i.run_id), 0))
           FROM instances i WHERE i.id = ?""",
        (instance_id,),
    )
    return int(position)
