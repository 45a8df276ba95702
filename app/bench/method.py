"""The novelty filter and the consensus against rouge-score, the reference, on the same texts.

CPU-seconds of one process. The reference is timed on a part of the work and scaled: all of it takes hours.
"""

from __future__ import annotations

import random
import string
import time
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import TypeVar

from rouge_score.rouge_scorer import RougeScorer

from app.bench.figures import Figure
from app.engine.machine import resident_bytes
from app.method.consensus import RuleChoice, vote_all
from app.method.novelty import Pool
from app.method.recipe_parts import NEAR_DUPLICATE
from app.run.plan import default_plan

POOL, LARGE_POOL = 50_000, 200_000
BATCH = 40
ITEMS, REFERENCE_ITEMS = 50_000, 500
NOVELTY, CONSENSUS = NEAR_DUPLICATE, 0.01

Triple = tuple[str, str, str]
_T = TypeVar("_T")


def figures(rounds: int) -> Iterator[Figure]:
    """Measure new instructions against pools, and votes over three candidates."""
    words = sorted({word for seed in default_plan().seeds for word in seed.instruction.split()})
    yield from _novelty(words, rounds)
    yield from _consensus(words, rounds)


def _novelty(words: Sequence[str], rounds: int) -> Iterator[Figure]:
    rng = random.Random(1)
    before = resident_bytes()
    texts = [_text(rng, words, 6, 24) for _ in range(LARGE_POOL)]
    pool = Pool()
    pool.add(texts)
    kilobytes = (resident_bytes() - before) / LARGE_POOL / 1000
    large = tuple(_seconds(partial(_judge, pool, rng, words)) / BATCH * 1000 for _ in range(rounds))
    small = Pool()
    small.add(texts[:POOL])
    single, batched, differing = [], [], []
    for _ in range(rounds):
        new = _changed(rng, words, rng.choice(texts[:POOL]))
        reference, wanted = _timed(partial(_reference_keeps, new, texts[:POOL]))
        alone, judged = _timed(partial(small.judge, [new], NOVELTY))
        differing.append(float(judged[0].keep != wanted))
        single.append(reference / alone)
        batched.append(reference / (_seconds(partial(_judge, small, rng, words)) / BATCH))
    yield Figure("method.novelty_single", f"an instruction against {POOL:,}", tuple(single), bar=300)
    yield Figure("method.novelty_batched", f"{BATCH} at once against {POOL:,}", tuple(batched), bar=1000)
    yield Figure("method.novelty_differing", "decisions that differ", tuple(differing), "", 0, at_most=True)
    words_200k = f"{BATCH} at once against {LARGE_POOL:,}, milliseconds each"
    yield Figure("method.novelty_200k_ms", words_200k, large, "", 30, at_most=True)
    yield Figure(
        "method.pool_kb", "kilobytes an instruction in the pool", (kilobytes,), "", 0.5, at_most=True
    )


def _judge(pool: Pool, rng: random.Random, words: Sequence[str]) -> None:
    """Judge a batch; nothing is above -1, so nothing is kept and the pool stays as it is."""
    pool.judge([_text(rng, words, 6, 24) for _ in range(BATCH)], threshold=-1.0)


def _reference_keeps(new: str, pool: Sequence[str]) -> bool:
    """Self-Instruct's filter: new if no ROUGE-L F1 with the pool is above the threshold."""
    scorer = RougeScorer(["rougeL"], use_stemmer=False)
    return max(float(scorer.score(new, old)["rougeL"].fmeasure) for old in pool) <= NOVELTY


def _consensus(words: Sequence[str], rounds: int) -> Iterator[Figure]:
    rng = random.Random(2)
    items = [_item(rng, words) for _ in range(ITEMS)]
    ratios, seconds, differing = [], [], []
    for number in range(rounds):
        part = items[number * REFERENCE_ITEMS :][:REFERENCE_ITEMS]
        reference, wanted = _timed(partial(_reference_choices, part))
        ours, votes = _timed(partial(vote_all, items, RuleChoice("released", CONSENSUS, "rouge-score")))
        mine = votes[number * REFERENCE_ITEMS :][:REFERENCE_ITEMS]
        chosen = [
            None if vote.winner is None or not vote.keep else item[vote.winner]
            for item, vote in zip(part, mine, strict=True)
        ]
        differing.append(float(sum(a != b for a, b in zip(chosen, wanted, strict=True))))
        ratios.append(reference / REFERENCE_ITEMS * ITEMS / ours)
        seconds.append(ours)
    yield Figure("method.votes", f"{ITEMS:,} votes of three", tuple(ratios), bar=40)
    yield Figure("method.votes_s", "their CPU-seconds", tuple(seconds), "", 5, at_most=True)
    yield Figure("method.votes_differing", "selections that differ", tuple(differing), "", 0, at_most=True)


def _reference_choices(items: Sequence[Triple]) -> list[str | None]:
    return [_reference_choice(item) for item in items]


def _reference_choice(outputs: Triple) -> str | None:
    """Choose as the released code of Ensemble-Instruct does (`consensus_output`), three outputs at a time."""
    first, second, third = (_normalise(output) for output in outputs)
    if first in (second, third):
        return outputs[0]
    if second == third:
        return outputs[1]
    scorer = RougeScorer(["rougeL"], use_stemmer=True)

    def score(a: str, b: str) -> float:
        return float(scorer.score(target=b, prediction=a)["rougeL"].fmeasure)

    scores = score(first, second), score(first, third), score(second, third)
    sums = [scores[0] + scores[1], scores[0] + scores[2], scores[1] + scores[2]]
    return outputs[sums.index(max(sums))] if min(scores) > CONSENSUS else None


def _normalise(text: str) -> str:
    return " ".join("".join(char for char in text.lower() if char not in string.punctuation).split())


def _text(rng: random.Random, words: Sequence[str], least: int, most: int) -> str:
    return " ".join(rng.choices(words, k=rng.randint(least, most)))


def _changed(rng: random.Random, words: Sequence[str], text: str) -> str:
    """Exchange up to a third of the words, so that some are near the threshold."""
    parts = text.split()
    for _ in range(rng.randint(0, len(parts) // 3)):
        parts[rng.randrange(len(parts))] = rng.choice(words)
    return " ".join(parts)


def _item(rng: random.Random, words: Sequence[str]) -> Triple:
    """Three outputs: a third of them equal, most of the others alike."""
    first = _text(rng, words, 1, 120)
    second = first if rng.random() < 0.3 else _changed(rng, words, first)
    third = _changed(rng, words, first) if rng.random() < 0.7 else _text(rng, words, 1, 120)
    return first, second, third


def _timed(work: Callable[[], _T]) -> tuple[float, _T]:
    began = time.process_time()
    result = work()
    return time.process_time() - began, result


def _seconds(work: Callable[[], object]) -> float:
    return _timed(work)[0]
