"""`quorum open PROJECT`: the screens."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from app.cli.cluster_option import connected, on_option
from app.errors import ProjectError, QuorumError, did_you_mean
from app.visible import visible_line


@click.command("open", short_help="Open the screens, with or without a project.")
@click.argument("project", required=False, type=click.Path(path_type=Path))
@click.option("--reviewer", help="Name stored with your decisions [default: the login name]")
@on_option
@click.pass_context
def open_app(ctx: click.Context, project: Path | None, reviewer: str | None, cluster: str | None) -> None:
    """Open PROJECT in the terminal, or Home when none is named. A PROJECT that does not exist asks first."""
    on_terminal = sys.stdin.isatty() and sys.stdout.isatty()
    if project is not None and not project.expanduser().exists():
        _offer_to_create(project, _guess(ctx, project), on_terminal=on_terminal)
    if not on_terminal:
        raise QuorumError(
            "The screens need a terminal.",
            "Without one use `quorum run`, `quorum status` and `quorum export`.",
        )
    # Textual takes a noticeable part of a second to import; the headless commands do without it.
    from app.tui.app import QuorumApp

    with connected(cluster) as site:
        screens = QuorumApp(project, reviewer, site=site)
        screens.run()
    sys.exit(screens.return_code)


def _guess(ctx: click.Context, project: Path) -> str:
    """Ask whether a command was meant: a first word that is none is taken for a project."""
    root = ctx.find_root()
    commands = root.command.list_commands(root) if isinstance(root.command, click.Group) else []
    return did_you_mean(str(project), commands)


def _offer_to_create(project: Path, guess: str, *, on_terminal: bool) -> None:
    """Return if the project may be created; raises ProjectError where nobody can say so, Abort for a no."""
    if not on_terminal:
        raise ProjectError(
            f"There is no project {project}.",
            f"{guess}`quorum run` and `quorum import` create a project.",
        )
    question = f"{project} does not exist. {guess}Create a project of that name?"
    if not click.confirm(visible_line(question, 400), default=False, err=True):
        raise click.Abort
