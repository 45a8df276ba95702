"""What "same seed, same text" holds for: the same requests, there at the same time, in the same worker."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest

from app.engine.request import Request, Sampling
from app.engine.worker.decoder import Decoder
from app.engine.worker.encdec import EncoderDecoder
from app.engine.worker.loading import LoadedModel
from tests.engine.conftest import QUIET, run_all
from tests.engine.worker.test_decoder import QUESTIONS, texts

SAMPLED = Sampling(temperature=1.0, top_k=50, max_new_tokens=24)
WORDS = [f"1. {question}\n2." for question in QUESTIONS]


def requests(prefix: str, count: int = 24) -> list[Request]:
    return [
        Request(f"r{n}", prefix, WORDS[n % len(WORDS)], sampling=SAMPLED, seed=n + 1) for n in range(count)
    ]


@pytest.mark.parametrize("prefix", ["", "Come up with different tasks. Every task is short:\n" * 3])
def test_the_same_list_gives_the_same_texts_in_a_decoder(writer: LoadedModel, prefix: str) -> None:
    def written(asked: list[Request]) -> dict[str, object]:
        writer.forget()
        return dict(texts(run_all(Decoder(writer, QUIET), asked)))

    first = written(requests(prefix))
    assert written(requests(prefix)) == first
    assert written([replace(request, seed=request.seed + 1000) for request in requests(prefix)]) != first


def test_the_same_list_gives_the_same_texts_in_an_encoder_decoder(t5: LoadedModel) -> None:
    first = texts(run_all(EncoderDecoder(t5, QUIET), requests("")))
    assert texts(run_all(EncoderDecoder(t5, QUIET), requests(""))) == first


def test_requests_are_taken_in_the_order_they_came(writer: LoadedModel) -> None:
    writer.forget()
    taken: list[str] = []
    asked = requests("")
    random.Random(1).shuffle(asked)
    run_all(Decoder(writer, replace(QUIET, taking=taken.append)), asked)
    assert taken == [request.id for request in asked]
