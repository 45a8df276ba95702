"""The novelty filter and the consensus scores against rouge-score, the reference, on the same texts."""

from __future__ import annotations

import random
from collections.abc import AsyncIterator

from rouge_score.rouge_scorer import RougeScorer

from app.bench.paired import Ratio, paired
from app.method.consensus import vote
from app.method.novelty import Pool
from app.run.plan import default_plan

POOL = 2_000
BATCH = 40
VOTES = 200


async def ratios(rounds: int) -> AsyncIterator[Ratio]:
    """Measure a batch of new instructions against a pool, and votes over three candidates."""
    rng = random.Random(1)
    words = sorted({word for seed in default_plan().seeds for word in seed.instruction.split()})
    texts = [" ".join(rng.choices(words, k=rng.randint(6, 24))) for _ in range(POOL + BATCH)]
    pool_texts, new = texts[:POOL], texts[POOL:]
    pool = Pool()
    pool.add(pool_texts)

    async def ours() -> None:
        pool.judge(new, threshold=0.0)  # above 0 nothing is kept, so the pool stays as it is

    async def reference() -> None:
        scorer = RougeScorer(["rougeL"], use_stemmer=False)
        for text in new[:2]:  # two of the batch, scaled below: the whole takes minutes
            for old in pool_texts:
                scorer.score(old, text)

    novelty = await paired((f"novelty, {BATCH} against {POOL}", ours), ("rouge-score", reference), rounds)
    yield Ratio(novelty.ours, novelty.other, tuple(ratio * BATCH / 2 for ratio in novelty.rounds))

    triples = [rng.sample(texts, 3) for _ in range(VOTES)]

    async def votes() -> None:
        for triple in triples:
            vote(triple, "released", 0.01)

    async def reference_votes() -> None:
        for first, second, third in triples:
            scorer = RougeScorer(["rougeL"], use_stemmer=True)
            for a, b in ((first, second), (first, third), (second, third)):
                scorer.score(a, b)

    yield await paired((f"{VOTES} votes", votes), ("rouge-score", reference_votes), rounds)
