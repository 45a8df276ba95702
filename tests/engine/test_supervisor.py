"""The supervisor against a worker that does everything a worker can do wrong."""

from __future__ import annotations

import asyncio
import re
import signal
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from app.engine import process, supervisor
from app.engine.gguf import read_header
from app.engine.process import WorkerDied, WorkerProcess
from app.engine.request import Completion, Request
from app.engine.restart_policy import Patience
from app.engine.settings import default_settings
from app.engine.state import EngineState
from app.engine.supervisor import Engine, EnginePaused
from app.errors import ModelError
from tests.engine.tiny_gguf import build, write

FAKE = Path(__file__).with_name("fake_worker.py")
DEADLY = {
    "abort": "SIGABRT",
    "segv": "SIGSEGV",
    "kill": "it was killed (SIGKILL), often for lack of memory",
    "exit": "code 3",
    "hang": "silent",
    "mute": "closed its output",
    "garbage": "not a message",
    "prints": "not a message",
    "giant": "not a message",
    "half": "not a message",
    "wrong id": "not asked",
    "wrong kind": "wrong kind",
    "wrong shape": "no sense",
    "unknown message": "song",
}

Make = Callable[..., Engine]


@pytest.fixture
async def make(tmp_path: Path):
    """Make engines with the fake worker, and close them in the end."""
    model = write(tmp_path / "tiny.gguf", build())
    engines: list[Engine] = []

    def make_engine(loading: str = "", states: list[EngineState] | None = None, **options: object) -> Engine:
        settings = {"answer": 5.0, "first_delay": 0.01, "longest_delay": 0.02, "leave": 0.5}
        engine = Engine(
            model,
            settings=default_settings(read_header(model), headless=False, parallel=4),
            log_path=tmp_path / "worker.log",
            worker_command=[sys.executable, "-P", str(FAKE), str(tmp_path), loading],
            on_state=states.append if states is not None else None,
            patience=Patience(**settings | options),
        )
        engines.append(engine)
        return engine

    yield make_engine
    for engine in engines:
        await engine.close()


def starts(folder: Path) -> int:
    return len((folder / "starts").read_text())


async def ask(engine: Engine, *orders: str) -> list[Completion]:
    requests = [Request(f"{order} {number}", tail=order) for number, order in enumerate(orders)]
    return await asyncio.gather(*map(engine.complete, requests))


async def test_every_request_gets_its_own_answer(make: Make) -> None:
    engine = make()
    await engine.start()
    words = [f"word {number}" for number in range(50)]
    completions = await ask(engine, *words)
    assert [completion.text for completion in completions] == [word.upper() for word in words]
    assert [completion.id for completion in completions] == [f"{w} {n}" for n, w in enumerate(words)]
    assert await engine.tokens_needed([Request("", tail="abc"), Request("")]) == [3, 0]
    assert await engine.tokens_needed([]) == []
    assert engine.state.done == 50


async def test_two_requests_with_the_same_id_do_not_meet(make: Make) -> None:
    engine = make()
    await engine.start()
    both = await asyncio.gather(*(engine.complete(Request("same", tail=tail)) for tail in ("a", "b")))
    assert [completion.text for completion in both] == ["A", "B"]


@pytest.mark.parametrize("order", DEADLY)
async def test_a_request_that_kills_the_worker_twice_is_quarantined_and_all_others_finish(
    make: Make, tmp_path: Path, order: str
) -> None:
    engine = make(answer=0.8 if order == "hang" else 5.0)
    await engine.start()
    completions = await ask(engine, "one", "two", order, "three", *map(str, range(20)))
    poisoned = completions.pop(2)
    assert poisoned.ended == "error" and poisoned.text == ""
    assert DEADLY[order] in poisoned.error
    assert poisoned.id == f"{order} 2"
    assert {completion.ended for completion in completions} == {"end"}
    assert completions[0].text == "ONE"
    assert starts(tmp_path) == 3
    assert engine.state.restarts == 2


@pytest.mark.parametrize("order", DEADLY)
async def test_a_death_that_does_not_repeat_is_invisible(make: Make, tmp_path: Path, order: str) -> None:
    engine = make(answer=0.8 if order == "hang" else 5.0)
    await engine.start()
    completions = await ask(engine, "one", f"once:{order}", "three")
    assert [completion.text for completion in completions] == ["ONE", "ANSWERED AFTER ALL", "THREE"]
    assert starts(tmp_path) == 2


@pytest.mark.parametrize(("expected", "restarts"), [(5.0, 0), (0.01, 2)])
async def test_a_call_may_take_twenty_times_what_calls_like_it_took(
    make: Make, tmp_path: Path, expected: float, restarts: int
) -> None:
    (tmp_path / "expected").write_text(str(expected))
    engine = make(answer=0.3)
    await engine.start()
    completions = await ask(engine, "slow")
    assert completions[0].ended == ("error" if restarts else "end")
    assert engine.state.restarts == restarts


async def test_a_worker_that_says_nothing_is_seen_to(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(supervisor, "SILENCE_TOLD", 0.5)
    states: list[EngineState] = []
    engine = make(states=states, answer=2.5)
    await engine.start()
    await ask(engine, "once:hang")
    told = [state for state in states if state.note.startswith("silent for ")]
    assert told and {state.state for state in told} == {"working"}
    assert engine.state.note == ""


async def test_two_poisoned_requests_are_told_apart(make: Make) -> None:
    engine = make()
    await engine.start()
    completions = await ask(engine, "one", "abort", "two", "segv", "three")
    assert [completion.ended for completion in completions] == ["end", "error", "end", "error", "end"]
    assert "SIGABRT" in completions[1].error and "SIGSEGV" in completions[3].error


async def test_the_last_words_of_the_worker_are_the_reason_shown(make: Make) -> None:
    states: list[EngineState] = []
    engine = make(states=states)
    await engine.start()
    await ask(engine, "once:abort")
    restarting = [state for state in states if state.state == "restarting"]
    assert len(restarting) == 1
    assert "GGML_ASSERT(n_tokens <= n_batch) failed" in restarting[0].note
    assert "SIGABRT" in restarting[0].note


async def test_five_deaths_in_a_row_pause_the_engine_and_it_can_be_started_again(
    make: Make, tmp_path: Path
) -> None:
    engine = make()
    await engine.start()
    poison = [engine.complete(Request(str(number), tail="segv")) for number in range(6)]
    results = await asyncio.gather(*poison, return_exceptions=True)
    errors = [result for result in results if isinstance(result, Completion)]
    paused = [result for result in results if isinstance(result, EnginePaused)]
    assert all(completion.ended == "error" for completion in errors)
    assert (len(errors), len(paused)) == (4, 2)
    assert "SIGSEGV" in str(paused[0])
    assert engine.state.state == "failed"
    assert starts(tmp_path) == 5
    with pytest.raises(EnginePaused):
        await ask(engine, "hello")
    await engine.start()
    assert (await ask(engine, "hello"))[0].text == "HELLO"


async def test_a_poisoned_request_now_and_then_never_pauses_the_engine(make: Make) -> None:
    engine = make()
    await engine.start()
    orders = [order for number in range(5) for order in ("abort", *(f"{number} {n}" for n in range(12)))]
    for start in range(0, len(orders), 13):
        completions = await ask(engine, *orders[start : start + 13])
        assert [completion.ended for completion in completions] == ["error"] + ["end"] * 12


async def test_a_model_the_worker_refuses_is_a_model_error_with_its_words(make: Make) -> None:
    engine = make("refuse")
    with pytest.raises(ModelError, match=r"No such tensor. Get another file."):
        await engine.start()
    assert engine.state.state == "failed"
    with pytest.raises(ModelError, match="No such tensor"):
        await ask(engine, "hello")


@pytest.mark.parametrize("number", ["SIGBUS", "SIGKILL", "SIGSEGV", "SIGTERM"])
async def test_a_worker_that_a_passing_signal_ends_while_it_loads_is_started_twice_again(
    make: Make, tmp_path: Path, number: str
) -> None:
    (tmp_path / "deaths").write_text("2")
    engine = make(number)
    await engine.start()
    assert (await ask(engine, "hello"))[0].text == "HELLO"
    assert (starts(tmp_path), engine.state.restarts) == (3, 2)
    await engine.close()
    (tmp_path / "deaths").write_text("9")
    with pytest.raises(EnginePaused, match=rf"cannot be loaded: its worker crashed 3 times.*{number}"):
        await engine.start()
    assert starts(tmp_path) == 6


@pytest.mark.parametrize(("loading", "words"), [("die", "n_layer"), ("hang", "silent"), ("skip", "instead")])
async def test_a_worker_that_cannot_load_is_not_started_again(
    make: Make, tmp_path: Path, loading: str, words: str
) -> None:
    engine = make(loading, load=0.5)
    with pytest.raises(ModelError, match=words):
        await engine.start()
    assert starts(tmp_path) == 1


async def test_a_command_that_does_not_exist_is_a_model_error(tmp_path: Path) -> None:
    engine = Engine(write(tmp_path / "tiny.gguf", build()), worker_command=["/nothing/here"])
    with pytest.raises(ModelError, match="cannot be started"):
        await engine.start()
    await engine.close()


async def test_noise_on_standard_error_blocks_nobody(make: Make, tmp_path: Path) -> None:
    engine = make()
    await engine.start()
    for _ in range(4):
        completions = await ask(engine, "noise", "noise")
        assert [completion.text for completion in completions] == ["noise made"] * 2
    assert (tmp_path / "worker.log").stat().st_size < 24_000_000


async def test_a_cancelled_request_is_not_asked_again(make: Make, tmp_path: Path) -> None:
    engine = make(answer=0.8)
    await engine.start()
    hanging = asyncio.create_task(engine.complete(Request("h", tail="hang")))
    await asyncio.sleep(0)
    hanging.cancel()
    with pytest.raises(asyncio.CancelledError):
        await hanging
    assert (await ask(engine, "hello"))[0].text == "HELLO"
    assert starts(tmp_path) == 2, "the hanging worker is replaced, and not asked again what was cancelled"


async def test_cancelling_what_waits_leaves_the_rest_alone(make: Make, tmp_path: Path) -> None:
    engine = make()
    await engine.start()
    tasks = [asyncio.create_task(engine.complete(Request(str(n), tail=f"w{n}"))) for n in range(30)]
    await asyncio.sleep(0)
    for task in tasks[::2]:
        task.cancel()
    results = await asyncio.gather(*tasks, return_exceptions=True)
    assert all(isinstance(result, asyncio.CancelledError) for result in results[::2])
    assert [result.text for result in results[1::2] if isinstance(result, Completion)] == [
        f"W{n}" for n in range(1, 30, 2)
    ]
    assert (tmp_path / "cancelled").exists()


async def test_an_answer_given_twice_is_ignored(make: Make, tmp_path: Path) -> None:
    engine = make(answer=0.8)
    await engine.start()
    first, second = await ask(engine, "one", "once:old id")
    assert (first.text, second.text) == ("ONE", "ANSWERED AFTER ALL")


async def test_closing_gives_everyone_who_waits_an_error(make: Make) -> None:
    engine = make(answer=60.0)
    await engine.start()
    waiting = [asyncio.create_task(engine.complete(Request(str(n), tail="hang"))) for n in range(12)]
    await asyncio.sleep(0)
    pid = engine.worker_pid
    await engine.close()
    results = await asyncio.gather(*waiting, return_exceptions=True)
    assert all(isinstance(result, ModelError) for result in results)
    assert pid is not None and engine.worker_pid is None
    assert engine.state.state == "unloaded"
    with pytest.raises(ModelError, match="unloaded"):
        await ask(engine, "hello")


@pytest.mark.parametrize("steps", range(6))
async def test_ending_a_dead_worker_never_swallows_a_cancellation(tmp_path: Path, steps: int) -> None:
    worker = await WorkerProcess.spawn([sys.executable, "-c", "pass"], tmp_path / "log")
    with pytest.raises(WorkerDied):
        await worker.receive()
    ending = asyncio.create_task(worker.end(5.0))
    for _ in range(steps):
        await asyncio.sleep(0)
    if ending.cancel():
        with pytest.raises(asyncio.CancelledError):
            await ending


async def test_an_engine_that_was_not_started_says_so(make: Make) -> None:
    with pytest.raises(ModelError, match="not loaded"):
        await ask(make(), "hello")


async def test_a_model_file_that_changes_is_not_loaded_again(make: Make, tmp_path: Path) -> None:
    engine = make()
    await engine.start()
    write(tmp_path / "tiny.gguf", build() + b"more")
    with pytest.raises(ModelError, match="has changed"):
        await ask(engine, "once:segv")
    assert engine.state.state == "failed"


async def test_listeners_see_the_whole_life(make: Make) -> None:
    states: list[EngineState] = []
    engine = make(states=states)
    await engine.start()
    await ask(engine, "one", "once:segv", "two")
    await engine.close()
    phases = [state.state for state in states]
    assert phases[0] == "loading" and phases[-1] == "unloaded"
    order = [phases.index(phase) for phase in ("loading", "ready", "working", "restarting", "unloaded")]
    assert order == sorted(order)
    assert states[-1].done == 3


@pytest.mark.skipif(sys.version_info >= (3, 12), reason="asyncio waits for its children in another way")
@pytest.mark.parametrize(
    ("end", "told", "number"),
    [
        ("os.kill(os.getpid(), 11)", "it crashed (SIGSEGV)", signal.SIGSEGV),
        ("os.close(1); time.sleep(60)", "it closed its output and was ended", signal.SIGKILL),
    ],
    ids=["crashed", "closed its output"],
)
async def test_how_a_worker_died_is_known_though_asyncio_hears_of_it_late(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, end: str, told: str, number: int
) -> None:
    hear = asyncio.ThreadedChildWatcher._do_waitpid
    late = threading.Event()

    def hear_late(*given: object) -> None:
        late.wait()
        hear(*given)

    monkeypatch.setattr(asyncio.ThreadedChildWatcher, "_do_waitpid", hear_late)
    monkeypatch.setattr(process, "GRACE", 0.05)
    command = [sys.executable, "-c", f"import os, time; {end}"]
    worker = await WorkerProcess.spawn(command, tmp_path / "worker.log")
    asyncio.get_running_loop().call_later(0.3, late.set)
    with pytest.raises(WorkerDied, match=re.escape(told)) as died:
        await worker.receive()
    assert died.value.signal == number
