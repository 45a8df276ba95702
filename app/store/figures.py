"""Figures of a run that let recipes be compared: yield, drop reasons, novelty, lengths."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from statistics import fmean

from app.method.explanation import voices
from app.method.lengths import length
from app.method.voices import ONE_VOICE
from app.store import audits, exportable, runs, votes
from app.store.audits import key_of
from app.store.connection import Connection
from app.store.rows import RunRow


@dataclass(frozen=True, slots=True)
class Yield:
    """What a stage kept of all it made, and how often each reason dropped something, most frequent first."""

    kept: int
    made: int
    dropped: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class RunFigures:
    """One run in figures.

    `requests` and `tokens` count all completions; `rows` are those that go out by consensus. `nearest` is the
    mean ROUGE-L F1 of a kept instruction with the nearest one of its pool, None where nobody compared.
    `punctuation` and `symbols` count the votes that take answers as the same which differ so, `barred` the
    answers that did not vote. Lengths are mean words, of inputs without the empty ones; `with_input` is
    their share of the rows. `faults` counts what looks wrong with the rows, most frequent first.
    `samples` counts what models say that gave samples by how many of those say so, "3 of 5", the most first.
    """

    run: int
    recipe: str
    models: tuple[str, ...]
    requests: int
    tokens: int
    instructions: Yield
    instances: Yield
    votes: Yield
    punctuation: int
    symbols: int
    barred: int
    rows: int
    distinct: int
    nearest: float | None
    with_input: float | None
    instruction_words: float | None
    input_words: float | None
    output_words: float | None
    faults: dict[str, int]
    samples: dict[str, int]

    @property
    def rows_per_1000_tokens(self) -> float | None:
        """What a thousand written tokens brought."""
        return 1000 * self.rows / self.tokens if self.tokens else None


def of_run(c: Connection, run: RunRow) -> RunFigures:
    """Count and measure one run."""
    requests, tokens = c.execute(
        "SELECT COUNT(*), COALESCE(SUM(tokens), 0) FROM completions WHERE run_id = ?", (run.id,)
    ).fetchone()
    [(nearest,)] = c.execute(
        "SELECT AVG(score) FROM instructions WHERE run_id = ? AND status = 'kept' AND score IS NOT NULL",
        (run.id,),
    )
    punctuation, symbols, barred = c.execute(_DIFFERENCES, (run.id,)).fetchone()
    from app.method.faults import Row, faults  # compiles its patterns, which nobody else here needs

    tasks, lengths, found = set(), _Lengths(), Counter[str]()
    taken_out = audits.taken_out(c)
    for row in exportable.rows(c, exportable.Selection("consensus", run.number)):
        wrong = row.instance_id in taken_out and key_of(row).content in taken_out[row.instance_id]
        if row.output.strip() and not wrong:
            tasks.add(row.instruction)
            lengths.add(row.instruction, row.input, row.output)
            found.update(faults(Row(row.instruction, row.input, row.output, row.cut)))
    return RunFigures(
        run=run.number,
        recipe=run.recipe_name,
        # A model that writes and answers is one.
        models=tuple(
            {part.model.fingerprint: part.model.name for part in runs.run_models(c, run.id)}.values()
        ),
        requests=requests,
        tokens=tokens,
        instructions=_made(c, _INSTRUCTIONS, run.id),
        instances=_made(c, _INSTANCES, run.id),
        votes=_made(c, _VOTES, run.id),
        punctuation=punctuation,
        symbols=symbols,
        barred=barred,
        rows=len(lengths.outputs),
        distinct=len(tasks),
        nearest=nearest,
        with_input=len(lengths.inputs) / len(lengths.outputs) if lengths.outputs else None,
        instruction_words=_mean(lengths.instructions),
        input_words=_mean(lengths.inputs),
        output_words=_mean(lengths.outputs),
        faults=dict(found.most_common()),
        samples=_samples(c, run.id),
    )


_INSTRUCTIONS = "SELECT status = 'kept', reason, COUNT(*) FROM instructions WHERE run_id = ? GROUP BY 1, 2"
_INSTANCES = "SELECT status = 'kept', reason, COUNT(*) FROM instances WHERE run_id = ? GROUP BY 1, 2"
_DIFFERENCES = f"""SELECT COALESCE(SUM(v.difference = 1), 0), COALESCE(SUM(v.difference = 2), 0),
                         COALESCE(SUM((SELECT COUNT(*) FROM json_each(v.barred) j
                                       WHERE j.value NOT IN ('', '{ONE_VOICE}'))), 0)
                  FROM votes v JOIN instances i ON i.id = v.instance_id
                  WHERE i.run_id = ? AND i.status = 'kept' AND v.current = 1"""
_VOTES = """SELECT v.keep, v.reason, COUNT(*) FROM votes v JOIN instances i ON i.id = v.instance_id
            WHERE i.run_id = ? AND i.status = 'kept' AND v.current = 1 GROUP BY 1, 2"""


def _samples(c: Connection, run_id: str) -> dict[str, int]:
    [(sampled,)] = c.execute(
        """SELECT EXISTS (SELECT 1 FROM candidates x JOIN instances i ON i.id = x.instance_id
                          WHERE i.run_id = ? AND x.attempt < 0)""",
        (run_id,),
    )
    if not sampled:
        return {}
    found = Counter(
        (voice.equal, voice.of)
        for chunk in votes.in_chunks(c, run_id)
        for ballot in chunk
        for voice in voices(ballot.vote, ballot.candidates).values()
    )
    return {f"{equal} of {of}": count for (equal, of), count in sorted(found.items(), reverse=True)}


@dataclass(slots=True)
class _Lengths:
    """Words of every row, or characters where a script has no spaces."""

    instructions: list[int] = field(default_factory=list)
    inputs: list[int] = field(default_factory=list)
    outputs: list[int] = field(default_factory=list)

    def add(self, instruction: str, given: str, output: str) -> None:
        self.instructions.append(length(instruction))
        self.outputs.append(length(output))
        if given.strip():
            self.inputs.append(length(given))


def _made(c: Connection, sql: str, run_id: str) -> Yield:
    kept, dropped = 0, Counter[str]()
    for is_kept, reason, count in c.execute(sql, (run_id,)):
        if is_kept:
            kept += count
        else:
            dropped[reason] += count
    return Yield(kept, kept + dropped.total(), dict(dropped.most_common()))


def _mean(words: Iterable[int]) -> float | None:
    counted = list(words)
    return fmean(counted) if counted else None
