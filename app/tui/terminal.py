"""The terminal as the app draws on it, and what comes from outside: a request to end, a closed window."""

from __future__ import annotations

import asyncio
import os
import select
import signal
import threading
from collections.abc import Callable
from typing import Any, cast

from textual.drivers.linux_driver import LinuxDriver
from textual.message import Message

EXIT_HANGUP = 128 + signal.SIGHUP
PATIENCE = 20.0
"""Seconds in which the app stores what it has once its terminal is gone; nothing stored is ever at risk."""


WATCH = 1.0
"""Seconds between two looks at whether the terminal is still there."""


class EndRequested(Message):
    """The system or a person asks the app to end from outside (SIGTERM, SIGINT, SIGQUIT)."""


class TerminalClosed(Message):
    """The terminal is gone: nothing can be shown any more, but everything can be stored."""


class TerminalDriver(LinuxDriver):
    """Turns the signals that end a program into messages, so that the app ends in order."""

    _closed = False

    def start_application_mode(self) -> None:
        """Begin to draw, and to listen for signals."""
        super().start_application_mode()  # type: ignore[no-untyped-call]
        # Without this, SIGTERM would end the process with the terminal in the modes of the screens.
        loop = asyncio.get_running_loop()
        for number in (
            signal.SIGTERM,
            signal.SIGINT,
            signal.SIGQUIT,
        ):
            if signal.getsignal(number) is not signal.SIG_IGN:
                loop.add_signal_handler(number, lambda: self.send_message(EndRequested()))
        loop.add_signal_handler(signal.SIGHUP, self._hang_up)
        self._watch(loop)

    def _watch(self, loop: asyncio.AbstractEventLoop) -> None:
        """Hang up when the terminal is closed: SIGHUP only tells those whose controlling terminal it was."""
        if not self._is_gone():
            loop.call_later(WATCH, self._watch, loop)

    def _is_gone(self) -> bool:
        """Say whether the terminal is closed; hang up where nobody had noticed."""
        terminal = select.poll()
        terminal.register(self.fileno, 0)  # a hang-up is told without being asked for
        if not self._closed and any(event & select.POLLHUP for _, event in terminal.poll(0)):
            self._hang_up()
        return self._closed

    def _hang_up(self) -> None:
        if self._closed:
            return
        # What writes to a closed terminal dies of it, and then blocks whoever writes next; what reads from
        # one reports for ever that there is something to read.
        self._closed = True
        self.exit_event.set()
        deadline = threading.Timer(PATIENCE, os._exit, [EXIT_HANGUP])
        deadline.daemon = True
        deadline.start()
        self.send_message(TerminalClosed())

    def _sigtstp_application(self, *_: object) -> None:
        """Stop once the loop is at it: see `_later`."""
        if not self._later(super()._sigtstp_application):
            os.kill(os.getpid(), signal.SIGSTOP)

    def _sigcont_application(self, *_: object) -> None:
        """Take the terminal up again once the loop is at it: see `_later`."""
        self._later(self._take_up)

    def _later(self, work: Callable[[], None]) -> bool:
        """Do what a signal asks for outside its handler; False without a loop, before and after all else.

        A handler can interrupt the very writing to the terminal which it would do itself, and then waits for
        ever for the lock that the interrupted one holds.
        """
        try:
            asyncio.get_running_loop().call_soon_threadsafe(work)
        except RuntimeError:
            return False
        return True

    def _take_up(self) -> None:
        """Take the terminal up again after a stop, but not once it was given back for good."""
        if not self._auto_restart or cast("Any", self._app).leaving:
            return
        # The kernel sends SIGCONT with the SIGHUP of a terminal that is closed, and what writes to it blocks.
        if self._is_gone():
            return
        if not self._must_signal_resume:
            # SIGSTOP came without a word. A terminal that is taken up twice has two readers, and is not given
            # back as it was.
            self.suspend_application_mode()
            self._must_signal_resume = True
        self.resume_application_mode()

    def write(self, data: str) -> None:
        """Write to the terminal while there is one."""
        if not self._closed:
            super().write(data)
