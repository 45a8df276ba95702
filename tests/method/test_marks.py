"""End marks, labels, numbers and wrappings go, however models write them; what only looks alike stays."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.method.marks import bare_input, bare_instruction, bare_value, ended, stray, without_preamble


@pytest.mark.parametrize(
    "mark",
    [
        "|EoS|", "| EoS |", "|EOS|", "|eos|", "|EoSs|", "|P1|", "|p1|", "|EoT|", "|AbC12|", "||EoS||",
        "|EoS||EoS|", "|P1||P1|", "|P1| |P1|",
        "<<<EoS|", "<|EoS|>", "<eos>", "<<EoS>>", "<|im_end|>", "<|endoftext|>", "<|eot_id|>",
        "<end_of_turn>", "</s>", "[/INST]", "<|assistant|>", "| P1 |", "|E", "|",
    ],
)  # fmt: skip
def test_an_end_mark_goes_however_it_is_written(mark: str) -> None:
    assert ended(f" Name a river. {mark}").strip() == "Name a river."
    assert not stray(ended(f" Name a river. {mark}"))


@pytest.mark.parametrize(
    "text",
    [
        "| name | age |\n|---|---|\n| Ann | 31 |",
        "Name | Age | Town\nAnn | 31 | Ulm",
        "name | age |\n--- | --- |\nAnn | 31 |",
        "if a || b: return c",
        "red | green | blue",
        "Find |x| for x = -3.",
        "How long is |AB|",
        "cat log.txt | grep -c error | sort",
        "|x| + |y| = |z|",
        "Use <b>bold</b> and <s>struck</s> text.",
        "List the endpoints [GET] and [POST].",
        "a <= b and b >= c",
        "print('a' | 'b')",
        "items.each do |item|\n  puts item\nend",
        "items.each do |item|",
        "points.each do |p1|\n  puts p1\nend",
        "std::thread::spawn(move |args|\n    run(args)\n)",
        "let add = |item|\n    item + 1;",
        "items.map { |item| item * 2 }",
        "points.map { |p1| p1.x }",
        "v.iter().map(|item| item + 1)",
        "The cardinality |set| is 4",
        "What is the cardinality |set|",
        "|Name|Age|\n|---|---|\n|Bob||",
        "|Name|\n|---|\n|Bob|\n|P1|",
        "Name (first) | Code |\n--- | --- |\nAnn | P1 |",
        "std::cout <<p1;",
        "for inst in [inst]: print(inst)",
        "Use <s>struck</s>",
    ],
)
def test_bars_that_belong_to_a_text_stay(text: str) -> None:
    assert ended(text) == text
    assert not stray(text)


@pytest.mark.parametrize(
    "text",
    [
        "What does <|endoftext|> mean?",
        "What is <|endoftext|>?",
        "Explain what the token <|endoftext|> does.",
        "Why do prompts of Llama hold `[INST]`?",
        "[INST] marks the start of a turn. What marks its end?",
        "When does a model write <eos> instead of a word?",
        "Explain the token <eos>",
        "Is it <eos> or <bos>?",
        "Remove every <|endoftext|> from a text.",
        "Summarise the [INST] format",
        "tokens.each do |eos|\n  puts eos\nend",
        "How are [INST] and [/INST] used?",
        "tokens = ['<bos>'] + words",
        "Say which token ends a text (<|im_end|>) and why.",
    ],
)
def test_a_mark_that_a_text_speaks_of_stays(text: str) -> None:
    assert ended(text) == text
    assert not stray(text)


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("[INST] Name a river. [/INST] The Danube.", "Name a river."),
        ("[/INST] Name a river.", "Name a river."),
        ("<s>[INST] Name a river.", "Name a river."),
        ("<bos>Name a river.<eos>", "Name a river."),
        ("Name a river.<|im_end|>\n<|im_start|>user\nWhat is a token?", "Name a river."),
        ("Name a river. |EoS|\n2. What does it mean?", "Name a river."),
        ("Name a river. |EoS||EoS|", "Name a river."),
        ("Name a river |P1|\nName a hill", "Name a river"),
        ("Explain what it means.<|im_end|>", "Explain what it means."),
        (
            "| a | b |\n|---|---|\n| 1 | 2 |\nAdd it up. |P1|\nMore",
            "| a | b |\n|---|---|\n| 1 | 2 |\nAdd it up.",
        ),
        ("The token is yes <|im_end|> user\nHow?", "The token is yes"),
        ("The answer is yes <|im_end|> and no", "The answer is yes"),
        ("The token ends it. <eos> What is next?", "The token ends it."),
    ],
)
def test_a_mark_that_opens_goes_and_one_that_ends_takes_what_follows(text: str, kept: str) -> None:
    assert ended(text).strip() == kept


@pytest.mark.parametrize(
    "text", ["Name |P1| a river.", "Say |EoT1| hello to them", "It is <|im_start|> good"]
)
def test_a_mark_within_a_text_is_noticed(text: str) -> None:
    assert stray(text)


@pytest.mark.parametrize(
    "wrapped",
    [
        "13) Name a river.", "## Name a river.", "**Name a river.**", '"Name a river."', "“Name a river.”",
        "Instruction: Name a river.", "**Instruction 2:** Name a river.", "### Instruction: Name a river.",
        "New instruction:\nName a river.", "- Name a river.", "```\nName a river.\n```", "`Name a river.`",
        "5. **Task:** Name a river.", "Name a river. ###", "Name a river.\n---", "Name a river. 14.",
        "Name a river. 14)", "Name a river.\nOutput: The Danube.",
        "Name a river.\n\nAnswer: The Danube or the Rhine, which is nearer.",
        "Name a river. **Output:** The Danube", "(3) Name a river.", "```Name a river.",
        "#Rewritten Prompt#: Name a river.", "Name a river. Answer: The Danube.",
        'Name a river. Answer: "Danube"', "Name a river. Response: 1. Danube 2. Rhine",
    ],
)  # fmt: skip
def test_what_models_put_around_an_instruction_goes(wrapped: str) -> None:
    assert bare_instruction(wrapped) == "Name a river."


@pytest.mark.parametrize(
    "text",
    [
        'End with a line that begins with "Answer:".',
        "Write a function that returns x ** 2 and y ** 2.",
        "What is 3 + 4?",
        "Compute 12 + 13.",
        "Fill in the blank: The cat ____",
        "1. Peel the potatoes. 2. Boil them. Which step takes longer?",
        "Fix the code:\n```python\nprint(1\n```",
        "Explain what #include does.",
        "#hashtags: are they useful?",
        'Compare "this" and "that"',
        "Write a heading in Markdown, such as ## Title, and a list.",
        "Is C## a language?",
        "1984 was written by whom?",
        "Is water wet? Answer: yes or no",
        "State your opinion. Answer: yes or no.",
        "Name a river. Answer: in one word.",
        "Name a river. Answer: Use one word.",
        "Name a river. Answer: in at most 3 words",
        "Is it warm? Answer: Yes or no, and say why.",
        "Say what it is. Answer: Noun/Verb",
        "Fill it in. Answer: The river is ___.",
        "Classify the review.\nOutput: positive or negative",
        "Classify the review.\n\nAnswer: very good, good, or bad.",
        "What is it? The answer is yes or no.",
        "What is it? The answer is not what you think.",
        "Is water wet?\nAnswer: yes/no",
        "3.5 litres are how many pints?",
    ],
)
def test_an_instruction_that_only_looks_wrapped_stays(text: str) -> None:
    assert bare_instruction(text) == text


def test_an_instruction_does_not_hold_its_answer() -> None:
    for answer in ("The answer is 8.", "The answer to this riddle is, no one."):
        assert bare_instruction(f"How many suns are there? {answer}") == "How many suns are there?"


@pytest.mark.parametrize(
    "value",
    ["The Danube.\n###", "The Danube.\n13.", "The Danube.\n5. output:", "The Danube.\n2. Output",
     "The Danube.\n## ", "Output: The Danube.", "**Output:** The Danube.", "5. output: The Danube.",
     "The Danube.\n\n### Instruction: Next", "The Danube.\n\n14. Instruction: Next\nInput: x",
     "The Danube.\n---", "The Danube.\n##### Another example:\nThe Rhine.", "The Danube.\n### New task",
     "The Danube.\n#### 4", "The Danube.\nInput:", "The Danube.\n**Input**:", 'The Danube."""',
     "The Danube.\n```", "The Danube.**", "* The Danube.**", "| | The Danube."],
)  # fmt: skip
def test_what_is_left_of_other_parts_goes_from_a_value(value: str) -> None:
    assert bare_value(value).strip() == "The Danube."


@pytest.mark.parametrize(
    "value",
    [
        "# Plan\n\n### A new example of it\nA rest\n\n### First\n1. Walk\n2. Eat\n\n### Second day\nRest",
        "Answer: 42",
        "Name: Ann\nAge: ___",
        "| a | b |\n|---|---|\n| 1 | 2 |",
        "Question: Why?\n\nQuestion: How?",
        "Output:",
        "The instruction: read it twice.",
        "1. Mai 2020",
        "1. FC Köln",
        "1. e4 e5",
        "1. The Danube.",
        "print(2 + 3)\n# 5",
        "Sections\nInput",
        "title\nauthor\noutput",
        '"""\nA poem.\n"""',
        "```\nls\n```",
        "* Wash\n* **Dry**",
        "**kwargs takes what has a name",
    ],
)
def test_headings_lists_and_forms_stay_in_a_value(value: str) -> None:
    assert bare_value(value) == value


def test_a_list_of_one_sentence_loses_its_number_as_an_input() -> None:
    assert bare_input("1. The river rose over its banks.") == "The river rose over its banks."
    assert bare_value("9. What is the last word?") == "What is the last word?"
    assert bare_value("* They had been given a new job.") == "They had been given a new job."
    assert bare_value("2. The square was full of people by noon.") == "The square was full of people by noon."
    for text in (
        "2. The square.",
        "3. Oktober ist der Tag der Deutschen Einheit.",
        "2. The one is red. 3. The other",
    ):
        assert bare_value(text) == text
    assert bare_input("the first time you cooked\nanswer: Yes, I cooked.") == "the first time you cooked"
    assert bare_input("A hen lays eggs.\nA: A hen lays eggs.") == "A hen lays eggs."
    assert bare_input("What lays eggs? Answer: A hen") == "What lays eggs?"
    for text in (
        "Who lays eggs?\nhen, cow, pig",
        "Question: Who lays eggs?\nAnswer: A hen.",
        "Review: fine film\nAnswer: good\nReview: dull\nAnswer: bad",
        "B: Who is it?\nA: It is I.",
    ):
        assert bare_input(text) == text
    for text in ("1. Mai 2020", "1. FC Köln", "1. e4 e5", "1. Walk there. 2. Eat what there is."):
        assert bare_input(text) == text


@pytest.mark.parametrize(
    "announced",
    [
        "Sure, here are five tasks:\n1. Go",
        "Here is the rewritten instruction:\n\n1. Go",
        "Certainly!:\n1. Go",
    ],
)
def test_an_announcement_goes(announced: str) -> None:
    assert without_preamble(announced) == "1. Go"


PIECES = ["|", "EoS", "<", "P1", "\n", "#", "1.", "**", "Output:", '"', "```"]


@given(st.lists(st.one_of(st.sampled_from(PIECES), st.text(max_size=4))).map("".join))
def test_no_text_makes_them_raise(text: str) -> None:
    assert len(ended(text)) <= len(text)
    assert bare_instruction(bare_instruction(text)).strip() in text
    assert bare_value(text) in text
    assert bare_input(text) in text
    stray(text)
