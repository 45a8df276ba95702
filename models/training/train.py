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
from pathlib import Path

import torch
from torch import nn

from . import batches
from .architectures import T5, Gpt2, Llama, Shape, build
from .tokenizers import BUILD, load_chat, load_spm

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
    return load_chat().get_vocab_size() if model == "chat" else load_spm(model).vocab_size()


def rate_factor(progress: float) -> float:
    """Return the share of the full learning rate after this share of the time."""
    return max(min(progress / WARM_UP, 1.0, (1.0 - progress) / DECAY), 0.0)


def optimizers(model: nn.Module, rate: float) -> list[torch.optim.Optimizer]:
    """Muon for the matrices inside the blocks, AdamW for embeddings, norms and biases."""
    inner = [p for name, p in model.named_parameters() if p.ndim == 2 and "." in name]
    outer = [p for name, p in model.named_parameters() if p.ndim != 2 or "." not in name]
    return [
        torch.optim.Muon(inner, lr=rate, weight_decay=0.03, adjust_lr_fn="match_rms_adamw"),
        torch.optim.AdamW(outer, lr=rate, betas=(0.9, 0.98), weight_decay=0.0, fused=True),
    ]


def save(path: Path, model: nn.Module, shape: Shape, state: dict[str, object]) -> None:
    """Write a checkpoint in one step, so that a reader never sees half of one."""
    part = path.with_suffix(".part")
    torch.save({"shape": shape, "weights": model.state_dict(), **state}, part)
    part.replace(path)


def load(path: Path) -> tuple[Llama | Gpt2 | T5, dict[str, object]]:
    """Read a checkpoint written by `save`; returns the network and the rest of its state."""
    state: dict[str, object] = torch.load(path, weights_only=False)
    shape = state["shape"]
    assert isinstance(shape, Shape)
    model = build(shape)
    model.load_state_dict(state["weights"])  # type: ignore[arg-type]
    return model, state


def train(name: str, minutes: float, resume: bool, start: Path | None, seed: int) -> None:
    """Run the training loop until the time is over."""
    path = BUILD / f"{name}.pt"
    model, state = load(path) if resume else (build(batches.SHAPES[name](vocabulary(name))), {})
    if start:
        from .pack import unpack

        model.load_state_dict(unpack(start))
    optims = optimizers(model, RATE[name])
    for optim, saved in zip(optims, state.get("optimizers", ()), strict=False):  # type: ignore[call-overload]
        optim.load_state_dict(saved)
    elapsed, tokens, step = (float(state.get(key, 0)) for key in ("elapsed", "tokens", "step"))  # type: ignore[arg-type]
    compiled = torch.compile(model, dynamic=False)
    size = sum(p.numel() for p in model.parameters())
    print(f"{name}: {size / 1e6:.2f} M parameters, {minutes:g} minutes, seed {seed}", flush=True)
    stopping: list[int] = []
    signal.signal(signal.SIGTERM, lambda number, frame: stopping.append(number))
    losses: list[float] = []
    logged = saved_at = last = time.monotonic()
    counted = 0
    for inputs, count in batches.batches(name, seed + int(step), TOKENS_PER_STEP[name]):
        factor = rate_factor(elapsed / (60 * minutes))
        for optim in optims:
            for group in optim.param_groups:
                group["lr"] = RATE[name] * factor
        loss = compiled(*inputs)
        loss.backward()
        for optim in optims:
            optim.step()
            optim.zero_grad(set_to_none=True)
        losses.append(loss.item())
        now = time.monotonic()
        # Compiling a new shape takes long and teaches nothing: it must not use up the schedule.
        elapsed += min(now - last, 5.0)
        last = now
        tokens, counted, step = tokens + count, counted + count, step + 1
        if now - logged >= LOG_SECONDS:
            print(
                f"{name} {elapsed / 60:6.1f} min step {step:6.0f} {tokens / 1e6:7.2f} M tokens "
                f"{counted / (now - logged):7.0f} tok/s rate {factor:.2f} "
                f"loss {sum(losses) / len(losses):.4f}",
                flush=True,
            )
            losses, logged, counted = [], now, 0
        done = elapsed >= 60 * minutes or bool(stopping)
        if done or now - saved_at >= CHECKPOINT_SECONDS:
            progress = {"elapsed": elapsed, "tokens": tokens, "step": step, "name": name}
            save(
                path, model, model.shape, progress | {"optimizers": [optim.state_dict() for optim in optims]}
            )
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
    given = parser.parse_args()
    if any(os.environ.get(key) != value for key, value in MEMORY.items()):
        arguments = [sys.executable, "-m", "models.training.train", *sys.argv[1:]]
        os.execve(sys.executable, arguments, os.environ | MEMORY)
    os.nice(10)
    torch.set_num_threads(1)
    torch._dynamo.config.recompile_limit = 32
    train(given.model, given.minutes, given.resume, given.start, given.seed)


if __name__ == "__main__":
    main()
