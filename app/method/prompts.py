"""Turn templates, demonstrations and a task into the text a model is asked with. Pure.

A prompt is the plain concatenation of its rendered parts: nothing is added between them, so a recipe
shows every byte a model sees.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

from app.method.lengths import length
from app.method.recipe_forms import (
    AnswerStage,
    ClassifyPrompt,
    EvolvedInstructions,
    ExampleInstructions,
    GainJudge,
    MoreInputs,
    Operator,
)
from app.method.recipe_parts import BlockPrompt, CasePrompt, ListPrompt, SamplingTable, TaskPrompt
from app.method.templates import render
from app.method.turns import Turn, system_of

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Prompt:
    """A prompt in two parts: `prefix` is shared by many requests (and decoded once), `tail` is its own."""

    prefix: str
    tail: str

    @property
    def text(self) -> str:
        """The whole prompt."""
        return self.prefix + self.tail


@dataclass(frozen=True, slots=True)
class Demonstration:
    """A worked example; `input` is empty for a task without one."""

    instruction: str
    input: str
    output: str


def list_prompt(prompt: ListPrompt, demonstrations: Sequence[str]) -> Prompt:
    """Build the request for a new instruction after the numbered `demonstrations`.

    Each demonstration becomes one line, as in the reference implementation of Ensemble-Instruct. Only
    the header is shared between requests.
    """
    lines = [
        render(prompt.demonstration, number=number, instruction=" ".join(text.split()))
        for number, text in enumerate(demonstrations, start=1)
    ]
    target = render(prompt.target, number=len(demonstrations) + 1)
    return Prompt(render(prompt.header), "".join(lines) + target)


def block_prompt(
    prompt: BlockPrompt, demonstrations: Sequence[Demonstration], instruction: str, input: str | None
) -> Prompt:
    """Build the request to work out `instruction` after worked examples, in the order given.

    `input` is None where the model makes it up. Header and examples are the shared prefix.
    """
    blocks = [
        render(prompt.demonstration, instruction=shown.instruction, input=shown.input, output=shown.output)
        for shown in demonstrations
    ]
    target = render(prompt.target, instruction=instruction, input=input or "")
    return Prompt(render(prompt.header) + "".join(blocks), target)


@dataclass(frozen=True, slots=True)
class Worked:
    """A task with all its worked cases, each (input, output)."""

    instruction: str
    cases: tuple[tuple[str, str], ...]


def case_prompt(prompt: CasePrompt, demonstrations: Sequence[Worked], instruction: str) -> Prompt:
    """Build the request for several instances of `instruction` after worked tasks with all their cases."""
    blocks = []
    for shown in demonstrations:
        cases = [
            render(prompt.case, number=number, input=given, output=output)
            for number, (given, output) in enumerate(shown.cases, start=1)
        ]
        blocks.append(render(prompt.demonstration, instruction=shown.instruction, cases="".join(cases)))
    return Prompt(render(prompt.header) + "".join(blocks), render(prompt.target, instruction=instruction))


def classify_prompt(
    prompt: ClassifyPrompt, demonstrations: Sequence[tuple[str, bool]], instruction: str
) -> Prompt:
    """Build the question whether `instruction` is classification, after (instruction, answer) pairs."""
    blocks = [
        render(prompt.demonstration, instruction=" ".join(text.split()), answer="Yes" if answer else "No")
        for text, answer in demonstrations
    ]
    target = render(prompt.target, instruction=" ".join(instruction.split()))
    return Prompt(render(prompt.header) + "".join(blocks), target)


def task_prompt(prompt: TaskPrompt, demonstrations: Sequence[Demonstration]) -> Prompt:
    """Build the request for whole tasks after the numbered `demonstrations`; the header is shared."""
    shown = [
        render(
            prompt.demonstration,
            number=number,
            instruction=task.instruction,
            input=task.input,
            output=task.output,
        )
        for number, task in enumerate(demonstrations, start=1)
    ]
    target = render(prompt.target, number=len(demonstrations) + 1)
    return Prompt(render(prompt.header), "".join(shown) + target)


def inputs_prompt(stage: MoreInputs, instruction: str, inputs: Sequence[str]) -> Prompt:
    """Build the request for one more input of `instruction`, after those it has; the examples are shared."""
    shown = [_with_inputs(stage, example.instruction, example.inputs) for example in stage.examples]
    asked = _with_inputs(stage, instruction, inputs) + render(stage.target, number=len(inputs) + 1)
    return Prompt(render(stage.header) + "".join(shown), asked)


def _with_inputs(stage: MoreInputs, instruction: str, inputs: Sequence[str]) -> str:
    task = render(stage.task, instruction=" ".join(instruction.split()), input="")
    lines = [render(stage.case, number=number, input=given) for number, given in enumerate(inputs, start=1)]
    return task + "".join(lines)


def examples_prompt(
    stage: ExampleInstructions, examples: Sequence[tuple[str, str]], topics: Sequence[str], *, chat: bool
) -> Prompt:
    """Build the request for instructions that are like `examples`, each (instruction, input).

    `chat`: for a chat template; else the text that is continued, as a list where the recipe has one for it.
    """
    words = sum(length(f"{instruction} {given}") for instruction, given in examples)
    count = stage.count_long if words > stage.long_words * len(examples) else stage.count
    form = stage if chat or stage.continued is None else stage.continued
    shown = [
        render(form.demonstration, number=number, instruction=instruction, input=given)
        for number, (instruction, given) in enumerate(examples, start=1)
    ]
    header = render(form.header, count=count, topics=", ".join(topics))
    target = "" if chat else render(form.target, number=len(examples) + 1)
    return Prompt("", header + "".join(shown) + target)


def evolve_prompt(stage: EvolvedInstructions, operator: Operator, instruction: str, *, chat: bool) -> Prompt:
    """Build the request to rewrite `instruction` in the way of an operator; `chat`: for a chat template."""
    if operator.continued and not chat:
        return Prompt("", render(operator.continued, instruction=instruction, input=""))
    question = render(operator.prompt, instruction=instruction, input="")
    return Prompt("", question if chat else question + stage.target)


def gain_prompt(judge: GainJudge, instruction: str, rewritten: str, *, chat: bool) -> Prompt:
    """Build the question what a rewriting gained; `chat`: for a chat template."""
    question = render(judge.prompt, instruction=instruction, rewritten=rewritten)
    return Prompt("", question if chat else question + judge.target)


def writing_sampling(stage: ExampleInstructions | EvolvedInstructions, *, chat: bool) -> SamplingTable:
    """Return how a request of a stage is sampled: a plain text that is continued has further stop texts."""
    if isinstance(stage, EvolvedInstructions):
        further = stage.continued_stop
    else:
        further = stage.continued.stop if stage.continued else ()
    if chat or not further:
        return stage.sampling
    return stage.sampling.model_copy(update={"stop": (*stage.sampling.stop, *further)})


def zero_shot(stage: AnswerStage, instruction: str, input: str) -> str:
    """Build the whole prompt for an instruction-tuned model without a chat template."""
    return render(stage.zero_shot, instruction=instruction, input=input)


def chat_messages(
    stage: AnswerStage, instruction: str, input: str, earlier: Sequence[Turn], system: str
) -> list[Turn]:
    """Build the messages for a model with a chat template, the turns before the task among them.

    A system message of the task's own takes the place of `system`, the recipe's; none if empty.
    """
    user = Turn("user", render(stage.chat, instruction=instruction, input=input))
    own = system_of(earlier) or not system
    return [*([] if own else [Turn("system", system)]), *earlier, user]


def draw_demonstrations(
    seeds: Sequence[_T], machine: Sequence[_T], n_seeds: int, n_machine: int, rng: random.Random
) -> list[_T]:
    """Draw demonstrations without repeats: `n_machine` machine-made, `n_seeds` seeds, shuffled together.

    While there are fewer machine-made ones, seeds fill their places; where seeds run short too, fewer
    come back. The same arguments and generator state give the same list.
    """
    from_machine = rng.sample(machine, min(n_machine, len(machine)))
    wanted = n_seeds + n_machine - len(from_machine)
    drawn = [*rng.sample(seeds, min(wanted, len(seeds))), *from_machine]
    rng.shuffle(drawn)
    return drawn
