"""The worker process: loads one model, serves requests, ends when its standard input does.

Run as `python -m app.engine.worker`. Standard output carries frames only, standard error llama.cpp's words.
The main thread owns the model; a second one reads frames, so that the end of the app is noticed even
in the middle of a long decode call.
"""

from __future__ import annotations

import ctypes
import os
import queue
import resource
import sys
import threading
import time
from dataclasses import asdict
from pathlib import Path
from typing import Any, BinaryIO

from app.engine.machine import resident_bytes
from app.engine.protocol import Frame, ProtocolError, encode, receive_blocking
from app.engine.request import Completion, request_from_json
from app.engine.settings import Settings
from app.engine.worker.pace import Pace, reading_speed
from app.errors import ModelError

NICENESS = 5
REPORT_EVERY = 0.1
MEASURE_EVERY = 1.0
BAD_FRAME = 65  # EX_DATAERR

_PR_SET_PDEATHSIG = 1
_SIGKILL = 9


def main() -> None:
    """Serve one app until it closes the pipe."""
    _behave()
    frames_in, frames_out = _claim_pipes()
    inbox: queue.SimpleQueue[Frame] = queue.SimpleQueue()
    server = _Server(inbox, frames_out)
    threading.Thread(target=_read, args=(frames_in, inbox, server.interruption), daemon=True).start()
    server.run()


def _behave() -> None:
    """Stay behind the screen, write no core dumps, and die with the app even if it is killed."""
    os.nice(NICENESS)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, _SIGKILL)


def _claim_pipes() -> tuple[BinaryIO, BinaryIO]:
    """Take standard input and output for frames; whatever prints to them later goes elsewhere."""
    frames_in = os.fdopen(os.dup(0), "rb")
    frames_out = os.fdopen(os.dup(1), "wb")
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.dup2(2, 1)
    os.close(nothing)
    return frames_in, frames_out


def _read(frames_in: BinaryIO, inbox: queue.SimpleQueue[Frame], interruption: threading.Event) -> None:
    """Hand frames to the main thread; end the process at the end of the stream, whatever it is doing.

    A request that is no longer wanted interrupts the call under way, which may take seconds.
    """
    try:
        while (frame := receive_blocking(frames_in)) is not None:
            if frame["type"] == "cancel":
                interruption.set()
            inbox.put(frame)
    except (ProtocolError, OSError, MemoryError) as error:
        os.write(2, f"worker: {error}\n".encode())
        os._exit(BAD_FRAME)
    os._exit(0)


class _Server:
    """Loads on the first frame, then alternates between the inbox and the model."""

    def __init__(self, inbox: queue.SimpleQueue[Frame], frames_out: BinaryIO) -> None:
        self._inbox = inbox
        self._out = frames_out
        self._announced = 0
        self._reported_at = 0.0
        self._measured_at = 0.0
        self._memory = 0
        self._pace = Pace()
        self._called = 0
        self.interruption = threading.Event()

    def run(self) -> None:
        order = self._inbox.get()
        try:
            match order["type"]:
                case "devices":
                    self._tell_devices()
                case "calibrate":
                    self._measure(order)
                case "vocabulary":
                    self._serve_counts(order)
                case _:
                    self._load(order)
                    self._serve()
        except ModelError as error:
            self._send("refused", message=error.message, hint=error.hint)

    def _serve(self) -> None:
        while True:
            self._obey()
            for completion in self._step() if self._runner.busy else ():
                self._send("done", id=completion.id, completion=asdict(completion))

    def _step(self) -> list[Completion]:
        """Make one call of the model and take its time."""
        self._called, began = 0, time.monotonic()
        finished = self._runner.step()
        if self._called:
            self._pace.note(self._called, time.monotonic() - began)
        return finished

    def _tell_devices(self) -> None:
        from app.engine.worker.hardware import build, gpus, supports_gpus

        self._send("devices", built_for_gpus=supports_gpus(), gpus=gpus(), build=build())

    def _measure(self, order: Frame) -> None:
        from app.engine.worker.measuring import serve

        serve(order, self._inbox.get, self._send, self._loading)

    def _serve_counts(self, order: Frame) -> None:
        from app.engine.worker.loading import load_vocabulary

        self._vocabulary = load_vocabulary(Path(order["path"]))
        self._send("ready")
        while True:
            self._count(self._inbox.get())

    def _load(self, order: Frame) -> None:
        # Imported here, so that pipes and limits are set before llama.cpp and OpenMP start.
        from app.engine.worker.decoder import Decoder
        from app.engine.worker.encdec import EncoderDecoder
        from app.engine.worker.loading import Vocabulary, load
        from app.engine.worker.prefixes import PrefixStore
        from app.engine.worker.runner import Hooks, Runner

        settings, path = Settings.from_json(order["settings"]), Path(order["path"])
        self._send("loading", step="disk", fraction=0.0, disk=reading_speed(path))
        loaded = load(path, settings, self._loading, self.interruption)
        hooks = Hooks(taking=lambda item: self._send("started", id=item), calling=self._working)
        self._vocabulary = Vocabulary(loaded.vocab, loaded.template, loaded.encodes)
        self._runner: Runner
        if loaded.encodes:
            self._runner = EncoderDecoder(loaded, hooks)
        else:
            kept = PrefixStore(Path(order["prefixes"]), loaded, settings)
            self._runner = Decoder(loaded, hooks, kept)
        self._send(
            "ready",
            context_length=loaded.context_length,
            parallel=loaded.parallel,
            memory=resident_bytes(),
        )

    def _obey(self) -> None:
        """Handle what has arrived; wait for something when there is nothing to generate."""
        while not self._runner.busy or not self._inbox.empty():
            self._handle(self._inbox.get())

    def _handle(self, frame: Frame) -> None:
        match frame["type"]:
            case "complete":
                self._runner.submit(request_from_json(frame["request"] | {"id": frame["id"]}))
            case "cancel":
                self.interruption.clear()
                self._runner.cancel(frame["id"])
            case "count":
                self._send("started", id=frame["id"])
                self._count(frame)
            case other:
                raise ProtocolError(f"no message is called {other!r}")

    def _count(self, frame: Frame) -> None:
        from app.engine.worker.prompts import tokens_needed

        requests = map(request_from_json, frame["requests"])
        counts = [tokens_needed(self._vocabulary, request) for request in requests]
        self._send("counted", id=frame["id"], counts=counts)

    def _loading(self, step: str, fraction: float) -> None:
        now = time.monotonic()
        if fraction in (0.0, 1.0) or now - self._reported_at >= REPORT_EVERY:
            self._reported_at = now
            self._send("loading", step=step, fraction=fraction)

    def _working(self, tokens: int) -> None:
        """Tell the app, before a decode call, how much it has to wait for; small news are collected."""
        self._called = tokens
        now = time.monotonic()
        if tokens <= self._announced and now - self._reported_at < REPORT_EVERY:
            return
        if now - self._measured_at >= MEASURE_EVERY:
            self._measured_at, self._memory = now, resident_bytes()
        self._announced, self._reported_at = tokens, now
        self._send(
            "working",
            tokens=tokens,
            expected=self._pace.expected(tokens),
            live=self._runner.live,
            generated=self._runner.generated,
            memory=self._memory,
            writing=self._runner.writing,
        )

    def _send(self, kind: str, **values: Any) -> None:
        self._out.write(encode({"type": kind, **values}))
        self._out.flush()


if __name__ == "__main__":
    main()
