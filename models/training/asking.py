"""Ask a packed model through the app's own engine: the same worker, prompts and styles as in a run."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from pathlib import Path

from app.engine.request import Message, Request, Sampling
from app.engine.supervisor import Engine

LONGEST_ANSWER = 96
STOP = "|EoS|"


def answer_all(path: Path, requests: Sequence[str]) -> list[str]:
    """Answer every request greedily, in order.

    A request is a whole prompt for a model without a chat template, and what the user says for one with it.
    """
    return asyncio.run(_answer_all(path, requests))


async def _answer_all(path: Path, requests: Sequence[str]) -> list[str]:
    engine = Engine(path, headless=True)
    await engine.start()
    try:
        sampling = Sampling(temperature=0.0, max_new_tokens=LONGEST_ANSWER, stop=(STOP,))
        chat = engine.header.has_chat_template
        completions = await asyncio.gather(
            *(
                engine.complete(
                    Request(
                        id=str(number),
                        tail="" if chat else text,
                        messages=(Message("user", text),) if chat else None,
                        sampling=sampling,
                    )
                )
                for number, text in enumerate(requests)
            )
        )
    finally:
        await engine.close()
    return [completion.text.strip() for completion in completions]
