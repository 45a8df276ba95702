"""How one answerer is asked, in its style, and how its answer is read. Pure.

What a style shows, where it puts the recipe's system text, and how long an answer may be stands here; how
requests are sent does not.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from app.method.demonstrations import Outputs, Shown, choose
from app.method.marks import bare_answer, ended, said_once
from app.method.parse import parse_instances
from app.method.prompts import Demonstration, Prompt, block_prompt, chat_messages, zero_shot
from app.method.recipe_forms import AnswerStage
from app.method.recipe_parts import BlockPrompt, SamplingTable
from app.method.templates import render
from app.method.terms import Kind, Style
from app.method.turns import Turn, from_json, in_lines

KINDS: tuple[Kind, ...] = ("A", "B")
CONTINUED: frozenset[Style] = frozenset({"few-shot", "few-shot-input-first"})
"""The styles whose prompt a model continues after worked examples."""
CHATTED: frozenset[Style] = frozenset({"chat", "chat-no-system", "chat-examples"})
"""The styles that go through a model's chat template."""
SHOWS_EXAMPLES: frozenset[Style] = CONTINUED | {"chat-examples"}


class Task(Protocol):
    """What an answerer is asked about: an instance, or a seed task in its place."""

    @property
    def kind(self) -> Kind:
        """Whether it has an input."""

    @property
    def instruction(self) -> str:
        """What is asked."""

    @property
    def input(self) -> str:
        """What it is asked about; empty for kind B."""

    @property
    def context(self) -> str:
        """The turns before it, as `app.method.turns` writes them; empty without any."""


class Example(Task, Shown, Protocol):
    """A seed task as it can be shown, stored or not."""


@dataclass(frozen=True, slots=True)
class Asking:
    """How one model is asked: recipe and style, and by kind what it is shown and how long outputs are."""

    stage: AnswerStage
    style: Style
    outputs: Mapping[Kind, Outputs] = field(default_factory=dict)
    examples: Mapping[Kind, Sequence[Demonstration]] = field(default_factory=dict)

    def question(self, task: Task) -> Prompt | list[Turn]:
        """Return what the model is asked about a task: a text to continue, or messages."""
        earlier = from_json(task.context)
        if self.style in ("chat", "chat-no-system"):
            system = system_text(self.stage, self.style, self._outputs(task.kind))
            return chat_messages(self.stage, task.instruction, task.input, earlier, system)
        instruction = in_lines(earlier) + task.instruction
        if self.style == "zero-shot":
            return Prompt("", zero_shot(self.stage, instruction, task.input))
        form = form_of(self.stage, self.style, task.kind)
        prompt = block_prompt(form, self.examples.get(task.kind, ()), instruction, task.input)
        return [Turn("user", prompt.text)] if self.style in CHATTED else prompt

    def sampling(self, kind: Kind) -> SamplingTable:
        """Return how an answer is sampled, ended and limited."""
        sampling, outputs = self.stage.sampling, self._outputs(kind)
        limit = outputs.limit(sampling.max_new_tokens)
        stop = sampling.stop
        if self.style in CONTINUED:
            stop += tuple(text for text in outputs.ends(self.stage.few_shot_stop) if text not in stop)
        else:  # a chat model ends by itself: a limit that its introduction reaches would lose the answer
            limit = max(limit, sampling.max_new_tokens)
        return sampling.model_copy(
            update={
                "stop": stop,
                "max_new_tokens": limit,
                "min_new_tokens": min(sampling.min_new_tokens, limit),
            }
        )

    def _outputs(self, kind: Kind) -> Outputs:
        return self.outputs.get(kind, Outputs())


def form_of(stage: AnswerStage, style: Style, kind: Kind) -> BlockPrompt:
    """Return the prompt with worked examples that a style uses for tasks of a kind."""
    if kind == "B":
        return stage.few_shot_b
    if stage.input_first is None or style == "few-shot":
        return stage.few_shot_a
    return stage.few_shot_a.model_copy(update=stage.input_first.model_dump(exclude_none=True))


def system_text(stage: AnswerStage, style: Style, outputs: Outputs) -> str:
    """Return the recipe's system message for tasks with such outputs; empty where there is none."""
    if style == "chat-no-system":
        return ""
    text = render(stage.system, words=outputs.median)
    return text if text.strip() else ""


def known_outputs(stage: AnswerStage, seeds: Sequence[Example]) -> dict[Kind, Outputs]:
    """Return what the seed tasks say about outputs, by kind: nothing where the recipe has its own lengths."""
    if stage.lengths == "recipe":
        return {kind: Outputs() for kind in KINDS}
    return {kind: Outputs.of(seed.output for seed in seeds if seed.kind == kind) for kind in KINDS}


def chosen_examples(
    stage: AnswerStage, style: Style, kind: Kind, seeds: Sequence[Example]
) -> list[Demonstration]:
    """Choose the worked examples of a kind by rule: the recipe's own, or else of the seed tasks.

    Those with turns before them say too little alone.
    """
    form = form_of(stage, style, kind)
    outputs = Outputs.of(seed.output for seed in seeds if seed.kind == kind)
    pool: Sequence[Shown] = form.examples
    if not pool:
        pool = [seed for seed in seeds if seed.kind == kind and not seed.context]
    chosen = choose(pool, form.demonstrations, outputs)
    return [Demonstration(task.instruction, task.input, task.output) for task in chosen]


def parse_answer(completion: str, style: Style) -> str:
    """Read an answerer's completion; one after worked examples ends where the model adds another block."""
    if style in CONTINUED:
        return said_once(parse_instances(completion, "B")[0].output)
    return said_once(bare_answer(ended(completion)).strip())
