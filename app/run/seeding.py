"""Where a run's randomness comes from: generators and sampler seeds derived from the run seed.

Nothing is drawn from a shared stream, so a run that was killed draws the same when it goes on.
"""

from __future__ import annotations

import hashlib
import random

_SAMPLER_SEEDS = 2**32 - 2


def _digest(*parts: object) -> int:
    text = "\x1f".join(str(part) for part in parts)
    return int.from_bytes(hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()[:8], "big")


def generator(run_seed: int, *subject: object) -> random.Random:
    """Return the random generator that belongs to this subject of the run."""
    return random.Random(_digest(run_seed, *subject))


def sampler_seed(run_seed: int, stage: str, subject: str, model: str, attempt: int) -> int:
    """Return a llama.cpp sampler seed in 1 … 2³²−2 for one request.

    Never 0 and never 2³²−1: llama.cpp reads these as "choose one yourself".
    """
    return 1 + _digest(run_seed, stage, subject, model, attempt) % _SAMPLER_SEEDS


def text_hash(*parts: str) -> str:
    """Return a short stable hash of texts, to recognise a prompt or sampling that changed."""
    joined = "\x1f".join(parts)
    return hashlib.sha256(joined.encode("utf-8", "surrogatepass")).hexdigest()[:16]
