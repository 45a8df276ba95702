"""Audits: rows that go out, drawn at random, and what a person found of each; a log that is only added to.

A drawing is a seed. It puts any set of rows into an order, that of the digests of seed and row: every order
is as likely as any other, whatever the set, and the first t rows of it are drawn without replacement, each
set of t as likely as any other. So nothing has to be drawn again when the rows change. Rows that go out
before and after a change keep their order, those that went leave it, new ones and those that read otherwise
come in wherever the seed puts them (permanent random numbers; Ohlsson 1995, "Coordination of samples using
permanent random numbers"). What was found of a row counts while the row goes out and reads as it did then,
and from the beginning of the order without a gap: where a row came in between, those after it wait until it
is judged.

This holds as long as a change does not depend on what was found of single rows. Three rules guard it:

- a row that was found wrong does not go out, but stays in the set, as a wrong one. Without it the rest of the
  sample would be right by selection;
- so it does when a person rejects it afterwards, or changes it so that it goes out again: mending what was
  looked at, and nothing else, mends only the sample;
- no row can be passed over: what is hard to judge would be missing.

What it cannot guard against is a filter made to leave out what was found wrong.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from app.errors import ProjectError
from app.method.turns import Turn, to_json
from app.store import drawings, exportable
from app.store.connection import Connection
from app.store.decisions import stands
from app.store.drawings import Drawing
from app.store.rows import build_all, first
from app.store.text import digest, now
from app.store.views import ExportRow

Found = Literal["right", "wrong"]

_STANDS = stands("audits")


@dataclass(frozen=True, slots=True)
class RowKey:
    """A row that goes out: its item, and the digest of its texts; `by_hand` says that a person decided it."""

    instance_id: str
    number: int
    content: str
    by_hand: bool


@dataclass(frozen=True, slots=True)
class Verdict:
    """What stands about a row: what was found, of which texts."""

    instance_id: str
    found: Found
    content: str


@dataclass(frozen=True, slots=True)
class Sample:
    """How an audit stands to the rows that go out now.

    `order` holds these, and the wrong ones that were taken out, in the order of drawing; `verdicts` those of
    its beginning, True for right. `mended` of the wrong ones go out all the same, as a person changed them,
    and `out` further wrong ones are out already, though their verdicts wait.
    Of the other verdicts `gone` are about rows that do not go out any more, `changed` about rows that read
    otherwise now, and `waiting` count again once the rows before them are judged.
    """

    order: tuple[RowKey, ...]
    verdicts: tuple[bool, ...]
    mended: int
    out: int
    gone: int
    changed: int
    waiting: int

    @property
    def next(self) -> RowKey | None:
        """The row to judge next; None once all are judged."""
        at = len(self.verdicts)
        return self.order[at] if at < len(self.order) else None


@dataclass(frozen=True, slots=True)
class BlindRow:
    """A row as it goes out, without anything that says where its answer came from. All texts are foreign."""

    turns: tuple[Turn, ...]
    instruction: str
    input: str
    output: str


def key_of(row: ExportRow) -> RowKey:
    """Identify a row with its texts as they go out."""
    content = digest("row", row.instruction, row.input, to_json(row.turns), row.output)
    return RowKey(row.instance_id, row.number, content, row.status in ("accepted", "chosen", "edited"))


def blind(c: Connection, key: RowKey) -> BlindRow:
    """Return the texts of a row. Raises ProjectError if it has changed since its key was made."""
    row = next(exportable.numbered(c, [key.number]), None)
    if row is None or key_of(row).content != key.content:
        raise ProjectError("This row has changed meanwhile.", "Open the audit again.")
    return BlindRow(row.turns, row.instruction, row.input, row.output)


# ---- the log -------------------------------------------------------------------------------------


def drawing_of(c: Connection, reviewer: str) -> Drawing | None:
    """Return a reviewer's audit."""
    own = [drawing for drawing in drawings.of(c, "audit") if drawing.reviewer == reviewer]
    return own[-1] if own else None


def draw(c: Connection, reviewer: str, chosen: str, population: int, seed: int | None = None) -> Drawing:
    """Begin an audit of `population` rows, chosen as `chosen` says; its order follows from the seed."""
    seed = random.SystemRandom().getrandbits(32) if seed is None else seed
    return drawings.save(c, "audit", reviewer, (), chosen=chosen, seed=seed, population=population)


def record(c: Connection, drawing: Drawing, key: RowKey, found: Found) -> int:
    """Write down what was found of a row; return the number of the entry."""
    c.execute(
        """INSERT OR IGNORE INTO drawn (drawing, position, instance_id, content)
           VALUES (?1, (SELECT COUNT(*) FROM drawn WHERE drawing = ?1), ?2, ?3)""",
        (drawing.id, key.instance_id, key.content),
    )
    written = c.execute(
        """INSERT INTO audits (reviewer, at, action, drawing, instance_id, content, note)
           VALUES (?, ?, ?, ?, ?, ?, '')""",
        (drawing.reviewer, now(), found, drawing.id, key.instance_id, key.content),
    )
    return int(written.lastrowid or 0)


def undo(c: Connection, drawing: Drawing) -> str | None:
    """Take back the newest entry that stands; return its item, None where there is none."""
    sql = f"""SELECT e.seq, e.instance_id FROM audits e
              WHERE e.drawing = ? AND e.target IS NULL AND {_STANDS} ORDER BY e.seq DESC LIMIT 1"""
    return _toggle(c, drawing, "undo", sql)


def redo(c: Connection, drawing: Drawing) -> str | None:
    """Bring back what was undone last; None where nothing was undone since the last entry."""
    # Undo goes down the log, so among what can be redone the oldest was undone last.
    sql = f"""SELECT e.seq, e.instance_id FROM audits e
              WHERE e.drawing = ?1 AND e.target IS NULL AND NOT {_STANDS} AND EXISTS
                (SELECT 1 FROM audits u WHERE u.target = e.seq AND u.seq >
                 (SELECT MAX(d.seq) FROM audits d WHERE d.drawing = ?1 AND d.target IS NULL))
              ORDER BY e.seq LIMIT 1"""
    return _toggle(c, drawing, "redo", sql)


def verdicts(c: Connection, drawing: Drawing) -> dict[str, Verdict]:
    """Map the items of an audit to what stands about them: what was found last."""
    sql = f"""SELECT e.instance_id AS instance_id, e.action AS found, e.content AS content FROM audits e
              WHERE e.drawing = ? AND e.target IS NULL AND {_STANDS} ORDER BY e.seq"""
    return {verdict.instance_id: verdict for verdict in build_all(Verdict, c.execute(sql, (drawing.id,)))}


def taken_out(c: Connection) -> dict[str, set[str]]:
    """Map items to the contents that somebody found wrong: these do not go out."""
    wrong: dict[str, set[str]] = {}
    for drawing in drawings.of(c, "audit"):
        for key, verdict in verdicts(c, drawing).items():
            if verdict.found == "wrong":
                wrong.setdefault(key, set()).add(verdict.content)
    return wrong


# ---- what counts now -----------------------------------------------------------------------------


def sample(c: Connection, drawing: Drawing, rows: Iterable[RowKey], taken: Iterable[RowKey] = ()) -> Sample:
    """Say how an audit stands to `rows`, which go out now, and `taken`, which would if nobody had found them
    wrong."""
    found = verdicts(c, drawing)
    members = {key.instance_id: key for key in rows}
    for key in taken:
        if _is_out(found.get(key.instance_id), key):
            members[key.instance_id] = key
    members |= _rejected(
        c, [v for v in found.values() if v.found == "wrong" and v.instance_id not in members]
    )
    return _stand(in_order(drawing.seed, members.values()), found)


def again(c: Connection, drawing: Drawing, before: Sample) -> Sample:
    """Say how an audit stands once more was recorded about the rows it stood to before."""
    return _stand(before.order, verdicts(c, drawing))


def in_order(seed: int, rows: Iterable[RowKey]) -> tuple[RowKey, ...]:
    """Put rows into the order in which a seed draws them."""
    return tuple(sorted(rows, key=lambda key: digest(seed, key.instance_id)))


def _stand(order: tuple[RowKey, ...], found: Mapping[str, Verdict]) -> Sample:
    members = {key.instance_id: key for key in order if key.instance_id in found}
    counted: list[bool] = []
    mended = 0
    for key in order:
        verdict = found.get(key.instance_id)
        if verdict is None or not _holds(verdict, key):
            break
        counted.append(verdict.found == "right")
        mended += verdict.content != key.content
    counting = {key.instance_id for key in order[: len(counted)]}
    rest = [verdict for key, verdict in found.items() if key not in counting]
    gone = sum(verdict.instance_id not in members for verdict in rest)
    waiting = sum(
        _holds(verdict, members[verdict.instance_id]) for verdict in rest if verdict.instance_id in members
    )
    out = sum(_is_out(found.get(key.instance_id), key) for key in order[len(counted) :])
    return Sample(order, tuple(counted), mended, out, gone, len(rest) - gone - waiting, waiting)


def _holds(verdict: Verdict, key: RowKey) -> bool:
    """Whether a verdict is still about the row: as it reads, or found wrong and changed by a person since."""
    return verdict.content == key.content or (verdict.found == "wrong" and key.by_hand)


def _is_out(verdict: Verdict | None, key: RowKey) -> bool:
    """Say whether a row is out as it was found wrong just as it reads."""
    return verdict is not None and verdict.found == "wrong" and verdict.content == key.content


def _rejected(c: Connection, wrong: Sequence[Verdict]) -> dict[str, RowKey]:
    """Map those of the wrong rows that a person rejected, or that reviewers differ about, to their keys."""
    sql = """SELECT s.instance_id AS instance_id, i.number AS number, ? AS content, 1 AS by_hand
             FROM review_state s JOIN instances i ON i.id = s.instance_id
             WHERE s.instance_id = ? AND (s.status = 'rejected' OR s.conflict = 1)"""
    looked_up = (first(RowKey, c.execute(sql, (verdict.content, verdict.instance_id))) for verdict in wrong)
    return {key.instance_id: key for key in looked_up if key is not None}


def _toggle(c: Connection, drawing: Drawing, action: str, sql: str) -> str | None:
    """Undo or redo the entry that a query finds; return its item, None without."""
    entry = c.execute(sql, (drawing.id,)).fetchone()
    if entry is None:
        return None
    seq, instance_id = entry
    c.execute(
        """INSERT INTO audits (reviewer, at, action, target, drawing, content, note)
           VALUES (?, ?, ?, ?, ?, '', '')""",
        (drawing.reviewer, now(), action, seq, drawing.id),
    )
    return str(instance_id)
