"""A worker without a model, that does what the requests tell it to: answer, crash, hang, lie.

Run as `python fake_worker.py FOLDER [LOADING]`. The request's tail is the order; FOLDER counts the starts and
the orders obeyed "once". Requests that are there together are taken together, as a batch would.
"""

from __future__ import annotations

import os
import select
import signal
import sys
import time
from pathlib import Path
from typing import Any, NoReturn

from app.engine.protocol import Frame, encode, receive_blocking

FOLDER = Path(sys.argv[1])
LOADING = sys.argv[2] if len(sys.argv) > 2 else ""
BATCH_WAIT = 0.05


def send(kind: str, **values: Any) -> None:
    write(encode({"type": kind, **values}))


def write(data: bytes) -> None:
    while data:
        data = data[os.write(1, data) :]


def die(number: int) -> NoReturn:
    os.kill(os.getpid(), number)
    time.sleep(60)
    raise SystemExit(1)


def count(name: str) -> int:
    """Count how often this was called with `name`, over all starts of the worker."""
    with (FOLDER / name).open("a") as file:
        file.write("x")
        return file.tell()


def answer(number: str, text: str) -> None:
    completion = {"id": number, "text": text, "ended": "end", "prompt_tokens": 1, "tokens": 1, "seconds": 0.0}
    send("done", id=number, completion=completion)


def obey(number: str, order: str) -> None:
    """Do what the tail of a request says; anything unknown is answered."""
    if order.startswith("once:"):
        order = order.removeprefix("once:")
        order = order if count("obeyed-" + order) == 1 else "answered after all"
    match order:
        case "abort":
            os.write(2, b"GGML_ASSERT(n_tokens <= n_batch) failed\n")
            die(signal.SIGABRT)
        case "segv":
            die(signal.SIGSEGV)
        case "kill":
            die(signal.SIGKILL)
        case "exit":
            raise SystemExit(3)
        case "hang":
            signal.pause()
        case "mute":
            os.close(1)
            signal.pause()
        case "slow":
            expected = float((FOLDER / "expected").read_text())
            send("working", tokens=1000, expected=expected, live=1, generated=1, memory=1)
            time.sleep(1.5)
            answer(number, "took its time")
        case "garbage":
            write(b"\x00\x00\x00\x05hello")
        case "prints":
            write(b"llama_model_loader: loaded meta data\n")
        case "giant":
            write(b"\xff\xff\xff\xff")
        case "half":
            write(b"\x00\x00\x01\x00{")
            raise SystemExit(0)
        case "wrong id":
            answer("4711", "who asked?")
        case "old id":
            answer("1", "again")
        case "wrong kind":
            send("counted", id=number, counts=[1])
        case "wrong shape":
            send("done", id=number, completion={"text": 3})
        case "unknown message":
            send("song")
        case "noise":
            os.write(2, b"x" * 3_000_000)
            answer(number, "noise made")
        case _:
            answer(number, order.upper())


def load() -> None:
    send("loading", step="weights", fraction=0.5)
    match LOADING:
        case "refuse":
            send("refused", message="No such tensor.", hint="Get another file.")
            raise SystemExit(0)
        case "die":
            os.write(2, b"GGML_ASSERT(hparams.n_layer <= 512) failed\n")
            die(signal.SIGABRT)
        case "hang":
            signal.pause()
        case number if number.startswith("SIG"):
            deaths = int((FOLDER / "deaths").read_text())
            (FOLDER / "deaths").write_text(str(deaths - 1))
            if deaths > 0:
                die(signal.Signals[number])
        case "skip":
            send("done", id="1")
    send("ready", context_length=64, parallel=4, memory=1)


def waiting() -> bool:
    return bool(select.select([0], [], [], BATCH_WAIT)[0])


def take(first: Frame) -> list[Frame]:
    """Take the first message and all others that are there, and say so."""
    frames = [first]
    source = os.fdopen(os.dup(0), "rb", buffering=0)
    while waiting():
        frame = receive_blocking(source)
        if frame is None:
            break
        frames.append(frame)
    for frame in frames:
        if frame["type"] != "cancel":
            send("started", id=frame["id"])
    return frames


def main() -> None:
    count("starts")
    source = os.fdopen(os.dup(0), "rb", buffering=0)
    receive_blocking(source)
    load()
    while (first := receive_blocking(source)) is not None:
        for frame in take(first):
            if frame["type"] == "count":
                send(
                    "counted", id=frame["id"], counts=[len(request["tail"]) for request in frame["requests"]]
                )
            elif frame["type"] == "complete":
                send("working", tokens=1, live=1, generated=1, memory=1)
                obey(frame["id"], frame["request"]["tail"])
            else:
                (FOLDER / "cancelled").write_text(frame["id"])


if __name__ == "__main__":
    main()
