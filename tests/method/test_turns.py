from __future__ import annotations

from app.method.turns import Turn, from_json, in_lines, pairs_of, system_of, to_json

SYSTEM, USER, BOT = Turn("system", "Be brief."), Turn("user", "Hi"), Turn("assistant", "Ho\n\ud800")


def test_turns_are_written_and_read_back() -> None:
    for turns in ((), (SYSTEM,), (SYSTEM, USER, BOT)):
        assert from_json(to_json(turns)) == turns
    assert to_json(()) == ""


def test_turns_are_told_apart_for_forms_that_hold_pairs_alone() -> None:
    assert system_of((SYSTEM, USER)) == "Be brief." and system_of((USER,)) == ""
    assert pairs_of((SYSTEM, USER, BOT)) == [("Hi", BOT.text)]
    assert pairs_of((SYSTEM,)) == []
    assert pairs_of((USER,)) is None and pairs_of((BOT, USER)) is None and pairs_of((USER, USER)) is None


def test_plain_text_says_who_speaks() -> None:
    assert in_lines((SYSTEM, USER)) == "System: Be brief.\n\nUser: Hi\n\n"
