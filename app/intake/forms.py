"""The forms that files of tasks have: which field of which form means what.

A form is one entry of `FORMS`: the fields that tell it, and what each of its fields means. `Meaning` names
all that a field can mean; `app.intake.record` makes a record of the values. What a form does not name is not
taken over, and the reader names it with its count. Names of fields are compared without regard to case.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from itertools import chain
from typing import Any, Literal, get_args

Meaning = Literal[
    "instruction",
    "input",
    "output",
    "model",
    "outputs",
    "generations",
    "instances",
    "reference instances",
    "reference",
    "messages",
    "turns",
    "history",
    "system",
    "kind",
    "is_classification",
    "name",
    "source",
    "id",
]
"""What a field can mean. `outputs` are objects with model and output, `generations` answers of the models
in `model`; the outputs of `reference instances` are references; `messages` are turns up to the answer,
`turns` those before the task, `history` pairs of them."""
MEANINGS: tuple[str, ...] = get_args(Meaning)


@dataclass(frozen=True, slots=True)
class Form:
    """A form: its name, the fields a record of it must have ("a|b": one of them), what its fields mean."""

    name: str
    needs: tuple[str, ...]
    takes: Mapping[str, Meaning]

    def fits(self, fields: Collection[str]) -> bool:
        """Say whether a record with these fields (in lower case) has this form."""
        return all(any(name in fields for name in need.split("|")) for need in self.needs)


EVERYWHERE: Mapping[str, Meaning] = {
    "system": "system",
    "system_prompt": "system",
    "history": "history",
    "turns": "turns",
    "reference": "reference",
    "references": "reference",
    "kind": "kind",
    "is_classification": "is_classification",
    "name": "name",
    "source": "source",
    "id": "id",
}
"""What these fields mean in every form that does not say otherwise."""

BY: Mapping[str, Meaning] = {"model": "model", "model_name": "model", "generator": "model"}
"""Who wrote the one output of a record."""

FORMS: tuple[Form, ...] = (
    Form(
        "Super-NaturalInstructions",
        ("definition", "instances"),
        {"definition": "instruction", "instances": "reference instances"},
    ),
    Form(
        "user-oriented tasks",
        ("motivation_app", "instruction", "instances"),
        {"instruction": "instruction", "instances": "reference instances", "motivation_app": "name"},
    ),
    Form(
        "Self-Instruct",
        ("instruction", "instances"),
        {"instruction": "instruction", "instances": "instances"},
    ),
    Form(
        "candidates",
        ("instruction", "outputs"),
        {"instruction": "instruction", "input": "input", "outputs": "outputs"},
    ),
    Form(
        "distilabel",
        ("instruction", "generations|generation"),
        {
            "instruction": "instruction",
            "input": "input",
            "generations": "generations",
            "generation": "output",
            "model_names": "model",
            "model_name": "model",
        },
    ),
    Form("messages", ("messages",), {"messages": "messages", **BY}),
    Form("ShareGPT", ("conversations",), {"conversations": "messages", **BY}),
    Form(
        "prompt and completion",
        ("prompt", "completion|response"),
        {"prompt": "instruction", "completion": "output", "response": "output", **BY},
    ),
    Form(
        "LLaMA-Factory",
        ("instruction", "system|history"),
        {"instruction": "instruction", "input": "input", "output": "output", **BY},
    ),
    Form(
        "Dolly",
        ("instruction", "context", "response"),
        {"instruction": "instruction", "context": "input", "response": "output", **BY},
    ),
    Form(
        "LaMini",
        ("instruction", "response"),
        {
            "instruction": "instruction",
            "input": "input",
            "response": "output",
            "instruction_source": "source",
            **BY,
        },
    ),
    Form(
        "Ensemble-Instruct",
        ("instruction", "raw_instances|most_similar|request_idx"),
        {"instruction": "instruction", "input": "input", "output": "output", **BY},
    ),
    Form(
        "Alpaca",
        ("instruction", "input|output"),
        {"instruction": "instruction", "input": "input", "output": "output", **BY},
    ),
    Form("instructions", ("instruction",), {"instruction": "instruction"}),
    Form("prompts", ("prompt",), {"prompt": "instruction"}),
)
"""The first form that fits counts."""

OWN = Form("named columns", (), {"instruction": "instruction", "input": "input", "output": "output", **BY})
"""What a file of no known form has whose columns are named by hand."""

KNOWN = frozenset(
    {*EVERYWHERE, *(field for form in FORMS for field in form.takes)}
    - {"name", "source", "id", "kind", "model"}
)
"""Names of columns by which a text is recognised as a table."""


@dataclass(frozen=True, slots=True)
class Mapped:
    """What the fields of a record mean: the form's name, (field, meaning) pairs, and the fields left over.

    A field that a person named may lie inside another: `answer.text`; then `answer` is among those left.
    """

    form: str
    taken: tuple[tuple[str, Meaning], ...]
    left: tuple[str, ...]

    def __str__(self) -> str:
        """Return the mapping in words: "instruction, context → input"."""
        words = ((field, WORDS.get(meaning, meaning)) for field, meaning in self.taken)
        return ", ".join(field if field == word else f"{field} → {word}" for field, word in words)


WORDS: Mapping[str, str] = {
    "messages": "turns, instruction, output",
    "turns": "earlier turns",
    "history": "earlier turns",
    "generations": "outputs",
    "reference instances": "input, reference",
    "instances": "input, output",
}


def mapped(fields: Mapping[str, Any], columns: Mapping[str, str]) -> Mapped | None:
    """Say what the fields of a record mean; None where no form fits and no column is named.

    `columns` maps meanings to the fields that a person named; they go before those of the form.
    """
    names: dict[str, str] = {}
    for field in fields:
        names.setdefault(field.casefold(), field)
    names |= {field: field for field in fields if field in FIELDS}  # as written goes before another case
    form = next((form for form in FORMS if form.fits(names)), OWN if columns else None)
    if form is None:
        return None
    taken: dict[str, Meaning] = {}
    for meaning, field in columns.items():
        taken[named(field, fields)] = meaning  # type: ignore[assignment]
    for name, means in chain(form.takes.items(), EVERYWHERE.items()):
        if name in names and names[name] not in taken and means not in taken.values():
            taken[names[name]] = means
    left = tuple(field for field in fields if field not in taken)
    return Mapped(form.name, tuple(taken.items()), left)


FIELDS = frozenset({*EVERYWHERE, *(field for form in FORMS for field in form.takes)})
"""The names of all fields that a form takes."""


def named(field: str, fields: Collection[str]) -> str:
    """Return the field that a person means: as it is written, else without regard to case."""
    if field in fields:
        return field
    return next((name for name in fields if name.casefold() == field.casefold()), field)


MOST_SHAPES = 500
"""Kinds of records, by the names of their fields, of which it is remembered where in them what stands."""


class Places:
    """Where the values that are wanted stand in records, found once for all records of the same fields.

    `columns` says which field of the file is which that is wanted, where a person named it.
    """

    def __init__(self, wanted: Collection[str], columns: Mapping[str, str]) -> None:
        self._wanted = {field: columns.get(field, field) for field in wanted}
        self._known: dict[tuple[str, ...], tuple[dict[str, str], frozenset[str]]] = {}

    def of(self, record: Collection[str]) -> tuple[dict[str, str], frozenset[str]]:
        """Return where what is wanted may stand in a record of these fields, and what is read of it."""
        names = tuple(record)
        if names not in self._known:
            places = {field: named(name, names) for field, name in self._wanted.items()}
            # A name that no record has must not be looked for by its dots in each.
            places = {field: name for field, name in places.items() if name in names or "." in name}
            read = {name.split(".")[0] for name in places.values()} | {*places.values()}
            if len(self._known) >= MOST_SHAPES:
                self._known.clear()
            self._known[names] = places, frozenset(read)
        return self._known[names]
