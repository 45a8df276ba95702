"""Each check finds what it is for and leaves good answers alone."""

from __future__ import annotations

import pytest

from app.intake.seeds import BUNDLED, read_seed_tasks
from app.method.faults import LONG, Row, echoes, faults, is_faulty
from app.method.terms import FAULTS


def row(output: str, input: str = "", instruction: str = "Do it.", cut: bool = False) -> Row:
    return Row(instruction, input, output, cut)


KEY = "sk-" + "abcd1234" * 3
NOTE = "Write the note that hangs on the door."


@pytest.mark.parametrize(
    ("found", "bad"),
    [
        ("short", row("")),
        ("short", row(" 7 ")),
        ("echo", row("same \n", " same")),
        ("echo", row("say what a pond is", "", "Say what a pond is.")),
        ("echo", row("“Say what a pond is.” A pond is a small lake.", "", "Say what a pond is.")),
        ("loop", row("A pond is a " + "pond is a " * 9 + "pond.")),
        ("loop", row("fine", "", "Name a bird, and name a bird, and " + "name a bird, and " * 6)),
        ("merged", row("It is 4.\n\nInstruction: Name a river.\nOutput: Rhine")),
        ("merged", row("4\n2. Task: next")),
        ("merged", row("4\n### Input:\n5")),
        ("merged", row("4\n**Question 2:** five")),
        ("leaked", row("4<|im_end|>")),
        ("leaked", row("[INST] Add.")),
        ("leaked", row("Well. </think> It is 4")),
        ("leaked", row("### Response: four")),
        ("leaked", row("Output: four")),
        ("leaked", row("Below is an instruction that describes a task.")),
        ("leaked", row("Four. |EoS|")),
        ("leaked", row("Four. | EoS |")),
        ("leaked", row("Four. |P1|")),
        ("leaked", row("Four |p1|\nand five")),
        ("leaked", row("Four <<<EoS|")),
        ("leaked", row("Four.", "", "Add two and two. |eos|")),
        ("numbering", row("3. Paris")),
        ("numbering", row("Task 4: Paris")),
        ("numbering", row("Paris", "", "13) Name the capital of France.")),
        ("truncated", row("It was cut", cut=True)),
        ("truncated", row("First we add the flour, then the")),
        ("truncated", row("First we add,")),
        ("unclosed", row('{"b": [2, 3}')),
        ("refusal", row("I'm sorry, but that is not possible.")),
        ("language", row("Der Bahnhof liegt hinter der Brücke.", "", "Say where the station is, please.")),
        ("missing", row("A cat.", "", "Describe the attached image.")),
        ("missing", row("It is news.", "https://example.org/a", "Summarise this web page.")),
        ("present", row("It is Tuesday.", "", "What day is it today?")),
        ("present", row("It rains.", "", "Hello. What's the weather like in Oslo right now?")),
        ("present", row("Ten.", "", "Tell me today's date.")),
        ("email", row("Write to desk@mill.example for more.", "", NOTE)),
        ("phone", row("Call 030 7654321.", "", NOTE)),
        ("phone", row("Call (555) 123-4567.", "", NOTE)),
        ("phone", row("Call 555-123-4567.", "", NOTE)),
        ("phone", row("Call +49 30 765 43 21.", "", NOTE)),
        ("secret", row(f"The key is {KEY}", "", NOTE)),
        ("secret", row("AKIA" + "ABCD2345" * 2, "", NOTE)),
        ("secret", row("ghp_" + "a1b2" * 6, "", NOTE)),
        ("secret", row("api_key = 'q1w2e3r4t5z6u7i8o9'", "", NOTE)),
        ("secret", row("-----BEGIN RSA PRIVATE KEY-----\nMII", "", NOTE)),
        ("hidden", row("zero\u200bwidth")),
        ("hidden", row("fine", "bell\x07")),
        ("hidden", row("lost \ufffd letter")),
        ("long", row("x" * LONG)),
    ],
)
def test_a_check_finds_what_it_is_for(found: str, bad: Row) -> None:
    assert found in faults(bad)
    assert is_faulty(found, bad)
    assert found not in faults(bad, off={found})


NOUNS = (
    *("image", "pictures", "photo", "photographs", "video", "audio", "screenshot", "attachments"),
    *("URL", "links", "website", "web page", "web sites"),
)


@pytest.mark.parametrize("noun", NOUNS)
def test_whatever_is_asked_for_and_not_there_is_found(noun: str) -> None:
    assert faults(row("A cat.", "", f"Describe The Attached {noun}.")) == ["missing"]


@pytest.mark.parametrize(
    "good",
    [
        row("42", "6 x 7"),
        row("Yes"),
        row("Step 1: mix.\nStep 2: bake.\nThe result: bread."),
        row("1. Mix.\n2. Bake."),
        row("1. Mix. 2. Bake."),
        row("2) Paris", "1) London 2) Paris", "Which one is in France?"),
        row("2. Mai", "", "Wann war das Fest?"),
        row("3.5 kg"),
        row("def f(x):\n\treturn [x]"),
        row("naïve café — 日本語\r\nemoji 👩‍🚀 fine"),
        row("I can swim and I can run."),
        row("He was sorry to hear it."),
        row("As a rule, no."),
        row("What is it for?"),
        row("A <b>bold</b> word, and a < b."),
        row("A red bus.", "A photo of a bus, described: red, two floors.", "Say what this picture shows."),
        row("| p1 | p2 |\n|----|----|\n| 3 | 4 |"),
        row("Say it again and it rhymes.", "", "Say it"),
        row("Once upon a time there was a fox.", "Once upon a time", "Go on with the tale."),
        row("It was 1999-2003, 12.10.2021, 0101 1010 0110, and 192.168.100.200.", "", NOTE),
        row("ISBN 978-3-16-148410-0 costs 1,234,567.89.", "", NOTE),
        row("The keyboard-navigation-settings token is broken: see below.", "", NOTE),
        row("Quelle heure est-il ?", "What time is it now?", "Say this in French."),
        row("Follow @mill or a@b."),
    ],
)
def test_a_good_answer_passes_every_check(good: Row) -> None:
    assert faults(good) == []


@pytest.mark.parametrize(
    ("instruction", "input", "output"),
    [
        ("Name a sea.", "", "Name a sea. The Baltic."),  # names of few words are no echo: see the next
        ("Copy it.", "a long line of text", "another line of text"),
        ("Say what a pond is.", "", "Say what a pond issues in spring."),
    ],
)
def test_an_answer_that_only_begins_alike_is_no_echo(instruction: str, input: str, output: str) -> None:
    assert not echoes(instruction, input, output)


def test_the_bundled_seed_tasks_raise_no_alarm_worth_the_name() -> None:
    tasks = read_seed_tasks(BUNDLED["general"])
    rows = [row(output, input, task.instruction) for task in tasks for input, output in task.instances]
    # Some of them are about addresses and numbers, which a person should see and leave.
    expected = ("short", "long", "email", "phone")
    alarms = [name for one in rows for name in faults(one) if name not in expected]
    assert len(alarms) <= len(rows) // 50, alarms


def test_every_check_says_in_words_what_it_finds() -> None:
    assert {name for name in FAULTS if is_faulty(name, row(""))} == {"short"}
    assert all(FAULTS.values())
