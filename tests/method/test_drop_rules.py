"""Every filter has a name, and drops what its name says and nothing else."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.method.filters import answer_drop, block_drop, instance_drop, instruction_drop
from app.method.parse import ParsedBlock, parse_instances
from app.method.recipe import load
from app.method.recipe_forms import AnswerFilters
from app.method.terms import IN_WORDS, in_words

FILTERS = load("ensemble-instruct").instructions.filters
WORDS = "".join(f"word{number} " for number in range(150))


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "empty"),
        (" \n\t", "empty"),
        ("Name a colour", "too_short"),
        ("Name a warm colour", None),
        (WORDS, None),
        (WORDS + "word ", "too_long"),
        ("Name a bird, " * 6, "repeats"),
        ("Describe the picture you see.", "banned_word"),
        ("Describe the PICTURES you see.", "banned_word"),
        ("Describe the picturesque old town.", None),
        ("Where would you go to eat?", "banned_word"),
        ("Tell me who ago togas wore.", None),
        ("Write a program that adds numbers.", "banned_start"),
        ("write a Program that adds numbers.", "banned_start"),
        ("Do not write a program now.", None),
        ("- name a warm colour", "starts_with_punctuation"),
        ('"Go home" in French please', "starts_with_punctuation"),
        ("Écris une phrase très courte", "not_ascii_start"),
        ("«Go home» in French please", "not_ascii_start"),
        ("7 is what kind of number?", None),
        ("Say “naïve” in three languages.", None),
    ],
)
def test_an_instruction_is_dropped_for_its_named_reason(text: str, reason: str | None) -> None:
    assert instruction_drop(text, FILTERS) == reason


@pytest.mark.parametrize("word", FILTERS.banned_words)
def test_each_of_the_thirteen_terms_is_banned_as_a_whole_word(word: str) -> None:
    assert len(FILTERS.banned_words) == 13
    assert instruction_drop(f"Now please, {word.title()}: with care", FILTERS) == "banned_word"
    assert instruction_drop(f"Now please, x{word}x with great care", FILTERS) is None


def test_what_a_recipe_allows_passes() -> None:
    loose = FILTERS.model_copy(
        update={
            "min_words": 0,
            "banned_words": (),
            "banned_starts": (),
            "punctuation_start": True,
            "non_ascii_start": True,
        }
    )
    for text in ("- go to", "É", "Write a program", "image"):
        assert instruction_drop(text, loose) is None


def test_an_instruction_cut_by_length_is_dropped() -> None:
    assert instruction_drop("Name a warm colour and", FILTERS, cut=True) == "cut_by_length"


@pytest.mark.parametrize(
    ("kind", "input", "output", "ended", "reason"),
    [
        ("A", "x", "y", "stop", None),
        ("A", " ", "y", "stop", "no_input"),
        ("A", "x", " \n", "end", "empty_output"),
        ("A", "x", " x ", "stop", "output_equals_input"),
        ("A", "x", "Do it.", "stop", "output_equals_instruction"),
        ("A", "x", "y", "length", None),
        ("A", "x", "", "length", "cut_by_length"),
        ("B", "", "y", "stop", None),
        ("B", "x", "y", "stop", "unwanted_input"),
        ("B", "", "", "stop", "empty_output"),
        ("B", "", "Do it.", "stop", "output_equals_instruction"),
    ],
)
def test_an_instance_is_dropped_for_its_named_reason(kind, input, output, ended, reason) -> None:  # type: ignore[no-untyped-def]
    assert instance_drop(kind, "Do it.", input, output, cut=ended == "length") == reason


def drops(completion: str, kind: str, ended: str) -> list[str | None]:
    blocks = parse_instances(completion, kind)  # type: ignore[arg-type]
    last = len(blocks) - 1
    return [
        block_drop(block, kind, "Give the plural of it.", FILTERS, cut=index == last and ended == "length")  # type: ignore[arg-type]
        for index, block in enumerate(blocks)
    ]


def test_blocks_are_judged_by_form_then_instruction_then_values() -> None:
    completion = (
        " cat\noutput: cats\n|EoS|\ninstruction: Too short\ninput: a\noutput: b\n|EoS|\n"
        "instruction: Give the past of the verb.\ninput: go\noutput: went\n|EoS|\n"
        "instruction: Give the past of the verb.\noutput: went\n|EoS|\n"
        "output: stray\n|EoS|\ninstruction: Give the past of"
    )
    expected = [None, "too_short", None, "no_input", "no_instruction"]
    assert drops(completion, "A", "stop") == [*expected, "no_output"]
    assert drops(completion, "A", "length") == [*expected, "cut_by_length"]


def test_a_cut_touches_the_last_block_only_and_leaves_an_output_that_has_begun() -> None:
    assert drops(" \noutput: \ninstruction: Give the past of it.\ninput: go\noutput: we", "A", "length") == [
        "no_input",
        None,
    ]
    assert drops(" an input that never en", "A", "length") == ["cut_by_length"]
    assert drops(" an input that never ends", "A", "end") == ["no_output"]


def test_an_input_in_a_block_of_the_other_kind_is_unwanted() -> None:
    assert drops(" yes\n\ninstruction: Give the past of it.\ninput: go\noutput: went", "B", "stop") == [
        None,
        "unwanted_input",
    ]


@given(st.text(), st.text(), st.text())
def test_every_reason_given_can_be_said_in_words(instruction: str, input: str, output: str) -> None:
    block = ParsedBlock(instruction, input, output)
    for reason in (
        instruction_drop(instruction, FILTERS),
        instance_drop("A", instruction, input, output),
        block_drop(block, "B", "x", FILTERS, cut=True),
    ):
        assert reason is None or in_words(reason) == IN_WORDS[reason]


def test_an_unknown_reason_is_shown_without_underscores() -> None:
    assert in_words("no_such_thing") == "no such thing"


def test_an_input_that_repeats_itself_drops_the_instance_and_an_output_only_the_answer() -> None:
    again = "the fox and the hen, " * 8
    assert instance_drop("A", "Name the animals.", again, "fox, hen") == "repeats"
    assert instance_drop("A", "Name the animals.", "A fox met a hen.", again) is None
    assert answer_drop(again, AnswerFilters()) == "repeats"
    assert answer_drop("fox, hen", AnswerFilters()) is None
