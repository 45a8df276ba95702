"""`quorum check`, `backup` and `rescue`: look for damage, copy a project, save what can be read of one."""

from __future__ import annotations

import os
from dataclasses import asdict
from pathlib import Path

import click

from app import atomic
from app.cli.common import open_for_reading
from app.errors import ProjectError
from app.export.layout import check_target
from app.store import files, health
from app.store.project import Project
from app.store.rescue import LeftOut, Rescued, rescue
from app.visible import visible_json, visible_line
from app.words import plural

_PROJECT = click.argument("project", type=click.Path(path_type=Path))
_OUT = click.argument("out", type=click.Path(path_type=Path))
_SHOWN = 20


@click.command("check", short_help="Look through a project for damage.")
@_PROJECT
def check(project: Path) -> None:
    """Look through all of PROJECT for damage: pages, indexes, what belongs to what, texts, decisions, counts.

    Prints what it holds, and exits with 0 if it is sound, with 1 and what was found if not. Works during a
    run, and changes nothing.
    """
    with Project.open(project, read_only=True) as opened:
        if opened.notice:
            click.echo(visible_line(opened.notice), err=True)
        _check_whole(opened)
        click.echo(f"sound: {opened.read(health.readable)}")


def _check_whole(project: Project) -> None:
    found = project.read(health.every_fault)
    for fault in found[:_SHOWN]:
        click.echo(visible_line(fault, 400))
    if found:
        raise ProjectError(
            f"{project.path} is damaged. Readable: {project.read(health.readable)}.",
            f"`quorum rescue {project.path.name} NEW` saves what can be read into a new project.",
        )


@click.command("backup", short_help="Copy a project as it is now, checked.")
@_PROJECT
@_OUT
@click.option("--force", is_flag=True, help="Replace OUT if it exists.")
def backup(project: Path, out: Path, force: bool) -> None:
    """Copy PROJECT to the new file OUT as it is at this moment; works during a run.

    The project is looked through for damage first, and the copy when it is made. A copy made by other means
    while Quorum writes may lack what was stored last.
    """
    target = _copy_of(project, out)
    with open_for_reading(project, sound=True) as opened:
        check_target(target, force=force)
        with atomic.beside(target) as building:
            holds = opened.back_up_to(building)
            atomic.replace_by(building, target) if force else atomic.place(building, target)
        size = target.stat().st_size
        click.echo(visible_line(f"{holds}: {out} ({size:,} bytes)"), err=True)


@click.command("rescue", short_help="Save what can be read of a damaged project.")
@_PROJECT
@_OUT
def rescue_command(project: Path, out: Path) -> None:
    """Save everything that can be read of PROJECT into the new project OUT, and list what could not be read.

    PROJECT is not changed, and OUT is sound. Rows that can be read but cannot be what was stored, or belong
    to something that is lost, are written to OUT.left-out.jsonl. Exits with 1 if anything was lost.
    """
    target = _copy_of(project, out)
    if os.path.lexists(target):
        raise ProjectError(f"{out} already exists.", "Rescue writes a new file: choose another name.")
    check_target(target, force=False)
    if not project.is_file():
        raise ProjectError(f"{project} is not a file.", "Name the damaged project.")
    saved = rescue(project.resolve(), target)
    for lost in saved.lost[:_SHOWN]:
        click.echo(visible_line(f"could not be read: {lost}", 400), err=True)
    if len(saved.lost) > _SHOWN:
        click.echo(f"… and {len(saved.lost) - _SHOWN:,} more", err=True)
    left_out = _write_left_out(target, saved.left_out)
    with Project.open(target, read_only=True) as opened:
        click.echo(visible_line(f"saved: {opened.read(health.readable)}: {out}"), err=True)
    if saved.lost or saved.left_out:
        raise ProjectError(f"Not everything could be saved. {_words(saved, left_out)}".strip(), "")


def _copy_of(project: Path, out: Path) -> Path:
    """Return where to write; raises ProjectError where that is the project itself or cannot be one."""
    target = out.expanduser().absolute()
    if target.exists() and project.exists() and target.samefile(project):
        raise ProjectError(f"{out} is the project itself.", "Choose another name.")
    files.check_name(target)
    return target


def _words(saved: Rescued, left_out: Path) -> str:
    if not saved.left_out:
        return ""
    return f"What was read and left out is in {left_out}: {plural(len(saved.left_out), 'row')}."


def _write_left_out(target: Path, rows: list[LeftOut]) -> Path:
    """Write the rows that have no place in the new project beside it, one JSON object a line."""
    path = target.with_name(f"{target.name}.left-out.jsonl")
    if rows:
        atomic.write_text(path, "".join(f"{visible_json(asdict(row))}\n" for row in rows))
    return path
