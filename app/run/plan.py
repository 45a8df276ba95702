"""What a person asks a run to do: recipe, models by role, seed tasks, how many, run seed.

`open_run` resumes or extends the run of a project that a plan means, or begins a new one.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from operator import attrgetter
from pathlib import Path

from app.engine import catalog
from app.engine.calibration.runner import calibration_seconds
from app.engine.context import AUTO, Context, ContextNeed, can_grow
from app.engine.devices import Devices
from app.engine.gguf import ModelHeader, fingerprint, read_header
from app.engine.lengths import longest
from app.engine.memory import Residency
from app.errors import IntakeError, ModelError
from app.intake.seeds import SeedTask, bundled_seed_tasks, seed_rows
from app.intake.topics import bundled_topics
from app.method.consensus import LEARNED, RULE_VERSIONS, latest_version
from app.method.former_recipes import began_with_former
from app.method.recipe import Recipe, load
from app.method.rouge import UNSEEN, unseen_share
from app.method.terms import Kind, StageName, Style
from app.method.turns import from_json
from app.method.writer_audition import read_writer_audition
from app.run.ensemble import Ensemble, Member, residency_of, uncalibrated
from app.run.known_prompts import answerer_prompts, writer_prompts
from app.run.samples import SamplesOf, raise_samples, samples_by_model
from app.run.styles import Styles, check_style, default_style
from app.run.voting import present_choice
from app.store import runs
from app.store.project import Connection, Project
from app.store.rows import ModelRow, NewRun, NewRunModel, NewSeed, RunRow, SeedRow

DEFAULT_RECIPE = "ensemble-instruct"
DEFAULT_TARGET = 24
DEFAULT_SEED = 1

_LOG = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Plan:
    """A run to be made; `target` counts kept instructions of both kinds together.

    `gpu_layers` (None: all that fit) and `calibrate` (measure what is fastest for models that were not
    measured yet) are how, not what, so they make no other run; `audition` settles what nobody chose.
    """

    recipe: Recipe
    writer: Path
    answerers: tuple[Path, ...]
    seeds: tuple[SeedTask, ...]
    target: int = DEFAULT_TARGET
    seed: int = DEFAULT_SEED
    gpu_layers: int | None = None
    calibrate: bool = True
    context: Context | None = None
    """Tokens of each model's context, in place of what the recipe says."""
    until: StageName | None = None
    """The last stage to do; a run without it continues from there."""
    audition: bool = True
    """Whether answerers that were not auditioned for these seed tasks are first."""
    styles: Styles = field(default_factory=dict)
    """The styles that a person chose for answerers, by their files."""
    asked_only: bool = False
    """Whether the run does no more than to answer what people asked to be answered again."""
    samples: SamplesOf = field(default_factory=dict)
    """How many samples a person wants of answerers, by their files, in place of what the recipe says."""

    def targets(self, target: int | None = None) -> dict[Kind | None, int]:
        """Split `target` (default: the plan's) between the kinds as the recipe says, half each by default.

        All of it stands under None where the recipe does not make the kinds apart from each other.
        """
        stage = self.recipe.instructions
        if not stage.writes:
            given = given_tasks(self.seeds)
            return {"A": given.count("A"), "B": given.count("B")}
        whole = self.target if target is None else target
        if not stage.by_kind:
            return {None: whole}
        of_a = round(whole * self.recipe.share_a)
        return {"A": of_a, "B": whole - of_a}

    def check(self) -> None:
        """Raise IntakeError when there is a kind to write and no seed task to show for it."""
        for kind, target in self.targets().items():
            if target and not any(kind in (None, seed.kind) for seed in self.seeds):
                if kind is None:
                    raise IntakeError("There are no seed tasks.", "Add at least one.")
                what = "with an input" if kind == "A" else "without an input"
                raise IntakeError(
                    f"The seed tasks hold none {what} (kind {kind}), and the recipe asks for some.",
                    "Add at least one, or use a recipe whose share_a leaves that kind out.",
                )
            if target and self.recipe.shows_outputs and not self._has_output(kind):
                raise IntakeError(
                    "The seed tasks have no outputs to show to the models.",
                    "Add some that have, or use a recipe that answers them: distill.",
                )

    def _has_output(self, kind: Kind | None) -> bool:
        """Say whether a worked example of a kind can be made of the seed tasks."""
        return any(seed.output.strip() and not seed.turns for seed in self.seeds if kind in (None, seed.kind))

    def left_out(self) -> str:
        """Say which seed tasks are no worked examples; empty where the recipe shows none, or all."""
        after = sum(bool(seed.turns) for seed in self.seeds)
        if not after or not self.recipe.instructions.writes:
            return ""
        return f"{after:,} of the seed tasks stand after other turns, which worked examples do not show."

    def blind_spot(self) -> str:
        """Say what the recipe's tokeniser cannot see of the seed tasks; empty if that is little."""
        texts = [text for seed in self.seeds for text in (seed.instruction, seed.input, seed.output)]
        share = unseen_share(texts) if self.recipe.tokeniser == "rouge-score" else 0.0
        if share <= UNSEEN:
            return ""
        return (
            f"{share:.0%} of the letters in the seed tasks lie outside a-z. The tokeniser rouge-score does "
            "not see them: it misses that new tasks are alike, and compares answers by the rest alone. "
            'tokeniser = "auto" in the recipe chooses for the answers of each item, and compares tasks in '
            "every script."
        )


def given_tasks(seeds: Sequence[SeedTask]) -> list[Kind]:
    """Return the kind of everything there is to answer where the seed tasks are the instructions."""
    tasks = dict.fromkeys(
        (seed.kind, seed.instruction, pair, seed.turns) for seed in seeds for pair in seed.instances
    )
    return [kind for kind, *_ in tasks]


def prepared(plan: Plan) -> Plan:
    """Return the plan with what follows from its recipe.

    Given instructions are all answered; a recipe that draws topics and names none gets the bundled ones.
    """
    stage = plan.recipe.instructions
    if not stage.writes:
        return replace(plan, target=len(given_tasks(plan.seeds)))
    if stage.topics_missing:
        return replace(plan, recipe=with_topics(plan.recipe, bundled_topics()))
    return plan


def with_topics(recipe: Recipe, topics: Sequence[str]) -> Recipe:
    """Return the recipe with these topics to draw from; raises IntakeError where it draws none."""
    stage = recipe.instructions
    if not stage.topics_drawn:
        raise IntakeError(f"The recipe {recipe.name} draws no topics.", "lamini-topic does.")
    if len(topics) < stage.topics_drawn:
        raise IntakeError(f"The recipe draws {stage.topics_drawn} topics a call, more than are given.")
    changed = stage.model_copy(update={"topics": tuple(topics)})
    return recipe.model_copy(update={"instructions": changed})


def default_plan(target: int = DEFAULT_TARGET) -> Plan:
    """Return the run that needs nothing but Quorum itself: bundled models, recipe and seed tasks."""
    models = catalog.bundled()
    return Plan(
        recipe=load(DEFAULT_RECIPE),
        writer=models.writer,
        answerers=models.answerers,
        seeds=tuple(bundled_seed_tasks()),
        target=target,
    )


def next_plan(project: Project) -> Plan:
    """Return the plan of a run for which nothing was chosen.

    The newest run that models made, else the default one, with the seed tasks imported since, if any.
    """
    plan = resume_plan(project) or default_plan()
    waiting = project.read(runs.waiting_seeds)
    return replace(plan, seeds=tuple(map(_task, waiting))) if waiting else plan


def imported_tasks(project: Project) -> tuple[SeedTask, ...]:
    """Return the seed tasks that were imported into a project."""
    return tuple(map(_task, project.read(runs.imported_seeds)))


def resume_plan(project: Project) -> Plan | None:
    """Return the plan of the newest run that models made as it was stored, or None without one."""

    def stored(c: Connection) -> Plan | None:
        run = runs.newest_made(c)
        if run is None:
            return None
        models = [part for part in runs.run_models(c, run.id) if part.model.can_be_asked]
        return Plan(
            recipe=Recipe.from_json(run.recipe_json),
            writer=next(Path(m.model.path) for m in models if m.role == "writer"),
            answerers=tuple(Path(m.model.path) for m in models if m.role == "answerer"),
            seeds=tuple(_task(seed) for seed in runs.seeds_of(c, run.id)),
            target=run.target,
            seed=run.seed,
        )

    return project.read(stored)


def memory_plan(
    plan: Plan, needs: Sequence[ContextNeed], devices: Devices, *, headless: bool = False
) -> Residency:
    """Say how the plan's models would be loaded; ModelError if one of them does not fit at all."""
    return residency_of(needs, devices, gpu_layers=plan.gpu_layers, headless=headless)


async def context_needs(plan: Plan) -> list[ContextNeed]:
    """Return what context each of the plan's models needs for what is known of its prompts.

    A model in two roles stands there once, with what the role that needs more wants. Tokens are counted, in a
    worker of its own, where the context follows from them and the model can take a longer one than is the
    default. ModelError for a file that is not a usable model.
    """
    needs: dict[Path, ContextNeed] = {}
    for place, path in enumerate((plan.writer, *plan.answerers)):
        need = await _context_need(plan, path, writing=place == 0)
        file = path.resolve()
        needs[file] = max(needs.get(file, need), need, key=attrgetter("needed"))
    return list(needs.values())


async def _context_need(plan: Plan, path: Path, *, writing: bool) -> ContextNeed:
    header = await asyncio.to_thread(read_header, path)
    wanted = plan.context or plan.recipe.context
    if wanted != AUTO or not can_grow(header):
        return ContextNeed(header, wanted)
    seeds = seed_rows(plan.seeds)
    if writing:
        known = writer_prompts(
            plan.recipe,
            seeds,
            plan.seed,
            chat=plan.recipe.asks_by_chat(has_template=header.has_chat_template),
        )
    else:
        style = plan.styles.get(path) or default_style(header, plan.recipe.answers)
        known = answerer_prompts(plan.recipe, seeds, plan.seed, style)
    try:
        needed = await longest(header, known)
    except ModelError as error:  # loading the model will say the same
        _LOG.warning("%s", error)
        needed = 0
    return ContextNeed(header, wanted, needed)


def calibration_plan(plan: Plan, devices: Devices) -> tuple[int, float]:
    """Return how many of the plan's models would be measured first, and for how many seconds at most."""
    headers = [read_header(path) for path in (plan.writer, *plan.answerers)]
    measured = uncalibrated(headers, devices) if plan.calibrate else []
    return len(measured), sum(calibration_seconds(header) for header in measured)


def _task(seed: SeedRow) -> SeedTask:
    return SeedTask(
        id=seed.id,
        name=seed.name,
        instruction=seed.instruction,
        instances=((seed.input, seed.output),),
        is_classification=seed.is_classification,
        source=seed.source,
        given_kind=seed.kind,
        turns=from_json(seed.context),
    )


@dataclass(frozen=True, slots=True)
class Opened:
    """The run to work on, and what the person should know about the choice."""

    run: RunRow
    notice: str


async def open_run(project: Project, plan: Plan, ensemble: Ensemble) -> Opened:
    """Return the latest run if the plan is the same but for a larger target, else begin a new run.

    Every answerer has the style then that it has in the run. ModelError for one that cannot take its style.
    """
    stage = plan.recipe.answers
    for path, member in zip(plan.answerers, ensemble.answerers, strict=True):
        header = member.engine.header
        member.style = plan.styles.get(path) or default_style(header, stage)
        check_style(header, stage, member.style)
    opened = await project.write(lambda c: _open(c, plan, ensemble.members))
    if words := await project.fetch(lambda c: _learned(c, plan.recipe)):
        opened = replace(opened, notice=f"{opened.notice} {words}".strip())
    parts = await project.fetch(lambda c: runs.run_models(c, opened.run.id))
    styles = {part.model.fingerprint: part.style for part in parts if part.role == "answerer"}
    for member in ensemble.answerers:
        member.style = styles[member.model]
    return opened


def _open(c: Connection, plan: Plan, members: Sequence[Member]) -> Opened:
    for member in members:
        runs.add_model(c, model_row(member.engine.header))  # a file may have been moved
    seeds = seed_rows(plan.seeds)
    latest = runs.newest_made(c)
    difference = "" if latest is None else _difference(c, latest, plan, members, seeds)
    if latest is not None and not difference:
        _take_styles(c, latest, plan, members)
        extended = raise_samples(c, latest, _samples(plan, members))
        if plan.target > latest.target:
            runs.set_target(c, latest.id, plan.target)
            more = f"Run {latest.number} is extended from {latest.target} to {plan.target} instructions."
            extended = f"{more} {extended}".rstrip()
        if extended:
            return Opened(runs.get(c, latest.number), extended + _earlier_rule(c, latest))
        if latest.state == "done":
            return Opened(latest, "")
        return Opened(latest, f"Run {latest.number} resumes where it stopped.{_earlier_rule(c, latest)}")
    run = runs.create(c, _new_run(plan, members))
    runs.set_seeds(c, run.id, seeds)
    if latest is None:
        return Opened(run, "")
    return Opened(run, f"Run {run.number} is a new run: {difference}.")


def _difference(
    c: Connection, run: RunRow, plan: Plan, members: Sequence[Member], seeds: Sequence[NewSeed]
) -> str:
    """Say in what a plan differs from a stored run, or "" when it is the same run."""
    theirs = f"run {run.number}'s"
    # Hashed anew: a key that recipes got since the run began, with its default, makes no difference.
    stored = Recipe.from_json(run.recipe_json)
    # Samples are raised later without another run.
    began, meant = stored.with_samples({}), plan.recipe.with_samples({})
    same = began.recipe_hash == meant.as_begun(run.recipe_json).recipe_hash
    if not same and not began_with_former(began, meant):
        return f"its recipe differs from {theirs}"
    if run.seed != plan.seed:
        return f"its run seed differs from {theirs}"
    parts = [part for part in runs.run_models(c, run.id) if part.model.can_be_asked]
    if [(part.model.fingerprint, part.role) for part in parts] != [
        (member.model, member.role) for member in members
    ]:
        paths = {part.model.path for part in parts}
        same_files = paths == {str(member.path) for member in members}
        return f"{'the content of its models differs' if same_files else 'its models differ'} from {theirs}"
    if [runs.seed_id(seed) for seed in seeds] != [seed.id for seed in runs.seeds_of(c, run.id)]:
        return f"its seed tasks differ from {theirs}"
    if reason := _other_manner(c, run, plan):
        return reason
    answered = runs.models_that_answered(c, run.id)
    given = _given_styles(plan, members)
    for part in runs.answerers(c, run.id):
        model = part.model
        if model.fingerprint in answered and given.get(model.fingerprint, part.style) != part.style:
            return f"{model.name} has answered in style {part.style} in run {run.number}"
    return ""


def _other_manner(c: Connection, run: RunRow, plan: Plan) -> str:
    """Say that the writer of a run was found to write best otherwise than the plan's recipe now says."""
    part = runs.writer(c, run.id)
    found = read_writer_audition(part.audition) if part else None
    wanted = plan.recipe.writer_style
    if found is None or wanted in (None, found.taken.style):
        return ""
    return f"its writer writes in style {found.taken.style} in run {run.number}"


def _given_styles(plan: Plan, members: Sequence[Member]) -> dict[str, Style]:
    """Return the styles that a person chose by the fingerprints of the models."""
    pairs = zip(plan.answerers, members[1:], strict=True)
    return {member.model: plan.styles[path] for path, member in pairs if path in plan.styles}


def _samples(plan: Plan, members: Sequence[Member]) -> dict[str, int]:
    answerers = zip(plan.answerers, members[1:], strict=True)
    return samples_by_model(plan.recipe, plan.samples, answerers)


def _take_styles(c: Connection, run: RunRow, plan: Plan, members: Sequence[Member]) -> None:
    """Keep with a run that is resumed the styles that a person chose now, for models yet to answer."""
    stage, given = Recipe.from_json(run.recipe_json).answers, _given_styles(plan, members)
    for member in members[1:]:
        if style := given.get(member.model):
            check_style(member.engine.header, stage, style)
            runs.set_style(c, run.id, member.model, style, "person")


def _learned(c: Connection, recipe: Recipe) -> str:
    """Say by what a recipe votes that names rule learned; empty for another recipe."""
    if recipe.consensus.rule != LEARNED:
        return ""
    choice = present_choice(c, recipe)
    if choice.rule == LEARNED:
        return f"Its votes go by rule {LEARNED}, fit {choice.fit}."
    return (
        f"Nothing was learned in this project yet: its votes go by rule {choice.rule}, threshold "
        f"{choice.threshold:g}, until quorum learn PROJECT has been run."
    )


def _earlier_rule(c: Connection, run: RunRow) -> str:
    """Say that a run goes by an earlier version of its rule than new ones; empty if it does not."""
    choice = Recipe.from_json(run.recipe_json).rule_choice
    present = RULE_VERSIONS[choice.rule]
    if choice.version == latest_version(choice.rule, all_vote=run.number in runs.where_all_vote(c)):
        return ""
    return (
        f" Its votes stay under version {choice.version} of rule {choice.rule}, by which it began; "
        f"`quorum vote FILE --rule {choice.rule} --dry-run` shows what version {present} would change."
    )


def _new_run(plan: Plan, members: Sequence[Member]) -> NewRun:
    given = _given_styles(plan, members)
    recipe = plan.recipe.with_samples(_samples(plan, members))
    return NewRun(
        recipe_name=recipe.name,
        recipe_json=recipe.to_json(),
        recipe_hash=recipe.recipe_hash,
        seed=plan.seed,
        target=plan.target,
        models=tuple(
            NewRunModel(
                member.model,
                member.role,
                member.style,
                position,
                "person" if position and member.model in given else "default",
            )
            for position, member in enumerate(members)
        ),
    )


def model_row(header: ModelHeader) -> ModelRow:
    """Describe a model file for the store; reads all of it the first time, for its fingerprint."""
    return ModelRow(
        fingerprint=fingerprint(header.path),
        name=header.name,
        path=str(header.path),
        size=header.size,
        architecture=header.architecture,
        quantisation=header.quantisation,
        license=header.license,
    )
