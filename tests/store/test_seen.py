from __future__ import annotations

from random import Random

import pytest

from app.store import seen as module
from app.store.seen import Seen, hashed


@pytest.mark.parametrize("in_memory", [1 << 17, 1_000])
def test_it_says_what_a_set_says(monkeypatch: pytest.MonkeyPatch, in_memory: int) -> None:
    monkeypatch.setattr(module, "_IN_MEMORY", in_memory)
    random = Random(1)
    seen, known = Seen(), set[int]()
    for _ in range(20_000):
        key = hashed(random.randrange(12_000), "text")
        assert seen.add(key) == (key not in known)
        known.add(key)


def test_texts_in_other_places_are_other_texts() -> None:
    assert (
        len({hashed("ab", "c"), hashed("a", "bc"), hashed("abc"), hashed("abc", ""), hashed("\ud800")}) == 5
    )
