"""Rules of English for the words of the small world: articles, plurals and capitals.

Standard library only.
"""

from __future__ import annotations

from .data import read
from .facts import CITIES, CONTINENTS, COUNTRIES, DAYS, MONTHS, PEOPLE

_AN_EXCEPTIONS = frozenset({"hour", "honest", "heir", "honor"})
_A_PREFIXES = ("uni", "use", "usu", "euro", "one", "once", "ewe")
_IRREGULAR_PLURALS: dict[str, str] = read("facts/words")["irregular_plurals"]
_PROPER = frozenset(
    {"I", "I'm", "I'd", "I've", "I'll", "God", "English", "Mr.", "Mrs.", "Dr."}
    | set(PEOPLE)
    | set(CITIES)
    | set(DAYS)
    | set(MONTHS)
    | {part for name in (*COUNTRIES, *CONTINENTS) for part in name.split()}
    | {part for country in COUNTRIES.values() for part in (*country.capital.split(), country.adjective)}
    | {country.language for country in COUNTRIES.values()}
)


def a_or_an(noun: str) -> str:
    """Return "a" or "an" as the sound at the beginning of the noun asks for."""
    word = noun.lower().split()[0]
    if word in _AN_EXCEPTIONS:
        return "an"
    if word.startswith(_A_PREFIXES) and word not in ("uninvited", "unimportant"):
        return "a"
    return "an" if word[0] in "aeiou" else "a"


def with_article(noun: str) -> str:
    """Return the noun with its indefinite article: an apple, a dog."""
    return f"{a_or_an(noun)} {noun}"


def plural(noun: str) -> str:
    """Return the plural of a noun of the small world: dogs, mice, butterflies."""
    if noun in _IRREGULAR_PLURALS:
        return _IRREGULAR_PLURALS[noun]
    if noun.endswith("y") and noun[-2] not in "aeiou":
        return noun[:-1] + "ies"
    return noun + ("es" if noun.endswith(("s", "sh", "ch", "x", "z", "tomato", "potato")) else "s")


def third_person(verb: str) -> str:
    """Return the verb as it follows "it": barks, hisses."""
    return verb + ("es" if verb.endswith(("s", "sh", "ch", "z")) else "s")


def upper_first(text: str) -> str:
    """Return the text with its first letter in upper case and the rest as it is."""
    return text[:1].upper() + text[1:]


def lower_first(text: str) -> str:
    """Make the first letter small unless the first word is always written with a capital."""
    first = text.split(" ", 1)[0]
    bare = first.rstrip(".,:;!?").removesuffix("'s")
    if bare in _PROPER or first in _PROPER or (bare.isupper() and bare != "A"):
        return text
    return text[0].lower() + text[1:]


def word_forms(slot: str, word: str) -> dict[str, str]:
    """Return what a phrasing may say of one slot.

    That is `<dog>`, `<Dog>`, `<a_dog>`, `<A_dog>`, `<many_dog>` and `<Many_dog>`.
    """
    article, many = with_article(word), plural(word)
    return {
        slot: word,
        slot.capitalize(): upper_first(word),
        f"a_{slot}": article,
        f"A_{slot}": upper_first(article),
        f"many_{slot}": many,
        f"Many_{slot}": upper_first(many),
    }
