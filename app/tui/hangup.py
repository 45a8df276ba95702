"""Leave in order when the terminal is gone: nothing can be shown any more, but everything can be stored."""

from __future__ import annotations

import os
import signal
import threading
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from app.tui.app import QuorumApp

EXIT_HANGUP = 128 + signal.SIGHUP
PATIENCE = 20.0


def leave(app: QuorumApp) -> None:
    """Stop the run, close the project and end the process, without another word to the screen.

    What writes to a closed terminal dies of it, and then blocks whoever writes next; what reads from one is
    told for ever that there is something to read. Both are stopped first, and a deadline holds in any case:
    what is stored is safe at every moment.
    """
    driver = app._driver
    if driver is not None:
        setattr(driver, "write", _nowhere)  # noqa: B010 (a method, which types do not let be replaced)
        getattr(driver, "exit_event", threading.Event()).set()
    deadline = threading.Timer(PATIENCE, os._exit, [EXIT_HANGUP])
    deadline.daemon = True
    deadline.start()
    app.run_worker(_close(app), group="quit")


async def _close(app: QuorumApp) -> None:
    try:
        await app.stop_run()
        await app.close_project()
    finally:
        os._exit(EXIT_HANGUP)


def _nowhere(_text: str) -> None:
    """Write nothing."""
