"""Train one of the three models by the clock: `python -m models.training.train writer --minutes 85`.

The learning rate warms up, stays flat and falls linearly over the last third of the given minutes. A
checkpoint is written to `build/training/` every few minutes and when the process is asked to end (SIGTERM);
`--resume` goes on from it (its minutes count), `--start` begins with the weights of a packed GGUF. One thread
per process; Muon updates the matrices, AdamW the rest.
"""

from __future__ import annotations

import argparse
import os
import signal
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from . import batches
from .architectures import build
from .checkpoints import Network, load, save
from .tokenizers import BUILD, load_chat, load_spm
from .weights import unpack

RATE = {"writer": 3e-3, "chat": 3e-3, "t5": 1.5e-3}
TOKENS_PER_STEP = {"writer": 8192, "chat": 6144, "t5": 8192}
WARM_UP, DECAY = 0.02, 0.34
"""Shares of the whole time."""
CHECKPOINT_SECONDS, LOG_SECONDS = 240.0, 30.0
MEMORY = {
    # Large buffers stay in the process: fresh pages from the system cost a third of the time of a step.
    "MALLOC_MMAP_THRESHOLD_": "8589934592",
    "MALLOC_TRIM_THRESHOLD_": "17179869184",
    "MALLOC_TOP_PAD_": "268435456",
    "GLIBC_TUNABLES": "glibc.malloc.hugetlb=1",
}


def vocabulary(model: str) -> int:
    """Return the size of the model's tokenizer."""
    return int(load_chat().get_vocab_size() if model == "chat" else load_spm(model).vocab_size())


def rate_factor(progress: float) -> float:
    """Return the share of the full learning rate after this share of the time."""
    return max(min(progress / WARM_UP, 1.0, (1.0 - progress) / DECAY), 0.0)


def optimizers(network: nn.Module, rate: float) -> list[torch.optim.Optimizer]:
    """Muon for the matrices inside the blocks, AdamW for embeddings, norms and biases."""
    inner = [p for name, p in network.named_parameters() if p.ndim == 2 and "." in name]
    outer = [p for name, p in network.named_parameters() if p.ndim != 2 or "." not in name]
    return [
        torch.optim.Muon(inner, lr=rate, weight_decay=0.03, adjust_lr_fn="match_rms_adamw"),
        torch.optim.AdamW(outer, lr=rate, betas=(0.9, 0.98), weight_decay=0.0, fused=True),
    ]


@dataclass
class Progress:
    """How far the training of a model is: seconds of training, tokens read and steps made."""

    name: str
    elapsed: float = 0.0
    tokens: float = 0.0
    step: float = 0.0

    def state(self) -> dict[str, Any]:
        """Return what a checkpoint keeps of it."""
        return {"elapsed": self.elapsed, "tokens": self.tokens, "step": self.step, "name": self.name}


@dataclass
class Log:
    """Prints a line about the training every `LOG_SECONDS`."""

    since: float
    tokens: int = 0
    losses: list[float] = field(default_factory=list)

    def add(self, progress: Progress, loss: float, tokens: int, factor: float) -> None:
        """Note one step, and print a line when it is time."""
        self.losses.append(loss)
        self.tokens += tokens
        now = time.monotonic()
        if now - self.since < LOG_SECONDS:
            return
        print(
            f"{progress.name} {progress.elapsed / 60:6.1f} min step {progress.step:6.0f} "
            f"{progress.tokens / 1e6:7.2f} M tokens {self.tokens / (now - self.since):7.0f} tok/s "
            f"rate {factor:.2f} loss {sum(self.losses) / len(self.losses):.4f}",
            flush=True,
        )
        self.since, self.tokens, self.losses = now, 0, []


def begin(
    name: str, resume: bool, start: Path | None
) -> tuple[Network, list[torch.optim.Optimizer], Progress]:
    """Return the network, fresh or from a checkpoint or packed file, its optimizers and its progress."""
    if resume:
        network, state = load(BUILD / f"{name}.pt")
    else:
        network, state = build(batches.SHAPES[name](vocabulary(name))), {}
    if start:
        network.load_state_dict(unpack(start))
    optims = optimizers(network, RATE[name])
    for optim, saved in zip(optims, state.get("optimizers", ()), strict=False):
        optim.load_state_dict(saved)
    progress = {key: float(state.get(key, 0)) for key in ("elapsed", "tokens", "step")}
    return network, optims, Progress(name, **progress)


def update(
    compiled: nn.Module, optims: list[torch.optim.Optimizer], inputs: tuple[Tensor, ...], rate: float
) -> float:
    """Make one step at the learning rate and return the loss before it."""
    for optim in optims:
        for group in optim.param_groups:
            group["lr"] = rate
    loss = compiled(*inputs)
    loss.backward()
    for optim in optims:
        optim.step()
        optim.zero_grad(set_to_none=True)
    return float(loss.item())


def train(name: str, minutes: float, resume: bool, start: Path | None, seed: int) -> None:
    """Run the training loop until the time is over."""
    network, optims, progress = begin(name, resume, start)
    compiled = torch.compile(network, dynamic=False)
    size = sum(p.numel() for p in network.parameters())
    print(f"{name}: {size / 1e6:.2f} M parameters, {minutes:g} minutes, seed {seed}", flush=True)
    stopping: list[int] = []
    signal.signal(signal.SIGTERM, lambda number, frame: stopping.append(number))
    saved_at = last = time.monotonic()
    log = Log(last)
    for inputs, count in batches.batches(name, seed + int(progress.step), TOKENS_PER_STEP[name]):
        factor = rate_factor(progress.elapsed / (60 * minutes))
        loss = update(compiled, optims, inputs, RATE[name] * factor)
        now = time.monotonic()
        # Compiling a new shape takes long and teaches nothing: it must not use up the schedule.
        progress.elapsed += min(now - last, 5.0)
        last = now
        progress.tokens += count
        progress.step += 1
        log.add(progress, loss, count, factor)
        done = progress.elapsed >= 60 * minutes or bool(stopping)
        if done or now - saved_at >= CHECKPOINT_SECONDS:
            states = [optim.state_dict() for optim in optims]
            save(BUILD / f"{name}.pt", network, progress.state() | {"optimizers": states})
            saved_at = now
        if done:
            return


def main() -> None:
    """Read the command line, settle the process and train."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("model", choices=sorted(batches.SHAPES))
    parser.add_argument("--minutes", type=float, default=85.0)
    parser.add_argument("--resume", action="store_true")
    parser.add_argument("--start", type=Path, help="a packed GGUF to begin with")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    if any(os.environ.get(key) != value for key, value in MEMORY.items()):
        arguments = [sys.executable, "-m", "models.training.train", *sys.argv[1:]]
        os.execve(sys.executable, arguments, os.environ | MEMORY)
    os.nice(10)
    torch.set_num_threads(1)
    torch._dynamo.config.recompile_limit = 32
    train(options.model, options.minutes, options.resume, options.start, options.seed)


if __name__ == "__main__":
    main()
