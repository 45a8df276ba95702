"""What the files of two real models say about themselves."""

from __future__ import annotations

from pathlib import Path

from app.engine import catalog
from app.engine.gguf import read_header


def test_a_base_model_writes_and_is_shown_examples(gemma: Path) -> None:
    header = read_header(gemma)
    assert (header.architecture, catalog.can_write(header)) == ("gemma3", True)
    assert catalog.default_style(header) == "few-shot"


def test_a_chat_model_is_asked_through_its_template(smollm2: Path) -> None:
    header = read_header(smollm2)
    assert (header.architecture, header.has_chat_template) == ("llama", True)
    assert catalog.default_style(header) == "chat"
