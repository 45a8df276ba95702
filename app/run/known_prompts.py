"""The longest prompts of a run that are known before it starts: those that its seed tasks make.

What models write later may be longer; it is counted again before it is asked. Demonstrations that are drawn
at random are taken to be the longest.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import product

from app.engine.request import Message, Request
from app.method.answers import KINDS
from app.method.prompts import (
    Demonstration,
    Prompt,
    Worked,
    block_prompt,
    case_prompt,
    classify_prompt,
    evolve_prompt,
    examples_prompt,
    inputs_prompt,
    list_prompt,
    task_prompt,
)
from app.method.recipe import Recipe
from app.method.recipe_forms import (
    BlockInstances,
    ClassifiedInstances,
    EvolvedInstructions,
    ExampleInstructions,
    ListInstructions,
    MixedInstructions,
    MoreInputs,
    WholeTasks,
)
from app.method.recipe_parts import SamplingTable
from app.method.terms import Style
from app.run.answers import asking_of, messages
from app.run.asking import demonstrating
from app.run.context import worked_examples
from app.store.rows import NewSeed


def answerer_prompts(
    recipe: Recipe, seeds: Sequence[NewSeed], run_seed: int, style: Style
) -> Iterator[Request]:
    """Yield what an answerer would be asked about each seed task.

    Those are all tasks of a run whose instructions are given; of others they say how long tasks are.
    """
    asking = asking_of(recipe.answers, style, seeds, run_seed)
    for seed in seeds:
        asked = asking.question(seed)
        limit = asking.sampling(seed.kind).max_new_tokens
        if isinstance(asked, Prompt):
            yield demonstrating(asked, limit)
        else:
            yield replace(demonstrating(Prompt("", ""), limit), messages=tuple(messages(asked)))


def writer_prompts(
    recipe: Recipe, seeds: Sequence[NewSeed], run_seed: int, *, chat: bool
) -> Iterator[Request]:
    """Yield the longest of what the writer would be asked; `chat`: whether through its chat template."""
    yield from _instruction_prompts(recipe, seeds, chat=chat)
    yield from _instance_prompts(recipe, seeds, run_seed, chat=chat)


def _instruction_prompts(recipe: Recipe, seeds: Sequence[NewSeed], *, chat: bool) -> Iterator[Request]:
    stage = recipe.instructions
    texts = _longest(dict.fromkeys(seed.instruction for seed in seeds))
    match stage:
        case ListInstructions() | MixedInstructions():
            forms = [stage.prompt] if isinstance(stage, MixedInstructions) else [stage.a, stage.b]
            for form in forms:
                prompt = list_prompt(form, texts[: form.seeds + form.machine])
                yield _asked(prompt, stage.sampling, chat=chat)
        case WholeTasks():
            shown = [
                Demonstration(seed.instruction, seed.input, seed.output) for seed in _longest_tasks(seeds)
            ]
            prompt = task_prompt(stage.prompt, shown[: stage.prompt.seeds])
            yield _asked(prompt, stage.sampling, chat=chat)
        case ExampleInstructions():
            topics = _longest(stage.topics)[: stage.topics_per_call]
            examples = [(seed.instruction, seed.input) for seed in _longest_tasks(seeds)[: stage.examples]]
            yield _asked(examples_prompt(stage, examples, topics, chat=chat), stage.sampling, chat=chat)
        case EvolvedInstructions():
            tasks = [f"{seed.instruction}\n{seed.input}" for seed in _longest_tasks(seeds)[:1]]
            for operator, task in product(stage.operators, tasks):
                yield _asked(evolve_prompt(stage, operator, task, chat=chat), stage.sampling, chat=chat)
        case MoreInputs():
            given = _longest(dict.fromkeys(seed.input for seed in seeds))[: stage.shown]
            yield _asked(inputs_prompt(stage, texts[0], given), stage.sampling, chat=chat)


def _instance_prompts(
    recipe: Recipe, seeds: Sequence[NewSeed], run_seed: int, *, chat: bool
) -> Iterator[Request]:
    stage = recipe.instances
    text = max((seed.instruction for seed in seeds), key=len, default="")
    match stage:
        case BlockInstances():
            for kind in KINDS:
                form = stage.a if kind == "A" else stage.b
                examples = worked_examples(seeds, run_seed, "instances", kind, form)
                prompt = block_prompt(form, examples, text, None)
                yield _asked(prompt, stage.sampling, chat=chat)
        case ClassifiedInstances():
            asked = stage.classify
            pairs = [(shown, True) for shown in _longest(seed.instruction for seed in seeds)]
            prompt = classify_prompt(asked, pairs[: asked.yes + asked.no], text)
            yield _asked(prompt, asked.sampling, chat=chat)
            tasks = [Worked(seed.instruction, ((seed.input, seed.output),)) for seed in _longest_tasks(seeds)]
            for cases in (stage.output_first, stage.input_first):
                prompt = case_prompt(cases, tasks[: cases.demonstrations], text)
                yield _asked(prompt, cases.sampling, chat=chat)


def _asked(prompt: Prompt, sampling: SamplingTable, *, chat: bool) -> Request:
    """Return a request to the writer, as `RunContext.writing` builds it."""
    request = demonstrating(Prompt("", "") if chat else prompt, sampling.max_new_tokens)
    return replace(request, messages=(Message("user", prompt.text),)) if chat else request


def _longest(texts: Iterable[str]) -> list[str]:
    return sorted(texts, key=len, reverse=True)


def _longest_tasks(seeds: Sequence[NewSeed]) -> list[NewSeed]:
    return sorted(
        seeds, key=lambda seed: len(seed.instruction) + len(seed.input) + len(seed.output), reverse=True
    )
