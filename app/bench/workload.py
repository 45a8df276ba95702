"""What the engine is measured with: many short requests after one long prefix, or without any.

The texts are random characters; with the byte vocabulary of the random-weight models a character is a token.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, replace

from app.engine.request import Request, Sampling

LETTERS = "abcdefghijklmnopqrstuvwxyz ,."


@dataclass(frozen=True, slots=True)
class Workload:
    """Requests of one shape: `prefix` shared tokens, `tail` own ones, `written` new ones. All in tokens."""

    name: str
    prefix: int
    tail: int
    written: int

    @property
    def words(self) -> str:
        """The shape in words for a table."""
        prompt = f"{self.prefix} + {self.tail}" if self.prefix else f"{self.tail}"
        return f"{prompt} to {self.written} tokens"

    def requests(self, count: int, seed: int) -> list[Request]:
        """Make `count` requests; another `seed` gives other tails after the same prefix."""
        rng = random.Random(seed)
        prefix = _text(random.Random(0), self.prefix)
        sampling = Sampling(min_new_tokens=self.written, max_new_tokens=self.written)
        return [
            Request(f"{seed}:{number}", prefix, _text(rng, self.tail), sampling=sampling)
            for number in range(count)
        ]

    def warm_up(self) -> list[Request]:
        """Make one short request, after which every side has read the prefix."""
        [request] = self.requests(1, seed=1)
        return [replace(request, sampling=Sampling(min_new_tokens=2, max_new_tokens=2))]


FEW_SHOT = Workload("fewshot", prefix=1200, tail=30, written=60)
ZERO_SHOT = Workload("zeroshot", prefix=0, tail=60, written=60)
T5 = Workload("t5", prefix=0, tail=28, written=30)


def _text(rng: random.Random, length: int) -> str:
    return "".join(rng.choices(LETTERS, k=length))
