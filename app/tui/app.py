"""The Textual app: which project is open, which run is in progress, which screen is shown."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
from collections.abc import Callable, Coroutine, Iterable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, cast

from rich.text import Text
from textual import events, on, work
from textual.app import App, SystemCommand
from textual.binding import Binding, BindingType
from textual.command import Provider
from textual.content import Content
from textual.driver import Driver
from textual.drivers.linux_driver import LinuxDriver
from textual.message import Message
from textual.screen import Screen
from textual.timer import Timer
from textual.worker import WorkerFailed

from app import logs
from app.engine.site import Site
from app.errors import ProjectError, QuorumError
from app.run.plan import Plan, default_plan, resume_plan
from app.run.progress import RunSnapshot
from app.store.decisions import login_name
from app.store.instruction_decisions import held_run
from app.store.project import Project, ProjectLocked
from app.tui import keys as keymap
from app.tui.active_run import ActiveRun
from app.tui.gc_pause import LOOK, GcPause
from app.tui.host import Host, Place, ProjectChanged, RunEnded, SnapshotTaken, shows_errors
from app.tui.keys import APP_KEYS, written
from app.tui.late_keys import LateKeys
from app.tui.literal import literal, literal_line
from app.tui.memory import Memory
from app.tui.palette import Commands
from app.tui.screens.audit import AuditScreen
from app.tui.screens.base import Question, QuorumScreen
from app.tui.screens.card import CardScreen
from app.tui.screens.data import DataScreen
from app.tui.screens.export import ExportScreen
from app.tui.screens.help import HelpScreen
from app.tui.screens.home import HomeScreen, unfinished
from app.tui.screens.importing import ImportScreen
from app.tui.screens.instructions import InstructionsScreen
from app.tui.screens.judge import JudgeScreen
from app.tui.screens.models import ModelsScreen
from app.tui.screens.new_run import NewRunScreen
from app.tui.screens.open import OpenScreen
from app.tui.screens.questions import AgainScreen, ConfirmScreen, NoticeScreen
from app.tui.screens.rate import RateScreen
from app.tui.screens.review import ReviewScreen
from app.tui.screens.run import RunScreen
from app.tui.screens.writing import WritingScreen
from app.tui.terminal import EXIT_HANGUP, EndRequested, TerminalClosed, TerminalDriver
from app.tui.theme import DARK_NAME, themes

_LOG = logging.getLogger(__name__)
FIRST_PROJECT = "quorum-first.db"
SNAPSHOTS_PER_SECOND = 10
NO_PROJECT = "No project is open."
OPEN_ONE = "Open a project or start a run on Home."
UNFINISHED = {
    "import": (
        "An import",
        "Quitting cancels it. Tasks and answers are stored whole or not at all; decisions already read stay.",
    ),
    "export": ("An export", "Quitting cancels it: no file is written, and an existing one stays as it is."),
}
"""What quitting would end, by the group of its worker, and what becomes of it."""
PLACE_COMMANDS: tuple[tuple[str, str, Place], ...] = (
    ("Home", "Projects, runs and what to do next", "home"),
    ("New run", "Choose recipe, models and counts", "new"),
    ("Models", "See what is on this machine, and try one", "models"),
    ("Run", "Watch the run in progress", "run"),
    ("Review", "Decide what is good", "review"),
    ("Judge", "Say of a random sample which answers are right", "judge"),
    ("Rate", "Say which of two models' answers to an evaluation is better", "rate"),
    ("Card", "See how right models and rules are", "card"),
    ("Data", "See what the data is like, as tables and pictures", "data"),
    ("Export", "Write rows to a file", "export"),
    ("Audit", "Judge rows drawn at random, to know how right all of them are", "audit"),
    ("Import", "Take tasks, answers or decisions out of a file", "import"),
)
"""What the command palette offers: a screen's name, what it is for, and the screen."""


class QuorumApp(App[None], inherit_bindings=False):
    """Quorum in the terminal. Owns the project and the run; screens only show them."""

    TITLE = "Quorum"
    CSS_PATH = "quorum.tcss"
    BINDINGS: ClassVar[list[BindingType]] = list(APP_KEYS)
    COMMANDS: ClassVar[set[type[Provider] | Callable[[], type[Provider]]]] = {Commands}
    COMMAND_PALETTE_BINDING = "ctrl+p"
    PLACES: ClassVar[dict[Place, Callable[[], QuorumScreen]]] = {
        "new": NewRunScreen,
        "models": ModelsScreen,
        "run": RunScreen,
        "instructions": InstructionsScreen,
        "review": ReviewScreen,
        "judge": JudgeScreen,
        "rate": RateScreen,
        "card": CardScreen,
        "data": DataScreen,
        "export": ExportScreen,
        "audit": AuditScreen,
        "import": ImportScreen,
    }

    def __init__(
        self,
        project_path: Path | None = None,
        reviewer: str | None = None,
        *,
        memory: Memory | None = None,
        keys: Path | None = None,
        begin_at: Callable[[], QuorumScreen] | None = None,
        site: Site | None = None,
    ) -> None:
        super().__init__()
        self.reviewer = reviewer or login_name()
        self.memory = memory or Memory.load()
        self.project: Project | None = None
        self.can_resume = False
        self.gate_open = False
        self.running = ActiveRun(site=site)
        self.added_models: list[Path] = []
        self.opening = project_path
        self._begin_at = begin_at
        self._keys = keys or keymap.default_place()
        self._snapshots: Timer | None = None
        self.leaving = False
        self._watched = True
        """Whether the run was shown when it began, so that what ended it can be seen there."""
        self._gc_pause = GcPause()
        self.late_keys = LateKeys(self)
        self._project_closing = asyncio.Lock()

    # ---- beginning and end ------------------------------------------------------------------------

    def get_driver_class(self) -> type[Driver]:
        """Listen for signals where the app draws on a terminal of its own."""
        usual = super().get_driver_class()
        return TerminalDriver if usual is LinuxDriver else usual

    def get_default_screen(self) -> Screen[None]:
        """Home lies under all other screens."""
        return HomeScreen()

    async def on_mount(self) -> None:
        """Set the theme and open what was asked for."""
        for theme in themes(self.console.color_system):
            self.register_theme(theme)
        self.theme = self.memory.theme if self.memory.theme in self.available_themes else DARK_NAME
        self.theme_changed_signal.subscribe(self, lambda theme: self.memory.chose_theme(theme.name))
        self._snapshots = self.set_interval(1 / SNAPSHOTS_PER_SECOND, self.pass_on_news, pause=True)
        self._take_keys()
        if self.opening is not None:
            self.run_worker(self._open_first(self.opening), group="open")

    async def _open_first(self, path: Path) -> None:
        """Open the project that was named, and the screen that was asked for with it."""
        try:
            if self._begin_at is None:
                await self.open_project(path, create=True)
            elif await self.open_project(path):
                self.push_screen(self._begin_at())
        finally:
            self.opening = None
            self.tell(ProjectChanged)

    def on_ready(self) -> None:
        """Collect garbage only when nobody waits; not in tests, which make many apps in one process."""
        if not self.is_headless:
            self._gc_pause.begin()
            self.set_interval(LOOK, self._gc_pause.look)

    def _take_keys(self) -> None:
        """Take the keys that a person set; where they cannot be taken, those of Quorum stay."""
        try:
            self.set_keymap(keymap.load(self._keys))
        except QuorumError as error:
            self.call_after_refresh(self.show_error, error)

    @shows_errors
    async def action_quit(self) -> None:
        """Quit; ask first if something is in progress, or a text was changed and not saved."""
        if isinstance(self.screen, Question) and self.screen.warns():
            return
        going = self._in_progress()
        if going is None:
            await self._close_and_exit()
            return
        what, then = going
        question = ConfirmScreen(
            literal(f"{what} is in progress"),
            literal(then),
            yes=Content("stop it and quit"),
            no=Content("stay"),
        )

        def answered(stop: bool | None) -> None:
            if stop:
                self.end()

        if not isinstance(self.screen, ConfirmScreen):
            self.push_screen(question, answered)

    def _in_progress(self) -> tuple[str, str] | None:
        """Return what would end with the app, and what becomes of it; None where nothing would."""
        if self.running.going:
            return "A run", "Everything it has made is stored; next time it resumes from there."
        working = {worker.group for worker in self.workers if worker.is_running}
        return next((words for group, words in UNFINISHED.items() if group in working), None)

    @on(EndRequested)
    def end(self) -> None:
        """Stop the run, close the project and quit, without a question."""
        self.run_worker(self._close_and_exit(), group="quit")

    @on(TerminalClosed)
    def _end_unseen(self) -> None:
        """Store everything and end the process: a terminal that is gone cannot be given back."""
        self._keep_drafts()

        async def store_and_end() -> None:
            try:
                await self.stop_run()
                await self.close_project()
            finally:
                os._exit(EXIT_HANGUP)

        self.run_worker(store_and_end(), group="quit")

    def _keep_drafts(self) -> None:
        for screen in self.screen_stack:
            if isinstance(screen, WritingScreen):
                screen.keep_draft()

    async def on_event(self, event: events.Event) -> None:
        """Give late keys to their field; once the app ends take none: what they open could not be built."""
        if isinstance(event, events.Key):
            self._gc_pause.touch()
            if self.leaving:
                return
            if self.late_keys.takes(event) if event.is_forwarded else self.late_keys.holds(event):
                return
        await super().on_event(event)

    def _handle_exception(self, error: Exception) -> None:
        """End after an unexpected error with a message that names the log; Textual would show a traceback.

        Textual has no public place for this; errors that can show themselves it shows as they say.
        """
        cause = error.error if isinstance(error, WorkerFailed) else error
        message = logs.unexpected(cause)
        error.__rich__ = lambda: Text(message)  # type: ignore[attr-defined]
        super()._handle_exception(error)

    async def _close_and_exit(self) -> None:
        self.leaving = True
        self._keep_drafts()
        try:
            await self.stop_run()
        finally:
            await self.close_project()
            self.exit()

    def get_key_display(self, binding: Binding) -> str:
        """Write keys as people do: Ctrl+S, Esc, ↑."""
        return written(super().get_key_display(binding), as_bound=binding.key_display is not None)

    # ---- the project ------------------------------------------------------------------------------

    def project_label(self) -> Content:
        """Return the name of the open project for the title line."""
        if self.project is None:
            return Content()
        name = literal_line(self.project.path.name, 60)
        if self.project.read_only:
            return Content.assemble(name, ("  read-only", "$text-warning"))
        return name

    def require_project(self) -> Project:
        """Return the open project; ProjectError where none is open."""
        if self.project is None:
            raise ProjectError(NO_PROJECT, OPEN_ONE)
        return self.project

    @shows_errors
    async def open_project(self, path: Path, *, create: bool = False) -> bool:
        """Open `path` in place of the open project; offer it read-only if another program holds it."""
        if self.running.going:
            raise ProjectError(
                "A run is in progress in the open project.", "Stop it first: S on the Run screen."
            )
        try:
            project = await asyncio.to_thread(Project.open, path, create=create)
        except ProjectLocked as error:
            self._offer_read_only(path, error)
            return False
        await self._adopt(project)
        return True

    @work(group="open")
    async def switch_project(self, path: Path) -> None:
        """Open another project in the background."""
        await self.open_project(path)

    def _offer_read_only(self, path: Path, error: ProjectLocked) -> None:
        def answered(yes: bool | None) -> None:
            if yes:
                self.run_worker(self._open_read_only(path), group="open")

        self.push_screen(
            ConfirmScreen(
                Content("This project is in use"),
                literal_line(error.message, 600),
                yes=Content("open it read-only: look and export, but decide nothing"),
                no=Content("do not open it"),
            ),
            answered,
        )

    @shows_errors
    async def _open_read_only(self, path: Path) -> None:
        await self._adopt(await asyncio.to_thread(Project.open, path, read_only=True))

    async def _adopt(self, project: Project) -> None:
        await self._look_for_unfinished(project)  # before a key can ask for it
        async with self._project_closing:
            # At no time is no project open: the screens that lie here, and their keys, need one.
            before = self._put_down(project)
            self.running.forget()
            self.memory.opened(project.path)
            if project.backup is not None:
                self.say(
                    Content.assemble(
                        "A copy of the old format is in ", literal_line(str(project.backup), 300)
                    )
                )
            self.tell(ProjectChanged)
            if before is not None:
                await asyncio.to_thread(before.close)

    async def close_project(self) -> None:
        """Close the open project, if any, as the app ends; what it still writes is finished.

        An export is ended, of which no file is left.
        """
        # Who ends the app may be told so twice, and must not end the process while the first still closes.
        async with self._project_closing:
            project = self._put_down(None)
            if project is not None:
                await asyncio.to_thread(project.close, ends_all=True)

    def _put_down(self, after: Project | None) -> Project | None:
        """Put another project, or none, in the place of the open one; return that one, to be closed."""
        for screen in self.screen_stack if self.project is not None and self.is_running else []:
            if isinstance(screen, QuorumScreen):
                screen.put_down()
        before, self.project = self.project, after
        return before

    async def _look_for_unfinished(self, project: Project | None) -> None:
        """Find out whether the newest run of a project is unfinished, and whether it waits for decisions."""
        if project is None or project.read_only:
            self.can_resume = self.gate_open = False
            return
        with contextlib.suppress(QuorumError):
            self.can_resume = await project.fetch(unfinished)
            self.gate_open = await project.fetch(lambda c: held_run(c) is not None)

    async def runs_changed(self) -> None:
        """Take up that other runs of the project count now."""
        await self._look_for_unfinished(self.project)
        self.tell(ProjectChanged)

    # ---- the run ----------------------------------------------------------------------------------

    @work(group="open")
    @shows_errors
    async def try_it(self) -> None:
        """Make the first project in the current folder and start the default run in it."""
        plan = await asyncio.to_thread(default_plan)
        if await self.open_project(Path.cwd() / FIRST_PROJECT, create=True):
            self.start_run(plan)

    @work(group="open")
    @shows_errors
    async def start_default(self) -> None:
        """Start the default run in the open project."""
        self.start_run(await asyncio.to_thread(default_plan))

    @shows_errors
    async def resume_run(self) -> None:
        """Resume the newest run of the open project."""
        project = self.require_project()
        plan = await asyncio.to_thread(resume_plan, project)
        if plan is None:
            raise ProjectError("No run to resume.", "Press n on Home to start one.")
        self.start_run(plan)

    @work(group="open")
    @shows_errors
    async def answer_asked(self) -> None:
        """Let models answer what was asked again while the screen stays; a run in progress does so itself."""
        project = self.require_project()
        plan = await asyncio.to_thread(resume_plan, project)
        if plan is not None and not self.running.going:
            self.start_run(replace(plan, asked_only=True), show=False)

    @work(group="open")
    @shows_errors
    async def begin_run(self, plan: Plan, path: Path | None) -> None:
        """Start a new plan in the open project, or in the one at `path`."""
        if path is not None and not await self.open_project(path, create=True):
            return
        self.require_project()
        if not self.running.going:
            self.go("home")
        self.start_run(plan)

    def start_run(self, plan: Plan, *, show: bool = True) -> None:
        """Start a run in the open project, and show it unless another screen is to stay."""
        project = self.require_project()
        if self.running.going:
            raise ProjectError("A run is already in progress.", "Stop it first: S on the Run screen.")
        if project.read_only:
            raise ProjectError(
                "The project is open read-only.", "Close it where it is in use, then open it again."
            )
        session = self.running.begin(project, plan)
        if self._snapshots is not None:
            self._snapshots.resume()
        self.run_worker(self._drive(session.run()), group="run", name="run", exit_on_error=True)
        self._watched = show
        if show:
            self.go("run")
        self.tell(ProjectChanged)

    async def _drive(self, run: Coroutine[Any, Any, RunSnapshot]) -> None:
        snapshot = None
        try:
            snapshot = await run
        finally:
            self.running.ended(snapshot)
            self.pass_on_news()
            if self._snapshots is not None:
                self._snapshots.pause()
            await self._look_for_unfinished(self.project)
            self.tell(RunEnded)
            if snapshot is not None and snapshot.error and not self._watched:
                self.say(literal_line(snapshot.error, 600))

    async def stop_run(self) -> None:
        """Stop the run now and wait until its workers are gone; what is stored stays."""
        session = self.running.session
        if session is not None:
            await session.stop()
            await self.workers.wait_for_complete([w for w in self.workers if w.group == "run"])

    def pass_on_news(self) -> None:
        """Give the newest snapshot of the run to the screens, at most ten times a second."""
        snapshot = self.running.news()
        if snapshot is not None:
            self.tell(lambda: SnapshotTaken(snapshot))

    def tell(self, message: Callable[[], Message]) -> None:
        """Post a message of this kind to every screen; one that is not built yet reads for itself."""
        for screen in self.screen_stack:
            if screen.is_mounted:
                screen.post_message(message())

    # ---- screens ----------------------------------------------------------------------------------

    def go(self, place: Place) -> None:
        """Show a screen: back to it if it lies below, else on top."""
        if place == "home":
            self._back_to(self.screen_stack[0])
            return
        if place == "review" and self.gate_open and not self.running.going:
            place = "instructions"  # nothing is answered yet: they are decided on first
        wanted = self.PLACES[place]
        if place not in ("new", "models", "import") and self.project is None:
            self.show_error(ProjectError(NO_PROJECT, OPEN_ONE))
            return
        below = next((s for s in self.screen_stack if type(s) is wanted), None)
        if below is not None:
            self._back_to(below)
        else:
            self.push_screen(wanted())

    async def review_only(self, numbers: tuple[int, ...]) -> None:
        """Show these items, and no others, in Review."""
        below = next((s for s in self.screen_stack if isinstance(s, ReviewScreen)), None)
        if below is None:
            self.push_screen(ReviewScreen(numbers))
            return
        self._back_to(cast("Screen[object]", below))
        await below.look_at(numbers)

    def open_manual(self, about: str = "") -> None:
        """Show the manual, open at what it says of the screen named `about`; back to it if it lies below."""
        # Laying out Markdown takes a while to import, and Home should not wait for it.
        from app.tui.screens.manual import FIRST, PAGE_OF, ManualScreen

        below = next((screen for screen in self.screen_stack if isinstance(screen, ManualScreen)), None)
        if below is None:
            self.push_screen(ManualScreen(PAGE_OF.get(about, FIRST)))
        else:
            self._back_to(cast("Screen[object]", below))

    def _back_to(self, below: Screen[object]) -> None:
        # Not `pop_until_active`: it pops later, and would pop what is pushed after it.
        while self.screen is not below:
            self.pop_screen()
        self.tell(ProjectChanged)

    def leave(self, screen: Screen[None]) -> None:
        """Leave `screen`, if it is the one that is shown, for the one below; nothing lies below Home."""
        if screen is self.screen and len(self.screen_stack) > 1:
            self.pop_screen()
            self.tell(ProjectChanged)

    def show_error(self, error: QuorumError) -> None:
        """Show an error once; while one is shown, others of the same words are not stacked on it."""
        top = self.screen
        if isinstance(top, NoticeScreen) and top.says(error):
            return
        _LOG.warning("shown: %s", error)
        self.push_screen(NoticeScreen(error))

    def say(self, text: Content) -> None:
        """Say something that needs no answer; it goes away by itself, or when something else is said."""
        self.notify(text.plain, markup=False, timeout=4)

    def on_notify(self) -> None:
        """Let go what was said before: many remarks on one another would cover the screen up to its title."""
        self.clear_notifications()

    def action_hint(self) -> None:
        """Say which key quits: Ctrl+C copies in many terminals, so it must not."""
        self.say(Content("Press q to quit Quorum, or Ctrl+Q while you type."))

    def action_help(self) -> None:
        """Explain the screen that is shown."""
        if isinstance(self.screen, QuorumScreen):
            self.push_screen(HelpScreen(self.screen))

    def ask_for_project(self) -> None:
        """Ask which project to open."""

        def answered(path: Path | None) -> None:
            if path is not None:
                self.switch_project(path)

        self.push_screen(OpenScreen(self.memory.projects()), answered)

    def get_system_commands(self, screen: Screen[object]) -> Iterable[SystemCommand]:
        """Offer the screens and the few commands of the app by name."""
        if isinstance(screen, Question):
            return
        if self.opening is None:
            for name, purpose, place in PLACE_COMMANDS:
                yield SystemCommand(name, purpose, partial(self.go, place))
            yield SystemCommand("Open a project", "Choose another project file", self.ask_for_project)
            yield SystemCommand(
                *("Check yourself", "Decide again, unmarked, on items you decided before"),
                self._ask_how_often_again,
            )
        yield SystemCommand("Theme", "Choose other colours", self.action_change_theme)
        yield SystemCommand("Help", "See what this screen is for, and its keys", self.action_help)
        yield SystemCommand("Manual", "Read and search the manual", self.open_manual)
        yield SystemCommand("Quit", "Quit Quorum", self.action_quit)

    def _ask_how_often_again(self) -> None:
        def answered(again: int | None) -> None:
            if again is not None:
                self.memory.shows_again(again)

        self.push_screen(AgainScreen(self.memory.again), answered)


if TYPE_CHECKING:
    # Nothing else would hold the app to what its screens ask of it: Textual's metaclass allows no Protocol.
    def _as_host(app: QuorumApp) -> Host:
        return app
