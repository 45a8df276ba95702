"""How much memory a model takes, from its header alone, and which models of a run stay together. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from app.engine.gguf import ModelHeader
from app.engine.settings import ENCODER_TOKENS, PREFIXES, Settings
from app.errors import ModelError

BATCH = 512
"""Tokens a decoder-only model computes in one call."""
PADDING = 256  # llama.cpp rounds the context up to this
KV_BUDGET = 256 * 2**20
SCRATCH = 64 * 2**20
"""What a worker takes before it has a model: Python, numpy, llama.cpp's own code and tables."""
STACK = 16 * 2**20
"""What a thread may map for its stack and buffers."""
TOKEN_TABLES = 320  # bytes a vocabulary entry takes in llama.cpp's tables and ours


@dataclass(frozen=True, slots=True)
class Footprint:
    """Bytes a loaded model takes: `mapped` and `private` main memory, and `gpu` memory.

    `mapped` are weights used where the file lies in the page cache, one copy for all workers of the file.
    """

    mapped: int
    private: int
    gpu: int

    @property
    def main(self) -> int:
        """All it takes of the main memory."""
        return self.mapped + self.private


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


def batch_tokens(header: ModelHeader, settings: Settings) -> int:
    """Return how many tokens one call of the model may have.

    An encoder reads all its tokens in one piece; llama.cpp aborts if they do not fit.
    """
    size = max(settings.context, ENCODER_TOKENS) if header.encoder_decoder else BATCH
    return min(size, kv_cells(header, settings))


def all_layers(header: ModelHeader) -> int:
    """Return how many layers can go to a GPU: the blocks and, as one more, the output."""
    return header.block_count + 1


def footprint(header: ModelHeader, settings: Settings) -> Footprint:
    """Estimate what this model takes when loaded with these settings, an upper estimate.

    llama.cpp puts the last `gpu_layers` layers on the GPU, the output first of all, with their share of
    cache and states. Layers with a sliding window count in full, as they are kept in full: sequences that
    borrow a prefix hold its oldest tokens too. Weights copied into another layout count twice.
    """
    layers = all_layers(header)
    moved = layers if settings.gpu_layers < 0 else min(settings.gpu_layers, layers)
    blocks = max(moved - 1, 0)
    share = blocks / header.block_count
    block_bytes = max(header.size - header.input_bytes, 0)
    if not header.tied_output:
        block_bytes = max(block_bytes - header.output_bytes, 0)
    gpu_weights = round(block_bytes * share) + (header.output_bytes if moved else 0)
    # The weights of the first layer of all, the input's, never leave the main memory.
    kept = header.size - round(block_bytes * share)
    if moved and not header.tied_output:
        kept -= header.output_bytes

    cache = kv_cells(header, settings) * kv_cell_bytes(header)
    states = header.state_bytes * (settings.parallel + PREFIXES)
    gpu_cache = round((cache + states) * share)
    computing = _compute_bytes(header, settings)
    fixed = SCRATCH + TOKEN_TABLES * header.vocab_size + _logits_bytes(header, settings)
    private = (kept if settings.repack else 0) + cache + states - gpu_cache + computing + fixed
    return Footprint(mapped=kept, private=private, gpu=gpu_weights + gpu_cache + computing if moved else 0)


def memory_needed(header: ModelHeader, settings: Settings) -> int:
    """Estimate the bytes of main memory this model takes when loaded without a GPU."""
    return footprint(header, replace(settings, gpu_layers=0)).main


def loading_allowance(header: ModelHeader, settings: Settings) -> int:
    """Return the bytes of its own, mapped weights apart, beyond which a model is not what its header says.

    Twice the estimate and the weights, of which llama.cpp copies some into another layout where it sees
    fit, and 1 GiB. Layers meant for a GPU count as well: a llama.cpp without one keeps them here.
    """
    own = footprint(header, replace(settings, gpu_layers=0)).private
    return 2 * (own + header.size) + settings.threads * STACK + 2**30


def _logits_bytes(header: ModelHeader, settings: Settings) -> int:
    """Return the size of one call's results: a row of logits per sequence."""
    return (settings.parallel + PREFIXES) * header.vocab_size * 4


def _compute_bytes(header: ModelHeader, settings: Settings) -> int:
    """Estimate llama.cpp's buffer for one full batch over a full cache.

    Without flash attention every head has a score for each pair of batch and cache token; an
    encoder-decoder's position bias has the same size, and again their sum.
    """
    tokens, cells = batch_tokens(header, settings), kv_cells(header, settings)
    pairs = tokens * cells if header.kv_heads else 0
    hidden = 4 * tokens * (3 * header.feed_forward + 4 * header.embedding_length)
    if header.encoder_decoder:
        attention = 4 * pairs * (2 + 3 * header.head_count)
    elif settings.flash_attention or settings.gpu_layers:
        return 2 * pairs + hidden + _logits_bytes(header, settings)
    else:
        attention = 4 * pairs * (1 + header.head_count)
    return max(attention, hidden) + 4 * tokens * header.embedding_length + _logits_bytes(header, settings)


GPU_RESERVE = 512 * 2**20
"""Left free on every GPU: its driver's own needs and whatever else draws on it."""


@dataclass(frozen=True, slots=True)
class Gpu:
    """A graphics processor llama.cpp can use; memory in bytes; `name` is foreign text.

    `shared` means that its memory is the machine's main memory.
    """

    name: str
    free: int
    total: int
    shared: bool = False


@dataclass(frozen=True, slots=True)
class Residency:
    """How the models of a run are loaded; all sizes in bytes.

    `settings` are one per model, GPU layers decided. `needed` is what is taken at any one time: by all
    models together, or by the largest when they take turns; `together_needed` by all in either case.
    """

    settings: tuple[Settings, ...]
    together: bool
    needed: int
    together_needed: int
    free: int
    gpu_needed: int = 0
    gpu_free: int = 0

    def line(self) -> str:
        """Say it in one line: what is needed, what is free, how the models are loaded."""
        text = f"needs {_gb(self.needed)} of {_gb(self.free)} GB free, "
        if self.together:
            text += "loaded together" if len(self.settings) > 1 else "one model"
        else:
            text += f"taking turns (together they would need {_gb(self.together_needed)} GB)"
        if self.gpu_needed:
            text += f"; {_gb(self.gpu_needed)} of {_gb(self.gpu_free)} GB on the GPU"
        return text


def plan_residency(
    models: Sequence[tuple[ModelHeader, Settings]],
    *,
    free: int,
    gpus: Sequence[Gpu] = (),
    gpu_layers: int | None = None,
) -> Residency:
    """Decide how these models, each named once, are loaded into `free` bytes of main memory and these GPUs.

    `gpu_layers` is how many layers of each model go to the GPU, None for all that fit. Models stay loaded
    together if that costs none of them a GPU layer it would have alone, else they take turns. ModelError,
    with figures, when even one of them alone does not fit.
    """
    room = sum(max(gpu.free - GPU_RESERVE, 0) for gpu in gpus)
    shared = any(gpu.shared for gpu in gpus)
    alone = [_with_gpu(header, settings, room, gpu_layers) for header, settings in models]
    headers = [header for header, _ in models]
    prints = [footprint(header, settings) for header, settings in zip(headers, alone, strict=True)]
    for header, settings, taken in zip(headers, alone, prints, strict=True):
        _check(header, settings, taken, free=free, room=room, shared=shared)
    all_main, all_gpu = sum(_main(taken, shared) for taken in prints), sum(taken.gpu for taken in prints)
    together = all_main <= free and all_gpu <= room
    return Residency(
        settings=tuple(alone),
        together=together,
        needed=all_main if together else max(_main(taken, shared) for taken in prints),
        together_needed=all_main,
        free=free,
        gpu_needed=all_gpu if together else max(taken.gpu for taken in prints),
        gpu_free=sum(gpu.free for gpu in gpus),
    )


def _with_gpu(header: ModelHeader, settings: Settings, room: int, wanted: int | None) -> Settings:
    """Give a model the GPU layers that were asked for, or as many as fit into `room`; none without a GPU."""
    if not room:
        return replace(settings, gpu_layers=0)
    if wanted is not None:
        return replace(settings, gpu_layers=min(wanted, all_layers(header)))
    for layers in range(all_layers(header), 0, -1):
        tried = replace(settings, gpu_layers=layers)
        if footprint(header, tried).gpu <= room:
            return tried
    return replace(settings, gpu_layers=0)


def _check(
    header: ModelHeader, settings: Settings, taken: Footprint, *, free: int, room: int, shared: bool
) -> None:
    """Refuse a model that does not fit alone."""
    if taken.gpu > room:
        raise ModelError(
            f"{header.path.name} needs {_gb(taken.gpu)} GB on the GPU with {settings.gpu_layers} of "
            f"{all_layers(header)} layers there, and {_gb(room)} GB can be used.",
            "Ask for fewer layers, or for --gpu-layers auto.",
        )
    main = _main(taken, shared)
    if main > free:
        raise ModelError(
            f"{header.path.name} needs {_gb(main)} GB of memory, and {_gb(free)} GB are free.",
            "Choose a smaller model or a smaller quantisation of it, or end other programs.",
        )


def _main(taken: Footprint, shared: bool) -> int:
    return taken.main + (taken.gpu if shared else 0)


def _gb(octets: int) -> str:
    return f"{octets / 1e9:.1f}"
