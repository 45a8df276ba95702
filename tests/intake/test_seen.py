from __future__ import annotations

from random import Random

from app.intake.seen import Seen, hashed


def test_it_says_what_a_set_says() -> None:
    random = Random(1)
    seen, known = Seen(), set[int]()
    for _ in range(20_000):
        key = random.randrange(1, 12_000) * 0x9E3779B97F4A7C15 % 2**64 or 1
        assert seen.add(key) == (key not in known)
        known.add(key)


def test_texts_in_other_places_are_other_texts() -> None:
    assert (
        len({hashed("ab", "c"), hashed("a", "bc"), hashed("abc"), hashed("abc", ""), hashed("\ud800")}) == 5
    )
