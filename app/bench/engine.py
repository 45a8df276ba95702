"""The engine against the other ways of using llama.cpp from Python, and against llama.cpp's own programs.

Every side is a process of its own with the same model file, threads and weight layout; the sides of a
comparison take turns in every round, so that a busy machine slows all alike. Each has read the shared
prefix before the first round. CPU-seconds are taken at one thread, wall time at two.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from operator import attrgetter
from pathlib import Path

from app.bench.figures import Figure
from app.bench.native import Ceiling, Server
from app.bench.process import Busy, Sample, Side, Spec, Way
from app.bench.workload import FEW_SHOT, T5, ZERO_SHOT, Workload
from app.engine.gguf import read_header
from app.engine.request import Request
from app.engine.settings import Settings, default_settings

CONTEXT = 2048
MANY = 32
FEW = 8
NO_NATIVE = "needs --native (see `make native`)"


@dataclass(frozen=True, slots=True)
class Comparison:
    """One side against another, with the bar for each workload that it makes sense for."""

    ours: str
    other: str
    words: str
    bars: Mapping[str, float]


_COMPARISONS = (
    Comparison(
        "engine_8", "naive", "against create_completion, nothing reused", {"fewshot": 7, "zeroshot": 1.4}
    ),
    Comparison("engine_8", "naive_cached", "against create_completion, its prefix reuse", {"fewshot": 1.7}),
    Comparison("engine_8", "server", "against llama-server, 8 slots", {"fewshot": 1.8, "zeroshot": 1}),
    Comparison(
        "engine_8",
        "ceiling_8",
        "of llama-batched-bench's speed, 8 sequences",
        {"fewshot": 0.95, "zeroshot": 0.95},
    ),
    Comparison(
        "engine_32",
        "ceiling_32",
        "of llama-batched-bench's speed, 32 sequences",
        {"fewshot": 0.85, "zeroshot": 0.9},
    ),
)
_TITLES = {"fewshot": "few-shot", "zeroshot": "zero-shot"}


@dataclass(frozen=True, slots=True)
class Contender:
    """A side of a comparison with the number of requests it does in a round."""

    name: str
    round: Callable[[Sequence[Request]], Sample]
    requests: int


@dataclass(frozen=True, slots=True)
class Machine:
    """What all areas need: the model files, the rounds, and llama.cpp's own programs if there are any."""

    decoder: Path
    encoder_decoder: Path
    rounds: int
    native: Path | None

    def settings(self, workload: Workload, parallel: int, threads: int) -> Settings:
        """Choose the settings a measured model runs with.

        Flash attention pays where sequences share nothing, and for an encoder's groups.
        """
        model = self.encoder_decoder if workload is T5 else self.decoder
        defaults = default_settings(read_header(model), headless=True, parallel=parallel)
        flash = parallel > 1 if workload is T5 else not workload.prefix
        context = min(CONTEXT, defaults.context)
        return replace(defaults, context=context, threads=threads, flash_attention=flash)

    def side(self, way: Way, workload: Workload, parallel: int, threads: int, niceness: int = 0) -> Side:
        """Start one side, warmed up."""
        model = self.encoder_decoder if workload is T5 else self.decoder
        spec = Spec(way, str(model), self.settings(workload, parallel, threads), niceness)
        return Side(spec, workload.warm_up())


def fewshot(machine: Machine) -> Iterator[Figure]:
    """Measure requests that share a long few-shot prefix."""
    yield from _against_all(machine, FEW_SHOT)


def zeroshot(machine: Machine) -> Iterator[Figure]:
    """Measure requests that share nothing."""
    yield from _against_all(machine, ZERO_SHOT)


def t5(machine: Machine) -> Iterator[Figure]:
    """Measure an encoder-decoder in groups against one request at a time."""
    with ExitStack() as stack:
        sides = [
            Contender(str(size), stack.enter_context(machine.side("engine", T5, size, 1)).round, 16)
            for size in (1, 4, 8, 16)
        ]
        samples = take_turns(sides, machine.rounds, T5.requests)
    gains = {size: ratios(samples, str(size), "1", attrgetter("per_cpu")) for size in (4, 8, 16)}
    best = max(gains, key=lambda size: sorted(gains[size])[len(gains[size]) // 2])
    yield Figure("t5.batch_gain", f"groups of {best} against one at a time", gains[best], bar=1.25)


def python(machine: Machine) -> Iterator[Figure]:
    """Measure what part of the engine's CPU time is spent outside llama.cpp's calls."""
    worst: tuple[float, ...] = ()
    for workload in (FEW_SHOT, ZERO_SHOT):
        short = replace(workload, written=workload.written // 3)
        with machine.side("engine", short, FEW, 1) as side:
            samples = [side.round(short.requests(FEW, seed)) for seed in range(2, machine.rounds + 2)]
        shares = tuple(1 - sample.inside / sample.cpu for sample in samples)
        worst = max(worst, shares, key=lambda values: max(values, default=0.0))
        words = f"{_TITLES[workload.name]}: outside llama.cpp's calls"
        yield Figure(f"{workload.name}.python_share", words, shares, "", 0.02, at_most=True)
    yield Figure("python_share", "the larger of both", worst, "", 0.02, at_most=True)


def contended(machine: Machine) -> Iterator[Figure]:
    """Measure the speed kept while another process keeps one core busy, as the app runs its worker."""
    kept = []
    with machine.side("engine", FEW_SHOT, FEW, 2, niceness=5) as side:
        for seed in range(2, machine.rounds + 2):
            alone = side.round(FEW_SHOT.requests(FEW, seed))
            with Busy():
                contended = side.round(FEW_SHOT.requests(FEW, seed))
            kept.append(contended.per_second / alone.per_second)
    yield Figure(
        "contended.kept", "speed kept with one busy process next to it, 8 sequences", tuple(kept), "", 0.4
    )


def _against_all(machine: Machine, workload: Workload) -> Iterator[Figure]:
    """Yield the figures of one workload: CPU at one thread, wall at two."""
    for threads, suffix in ((1, ""), (2, ".wall")):
        with ExitStack() as stack:
            contenders = _contenders(machine, workload, threads, stack)
            samples = take_turns(contenders, machine.rounds, workload.requests)
        rate = attrgetter("per_cpu" if threads == 1 else "per_second")
        unit = "tokens per CPU-second, 1 thread" if threads == 1 else "tokens a second, 2 threads"
        speeds = tuple(rate(sample) for sample in samples["engine_8"])
        yield Figure(f"{workload.name}.speed{suffix}", f"8 sequences: {unit}", speeds, "")
        for comparison in _COMPARISONS:
            bar = comparison.bars.get(workload.name)
            if bar is None or (threads == 2 and comparison.other.startswith("ceiling")):
                continue
            known = comparison.other in samples
            found = ratios(samples, comparison.ours, comparison.other, rate) if known else ()
            key = f"{workload.name}.vs_{comparison.other}{suffix}"
            yield Figure(key, comparison.words, found, bar=bar if threads == 1 else None, why=NO_NATIVE)


def _contenders(machine: Machine, workload: Workload, threads: int, stack: ExitStack) -> list[Contender]:
    """Start the sides of one workload; what compares by wall time has two threads and no ceiling."""

    def side(name: str, way: Way, parallel: int, requests: int) -> Contender:
        started = stack.enter_context(machine.side(way, workload, parallel, threads))
        return Contender(name, started.round, requests)

    contenders = [
        side("engine_8", "engine", FEW, FEW),
        side("naive", "naive", FEW, 1 if workload.prefix else 2),
    ]
    if workload.prefix:
        contenders.append(side("naive_cached", "naive_cached", FEW, 4))
    if machine.native is None:
        return contenders
    settings = machine.settings(workload, FEW, threads)
    server = Server(machine.native, machine.decoder, settings, workload.warm_up())
    contenders.append(Contender("server", stack.enter_context(server).round, FEW))
    if threads == 1:
        contenders.append(side("engine_32", "engine", MANY, MANY))
        for count in (FEW, MANY):
            possible = Ceiling(
                machine.native, machine.decoder, machine.settings(workload, count, 1), workload
            )
            contenders.append(Contender(f"ceiling_{count}", possible.round, count))
    return contenders


def take_turns(
    contenders: Sequence[Contender], rounds: int, requests: Callable[[int, int], list[Request]]
) -> dict[str, list[Sample]]:
    """Run every contender once a round, in an order drawn anew each time.

    `requests(count, seed)` makes what one does in a round.
    """
    samples: dict[str, list[Sample]] = {contender.name: [] for contender in contenders}
    rng = random.Random(1)
    for number in range(rounds):
        for contender in rng.sample(contenders, len(contenders)):
            samples[contender.name].append(contender.round(requests(contender.requests, 2 + number)))
    return samples


def ratios(
    samples: Mapping[str, Sequence[Sample]], ours: str, other: str, rate: Callable[[Sample], float]
) -> tuple[float, ...]:
    """Divide our rate by the other's, round by round."""
    pairs = zip(samples[ours], samples[other], strict=True)
    return tuple(rate(mine) / rate(another) for mine, another in pairs)
