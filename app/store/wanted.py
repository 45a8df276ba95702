"""Which items of a project are meant: the filters of Review, as typed and as SQL over the desk."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import get_args

from app.errors import ProjectError
from app.method.terms import Kind
from app.store import search
from app.store.review_state import ReviewStatus
from app.store.rows import Filter

VIEWS: dict[str, str] = {
    "all": "d.voted = 1 AND d.aside = 0",
    "undecided": "d.keep = 1 AND d.turn < 2 AND d.aside = 0",
    "dropped": "d.voted = 1 AND d.keep = 0 AND d.aside = 0",
    "decided": "d.turn = 2",
    "flagged": "d.flagged = 1",
    "differing": "d.differs = 1",
    "aside": "d.aside = 1",
    "conflicts": "d.conflict = 1",
    "unseen": """d.voted = 1 AND d.aside = 0 AND NOT EXISTS (SELECT 1 FROM event_items u JOIN events e
                 ON e.seq = u.event WHERE u.instance_id = d.instance_id AND e.reviewer = :reviewer
                 AND e.action IN ('accept', 'choose', 'edit', 'reject'))""",
}
# Each key of the typed form: the SQL that it means, with its value bound.
_TERMS: dict[str, str] = {
    "run": "d.run = {}",
    "kind": "d.kind = {}",
    "status": "d.status = {}",
    "by": "d.decided_by = {}",
    "reason": """(d.reason = {0} OR EXISTS (SELECT 1 FROM review_state s WHERE s.instance_id = d.instance_id
                  AND s.reason = {0} AND s.reason <> ''))""",
    "won": "d.winner IN (SELECT fingerprint FROM models WHERE INSTR(LOWER(name), LOWER({})) > 0)",
    "lost": """EXISTS (SELECT 1 FROM candidates x JOIN models m ON m.fingerprint = x.model
               WHERE x.instance_id = d.instance_id AND x.model <> d.winner
               AND INSTR(LOWER(m.name), LOWER({})) > 0)""",
    "tag": """d.instance_id IN (SELECT s.instance_id FROM review_state s, json_each(s.tags) t
              WHERE t.value = {})""",
    "grade": """d.instance_id IN (SELECT s.instance_id FROM review_state s
                WHERE json_extract(s.rating, '$[0]') = {})""",
}
_ALLOWED: dict[str, tuple[str, ...]] = {
    "view": get_args(Filter),
    "kind": get_args(Kind),
    "status": get_args(ReviewStatus),
    "by": ("exact", "rouge", "only-one"),
    "grade": ("A", "B", "C", "D"),
}
KEYS = ("view", *_TERMS)


@dataclass(frozen=True, slots=True)
class Wanted:
    """A filter; what is empty does not filter.

    `by` is what decided the vote, `reason` a drop reason or a reason for rejecting, `won` and `lost` parts
    of model names, `words` is searched in tasks and answers and what people wrote. `only` are numbers of
    items, which nobody types.
    """

    view: Filter = "undecided"
    run: str = ""
    kind: str = ""
    status: str = ""
    by: str = ""
    reason: str = ""
    won: str = ""
    lost: str = ""
    tag: str = ""
    grade: str = ""
    words: str = ""
    only: tuple[int, ...] = ()

    @property
    def terms(self) -> str:
        """The filter as typed, without its view: `kind:A won:qwen some words`."""
        parts = [f"{key}:{_quoted(getattr(self, key))}" for key in _TERMS if getattr(self, key)]
        return " ".join([*parts, self.words] if self.words else parts)

    def sql(self, reviewer: str = "") -> tuple[str, dict[str, object]]:
        """Return the condition on the desk as `d`, and its parameters."""
        values: dict[str, object] = {}
        parts = [VIEWS[self.view]]
        if self.view == "unseen":
            values["reviewer"] = reviewer
        for key, term in _TERMS.items():
            if value := getattr(self, key):
                values[key] = int(value) if key == "run" else value
                parts.append(term.format(f":{key}"))
        if self.only:
            values["only"] = json.dumps(self.only)
            parts.append("d.number IN (SELECT value FROM json_each(:only))")
        if self.words:
            values |= {"match": search.match(self.words), "part": self.words}
            parts.append(f"({_FOUND})" if values["match"] else f"({_WRITTEN})")
        return " AND ".join(parts), values


_WRITTEN = """d.instance_id IN (SELECT s.instance_id FROM review_state s WHERE
    INSTR(LOWER(COALESCE(s.text, '') || char(10) || s.note || char(10) || COALESCE(s.instruction, '')
                || char(10) || COALESCE(s.input, '')), LOWER(:part)) > 0)"""
_FOUND = f"d.number IN ({search.NUMBERS.replace('?', ':match')}) OR {_WRITTEN}"


def parse(text: str, view: Filter = "undecided") -> Wanted:
    """Read a filter as it is typed: `key:value` terms (a value with blanks in quotes), the rest are words.

    Raises ProjectError for an unknown key or value.
    """
    values: dict[str, str] = {"view": view}
    words: list[str] = []
    for piece in _pieces(text):
        key, colon, value = piece.partition(":")
        if not (colon and value and key in KEYS):
            words.append(piece)
            continue
        value = value.strip('"')
        if key in _ALLOWED and value not in _ALLOWED[key]:
            raise ProjectError(f"There is no {key} {value!r}.", f"One of {', '.join(_ALLOWED[key])}.")
        if key == "run" and not (value.isascii() and value.isdigit() and len(value) < 10):
            raise ProjectError(f"There is no run {value!r}.", "Give its number.")
        values[key] = value
    return Wanted(**values, words=" ".join(words))  # type: ignore[arg-type]


def _quoted(value: str) -> str:
    return f'"{value}"' if " " in value else value


def _pieces(text: str) -> list[str]:
    """Cut at blanks outside quotes."""
    pieces, open_quote = [""], False
    for letter in text:
        if letter == '"':
            open_quote = not open_quote
        if letter.isspace() and not open_quote:
            pieces.append("")
        else:
            pieces[-1] += letter
    return [piece for piece in pieces if piece]
