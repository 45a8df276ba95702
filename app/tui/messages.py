"""What the app tells its screens. Every message is a fact that already holds."""

from __future__ import annotations

from textual.message import Message

from app.run.progress import RunSnapshot


class SnapshotTaken(Message):
    """The run that is going looks like this now; a newer one replaces it."""

    bubble = False

    def __init__(self, snapshot: RunSnapshot) -> None:
        super().__init__()
        self.snapshot = snapshot

    def can_replace(self, message: Message) -> bool:
        """Let only the latest picture wait in the queue."""
        return isinstance(message, SnapshotTaken)


class RunEnded(Message):
    """The run has come to its end: done, stopped or failed."""

    bubble = False


class ProjectChanged(Message):
    """Another project is open, or what Home tells about it is out of date."""

    bubble = False
