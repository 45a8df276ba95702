"""What the replicas of a model share, what they take of a cluster, and addresses: all without Ray."""

from __future__ import annotations

import asyncio
import os
import socket
import subprocess
import sys
import time
from concurrent.futures import Future
from pathlib import Path
from typing import Any

import pytest

from app.cluster import aside, fit, knock, remote
from app.cluster.fit import Need, NodeRoom, Share
from app.cluster.remote import connect, on_loopback, parse
from app.cluster.work import Gate, Queue, Work
from app.engine.request import Completion, Request
from app.errors import ModelError, QuorumError
from tests.cli.commands import environment, quorum

GB = 10**9


async def works(count: int) -> tuple[Queue, list[Work]]:
    queue = Queue()
    loop = asyncio.get_running_loop()
    made = [Work(str(n), {"request": n}, loop.create_future(), Request(str(n))) for n in range(count)]
    for work in made:
        queue.add(work)
    return queue, made


def numbers(taken: list[Work]) -> list[str]:
    return [work.number for work in taken]


async def test_what_a_lost_replica_had_in_hand_is_asked_first_and_of_others() -> None:
    queue, _ = await works(6)
    assert numbers(queue.take("left", 2)) == ["0", "1"]
    assert numbers(queue.take("right", 2)) == ["2", "3"]
    assert queue.lose("left", "killed") == 2 and queue.waiting == 4
    assert numbers(queue.take("right", 3)) == ["0", "1", "4"]
    assert queue.in_hand("right") == 5 and queue.in_hand("left") == 0


async def test_an_answer_that_comes_twice_counts_once() -> None:
    queue, _ = await works(1)
    queue.take("left", 1)
    queue.lose("left", "silent")
    queue.take("right", 1)
    assert queue.finish("left", "0") is None, "from the one that was taken for lost"
    assert queue.finish("right", "0") is not None
    assert queue.finish("right", "0") is None


async def test_a_request_with_which_replicas_are_lost_is_asked_alone_and_then_set_aside() -> None:
    queue, made = await works(3)
    for holder in ("one", "two"):
        assert numbers(queue.take(holder, 2)) == ["0", "1"]
        queue.lose(holder, "killed")
    assert numbers(queue.take("three", 3)) == ["0"], "a suspect, alone"
    assert numbers(queue.take("four", 3)) == ["1"]
    queue.lose("three", "killed by a signal")
    answer: Completion = made[0].answer.result()
    assert answer.ended == "error" and answer.error.startswith("3 replicas were lost with")
    assert queue.finish("four", "1") is made[1] and not made[1].answer.done()
    assert numbers(queue.take("four", 3)) == ["2"]


async def test_dropped_work_is_nobodys_and_a_failure_reaches_everyone_who_waits() -> None:
    queue, made = await works(3)
    queue.take("left", 1)
    assert queue.drop(made[0]) == ["left"] and queue.drop(made[1]) == []
    queue.fail(ModelError("It is over."))
    assert isinstance(made[2].answer.exception(), ModelError) and not made[0].answer.done()


async def test_what_is_under_way_is_bounded_by_bytes_and_by_count() -> None:
    gate, entered = Gate(100, 3), []

    async def enter(size: int) -> None:
        await gate.enter(size)
        entered.append(size)

    tasks = [asyncio.create_task(enter(size)) for size in (500, 60, 30, 20, 5, 1)]
    await asyncio.sleep(0)
    assert entered == [500], "what is alone may be of any size"
    gate.leave(500)
    await asyncio.sleep(0)
    assert entered == [500, 60, 30], "twenty more bytes are too many, and nobody passes by"
    tasks[3].cancel()
    await asyncio.sleep(0)
    gate.leave(60)
    await asyncio.sleep(0)
    assert entered == [500, 60, 30, 5, 1]
    assert (gate.bytes, gate.count) == (36, 3)


SMALL = Need("small", 10**7, GB // 10, GB // 20, GB // 10)
LARGE = Need("large", 5 * GB, 6 * GB, GB, 6 * GB)


def node(cpus: float, memory: int, gpus: float = 0, gpu_memory: int = 0) -> NodeRoom:
    return NodeRoom("node", cpus, gpus, memory, gpu_memory)


def test_processors_are_divided_so_that_all_models_fit_at_once() -> None:
    one, three = [node(16, 64 * GB)], [node(16, 64 * GB)] * 3
    assert [share.cpus for share in fit.shares(one, [LARGE, LARGE, SMALL])] == [5, 5, 1]
    assert [share.cpus for share in fit.shares(three, [LARGE, LARGE, SMALL])] == [16, 16, 1]
    assert [share.cpus for share in fit.shares([node(2, 64 * GB)], [LARGE] * 3)] == [0.66] * 3
    for nodes, needs in ((one, [LARGE] * 3), (three, [LARGE] * 3), ([node(2, 64 * GB)], [LARGE] * 3)):
        assert fit.together(nodes, fit.shares(nodes, needs))
    assert not fit.together([node(16, 10 * GB)], fit.shares([node(16, 10 * GB)], [LARGE, LARGE]))
    assert fit.copies(three, Share(5, 0, 6 * GB)) == 9


def test_a_model_goes_to_gpus_where_all_its_layers_fit() -> None:
    cards = [node(32, 128 * GB, gpus=4, gpu_memory=24 * GB)]
    [share] = fit.shares(cards, [LARGE])
    assert share == Share(1, 0.26, GB) and share.words() == "1 CPU, 0.26 GPU, 1.0 GB of memory"
    assert fit.shares(cards, [Need("huge", 40 * GB, 45 * GB, 2 * GB, 44 * GB)])[0].gpus == 2
    assert fit.shares(cards, [LARGE], gpu_layers=0)[0].gpus == 0
    assert fit.shares([node(8, 64 * GB, gpus=1, gpu_memory=4 * GB)], [LARGE])[0].gpus == 0
    with pytest.raises(ModelError, match=r"large needs 6\.0 GB .*, and the largest node .* offers 4\.0 GB"):
        fit.shares([node(8, 4 * GB)], [LARGE])
    with pytest.raises(ModelError, match="no node"):
        fit.shares([], [LARGE])


@pytest.mark.parametrize("where", ["ray://", "ray://host", "http://host:1", "ray://a b:1", "ray://h:99999"])
def test_what_is_no_address_is_refused(where: str) -> None:
    with pytest.raises(QuorumError, match="not an address"):
        parse(where)


def test_addresses_that_lead_out_of_this_machine_are_told_apart() -> None:
    assert all(on_loopback(parse(where)) for where in ("ray", "ray://localhost:10001", "ray://[::1]:10001"))
    assert not on_loopback(parse("ray://10.0.0.1:10001"))


def test_without_ray_one_message_says_how_to_install_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "ray", None)
    said: list[Any] = []
    with pytest.raises(QuorumError) as refused:
        connect("ray", said.append)
    assert refused.value.message == "Ray is not installed, which --on needs."
    assert refused.value.hint == remote.INSTALL and not said


def test_a_port_where_nothing_listens_is_told_at_once() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    began = time.monotonic()
    with pytest.raises(QuorumError, match=rf"Nothing listens at 127\.0\.0\.1:{port}\."):
        knock.knock("127.0.0.1", port)
    with pytest.raises(QuorumError, match="No machine is known by the name"):
        knock.knock("no-such-host.invalid", 10001)
    assert time.monotonic() - began < 5


def test_the_token_of_a_machine_is_shown_unless_the_mode_says_otherwise(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    for name in ("RAY_AUTH_TOKEN", "RAY_AUTH_TOKEN_PATH"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("RAY_AUTH_MODE", "to be forgotten")  # so that what is set here is taken back
    del os.environ["RAY_AUTH_MODE"]
    knock.take_token_along()
    assert "RAY_AUTH_MODE" not in os.environ
    (tmp_path / ".ray").mkdir()
    (tmp_path / ".ray" / "auth_token").write_text("5e")
    knock.take_token_along()
    assert os.environ["RAY_AUTH_MODE"] == "token"
    os.environ["RAY_AUTH_MODE"] = "disabled"
    knock.take_token_along()
    assert os.environ["RAY_AUTH_MODE"] == "disabled"


def test_a_process_on_a_node_ends_soon_after_the_one_that_started_it() -> None:
    ours = "from app.cluster.orphans import end_with_ray; import time; end_with_ray(); time.sleep(60)"
    raylet = (
        f"import subprocess, sys, time; child = subprocess.Popen([sys.executable, '-c', {ours!r}], "
        "stdout=sys.stdout); time.sleep(1); print(child.pid, flush=True); time.sleep(60)"
    )
    with subprocess.Popen([sys.executable, "-c", raylet], env=environment(), stdout=subprocess.PIPE) as node:
        assert node.stdout
        node.stdout.readline()
        node.kill()
        killed = time.monotonic()
        assert node.stdout.read() == b"", "until all that hold the pipe have ended"
        assert time.monotonic() - killed < 10


async def test_what_is_said_where_nobody_waits_any_more_is_said_in_vain() -> None:
    threads = aside.Threads(2)
    said: Future[str] = Future()
    waiting = asyncio.ensure_future(aside.heard(said))
    await asyncio.sleep(0)
    waiting.cancel()
    said.set_result("in vain")
    assert await aside.heard(threads.give(lambda: "heard")) == "heard"
    with pytest.raises(ValueError, match="wrong"):
        await aside.heard(threads.give(lambda: int("wrong")))
    threads.close()
    with pytest.raises(RuntimeError):
        threads.give(lambda: None)


def test_commands_refuse_an_address_before_anything_is_made(tmp_path: Any) -> None:
    refused = quorum("run", "new.db", "--on", "ray://nowhere", cwd=tmp_path, check=False)
    assert refused.returncode == 1 and "is not an address of a Ray cluster" in refused.stderr
    assert not (tmp_path / "new.db").exists()
