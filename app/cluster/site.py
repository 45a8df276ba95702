"""A Ray cluster as the site of a run's models: its nodes, who is placed where, files, calibrations."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import platformdirs

from app import __version__
from app.cluster import fit
from app.cluster.copy import Copy, Failed
from app.cluster.engine import MOST_COPIES, ClusterEngine
from app.cluster.fit import Need, NodeRoom, Share
from app.cluster.frames import packed, unpacked
from app.cluster.node import planned_settings
from app.cluster.remote import LOCAL, Gone, Handle, Remote, within
from app.cluster.shipping import Shipment
from app.engine.calibration.runner import NotMeasured, worth_calibrating
from app.engine.context import AUTO, ContextNeed, halved
from app.engine.devices import Devices
from app.engine.gguf import ModelHeader, fingerprint
from app.engine.json_cache import recall, remember
from app.engine.memory import Residency
from app.engine.restart_policy import Patience
from app.engine.settings import Settings
from app.engine.site import Told
from app.engine.state import NodeState
from app.engine.supervisor import EnginePaused
from app.errors import ModelError, QuorumError

LOOK = 1.0
"""Seconds between two looks at the nodes."""
SILENCE, GRACE = 3.0, 0.5
"""Seconds without a beat after which a node is taken for lost."""
HEAD_SILENCE = 12.0
"""Seconds after which a silent cluster is given up; by then it has ended what this run had there."""
MAKING_ROOM = 5.0
"""Seconds that a replica has to take the place that another gave up, before one more does."""
FIRST_LOOK = 120.0
"""Seconds that a node's first answer may take: its Ray starts a Python first."""
GATHER, MOST_GATHER = 0.004, 0.25
"""Seconds for which a replica collects answers before it sends them: for each replica there is; at most."""
_LOG = logging.getLogger(__name__)


@dataclass(eq=False)
class Node:
    """A node that this run may use, its agent, and what it said of itself."""

    id: str
    address: str
    resources: Mapping[str, float]
    agent: Handle | None = None
    attended: asyncio.Task[None] | None = None
    facts: dict[str, Any] = field(default_factory=dict)
    known: asyncio.Future[None] = field(default_factory=lambda: asyncio.get_running_loop().create_future())
    lost: bool = False
    mark: str = ""
    """Tells it from another node of the same machine."""
    sending: dict[str, asyncio.Task[str]] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """What to call it (foreign)."""
        name = str(self.facts.get("name", ""))
        return f"{name} {self.address}{self.mark}".strip()

    async def call(self, method: str, *arguments: Any) -> bytes:
        """Ask its agent; Gone when there will be no answer."""
        if self.agent is None:
            raise Gone("it has no agent")
        answer: bytes = await self.agent.call(method, *arguments)
        return answer

    @property
    def room(self) -> NodeRoom:
        """What it offers."""
        totals = [int(gpu["total"]) for gpu in self.facts.get("gpus", ())]
        resource = self.resources.get
        return NodeRoom(
            self.name,
            resource("CPU", 0.0),
            resource("GPU", 0.0),
            resource("memory", 0.0),
            min(totals, default=0),
        )


class ClusterSite:
    """Engines on a cluster; `close` it on the loop on which it was used."""

    where = "on each kind of node of the cluster"

    def __init__(
        self,
        remote: Remote,
        *,
        command: Sequence[str] | None = None,
        patience: Patience | None = None,
        share: Share | None = None,
        most: int = MOST_COPIES,
    ) -> None:
        """For tests and measurements `command` starts a worker on a node in place of the usual one, with that
        patience, a replica takes `share` of the cluster, and `most` limits the replicas of a model.
        """
        self._fixed = share
        self._most = most
        self._remote = remote
        self._command = list(command) if command else None
        self._patience = patience
        self._engines: list[ClusterEngine] = []
        self._nodes: dict[str, Node] = {}
        self._shipments: dict[str, Shipment] = {}
        self._watching: asyncio.Task[None] | None = None
        self._free: Mapping[str, float] = {}
        self._planned: list[tuple[ModelHeader, Settings]] = []
        self._gpu_layers: int | None = None
        self._room_made = 0.0
        self.ended: EnginePaused | None = None
        """Why there is no cluster any more, once that is so."""

    # What a run asks

    def engine(self, path: Path, *, headless: bool, on_state: Told) -> ClusterEngine:
        """Return an engine for a file of this machine; ModelError if the file cannot be used."""
        engine = ClusterEngine(path, self, on_state)
        engine.most = self._most
        self._engines.append(engine)
        return engine

    async def devices(self) -> Devices:
        """Look at the nodes, and say whether some can use GPUs; how many is the nodes' affair."""
        await self.begin()
        return Devices(built_for_gpus=any(node.room.gpu_memory for node in self._known()))

    def residency(
        self, needs: Sequence[ContextNeed], devices: Devices, *, gpu_layers: int | None, headless: bool
    ) -> Residency:
        """Say what replicas take, and whether one of each model finds room at once.

        A context that fits on no node is halved, unless it was fixed; ModelError for what fits nowhere.
        """
        rooms = self.rooms
        contexts = [need.tokens for need in needs]
        while True:
            models = [
                (need.header, planned_settings(need.header, context))
                for need, context in zip(needs, contexts, strict=True)
            ]
            try:
                shares = fit.shares(rooms, [fit.need_of(*model) for model in models], gpu_layers)
                break
            except ModelError:
                less = [
                    halved(need.header, context) if need.wanted == AUTO else context
                    for need, context in zip(needs, contexts, strict=True)
                ]
                if less == contexts:
                    raise
                contexts = less
        self._planned, self._gpu_layers = models, gpu_layers
        self._give(shares)
        together = fit.together(rooms, shares)
        needed = sum(share.memory for share in shares)
        return Residency(
            settings=tuple(settings for _, settings in models),
            together=together,
            needed=needed if together else max(share.memory for share in shares),
            together_needed=needed,
            free=int(sum(room.memory for room in rooms)),
        )

    def _give(self, shares: Sequence[Share]) -> None:
        """Tell the engines what a replica of theirs takes."""
        by_path = {header.path: share for (header, _), share in zip(self._planned, shares, strict=True)}
        for engine in self._engines:
            engine.share = self._fixed or by_path.get(engine.header.path, engine.share)
            engine.gpu_layers = self._gpu_layers

    def _plan_again(self) -> None:
        """Have replicas to come take what nodes have that came, or those that are left."""
        rooms = self.rooms
        with suppress(ModelError):  # for which no node is left: it waits until one is
            needs = [fit.need_of(*model) for model in self._planned]
            self._give(fit.shares(rooms, needs, self._gpu_layers))

    def free_memory(self) -> int:
        """Return what the fullest node that has a replica still offers, or the smallest node."""
        taken: dict[str, int] = {}
        for engine in self._engines:
            for copy in engine.copies:
                if copy.node:
                    taken[copy.node] = taken.get(copy.node, 0) + engine.share.memory
        left = [int(node.room.memory) - taken.get(node.id, 0) for node in self._known()]
        return max(0, min(left, default=0))

    def uncalibrated(self, headers: Sequence[ModelHeader], devices: Devices) -> list[ModelHeader]:
        """Return the models that were not measured on some kind of node, each once."""
        distinct = {header.path: header for header in headers if worth_calibrating(header)}
        return [header for header in distinct.values() if self._unmeasured(header)]

    def _unmeasured(self, header: ModelHeader) -> dict[str, Node]:
        kinds = {str(node.facts["kind"]): node for node in self._known()}
        model = fingerprint(header.path)
        return {kind: node for kind, node in kinds.items() if recall(_cache(), f"{kind}|{model}") is None}

    async def calibrate(
        self, header: ModelHeader, settings: Settings, devices: Devices, tell: Callable[[str], None]
    ) -> str:
        """Measure a model on one node of every kind, and remember it for all of that kind.

        NotMeasured with the reason where it could be on none.
        """
        model, lines = fingerprint(header.path), []
        order = {"context": settings.context, "calibration": None, "gpu_layers": None}
        for kind, node in self._unmeasured(header).items():
            tell(f"measuring on {node.name}")
            try:
                path = await self._file_on(node, header, tell)
                cpus = int(node.room.cpus)
                wanted = order | {"path": path, "cpus": cpus}
                answer = unpacked(await node.call("calibrate", packed(wanted)))
            except Gone as gone:
                answer = {"failed": str(gone)}
            if failed := answer.get("failed"):
                lines.append(f"on {node.name} not measured: {failed}")
                continue
            remember(_cache(), f"{kind}|{model}", answer["calibration"])
            lines.append(f"on {node.name} {answer['line']}")
        if not lines:
            raise NotMeasured(f"{header.name} could not be measured.")
        return f"{header.name}: {'; '.join(lines)}."

    def nodes(self) -> tuple[NodeState, ...]:
        """Return the nodes as they are now."""
        copies = [copy for engine in self._engines for copy in engine.copies]
        return tuple(
            NodeState(
                name=node.name,
                lost=node.lost,
                cpus=node.room.cpus,
                gpus=node.room.gpus,
                memory_bytes=int(node.room.memory),
                replicas=sum(copy.node == node.id for copy in copies),
            )
            for node in self._nodes.values()
            if node.facts
        )

    # The nodes

    async def begin(self) -> None:
        """Get to know the nodes, and watch them from now on; QuorumError where none can be used."""
        if self.ended is not None:
            raise self.ended
        if self._watching is not None:
            return
        self._watching = asyncio.create_task(self._watch())
        try:
            await self._look()
        except Gone as gone:
            raise QuorumError(f"The cluster does not answer: {gone}") from None
        waiting = [node.known for node in self._nodes.values()]
        if waiting:
            await asyncio.wait(waiting, timeout=FIRST_LOOK)
        if not self._known():
            reasons = [str(known.exception()) for known in waiting if known.done() and known.exception()]
            raise QuorumError(
                f"No node of the cluster can be used: {(reasons or ['none answered'])[0]}",
                "Quorum must be installed on every node, in the same version as here.",
            )

    def _known(self) -> list[Node]:
        return [node for node in self._nodes.values() if node.facts and not node.lost]

    async def models(self) -> dict[str, list[Need]]:
        """Return for each node by name which models it has, and what a replica of each needs."""
        nodes = self._known()
        answers = await asyncio.gather(*(node.call("models") for node in nodes))
        return {
            node.name: [Need(**{**values, "name": name}) for name, values in unpacked(answer).items()]
            for node, answer in zip(nodes, answers, strict=True)
        }

    @property
    def rooms(self) -> list[NodeRoom]:
        """What the nodes offer that can be used."""
        return [node.room for node in self._known()]

    def unusable(self) -> list[str]:
        """Say of each node that cannot be used why not (foreign)."""
        nodes = [node for node in self._nodes.values() if not node.facts or node.lost]
        reasons = [node.known.exception() if node.known.done() else "it does not answer" for node in nodes]
        return [f"{node.name}: {reason}" for node, reason in zip(nodes, reasons, strict=True)]

    def facts(self) -> dict[str, dict[str, Any]]:
        """Return what each node said of itself, by its name (foreign)."""
        return {node.name: node.facts for node in self._known()}

    async def close(self) -> None:
        """End all replicas and agents; the connection stays."""
        for engine in self._engines:
            await engine.close()
        attended = [node.attended for node in self._nodes.values()]
        tasks = [task for task in (self._watching, *attended) if task is not None]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        for node in self._nodes.values():
            if node.agent:
                node.agent.end()
        self._watching = None

    async def _watch(self) -> None:
        """Look at the nodes, and let models make room for each other, while there is a head."""
        heard = time.monotonic()
        while True:
            await asyncio.sleep(LOOK)
            try:
                await within(SILENCE, GRACE, self._look())
                heard = time.monotonic()
            except Gone as gone:
                refused = await self._remote.refused()
                silent = time.monotonic() - heard
                if silent > (SILENCE if refused else HEAD_SILENCE):
                    self._end(refused or str(gone))
                    return
            self._balance()

    def _end(self, reason: str) -> None:
        """End every model: without its head a cluster places nothing and carries nothing."""
        where, first = f"Ray at {self._remote.where}", "Start the cluster again and then the same command"
        if self._remote.where == LOCAL:
            where, first = "The Ray of this machine", "Start the same command again"
        self.ended = EnginePaused(
            f"{where} is gone: {reason.rstrip('.')}. All that was answered is stored.",
            f"{first}, which resumes; or the same command without --on.",
        )
        self._remote.gone = True
        for node in self._nodes.values():
            node.lost = True
        for engine in self._engines:
            engine.fail(self.ended)

    async def _look(self) -> None:
        listed = await self._remote.nodes()
        self._free = await self._remote.free()
        for ray_node in listed:
            node = self._nodes.get(ray_node.id)
            if node is None and ray_node.alive:
                node = Node(ray_node.id, ray_node.address, ray_node.resources)
                if any(other.address == node.address for other in self._nodes.values()):
                    node.mark = f" ({node.id[:4]})"
                self._nodes[node.id] = node
                self._welcome(node)
            elif node is not None and not ray_node.alive:
                self._lose(node, "Ray says that the node is gone")
            elif node is not None and node.lost and node.attended and node.attended.done():
                self._welcome(node)

    def _welcome(self, node: Node) -> None:
        """Give a node that is new or back an agent."""
        node.agent = self._remote.agent(node.id)
        node.sending.clear()
        node.attended = asyncio.create_task(self._attend(node))

    async def _attend(self, node: Node) -> None:
        """Learn what a node is, and then hear its beats until it is lost."""
        try:
            facts = unpacked(await node.call("look"))
            if facts["version"] != __version__:
                raise Gone(f"{facts['name']} has Quorum {facts['version']}, and this is {__version__}")
            node.facts, node.lost = facts, False
            self._plan_again()
            if not node.known.done():
                node.known.set_result(None)
            while True:
                await asyncio.sleep(LOOK)
                await within(SILENCE, GRACE, node.call("beat"))
        except Gone as gone:
            if not node.known.done():
                node.known.set_exception(gone)
                node.known.exception()
            _LOG.warning("node %s: %s", node.name, gone)
            self._lose(node, str(gone))

    def _lose(self, node: Node, reason: str) -> None:
        """Take a node for lost, with all its replicas; it is welcome again when it is back."""
        if node.lost:
            return
        node.lost = True
        self._plan_again()
        for engine in self._engines:
            for copy in engine.copies:
                if copy.node == node.id:
                    copy.lose(f"{reason}")

    def suspect(self, node: str) -> None:
        """Note that a replica fell silent: its node's own beat tells whether all of it did."""
        _LOG.warning("a replica on node %s fell silent", node)

    def _balance(self) -> None:
        """Let a model that has nothing to do make room for one that has too much, or no place at all."""
        if time.monotonic() - self._room_made < MAKING_ROOM:
            return
        homeless = any(engine.homeless for engine in self._engines)
        starved = any(engine.starved and not self.rooms_for(engine.share) for engine in self._engines)
        for engine in self._engines if homeless or starved else ():
            if spare := engine.spare(last=homeless):
                spare.retire()
                self._room_made = time.monotonic()
                return

    # What engines ask

    def place(self, share: Share) -> Handle:
        """Ask for a replica of that share; returns its handle at once."""
        return self._remote.replica(share, [node.id for node in self._nodes.values() if node.lost])

    def rooms_for(self, share: Share) -> int:
        """Say for how many more replicas the cluster may have room: nodes together may, and none alone."""
        free = self._free.get
        rooms = [free("CPU", 0.0) / share.cpus, free("memory", 0.0) / max(share.memory, 1)]
        rooms += [free("GPU", 0.0) / share.gpus] if share.gpus else []
        return int(min(rooms) + 1e-6)

    def gather(self) -> float:
        """Return for how many seconds a replica waits for more news: longer the more there are."""
        return min(MOST_GATHER, GATHER * sum(len(engine.copies) for engine in self._engines))

    async def settle(self, copy: Copy, engine: ClusterEngine) -> dict[str, Any]:
        """Have the model's file on the node of a replica; return the order to load it there."""
        node = await self._node(copy.node)
        copy.named(node.name)
        header = engine.header
        try:
            path = await self._file_on(node, header, copy.tell)
        except ModelError as error:
            raise Failed(error) from None
        return {
            "path": path,
            "context": engine.settings.context,
            "exact": engine.settings.exact,
            "cpus": engine.share.cpus,
            "gpu_layers": engine.gpu_layers if engine.share.gpus else 0,
            "calibration": recall(_cache(), f"{node.facts['kind']}|{fingerprint(header.path)}"),
            "command": self._command,
            "patience": asdict(self._patience) if self._patience else None,
        }

    async def _node(self, id: str) -> Node:
        """Return a node that may have come just now, once it is known; Gone where it cannot be used."""
        if id not in self._nodes:
            await self._look()
        if id not in self._nodes:
            raise Gone("its node is gone")
        node = self._nodes[id]
        await asyncio.shield(node.known)
        return node

    async def _file_on(self, node: Node, header: ModelHeader, tell: Callable[[str], None]) -> str:
        """Return where a node has a model, sent there first if it has not; one at a time for each."""
        model = await asyncio.to_thread(fingerprint, header.path)
        task = node.sending.get(model)
        if task is None or (task.done() and (task.cancelled() or task.exception())):
            task = node.sending[model] = asyncio.create_task(self._find_or_send(node, header, model, tell))
        return await asyncio.shield(task)

    async def _find_or_send(
        self, node: Node, header: ModelHeader, model: str, tell: Callable[[str], None]
    ) -> str:
        tell("looking for the model file")
        order = {"model": model, "size": header.size, "path": str(header.path)}
        if found := unpacked(await node.call("find", packed(order))):
            return str(found)
        size = header.path.stat().st_size
        shipment = self._shipments.setdefault(model, Shipment(self._remote, header.path, model, size))
        return await shipment.send(node.call, lambda share: tell(f"receiving the model file, {share:.0%}"))


def _cache() -> Path:
    return platformdirs.user_cache_path("quorum") / "cluster-calibrations.json"
