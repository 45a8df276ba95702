"""Answers drawn as Markdown: everything that is stored can be read, and nothing in it is obeyed."""

from __future__ import annotations

import pytest

from app.tui import markdown
from tests.hostile import HOSTILE

ANSWER = """# Steps

Use **two** lists, `x = 1` and *this*.

1. one
   - nested

> said

```python
def f(x):
    return x + 1  # twice
```

| a | bb |
|---|----|
| 1 | 22 |
"""


def test_markdown_is_drawn_with_its_structure() -> None:
    drawn = markdown.drawn(ANSWER)
    assert [line.rstrip() for line in drawn.plain.splitlines()] == [
        *("# Steps", "", "Use two lists, x = 1 and this.", ""),
        *("1. one", "   • nested", "", "▌ said", ""),
        *("│ python", "│ def f(x):", "│     return x + 1  # twice", ""),
        *("a │ bb", "──┼───", "1 │ 22"),
    ]
    styled = {drawn.plain[span.start : span.end] for span in drawn.spans if "bold" in str(span.style)}
    assert "two" in styled
    assert any("$text-primary" in str(span.style) for span in drawn.spans), "a keyword has its colour"


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("**so** 2*3*4 and a_b_c", "so 2*3*4 and a_b_c"),
        ("- __init__ is *the* constructor", "• __init__ is the constructor"),
        ("- \\(x^2\\) and \\* and &amp; &#x202e;", "• \\(x^2\\) and \\* and &amp; &#x202e;"),
        ("- <b>bold</b> <!-- hidden -->", "• <b>bold</b> <!-- hidden -->"),
        ("- see [a]\n\n[a]: http://hidden.example", "• see [a]\n\n[a]: http://hidden.example"),
        ("- [click](https://evil.example/x)", "• click <https://evil.example/x>"),
        ("- ![alt](https://evil.example/x)", "• !alt <https://evil.example/x>"),
        ("**first**\nsecond", "first\nsecond"),
        ("Title\n---\n- x", "Title\n────────────────────\n• x"),
    ],
)
def test_what_a_person_decides_on_is_not_swallowed(text: str, kept: str) -> None:
    assert markdown.drawn(text).plain == kept


@pytest.mark.parametrize("around", ["{}", "# {}", "- {}", "`{}`", "```x\n{}\n```", "[{0}]({0})", "**{}**"])
@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_nothing_foreign_is_obeyed(text: str, around: str) -> None:
    drawn = markdown.drawn(around.format(text[:500]))
    assert all(letter == "\n" or ord(letter) >= 0x20 for letter in drawn.plain)
    assert not any(0x7F <= ord(letter) < 0xA0 or letter in "\u202e\u200b\u2028" for letter in drawn.plain)
    assert not any("@click" in str(span.style) or "link" in str(span.style) for span in drawn.spans)


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("def reverse(text):\n    # turn round\n    return text[::-1]", "python"),
        ("const a = [1, 2];\n// twice", "javascript"),
        ("SELECT name FROM people WHERE age > 7;", "sql"),
        ("import a business plan from a friend.", ""),
        ("class struggle is a term.", ""),
        ("Define a function.", ""),
    ],
)
def test_code_without_a_fence_is_coloured_and_keeps_every_character(text: str, language: str) -> None:
    assert markdown.language_of(text) == language
    if language:
        drawn = markdown.drawn(text)
        assert drawn.plain == text and drawn.spans


def test_plain_and_very_long_texts_are_left_alone() -> None:
    assert not markdown.is_likely("Lisbon is the capital.\nIt lies on the Tagus; 2 * 3 = 6.")
    assert not markdown.is_likely("# Title\n" + "word " * markdown.LIMIT)
    assert markdown.is_likely("First:\n\n1. one\n2. two")
