"""What the store takes and gives: one frozen dataclass per kind of row, built by the names of its columns.

`New…` classes are what a caller hands in; the store adds ids, numbers and times. Times are ISO 8601
in UTC; order is always by number or sequence, never by time (clocks jump). All texts are foreign. A vote
is the method's own, `app.method.consensus.Vote`.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, fields
from functools import cache
from operator import itemgetter
from typing import Any, Literal, NamedTuple, TypeVar

from app.method.lengths import length
from app.method.terms import AskedFor, Ended, Kind, Role, Style, StyleFrom

Status = Literal["kept", "dropped", "quarantined"]
Order = Literal[
    "disagreement",
    "symbols",
    "threshold",
    "equal",
    "number",
    "random",
    "longest",
    "doubtful",
    "probable",
]
Include = Literal["accepted", "consensus", "all"]

T = TypeVar("T")


def build(kind: Callable[..., T], row: sqlite3.Row, **values: object) -> T:
    """Build one object from the columns of its fields' names; `values` are fields that are no such column."""
    return kind(**{**dict(row), **values})


def build_all(kind: Callable[..., T], cursor: sqlite3.Cursor) -> Iterator[T]:
    """Build an object of each row, for queries whose columns are named as the fields are, in any order.

    Raises TypeError where they are not: each field needs its column, and each column its field.
    """
    builder = _builder(kind, tuple(column[0] for column in cursor.description))
    return (builder(row) for row in cursor)


def first(kind: Callable[..., T], cursor: sqlite3.Cursor) -> T | None:
    """Build an object of the first row, None where there is none."""
    return next(build_all(kind, cursor), None)


def values_of(row: object) -> dict[str, object]:
    """Map the names of an object's fields to their values, which are not copied as `asdict` would."""
    kind: Any = type(row)
    return {name: getattr(row, name) for name in _names(kind)}


@cache
def _names(kind: Any) -> tuple[str, ...]:
    """Look the names of a class up once for all its objects."""
    return tuple(field.name for field in fields(kind))


@cache
def _builder(kind: Callable[..., Any], columns: tuple[str, ...]) -> Callable[[Sequence[Any]], Any]:
    """Look the columns up once for all rows: by keywords, every row would cost three times as much."""
    held = fields(kind)  # type: ignore[arg-type]
    if sorted(columns) != sorted(field.name for field in held):
        raise TypeError(f"the columns {columns} are not the fields of {kind}")
    in_order = itemgetter(*(columns.index(field.name) for field in held))
    # SQLite has no truth values, only 0 and 1.
    flags = [place for place, field in enumerate(held) if field.type == "bool"]

    def with_flags(row: Sequence[Any]) -> Any:
        values = list(in_order(row))
        for place in flags:
            values[place] = bool(values[place])
        return kind(*values)

    return with_flags if flags else lambda row: kind(*in_order(row))


# ---- runs, models, seeds -------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ModelRow:
    """A model file as it was when used; `fingerprint` is the SHA-256 of the file, `size` in bytes."""

    fingerprint: str
    name: str
    path: str
    size: int
    architecture: str
    quantisation: str
    license: str = ""

    @property
    def can_be_asked(self) -> bool:
        """Whether there is a file: the answers of a model without one came from elsewhere."""
        return bool(self.path)


@dataclass(frozen=True, slots=True)
class NewRunModel:
    """A model's part in a run; `position` orders the candidates (writer 0, answerers 1, 2, …)."""

    model: str
    role: Role
    style: Style
    position: int
    style_from: StyleFrom = "default"
    audition: str = ""
    """How it answered when it was auditioned, as `app.method.audition` writes it; empty if it was not."""


@dataclass(frozen=True, slots=True)
class RunModelRow:
    """A model's part in a run together with the model itself."""

    model: ModelRow
    role: Role
    style: Style
    position: int
    style_from: StyleFrom
    audition: str


@dataclass(frozen=True, slots=True)
class NewRun:
    """A run to begin; every model named here must have been added with `runs.add_model` before."""

    recipe_name: str
    recipe_json: str
    recipe_hash: str
    seed: int
    target: int
    models: tuple[NewRunModel, ...] = ()
    state: str = "running"
    note: str = ""


@dataclass(frozen=True, slots=True)
class RunRow:
    """A run; `finished_at` is None until it ends.

    `state` is running, interrupted, paused, stopped, done or failed; imported where no model was asked: its
    candidates came from a file, and there is nothing to resume.
    """

    id: str
    number: int
    recipe_name: str
    recipe_json: str
    recipe_hash: str
    seed: int
    target: int
    state: str
    created_at: str
    finished_at: str | None
    note: str
    hidden: int = 0
    """1 for a run whose items are neither reviewed nor exported, and are no part of the pool."""


@dataclass(frozen=True, slots=True)
class NewSeed:
    """One instance of a human-written example task (a seed task with three instances is three of these)."""

    kind: Kind
    name: str
    instruction: str
    input: str
    output: str
    is_classification: bool = False
    source: str = ""
    context: str = ""
    """The turns before the task, as `method.turns` writes them."""
    references: tuple[str, ...] = ()
    """Answers known to be right; kept beside the seed."""


@dataclass(frozen=True, slots=True)
class SeedRow:
    """A stored seed; `id` is the hash of its content."""

    id: str
    kind: Kind
    name: str
    instruction: str
    input: str
    output: str
    is_classification: bool
    source: str
    context: str


# ---- generated things ----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class NewCompletion:
    """One raw answer of a model. Identity: (run_id, stage, subject, model, attempt), stored once.

    `stage` is what was asked for; `subject` is what it was asked for: a request
    number, an instruction id or an instance id; `model` is a fingerprint. `seconds` is wall time.
    Where the model thought before it answered, `thinking` is what it thought and `answer` what followed;
    `raw` holds both, and the markers round the thought.
    """

    run_id: str
    stage: AskedFor
    subject: str
    model: str
    attempt: int
    prompt_hash: str
    sampling_hash: str
    sampler_seed: int
    raw: str
    ended: Ended
    prompt_tokens: int
    tokens: int
    seconds: float
    thinking: str = ""
    answer: str | None = None


@dataclass(frozen=True, slots=True)
class CompletionRow:
    """A stored completion."""

    id: str
    run_id: str
    stage: AskedFor
    subject: str
    model: str
    attempt: int
    prompt_hash: str
    sampling_hash: str
    sampler_seed: int
    raw: str
    ended: Ended
    prompt_tokens: int
    tokens: int
    seconds: float
    thinking: str
    answer: str | None
    created_at: str

    @property
    def text(self) -> str:
        """The answer, without what the model thought first."""
        return self.raw if self.answer is None else self.answer


class NewInstruction(NamedTuple):
    """An instruction read out of a completion, whatever became of it.

    `position` is its place within its completion (0, 1, …); `request` the request number of stage 1,
    None for one harvested elsewhere. `score`, `nearest` and `mean` are what the novelty filter saw.
    """

    run_id: str
    kind: Kind
    text: str
    status: Status
    reason: str = ""
    completion_id: str | None = None
    score: float | None = None
    nearest: str | None = None
    mean: float | None = None
    request: int | None = None
    position: int = 0
    source: str = ""
    """The `source` of the seed tasks it comes from."""


@dataclass(frozen=True, slots=True)
class InstructionRow:
    """A stored instruction."""

    id: str
    run_id: str
    completion_id: str | None
    kind: Kind
    text: str
    status: Status
    reason: str
    score: float | None
    nearest: str | None
    mean: float | None
    request: int | None
    position: int
    source: str


@dataclass(frozen=True, slots=True)
class PoolText:
    """An instruction of the pool: a seed's, or a kept one of any run; `request` is None for seeds
    and harvested ones."""

    text: str
    kind: Kind
    origin: Literal["seed", "machine"]
    run_id: str
    run_number: int
    request: int | None


class NewInstance(NamedTuple):
    """An input for an instruction (empty for kind B); `position` is its place within its completion.

    `context` holds the turns before the task, as `method.turns` writes them.
    """

    run_id: str
    instruction_id: str
    input: str
    status: Status
    reason: str = ""
    completion_id: str | None = None
    position: int = 0
    context: str = ""


@dataclass(frozen=True, slots=True)
class InstanceRow:
    """A stored instance with its instruction's text; `number` is the one shown to people (#0142)."""

    id: str
    number: int
    run_id: str
    instruction_id: str
    completion_id: str | None
    kind: Kind
    instruction: str
    input: str
    status: Status
    reason: str
    context: str = ""


class NewCandidate(NamedTuple):
    """One output for an instance. Identity: (instance_id, role, model, attempt).

    `position` orders the candidates: 0 is the writer's own output, answerers follow as in the run.
    `error` says why there is no output when `ended` is "error". `reason` is empty for a candidate that
    takes part in the vote, else it names why it is dropped. `attempt` is 0, or the event that asked once
    more, or -1, -2, … for the samples beside a model's own answer; `task` is empty for an answer to the text
    as it was generated, else names the text it answers.
    """

    instance_id: str
    model: str
    role: Role
    position: int
    output: str
    ended: Ended
    completion_id: str | None = None
    error: str = ""
    reason: str = ""
    attempt: int = 0
    task: str = ""


@dataclass(frozen=True, slots=True)
class CandidateRow:
    """A stored candidate with the name of its model."""

    id: str
    instance_id: str
    model: str
    model_name: str
    quantisation: str
    role: Role
    position: int
    completion_id: str | None
    output: str
    ended: Ended
    error: str
    reason: str = ""
    attempt: int = 0
    task: str = ""

    @property
    def length(self) -> int:
        """The words of the output, or its characters where a script has no spaces."""
        return length(self.output)

    @property
    def cut(self) -> bool:
        """Say whether the output was cut by the length limit."""
        return self.ended == "length"
