"""How a model is loaded and run on this machine: the knobs of llama.cpp that change speed and memory."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

from app.engine.gguf import ModelHeader
from app.engine.machine import has_amx, threads_for

DEFAULT_CONTEXT = 4096
DECODER_PARALLEL = 8
ENCDEC_PARALLEL = 16
MOST_PARALLEL = 128
PREFIXES = 4  # sequences kept for shared prefixes, in addition to those being generated
ENCODER_TOKENS = 512  # the encoder's cost grows with the square of all tokens it reads at once
REPACKED = frozenset({"Q4_0", "IQ4_NL"})
ALL_LAYERS = -1


@dataclass(frozen=True, slots=True)
class Settings:
    """What a worker loads a model with.

    `context` is tokens per sequence (prompt and answer together), `parallel` sequences generated at once.
    `repack` lets llama.cpp keep the weights in a second layout made for this processor. `gpu_layers` is how
    many layers go to the GPU, `ALL_LAYERS` for every one; a CPU-only llama.cpp ignores it. `exact` generates
    one sequence at a time, each as if it were alone, so that its text does not depend on what else is asked:
    the size of a batch, and where in the cache a text lies, move the last digits of what is computed.
    """

    context: int
    parallel: int
    threads: int
    flash_attention: bool
    repack: bool
    gpu_layers: int = ALL_LAYERS
    exact: bool = False

    def to_json(self) -> dict[str, Any]:
        """Turn the settings into plain JSON values."""
        return asdict(self)

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> Settings:
        """Build settings from what `to_json` made; TypeError, KeyError or ValueError otherwise."""
        return cls(
            context=int(values["context"]),
            parallel=int(values["parallel"]),
            threads=int(values["threads"]),
            flash_attention=bool(values["flash_attention"]),
            repack=bool(values["repack"]),
            gpu_layers=int(values["gpu_layers"]),
            exact=bool(values["exact"]),
        )


def exact(settings: Settings) -> Settings:
    """Return the settings with which a text depends on its own request alone, one sequence at a time."""
    return replace(settings, parallel=1, exact=True)


def default_settings(
    header: ModelHeader,
    *,
    headless: bool,
    context: int | None = None,
    parallel: int | None = None,
) -> Settings:
    """Choose settings for a model nothing was measured about.

    On the processor flash attention pays for an encoder's groups and costs a quarter with a long shared
    prefix; a second layout of the weights pays for two quantisations, and costs the others a private copy of
    the file. On processors with AMX that layout is made for its tiles, and llama.cpp crashes with it at the
    first token (seen with llama-cpp-python 0.3.36 on Q4_0 and Q8_0).
    """
    return Settings(
        context=usable_context(header, context),
        parallel=usable_parallel(header, parallel),
        threads=threads_for(header.size, headless=headless),
        flash_attention=header.encoder_decoder,
        repack=header.quantisation in REPACKED and not has_amx(),
    )


def usable_context(header: ModelHeader, context: int | None = None) -> int:
    """Return how many tokens one sequence may have, prompt and answer together.

    Never more than the model was trained for: learned position tables end there, and text beyond it is
    nonsense from the others.
    """
    wanted = DEFAULT_CONTEXT if context is None else max(context, 1)
    if header.encoder_decoder and context is None:
        wanted = 2 * ENCODER_TOKENS
    return min(wanted, header.context_length)


def usable_parallel(header: ModelHeader, parallel: int | None = None) -> int:
    """Return how many sequences are generated at once (1 … MOST_PARALLEL)."""
    default = ENCDEC_PARALLEL if header.encoder_decoder else DECODER_PARALLEL
    return min(max(parallel or default, 1), MOST_PARALLEL)
