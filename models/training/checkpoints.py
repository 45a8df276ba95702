"""Checkpoints of a training: a network with the state that going on with it needs."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import torch

from .architectures import T5, Gpt2, Llama, build

Network = Llama | Gpt2 | T5


def save(path: Path, network: Network, state: dict[str, Any]) -> None:
    """Write a checkpoint in one step, so that a reader never sees half of one."""
    part = path.with_suffix(".part")
    torch.save({"shape": network.shape, "weights": network.state_dict(), **state}, part)
    part.replace(path)


def load(path: Path) -> tuple[Network, dict[str, Any]]:
    """Read a checkpoint written by `save`; returns the network and the rest of its state."""
    state: dict[str, Any] = torch.load(path, weights_only=False)
    network = build(state.pop("shape"))
    network.load_state_dict(state.pop("weights"))
    return network, state
