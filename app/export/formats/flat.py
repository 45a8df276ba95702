"""Forms whose rows are a few texts side by side."""

from __future__ import annotations

from app.export.formats.form import Answered, Fields, Form, answer_text, prompt_text, user_text
from app.store.text import storable


def alpaca(row: Answered, system: str) -> Fields:
    """Build the fields of the Stanford Alpaca data; an empty input is an empty string.

    A system prompt goes into `system`, as LLaMA-Factory reads it.
    """
    fields = ensemble_instruct(row, "")
    return {**fields, "system": storable(system)} if system else fields


def ensemble_instruct(row: Answered, _system: str) -> Fields:
    """Build the fields of the Ensemble-Instruct data."""
    return {
        "instruction": storable(row.instruction),
        "input": storable(row.input),
        "output": storable(row.output),
    }


def self_instruct(row: Answered, system: str) -> Fields:
    """Build prompt and completion as texts, as Self-Instruct's fine-tuning data has them.

    Its `<|endoftext|>` is left out: trainers add the end mark of the model they train.
    """
    return {"prompt": prompt_text(row, system), "completion": answer_text(row.output)}


def lamini(row: Answered, _system: str) -> Fields:
    """Build the fields of the LaMini data: instruction and input in one text, and where it comes from."""
    return {
        "instruction": user_text(row),
        "response": storable(row.output),
        "instruction_source": storable(row.source),
    }


FORMS = (
    Form("alpaca-jsonl", "instruction, input, output", alpaca),
    Form("alpaca", "the same as one JSON array", alpaca),
    Form(
        "ensemble-instruct",
        "instruction, input, output (no system)",
        ensemble_instruct,
        system=False,
    ),
    Form("self-instruct", "prompt, completion as plain texts", self_instruct),
    Form("lamini", "instruction, response, instruction_source", lamini, system=False),
)
