"""Which models of a run stay in memory together and how much of each goes to the GPU. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from app.engine.gguf import ModelHeader
from app.engine.memory import Footprint, all_layers, footprint
from app.engine.settings import Settings
from app.errors import ModelError

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
    """Decide how these models are loaded into `free` bytes of main memory and these GPUs.

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
    all_main, all_gpu = _sum_main(headers, prints, shared), sum(taken.gpu for taken in prints)
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


def _sum_main(headers: Sequence[ModelHeader], prints: Sequence[Footprint], shared: bool) -> int:
    """Add up what all take of the main memory; a file in two roles is mapped once."""
    mapped: dict[object, int] = {}
    for header, taken in zip(headers, prints, strict=True):
        mapped[header.path] = max(taken.mapped, mapped.get(header.path, 0))
    return sum(mapped.values()) + sum(_main(taken, shared) - taken.mapped for taken in prints)


def _gb(octets: int) -> str:
    return f"{octets / 1e9:.1f}"
