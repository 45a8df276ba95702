"""The terms of the method in one place, as types: kinds, roles, styles, endings, stages, reasons, faults.

Imports nothing, so that everything may import it.
"""

from __future__ import annotations

from typing import Literal

Kind = Literal["A", "B"]
"""A needs an input, B is answered from the instruction alone (Ensemble-Instruct, section 2.1)."""

Role = Literal["writer", "answerer"]
"""What a model does in a run: it writes instructions and instances, or it answers."""

Style = Literal["few-shot", "few-shot-input-first", "zero-shot", "chat", "chat-no-system", "chat-examples"]
"""How an answerer is asked: the text that it continues, or its chat template."""

STYLES: dict[Style, str] = {
    "few-shot": "continues worked examples",
    "few-shot-input-first": "continues worked examples whose input stands before the instruction",
    "zero-shot": "gets the bare task",
    "chat": "gets the task by its chat template",
    "chat-no-system": "gets the task by its chat template, without the recipe's system text",
    "chat-examples": "gets worked examples and the task in one message by its chat template",
}
"""Every `Style` as a person reads it: the model …"""

StyleFrom = Literal["default", "person", "audition"]
"""Who said in which style a model of a run is asked; the default one stays open until it has answered."""

WriterStyle = Literal["continue", "continue-lines", "chat"]
"""How a writer is asked: with a plain text that it continues, or in one message through its chat template."""

WRITER_STYLES: dict[WriterStyle, str] = {
    "continue": "continues the recipe's text",
    "continue-lines": "continues the recipe's list without the marks that end its entries: lines end them",
    "chat": "gets the recipe's text or question in one message by its chat template",
}
"""Every `WriterStyle` as a person reads it: the model …"""

Ended = Literal["end", "stop", "length", "error"]
"""Why a completion ended: the model's own end, a stop string, the token limit, or a failure."""

StageName = Literal["instructions", "instances", "answers", "votes"]
"""The stages of a run, in order."""

AskedFor = StageName | Literal["classify", "judge"]
"""What a completion is stored under: the stage it is for, or a question asked about instructions."""

DecidedBy = Literal["exact", "rouge", "learned", "samples", "only-one", "nobody"]
"""By what a vote was decided."""

DECIDED_BY: dict[str, str] = {
    "exact": "equal answers",
    "rouge": "similarity",
    "learned": "what was learned",
    "samples": "equal samples of one model",
    "only-one": "only one answer",
    "nobody": "no answer may vote",
}
"""Every `DecidedBy` as a person reads it."""

Reason = Literal[
    "empty",
    "too_short",
    "too_long",
    "banned_word",
    "banned_start",
    "starts_with_punctuation",
    "not_ascii_start",
    "too_similar",
    "duplicate",
    "cut_by_length",
    "failed",
    "over_context",
    "only_reasoning",
    "no_instruction",
    "no_output",
    "no_input",
    "unwanted_input",
    "empty_output",
    "output_equals_input",
    "output_equals_instruction",
    "ends_with_colon",
    "contradiction",
    "surplus",
    "link_input",
    "no_gain",
    "leaked_prompt",
    "no_tag",
    "rejected",
    "over_target",
    "refusal",
    "repeats",
    "empty_words",
    "stray_mark",
    "copied",
    "unanswerable",
    "senseless",
    "unfitting_input",
    "no_agreement",
    "improbable",
    "empty_winner",
    "no_voter",
    "one_voice",
]
"""Why something is dropped: the stable names, as they are stored."""

IN_WORDS: dict[str, str] = {
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
    "over_context": "too long for the model's context",
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
    "repeats": "repeats itself to the end",
    "empty_words": "nothing said",
    "stray_mark": "a marker of the prompt in it",
    "copied": "copied from a worked example",
    "unanswerable": "asks about a text that is not there",
    "senseless": "asks about nothing",
    "unfitting_input": "input does not fit the task",
    "no_agreement": "answers do not agree",
    "improbable": "too probably wrong",
    "empty_winner": "no answer with text",
    "no_voter": "no answer may vote",
    "one_voice": "its model votes by another answer",
}
"""Every `Reason` as a person reads it."""

Fault = Literal[
    "short",
    "echo",
    "loop",
    "merged",
    "leaked",
    "numbering",
    "truncated",
    "unclosed",
    "refusal",
    "language",
    "missing",
    "present",
    "email",
    "phone",
    "secret",
    "hidden",
    "long",
]
"""What can look wrong with a task and its answer: the checks of `app.method.faults`."""

FAULTS: dict[str, str] = {
    "short": "output is empty or one character",
    "echo": "output repeats the task",
    "loop": "says the same again and again",
    "merged": "output continues with another task",
    "leaked": "words or markers of a prompt",
    "numbering": "number of a list left over",
    "truncated": "output was cut or breaks off",
    "unclosed": "bracket, quote or code fence not closed",
    "refusal": "output refuses",
    "language": "output in another language than asked",
    "missing": "asks for a link or an image that is not there",
    "present": "asks for today's date, weather or news",
    "email": "e-mail address",
    "phone": "phone number",
    "secret": "key or access token",
    "hidden": "non-printing characters",
    "long": "very long",
}
"""Every `Fault` with what it finds, as a person reads it."""


def in_words(reason: str) -> str:
    """Return a drop reason as a person reads it; an unknown one without its underscores."""
    return IN_WORDS.get(reason, reason.replace("_", " "))
