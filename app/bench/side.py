"""One side of a comparison, in a process of its own: loads a model, then does the rounds it is asked for.

Run as `python -m app.bench.side`. The first line on standard input says what to be (`Spec`), each further
one holds the requests of a round; each is answered with one line: a `Sample`. Sides measure themselves, so
that what the parent does costs none of them anything.
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import llama_cpp

from app.bench.process import Sample, Spec
from app.engine.request import Request, request_from_json, request_to_json
from app.engine.worker.decoder import Decoder
from app.engine.worker.encdec import EncoderDecoder
from app.engine.worker.loading import LoadedModel, load
from app.engine.worker.runner import Hooks, Runner

Round = Callable[[Sequence[Request]], tuple[int, list[str]]]


def main() -> None:
    """Serve rounds until standard input ends."""
    spec = Spec.from_json(json.loads(sys.stdin.readline()))
    answers = os.fdopen(os.dup(1), "w", encoding="ascii")
    os.dup2(2, 1)  # whatever llama.cpp prints goes elsewhere
    os.nice(spec.niceness)
    inside = _Inside()
    work = _ENGINES[spec.way](spec)
    print("ready", file=answers, flush=True)
    for line in sys.stdin:
        requests = [request_from_json(values) for values in json.loads(line)]
        inside.seconds = 0.0
        cpu, wall = time.process_time(), time.perf_counter()
        tokens, texts = work(requests)
        sample = Sample(
            tokens, time.process_time() - cpu, time.perf_counter() - wall, inside.seconds, tuple(texts)
        )
        print(json.dumps(sample.to_json()), file=answers, flush=True)


class _Inside:
    """Adds up the CPU-seconds spent in llama.cpp's own calls; the rest is Python's share."""

    def __init__(self) -> None:
        self.seconds = 0.0
        for name in ("llama_decode", "llama_encode", "llama_synchronize"):
            setattr(llama_cpp, name, self._timed(getattr(llama_cpp, name)))

    def _timed(self, call: Callable[..., Any]) -> Callable[..., Any]:
        def timed(*arguments: Any) -> Any:
            began = time.process_time()
            try:
                return call(*arguments)
            finally:
                self.seconds += time.process_time() - began

        return timed


def _engine(spec: Spec) -> Round:
    """Quorum's engine, without the pipe but with the words that go through it."""
    loaded = load(Path(spec.model), spec.settings, lambda _step, _fraction: None)
    runner = _runner(loaded)

    def work(requests: Sequence[Request]) -> tuple[int, list[str]]:
        for request in requests:
            runner.submit(request_from_json(json.loads(json.dumps(request_to_json(request)))))
        tokens, texts = 0, []
        while runner.busy:
            for completion in runner.step():
                if completion.ended == "error":
                    raise RuntimeError(completion.error)
                tokens += completion.tokens
                texts.append(completion.text)
        return tokens, texts

    return work


def _runner(loaded: LoadedModel) -> Runner:
    hooks = Hooks(taking=lambda _item: None, calling=lambda _tokens: None)
    return EncoderDecoder(loaded, hooks) if loaded.encodes else Decoder(loaded, hooks)


def _naive(spec: Spec) -> Round:
    """One `Llama.create_completion` after the other; with its own reuse of the prefix if `spec` says so."""
    settings, defaults = spec.settings, llama_cpp.llama_model_default_params

    def params() -> Any:
        values = defaults()
        values.use_extra_bufts = settings.repack  # like for like; `Llama` has no option for it
        return values

    llama_cpp.llama_cpp.llama_model_default_params = llama_cpp.llama_model_default_params = params
    llama = llama_cpp.Llama(
        spec.model,
        n_ctx=settings.context,
        n_threads=settings.threads,
        n_threads_batch=settings.threads,
        verbose=False,
    )

    def work(requests: Sequence[Request]) -> tuple[int, list[str]]:
        tokens, texts = 0, []
        for request in requests:
            if spec.way == "naive":
                llama.reset()  # type: ignore[no-untyped-call]
            done: Any = llama.create_completion(
                request.prefix + request.tail,
                max_tokens=request.sampling.max_new_tokens,
                temperature=0.0,
                stop=list(request.sampling.stop),
            )
            tokens += done["usage"]["completion_tokens"]
            texts.append(done["choices"][0]["text"])
        return tokens, texts

    return work


_ENGINES: dict[str, Callable[[Spec], Round]] = {"engine": _engine, "naive": _naive, "naive_cached": _naive}

if __name__ == "__main__":
    main()
