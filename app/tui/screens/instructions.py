"""Instructions: what the writer proposed, decided on before anything is made from it."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from app.errors import ProjectError
from app.store import instruction_decisions
from app.store.connection import Connection
from app.store.instruction_decisions import GateAction, GateItem
from app.store.project import Project
from app.tui.drafts import draft_of
from app.tui.host import ProjectChanged, host, shows_errors
from app.tui.keys import key
from app.tui.literal import literal, literal_line
from app.tui.screens.base import QuorumScreen
from app.tui.screens.edit import EditScreen
from app.words import count, plural

MARKS = {
    "": ("· ", "$foreground-muted"),
    "accept": ("✓ ", "$text-success"),
    "edit": ("✎ ", "$text-success"),
    "reject": ("✗ ", "$text-error"),
}


class InstructionsScreen(QuorumScreen):
    """Lists the instructions of a run that waits; each is accepted, edited, rejected, or left as it is."""

    NAME = "Instructions"
    ABOUT = (
        "The run stopped after the instructions, as asked. Reject here what is not worth answering: inputs "
        "and answers cost far more than an instruction. What you leave undecided continues as it is; what "
        "you reject is kept with its reason, counts as made, and is not proposed again."
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        key("a", "decide('accept')", "accept", "Keep this instruction for the next stages.", "gate.accept"),
        key("e", "edit", "edit", "Change this instruction and keep it.", "gate.edit"),
        key("x", "decide('reject')", "reject", "Make nothing from this instruction.", "gate.reject"),
        key("u", "undo", "undo", "Undo your last decision here.", "gate.undo"),
        key("ctrl+r", "redo", "redo", "Redo what you undid.", "gate.redo", show=False),
        key("n,j", "move(1)", "next", "Go to the next instruction.", "gate.next", show=False),
        key("p,k", "move(-1)", "previous", "Go to the previous instruction.", "gate.previous", show=False),
        key("g", "resume_run", "resume", "Resume the run.", "gate.go-on"),
    ]

    def __init__(self) -> None:
        super().__init__()
        self._run_id = ""
        self._items: list[GateItem] = []

    def compose_body(self) -> ComposeResult:
        """Compose list and details."""
        yield OptionList(id="gate-list", compact=True)
        with VerticalScroll(id="gate-details", can_focus=False):
            yield Static(id="gate-text")

    def on_mount(self) -> None:
        """Read the instructions."""
        self._opened = host(self).project
        self.show_title()
        self.query_one(OptionList).focus()
        self.run_worker(self._read(), group="read", exclusive=True)

    @on(ProjectChanged)
    def _project_changed(self) -> None:
        if host(self).project is not self._opened:  # what is listed is nothing of this one
            self._opened, self._run_id, self._items = host(self).project, "", []
            self._draw()
        self.run_worker(self._read(), group="read", exclusive=True)

    def on_resize(self, event: events.Resize) -> None:
        """Lay the lines out for the new width."""
        super().on_resize(event)
        self._draw()

    @shows_errors
    async def _read(self, at: str = "") -> None:
        """Read the instructions of the run that waits, and show them with the highlight on `at`."""

        def read(c: Connection) -> tuple[str, list[GateItem]]:
            run = instruction_decisions.held_run(c)
            return (run.id, instruction_decisions.items(c, run.id)) if run else ("", [])

        before, at = self._items, at or (item.id if (item := self._chosen()) else "")
        self._run_id, self._items = await host(self).require_project().fetch(read)
        listed = self.query_one(OptionList)
        keys = [item.id for item in self._items]
        if [item.id for item in before] == keys:  # then only what was decided is drawn again
            for place, (old, new) in enumerate(zip(before, self._items, strict=True)):
                if old != new:
                    listed.replace_option_prompt_at_index(place, self._line(new))
        else:
            self._draw()
        if keys:
            listed.highlighted = keys.index(at) if at in keys else 0
        self._tell()

    def _draw(self) -> None:
        """Draw every line for the width there is; the highlight stays where it was."""
        listed = self.query_one(OptionList)
        at = listed.highlighted
        listed.clear_options()
        listed.add_options([Option(self._line(item)) for item in self._items])
        listed.highlighted = at if at is not None and at < len(self._items) else None

    def _line(self, item: GateItem) -> Content:
        mark, style = MARKS[item.decision]
        kind = literal_line(f"{item.kind}  ", 4, "$foreground-muted")
        text_style = "$foreground-muted strike" if item.decision == "reject" else ""
        width = max(20, self.size.width - 14)
        line = literal_line(item.text, width, text_style)
        if item.input:  # tasks that came with their inputs may differ in nothing else
            line = Content.assemble(line, "   ", literal_line(item.input, width, "$foreground-muted"))
        return Content.assemble((mark, style), kind, line.truncate(width, ellipsis=True))

    def _chosen(self) -> GateItem | None:
        at = self.query_one(OptionList).highlighted
        return self._items[at] if at is not None and at < len(self._items) else None

    @on(OptionList.OptionHighlighted)
    def _highlighted(self, event: OptionList.OptionHighlighted) -> None:
        event.stop()
        self._tell()

    def _tell(self) -> None:
        """Show the highlighted instruction in full, and the title with what is decided."""
        item = self._chosen()
        rejected = sum(listed.decision == "reject" for listed in self._items)
        decided = sum(bool(listed.decision) for listed in self._items)
        there = plural(len(self._items), "instruction")
        self.show_title(Content(f"{there}, {count(decided)} decided, {count(rejected)} rejected"))
        self.query_one("#gate-text", Static).update(
            details(item) if item else Content("No instructions wait here.")
        )

    # ---- deciding ---------------------------------------------------------------------------------

    async def action_decide(self, action: GateAction) -> None:
        """Write the decision down and go to the next instruction."""
        project = self._opened
        if project is not None and (item := self._chosen()) and await self._store(project, item, action):
            await self._read_after(item)

    def action_edit(self) -> None:
        """Change the text of the highlighted instruction."""
        item = self._chosen()
        project = self._opened
        if item is None or project is None:
            return

        async def edited(text: str | None) -> None:
            if text is not None and text != item.text:
                await self._read_after(item)

        async def stores(text: str) -> bool | None:
            return text == item.text or await self._store(project, item, "edit", text)

        draft = draft_of(project, host(self).reviewer, item.id)
        screen = EditScreen(self._items.index(item) + 1, "the instruction", item.text, draft=draft)
        screen.stores = stores
        self.app.push_screen(screen, edited)

    @shows_errors
    async def _store(
        self, project: Project, item: GateItem, action: GateAction, text: str | None = None
    ) -> bool:
        """Store a decision on an instruction of a project; True once it is stored."""
        app = host(self)
        if project.read_only:
            raise ProjectError("The project is open read-only.", "Decisions cannot be stored in it.")
        await project.write(
            partial(
                instruction_decisions.decide,
                reviewer=app.reviewer,
                action=action,
                instruction_id=item.id,
                text=text,
            )
        )
        return True

    async def _read_after(self, item: GateItem) -> None:
        """Take up that an instruction was decided on, and go to the next one."""
        ids = [listed.id for listed in self._items]
        following = ids[ids.index(item.id) + 1 :] if item.id in ids else []
        await self._read(at=following[0] if following else item.id)

    @shows_errors
    async def action_undo(self) -> None:
        """Undo the last decision and go to its instruction."""
        if not await self._turn_back(instruction_decisions.undo):
            host(self).say(Content("Nothing to undo."))

    @shows_errors
    async def action_redo(self) -> None:
        """Redo what was undone last and go to its instruction."""
        if not await self._turn_back(instruction_decisions.redo):
            host(self).say(Content("Nothing to redo."))

    async def _turn_back(self, turn: Callable[[Connection, str, str], str | None]) -> bool:
        """Undo or redo a decision and go to its instruction; say whether there was one."""
        app, run_id = host(self), self._run_id
        instruction_id = await app.require_project().write(lambda c: turn(c, app.reviewer, run_id))
        if instruction_id is not None:
            await self._read(at=instruction_id)
        return instruction_id is not None

    def action_move(self, by: int) -> None:
        """Go to another instruction."""
        listed = self.query_one(OptionList)
        if by > 0:
            listed.action_cursor_down()
        else:
            listed.action_cursor_up()

    async def action_resume_run(self) -> None:
        """Resume the run."""
        app = host(self)
        app.leave(self)
        await app.resume_run()


def details(item: GateItem) -> Content:
    """Return an instruction in full, and what it is most like."""
    lines = [literal(item.text, "bold")]
    if item.input:
        lines.append(Content.assemble(("input   ", "$foreground-muted"), literal(item.input)))
    if item.nearest:
        near = Content.styled(f"most like, {item.score or 0:.2f}   ", "$foreground-muted")
        lines.append(Content.assemble(near, literal_line(item.nearest, 300)))
    return Content("\n\n").join(lines)
