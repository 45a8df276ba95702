"""A small student: the bundled writer, tuned on the rows of one arm to answer a task as it stands.

The writer knows the world's language and most of its answers; it is the base model here. Every student begins
with its weights, sees as many rows once, in an order of its own, and only the answers carry loss.
"""

from __future__ import annotations

import random
import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import gguf
import torch
import torch.nn.functional as F
from gguf import GGMLQuantizationType
from torch import Tensor

from models.training import architectures, documents
from models.training.accuracy import MODELS
from models.training.architectures import Llama, Shape, build, product
from models.training.asking import answer_all
from models.training.runtime import Model
from models.training.weights import fuse, gguf_name, unpack
from models.training.world import Item

BASE = MODELS / "quorum-writer.q8_0.gguf"
SHAPE = Shape("llama", 3072, 256, 5, 4, 640, 1024)
ROWS_PER_STEP = 16
RATE = 5e-4
WARM_UP = 0.1
"""Share of the steps over which the learning rate rises; from there on it falls to 0."""
Row = tuple[list[int], int]
"""The tokens of prompt and answer, and how many of them are the prompt's."""


def prompt(item: Item) -> str:
    """Return what a student is asked: the writer's own prompt without any worked example."""
    return documents.block_prompt("A", [], item.instruction, item.input)


def trained_and_asked(rows: Sequence[Item], seed: int, tested: Sequence[Item]) -> list[str]:
    """Train a student on rows, and return its answers to the tasks of the test."""
    network = trained(rows, seed)
    with TemporaryDirectory() as folder:
        path = Path(folder) / "student.gguf"
        pack(network, path)
        return answer_all(path, [prompt(item) for item in tested])


def base_asked(tested: Sequence[Item]) -> list[str]:
    """Return what the writer answers to the same prompts before any training."""
    return answer_all(BASE, [prompt(item) for item in tested])


def trained(rows: Sequence[Item], seed: int) -> Llama:
    """Train a student on rows, in an order that the seed gives."""
    torch.manual_seed(seed)
    torch.set_num_threads(1)
    architectures.PRECISION = torch.float32  # bf16 is slower where a processor has no unit for it
    network = build(SHAPE)
    assert isinstance(network, Llama)
    network.load_state_dict(unpack(BASE))
    optimizer = torch.optim.AdamW(network.parameters(), lr=RATE, betas=(0.9, 0.98), weight_decay=0.0)
    batches = list(_batches(_encoded(rows), seed))
    for step, batch in enumerate(batches):
        progress = (step + 1) / len(batches)
        for group in optimizer.param_groups:
            group["lr"] = RATE * min(progress / WARM_UP, (1 - progress) / (1 - WARM_UP) + 0.01)
        loss = _loss(network, batch)
        loss.backward()
        optimizer.step()
        optimizer.zero_grad(set_to_none=True)
    return network


def _encoded(rows: Sequence[Item]) -> list[Row]:
    """Cut rows into tokens by llama.cpp, with the vocabulary of the base model."""
    model = Model(BASE)
    try:
        return [
            (model.tokens(f"{asked} {item.output}\n{documents.END}"), len(model.tokens(asked)))
            for item in rows
            for asked in [prompt(item)]
        ]
    finally:
        model.close()


def _batches(rows: Sequence[Row], seed: int) -> Iterator[Sequence[Row]]:
    """Yield all rows once, those of about a length together, in a random order of batches."""
    rng = random.Random(seed)
    order = sorted(rows, key=lambda row: (len(row[0]), rng.random()))
    batches = [order[at : at + ROWS_PER_STEP] for at in range(0, len(order), ROWS_PER_STEP)]
    rng.shuffle(batches)
    yield from batches


def _loss(network: Llama, rows: Sequence[Row]) -> Tensor:
    """Return the mean loss of the answers' tokens."""
    longest = max(len(tokens) for tokens, _ in rows)
    padded = torch.tensor([tokens + [0] * (longest - len(tokens)) for tokens, _ in rows])
    answers = torch.tensor([[begin <= at < len(tokens) for at in range(longest)] for tokens, begin in rows])
    states = network.states(padded[:, :-1])[answers[:, 1:]]
    return F.cross_entropy(product(states, network.embed).float(), padded[:, 1:][answers[:, 1:]])


def pack(network: Llama, path: Path) -> None:
    """Write a student as the base model's file with other weights in it."""
    shutil.copy(BASE, path)
    reader: Any = gguf.GGUFReader(path, "r+")
    tensors = {tensor.name: tensor for tensor in reader.tensors}
    for own, weight in fuse(network.state_dict(), network.shape).items():
        tensor, array = tensors[gguf_name("llama", own)], weight.detach().float().numpy()
        if tensor.tensor_type == GGMLQuantizationType.Q8_0:
            tensor.data[:] = gguf.quants.quantize(array, GGMLQuantizationType.Q8_0)
        else:
            tensor.data[:] = array.reshape(tensor.data.shape)
    reader.data.flush()
