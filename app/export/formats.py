"""The formats a row can take, by the exact field names of the programs that read them. Pure."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal, Protocol

from app.errors import ExportError
from app.export.pairs import Judgement, Pair, Ranking
from app.store.text import storable

Fields = dict[str, Any]
"""A row as it is written: keys in their order; values are strings, booleans, or lists and objects of them."""

Takes = Literal["answer", "pair", "judgement", "ranking"]


class Answered(Protocol):
    """A task with an answer, whoever wrote it."""

    @property
    def instruction(self) -> str:
        """The task."""

    @property
    def input(self) -> str:
        """What the task works on, empty where it needs nothing."""

    @property
    def output(self) -> str:
        """The answer."""

    @property
    def source(self) -> str:
        """The `source` of the seed tasks that the instruction comes from."""


@dataclass(frozen=True, slots=True)
class Form:
    """One form of a row.

    `build(what, system)` gives the fields; `what` is an `Answered`, or a `Pair`, `Judgement` or
    `Ranking` of `app.export.pairs`, as `takes` says. `system` says whether there is a place for a
    system prompt; `flat` whether every value is a text, so that a table of texts can hold it.
    """

    name: str
    about: str
    build: Callable[[Any, str], Fields]
    takes: Takes = "answer"
    system: bool = True
    flat: bool = True


def user_text(row: Answered) -> str:
    """Join instruction and input as one user message: the input on its own line, if there is one."""
    return storable(f"{row.instruction}\n{row.input}" if row.input else row.instruction)


def prompt_text(row: Answered, system: str) -> str:
    """Write the task as a text to continue, in one of Self-Instruct's own templates.

    The answer follows with a space before it: tokenisers then see the same pieces as when reading on.
    """
    parts = [text for text in (system, row.instruction, row.input) if text]
    return storable("\n\n".join(parts) + "\n\nOutput:")


def answer_text(output: str) -> str:
    """Write an answer as it follows `prompt_text`."""
    return storable(f" {output}")


def message(role: str, content: str) -> dict[str, str]:
    """Build one message of a conversation."""
    return {"role": role, "content": storable(content)}


def asked(row: Answered, system: str) -> list[dict[str, str]]:
    """Build the messages up to the answer."""
    opening = [message("system", system)] if system else []
    return [*opening, message("user", user_text(row))]


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


TEXT_FORMS = (
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


def messages(row: Answered, system: str) -> Fields:
    """Build `messages`, as TRL, axolotl's `chat_template` and the OpenAI format take them."""
    return {"messages": [*asked(row, system), message("assistant", row.output)]}


def prompt_completion(row: Answered, system: str) -> Fields:
    """Build TRL's conversational prompt and completion: the loss is on the completion alone."""
    return {"prompt": asked(row, system), "completion": [message("assistant", row.output)]}


def sharegpt(row: Answered, system: str) -> Fields:
    """Build ShareGPT's `conversations`; a system prompt is the first entry."""
    turns = [("human", user_text(row)), ("gpt", storable(row.output))]
    opening = [("system", storable(system))] if system else []
    return {"conversations": [{"from": who, "value": text} for who, text in (*opening, *turns)]}


CHAT_FORMS = (
    Form("messages", "chat messages: user, assistant", messages, flat=False),
    Form("prompt-completion", "chat messages, the answer apart", prompt_completion, flat=False),
    Form("sharegpt", "conversations of human and gpt", sharegpt, flat=False),
)


def dpo(pair: Pair, system: str) -> Fields:
    """Build TRL's conversational preference row with an explicit prompt."""
    return {
        "prompt": asked(pair.task, system),
        "chosen": [message("assistant", pair.chosen)],
        "rejected": [message("assistant", pair.rejected)],
    }


def dpo_text(pair: Pair, system: str) -> Fields:
    """Build TRL's preference row of plain texts."""
    return {
        "prompt": prompt_text(pair.task, system),
        "chosen": answer_text(pair.chosen),
        "rejected": answer_text(pair.rejected),
    }


def dpo_axolotl(pair: Pair, system: str) -> Fields:
    """Build the row of axolotl's `chatml.intel`."""
    opening = {"system": storable(system)} if system else {}
    return {
        **opening,
        "question": user_text(pair.task),
        "chosen": storable(pair.chosen),
        "rejected": storable(pair.rejected),
    }


def dpo_llama_factory(pair: Pair, system: str) -> Fields:
    """Build LLaMA-Factory's alpaca preference row, read with `"ranking": true`."""
    fields = {
        "instruction": storable(pair.task.instruction),
        "input": storable(pair.task.input),
        "chosen": storable(pair.chosen),
        "rejected": storable(pair.rejected),
    }
    return {**fields, "system": storable(system)} if system else fields


def kto(judged: Judgement, system: str) -> Fields:
    """Build TRL's conversational row for KTO: one answer and whether it is good."""
    return {
        "prompt": asked(judged.task, system),
        "completion": [message("assistant", judged.answer)],
        "label": judged.good,
    }


def kto_text(judged: Judgement, system: str) -> Fields:
    """Build TRL's row of plain texts for KTO."""
    return {
        "prompt": prompt_text(judged.task, system),
        "completion": answer_text(judged.answer),
        "label": judged.good,
    }


def ranked(ranking: Ranking, _system: str) -> Fields:
    """Build the row of axolotl's `zephyr.nectar`: every answer with its rank, 1 the best."""
    return {
        "prompt": user_text(ranking.task),
        "answers": [{"answer": storable(text), "rank": rank} for text, rank in ranking.answers],
    }


_PREFERENCES = (
    Form("dpo", "prompt, chosen, rejected as chat messages", dpo, "pair", flat=False),
    Form("dpo-text", "prompt, chosen, rejected as plain texts", dpo_text, "pair"),
    Form("dpo-axolotl", "question, chosen, rejected (chatml.intel)", dpo_axolotl, "pair"),
    Form("dpo-llama-factory", "instruction, input, chosen, rejected", dpo_llama_factory, "pair"),
    Form("kto", "prompt, completion, label as chat messages", kto, "judgement", flat=False),
    Form("kto-text", "prompt, completion, label as plain texts", kto_text, "judgement", flat=False),
    Form("ranked", "prompt, and every answer with its rank", ranked, "ranking", system=False, flat=False),
)


ROW_FORMS: dict[str, Form] = {form.name: form for form in (*TEXT_FORMS, *CHAT_FORMS)}
"""Forms that show an answer to imitate."""
PREFERENCE_FORMS: dict[str, Form] = {form.name: form for form in _PREFERENCES}
"""Forms that say which answer is better."""
FORMS: dict[str, Form] = {**ROW_FORMS, **PREFERENCE_FORMS}


def form_named(name: str) -> Form:
    """Return the form of that name. Raises ExportError where there is none."""
    if name not in FORMS:
        raise ExportError(f"{name!r} is not a known row format.", f"Choose one of: {', '.join(FORMS)}.")
    return FORMS[name]
