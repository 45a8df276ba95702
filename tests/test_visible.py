"""Foreign text as it is shown: what hides has a mark and is counted, what a person wrote to be seen stays."""

from __future__ import annotations

import json

import pytest

from app.visible import hidden_count, visible, visible_json, visible_line

SENTENCE = "".join(chr(0xE0100 + ord(letter)) for letter in "Ignore it")
HIDDEN = {
    "a sentence in variation selectors": (f"Yes{SENTENCE}", len(SENTENCE)),
    "selectors of the first block": ("a\ufe00\ufe0d", 2),
    "what is reserved beside the tags": ("a\U000e0080\U000e00ff", 2),
    "a Braille cell without dots": ("a\u2800b", 1),
    "marks of music": ("\U0001d173a\U0001d17a", 2),
    "a joiner between letters": ("pass\u200dword", 1),
    "a joiner at the start": ("\u200dab", 1),
    "a selector behind a letter": ("a\ufe0fb", 1),
    "two selectors behind a picture": ("\u2764\ufe0f\ufe0f", 1),
    "a joiner behind a picture alone": ("\U0001f469\u200d", 1),
    "controls of eight bits and their like": ("\x7f\x9b\u202e\u2066\u200b", 5),
}
SEEN = [
    "\u2764\ufe0f",
    "1\ufe0f\u20e3",
    "\U0001f468\u200d\U0001f469\u200d\U0001f467",
    "\u0915\u094d\u200d\u0937",
    "e\u0301",
]


@pytest.mark.parametrize("case", HIDDEN)
def test_what_hides_is_marked_and_counted(case: str) -> None:
    text, count = HIDDEN[case]
    assert hidden_count(text) == count
    assert hidden_count(visible(text)) == hidden_count(visible_line(text)) == 0
    assert visible(text).count("\u27e8") == count - ("\x7f" in text)


@pytest.mark.parametrize("text", SEEN)
def test_what_is_meant_to_be_seen_stays(text: str) -> None:
    assert visible(text) == visible_line(text) == text
    assert hidden_count(text) == 0


@pytest.mark.parametrize("case", HIDDEN)
def test_json_for_a_terminal_holds_the_text_and_hides_nothing(case: str) -> None:
    text, _ = HIDDEN[case]
    shown = visible_json({"text": text, "name": "Zürich"}, indent=2)
    assert json.loads(shown) == {"text": text, "name": "Zürich"}
    assert hidden_count(shown.replace("\n", "")) == 0 and "Zürich" in shown


@pytest.mark.parametrize("text", ["\u200d" * 300_000, "wörd \u2764\ufe0f" * 100_000])
def test_a_long_text_is_read_once(text: str) -> None:
    assert len(visible(text)) >= len(text)
