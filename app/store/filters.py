"""One grammar for choosing items: `/` in Review, `--where` of an export, decisions in bulk.

A filter as typed is terms between blanks, all of which must hold: `key:value`, `key:one,other`,
`score>=0.5`, words and "phrases"; a minus before a term turns it round. `KEYS` declares every key once,
with its SQL over the desk (d) and over the tables of `app.store.exportable`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal, get_args

from app.errors import ProjectError, did_you_mean
from app.method.equality import Difference
from app.method.terms import FAULTS, DecidedBy, Kind, Reason
from app.store import runs, search
from app.store.decisions import ANSWERS, stands
from app.store.review_state import REJECT_REASONS, ReviewStatus
from app.store.text import storable

View = Literal[
    "all", "undecided", "dropped", "decided", "flagged", "differing", "aside", "conflicts", "unseen"
]
"""The lists of Review."""

VIEWS: dict[str, str] = {
    "all": "d.voted = 1 AND d.aside = 0",
    "undecided": "{keep} = 1 AND d.turn < 2 AND d.aside = 0",
    "dropped": "d.voted = 1 AND {keep} = 0 AND d.aside = 0",
    "decided": "d.turn = 2",
    "flagged": "d.flagged = 1",
    "differing": "d.differs = 1",
    "aside": "d.aside = 1",
    "conflicts": "d.conflict = 1",
    "unseen": f"""d.voted = 1 AND d.aside = 0 AND d.instance_id NOT IN (SELECT u.instance_id FROM events e
                 JOIN event_items u ON u.event = e.seq WHERE e.reviewer = :reviewer AND {ANSWERS})""",
}

# ---- the keys ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Key:
    """What a term can ask about.

    `desk` and `rows` are the SQL of the value that is asked about, `test` how it is compared; without `rows`
    the key cannot choose what goes out. `values` are the only ones that exist, if they are few; `most` is the
    largest of a key whose values are numbers, whole ones if it is whole: those can be compared.
    """

    example: str
    desk: str
    rows: str | None
    test: str = "{column} {operator} {value}"
    values: tuple[str, ...] = ()
    most: float | None = None


_NAMED = "INSTR(folded(m.name), folded({value})) > 0"
_A_MODEL = f"{{column}} IN (SELECT m.fingerprint FROM models m WHERE {_NAMED})"
_DIFFERENCE = "(COALESCE({{column}}, 0) = {:d}) = ({{value}} = 'yes')"
_VOTE = "votes b WHERE b.instance_id = d.instance_id AND b.current = 1"

KEYS: dict[str, Key] = {
    "view": Key("view:conflicts", "", "", values=get_args(View)),  # its values are whole conditions: VIEWS
    "kind": Key("kind:A", "d.kind", "t.kind", values=get_args(Kind)),
    "status": Key(
        "status:edited,chosen", "d.status", "COALESCE(s.status, 'undecided')", values=get_args(ReviewStatus)
    ),
    "flagged": Key(
        "flagged:yes",
        *("d.flagged", "COALESCE(s.flagged, 0)"),
        test="{column} = ({value} = 'yes')",
        values=("yes", "no"),
    ),
    "by": Key("by:exact", "d.decided_by", "v.decided_by", values=get_args(DecidedBy)),
    "score": Key("score>=0.5", "d.mean", "v.mean", most=1.0),
    "probability": Key(
        "probability>=0.7",
        *("d.probability", "CASE WHEN v.probabilities IS NOT NULL THEN v.score END"),
        most=1.0,
    ),
    "symbols": Key(
        "symbols:yes",
        *("d.difference", "v.difference"),
        test=_DIFFERENCE.format(Difference.SYMBOLS),
        values=("yes", "no"),
    ),
    "punctuation": Key(
        "punctuation:yes",
        *("d.difference", "v.difference"),
        test=_DIFFERENCE.format(Difference.PUNCTUATION),
        values=("yes", "no"),
    ),
    "reason": Key(
        "reason:no_agreement",
        *("d.reason", "CASE i.status WHEN 'kept' THEN v.reason ELSE i.reason END"),
        test="""({column} = {value} OR EXISTS (SELECT 1 FROM review_state u
                WHERE u.instance_id = {instance} AND u.reason = {value}))""",
        values=(*REJECT_REASONS, *(reason for reason in get_args(Reason) if reason not in REJECT_REASONS)),
    ),
    "won": Key("won:name", "d.winner", "d.winner", test=_A_MODEL),
    "lost": Key(
        "lost:name",
        *("d.winner", "d.winner"),
        test=f"""EXISTS (SELECT 1 FROM candidates y JOIN models m ON m.fingerprint = y.model
                 WHERE y.instance_id = {{instance}} AND y.model IS NOT {{column}} AND {_NAMED})""",
    ),
    "model": Key(
        "model:name",
        f"""(SELECT y.model FROM candidates y WHERE y.id = COALESCE((SELECT u.candidate_id FROM review_state u
             WHERE u.instance_id = d.instance_id), (SELECT b.winner FROM {_VOTE})))""",
        "x.model",
        test=_A_MODEL,
    ),
    "tag": Key(
        "tag:name",
        *("d.instance_id", "i.id"),
        test="""{column} IN (SELECT u.instance_id FROM review_state u, json_each(u.tags) g
                WHERE g.value = {value})""",
    ),
    "grade": Key(
        "grade:A,B",
        *("d.instance_id", "i.id"),
        test="""{column} IN (SELECT u.instance_id FROM review_state u
                WHERE json_extract(u.rating, '$[0]') = {value})""",
        values=("A", "B", "C", "D"),
    ),
    "lint": Key(
        "lint:loop",
        *("d.instance_id", "i.id"),
        # The answer is the one that an export writes; the first where the vote has no winner, as all are
        # empty or none may vote.
        test="""{column} IN (SELECT n.id FROM instances n JOIN instructions k ON k.id = n.instruction_id
                LEFT JOIN review_state u ON u.instance_id = n.id
                LEFT JOIN votes b ON b.instance_id = n.id AND b.current = 1
                LEFT JOIN candidates y ON y.id = COALESCE(
                    u.candidate_id, b.winner, json_extract(b.candidates, '$[0]'))
                WHERE n.id = {column} AND COALESCE(b.instance_id, y.id, u.text) IS NOT NULL
                AND faulty({value}, COALESCE(u.instruction, k.text), COALESCE(u.input, n.input),
                           COALESCE(CASE u.status WHEN 'edited' THEN u.text ELSE y.output END, ''),
                           u.status IS NOT 'edited' AND y.ended = 'length'))""",
        values=tuple(FAULTS),
    ),
    "audit": Key(
        "audit:wrong",
        # Not of rows that go out: those that an audit drew and found right would say nothing of the others.
        *("d.instance_id", None),
        test=f"""{{column}} IN (SELECT e.instance_id FROM audits e WHERE e.action = {{value}}
                 AND {stands("audits")} AND NOT EXISTS (SELECT 1 FROM audits l
                 WHERE l.drawing = e.drawing AND l.instance_id = e.instance_id AND l.seq > e.seq
                 AND l.target IS NULL AND {stands("audits", of="l")}))""",
        values=("right", "wrong"),
    ),
    "run": Key("run:1", "d.run", "r.number", most=999_999_999),
    "recipe": Key(
        "recipe:name", "(SELECT q.recipe_name FROM runs q WHERE q.number = d.run)", "r.recipe_name"
    ),
    "source": Key(
        "source:name",
        """(SELECT k.source FROM instances n JOIN instructions k ON k.id = n.instruction_id
            WHERE n.number = d.number)""",
        "t.source",
    ),
}
OF_ROWS = tuple(name for name, key in KEYS.items() if key.rows is not None)
"""The keys that may choose what goes out."""
WORD, PHRASE = "word", "phrase"
"""The keys of terms that are searched for as text; nobody types them."""
MOST = 100
"""Words and values that a filter may have; SQLite limits how deep a condition may go."""

# ---- a filter ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Term:
    """One condition: a key of `KEYS` with the values that it may have, or WORD or PHRASE with one text.

    `operator` is ":" or a comparison; `negated` says that it must not hold.
    """

    key: str
    values: tuple[str, ...]
    operator: str = ":"
    negated: bool = False

    def __str__(self) -> str:
        sign = "-" if self.negated else ""
        if self.key == WORD:
            return sign + self.values[0]
        if self.key == PHRASE:
            return sign + _quoted(self.values[0])
        values = (value if _BARE.fullmatch(value) else _quoted(value) for value in self.values)
        return f"{sign}{self.key}{self.operator}{','.join(values)}"


@dataclass(frozen=True, slots=True)
class Filter:
    """Terms that must all hold, those about views first; none is every item. As text it reads as it is typed.

    `only` are numbers of items, which nobody types.
    """

    terms: tuple[Term, ...] = ()
    only: tuple[int, ...] = ()

    def __str__(self) -> str:
        return " ".join(map(str, self.terms))

    @property
    def view(self) -> View:
        """The list of Review that the filter keeps to; "all" where it names none, or several."""
        term = self._view
        return term.values[0] if term else "all"  # type: ignore[return-value]

    @property
    def text(self) -> str:
        """The filter as typed, without its view; the two make it again: `parse(text, view)`."""
        return " ".join(str(term) for term in self.terms if term is not self._view)

    @property
    def _view(self) -> Term | None:
        views = [term for term in self.terms if _narrows_the_view(term)]
        return views[0] if len(views) == 1 and len(views[0].values) == 1 else None

    def on_desk(self, reviewer: str = "", *, sorts: bool = False) -> tuple[str, dict[str, object]]:
        """Return the condition on the desk as d, and its parameters; `reviewer` is who asks (view:unseen).

        Where it `sorts` by disagreement and only a view is wanted, one index gives both. For anything else
        that leads through the desk in an order of no use, four times as slow as reading it from end to end.
        """
        indexed = sorts and not self.text and not self.only
        return _Condition("desk", reviewer, "d.keep" if indexed else "+d.keep").of(self)

    def on_rows(self, reviewer: str = "") -> tuple[str, dict[str, object]]:
        """Return the condition on the tables of `app.store.exportable`, and its parameters."""
        return _Condition("rows", reviewer).of(self)


def _narrows_the_view(term: Term) -> bool:
    return term.key == "view" and not term.negated


def _quoted(value: str) -> str:
    return '"' + value.replace('"', '""') + '"'


# ---- from text to a filter -----------------------------------------------------------------------

_QUOTED = r'"(?:[^"]|"")*+"?'
_INSIDE = re.compile(r'"((?:[^"]|"")*+)')
_BARE = re.compile(r'[^\s,"][^\s,]*+')
_VALUE = re.compile(f"{_QUOTED}|{_BARE.pattern}")
_PIECE = re.compile(
    rf"""(?P<minus>-?)(?:(?P<phrase>{_QUOTED})
         |(?P<key>[^\W\d][\w-]*+)(?P<operator>[<>]=?|:)(?P<values>(?:{_VALUE.pattern})?(?:,(?:{_VALUE.pattern})?)*+)
         |(?P<word>\S+))""",
    re.VERBOSE,
)
_COMPARED = re.compile(r"(?P<key>[^\W\d][\w-]*)(?:[<>=!]|[≤≥≠])|[<>=≤≥]=?\.?\d")
"""What looks like a comparison and is none that a filter knows."""


def parse(text: str, view: View | None = None, *, strict: bool = True) -> Filter:
    """Read a filter as it is typed; where it does not say which view, it is about `view`, if one is given.

    Raises ProjectError for a key or value that does not exist. Not `strict`, what looks like an unknown key
    is text to search for, as it was in earlier versions.
    """
    terms = [term for piece in _PIECE.finditer(storable(text)) if (term := _term(piece, strict))]
    if sum(len(term.values) for term in terms) > MOST:
        raise ProjectError("This filter is too long.", f"Use at most {MOST} words and values.")
    if view is not None and not any(map(_narrows_the_view, terms)):
        terms.append(_about("view", ":", (view,), negated=False))
    return Filter(tuple(sorted(terms, key=lambda term: term.key != "view")))


def _term(piece: re.Match[str], strict: bool) -> Term | None:
    """Return what a piece of the text asks; None for quotes with nothing in them."""
    negated = bool(piece["minus"])
    if piece["phrase"] is not None:
        phrase = _unquoted(piece["phrase"])
        return Term(PHRASE, (phrase,), negated=negated) if phrase.strip() else None
    if piece["word"] is not None:
        if _compares(piece["word"]):
            if strict:
                raise _no_comparison(piece["word"])
            return Term(PHRASE, (piece[0],))
        if not any(letter.isalnum() for letter in piece["word"]):
            return Term(WORD, (piece[0],))  # a dash between words turns nothing round
        return Term(WORD, (piece["word"],), negated=negated)
    if piece["key"] not in KEYS:
        if strict:
            raise _no_such_key(piece["key"], piece[0])
        return Term(PHRASE, (piece[0],))
    values = tuple(value for each in _VALUE.findall(piece["values"]) if (value := _unquoted(each)).strip())
    return _about(piece["key"], piece["operator"], values, negated=negated)


def _compares(word: str) -> bool:
    """Say whether a word was meant to compare a key."""
    compared = _COMPARED.match(word)
    return compared is not None and (compared["key"] is None or compared["key"] in KEYS)


def _no_comparison(word: str) -> ProjectError:
    return ProjectError(
        f"{word!r} is not a valid comparison.",
        "Write a key, then : or < <= > >=, then a value, without blanks: score>=0.5. "
        "Quotes make it text to search for.",
    )


def _unquoted(text: str) -> str:
    inside = _INSIDE.match(text)
    return inside[1].replace('""', '"') if inside else text


def _about(key: str, operator: str, values: tuple[str, ...], *, negated: bool) -> Term:
    """Make a term about a key that exists. Raises ProjectError for what its values cannot be."""
    known = KEYS[key]
    if not values:
        raise ProjectError(f"{key}{operator} needs a value.", _examples(known))
    if operator != ":" and (known.most is None or len(values) > 1):
        fault = "takes one number" if known.most is not None else "cannot be compared"
        raise ProjectError(f"{key} {fault}: {key}{operator}{','.join(values)}", _examples(known))
    for value in values:
        if known.values and value not in known.values:
            hint = did_you_mean(value, known.values) + _examples(known)
            raise ProjectError(f"{value!r} is not a valid value of {key}.", hint)
        if known.most is not None:
            _number(key, value)
    return Term(key, values, operator, negated)


def _number(key: str, value: str) -> float:
    """Read the value of a key whose values are numbers. Raises ProjectError."""
    most = KEYS[key].most or 0
    whole = isinstance(most, int)
    pattern = r"\d{1,18}" if whole else r"\d{1,18}\.?\d{0,18}|\.\d{1,18}"
    if re.fullmatch(pattern, value, re.ASCII) and (number := float(value)) <= most:
        return int(number) if whole else number
    expected = f"A {key} is a whole number" if whole else f"A {key} lies between 0 and {most:g}"
    raise ProjectError(f"{value!r} is not a valid value of {key}.", f"{expected}, as in {KEYS[key].example}.")


def _no_such_key(key: str, typed: str) -> ProjectError:
    keys = f"Keys are {', '.join(KEYS)}."
    as_text = f"Put it in quotes to search for it as text: {_quoted(typed)}"
    return ProjectError(f"{key!r} is not a key to filter by.", f"{did_you_mean(key, KEYS)}{keys} {as_text}")


def _examples(key: Key) -> str:
    return f"Choose from {', '.join(key.values)}." if key.values else f"For example {key.example}."


# ---- from a filter to SQL ------------------------------------------------------------------------

_HAS_WRITTEN = """INSTR(folded(COALESCE(u.text, '') || char(10) || u.note || char(10)
    || COALESCE(u.instruction, '') || char(10) || COALESCE(u.input, '')), folded({word})) > 0"""


@dataclass(slots=True)
class _Condition:
    """The condition of a filter on one kind of rows, while it is put together."""

    over: Literal["desk", "rows"]
    reviewer: str
    keep: str = "d.keep"
    values: dict[str, object] = field(default_factory=dict)

    def of(self, wanted: Filter) -> tuple[str, dict[str, object]]:
        """Return the condition of a filter and its parameters."""
        words = [term for term in wanted.terms if term.key in (WORD, PHRASE) and not term.negated]
        parts = [self._signed(term) for term in wanted.terms if term not in words]
        if words:
            parts.append(self._held(self._text(words)))
        if wanted.only:
            only = self._bind(json.dumps(wanted.only))
            parts.append(f"{self._number} IN (SELECT value FROM json_each({only}))")
        return " AND ".join([self._shown, *parts]), self.values

    @property
    def _shown(self) -> str:
        """Leave out what belongs to a hidden run."""
        return f"d.run NOT IN {runs.HIDDEN}" if self.over == "desk" else "r.hidden = 0"

    @property
    def _number(self) -> str:
        return "d.number" if self.over == "desk" else "i.number"

    @property
    def _instance(self) -> str:
        return "d.instance_id" if self.over == "desk" else "i.id"

    def _bind(self, value: object) -> str:
        name = f"where{len(self.values)}"
        self.values[name] = value
        return f":{name}"

    def _held(self, sql: str) -> str:
        # The rows are joined from the left: a condition that refuses NULL would let SQLite join in another
        # order, in which the rows have to be sorted.
        return f"({sql})" if self.over == "desk" else f"({sql}) IS TRUE"

    def _signed(self, term: Term) -> str:
        sql = self._text([term]) if term.key in (WORD, PHRASE) else self._alternatives(term)
        return f"({sql}) IS NOT TRUE" if term.negated else self._held(sql)

    def _alternatives(self, term: Term) -> str:
        """Return what holds for an item that has one of the values."""
        if term.key == "view":
            if "unseen" in term.values:
                self.values["reviewer"] = self.reviewer
            return " OR ".join(f"({VIEWS[view].format(keep=self.keep)})" for view in term.values)
        key = KEYS[term.key]
        column = key.desk if self.over == "desk" else key.rows
        if column is None:
            raise ProjectError(
                f"{term.key} cannot choose what goes out.",
                "What an audit found of single rows says nothing of the others.",
            )
        return " OR ".join(
            key.test.format(
                column=column,
                instance=self._instance,
                operator="=" if term.operator == ":" else term.operator,
                value=self._bind(value if key.most is None else _number(term.key, value)),
            )
            for value in term.values
        )

    def _text(self, terms: Sequence[Term]) -> str:
        """Return what holds for an item one of whose texts has all these words, or what people wrote has."""
        words = [term.values[0] for term in terms]
        open_end = terms[-1].key == WORD and not terms[-1].negated
        each = " AND ".join(_HAS_WRITTEN.format(word=self._bind(word)) for word in words)
        written = f"{self._instance} IN (SELECT u.instance_id FROM review_state u WHERE {each})"
        query = search.match(words, open_end=open_end)
        if not query:
            return written
        numbers = search.NUMBERS.replace("?", self._bind(query))
        return f"{self._number} IN ({numbers}) OR {written}"
