"""In which language a text is, and whether an answer is in the one its task asks for.

Knows by py3langid, whose model is inside the package and is loaded when it is first needed. Says nothing
where it is not sure: of short texts, of code, of texts that look like several languages, and of tasks that
speak of languages without saying which one the answer should be in.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

_NAMED = {
    "arabic": "ar", "bengali": "bn", "bulgarian": "bg", "catalan": "ca", "chinese": "zh", "croatian": "hr",
    "czech": "cs", "danish": "da", "dutch": "nl", "english": "en", "finnish": "fi", "french": "fr",
    "german": "de", "greek": "el", "hebrew": "he", "hindi": "hi", "hungarian": "hu", "indonesian": "id",
    "italian": "it", "japanese": "ja", "korean": "ko", "latin": "la", "mandarin": "zh", "marathi": "mr",
    "norwegian": "no", "persian": "fa", "polish": "pl", "portuguese": "pt", "romanian": "ro",
    "russian": "ru", "serbian": "sr", "slovak": "sk", "spanish": "es", "swahili": "sw", "swedish": "sv",
    "tagalog": "tl", "tamil": "ta", "telugu": "te", "thai": "th", "turkish": "tr", "ukrainian": "uk",
    "urdu": "ur", "vietnamese": "vi",
}  # fmt: skip
"""The languages that are told apart, by their English names."""
_KIN = {"no": "da", "hr": "sr", "sk": "cs", "mr": "hi", "ca": "es"}
"""Languages that are too near another one to call either wrong."""

_SURE = 0.9
_UNLIKELY = 0.02
_LETTERS = 16
"""Letters that a text has at least, and half as many where a letter is a syllable or a word."""
_READ = 300
"""Characters of a text that are looked at."""
_COMMON = (
    *(" the ", " and ", " of ", " with ", " that ", " you ", " are ", " this ", " from ", " your ", " have "),
    *(" which ", " can ", " by ", " it ", " be "),
)
"""Words of English alone: who finds one in both texts need not ask further."""
_BEGINNINGS = (
    *("what ", "how ", "why ", "who ", "which ", "when ", "where ", "is ", "are ", "can ", "does ", "write "),
    *("give ", "describe ", "explain ", "create ", "generate ", "name ", "list ", "tell ", "find ", "make "),
    *(
        "suggest ",
        "provide ",
        "rewrite ",
        "identify ",
        "classify ",
        "compare ",
        "summarize ",
        "the ",
        "there ",
    ),
    *(
        "i ",
        "i'm ",
        "you ",
        "please ",
        "do ",
        "if ",
        "could ",
        "should ",
        "here ",
        "here's ",
        "this ",
        "sort ",
    ),
    *("convert ", "add ", "change ", "replace ", "choose ", "calculate ", "read ", "say ", "put ", "pick "),
    *("has ", "design ", "implement ", "hello", "best ", "yes", "sure", "certainly", "of course", "use "),
)
"""How English texts begin, likewise."""
_ENDINGS = (
    *("ish", "ian", "ese", "arabic", "bengali", "catalan", "czech", "dutch", "french", "german", "greek"),
    *("hebrew", "hindi", "korean", "latin", "mandarin", "marathi", "slovak", "swahili", "tagalog", "tamil"),
    *("telugu", "thai", "urdu"),
)
"""Every name of a language in `_NAMED` has one of these: a quick look first."""

_LANGUAGES = "|".join(_NAMED)
_ASKED = re.compile(
    r"(?:^|[.!?\n] ?)(?:please |now |then )?(?:answer|reply|respond|write|translate|rewrite|speak)\b"
    r"[^.?!\n\"“]{0,80}?"
    rf"\b(?:in|into|to) ({_LANGUAGES})\b|^in ({_LANGUAGES})[,:]",
    re.IGNORECASE,
)
_ABOUT = re.compile(
    rf"\b(?:{_LANGUAGES}|languages?|translat\w*)\b|übersetz|tradu[izc]|перев[ео]д|翻[译譯訳]|अनुवाद|অনুবাদ|ترجم"
    r"|\b(?:auf|ins) (?:deutsch|englisch|französisch|spanisch|italienisch)"
    r"|\ben (?:français|anglais|allemand|espagnol|español|inglés|francés|alemán|italiano?)"
    r"|\bem (?:inglês|português|espanhol|francês)|по-(?:русски|английски|немецки|французски)"
    r"|[英中法德日汉漢韩韓俄][语語文]",
    re.IGNORECASE,
)
_CODE = re.compile(r"```|[;{}]\s*$|^\s*(?:def|class|import|from|SELECT|#include|<\w+)\b", re.MULTILINE)
_LETTER = re.compile(r"[^\W\d_]")
_DENSE = re.compile("[\u0900-\u0dff\u0e00-\u0eff\u1000-\u109f\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
_PARTS = re.compile(r"[\"“”„«»‘’:\n]")


def in_another_language(instruction: str, input: str, output: str) -> bool:
    """Say whether an answer is surely in another language than its task asks, by its words or by its own."""
    text, task = output[:_READ], instruction[:_READ]
    lower = task.lower()
    wanted = None
    if any(map(lower.__contains__, _ENDINGS)):
        asked = {_NAMED[(name or first).lower()] for name, first in _ASKED.findall(task)}
        if len(asked) != 1 or _ABOUT.search(_ASKED.sub("", task)):
            if asked or _ABOUT.search(task):
                return False
        else:
            [wanted] = asked
    if wanted in (None, "en") and _english(lower) and _english(text.lower()):
        return False
    if not _enough(text) or _CODE.search(text):
        return False
    if wanted is not None:
        return _clearly_not(text, wanted)
    if not _enough(task) or _ABOUT.search(task) or _ABOUT.search(input[:_READ]):
        return False
    own = _surely(task)
    if own is None or not _clearly_not(text, own):
        return False
    # What is asked about may be in a language of its own, and its words may be what is wanted.
    spoken = _surely(text)
    return not any(_likely(part, spoken or "") for part in (input[:_READ], *_PARTS.split(task)) if part)


def _english(text: str) -> bool:
    """Say whether a text in lower case is plainly English."""
    return text.startswith(_BEGINNINGS) or any(map(text.__contains__, _COMMON))


def _enough(text: str) -> bool:
    """Say whether a text has letters enough to tell, and is mostly letters."""
    letters = len(_LETTER.findall(text))
    if letters < (_LETTERS // 2 if _DENSE.search(text) else _LETTERS):
        return False
    return letters * 2 > len(text)


def _clearly_not(text: str, wanted: str) -> bool:
    """Say whether a text is surely in a language, and it is not this one."""
    spoken = _surely(text)
    return spoken is not None and spoken != _KIN.get(wanted, wanted) and not _likely(text, wanted)


def _surely(text: str) -> str | None:
    """Return the language of a text, None where it is not sure."""
    name, chance = max(_chances(text).items(), key=lambda pair: pair[1])
    return name if chance >= _SURE else None


def _likely(text: str, language: str) -> bool:
    """Say whether a text may well be in this language."""
    return _chances(text).get(_KIN.get(language, language), 0.0) >= _UNLIKELY


@lru_cache(maxsize=512)
def _chances(text: str) -> dict[str, float]:
    """Return how likely each language is, those that are kin together."""
    added: dict[str, float] = {}
    for name, chance in _identifier().rank(text):
        key = _KIN.get(name, name)
        added[key] = added.get(key, 0.0) + chance
    return added


@lru_cache(maxsize=1)
def _identifier() -> Any:
    """Load the model: about a second, so only when a text needs it."""
    from numpy import ascontiguousarray
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    identifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    identifier.set_languages({*_NAMED.values()})
    # Choosing columns leaves the table in an order in which every look at it is twice as slow.
    identifier.nb_ptc = ascontiguousarray(identifier.nb_ptc)
    return identifier
