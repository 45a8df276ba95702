"""What TRL and transformers make of the exports: their own preparation, and a short training.

All passed with TRL 1.16.0, transformers 5.23.0, datasets 5.2.0, torch 2.13.0+cpu and Python 3.11.7; the
training's loss went from 4.33 (mean of steps 1 to 10) to 1.53 (steps 31 to 40).
"""

from __future__ import annotations

from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
from transformers import LlamaForCausalLM, PreTrainedTokenizerFast
from trl import DPOConfig, DPOTrainer, KTOConfig, KTOTrainer, SFTConfig, SFTTrainer

from tests.consumers.small import Loaded

PLAIN: dict[str, Any] = {
    "use_cpu": True,
    "bf16": False,
    "gradient_checkpointing": False,
    "report_to": "none",
    "save_strategy": "no",
    "disable_tqdm": True,
    "seed": 1,
}


def sft(
    model: LlamaForCausalLM, tokenizer: PreTrainedTokenizerFast, data: Any, out: Path, **more: Any
) -> Any:
    arguments = SFTConfig(output_dir=str(out), **{**PLAIN, **more})
    return SFTTrainer(model, args=arguments, train_dataset=data, processing_class=tokenizer)


def in_loss(row: dict[str, list[int]]) -> list[int]:
    """Return the tokens of a prepared row that count for the loss."""
    return [token for token, label in zip(row["input_ids"], row["labels"], strict=True) if label != -100]


@pytest.mark.parametrize("system", ["", "Answer in one word."])
def test_a_chat_template_renders_every_message(
    loaded: Loaded, tokenizer: PreTrainedTokenizerFast, system: str
) -> None:
    for row in loaded("messages", system=system):
        text = tokenizer.apply_chat_template(row["messages"], tokenize=False)
        contents = [message["content"] for message in row["messages"]]
        assert len(contents) == (3 if system else 2)
        assert text.count("<|im_start|>") == len(contents) and all(content in text for content in contents)


def test_sft_prepares_messages_with_the_loss_where_it_is_asked_for(
    loaded: Loaded, tokenizer: PreTrainedTokenizerFast, model: LlamaForCausalLM, tmp_path: Path
) -> None:
    data = loaded("messages")
    prepared = sft(model, tokenizer, data, tmp_path, assistant_only_loss=True).train_dataset
    assert len(prepared) == len(data) == 48
    for row, own in zip(prepared, data, strict=True):
        assert tokenizer.decode(in_loss(row)) == own["messages"][-1]["content"] + "<|im_end|>"


def test_sft_prepares_prompt_and_completion_with_the_loss_on_the_completion(
    loaded: Loaded, tokenizer: PreTrainedTokenizerFast, model: LlamaForCausalLM, tmp_path: Path
) -> None:
    data = loaded("prompt-completion")
    for row, own in zip(sft(model, tokenizer, data, tmp_path).train_dataset, data, strict=True):
        answer = tokenizer.decode(in_loss(row))
        assert answer.startswith(own["completion"][0]["content"] + "<|im_end|>")
        assert own["prompt"][0]["content"] in tokenizer.decode(row["input_ids"]).removesuffix(answer)


def test_sft_joins_plain_texts_as_they_stand(
    loaded: Loaded, tokenizer: PreTrainedTokenizerFast, model: LlamaForCausalLM, tmp_path: Path
) -> None:
    data = loaded("self-instruct")
    for row, own in zip(sft(model, tokenizer, data, tmp_path).train_dataset, data, strict=True):
        assert tokenizer.decode(row["input_ids"]) == own["prompt"] + own["completion"] + "<|im_end|>"


@pytest.mark.parametrize("format", ["dpo", "dpo-text"])
def test_dpo_prepares_prompt_chosen_and_rejected(
    loaded: Loaded, tokenizer: PreTrainedTokenizerFast, model: LlamaForCausalLM, tmp_path: Path, format: str
) -> None:
    data = loaded(format)
    arguments = DPOConfig(output_dir=str(tmp_path), **PLAIN)
    trainer = DPOTrainer(
        model, deepcopy(model), args=arguments, train_dataset=data, processing_class=tokenizer
    )
    assert len(trainer.train_dataset) == len(data) == 48
    for row, own in zip(trainer.train_dataset, data, strict=True):
        for name in ("chosen", "rejected"):
            text = own[name] if isinstance(own[name], str) else own[name][0]["content"]
            assert tokenizer.decode(row[f"{name}_ids"]).startswith(text)
    trainer.args.max_steps = 1
    assert trainer.train().training_loss > 0


@pytest.mark.parametrize("format", ["kto", "kto-text"])
def test_kto_prepares_both_verdicts(
    loaded: Loaded, tokenizer: PreTrainedTokenizerFast, model: LlamaForCausalLM, tmp_path: Path, format: str
) -> None:
    data = loaded(format)
    arguments = KTOConfig(output_dir=str(tmp_path), per_device_train_batch_size=4, max_steps=1, **PLAIN)
    trainer = KTOTrainer(
        model, deepcopy(model), args=arguments, train_dataset=data, processing_class=tokenizer
    )
    assert sum(trainer.train_dataset["label"]) == 48 and len(trainer.train_dataset) == len(data) == 72
    assert trainer.train().training_loss > 0


def test_a_small_model_learns_from_an_export(
    loaded: Loaded, tokenizer: PreTrainedTokenizerFast, model: LlamaForCausalLM, tmp_path: Path
) -> None:
    trainer = sft(
        *(model, tokenizer, loaded("messages", seed=1), tmp_path),
        max_steps=40,
        per_device_train_batch_size=8,
        learning_rate=3e-3,
        logging_steps=10,
        assistant_only_loss=True,
    )
    trainer.train()
    losses = [entry["loss"] for entry in trainer.state.log_history if "loss" in entry]
    assert len(losses) == 4 and losses[-1] < 0.7 * losses[0]
