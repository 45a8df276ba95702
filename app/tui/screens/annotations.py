"""Small windows over Review for what stands beside a decision: reason, note, tags, rating, another task."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import ClassVar, Literal

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.content import Content
from textual.widgets import Input, Static

from app.errors import ProjectError, QuorumError
from app.store import review
from app.store.review_state import REJECT_REASONS, Rating, rating_text, tags_text, task_text
from app.tui.host import host, shows_errors
from app.tui.keys import key
from app.tui.literal import failed_line, field_text, literal_line
from app.tui.screens.base import Question
from app.tui.screens.writing import SAVE, WritingScreen
from app.tui.widgets.choices import Choice, Choices
from app.tui.widgets.fields import PathInput, TextEditor
from app.tui.widgets.layout import Column, table

REASONS = {
    "wrong": "the answers are wrong",
    "unclear": "the task is unclear",
    "unsafe": "unsafe",
    "duplicate": "it repeats another item",
    "other": "another reason",
}
GRADES = {
    "A": "correct and satisfying",
    "B": "acceptable, with minor faults",
    "C": "on the task, with major faults",
    "D": "irrelevant or wrong",
}
QUESTIONS = {
    "task": "Is this a valid task?",
    "input": "Does the input fit it?",
    "output": "Is the answer right?",
}


class ReasonScreen(Question[str]):
    """Gives the reason for a rejection."""

    BINDINGS: ClassVar[list[BindingType]] = [
        key(
            f"{number}",
            f"because('{reason}')",
            REASONS[reason],
            "Reject for this reason.",
            f"reason.{reason}",
        )
        for number, reason in enumerate(REJECT_REASONS, start=1)
    ]

    def compose_window(self) -> ComposeResult:
        """Compose the reasons."""
        yield Static("Reject because", classes="window-title")
        yield Choices(id="reason-choices")

    def on_mount(self) -> None:
        """Offer the reasons."""
        choices = self.query_one(Choices)
        choices.show(
            [
                Choice(reason, Content(f"{number:d}"), Content(REASONS[reason]))
                for number, reason in enumerate(REJECT_REASONS, start=1)
            ]
        )
        choices.focus()

    @on(Choices.OptionSelected)
    async def _taken(self, event: Choices.OptionSelected) -> None:
        await self.give(str(event.option_id))

    async def action_because(self, reason: str) -> None:
        """Give a reason."""
        await self.give(reason)


class NoteScreen(WritingScreen[str]):
    """Gives the text of the note; an empty one takes it away."""

    BINDINGS: ClassVar[list[BindingType]] = [SAVE]

    def __init__(self, number: int, text: str, draft: str = "") -> None:
        super().__init__(text, draft)
        self._number = number

    def compose_window(self) -> ComposeResult:
        """Compose title and editor."""
        yield Static(Content.assemble("A note on ", (f"#{self._number:04d}", "bold")), classes="window-title")
        yield self.compose_editor("note-text")
        yield self.compose_note()
        yield Static("Ctrl+S  save     Esc  cancel", classes="window-keys")

    def on_mount(self) -> None:
        """Begin at the end of the text."""
        editor = self.query_one(TextEditor)
        self.take_draft()
        editor.move_cursor(editor.document.end)
        self.set_focus(editor)

    async def action_save(self) -> None:
        """Give the text."""
        await self.give(self.query_one(TextEditor).text.strip())

    def typed(self) -> str | None:
        """Return the text, if it was changed."""
        text = self.query_one(TextEditor).text
        return None if text == self._begun else text


class TagsScreen(Question[str]):
    """Gives all tags of the item as the log keeps them."""

    def __init__(self, tags: Sequence[str]) -> None:
        super().__init__()
        self._tags = tags

    def compose_window(self) -> ComposeResult:
        """Compose the field and the tags that are in use."""
        yield Static("Tags, separated by spaces or commas", classes="window-title")
        # A tag is mostly added to the others, so they are not selected to be typed over.
        yield PathInput(field_text(typed_tags(self._tags)), id="tags-text", select_on_focus=False)
        yield Static(id="tags-read")
        yield Static("in use: …", id="tags-known", classes="window-keys")
        yield Static("", id="tags-note", classes="warning")
        yield Static("Enter  save     Esc  cancel", classes="window-keys")

    def on_mount(self) -> None:
        """Take what is typed from the first key on; the tags in use are read meanwhile."""
        self.set_focus(self.query_one(PathInput))
        self.run_worker(self._show_known(), group="tags")

    @shows_errors
    async def _show_known(self) -> None:
        try:
            tags = await host(self).require_project().fetch(review.tags)
        except QuorumError as error:
            self.query_one("#tags-known", Static).update(failed_line("in use: not read", error.message))
            raise
        known = literal_line(", ".join(tags), 300) if tags else Content("none yet")
        self.query_one("#tags-known", Static).update(Content.assemble("in use: ", known))

    @on(Input.Changed)
    def _show_read(self, event: Input.Changed) -> None:
        """Show which tags these are: a comma lets a tag have several words."""
        read = " │ ".join(tag for tag in split_tags(event.value) if tag.strip())
        self.query_one("#tags-read", Static).update(
            Content.assemble("→ ", literal_line(read, 300)) if read else Content("→ none")
        )

    @on(Input.Submitted)
    async def _save(self, event: Input.Submitted) -> None:
        event.stop()
        try:
            tags = tags_text(split_tags(event.value))
        except ProjectError as error:
            self.query_one("#tags-note", Static).update(literal_line(str(error), 200))
            return
        await self.give(tags)


def split_tags(typed: str) -> list[str]:
    """Return the tags that were typed: between commas where there is one, else between blanks."""
    return [tag.strip() for tag in typed.split(",")] if "," in typed else typed.split()


def typed_tags(tags: Sequence[str]) -> str:
    """Return tags as they are typed, so that `split_tags` gives the same ones."""
    typed = ", ".join(tags)
    return f"{typed}," if len(tags) == 1 and " " in typed else typed


class RateScreen(Question[str]):
    """Gives the rating as the log keeps it. A second press of a key takes its answer back."""

    BINDINGS: ClassVar[list[BindingType]] = [
        *(
            key(grade.lower(), f"grade('{grade}')", words, "Give this grade.", f"rate.{grade.lower()}")
            for grade, words in GRADES.items()
        ),
        *(
            key(f"{number}", f"turn('{name}')", words, "Answer yes, no, or not at all.", f"rate.{name}")
            for number, (name, words) in enumerate(QUESTIONS.items(), start=1)
        ),
        key("enter,ctrl+s", "save", "save", "Keep the rating.", "rate.save"),
    ]

    def __init__(self, rating: Rating) -> None:
        super().__init__()
        self._rating = rating

    def compose_window(self) -> ComposeResult:
        """Compose grades and questions."""
        yield Static("Rate this item", classes="window-title")
        yield Static(id="rate-grades")
        yield Static(id="rate-questions")
        yield Static(
            "a-d  grade     1-3  yes, no, open     Enter  save     Esc  cancel", classes="window-keys"
        )

    def on_mount(self) -> None:
        """Show the present rating."""
        self._show()

    def action_grade(self, grade: Literal["A", "B", "C", "D"]) -> None:
        """Give a grade."""
        self._rating = replace(self._rating, grade=None if self._rating.grade == grade else grade)
        self._show()

    def action_turn(self, question: str) -> None:
        """Turn an answer: open, yes, no."""
        asked = self._rating
        after = {None: True, True: False, False: None}
        if question == "task":
            self._rating = replace(asked, task=after[asked.task])
        elif question == "input":
            self._rating = replace(asked, input=after[asked.input])
        else:
            self._rating = replace(asked, output=after[asked.output])
        self._show()

    async def action_save(self) -> None:
        """Give the rating."""
        await self.give(rating_text(self._rating))

    def _show(self) -> None:
        shown = {None: "–", True: "✓ yes", False: "✗ no"}
        grades = [
            [
                Content("●" if self._rating.grade == grade else "○"),
                literal_line(grade, 1, "bold $primary"),
                Content(GRADES[grade]),
            ]
            for grade in GRADES
        ]
        answers = (self._rating.task, self._rating.input, self._rating.output)
        questions = [
            [Content.styled(f"{number:d}", "bold $primary"), Content(QUESTIONS[name]), Content(shown[answer])]
            for number, (name, answer) in enumerate(zip(QUESTIONS, answers, strict=True), start=1)
        ]
        self.query_one("#rate-grades", Static).update(table(grades, [Column(1), Column(1), Column(50)]))
        self.query_one("#rate-questions", Static).update(table(questions, [Column(1), Column(30), Column(6)]))


class TaskScreen(WritingScreen[str]):
    """Gives the changed task as the log keeps it; an unchanged one is no decision."""

    BINDINGS: ClassVar[list[BindingType]] = [SAVE]

    def __init__(self, number: int, instruction: str, input: str) -> None:
        super().__init__(instruction, classes="wide")
        self._number, self._instruction, self._input = number, instruction, input
        self._begun_input = field_text(input)

    def compose_window(self) -> ComposeResult:
        """Compose both editors."""
        yield Static(
            Content.assemble("The task of ", (f"#{self._number:04d}", "bold")), classes="window-title"
        )
        yield Static("The present answers then belong to the earlier text.", classes="dim")
        yield self.compose_editor("task-edit-instruction")
        yield Static("Input", classes="dim")
        yield TextEditor(self._begun_input, id="task-edit-input")
        yield self.compose_note()
        yield Static("Tab  other field     Ctrl+S  save     Esc  cancel", classes="window-keys")

    def on_mount(self) -> None:
        """Begin at the end of the instruction."""
        for editor in self.query(TextEditor):
            editor.move_cursor(editor.document.end)
        self.set_focus(self.query_one("#task-edit-instruction", TextEditor))

    def typed(self) -> tuple[str, str] | None:
        """Return both texts, if one was changed; the other exactly as it was."""
        instruction = self.query_one("#task-edit-instruction", TextEditor).text
        input = self.query_one("#task-edit-input", TextEditor).text
        if (instruction, input) == (self._begun, self._begun_input):
            return None
        return (
            self._instruction if instruction == self._begun else instruction,
            self._input if input == self._begun_input else input,
        )

    async def action_save(self) -> None:
        """Give the task."""
        typed = self.typed()
        if typed is None:
            self.dismiss(None)
            return
        try:
            task = task_text(*typed)
        except ProjectError as error:
            self.note(literal_line(str(error), 200))
            return
        await self.give(task)
