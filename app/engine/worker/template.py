"""Render a model's own chat template, which is a program from a stranger, in a sandbox. No llama.cpp.

The sandbox keeps the template from our objects; it does not bound time or memory, so rendering has a time
limit and a memory limit, and large repetitions are refused.
"""

from __future__ import annotations

import contextlib
import json
import signal
import threading
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, NoReturn

import jinja2
import jinja2.ext
import jinja2.nodes
import jinja2.parser
from jinja2.exceptions import SecurityError
from jinja2.sandbox import ImmutableSandboxedEnvironment

from app.engine.request import Message
from app.engine.worker.limits import memory_limit
from app.engine.worker.thinking import (
    EFFORT,
    SWITCHES,
    WORD,
    Markers,
    Standing,
    Thinking,
    markers_of,
    standing,
)

SECONDS = 2.0
MEMORY = 256 * 2**20
LARGEST = 10**6

_QUESTION = Message("user", "Which colour does a clear sky have?")
_THOUGHT = "A thought that no template has."
_THINKERS: tuple[dict[str, Any], ...] = (
    {"content": "Blue.", "reasoning_content": _THOUGHT},
    {"content": "Blue.", "reasoning": _THOUGHT},
    {"content": "Blue.", "thinking": _THOUGHT},
    {"content": [{"type": "thinking", "thinking": _THOUGHT}, {"type": "text", "text": "Blue."}]},
)
"""An assistant's turn with a thought, in the ways templates take it."""


class TemplateFailed(Exception):
    """The chat template is broken, refuses these messages or takes too long; the text is foreign."""


class TemplateTooSlow(TemplateFailed):
    """The chat template takes longer than it may."""


class _GenerationTag(jinja2.ext.Extension):
    """Accepts the {% generation %} tag of training templates; it marks text and changes nothing."""

    tags = {"generation"}  # noqa: RUF012 — the base class declares it this way

    def parse(self, parser: jinja2.parser.Parser) -> list[jinja2.nodes.Node]:
        """Return the statements between the tags."""
        parser.stream.skip(1)
        return parser.parse_statements(("name:endgeneration",), drop_needle=True)


class _Sandbox(ImmutableSandboxedEnvironment):
    """Refuses operators that make something huge out of something small."""

    intercepted_binops = frozenset({"*", "**"})

    def call_binop(self, context: jinja2.runtime.Context, operator: str, left: Any, right: Any) -> Any:
        """Compute `left operator right` unless the result could be large."""
        for value, other in ((left, right), (right, left)):
            if operator == "*" and hasattr(value, "__len__") and isinstance(other, int):
                if len(value) * other > LARGEST:
                    raise SecurityError("the template repeats something too often")
            elif isinstance(value, int) and abs(value) > LARGEST:
                raise SecurityError("the template computes with a number that is too large")
        if operator == "**" and isinstance(right, int) and right > 64:
            raise SecurityError("the template computes with a number that is too large")
        return super().call_binop(context, operator, left, right)


class ChatTemplate:
    """A compiled chat template; `bos` and `eos` are the texts of the model's own tokens."""

    def __init__(self, source: str, bos: str, eos: str) -> None:
        environment = _Sandbox(
            trim_blocks=True, lstrip_blocks=True, extensions=[_GenerationTag, jinja2.ext.loopcontrols]
        )
        environment.filters["tojson"] = _to_json
        self._given: dict[str, Any] = {
            "bos_token": bos,
            "eos_token": eos,
            "add_generation_prompt": True,
            "enable_thinking": False,
            "raise_exception": _raise,
            "strftime_now": lambda layout: datetime.now().strftime(layout),
        }
        self._word = ""
        with _explained(), _time_limit(SECONDS), memory_limit(MEMORY):
            self._template = environment.from_string(source)
        self.thinking = self._find_thinking(source)
        """How the model thinks, None where the template knows nothing of it."""

    def render(self, messages: Sequence[Message]) -> str:
        """Return the prompt for `messages`, the assistant's turn opened.

        A template that knows no system role gets that message in front of the first user message.
        """
        try:
            return self._render(messages)
        except TemplateFailed:
            if len(messages) < 2 or messages[0].role != "system":
                raise
            joined = Message("user", f"{messages[0].content}\n\n{messages[1].content}")
            return self._render([joined, *messages[2:]])

    def _render(self, messages: Sequence[Message]) -> str:
        turns = [{"role": message.role, "content": message.content} for message in messages]
        if self._word:
            turns[-1]["content"] += f" {self._word}"
        return self._write(turns)

    def _write(self, turns: Sequence[Mapping[str, Any]], **given: Any) -> str:
        with _explained(), _time_limit(SECONDS), memory_limit(MEMORY):
            return self._template.render(messages=turns, **self._given | given)

    def _find_thinking(self, source: str) -> Thinking | None:
        """Find out how the model thinks, and switch it off where that can be done.

        What is thought aloud takes time and is not part of the data.
        """
        try:
            self._render([_QUESTION])
        except TemplateFailed:
            return None  # the first who asks something hears why
        markers = markers_of(source, self._chats_with_thought(), _THOUGHT)
        if markers is None:
            return None
        off = False
        for name, on, value in SWITCHES:
            if name in source:
                off = self._switch_off(name, on, value, markers) or off
        if not off and WORD in source:
            self._word = WORD
            if self._standing(markers) != "after":
                self._word = ""
        self._switch_off(*EFFORT, markers)
        stands = self._standing(markers)
        return Thinking(markers, opened=stands == "inside", expected=not off and stands != "after")

    def _chats_with_thought(self) -> list[str]:
        chats = []
        for turn in _THINKERS:
            asked: dict[str, Any] = {"role": "user", "content": _QUESTION.content}
            turns = [asked, {"role": "assistant"} | turn]
            try:
                chats.append(self._write(turns, add_generation_prompt=False))
            except TemplateTooSlow:
                raise  # the others would take as long
            except TemplateFailed:
                continue
        return chats

    def _switch_off(self, name: str, on: object, off: object, markers: Markers) -> bool:
        """Set a variable to `off` from now on, if the template knows it and does not open a thought then."""
        before = self._given
        try:
            self._given = before | {name: on}
            prompt = self._render([_QUESTION])
            self._given = before | {name: off}
            if self._render([_QUESTION]) != prompt and self._standing(markers) != "inside":
                return True
        except TemplateFailed:
            pass
        self._given = before
        return False

    def _standing(self, markers: Markers) -> Standing:
        """Say whether a completion would begin before, inside or after a thought."""
        try:
            prompt = self._render([_QUESTION])
        except TemplateFailed:
            return "before"
        return standing(prompt.rpartition(_QUESTION.content)[2], markers)


def _to_json(value: Any, indent: int | None = None, **_: Any) -> str:
    """Write JSON the way the templates expect: characters as they are, no HTML escapes."""
    return json.dumps(value, ensure_ascii=False, indent=indent)


def _raise(message: str) -> NoReturn:
    raise TemplateFailed(str(message))


@contextlib.contextmanager
def _explained() -> Iterator[None]:
    """Turn whatever a foreign template can raise into `TemplateFailed`."""
    try:
        yield
    except TemplateFailed:
        raise
    except MemoryError:
        raise TemplateFailed("the template needs too much memory") from None
    except Exception as error:  # a template can raise anything Python can
        raise TemplateFailed(f"{type(error).__name__}: {error}") from None


@contextlib.contextmanager
def _time_limit(seconds: float) -> Iterator[None]:
    """Interrupt Python code that runs longer, by an alarm; only the main thread can be interrupted so."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def ring(_signal: int, _frame: object) -> NoReturn:
        raise TemplateTooSlow(f"the template takes longer than {seconds:g} seconds")

    before = signal.signal(signal.SIGALRM, ring)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
