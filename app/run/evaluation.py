"""Ask models the tasks of a benchmark through the engines of a run, and keep every answer in a project.

What is stored is not asked again, so an evaluation that ended early is resumed by beginning it once more.
"""

from __future__ import annotations

import hashlib
import json
from asyncio import to_thread
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from functools import cached_property, partial
from pathlib import Path

from app.engine.gguf import ModelHeader
from app.engine.names import told_apart
from app.engine.request import Completion, Request, Sampling
from app.engine.site import Site
from app.intake.benchmark import BenchmarkTask
from app.method.answers import (
    CHATTED,
    KINDS,
    SHOWS_EXAMPLES,
    Asking,
    Example,
    chosen_examples,
    form_of,
    parse_answer,
)
from app.method.evaluation import Measured, Scored, measured, scored
from app.method.prompts import Demonstration, Prompt, block_prompt
from app.method.recipe import Recipe
from app.method.recipe_forms import AnswerStage
from app.method.terms import Kind, Style
from app.run.answers import messages
from app.run.asking import RunControl, answers_in_order, demonstrations_that_fit
from app.run.audition import latest
from app.run.ensemble import Ensemble, Member
from app.run.plan import model_row
from app.run.styles import default_style
from app.store import evaluations
from app.store.evaluations import Evaluation, EvaluationAnswer, EvaluationTask
from app.store.project import Connection, Project
from app.store.rows import ModelRow
from app.words import plural

Tell = Callable[[str], None]
TOGETHER = 16
"""Answers that are stored in one transaction: what a killed evaluation has to ask again at most."""


@dataclass(frozen=True)
class Wanted:
    """What is evaluated: tasks, by whose prompts, after how many worked examples, how long answers may be.

    `seeds` are seed tasks, shown where a task has too few examples of its own.
    """

    source: str
    tasks: Sequence[BenchmarkTask]
    recipe: Recipe
    shots: int = 0
    max_tokens: int | None = None
    seeds: Sequence[Example] = ()

    @property
    def limit(self) -> int:
        """Tokens that an answer may take."""
        return self.max_tokens or self.recipe.answers.sampling.max_new_tokens

    @property
    def key(self) -> str:
        """What tells this from other evaluations: what models are asked and what is right."""
        shown = [self.shown(task) for task in self.tasks] if self.shots else []
        asked = [
            self.recipe.answers.model_dump_json(exclude={"samples", "samples_of", "sample_temperature"}),
            self.shots,
            self.limit,
            [
                (task.kind, task.instruction, task.input, task.context, task.category, task.expected)
                for task in self.tasks
            ],
            [[(one.instruction, one.input, one.output) for one in examples] for examples in shown],
        ]
        return hashlib.sha256(json.dumps(asked).encode()).hexdigest()

    def shown(self, task: BenchmarkTask) -> Sequence[Demonstration]:
        """Return the worked examples of a task: its own, else seed tasks of its kind; never the task."""
        if len(task.examples) >= self.shots:
            return task.examples[: self.shots]
        others = [
            one
            for one in self._of_seeds[task.kind]
            if (one.instruction, one.input) != (task.instruction, task.input)
        ]
        return others[: self.shots]

    @cached_property
    def _of_seeds(self) -> Mapping[Kind, Sequence[Demonstration]]:
        """The seed tasks that are shown, by kind: one more than is wanted, as one may be the task itself."""
        stage = self.recipe.answers
        forms = {
            f"few_shot_{kind.lower()}": form_of(stage, "few-shot", kind).model_copy(
                update={"demonstrations": self.shots + 1, "examples": ()}
            )
            for kind in KINDS
        }
        longer = stage.model_copy(update=forms)
        return {kind: chosen_examples(longer, "few-shot", kind, self.seeds) for kind in KINDS}


@dataclass(frozen=True, slots=True)
class ModelScores:
    """How a model did: its name (foreign), over all tasks and by category, and what every answer scores.

    `failed` tasks have no answer: their prompt was too long, or they killed the worker twice. They score 0.
    """

    model: str
    name: str
    style: Style
    failed: int
    cut: int
    all: Measured
    categories: Mapping[str, Measured]
    scores: Sequence[Scored]


async def evaluate(
    project: Project,
    wanted: Wanted,
    paths: Sequence[Path],
    *,
    tell: Tell,
    calibrate: bool = True,
    site: Site | None = None,
) -> tuple[Evaluation, list[ModelScores]]:
    """Ask every model what it was not asked yet, one model after the other; return how each did.

    Raises ModelError where a model cannot be used or keeps crashing; what is answered by then is stored.
    """
    evaluation = await _begun(project, wanted)
    ensemble = await to_thread(
        Ensemble,
        paths[0],
        paths,
        headless=True,
        on_state=lambda _state: None,
        context=wanted.recipe.context,
        site=site,
    )
    try:
        devices = await ensemble.site.devices()
        ensemble.settle(devices, None)
        await to_thread(ensemble.identify, lambda name, share: tell(f"reading {name}: {share:.0%}"))
        open_ones = {
            member.model: left
            for member in ensemble.answerers
            if (left := await project.fetch(partial(_missing, evaluation.id, member.model)))
        }
        headers = [member.engine.header for member in ensemble.answerers if member.model in open_ones]
        for header in ensemble.site.uncalibrated(headers, devices) if calibrate else ():
            tell(await ensemble.calibrate(header, devices, tell))
        for member in ensemble.answerers:
            if member.model in open_ones:
                await _ask(project, evaluation, wanted, ensemble, member, open_ones[member.model], tell)
        models = [member.model for member in ensemble.answerers]
    finally:
        await ensemble.close()

    def read(c: Connection) -> list[ModelScores]:
        names = told_apart(evaluations.models_of(c, evaluation.id))
        return [scores_of(c, evaluation.id, model, names[model]) for model in models]

    return evaluation, await project.fetch(read)


async def _begun(project: Project, wanted: Wanted) -> Evaluation:
    key = await to_thread(lambda: wanted.key)
    tasks = [
        EvaluationTask(task.kind, task.instruction, task.input, task.context, task.category, task.expected)
        for task in wanted.tasks
    ]
    recipe = wanted.recipe.name
    return await project.write(
        lambda c: evaluations.begin(c, key, wanted.source, recipe, wanted.shots, wanted.limit, tasks)
    )


def _missing(evaluation: str, model: str, c: Connection) -> list[int]:
    return evaluations.missing(c, evaluation, model)


def style_for(header: ModelHeader, recipe: Recipe, shots: int) -> Style:
    """Return how a model is asked: as its last audition under the recipe found best, else as it is made for.

    Worked examples are shown in the styles that can show them, and only where some are wanted.
    """
    heard = latest(header)
    found = (
        heard[1].best.style if heard and heard[0] == recipe.name else default_style(header, recipe.answers)
    )
    if found in CHATTED:
        return "chat-examples" if shots else "chat" if found == "chat-examples" else found
    return found


async def _ask(
    project: Project,
    evaluation: Evaluation,
    wanted: Wanted,
    ensemble: Ensemble,
    member: Member,
    missing: Sequence[int],
    tell: Tell,
) -> None:
    """Ask a model the tasks at these positions, and store what it says."""
    begun = await project.fetch(lambda c: evaluations.style_of(c, evaluation.id, member.model))
    style = begun or style_for(member.engine.header, wanted.recipe, wanted.shots)
    if wanted.shots and style not in SHOWS_EXAMPLES:
        tell(f"{member.name} takes no worked examples and is asked without.")
    row = await to_thread(model_row, member.engine.header)
    asking = _Asking(wanted, style)
    tell(f"loading {member.name}")
    async with ensemble.using_exactly(member) as engine:
        if said := await ensemble.make_room(member, asking.requests(missing)):
            tell(said)

        async def answer(position: int, request: Request) -> Completion:
            if wanted.shots and asking.shows:
                request = asking.request(position, await _that_fit(member, asking, position))
            return await engine.complete(request)

        held: list[EvaluationAnswer] = []
        asked = ((position, asking.request(position)) for position in missing)
        async with aclosing(answers_in_order(answer, asked, RunControl(), lambda: engine.ahead)) as answers:
            of = len(wanted.tasks)
            done = of - len(missing)
            async for position, completion in answers:
                held.append(asking.read(position, completion))
                done += 1
                if len(held) == TOGETHER or done == of:
                    await project.write(partial(_store, evaluation.id, row, tuple(held)))
                    held.clear()
                tell(f"{member.name}: {done:,} of {plural(of, 'task')}")


def _store(evaluation: str, row: ModelRow, answers: Sequence[EvaluationAnswer], c: Connection) -> None:
    evaluations.save_answers(c, evaluation, row, answers)


async def _that_fit(member: Member, asking: _Asking, position: int) -> int:
    """Return how many worked examples leave room for the answer; counted only where the prompt is long."""
    shown = asking.shown(position)
    return await demonstrations_that_fit(
        member.engine, lambda count: asking.text(position, count), len(shown), asking.wanted.limit
    )


@dataclass(frozen=True, slots=True)
class _Asking:
    """How the tasks of an evaluation are put to a model in a style."""

    wanted: Wanted
    style: Style

    @property
    def shows(self) -> bool:
        """Whether the style shows worked examples."""
        return self.style in SHOWS_EXAMPLES

    @property
    def stage(self) -> AnswerStage:
        """The recipe's way to ask, greedy: an evaluation that is made again is the same."""
        stage = self.wanted.recipe.answers
        greedy = {"temperature": 0.0, "max_new_tokens": self.wanted.limit}
        return stage.model_copy(update={"sampling": stage.sampling.model_copy(update=greedy)})

    def shown(self, position: int) -> Sequence[Demonstration]:
        """Return the worked examples before a task."""
        return self.wanted.shown(self.wanted.tasks[position]) if self.shows and self.wanted.shots else ()

    def text(self, position: int, count: int) -> Prompt:
        """Return the whole prompt with the first `count` worked examples, to count its tokens."""
        task = self.wanted.tasks[position]
        form = form_of(self.stage, self.style, task.kind)
        return block_prompt(form, self.shown(position)[:count], task.instruction, task.input)

    def request(self, position: int, count: int | None = None) -> Request:
        """Return what is asked about a task, after its first `count` worked examples (None: after all)."""
        task = self.wanted.tasks[position]
        asking = Asking(self.stage, self.style, {}, {task.kind: self.shown(position)[:count]})
        sampling = Sampling(**asking.sampling(task.kind).model_dump())
        question, name = asking.question(task), f"evaluation:{position}"
        if isinstance(question, Prompt):
            return Request(name, question.prefix, question.tail, sampling=sampling)
        return Request(name, messages=tuple(messages(question)), sampling=sampling)

    def requests(self, positions: Sequence[int]) -> Iterator[Request]:
        """Yield all that will be asked."""
        return map(self.request, positions)

    def read(self, position: int, completion: Completion) -> EvaluationAnswer:
        """Read an answer as a run would."""
        output = parse_answer(completion.text, self.style)
        raw = completion.raw or completion.text
        return EvaluationAnswer(
            position,
            self.style,
            raw,
            output,
            completion.ended,
            completion.error,
            completion.tokens,
            completion.seconds,
        )


# ---- what is known -------------------------------------------------------------------------------


def scores_of(c: Connection, evaluation: str, model: str, name: str) -> ModelScores:
    """Return how a model (its fingerprint) did that answered every task; `name` is foreign."""
    tasks = evaluations.tasks_of(c, evaluation)
    answers = evaluations.answers_of(c, evaluation, model)
    scores = [scored(answer.output, tasks[answer.position].expected) for answer in answers]
    by_category: dict[str, list[Scored]] = {}
    for answer, score in zip(answers, scores, strict=True):
        by_category.setdefault(tasks[answer.position].category, []).append(score)
    return ModelScores(
        model=model,
        name=name,
        style=answers[0].style,
        failed=sum(answer.ended == "error" for answer in answers),
        cut=sum(answer.ended == "length" for answer in answers),
        all=measured(scores),
        categories={key: measured(by_category[key]) for key in sorted(by_category)},
        scores=scores,
    )
