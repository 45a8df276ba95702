"""`quorum open PROJECT`: the screens."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from app.errors import QuorumError


@click.command("open", short_help="Open the screens, with or without a project.")
@click.argument("project", required=False, type=click.Path(path_type=Path))
@click.option("--reviewer", help="Name stored with your decisions [default: the login name]")
def open_app(project: Path | None, reviewer: str | None) -> None:
    """Open PROJECT in the terminal, or Home when none is named."""
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise QuorumError(
            "The screens need a terminal.",
            "Without one use `quorum run`, `quorum status` and `quorum export`.",
        )
    # Textual takes a noticeable part of a second to import; the headless commands do without it.
    from app.tui.app import QuorumApp

    screens = QuorumApp(project, reviewer)
    screens.run()
    sys.exit(screens.return_code)
