"""A person's own editor ($VISUAL, else $EDITOR) on a text: what it wrote is read back, its file removed."""

from __future__ import annotations

import asyncio
import os
import shlex
import signal
import tempfile
from collections.abc import Sequence
from pathlib import Path

from textual.app import App, SuspendNotSupported

from app import regular
from app.errors import QuorumError

STAYS = "The text here stays as it is."


def command() -> list[str]:
    """Return the program and arguments that edit a file. Raises QuorumError where none is set."""
    chosen = os.environ.get("VISUAL", "").strip() or os.environ.get("EDITOR", "").strip()
    try:
        words = shlex.split(chosen)
    except ValueError as error:
        raise QuorumError(
            f"The editor {chosen!r} cannot be read: {error}.", "Set VISUAL or EDITOR."
        ) from error
    if not words:
        raise QuorumError("No editor is set.", "Set VISUAL or EDITOR, for example EDITOR=nano.")
    return words


async def edited(app: App[None], text: str) -> str:
    """Give the terminal to the editor until it ends; return what it wrote. Raises QuorumError.

    The event loop goes on meanwhile, and with it a run that is in progress; nothing is drawn.
    """
    words = command()
    with tempfile.TemporaryDirectory(prefix="quorum-edit-") as folder:
        place = Path(folder) / "answer.md"
        place.touch(0o600)
        place.write_text(text, "utf-8")
        try:
            with app.batch_update(), app.suspend():
                failure = await _run([*words, str(place)])
        except SuspendNotSupported as error:
            raise QuorumError("An editor cannot be opened in this terminal.", STAYS) from error
        if failure:
            raise QuorumError(f"The editor {words[0]!r} {failure}.", STAYS)
        written = _read(place)
    # Editors end a file with a line feed, which is no part of a text that had none.
    return written if text.endswith("\n") else written.removesuffix("\n")


async def _run(words: Sequence[str]) -> str:
    """Run a program on the terminal; return what went wrong, empty for nothing.

    It raises nothing: the terminal would not be taken back. Ctrl+C in the program ends nothing here.
    """
    loop = asyncio.get_running_loop()
    if signal.getsignal(signal.SIGINT) is not signal.SIG_IGN:
        loop.add_signal_handler(signal.SIGINT, lambda: None)  # the driver sets its own again afterwards
    try:
        program = await asyncio.create_subprocess_exec(*words)
        status = await program.wait()
    except (OSError, ValueError) as error:
        return f"cannot be started: {getattr(error, 'strerror', None) or error}"
    return f"ended with status {status}" if status else ""


def _read(place: Path) -> str:
    try:
        return regular.text(place)
    except (OSError, UnicodeDecodeError) as error:
        raise QuorumError(f"What the editor wrote cannot be read: {error}.", STAYS) from error
