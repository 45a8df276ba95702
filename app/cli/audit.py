"""`quorum audit PROJECT`: judge rows drawn at random from an export, to know how right all of them are."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any, get_args

import click

from app.cli.common import NUMBER, Threshold, open_for_reading
from app.errors import QuorumError
from app.export.audit import Certificate, certificates, sentence
from app.export.request import ExportRequest, request
from app.method.certificate import CONFIDENCE
from app.store.decisions import login_name
from app.store.files import check_header
from app.store.rows import Include
from app.visible import visible_json


@click.command("audit", short_help="Judge rows of an export drawn at random; say how right it is.")
@click.argument("project", type=click.Path(path_type=Path))
@click.option(
    "--target",
    type=Threshold(),
    default=0.95,
    show_default=True,
    help="The share of right rows to be sure of.",
)
@click.option(
    "--include",
    type=click.Choice(get_args(Include)),
    default="consensus",
    show_default=True,
    help="What to audit, as in an export.",
)
@click.option("--run", type=NUMBER, help="Only this run.")
@click.option(
    "--filter",
    "--where",
    "where",
    default="",
    help="Only rows that this filter lets through, as --where of an export.",
)
@click.option("--cap", type=NUMBER, help="Maximum rows per instruction, as in an export.")
@click.option("--reviewer", help="Name stored with your verdicts [default: the login name]")
@click.option("--json", "as_json", is_flag=True, help="Open nothing; print as JSON what audits say now.")
def audit(
    project: Path,
    target: float,
    include: Include,
    run: int | None,
    where: str,
    cap: int | None,
    reviewer: str | None,
    as_json: bool,
) -> None:
    """Show rows that PROJECT would export, drawn at random, one at a time: y if right, n if wrong.

    After each it says how many of all rows are right at least and at most, with 95% confidence at whatever
    moment you stop. Wrong rows are left out of exports. Exports, their card and the report say what was
    found; name here the same rows as there.
    """
    asked = request("alpaca-jsonl", include, run=run, where=where, cap=cap, reviewer=reviewer or login_name())
    if as_json:
        with open_for_reading(project, sound=True) as opened:
            audits = opened.read(lambda c: certificates(c, asked))
        click.echo(visible_json([_facts(found, target) for found in audits], indent=2))
        return
    _open_screen(project, asked, target, reviewer)


def _open_screen(project: Path, asked: ExportRequest, target: float, reviewer: str | None) -> None:
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise QuorumError("An audit needs a terminal.", "Without one, --json prints what was found so far.")
    check_header(project.expanduser())
    from app.tui.app import QuorumApp
    from app.tui.screens.audit import AuditScreen

    screens = QuorumApp(project, reviewer, begin_at=lambda: AuditScreen(asked, target))
    screens.run()
    sys.exit(screens.return_code)


def _facts(found: Certificate, target: float) -> dict[str, Any]:
    """Return what an audit says as plain data; the bounds are null before the first verdict."""
    bound, sample = found.bound, found.sample
    known = bound.drawn > 0
    return {
        "reviewer": found.drawing.reviewer,
        "begun": found.drawing.at,
        "seed": found.drawing.seed,
        "rows": bound.rows,
        "drawn": bound.drawn,
        "right": bound.right,
        "wrong": bound.wrong,
        "mended": bound.mended,
        "going_out": bound.remaining,
        "confidence": CONFIDENCE,
        "right_at_least": bound.least if known else None,
        "right_at_most": bound.most_remaining if known else None,
        "share_at_least": bound.share_least if known else None,
        "share_at_most": bound.share_most if known else None,
        "target": target,
        "more_expected": found.more_for(target),
        "no_longer_count": {"gone": sample.gone, "changed": sample.changed, "waiting": sample.waiting},
        "sentence": sentence(found),
    }
