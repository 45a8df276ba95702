"""`quorum log PROJECT`: every decision, who made it, when, and what it changed."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

import click

from app.store import log
from app.store.log import Change, Entry
from app.store.project import Connection, Project
from app.store.said import ReviewState
from app.visible import visible_line

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
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object a line, with nothing left out.")
def log_command(project: Path, item: str | None, as_json: bool) -> None:
    """Print the decision log of PROJECT: who, when, what, and each item's state before and after."""
    with Project.open(project, read_only=True) as opened:

        def read(c: Connection) -> list[Entry]:
            key = None if item is None else log.find_item(c, item)
            return list(log.entries(c, key, -1 if as_json or item else SHOWN))

        found = opened.read(read)
    if as_json:
        for entry in found:
            click.echo(json.dumps(asdict(entry), ensure_ascii=False))
    else:
        if not found:
            click.echo("No decision yet.")
        for entry in found:
            click.echo("\n".join(visible_line(line, 2000) for line in _lines(entry)))


def _lines(entry: Entry) -> list[str]:
    about = f" of event {entry.target}" if entry.target else ""
    note = f"  {entry.note}" if entry.note else ""
    head = f"{entry.seq:>6}  {entry.at}  {entry.reviewer}  {entry.action}{about}{HOW[entry.how]}{note}"
    lines = [head, *(f"        {_change(change)}" for change in entry.changes)]
    if entry.items > len(entry.changes):
        lines.append(f"        … {entry.items:,} items")
    return lines


def _change(change: Change) -> str:
    before, after = _words(change.before), _words(change.after)
    return f"#{change.number:04d}  {before}" + ("  (unchanged)" if before == after else f"  →  {after}")


def _words(state: ReviewState) -> str:
    """Say a state in one line (foreign)."""
    parts: list[str] = [state.status]
    parts += [f"({state.reason})"] if state.reason else []
    parts += [f"answer {state.candidate_id}"] if state.candidate_id else []
    parts += [f"“{state.text}”"] if state.text is not None else []
    parts += ["flagged"] if state.flagged else []
    parts += [f"tags {', '.join(state.tags)}"] if state.tags else []
    parts += [f"note “{state.note}”"] if state.note else []
    parts += [f"graded {state.rating.grade or '–'}"] if state.rating else []
    parts += [f"task “{state.instruction}” / “{state.input}”"] if state.instruction is not None else []
    parts += ["in conflict"] if state.conflict else []
    return " ".join(parts)
