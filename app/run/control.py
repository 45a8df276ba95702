"""The hand on a run: pause, resume, stop after this wave. Stopping at once is cancelling its task."""

from __future__ import annotations

import asyncio

from app.run.progress import RunState


class RunControl:
    """Wishes of the person watching, looked at by the stages between two requests."""

    def __init__(self) -> None:
        self._open = asyncio.Event()
        self._open.set()
        self.stop_after_wave = False

    @property
    def paused(self) -> bool:
        """Whether new requests are held back."""
        return not self._open.is_set()

    @property
    def state(self) -> RunState:
        """What these wishes make of a run that goes on."""
        if self.paused:
            return RunState.PAUSED
        return RunState.STOPPING if self.stop_after_wave else RunState.RUNNING

    def pause(self) -> None:
        """Hold back new requests; what is being written is finished."""
        self._open.clear()

    def resume(self) -> None:
        """Let requests go again."""
        self._open.set()

    async def gate(self) -> None:
        """Wait until requests may go."""
        await self._open.wait()
