"""The models found here, and those of a new run: who writes, who answers. Pure but for reading headers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from app.engine import catalog
from app.engine.catalog import ModelFile, bundled, find_models
from app.engine.check import calibration, fit
from app.errors import ModelError
from app.run import audition, writer_audition


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
        """Look for models; parts given `before` stay, else the bundled models play the default ones."""
        casting = cls(find_models(extra))
        usable = [model.path for model in casting.files if model.header is not None]
        if before is not None:
            casting.writer = before.writer if before.writer in usable else None
            casting.answerers = [path for path in before.answerers if path in usable]
            return casting
        try:
            models = bundled()
        except ModelError:
            return casting
        casting.writer, casting.answerers = models.writer, list(models.answerers)
        return casting

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
