from __future__ import annotations

from app.run.context import generator, sampler_seed, text_hash


def test_a_sampler_seed_is_one_llama_cpp_takes_as_it_is() -> None:
    seeds = {sampler_seed(1, "answers", f"item-{number}", "model", 0) for number in range(2_000)}
    assert len(seeds) == 2_000
    assert min(seeds) >= 1
    assert max(seeds) <= 2**32 - 2


def test_every_part_of_an_identity_changes_the_sampler_seed() -> None:
    base = (7, "instructions", "A:3", "model", 0)
    others = [
        (8, "instructions", "A:3", "model", 0),
        (7, "answers", "A:3", "model", 0),
        (7, "instructions", "A:4", "model", 0),
        (7, "instructions", "A:3", "other", 0),
        (7, "instructions", "A:3", "model", 1),
    ]
    assert sampler_seed(*base) == sampler_seed(*base)
    assert all(sampler_seed(*other) != sampler_seed(*base) for other in others)


def test_a_generator_belongs_to_its_subject_not_to_the_order_of_asking() -> None:
    first = [generator(1, "instructions", "A", number).random() for number in range(5)]
    again = [generator(1, "instructions", "A", number).random() for number in reversed(range(5))]
    assert first == again[::-1]
    assert len(set(first)) == 5


def test_texts_are_hashed_apart_and_lone_surrogates_too() -> None:
    assert text_hash("ab", "c") != text_hash("a", "bc")
    assert text_hash("\ud800") != text_hash("?")
