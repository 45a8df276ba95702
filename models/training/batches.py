"""Rows of token ids from documents, sorted by length into batches of a few fixed shapes.

Fixed shapes let the compiled network run without padding much. Every batch names the flat positions that
carry loss, always equally many for a shape; places left over are filled with recalled text at a low weight.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from . import documents
from .architectures import Shape
from .documents import LEARN, READ, RECALL
from .tokenizers import ASSISTANT, END, USER, load_chat, load_spm

Array = NDArray[Any]

RECALL_WEIGHT = {"writer": 0.35, "chat": 0.05, "t5": 0.0}
LEARN_SHARE = {"writer": 0.7, "chat": 0.35, "t5": 0.75}
"""Share of a batch's positions that carry loss."""

LENGTHS: dict[str, tuple[tuple[int, int], ...]] = {
    "writer": ((64, 0), (96, 0), (144, 0), (224, 0), (352, 0), (512, 0), (1008, 0)),
    "chat": ((22, 0), (28, 0), (36, 0), (56, 0), (112, 0)),
    "t5": ((16, 6), (24, 6), (32, 12), (20, 24), (48, 40), (96, 56)),
}
"""Row lengths (source and, for t5, answer) of the batches of each model."""

SHAPES = {
    "writer": lambda vocab: Shape("llama", vocab, 256, 5, 4, 640, 1024),
    "chat": lambda vocab: Shape("gpt2", vocab, 256, 4, 4, 1024, 512),
    "t5": lambda vocab: Shape("t5", vocab, 256, 3, 4, 640, 512, 3),
}


class Row(NamedTuple):
    """One training row; `uses[i]` says what predicting token `i` is worth; `answer` is t5's decoder side."""

    tokens: list[int]
    uses: list[int]
    answer: list[int]


def writer_rows(rng: random.Random) -> Iterator[Row]:
    """Yield rows of the writer: a document after the start token."""
    spm = load_spm("writer")
    encode = _remembering(spm.encode)
    for parts in documents.writer_documents(rng):
        tokens, uses = [spm.bos_id()], [READ]
        for part in parts:
            ids = encode(part.text)
            tokens += ids
            uses += [part.use] * len(ids)
        yield Row(tokens, uses, [])


def chat_rows(rng: random.Random) -> Iterator[Row]:
    """Yield rows of the chat model: one request and its answer in the chat template."""
    tokenizer = load_chat()
    user, assistant, end = (int(tokenizer.token_to_id(text) or 0) for text in (USER, ASSISTANT, END))
    encode = _remembering(lambda text: tokenizer.encode(text).ids)
    while True:
        item = documents.conversation(rng)
        request = encode(f" {item.instruction}") + (
            encode("\n") + encode(f" {item.input}") if item.input else []
        )
        answer = encode(f" {item.output}")
        uses = [READ] + [RECALL] * len(request) + [READ] + [LEARN] * (len(answer) + 1)
        yield Row([user, *request, assistant, *answer, end], uses, [])


def t5_rows(rng: random.Random) -> Iterator[Row]:
    """Yield rows of the t5 model: the request for the encoder, the answer for the decoder."""
    spm = load_spm("t5")
    encode = _remembering(spm.encode)
    while True:
        item = documents.conversation(rng)
        source = encode(item.instruction) + (encode(item.input) if item.input else [])
        answer = encode(item.output)
        yield Row([*source, 1], [LEARN] * (len(answer) + 1), [0, *answer, 1])


ROWS: dict[str, Callable[[random.Random], Iterator[Row]]] = {
    "writer": writer_rows,
    "chat": chat_rows,
    "t5": t5_rows,
}


def _remembering(encode: Callable[[str], list[int]]) -> Callable[[str], list[int]]:
    """Keep the results for short texts, which come again and again."""
    known: dict[str, list[int]] = {}

    def encode_once(text: str) -> list[int]:
        ids = known.get(text)
        if ids is None:
            ids = encode(text)
            if len(known) < 200_000:
                known[text] = ids
        return ids

    return encode_once


def batches(model: str, seed: int, tokens_per_step: int) -> Iterator[tuple[tuple[Tensor, ...], int]]:
    """Yield the arguments of the network's `forward` and the number of real tokens, without end."""
    waiting: list[list[Row]] = [[] for _ in LENGTHS[model]]
    noise = np.random.default_rng(seed)
    for row in ROWS[model](random.Random(seed)):
        place = _place(model, row)
        if place is None:
            continue
        waiting[place].append(row)
        length = LENGTHS[model][place]
        if len(waiting[place]) * sum(length) >= tokens_per_step:
            yield _batch(model, waiting[place], length, noise)
            waiting[place] = []


def _place(model: str, row: Row) -> int | None:
    """Return the first row length that holds the row (t5 predicts every answer token but its start)."""
    for place, (length, answer) in enumerate(LENGTHS[model]):
        if len(row.tokens) <= length + (model != "t5") and len(row.answer) - 1 <= answer:
            return place
    return None


def _batch(
    model: str, rows: list[Row], length: tuple[int, int], noise: np.random.Generator
) -> tuple[tuple[Tensor, ...], int]:
    """Pad the rows, choose the positions that carry loss and return the arguments of `forward`."""
    size, steps = length
    wide = steps or size
    source = np.zeros((len(rows), size), dtype=np.int64)
    answer, targets = np.zeros((2, len(rows), wide), dtype=np.int64)
    uses = np.full((len(rows), wide), READ)
    for number, row in enumerate(rows):
        if steps:
            source[number, : len(row.tokens)] = row.tokens
            answer[number, : len(row.answer) - 1] = row.answer[:-1]
            targets[number, : len(row.answer) - 1] = row.answer[1:]
            uses[number, : len(row.uses)] = row.uses
        else:
            source[number, : len(row.tokens) - 1] = row.tokens[:-1]
            targets[number, : len(row.tokens) - 1] = row.tokens[1:]
            uses[number, : len(row.uses) - 1] = row.uses[1:]
    where, weights = _positions(
        uses.ravel(), int(LEARN_SHARE[model] * uses.size), RECALL_WEIGHT[model], noise
    )
    loss = (where, targets.ravel()[where], weights.astype(np.float32))
    inputs: tuple[Array, ...] = (source,)
    if steps:
        inputs = (source, answer, np.array([len(row.tokens) for row in rows]))
    elif model == "chat":
        inputs = (source, _offsets(len(rows), size, noise)[:, None] + np.arange(size))
    count = sum(len(row.tokens) + len(row.answer) for row in rows)
    return tuple(torch.from_numpy(array) for array in (*inputs, *loss)), count


def _offsets(rows: int, size: int, noise: np.random.Generator) -> Array:
    """Let one row in eight start somewhere later, so that every learned position is trained."""
    moved = noise.random(rows) < 0.125
    return moved * noise.integers(0, 512 - size + 1, rows)


def _positions(uses: Array, count: int, recall: float, noise: np.random.Generator) -> tuple[Array, Array]:
    """Choose `count` positions: first those to learn, then recalled ones, then any at weight zero."""
    order = np.argsort(
        noise.random(uses.size) + np.where(uses == LEARN, 0.0, np.where(uses == RECALL, 1.0, 2.0))
    )
    where = np.sort(order[:count])
    return where, np.where(uses[where] == LEARN, 1.0, np.where(uses[where] == RECALL, recall, 0.0))
