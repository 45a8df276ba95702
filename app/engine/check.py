"""Try a model file: header, loading, chat template, one token, and a tiny prompt. App side."""

from __future__ import annotations

import time
from collections.abc import AsyncGenerator, Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from app.engine.calibration.record import chosen_settings, stored
from app.engine.calibration.runner import worth_calibrating
from app.engine.catalog import can_write, default_style
from app.engine.devices import find_devices
from app.engine.gguf import ModelHeader, read_header
from app.engine.machine import available_memory
from app.engine.memory import Residency, memory_needed, plan_residency
from app.engine.request import Completion, Message, Request, Sampling
from app.engine.settings import default_settings
from app.engine.state import EngineState
from app.engine.supervisor import Engine
from app.errors import ModelError
from app.method.terms import Style

QUESTION = "Name three colours."
EXAMPLES = (
    "Question: Name two animals.\nAnswer: A cat and a horse.\n\n"
    "Question: Name a fruit.\nAnswer: An apple.\n\n"
    f"Question: {QUESTION}\nAnswer:"
)
NEW_TOKENS = 48


@dataclass(frozen=True, slots=True)
class Step:
    """One step that succeeded: its name, what was found, and what the model wrote (foreign texts)."""

    name: str
    result: str
    text: str = ""


async def check(
    path: Path,
    *,
    headless: bool,
    on_state: Callable[[EngineState], None] | None = None,
    worker_command: Sequence[str] | None = None,
) -> AsyncGenerator[Step, None]:
    """Yield the steps one by one; the one that fails raises ModelError.

    `on_state` hears how far loading is. The model runs in a process of its own, which is gone when the
    iteration ends; close the iterator (`contextlib.aclosing`) when leaving it early.
    """
    header = read_header(path)
    yield Step("header", facts(header))
    residency = await _plan(header, headless=headless)
    yield Step("memory", residency.line())
    [settings] = residency.settings
    engine = Engine(path, settings=settings, on_state=on_state, worker_command=worker_command)
    started = time.monotonic()
    try:
        await engine.start()
        held = f", {engine.state.memory_bytes / 1e9:.1f} GB held" if engine.state.memory_bytes else ""
        yield Step("loading", f"{time.monotonic() - started:.1f} seconds{held}, one token decoded")
        yield Step("template", template(header))
        completion = await engine.complete(prompt(default_style(header)))
        if completion.ended == "error":
            raise ModelError(f"{header.path.name} cannot answer: {completion.error}")
        yield Step("answer", speed(completion), completion.text.strip() or completion.thinking.strip())
    finally:
        await engine.close()


async def _plan(header: ModelHeader, *, headless: bool) -> Residency:
    """Decide how the model is loaded, as for a run; ModelError, with figures, where it does not fit."""
    devices = await find_devices()
    settings = chosen_settings(header, headless=headless, gpu=bool(devices.gpus))
    return plan_residency([(header, settings)], free=available_memory(), gpus=devices.gpus)


def facts(header: ModelHeader) -> str:
    """Say what a header says, in one line."""
    billions, millions = header.parameters / 1e9, header.parameters / 1e6
    weights = f"{billions:.1f} billion" if billions >= 1 else f"{millions:.1f} million"
    return (
        f"{header.architecture}, {header.quantisation}, {weights} weights, "
        f"context {header.context_length:,}, vocabulary {header.vocab_size:,}"
    )


def roles(header: ModelHeader) -> str:
    """Say what a model can do in a run."""
    return f"writer, answerer ({default_style(header)})" if can_write(header) else "answerer (zero-shot)"


def fit(header: ModelHeader, *, headless: bool) -> tuple[str, bool]:
    """Say how much memory a model needs at its default settings and how much is free, and whether it fits."""
    settings = default_settings(header, headless=headless)
    needed, free = memory_needed(header, settings), available_memory()
    return f"needs {needed / 1e9:.1f} GB of memory, {free / 1e9:.1f} GB are free", needed <= free


def calibration(header: ModelHeader) -> str:
    """Say what was measured to be fastest for a model on this machine."""
    calibration = stored(header, gpu=True) or stored(header)
    if calibration is not None:
        return calibration.line()
    if not worth_calibrating(header):
        return "the defaults: too small a model to gain from measuring"
    return "the defaults: not measured yet, the first run with it does so"


def template(header: ModelHeader) -> str:
    """Say how the model is asked."""
    if header.encoder_decoder:
        return "none needed: an encoder-decoder is asked plainly"
    return "its own chat template renders" if header.has_chat_template else "no chat template: few-shot"


def prompt(style: Style) -> Request:
    """Return a tiny prompt in the form this kind of model is asked in."""
    sampling = Sampling(max_new_tokens=NEW_TOKENS, max_thinking_tokens=NEW_TOKENS)
    if style == "chat":
        return Request("check", messages=(Message("user", QUESTION),), sampling=sampling)
    if style == "zero-shot":
        return Request("check", tail=QUESTION, sampling=sampling)
    few_shot = Sampling(max_new_tokens=NEW_TOKENS, stop=("\n",))
    return Request("check", tail=EXAMPLES, sampling=few_shot)


def speed(completion: Completion) -> str:
    """Say how much was written and how fast."""
    rate = completion.tokens / completion.seconds if completion.seconds > 0 else 0.0
    ended = {"end": "its own end", "stop": "the end of the line", "length": "the limit"}
    thought = ", all of them thoughts" if completion.only_thinking else ""
    return (
        f"{completion.tokens} tokens from a prompt of {completion.prompt_tokens}, {rate:.1f} a second, "
        f"up to {ended.get(completion.ended, completion.ended)}{thought}"
    )
