"""The search for the fastest settings, on machines that are formulas."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from app.engine.calibration.search import NothingMeasured, Options, Speed, Tuning, options_for
from app.engine.gguf import ModelHeader, read_header
from app.engine.settings import Settings
from tests.engine.tiny_gguf import build, write

START = Settings(4096, 8, 4, flash_attention=False, repack=False, gpu_layers=0)
EVERYTHING = Options(
    repack=(True,),
    flash_attention=(True,),
    more_parallel=(16, 32),
    less_parallel=(4,),
    threads=(3, 2),
)


class Machine:
    """Answers with the speed of a formula, and remembers what it was asked."""

    def __init__(self, speed: Callable[[Settings], float], noise: float = 0.0) -> None:
        self.speed = speed
        self.asked: list[Settings] = []
        self._noise = noise
        self._chance = random.Random(3)

    async def __call__(self, settings: Settings) -> Speed:
        self.asked.append(settings)
        speed = self.speed(settings) * (1 + self._noise * (self._chance.random() - 0.5))
        return Speed(speed, speed)


def tuned(machine: Machine, options: Options = EVERYTHING, start: Settings = START) -> Tuning:
    tuning = Tuning(machine, start)
    asyncio.run(tuning.run(options))
    return tuning


def test_the_fastest_of_everything_is_found_with_few_measurements() -> None:
    def speed(s: Settings) -> float:
        return 50.0 * (1.3 if s.flash_attention else 1) * (2 if s.repack else 1) * s.parallel**0.3 * s.threads

    machine = Machine(speed, noise=0.02)
    best = tuned(machine).best
    assert best == replace(START, flash_attention=True, repack=True, parallel=32)
    assert len(machine.asked) < 30
    layouts = [settings.repack for settings in machine.asked]
    assert layouts == [True] * 2 + [False] * 2 + [True] * (len(layouts) - 4), "loaded three times at most"


def test_noise_changes_nothing() -> None:
    tuning = tuned(Machine(lambda _settings: 100.0, noise=0.05))
    assert tuning.best == START
    assert tuning.gain(START) == 1.0


def test_settings_that_won_by_chance_are_given_up() -> None:
    """The rival measures fast while it is tried and slow ever after, as on a machine that became busy."""

    def speed(s: Settings) -> float:
        return 100.0 if s.flash_attention else 80.0

    machine = Machine(speed)
    tuning = tuned(machine, Options(flash_attention=(True,)))
    assert tuning.best.flash_attention and tuning.settle(START).flash_attention
    for _ in range(9):
        tuning.speeds[tuning.best].append(Speed(60.0, 60.0))
    assert tuning.settle(START) == START
    assert tuning.gain(START) == 1.0


def test_settings_that_alone_work_are_kept() -> None:
    tuning = Tuning(Machine(lambda _settings: 0.0), replace(START, repack=True))
    tuning.speeds = {START: [Speed(0, 0)], tuning.best: [Speed(5.0, 5.0)]}
    assert tuning.settle(START).repack


def test_many_at_once_may_want_what_few_do_not() -> None:
    def speed(s: Settings) -> float:
        return s.parallel * (0.8 if s.flash_attention == (s.parallel < 32) else 1.0)

    assert tuned(Machine(speed)).best == replace(START, parallel=32, flash_attention=True)


def test_fewer_at_once_are_tried_when_more_do_not_help() -> None:
    tuning = tuned(Machine(lambda s: 100 / s.parallel))
    assert tuning.best.parallel == 4
    assert 32 not in [settings.parallel for settings in tuning.speeds]


def test_settings_that_do_not_work_are_passed_over() -> None:
    best = tuned(Machine(lambda s: 0.0 if s.repack or s.flash_attention else s.parallel)).best
    assert best == replace(START, parallel=32)
    with pytest.raises(NothingMeasured):
        tuned(Machine(lambda _settings: 0.0))
    only_repacked = tuned(Machine(lambda s: 1.0 if s.repack else 0.0))
    assert only_repacked.best.repack and only_repacked.gain(START) == 0.0


def test_fewer_threads_are_chosen_only_if_faster_and_never_more_than_allowed() -> None:
    waits = tuned(Machine(lambda s: {4: 100.0, 3: 120.0, 2: 90.0}[s.threads]))
    assert waits.best.threads == 3 == waits.fewer_threads(3)
    grows = tuned(Machine(lambda s: 100.0 * s.threads))
    assert grows.best.threads == 4
    assert grows.fewer_threads(3) == 3
    assert grows.fewer_threads(2) == 2
    assert grows.fewer_threads(1) == 1, "nobody measured it, and no more are allowed"


def test_busy_neighbours_do_not_decide_but_waiting_threads_do() -> None:
    class Busy(Machine):
        async def __call__(self, settings: Settings) -> Speed:
            work = (await super().__call__(settings)).work
            disturbed = 3 if settings.flash_attention else 1
            return Speed(work / disturbed * (2 if settings.threads == 3 else 1), work)

    best = tuned(Busy(lambda s: 1.2 if s.flash_attention else 1.0)).best
    assert best.flash_attention, "it takes less work, though somebody else took the processor meanwhile"
    assert best.threads == 3, "the clock on the wall says what threads are worth"


def test_a_search_that_is_stopped_keeps_what_it_knows() -> None:
    machine = Machine(lambda s: 2.0 if s.flash_attention else 1.0)

    async def until_sixteen(settings: Settings) -> Speed:
        if settings.parallel != 8:
            await asyncio.sleep(3600)
        return await machine(settings)

    async def stopped() -> Tuning:
        tuning = Tuning(until_sixteen, START)
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.05):
                await tuning.run(EVERYTHING)
        return tuning

    assert asyncio.run(stopped()).best == replace(START, flash_attention=True)


@pytest.fixture
def header(tmp_path: Path) -> ModelHeader:
    return replace(read_header(write(tmp_path / "tiny.gguf", build())), quantisation="Q4_K_M")


@pytest.mark.parametrize("cores", [1, 2, 3, 8, 64])
def test_only_threads_that_exist_are_tried(header: ModelHeader, cores: int) -> None:
    options = options_for(header, replace(START, threads=cores), cores)
    assert all(1 <= threads < cores for threads in options.threads)
    assert len(set(options.threads)) == len(options.threads)
    assert (cores - 1 in options.threads) == (cores > 1)


def test_what_cannot_matter_is_not_tried(header: ModelHeader) -> None:
    assert options_for(header, START, 4).repack == (True,)
    assert options_for(header, replace(START, repack=True), 4).repack == (False,)
    assert options_for(replace(header, quantisation="F16"), START, 4).repack == ()
    on_gpu = options_for(header, replace(START, gpu_layers=20), 4)
    assert on_gpu == Options(more_parallel=(16, 32), less_parallel=(4,))
    t5 = options_for(replace(header, encoder_decoder=True), replace(START, parallel=16), 4)
    assert t5.more_parallel == () and t5.less_parallel == (8, 4)
