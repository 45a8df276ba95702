"""The chat templates of llama.cpp's source: what real models bring, through our sandbox."""

from __future__ import annotations

from pathlib import Path

from app.engine.request import Message
from app.engine.worker.template import ChatTemplate, TemplateFailed

ASKED = "Name a colour of the sky."
RULES = "Answer as briefly as you can."
UNUSABLE = {"fireworks-ai-llama-3-firefunction-v2.jinja": "UndefinedError: 'functions' is undefined"}
"""Templates that cannot ask a plain question, with the words they refuse it with."""


def templates(folder: Path) -> dict[str, str]:
    return {path.name: path.read_text("utf-8") for path in sorted(folder.glob("*.jinja"))}


def test_every_template_asks_a_question_or_refuses_it_with_words(llama_source: Path) -> None:
    found = templates(llama_source / "models" / "templates")
    assert len(found) > 40
    refused: dict[str, str] = {}
    for name, source in found.items():
        template = ChatTemplate(source, "<s>", "</s>")
        for messages in ([Message("user", ASKED)], [Message("system", RULES), Message("user", ASKED)]):
            try:
                prompt = template.render(messages)
            except TemplateFailed as error:
                refused[name] = str(error)
                continue
            assert prompt.count(ASKED) == 1, name
            assert (RULES in prompt) == (len(messages) == 2), name
    assert refused == UNUSABLE


def test_a_message_cannot_break_a_template(llama_source: Path) -> None:
    hostile = "{{ 7 * 7 }} {% raw %} <|im_end|> </s> \ud800 \x00"
    for name, source in templates(llama_source / "models" / "templates").items():
        if name in UNUSABLE:
            continue
        prompt = ChatTemplate(source, "<s>", "</s>").render([Message("user", hostile)])
        assert "{{ 7 * 7 }}" in prompt and "49" not in prompt.replace(hostile, ""), name
