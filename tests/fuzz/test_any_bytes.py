"""Whatever bytes stand in a file that is read, or come from a worker: an answer or a reason."""

from __future__ import annotations

import io
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.engine import protocol
from app.engine.json_cache import recall
from app.engine.protocol import ProtocolError, receive_blocking
from app.engine.request import Message, completion_from_json
from app.engine.worker.template import ChatTemplate, TemplateFailed
from app.errors import QuorumError
from app.intake import decided, judged, reader
from app.intake.given import read_candidates
from app.intake.seeds import read_seed_tasks
from app.intake.topics import read_topics
from app.method import recipe
from app.method.loops import loops
from app.method.marks import bare_instruction, bare_value, said_once
from app.method.parse import parse_instances, parse_instructions
from app.method.parse_cases import parse_input_first, parse_output_first, parse_yes
from app.method.parse_tagged import parse_numbered, parse_tagged
from app.method.refusals import refuses
from app.tui import keys
from app.tui.memory import Memory
from tests.faults.figures import LONG, note
from tests.hostile import HOSTILE

EXAMPLES = 50_000 if LONG else 60
Reads = Callable[[Path], object]


def candidates(path: Path) -> None:
    with reader.opened(path) as reading:
        list(read_candidates(reading, "model"))


def decisions(path: Path) -> None:
    with decided.opened(path) as reading:
        list(reading)


def judgements(path: Path) -> None:
    with judged.opened(path) as reading:
        list(reading)


def frames(path: Path) -> None:
    with path.open("rb") as file:
        while (frame := receive_blocking(file)) is not None:
            if frame["type"] == "done":
                completion_from_json(frame["completion"])


def completion(path: Path) -> None:
    text = path.read_bytes().decode("utf-8", "replace")
    parse_instructions(text), parse_instances(text, "A"), parse_instances(text, "B")
    parse_input_first(text), parse_output_first(text), parse_yes(text, ["yes"])
    parse_tagged(text, "<task>", "</task>"), parse_numbered(text)
    bare_instruction(text), bare_value(text), said_once(text), loops(text), refuses(text)


def template(path: Path) -> None:
    source = path.read_bytes().decode("utf-8", "replace")
    ChatTemplate(source, "<s>", "</s>").render([Message("user", "Hello.")])


SEED = b'{"instruction": "Name a colour.", "input": "", "output": "red", "instances": [{"input": "a"}]}\n'
FRAME = protocol.encode(
    {
        "type": "done",
        "id": "1",
        "completion": {"id": "1", "text": "a", "ended": "end", "prompt_tokens": 1, "tokens": 1, "seconds": 1},
    }
)
READERS: dict[str, tuple[Reads, tuple[bytes, ...]]] = {
    "seeds.jsonl": (read_seed_tasks, (SEED * 3, b"[" + SEED + b"," + SEED + b"]")),
    "seeds.csv": (read_seed_tasks, (b'instruction,input,output\n"Say, please",b,c\nd,e,f\n',)),
    "seeds.txt": (read_seed_tasks, (b"Name a colour.\nName a fruit.\n",)),
    "seeds.parquet": (read_seed_tasks, (b"PAR1\x15\x04\x15\x10PAR1",)),
    "candidates.jsonl": (
        candidates,
        (b'{"instruction": "a", "outputs": [{"model": "m", "output": "b"}]}\n',),
    ),
    "decisions.jsonl": (decisions, (b'{"item": 1, "decision": "accept", "rating": 3, "tags": ["a"]}\n' * 2,)),
    "judgements.jsonl": (
        judgements,
        (b'{"item": 1, "outputs": [{"output": "a", "grade": "right"}], "valid": true}\n' * 2,),
    ),
    "topics.txt": (read_topics, (b"Physics\nCooking\n",)),
    "recipe.toml": (recipe.load, tuple(recipe.source(name).encode() for name in recipe.builtin_names())),
    "keys.toml": (keys.load, (b'"review.accept" = "x"\n[run]\npause = ["p", "space"]\n',)),
    "memory.json": (Memory.load, (b'{"recent": ["/a"], "theme": "x", "desks": {"/a": {}}, "again": 3}',)),
    "cache.json": (lambda path: recall(path, "key"), (b'{"key": [1, 2, "x"]}',)),
    "frames": (frames, (FRAME * 2,)),
    "completion": (completion, (b"instruction: a\ninput: b\noutput: c\n\n1. d\n2. <task>e</task>\n",)),
    "template": (template, (b"{% for m in messages %}{{ m.role }}: {{ m.content | trim }}\n{% endfor %}",)),
}
FOREIGN = [text.encode("utf-8", "surrogatepass") for name, text in HOSTILE.items() if name != "long"]
PIECES = [
    *(b"\xff\xfe", b"\xef\xbb\xbf", b"\0", b"\r", b"\x80", b"\xed\xa0\x80", b"\\ud800", b"\\u0000"),
    *(b"[", b"{", b'"', b"'", b"}", b"]", b",", b"\n", b"=", b"{%", b"{{", b"1e999", b"NaN", b"-", b"null"),
    *(b"[" * 2000, b'{"a":' * 2000, b"9" * 5000, b"\xff" * 8, b"x" * 3000),
]


@st.composite
def contents(draw: st.DrawFn, samples: tuple[bytes, ...]) -> bytes:
    """Draw any bytes, or a good file with something done to it."""
    if draw(st.booleans()):
        return draw(st.binary(max_size=300))
    data = bytearray(draw(st.sampled_from(samples)))
    for _ in range(draw(st.integers(1, 4))):
        at = draw(st.integers(0, len(data)))
        length = draw(st.sampled_from((0, 0, 1, 5, 50)))
        data[at : at + length] = draw(
            st.one_of(st.sampled_from(PIECES), st.sampled_from(FOREIGN), st.binary(max_size=9))
        )
    return bytes(data)


@pytest.mark.parametrize("name", READERS)
def test_any_bytes_are_read_or_refused_with_a_reason(tmp_path: Path, name: str) -> None:
    reads, samples = READERS[name]
    path = tmp_path / name
    tried = refused = 0

    @settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))
    @given(contents(samples))
    def attempt(data: bytes) -> None:
        nonlocal tried, refused
        tried += 1
        path.write_bytes(data)
        try:
            reads(path)
        except QuorumError as error:
            refused += 1
            assert error.message
        except (ProtocolError, TemplateFailed) as error:
            refused += 1
            assert str(error)
        except (KeyError, TypeError, ValueError):
            assert name == "frames", "the supervisor turns these into the worker's end"

    attempt()
    note("any bytes in files, frames, templates", tried=tried, refused=refused, tracebacks=0)


SLOW = {
    "lines": b"a\n",
    "brackets": b"[",
    "objects": b'{"a":',
    "quotes": b'"',
    "commas": b'",',
    "tags": b"<task>",
    "inputs": b"input: x\n",
    "outputs": b"output:\n",
    "numbers": b"1. a\n",
    "blanks": b" \t ",
    "breaks": b"\n\n",
    "statements": b"{% if a %}",
    "thoughts": b"<think>",
}


@pytest.mark.parametrize("name", ["seeds.jsonl", "seeds.csv", "seeds.txt", "decisions.jsonl", "completion"])
def test_a_large_file_of_anything_takes_no_more_than_its_share_of_time(tmp_path: Path, name: str) -> None:
    reads, _ = READERS[name]
    path = tmp_path / name
    size = 2**20 if LONG else 2**17
    for what, piece in SLOW.items():
        path.write_bytes(piece * (size // len(piece)))
        began = time.process_time()
        try:
            reads(path)
        except QuorumError as error:
            assert error.message
        took = time.process_time() - began
        assert took < 20 * size / 2**20, (what, took)
        note("large files of one thing", tried=1)


def test_a_frame_of_any_length_is_refused_before_it_is_read() -> None:
    for length in (protocol.LIMIT + 1, 2**31, 2**32 - 1):
        with pytest.raises(ProtocolError):
            receive_blocking(io.BytesIO(length.to_bytes(4, "big") + b"{}"))
