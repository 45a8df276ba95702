"""The terms of the method in one place: kinds of task, and every reason for which something is dropped."""

from __future__ import annotations

from typing import Literal

Kind = Literal["A", "B"]
"""A needs an input, B is answered from the instruction alone (Ensemble-Instruct, section 2.1)."""


IN_WORDS = {
    "empty": "nothing written",
    "too_short": "too short",
    "too_long": "too long",
    "banned_word": "word a text model cannot serve",
    "banned_start": "unwanted beginning",
    "starts_with_punctuation": "begins with punctuation",
    "not_ascii_start": "begins outside ASCII",
    "too_similar": "too similar",
    "duplicate": "duplicate",
    "cut_by_length": "cut by the length limit",
    "failed": "the model failed",
    "only_reasoning": "only reasoning",
    "no_instruction": "block without instruction",
    "no_output": "no output line",
    "no_input": "no input",
    "unwanted_input": "input where none belongs",
    "empty_output": "empty output",
    "output_equals_input": "output repeats the input",
    "output_equals_instruction": "output repeats the instruction",
    "ends_with_colon": "ends with a colon",
    "contradiction": "one input, different outputs",
    "surplus": "more than the recipe keeps",
    "link_input": "input is a link only",
    "no_gain": "nothing new asked",
    "leaked_prompt": "words of the prompt in it",
    "no_tag": "not between the tags",
    "rejected": "rejected by a person",
    "over_target": "target reached",
    "refusal": "a refusal",
    "empty_words": "nothing said",
    "no_agreement": "answers do not agree",
    "empty_winner": "no answer with text",
}
"""Every drop reason of the method and the run, as a person reads it."""


def in_words(reason: str) -> str:
    """Return a drop reason as a person reads it; an unknown one without its underscores."""
    return IN_WORDS.get(reason, reason.replace("_", " "))
