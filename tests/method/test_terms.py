"""The terms of the method: one name for one thing."""

from __future__ import annotations

from typing import get_args

from app.method import terms


def test_every_drop_reason_has_words_and_no_other_thing_has() -> None:
    assert set(terms.IN_WORDS) == set(get_args(terms.Reason))


def test_an_unknown_reason_is_read_without_its_underscores() -> None:
    assert terms.in_words("of_another_version") == "of another version"
