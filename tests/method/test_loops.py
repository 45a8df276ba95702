"""Endless repetition is found in every script, and verses, lists, tables and laughter are left alone."""

from __future__ import annotations

import pytest

from app.method.loops import loops


@pytest.mark.parametrize(
    "text",
    [
        "A pond is a pond is a pond is a pond is a pond is a pond is a pond is a pond.",
        "The dog barked at the cat. " * 6,
        "Well then. " + "and the dog and the cat and a bird " * 7,
        "The first line.\n" * 9 + "The fi",
        "The tall man read his long letter.\n" * 4,
        "The body is complex, and it is not always easy to see the effects of stress."
        + " It is not always easy to see the effects of stress." * 2,
        "A good kitchen is one that is clean, well lit and easy to work in. " * 2,
        "You can bake a cake with your friends. You can use a spoon to stir the dough in a bowl. You can "
        "also use a spoon to stir the dough in a bowl.",
        "I'm a man of the old town. " * 2,
        "You have to walk far to get a loaf, so you have to walk far to get a loaf.",
        "The road is a long road that runs to the sea. It is a road for all. It is also a long road that "
        "runs to the sea because it is a road for all.",
        "For example: \"I'm not going to the ball\" (I'm not going to the ball) vs. \"I'm not going to the "
        "ball\" (I'm not going to the ball).",
        "".join(
            f"{number}. The garden is a {size} one, but it has many {things}\n"
            for number, size, things in zip(
                "1234", ["small", "large"] * 2, ["trees", "birds"] * 2, strict=True
            )
        ),
        "- A king\n- A queen of the north\n- A queen of the north\n- A queen of the north",
        "A good kitchen is one that is clean and easy to work in.\n" * 2,
        "1. The tall men\n2. The tall men\n3. The tall men",
        "To make a cake you need flour, milk, a pan, a pan and a pan.",
        "A proton is a proton and a neutron is a neutron. " * 2,
        "On a hill you feel as on a hill. " + "You feel as on a hill because you are on a hill. " * 2,
        "A tale about a man with a very long beard is a tale about a man with a very long beard. It is a "
        "tale about a man with a very long beard.",
        "".join(
            f"{number}. The first man was right, and so the second one was wrong.\n" for number in range(1, 6)
        ),
        "It rained. " + "The tall man read his long letter. " * 4,
        "Write it down. " + "".join(f"Note: {number}. " for number in range(19, 40)),
        "".join(f"This is the number {number}. " for number in range(1, 12)) + "This is th",
        "".join(f"Step {number}: go on\n" for number in range(1, 20)),
        "We thank all the people who came to the long and very merry feast.\n" * 3,
        "very " * 30,
        "池は池です。" * 8,
        "我不知道。" * 10,
        "สระน้ำคือสระน้ำ" * 7,
        "пруд это пруд, " * 10,
        "तालाब एक तालाब है। " * 8,
        "البركة هي البركة " * 8,
        "".join(f"{number}. The dog runs fast\n" for number in range(1, 12)),
        "".join(f"  {letter}. The moon is a ball of light.\n" for letter in "ABCDEFGHIJK"),
        "- a point about it\n" * 12,
        "Question: why? Answer: so.\n\n" * 6,
        "Q" * 400,
        "The feast was in a small town, and it was a merry feast, and they had a band, and they had cake, "
        "and they were very merry, and they always had cake, and they always were merry and merry, and they "
        "always had cake, and they had a good band, and they always were very merry and merry, and they had "
        "a band, and they were very merry, and they always were merry.",
        "The smell of the hill is a mixture of the smell of the wood and the smell of the hill. The smell of "
        "the wood is a mixture of the smell of the wood and the smell of the hill. The smell of the hill is "
        "a mixture of the smell of the wood and the smell of the hill.",
    ],
)
def test_a_text_that_says_the_same_to_its_end_loops(text: str) -> None:
    assert loops(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        " \n",
        "ha ha ha ha ha ha ha ha ha",
        "The dog barked at the cat. The dog barked at the cat.",
        "In a song:\n" + "A good kitchen is one that is clean and easy to work in.\n" * 2,
        "1. No\n2. No\n3. No",
        "Hip, hip, hooray! Hip, hip, hooray! Hip, hip, hooray!",
        "You have to walk far to get a loaf, so you have to walk far to get a cake.",
        "assert a[0] == b.of('left', 1, none) or assert a[0] == b.of('left', 1, none)",
        "1. Run ten minutes\n2. Walk for two\n3. Run ten minutes\n4. Walk for two\n5. Run ten minutes",
        "".join(
            f"- The capital of {a} is {a[::-1]}\n"
            for a in ("Peru", "Cuba", "Oman", "Iran", "Mali", "Togo", "Niue")
        ),
        "A pond is a place where frogs and newts live. A lake is a place where frogs and newts live.",
        "A town is a place with people who are not rich. A town is a place with people who are rich.",
        "ha" * 20,
        "哈哈哈哈哈哈哈哈哈",
        "Aaaaaaaaaaaaaaaaaaaaaaaargh",
        "Row, row, row your boat,\nGently down the stream.\nMerrily, merrily, merrily, merrily,\nHome.",
        "We will, we will rest now\n" * 4,
        "| a | b |\n|---|---|\n" + "| 0 | 0 |\n" * 20,
        "No\nNo\nNo\nNo\nNo\nNo",
        "".join(f"{number}. No\n" for number in range(1, 8)),
        "0." + "3" * 80,
        "0, 1, " * 20,
        "-" * 200,
        "print('hello world')\n" * 5,
        "    }\n  }\n}\n" * 5,
        "".join(f"Day {day}: run 5 km\n" for day in range(1, 9)),
        "".join(f"{number} times 7 is {7 * number}. " for number in range(1, 21)),
        "".join(f"7 x {number} = {7 * number}\n" for number in range(1, 21)),
        "".join(f"Player {number}\n" for number in range(1, 9)),
        "".join(f"Line {number}\n" for number in range(1, 90)) + "The end.",
        "".join(f"Chapter {number}, " for number in range(1, 21)),
        "".join(f"{number}. {word}\n" for number, word in enumerate(["one", "two", "six", "ten", "red"] * 3)),
        "For he's a jolly good fellow, " * 3 + "and so say all of us.",
        "assert add(1, 1) == 2\n" * 4,
        "if (a == 1) { b = 2; } else if (a == 2) { b = 3; } else if (a == 3) { b = 4; } " * 2,
        "A tale about a man with a very long beard is no tale about a man with a very long beard who has a "
        "wife, a house by the sea and a tale about a man with a very long beard: so they said.",
        "Note: " + "9" * 5000 + ". Note: " + "9" * 5000,
        "The cat sat. " * 6 + "Then it rose, went out of the door and was never seen again by any of us.",
    ],
)
def test_what_repeats_by_its_nature_does_not_loop(text: str) -> None:
    assert not loops(text)
