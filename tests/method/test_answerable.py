"""What speaks of a text that is not there cannot be answered; refusals and copies are no tasks."""

from __future__ import annotations

import pytest

from app.method.answerable import needs_text, senseless, stands_alone, unfitting
from app.method.filters import case_key, copied, instance_drop, instruction_drop, repeats_prompt
from app.method.parse_tagged import gained, parse_numbered, parse_tagged
from app.method.recipe import load
from app.method.refusals import refuses_to_do

FILTERS = load("ensemble-instruct").instructions.filters


@pytest.mark.parametrize(
    "instruction",
    [
        "Summarise the following passage.",
        "Translate the following sentence into French:",
        "Sort the given list of numbers.",
        "What is the main idea of the text below?",
        "Read the paragraph above and name its topic.",
        "Choose the largest of the following.",
        "Translate the following into Spanish:",
        "Say which of the provided options is right",
        "Summarise the following passage before 10:30",
        "Summarise the following text: [text]",
        "Summarise the following text: [insert your text here]",
        "What is the best way to say “hello” in the following sentences:",
    ],
)
def test_an_instruction_that_speaks_of_a_missing_text_is_noticed(instruction: str) -> None:
    assert needs_text(instruction)
    assert instance_drop("B", instruction, "", "A summary.") == "unanswerable"
    assert instance_drop("A", instruction, "Some text.", "A summary.") is None


@pytest.mark.parametrize(
    "instruction",
    [
        "Summarise the following passage.\nThe river rose overnight.",
        "Translate the following sentence into French: Where is the station?",
        'Correct the following sentence: "She go home."',
        "Answer the following question. What is the capital of France?",
        "Write a story with these words: fox, moon, ladder.",
        "Translate the following word to French: cat",
        "Convert the following number to binary: 10",
        "Convert the following number to binary:10",
        "Solve the following equation: x+1=3",
        "Find the derivative of the following function: x^2",
        "Which of the following is a fruit: apple",
        "Sort the following list: [3,1,2]",
        "Name three fruits.",
        "Follow these steps to tie a knot and explain them.",
        "List the words for family members in Spanish.",
        "Given two numbers, explain how to find their greatest common divisor.",
    ],
)
def test_an_instruction_that_holds_its_text_is_answerable(instruction: str) -> None:
    assert not needs_text(instruction)


def test_refusals_are_no_instructions_and_troubles_are() -> None:
    for text in ("I'm sorry, but I cannot help with that.", "As an AI language model, I have no body."):
        assert refuses_to_do(text) and instruction_drop(text, FILTERS) == "refusal"
    for text in ("I cannot find my keys. Where should I look?", "I'm not able to sleep. Give me three tips."):
        assert not refuses_to_do(text) and instruction_drop(text, FILTERS) is None


def test_a_worked_example_that_was_copied_is_noticed_whatever_its_spacing() -> None:
    shown = {
        case_key("a b c", "three letters"),
        case_key("", "It is blue because of light."),
        case_key("", "4"),
    }
    assert copied("A  b c", "Three letters", shown)
    assert copied("", "It is blue because of light.", shown)
    assert not copied("a b c", "three", shown)
    assert not copied("", "4", shown)  # right again by chance


def test_six_words_of_the_prompt_in_a_row_are_no_chance() -> None:
    prompt = "Make the instruction below somewhat harder for an assistant.\n{{ instruction }}"
    assert repeats_prompt("Please make the instruction below somewhat harder, by a rule.", prompt)
    assert not repeats_prompt("Make the instruction shorter for an assistant.", prompt)
    assert not repeats_prompt("", prompt)


@pytest.mark.parametrize(
    ("said", "gains"),
    [
        (" Equal.", False),
        ("**Not equal**", True),
        ("Yes", False),
        ("The second is longer.", None),
        ("", None),
    ],
)
def test_what_a_judge_says_is_read_as_what_it_is(said: str, gains: bool | None) -> None:
    assert gained(said, ["equal", "yes"], ["not equal"]) is gains
    assert gained(said, ["equal", "yes"], []) is (gains is not False)


def test_a_list_is_read_where_tags_were_asked_and_the_other_way_round() -> None:
    announced = (
        "Sure! Here are some instructions:\n\n1. **Name a river.**\n2. Name a hill.\n3) Say it\n\nEnjoy!"
    )
    texts = [part.text for part in parse_tagged(announced, "<e>", "</e>")]
    assert texts == ["Name a river.", "Name a hill.", "Say it"]
    parts = parse_numbered(" Name a river.\n5. Name a hill.\nAnswer: Ben Nevis\n6. Name a")
    assert [(part.text, part.whole) for part in parts] == [
        ("Name a river.", True), ("Name a hill.", True), ("Name a", False),
    ]  # fmt: skip
    assert [part.text for part in parse_tagged("Name it.</e> and <more> Say it.</e>", "<e>", "</e>")] != []


@pytest.mark.parametrize(
    "instruction",
    [
        "Write a poem about a dog and a cat.",
        "Write the number of days in a week, month and year.",
        'Write the word "happy" in two other languages.',
        "What is a good thing to do first when you leave your office?",
        "What is the first thing you do when you leave your office?",
        "Make a list of ten things to do in the next year.",
    ],
)
def test_a_task_that_points_at_nothing_stands_alone(instruction: str) -> None:
    assert stands_alone(instruction)


@pytest.mark.parametrize(
    "instruction",
    [
        "Translate into French, using the polite form of address.",
        "You are in a café in Lisbon. Put your order into Portuguese.",
        "Write the amount of money in words, as one would on a cheque.",
        "Name the subject of the sentence.",
        "Is it a fact or an opinion?",
        "Write a short title with two words for:",
        "Even or odd?",
        "Schreibe eine Zusammenfassung von höchstens zehn Wörtern.",
    ],
)
def test_a_task_that_works_on_something_does_not_stand_alone(instruction: str) -> None:
    assert not stands_alone(instruction)


@pytest.mark.parametrize(
    ("instruction", "input"),
    [
        ("Summarise the following passage.", "The following passage."),
        ("Summarise the passage.", "[insert your text here]"),
        ("Use the text as the basis for a question.", "1. This is a sentence."),
        ("Write a few words for a letter to the bank.", "Write a few words for a letter to the bank."),
        ("How do you know if the message is from a friend?", "a"),
        ("Which of these words mean the same as I in the sentence?", "the words in the sentence"),
        ("Choose the odd one out.", "a dog; a dog; a dog"),
        ("Rewrite these sentences.", "".join(f"{number}. We went home again.\n" for number in range(1, 4))),
        (
            "Rewrite these sentences.",
            "1. Next time, we go home.\n2. Next time, we go home.\n3. Next time, we go home.",
        ),
        ("What does the sentence say?", "Computer A. Computer B. " * 12),
        ("Which of the following statements is correct?", "I'm going to have a look at your computer."),
        ("Write out the following statements.", "I want to go to the movies."),
        ("Say what is meant by the expression in quotation marks.", "I will have to postpone my flight."),
        ("For each word, say the number of letters.", "41\n23\n33\n44"),
        ("Write a commit message.", "-\n-\n-\n-"),
        ("How would a friend say this?", "I'm going to the beach. I'm going to the beach."),
        ("How can we use this sentence?", "1. The car is full already.\n2. The car is full already."),
        (
            "Put these in order.",
            "The moon landing, the first moon landing, the moon landing, the moon landing",
        ),
    ],
)
def test_an_input_that_is_nothing_to_work_on_does_not_fit(instruction: str, input: str) -> None:
    assert unfitting(instruction, input)


@pytest.mark.parametrize(
    ("instruction", "input"),
    [
        ("Is the letter a vowel?", "a"),
        ("Which letter is this in Morse code?", "-.-"),
        ("Give the opposite of the word.", "old"),
        ("Count how often each animal is named.", "cat dog cat cat bird dog"),
        ("Add up the numbers.", "1, 1, 1"),
        ("Remove the lines that are there twice.", "We went home.\nWe went home."),
        ("Which of these is a fruit?", "apple cat"),
        ("Which of these things is the longest?", "a mile or a kilometre"),
        ("Which of the following is wrong?", "2 + 2 = 4\n2 + 3 = 6"),
        ("Which of these words is a verb?", "We sing at home."),
        ("What does the expression in quotation marks mean?", 'The "ball" is in their court.'),
        ("Which animals does the list name?", "cat, dog, cat"),
        ("Continue the story.", "It rained. We stayed. We went home early."),
        ("Add up the numbers.", "7 " * 24),
        ("Fix the sentence: she go home.", "she go home."),
        ("翻译这句话。", "我不知道"),
    ],
)
def test_an_input_to_work_on_fits(instruction: str, input: str) -> None:
    assert not unfitting(instruction, input)


@pytest.mark.parametrize(
    "instruction",
    [
        "What is the difference between a river and a river?",
        "Name three differences between a ten-year-old and a ten-year-old.",
        'How does the word "kitchen" differ from the word "kitchen"?',
        "How many months are there in a month?",
        "How is a song from a song of the song a song?",
        "Why was this bridge built?",
        'What is a "small" to them?',
        'Write a line in which you say "so" or "so".',
        'Use these sentences: "I am tired of it", "I am tired of it", "I am tired of it".',
        "Do not stand on a chair near a window.",
        "How many days are there?",
        "Which is not a kind of bread? Explain your answer.",
    ],
)
def test_what_asks_about_nothing_is_senseless(instruction: str) -> None:
    assert senseless(instruction)


@pytest.mark.parametrize(
    "instruction",
    [
        "What is the difference between a river and a canal?",
        "What is the difference between supervised learning and unsupervised learning?",
        "How many months are there in a year?",
        "Do not use the letter e. Write a sentence about rain.",
        "How many days are there in May?",
        "Which is not a kind of bread: a roll, a brick or a loaf?",
        "Which is not a planet, Mars or Pluto?",
        "What is not allowed in a library?",
        'Write a line with the words "so" and "such".',
        "What is love, and why do we love?",
        "Name a famous bridge and say when this bridge was built.",
        "How does a child feel when he is alone?",
        "What should one do this weekend? Give three ideas.",
        "What do these two words mean: affect, effect?",
        "Was ist der Unterschied zwischen einem Fluss und einem Kanal?",
        "河流和运河有什么区别？",
    ],
)
def test_what_asks_about_something_is_not(instruction: str) -> None:
    assert not senseless(instruction)
