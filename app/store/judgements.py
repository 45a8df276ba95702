"""Judgements: which answers a person holds right, of items that were drawn at random and shown blind.

A judgement is an event in a log that is only added to; undo takes it back, redo brings it back. It is about
one item: whether its task is valid and its input fits, and of each answer whether it is right. Answers that
say the same are judged once; what is said of one is stored for all of them. Judgements that were imported
belong to no drawing and are not known to be blind.
"""

from __future__ import annotations

import json
import random
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from operator import itemgetter
from typing import Any, NamedTuple

from app.errors import ProjectError
from app.method.judging import GUIDELINE, Said, equal_groups
from app.method.terms import Kind
from app.method.turns import Turn, from_json
from app.store import drawings
from app.store.connection import Connection
from app.store.decisions import stands
from app.store.drawings import Drawing
from app.store.filters import Filter
from app.store.rows import first
from app.store.text import now

_STANDS = stands("judgements")
_OWN = "e.action = 'judge' AND e.drawing = ?1 AND e.reviewer = ?2"
_SAID = """SELECT e.seq, e.instance_id, e.reviewer, e.at, e.drawing, e.guideline, e.task, e.input, e.note
           FROM judgements e"""
_AT_ONCE = 1_000
"""Judgements whose answers are read together."""
_POPULATION = "FROM desk d WHERE d.voted = 1 AND d.aside = 0 AND d.stale = 0 AND ({condition})"
_ANSWERS = """FROM instances i JOIN candidates c ON c.instance_id = i.id
    JOIN run_models r ON r.run_id = i.run_id AND r.role = c.role AND r.model = c.model
    JOIN models m ON m.fingerprint = c.model
    LEFT JOIN review_state s ON s.instance_id = i.id
    WHERE c.reason = '' AND c.task = COALESCE(s.task, '')"""


@dataclass(frozen=True, slots=True)
class Guideline:
    """What counts as right in a project, as its user wrote it (Markdown); number 0 is the one that ships."""

    number: int
    reviewer: str
    at: str
    text: str


@dataclass(frozen=True, slots=True)
class ToJudge:
    """An item as its judge may see it: the task as it reads now, and its answers without whose they are.

    `outputs` maps candidate ids to texts (foreign). There is no vote here, and no model.
    """

    instance_id: str
    number: int
    kind: Kind
    instruction: str
    input: str
    turns: tuple[Turn, ...]
    outputs: Mapping[str, str]


class JudgedAnswer(NamedTuple):
    """An answer and whose it is, for what no judge sees; `model` is a name, foreign as `output`."""

    id: str
    model: str
    output: str
    position: int


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a person says of an item: `task` valid, `input` fits (None: nobody said), and of each answer.

    `answers` maps the id of a candidate to what is said of it and of all that say the same.
    """

    task: bool | None
    input: bool | None
    answers: Mapping[str, Said]
    note: str = ""


@dataclass(frozen=True, slots=True)
class Judgement:
    """A verdict that stands, with who gave it and when; `drawing` is None for one that was imported."""

    seq: int
    instance_id: str
    reviewer: str
    at: str
    drawing: str | None
    guideline: int | None
    verdict: Verdict

    @property
    def imported(self) -> bool:
        """Whether it came from a file: not drawn here, and not known to be blind."""
        return self.drawing is None


@dataclass(frozen=True, slots=True)
class JudgementEntry:
    """An event of the log: who judged which item (its `number`), or took which event back (`target`).

    `right` of `answers` candidates are held right; `how` is "import" where it came from a file.
    """

    seq: int
    at: str
    reviewer: str
    action: str
    target: int | None
    number: int
    how: str
    task: bool | None
    input: bool | None
    right: int
    answers: int
    note: str


# ---- the guideline -------------------------------------------------------------------------------


def guideline(c: Connection) -> Guideline:
    """Return the newest guideline of the project, else the one that ships."""
    stored = first(
        Guideline, c.execute("SELECT number, reviewer, at, text FROM guidelines ORDER BY number DESC LIMIT 1")
    )
    return stored or Guideline(0, "", "", GUIDELINE)


def save_guideline(c: Connection, reviewer: str, text: str) -> int:
    """Store a new version of the guideline and return its number; earlier ones stay in the log.

    A text that is the present one makes no version. Raises ProjectError for an empty one.
    """
    if not text.strip():
        raise ProjectError("A guideline cannot be empty.", "Say what counts as right, or leave it as it is.")
    present = guideline(c)
    if present.text == text:
        return present.number
    written = c.execute(
        "INSERT INTO guidelines (reviewer, at, text) VALUES (?, ?, ?)", (reviewer, now(), text)
    )
    return int(written.lastrowid or 0)


# ---- drawing -------------------------------------------------------------------------------------


def draw(
    c: Connection, reviewer: str, size: int = 30, wanted: Filter | None = None, seed: int | None = None
) -> Drawing:
    """Draw `size` items uniformly from all voted ones, or from those of a filter, and store the drawing.

    What was drawn from the same filter before is not drawn again, so that several drawings together are one
    larger one. Without a seed one is drawn; it is stored. Raises ProjectError where nothing is left.
    """
    wanted = wanted or Filter()
    population, left = _to_draw(c, reviewer, wanted)
    if not left:
        raise ProjectError(*_nothing_left(wanted, bool(population)))
    seed = random.SystemRandom().getrandbits(32) if seed is None else seed
    chosen = random.Random(seed).sample(left, min(size, len(left)))
    return drawings.save(
        c,
        "judge",
        reviewer,
        [(key, "") for key in chosen],
        chosen=str(wanted),
        seed=seed,
        population=len(population),
    )


def left_to_draw(c: Connection, reviewer: str, wanted: Filter) -> int:
    """Return how many items another drawing from the same filter could be of."""
    return len(_to_draw(c, reviewer, wanted)[1])


def _to_draw(c: Connection, reviewer: str, wanted: Filter) -> tuple[list[str], list[str]]:
    """Return the items that meet a filter, and those of them that were never drawn from it."""
    condition, values = wanted.on_desk(reviewer)
    rows = c.tuples(f"SELECT d.instance_id {_POPULATION.format(condition=condition)}", values)
    population = [key for (key,) in rows]
    earlier = set(drawings.ever_drawn(c, "judge", str(wanted)))
    # Sorted, so that a seed draws the same whatever the order of rows in the file.
    return population, sorted(key for key in population if key not in earlier)


def _nothing_left(wanted: Filter, drawn_all: bool) -> tuple[str, str]:
    if drawn_all:
        return "Every item has been drawn already.", "See the report card, or make more data."
    if wanted.terms:
        return "No voted item meets the filter.", "Draw from another filter, or from all."
    return "There is nothing to judge yet.", "Make a run, or import candidates; hidden runs do not count."


def current_drawing(c: Connection, chosen: str | None = None) -> Drawing | None:
    """Return the newest drawing of items to judge, from a filter if one is given."""
    return drawings.newest(c, "judge", chosen)


def judged_of(c: Connection, drawing_id: str, reviewer: str) -> set[str]:
    """Return the items of a drawing that a reviewer has judged there."""
    sql = f"SELECT e.instance_id FROM judgements e WHERE {_OWN} AND {_STANDS}"
    return {key for (key,) in c.tuples(sql, (drawing_id, reviewer))}


def to_judge(c: Connection, instance_id: str) -> ToJudge:
    """Return an item as it is judged, with all its answers to the task as it reads now."""
    [row] = c.execute(
        """SELECT i.number, t.kind, COALESCE(s.instruction, t.text), COALESCE(s.input, i.input), i.context
           FROM instances i JOIN instructions t ON t.id = i.instruction_id
           LEFT JOIN review_state s ON s.instance_id = i.id WHERE i.id = ?""",
        (instance_id,),
    )
    number, kind, instruction, given, context = row
    outputs = outputs_of(c, [instance_id]).get(instance_id, {})
    return ToJudge(instance_id, number, kind, instruction, given, from_json(context), outputs)


def outputs_of(c: Connection, instances: Collection[str]) -> dict[str, dict[str, str]]:
    """Map instances to the texts of their answers by candidate id, in order of position (foreign)."""
    return {key: {one.id: one.output for one in held} for key, held in answers_of(c, instances).items()}


def answers_of(c: Connection, instances: Collection[str]) -> dict[str, list[JudgedAnswer]]:
    """Map instances to their answers that take part in a vote, with whose they are, in order of position."""
    sql = f"""SELECT i.id, c.id, m.name, c.output, c.position {_ANSWERS}
              AND i.id IN (SELECT value FROM json_each(?)) ORDER BY i.id, c.position"""
    rows = c.tuples(sql, (json.dumps(list(instances)),))
    return {
        key: [JudgedAnswer(*answer) for _, *answer in group]
        for key, group in groupby(rows, key=itemgetter(0))
    }


@dataclass(frozen=True, slots=True)
class TaskOf:
    """The texts by which an item is known in other projects, as it was generated (foreign)."""

    instruction: str
    input: str
    turns: tuple[Turn, ...]


def to_export(c: Connection) -> Iterator[tuple[TaskOf, Judgement, list[JudgedAnswer]]]:
    """Yield what stands, each with the texts by which its item is known, and its answers."""
    said = standing(c)
    for at in range(0, len(said), _AT_ONCE):
        chunk = said[at : at + _AT_ONCE]
        keys = [judgement.instance_id for judgement in chunk]
        tasks = c.tuples(
            """SELECT i.id, t.text, i.input, i.context
               FROM instances i JOIN instructions t ON t.id = i.instruction_id
               WHERE i.id IN (SELECT value FROM json_each(?))""",
            (json.dumps(keys),),
        )
        task_of = {
            key: TaskOf(instruction, given, from_json(context)) for key, instruction, given, context in tasks
        }
        answers = answers_of(c, keys)
        for judgement in chunk:
            yield task_of[judgement.instance_id], judgement, answers.get(judgement.instance_id, [])


# ---- judging -------------------------------------------------------------------------------------


def judge(c: Connection, reviewer: str, instance_id: str, verdict: Verdict, drawing: str) -> int:
    """Write what a reviewer says of a drawn item into the log; return the event's number.

    Raises ProjectError, and stores nothing, for an answer that is not the item's.
    """
    outputs = outputs_of(c, [instance_id]).get(instance_id, {})
    return record(c, reviewer, instance_id, verdict, outputs, drawing=drawing)


def record(
    c: Connection,
    reviewer: str,
    instance_id: str,
    verdict: Verdict,
    outputs: Mapping[str, str],
    *,
    drawing: str | None = None,
) -> int:
    """Write a verdict on an item with these answers (`outputs_of`) into the log; without a drawing it counts
    as imported."""
    spread = replace(verdict, answers=for_all_equal(verdict.answers, outputs))
    return record_each(c, [(reviewer, instance_id, spread)], drawing=drawing)


def record_each(
    c: Connection, given: Sequence[tuple[str, str, Verdict]], *, drawing: str | None = None
) -> int:
    """Write verdicts, each with its reviewer and item and said for all equal answers; return the last one's
    number."""
    [(last,)] = c.tuples("SELECT COALESCE(MAX(seq), 0) FROM judgements")
    at, number, how = now(), guideline(c).number or None, "" if drawing else "import"
    numbered = list(enumerate(given, start=last + 1))
    c.executemany(
        """INSERT INTO judgements
           (seq, reviewer, at, action, drawing, instance_id, task, input, guideline, how, note) VALUES
           (?, ?, ?, 'judge', ?, ?, ?, ?, ?, ?, ?)""",
        [
            (seq, reviewer, at, drawing, key, verdict.task, verdict.input, number, how, verdict.note)
            for seq, (reviewer, key, verdict) in numbered
        ],
    )
    c.executemany(
        "INSERT INTO judged_answers (judgement, candidate_id, is_right, grade) VALUES (?, ?, ?, ?)",
        [
            (seq, key, said.is_right, said.grade)
            for seq, (_, _, verdict) in numbered
            for key, said in verdict.answers.items()
        ],
    )
    return int(last) + len(numbered)


def for_all_equal(answers: Mapping[str, Said], outputs: Mapping[str, str]) -> dict[str, Said]:
    """Spread what is said of one answer over all that say the same.

    Raises ProjectError for an answer that is not among `outputs`.
    """
    if not answers.keys() <= outputs.keys():
        raise ProjectError("The answers of this item have changed.", "Open it again.")
    if len(answers) == len(outputs):
        return dict(answers)
    spread: dict[str, Said] = {}
    for group in equal_groups(outputs):
        said = [answers[key] for key in group if key in answers]
        if said:
            spread |= {key: answers.get(key, said[0]) for key in group}
    return spread


def undo(c: Connection, reviewer: str, drawing: str) -> Judgement | None:
    """Take back a reviewer's newest judgement of a drawing that stands, and return it; None without."""
    sql = f"SELECT e.seq FROM judgements e WHERE {_OWN} AND {_STANDS} ORDER BY e.seq DESC LIMIT 1"
    return _toggle(c, reviewer, "undo", sql, drawing)


def redo(c: Connection, reviewer: str, drawing: str) -> Judgement | None:
    """Bring back, and return, what this reviewer undid last; None if nothing was undone since."""
    # Undo goes down the log, so among what can be redone the oldest was undone last.
    sql = f"""SELECT e.seq FROM judgements e WHERE {_OWN} AND NOT {_STANDS} AND EXISTS
                (SELECT 1 FROM judgements u WHERE u.target = e.seq AND u.reviewer = ?2 AND u.seq >
                 (SELECT MAX(d.seq) FROM judgements d WHERE d.drawing = ?1 AND d.reviewer = ?2
                  AND d.action = 'judge'))
              ORDER BY e.seq LIMIT 1"""
    return _toggle(c, reviewer, "redo", sql, drawing)


def _toggle(c: Connection, reviewer: str, action: str, sql: str, drawing: str) -> Judgement | None:
    """Undo or redo the judgement that a query finds, and return it; None without."""
    found = c.execute(sql, (drawing, reviewer)).fetchone()
    if found is None:
        return None
    c.execute(
        """INSERT INTO judgements (reviewer, at, action, target, drawing, how, note)
           VALUES (?, ?, ?, ?, ?, '', '')""",
        (reviewer, now(), action, found[0], drawing),
    )
    return _built(c, c.tuples(f"{_SAID} WHERE e.seq = ?", (found[0],)).fetchall())[0]


# ---- reading -------------------------------------------------------------------------------------


def standing(c: Connection, instances: Iterable[str] | None = None) -> list[Judgement]:
    """Return what stands: for each item and reviewer the newest judgement, in the order stored.

    An imported one counts only where its reviewer has not judged the item here. Of these instances, or of
    all.
    """
    values = (None if instances is None else json.dumps(list(instances)),)
    chosen = "AND (?1 IS NULL OR e.instance_id IN (SELECT value FROM json_each(?1)))"
    rows = c.tuples(
        f"{_SAID} WHERE e.action = 'judge' {chosen} AND {_STANDS} ORDER BY e.how = '', e.seq", values
    )
    newest = {(instance, reviewer): row for row in rows for _, instance, reviewer, *_ in [row]}
    return _built(c, sorted(newest.values(), key=itemgetter(0)))


def verdicts_of(c: Connection, instances: Collection[str]) -> dict[tuple[str, str], dict[bool, Verdict]]:
    """Map (item, reviewer) of these items to the newest verdicts that stand, by whether they are imported."""
    rows = c.tuples(
        f"""{_SAID} WHERE e.instance_id IN (SELECT value FROM json_each(?)) AND e.action = 'judge'
            AND {_STANDS} ORDER BY e.seq""",
        (json.dumps(list(instances)),),
    ).fetchall()
    newest = {(row[1], row[2], row[4] is None): row for row in rows}
    found: dict[tuple[str, str], dict[bool, Verdict]] = {}
    for judgement in _built(c, list(newest.values())):
        of_one = found.setdefault((judgement.instance_id, judgement.reviewer), {})
        of_one[judgement.imported] = judgement.verdict
    return found


def _built(c: Connection, rows: Sequence[Sequence[Any]]) -> list[Judgement]:
    """Build judgements from rows of `_SAID`, with what they say of each answer."""
    answers = _answers(c, [row[0] for row in rows])
    return [
        Judgement(
            *(seq, instance, reviewer, at, drawing, number),
            Verdict(_flag(task), _flag(given), answers.get(seq, {}), note),
        )
        for seq, instance, reviewer, at, drawing, number, task, given, note in rows
    ]


def _answers(c: Connection, judged: Sequence[int]) -> dict[int, dict[str, Said]]:
    """Map judgements to what they say of each answer."""
    rows = c.tuples(
        """SELECT judgement, candidate_id, is_right, grade FROM judged_answers
           WHERE judgement IN (SELECT value FROM json_each(?)) ORDER BY judgement""",
        (json.dumps(judged),),
    )
    return {
        seq: {key: Said(_flag(right), grade) for _, key, right, grade in group}
        for seq, group in groupby(rows, key=itemgetter(0))
    }


def _flag(stored: int | None) -> bool | None:
    """SQLite has no truth values, only 0 and 1."""
    return None if stored is None else bool(stored)


def sampled(c: Connection, chosen: str = "") -> set[str]:
    """Return the items that were drawn from a filter (empty: from all voted ones) and judged there.

    They are a sample of what they were drawn from; what was judged otherwise is not.
    """
    sql = f"""SELECT DISTINCT e.instance_id FROM judgements e JOIN drawings d ON d.id = e.drawing
              WHERE e.action = 'judge' AND d.chosen = ? AND d.purpose = 'judge' AND {_STANDS}"""
    return {key for (key,) in c.tuples(sql, (chosen,))}


def entries(c: Connection, instance_id: str | None = None) -> Iterator[JudgementEntry]:
    """Yield every event of the log in order: of one item if it is given."""
    rows = c.tuples(
        """SELECT e.seq, e.at, e.reviewer, e.action, e.target, i.number, e.how, e.task, e.input,
                  (SELECT COUNT(*) FROM judged_answers a WHERE a.judgement = e.seq AND a.is_right = 1),
                  (SELECT COUNT(*) FROM judged_answers a WHERE a.judgement = e.seq), e.note
           FROM judgements e LEFT JOIN judgements j ON j.seq = e.target
           JOIN instances i ON i.id = COALESCE(e.instance_id, j.instance_id)
           WHERE ?1 IS NULL OR i.id = ?1 ORDER BY e.seq""",
        (instance_id,),
    )
    for seq, at, who, action, target, number, how, task, given, right, answers, note in rows:
        said = (_flag(task), _flag(given), right, answers, note)
        yield JudgementEntry(seq, at, who, action, target, number, how, *said)


def last_number(c: Connection) -> int:
    """Return the number of the newest event in the log of judgements, 0 without any: more means news."""
    return int(c.execute("SELECT COALESCE(MAX(seq), 0) FROM judgements").fetchone()[0])
