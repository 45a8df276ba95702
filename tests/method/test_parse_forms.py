"""Whole tasks, tagged instructions and several instances are read out of whatever a model writes."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.method.filters import case_drops, kind_of
from app.method.parse import ParsedBlock
from app.method.parse_cases import parse_input_first, parse_output_first, parse_yes
from app.method.parse_tagged import Tagged, parse_rewritten, parse_tagged
from app.method.parse_tasks import ParsedTask, parse_tasks
from app.method.terms import IN_WORDS

MARKS = [
    "###",
    "\n",
    "1. Instruction:",
    "Input:",
    "2. Output:",
    "Output:",
    "Example 1",
    "Class label:",
    "<e>",
    "</e>",
]
MARKED = st.lists(st.one_of(st.sampled_from(MARKS), st.text(max_size=8))).map("".join)


def block(given: str, output: str, drop: str | None = None) -> ParsedBlock:
    return ParsedBlock(None, given, output, drop)


@given(MARKED)
def test_anything_is_read_without_an_error_and_every_reason_has_words(text: str) -> None:
    tasks = parse_tasks(text, ("none",), ("n/a",))
    assert tasks
    assert {task.drop for task in tasks if task.drop} <= set(IN_WORDS)
    for read in (parse_input_first, parse_output_first):
        blocks = read(text)
        reasons = case_drops(blocks, "Do it.", 5, classification=False, cut=True)
        assert len(reasons) == len(blocks) > 0
        assert {reason for reason in reasons if reason} <= set(IN_WORDS)
        kind_of(blocks, reasons, classification=False)
    parse_tagged(text, "<e>", "</e>")
    parse_rewritten(text)


def test_tasks_are_parted_by_lines_of_hashes_or_by_the_next_instruction() -> None:
    text = (
        " Name a river.\n2. Input:\n<noinput>\n2. Output:\nThe Danube.\n###\n"
        "3. Instruction: Sort the words.\n3. Input: b a\n3. Output: a b 4. Instruction: Count.\n"
        "4. Input: x x\n4. Output: 2"
    )
    assert parse_tasks(text, ("noinput",)) == (
        ParsedTask("Name a river.", "", "The Danube."),
        ParsedTask("Sort the words.", "b a", "a b"),
        ParsedTask("Count.", "x x", "2"),
    )


def test_values_keep_their_lines_headings_and_numbers() -> None:
    output = "### First part\n1. Mix 20. grams.\n\n2. Bake."
    [task] = parse_tasks(f" Write a recipe.\n1. Input:\n\n1. Output:\n{output}\n###\n")
    assert task == ParsedTask("Write a recipe.", "", output)
    steps = "Steps:\n0. Open it.\n1. Close it."
    assert parse_tasks(f" Write a recipe.\nInput:\n\nOutput:\n{steps}\n") == (
        ParsedTask("Write a recipe.", "", steps),
    )


@pytest.mark.parametrize(
    "heading",
    ["## 8. The answer is:", "#### Question: How many are there?", "The 8 tasks are:", "## The 8 tasks:",
     "# Question for the reader", "## Tips for writing a letter", "• Question: Which one?"],
)  # fmt: skip
def test_a_heading_of_another_task_ends_an_output(heading: str) -> None:
    [task] = parse_tasks(f" Name a river.\n6. Output:\nThe Danube.\n\n{heading}\nIt is two.\n")
    assert task == ParsedTask("Name a river.", "", "The Danube.")
    parts = "A plan.\n\n## 1. Begin\nNow.\n\n## 2. End\nLater."
    [task] = parse_tasks(f" Write a plan.\n6. Output:\n{parts}\n")
    assert task == ParsedTask("Write a plan.", "", parts)
    asked = " Name a river.\n6. Output:\nThe Danube.\n\n\n\nWhat does this program do?\n"
    assert parse_tasks(asked) == (ParsedTask("Name a river.", "", "The Danube."),)
    for whole in ("Mix it.\n\n## Dough\nFlour.\n\n## Filling\nPlums.", "a = 1\n# Then add one to it\na += 1"):
        assert parse_tasks(f" Write it.\n6. Output:\n{whole}\n")[0].output == whole


@pytest.mark.parametrize("marker", ["<noinput>", "No input.", "[None]", "N/A", "no input required."])
def test_whatever_stands_for_no_input_is_none(marker: str) -> None:
    words = ("noinput", "no input", "none", "n/a", "no input required")
    [task] = parse_tasks(f" Say hello.\n1. Input: {marker}\n1. Output: Hello.", words)
    assert (task.input, task.kind) == ("", "B")


def test_a_task_without_a_part_says_which() -> None:
    code = "def f(x):\n    # Output: the square\n    return x*x"
    assert parse_tasks(f" Write a function.\n2. Output:\n{code}\n###\n")[0].output == code
    assert [task.drop for task in parse_tasks(" Say it.\nInput: x")] == ["no_output"]
    assert [task.drop for task in parse_tasks(" Say it.\nOutput: x\nInput: y\nOutput: z")] == [
        None,
        "no_instruction",
    ]
    assert parse_tasks(" Read it.\nInput: https://a.b/c\nOutput: done")[0].drop == "link_input"
    assert parse_tasks(" Read it.\nInput: See https://a.b/c\nOutput: done")[0].drop is None


def test_tagged_instructions_survive_a_forgotten_end_and_their_numbers_go() -> None:
    text = "Here:\n<e>1. First.</e> <e>Second.\n<e> Third\nwith a line </e> noise <e>cut"
    assert parse_tagged(text, "<e>", "</e>") == (
        Tagged("First.", True),
        Tagged("Second.", True),
        Tagged("Third\nwith a line", True),
        Tagged("cut", False),
    )
    assert parse_tagged("nothing here", "<e>", "</e>") == ()


def test_quotation_marks_around_a_rewritten_instruction_go() -> None:
    assert parse_rewritten(' "Name it." ') == "Name it."
    assert parse_rewritten('"One" and "two"') == '"One" and "two"'
    choice = "Classify the review.\nOutput: positive or negative"
    assert parse_rewritten(choice) == choice
    assert parse_rewritten("Name it.\nOutput: The Danube") == "Name it."


def test_yes_is_what_the_recipe_says_and_nothing_else() -> None:
    assert parse_yes(" Yes", ("Yes", "yes"))
    assert parse_yes("\n**Yes.**", ("Yes",))
    assert not parse_yes(" Yes, it is", ("Yes", "yes"))
    assert not parse_yes("", ("Yes",))


def test_input_first_reads_examples_pairs_and_outputs_alone() -> None:
    first = "Example 1\nInput: one\nOutput: 1\nExample 2\ntwo\nlines\nOutput: 2\nInput: three\n"
    text = f"{first}Example 3\nthe answer"
    assert parse_input_first(text) == (
        block("one", "1"),
        block("two\nlines", "2"),
        block("", "", "no_output"),
    )
    assert parse_input_first("Output: only this") == (block("", "only this"),)
    assert parse_input_first("a task\nOutput: and more") == (block("a task", "and more"),)
    assert parse_input_first("no tag at all") == (block("", "", "no_output"),)


def test_output_first_takes_the_label_for_the_output() -> None:
    text = "Class label: spam\nInput: Buy now!\nClass label: fine\nSee you\nat nine."
    assert parse_output_first(text) == (block("Buy now!", "spam"), block("See you\nat nine.", "fine"))
    assert parse_output_first("spam") == (block("", "", "no_output"),)


@pytest.mark.parametrize(
    ("pairs", "cut", "reasons"),
    [
        ([("a", "1"), ("b", "2")], False, [None, None]),
        ([("a", "1"), ("a", "2"), ("b", "3")], False, ["contradiction"] * 3),
        ([("", "1"), ("", "2")], False, [None, None]),
        ([("a", "1"), ("a", "1")], False, [None, "duplicate"]),
        ([("a", "a"), ("b", ""), ("c:", "3"), ("d", "4:")], False, [
            "output_equals_input", "empty_output", "ends_with_colon", "ends_with_colon",
        ]),
        ([("a", "1"), ("b", "2")], True, [None, "cut_by_length"]),
        ([(letter, letter.upper()) for letter in "abcdefg"], False, [None] * 5 + ["surplus"] * 2),
        # What the length limit cut contradicts nothing.
        ([("a", "1"), ("a", "2")], True, [None, "cut_by_length"]),
    ],
)  # fmt: skip
def test_the_filters_of_self_instruct(
    pairs: list[tuple[str, str]], cut: bool, reasons: list[str | None]
) -> None:
    blocks = [block(*pair) for pair in pairs]
    assert case_drops(blocks, "Do it.", 5, classification=False, cut=cut) == reasons


def test_classification_needs_an_input_and_is_of_kind_a() -> None:
    blocks = [block("", "spam"), block("Buy!", "spam")]
    reasons = case_drops(blocks, "Do it.", 5, classification=True)
    assert reasons == ["no_input", None]
    assert kind_of(blocks, reasons, classification=True) == "A"
    assert kind_of([block("", "x")], [None], classification=False) == "B"


def test_words_for_no_input_before_an_input_are_not_part_of_it() -> None:
    [task] = parse_tasks(" Add them.\nInput: <noinput>\n9 months\n10 months\nOutput: 19", ["<noinput>"])
    assert (task.input, task.output) == ("9 months\n10 months", "19")
