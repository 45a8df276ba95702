"""Import: pick a file, see what was recognised and what would be left out, and take it into a project.

All names and texts from outside pass through `literal`.
"""

from __future__ import annotations

import asyncio
from pathlib import Path
from threading import Event
from typing import ClassVar, Final

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.widgets import Button, Input, Static

from app.errors import IntakeError, ProjectError, QuorumError
from app.intake.look import Look, What, look, named_columns
from app.run.import_files import Imported
from app.tui.host import Host, Place, ProjectChanged, host, shows_errors
from app.tui.import_job import ImportJob, ImportStopped
from app.tui.keys import TAB, key
from app.tui.literal import field_text, literal_line
from app.tui.screens.base import QuorumScreen
from app.tui.screens.files import FileScreen
from app.tui.widgets.choices import Choice, Choices, Pick
from app.tui.widgets.fields import PathInput, typed_path
from app.tui.widgets.import_rows import ImportRows
from app.visible import hidden_count
from app.words import bar, count, percent, plural, size

WHATS: Final[dict[What, str]] = {
    "seeds": "seed tasks   what the next run begins with",
    "candidates": "candidates   answers to vote on, then to review",
    "decisions": "decisions    of yours, on the items of a project",
}
NEXT: Final[dict[What, tuple[Place, str]]] = {
    "seeds": ("new", "new run with the seed tasks of this project"),
    "candidates": ("review", "review the items of this project"),
    "decisions": ("review", "review the items of this project"),
}
"""Where the result is, and what the choice that leads there says."""
SECONDS = 0.1
"""Between two drawings of the progress."""
BAR = 30


class ImportScreen(QuorumScreen):
    """Shows what a file holds, and imports it."""

    NAME = "Import"
    ABOUT = (
        "Takes what already exists into a project: seed tasks for the next run, answers of several models to "
        "vote on, or decisions. The screen says as what the file is read, shows the first five rows, and "
        "names what would be left out. Where the file has columns of its own, say in the last field which is "
        "what, as instruction=Question, output=Answer. Until the end Esc cancels an import. Tasks and "
        "answers are stored as a whole at the end, decisions as they are read."
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        key("ctrl+s", "start", "import", "Import the file.", "import.start"),
        key("f", "choose", "another file", "Choose another file.", "import.file"),
        TAB,
    ]

    def __init__(self) -> None:
        super().__init__()
        self._file: Path | None = None
        self._octets = 0
        self._looks: dict[What, Look] = {}
        self._what: What = "seeds"
        self._other = False
        self._looking = Event()
        self._job: ImportJob | None = None
        self._done = False

    def compose_body(self) -> ComposeResult:
        """Compose what was found, the rows, the form, and what comes of it."""
        with VerticalScroll(id="import-body", can_focus=False):
            yield Static(id="import-found")
            yield Static(id="import-aside", classes="warning")
            yield Static(id="import-extent", classes="dim")
            yield ImportRows(id="import-rows")
            with Vertical(id="import-form"):
                with Horizontal(classes="row"):
                    yield Static("import as", classes="label")
                    yield Pick(id="import-what")
                with Horizontal(classes="row", id="import-model-row"):
                    yield Static("answers by", classes="label")
                    yield PathInput(placeholder="the model that wrote them", id="import-model")
                with Horizontal(classes="row", id="import-into-row"):
                    yield Static("into", classes="label")
                    yield Pick(id="import-into")
                with Horizontal(classes="row", id="import-path-row"):
                    yield Static("project file", classes="label")
                    yield PathInput(placeholder="name of the project file", id="import-path")
                with Horizontal(classes="row", id="import-columns-row"):
                    yield Static("fields", classes="label")
                    yield PathInput(
                        placeholder="as recognised; or instruction=Question, output=Answer",
                        select_on_focus=False,
                        id="import-columns",
                    )
                with Horizontal(classes="row", id="import-go-row"):
                    yield Static("", classes="label")
                    yield Button("Import", id="import-go", compact=True)
            yield Static(id="import-progress")
            yield Static(id="import-result")
            yield Choices(id="import-next")

    def on_mount(self) -> None:
        """Ask for the file first."""
        self._show("empty")
        self.show_title()
        self.set_interval(SECONDS, self._draw_progress)
        self.action_choose()

    def on_unmount(self) -> None:
        """End what is going on: nobody sees it any more."""
        self.put_down()

    def put_down(self) -> None:
        """Cancel the import before its project is closed."""
        self._looking.set()
        if self._job:
            self._job.stop()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer only what means something now."""
        if action == "start" and (self._job or self._done or not self._looks):
            return False
        if action == "choose" and self._job:
            return False
        return super().check_action(action, parameters)

    def _show(self, state: str) -> None:
        """Show one of: empty, form, working, done."""
        for name in ("empty", "form", "working", "done"):
            self.set_class(name == state, f"-{name}")
        self.refresh_bindings()

    # ---- the file ---------------------------------------------------------------------------------

    def action_choose(self) -> None:
        """Ask for another file; without one, everything stays."""
        self._choose(leaves=self._file is None)

    def _choose(self, *, leaves: bool) -> None:
        """Ask for a file; `leaves` says that escape goes on to the screen below."""

        def chosen(file: Path | None) -> None:
            if file is not None:
                self.query_one("#import-columns", Input).value = ""
                self._look_at(file)
            elif leaves:
                host(self).leave(self)

        folder = self._file.parent if self._file else Path.cwd()
        self.app.push_screen(FileScreen(Content("Import a file"), folder), chosen)

    def _look_at(self, file: Path) -> None:
        """Look at a file, or again by other columns; only the newest look is shown."""
        self._looking.set()
        self._looking = Event()
        self._file, self._done = file, False
        self._show("empty")
        self.query_one("#import-found", Static).update("looking at the file …")
        self.run_worker(self.look_at(file, self._looking), group="look", exclusive=True)

    async def look_at(self, file: Path, stopped: Event) -> None:
        """Show what a file is, with the form ready for Enter; or what is wrong, the columns to be named."""
        self._looks = {}
        try:
            columns = named_columns(self.query_one("#import-columns", Input).value)
            self._octets = await asyncio.to_thread(lambda: file.stat().st_size)
            looks = await asyncio.to_thread(look, file, columns, stopped.is_set)
        except (QuorumError, OSError) as error:
            self._show_unread(error)
            return
        self.remove_class("-unread")
        self._looks = {one.what: one for one in looks}
        self._what = looks[0].what
        self._show("form")
        self._show_file()
        self._show_form()
        self.query_one("#import-go").focus()

    def _show_unread(self, error: QuorumError | OSError) -> None:
        """Say why nothing of the file can be used, ready for the names of its fields."""
        self._show("form")
        self.add_class("-unread")
        for row in ("#import-model-row", "#import-into-row", "#import-path-row"):
            self.query_one(row).display = False
        self._show_file()
        self.query_one("#import-found", Static).update(
            Content.assemble(
                ("✗ ", "$text-error"),
                literal_line(str(error), 1200),
                ("\nSay below which field is what, or press Esc for another file.", "$foreground-muted"),
            )
        )
        self.query_one("#import-columns").focus()

    def _show_file(self) -> None:
        assert self._file is not None
        name = literal_line(self._file.name, 40)
        self.show_title(Content.assemble(name, "  ", (size(self._octets), "$foreground-muted")))

    def _show_form(self) -> None:
        """Show the choices, and what they mean for the file."""
        self.query_one("#import-what", Pick).show(
            [Choice(what, Content(), Content(WHATS[what])) for what in self._looks], self._what
        )
        self._show_look()
        self._show_into()
        path = self.query_one("#import-path", Input)
        if not path.value:
            path.value = field_text(self._default_path())

    def _show_look(self) -> None:
        shown = self._looks[self._what]
        self.query_one("#import-found", Static).update(literal_line(str(shown.account), 3000))
        self.query_one("#import-aside", Static).update(aside_text(shown))
        self.set_class(shown.account.bad > 0, "-aside")
        self.query_one("#import-extent", Static).update(extent_text(shown))
        self.query_one(ImportRows).show(shown)
        self.query_one("#import-model-row").display = shown.what == "candidates" and shown.nameless

    @on(ProjectChanged)
    def _show_into(self) -> None:
        """Offer the open project where it can be written."""
        project = host(self).project
        here = project is not None and not project.read_only
        self.query_one("#import-into-row").display = here
        other = "another project file, made if it does not exist"
        if here and project is not None:
            name = Content.assemble(literal_line(project.path.name, 60), ", which is open")
            self.query_one("#import-into", Pick).show(
                [Choice("open", Content(), name), Choice("other", Content(), Content(other))],
                "other" if self._other else "open",
            )
        self.query_one("#import-path-row").display = self._other or not here

    def _default_path(self) -> str:
        stem = self._file.stem if self._file else ""
        return f"{stem if stem and not hidden_count(stem) else 'quorum'}.db"

    @on(Pick.Picked, "#import-what")
    def _what_picked(self, message: Pick.Picked) -> None:
        self._what = next(what for what in WHATS if what == message.id)
        self._show_look()

    @on(Pick.Picked, "#import-into")
    def _into_picked(self, message: Pick.Picked) -> None:
        self._other = message.id == "other"
        self._show_into()

    # ---- the import -------------------------------------------------------------------------------

    @on(Input.Submitted, "#import-columns")
    def _columns_named(self) -> None:
        if self._file is not None:
            self._look_at(self._file)

    @on(Button.Pressed)
    @on(Input.Submitted, "#import-path")
    @on(Input.Submitted, "#import-model")
    async def _start_asked(self) -> None:
        await self.action_start()

    @shows_errors
    async def action_start(self) -> None:
        """Import the file in the background."""
        if self._job or self._done or not self._looks:
            return
        self._job = job = self._asked()
        self._show("working")
        self._draw_progress()
        # The app's, not the screen's: how it ended is said even where the person has left.
        self.app.run_worker(self._import(host(self), job), group="import")

    def _asked(self) -> ImportJob:
        """Return what is to be imported where. Raises QuorumError for what the form lacks."""
        app, shown, file = host(self), self._looks[self._what], self._file
        assert file is not None
        if app.running.going:
            raise ProjectError("A run is in progress.", "Wait for its end, or stop it: S on the Run screen.")
        model = self.query_one("#import-model", Input).value.strip()
        if shown.what == "candidates" and shown.nameless and not model:
            self.set_focus(self.query_one("#import-model"))
            raise IntakeError(
                "The file does not name the model that wrote the answers.", "Enter it in “answers by”."
            )
        path = self.query_one("#import-path", Input).value.strip()
        project = None if self._other else app.project
        if project is not None and project.read_only:
            project = None
        if project is None and not path:
            raise ProjectError("Enter a file name for the project.", "For example quorum.db.")
        where = typed_path(path or "quorum.db").absolute()
        if app.project is not None and not app.project.read_only and where.resolve() == app.project.path:
            project = app.project
        columns = named_columns(self.query_one("#import-columns", Input).value)
        return ImportJob(file, shown.what, project, where, app.reviewer, model, columns)

    async def _import(self, app: Host, job: ImportJob) -> None:
        """Run the import in a thread and say how it ended, on this screen or, if it is gone, in passing."""
        try:
            done = await asyncio.to_thread(job.run)
        except ImportStopped:
            self._job = None
            kept = "what was applied stays" if job.what == "decisions" else "nothing of it is stored"
            app.say(Content(f"The import is cancelled; {kept}."))
            self._back_to_form()
            return
        except QuorumError as error:
            self._job = None
            self._back_to_form()
            app.show_error(error)
            return
        self._job, self._done = None, True
        if not self.is_attached:
            app.say(literal_line(done.sentences[-1], 300))
            return
        if job.project is None:
            await app.open_project(job.path)
        self._show_done(job, done)

    def _back_to_form(self) -> None:
        if self.is_attached:
            self._show("form")
            self.query_one("#import-go").focus()

    def _draw_progress(self) -> None:
        if self._job:
            whole = None if self._looks[self._what].account.what == "Parquet" else self._octets
            self.query_one("#import-progress", Static).update(progress_text(self._job, whole))

    def _show_done(self, job: ImportJob, done: Imported) -> None:
        self._show("done")
        self._show_file()
        self.query_one("#import-result", Static).update(result_text(done, job.file))
        place, words = NEXT[job.what]
        go = [Choice(place, Content("Enter"), Content(words))] if done.applied else []
        more = [
            Choice("again", Content("f"), Content("import another file")),
            Choice("back", Content("Esc"), Content("go back")),
        ]
        choices = self.query_one("#import-next", Choices)
        choices.show([*go, *more])
        choices.focus()

    @on(Choices.OptionSelected, "#import-next")
    def _next(self, event: Choices.OptionSelected) -> None:
        if event.option_id == "again":
            self.action_choose()
        elif event.option_id == "back":
            host(self).leave(self)
        else:
            app, place = host(self), NEXT[self._what][0]
            app.leave(self)
            app.go(place)

    def action_back(self) -> None:
        """Cancel an import that is going on; from the form go back to the file, else leave."""
        if self._job:
            self._job.stop()
        elif self._done or self._file is None:
            host(self).leave(self)
        else:
            self._choose(leaves=True)


def aside_text(shown: Look) -> Content:
    """Return how many lines cannot be used, and what is wrong with the first."""
    account = shown.account
    if not account.bad:
        return Content()
    first = account.first_bad[0]
    return Content.assemble(
        f"▲ {plural(account.bad, account.unit)} set aside, the first: ",
        literal_line(f"{first.unit} {first.line}: {first.what}", 300),
    )


def extent_text(shown: Look) -> Content:
    """Return how far the file was looked at."""
    entries = plural(shown.account.entries, shown.account.unit)
    if shown.whole:
        return Content.assemble("this is about all ", entries, "; the first rows:")
    return Content.assemble("this is about the first ", entries, "; the import reads the whole file")


def progress_text(job: ImportJob, octets: int | None) -> Content:
    """Return how far an import is; `octets` is the size of the file, None where it is not read in bytes."""
    until = "what is applied stays" if job.what == "decisions" else "nothing is stored before the end"
    cancel = Content.styled(f"\n\nEsc  cancel: {until}", "$foreground-muted")
    if job.votes is not None:
        return Content.assemble("voting: ", plural(job.votes, "item"), " so far", cancel)
    if octets is None:
        return Content.assemble("reading: ", plural(job.octets, "row"), " so far", cancel)
    done, left = bar(job.octets, octets, BAR)
    share = f"  {percent(min(job.octets, octets), octets)} of {size(octets)}"
    return Content.assemble("reading  ", (done, "$primary"), (left, "$foreground-muted"), share, cancel)


def result_text(done: Imported, file: Path) -> Content:
    """Return the sentences that the command prints, and the first lines that were set aside."""
    name = literal_line(file.name, 60, "bold")
    head = Content.assemble(("✓ ", "$text-success"), name, " is imported")
    if not done.applied:
        head = Content.assemble(("✗ ", "$text-error"), "Nothing of ", name, " was applied")
    parts = [head, *(literal_line(sentence, 3000) for sentence in done.sentences)]
    parts += [literal_line(str(line), 300, "$text-warning") for line in done.aside.first_bad]
    more = done.aside.bad - len(done.aside.first_bad)
    if more > 0:
        parts.append(Content.assemble("… and ", count(more), " more"))
    return Content("\n").join(parts)
