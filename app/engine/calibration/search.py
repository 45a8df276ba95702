"""Look for the fastest settings, one at a time: a short search instead of every combination. Pure.

Two settings are compared in turns and more than once, since a machine is never quiet; one that is not
clearly faster changes nothing, so that noise leaves the defaults alone.
"""

from __future__ import annotations

import statistics
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from app.engine.gguf import ModelHeader
from app.engine.settings import Settings

MARGIN = 1.04
"""How much faster settings must be to be chosen over those before them."""
CLEAR_WORK, CLEAR_WALL = 1.1, 1.3
"""From this ratio on, or under its inverse, one comparison is enough: work is the steadier measure."""
ROUNDS = 2
UNPACKED = frozenset({"F32", "F16", "BF16"})


@dataclass(frozen=True, slots=True)
class Speed:
    """Tokens a second with some settings, 0 if they cannot be used.

    `wall` is what passed on this machine, other programs included; `work` what it would be if the threads
    were never interrupted, and never waited for each other.
    """

    wall: float
    work: float


Measure = Callable[[Settings], Awaitable[Speed]]


class NothingMeasured(Exception):
    """Not even the settings to start from can be measured."""


@dataclass(frozen=True, slots=True)
class Options:
    """The values to try of each setting besides the starting one, in order."""

    repack: tuple[bool, ...] = ()
    flash_attention: tuple[bool, ...] = ()
    more_parallel: tuple[int, ...] = ()
    less_parallel: tuple[int, ...] = ()
    threads: tuple[int, ...] = ()


def options_for(header: ModelHeader, start: Settings, cores: int) -> Options:
    """Return what is worth trying for a model on a machine with that many physical cores.

    With layers on a GPU only the number of sequences matters: the rest is about the processor.
    """
    more: tuple[int, ...] = (16, 32)
    less: tuple[int, ...] = (4,)
    if header.encoder_decoder:  # the groups of its encoder are no larger
        more, less = (), (8, 4)
    if start.gpu_layers:
        return Options(more_parallel=more, less_parallel=less)
    threads = {cores - 1, cores // 2, 1 if cores <= 2 else 0} - {start.threads, 0}
    repack = () if header.quantisation in UNPACKED else (not start.repack,)
    return Options(repack, (not start.flash_attention,), more, less, tuple(sorted(threads, reverse=True)))


@dataclass(slots=True)
class Tuning:
    """A search: `best` is the fastest so far, `speeds` all that was measured."""

    measure: Measure
    best: Settings
    speeds: dict[Settings, list[Speed]] = field(default_factory=dict)

    async def run(self, options: Options) -> None:
        """Try the options; may be cancelled at any time, `best` then is the best so far.

        NothingMeasured if the settings to start from do not work.
        """
        await self._compare_layouts(options.repack)
        if not (await self._speed(self.best)).wall:
            raise NothingMeasured
        await self._try("flash_attention", options.flash_attention)
        before = self.best.parallel
        await self._climb("parallel", options.more_parallel)
        if self.best.parallel == before:
            await self._climb("parallel", options.less_parallel)
        if self.best.parallel != before:
            # Many sequences without much in common are where flash attention gains.
            await self._try("flash_attention", [not self.best.flash_attention] * len(options.flash_attention))
        await self._try("threads", options.threads)

    async def _compare_layouts(self, layouts: Sequence[bool]) -> None:
        """Choose the layout of the weights first, one after the other: every change is another load.

        The other layout comes first, so that the model is loaded a third time only if that one is the faster.
        """
        for repack in layouts:
            rival, start = replace(self.best, repack=repack), self.best
            for settings in (rival, start):
                for _ in range(ROUNDS):
                    if not (await self._speed(settings)).wall:
                        break
            theirs, ours = self.speed(rival), self.speed(start)
            if theirs.wall and (not ours.wall or _ratio(rival, theirs, start, ours) >= MARGIN):
                self.best = rival

    def settle(self, start: Settings) -> Settings:
        """Return the best, which is `start` again if over all that was measured it is no slower: a few
        comparisons on a busy machine can be won by chance.
        """
        if 0 < self.gain(start) <= 1:
            self.best = start
        return self.best

    def share(self) -> float:
        """Return what share of the time that the threads asked for they got, by all that was measured; 0 if
        nothing was.
        """
        shares = [speed.wall / speed.work for known in self.speeds.values() for speed in known if speed.work]
        return statistics.median(shares) if shares else 0.0

    def speed(self, settings: Settings) -> Speed:
        """Return the median speed of settings, 0 if they were not measured."""
        known = self.speeds.get(settings) or [Speed(0, 0)]
        return Speed(
            statistics.median(speed.wall for speed in known), statistics.median(speed.work for speed in known)
        )

    def gain(self, start: Settings) -> float:
        """Return how many times faster the best is than the settings the search began with; 0 if only the
        best works at all.
        """
        if self.best == start:
            return 1.0
        if not self.speed(start).wall:
            return 0.0
        return _ratio(self.best, self.speed(self.best), start, self.speed(start))

    def fewer_threads(self, most: int) -> int:
        """Return the threads to use when at most `most` are allowed: the fastest that were measured."""
        if self.best.threads <= most:
            return self.best.threads
        known = {tried.threads: self.speed(tried).wall for tried in self.speeds if tried.threads <= most}
        return max(known, key=lambda threads: (known[threads], threads)) if any(known.values()) else most

    async def _try(self, name: str, values: Sequence[Any]) -> None:
        """Take each value that is clearly faster than what was best."""
        for value in values:
            await self._challenge(replace(self.best, **{name: value}))

    async def _climb(self, name: str, values: Sequence[Any]) -> None:
        """Go from value to value while each is faster than the one before."""
        for value in values:
            if not await self._challenge(replace(self.best, **{name: value})):
                return

    async def _challenge(self, rival: Settings) -> bool:
        """Measure a rival and the best in turns; return whether the rival is the best now."""
        if rival == self.best:
            return False
        ratios: list[float] = []
        for _ in range(ROUNDS):
            theirs = await self._speed(rival)
            if not theirs.wall:
                return False
            ours = await self._speed(self.best)
            if not ours.wall:
                return False
            ratios.append(_ratio(rival, theirs, self.best, ours))
            clear = CLEAR_WORK if _by_work(rival, self.best) else CLEAR_WALL
            if not 1 / clear < ratios[0] < clear:
                break
        if statistics.fmean(ratios) < MARGIN:
            return False
        self.best = rival
        return True

    async def _speed(self, settings: Settings) -> Speed:
        speed = await self.measure(settings)
        self.speeds.setdefault(settings, []).append(speed)
        return speed


def _ratio(rival: Settings, theirs: Speed, best: Settings, ours: Speed) -> float:
    """Return how many times faster the rival is."""
    return theirs.work / ours.work if _by_work(rival, best) else theirs.wall / ours.wall


def _by_work(rival: Settings, best: Settings) -> bool:
    """Whether work alone shows which is faster: threads that wait for each other, and a GPU, do none that
    the processor's clock sees.
    """
    return rival.threads == best.threads and not best.gpu_layers
