"""What a person asks of an export, checked once."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from app.errors import ExportError
from app.export.formats import FORMS, PREFERENCE_FORMS, ROW_FORMS, form_named
from app.export.formats.form import Form
from app.export.human import HumanRow
from app.export.lint import CHECKS
from app.export.split import shares
from app.store.exportable import Selection
from app.store.rows import Include
from app.store.where import parse

Container = Literal["lines", "array"]
"""What holds the rows: an object a line, or one JSON array."""

FORMATS: tuple[str, ...] = (*ROW_FORMS, *PREFERENCE_FORMS)
"""Every name that `--format` takes."""


@dataclass(frozen=True, slots=True)
class Request:
    """An export to make.

    `cap` is the most rows an instruction gives; `seed` shuffles (None leaves rows in order of number);
    `split` names the parts with their shares; `human` rows and the project's seeds are mixed in, as
    `share` percent of all where it is given; `no_lint` names checks to leave out.
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

    @property
    def parts(self) -> tuple[str, ...]:
        """Name the parts; one without a name where nothing is split."""
        return tuple(name for name, _ in self.split) or ("",)

    @property
    def in_order(self) -> bool:
        """Say whether the rows go out as they come, so that one pass does."""
        return self.seed is None and not (self.split or self.human or self.with_seeds)


def request(
    format: str,
    include: Include = "consensus",
    *,
    run: int | None = None,
    where: str = "",
    system: str = "",
    cap: int | None = None,
    seed: int | None = None,
    split: str = "",
    human: tuple[HumanRow, ...] = (),
    with_seeds: bool = False,
    share: float | None = None,
    no_lint: Iterable[str] = (),
) -> Request:
    """Put a request together from what was typed.

    Raises ExportError for what does not fit together, ProjectError for a condition that is none.
    """
    if format not in FORMATS:
        raise ExportError(f"There is no format {format!r}.", f"Choose one of: {', '.join(FORMATS)}.")
    form = form_named(format)
    _check_fit(form, system, bool(human) or with_seeds, share)
    # What KTO learns from lies in the rejected rows as much as in the others.
    chosen = Selection("judged" if form.takes == "judgement" else include, run, parse(where))
    return Request(
        form,
        "array" if format == "alpaca" else "lines",
        chosen,
        system,
        cap,
        seed,
        tuple(shares(split).items()) if split else (),
        human,
        with_seeds,
        share,
        _checks(no_lint),
    )


def _checks(names: Iterable[str]) -> frozenset[str]:
    """Return the checks that these names turn off; "all" is every one. Raises ExportError."""
    chosen = frozenset(names)
    if unknown := chosen - {*CHECKS, "all"}:
        raise ExportError(f"There is no check {min(unknown)!r}.", f"One of: {', '.join(CHECKS)}, all.")
    return frozenset(CHECKS) if "all" in chosen else chosen


def _check_fit(form: Form, system: str, mixing: bool, share: float | None) -> None:
    """Refuse what a form has no place for. Raises ExportError."""
    if system and not form.system:
        fitting = ", ".join(name for name, one in FORMS.items() if one.system)
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
