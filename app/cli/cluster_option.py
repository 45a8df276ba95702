"""`--on`: the Ray cluster that a command's models are loaded on, in place of this machine."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, TypeVar

import click

from app.visible import visible_line

if TYPE_CHECKING:
    from app.cluster.site import ClusterSite

Command = TypeVar("Command", bound=Callable[..., object])


def on_option(command: Command) -> Command:
    """Give a command the option `--on`."""
    option = click.option(
        "--on",
        "cluster",
        metavar="ray://HOST:PORT|ray",
        help="Load the models on the machines of a Ray cluster; ray: one on this machine alone.",
    )
    return option(command)


@contextmanager
def connected(cluster: str | None) -> Iterator[ClusterSite | None]:
    """Give the site that `--on` names, connected, or None without it: then nothing of Ray is loaded.

    What is connected to is said before anything is sent. QuorumError where it cannot be.
    """
    if cluster is None:
        yield None
        return
    from app.cluster.remote import connect
    from app.cluster.site import ClusterSite

    remote = connect(cluster, lambda words: click.echo(visible_line(words, 400), err=True))
    try:
        yield ClusterSite(remote)
    finally:
        remote.close()
