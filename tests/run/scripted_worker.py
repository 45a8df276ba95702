"""A worker without a model that answers the recipe's prompts from a script, and misbehaves on cue.

Run as `python scripted_worker.py MODE FOLDER MULTILINE`. Every list prompt gets another task made of words
that no other has; FOLDER remembers what was done only once, over restarts.
"""

from __future__ import annotations

import hashlib
import os
import resource
import signal
import sys
import time
from pathlib import Path
from typing import Any

from app.engine.protocol import encode, receive_blocking
from app.engine.worker.thinking import Markers, split

MODE, FOLDER, MULTILINE = sys.argv[1], Path(sys.argv[2]), sys.argv[3]
MODEL = ""


def send(kind: str, **values: Any) -> None:
    data = encode({"type": kind, **values})
    while data:
        data = data[os.write(1, data) :]


def first_time(name: str) -> bool:
    path = FOLDER / name
    if path.exists():
        return False
    path.touch()
    return True


def words(seed: int) -> str:
    """Five words that depend on the request's seed alone."""
    digest = hashlib.sha256(str(seed).encode()).hexdigest()
    return " ".join(
        digest[start : start + 6].translate(str.maketrans("0123456789", "ghijklmnop"))
        for start in range(0, 30, 6)
    )


def written(request: dict[str, Any]) -> tuple[str, str]:
    """Return the text for a request and how it ended."""
    seed, tail = request["seed"], request["tail"]
    if MODE in ("thinks", "only-thinks") and not request["prefix"]:
        if request["messages"] and MODE == "thinks":
            return f"<think>\nLet me see: {words(seed)}.\n</think>\n\nblue", "end"
        return f"<think>\nLet me see: {words(seed)}", "length"
    if MODE == "rewriter-thinks":
        thought = f"<think>\nHow about it? {words(seed + 1)}"
        return (f"{thought}\n</think>\n\nDescribe {words(seed)}.", "end") if seed % 3 else (thought, "length")
    if MODE == "writer-thinks":
        return f"<think>{words(seed)}", "length"
    if MODE == "chat-writes" and not (tail.endswith(("\ninput:", "\noutput:"))):
        # A writer that follows requests, and continues nothing.
        return (f"Explain {words(seed)}.", "end") if request["messages"] else ("", "end")
    if request["messages"]:
        return f"answer to {request['messages'][-1]['content']}", "end"
    if tail.endswith("\ninput:"):
        block = f" value {words(seed)}\noutput: {MULTILINE if MODE == 'multiline' else 'done'}"
        if MODE == "ramble":
            extra = f"instruction: Harvested {words(seed + 1)}\ninput: more\noutput: also done"
            block = f"{block}\n\n{extra}\n\ninstruction: Broken {words(seed + 2)}\ninput: no output follows"
        return (block, "length") if MODE == "cut" else (block, "stop")
    if tail.endswith("\noutput:"):
        return " plain answer", "stop"
    if request["prefix"] and MODE == "lacks-texts" and seed % 2:
        return f" Summarise the following passage on {words(seed)}.", "stop"
    if request["prefix"]:
        return f" Explain {words(seed)}.", "stop"
    return f"answer to {tail}", "end"


def needed(request: dict[str, Any]) -> int:
    """A word is a token, and what is generated counts with the prompt."""
    texts = [request["prefix"], request["tail"], *(turn["content"] for turn in request["messages"] or ())]
    return len(" ".join(texts).split()) + int(request["sampling"]["max_new_tokens"])


DEATHS = ("SIGKILL", "SIGABRT", "SIGSEGV", "SIGBUS", "exit", "memory", "garbage", "giant", "half", "cut off")
SLOW_DEATHS = ("hang", "SIGSTOP", "mute")
"""Ways to die that take their time: each is noticed by a deadline."""


def die(way: str) -> None:
    """Die as an order says, or do what makes the app end this process."""
    match way:
        case "exit":
            raise SystemExit(3)
        case "memory":
            resource.setrlimit(resource.RLIMIT_AS, (2**30, 2**30))
            bytearray(2**40)
        case "garbage":
            os.write(1, b"llama_model_loader: this is no frame\n")
        case "giant":
            os.write(1, b"\xff\xff\xff\xff")
        case "half":
            os.write(1, b"\x00\x00\x01\x00{")
            raise SystemExit(0)
        case "cut off":
            os.write(1, b"\x00")
            raise SystemExit(0)
        case "mute":
            os.close(1)
        case signalled if signalled.startswith("SIG"):
            os.kill(os.getpid(), signal.Signals[signalled])
    signal.pause()


def die_often(request: dict[str, Any]) -> None:
    """Die at every 18th request once, of every 499th each time; which ones depends on them alone."""
    key = f"{MODEL}-{request['seed']}"
    drawn = int(hashlib.sha256(key.encode()).hexdigest()[:12], 16)
    if drawn % 499 == 1:
        first_time(f"poison-{key}")
        die("SIGABRT")
    if drawn % 18 == 0 and first_time(f"died-{key}"):
        turn = drawn // 18 % 100
        die(SLOW_DEATHS[turn] if turn < len(SLOW_DEATHS) else DEATHS[turn % len(DEATHS)])


def obey(number: str, request: dict[str, Any]) -> None:
    send("started", id=number)
    if MODE == "slow":
        time.sleep(1.0 if (FOLDER / "hold").exists() else 0.05)
    if MODE == "dies-often":
        die_often(request)
    if MODE == "dies-once" and first_time("died"):
        os.kill(os.getpid(), signal.SIGSEGV)
    if MODE == "garbage-once" and first_time("garbage"):
        os.write(1, b"llama_model_loader: this is no frame\n")
        return
    if MODE == "poison" and request["tail"].endswith("\ninput:") and (FOLDER / "poisoned").exists():
        if (FOLDER / "poisoned").read_text() == str(request["seed"]):
            os.kill(os.getpid(), signal.SIGABRT)
    elif MODE == "poison" and request["tail"].endswith("\ninput:"):
        (FOLDER / "poisoned").write_text(str(request["seed"]))
        os.kill(os.getpid(), signal.SIGABRT)
    if MODE == "always-dies" or (MODE == "answerers-die" and not request["prefix"]):
        os.kill(os.getpid(), signal.SIGKILL)
    if MODE == "sick" and not (FOLDER / "well").exists():
        os.write(2, b"GGML_ASSERT(buffer) failed\n")
        os.kill(os.getpid(), signal.SIGABRT)
    text, ended = written(request)
    completion = {"id": number, "text": text, "ended": ended, "prompt_tokens": 9, "tokens": 9, "seconds": 0.1}
    if "<think>" in text:
        parts = split(text, Markers("<think>", "</think>"), opened=False)
        completion |= {"text": parts.answer, "raw": text, "thinking": parts.thinking}
    send("done", id=number, completion=completion)


def main() -> None:
    source = os.fdopen(os.dup(0), "rb", buffering=0)
    while (frame := receive_blocking(source)) is not None:
        match frame["type"]:
            case "load":
                global MODEL
                MODEL = Path(frame["path"]).stem
                if MODE == "dies-often" and len(list(FOLDER.glob("start-*"))) % 10 == 3:
                    first_time(f"start-{os.getpid()}")
                    os.kill(os.getpid(), signal.SIGKILL)
                first_time(f"start-{os.getpid()}")
                if MODE == "answerers-die-loading" and "writer" not in Path(frame["path"]).name:
                    os.kill(os.getpid(), signal.SIGKILL)
                send("ready", memory=1)
            case "count":
                send("counted", id=frame["id"], counts=list(map(needed, frame["requests"])))
            case "complete":
                obey(frame["id"], frame["request"])


main()
