"""Forms whose rows are conversations of one turn."""

from __future__ import annotations

from app.export.formats.form import Answered, Fields, Form, asked, message, user_text
from app.store.text import storable


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


FORMS = (
    Form("messages", "chat messages: user, assistant", messages, flat=False),
    Form("prompt-completion", "chat messages, the answer apart", prompt_completion, flat=False),
    Form("sharegpt", "conversations of human and gpt", sharegpt, flat=False),
)
