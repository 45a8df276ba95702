"""Forms whose rows say which answer is better."""

from __future__ import annotations

from app.export.formats.form import Fields, Form, answer_text, asked, message, prompt_text, user_text
from app.export.pairs import Judgement, Pair, Ranking
from app.store.text import storable


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


FORMS = (
    Form("dpo", "prompt, chosen, rejected as chat messages", dpo, "pair", flat=False),
    Form("dpo-text", "prompt, chosen, rejected as plain texts", dpo_text, "pair"),
    Form("dpo-axolotl", "question, chosen, rejected (chatml.intel)", dpo_axolotl, "pair"),
    Form("dpo-llama-factory", "instruction, input, chosen, rejected", dpo_llama_factory, "pair"),
    Form("kto", "prompt, completion, label as chat messages", kto, "judgement", flat=False),
    Form("kto-text", "prompt, completion, label as plain texts", kto_text, "judgement", flat=False),
    Form("ranked", "prompt, and every answer with its rank", ranked, "ranking", system=False, flat=False),
)
