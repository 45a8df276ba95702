"""Everything known to make llama.cpp fail, and the message a person gets instead.

Two things that end a process using llama-cpp-python cannot be brought about here: grammars (a bad one is a
segmentation fault) are not used at all, and one model is never used by two threads, because a worker's main
thread is the only one that calls llama.cpp. Forking a process that has generated hangs; workers are started
as new programs, and never fork.
"""

from __future__ import annotations

import asyncio
import os
import shutil
import signal
import sys
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from app.cli.main import main
from app.engine.catalog import BundledModels
from app.engine.gguf import read_header
from app.engine.process import default_command
from app.engine.request import Message, Request, Sampling
from app.engine.restart_policy import Patience
from app.engine.settings import default_settings
from app.engine.state import EngineState
from app.engine.supervisor import Engine
from app.errors import ModelError
from tests.engine.tiny_gguf import COMPLETE, COMPLETE_TENSORS, build, changed, write

BRIEF = Patience(load=60.0, answer=20.0, first_delay=0.01, longest_delay=0.02, leave=0.5)
SHORT = Sampling(max_new_tokens=4)


def complete(**changes: Any) -> dict[str, Any]:
    """Return the metadata of a model that works, with some keys changed (dots written as __)."""
    return COMPLETE | {key.replace("__", "."): thing for key, thing in changes.items()}


def tiny(**changes: Any) -> bytes:
    return build(complete(**changes), COMPLETE_TENSORS)


Told = Callable[[Path], str]


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Told:
    """Run `quorum models check` on a file that cannot be used; return what the person reads."""

    def run(path: Path) -> str:
        monkeypatch.setattr(sys, "argv", ["quorum", "models", "check", str(path)])
        with pytest.raises(SystemExit) as ended:
            main()
        words = capsys.readouterr().err
        assert ended.value.code == 1
        assert "Traceback" not in words
        assert not [c for c in words if (ord(c) < 32 and c != "\n") or 127 <= ord(c) < 160], words
        return " ".join(words.split())

    return run


# Files that are refused before llama.cpp sees them


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "is empty"),
        (b"<!DOCTYPE html><html>Sign in</html>", "web page"),
        (b"version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 5\n", "Git LFS pointer"),
        (b"\x1b[2J no model", "does not begin with 'GGUF'"),
        (build()[:-1], "cut short"),
        (build()[: len(build()) // 2], "cut short"),
        (tiny(general__architecture="x\x1b[2Jy"), "does not know the architecture 'x␛[2Jy'"),
        (build(changed(tokenizer__ggml__model=None)), "the file has no tokenizer"),
        (tiny(tokenizer__ggml__tokens=["a", "a"]), "a token appears twice in its vocabulary"),
        (tiny(tokenizer__ggml__tokens=[1, 2, 3]), "vocabulary"),
        (tiny(llama__block_count=0), "a block_count of 0 is not plausible. The file is damaged."),
        (tiny(llama__block_count=513), "a block_count of 513 is not plausible"),
        (tiny(llama__attention__layer_norm_rms_epsilon=-1.0), "epsilon of -1.0 is not plausible"),
        (tiny(llama__attention__layer_norm_rms_epsilon=float("nan")), "epsilon of nan is not plausible"),
        (tiny(llama__context_length=2**32 - 1), "a context_length of 4294967295 is not plausible"),
        (tiny(llama__context_length=2**31 - 1), "a context_length of 2147483647 is not plausible"),
    ],
    ids=[
        *("empty", "HTML", "LFS pointer", "wrong magic", "one byte short", "half", "unknown architecture"),
        *("no tokenizer", "duplicate token", "tokens are numbers", "no layers", "513 layers"),
        *("negative epsilon", "epsilon NaN", "context 2^32-1", "context 2^31-1"),
    ],
)
def test_a_file_llama_cpp_would_fail_on_is_refused_by_name_and_reason(
    told: Told, tmp_path: Path, data: bytes, words: str
) -> None:
    said = told(write(tmp_path / "bad.gguf", data))
    assert said.startswith("quorum: ") and "bad.gguf" in said and words in said


def test_a_path_that_leads_nowhere_is_named(told: Told, tmp_path: Path) -> None:
    assert "gone\u241b.gguf does not exist" in told(tmp_path / "gone\x1b.gguf")


# Files that pass the header check, and fail in the worker

LOOP = "{% for i in range(99999) %}{% for j in range(99999) %}{% endfor %}{% endfor %}"
DOUBLE = "{% set s = namespace(x='aaaaaaaa') %}{% for i in range(60) %}{% set s.x = s.x ~ s.x %}{% endfor %}"


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (
            tiny(tokenizer__ggml__model="bert"),
            "its worker crashed, llama.cpp gave up (SIGABRT)",
        ),
        (build(COMPLETE, COMPLETE_TENSORS[:-1]), "cannot be loaded: llama_model_load: error"),
        (build(COMPLETE, COMPLETE_TENSORS, lambda _n, shape: np.full(shape, np.nan)), "are not numbers"),
        (tiny(tokenizer__chat_template="{% for %}"), "chat template does not work: TemplateSyntaxError"),
        (tiny(tokenizer__chat_template="{{ raise_exception('no\x1b[2J') }}"), "does not work: no␛[2J"),
        (tiny(tokenizer__chat_template="{{ raise_exception('x' * 900000) }}"), "does not work: xxx"),
        (
            tiny(
                tokenizer__ggml__model="gpt2",
                tokenizer__ggml__merges=["a b"],
                tokenizer__ggml__pre="p" * 10**6,
            ),
            "unknown pre-tokenizer type: 'ppp",
        ),
        (tiny(tokenizer__chat_template=LOOP), "the template takes longer than 2 seconds"),
        (tiny(tokenizer__chat_template="{{ 'a' * 3000000000 }}"), "repeats something too often"),
        (tiny(tokenizer__chat_template="{{ 'a'|center(3000000000) }}"), "needs too much memory"),
        (tiny(tokenizer__chat_template=DOUBLE), "needs too much memory"),
    ],
    ids=[
        *("aborts while loading", "a tensor is missing", "weights are NaN", "template does not compile"),
        *("template refuses", "template refuses at length", "unknown pre-tokenizer of a megabyte"),
        *("template loops", "template repeats"),
        *("template pads", "template doubles"),
    ],
)
def test_a_file_that_fails_in_the_worker_says_at_which_step_and_why(
    told: Told, tmp_path: Path, data: bytes, words: str
) -> None:
    path = write(tmp_path / "bad.gguf", data)
    assert read_header(path).size == len(data), "it is to pass the header check"
    said = told(path)
    assert "bad.gguf" in said and words in said and len(said) < 5000, said


# Prompts and contexts


@asynccontextmanager
async def running(path: Path, **settings: Any) -> AsyncIterator[Engine]:
    """Load a model with some settings changed, and unload it in the end."""
    chosen = replace(default_settings(read_header(path), headless=False), **settings)
    engine = Engine(path, settings=chosen, patience=BRIEF)
    try:
        await engine.start()
        yield engine
    finally:
        await engine.close()


@pytest.fixture
def good(tmp_path: Path) -> Path:
    """A model that works, without a chat template; its context is 64 tokens.

    Each byte is a token; a begin token and a space of three bytes come in front."""
    return write(tmp_path / "good.gguf", tiny())


@pytest.mark.parametrize(
    ("request_", "ended", "error"),
    [
        (
            Request("r", tail="a" * 64),
            "error",
            "The prompt has 68 tokens; a context of 64 tokens has room for 63.",
        ),
        (Request("r", tail="a" * 10**6), "error", "The prompt has 1,000,000 characters; a context of"),
        (Request("r", tail="\ud800"), "length", ""),
        (Request("r"), "length", ""),
        (Request("r", tail="a\0b"), "length", ""),
        (Request("r", messages=()), "error", "This model has no chat template."),
        (Request("r", messages=(Message("user", "Hi."),)), "error", "This model has no chat template."),
    ],
    ids=["longer than the context", "huge", "lone surrogate", "empty", "NUL", "no messages", "no template"],
)
async def test_a_prompt_is_answered_or_refused_and_the_worker_lives(
    good: Path, request_: Request, ended: str, error: str
) -> None:
    async with running(good) as engine:
        pid = engine.worker_pid
        completion = await engine.complete(replace(request_, sampling=SHORT))
        assert (completion.ended, completion.error[: len(error)]) == (ended, error)
        assert (await engine.complete(Request("next", tail="a", sampling=SHORT))).ended == "length"
        assert engine.worker_pid == pid and not engine.state.restarts


async def test_a_template_that_refuses_some_messages_costs_only_those(tmp_path: Path) -> None:
    source = "{% if messages[0].content == 'x' %}{{ raise_exception('not x') }}{% endif %}a"
    path = write(tmp_path / "choosy.gguf", tiny(tokenizer__chat_template=source))
    async with running(path) as engine:
        asked = [Request(text, messages=(Message("user", text),), sampling=SHORT) for text in ("x", "y")]
        refused, answered = await asyncio.gather(*map(engine.complete, asked))
    assert refused.error == "The model's chat template does not take this: not x"
    assert answered.ended == "length"


@pytest.mark.parametrize("context", [64, 50])  # llama.cpp rounds it up to 256
async def test_generation_stops_where_the_context_ends(good: Path, context: int) -> None:
    async with running(good, context=context, parallel=2) as engine:
        sampling = Sampling(max_new_tokens=10**6, min_new_tokens=10**6)
        completion = await engine.complete(Request("r", tail="a" * 30, sampling=sampling))
        refused = await engine.complete(Request("r", tail="a" * context, sampling=SHORT))
    assert completion.ended == "length" and completion.prompt_tokens + completion.tokens == context
    assert refused.too_long
    assert refused.error.startswith(
        f"The prompt has {context + 4} tokens; a context of {context} tokens has room for {context - 1}."
    )


async def test_a_context_no_memory_can_hold_is_a_reason_not_a_crash(good: Path) -> None:
    # The limit stands in for the machine's memory, which a test must not fill.
    limited = ["sh", "-c", 'ulimit -v 2000000 && exec "$@"', "sh", *default_command()]
    settings = replace(default_settings(read_header(good), headless=False), context=2**25, parallel=1)
    engine = Engine(good, settings=settings, worker_command=limited, patience=BRIEF)
    with pytest.raises(ModelError, match="does not fit into memory with this context"):
        await engine.start()
    await engine.close()


# Files that change while they are mapped


@pytest.fixture
def copied(bundled_models: BundledModels, tmp_path: Path) -> Path:
    """A real model in a place where it can be damaged."""
    return Path(shutil.copy(bundled_models.writer, tmp_path / "copied.gguf"))


def replace_file(path: Path) -> None:
    path.unlink()
    write(path, tiny())


def truncate(path: Path) -> None:
    os.truncate(path, 0)  # SIGBUS


def overwrite(path: Path) -> None:
    with path.open("r+b") as file:
        file.seek(-(10**6), os.SEEK_END)
        file.write(bytes(10**6))


@pytest.mark.parametrize("change", [Path.unlink, replace_file])
async def test_a_file_that_is_deleted_or_replaced_while_it_is_mapped_is_used_on(
    copied: Path, change: Callable[[Path], None]
) -> None:
    async with running(copied) as engine:
        first = await engine.complete(Request("r", tail="One", sampling=SHORT))
        change(copied)
        assert (await engine.complete(Request("r", tail="One", sampling=SHORT))).text == first.text


@pytest.mark.parametrize("change", [truncate, overwrite])
async def test_what_comes_from_a_file_that_changes_while_it_is_mapped_is_not_used(
    copied: Path, change: Callable[[Path], None]
) -> None:
    async with running(copied) as engine:
        await engine.complete(Request("r", tail="One", sampling=SHORT))
        change(copied)
        with pytest.raises(
            ModelError, match=r"copied\.gguf has changed since it was loaded\. Start a new run\."
        ):
            await engine.complete(Request("r", tail="Two", sampling=SHORT))
        assert engine.state.state == "failed"
        assert "has changed" in engine.state.note


# The worker itself


FATAL = [
    *("SIGHUP", "SIGINT", "SIGQUIT", "SIGILL", "SIGTRAP", "SIGABRT", "SIGBUS", "SIGFPE", "SIGKILL"),
    *("SIGUSR1", "SIGSEGV", "SIGUSR2", "SIGALRM", "SIGTERM", "SIGXCPU", "SIGVTALRM", "SIGPROF", "SIGSYS"),
]


def ended(process: int) -> None:
    """Wait until a process is gone, or is only waited for."""
    with suppress(FileNotFoundError, ProcessLookupError):
        while Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z":
            time.sleep(0.01)


@pytest.mark.parametrize("name", FATAL)
async def test_a_worker_ended_by_any_signal_is_replaced_and_the_signal_named(good: Path, name: str) -> None:
    states: list[EngineState] = []
    engine = Engine(good, patience=BRIEF, on_state=states.append)
    try:
        await engine.start()
        assert engine.worker_pid is not None
        os.kill(engine.worker_pid, signal.Signals[name])
        # A signal that dumps core lets the other threads go on for a moment: long enough to answer.
        ended(engine.worker_pid)
        completion = await engine.complete(Request("r", tail="a", sampling=SHORT))
        assert completion.ended == "length" and engine.state.restarts == 1
        notes = [state.note for state in states if state.state == "restarting"]
        assert len(notes) == 1 and name in notes[0]
    finally:
        await engine.close()


async def test_a_worker_that_hangs_is_ended_and_replaced(good: Path) -> None:
    engine = Engine(good, patience=replace(BRIEF, answer=0.5))
    try:
        await engine.start()
        assert engine.worker_pid is not None
        os.kill(engine.worker_pid, signal.SIGSTOP)
        completion = await engine.complete(Request("r", tail="a", sampling=SHORT))
        assert completion.ended == "length" and engine.state.restarts == 1
    finally:
        await engine.close()


async def test_an_abort_starts_no_debugger(
    good: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # ggml runs gdb (lldb on macOS) to print a backtrace: seconds, and pages of it.
    for name in ("gdb", "lldb"):
        (tmp_path / name).write_text(f"#!/bin/sh\ntouch {tmp_path}/started\n")
        (tmp_path / name).chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=os.pathsep)
    path = write(tmp_path / "aborts.gguf", tiny(tokenizer__ggml__model="bert"))
    engine = Engine(path, patience=BRIEF)
    with pytest.raises(ModelError, match="SIGABRT"):
        await engine.start()
    await engine.close()
    assert not (tmp_path / "started").exists()


async def test_two_workers_of_one_file_do_not_meet(good: Path) -> None:
    async with running(good) as one, running(good) as other:
        asked = [Request(str(n), tail="a" * n, sampling=SHORT) for n in range(1, 20)]
        both = await asyncio.gather(
            *(engine.complete(request) for request in asked for engine in (one, other))
        )
        assert one.worker_pid != other.worker_pid
    assert [completion.text for completion in both[::2]] == [completion.text for completion in both[1::2]]
