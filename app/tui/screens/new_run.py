"""New run: recipe, models by role with what they need, counts. The defaults run with one Enter."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, VerticalScroll
from textual.content import Content
from textual.widgets import Button, Input, Static

from app.engine.context import ContextNeed, context_line
from app.engine.devices import find_devices
from app.engine.gguf import read_header
from app.engine.memory import Residency
from app.errors import IntakeError, ModelError, ProjectError, QuorumError, RecipeError
from app.intake.reader import Account
from app.intake.seeds import BUNDLED, SeedTask, bundled_seed_tasks, read_seed_tasks, seed_file
from app.method.recipe import Recipe, builtin_names, load, recipe_files
from app.method.terms import StageName
from app.run import writer_audition
from app.run.audition import LONGEST, expected
from app.run.beginning import Beginning, beginning
from app.run.plan import (
    DEFAULT_RECIPE,
    DEFAULT_SEED,
    DEFAULT_TARGET,
    Plan,
    calibration_plan,
    context_needs,
    memory_plan,
)
from app.run.samples import SamplesOf, chosen_samples
from app.tui.host import host, shows_errors
from app.tui.keys import TAB, key
from app.tui.literal import field_text, literal_line
from app.tui.models import Casting
from app.tui.screens.base import QuorumScreen
from app.tui.screens.questions import ModelPathScreen
from app.tui.widgets.choices import Choice, Pick
from app.tui.widgets.fields import NumberInput, PathInput, typed_path
from app.tui.widgets.models import ModelList
from app.words import about, plural

NEW_PROJECT = "quorum.db"
GENERAL = "general"
"""The seed tasks for models that know the world at large."""
AS_BEFORE = "as before"
"""Stands for the recipe of the project's newest run where no file of a recipe is equal to it."""
SEEDS_AS_BEFORE = "those of the newest run; or general, small, or a file"
UNTIL: dict[str, tuple[StageName | None, str]] = {
    "end": (None, "the votes: the whole run"),
    "instructions": ("instructions", "the instructions, to decide on them first"),
    "instances": ("instances", "the instances: inputs and the writer's own outputs"),
    "answers": ("answers", "the answers, without a vote"),
}
"""Where a run may stop: the stage, and what the form calls it. Votes are the end."""


class NewRunScreen(QuorumScreen):
    """Puts a plan together and hands it to the app."""

    NAME = "New run"
    ABOUT = (
        "Choose what makes the run. The recipe is the method; one model writes tasks, any number of "
        "models answer them. With the same recipe, models, seed tasks and seed, the newest run of the "
        "project resumes, and a larger number of instructions extends it; anything else starts a new "
        "run in the project. A run that stops before its end resumes with g."
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        key("ctrl+s", "start", "start", "Start the run.", "new.start"),
        TAB,
        key("m", "add_model", "add a model file", "Name a GGUF file or a folder of them.", "new.model"),
    ]

    def __init__(self) -> None:
        super().__init__()
        self._recipe = DEFAULT_RECIPE
        self._until = "end"
        self._start = Beginning()
        self._proposed = ""
        """The seed tasks that were proposed; a person's own words are not replaced."""

    def compose_body(self) -> ComposeResult:
        """Compose the form."""
        with VerticalScroll(id="new-body", can_focus=False):
            with Horizontal(classes="row", id="new-project-row"):
                yield Static("project", classes="label")
                yield PathInput(NEW_PROJECT, id="new-project")
            with Horizontal(classes="row"):
                yield Static("recipe", classes="label")
                yield Pick(id="new-recipe")
            with Horizontal(classes="row"):
                yield Static("models", classes="label")
                yield ModelList(id="new-models")
            with Horizontal(classes="row"):
                yield Static("", classes="label")
                yield Static("looking for models …", id="new-memory")
            with Horizontal(classes="row"):
                yield Static("instructions", classes="label")
                yield NumberInput(DEFAULT_TARGET, id="new-target")
                yield Static("seed", classes="label narrow")
                yield NumberInput(DEFAULT_SEED, id="new-seed")
            with Horizontal(classes="row"):
                yield Static("samples", classes="label")
                yield NumberInput(
                    None, id="new-samples", empty="as the recipe says; 5 asks each answerer five more times"
                )
            with Horizontal(classes="row"):
                yield Static("seed tasks", classes="label")
                yield PathInput(
                    placeholder="the imported ones, else the small models' own; or general, or a file",
                    id="new-seeds",
                )
            with Horizontal(classes="row"):
                yield Static("stop after", classes="label")
                yield Pick(id="new-until")
            with Horizontal(classes="row", id="new-go-row"):
                yield Static("", classes="label")
                yield Button("Start", id="new-go", compact=True)

    async def on_mount(self) -> None:
        """Fill in the defaults; Enter on Start is ready to press."""
        self.show_title()
        self.query_one("#new-project-row").display = host(self).project is None
        try:
            self._start = await asyncio.to_thread(beginning, host(self).project)
        except QuorumError as error:  # the newest run cannot be read, so nothing is taken over from it
            host(self).show_error(error)
            self._start = await asyncio.to_thread(beginning, None)
        choices = await asyncio.to_thread(recipe_choices, Path.cwd())
        if plan := self._start.plan:
            choices = self._as_before(plan, choices)
        self.query_one("#new-recipe", Pick).show(choices, self._recipe)
        self.query_one("#new-until", Pick).show(
            [Choice(id, Content(), Content(words)) for id, (_, words) in UNTIL.items()], self._until
        )
        self.query_one("#new-go").focus()
        self.run_worker(self.find(None), group="find", exclusive=True)

    def _as_before(self, plan: Plan, choices: Sequence[Choice]) -> list[Choice]:
        """Fill the form as the newest run was begun; return the recipes, with its own where it is another."""
        more = DEFAULT_TARGET if self._start.finished else 0
        self.query_one("#new-target", Input).value = field_text(str(plan.target + more))
        self.query_one("#new-seed", Input).value = field_text(str(plan.seed))
        self.query_one(
            "#new-seeds", Input
        ).placeholder = "those of the newest run; or general, small, or a file"
        self._recipe = plan.recipe.name
        if self._recipe in builtin_names() and load(self._recipe).recipe_hash == plan.recipe.recipe_hash:
            return list(choices)
        self._recipe = AS_BEFORE
        words = Content.assemble(
            literal_line(plan.recipe.name, 40), ("   as in the newest run", "$foreground-muted")
        )
        return [Choice(AS_BEFORE, Content(), words), *choices]

    def _loaded(self) -> Recipe:
        """Return the chosen recipe; takes a moment. Raises RecipeError."""
        plan = self._start.plan
        return plan.recipe if plan and self._recipe == AS_BEFORE else load(self._recipe)

    @shows_errors
    async def find(self, before: Casting | None) -> None:
        """Look for models and say what the chosen ones need."""
        added = list(host(self).added_models)
        if before is None:
            casting = await asyncio.to_thread(Casting.begun, added, self._start)
        else:
            casting = await asyncio.to_thread(Casting.of, added, before)
        self.query_one(ModelList).show(casting)
        await self.measure()

    def _propose_seeds(self, casting: Casting) -> None:
        """Propose general tasks to models of a person's own: the bundled ones' are of a little world."""
        field = self.query_one("#new-seeds", Input)
        if self._start.plan is None and field.value == self._proposed:
            own = not casting.bundled_alone and not self._start.seeds
            self._proposed = field.value = GENERAL if own else ""

    @on(ModelList.Recast)
    async def measure(self) -> None:
        """Say what the chosen models need and what there is."""
        casting = self.query_one(ModelList).casting
        line = self.query_one("#new-memory", Static)
        self._propose_seeds(casting)
        if casting.writer is None or not casting.answerers:
            line.update(
                Content(
                    "Press w to make the highlighted model the writer, space to let it answer; "
                    "you need one of each."
                )
            )
            return
        if host(self).running.site is not None:
            line.update(Content("The models are loaded on the cluster; the Run screen shows where."))
            return
        try:
            recipe = await asyncio.to_thread(self._loaded)
            seeds = await self._known_seeds()
            plan = Plan(recipe, casting.writer, tuple(casting.answerers), seeds)
            devices = await find_devices()
            needs = await context_needs(plan)
            residency = await asyncio.to_thread(memory_plan, plan, needs, devices)
            measured, seconds = await asyncio.to_thread(calibration_plan, plan, devices)
        except QuorumError as error:
            line.update(literal_line(str(error), 300, "$text-error"))
            return
        contexts = context_text(needs, residency)
        heard, open_ones = await asyncio.to_thread(auditions, plan)
        measuring, styles = measuring_text(measured, seconds), audition_text(heard, open_ones)
        line.update(Content.assemble(fit_text(residency), contexts, measuring, styles))

    async def _known_seeds(self) -> tuple[SeedTask, ...]:
        """Return the seed tasks that are chosen, none while their name is being typed."""
        text = self.query_one("#new-seeds", Input).value.strip()
        try:
            seeds = await asyncio.to_thread(seed_tasks, text, self._start.seeds)
        except IntakeError:
            return ()
        return tuple(seeds)

    @on(Input.Blurred, "#new-seeds")
    def _seeds_named(self) -> None:
        self.run_worker(self.measure(), group="find", exclusive=True)

    @on(Pick.Picked, "#new-recipe")
    async def _recipe_picked(self, message: Pick.Picked) -> None:
        self._recipe = message.id
        await self.measure()

    @on(Pick.Picked, "#new-until")
    def _until_picked(self, message: Pick.Picked) -> None:
        self._until = message.id

    @on(Button.Pressed)
    @on(Input.Submitted)
    async def _start_asked(self) -> None:
        await self.action_start()

    @shows_errors
    async def action_start(self) -> None:
        """Hand the plan to the app."""
        app = host(self)
        plan = await self._plan()
        path: Path | None = None
        if app.project is None:
            text = self.query_one("#new-project", Input).value.strip()
            if not text:
                raise ProjectError("Enter a file name for the project.", "For example quorum.db.")
            path = typed_path(text)
        app.begin_run(plan, path)

    async def _plan(self) -> Plan:
        casting = self.query_one(ModelList).casting
        if casting.writer is None:
            raise ModelError("No writer selected.", "Go to the models (Tab) and press w on one.")
        if not casting.answerers:
            raise ModelError("No answerer selected.", "Go to the models (Tab) and press space on one.")
        path = self.query_one("#new-seeds", Input).value.strip()
        recipe = await asyncio.to_thread(self._loaded)
        said: list[Account] = []
        seeds = await asyncio.to_thread(seed_tasks, path, self._start.seeds, said.append)
        for account in said:
            aside = f"; {account.bad:,} set aside, first {account.first_bad[0]}" if account.bad else ""
            host(self).say(literal_line(f"{account}{aside}", 400))
        return Plan(
            recipe=recipe,
            writer=casting.writer,
            answerers=tuple(casting.answerers),
            seeds=tuple(seeds),
            target=self._number("#new-target", "instructions", 1),
            seed=self._number("#new-seed", "seed", 0),
            samples=await asyncio.to_thread(self._samples, casting.answerers),
            until=UNTIL[self._until][0],
        )

    def _samples(self, answerers: Sequence[Path]) -> SamplesOf:
        """Return how many samples every answerer is to give; none where the recipe is to say it."""
        typed = self.query_one("#new-samples", Input).value.strip()
        return chosen_samples(answerers, [typed] if typed else [])

    def _number(self, id: str, what: str, least: int) -> int:
        text = self.query_one(id, Input).value.strip()
        if not text.isascii() or not text.isdigit() or int(text) < least:
            raise IntakeError(f"The field “{what}” needs a whole number of at least {least}.")
        return int(text)

    def action_add_model(self) -> None:
        """Ask for a model file or folder."""

        def named(path: Path | None) -> None:
            if path is not None:
                host(self).added_models.append(path)
                self.run_worker(self.find(self.query_one(ModelList).casting), group="find", exclusive=True)

        self.app.push_screen(ModelPathScreen(), named)


def seed_tasks(
    text: str, known: Sequence[SeedTask] = (), said: Callable[[Account], object] = lambda _account: None
) -> Sequence[SeedTask]:
    """Read the seed tasks at a typed path or of a typed name; `said` gets what was done with a typed file.

    When it is empty the `known` ones are meant, else the bundled models' own.
    """
    if text in BUNDLED:
        return read_seed_tasks(seed_file(text))
    if text:
        return read_seed_tasks(typed_path(text), told=said)
    return known or bundled_seed_tasks()


def recipe_choices(folder: Path) -> list[Choice]:
    """Return a line for each recipe file of a folder, then for each that ships with Quorum."""
    return [recipe_choice(str(name)) for name in (*recipe_files(folder), *builtin_names())]


def recipe_choice(name: str) -> Choice:
    """Return the line of a recipe: name and title, or that its file needs mending."""
    try:
        title = literal_line(load(name).title, 120, "$foreground-muted")
    except RecipeError:
        title = Content.styled("is not valid: choose it to see why", "$text-warning")
    shown = Path(name).name
    return Choice(name, Content(), Content.assemble(literal_line(shown, 40), "   ", title))


def fit_text(residency: Residency) -> Content:
    """Return "needs 0.1 of 18 GB free, loaded together", marked when that is too much and they take turns."""
    mark = ("✓ ", "$text-success") if residency.together else ("! ", "$text-warning")
    return Content.assemble(mark, literal_line(residency.line()))


def context_text(needs: Sequence[ContextNeed], residency: Residency) -> Content:
    """Say in a line of its own how many tokens the context of each model holds."""
    words = context_line(needs, [settings.context for settings in residency.settings])
    return Content.assemble("\n", literal_line(words, 400, "$foreground-muted"))


def auditions(plan: Plan) -> tuple[list[str], int]:
    """Return how the plan's models write and answer best, a line each, and how many auditions come first."""
    heard, open_ones = expected([read_header(path) for path in plan.answerers], plan.recipe)
    writes, is_open = writer_audition.expected(read_header(plan.writer), plan.recipe)
    return [*([writes] if writes else []), *heard], open_ones + is_open


def audition_text(heard: Sequence[str], open_ones: int) -> Content:
    """Say in lines of their own how models are asked, and how many are auditioned before the run starts."""
    lines = [Content.assemble("\n", literal_line(text, 300, "$foreground-muted")) for text in heard]
    if open_ones:
        takes = f"at most {about(LONGEST)} each if nothing else runs"
        words = f"{plural(open_ones, 'audition')} first, once: {takes}; press c to skip"
        lines.append(Content.assemble("\n", (words, "$foreground-muted")))
    return Content("").join(lines)


def measuring_text(models: int, seconds: float) -> Content:
    """Say in a line of its own how long the run measures before it starts; nothing if it does not."""
    if not models:
        return Content()
    words = f"{plural(models, 'model')} measured first, once: at most {about(seconds)}; press c to skip"
    return Content.assemble("\n", (words, "$foreground-muted"))
