"""How an answerer is asked in every style, and how its answer is read."""

from typing import get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.method.answers import (
    CHATTED,
    CONTINUED,
    Asking,
    chosen_examples,
    form_of,
    known_outputs,
    parse_answer,
)
from app.method.filters import answer_drop
from app.method.marks import END
from app.method.prompts import Demonstration, Prompt
from app.method.recipe import builtin_names, load
from app.method.terms import STYLES, Kind, Style
from app.method.turns import Turn, to_json
from app.store.rows import NewSeed

DISTILL = load("distill").answers
TERSE = [
    NewSeed("A", "", "Name the colour.", "grass", "green"),
    NewSeed("B", "", "Name a bird.", "", "owl"),
    NewSeed("B", "", "Name a fish.", "", "pike"),
]
LONG = [NewSeed("B", "", "Tell a story.", "", "Once upon a time\n\n" + "there was a fox. " * 90)]
SHOWN = {
    "A": [Demonstration("Name the sound.", "cow", "moo")],
    "B": [Demonstration("Say hi.", "", "hi")],
}


def asked(style: Style, kind: Kind, seeds: list[NewSeed] = TERSE, context: str = "") -> Prompt | list[Turn]:
    task = NewSeed(kind, "", "Do it.", "this" if kind == "A" else "", "", context=context)
    return Asking(DISTILL, style, known_outputs(DISTILL, seeds), SHOWN).question(task)


def test_every_style_has_its_words() -> None:
    assert tuple(STYLES) == get_args(Style)


def test_few_shot_puts_the_instruction_first_and_its_sister_the_input() -> None:
    prompt = asked("few-shot", "A")
    assert isinstance(prompt, Prompt)
    assert prompt.prefix.endswith("instruction: Name the sound.\ninput: cow\noutput: moo\n\n")
    assert prompt.tail == "instruction: Do it.\ninput: this\noutput:"
    turned = asked("few-shot-input-first", "A")
    assert isinstance(turned, Prompt)
    assert turned.prefix.endswith("input: cow\ninstruction: Name the sound.\noutput: moo\n\n")
    assert turned.tail == "input: this\ninstruction: Do it.\noutput:"
    assert asked("few-shot-input-first", "B") == asked("few-shot", "B")


def test_chat_has_the_system_text_that_fits_the_outputs() -> None:
    turns = asked("chat", "B")
    assert isinstance(turns, list)
    assert [turn.role for turn in turns] == ["system", "user"]
    assert turns[0].text.startswith("Answer with the result alone")
    assert asked("chat-no-system", "B") == [Turn("user", "Do it.")]
    assert asked("chat", "B", LONG) == [Turn("user", "Do it.")], "long outputs are not asked for in short"
    assert asked("chat", "B", []) == [Turn("user", "Do it.")], "nothing is known of the outputs"


def test_chat_with_examples_puts_all_into_one_message() -> None:
    [turn] = asked("chat-examples", "A")  # type: ignore[misc]
    assert turn == Turn(
        "user",
        "Carry out each instruction on its input:\n\n"
        "input: cow\ninstruction: Name the sound.\noutput: moo\n\ninput: this\ninstruction: Do it.\noutput:",
    )


@pytest.mark.parametrize("style", get_args(Style))
def test_the_turns_before_a_task_are_asked_in_every_style(style: Style) -> None:
    earlier = (Turn("system", "Be brief."), Turn("user", "Hi"), Turn("assistant", "Ho"))
    question = asked(style, "B", context=to_json(earlier))
    if style in ("chat", "chat-no-system"):
        assert question == [*earlier, Turn("user", "Do it.")]
    else:
        text = question.text if isinstance(question, Prompt) else question[-1].text
        assert "Hi" in text and "Ho" in text and "Do it." in text


def test_sampling_follows_the_seed_tasks() -> None:
    def sampling(style: Style, seeds: list[NewSeed]) -> tuple[int, tuple[str, ...]]:
        found = Asking(DISTILL, style, known_outputs(DISTILL, seeds)).sampling("B")
        return found.max_new_tokens, found.stop

    assert sampling("few-shot", TERSE) == (32, ("\n\n", "\ninput:", "\ninstruction:"))
    limit, stop = sampling("few-shot-input-first", LONG)
    assert limit > 900 and stop == ("\ninput:", "\ninstruction:")
    assert sampling("few-shot", []) == (512, ("\n\n", "\ninput:", "\ninstruction:"))
    assert sampling("chat", TERSE) == (512, ()), "what a chat model wraps around must not cost its answer"
    assert sampling("chat", LONG)[0] == limit


@pytest.mark.parametrize("name", [name for name in builtin_names() if name.startswith("ensemble-instruct")])
def test_the_recipes_of_the_paper_are_asked_as_they_are_written(name: str) -> None:
    stage = load(name).answers
    asking = Asking(stage, "few-shot", known_outputs(stage, LONG), SHOWN)
    assert asking.sampling("B") == stage.sampling
    assert form_of(stage, "few-shot", "A") == stage.few_shot_a


def test_examples_are_the_recipes_own_or_come_from_the_seed_tasks() -> None:
    own = chosen_examples(DISTILL, "few-shot", "B", TERSE)
    assert len(own) == 8 and max(len(shown.output.split()) for shown in own) <= 3
    assert not {shown.output for shown in own} & {"owl", "pike"}, "a given task must not look itself up"
    drawn = chosen_examples(load("alpaca").answers, "few-shot", "B", TERSE)
    assert [shown.output for shown in drawn] == ["owl", "pike"]
    assert max(len(shown.output.split()) for shown in chosen_examples(DISTILL, "few-shot", "B", LONG)) > 30


def test_an_answer_is_read_by_style() -> None:
    completion = " Yes.\nReally.\n\ninstruction: Next\noutput: No"
    for style in CONTINUED:
        assert parse_answer(completion, style) == "Yes.\nReally."
        assert parse_answer(" A hen.\nanswer: A hen.\n\n", style) == "A hen."
        assert parse_answer(' Why a hen?\n\nThe answer is "Why a hen?"', style) == "Why a hen?"
        assert parse_answer(" Q: who?\nAnswer: a hen", style) == "Q: who?\nAnswer: a hen"
    for style in CHATTED:
        assert parse_answer(completion, style) == completion.strip()
        assert parse_answer('Why a hen?\n\nThe answer is "Why a hen?"', style) == "Why a hen?"
        assert parse_answer("1. The hen lays one egg a day.", style) == "The hen lays one egg a day."
    assert parse_answer(" Yes. |EoS| and", "zero-shot") == "Yes."


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize(
    "answer",
    [
        "items.each do |item|\n  puts item\nend",
        "let f = move |args|\n    run(args);",
        "|Name|Age|\n|---|---|\n|Bob||",
        "|Name|\n|---|\n|Bob|",
        "1. Mai 2020",
        "1. FC Köln",
        "1. e4 e5",
        "print(2 + 3)\n# 5",
        "Sections\nInput",
    ],
)
def test_code_tables_and_numbers_are_read_whole_in_every_style(answer: str, style: Style) -> None:
    read = parse_answer(answer, style)
    assert read == answer
    assert answer_drop(read, load("ensemble-instruct").answers.filters) is None


@settings(max_examples=200, deadline=None)
@given(st.text() | st.lists(st.sampled_from(["input:", "output:", END, "\n", " a"])).map("".join))
def test_any_answer_can_be_read(completion: str) -> None:
    for style in STYLES:
        assert END not in parse_answer(completion, style)
