"""Keep what was counted beside the project, in the user's cache, and count only what has changed since.

The project itself is not written to: so statistics work on one that is open read-only, and nothing is at
stake. A file that cannot be read, or is of another project, costs the time to count again.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any, Literal

import platformdirs

from app import atomic, regular
from app.insight import counting
from app.insight.counting import Instructions, Tallies
from app.insight.tally import Tally
from app.store import statistics
from app.store.connection import roomy
from app.store.project import Connection, Project
from app.store.statistics import Mark, Spent

VERSION = 1
"""Of what is counted and how; what an earlier version kept is counted again."""
AT_ONCE = 4
"""Blocks counted between two looks at whether to go on: half a second, and one snapshot of the project."""

_PAGES = 64
"""MiB of the project's pages that are kept meanwhile."""

Part = Literal["instructions", "items"]
Runs = frozenset[int] | None
"""The numbers of runs; None are all."""


@dataclass(slots=True)
class Block:
    """A counted block: what its stamp was, and its counts by run."""

    stamp: tuple[int, ...]
    tallies: Tallies


@dataclass(slots=True)
class Counted:
    """All that was counted of a project, and how far its tables went."""

    marks: dict[str, Mark] = field(default_factory=dict)
    seeds: int = 0
    blocks: dict[Part, dict[int, Block]] = field(default_factory=lambda: {"instructions": {}, "items": {}})
    spent: dict[tuple[int, str], Spent] = field(default_factory=dict)

    def of_runs(self, part: Part, runs: Runs) -> Iterator[Tally]:
        """Yield the counts of these runs in order, or of all."""
        for _, block in sorted(self.blocks[part].items()):
            for number, tally in block.tallies.items():
                if runs is None or number in runs:
                    yield tally


def counted(
    project: Project, told: Callable[[int, int], bool] = lambda _done, _of: True, folder: Path | None = None
) -> Counted:
    """Count what is not counted yet and keep it; blocks, so call it in a thread.

    `told` hears how many blocks of how many are done, and says whether to go on: what is done is kept either
    way, and what is returned may then lack some. `folder` is the one to keep it in.
    """
    place = _place(project, folder)
    known = _recall(place)
    wanted, known = project.read(lambda c: _outdated(c, known))
    if wanted:
        counter = Instructions(project.read(statistics.seeds_of_runs))
        for at in range(0, len(wanted), AT_ONCE):
            if not told(at, len(wanted)):
                break
            some = wanted[at : at + AT_ONCE]
            project.read(partial(_count, known=known, some=some, counter=counter))
        _keep(place, known)
    return known


def _outdated(c: Connection, known: Counted) -> tuple[list[tuple[Part, int, tuple[int, ...]]], Counted]:
    """Return the blocks to count, and what is known without them."""
    seeds = statistics.seeds_stamp(c)
    if not known.marks or known.seeds != seeds or not statistics.still_hold(c, known.marks):
        known = Counted(seeds=seeds)
    marks = statistics.marks(c)
    changed: dict[Part, set[int]] = {"instructions": set(), "items": set()}
    if known.marks:
        changed["instructions"] = statistics.changed_instructions(c, known.marks)
        changed["items"] = statistics.changed_items(c, known.marks)
    stamps: dict[Part, dict[int, tuple[int, ...]]] = {
        "instructions": statistics.instruction_stamps(c),
        "items": statistics.item_stamps(c),
    }
    _add_spent(known, statistics.spent_since(c, known.marks["completions"].row if known.marks else 0))
    known.marks = marks
    wanted: list[tuple[Part, int, tuple[int, ...]]] = []
    for part, of_part in stamps.items():
        held = known.blocks[part]
        known.blocks[part] = held = {
            block: kept
            for block, kept in held.items()
            if of_part.get(block) == kept.stamp and block not in changed[part]
        }
        wanted += [(part, block, stamp) for block, stamp in of_part.items() if block not in held]
    return wanted, known


def _add_spent(known: Counted, new: list[Spent]) -> None:
    for spent in new:
        before = known.spent.get((spent.run, spent.model), Spent(spent.run, spent.model, 0, 0, 0.0))
        known.spent[spent.run, spent.model] = Spent(
            *(spent.run, spent.model, before.completions + spent.completions),
            *(before.tokens + spent.tokens, before.seconds + spent.seconds),
        )


def _count(
    c: Connection, known: Counted, some: list[tuple[Part, int, tuple[int, ...]]], counter: Instructions
) -> None:
    with roomy(c, _PAGES):
        for part, block, stamp in some:
            if part == "instructions":
                tallies = counter.count(statistics.instructions_of(c, block))
            else:
                tallies = counting.items(c, block)
            known.blocks[part][block] = Block(stamp, tallies)


# ---- the file --------------------------------------------------------------------------------------


def _place(project: Project, folder: Path | None) -> Path:
    folder = folder or platformdirs.user_cache_path("quorum") / "statistics"
    name = hashlib.sha256(str(project.path).encode("utf-8", "surrogateescape")).hexdigest()[:24]
    return folder / f"{name}.json"


def _recall(place: Path) -> Counted:
    try:
        data = json.loads(regular.text(place))
        return _counted_of(data) if data["version"] == VERSION else Counted()
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return Counted()


def _counted_of(data: dict[str, Any]) -> Counted:
    blocks: dict[Part, dict[int, Block]] = {"instructions": {}, "items": {}}
    for part, held in blocks.items():
        for block, (stamp, tallies) in data["blocks"][part].items():
            of_run = {int(run): Tally.of_json(tally) for run, tally in tallies.items()}
            held[int(block)] = Block(tuple(stamp), of_run)
    spent = [Spent(*each) for each in data["spent"]]
    return Counted(
        {table: Mark(*mark) for table, mark in data["marks"].items()},
        data["seeds"],
        blocks,
        {(each.run, each.model): each for each in spent},
    )


def _keep(place: Path, known: Counted) -> None:
    """Write what was counted, whole or not at all; where it cannot be written, it is counted again."""
    data = {
        "version": VERSION,
        "marks": known.marks,
        "seeds": known.seeds,
        "blocks": {
            part: {
                block: (kept.stamp, {run: tally.as_json() for run, tally in kept.tallies.items()})
                for block, kept in blocks.items()
            }
            for part, blocks in known.blocks.items()
        },
        "spent": [
            (each.run, each.model, each.completions, each.tokens, each.seconds)
            for each in known.spent.values()
        ],
    }
    with suppress(OSError):
        atomic.write_text(place, json.dumps(data))
