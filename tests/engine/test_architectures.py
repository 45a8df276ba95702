"""Models whose memory is not a plain cache: recurrent, hybrid and with a sliding window."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import llama_cpp
import numpy as np
import pytest

from app.engine.gguf import read_header
from app.engine.request import Completion, Request, Sampling
from app.engine.settings import PREFIXES
from app.engine.worker.decoder import Decoder
from app.engine.worker.loading import LoadedModel
from app.engine.worker.runner import INTERRUPTED, Hooks
from tests.engine import tiny_architectures
from tests.engine.conftest import QUIET, TOLERANCE, load_here, logits, run_all

FAMILIES = {
    "recurrent": tiny_architectures.recurrent,
    "hybrid": tiny_architectures.hybrid,
    "sliding window": tiny_architectures.sliding_window,
}
SHARED = "Come up with a series of tasks:\n1. Name a colour of the sky. |EoS|\n2. Count to ten. |EoS|\n"
GREEDY = Sampling(max_new_tokens=20, min_new_tokens=8)


@pytest.fixture(params=FAMILIES.values(), ids=FAMILIES.keys())
def loaded(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[LoadedModel]:
    write: Callable[[Path], Path] = request.param
    model = load_here(write(tmp_path / "tiny.gguf"), context=256, parallel=4)
    yield model
    model.close()


def requests(*, shared: bool = True) -> list[Request]:
    tails = [f"{number}. Write {'very ' * (number % 5)}short things about {number}." for number in range(14)]
    if shared:
        return [Request(tail, SHARED, tail, None, GREEDY) for tail in tails]
    return [Request(tail, "", SHARED + tail, None, GREEDY) for tail in tails]


def texts(finished: dict[str, Completion]) -> dict[str, tuple[str, str, int]]:
    return {name: (item.text, item.ended, item.tokens) for name, item in finished.items()}


def one_by_one(loaded: LoadedModel, asked: list[Request]) -> dict[str, tuple[str, str, int]]:
    finished: dict[str, Completion] = {}
    for request in asked:
        loaded.forget()
        finished |= run_all(Decoder(loaded, QUIET), [request])
    loaded.forget()
    return texts(finished)


def test_batched_greedy_is_one_at_a_time_greedy(loaded: LoadedModel) -> None:
    alone = one_by_one(loaded, requests(shared=False))
    assert len({text for text, _, _ in alone.values()}) > 7  # what came before decides what comes next
    assert texts(run_all(Decoder(loaded, QUIET), requests(shared=False))) == alone
    loaded.forget()
    # With a shared prefix, in slots that are refilled, and again from the prefix that is kept.
    decoder = Decoder(loaded, QUIET)
    assert texts(run_all(decoder, requests())) == alone
    assert texts(run_all(decoder, requests())) == alone


def test_a_kept_prefix_is_not_computed_again(loaded: LoadedModel) -> None:
    calls: list[int] = []
    decoder = Decoder(loaded, Hooks(taking=lambda _id: None, calling=calls.append))
    run_all(decoder, requests())
    first, calls[:] = sum(calls), []
    run_all(decoder, requests())
    prefix = len(loaded.vocab.tokenise(SHARED))
    assert first - sum(calls) >= prefix - 2


def test_a_lent_prefix_gives_the_logits_of_one_computed_in_place(loaded: LoadedModel) -> None:
    """The same cells are read, so only the kernels' choice by batch shape may differ."""
    tokens = loaded.vocab.tokenise(SHARED + "3.")
    whole = logits(loaded, 0, tokens, 0)
    loaded.forget()
    logits(loaded, 5, tokens[:-3], 0)
    loaded.lend(5, 1)
    lent = logits(loaded, 1, tokens[-3:], len(tokens) - 3)
    assert np.abs(whole - lent).max() <= TOLERANCE * np.abs(whole).max()
    assert whole.argmax() == lent.argmax()


def test_a_call_that_is_interrupted_now_and_then_changes_no_text(loaded: LoadedModel) -> None:
    alone = one_by_one(loaded, requests(shared=False))
    decoder = Decoder(loaded, QUIET)
    for request in requests():
        decoder.submit(request)
    finished: dict[str, Completion] = {}
    interrupted = 0
    for step in range(10_000):
        if not decoder.busy:
            break
        if step in (0, 1, 5, 30):  # in the prefix, in prompts, among single tokens
            loaded.interruption.set()
            interrupted += 1
            assert decoder.step() == []
            loaded.interruption.clear()
        finished |= {item.id: item for item in decoder.step()}
    assert texts(finished) == alone and interrupted == 4


def test_what_kind_of_memory_a_model_has_is_known(tmp_path: Path) -> None:
    kinds = {}
    for name, write in FAMILIES.items():
        path = write(tmp_path / f"{name}.gguf")
        header = read_header(path)
        model = load_here(path, context=256, parallel=2)
        kinds[name] = (model.keeps_state, header.state_bytes > 0, header.kv_heads)
        model.close()
    assert kinds == {
        "recurrent": (True, True, 0),
        "hybrid": (True, True, 4),
        "sliding window": (False, False, 4),
    }


def test_a_recurrent_state_is_as_large_as_the_header_says(tmp_path: Path) -> None:
    path = tiny_architectures.recurrent(tmp_path / "mamba.gguf")
    model = load_here(path, context=256, parallel=2)
    prefix = model.parallel + PREFIXES - 1
    empty = llama_cpp.llama_state_seq_get_size(model.context, prefix)
    run_all(Decoder(model, QUIET), requests()[:1])
    native = llama_cpp.llama_state_seq_get_size(model.context, prefix) - empty
    model.close()
    assert 0 <= native - read_header(path).state_bytes < 1024


def test_an_interruption_from_another_thread_ends_a_call(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tiny_architectures.sliding_window(tmp_path / "tiny.gguf")
    model = load_here(path, context=512, parallel=1)
    decoder = Decoder(model, QUIET)
    decoder.submit(Request("long", "", "x" * 100, None, replace(GREEDY, max_new_tokens=900)))
    codes: list[int] = []
    decode = LoadedModel.decode
    monkeypatch.setattr(
        LoadedModel, "decode", lambda self, batch: codes.append(decode(self, batch)) or codes[-1]
    )
    thread = threading.Thread(target=model.interruption.set)
    thread.start()
    while INTERRUPTED not in codes:
        decoder.step()
    thread.join()
    model.interruption.clear()
    finished = run_all(decoder, [])
    model.close()
    assert finished["long"].ended == "length" and codes.count(0) > 1
