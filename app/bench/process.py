"""The processes a comparison runs in, seen from the one that compares."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal, Self

from app.engine.process import environment
from app.engine.request import Request, request_to_json
from app.engine.settings import Settings
from app.errors import QuorumError

Way = Literal["engine", "naive", "naive_cached"]


@dataclass(frozen=True, slots=True)
class Spec:
    """What a side is: the way it generates, with which model file and settings, how nice it is."""

    way: Way
    model: str
    settings: Settings
    niceness: int = 0

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> Spec:
        """Build a spec from plain JSON values."""
        settings = Settings.from_json(values["settings"])
        return cls(values["way"], str(values["model"]), settings, int(values["niceness"]))


@dataclass(frozen=True, slots=True)
class Sample:
    """One round of one side: tokens written, CPU-seconds, seconds, CPU-seconds inside llama.cpp's calls."""

    tokens: int
    cpu: float
    wall: float
    inside: float = 0.0
    texts: tuple[str, ...] = ()

    @property
    def per_cpu(self) -> float:
        """Tokens per CPU-second."""
        return self.tokens / self.cpu

    @property
    def per_second(self) -> float:
        """Tokens per second."""
        return self.tokens / self.wall

    def to_json(self) -> dict[str, Any]:
        """Turn the sample into plain JSON values."""
        return asdict(self)

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> Sample:
        """Build a sample from what `to_json` made."""
        return cls(**{**values, "texts": tuple(values["texts"])})


class Side:
    """A running side; a context manager that ends it."""

    def __init__(self, spec: Spec, warm_up: Sequence[Request]) -> None:
        """Start the process, load the model and do the warm-up."""
        self._way = spec.way
        self._words = tempfile.TemporaryFile()  # noqa: SIM115 (closed with the side)
        self._process = subprocess.Popen(
            [sys.executable, "-P", "-m", "app.bench.side"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._words,
            text=True,
            env=environment(),
        )
        self._say(asdict(spec))
        self._hear()
        self.round(warm_up)

    def round(self, requests: Sequence[Request]) -> Sample:
        """Have the side work through the requests."""
        self._say([request_to_json(request) for request in requests])
        return Sample.from_json(json.loads(self._hear()))

    def _say(self, what: object) -> None:
        assert self._process.stdin is not None
        try:
            self._process.stdin.write(json.dumps(what) + "\n")
            self._process.stdin.flush()
        except OSError:
            self._fail()

    def _hear(self) -> str:
        assert self._process.stdout is not None
        return self._process.stdout.readline() or self._fail()

    def _fail(self) -> str:
        """Return the error to raise when no answer came."""
        self._process.wait()
        self._words.seek(0)
        last = self._words.read().decode("utf-8", "replace").strip().splitlines()[-1:] or ["no words"]
        raise QuorumError(f"The side “{self._way}” of the measurement ended early: {last[0]}")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self._process.kill()
        self._process.communicate()
        self._words.close()


class Busy:
    """A process that keeps one core busy while the context lasts."""

    def __enter__(self) -> Self:
        self._process = subprocess.Popen([sys.executable, "-c", "while True: pass"])
        return self

    def __exit__(self, *_error: object) -> None:
        self._process.kill()
        self._process.wait()


def program(folder: Path, name: str) -> Path:
    """Find one of llama.cpp's own programs; QuorumError if it is not in `folder`."""
    path = folder / name
    if not path.is_file():
        raise QuorumError(
            f"{folder} holds no {name}.",
            "`make native` in Quorum's source folder builds it; then give the folder it prints.",
        )
    return path
