"""What the app asks of a model and what it gets back; plain data, no llama.cpp."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, get_args

from app.method.terms import Ended

LONGEST_TOKEN = 512  # characters
LONGEST_REASON = 1000
"""Characters of a worker's or a model's words for why something failed; they may quote a file at length."""
SEED_LIMIT = 2**32 - 2  # 2**32 - 1 means "draw one at random" in llama.cpp


@dataclass(frozen=True, slots=True)
class Sampling:
    """How the next token is chosen.

    `temperature` 0 is greedy: the most probable token, all else but the penalties ignored. `top_k` 0,
    `top_p` 1 and `min_p` 0 switch the respective cut off. `min_new_tokens` forbids the model's own end
    tokens for that long and makes stop strings plain text. Penalties look at the text generated so far, not
    at the prompt. `max_thinking_tokens` is what a reasoning model may think before its answer, besides
    `max_new_tokens`.
    """

    temperature: float = 0.0
    top_k: int = 0
    top_p: float = 1.0
    min_p: float = 0.0
    repeat_penalty: float = 1.0
    presence_penalty: float = 0.0
    frequency_penalty: float = 0.0
    min_new_tokens: int = 0
    max_new_tokens: int = 128
    max_thinking_tokens: int = 1024
    stop: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Message:
    """One turn of a chat."""

    role: Literal["system", "user", "assistant"]
    content: str


@dataclass(frozen=True, slots=True)
class Request:
    """One completion to make.

    Text prompts are `prefix` + `tail`; `prefix` is what many requests share, and is computed once. Chat
    prompts set `messages`; the model's own template renders them. `seed` is 1 … 2**32 - 2.
    """

    id: str
    prefix: str = ""
    tail: str = ""
    messages: tuple[Message, ...] | None = None
    sampling: Sampling = field(default_factory=Sampling)
    seed: int = 1

    @property
    def characters(self) -> int:
        """The length of all its texts."""
        return (
            len(self.prefix) + len(self.tail) + sum(len(message.content) for message in self.messages or ())
        )

    def surely_exceeds(self, context: int) -> bool:
        """Say whether its prompt is certain to be too long for a context, without counting its tokens."""
        return self.characters > LONGEST_TOKEN * context + 4096


@dataclass(frozen=True, slots=True)
class Completion:
    """What became of one request; all its texts are foreign.

    `text` is the answer. Where the model thought before it, `thinking` is what it thought and `raw` all it
    wrote, markers included; else both are empty. An answer that never left its thinking is empty.

    `ended` says why generation stopped: "end" the model closed its text, "stop" a stop string came
    (not part of `text`), "length" the token limit or the end of the context cut it, "error" this item was
    refused or is quarantined because the worker crashed on it twice (`error` says why). `too_long` says
    that it was refused because its prompt does not fit into the context. Tokens are counted in the
    model's own tokens; `seconds` is the time the request spent in the batch.
    """

    id: str
    text: str
    ended: Ended
    prompt_tokens: int
    tokens: int
    seconds: float
    error: str = ""
    raw: str = ""
    thinking: str = ""
    too_long: bool = False

    @property
    def cut(self) -> bool:
        """Whether the token limit or the end of the context ended it."""
        return self.ended == "length"

    @property
    def only_thinking(self) -> bool:
        """Whether the model thought and did not answer."""
        return bool(self.thinking) and not self.text.strip()


def request_to_json(request: Request) -> dict[str, Any]:
    """Turn `request` into plain JSON values."""
    values = _values(request)  # `asdict` copies every value deeply, which takes most of the time
    values["sampling"] = _values(request.sampling)
    if request.messages is not None:
        values["messages"] = [_values(message) for message in request.messages]
    return values


def _values(row: Request | Sampling | Message) -> dict[str, Any]:
    return {name: getattr(row, name) for name in row.__slots__}


def request_from_json(values: Mapping[str, Any]) -> Request:
    """Build a request from what `request_to_json` made; TypeError, KeyError or ValueError otherwise."""
    sampling = dict(values["sampling"])
    sampling["stop"] = tuple(str(text) for text in sampling["stop"])
    messages = values["messages"]
    return Request(
        id=str(values["id"]),
        prefix=str(values["prefix"]),
        tail=str(values["tail"]),
        messages=None if messages is None else tuple(Message(**message) for message in messages),
        sampling=Sampling(**sampling),
        seed=int(values["seed"]),
    )


def completion_from_json(values: Mapping[str, Any]) -> Completion:
    """Build a completion from a worker's reply; wrong shapes raise TypeError, KeyError or ValueError."""
    ended = values["ended"]
    if ended not in get_args(Ended):
        raise ValueError(f"unknown ending {ended!r}")
    return Completion(
        id=str(values["id"]),
        text=str(values["text"]),
        ended=ended,
        prompt_tokens=int(values["prompt_tokens"]),
        tokens=int(values["tokens"]),
        seconds=float(values["seconds"]),
        error=str(values.get("error", ""))[:LONGEST_REASON],
        raw=str(values.get("raw", "")),
        thinking=str(values.get("thinking", "")),
        too_long=bool(values.get("too_long", False)),
    )
