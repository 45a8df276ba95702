"""The machines of a cluster and the replicas of models on them; nothing in a run on this machine alone."""

from __future__ import annotations

from textual.content import Content

from app.engine.state import NodeState, ReplicaState
from app.run.progress import ModelProgress
from app.tui.literal import literal_line
from app.tui.widgets.layout import Column, Drawn, table
from app.tui.widgets.models import STATES, TROUBLE
from app.words import count, plural, rate, size


class ClusterTable(Drawn):
    """A line per node, then for each model what waits and a line per replica."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._machines: tuple[NodeState, ...] = ()
        self._models: tuple[ModelProgress, ...] = ()

    def show(self, nodes: tuple[NodeState, ...], models: tuple[ModelProgress, ...]) -> None:
        """Draw these."""
        self._machines, self._models = nodes, models
        self.redraw()

    def draw(self, width: int) -> Content:
        """Lay out nodes over replicas."""
        if not self._machines:
            return Content()
        name = max(12, width - 46)
        nodes = [Column(name), Column(9), Column(18), Column(9, "right")]
        lines = [table([_heads("node", "", "", "replicas")], nodes)]
        lines += [table([_node(node)], nodes) for node in self._machines]
        replicas = [Column(name), Column(20), Column(7, "right"), Column(7, "right")]
        lines.append(table([_heads("replica", "state", "tok/s", "done")], replicas))
        for model in self._models:
            waits = f", {count(model.waiting)} waiting" if model.waiting else ""
            head = Content.assemble(literal_line(model.name, 60), (waits, "$foreground-muted"))
            lines.append(head.truncate(width, ellipsis=True))
            for replica in model.replicas:
                lines.append(table([_replica(replica)], replicas))
                if replica.note:
                    lines.append(Content.assemble("    ", literal_line(replica.note, 300)).truncate(width))
        return Content("\n").join(lines)


def _heads(*words: str) -> list[Content]:
    return [literal_line(word, 20, "$foreground-muted") for word in words]


def _node(node: NodeState) -> list[Content]:
    state = ("✗ lost", "$text-error") if node.lost else ("○ there", "$foreground-muted")
    gpus = f", {plural(round(node.gpus), 'GPU')}" if node.gpus else ""
    return [
        literal_line(node.name, 60),
        Content.assemble(state),
        Content(f"{node.cpus:g} CPU{gpus}, {size(node.memory_bytes)}"),
        Content(count(node.replicas)),
    ]


def _replica(replica: ReplicaState) -> list[Content]:
    glyph, words = STATES[replica.state]
    return [
        Content.assemble("  on ", literal_line(replica.node or "no node yet", 60)),
        Content.assemble((glyph, TROUBLE.get(replica.state, "$foreground-muted")), " ", words),
        Content(rate(replica.tokens_per_second)),
        Content(count(replica.done)),
    ]
