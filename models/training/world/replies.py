"""Maker of families without input: a phrasing with slots, and a reply that follows from the slots."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence

from .facts import with_article
from .grammar import Draw, Family, expand

_PLURALS = {
    "mouse": "mice", "sheep": "sheep", "deer": "deer", "wolf": "wolves", "goose": "geese", "salmon": "salmon",
    "tuna": "tuna", "knife": "knives", "shelf": "shelves", "scarf": "scarves", "scissors": "scissors",
}  # fmt: skip


def plural(noun: str) -> str:
    """Return the plural of a noun of the small world: dogs, mice, butterflies."""
    if noun in _PLURALS:
        return _PLURALS[noun]
    if noun.endswith("y") and noun[-2] not in "aeiou":
        return noun[:-1] + "ies"
    return noun + ("es" if noun.endswith(("s", "sh", "ch", "x", "z", "tomato", "potato")) else "s")


def word_forms(slot: str, word: str) -> dict[str, str]:
    """Return what a phrasing may say of one slot.

    That is `<dog>`, `<Dog>`, `<a_dog>`, `<A_dog>`, `<many_dog>` and `<Many_dog>`.
    """
    article, many = with_article(word), plural(word)
    return {
        slot: word,
        slot.capitalize(): word[0].upper() + word[1:],
        f"a_{slot}": article,
        f"A_{slot}": article[0].upper() + article[1:],
        f"many_{slot}": many,
        f"Many_{slot}": many[0].upper() + many[1:],
    }


def reply_family(
    name: str, reply: str, phrasings: tuple[str, ...], /, **choices: Mapping[str, str] | Sequence[str]
) -> Family:
    """Return a family that draws one word per slot and fills it into the phrasing and into the reply.

    Each slot comes in the forms of `word_forms`; where its choices are a mapping, the reply may say
    `<slot_reply>`, the value of the word.
    """
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

    return Family(name, "B", phrasings, draw)
