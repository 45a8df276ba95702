"""Makers of families: what a section of `data/tasks` says, joined with a drawing function.

A section holds `phrasings` of its own and may fill the forms of asking that many families share; `everyday`
are phrasings for models that must understand, and `hard = true` marks a family as hard.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping, Sequence

from .data import Table, read, section
from .english import upper_first, with_article, word_forms
from .facts import CLOSED_SETS
from .grammar import Draw, Family, Kind, expand

Choices = Mapping[str, str] | Sequence[str]
"""The words of a slot; a mapping also gives the reply to each."""

_FORMS: dict[str, list[str]] = read("asking")


def _either(words: Sequence[str]) -> str:
    """Return the alternatives in template form."""
    return "{" + "|".join(words) + "}"


def _filled(forms: Sequence[str], values: Mapping[str, str]) -> tuple[str, ...]:
    """Put the values into the forms; other slots stay as they are."""
    filled = list(forms)
    for slot, value in values.items():
        filled = [form.replace(f"<{slot}>", value) for form in filled]
    return tuple(filled)


def ask_of_input(whats: Sequence[str], nouns: Sequence[str]) -> tuple[str, ...]:
    """Return the usual ways to ask for "the WHAT of this NOUN"; both are bare singular noun phrases."""
    values = {
        "what": _either(whats),
        "What": _either([upper_first(what) for what in whats]),
        "noun": _either(nouns),
        "a_noun": _either([with_article(noun) for noun in nouns]),
    }
    return _filled(_FORMS["of_an_input"], values)


def ask_of_name(whats: Sequence[str]) -> tuple[str, ...]:
    """Return the usual ways to ask for "the WHAT of <it>"."""
    values = {"what": _either(whats), "What": _either([upper_first(what) for what in whats])}
    return _filled(_FORMS["of_a_name"], values)


def phrasings(wording: Table) -> tuple[str, ...]:
    """Return all ways to ask that a section describes: the shared forms it fills, then its own."""
    shared: tuple[str, ...] = ()
    if "what" in wording:
        shared = ask_of_input(wording["what"], wording["noun"])
    elif "neighbor" in wording:
        shared = _filled(_FORMS["neighbor"], wording["neighbor"])
    return (*shared, *wording["phrasings"])


def family(
    name: str, kind: Kind, draw: Callable[[random.Random], Draw], wording: Table | None = None
) -> Family:
    """Return the family that its section of the data describes, or the given wording in place of it."""
    wording = wording or section(name)
    everyday = tuple(wording.get("everyday", ()))
    return Family(name, kind, phrasings(wording), draw, wording.get("hard", False), everyday)


def lookup(name: str, answers: Mapping[str, str] | None = None, wording: Table | None = None) -> Family:
    """Return the kind-A family that reads its answer from a closed table; its section may hold it."""
    table = section(name)["answers"] if answers is None else answers
    pairs: tuple[tuple[str, str], ...] = tuple(table.items())

    def draw(rng: random.Random) -> Draw:
        return Draw(*rng.choice(pairs))

    return family(name, "A", draw, wording)


def sorting(name: str, groups: Mapping[str, Sequence[str]] | None = None) -> Family:
    """Return the kind-A family that answers with the group of a member; all groups are equally likely."""
    members: dict[str, Sequence[str]] = {
        label: CLOSED_SETS[words] if isinstance(words, str) else words
        for label, words in (section(name)["groups"] if groups is None else groups).items()
    }
    labels = tuple(members)

    def draw(rng: random.Random) -> Draw:
        label = rng.choice(labels)
        return Draw(rng.choice(members[label]), label)

    return family(name, "A", draw)


def reply_family(name: str, **computed: Choices) -> Family:
    """Return the kind-B family that draws a word per slot and fills it into the phrasing and into the reply.

    The section lists its `slots` in order. The choices of a slot are its own table or list, the name of a
    closed set, or computed. Each slot comes in the forms of `word_forms`; where its choices are a mapping,
    the reply may say `<slot_reply>`, the value of the word.
    """
    wording = section(name)
    reply: str = wording["reply"]
    choices: dict[str, Choices] = {
        slot: computed[slot] if slot in computed else _written(wording[slot]) for slot in wording["slots"]
    }
    options = {slot: tuple(words) for slot, words in choices.items()}

    def draw(rng: random.Random) -> Draw:
        slots: dict[str, str] = {}
        replies: dict[str, str] = {}
        for slot, words in options.items():
            word = rng.choice(words)
            slots |= word_forms(slot, word)
            table = choices[slot]
            if isinstance(table, Mapping):
                replies[f"{slot}_reply"] = table[word]
        # Twice, since a reply taken from a table may hold slots of its own.
        return Draw("", expand(expand(reply, rng, slots | replies), rng, slots), slots)

    return family(name, "B", draw)


def _written(choices: str | Choices) -> Choices:
    """Return the choices of a slot as the section gives them: listed, or by the name of a closed set."""
    return CLOSED_SETS[choices] if isinstance(choices, str) else choices


def reply_families(file: str, **computed: Mapping[str, Choices]) -> tuple[Family, ...]:
    """Return a reply family per section of a file, in order; `computed` holds choices by family and slot."""
    return tuple(reply_family(name, **computed.get(name, {})) for name in read(f"tasks/{file}"))
