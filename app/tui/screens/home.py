"""Home: what Quorum does, the project and its runs, and the next sensible key."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import ClassVar

from textual import events, on, work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Container, Vertical, VerticalScroll
from textual.content import Content
from textual.widgets import Static

from app.method.recipe_parts import Rule
from app.run.report_card import Judged, judged_by_run
from app.run.voting import earlier_version, since_learned
from app.store import counts, evaluations, review, runs, votes
from app.store.project import Connection, Project
from app.store.views import ReviewProgress, RunSummary
from app.tui.host import ProjectChanged, RunEnded, host, shows_errors
from app.tui.keys import key
from app.tui.literal import literal, literal_line
from app.tui.screens.base import ALWAYS, QuorumScreen
from app.tui.screens.learn import learn_on
from app.tui.screens.menu import MenuScreen
from app.tui.screens.open import recent_choices, short_folder
from app.tui.widgets.choices import Choice, Choices
from app.tui.widgets.runs import SHOWN_RUNS, RunsTable
from app.words import count, plural

SENTENCE = (
    "Several language models on this computer write tasks, answer them and vote; "
    "you decide by keyboard what becomes training data."
)
RATE = "rate two models' answers side by side"
IMPORT = "import tasks, answers or decisions from a file"
BESIDE = 120
"""Cells from which on other projects stand beside what can be done in this one."""
RECENT = 6
"""Other projects that are listed beside the open one."""
STAGES = ("instructions", "votes", "decisions")
"""The stages that Home counts; a project of a million items has too many answers to count here."""


@dataclass(frozen=True, slots=True)
class HomeFacts:
    """The runs with their counts, oldest first, and how far review is."""

    runs: tuple[RunSummary, ...]
    progress: ReviewProgress
    waiting: int = 0
    """Items of the newest run whose models are asked once more."""
    earlier: Mapping[Rule, int] = field(default_factory=dict)
    """Votes that stand under an earlier version of their rule."""
    since: str = ""
    """What was judged and decided since something was learned, in words."""
    models: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """The names of the models of the newest runs, by the ids of these (foreign)."""
    judged: Mapping[str, Judged] = field(default_factory=dict)
    """What was judged of runs, by their ids."""
    rateable: bool = False
    """Whether two models finished an evaluation, so that their answers can be rated side by side."""

    @property
    def unfinished(self) -> RunSummary | None:
        """The newest run that models make, if it has not come to its end."""
        newest = self.newest_made
        return newest if newest and (newest.state != "done" or self.waiting) else None

    @property
    def newest_made(self) -> RunSummary | None:
        """The newest run that models make or made; imported ones have nothing to resume."""
        made = (run for run in reversed(self.runs) if run.state != runs.IMPORTED and not run.hidden)
        return next(made, None)


def project_facts(c: Connection, reviewer: str, *, elsewhere: bool = False) -> HomeFacts:
    """Read what Home shows; `elsewhere`: another process writes, so its run may be in progress."""
    newest = runs.newest_made(c)
    waiting = review.waiting(c, newest.id) if newest else 0
    summary = counts.summary(c, stages=STAGES)
    made = summary if elsewhere else summary.without_process()
    shown = sorted(made.runs, key=lambda run: -run.number)[:SHOWN_RUNS]
    return HomeFacts(
        *(made.runs, review.progress(c, reviewer), waiting),
        *(votes.under_earlier_versions(c), since_learned(c)),
        {run.run_id: model_names(c, run.run_id) for run in shown},
        judged_by_run(c),
        any(len(evaluations.models_of(c, one.id)) > 1 for one in evaluations.every(c)),
    )


def model_names(c: Connection, run_id: str) -> tuple[str, ...]:
    """Return the names of the models of a run, each once, the writer first."""
    return tuple(dict.fromkeys(part.model.name for part in runs.run_models(c, run_id)))


def unfinished(c: Connection) -> bool:
    """Say whether the newest run that models make has not come to its end, or is asked something more."""
    newest = runs.newest_made(c)
    return newest is not None and (newest.state != "done" or review.waiting(c, newest.id) > 0)


class HomeScreen(QuorumScreen):
    """The screen under all others."""

    NAME = "Home"
    ABOUT = (
        "A project is one file. Models make runs in it, and you decide what is good. The list offers what "
        "makes sense next, the best line selected: Enter does it, and each key works by itself."
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        key("g", "resume_run", "resume", "Resume the newest run of this project.", "home.go-on"),
        key("w", "watch", "watch the run", "Show the run in progress.", "home.watch"),
        key("r", "review", "review", "Decide what is good.", "home.review"),
        key("j", "judge", "judge", "Say of a random sample which answers are right.", "home.judge"),
        key(
            *("L", "learn", "learn", "Learn from what was judged, and vote by it.", "home.learn"),
            display="L",
            show=False,
        ),
        key("v", "rate", "rate", "Rate two models' answers to an evaluation.", "home.rate", show=False),
        key("D", "data", "data", "See what the data is like.", "home.data", display="D", show=False),
        key("E", "export", "export", "Write the result to a file.", "home.export", display="E"),
        key("n", "new_run", "new run", "Choose recipe, models and counts.", "home.new"),
        key(
            "i",
            "import",
            "import",
            "Take tasks, answers or decisions out of a file.",
            "home.import",
            show=False,
        ),
        key("o", "open", "open", "Open a project.", "home.open"),
        key(
            *("H", "hide", "hide a run", "Hide a run from the pool, Review and exports, or show it again."),
            "home.hide",
            display="H",
            show=False,
        ),
        key("m", "models", "models", "See the models on this machine and try one.", "home.models"),
    ]

    def compose_body(self) -> ComposeResult:
        """Compose sentence, runs and choices."""
        with VerticalScroll(id="home-body", can_focus=False):
            yield Static(self._first_words(), id="home-sentence")
            yield Static(id="home-project")
            yield RunsTable(id="home-runs")
            yield Static(id="home-versions", classes="dim")
            with Container(id="home-next"):
                yield Choices(id="home-choices")
                with Vertical(id="home-others"):
                    yield Static("recent projects", id="home-recent-head", classes="dim")
                    yield Choices(id="home-recent")

    def _first_words(self) -> Content:
        """Return what stands where no project is open: what Quorum does, or which project is being opened."""
        opening = host(self).opening
        if opening is None:
            return Content(SENTENCE)
        return Content.assemble("Opening ", literal_line(opening.name, 80, "bold"), " …")

    def __init__(self) -> None:
        super().__init__()
        self._rateable = False
        self._recent: list[Path] = []
        """The other projects that are listed, the newest first."""

    def on_resize(self, event: events.Resize) -> None:
        """Put other projects beside what to do next where there is room for both."""
        self.set_class(event.size.width >= BESIDE, "-beside")

    async def on_mount(self) -> None:
        """Read the project and put the cursor on the next sensible thing."""
        self.query_one("#home-choices").focus()
        if host(self).opening is None:
            self._read_again()
        else:
            self.show_title()

    @on(ProjectChanged)
    @on(RunEnded)
    def _read_again(self) -> None:
        # Not waited for: keys work while a large project is counted.
        self.show_title()
        self.refresh_bindings()
        self._refresh_facts()

    @work(group="facts", exclusive=True)
    @shows_errors
    async def _refresh_facts(self) -> None:
        """Show the open project, or the way in where none is open."""
        app = host(self)
        if app.opening is not None:
            return  # what is shown says so, and nothing can be begun
        project = app.project
        facts = None
        if project is not None:
            facts = await project.fetch(
                partial(project_facts, reviewer=app.reviewer, elsewhere=project.read_only and project.in_use)
            )
            if project is not app.project:
                return  # another project was opened meanwhile; its own message is on the way
        self.show_title()
        self.set_class(project is not None, "-project")
        self.query_one("#home-sentence", Static).update(self._first_words())
        here = None if project is None else project.path.absolute()
        self._recent = [path for path in app.memory.projects() if path != here][:RECENT]
        self.set_class(bool(self._recent), "-recent")
        if project is not None and facts is not None:
            self.query_one("#home-project", Static).update(
                Content.assemble(
                    literal_line(project.path.name, 80, "bold"),
                    "  ",
                    literal_line(short_folder(project.path), 300, "$foreground-muted"),
                )
            )
            offers = [literal(earlier_version(rule, number)) for rule, number in facts.earlier.items()]
            offers += [Content.assemble(literal(facts.since), " · L learns from them")] if facts.since else []
            self.query_one("#home-versions", Static).update(Content("\n").join(offers))
            self.query_one("#home-versions").display = bool(offers)
            going = facts.newest_made if app.running.going else None
            self.query_one(RunsTable).show(facts.runs, going, facts.models, facts.judged)
            app.memory.counted(project.path, facts.progress)
        self._rateable = facts is not None and facts.rateable
        self.query_one("#home-choices", Choices).show(self._choices(facts))
        self.query_one("#home-recent", Choices).show(recent_choices(self._recent, app.memory.figures))
        self.refresh_bindings()

    def _choices(self, facts: HomeFacts | None) -> list[Choice]:
        """Return what can be done next, the most sensible first."""
        if facts is None:
            return [
                Choice(
                    "try",
                    Content("Enter"),
                    Content("try it: three small models that ship with Quorum, 24 tasks, about a minute"),
                ),
                Choice("new", Content("n"), Content("new run with your own models")),
                Choice("import", Content("i"), Content(IMPORT)),
                Choice("open", Content("o"), Content("open a project")),
            ]
        app = host(self)
        choices: list[Choice] = []
        left, decided = facts.progress.left, facts.progress.decided
        if app.running.going:
            choices.append(Choice("watch", Content("w"), Content("watch the run in progress")))
        elif app.can_resume and facts.unfinished is not None:
            if app.gate_open:
                gate = Content("decide on the instructions before they are answered")
                choices.append(Choice("review", Content("r"), gate))
            choices.append(Choice("go-on", Content("g"), resume_text(facts.unfinished, facts.waiting)))
        elif not facts.runs and not facts.rateable:
            choices.append(
                Choice(
                    "default",
                    Content("Enter"),
                    Content("make the default run here: three small models, 24 tasks, about a minute"),
                    enabled=app.project is not None and not app.project.read_only,
                )
            )
        review = Choice("review", Content("r"), Content("review " + plural(left, "result")))
        export = Choice("export", Content("E"), export_text(decided))
        if left and not app.gate_open:
            choices.append(review)
        if any(run.total("votes") for run in facts.runs if not run.hidden):
            if decided or left:
                choices.append(export)
            if not left and not app.gate_open:
                choices.append(_after_review(facts.progress))
        if facts.runs and all(run.hidden for run in facts.runs) and self.check_action("hide", ()):
            choices.append(Choice("hide", Content("H"), Content("show a hidden run again")))
        if facts.rateable:
            choices.append(Choice("rate", Content("v"), Content(RATE)))
        choices.append(Choice("new", Content("n"), Content("new run")))
        choices.append(Choice("import", Content("i"), Content(IMPORT)))
        choices.append(Choice("open", Content("o"), Content("open another project")))
        return choices

    @on(Choices.OptionSelected, "#home-choices")
    async def _do_choice(self, event: Choices.OptionSelected) -> None:
        app = host(self)
        deeds: dict[str, Callable[[], object]] = {
            "try": app.try_it,
            "default": app.start_default,
            "new": self.action_new_run,
            "import": self.action_import,
            "open": self.action_open,
            "watch": self.action_watch,
            "review": self.action_review,
            "judge": self.action_judge,
            "rate": self.action_rate,
            "data": self.action_data,
            "export": self.action_export,
        }
        if event.option_id == "go-on":
            await self.action_resume_run()
        elif event.option_id == "hide":
            await self.action_hide()
        elif event.option_id is not None:
            deeds[event.option_id]()

    @on(Choices.OptionSelected, "#home-recent")
    def _open_recent(self, event: Choices.OptionSelected) -> None:
        if event.option_index < len(self._recent):
            host(self).switch_project(self._recent[event.option_index])

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer only the keys that mean something now."""
        app = host(self)
        if app.opening is not None and action not in ALWAYS:
            return False
        if action in ("review", "judge", "learn", "data", "export", "hide") and app.project is None:
            return False
        if action == "hide" and app.project is not None and (app.project.read_only or app.running.going):
            return False
        if action == "rate" and not (self._rateable and app.project is not None):
            return False
        if action == "watch" and app.running.snapshot is None:
            return False
        if action == "resume_run" and (app.running.going or not app.can_resume):
            return False
        return super().check_action(action, parameters)

    @shows_errors
    async def action_resume_run(self) -> None:
        """Resume the newest run."""
        await host(self).resume_run()

    def action_watch(self) -> None:
        """Show the run."""
        host(self).go("run")

    def action_review(self) -> None:
        """Go to Review."""
        host(self).go("review")

    def action_judge(self) -> None:
        """Go to Judge."""
        host(self).go("judge")

    def action_rate(self) -> None:
        """Go to Rate."""
        host(self).go("rate")

    def action_learn(self) -> None:
        """Show what was learned, and vote by it if that is wanted."""
        learn_on(self, self._read_again)

    def action_data(self) -> None:
        """Go to Data."""
        host(self).go("data")

    def action_export(self) -> None:
        """Go to Export."""
        host(self).go("export")

    def action_new_run(self) -> None:
        """Go to New run."""
        host(self).go("new")

    def action_import(self) -> None:
        """Go to Import."""
        host(self).go("import")

    def action_models(self) -> None:
        """Go to Models."""
        host(self).go("models")

    @shows_errors
    async def action_hide(self) -> None:
        """Ask which run to hide or to show again."""
        project = host(self).require_project()
        every = await project.fetch(runs.all_runs)
        words = {
            str(run.number): f"run {run.number}  {run.recipe_name}{'  (hidden)' if run.hidden else ''}"
            for run in reversed(every)
        }
        hidden = {str(run.number): bool(run.hidden) for run in every}

        async def taken(number: str | None) -> None:
            if number is not None:
                await self._hide(project, int(number), hides=not hidden[number])

        if words:
            self.app.push_screen(MenuScreen("Hide a run, or show it again", words, "", {}), taken)

    @shows_errors
    async def _hide(self, project: Project, number: int, *, hides: bool) -> None:
        await project.write(lambda c: runs.hide(c, number, hidden=hides))
        host(self).say(Content("The run is hidden; H shows it." if hides else "The run is shown."))
        await host(self).runs_changed()

    def action_open(self) -> None:
        """Ask for a project."""
        host(self).ask_for_project()


def _after_review(progress: ReviewProgress) -> Choice:
    """Return what there is to look at where nothing is left to decide."""
    if progress.decided or not progress.dropped:
        return Choice("review", Content("r"), Content("look again: everything is decided"))
    dropped = f"{plural(progress.dropped, 'item')} {'was' if progress.dropped == 1 else 'were'} dropped"
    return Choice("data", Content("D"), Content(f"nothing was kept: see why {dropped}"))


def resume_text(run: RunSummary, waiting: int = 0) -> Content:
    """Return "resume run 2: 12 of 24 instructions", or what waits for further answers in one that is done."""
    if run.state == "done" and waiting:
        return Content.assemble("answer ", plural(waiting, "item"), " again")
    return Content.assemble(
        "resume run ",
        count(run.number),
        ": ",
        count(run.total("instructions", "kept")),
        " of ",
        count(run.target),
        " instructions",
    )


def export_text(decided: int) -> Content:
    """Return what export offers."""
    if decided:
        return Content.assemble("export to a file (", count(decided), " decided)")
    return Content("export to a file")
