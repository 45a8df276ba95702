"""The parts of the screens that know no Textual."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app import words
from app.tui.candidates import MAX_WORDS, differing
from app.tui.drafts import MOST, MOST_BYTES, Draft
from app.tui.literal import SLICE, field_text, slice_of
from app.tui.memory import RECENT_LIMIT, Memory
from app.tui.widgets.candidates import shares


def marked(text: str, other: str) -> list[str]:
    found = differing(text, other)
    assert found is not None
    return [text[start:end] for start, end in found]


def test_only_words_that_the_other_text_lacks_are_marked() -> None:
    assert marked("The budget was approved on Monday.", "The budget was approved by them.") == ["on Monday"]
    assert marked("a b c", "a b c") == []
    assert marked("Same Words", "same words") == []
    assert marked("new text", "") == ["new text"]


def test_texts_too_long_to_compare_are_not_compared() -> None:
    assert differing("word " * (MAX_WORDS + 1), "word") is None


@given(st.text(max_size=60), st.text(max_size=60))
def test_marked_ranges_lie_in_order_inside_the_text(text: str, other: str) -> None:
    found = differing(text, other)
    assert found is not None
    at = 0
    for start, end in found:
        assert at <= start < end <= len(text)
        at = end


@given(st.lists(st.integers(1, 500), min_size=1, max_size=9), st.integers(-5, 100))
def test_lines_are_shared_without_waste(wanted: list[int], room: int) -> None:
    given_lines = shares(wanted, room)
    assert all(1 <= got <= want for got, want in zip(given_lines, wanted, strict=True))
    assert sum(given_lines) <= max(room, len(wanted))
    hungry = any(got < want for got, want in zip(given_lines, wanted, strict=True))
    assert not hungry or room - sum(given_lines) < len(wanted)


def test_parts_of_a_text_are_the_text() -> None:
    text = "ab" * SLICE
    assert "".join(slice_of(text, number).text for number in range(2)) == text
    assert slice_of(text, 99).number == 1 and slice_of("", 3).text == ""


def test_a_field_keeps_tabs_and_shows_escapes() -> None:
    assert field_text("if x:\r\n\tgo\x1b[2J") == "if x:\n\tgo␛[2J"


@pytest.mark.parametrize(
    ("octets", "said"),
    [(0, "0 bytes"), (1, "1 byte"), (999, "999 bytes"), (1000, "1 kB"),
     (940_000, "940 kB"), (999_600, "1.0 MB"), (8_300_000, "8.3 MB"), (138_000_000, "138 MB"),
     (999_600_000, "1.0 GB"), (4_900_000_000, "4.9 GB")],
)  # fmt: skip
def test_sizes_are_said_in_three_figures(octets: int, said: str) -> None:
    assert words.size(octets) == said


def test_numbers_are_said_as_people_say_them() -> None:
    assert words.clock(3_725) == "01:02:05"
    assert [words.about(s) for s in (3, 42, 600, 9_000)] == ["≈ 5 s", "≈ 40 s", "≈ 10 min", "≈ 2.5 h"]
    assert (words.rate(0), words.rate(61.24)) == ("–", "61.2")
    assert (words.plural(1, "row"), words.plural(2_000, "row")) == ("1 row", "2,000 rows")
    assert words.percent(1, 0) == "0%"
    assert words.bar(1, 1000, 10) == ("━", "─" * 9)
    assert words.bar(2_000, 1_000, 4) == ("━━━━", "")
    assert words.bar(3, None, 4) == ("━", "───")
    assert words.sparkline([0.0, 5.0, 10.0], 8) == "▁▄█"
    assert words.sparkline([0.0], 8) == ""


def test_the_memory_survives_and_an_unreadable_one_counts_as_empty(tmp_path: Path) -> None:
    place = tmp_path / "state" / "screens.json"
    memory = Memory.load(place)
    for number in range(RECENT_LIMIT + 3):
        memory.opened(tmp_path / f"{number}.db")
    memory.opened(tmp_path / "14.db")
    memory.chose_theme("nord")
    again = Memory.load(place)
    assert len(again.recent) == RECENT_LIMIT and again.recent[0].name == "14.db"
    assert again.theme == "nord" and again.projects() == []
    for text in ("", "[1", "[]", json.dumps({"recent": [3, None, "a\0b"], "theme": 4}), "[" * 100_000):
        place.write_text(text)
        assert (Memory.load(place).recent, Memory.load(place).theme) == ([], "")


def test_a_place_that_cannot_be_written_is_no_reason_to_stop(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("")
    memory = Memory.load(blocked / "screens.json")
    memory.opened(tmp_path / "x.db")
    memory.drafts.keep("of an answer", Draft("text", ""))
    memory.drafts.drop("of an answer")
    assert memory.recent and memory.drafts.read("of an answer") is None


def test_texts_of_apps_that_are_ended_at_once_are_all_kept_until_they_are_dropped(tmp_path: Path) -> None:
    one, other = (Memory.load(tmp_path / "state" / "screens.json") for _ in range(2))
    one.drafts.keep("a", first := Draft("\0 first\udc80", "fir"))
    other.drafts.keep("b", second := Draft("second", ""))
    one.opened(tmp_path / "x.db")
    assert [other.drafts.read(name) for name in ("a", "b", "a")] == [first, second, first]
    one.drafts.drop("a")
    assert other.drafts.read("a") is None
    for number in range(MOST + 3):
        one.drafts.keep(f"{number}", second)
    kept = sorted(tmp_path.glob("state/drafts/*"))
    assert len(kept) == MOST
    spoilt = (
        "[1",
        "[" * 9999,
        '"text"',
        '{"text": 1, "begun": ""}',
        f'{{"text":"","begun":"{"x" * MOST_BYTES}"}}',
    )
    for file, text in zip(kept, spoilt, strict=False):
        file.write_text(text)
    readable = [other.drafts.read(f"{number}") for number in range(MOST + 3)].count(second)
    assert readable == MOST - len(spoilt)
