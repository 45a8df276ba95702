"""How many demonstrations a prompt can carry: measured in the model's own tokens, never guessed."""

from __future__ import annotations

from collections.abc import Callable

from app.engine.supervisor import Engine
from app.method.prompts import Prompt

_MARGIN = 8
"""Tokens kept free for begin-of-text and for the seam between prefix and tail."""


async def demonstrations_that_fit(
    engine: Engine, prompt_with: Callable[[int], Prompt], most: int, max_new_tokens: int
) -> int:
    """Return the largest number of demonstrations, at most `most`, that leaves room to generate.

    `prompt_with(n)` is the prompt with the first n demonstrations. The room for generation is what the
    recipe asks for but at most a quarter of the context: a tiny context would otherwise show nothing.
    """
    room = engine.settings.context - min(max_new_tokens, engine.settings.context // 4) - _MARGIN
    for count in range(most, 0, -1):
        prompt = prompt_with(count)
        if (await engine.count_tokens([prompt.prefix + prompt.tail]))[0] <= room:
            return count
    return 0
