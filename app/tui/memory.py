"""What the screens remember from one session to the next: recent projects and the theme.

A small JSON file in the user's state directory. Losing it costs nothing: an unreadable file counts
as empty, and a directory that cannot be written is no reason to stop.
"""

from __future__ import annotations

import contextlib
import json
from dataclasses import asdict, dataclass, field
from pathlib import Path

import platformdirs

from app import atomic, regular
from app.store.views import ReviewProgress
from app.tui.drafts import Drafts

RECENT_LIMIT = 12


def default_place() -> Path:
    """Return the file under the user's state directory."""
    return Path(platformdirs.user_state_dir("quorum")) / "screens.json"


@dataclass(frozen=True)
class QueuePlace:
    """Where the review of a project stood: order, filter as typed, and the number of the item."""

    order: str
    view: str
    terms: str
    number: int | None
    seed: int = 0
    listed: bool | None = None
    """Whether the list stands beside the item; None: where there is room."""


@dataclass(frozen=True)
class Figures:
    """How many items of a project there were to decide, and how many were decided, when it was last seen."""

    of: int
    decided: int


@dataclass
class Memory:
    """Recent project files, newest first, the chosen theme ("" = default), and where reviews stood."""

    place: Path = field(default_factory=default_place)
    recent: list[Path] = field(default_factory=list)
    theme: str = ""
    queue_places: dict[str, QueuePlace] = field(default_factory=dict)
    """By project: where its review stood; the newest last."""
    figures: dict[str, Figures] = field(default_factory=dict)
    """By project: what is known of one that is not open; the newest last."""
    blind: bool = False
    """Whether Review hides what others decided until one decides oneself."""
    again: int = 0
    """How many of a hundred items in Review are ones decided before, shown again unmarked."""

    @classmethod
    def load(cls, place: Path | None = None) -> Memory:
        """Read the memory at `place`; whatever is not understood is left out."""
        memory = cls(place or default_place())
        try:
            data = json.loads(regular.text(memory.place))
        except (OSError, ValueError, RecursionError):
            return memory
        if not isinstance(data, dict):
            return memory
        recent, theme = data.get("recent"), data.get("theme")
        if isinstance(recent, list):
            memory.recent = [Path(p) for p in recent if isinstance(p, str) and "\0" not in p][:RECENT_LIMIT]
        if isinstance(theme, str):
            memory.theme = theme
        memory.queue_places = _queue_places(data.get("desks"))
        memory.figures = _figures(data.get("figures"))
        memory.blind = data.get("blind") is True
        again = data.get("again")
        if isinstance(again, int) and 0 <= again <= 100:
            memory.again = again
        return memory

    @property
    def drafts(self) -> Drafts:
        """The texts that are edited and not saved."""
        return Drafts(self.place.with_name("drafts"))

    def projects(self) -> list[Path]:
        """Return the recent projects that are still there."""
        there: list[Path] = []
        for path in self.recent:
            with contextlib.suppress(OSError):
                if path.is_file():
                    there.append(path)
        return there

    def opened(self, path: Path) -> None:
        """Put `path` first among the recent projects and save."""
        path = path.absolute()
        self.recent = [path, *(other for other in self.recent if other != path)][:RECENT_LIMIT]
        self.save()

    def chose_theme(self, name: str) -> None:
        """Keep the theme and save."""
        if name != self.theme:
            self.theme = name
            self.save()

    def shows_again(self, again: int) -> None:
        """Keep how many of a hundred items are shown again, and save."""
        self.again = again
        self.save()

    def hides_others(self, blind: bool) -> None:
        """Keep whether what others decided is hidden, and save."""
        self.blind = blind
        self.save()

    def left(self, project: Path, place: QueuePlace) -> None:
        """Keep where the review of a project stands, and save."""
        name = str(project.absolute())
        if self.queue_places.get(name) != place:
            self.queue_places.pop(name, None)
            self.queue_places[name] = place
            self.queue_places = dict(list(self.queue_places.items())[-RECENT_LIMIT:])
            self.save()

    def counted(self, project: Path, progress: ReviewProgress) -> None:
        """Keep how much of a project is decided and left, and save."""
        name, figures = str(project.absolute()), Figures(progress.decided + progress.left, progress.decided)
        if self.figures.get(name) != figures:
            self.figures.pop(name, None)
            self.figures[name] = figures
            self.figures = dict(list(self.figures.items())[-RECENT_LIMIT:])
            self.save()

    def queue_place(self, project: Path) -> QueuePlace | None:
        """Return where the review of a project stood."""
        return self.queue_places.get(str(project.absolute()))

    def save(self) -> None:
        """Write the memory in one piece; a place that cannot be written is left alone."""
        places = {name: asdict(place) for name, place in self.queue_places.items()}
        recent = [str(path) for path in self.recent]
        figures = {name: asdict(known) for name, known in self.figures.items()}
        kept = {"figures": figures, "recent": recent, "theme": self.theme, "desks": places}
        data = json.dumps(kept | {"again": self.again, "blind": self.blind})
        with contextlib.suppress(OSError):
            atomic.write_text(self.place, data)


_PLACE = {
    **{"order": str, "view": str, "terms": str, "number": int | None, "seed": int},
    "listed": bool | None,
}


def _queue_places(data: object) -> dict[str, QueuePlace]:
    """Read what was saved; what is not understood is left out."""
    return {
        name: QueuePlace(**values)
        for name, values in (data.items() if isinstance(data, dict) else ())
        if isinstance(values, dict)
        and values.keys() == _PLACE.keys()
        and all(isinstance(values[key], kind) for key, kind in _PLACE.items())
    }


def _figures(data: object) -> dict[str, Figures]:
    """Read what was saved; what is not understood is left out."""
    return {
        name: Figures(**values)
        for name, values in (data.items() if isinstance(data, dict) else ())
        if isinstance(values, dict)
        and values.keys() == {"of", "decided"}
        and all(type(value) is int and value >= 0 for value in values.values())
    }
