"""What audits say of the rows that an export writes, with a bound and as a sentence.

There is no bound without a drawing: an audit speaks of an export by the rows that were drawn, judged, and go
out as they were seen (`app.store.audits`).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import ceil, floor

from app.errors import ProjectError
from app.export.card import counted
from app.export.request import ExportRequest
from app.export.request import request as request_for
from app.export.stream import Counts, stream
from app.method.certificate import CONFIDENCE, Bound, Population
from app.store import audits, drawings
from app.store.audits import Found, RowKey, Sample
from app.store.connection import Connection
from app.store.drawings import Drawing
from app.store.views import ExportRow

CERTAINTY = f"{100 * CONFIDENCE:g}% confidence"


@dataclass(frozen=True, slots=True)
class Going:
    """The rows of an export, and those that would be among them if no audit had found them wrong."""

    rows: tuple[RowKey, ...]
    taken: tuple[RowKey, ...]


@dataclass(frozen=True, slots=True)
class Certificate:
    """What an audit says of an export: whose it is, how it stands to the rows, and what follows."""

    drawing: Drawing
    sample: Sample
    bound: Bound

    @property
    def not_counted(self) -> int:
        """How many verdicts say nothing of these rows now."""
        return self.sample.gone + self.sample.changed + self.sample.waiting

    def more_for(self, target: float) -> int:
        """How many more verdicts are expected until this share is surely right."""
        return Population(self.bound.rows).more_for(target, self.bound)


def going_out(c: Connection, request: ExportRequest) -> Going:
    """Return what an export would write; human-written rows are not audited."""
    counts = Counts()
    plain = replace(request, provenance=False)
    rows = tuple(
        audits.key_of(taken.row) for taken in stream(c, plain, counts) if isinstance(taken.row, ExportRow)
    )
    return Going(rows, tuple(counts.taken))


def chosen_text(request: ExportRequest) -> str:
    """Write in a line which rows an export takes."""
    selection = request.selection
    parts = [
        selection.include,
        "" if selection.run is None else f"run:{selection.run}",
        str(selection.where),
        "" if request.cap is None else f"cap:{request.cap}",
    ]
    return " ".join(part for part in parts if part)


def certificate(c: Connection, drawing: Drawing, going: Going) -> Certificate:
    """Return what an audit says of these rows."""
    return _certify(drawing, audits.sample(c, drawing, going.rows, going.taken))


def record(c: Connection, before: Certificate, found: Found) -> Certificate:
    """Write down what was found of the next row; return what the audit says of the same rows now.

    Raises ProjectError where no row is left.
    """
    key = before.sample.next
    if key is None:
        raise ProjectError("Every row has been judged.", "There is nothing more to find out.")
    audits.record(c, before.drawing, key, found)
    return _certify(before.drawing, audits.again(c, before.drawing, before.sample))


def once_more(c: Connection, before: Certificate, touched: str) -> Certificate | None:
    """Return what the audit says of the same rows after a verdict on the item `touched` was undone or redone.

    None where the rows must be read again: a person decided about it, and whether it is among them may depend
    on the verdict.
    """
    same = any(key.instance_id == touched and not key.by_hand for key in before.sample.order)
    return _certify(before.drawing, audits.again(c, before.drawing, before.sample)) if same else None


def _certify(drawing: Drawing, sample: Sample) -> Certificate:
    bounds = Population(len(sample.order)).bounds(sample.verdicts, sample.mended, sample.out)
    return Certificate(drawing, sample, bounds[-1])


def certificates(c: Connection, request: ExportRequest) -> list[Certificate]:
    """Return what every audit with a verdict says of an export, oldest first; the rows are read for it.

    Nothing where the rows are there to show what is good and bad: audits ask whether all are right.
    """
    if request.form.takes not in ("answer", "pair"):
        return []
    begun = [drawing for drawing in drawings.of(c, "audit") if audits.verdicts(c, drawing)]
    if not begun:
        return []
    going = going_out(c, request)
    return [certificate(c, drawing, going) for drawing in begun]


def sentences(c: Connection, run: int | None = None) -> list[str]:
    """Say what audits found of the rows that go out of a run, or of all; nothing of one about other runs."""
    found = certificates(c, request_for("alpaca-jsonl", run=run))
    return [sentence(each) for each in found if each.bound.drawn or each.sample.gone < each.not_counted]


def sentence(found: Certificate) -> str:
    """Say in a sentence who audited, how many were drawn and right, and the bound.

    A second one says which verdicts do not count here. There is no bound where none does.
    """
    who, bound = found.drawing.reviewer, found.bound
    other = not_counted(found)
    if not bound.drawn:
        return f"Nothing is known yet from the audit of {who}: {other}." if other else ""
    wrong = f" and {bound.wrong:,} wrong, {_what_became(bound)}" if bound.wrong else ""
    said = (
        f"{who} judged {bound.drawn:,} of {counted(bound.rows, 'row')}, drawn at random and shown without "
        f"model or score, and found {bound.right:,} right{wrong}: at least {bound.least:,} of the "
        f"{bound.remaining:,} that go out are right ({at_least(bound.share_least)}), with {CERTAINTY} "
        "that holds whenever an audit stops."
    )
    return f"{said} Of this audit {other}." if other else said


def not_counted(found: Certificate) -> str:
    """Say which verdicts do not count here, and why; empty where all do."""
    sample = found.sample
    whys = []
    if sample.gone:
        whys.append(f"{sample.gone:,} about rows that are not among these")
    if sample.changed:
        whys.append(f"{sample.changed:,} about rows that read otherwise now")
    if sample.waiting:
        whys.append(f"{sample.waiting:,} until the rows that came in before them are judged")
    if not whys:
        return ""
    number = found.not_counted
    return f"{counted(number, 'judgement')} {'does' if number == 1 else 'do'} not count: {', '.join(whys)}"


def at_least(share: float) -> str:
    """Write a share that is a lower bound, never rounded up: 94.9%."""
    return f"{floor(1000 * share + 1e-9) / 10:.1f}%"


def at_most(share: float) -> str:
    """Write a share that is an upper bound, never rounded down."""
    return f"{ceil(1000 * share - 1e-9) / 10:.1f}%"


def _what_became(bound: Bound) -> str:
    """Say what became of the wrong ones."""
    out = bound.wrong - bound.mended
    parts = [f"{out:,} taken out" if bound.mended else "taken out"] if out else []
    if bound.mended:
        parts.append(f"{bound.mended:,} changed since" if out else "changed since")
    return " and ".join(parts)
