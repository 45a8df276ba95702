"""Whether a task can be answered from what it says: a text that it speaks of must stand somewhere. Pure."""

from __future__ import annotations

import re

_THINGS = (
    r"(?:texts?|passages?|sentences?|paragraphs?|articles?|stor(?:y|ies)|poems?|e-?mails?|letters?|messages?"
    r"|reviews?|tweets?|lists?|tables?|data(?: ?sets?)?|code|programs?|functions?|snippets?|conversations?"
    r"|dialogues?|quotes?"
    r"|words?|phrases?|numbers?|statements?|questions?|equations?|problems?|excerpts?|essays?|documents?|reports?"
    r"|headlines?|titles?|descriptions?|scenarios?|instructions?|inputs?|recipes?|lyrics|speech(?:es)?|answers?|items?"
    r"|options?|choices?|examples?|names?|events?|definitions?|comments?|facts?)"
)
_SPOKEN_OF = re.compile(
    r"\b(?:following|(?:the|this|these|each|every) (?:given|provided|attached))"
    rf"(?: [\w'-]+){{0,3}}? {_THINGS}\b"
    rf"|\b(?:the|this|these) (?:[\w'-]+ ){{0,2}}?{_THINGS}"
    r" (?:that follows?|(?:given |shown )?(?:below|above))\b"
    r"|\b(?:of|from) the following\b|\b(?:following|this|these)\b[^.?!\n]*:\s*\Z",
    re.IGNORECASE,
)
_QUOTED = re.compile(r"[\"“”«»`]|(?<!\w)'\w|'(?!\w)")
_AFTER_COLON = re.compile(r"(?:(?<!\d):|:(?!\d)|：)\s*\S*\w")  # 10:30 is a time
_PLACEHOLDER = re.compile(
    rf"[\[<({{](?:(?:insert|your|the|any|some|given)[ _])*{_THINGS}(?:[ _]here)?[\])>}}]|_{{2,}}",
    re.IGNORECASE,
)
_ENOUGH = 2
"""Words in a sentence of their own that are a text; after a colon one is enough."""


def needs_text(instruction: str) -> bool:
    """Say whether an instruction speaks of a text that it does not hold: "Summarise the following passage."

    What follows on a new line, after a colon or in a sentence of its own is that text, and so is a quotation;
    a placeholder ("[text]") is none.
    """
    found = _SPOKEN_OF.search(instruction)
    if found is None:
        return False
    rest = _PLACEHOLDER.sub("", instruction[found.end() :])
    if "\n" in rest.strip() or _QUOTED.search(instruction) or _AFTER_COLON.search(rest):
        return False
    after = max((len(part.split()) for part in re.split(r"[.?!]\s", rest)[1:]), default=0)
    return after < _ENOUGH
