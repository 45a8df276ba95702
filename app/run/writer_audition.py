"""Ask a writer for a few instructions in every manner it can take, and remember in which it writes best."""

from __future__ import annotations

import asyncio
import hashlib
import json
import tempfile
import time
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing, suppress
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Any

from app.engine.gguf import ModelHeader, file_version
from app.engine.json_cache import recall, remember
from app.engine.site import Site
from app.intake.seeds import SeedTask
from app.method.answers import Example
from app.method.audition import LEAST, Pace
from app.method.recipe import Recipe
from app.method.terms import Kind, Style
from app.method.writer_audition import (
    REQUESTS,
    Attempt,
    Manner,
    WriterAudition,
    cooler,
    manners,
    read_writer_audition,
    scored,
    shortened,
)
from app.run import audition
from app.run.admission import KindState, fresh_state
from app.run.asking import RunControl
from app.run.audition import LONGEST, RUN_SEED, Tell
from app.run.context import RunContext
from app.run.ensemble import Ensemble
from app.run.forms import instruction_form
from app.run.forms.evolved import Evolved
from app.run.forms.waves import WaveForm
from app.run.plan import Plan, open_run, prepared
from app.run.styles import worth_auditioning
from app.run.written import Rehearsed
from app.store import runs
from app.store.project import Project
from app.words import about

VERSION = 1
"""Of how writers are auditioned: what another one found is not taken for this one's."""
ROUNDS = (8, REQUESTS)
"""Requests after which a form that is surely worse than the default one is asked no more."""
STYLE_OF: dict[str, Style] = {"chat": "chat"}
"""What a run says of how its writer is asked; all else continues a text."""


async def audition_writer(ctx: RunContext, tell: Tell, seconds: float = LONGEST) -> WriterAudition | None:
    """Have the writer of a run write in every manner it can take; None if it wrote nothing in time.

    Nothing is stored in the project. Loading the model does not count as time. Cancelling it drops what is
    under way; what is known by then is remembered if it says something about every form.
    """
    trial = _Trial(replace(ctx, run=replace(ctx.run, seed=RUN_SEED), recipe=shortened(ctx.recipe)), tell)
    async with ctx.ensemble.using(ctx.writer):
        try:
            with suppress(TimeoutError):
                async with asyncio.timeout(seconds):
                    await trial.run(time.monotonic() + seconds)
        except asyncio.CancelledError:
            if found := trial.outcome():
                store(ctx.writer.engine.header, ctx.writer.model, ctx.recipe, ctx.seeds, found)
            raise
    return trial.outcome()


async def audition_writers(
    paths: Sequence[Path],
    recipe: Recipe,
    tasks: Sequence[SeedTask],
    *,
    again: bool,
    tell: Tell,
    site: Site | None = None,
) -> AsyncGenerator[tuple[Path, str, WriterAudition | None], None]:
    """Audition writers one by one without a run of theirs; yield file, name and outcome of each.

    What is remembered is not asked again, unless `again` is set. Close the generator when leaving it early.
    """
    for path in paths:
        plan = prepared(Plan(recipe, path, (), tuple(tasks)))
        ensemble = await asyncio.to_thread(
            Ensemble, path, (), headless=True, on_state=lambda _: None, context=recipe.context, site=site
        )
        try:
            yield path, ensemble.writer.name, await _audition_alone(plan, ensemble, again=again, tell=tell)
        finally:
            await ensemble.close()


async def _audition_alone(
    plan: Plan, ensemble: Ensemble, *, again: bool, tell: Tell
) -> WriterAudition | None:
    """Audition a writer in a project that is left behind nowhere; nothing is asked if it is remembered."""
    ensemble.check(writing=True)
    ensemble.settle(await ensemble.site.devices(), None)
    await asyncio.to_thread(ensemble.identify)
    with (
        tempfile.TemporaryDirectory() as folder,
        Project.open(Path(folder) / "audition.db", create=True) as project,
    ):
        ctx, writer = await _context(project, plan, ensemble), ensemble.writer
        found = None if again else stored(writer.model, ctx.recipe, ctx.seeds)
        if found is None:
            tell(f"loading {writer.name}")
            found = await audition_writer(ctx, partial(_told, tell, writer.name))
            if found is not None:
                store(writer.engine.header, writer.model, ctx.recipe, ctx.seeds, found)
    return found


async def _context(project: Project, plan: Plan, ensemble: Ensemble) -> RunContext:
    """Begin a run that nothing is stored of, for what asks the writer."""
    run = (await open_run(project, plan, ensemble)).run
    seeds = await project.fetch(lambda c: runs.seeds_of(c, run.id))
    return RunContext(
        project=project,
        run=run,
        recipe=plan.recipe,
        seeds=tuple(seeds),
        ensemble=ensemble,
        control=RunControl(),
        notice=lambda _words: None,
        stored=lambda: None,
    )


async def settle_manner(ctx: RunContext, tell: Tell, *, auditioning: bool) -> None:
    """Settle how the writer of a run is asked, where that is open; say which manner it is, and why.

    It is not where the recipe says it, an earlier audition settled it, or the model has written in this run.
    Else the manner is the one in which it writes best, auditioned now if it was not for another run.
    """
    run_id, writer = ctx.run.id, ctx.writer
    if ctx.recipe.writer_style or not ctx.recipe.instructions.writes:
        return
    part, wrote = await ctx.project.fetch(lambda c: (runs.writer(c, run_id), runs.has_written(c, run_id)))
    if part is None or part.style_from != "default" or wrote:
        return
    found = await _known_or_asked(ctx, tell if auditioning else None)
    if found is None:
        return
    style = STYLE_OF.get(found.taken.style, "few-shot")
    kept = json.dumps(found.to_json())
    await ctx.write(lambda c: runs.set_style(c, run_id, writer.model, style, "audition", kept, role="writer"))
    ctx.notice(f"{writer.name} writes as {found.line()}.")


async def _known_or_asked(ctx: RunContext, tell: Tell | None) -> WriterAudition | None:
    """Return how the writer was auditioned for the run's recipe and seed tasks, now if `tell` is given.

    A run auditions no small model, but what `quorum audition` found for one is used.
    """
    writer, header = ctx.writer, ctx.writer.engine.header
    if known := stored(writer.model, ctx.recipe, ctx.seeds):
        return known
    if tell is None or not worth_auditioning(header):
        return None
    ctx.notice(f"Auditioning {writer.name} as the writer, once: {about(LONGEST)} at most.")
    found = await audition_writer(ctx, partial(_told, tell, writer.name))
    if found is None:
        ctx.notice(f"{writer.name} wrote nothing within {about(LONGEST)} and is asked as the recipe says.")
        return None
    store(header, writer.model, ctx.recipe, ctx.seeds, found)
    return found


def _told(tell: Tell, name: str, words: str) -> None:
    tell(f"{name}: {words}")


async def in_its_manner(ctx: RunContext) -> RunContext:
    """Return what instructions are written by: the recipe of the run in the manner of its writer."""
    part = await ctx.project.fetch(lambda c: runs.writer(c, ctx.run.id))
    found = read_writer_audition(part.audition) if part else None
    return replace(ctx, recipe=found.taken.applied(ctx.recipe)) if found else ctx


@dataclass(slots=True)
class _Trial:
    """One audition under way: what was written in each manner, in the order of asking."""

    ctx: RunContext
    tell: Tell
    attempts: dict[Manner, list[Attempt]] = field(default_factory=dict)
    states: dict[tuple[Manner, Kind | None], KindState] = field(default_factory=dict)
    asked: dict[Manner, int] = field(default_factory=dict)
    """How many requests were asked whole round by whole round."""
    pace: Pace[Manner] = field(default_factory=Pace)
    whole: bool = False

    @property
    def forms(self) -> tuple[Manner, ...]:
        """Every form, sampled as in the recipe, the default one first."""
        return manners(self.ctx.recipe, has_template=self.ctx.writer.has_chat_template)

    async def run(self, until: float) -> None:
        """Ask all requests in every form, round by round, and all in the best with another setting.

        The other setting has its turn when all was asked in the forms that did not fall far behind. What is
        not expected to end before `until`, at the speed measured, is not begun.
        """
        in_time = [
            await self._ask_in_time(manner, end, until)
            for end in ROUNDS
            for manner in self.forms
            if not self._given_up(manner)
        ]
        heard = self.outcome()
        if heard and all(in_time) and (cool := cooler(heard.taken)):
            self.pace.seconds[cool] = self.pace.seconds[heard.taken]
            in_time.append(await self._ask_in_time(cool, REQUESTS, until))
        self.whole = all(in_time)

    async def _ask_in_time(self, manner: Manner, end: int, until: float) -> bool:
        """Bring the requests asked in a manner up to `end`; return False if there is no time for that."""
        begun, asked = time.monotonic(), self.asked.get(manner, 0)
        if manner in self.pace.seconds:
            fits = self.pace.room([manner], until - begun) >= end - asked
        else:
            fits = self.pace.room_for_another(end, until - begun)
        if fits and end > asked:
            await self._ask(manner, end)
            self.pace.note(manner, end - asked, time.monotonic() - begun)
        return fits

    async def _ask(self, manner: Manner, end: int) -> None:
        """Bring the requests asked in a manner up to `end`, half of each kind where kinds are asked apart."""
        begin = self.asked.get(manner, 0)
        self.tell(f"{end} of {REQUESTS} requests, {manner}")
        ctx = replace(self.ctx, recipe=manner.applied(self.ctx.recipe))
        form = instruction_form(ctx)
        assert isinstance(form, WaveForm | Evolved)
        kinds = _kinds(ctx.recipe)
        for kind in kinds:
            state = self.states.setdefault((manner, kind), fresh_state(ctx, kind))
            numbers = range(begin // len(kinds), end // len(kinds))
            async with aclosing(form.rehearse(state, numbers)) as rehearsed:
                async for written in rehearsed:
                    self.attempts.setdefault(manner, []).append(_attempt(written))
        self.asked[manner] = end

    def _given_up(self, manner: Manner) -> bool:
        given, default = self.attempts.get(manner), self.attempts.get(self.forms[0])
        return bool(given and default and scored(manner, given, default).surely_worse)

    def outcome(self) -> WriterAudition | None:
        """Return what is known of every manner that was asked; None if the default one was not."""
        default = self.attempts.get(self.forms[0])
        if default is None:
            return None
        scores = [scored(manner, given, default) for manner, given in self.attempts.items()]
        return WriterAudition.of(scores, whole=self.whole)


def _kinds(recipe: Recipe) -> tuple[Kind | None, ...]:
    """Return the kinds that a recipe makes apart from each other, or None for all tasks."""
    if not recipe.instructions.by_kind:
        return (None,)
    shares: dict[Kind | None, float] = {"A": recipe.share_a, "B": 1 - recipe.share_a}
    return tuple(kind for kind, share in shares.items() if share)


def _attempt(rehearsed: Rehearsed) -> Attempt:
    """Count what a request gave; what the limit of tokens cut says nothing."""
    completion, written = rehearsed
    reasons = [part.verdict.reason for part in written if part.verdict]
    whole = [reason for reason in reasons if reason != "cut_by_length"]
    return Attempt(len(whole), whole.count(None), completion.tokens)


# ---- what is remembered ---------------------------------------------------------------------------


def stored(model: str, recipe: Recipe, seeds: Sequence[Example]) -> WriterAudition | None:
    """Return how the model of this fingerprint was auditioned as a writer, for a recipe and these seeds."""
    return _audition(recall(audition.cache_file(), _key(model, recipe, seeds)))


def store(
    header: ModelHeader, model: str, recipe: Recipe, seeds: Sequence[Example], found: WriterAudition
) -> None:
    """Remember an audition of the model of this fingerprint, also as the latest one of its file.

    One that ended before anything could be said is not: it is worth another try.
    """
    if not found.whole and min(score.requests for score in found.scores) < LEAST:
        return
    remember(audition.cache_file(), _key(model, recipe, seeds), found.to_json())
    entry = {"recipe": recipe.name, "audition": found.to_json()}
    remember(audition.cache_file(), _latest(header), entry)


def latest(header: ModelHeader) -> tuple[str, WriterAudition] | None:
    """Return the latest audition of a file as a writer, with the name of the recipe; or None."""
    entry = recall(audition.cache_file(), _latest(header))
    if not isinstance(entry, dict) or (found := _audition(entry.get("audition"))) is None:
        return None
    return str(entry.get("recipe")), found


def known(header: ModelHeader) -> str:
    """Say in one line how the latest audition of a file as a writer went; empty without one."""
    found = latest(header)
    return f"{found[1].line()} (recipe {found[0]})" if found else ""


def expected(header: ModelHeader, recipe: Recipe) -> tuple[str, bool]:
    """Return how a writer was asked last under a recipe, if it was, and whether it is auditioned first."""
    if recipe.writer_style or not recipe.instructions.writes:
        return "", False
    found = latest(header)
    if found and found[0] == recipe.name:
        return f"{header.name} writes as {found[1].line()}", False
    return "", worth_auditioning(header)


def _audition(values: Any) -> WriterAudition | None:
    try:
        return WriterAudition.from_json(values)
    except (KeyError, TypeError, ValueError, AttributeError):
        return None


def _key(model: str, recipe: Recipe, seeds: Sequence[Example]) -> str:
    stage, bare = recipe.instructions.model_dump_json(), recipe.instances.form
    asked = json.dumps([stage, bare, recipe.share_a, recipe.task_tokeniser])
    tasks = json.dumps(sorted({(seed.kind, seed.instruction, seed.input, seed.output) for seed in seeds}))
    hashes = (hashlib.sha256(text.encode()).hexdigest()[:16] for text in (asked, tasks))
    return "|".join(["writer", model, *hashes, str(VERSION)])


def _latest(header: ModelHeader) -> str:
    size, changed = file_version(header.path)
    return f"latest-writer|{size}|{changed}|{header.path}"
