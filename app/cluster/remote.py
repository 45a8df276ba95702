"""The one door to Ray: connect, place actors, call them, end them, list nodes.

Ray places, notices what dies, and transports. Retries are the run's: Ray repeats and restarts nothing.
"""

from __future__ import annotations

import asyncio
import atexit
import logging
import os
import re
import signal
import threading
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from app.cluster.agent import Agent
from app.cluster.aside import Threads, heard
from app.cluster.fit import Share
from app.cluster.knock import greet, knock, take_token_along
from app.cluster.replica import Replica
from app.errors import QuorumError

LOCAL = "ray"
_ADDRESS = re.compile(r"ray://(\[[0-9a-fA-F:]+\]|[A-Za-z0-9._-]+):([0-9]{1,5})")
_LOOPBACK = ("localhost", "127.0.0.1", "[::1]")
FORGOTTEN = 10.0
"""Seconds after which a cluster ends what a run left there that was killed."""
TRIES = 3
LEAVING = 10.0
"""Seconds that leaving a cluster may take."""
THREADS = 16
"""Calls that may be on their way to the head at once: each waits there and back."""
INSTALL = 'Install it with `pip install "quorum-instruct[ray]"`.'


class Gone(Exception):
    """An actor, or the node it was on, is gone or does not answer; the text says why (foreign)."""


@dataclass(frozen=True, slots=True)
class RayNode:
    """A node as Ray lists it: its id, address, whether it is alive, and its resources."""

    id: str
    address: str
    alive: bool
    resources: Mapping[str, float]


class Handle:
    """An actor that can be called. It is made, called and ended in threads, where Ray waits for its head."""

    def __init__(self, remote: Remote, make: Callable[[], Any]) -> None:
        self._remote = remote
        self._actor = remote.aside(make)

    async def call(self, method: str, *arguments: Any) -> Any:
        """Call a method and return what it returns; Gone when there will be no answer."""

        def ask() -> Future[Any]:
            return cast("Future[Any]", getattr(self._actor.result(), method).remote(*arguments).future())

        try:
            return await heard(await heard(self._remote.aside(ask)))
        except self._remote.failures as error:
            raise Gone(_reason(error)) from None

    def end(self) -> None:
        """End the actor and all that it started; one that is gone already is fine."""
        with suppress(Gone):
            self._remote.aside(lambda: self._remote.kill(self._actor.result()))


def _reason(error: BaseException) -> str:
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    telling = [line for line in lines if line.startswith(("The actor", "Node", "Worker", "ModuleNotFound"))]
    return (telling or lines or [type(error).__name__])[-1][:300]


def parse(where: str) -> str:
    """Return a valid address, or "ray" for a cluster on this machine alone; QuorumError for anything else."""
    match = _ADDRESS.fullmatch(where)
    if where == LOCAL or (match and 0 < int(match[2]) < 65536):
        return where
    raise QuorumError(
        f"{where} is not an address of a Ray cluster.",
        "Write ray://HOST:PORT for one that is running, or ray for one on this machine alone.",
    )


def on_loopback(where: str) -> bool:
    """Say whether an address does not lead out of this machine."""
    match = _ADDRESS.fullmatch(where)
    return match is None or match[1] in _LOOPBACK


class Remote:
    """A connection to the Ray cluster at an address; `close` it."""

    def __init__(self, ray: Any, where: str = LOCAL) -> None:
        import grpc

        self.where = where
        self.gone = False
        """Whether there is no head any more."""
        self._ray = ray
        self._threads = Threads(THREADS)
        self._agent = ray.remote(num_cpus=0, max_restarts=0, max_task_retries=0)(Agent)
        self._replica = ray.remote(max_restarts=0, max_task_retries=0)(Replica)
        self.failures: tuple[type[BaseException], ...] = (
            ray.exceptions.RayError,
            grpc.RpcError,
            ConnectionError,
            ValueError,  # of a connection that is closed, and of an actor that was ended
            RuntimeError,
        )

    def aside(self, work: Callable[[], Any]) -> Future[Any]:
        """Do something in a thread; Gone where the connection is closed."""
        try:
            return self._threads.give(work)
        except RuntimeError:
            raise Gone("the connection is closed") from None

    async def asked(self, ask: Callable[[], Any]) -> Any:
        """Return what Ray itself answers; Gone when the cluster does not."""
        try:
            return await heard(self.aside(ask))
        except self.failures as error:
            raise Gone(_reason(error)) from None

    def agent(self, node: str) -> Handle:
        """Place an agent on a node."""
        from ray.util.scheduling_strategies import NodeAffinitySchedulingStrategy

        strategy = NodeAffinitySchedulingStrategy(node, soft=False)
        alone = self.where == LOCAL
        return Handle(self, lambda: self._agent.options(scheduling_strategy=strategy).remote(alone))

    def replica(self, share: Share, lost: Sequence[str] = ()) -> Handle:
        """Have a replica placed where there is room for it, as far from others as possible.

        Not on nodes that are `lost`: Ray takes a silent one for alive for half a minute.
        """
        options: dict[str, Any] = {"num_cpus": share.cpus, "memory": share.memory}
        if share.gpus:
            options["num_gpus"] = share.gpus
        if lost:
            options["label_selector"] = {"ray.io/node-id": f"!in({','.join(lost)})"}
        return Handle(self, lambda: self._replica.options(scheduling_strategy="SPREAD", **options).remote())

    async def put(self, piece: bytes) -> Any:
        """Put bytes into the object store, from where every node can get them; Gone as in `asked`."""
        return await self.asked(lambda: self._ray.put(piece))

    def kill(self, actor: Any) -> None:
        """End an actor; one that is gone already is fine. Blocks."""
        try:
            self._ray.kill(actor, no_restart=True)
        except self.failures:
            return

    async def nodes(self) -> list[RayNode]:
        """List the nodes; Gone when the cluster itself does not answer."""
        return [
            RayNode(
                str(node["NodeID"]), str(node["NodeManagerAddress"]), bool(node["Alive"]), node["Resources"]
            )
            for node in await self.asked(self._ray.nodes)
        ]

    async def free(self) -> Mapping[str, float]:
        """Return what is free of each resource on all nodes together; Gone as above."""
        found: dict[str, float] = await self.asked(self._ray.available_resources)
        return found

    async def refused(self) -> str:
        """Say why there is no head to hear from any more; "" while there may be."""
        if (match := _ADDRESS.fullmatch(self.where)) is None:
            return self._ended_here()
        from ray.util.client import ray as client

        if not client.is_connected():
            return "the connection broke, and could not be made again"
        try:
            await asyncio.to_thread(knock, match[1], int(match[2]))
        except QuorumError as error:
            return error.message
        return ""

    def _ended_here(self) -> str:
        """Say which processes of a cluster that was started here are gone, "" if none is."""
        from ray._private import worker

        node = worker._global_node
        dead = sorted({kind for kind, _ in node.dead_processes()}) if node else []
        return f"its {' and '.join(dead)} ended" if dead else ""

    def close(self) -> None:
        """Leave the cluster, which ends all actors; a cluster that was started here ends with it.

        Where its head is `gone`, Ray would try to reach it for half a minute.
        """
        self._threads.close()
        leaving = threading.Thread(target=self._ray.shutdown, daemon=True)
        leaving.start()
        if self.gone and self.where != LOCAL:
            atexit.unregister(self._ray.shutdown)
        else:
            leaving.join(LEAVING)


def connect(where: str, tell: Callable[[str], None]) -> Remote:
    """Connect to a Ray cluster, or start one on this machine's loopback, and first `tell` which.

    QuorumError where Ray is not installed, does not answer or is of another version. Call it before an event
    loop runs; it takes seconds.
    """
    address = parse(where)
    local = address == LOCAL
    os.environ["RAY_USAGE_STATS_ENABLED"] = "0"
    # Else a call after the connection was lost starts a cluster on this machine, which others may reach.
    os.environ["RAY_ENABLE_AUTO_CONNECT"] = "0"
    os.environ.setdefault("RAY_CLIENT_RECONNECT_GRACE_PERIOD", f"{FORGOTTEN:.0f}")
    if local:
        # The setting by which Ray keeps to 127.0.0.1 on systems that ask about every open port.
        os.environ["RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER"] = "0"
        _let_workers_import_us()
    else:
        take_token_along()
    try:
        import ray
    except ImportError:
        raise QuorumError("Ray is not installed, which --on needs.", INSTALL) from None
    _log_to_our_file()
    tell(_announcement(address))
    if at := _ADDRESS.fullmatch(address):
        knock(at[1], int(at[2]))
        greet(at[1], int(at[2]))
    quiet: dict[str, Any] = {"log_to_driver": False, "configure_logging": False}
    if local:
        quiet["include_dashboard"] = False
        without_api_server()
    with _own_signals():
        _begin(ray, address, quiet)
    return Remote(ray, address)


def without_api_server() -> None:
    """Keep a cluster that this process starts from asking the network in which cloud it is.

    Even without its dashboard and its statistics Ray starts a process that does so, and that is no use here.
    """
    from ray._private import node

    node.Node.start_api_server = lambda *_args, **_options: None


def _begin(ray: Any, address: str, quiet: Mapping[str, Any]) -> None:
    for left in reversed(range(TRIES)):
        try:
            ray.init("local" if address == LOCAL else address, **quiet)
            return
        except Exception as error:  # Ray raises its own, gRPC's and built-in errors alike
            if left and "Initialization failure" in str(error):
                continue  # its client server could not start a process for us, and mostly can the next time
            raise QuorumError(
                f"Ray at {address} does not answer: {_first_line(error)}",
                "Check that the cluster runs, that the port is that of its client server (10001 unless "
                "another was chosen), that Ray and Python have the same versions everywhere, and that this "
                "machine has the cluster's token where it asks for one (RAY_AUTH_MODE=token).",
            ) from error


@contextmanager
def _own_signals() -> Iterator[None]:
    """Keep what signals do: Ray would have SIGTERM print its own stack to the terminal."""
    numbers = (signal.SIGINT, signal.SIGTERM)
    kept = {number: signal.getsignal(number) for number in numbers}
    try:
        yield
    finally:
        for number, handler in kept.items():
            signal.signal(number, handler)


def _log_to_our_file() -> None:
    """Keep what Ray says off the terminal: it goes where all logging goes."""
    from ray._private import worker
    from ray.util.client import logsclient

    logger = logging.getLogger("ray")
    for speaks in (logger, logsclient.logger):
        speaks.handlers.clear()
        speaks.propagate = True

    def log(said: Mapping[str, Any], *_: object, **__: object) -> None:
        for line in said.get("lines", ()):
            logger.warning("%s", line)

    # Whatever `log_to_driver` says, this prints what goes wrong on nodes to the terminal.
    worker.print_to_stdstream = log


def _first_line(error: BaseException) -> str:
    lines = [line for line in str(error).splitlines() if line.strip()]
    return (lines or [type(error).__name__])[0][:300]


def _announcement(address: str) -> str:
    if address == LOCAL:
        return "starting Ray on this machine alone (127.0.0.1)"
    if on_loopback(address):
        return f"connecting to Ray at {address}"
    return (
        f"connecting to Ray at {address}: models, prompts and answers will travel there, and Ray does not "
        "encrypt them unless it was set up to"
    )


def _let_workers_import_us() -> None:
    """Let the processes that Ray starts find this code; a checkout need not be installed."""
    root = Path(__file__).resolve().parents[2]
    if root.name not in ("site-packages", "dist-packages"):
        paths = [str(root), os.environ.get("PYTHONPATH")]
        os.environ["PYTHONPATH"] = os.pathsep.join(filter(None, paths))


async def within(seconds: float, grace: float, call: Awaitable[Any]) -> Any:
    """Return what a call returns; Gone if it takes longer.

    In two steps: after this process itself was stopped, the answer may be waiting.
    """
    task = asyncio.ensure_future(call)
    try:
        for limit in (seconds, grace):
            done, _ = await asyncio.wait({task}, timeout=limit)
            if done:
                return task.result()
    finally:
        task.cancel()
    raise Gone(f"it was silent for {seconds + grace:.0f} seconds")
