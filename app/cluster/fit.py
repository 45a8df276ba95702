"""What a replica of each model takes of a cluster, as Ray counts it, and whether all fit at once. Pure."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

from app.engine.gguf import ModelHeader
from app.engine.machine import SMALL_MODEL
from app.engine.memory import GPU_RESERVE, footprint
from app.engine.settings import ALL_LAYERS, Settings
from app.errors import ModelError


@dataclass(frozen=True, slots=True)
class NodeRoom:
    """What a node offers: Ray's counts, and the memory of its smallest GPU that llama.cpp can use (or 0)."""

    name: str
    cpus: float
    gpus: float
    memory: float
    gpu_memory: int = 0


@dataclass(frozen=True, slots=True)
class Share:
    """What a replica takes: processors, GPUs (a part of one, or whole ones), bytes of main memory."""

    cpus: float
    gpus: float
    memory: int

    def words(self) -> str:
        """Say it for a person."""
        gpus = f", {self.gpus:g} GPU" if self.gpus else ""
        return f"{self.cpus:g} CPU{gpus}, {self.memory / 1e9:.1f} GB of memory"


@dataclass(frozen=True, slots=True)
class Need:
    """What a model needs: its file's size, main memory without a GPU, and with all its layers on one: main
    memory and GPU memory; all in bytes. `name` is foreign.
    """

    name: str
    size: int
    memory: int
    host: int
    gpu: int


def need_of(header: ModelHeader, settings: Settings) -> Need:
    """Return what a model needs with these settings."""
    without = footprint(header, replace(settings, gpu_layers=0))
    with_gpu = footprint(header, replace(settings, gpu_layers=ALL_LAYERS))
    return Need(header.path.name, header.size, without.main, with_gpu.main, with_gpu.gpu)


def shares(nodes: Sequence[NodeRoom], needs: Sequence[Need], gpu_layers: int | None = None) -> list[Share]:
    """Return what a replica of each model takes; ModelError with figures for one that fits on no node.

    A model goes to GPUs where some node has the memory for all its layers there. The processors are divided
    so that all models fit at once where that is possible; a small model takes one, or a part of one where
    there are fewer than models.
    """
    if not nodes:
        raise ModelError("The cluster has no node that could load a model.", "Start one: `ray start`.")
    return [_share(nodes, need, len(needs), gpu_layers) for need in needs]


def _share(nodes: Sequence[NodeRoom], need: Need, models: int, gpu_layers: int | None) -> Share:
    if gpu_layers != 0 and (gpus := _gpus(nodes, need.gpu)):
        share = Share(1, gpus, need.host)
        if any(fits(share, node) for node in nodes):
            return share
    largest = max(node.memory for node in nodes)
    able = [node for node in nodes if node.memory >= need.memory and node.cpus > 0]
    if not able:
        raise ModelError(
            f"{need.name} needs {need.memory / 1e9:.1f} GB of memory, and the largest node of the cluster "
            f"offers {largest / 1e9:.1f} GB.",
            "Choose a smaller model or a smaller quantisation of it, or add a larger node.",
        )
    smallest, each = min(node.cpus for node in able), sum(node.cpus for node in nodes) / models
    cpus = min(smallest, each, 1.0 if need.size < SMALL_MODEL else each)
    return Share(float(int(cpus)) if cpus >= 1 else math.floor(cpus * 100) / 100, 0, need.memory)


def _gpus(nodes: Sequence[NodeRoom], needed: int) -> float:
    """Return the GPUs that a model takes with all its layers there; 0 if no node has them."""
    for node in sorted(nodes, key=lambda node: node.gpu_memory):
        room = node.gpu_memory - GPU_RESERVE
        if room <= 0 or not node.gpus:
            continue
        share = needed / room
        gpus = math.ceil(share) if share > 0.5 else math.ceil(share * 100) / 100
        if gpus <= node.gpus:
            return float(gpus)
    return 0.0


def fits(share: Share, node: NodeRoom) -> bool:
    """Say whether a replica finds room on an empty node."""
    return share.cpus <= node.cpus and share.gpus <= node.gpus and share.memory <= node.memory


def together(nodes: Sequence[NodeRoom], wanted: Sequence[Share]) -> bool:
    """Say whether one replica of each finds room at the same time, the largest placed first."""
    left = list(nodes)
    for share in sorted(wanted, key=lambda share: (share.gpus, share.memory, share.cpus), reverse=True):
        at = next((at for at, node in enumerate(left) if fits(share, node)), None)
        if at is None:
            return False
        node = left[at]
        left[at] = replace(
            node, cpus=node.cpus - share.cpus, gpus=node.gpus - share.gpus, memory=node.memory - share.memory
        )
    return True


def copies(nodes: Sequence[NodeRoom], share: Share) -> int:
    """Say how many replicas of a model an empty cluster has room for."""

    def on(node: NodeRoom) -> int:
        rooms = [node.cpus / share.cpus, node.memory / max(share.memory, 1)]
        rooms += [node.gpus / share.gpus] if share.gpus else []
        return int(min(rooms))

    return sum(on(node) for node in nodes)
