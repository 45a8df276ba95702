"""The formats a row can take, by the exact field names of the programs that read them. Pure."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Literal, Protocol

from app.errors import ExportError
from app.export.pairs import Judgement, Pair, Ranking
from app.method.turns import Turn, in_lines, pairs_of, system_of
from app.store.text import storable

Fields = dict[str, Any]
"""A row as it is written: keys in their order; values are strings, booleans, or lists and objects of them."""

Takes = Literal["answer", "pair", "judgement", "ranking"]
Earlier = Literal["all", "pairs", "system", "none"]
"""Which turns before a task a form can carry: all, a system message and pairs of user and assistant, a system
message alone, or none."""


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

    @property
    def turns(self) -> tuple[Turn, ...]:
        """What was said before the task, a system message of its own among it."""


@dataclass(frozen=True, slots=True)
class Form:
    """One form of a row.

    `build(what, system)` gives the fields; `what` is an `Answered`, or a `Pair`, `Judgement` or
    `Ranking` of `app.export.pairs`, as `takes` says. `system` says whether there is a place for a
    system prompt; `flat` whether every value is a text, so that a table of texts can hold it. A task's own
    system message goes before the one that is asked for.
    """

    name: str
    about: str
    build: Callable[[Any, str], Fields]
    takes: Takes = "answer"
    system: bool = True
    flat: bool = True
    earlier: Earlier = "none"

    def loses(self, turns: Sequence[Turn]) -> bool:
        """Say whether turns before a task are more than the form can carry."""
        if self.earlier == "all" or not turns:
            return False
        pairs = pairs_of(turns)
        return pairs is None or (bool(pairs) and self.earlier == "system") or self.earlier == "none"


def user_text(row: Answered) -> str:
    """Join instruction and input as one user message: the input on its own line, if there is one."""
    return storable(f"{row.instruction}\n{row.input}" if row.input else row.instruction)


def prompt_text(row: Answered, system: str) -> str:
    """Write the task as a text to continue, in one of Self-Instruct's own templates.

    The answer follows with a space before it: tokenisers then see the same pieces as when reading on.
    """
    earlier = (in_lines(row.turns).rstrip(),) if row.turns else ()
    opening = "" if system_of(row.turns) else system
    parts = [text for text in (opening, *earlier, row.instruction, row.input) if text]
    return storable("\n\n".join(parts) + "\n\nOutput:")


def answer_text(output: str) -> str:
    """Write an answer as it follows `prompt_text`."""
    return storable(f" {output}")


def message(role: str, content: str) -> dict[str, str]:
    """Build one message of a conversation."""
    return {"role": role, "content": storable(content)}


def asked(row: Answered, system: str) -> list[dict[str, str]]:
    """Build the messages up to the answer."""
    return [message(turn.role, turn.text) for turn in _turns(row, system)] + [message("user", user_text(row))]


def _turns(row: Answered, system: str) -> list[Turn]:
    """Return what stands before the task, opened by its own system message or else by `system`."""
    opening = [Turn("system", system)] if system and not system_of(row.turns) else []
    return [*opening, *row.turns]


def _before(row: Answered, system: str) -> Fields:
    """Build `system` and `history` as LLaMA-Factory reads them, where there is something to say."""
    own, pairs = system_of(row.turns) or system, pairs_of(row.turns)
    fields: Fields = {"system": storable(own)} if own else {}
    if pairs:
        fields["history"] = [[storable(text) for text in pair] for pair in pairs]
    return fields


def alpaca(row: Answered, system: str) -> Fields:
    """Build the fields of the Stanford Alpaca data; an empty input is an empty string.

    A system prompt goes into `system`, turns before the task into `history`, as LLaMA-Factory reads them.
    """
    return {**ensemble_instruct(row, ""), **_before(row, system)}


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
    Form("alpaca-jsonl", "instruction, input, output", alpaca, earlier="pairs"),
    Form("alpaca", "the same as one JSON array", alpaca, earlier="pairs"),
    Form(
        "ensemble-instruct",
        "instruction, input, output (no system)",
        ensemble_instruct,
        system=False,
    ),
    Form("self-instruct", "prompt, completion as plain texts", self_instruct, earlier="all"),
    Form("lamini", "instruction, response, instruction_source", lamini, system=False),
)


def messages(row: Answered, system: str) -> Fields:
    """Build `messages`, as TRL, axolotl's `chat_template` and the OpenAI format take them."""
    return {"messages": [*asked(row, system), message("assistant", row.output)]}


def prompt_completion(row: Answered, system: str) -> Fields:
    """Build TRL's conversational prompt and completion: the loss is on the completion alone."""
    return {"prompt": asked(row, system), "completion": [message("assistant", row.output)]}


_SHAREGPT = {"system": "system", "user": "human", "assistant": "gpt"}


def sharegpt(row: Answered, system: str) -> Fields:
    """Build ShareGPT's `conversations`; a system prompt is the first entry."""
    turns = [*_turns(row, system), Turn("user", user_text(row)), Turn("assistant", row.output)]
    return {"conversations": [{"from": _SHAREGPT[turn.role], "value": storable(turn.text)} for turn in turns]}


CHAT_FORMS = (
    Form("messages", "chat messages: user, assistant", messages, flat=False, earlier="all"),
    Form(
        "prompt-completion", "chat messages, the answer apart", prompt_completion, flat=False, earlier="all"
    ),
    Form("sharegpt", "conversations of human and gpt", sharegpt, flat=False, earlier="all"),
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
    own = system_of(pair.task.turns) or system
    opening = {"system": storable(own)} if own else {}
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
    return {**fields, **_before(pair.task, system)}


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
    Form("dpo", "prompt, chosen, rejected as chat messages", dpo, "pair", flat=False, earlier="all"),
    Form("dpo-text", "prompt, chosen, rejected as plain texts", dpo_text, "pair", earlier="all"),
    Form("dpo-axolotl", "question, chosen, rejected (chatml.intel)", dpo_axolotl, "pair", earlier="system"),
    Form(
        "dpo-llama-factory",
        "instruction, input, chosen, rejected",
        dpo_llama_factory,
        "pair",
        earlier="pairs",
    ),
    Form("kto", "prompt, completion, label as chat messages", kto, "judgement", flat=False, earlier="all"),
    Form(
        "kto-text",
        "prompt, completion, label as plain texts",
        kto_text,
        "judgement",
        flat=False,
        earlier="all",
    ),
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
