"""Every option of a request's sampling, against the same rule written in numpy, on a real row of logits."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import numpy as np
import pytest

from app.engine.request import SEED_LIMIT, Sampling
from app.engine.worker.batch import Batch
from app.engine.worker.loading import LoadedModel
from app.engine.worker.sampling import Row, logits_row, make_picker

DRAWS = 4000


@pytest.fixture
def row(writer: LoadedModel) -> Iterator[Row]:
    """Logits after a few words, in place in the model's context; put back as they were between picks."""
    writer.forget()
    tokens = writer.vocab.prompt("The weather was", open_ended=True)
    batch = Batch(len(tokens))
    batch.add(tokens, 0, 0, output=True)
    assert writer.decode(batch) == 0
    yield logits_row(writer.context, len(tokens) - 1, writer.vocab.size)
    writer.forget()


def draws(loaded: LoadedModel, row: Row, sampling: Sampling, count: int = DRAWS) -> Counter[int]:
    """Pick the first token of `count` requests that differ in nothing but their seed."""
    index = len(loaded.vocab.prompt("The weather was", open_ended=True)) - 1
    found: Counter[int] = Counter()
    for seed in range(1, count + 1):
        picker = make_picker(loaded.vocab, sampling, seed)
        found[picker.pick(loaded.context, index)] += 1
        picker.close()
    return found


def expected(row: Row, sampling: Sampling) -> dict[int, float]:
    """The probabilities by the order of the cuts: top-k, top-p, min-p, then the temperature."""
    order = np.argsort(-row.astype(np.float64), kind="stable")
    if sampling.top_k:
        order = order[: sampling.top_k]
    logits = row[order].astype(np.float64)
    p = np.exp(logits - logits.max())
    p /= p.sum()
    if sampling.top_p < 1:
        keep = int(np.searchsorted(np.cumsum(p), sampling.top_p)) + 1
        order, logits, p = order[:keep], logits[:keep], p[:keep]
    if sampling.min_p > 0:
        kept = p >= sampling.min_p * p.max()
        order, logits = order[kept], logits[kept]
    p = np.exp((logits - logits.max()) / sampling.temperature)
    return dict(zip(order.tolist(), (p / p.sum()).tolist(), strict=True))


@pytest.mark.parametrize(
    "sampling",
    [
        Sampling(temperature=1.0, top_k=20),
        Sampling(temperature=0.5, top_k=20),
        Sampling(temperature=2.0, top_k=5),
        Sampling(temperature=1.0, top_k=1000, top_p=0.8),
        Sampling(temperature=1.0, top_k=3, top_p=0.9),
        Sampling(temperature=1.0, top_p=0.5),
        Sampling(temperature=1.0, top_k=50, min_p=0.1),
        Sampling(temperature=1.5, top_k=50, top_p=0.95, min_p=0.02),
    ],
    ids=lambda one: f"t{one.temperature}-k{one.top_k}-p{one.top_p}-m{one.min_p}",
)
def test_tokens_come_as_often_as_they_should_and_no_others_come(
    writer: LoadedModel, row: Row, sampling: Sampling
) -> None:
    wanted = expected(row, sampling)
    found = draws(writer, row, sampling)
    assert set(found) <= set(wanted)
    for token, probability in wanted.items():
        spread = (probability * (1 - probability) / DRAWS) ** 0.5
        assert abs(found[token] / DRAWS - probability) <= 5 * spread + 1 / DRAWS


def test_temperature_nought_takes_the_most_probable_whatever_else_is_asked(
    writer: LoadedModel, row: Row
) -> None:
    best = int(row.argmax())
    assert set(draws(writer, row, Sampling(), 3)) == {best}
    assert set(draws(writer, row, Sampling(top_k=40, top_p=0.5, min_p=0.3), 3)) == {best}


def test_a_seed_gives_its_token_again_and_odd_seeds_are_moved_into_range(
    writer: LoadedModel, row: Row
) -> None:
    index = len(writer.vocab.prompt("The weather was", open_ended=True)) - 1
    sampling = Sampling(temperature=1.0, top_k=100)

    def first(seed: int) -> int:
        picker = make_picker(writer.vocab, sampling, seed)
        try:
            return picker.pick(writer.context, index)
        finally:
            picker.close()

    assert [first(seed) for seed in range(1, 40)] == [first(seed) for seed in range(1, 40)]
    assert len({first(seed) for seed in range(1, 40)}) > 3
    assert first(0) == first(SEED_LIMIT)  # not "draw a seed at random", which would differ between calls
    assert {first(SEED_LIMIT + 1) for _ in range(20)} == {first(1)}


@pytest.mark.parametrize(
    "sampling",
    [
        Sampling(repeat_penalty=1.7, max_new_tokens=64),
        Sampling(presence_penalty=6.0, max_new_tokens=64),
        Sampling(frequency_penalty=0.9, max_new_tokens=64),
        Sampling(repeat_penalty=1.2, presence_penalty=0.3, frequency_penalty=0.5, max_new_tokens=64),
    ],
    ids=("repeat", "presence", "frequency", "all"),
)
def test_penalties_weigh_on_the_tokens_generated_so_far(
    writer: LoadedModel, row: Row, sampling: Sampling
) -> None:
    index = len(writer.vocab.prompt("The weather was", open_ended=True)) - 1
    start = row.astype(np.float64).copy()
    picker = make_picker(writer.vocab, sampling, 1)
    picked = [picker.pick(writer.context, index) for _ in range(24)]
    picker.close()
    counts: Counter[int] = Counter()
    for token in picked:
        weighed = start.copy()
        for known, times in counts.items():
            value = weighed[known]
            value = value * sampling.repeat_penalty if value <= 0 else value / sampling.repeat_penalty
            weighed[known] = value - times * sampling.frequency_penalty - sampling.presence_penalty
        assert weighed[token] == pytest.approx(weighed.max(), abs=1e-5)
        counts[token] += 1
    assert len(counts) > 1


def test_end_tokens_are_held_back_until_the_least_length(writer: LoadedModel, row: Row) -> None:
    index = len(writer.vocab.prompt("The weather was", open_ended=True)) - 1
    end = int(writer.vocab.end_ids[0])
    for temperature in (0.0, 1.0):
        row[end] = 1e4
        picker = make_picker(writer.vocab, Sampling(temperature=temperature, top_k=5, min_new_tokens=2), 1)
        held = [picker.pick(writer.context, index) for _ in range(2)]
        row[end] = 1e4
        assert end not in held
        assert picker.pick(writer.context, index) == end
        picker.close()
