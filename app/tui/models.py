"""The models found here, and those of a new run: who writes, who answers. Pure but for reading headers."""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from app.engine import catalog
from app.engine.catalog import ModelFile, bundled, find_models
from app.engine.check import calibration, fit
from app.engine.machine import available_memory
from app.errors import ModelError
from app.run import audition, writer_audition
from app.run.beginning import Beginning, suiting


def may_write(file: ModelFile) -> bool:
    """Say whether a found model can be the writer."""
    return file.header is not None and catalog.can_write(file.header)


@dataclass(frozen=True, slots=True)
class Listed:
    """A found model with what holds for it here: memory in words, whether it fits, what was measured, how it
    answers best."""

    file: ModelFile
    memory: str = ""
    fits: bool = False
    calibration: str = ""
    audition: str = ""
    writing: str = ""
    """How it writes best; empty where nobody found out."""


def listing(extra: Sequence[Path]) -> list[Listed]:
    """Look for models and what they need here; takes a while, so call it outside the event loop."""
    listed: list[Listed] = []
    for file in find_models(extra):
        if file.header is None:
            listed.append(Listed(file))
        else:
            memory, fits = fit(file.header, headless=False)
            asked, writing = audition.known(file.header), writer_audition.known(file.header)
            listed.append(Listed(file, memory, fits, calibration(file.header), asked, writing))
    return listed


@dataclass
class Casting:
    """The found models in order, and the part each plays; parts are paths."""

    files: list[ModelFile] = field(default_factory=list)
    writer: Path | None = None
    answerers: list[Path] = field(default_factory=list)

    @classmethod
    def of(cls, extra: Sequence[Path], before: Casting | None = None) -> Casting:
        """Look for models; parts given `before` stay."""
        casting = cls(find_models(extra))
        if before is not None:
            casting.give(before.writer, before.answerers)
        return casting

    @classmethod
    def begun(cls, extra: Sequence[Path], start: Beginning) -> Casting:
        """Look for models and give them the parts a new run begins with.

        Those of the project's newest run; without one, a person's own models that suit; else the bundled
        ones, but none where the project holds data of which they know nothing.
        """
        plan = start.plan
        casting = cls(find_models([*extra, *((plan.writer, *plan.answerers) if plan else ())]))
        if plan is not None:
            casting.give(plan.writer, plan.answerers)
        elif own := suiting(casting.files, available_memory()):
            casting.give(*own)
        elif not start.holds_data:
            with contextlib.suppress(ModelError):
                models = bundled()
                casting.give(models.writer, models.answerers)
        return casting

    def give(self, writer: Path | None, answerers: Sequence[Path]) -> None:
        """Give the parts to those models that can be used, whichever path of a file names them."""
        usable = {
            path.resolve(): model.path
            for model in self.files
            if model.header is not None
            for path in model.paths
        }
        self.writer = usable.get(writer.resolve()) if writer else None
        self.answerers = [usable[path.resolve()] for path in answerers if path.resolve() in usable]

    @property
    def bundled_alone(self) -> bool:
        """Whether no model of a person's own plays a part."""
        own = {file.path for file in self.files if file.source != "bundled"}
        return not own & {self.writer, *self.answerers}

    def make_writer(self, at: int) -> bool:
        """Let the model at that place be the writer; return whether it can."""
        if not may_write(self.files[at]):
            return False
        self.writer = self.files[at].path
        return True

    def toggle_answerer(self, at: int) -> bool:
        """Let the model at that place answer, or not any more; return whether it can."""
        model = self.files[at]
        if model.header is None:
            return False
        if model.path in self.answerers:
            self.answerers.remove(model.path)
        else:
            # The order of the list is the order of the candidates.
            taken = {*self.answerers, model.path}
            self.answerers = [other.path for other in self.files if other.path in taken]
        return True
