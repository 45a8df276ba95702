"""Take near-duplicates out of a file of tasks: records that a known task, or an earlier record, already says.

First come, first kept, by `app.method.near`. Records are read one after the other; only what is compared of
those kept stays in memory.
"""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

from app.errors import IntakeError
from app.intake import lines
from app.intake.compared import Compared
from app.intake.lines import BadLine, Line
from app.intake.reader import Account, Progress, ignore
from app.intake.rewrite import rewritten
from app.method.near import BATCH, Near, NearTasks
from app.method.recipe_parts import NEAR_DUPLICATE, Tokeniser, TokeniserChoice
from app.method.rouge import chosen

_DEFAULT_FIELDS = 3
"""Instruction, input and earlier turns."""


@dataclass(frozen=True, slots=True)
class Ways:
    """How records are compared: by which fields (none: the task), above which ROUGE-L, by which tokeniser
    ("auto": each record by its own letters), and whether twins that differ in a sign, number or symbol are
    left out as well."""

    fields: tuple[str, ...] = ()
    threshold: float = NEAR_DUPLICATE
    tokeniser: TokeniserChoice = "auto"
    aggressive: bool = False
    delimiter: str | None = None


@dataclass(frozen=True, slots=True)
class NearLine:
    """A record that is near an earlier one: its number from 1, its text, and number and text of that.

    `nearest_file` is the file of known tasks in which that stands, empty for the file itself. `kept` says
    that it was kept, `differs` that the two differ in a sign, number or symbol. Texts are foreign.
    """

    line: int
    kept: bool
    differs: bool
    score: float
    text: str
    nearest_line: int
    nearest_file: str
    nearest: str


@dataclass(slots=True)
class DedupReport:
    """What was done: records that could be compared, how many were kept, how many of these are twins that
    differ in a sign, number or symbol, how many were compared by which tokeniser; the account of the file,
    and those of the files of known tasks."""

    account: Account
    known: dict[str, Account]
    lines: int = 0
    kept: int = 0
    twins: int = 0
    tokenisers: Counter[Tokeniser] = field(default_factory=Counter)


_Batch = list[tuple[Line, tuple[str, ...]]]
Aside = Callable[[BadLine, bytes], object]
"""Gets a record that cannot be used, with its bytes."""


def _ignored(_bad: BadLine, _raw: bytes) -> None:
    pass


def dedup(
    source: BinaryIO,
    name: str,
    out: BinaryIO,
    ways: Ways,
    *,
    against: Sequence[Path] = (),
    near: Callable[[NearLine], object] = lambda _line: None,
    aside: Aside = _ignored,
    progress: Progress = ignore,
) -> DedupReport:
    """Write every record of `source` that says something new to `out`, unchanged, in order and form.

    `against` are files of known tasks. `near` gets what is near an earlier record, `aside` what cannot be
    used (it is not written), with its bytes. `name` stands for `source` in messages. Blank lines are left out
    and not counted. Raises IntakeError for what cannot be read as a whole, or has nothing to compare.
    """
    tasks = _Tasks(ways)
    known = {str(path): tasks.learn(path) for path in against}
    compared = Compared(source, name, ways.fields, ways.delimiter)
    report = DedupReport(compared.account, known)
    target = rewritten(compared.held, name, source, out)
    for batch in _batches(compared, aside):
        for (line, _), found in zip(batch, tasks.judge(batch, report.tokenisers), strict=True):
            report.lines += 1
            if found is None or found.kept:
                report.kept += 1
                target.keep(line)
            if found:
                report.twins += found.kept
                near(found)
        progress(batch[-1][0].end)
    if compared.account.bad and not report.lines:
        first = compared.account.first_bad[0]
        raise IntakeError(
            f"{name} has nothing to compare; {first.unit} {first.line}: {first.what}.", first.hint
        )
    target.end()
    return report


class _Tasks:
    """What counts as known, with where each task stands and its text."""

    def __init__(self, ways: Ways) -> None:
        self._ways = ways
        self._near = NearTasks(len(ways.fields) or _DEFAULT_FIELDS, ways.threshold)
        self._texts: list[str] = []
        self._numbers = array("q")
        self._ends: list[tuple[int, str]] = []
        """Up to which place tasks are those of which file of known ones."""

    def learn(self, path: Path) -> Account:
        """Take in the tasks of a file without judging them."""
        with lines.opened(path) as file:
            compared = Compared(file, str(path), self._ways.fields, self._ways.delimiter)
            for batch in _batches(compared):
                with _countable():
                    self._near.add([texts for _, texts in batch], self._tokenisers(batch))
                for line, texts in batch:
                    self._note(line, texts)
        self._ends.append((len(self._texts), str(path)))
        return compared.account

    def judge(self, batch: _Batch, counts: Counter[Tokeniser]) -> list[NearLine | None]:
        """Judge records in order and take in those that are kept; counts what they are compared by."""
        tokenisers = self._tokenisers(batch)
        counts.update(tokenisers)
        with _countable():
            tasks = [texts for _, texts in batch]
            judged = self._near.judge(tasks, tokenisers, aggressive=self._ways.aggressive)
        return [self._told(line, texts, near) for (line, texts), near in zip(batch, judged, strict=True)]

    def _tokenisers(self, batch: _Batch) -> list[Tokeniser]:
        return [chosen(self._ways.tokeniser, texts) for _, texts in batch]

    def _note(self, line: Line, texts: tuple[str, ...]) -> None:
        self._texts.append(_shown(texts))
        self._numbers.append(line.number)

    def _told(self, line: Line, texts: tuple[str, ...], near: Near | None) -> NearLine | None:
        kept = near is None or (near.differs and not self._ways.aggressive)
        if kept:
            self._note(line, texts)
        if near is None:
            return None
        file = next((file for end, file in self._ends if near.place < end), "")
        known = self._numbers[near.place], file, self._texts[near.place]
        return NearLine(line.number, kept, near.differs, near.score, _shown(texts), *known)


def _shown(texts: tuple[str, ...]) -> str:
    return "\n".join(filter(str.strip, texts))


def _batches(compared: Compared, aside: Aside = _ignored) -> Iterator[_Batch]:
    """Yield the records that can be compared, some at a time; the others go to `aside`."""
    batch: _Batch = []
    for line, texts in compared:
        if isinstance(texts, BadLine):
            aside(texts, line.raw)
            continue
        batch.append((line, texts))
        if len(batch) == BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


@contextmanager
def _countable() -> Iterator[None]:
    try:
        yield
    except OverflowError:
        raise IntakeError(
            "These files hold more than 1.1 million different words.",
            "Compare fewer fields, or split the file.",
        ) from None
