"""`quorum report PROJECT… [OUT]`: runs, and so recipes, side by side; or everything as one page."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from app.cli.card import as_dict, learning_lines
from app.cli.common import open_for_reading
from app.cli.report_page import PAGES, write_report
from app.export.audit import sentences
from app.method.references import ReferenceScores, Score
from app.method.report_card import conclusion
from app.method.terms import in_words
from app.run.chance import Chance, chance
from app.run.interval_lines import share_text
from app.run.references import reference_scores
from app.run.report_card import CardReport, card_of, heading
from app.store import figures, runs
from app.store.figures import RunFigures, Yield
from app.store.project import Connection
from app.visible import visible_json, visible_line
from app.words import plural

_REASONS = 4
_WIDE = 34


@click.command("report", short_help="Say what the data is like, as a page with pictures or in columns.")
@click.argument(
    "projects", metavar="PROJECT... [OUT]", nargs=-1, required=True, type=click.Path(path_type=Path)
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.option("--force", is_flag=True, help="Replace OUT if it exists.")
def report(projects: tuple[Path, ...], as_json: bool, force: bool) -> None:
    """Write a report of all PROJECTs to OUT (.html or .md), or print their runs in columns.

    OUT is one file with all pictures in it, which loads nothing: what became of everything, models,
    agreement, thresholds, lengths, novelty, tasks, words, yield and decisions, as on the screen Data.

    Without OUT, the runs of all PROJECTs stand in columns, to compare what their recipes brought.

    Rows are what an export by consensus writes; lengths are mean words. The nearest of an instruction is
    the ROUGE-L with the one most like it in its pool when it was kept: lower is newer. What looks wrong is
    named as in --no-lint of an export. Kept by chance is what the votes would keep if each model's answers
    were shuffled among items of the same kind. Where models gave samples, it is counted how many of them say
    what the model votes by. Where reference answers are kept beside tasks, their
    agreement with the answers follows, by model, rule, how many answers and how many samples are equal: how
    many say the same, and the mean of the best ROUGE-L. Where a sample was judged, what follows is said. What
    audits say of a run's rows stands at the end.
    """
    if projects[-1].suffix.lower() in PAGES:
        if as_json or len(projects) == 1:
            raise click.UsageError("Name a project, then OUT; --json prints and takes no OUT.")
        write_report(projects[:-1], projects[-1], force=force)
        click.echo(visible_line(f"Wrote {projects[-1]}"))
        return
    cards: dict[Path, CardReport] = {}
    runs_by_path: list[tuple[Path, RunFigures]] = []
    scored: list[ReferenceScores] = []
    by_chance: list[Chance | None] = []
    audits: list[list[str]] = []
    for path in projects:
        with open_for_reading(path, sound=True) as opened:
            for run, scores, found, audited in opened.read(_figures):
                runs_by_path.append((path, run))
                scored.append(scores)
                by_chance.append(found)
                audits.append(audited)
            cards[path] = opened.read(card_of)
    if as_json:
        facts = [
            _facts(path, run, scores)
            | {"by_chance": found and found.as_dict(), "audit": audited, "card": as_dict(cards[path])}
            for (path, run), scores, found, audited in zip(
                runs_by_path, scored, by_chance, audits, strict=True
            )
        ]
        click.echo(visible_json(facts, indent=2))
    elif not runs_by_path:
        click.echo("No run that is not hidden.")
    else:
        lines = _lines(runs_by_path, by_chance, several=len(projects) > 1)
        names = _names(runs_by_path, several=len(projects) > 1)
        for name, scores, audited in zip(names, scored, audits, strict=True):
            lines += _reference_lines(name, scores)
            lines += [visible_line(f"run {name}: {said}") for said in audited]
        for path, judged in cards.items():
            lines += _card_lines(path, judged)
        click.echo("\n".join(lines))


def _figures(c: Connection) -> list[tuple[RunFigures, ReferenceScores, Chance | None, list[str]]]:
    return [
        (
            figures.of_run(c, run),
            reference_scores(c, run.id),
            chance(c, run_id=run.id),
            sentences(c, run.number),
        )
        for run in runs.all_runs(c)
        if not run.hidden
    ]


def _facts(path: Path, run: RunFigures, scores: ReferenceScores) -> dict[str, Any]:
    facts = {"project": str(path), **asdict(run), "rows_per_1000_tokens": run.rows_per_1000_tokens}
    if scores.items:
        facts["references"] = {
            "items": scores.items,
            **{
                what: [{"name": name, **asdict(score), "mean": score.mean} for name, score in of_name.items()]
                for what, of_name in _by_name(scores).items()
            },
        }
    return facts


def _by_name(scores: ReferenceScores) -> dict[str, dict[str, Score]]:
    equal, samples = (
        sorted(of_size.items(), key=lambda group: (group[0][1], group[0][0]))
        for of_size in (scores.groups, scores.samples)
    )
    return {
        "model": dict(sorted(scores.models.items())),
        "rule": scores.rules,
        "equal answers": {f"{size} of {whole}": score for (size, whole), score in equal},
        "equal samples": {f"{size} of {whole}": score for (size, whole), score in samples},
    }


def _reference_lines(run: str, scores: ReferenceScores) -> list[str]:
    """Return what the answers of a run have of the reference answers; nothing where there are none."""
    if not scores.items:
        return []
    lines = ["", f"run {run}: {plural(scores.items, 'item')} with reference answers"]
    for what, of_name in _by_name(scores).items():
        lines += [
            f"  {what} {visible_line(name, _WIDE)}: {score.exact:,} of {score.answers:,} exact "
            f"({score.exact / score.answers:.0%}), ROUGE-L {score.mean:.2f}"
            for name, score in of_name.items()
        ]
    return lines


def _card_lines(path: Path, judged: CardReport) -> list[str]:
    """Return what follows from a judged sample; nothing where there is none."""
    card = judged.card
    if not card.items:
        return []
    lines = ["", f"{path.name}: {heading(judged)}"]
    if card.stands is not None and card.stands.winner.count:
        right = share_text(card.stands.winner.estimate)
        lines.append(f"  the vote ({card.stands_by}): {right} of what it keeps right")
    if card.best is not None:
        lines.append(
            f"  best model alone, {card.best.name}: {share_text(card.best.all.estimate)} of all right"
        )
    lines += [f"  {conclusion(card)}", *learning_lines(judged)]
    return [visible_line(line, 400) for line in lines]


def _lines(
    runs_by_path: Sequence[tuple[Path, RunFigures]], by_chance: Sequence[Chance | None], *, several: bool
) -> list[str]:
    """Return the table as lines: a head, one line a figure, then what was dropped and what looks wrong."""
    table = [["run", *_names(runs_by_path, several=several)]]
    ran = [run for _, run in runs_by_path]
    for name, cell in _FIGURES:
        table.append([name, *map(cell, ran)])
        if name == _VOTES:
            table.append(
                ["  kept by chance", *(_number(found.kept if found else None, ".0%") for found in by_chance)]
            )
    for name, listed in _LISTED:
        rows = [listed(run) for run in ran]
        table += [
            [name if place == 0 else "", *(_at(row, place) for row in rows)]
            for place in range(max(map(len, rows)))
        ]
    shown = [[visible_line(cell, _WIDE) for cell in row] for row in table]
    widths = [max(len(row[column]) for row in shown) for column in range(len(shown[0]))]
    return [
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in shown
    ]


def _names(runs_by_path: Sequence[tuple[Path, RunFigures]], *, several: bool) -> list[str]:
    return [f"{path.name} {run.run}" if several else str(run.run) for path, run in runs_by_path]


def _kept(made: Yield) -> str:
    share = f"  {made.kept / made.made:.0%}" if made.made else ""
    return f"{made.kept} of {made.made}{share}"


def _number(value: float | None, form: str = ".1f") -> str:
    return "-" if value is None else format(value, form)


def _most(counts: Mapping[str, int], words: Callable[[str], str]) -> list[str]:
    """Return the most frequent reasons, each with its count, and what is left of them."""
    reasons = [f"{count} {words(reason)}" for reason, count in counts.items()]
    rest = sum(list(counts.values())[_REASONS:])
    return [*reasons[:_REASONS], f"{rest} for other reasons"] if rest else reasons


def _at(cells: Sequence[str], place: int) -> str:
    return cells[place] if place < len(cells) else ""


_VOTES = "votes kept"
_FIGURES: tuple[tuple[str, Callable[[RunFigures], str]], ...] = (
    ("recipe", lambda run: run.recipe),
    ("models", lambda run: f"{len(run.models)}"),
    ("requests", lambda run: f"{run.requests}"),
    ("tokens written", lambda run: f"{run.tokens}"),
    ("instructions kept", lambda run: _kept(run.instructions)),
    ("instances kept", lambda run: _kept(run.instances)),
    (_VOTES, lambda run: _kept(run.votes)),
    ("answers that did not vote", lambda run: f"{run.barred}"),
    ("same but for punctuation", lambda run: f"{run.punctuation}"),
    ("same but for a symbol", lambda run: f"{run.symbols}"),
    ("rows", lambda run: f"{run.rows}"),
    ("rows per 1,000 tokens", lambda run: _number(run.rows_per_1000_tokens, ".2f")),
    ("distinct instructions", lambda run: f"{run.distinct}"),
    ("nearest instruction", lambda run: _number(run.nearest, ".2f")),
    ("with an input", lambda run: _number(run.with_input, ".0%")),
    ("words, instruction", lambda run: _number(run.instruction_words)),
    ("words, input", lambda run: _number(run.input_words)),
    ("words, output", lambda run: _number(run.output_words)),
)
_LISTED: tuple[tuple[str, Callable[[RunFigures], list[str]]], ...] = (
    ("instructions dropped", lambda run: _most(run.instructions.dropped, in_words)),
    ("instances dropped", lambda run: _most(run.instances.dropped, in_words)),
    ("votes dropped", lambda run: _most(run.votes.dropped, in_words)),
    ("models by equal samples", lambda run: [f"{count} with {of}" for of, count in run.samples.items()]),
    ("rows that look wrong", lambda run: _most(run.faults, str)),
)
