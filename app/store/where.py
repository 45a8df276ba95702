"""Which rows of a project are meant, as typed: `kind:A score>=0.5 won:qwen`. Gives SQL conditions.

The conditions are on the tables of `app.store.exportable`: instances i, instructions t, runs r, the
votes v that stand, review states s, and the candidate x that the output is.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import get_args

from app.errors import ProjectError
from app.method.terms import Kind
from app.store.review_state import ReviewStatus

_NAMED = "INSTR(LOWER(w.name), LOWER({})) > 0"
_TERMS: dict[str, str] = {
    "kind": "t.kind = {}",
    "status": "COALESCE(s.status, 'undecided') = {}",
    "flagged": "COALESCE(s.flagged, 0) = ({} = 'yes')",
    "by": "v.decided_by = {}",
    "reason": "(v.reason = {0} OR (s.reason = {0} AND s.reason <> ''))",
    "recipe": "r.recipe_name = {}",
    "source": "t.source = {}",
    "won": f"v.winner IN (SELECT y.id FROM candidates y JOIN models w ON w.fingerprint = y.model"
    f" WHERE y.instance_id = i.id AND {_NAMED})",
    "lost": f"EXISTS (SELECT 1 FROM candidates y JOIN models w ON w.fingerprint = y.model"
    f" WHERE y.instance_id = i.id AND y.id IS NOT v.winner AND {_NAMED})",
    "tag": "EXISTS (SELECT 1 FROM json_each(s.tags) g WHERE g.value = {})",
    "grade": "json_extract(s.rating, '$[0]') = {}",
    "model": f"x.model IN (SELECT w.fingerprint FROM models w WHERE {_NAMED})",
}
_ALLOWED: dict[str, tuple[str, ...]] = {
    "kind": get_args(Kind),
    "status": get_args(ReviewStatus),
    "flagged": ("yes", "no"),
    "by": ("exact", "rouge", "only-one"),
    "grade": ("A", "B", "C", "D"),
}
_SCORE = re.compile(r"score(>=|<=|>|<)(.+)", re.DOTALL)

KEYS = (*_TERMS, "score")


@dataclass(frozen=True, slots=True)
class Where:
    """A condition in SQL, with the values of its named parameters; `typed` is how a person wrote it."""

    sql: str = "1"
    values: tuple[tuple[str, str | float], ...] = ()
    typed: str = ""


EVERYTHING = Where()


def parse(typed: str) -> Where:
    """Read terms as typed; all must hold, and a value with blanks stands in quotes.

    `key:one,other` holds for either value; `won`, `lost` and `model` (the one whose output the row has)
    take a part of a model's name; `score` is the mean of the vote's pair scores. Raises ProjectError.
    """
    parts: list[str] = []
    values: dict[str, str | float] = {}
    for piece in _pieces(typed):
        found = _SCORE.fullmatch(piece)
        alternatives = [_score(found)] if found else list(_equal(piece))
        sql = []
        for term, value in alternatives:
            name = f"where{len(values)}"
            values[name] = value
            sql.append(term.format(f":{name}"))
        parts.append(f"({' OR '.join(sql)})")
    return Where(" AND ".join(parts) or "1", tuple(values.items()), typed.strip())


def _score(found: re.Match[str]) -> tuple[str, float]:
    try:
        value = float(found[2])
    except ValueError:
        value = math.nan
    if not 0 <= value <= 1:
        raise ProjectError(f"{found[2]!r} is no score.", "A score lies between 0 and 1, as in score>=0.5.")
    return f"v.mean {found[1]} {{}}", value


def _equal(piece: str) -> Iterator[tuple[str, str]]:
    """Yield the SQL of a term `key:value,value` and each value."""
    key, colon, rest = piece.partition(":")
    if key not in _TERMS or not colon or not rest:
        keys = ", ".join(f"{key}:…" for key in _TERMS)
        raise ProjectError(f"There is no condition {piece!r}.", f"Use {keys} or score>=0.5.")
    # A quoted value is one value, commas and all.
    for value in [rest.strip('"')] if rest.startswith('"') else rest.split(","):
        if key in _ALLOWED and value not in _ALLOWED[key]:
            raise ProjectError(f"There is no {key} {value!r}.", f"One of {', '.join(_ALLOWED[key])}.")
        yield _TERMS[key], value


def _pieces(text: str) -> list[str]:
    """Cut at blanks outside quotes."""
    return re.findall(r'(?:[^\s"]|"[^"]*"?)+', text)
