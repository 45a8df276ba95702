"""`quorum agreement PROJECT`: how far reviewers agree with each other and with themselves."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

import click

from app.method.agreement import Agreement, agreement
from app.store.opinions import opinions
from app.store.project import Project
from app.visible import visible_line


@click.command("agreement", short_help="Say how far reviewers agree.")
@click.argument("project", type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def agreement_command(project: Path, as_json: bool) -> None:
    """Print for every two reviewers of PROJECT, and for each with themselves, how far they agree.

    In percent of items with the same answer, by Cohen's kappa, and over all by Krippendorff's alpha, both
    of the four labels rejected, edited, winner and another. With themselves: items shown again unmarked.
    """
    with Project.open(project, read_only=True) as opened:
        report = agreement(opened.read(opinions))
    if as_json:
        click.echo(json.dumps(asdict(report), ensure_ascii=False, indent=1))
        return
    for pair in report.pairs:
        click.echo(visible_line(_line(" and ".join(pair.who), pair)))
    for own in report.selves:
        click.echo(visible_line(_line(f"{own.who[0]} with themselves", own)))
    if report.alpha is not None:
        click.echo(f"Krippendorff's alpha {report.alpha:.2f} over {report.items:,} items")
    elif not report.selves:
        click.echo("No item was decided by two reviewers.")


def _line(who: str, found: Agreement) -> str:
    return f"{who}: {found.items:,} items, {found.same:.0%} the same, kappa {found.kappa:.2f}"
