"""The real worker process, with the bundled models and with small broken ones."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from app.engine.catalog import BundledModels
from app.engine.gguf import read_header
from app.engine.process import WorkerDied, WorkerProcess, default_command
from app.engine.request import Message, Request, Sampling
from app.engine.settings import default_settings
from app.engine.state import EngineState
from app.engine.supervisor import Engine
from app.errors import ModelError
from tests.engine.tiny_gguf import COMPLETE, COMPLETE_TENSORS, build, write
from tests.engine.worker.test_decoder import LISTED, QUESTIONS, TASKS

ROOT = Path(__file__).resolve().parents[3]
GREEDY = Sampling(max_new_tokens=24, stop=("|EoS|",))
LISTS = [
    Request(f"r{n}", LISTED, f"5. {TASKS[n % 8]} |EoS|\n6. {TASKS[(n * 3 + 1) % 8]} |EoS|\n7.", None, GREEDY)
    for n in range(40)
]


async def answer_all(engine: Engine, requests: list[Request]) -> list[tuple[str, str, str]]:
    completions = await asyncio.gather(*map(engine.complete, requests))
    return [(completion.id, completion.text.strip(), completion.ended) for completion in completions]


async def test_the_three_bundled_models_answer_through_their_workers(bundled_models: BundledModels) -> None:
    states: list[EngineState] = []
    files = (bundled_models.writer, *bundled_models.answerers)
    writer, chat, t5 = engines = [Engine(path, on_state=states.append) for path in files]
    try:
        await asyncio.gather(*(engine.start() for engine in engines))
        lists = await answer_all(writer, LISTS)
        assert {ended for _, _, ended in lists} <= {"end", "stop", "length"}
        asked = [Request(q, messages=(Message("user", q),), sampling=GREEDY) for q in QUESTIONS]
        assert (await answer_all(chat, asked))[0] == (QUESTIONS[0], "went", "end")
        plain = [Request(q, tail=q, sampling=GREEDY) for q in QUESTIONS]
        assert (await answer_all(t5, plain))[0] == (QUESTIONS[0], "went", "end")
        assert {engine.state.state for engine in engines} == {"ready"}
        assert [engine.state.restarts for engine in engines] == [0, 0, 0]
        assert all(engine.state.memory_bytes > 10**6 for engine in engines)
        assert not any(engine.state.tokens_per_second for engine in engines), "nothing is being written"
        under_way = {state.writing for state in states if state.name == writer.state.name} - {""}
        assert all(any(text in written for _, written, _ in lists) for text in map(str.strip, under_way))
        assert not any(engine.state.writing for engine in engines)
    finally:
        for engine in engines:
            await engine.close()


def environment_of(process: int) -> list[bytes]:
    return Path(f"/proc/{process}/environ").read_bytes().split(b"\0")


async def test_the_worker_leaves_the_processor_to_others(bundled_models: BundledModels) -> None:
    engine = Engine(bundled_models.writer)
    await engine.start()
    try:
        assert engine.worker_pid is not None
        own = os.getpriority(os.PRIO_PROCESS, 0)
        assert os.getpriority(os.PRIO_PROCESS, engine.worker_pid) == min(own + 5, 19)
        given = environment_of(engine.worker_pid)
        assert {b"GOMP_SPINCOUNT=1000", b"GGML_NO_BACKTRACE=1"} <= set(given)
        assert not any(entry.startswith(b"OMP_WAIT_POLICY") for entry in given)
    finally:
        await engine.close()


async def test_token_counts_are_those_of_the_prompt(bundled_models: BundledModels) -> None:
    engine = Engine(bundled_models.writer)
    await engine.start()
    try:
        completion = await engine.complete(Request("r", LISTED, "5.", None, GREEDY))
        needed = await engine.tokens_needed([Request("r", LISTED, "5.", None, GREEDY), Request("r")])
        assert needed == [completion.prompt_tokens + GREEDY.max_new_tokens, 1 + Sampling().max_new_tokens]
    finally:
        await engine.close()


async def test_a_worker_killed_in_the_middle_changes_no_answer(bundled_models: BundledModels) -> None:
    states: list[EngineState] = []
    engine = Engine(bundled_models.writer, on_state=states.append)
    await engine.start()
    try:
        expected = await answer_all(engine, LISTS)
        killed: list[int] = []

        async def ask(request: Request) -> tuple[str, str, str]:
            completion = await engine.complete(request)
            if not killed and engine.worker_pid:
                killed.append(engine.worker_pid)
                os.kill(engine.worker_pid, signal.SIGKILL)
            return completion.id, completion.text.strip(), completion.ended

        assert await asyncio.gather(*map(ask, LISTS)) == expected
        assert engine.state.restarts == 1
        assert "SIGKILL" in next(state.note for state in states if state.state == "restarting")
    finally:
        await engine.close()


def test_the_app_process_never_imports_llama_cpp(bundled_models: BundledModels) -> None:
    script = f"""
import asyncio, sys
from pathlib import Path
from app.engine import catalog, gguf, machine, process, protocol, request, restart_policy, state, supervisor

async def main():
    engine = supervisor.Engine(Path({str(bundled_models.answerers[1])!r}))
    await engine.start()
    completion = await engine.complete(request.Request("r", tail="Hello."))
    await engine.close()
    print(completion.ended, "llama_cpp" in sys.modules, "numpy" in sys.modules)

asyncio.run(main())
"""
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    run = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True, env=environment
    )
    assert run.stdout.split()[1:] == ["False", "False"]


async def test_a_folder_of_the_user_named_like_ours_is_not_run(
    bundled_models: BundledModels, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "app").mkdir()
    (tmp_path / "app" / "__init__.py").write_text("raise SystemExit('not ours')")
    (tmp_path / "json.py").write_text("raise SystemExit('not ours either')")
    monkeypatch.chdir(tmp_path)
    engine = Engine(bundled_models.writer)
    await engine.start()
    await engine.close()


def changed(**changes: Any) -> dict[str, Any]:
    return COMPLETE | {key.replace("__", "."): thing for key, thing in changes.items()}


async def test_a_model_of_zeros_loads_and_generates(tmp_path: Path) -> None:
    engine = Engine(write(tmp_path / "zeros.gguf", build(COMPLETE, COMPLETE_TENSORS)))
    await engine.start()
    completion = await engine.complete(Request("r", tail="abc", sampling=Sampling(max_new_tokens=5)))
    await engine.close()
    assert (completion.ended, completion.tokens) == ("length", 5)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (build(COMPLETE, COMPLETE_TENSORS[:-1]), "cannot be loaded: .*ffn_down"),
        (build(COMPLETE, [("token_embd.weight", (16, 259)), *COMPLETE_TENSORS[1:]]), "cannot be loaded"),
        (build(changed(general__architecture="nonsense\x1b[2J")), "embedding_length|architecture"),
        (build(changed(tokenizer__ggml__model="nonsense"), COMPLETE_TENSORS), "cannot be loaded: .*nonsense"),
        (build(COMPLETE, COMPLETE_TENSORS, lambda _name, shape: np.full(shape, np.nan)), "not numbers"),
        (
            build(changed(tokenizer__chat_template="{% for %}"), COMPLETE_TENSORS),
            "chat template does not work: TemplateSyntaxError",
        ),
        (
            build(changed(tokenizer__chat_template="{{ ''.__class__.__mro__ }}"), COMPLETE_TENSORS),
            "chat template does not work: SecurityError",
        ),
    ],
    ids=["tensor missing", "wrong shape", "architecture", "tokenizer", "nan", "template", "hostile template"],
)
async def test_a_model_that_cannot_be_used_says_at_which_step_and_why(
    tmp_path: Path, data: bytes, words: str
) -> None:
    path = write(tmp_path / "bad.gguf", data)
    with pytest.raises(ModelError, match=words):
        engine = Engine(path)
        try:
            await engine.start()
        finally:
            await engine.close()


@pytest.mark.parametrize("sent", [b"\xff\xff\xff\xff", b"\x00\x00\x00\x05hello"], ids=["giant", "garbage"])
async def test_the_worker_leaves_when_it_is_sent_nonsense(tmp_path: Path, sent: bytes) -> None:
    process = await asyncio.create_subprocess_exec(
        *default_command(), stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=ROOT,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    _, words = await process.communicate(sent)
    assert process.returncode == 65
    assert b"frame" in words


async def test_an_unknown_order_ends_the_worker_with_its_reason(
    bundled_models: BundledModels, tmp_path: Path
) -> None:
    worker = await WorkerProcess.spawn(default_command(), tmp_path / "log")
    settings = default_settings(read_header(bundled_models.writer), headless=False, parallel=2)
    worker.send("load", path=str(bundled_models.writer), settings=settings.to_json(), prefixes="")
    while (await worker.receive())["type"] != "ready":
        pass
    worker.send("sing")
    with pytest.raises(WorkerDied, match="no message is called 'sing'"):
        await worker.receive()
    await worker.end(1.0)


@pytest.mark.parametrize("encodes", [False, True], ids=["decoder", "encoder-decoder"])
async def test_cancelling_ends_the_call_under_way_and_the_worker_goes_on(
    bundled_models: BundledModels, encodes: bool
) -> None:
    engine = Engine(bundled_models.answerers[1] if encodes else bundled_models.writer)
    await engine.start()
    pid = engine.worker_pid
    endless = Sampling(max_new_tokens=2000, min_new_tokens=2000)
    long = [Request(str(n), "", LISTED * (1 if encodes else 6), sampling=endless) for n in range(20)]
    for _ in range(3):
        task = asyncio.gather(*map(engine.complete, long))
        for _ in range(1000):
            await asyncio.sleep(0.01)
            if engine.state.live:
                break
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
    after = await engine.complete(LISTS[0])
    fresh = await engine.complete(LISTS[0])
    assert engine.worker_pid == pid and engine.state.restarts == 0
    assert after.text == fresh.text and after.ended != "error"
    await engine.close()
