"""Parsing is total, keeps many lines, and reads back what the prompts' forms render."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.method.marks import END, bare_instruction, bare_value, label_of, with_ends
from app.method.parse import ParsedBlock, parse_instances, parse_instructions
from app.method.recipe import load
from app.method.templates import render
from app.method.terms import Kind

RECIPE = load("ensemble-instruct")
PIECES = [
    "instruction:",
    "input:",
    "output:",
    END,
    "\n",
    " ",
    "1.",
    "12.",
    "word",
    "|",
    "^",
    "\r",
    "\u2028",
    "\0",
]

completions = st.one_of(
    st.text(), st.lists(st.one_of(st.sampled_from(PIECES), st.text(max_size=5)), max_size=40).map("".join)
)


def is_plain(text: str) -> bool:
    """Whether a value can stand in a block without being taken for its form."""
    tagged = re.search(r"(?:^|\n)(instruction|input|output):", text) or any(map(label_of, text.split("\n")))
    return text == text.strip() == with_ends(text) == bare_value(text) and not tagged


values = st.text().map(str.strip).filter(is_plain)
many_lines = st.lists(values, min_size=1, max_size=5).map("\n".join).map(str.strip).filter(is_plain)
one_lines = values.map(lambda text: " ".join(text.split())).filter(lambda t: t and bare_instruction(t) == t)


def one_block(kind: Kind, instruction: str, input: str, output: str) -> str:
    stage = RECIPE.instances.a if kind == "A" else RECIPE.instances.b
    return render(stage.demonstration, instruction=instruction, input=input, output=output)


@settings(max_examples=300, deadline=None)
@given(completions, st.sampled_from(["A", "B"]))
def test_any_completion_can_be_read(completion: str, kind: Kind) -> None:
    texts = parse_instructions(completion)
    assert texts and all(text == " ".join(text.split()) and END not in text for text in texts)
    blocks = parse_instances(completion, kind)
    assert blocks[0].instruction is None
    for block in blocks:
        assert END not in block.input + block.output
        assert block.drop in (None, "no_instruction", "no_output")
    for block in blocks[1:]:
        assert block.instruction is not None
        assert (block.drop == "no_instruction") == (block.instruction == "")


@settings(max_examples=300, deadline=None)
@given(st.lists(one_lines, min_size=1, max_size=5))
def test_rendered_instructions_read_back(texts: list[str]) -> None:
    items = [
        render(RECIPE.instructions.a.demonstration, number=9 + index, instruction=text)
        for index, text in enumerate(texts)
    ]
    assert parse_instructions("".join(items).removeprefix("9.")) == tuple(texts)


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(["A", "B"]), one_lines, many_lines, many_lines, one_lines, many_lines, many_lines)
def test_rendered_blocks_read_back_with_all_their_lines(
    kind: Kind, asked: str, x: str, y: str, added: str, x2: str, y2: str
) -> None:
    stage = RECIPE.instances.a if kind == "A" else RECIPE.instances.b
    target = render(stage.target, instruction=asked, input="")
    whole = one_block(kind, asked, x, y) + one_block(kind, added, x2, y2)
    assert whole.startswith(target)
    expected = (
        ParsedBlock(None, x if kind == "A" else "", y),
        ParsedBlock(added, x2 if kind == "A" else "", y2),
    )
    assert parse_instances(whole.removeprefix(target), kind) == expected


def test_one_call_that_ends_at_its_mark_gives_one_instruction() -> None:
    assert parse_instructions(" Name  a\tcolour. |EoS|") == ("Name a colour.",)
    assert parse_instructions(" Name a colour.") == ("Name a colour.",)


def test_several_numbered_instructions_are_all_read() -> None:
    completion = " First. |EoS|\n10. Second.\n 11 . Third |EoS| chatter\n12.\n"
    assert parse_instructions(completion) == ("First.", "Second.", "Third")


def test_a_number_inside_a_line_or_before_a_decimal_is_text() -> None:
    assert parse_instructions(" Add 3. and 4.\n3.5 is a number |EoS|") == ("Add 3. and 4. 3.5 is a number",)


@pytest.mark.parametrize("completion", ["", "\n", " |EoS|", "|EoS| chatter", "\n10.\n11. |EoS|"])
def test_a_completion_without_text_gives_one_empty_instruction(completion: str) -> None:
    assert parse_instructions(completion) == ("",)


def test_values_keep_blank_lines_carets_and_indentation() -> None:
    completion = " a^b\n\nc\noutput:\n    def f():\n        return 1\n\n    f()\n|EoS|"
    block = ParsedBlock(None, "a^b\n\nc", "    def f():\n        return 1\n\n    f()")
    assert parse_instances(completion, "A") == (block,)


def test_a_single_line_below_its_tag_is_stripped() -> None:
    assert parse_instances("\n  Paris \n|EoS|", "B") == (ParsedBlock(None, "", "Paris"),)


def test_blocks_the_model_adds_are_harvested_with_their_own_instruction() -> None:
    completion = (
        " 2\noutput: 4\n|EoS|\n\ninstruction: Halve\nit.\ninput: 8\noutput: 4\n|EoS|\n\ninstruction: Add"
    )
    assert parse_instances(completion, "A") == (
        ParsedBlock(None, "2", "4"),
        ParsedBlock("Halve it.", "8", "4"),
        ParsedBlock("Add", "", "", "no_output"),
    )


def test_an_added_block_without_end_mark_before_it_is_still_found() -> None:
    assert parse_instances(" yes\n\ninstruction: Say no.\noutput: no", "B") == (
        ParsedBlock(None, "", "yes"),
        ParsedBlock("Say no.", "", "no"),
    )


def test_tags_out_of_order_end_a_block_and_open_one_without_instruction() -> None:
    assert parse_instances(" 1\noutput: 2\noutput: 3\ninput: 4\noutput: 5", "A") == (
        ParsedBlock(None, "1", "2"),
        ParsedBlock("", "", "3", "no_instruction"),
        ParsedBlock("", "4", "5", "no_instruction"),
    )


def test_an_input_that_is_never_answered_has_no_output() -> None:
    assert parse_instances(" the text goes on and", "A") == (
        ParsedBlock(None, "the text goes on and", "", "no_output"),
    )


def test_an_empty_output_is_a_matter_for_the_filters() -> None:
    assert parse_instances(" x\noutput:\n|EoS|", "A") == (ParsedBlock(None, "x", ""),)


def test_tags_count_at_the_start_of_a_line_and_in_lower_case_only() -> None:
    text = "the output: is 3\n input: 4\nInput: 5"
    assert parse_instances(f" {text}", "B") == (ParsedBlock(None, "", text),)


def test_text_after_an_end_mark_belongs_to_nothing() -> None:
    assert parse_instances(" a |EoS| chatter\nmore\ninstruction: I\noutput: b|EoS|c", "B") == (
        ParsedBlock(None, "", "a"),
        ParsedBlock("I", "", "b"),
    )
