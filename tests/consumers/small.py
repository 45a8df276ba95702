"""A decided project, and a small model with its own tokenizer: nothing is fetched from anywhere."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from datasets import Dataset, load_dataset
from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers
from transformers import LlamaConfig, LlamaForCausalLM, PreTrainedTokenizerFast

from app.export.request import request
from app.export.write import export
from app.store import decisions
from app.store.connection import Connection
from app.store.project import Project
from app.store.review_state import ItemDecision
from tests.store.material import add_item, start_run

NUMBERS = (
    *("zero", "one", "two", "three", "four", "five", "six"),
    *("seven", "eight", "nine", "ten", "eleven", "twelve"),
)
# ChatML with generation marks, so that losses on the answer alone have something to go by.
TEMPLATE = """{% for message in messages %}<|im_start|>{{ message['role'] }}
{% if message['role'] == 'assistant' %}{% generation %}{{ message['content'] }}<|im_end|>{% endgeneration %}
{% else %}{{ message['content'] }}<|im_end|>
{% endif %}{% endfor %}{% if add_generation_prompt %}<|im_start|>assistant
{% endif %}"""

Loaded = Callable[..., Dataset]


@pytest.fixture(scope="session")
def project(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """Seventy-two tasks of arithmetic in words: two of three accepted, the others rejected."""

    def change(c: Connection) -> None:
        run = start_run(c)
        for at in range(72):
            first, other = at % 6, at // 6 % 6
            verb, result = ("Add", first + other) if at < 36 else ("Multiply", min(first * other, 12))
            task = f"{verb} {NUMBERS[first]} and the number."
            item = add_item(c, run, f"{task} ({at})", NUMBERS[other], (NUMBERS[result], "many", "few"))
            decisions.decide(c, "ann", "reject" if at % 3 == 2 else "accept", [ItemDecision(item.id)])

    made = Project.open(tmp_path_factory.mktemp("consumed") / "a.db", create=True)
    made.write_now(change)
    return made


@pytest.fixture
def loaded(project: Project, tmp_path: Path) -> Loaded:
    """Export in a format and load the file as the trainers' own examples do."""

    def load(format: str, **wanted: Any) -> Dataset:
        path = export(project, tmp_path / f"{format}.jsonl", request(format, **wanted), force=True).path
        found = load_dataset("json", data_files=str(path), split="train", cache_dir=str(tmp_path / "cache"))
        assert isinstance(found, Dataset)
        return found

    return load


@pytest.fixture(scope="session")
def tokenizer() -> PreTrainedTokenizerFast:
    """A byte-level tokenizer, so that every text comes back as it was."""
    made = Tokenizer(models.BPE())
    made.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    made.decoder = decoders.ByteLevel()
    special = ["<|pad|>", "<|im_start|>", "<|im_end|>"]
    alphabet = pre_tokenizers.ByteLevel.alphabet()
    made.train_from_iterator(
        [f"{number} and" for number in NUMBERS] * 4,
        trainers.BpeTrainer(vocab_size=400, special_tokens=special, initial_alphabet=alphabet),
    )
    fast = PreTrainedTokenizerFast(tokenizer_object=made, pad_token="<|pad|>", eos_token="<|im_end|>")
    fast.chat_template = TEMPLATE
    return fast


@pytest.fixture
def model(tokenizer: PreTrainedTokenizerFast) -> LlamaForCausalLM:
    """A Llama of about a hundred thousand weights."""
    import torch

    torch.manual_seed(0)
    return LlamaForCausalLM(
        LlamaConfig(
            vocab_size=len(tokenizer),
            hidden_size=64,
            intermediate_size=128,
            num_hidden_layers=2,
            num_attention_heads=4,
            max_position_embeddings=256,
            pad_token_id=tokenizer.pad_token_id,
            eos_token_id=tokenizer.eos_token_id,
        )
    )
