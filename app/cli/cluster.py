"""`quorum cluster ADDRESS`: the machines of a Ray cluster, the models found there, and what fits."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import click

from app.cli.cluster_option import connected
from app.errors import ModelError
from app.visible import visible_json, visible_line
from app.words import plural, size

if TYPE_CHECKING:
    from app.cluster.site import ClusterSite


@click.command("cluster", short_help="List the machines of a Ray cluster and what fits there.")
@click.argument("address", metavar="ray://HOST:PORT|ray")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def cluster_command(address: str, as_json: bool) -> None:
    """List the nodes of a Ray cluster, the models found there, and how many replicas would fit.

    ADDRESS is what `quorum run --on` takes. Nothing is loaded. A model that a run names need not be on every
    node: it is sent to those that have not got it.
    """
    with connected(address) as site:
        assert site is not None
        found = asyncio.run(_look(site))
    if as_json:
        click.echo(visible_json(found, indent=2))
        return
    for line in _lines(found):
        click.echo(visible_line(line, 400))


async def _look(site: ClusterSite) -> dict[str, Any]:
    """Return what there is as plain data; texts are foreign."""
    from app.cluster import fit

    try:
        await site.begin()
        by_node = await site.models()
        rooms, facts = site.rooms, site.facts()
        nodes = [
            {
                "name": room.name,
                "cpus": room.cpus,
                "gpus": [gpu["name"] for gpu in facts[room.name]["gpus"]] if room.gpus else [],
                "memory": int(room.memory),
                "processor": facts[room.name]["processor"],
            }
            for room in rooms
        ]
        needs = {need.name: need for found in by_node.values() for need in found}
        models = []
        for name, need in sorted(needs.items()):
            on = [node for node, found in by_node.items() if any(one.name == name for one in found)]
            try:
                [share] = fit.shares(rooms, [need])
                fits: dict[str, Any] = {"takes": share.words(), "replicas": fit.copies(rooms, share)}
            except ModelError as error:
                fits = {"takes": "", "replicas": 0, "why": error.message}
            models.append({"name": name, "nodes": on, **fits})
        return {"nodes": nodes, "unusable": site.unusable(), "models": models}
    finally:
        await site.close()


def _lines(found: dict[str, Any]) -> Iterator[str]:
    yield plural(len(found["nodes"]), "node")
    for node in found["nodes"]:
        gpus = f", {plural(len(node['gpus']), 'GPU')} ({', '.join(node['gpus'])})" if node["gpus"] else ""
        memory = f"{size(node['memory'])} of memory"
        yield f"  {node['name']}: {node['cpus']:g} CPU{gpus}, {memory}; {node['processor']}"
    for words in found["unusable"]:
        yield f"  cannot be used: {words}"
    yield "models found there, and the replicas of each alone that fit"
    for model in found["models"]:
        fits = f"{model['replicas']} × {model['takes']}" if model["replicas"] else model["why"]
        on = (
            "on every node"
            if len(model["nodes"]) == len(found["nodes"])
            else f"on {', '.join(model['nodes'])}"
        )
        yield f"  {model['name']}: {fits}; {on}"
