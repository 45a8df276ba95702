"""What looks wrong with rows before they are written: faults of single rows, and rows that repeat others."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import takewhile

import numpy as np

from app.method.equality import values
from app.method.novelty import near_pairs
from app.method.recipe_parts import NEAR_DUPLICATE
from app.method.terms import FAULTS
from app.store.views import ExportRow

CHECKS: dict[str, str] = {
    **FAULTS,
    "duplicate": "same task as another but for case and blanks",
    "near-duplicate": "instruction nearly the same as another",
}
"""Each check with what it finds, in words."""

NEAR_LIMIT = 20_000
"""Above this many instructions near-duplicates are not looked for: every pair would be compared."""


@dataclass(frozen=True, slots=True)
class LintReport:
    """The instance numbers that each check found; `unchecked` names checks that there were too many for."""

    by_check: Mapping[str, array[int]]
    unchecked: tuple[str, ...]

    @property
    def counts(self) -> dict[str, int]:
        """Count what each check found, in the order of `CHECKS`; without those that found nothing."""
        return {name: len(self.by_check[name]) for name in CHECKS if self.by_check.get(name)}

    @property
    def numbers(self) -> list[int]:
        """Return the number of every instance found, once each, in order."""
        return sorted({number for numbers in self.by_check.values() for number in numbers})


class Lint:
    """Looks at rows one by one, then at what they have in common. `off` names checks to leave out."""

    def __init__(self, off: frozenset[str] = frozenset()) -> None:
        # Its patterns take a while to compile, and most commands look at no row.
        from app.method import faults

        self._faults, self._off = faults, off
        self._found: dict[str, array[int]] = {name: array("q") for name in CHECKS if name not in off}
        self._numbers = array("q")
        self._likeness = array("q")
        self._first: dict[str, int] = {}
        self._comparing = "near-duplicate" not in off

    def see(self, row: ExportRow) -> None:
        """Look at a row, also at one whose output is empty."""
        looked_at = self._faults.Row(row.instruction, row.input, row.output, row.cut)
        for name in self._faults.faults(looked_at, self._off):
            self._found[name].append(row.number)
        if "duplicate" in self._found:
            plain = (" ".join(row.instruction.lower().split()), " ".join(row.input.lower().split()))
            self._numbers.append(row.number)
            # Good for this process alone, which is all that is needed.
            self._likeness.append(hash(plain))
        if self._comparing:
            self._first.setdefault(row.instruction, row.number)
            if len(self._first) > NEAR_LIMIT:
                self._first.clear()
                self._comparing = False

    def report(self, is_stopped: Callable[[], bool] = lambda: False) -> LintReport:
        """Compare what was seen and say what was found; near ones only until `is_stopped` says so."""
        warned = dict(self._found)
        unchecked: tuple[str, ...] = ()
        if "duplicate" in warned:
            warned["duplicate"] = _repeated(self._numbers, self._likeness)
        if "near-duplicate" in warned and not self._comparing:
            unchecked = ("near-duplicate",)
        elif "near-duplicate" in warned:
            warned["near-duplicate"] = _near(self._first, is_stopped)
        return LintReport(warned, unchecked)


def _repeated(numbers: array[int], likeness: array[int]) -> array[int]:
    """Return the numbers whose likeness an earlier one has."""
    _, first = np.unique(np.asarray(likeness), return_index=True)
    later = np.ones(len(likeness), dtype=bool)
    later[first] = False
    return array("q", np.asarray(numbers)[later].tolist())


def _near(first: Mapping[str, int], is_stopped: Callable[[], bool]) -> array[int]:
    """Return the number of the later text of each pair of near ones, once each.

    Texts that differ in a sign, number or symbol ask for different things.
    """
    texts, numbers = list(first), list(first.values())
    said = lru_cache(maxsize=None)(values)
    pairs = takewhile(lambda _: not is_stopped(), near_pairs(texts, NEAR_DUPLICATE))
    later = {max(numbers[a], numbers[b]) for a, b in pairs if said(texts[a]) == said(texts[b])}
    return array("q", sorted(later))
