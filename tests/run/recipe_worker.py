"""A worker without a model that understands the prompts of the built-in recipes, and keeps what it is asked.

Run as `python recipe_worker.py FOLDER`. Every prompt is added to FOLDER/asked.jsonl. What is answered follows
from the prompt and from the request's seed alone, so that a run that goes on is answered the same.
"""

from __future__ import annotations

import hashlib
import json
import os
import sys
from pathlib import Path
from typing import Any

from app.engine.protocol import encode, receive_blocking

ASKED = Path(sys.argv[1]) / "asked.jsonl"


def send(kind: str, **values: Any) -> None:
    data = encode({"type": kind, **values})
    while data:
        data = data[os.write(1, data) :]


def words(seed: object, count: int = 5) -> str:
    """Words that depend on the seed alone."""
    digest = hashlib.sha256(str(seed).encode()).hexdigest()
    letters = digest.translate(str.maketrans("0123456789", "ghijklmnop"))
    return " ".join(letters[start : start + 6] for start in range(0, 6 * count, 6))


def cases(seed: int) -> str:
    """Instances with their inputs first: one pair, nothing, a contradiction, many, a colon at the end."""
    match seed % 5:
        case 0:
            return f"Output: {words(seed)}"
        case 1:
            return f"I would rather talk about {words(seed)}"
        case 2:
            return f"Example 1\n{words(seed)}\nOutput: one\nExample 2\n{words(seed)}\nOutput: two"
        case 3:
            many = [f"Example {n}\n{words((seed, n))}\nOutput: {words((n, seed))}\n" for n in range(1, 8)]
            return "".join(many)
    first = f"Example 1\nInput: {words(seed)}\nOutput: the first\nInput: again\n"
    return f"{first}Example 2\n{words(-seed)}\nOutput: see:"


def tasks(seed: int) -> str:
    """Whole tasks with the defects that the data of Alpaca is known for."""
    parts = (
        (" Summarise", "\n<noinput>", "\nIt costs 20. dollars.\n\nAnd more.\n###\n"),
        ("Correct", "\nthe text", "\nright "),
        ("Explain", " No input required.", " a merged one\n###\n"),
        ("Visit", "\nhttps://example.org/page", "\nseen\n###\n"),
        ("Forget", "\n<noinput>", "\n\n###\n"),
        ("Draw a picture of", "\n<noinput>", "\ndrawn\n###\n"),
        ("Count", "\n<noinput>", "\nunfinished"),
    )
    text = ""
    for number, (verb, given, output) in enumerate(parts, start=4):
        asked = f"{verb} {words(seed + number)}."
        text += f"{number}. Instruction: {asked}\n{number}. Input:{given}\n{number}. Output:{output}"
    return text.removeprefix("4. Instruction:")


def further_input(seed: int) -> tuple[str, str]:
    """One more input for a task: a new one mostly, else a copy, one that is cut, or none."""
    match seed % 6:
        case 0:
            return " child, knife, tooth", "stop"
        case 1:
            return f" {words(seed)}", "length"
        case 2:
            return "\n", "stop"
    return f" {words(seed)}\n{words(-seed)}", "stop"


def written(seed: int, text: str) -> tuple[str, str]:
    """Return the text for a prompt and how it ended."""
    if text.startswith("Think up a series"):
        return f" Explain {words(seed)}.\n10. Describe {words(seed + 1)}.\n11. Too short.", "stop"
    if text.startswith("Say of each task"):
        return (" Yes" if seed % 3 == 0 else " No", "stop")
    if text.startswith("Name the labels"):
        return f"Class label: good\n{words(seed)}\nClass label: bad\n{words(-seed)}\n", "stop"
    if text.startswith("Make up examples"):
        return cases(seed), "stop"
    if text.startswith("Write 8 different tasks"):
        return tasks(seed), "length"
    if text.startswith("Instructions for an assistant"):
        items = "".join(f"{n}. Tell me {words((seed, n))}.\n" for n in range(9, 12))
        return f"{items.removeprefix('9.')}12. This one is cut {words(seed)}", "length"
    if "Write each between <example>" in text:
        listed = "".join(f"<example>{n}. Tell me {words((seed, n))}.</example>\n" for n in range(3))
        begun = listed.removeprefix("<example>") if text.endswith("<example>") else listed
        return f"{begun}<example>This one is cut {words(seed)}", "length"
    if text.startswith("Each instruction is"):
        old = text.rsplit("Instruction:\n", 1)[1].removesuffix("\nNew instruction:\n").strip()
        leak = "The given prompt is: " if seed % 7 == 0 else ""
        return f"{leak}{old} Mind {words(seed, 3)}.", "stop"
    if text.startswith("Here are two instructions"):
        return ("Equal" if seed % 5 == 0 else "Not equal", "stop")
    if text.startswith("Each task with several different inputs"):
        return further_input(seed)
    return ("Sorry, I cannot." if seed % 6 == 0 else f"The answer is {words(len(text))}.", "end")


def obey(number: str, request: dict[str, Any]) -> None:
    send("started", id=number)
    said = request["messages"][-1]["content"] if request["messages"] else request["prefix"] + request["tail"]
    with ASKED.open("a") as file:
        file.write(json.dumps({"text": said, "messages": request["messages"]}) + "\n")
    text, ended = written(request["seed"], said)
    completion = {"id": number, "text": text, "ended": ended, "prompt_tokens": 9, "tokens": 9, "seconds": 0.1}
    send("done", id=number, completion=completion)


def main() -> None:
    source = os.fdopen(os.dup(0), "rb", buffering=0)
    while (frame := receive_blocking(source)) is not None:
        match frame["type"]:
            case "load":
                send("ready", memory=1)
            case "count":
                send("counted", id=frame["id"], counts=[1 for _ in frame["requests"]])
            case "complete":
                obey(frame["id"], frame["request"])


main()
