"""What a person asks of an export, checked once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from app.errors import ExportError
from app.export.formats import FORMS, PREFERENCE_FORMS, ROW_FORMS, Fields, Form, form_named
from app.export.human import HumanRow
from app.export.lint import CHECKS
from app.export.pairs import Judgement, Pair, Ranking
from app.export.split import shares
from app.export.trainers import Trainer, check_reads
from app.method.turns import Turn
from app.store.exportable import Selection
from app.store.filters import parse
from app.store.rows import Include
from app.store.views import ExportRow

Container = Literal["lines", "array", "csv", "parquet", "folder"]
"""What holds the rows: an object a line, one JSON array, a table, or a folder with a card."""

CONTAINERS: dict[str, tuple[Container, str, str]] = {
    "csv": ("csv", "alpaca-jsonl", "a table, formula-safe"),
    "parquet": ("parquet", "messages", "a Parquet file"),
    "datasets": ("folder", "messages", "a folder for Hugging Face datasets, with a card"),
}
"""Formats that can hold several forms: the container, the form if none is named, in words."""

FORMATS: tuple[str, ...] = (*ROW_FORMS, *PREFERENCE_FORMS, *CONTAINERS)
"""Every name that `--format` takes."""


def about(format: str) -> str:
    """Say in a line what a format is."""
    return CONTAINERS[format][2] if format in CONTAINERS else FORMS[format].about


_EXAMPLE = ExportRow("", 0, 0, "A", "…", "…", "…", "accepted", "", False)


@dataclass(frozen=True, slots=True)
class ExportRequest:
    """An export to make.

    `cap` is the most rows an instruction gives; `seed` shuffles (None leaves rows in order of number);
    `split` names the parts with their shares; `human` rows and the project's seeds are mixed in, as
    `share` percent of all where it is given; `no_lint` names checks to leave out; `provenance` asks
    for the sidecar, `trainers` for the settings these programs need; `licence` and `language` are
    what a person chose for the card.
    """

    form: Form
    container: Container
    selection: Selection
    system: str = ""
    cap: int | None = None
    seed: int | None = None
    split: tuple[tuple[str, float], ...] = ()
    human: tuple[HumanRow, ...] = ()
    with_seeds: bool = False
    share: float | None = None
    no_lint: frozenset[str] = frozenset()
    provenance: bool = False
    trainers: tuple[Trainer, ...] = ()
    licence: str = ""
    language: str = ""

    @property
    def parts(self) -> tuple[str, ...]:
        """Name the parts; one without a name where nothing is split."""
        return tuple(name for name, _ in self.split) or ("",)

    @property
    def fixed(self) -> bool:
        """Whether every row has the same columns, so that there is none for turns that few rows have."""
        return self.container in ("csv", "parquet") and self.form.earlier in ("pairs", "system")

    def loses(self, turns: Sequence[Turn]) -> bool:
        """Say whether turns before a task are more than the rows can carry."""
        return bool(turns) if self.fixed else self.form.loses(turns)

    @property
    def in_order(self) -> bool:
        """Say whether the rows go out as they come, so that one pass does."""
        return self.seed is None and not (self.split or self.human or self.with_seeds)

    def example(self) -> Fields:
        """Build a row of the form from made-up texts: its keys, and the types of its values."""
        made = {
            "answer": _EXAMPLE,
            "pair": Pair(_EXAMPLE, "…", "…", "", "overridden"),
            "judgement": Judgement(_EXAMPLE, "…", True),
            "ranking": Ranking(_EXAMPLE, (("…", 1),)),
        }
        return self.form.build(made[self.form.takes], self.system)


def request(
    format: str,
    include: Include = "consensus",
    *,
    rows: str | None = None,
    run: int | None = None,
    where: str = "",
    reviewer: str = "",
    system: str = "",
    split: str = "",
    human: tuple[HumanRow, ...] = (),
    with_seeds: bool = False,
    share: float | None = None,
    no_lint: Iterable[str] = (),
    cap: int | None = None,
    seed: int | None = None,
    provenance: bool = False,
    trainers: Sequence[Trainer] = (),
    licence: str = "",
    language: str = "",
) -> ExportRequest:
    """Put a request together from what was typed; `rows` names the form in a format that holds several.

    `reviewer` is who asks: `where` may speak of what that person has not decided.

    Raises ExportError for what does not fit together, ProjectError for a filter that is not valid.
    """
    form, container = _form(format, rows)
    _check_fit(form, system, bool(human) or with_seeds, share)
    if (licence or language) and container != "folder":
        raise ExportError(
            "Only the card of a folder names a licence and a language.",
            "Leave them out, or add --format datasets.",
        )
    for trainer in trainers:
        check_reads(trainer, form)
    # What KTO learns from lies in the rejected rows as much as in the others.
    chosen = Selection("judged" if form.takes == "judgement" else include, run, parse(where), reviewer)
    return ExportRequest(
        form,
        container,
        chosen,
        system=system,
        cap=cap,
        seed=seed,
        split=tuple(shares(split).items()) if split else (),
        human=human,
        with_seeds=with_seeds,
        share=share,
        no_lint=_checks(no_lint),
        provenance=provenance,
        trainers=tuple(dict.fromkeys(trainers)),
        licence=licence,
        language=language,
    )


def _form(format: str, rows: str | None) -> tuple[Form, Container]:
    """Return the form of a row and what holds the rows. Raises ExportError."""
    if format not in FORMATS:
        raise ExportError(f"{format!r} is not a known format.", f"Choose one of: {', '.join(FORMATS)}.")
    if format not in CONTAINERS:
        if rows is not None:
            raise ExportError(
                f"The format {format} has only one form of a row.",
                f"--rows goes with {', '.join(CONTAINERS)}.",
            )
        return form_named(format), "array" if format == "alpaca" else "lines"
    container, usual, _ = CONTAINERS[format]
    form = form_named(rows or usual)
    if container == "csv" and not form.flat:
        flat = ", ".join(name for name, other_form in FORMS.items() if other_form.flat)
        raise ExportError(f"A table cannot hold the rows of {form.name}.", f"Choose one of: {flat}.")
    return form, container


def _checks(names: Iterable[str]) -> frozenset[str]:
    """Return the checks that these names turn off; "all" is every one. Raises ExportError."""
    chosen = frozenset(names)
    if unknown := chosen - {*CHECKS, "all"}:
        raise ExportError(f"{min(unknown)!r} is not a known check.", f"One of: {', '.join(CHECKS)}, all.")
    return frozenset(CHECKS) if "all" in chosen else chosen


def _check_fit(form: Form, system: str, mixing: bool, share: float | None) -> None:
    """Refuse what a form has no place for. Raises ExportError."""
    if system and not form.system:
        fitting = ", ".join(name for name, other_form in FORMS.items() if other_form.system)
        raise ExportError(
            f"The format {form.name} has no place for a system prompt.",
            f"Leave it out, or choose {fitting}.",
        )
    if mixing and form.takes != "answer":
        raise ExportError(
            f"The format {form.name} compares answers; a human-written row has only one.",
            f"Leave them out, or choose {', '.join(ROW_FORMS)}.",
        )
    if share is not None and not (mixing and 0 < share < 100):
        raise ExportError(
            "A share needs human-written rows and lies between 0 and 100.",
            "For example: --with-human seeds --share 10.",
        )
