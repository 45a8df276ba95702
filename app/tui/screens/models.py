"""Models: what is on this machine, what each file is, and whether it works."""

from __future__ import annotations

import asyncio
from contextlib import aclosing
from pathlib import Path
from typing import ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Container, Vertical, VerticalScroll
from textual.content import Content
from textual.widgets import OptionList, Static

from app.engine.catalog import ModelFile
from app.engine.check import Step, check, facts, roles
from app.engine.gguf import ModelHeader
from app.engine.state import EngineState
from app.errors import ModelError
from app.tui.host import host, shows_errors
from app.tui.keys import key
from app.tui.literal import literal_line
from app.tui.models import Listed, listing
from app.tui.screens.base import QuorumScreen
from app.tui.screens.questions import ModelPathScreen
from app.tui.screens.read import TextScreen
from app.tui.screens.suggest import SuggestScreen
from app.tui.widgets.models import SOURCES, FoundHeads, FoundList
from app.words import plural

LABEL = 11
BESIDE = 170
"""Cells from which on the details stand beside the list."""
WROTE = 300


class ModelsScreen(QuorumScreen):
    """Lists the models found here; the highlighted one is described below and can be tried."""

    NAME = "Models"
    ABOUT = (
        "Every GGUF file found here: those that ship with Quorum, those in ./models and $QUORUM_MODELS, and "
        "those that Hugging Face, LM Studio, llama.cpp, Ollama and Python packages keep. ✓ fits into the "
        "memory that is free now, ! does not, ✗ cannot be used. A model with a chat template answers by it, "
        "one without answers after worked examples (few-shot), an encoder-decoder plainly (zero-shot) and "
        "cannot write tasks. s names models that suit this machine and gets them. "
        "c loads the model in a process of its own and lets it answer a tiny prompt."
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        key("c,enter", "check", "check", "Load this model and let it answer a tiny prompt.", "models.check"),
        key("a", "add", "add a path", "Name a GGUF file or a folder of them.", "models.add"),
        key("s", "suggest", "suggest", "Name models that suit this machine, and get them.", "models.suggest"),
        key("t", "template", "chat template", "Read this model's chat template.", "models.template"),
        key("r", "look_again", "look again", "Search for models again.", "models.again"),
        key("n", "new_run", "new run", "Choose recipe, models and counts.", "models.new"),
    ]

    def __init__(self) -> None:
        super().__init__()
        self._reports: dict[Path, list[Content]] = {}
        self._checking: Path | None = None
        self._found: list[Listed] = []
        self._state = ""

    def compose_body(self) -> ComposeResult:
        """Compose list and details."""
        with Container(id="models-parts"):
            with Vertical(id="models-found"):
                yield FoundHeads(id="models-heads")
                yield FoundList(id="models-list")
            with VerticalScroll(id="models-details", can_focus=False):
                yield Static("looking for models …", id="models-facts")
                yield Static(id="models-report")

    def on_resize(self, event: events.Resize) -> None:
        """Describe the highlighted model beside the list where there is room for both."""
        self.set_class(event.size.width >= BESIDE, "-beside")

    def on_mount(self) -> None:
        """Search."""
        self.show_title()
        self.query_one(FoundList).focus()
        self.action_look_again()

    def action_look_again(self) -> None:
        """Search for models, beside the event loop."""
        self.run_worker(self._find(), group="find", exclusive=True)

    @shows_errors
    async def _find(self) -> None:
        self._found = listed = await asyncio.to_thread(listing, list(host(self).added_models))
        self.query_one(FoundList).show(listed)
        usable = sum(model.file.header is not None for model in listed)
        files = sum(len(model.file.paths) for model in listed)
        self.show_title(Content(f"{plural(usable, 'model')} of {plural(files, 'file')}"))
        self._tell()

    @on(OptionList.OptionHighlighted)
    def _highlighted(self, event: OptionList.OptionHighlighted) -> None:
        event.stop()
        self.query_one("#models-details").scroll_home(animate=False)
        self._tell()

    @on(OptionList.OptionSelected)
    def _selected(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        self.action_check()

    def _tell(self) -> None:
        """Say what is known about the highlighted model."""
        model = self.query_one(FoundList).chosen
        self.query_one("#models-facts", Static).update(
            details(model) if model else Content("No models found.")
        )
        report = list(self._reports.get(model.file.path, ())) if model else []
        if model and model.file.path == self._checking:
            report.append(Content.assemble(("◌ ", "$text-primary"), literal_line(self._state, 100)))
        self.query_one("#models-report", Static).update(Content("\n").join(report))
        self.refresh_bindings()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer the template of a model that has one."""
        if action == "template":
            model = self.query_one(FoundList).chosen
            header = model.file.header if model is not None else None
            if header is None or not header.has_chat_template:
                return False
        return super().check_action(action, parameters)

    # ---- trying a model ---------------------------------------------------------------------------

    def action_check(self) -> None:
        """Check the highlighted model, one at a time."""
        model = self.query_one(FoundList).chosen
        if model is None:
            return
        if self._checking is not None:
            host(self).say(Content("Another model is being checked."))
            return
        self.run_worker(self._check(model.file), group="check")

    async def _check(self, model: ModelFile) -> None:
        self._checking, self._state = model.path, "reading the header"
        report = self._reports[model.path] = []
        self._tell()
        try:
            async with aclosing(check(model.path, headless=False, on_state=self._hear)) as steps:
                async for step in steps:
                    report.append(step_content(step))
                    self._tell()
            report.append(Content.styled("This model can be used.", "$text-success"))
        except ModelError as error:
            report.append(Content.assemble(("✗ ", "$text-error"), literal_line(error.message, 600)))
            if error.hint:
                report.append(labelled("", literal_line(error.hint, 300)))
        finally:
            self._checking = None
        self._tell()
        self.query_one("#models-details").scroll_end(animate=False)

    def _hear(self, state: EngineState) -> None:
        self._state = state.note or ("answering a tiny prompt" if state.state == "working" else state.state)
        if self.is_mounted:
            self._tell()

    # ---- other keys -------------------------------------------------------------------------------

    def action_add(self) -> None:
        """Ask for a file or folder."""

        def named(path: Path | None) -> None:
            if path is not None:
                host(self).added_models.append(path)
                self.action_look_again()

        self.app.push_screen(ModelPathScreen(), named)

    def action_suggest(self) -> None:
        """Show which models suit this machine; look again once some were downloaded."""

        def left(downloaded: bool | None) -> None:
            if downloaded:
                self.action_look_again()

        self.app.push_screen(SuggestScreen([model.file for model in self._found]), left)

    def action_template(self) -> None:
        """Show the chat template."""
        model = self.query_one(FoundList).chosen
        if model is not None and model.file.header is not None:
            title = Content.assemble("Chat template of ", literal_line(model.file.name, 80))
            self.app.push_screen(TextScreen(title, model.file.header.chat_template))

    def action_new_run(self) -> None:
        """Go to New run."""
        host(self).go("new")


def details(listed: Listed) -> Content:
    """Return what is known about a file, a line each."""
    model = listed.file
    lines = [literal_line(model.name, 200, "bold"), labelled("file", literal_line(str(model.path), 1000))]
    lines += [labelled("also at", literal_line(str(path), 1000)) for path in model.copies]
    lines.append(labelled("found in", Content(SOURCES[model.source])))
    if model.header is None:
        return Content("\n").join([*lines, labelled("problem", literal_line(model.why, 1000, "$text-error"))])
    return Content("\n").join([*lines, *_header_lines(listed, model.header)])


def _header_lines(listed: Listed, header: ModelHeader) -> list[Content]:
    template = "its own" if header.has_chat_template else "none: asked after worked examples (few-shot)"
    if header.encoder_decoder:
        template = "none: an encoder-decoder is asked plainly (zero-shot)"
    return [
        labelled("model", literal_line(facts(header), 300)),
        labelled("licence", literal_line(header.license or "not said", 100)),
        labelled("template", Content(template)),
        labelled("roles", literal_line(roles(header))),
        labelled("memory", literal_line(listed.memory, 300, "" if listed.fits else "$text-warning")),
        labelled("speed", literal_line(listed.calibration, 300)),
        labelled("asked", literal_line(listed.audition, 300)),
        *([labelled("writes", literal_line(listed.writing, 300))] if listed.writing else []),
    ]


def labelled(label: str, text: Content) -> Content:
    """Return `text` behind a dim label."""
    return Content.assemble(literal_line(label.ljust(LABEL), LABEL, "$foreground-muted"), text)


def step_content(step: Step) -> Content:
    """Return a step of a check, with what the model wrote below it."""
    head = Content.assemble(
        ("✓ ", "$text-success"), literal_line(step.name.ljust(LABEL - 2)), literal_line(step.result, 300)
    )
    if step.name != "answer":
        return head
    wrote = literal_line(step.text, WROTE) if step.text else Content.styled("nothing", "$text-warning")
    return Content.assemble(head, "\n", labelled("", wrote))
