"""`quorum publish PROJECT REPO`: the chosen rows and their card as a data set on the Hugging Face Hub."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import click

from app.cli.common import open_for_reading
from app.cli.export import lines_of
from app.cli.export_options import choosing, chosen
from app.errors import ExportError
from app.export.write import ExportReport, export
from app.visible import visible_line


@click.command("publish", short_help="Put the rows of a project on the Hugging Face Hub.")
@click.argument("project", type=click.Path(path_type=Path))
@click.argument("repository", metavar="REPO")
@choosing
@click.option("--public", is_flag=True, help="Make a new data set public; by default it is private.")
@click.option("--yes", is_flag=True, help="Publish without asking.")
@click.option("--dry-run", is_flag=True, help="Show what would be published, without the network.")
def publish(project: Path, repository: str, public: bool, yes: bool, dry_run: bool, **typed: Any) -> None:
    """Put the rows of PROJECT on the Hugging Face Hub as the data set REPO (owner/name), with a card.

    Shows first what would be published, and publishes nothing without your yes. REPO is created if it does
    not exist; rows that were there before are replaced. --dry-run prints the card and sends nothing.
    """
    wanted = chosen({**typed, "format": "datasets"})
    with TemporaryDirectory(prefix="quorum-") as work:
        folder = Path(work) / repository.rsplit("/", 1)[-1]
        with open_for_reading(project, sound=True) as opened:
            report = export(opened, folder, wanted)
        instead = "not published (dry run)" if dry_run else "not published yet"
        for line in _summary(report, repository, wanted.licence, public, folder, instead):
            click.echo(visible_line(line), err=True)
        if not report.rows:
            raise ExportError("There is nothing to publish.", "Choose what goes in so that there are rows.")
        if dry_run:
            click.echo((folder / "README.md").read_text("utf-8"), nl=False)
            return
        _ask(yes, repository)
        os.environ.setdefault("HF_HUB_DISABLE_TELEMETRY", "1")
        from app.export import hub  # the client takes a noticeable part of a second to import

        address = hub.publish(folder, repository, private=not public, message=f"{report.rows:,} rows")
    click.echo(visible_line(address))


def _summary(
    report: ExportReport, repository: str, licence: str, public: bool, folder: Path, instead: str
) -> list[str]:
    """Say what would be published, under which licence and for whom."""
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    named = ", ".join(path.relative_to(folder).as_posix() for path in files)
    size = sum(path.stat().st_size for path in files)
    return [
        *lines_of(report, instead),
        f"files: {named} ({size:,} bytes)",
        f"licence: {licence or 'none chosen (--license)'}",
        f"to: {repository}, {'public' if public else 'private if it is new'}",
    ]


def _ask(yes: bool, repository: str) -> None:
    """Go on only with an explicit yes. Raises ExportError where nobody can be asked, Abort for a no."""
    if yes:
        return
    if not sys.stdin.isatty():
        raise ExportError("Nothing was published: nobody said yes.", "Add --yes to publish without asking.")
    answer = click.prompt(visible_line(f"Type yes to publish to {repository}"), err=True, default="no")
    if answer.strip().lower() != "yes":
        raise ExportError("Nothing was published.", "")
