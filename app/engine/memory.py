"""How much memory a model takes when it is loaded, from its header alone."""

from __future__ import annotations

from app.engine.gguf import ModelHeader
from app.engine.settings import ENCODER_TOKENS, PREFIXES, Settings

PADDING = 256  # llama.cpp rounds the context up to this
KV_BUDGET = 256 * 2**20
SCRATCH = 96 * 2**20


def kv_cell_bytes(header: ModelHeader) -> int:
    """Return the bytes that one kept token takes in the cache (16-bit floats)."""
    return 2 * header.kv_heads * (header.key_length + header.value_length)


def kv_cells(header: ModelHeader, settings: Settings) -> int:
    """Return the size of the shared cache in tokens, a multiple of 256.

    Every sequence at full length if that is cheap; else as many as the larger of 256 MiB and a quarter of
    the weights can hold, but never fewer than one sequence needs. Admission keeps within it.
    """
    budget = max(KV_BUDGET, header.size // 4)
    affordable = budget // max(kv_cell_bytes(header), 1)
    cells = max(settings.context, min(settings.parallel * settings.context, affordable))
    if header.encoder_decoder:
        cells = max(cells, ENCODER_TOKENS)  # the encoder's batch may not exceed it
    return -(-cells // PADDING) * PADDING


def memory_needed(header: ModelHeader, settings: Settings) -> int:
    """Estimate the bytes this model takes when loaded: weights, cache, state, scratch space.

    An upper estimate: layers with a sliding window are counted in full, and weights that llama.cpp copies
    into another layout are counted twice.
    """
    weights = header.size * (2 if settings.repack else 1)
    cache = kv_cells(header, settings) * kv_cell_bytes(header)
    outputs = (ENCODER_TOKENS if header.encoder_decoder else settings.parallel) * header.vocab_size * 4
    activations = 512 * header.embedding_length * 4 * 8
    states = header.state_bytes * (settings.parallel + PREFIXES)
    return weights + cache + states + outputs + activations + SCRATCH
