"""Whether a task can be answered from what it says: a text that it speaks of must stand somewhere. Pure.

Beside it: whether a task works on anything but what it says, whether one without an input asks about anything
at all, and whether an input is something to work on.
"""

from __future__ import annotations

import re

from app.method.lengths import length
from app.method.may_vote import repeats

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
    if instruction.rstrip().endswith((":", "：")):
        return True  # whatever it quotes before
    rest = _PLACEHOLDER.sub("", instruction[found.end() :])
    if "\n" in rest.strip() or _QUOTED.search(instruction) or _AFTER_COLON.search(rest):
        return False
    after = max((len(part.split()) for part in re.split(r"[.?!]\s", rest)[1:]), default=0)
    return after < _ENOUGH


_POINTS = re.compile(
    r"\b(?:the|this|these|those|that|it|its|they|them|their|he|she|his|her|which|who|whom|whose|each|every|both"
    r"|any|all|given|provided|following|below|above|input|here)\b"
    # What is done to a text, which a task without an input would name.
    r"|\b(?:translate|put|turn|convert|change|rewrite|rephrase|paraphrase|correct|fix|edit|restore|shorten"
    r"|summari[sz]e|condense|classify|label|sort|count|extract|find|replace|remove)\b",
    re.IGNORECASE,
)
_OWN = re.compile(
    r"\bthe (?:[\w'-]+ )?[\w'-]+ of "
    r"(?!(?:the|this|these|those|that|it|its|each|every|both|all|any|following|money)\b)"
    r"|\bthe (?:words?|phrases?|letters?|terms?|names?|numbers?) (?=[\"“'‘«\d])"
    r"|\bthe (?:first|last|best|worst|most [\w'-]+) (?:things?|ways?|places?|reasons?|times?)\b"
    r"|\b(?:in|at|on|for|by) the (?:world|past|future|morning|evening|afternoon|same|first time)\b"
    r"|\b(?:in|for|over) the (?:next|last) (?:days?|weeks?|months?|years?)\b",
    re.IGNORECASE,
)
_ENGLISH = re.compile(
    r"(?:write|name|explain|describe|give|list|tell|suggest|make|create|compose|think|what|why|how|when|where)\b"
    r".*\b(?:a|an|of|and|in|to|for|with|is|do|you)\b",
    re.IGNORECASE,
)
_LEAST = 6
"""Words of a task that may say everything itself: "Put into French" says little and means an input."""


def stands_alone(instruction: str) -> bool:
    """Say whether an instruction points at nothing beyond itself: "Write a poem about a dog and a cat."

    One that names a thing as known ("the sentence", "each word", "it"), or does something to a text, works on
    an input; a very short one, or one that ends by announcing something, may, and so may one not surely in
    English.
    """
    if not _ENGLISH.match(instruction):
        return False
    if length(instruction) < _LEAST or instruction.rstrip().endswith((":", "：")):
        return False
    return _POINTS.search(_OWN.sub(" ", instruction)) is None


_WORD = re.compile(r"\d[\w]*-[\w-]+|[^\W\d_][\w'’-]*")
_NAMES_SOMETHING = re.compile(
    r"(?!(?:about|all|and|any|are|but|can|did|does|each|every|for|from|give|had|has|have|her|him|his|how|its|make|not"
    r"|one|she|than|that|the|their|them|then|there|these|they|this|those|two|use|was|were|what|when|where|which|who"
    r"|why|will|with|would|write|you|your)\Z).{3,}",
    re.DOTALL,
)
_ARTICLES = r"(?:(?:an?|the|another|one|words?|terms?)\s+)*"
_SAME_TWICE = re.compile(
    rf"\bbetween {_ARTICLES}[\"“'‘]?(?P<thing>[\w'-]+(?: [\w'-]+){{0,3}}?)[\"”'’]? and {_ARTICLES}"
    r"[\"“'‘]?(?P=thing)[\"”'’]?(?=\s*(?:\Z|[.?!,;:]))",
    re.IGNORECASE,
)
_QUOTED_TWICE = re.compile(r"([\"“][^\"”]{1,40}[\"”])(?:,|,? (?:and|or|from|to)) \1", re.IGNORECASE)
_NO_TASK = re.compile(
    r"(?:do not|don['’]t|never) [^.!?\n]*[.!]?"
    r"|how many \w+ (?:are|were) there\?"
    # Of what, it does not say: no options follow.
    r"|(?:which|what)(?: one)? (?:is|are) not (?:an?|the|one|part) [^,:;?\n]*\?(?: explain\b[^\n]*)?",
    re.IGNORECASE,
)
_SAID_AGAIN, _NAMED = 1 / 3, 3
"""A sentence repeats itself if at least this share of its naming words came before, and it has this many."""
_SHORT = 20
"""Words of a sentence that may be senseless as a whole."""
_POINTER = re.compile(
    r"\b(?:this|these) (?!(?:is|are|was|were|can|will|way|time|year|week(?:end)?|month|days?|morning|evening"
    r"|night|century|world|planet|country)\b)[a-z]+\b(?![^:：\n]*[:：\n])",
    re.IGNORECASE,
)
_PRONOUN = re.compile(r"\b(?:he|she|they|him|her|them|his|their)\b", re.IGNORECASE)
_QUOTATION = re.compile(r"[\"“][^\"”]*[\"”]|(?<!\w)['‘][^'’]*['’](?!\w)")


def compares_with_itself(instruction: str) -> bool:
    """Say whether an instruction sets a thing against the same: "the difference between a car and a car"."""
    return bool(_SAME_TWICE.search(instruction) or _QUOTED_TWICE.search(instruction))


def senseless(instruction: str) -> bool:
    """Say whether an instruction that gets no input asks about nothing.

    It compares a thing with itself, only forbids something, asks which of things unnamed is none, or is one
    short English sentence that names little but the same ("How many years are in a year?") or begins by
    pointing at nothing ("When was this city built?").
    """
    if compares_with_itself(instruction) or _NO_TASK.fullmatch(instruction.strip()):
        return True
    if length(instruction) > _SHORT or re.search(r"[.?!]\s+\S", instruction):
        return False
    named = _named(instruction)
    if len(named) >= _NAMED and len(named) - len(set(named)) >= _SAID_AGAIN * len(named):
        return True
    bare = _QUOTATION.sub(" ", instruction)  # which a pronoun does not stand for
    pointer, pronoun = _POINTER.search(bare), _PRONOUN.search(bare)
    if pointer and len(_named(bare[: pointer.start()])) < 2:
        return True
    return pronoun is not None and not _named(bare[: pronoun.start()])


def _named(text: str) -> list[str]:
    """Return the words of a text that name something, those of plurals without their s."""
    words = (word.casefold() for word in _WORD.findall(text))
    return [word.removesuffix("s") for word in words if _NAMES_SOMETHING.match(word)]


_PROSE = re.compile(
    r"\b(?:the|this|these|following|given|each) (?:[\w'-]+ ){0,2}?"
    r"(?:texts?|passages?|sentences?|paragraphs?|articles?|stor(?:y|ies)|poems?|e-?mails?|messages?|reviews?|conversations?|dialogues?|essays?|speech)\b",
    re.IGNORECASE,
)
_STAND_IN = re.compile(
    rf"(?:(?:here|this|it) is )?(?:(?:the|this|a|an|your|some|following|given) )*{_THINGS}"
    r"(?: (?:that follows?|below|above|here))?",
    re.IGNORECASE,
)
_RULE = re.compile(r"([-_*=~#|])(?:\s*\1)*")
"""Nothing but bullets without items, or a rule; points and dashes may be Morse code."""
_SENTENCE = 3
"""Words of an input that can be the sentence or text that an instruction works on."""
_LONG, _VARIED = 20, 0.3
"""Words of an input that say something, and the share of them that is then different."""
_ITEMS = re.compile(r"\s*[;,\n]\s*")
_FIRST_NUMBER = re.compile(r"^\s*1[.)]\s+")
_ITEM_NUMBER = re.compile(r"^\s*\d{1,3}[.)]\s+")


_OF_SEVERAL = re.compile(
    r"\b(?:which|one|any|each|all|both|some|most)(?: one)? of (?:the following|these|those)\b(?! words?\b)"
    r"|\b(?:these|those|the following|each of the) (?:[\w'-]+ )?"
    r"(?:sentences|statements|events|items|options|situations|people|animals|countries|tasks|questions)\b",
    re.IGNORECASE,
)
_SEPARATED = re.compile(r"[,;|/\n\t]|[.!?:]\s*\S|\s[-–—]\s|\b(?:and|or|vs|versus)\b", re.IGNORECASE)
_OF_A_QUOTATION = re.compile(r"\b(?:in|between|inside) (?:quotation|quote) marks\b|\bquoted\b", re.IGNORECASE)
_OF_WORDS = re.compile(r"\b(?:(?:each|every) word|(?:these|the) words)\b", re.IGNORECASE)
_PARTS = re.compile(r"[.!?]\s+|\n+")
_OF_REPEATS = re.compile(
    r"\b(?:duplicat|repeat|repetit|same|equal|ident|uni(?:que|on)|distinct|differen|compar|count"
    r"|how (?:many|often)|most often|frequen|once|twice|occur|redundan)",
    re.IGNORECASE,
)
"""What is done to things that come again; then an input may well hold them."""


def unfitting(instruction: str, input: str) -> bool:
    """Say whether an input is nothing that its instruction could work on.

    It only names a text ("the following sentence", "[text]"), is a mere rule ("- - -"), repeats the
    instruction or takes three or more words from all over it, has one or two words where the instruction
    speaks of a sentence or more, keeps repeating a few words, sentences or items, or lacks what the
    instruction names: several things, a quotation, words.
    """
    bare = " ".join(_FIRST_NUMBER.sub("", _PLACEHOLDER.sub("", input)).split()).strip(" .:\"'“”‘’")
    if not bare or _RULE.fullmatch(bare) or _STAND_IN.fullmatch(bare) or repeats(input, instruction):
        return True
    words, told = (re.findall(r"\w+", text.casefold()) for text in (input, instruction))
    quoted = " ".join(words) in " ".join(told)
    if len(words) >= _SENTENCE and set(words) <= set(told) and not quoted:
        return True
    if _PROSE.search(instruction) and length(input) < _SENTENCE:
        return True
    if not _OF_REPEATS.search(instruction) and _says_again(input):
        return True
    if _lacks_what_is_named(instruction, input):
        return True
    listed = input.strip(" ;,\n")
    for parts in (_ITEMS.split(listed), listed.split("\n")):
        items = [_ITEM_NUMBER.sub("", item).strip(" .").casefold() for item in parts]
        if len(items) >= _SENTENCE and len(set(items)) == 1 and any(map(str.isalpha, items[0])):
            return True
    return len(words) >= _LONG and len({word for word in words if word.isalpha()}) < _VARIED * sum(
        map(str.isalpha, words)
    )


def _says_again(input: str) -> bool:
    """Say whether half of an input's sentences, or of four or more items, were there before."""
    sentences = [part for part in map(_bare, _PARTS.split(input)) if len(part.split()) >= _SENTENCE]
    items = [part for part in map(_bare, _ITEMS.split(input)) if any(map(str.isalpha, part))]
    return any(
        len(parts) >= least and 2 * len(set(parts)) <= len(parts)
        for parts, least in ((sentences, 2), (items, 4))
    )


def _bare(part: str) -> str:
    return _ITEM_NUMBER.sub("", part).strip(" .!?").casefold()


def _lacks_what_is_named(instruction: str, input: str) -> bool:
    """Say whether an instruction works on several things, a quotation or words, and the input has none."""
    if not input.isascii() or '"' in instruction:
        return False  # other scripts separate otherwise, and what is quoted may be meant
    bare = input.strip()
    # Where the instruction lists things, those are meant.
    several = _OF_SEVERAL.search(instruction) and not re.search(r"[:,]", instruction)
    return bool(
        (several and not _SEPARATED.search(bare) and len(bare.split()) >= _SENTENCE)
        or (_OF_A_QUOTATION.search(instruction) and not _QUOTED.search(input))
        or (_OF_WORDS.search(instruction) and not re.search(r"[^\W\d_]", input))
    )
