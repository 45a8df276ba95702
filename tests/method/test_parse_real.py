"""What two small real models wrote for each recipe is read as a person would read it.

`real_completions.jsonl` holds raw completions of Gemma 3 270M and SmolLM2-135M-Instruct, with the form of the
prompt and what is to be kept of each: [instruction, input, output], empty where the form has none.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

from app.method.filters import block_drop, case_drops, instance_drop, instruction_drop
from app.method.marks import stray
from app.method.parse import ParsedBlock, parse_instances, parse_instructions
from app.method.parse_cases import parse_input_first, parse_output_first
from app.method.parse_tagged import Tagged, parse_numbered, parse_rewritten, parse_tagged
from app.method.parse_tasks import parse_tasks
from app.method.recipe import load
from app.method.terms import Kind

LINES = Path(__file__).with_name("real_completions.jsonl").read_text("utf-8").splitlines()
COMPLETIONS = [json.loads(line) for line in LINES]
FILTERS = load("ensemble-instruct").instructions.filters
ALPACA = load("alpaca").instructions
Kept = list[list[str]]


def instructions(texts: Sequence[str], cut: bool) -> Kept:
    cuts = [False] * (len(texts) - 1) + [cut]
    return [
        [text, "", ""]
        for text, is_cut in zip(texts, cuts, strict=True)
        if instruction_drop(text, FILTERS, cut=is_cut) is None
    ]


def tagged(parts: Sequence[Tagged]) -> Kept:
    return [[part.text, "", ""] for part in parts if part.whole and not instruction_drop(part.text, FILTERS)]


def blocks(text: str, asked: str, kind: Kind, cut: bool) -> Kept:
    read = parse_instances(text, kind)
    cuts = [False] * (len(read) - 1) + [cut]
    return [
        [block.instruction or "", block.input, block.output]
        for block, is_cut in zip(read, cuts, strict=True)
        if block_drop(block, kind, asked, FILTERS, cut=is_cut) is None
    ]


def cases(read: Sequence[ParsedBlock], asked: str, labels: bool, cut: bool) -> Kept:
    drops = case_drops(read, asked, 5, classification=labels, cut=cut)
    return [["", block.input, block.output] for block, drop in zip(read, drops, strict=True) if drop is None]


def tasks(text: str, cut: bool) -> Kept:
    read = parse_tasks(text, ALPACA.no_input, ALPACA.no_output)
    whole = read[:-1] if cut else read
    return [
        [task.instruction, task.input, task.output]
        for task in whole
        if not (
            task.drop
            or instance_drop(task.kind, task.instruction, task.input, task.output)
            or instruction_drop(task.instruction, FILTERS)
        )
    ]


FORMS: dict[str, Callable[[str, str, bool], Kept]] = {
    "list": lambda text, _, cut: instructions(parse_instructions(text), cut),
    "numbered": lambda text, _, __: tagged(parse_numbered(text)),
    "tags": lambda text, _, __: tagged(parse_tagged(text, "<example>", "</example>")),
    "rewritten": lambda text, _, cut: instructions([parse_rewritten(text)], cut),
    "tasks": lambda text, _, cut: tasks(text, cut),
    "A": lambda text, asked, cut: blocks(text, asked, "A", cut),
    "B": lambda text, asked, cut: blocks(text, asked, "B", cut),
    "input first": lambda text, asked, cut: cases(parse_input_first(text), asked, False, cut),
    "label first": lambda text, asked, cut: cases(parse_output_first(text), asked, True, cut),
}


@pytest.mark.parametrize("one", COMPLETIONS, ids=range(len(COMPLETIONS)))
def test_a_raw_completion_is_read_as_a_person_would(one: dict[str, Any]) -> None:
    kept = FORMS[one["form"]](one["text"], one["asked"], one["ended"] == "length")
    assert kept == one["kept"]
    assert not any(stray(text) for texts in kept for text in texts)


def test_every_form_is_there_and_both_writers() -> None:
    assert {one["form"] for one in COMPLETIONS} == set(FORMS)
    assert {one["writer"] for one in COMPLETIONS} == {"gemma", "smollm2"}
