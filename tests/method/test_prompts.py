"""Prompts are byte for byte what the bundled models were trained on."""

import random

import pytest

from app.method.prompts import (
    Demonstration,
    Prompt,
    block_prompt,
    chat_messages,
    draw_demonstrations,
    inputs_prompt,
    list_prompt,
    zero_shot,
)
from app.method.recipe import load
from app.method.turns import Turn

RECIPE = load("ensemble-instruct")
SHOWN = [Demonstration("Say it.", "a\nb", "A\n\nB"), Demonstration("Twice.", "2", "4")]


def test_the_list_prompt_with_input_is_byte_for_byte() -> None:
    prompt = list_prompt(RECIPE.instructions.a, ["Name the colour.", "Say \n it:"])
    assert prompt == Prompt(
        "Come up with different tasks. Every task works on an input that is given with it:\n",
        "1. Name the colour. |EoS|\n2. Say it: |EoS|\n3.",
    )
    assert (RECIPE.instructions.a.seeds, RECIPE.instructions.a.machine) == (20, 4)


def test_the_list_prompt_without_input_is_byte_for_byte() -> None:
    assert list_prompt(RECIPE.instructions.b, []).text == (
        "Come up with different tasks. Every task can be answered without any input:\n1."
    )
    assert (RECIPE.instructions.b.seeds, RECIPE.instructions.b.machine) == (8, 2)


def test_the_block_prompt_with_input_is_byte_for_byte() -> None:
    prompt = block_prompt(RECIPE.instances.a, SHOWN, "Halve it.", None)
    assert prompt.prefix == (
        "Carry out each instruction. Make up an input first, then give the output for it:\n\n"
        "instruction: Say it.\ninput: a\nb\noutput: A\n\nB\n|EoS|\n\n"
        "instruction: Twice.\ninput: 2\noutput: 4\n|EoS|\n\n"
    )
    assert prompt.tail == "instruction: Halve it.\ninput:"


def test_the_block_prompt_without_input_is_byte_for_byte() -> None:
    prompt = block_prompt(RECIPE.instances.b, [Demonstration("Say hi.", "", "hi")], "Name it.", None)
    assert prompt.prefix == (
        "Carry out each instruction. There is no input, only an output:\n\n"
        "instruction: Say hi.\noutput: hi\n|EoS|\n\n"
    )
    assert prompt.tail == "instruction: Name it.\noutput:"


def test_a_further_input_follows_those_that_a_task_has() -> None:
    prompt = inputs_prompt(load("more-inputs").instructions, "Double\nit.", ["3", "4\n5"])
    assert prompt.tail == "\nTask: Double it.\nInput 1: 3\nInput 2: 4\n5\nInput 3:"
    assert prompt.prefix.startswith("Each task with several different inputs.\n\nTask: Is the sentence")


def test_a_few_shot_answer_is_asked_in_the_words_of_the_writer() -> None:
    with_input = block_prompt(RECIPE.answers.few_shot_a, SHOWN, "Halve it.", "8")
    assert with_input.prefix == block_prompt(RECIPE.instances.a, SHOWN, "", None).prefix
    assert with_input.tail == "instruction: Halve it.\ninput: 8\noutput:"
    without = block_prompt(RECIPE.answers.few_shot_b, SHOWN, "Name it.", "")
    assert without.tail == "instruction: Name it.\noutput:"


def test_zero_shot_and_chat_say_instruction_and_input_and_nothing_else() -> None:
    assert zero_shot(RECIPE.answers, "Halve it.", "8\n9") == "Halve it.\n8\n9"
    assert zero_shot(RECIPE.answers, "Name it.", "") == "Name it."
    assert chat_messages(RECIPE.answers, "Halve it.", "8", (), "") == [Turn("user", "Halve it.\n8")]


def test_a_system_text_goes_before_the_users_message() -> None:
    stage, system = RECIPE.answers, "Be short."
    assert [turn.role for turn in chat_messages(stage, "Name it.", "", (), system)] == ["system", "user"]
    own = (Turn("system", "Be brief."), Turn("user", "Hi"), Turn("assistant", "Ho"))
    assert chat_messages(stage, "Name it.", "", own, system) == [*own, Turn("user", "Name it.")]


def test_sampling_stops_at_the_end_mark() -> None:
    for stage in (RECIPE.instructions, RECIPE.instances, RECIPE.answers):
        assert stage.sampling.stop[0] == "|EoS|"
    assert (RECIPE.instructions.sampling.temperature, RECIPE.answers.sampling.temperature) == (0.7, 0.0)


@pytest.mark.parametrize("hostile", ["{{ number }}", "{% if %}", "{# x #}", "<b>&", "\x1b[31m", "\r\n"])
def test_text_in_a_task_is_data_and_never_a_template(hostile: str) -> None:
    prompt = block_prompt(RECIPE.instances.a, [Demonstration(hostile, hostile, hostile)], hostile, None)
    assert prompt.text.count(hostile) == 4


def test_demonstrations_are_seeds_and_machine_made_ones_without_repeats() -> None:
    seeds, machine = list(range(100)), list(range(1000, 1100))
    drawn = draw_demonstrations(seeds, machine, 20, 4, random.Random(5))
    assert len(drawn) == len(set(drawn)) == 24
    assert sum(one >= 1000 for one in drawn) == 4
    assert drawn == draw_demonstrations(seeds, machine, 20, 4, random.Random(5))
    assert drawn != draw_demonstrations(seeds, machine, 20, 4, random.Random(6))
    places = {
        index
        for seed in range(40)
        for index, one in enumerate(draw_demonstrations(seeds, machine, 20, 4, random.Random(seed)))
        if one >= 1000
    }
    assert len(places) > 12  # machine-made ones stand anywhere, not in a block at the end


def test_seeds_fill_the_places_of_machine_made_ones_while_there_are_none() -> None:
    assert sum(one < 1000 for one in draw_demonstrations(range(100), [1000], 8, 2, random.Random(1))) == 9
    assert len(draw_demonstrations(range(100), [], 8, 2, random.Random(1))) == 10


def test_fewer_come_back_where_seeds_run_short() -> None:
    drawn = draw_demonstrations(range(3), range(1000, 1100), 8, 2, random.Random(1))
    assert sorted(one for one in drawn if one < 1000) == [0, 1, 2]
    assert len(drawn) == 5
    assert draw_demonstrations([], [], 8, 2, random.Random(1)) == []
