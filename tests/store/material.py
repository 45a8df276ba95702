"""A small project's content, made through the store's own functions."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from app.method.consensus import Vote
from app.method.equality import Difference
from app.store import generated, review, runs, votes
from app.store.connection import Connection
from app.store.filters import View, parse
from app.store.rows import (
    InstanceRow,
    ModelRow,
    NewCandidate,
    NewCompletion,
    NewInstance,
    NewInstruction,
    NewRun,
    NewRunModel,
    NewSeed,
    Order,
    RunRow,
)

WRITER, FIRST, SECOND = "writer-hash", "first-hash", "second-hash"


@dataclass(frozen=True)
class Item:
    """An instance made by `add_item`, with the ids of its candidates in order."""

    id: str
    candidates: tuple[str, ...]


def start_run(c: Connection, target: int = 24, seeds: Sequence[NewSeed] = ()) -> RunRow:
    """Begin a run of a writer and two answerers."""
    for name in (WRITER, FIRST, SECOND):
        runs.add_model(c, ModelRow(name, name.removesuffix("-hash"), f"/{name}.gguf", 9, "llama", "Q8_0"))
    models = (
        NewRunModel(WRITER, "writer", "few-shot", 0),
        NewRunModel(FIRST, "answerer", "chat", 1),
        NewRunModel(SECOND, "answerer", "zero-shot", 2),
    )
    run = runs.create(c, NewRun("ensemble-instruct", "{}", "hash", 7, target, models))
    runs.set_seeds(c, run.id, seeds)
    return run


def completion(
    run: RunRow, subject: str, stage: str = "instructions", attempt: int = 0, raw: str = "raw"
) -> NewCompletion:
    return NewCompletion(run.id, stage, subject, WRITER, attempt, "p", "s", 1, raw, "stop", 10, 5, 0.1)


def add_instruction(c: Connection, run: RunRow, text: str, kind: str = "A") -> str:
    return generated.save_instructions(c, [NewInstruction(run.id, kind, text, "kept")])[0]  # type: ignore[arg-type]


def add_item(
    c: Connection,
    run: RunRow,
    instruction: str,
    input: str = "input",
    outputs: Sequence[str] = ("one", "two", "three"),
    kind: str = "A",
    **vote: object,
) -> Item:
    """Store a kept instance with a candidate per output and a vote (`vote` overrides its fields).

    `winner` is an index of the outputs or None; `vote=None` stores no vote.
    """
    task = add_instruction(c, run, instruction, kind)
    made = generated.save_instances(c, [NewInstance(run.id, task, input, "kept")])[0]
    models = (WRITER, FIRST, SECOND)[: len(outputs)]
    ids = tuple(
        generated.save_candidate(
            c, NewCandidate(made.id, model, "writer" if place == 0 else "answerer", place, output, "stop")
        )
        for place, (model, output) in enumerate(zip(models, outputs, strict=True))
    )
    if vote.get("vote", True) is not None:
        votes.save_vote(c, made.id, ballot(ids, **vote))
    return Item(made.id, ids)


def ballot(ids: Sequence[str], **changes: object) -> Vote:
    """Build a vote over these candidates; the first wins unless `winner` says otherwise."""
    size = len(ids)
    by_score = changes.get("decided_by", "rouge") == "rouge" and changes.get("winner", 0) is not None
    values: dict[str, object] = {
        "rule": "released",
        "rule_version": 1,
        "threshold": 0.01,
        "candidates": tuple(ids),
        "matrix": tuple(tuple(1.0 if a == b else 0.5 for b in range(size)) for a in range(size)),
        "decided_by": "rouge",
        "winner": 0,
        "lowest": 0.5,
        "mean": 0.5,
        "tie": False,
        "short": False,
        "keep": True,
        "reason": "",
        "disagreement": 0.5,
        "score": changes.get("lowest", 0.5) if by_score else None,
        "strict": by_score,
        "tokeniser": "rouge-score",
        "at_least": None,
        "equal": 1,
        "difference": Difference.NONE,
        **{name: value for name, value in changes.items() if name != "vote"},
    }
    return Vote(**values)  # type: ignore[arg-type]


def queue_ids(
    c: Connection, order: Order = "disagreement", view: View = "undecided", run: int | None = None
) -> list[str]:
    """Return the ids of the items of a view, sorted as the queue is; of one run if its number is given."""
    wanted = parse("" if run is None else f"run:{run}", view)
    return [review.id_of(c, number) for number in review.numbers(c, order, wanted)]


def in_child(work: Callable[[], object]) -> int:
    """Run `work` in a forked child that holds no open project; return 0, its exit code or -signal."""
    pid = os.fork()
    if pid == 0:
        code = 1
        try:
            work()
            code = 0
        finally:
            os._exit(code)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


def kill_at_statement(connection: Connection, counter: list[int]) -> None:
    """Make the process kill itself when the statements left to run (`counter[0]`) are used up."""

    def step(_statement: str) -> None:
        counter[0] -= 1
        if counter[0] < 0:
            os.kill(os.getpid(), signal.SIGKILL)

    connection.set_trace_callback(step)


def kept_instances(c: Connection, run_id: str) -> list[InstanceRow]:
    """Return a run's kept instances in order of number."""
    keys = c.execute(
        "SELECT id FROM instances WHERE run_id = ? AND status = 'kept' ORDER BY number", (run_id,)
    )
    return [generated.instance(c, key) for (key,) in keys.fetchall()]
