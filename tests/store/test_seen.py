from __future__ import annotations

from random import Random

import pytest

from app.store import seen as module
from app.store.seen import Seen, hashed


@pytest.mark.parametrize("in_memory", [1 << 17, 1_000])
def test_it_says_what_a_map_says(monkeypatch: pytest.MonkeyPatch, in_memory: int) -> None:
    monkeypatch.setattr(module, "_IN_MEMORY", in_memory)
    random = Random(1)
    seen, known = Seen(), dict[int, int]()
    for value in range(20_000):
        key = hashed(random.randrange(12_000), "text")
        assert seen.first(key, value) == known.get(key)
        known.setdefault(key, value)


def test_texts_in_other_places_are_other_texts() -> None:
    assert (
        len({hashed("ab", "c"), hashed("a", "bc"), hashed("abc"), hashed("abc", ""), hashed("\ud800")}) == 5
    )
