"""Work on many parts that know nothing of each other, spread over the processor's cores by processes.

Results come in the order of the parts, and are what one process would give. `python -m app.spread` is such a
process: it reads a function and then parts from its standard input, and writes what becomes of each.
"""

from __future__ import annotations

import gc
import os
import pickle
import signal
import subprocess
import sys
from collections import deque
from collections.abc import Callable, Generator, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack
from itertools import chain, islice
from queue import SimpleQueue
from typing import Any, TypeVar

from app.errors import QuorumError

ALONE = 4
"""Parts that are worked on here before processes are started for others: starting takes half a second."""
_MOST = 3
"""Processes beside this one: it takes their results, and could not keep up with more."""

_AHEAD = 2
"""Parts that wait beside those that processes work on: one is taken up at once, one can be worked on here."""

_Waiting = tuple[Any, "Future[Any]"]
"""A part, and what becomes of it."""

P = TypeVar("P")
R = TypeVar("R")


def spread(function: Callable[[P], R], parts: Iterable[P]) -> Generator[R, None, None]:
    """Yield what `function` makes of each part, in order; few parts, or a single core, need no process.

    `function`, parts and results must be picklable; parts are taken a few ahead. What `function` raises is
    raised here, QuorumError where a process was killed. Closing the generator ends the processes.
    """
    coming = iter(parts)
    yield from map(function, islice(coming, ALONE))
    beside = min(_cores() - 1, _MOST)
    following = next(coming, coming)
    if following is coming:
        return
    coming = chain([following], coming)  # type: ignore[list-item]
    yield from _beside(function, coming, beside) if beside else map(function, coming)


def _cores() -> int:
    # macOS does not tell which cores a process may use.
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _beside(function: Callable[[P], R], parts: Iterable[P], processes: int) -> Generator[R, None, None]:
    free: SimpleQueue[_Process] = SimpleQueue()
    waiting: deque[_Waiting] = deque()

    def made_of(part: P) -> Any:
        process = free.get()
        try:
            return process.made_of(part)
        finally:
            free.put(process)

    with ExitStack() as stack:
        for _ in range(processes):
            process = _Process(function)
            stack.callback(process.end)
            free.put(process)
        threads = ThreadPoolExecutor(processes)
        stack.callback(threads.shutdown, wait=False, cancel_futures=True)
        for part in parts:
            waiting.append((part, threads.submit(made_of, part)))
            if len(waiting) > processes + _AHEAD:
                yield _oldest(function, waiting)
        for _, result in waiting:
            yield result.result()


def _oldest(function: Callable[[Any], Any], waiting: deque[_Waiting]) -> Any:
    """Take the oldest result; while it is not there, work here on parts that no process has begun."""
    while not waiting[0][1].done():
        begun_here = next((at for at in range(len(waiting) - 1, 0, -1) if waiting[at][1].cancel()), None)
        if begun_here is None:
            break
        part, done = waiting[begun_here][0], Future[Any]()
        try:
            done.set_result(function(part))
        except Exception as error:
            done.set_exception(error)  # raised when it is this one's turn
        waiting[begun_here] = part, done
    _, result = waiting.popleft()
    return result.result()


class _Process:
    """A process that knows the function, and ends when its standard input does."""

    def __init__(self, function: Callable[[Any], Any]) -> None:
        command = [sys.executable, "-P", "-m", "app.spread"]
        paths = {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
        self._process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=os.environ | paths,
        )
        self._give(function)

    def made_of(self, part: Any) -> Any:
        """Return what the function makes of a part, or raise what it raises."""
        assert self._process.stdout is not None
        self._give(part)
        try:
            result, error = pickle.load(self._process.stdout)
        except (EOFError, pickle.UnpicklingError):  # nothing came, or the half of a result
            raise _killed() from None
        if error is not None:
            raise error
        return result

    def end(self) -> None:
        """End the process, whatever it is doing."""
        self._process.kill()
        self._process.wait()

    def _give(self, value: Any) -> None:
        assert self._process.stdin is not None
        try:
            pickle.dump(value, self._process.stdin, pickle.HIGHEST_PROTOCOL)
            self._process.stdin.flush()
        except BrokenPipeError:
            raise _killed() from None


def _killed() -> QuorumError:
    return QuorumError("A process that shared the work was killed.", "Is there enough memory?")


def main() -> None:
    """Work on parts until there are no more."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # ctrl+c is a matter of the process that started this one
    gc.disable()  # rows never refer to each other in circles
    given, made = sys.stdin.buffer, sys.stdout.buffer
    function = pickle.load(given)
    while True:
        try:
            part = pickle.load(given)
        except EOFError:
            return
        done: tuple[Any, Exception | None]
        try:
            done = function(part), None
        except Exception as error:
            done = None, error
        pickle.dump(done, made, pickle.HIGHEST_PROTOCOL)
        made.flush()


if __name__ == "__main__":
    main()
