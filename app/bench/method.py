"""The novelty filter and the consensus scores against rouge-score, the reference, on the same texts."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator

from rouge_score.rouge_scorer import RougeScorer

from app.bench.figures import Figure
from app.method.consensus import vote
from app.method.novelty import Pool
from app.run.plan import default_plan

POOL = 2_000
BATCH = 40
VOTES = 200
REFERENCE = 2  # of the batch; the whole takes the reference minutes


def figures(rounds: int) -> Iterator[Figure]:
    """Measure a batch of new instructions against a pool, and votes over three candidates."""
    rng = random.Random(1)
    words = sorted({word for seed in default_plan().seeds for word in seed.instruction.split()})
    texts = [" ".join(rng.choices(words, k=rng.randint(6, 24))) for _ in range(POOL + BATCH)]
    pool_texts, new = texts[:POOL], texts[POOL:]
    pool = Pool()
    pool.add(pool_texts)

    def ours() -> None:
        pool.judge(new, threshold=0.0)  # above 0 nothing is kept, so the pool stays as it is

    def reference() -> None:
        scorer = RougeScorer(["rougeL"], use_stemmer=False)
        for text in new[:REFERENCE]:
            for old in pool_texts:
                scorer.score(old, text)

    ratios = _paired(ours, reference, rounds)
    scaled = tuple(ratio * BATCH / REFERENCE for ratio in ratios)
    yield Figure("method.novelty", f"novelty of {BATCH} against {POOL:,}, rouge-score's time", scaled)

    triples = [rng.sample(texts, 3) for _ in range(VOTES)]

    def votes() -> None:
        for triple in triples:
            vote(triple, "released", 0.01)

    def reference_votes() -> None:
        for first, second, third in triples:
            scorer = RougeScorer(["rougeL"], use_stemmer=True)
            for a, b in ((first, second), (first, third), (second, third)):
                scorer.score(a, b)

    yield Figure(
        "method.votes", f"{VOTES} votes, rouge-score's time", _paired(votes, reference_votes, rounds)
    )


def _paired(ours: Callable[[], None], other: Callable[[], None], rounds: int) -> tuple[float, ...]:
    """Time both in turns after a warm-up of each; how many times longer the other takes, round by round."""
    ours()
    other()
    found = []
    for _ in range(rounds):
        fast, slow = _seconds(ours), _seconds(other)
        found.append(slow / fast)
    return tuple(found)


def _seconds(work: Callable[[], None]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began
