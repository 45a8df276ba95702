"""What `quorum bench` can measure, area by area, in the order it does."""

from __future__ import annotations

import shutil
import tempfile
import time
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

import platformdirs

from app.bench import Shape, continuations, engine, learning, method, real, scale, ui
from app.bench.figures import Figure
from app.bench.process import program
from app.bench.random_gguf import (
    QWEN_05,
    QWEN_15,
    T5_SMALL,
    DecoderShape,
    write_decoder,
    write_encoder_decoder,
)

LONGEST = 24 * 3600.0
"""Seconds no bench takes."""
SHAPES: dict[Shape, DecoderShape] = {"0.5B": QWEN_05, "1.5B": QWEN_15}
_MEASURED = {
    "fewshot": engine.fewshot,
    "zeroshot": engine.zeroshot,
    "t5": engine.t5,
    "python": engine.python,
    "contended": engine.contended,
}
_OTHER = {
    "method": method.figures,
    "continuations": continuations.figures,
    "learning": learning.figures,
}


def measure(
    areas: Sequence[str],
    rounds: int,
    native: Path | None,
    shape: Shape,
    models: Path | None = None,
    sizes: Sequence[int] = scale.SIZES,
    works: Collection[str] = (),
    project: Path | None = None,
) -> Iterator[tuple[str, Figure]]:
    """Measure these areas and yield (area, figure) as they are found; `models` has the real ones, `sizes` and
    `works` are those that growth is measured on, `project` is the one whose copy the screens show.

    Models with random weights are written into the user's cache (0.5B: 430 MB, 1.5B: 1.1 GB) and removed
    afterwards. QuorumError if `native` lacks a program, no real models are found or a measured process fails.
    """
    if "real" in areas:
        real.models_in(models)
    if native is not None:
        for name in ("llama-server", "llama-batched-bench"):
            program(native, name)
    with _machine(areas, rounds, native, shape) as machine:
        for area in areas:
            if area in _MEASURED:
                assert machine is not None
                figures = _MEASURED[area](machine)
            elif area == "real":
                figures = real.figures(rounds, native, models)
            elif area == "scale":
                figures = scale.figures(sizes, works)
            elif area == "ui":
                figures = ui.figures(rounds) if project is None else ui.of_project(project, rounds)
            elif area == "cluster":
                assert machine is not None
                figures = _on_a_cluster(machine)
            else:
                figures = _OTHER[area](rounds)
            for figure in figures:
                yield area, figure


def _on_a_cluster(machine: engine.Machine) -> Iterator[Figure]:
    from app.bench import cluster  # which needs Ray, an extra

    return cluster.figures(machine.decoder, machine.rounds)


@contextmanager
def _machine(
    areas: Sequence[str], rounds: int, native: Path | None, shape: Shape
) -> Iterator[engine.Machine | None]:
    """Write the model files that the areas need."""
    if not set(areas) & {*_MEASURED, "cluster"}:
        yield None
        return
    cache = platformdirs.user_cache_path("quorum", ensure_exists=True)
    _remove_left_behind(cache)
    with tempfile.TemporaryDirectory(prefix="bench-", dir=cache) as folder:
        decoder = Path(folder, "decoder.gguf")
        encoder_decoder = Path(folder, "encoder-decoder.gguf")
        if set(areas) - {"t5"}:
            write_decoder(decoder, SHAPES[shape])
        if "t5" in areas:
            write_encoder_decoder(encoder_decoder, T5_SMALL)
        yield engine.Machine(decoder, encoder_decoder, rounds, native)


def _remove_left_behind(cache: Path) -> None:
    """Remove the models of benches that were killed, which are as old as no bench that is going can be."""
    for folder in cache.glob("bench-*"):
        with suppress(OSError):
            if time.time() - folder.stat().st_mtime > LONGEST:
                shutil.rmtree(folder)
