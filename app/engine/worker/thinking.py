"""Where a model thinks before it answers: its markers, and what stands between them. Pure; no llama.cpp.

Reasoning models write their thoughts first, between two markers that their chat template knows. Most
templates have a switch against it, under one of several names; which one works is found out by rendering.
The shapes of llama.cpp's own collection of templates:

    Qwen3, Qwen3.5, GLM 4.x, SmolLM3, Nemotron 3, MiniCPM5, Gemma 4, …   enable_thinking = false
    Granite 3.3, DeepSeek V3.1, Kimi K3                                  thinking = false
    Cohere2 MoE                                                          reasoning = false
    MiniMax M3                                                           thinking_mode = "disabled"
    Seed OSS                                                             thinking_budget = 0
    Solar Open                                                           reasoning_effort = "low"
    Nemotron Nano v2                                                     "/no_think" in a message
    gpt-oss                                 reasoning_effort can lower it, nothing switches it off
    DeepSeek R1, MiniMax M2, StepFun, Kimi K2 Thinking, Apriel 1.6, Ministral Reasoning          none

Switched off, some prompts end behind an empty thought (`<think>\\n\\n</think>`); left on, some open the
thought themselves, so that the completion begins inside.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

Standing = Literal["before", "inside", "after"]

SWITCHES: tuple[tuple[str, object, object], ...] = (
    ("enable_thinking", True, False),
    ("thinking", True, False),
    ("reasoning", True, False),
    ("thinking_mode", "enabled", "disabled"),
    ("thinking_budget", 512, 0),
)
"""Variables of templates that switch thinking: name, a value for on, the value for off."""

EFFORT = ("reasoning_effort", "high", "low")
"""A variable that makes thinking shorter; with some templates so short that there is none."""

WORD = "/no_think"
"""What a message says to templates that look for the switch there."""

_TAG = r"(?:<([^<>/\s]+)>|\[([^\[\]/\s]+)\])"


@dataclass(frozen=True, slots=True)
class Markers:
    """The texts round a thought; `close` reaches as far as the answer that follows it."""

    open: str
    close: str

    @property
    def leads(self) -> tuple[str, ...]:
        """The ends of `close` that may stand alone before an answer without a thought, longest first."""
        starts = [bracket.start() for bracket in re.finditer(r"<", self.close)]
        return tuple(self.close[start:] for start in starts if start)


@dataclass(frozen=True, slots=True)
class Thinking:
    """What a chat template says about thinking.

    `opened`: its prompts end inside a thought. `expected`: the model is going to think, as nothing switches
    it off.
    """

    markers: Markers
    opened: bool
    expected: bool


KNOWN: tuple[Markers, ...] = (
    Markers("<|channel|>analysis<|message|>", "<|end|><|start|>assistant<|channel|>final<|message|>"),
    Markers("<|open|>think<|sep|>", "<|close|>think<|sep|><|open|>response<|sep|>"),
    Markers("<|think|>", "<|end|><|begin|>assistant<|content|>"),
    Markers(" to=self<|message|>", "<|eom|><|start|>assistant to=user<|message|>"),
    Markers("<|START_THINKING|>", "<|END_THINKING|><|START_TEXT|>"),
    Markers("<|START_THINKING|>", "<|END_THINKING|>"),
    Markers("<|channel>thought", "<channel|>"),
    Markers("<|inner_prefix|>", "<|inner_suffix|>"),
    Markers("Here are my reasoning steps:", "[BEGIN FINAL RESPONSE]"),
    Markers("[THINK]", "[/THINK]"),
    Markers("<think>", "</think>"),
    Markers("<thinking>", "</thinking>"),
)
"""Markers that are not a pair of tags, or that templates mention only to cut old thoughts out of a chat."""


def markers_of(source: str, rendered: Iterable[str], thought: str) -> Markers | None:
    """Return the markers of a template, None for one that knows nothing of thinking.

    `rendered` are chats in which the assistant thought `thought`; a pair of tags round it is the answer,
    else the first of the known markers that the template writes or mentions.
    """
    texts = list(rendered)
    for text in texts:
        pair = re.search(rf"({_TAG})\s*{re.escape(thought)}\s*(</\2>|\[/\3\])", text)
        if pair is not None:
            return Markers(pair.group(1), pair.group(4))
    return next((known for known in KNOWN if any(known.close in text for text in [*texts, source])), None)


def standing(opening: str, markers: Markers) -> Standing:
    """Say where a completion begins that follows `opening`, the prompt's text behind the last message."""
    _, opened, rest = opening.rpartition(markers.open)
    rest = rest.strip()
    if markers.close in rest or any(rest.endswith(lead) for lead in markers.leads):
        return "after"
    if not opened:
        return "before"
    return "after" if rest and markers.close.startswith(rest) else "inside"


class Follower:
    """Follows a completion while it is written: whether it is inside a thought, and where the answer begins.

    Works on bytes, since a token may hold part of a character; markers reach across tokens.
    """

    def __init__(self, markers: Markers, opened: bool) -> None:
        self.inside = opened
        self.answer_from = 0
        """Where the text behind the last thought begins, spaces left out."""
        self.thoughts: list[tuple[int, int]] = []
        self.answers: list[tuple[int, int]] = []
        self._open, self._close = markers.open.encode(), markers.close.encode()
        self._longest = max(len(self._open), len(self._close))
        self._begin = self._searched = 0

    def follow(self, data: bytes | bytearray) -> None:
        """Take notice of what was appended to `data` since the last call."""
        while (marker_here := self._next(data)) is not None:
            at, marker = marker_here
            if marker == self._close:
                if not self.inside:  # nothing opened it: the thought began with the text
                    self.thoughts, self.answers = [*self.thoughts, *self.answers], []
                self.thoughts.append((self._begin, at))
            elif at > self._begin:
                self.answers.append((self._begin, at))
            self.inside = marker == self._open
            self._begin = self._searched = at + len(marker)
        self._searched = max(self._begin, len(data) - self._longest + 1)
        self.answer_from = self._begin
        while self._begin and data[self.answer_from : self.answer_from + 1].isspace():
            self.answer_from += 1

    def _next(self, data: bytes | bytearray) -> tuple[int, bytes] | None:
        """Find the next marker that means something here."""
        wanted = (self._close,) if self.inside else (self._open, self._close)
        markers_here = [(at, marker) for marker in wanted if (at := data.find(marker, self._searched)) >= 0]
        return min(markers_here, default=None)

    def finish(self, data: bytes | bytearray) -> None:
        """Close the last part at the end of `data`."""
        (self.thoughts if self.inside else self.answers).append((self._begin, len(data)))


@dataclass(frozen=True, slots=True)
class Split:
    """A completion taken apart; `left` is whether it came out of its last thought. Both texts are foreign."""

    thinking: str
    answer: str
    left: bool


def split(text: str, markers: Markers, opened: bool) -> Split:
    """Take a completion apart into thoughts and answer, without the markers.

    Several thoughts become one text. What stands outside of them is the answer; a completion that never left
    its last thought has none.
    """
    data = text.encode("utf-8", "surrogatepass")
    follower = Follower(markers, opened)
    follower.follow(data)
    follower.finish(data)

    def pieces(spans: list[tuple[int, int]]) -> list[str]:
        return [data[start:end].decode("utf-8", "surrogatepass") for start, end in spans]

    thoughts = [piece.strip().removeprefix(markers.open).strip() for piece in pieces(follower.thoughts)]
    thinking = "\n\n".join(filter(None, thoughts))
    if follower.inside:
        return Split(thinking, "", False)
    answer = "".join(pieces(follower.answers))
    lead = next((lead for lead in markers.leads if answer.lstrip().startswith(lead)), None)
    if lead is not None:
        answer = answer.lstrip().removeprefix(lead)
    return Split(thinking, answer.lstrip() if thinking else answer, True)
