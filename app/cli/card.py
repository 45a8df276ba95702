"""`quorum card PROJECT`: how right every model and every rule is, from a judged sample."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping, Sequence
from itertools import accumulate
from pathlib import Path
from typing import Any

import click

from app.cli.common import open_for_reading
from app.method.gain import offer
from app.method.report_card import PUBLISHED, QUESTIONS, Kept, ReportCard, Share, conclusion, of_siblings
from app.run.interval_lines import reliability_lines, share_text
from app.run.report_card import BY_LEARNED, CardReport, agreement_lines, card_of, heading
from app.store.filters import parse
from app.visible import visible_json, visible_line
from app.words import plural

_WIDE, _NAME = 30, 60
"""Cells of a first column, and of any other, at most."""
_FIRST_COLUMNS = 36
"""Cells that threshold, share kept and share right take in the tables of rules."""


@click.command("card", short_help="Say how right models and rules are, from a judged sample.")
@click.argument("project", type=click.Path(path_type=Path))
@click.option("--filter", "chosen", default="", help="The sample that was drawn from this filter.")
@click.option("--imported", is_flag=True, help="Count imported judgements too, which are no random sample.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON, complete.")
def card(project: Path, chosen: str, imported: bool, as_json: bool) -> None:
    """Print the report card of PROJECT, from the items that were drawn at random and judged blind.

    Shares of right rows with 95% intervals: of each model alone, of each rule and threshold on what it keeps
    beside each model on just these items, by how many answers are equal; which models are wrong together; and
    the three questions of Self-Instruct. A row is right if its task is valid and its answer is right.
    """
    wanted = str(parse(chosen))
    with open_for_reading(project, sound=True) as opened:
        report = opened.read(lambda c: card_of(c, wanted, imported=imported))
    if as_json:
        click.echo(visible_json(as_dict(report), indent=2))
        return
    for line in lines_of(report):
        click.echo(visible_line(line, 400))


def lines_of(report: CardReport) -> Iterator[str]:
    """Yield the report card as lines (foreign: it names models and reviewers)."""
    card = report.card
    yield heading(report)
    if report.imported and not report.counted:
        yield f"{plural(report.imported, 'imported item')} not counted: they were not drawn here (--imported)"
    if not card.items:
        yield "Nothing has been judged yet: `quorum judge PROJECT`, or j on Home."
        return
    yield from ("", f"What follows: {conclusion(card)}", *map(of_siblings, card.siblings))
    yield from ("", "right alone", *_table(list(_models(card))))
    if report.learned:
        yield from ("", BY_LEARNED)
    if card.stands is not None:
        yield from ("", *_standing(card, card.stands))
    for rule, rows in card.rules.items():
        yield from ("", f"rule {rule}", *_table(list(_thresholds(card, rows))))
    yield from ("", "winners by how many answers are equal (as the vote stands)")
    yield from _table([[f"{equal} of {of}", *_cells(share)] for (equal, of), share in card.groups.items()])
    yield from ("", "what the vote keeps, beside the figures published for Self-Instruct")
    yield from _table(
        [
            [QUESTIONS[name], *_cells(share), f"{PUBLISHED[name]:.0%}"]
            for name, share in card.questions.items()
        ]
    )
    if card.grades:
        yield from _table([[f"graded {grade}", *_cells(share)] for grade, share in card.grades.items()])
    yield from learning_lines(report)
    yield from agreement_lines(report)


def learning_lines(report: CardReport) -> Iterator[str]:
    """Say what learning would gain, and whether its probabilities come true; nothing without judgements."""
    if report.gain is not None:
        yield from ("", " ".join((*offer(report.gain), "`quorum learn PROJECT` has more.")))
        yield from reliability_lines(report.gain)


def _cells(counted: Share) -> list[str]:
    return [share_text(counted.estimate), f"of {counted.count:,}"] if counted.count else ["-", ""]


def _models(card: ReportCard) -> Iterator[list[str]]:
    kinds = {"A": "with input", "B": "without"}
    for model in card.models:
        by_kind = [
            f"{kinds[kind]} {share_text(of_kind.estimate)}"
            for kind, of_kind in model.by_kind.items()
            if of_kind.count
        ]
        yield [model.name, *_cells(model.all), *(by_kind if len(by_kind) > 1 else [])]
    yield ["any of them", *_cells(card.oracle)]


def _standing(card: ReportCard, kept: Kept) -> Iterator[str]:
    """Say what the vote that stands keeps, and how it compares with each model on the same items."""
    yield f"the vote as it stands ({card.stands_by}) keeps {kept.kept:,} of {kept.items:,}; right on these:"
    if card.stands_by == "learned":
        yield "it may have learned from these very judgements: see `quorum learn` for an honest figure"
    rows = [["the vote", *_cells(kept.winner)]]
    for name, share in kept.models.items():
        between = kept.differences[name]
        signed = f"{100 * between.value:+.0f} ({100 * between.low:+.0f} to {100 * between.high:+.0f})"
        rows.append([name, *_cells(share), f"vote minus model {signed} points"])
    yield from _table(rows)


def _thresholds(card: ReportCard, rows: Sequence[Kept]) -> Iterator[list[str]]:
    names = _fitting(card)
    yield ["threshold", "keeps", "right", *names]
    for kept in filter(lambda kept: kept.kept, rows):
        alone = [f"{kept.models[name].estimate.value:.0%}" if name in kept.models else "-" for name in names]
        right = share_text(kept.winner.estimate) if kept.winner.count else "-"
        yield [f"{kept.threshold:g}", f"{kept.kept / kept.items:.0%}", right, *alone]


def _fitting(card: ReportCard) -> list[str]:
    """Return the models that are right most often, as many as the terminal has columns for."""
    names = [model.name for model in sorted(card.models, key=lambda model: -model.all.estimate.value)]
    left = shutil.get_terminal_size((120, 24)).columns - _FIRST_COLUMNS
    widths = accumulate(len(visible_line(name, _NAME)) + 2 for name in names)
    return [
        name for at, (name, width) in enumerate(zip(names, widths, strict=True)) if not at or width <= left
    ]


def _table(rows: Sequence[Sequence[str]]) -> list[str]:
    """Lay rows out in columns, indented."""
    width = max(map(len, rows), default=0)
    shown = [[visible_line(cell, _WIDE if at == 0 else _NAME) for at, cell in enumerate(row)] for row in rows]
    filled = [[*row, *[""] * (width - len(row))] for row in shown]
    widths = [max(len(row[column]) for row in filled) for column in range(width)]
    padded = [[cell.ljust(wide) for cell, wide in zip(row, widths, strict=True)] for row in filled]
    return [f"  {'  '.join(row)}".rstrip() for row in padded]


def as_dict(report: CardReport) -> dict[str, Any]:
    """Give everything as plain data for JSON."""
    card = report.card
    return {
        "items": card.items,
        "population": report.population,
        "filter": report.chosen,
        "reviewers": report.reviewers,
        "imported": report.imported,
        "counts_imported": report.counted,
        "conclusion": conclusion(card),
        "models": [
            {"name": model.name, **model.all.as_dict(), "by_kind": _shares(model.by_kind)}
            for model in card.models
        ],
        "any": card.oracle.as_dict(),
        "vote": card.stands and {"rule": card.stands_by, **_kept(card.stands)},
        "rules": {rule: list(map(_kept, rows)) for rule, rows in card.rules.items()},
        "equal": [
            {"equal": equal, "of": of, **share.as_dict()} for (equal, of), share in card.groups.items()
        ],
        "decided": _shares(card.decided),
        "siblings": [
            {"models": pair.names, "both_wrong": pair.both, "items": pair.items, "factor": pair.factor}
            for pair in card.siblings
        ],
        "questions": {
            name: {**share.as_dict(), "published": PUBLISHED[name]} for name, share in card.questions.items()
        },
        "grades": _shares(card.grades),
        "agreement": [
            {"reviewers": pair.who, "answers": pair.answers, "same": pair.same, "kappa": pair.kappa}
            for pair in report.agreement
        ],
        "alpha": report.alpha,
        "learning": report.gain and report.gain.as_dict(),
    }


def _shares(shares: Mapping[Any, Share]) -> dict[str, Any]:
    return {name: share.as_dict() for name, share in shares.items()}


def _kept(kept: Kept) -> dict[str, Any]:
    return {
        "threshold": kept.threshold,
        "kept": kept.kept,
        "items": kept.items,
        "winner": kept.winner.as_dict(),
        "models": _shares(kept.models),
        "differences": {name: between.as_dict() for name, between in kept.differences.items()},
    }
