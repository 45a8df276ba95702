"""`quorum status`, `log` and `agreement`: counts, every decision, and how far reviewers agree."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path

import click

from app.cli.common import NUMBER, open_for_reading
from app.method.agreement import Agreement, agreement
from app.method.equality import DIFFERENCE, Difference
from app.method.terms import DECIDED_BY, in_words
from app.method.writer_audition import read_writer_audition
from app.run.audition import read_audition
from app.run.voting import earlier_version, since_learned
from app.store import counts, evaluations, judgements, log, runs, votes
from app.store.judgements import JudgementEntry
from app.store.log import Answer, Change, Entry, opinions
from app.store.project import Connection
from app.store.review_state import ReviewState
from app.store.rows import RunModelRow
from app.store.views import Count, RunSummary, Summary
from app.visible import visible_json, visible_line
from app.words import plural


@click.command("status", short_help="Count what a project holds.")
@click.argument("project", type=click.Path(path_type=Path))
@click.option("--run", "number", type=NUMBER, help="Only this run.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def status(project: Path, number: int | None, as_json: bool) -> None:
    """Print what PROJECT holds, run by run; works during a run."""

    def read(c: Connection) -> tuple[Summary, dict[str, list[str]], list[str]]:
        run_id = None if number is None else runs.get(c, number).id
        summary = counts.summary(c, run_id, (*counts.STAGES, counts.BARRED))
        asked = {run.run_id: _asked(c, run) for run in summary.runs}
        earlier = [earlier_version(*found) for found in votes.under_earlier_versions(c).items()]
        return summary, asked, [*_evaluations(c), *earlier, *_since(c)]

    with open_for_reading(project) as opened:
        summary, asked, offers = opened.read(read)
        if not opened.in_use:
            summary = summary.without_process()
    if as_json:
        click.echo(visible_json(summary.as_dict(), indent=2))
        return
    if not summary.runs:
        click.echo("No run yet.")
    for run in summary.runs:
        click.echo("\n".join(map(visible_line, [*_lines(run), *asked[run.run_id]])))
    for offer in offers:
        click.echo(offer)


def _evaluations(c: Connection) -> list[str]:
    return [
        f"evaluation {found.number}  {visible_line(found.source)}  {plural(found.size, 'task')}, asked "
        f"{plural(len(evaluations.models_of(c, found.id)), 'model')}"
        for found in reversed(evaluations.every(c))
    ]


def _since(c: Connection) -> list[str]:
    since = since_learned(c)
    return [f"{since}; quorum learn FILE learns from them"] if since else []


def _lines(run: RunSummary) -> list[str]:
    head = f"run {run.number}  {run.recipe}  {run.state}"
    if run.state != runs.IMPORTED:
        head += f"  {run.total('instructions', 'kept')} of {run.target} instructions  seed {run.seed}"
    lines = [head + ("  hidden" if run.hidden else "")]
    if run.note:
        lines.append(f"  {run.note}")
    for cell in run.counts:
        barred = cell.stage == counts.BARRED
        words = ["did not vote" if barred else cell.stage, cell.kind, cell.status]
        detail = f"{in_words(cell.reason)}, {cell.model}" if barred else cell.model or _in_words(cell)
        lines.append(f"  {words[0]:<13}{words[1]:<3}{words[2]:<12}{cell.count:>7}  {detail}".rstrip())
    return lines


def _asked(c: Connection, run: RunSummary) -> list[str]:
    """Return how the writer, if it had an audition, and each answerer of a run that models make are asked."""
    parts = [part for part in runs.run_models(c, run.run_id) if part.model.can_be_asked]
    samples = runs.samples(c, run.run_id)
    lines = []
    for part in parts:
        if part.role == "answerer":
            lines.append(_style(part, samples[part.model.fingerprint]))
        elif wrote := read_writer_audition(part.audition):
            lines.append(f"  {'writes as':<13}{wrote.line()}, {part.model.name}")
    return lines


def _style(part: RunModelRow, samples: int) -> str:
    """Say in which style a model is asked, how it answered in its audition, and how many samples it gives."""
    heard = read_audition(part.audition)
    how = f"audition: {heard.best.exact:.0%} of {heard.best.count} exact" if heard else part.style_from
    beside = f", {samples} samples" if samples else ""
    return f"  {'asked':<13}{part.style:<22}  {part.model.name} ({how}{beside})"


def _in_words(cell: Count) -> str:
    """Say what a cell counts: by what votes were decided, how answers differ that they take as the same."""
    if cell.stage == "votes" and cell.reason in DECIDED_BY:
        return DECIDED_BY[cell.reason]
    if cell.stage == "differences":
        return DIFFERENCE[Difference[cell.status.upper()]]
    return in_words(cell.reason)


_ANSWER_WIDTH = 80
SHOWN = 3
"""Items of a decision in bulk that are printed; --item and --json leave none out."""
HOW = {
    "": "",
    "again": " (shown again unmarked)",
    "settle": " (settles a conflict)",
    "import": " (from a file)",
}


@click.command("log", short_help="Print every decision, and what it changed.")
@click.argument("project", type=click.Path(path_type=Path))
@click.option("--item", help="Only this item: its number as Review shows it, or its id.")
@click.option("--judgements", "judged", is_flag=True, help="Print the log of judgements instead.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object per line, complete.")
def log_command(project: Path, item: str | None, judged: bool, as_json: bool) -> None:
    """Print the decision log of PROJECT: who, when, what, and each item's state before and after."""
    if judged:
        _print_judgements(project, item, as_json=as_json)
        return
    with open_for_reading(project) as opened:

        def read(c: Connection) -> list[Entry]:
            key = None if item is None else log.find_item(c, item)
            return list(log.entries(c, key, -1 if as_json or item else SHOWN))

        report = opened.read(read)
    if as_json:
        for entry in report:
            click.echo(visible_json(asdict(entry)))
    else:
        if not report:
            click.echo("No decision yet.")
        for entry in report:
            click.echo("\n".join(visible_line(line, 2000) for line in _log_lines(entry)))


def _print_judgements(project: Path, item: str | None, *, as_json: bool) -> None:
    """Print every judgement and what was undone, in the order stored."""
    with open_for_reading(project) as opened:
        held = opened.read(
            lambda c: list(judgements.entries(c, None if item is None else log.find_item(c, item)))
        )
    for entry in held:
        shown = visible_json(asdict(entry)) if as_json else visible_line(_judged(entry), 2000)
        click.echo(shown)
    if not held and not as_json:
        click.echo("No judgement yet.")


def _judged(entry: JudgementEntry) -> str:
    """Say one event of the log of judgements in a line (foreign)."""
    head = f"{entry.seq:>6}  {entry.at}  {entry.reviewer}  {entry.action}{HOW[entry.how]}"
    if entry.target:
        return f"{head} of event {entry.target}  #{entry.number:04d}"
    parts = [f"{entry.right} of {plural(entry.answers, 'answer')} right"]
    parts += ["task not valid"] if entry.task is False else []
    parts += ["input does not fit"] if entry.input is False else []
    parts += [f"note “{entry.note}”"] if entry.note else []
    return f"{head}  #{entry.number:04d}  {', '.join(parts)}"


def _log_lines(entry: Entry) -> list[str]:
    about = f" of event {entry.target}" if entry.target else ""
    note = f"  {entry.note}" if entry.note else ""
    head = f"{entry.seq:>6}  {entry.at}  {entry.reviewer}  {entry.action}{about}{HOW[entry.how]}{note}"
    lines = [head, *(f"        {_change(change)}" for change in entry.changes)]
    if entry.items > len(entry.changes):
        lines.append(f"        … {entry.items:,} items")
    return lines


def _change(change: Change) -> str:
    before, after = _words(change.before, change.answers), _words(change.after, change.answers)
    return f"#{change.number:04d}  {before}" + ("  (unchanged)" if before == after else f"  →  {after}")


def _beginning(text: str) -> str:
    """Return a text in one line, no longer than what tells it from others."""
    return visible_line(" ".join(text.split()), _ANSWER_WIDTH)


def _words(state: ReviewState, answers: Mapping[str, Answer]) -> str:
    """Say a state in one line (foreign)."""
    parts: list[str] = [state.status]
    parts += [f"({state.reason})"] if state.reason else []
    if answer := answers.get(state.candidate_id or ""):
        parts.append(f"answer of {answer.model}" + ("" if state.text else f" “{_beginning(answer.output)}”"))
    parts += [f"“{state.text}”"] if state.text is not None else []
    parts += ["flagged"] if state.flagged else []
    parts += [f"tags {', '.join(state.tags)}"] if state.tags else []
    parts += [f"note “{state.note}”"] if state.note else []
    parts += [f"graded {state.rating.grade or '–'}"] if state.rating else []
    parts += [f"task “{state.instruction}” / “{state.input}”"] if state.instruction is not None else []
    parts += ["in conflict"] if state.conflict else []
    return " ".join(parts)


@click.command("agreement", short_help="Say how far reviewers agree.")
@click.argument("project", type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def agreement_command(project: Path, as_json: bool) -> None:
    """Print how far each pair of reviewers of PROJECT agrees, and each reviewer with themselves.

    In percent of items with the same answer, by Cohen's kappa, and over all by Krippendorff's alpha, both
    of the four labels rejected, edited, winner and another. With themselves: items shown again unmarked.
    """
    with open_for_reading(project) as opened:
        report = agreement(opened.read(opinions))
    if as_json:
        click.echo(visible_json(asdict(report), indent=1))
        return
    for pair in report.pairs:
        click.echo(visible_line(_line(" and ".join(pair.who), pair)))
    for own in report.selves:
        click.echo(visible_line(_line(f"{own.who[0]} with themselves", own)))
    if report.alpha is not None:
        click.echo(f"Krippendorff's alpha {report.alpha:.2f} over {report.items:,} items")
    elif not report.selves:
        click.echo("No item was decided by two reviewers.")


def _line(who: str, agreement: Agreement) -> str:
    return f"{who}: {agreement.items:,} items, {agreement.same:.0%} the same, kappa {agreement.kappa:.2f}"
