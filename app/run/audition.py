"""Ask a model held-out seed tasks in every style it can take, and remember in which one it answers best."""

from __future__ import annotations

import asyncio
import hashlib
import json
import time
from collections.abc import AsyncGenerator, Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Any

import platformdirs

from app.engine.gguf import ModelHeader, file_version
from app.engine.json_cache import recall, remember
from app.engine.request import Request, Sampling
from app.engine.site import ModelEngine, Site
from app.method.answers import CHATTED, KINDS, SHOWS_EXAMPLES, Asking, Example, parse_answer
from app.method.audition import (
    LEAST,
    Answer,
    Audition,
    Pace,
    far_behind,
    held_out,
    measured,
    scored,
    unlike_lengths,
)
from app.method.demonstrations import Outputs
from app.method.prompts import Prompt
from app.method.recipe import Recipe
from app.method.recipe_forms import AnswerStage
from app.method.terms import Kind, Style
from app.run.answers import asking_of, messages
from app.run.context import RunContext
from app.run.ensemble import Ensemble, Member
from app.run.styles import default_style, possible_styles, worth_auditioning
from app.store import runs, votes
from app.words import about

VERSION = 1
"""Of how models are auditioned: what another one found is not taken for this one's."""
LONGEST = 120.0
"""Seconds that an audition is planned for by the speed of the first answers, and after which it ends."""
ROUNDS = (1, 4, 8, 16, 40)
"""Tasks after which a style that is surely worse than the default one is asked no more."""
RUN_SEED = 1
"""Where a recipe draws its worked examples, an audition draws them once for all runs."""

Tell = Callable[[str], None]


def enough_tasks(seeds: Sequence[Example]) -> bool:
    """Whether enough seed tasks have an output that answers can be compared with."""
    asked, _ = held_out(seeds)
    return len(asked) >= LEAST


async def audition(
    ensemble: Ensemble,
    member: Member,
    recipe: Recipe,
    seeds: Sequence[Example],
    *,
    tell: Tell,
    seconds: float = LONGEST,
) -> Audition | None:
    """Ask a model held-out tasks in every style it can take; None if it answered nothing in time.

    Each answer depends on its question alone where that costs little. Loading the model does not count as
    time. Cancelling it drops what is under way; what is known by then is remembered if it says something
    about every style.
    """
    tasks, shown = held_out(seeds)
    stage, header = recipe.answers, member.engine.header
    askings = {style: _asking(stage, style, seeds, shown) for style in possible_styles(header, stage)}
    limits = {kind: Outputs.of(seed.output for seed in seeds if seed.kind == kind) for kind in KINDS}
    async with ensemble.using_exactly(member) as engine:
        trial = _Trial(engine, tasks, askings, limits, default_style(header, stage), tell)
        await ensemble.make_room(member, trial.requests())
        try:
            with suppress(TimeoutError):
                async with asyncio.timeout(seconds):
                    await trial.run(time.monotonic() + seconds)
        except asyncio.CancelledError:
            trial.slow = False
            if trial.says_something and (found := trial.outcome()):
                store(header, member.model, recipe, seeds, found)
            raise
    return trial.outcome()


def _asking(stage: AnswerStage, style: Style, seeds: Sequence[Example], shown: Sequence[Example]) -> Asking:
    """Return how the tasks are asked: as in a run, but that no task is among its own worked examples."""
    asking = asking_of(stage, style, shown, RUN_SEED)
    return replace(asking, outputs=asking_of(stage, style, seeds, RUN_SEED, ()).outputs)


async def audition_models(
    paths: Sequence[Path],
    recipe: Recipe,
    seeds: Sequence[Example],
    *,
    again: bool,
    tell: Tell,
    site: Site | None = None,
) -> AsyncGenerator[tuple[Path, str, Audition | None], None]:
    """Audition models one by one without a run; yield file, name and outcome of each.

    What is remembered is not asked again, unless `again` is set. Close the generator when leaving it early.
    """
    ensemble = await asyncio.to_thread(
        Ensemble, paths[0], paths, headless=True, on_state=lambda _: None, context=recipe.context, site=site
    )
    ensemble.settle(await ensemble.site.devices(), None)
    await asyncio.to_thread(ensemble.identify)
    try:
        for path, member in zip(paths, ensemble.answerers, strict=True):
            found = None if again else stored(member.model, recipe, seeds)
            if found is None:
                tell(f"loading {member.name}")
                told = partial(_told, tell, member.name)
                found = await audition(ensemble, member, recipe, seeds, tell=told)
                if found is not None:
                    store(member.engine.header, member.model, recipe, seeds, found)
            yield path, member.name, found
    finally:
        await ensemble.close()


async def settle_styles(ctx: RunContext, tell: Tell, *, auditioning: bool) -> None:
    """Settle how each answerer of a run is asked, where that is open; say which style it is, and why.

    It is not where a person or the recipe chose the style, an earlier audition settled it, or the model has
    answered in this run. Else the style is the one in which the model answers best, auditioned now if it was
    not for another run.
    """
    if ctx.recipe.answers.style:
        return
    run_id = ctx.run.id
    parts, answered = await ctx.project.fetch(
        lambda c: (runs.answerers(c, run_id), runs.models_that_answered(c, run_id))
    )
    settled = {part.model.fingerprint for part in parts if part.style_from != "default"} | answered
    open_ones = [member for member in ctx.ensemble.answerers if member.model not in settled]
    # What is known already comes first: it holds even if the person then skips the rest.
    open_ones.sort(key=lambda member: stored(member.model, ctx.recipe, ctx.seeds) is None)
    found: dict[str, Audition] = {}
    for member in open_ones:
        auditioned = await _known_or_asked(ctx, member, tell if auditioning else None)
        if auditioned is None:
            continue
        found[member.name] = auditioned
        member.style = auditioned.best.style
        kept = json.dumps(auditioned.to_json())
        await ctx.write(
            partial(
                runs.set_style,
                run_id=run_id,
                model=member.model,
                style=member.style,
                style_from="audition",
                audition=kept,
            )
        )
        ctx.notice(f"{member.name} is asked in style {auditioned.line()}.")
    for name, (score, best) in far_behind(found).items():
        ctx.notice(
            f"{name} answers the seed tasks far worse than the best model (score {score:.2f} against "
            f"{best:.2f}): consider leaving it out with --remove-answerer."
        )
    await _settle_containment(ctx)


async def _settle_containment(ctx: RunContext) -> None:
    """Let an answer that holds another agree with it, where the answerers of a run differ much in length.

    A recipe that says itself whether it does is followed, and so are the votes that a run has.
    """
    run_id, stage = ctx.run.id, ctx.recipe.consensus
    if stage.rule != "quorum" or stage.containment is not None:
        return
    parts, voted = await ctx.project.fetch(
        lambda c: (runs.answerers(c, run_id), run_id in votes.usual_choices(c))
    )
    auditions = {part.model.name: read_audition(part.audition) for part in parts}
    heard = {name: found for name, found in auditions.items() if found}
    unlike = unlike_lengths(heard)
    if voted or unlike is None:
        return
    kept = ctx.recipe.with_containment(True).to_json()
    await ctx.write(lambda c: runs.set_recipe(c, run_id, kept))
    longest, shortest = unlike
    ctx.notice(
        f"{longest} answers {heard[longest].best.ratio:.1f} times as long as the seed tasks' outputs, "
        f"{shortest} {heard[shortest].best.ratio:.1f} times: in this run an answer that holds another counts "
        "as equal to it (containment = false in the recipe leaves that out)."
    )


async def _known_or_asked(ctx: RunContext, member: Member, tell: Tell | None) -> Audition | None:
    """Return how a model was auditioned for the run's recipe and seed tasks, now if `tell` is given.

    A run auditions no small model, but what `quorum audition` found for one is used.
    """
    header = member.engine.header
    if known := stored(member.model, ctx.recipe, ctx.seeds):
        return known
    if tell is None or not worth_auditioning(header):
        return None
    if not enough_tasks(ctx.seeds):
        ctx.notice(
            f"{member.name} is asked in style {member.style}: it cannot be auditioned, because fewer than "
            f"{2 * LEAST} seed tasks have an output."
        )
        return None
    ctx.notice(f"Auditioning {member.name} with the seed tasks, once: {about(LONGEST)} at most.")
    told = partial(_told, tell, member.name)
    asked = await audition(ctx.ensemble, member, ctx.recipe, ctx.seeds, tell=told)
    if asked is None:
        ctx.notice(
            f"{member.name} answered nothing within {about(LONGEST)} and is asked in style {member.style}."
        )
        return None
    store(header, member.model, ctx.recipe, ctx.seeds, asked)
    return asked


def _told(tell: Tell, name: str, words: str) -> None:
    tell(f"{name}: {words}")


@dataclass(slots=True)
class _Trial:
    """One audition under way: the answers in each style, in the order of the tasks."""

    engine: ModelEngine
    tasks: Sequence[Example]
    askings: dict[Style, Asking]
    outputs: Mapping[Kind, Outputs]
    """How long the outputs of the seed tasks are, whatever the recipe follows: an answer may take no more."""
    default: Style
    tell: Tell
    answers: dict[Style, list[Answer]] = field(default_factory=dict)
    asked: int = 0
    """Tasks that every style was asked but those that were given up or left out."""
    pace: Pace[Style] = field(default_factory=Pace)
    whole: bool = False
    slow: bool = True
    """Whether the time was too short for all; False once it is known to be enough, or a person had enough."""

    def requests(self) -> Iterator[Request]:
        """Yield all that may be asked."""
        for style in self.askings:
            for at in range(len(self.tasks)):
                yield self._request(style, at)

    async def run(self, until: float) -> None:
        """Ask round by round, each style in turn, as many tasks as end before `until` at the speed measured.

        The first round is one task: it shows in which styles enough can be asked in time. Styles that fell
        far behind are asked no more.
        """
        for bound in (*ROUNDS, len(self.tasks)):
            end = min(bound, len(self.tasks))
            going = [style for style in self._in_order() if not self._given_up(style)]
            if self.asked:
                going, left = self._affordable(going, until), until - time.monotonic()
                end = min(end, self.asked + self.pace.room(going, left))
            if end > self.asked:
                await self._round(going, end, until)
        self.whole = self.asked == len(self.tasks) and not self.left_out
        self.slow = not self.whole

    def _affordable(self, going: Sequence[Style], until: float) -> list[Style]:
        """Return the styles that are asked on; one of which nothing could be said in time is forgotten."""
        begun = [style for style in going if style in self.answers]
        affordable = self.pace.affordable(begun, self.asked, until - time.monotonic())
        for style in begun:
            if style not in affordable:
                del self.answers[style]
        return affordable

    async def _round(self, styles: Sequence[Style], end: int, until: float) -> None:
        """Ask the tasks before `end` in these styles; one to begin with only if there is time for it."""
        for style in styles:
            begun = time.monotonic()
            if style not in self.answers and not self.pace.room_for_another(end, until - begun):
                continue
            self.tell(f"{end} of {len(self.tasks)} tasks, {style}")
            if style not in self.answers and style in SHOWS_EXAMPLES:
                await self._read_examples(style, self.asked)
                begun = time.monotonic()
            await self._ask(style, range(self.asked, end))
            self.pace.note(style, end - self.asked, time.monotonic() - begun)
        self.asked = end

    def _in_order(self) -> list[Style]:
        """Return the default style, which the others are compared with, then those whose answers end soon.

        What follows worked examples does; what a chat template gets may be long.
        """
        return sorted(self.askings, key=lambda style: (style != self.default, style in CHATTED))

    @property
    def left_out(self) -> tuple[Style, ...]:
        """The styles in which too little was asked to say anything."""
        return tuple(style for style in self.askings if style not in self.answers)

    async def _ask(self, style: Style, places: range) -> None:
        """Ask tasks in a style, those of a kind together: they share what is shown."""
        order = sorted(places, key=lambda at: self.tasks[at].kind)
        try:
            async with asyncio.TaskGroup() as group:
                under_way = {at: group.create_task(self._answer(style, at)) for at in order}
        except ExceptionGroup as failed:
            raise failed.exceptions[0] from failed  # the others were cancelled or failed alike
        self.answers.setdefault(style, []).extend(under_way[at].result() for at in places)

    async def _read_examples(self, style: Style, at: int) -> None:
        """Have the worked examples read that precede a task: once, so they say nothing of the pace."""
        request = self._request(style, at)
        await self.engine.complete(
            replace(request, sampling=replace(request.sampling, min_new_tokens=0, max_new_tokens=1))
        )

    async def _answer(self, style: Style, at: int) -> Answer:
        completion = await self.engine.complete(self._request(style, at))
        return measured(self.tasks[at], parse_answer(completion.text, style), completion.ended)

    def _request(self, style: Style, at: int) -> Request:
        """Return what is asked about a task in a style."""
        asking, task = self.askings[style], self.tasks[at]
        table = asking.sampling(task.kind)
        most = min(table.max_new_tokens, self.outputs[task.kind].limit(table.max_new_tokens))
        sampling = replace(Sampling(**table.model_dump()), max_new_tokens=max(most, table.min_new_tokens))
        question, id = asking.question(task), f"audition:{style}:{at}"
        if isinstance(question, Prompt):
            return Request(id, question.prefix, question.tail, sampling=sampling)
        return Request(id, messages=tuple(messages(question)), sampling=sampling)

    def _given_up(self, style: Style) -> bool:
        given, default = self.answers.get(style), self.answers.get(self.default)
        return bool(given and default and scored(style, given, default).surely_worse)

    @property
    def says_something(self) -> bool:
        """Whether every style was asked enough tasks to be compared with the default one."""
        return all(len(self.answers.get(style, ())) >= LEAST for style in self.askings)

    def outcome(self) -> Audition | None:
        """Return what is known of every style that was asked; None if the default one was not."""
        default = self.answers.get(self.default)
        if default is None:
            return None
        others = (style for style in self.answers if style != self.default)
        scores = [scored(style, self.answers[style], default) for style in (self.default, *others)]
        return Audition(tuple(scores), len(self.tasks), self.whole, self.slow, self.left_out)


# ---- what is remembered ---------------------------------------------------------------------------


def stored(model: str, recipe: Recipe, seeds: Sequence[Example]) -> Audition | None:
    """Return how the model of this fingerprint was auditioned for a recipe and these seed tasks, or None."""
    return _audition(recall(cache_file(), _key(model, recipe, seeds)))


def store(header: ModelHeader, model: str, recipe: Recipe, seeds: Sequence[Example], found: Audition) -> None:
    """Remember an audition of the model of this fingerprint, also as the latest one of its file.

    One that ended before anything could be said is not: it is worth another try.
    """
    if not found.whole and found.best.count < LEAST:
        return
    remember(cache_file(), _key(model, recipe, seeds), found.to_json())
    remember(cache_file(), _latest(header), {"recipe": recipe.name, "audition": found.to_json()})


def latest(header: ModelHeader) -> tuple[str, Audition] | None:
    """Return the latest audition of a file, whatever the seed tasks, with the name of the recipe; or None."""
    entry = recall(cache_file(), _latest(header))
    if not isinstance(entry, dict) or (found := _audition(entry.get("audition"))) is None:
        return None
    return str(entry.get("recipe")), found


def known(header: ModelHeader) -> str:
    """Say in one line how the latest audition of a file went, or why there was none."""
    found = latest(header)
    if found is not None:
        return f"{found[1].line()} (recipe {found[0]})"
    if not worth_auditioning(header):
        return "as it was trained: so small a model is not auditioned by a run"
    return "not auditioned yet: the first run with it does so, or `quorum audition`"


def expected(answerers: Sequence[ModelHeader], recipe: Recipe) -> tuple[list[str], int]:
    """Return how models were asked last under a recipe, a line each, and how many are auditioned first.

    The latest audition may have been for other seed tasks: then a run auditions them again.
    """
    if recipe.answers.style:
        return [], 0
    found = {header.path: latest(header) for header in answerers}
    heard = {path: last[1] for path, last in found.items() if last and last[0] == recipe.name}
    lines = [f"{header.name}: {heard[header.path].line()}" for header in answerers if header.path in heard]
    return lines, sum(worth_auditioning(header) and header.path not in heard for header in answerers)


def read_audition(text: str) -> Audition | None:
    """Read what a run keeps of an audition; None where there was none."""
    try:
        return _audition(json.loads(text)) if text else None
    except ValueError:
        return None


def _audition(values: Any) -> Audition | None:
    try:
        return Audition.from_json(values)
    except (KeyError, TypeError, ValueError):
        return None


def cache_file() -> Path:
    """Return where auditions are remembered."""
    return platformdirs.user_cache_path("quorum") / "auditions.json"


def _key(model: str, recipe: Recipe, seeds: Sequence[Example]) -> str:
    asked = recipe.answers.model_dump_json(exclude={"samples", "samples_of", "sample_temperature"})
    tasks = json.dumps(sorted({(seed.kind, seed.instruction, seed.input, seed.output) for seed in seeds}))
    hashes = (hashlib.sha256(text.encode()).hexdigest()[:16] for text in (asked, tasks))
    return "|".join([model, *hashes, str(VERSION)])


def _latest(header: ModelHeader) -> str:
    size, changed = file_version(header.path)
    return f"latest|{size}|{changed}|{header.path}"
