"""Grammatical ways to put a request: polite, terse, chatty, framed as a need or a question.

`wrap` keeps a request grammatical, so that everybody may learn from it. Standard library only.
"""

from __future__ import annotations

import random
import re

from .data import read
from .english import lower_first, upper_first
from .grammar import Kind

PLAIN_SHARE = 0.45

_SENTENCE_END = re.compile(r"(?<=[.!?:])(?<!Mr\.)(?<!Dr\.)(?<!Mrs\.) (?=[A-Z\"'])")
_NP_REQUEST = re.compile(
    r"^(?:(?:Give|Write|Find|Show)(?: me)?|Tell me|Provide|State|Name|Return|Output|Print)"
    r" ((?:the|a|an|one|two|three|all) .+)\.$"
)
_WHAT_IS = re.compile(
    r"^What is (the (?:[\w'-]+ ){1,3}of (?:this|the|that|my|a|an|[A-Z]\w+)(?: [\w'-]+){0,3})\?$"
)
_PARTICIPLE = re.compile(r"\b(?:\w+ed|made|said|known|meant|written|spoken)\b")
_IS_IT = re.compile(r"^(Is|Can|Could|Will) (it|they) (.+)\?$")
_AFTER_DETERMINER = re.compile(r"(\S+) (?:a|an|the|its|their|one|two|three) ")

_FORMS = read("wrapping")
_IMPERATIVE_FORMS: list[str] = _FORMS["imperative"]
_FIRST_IMPERATIVE_FORMS: list[str] = _IMPERATIVE_FORMS + _FORMS["opening_imperative"]
_INPUT_FORMS: list[str] = _FORMS["input"]
_NEED_FORMS: list[str] = _FORMS["need"]
_QUESTION_FORMS: list[str] = _FORMS["question"]
_CLAUSE_FORMS: list[str] = _FORMS["clause"]
_LABEL_FORMS: list[str] = _FORMS["label"]
_AROUND: dict[str, list[str]] = _FORMS["around"]
_IMPERATIVES = frozenset(_FORMS["words"]["imperatives"])
_BEFORE_NP = frozenset(_FORMS["words"]["before_noun_phrase"])

_REQUEST_QUESTIONS = ("Do you", "Can you", "Could you", "Would you", "Will you", "Is there", "Can I", "May I")
_FORMAT_VERBS = frozenset({"answer", "reply", "respond", "use", "say"})
_OPENED = ("Hi", "Hello", "Hey", "Okay", "Well", "Dear", "Assistant", "So,", "Say,")


def _gerund(verb: str) -> str:
    """Return the -ing form of one of the request verbs."""
    if verb in {"put", "split", "swap"}:
        return verb + verb[-1] + "ing"
    if verb.endswith("e") and not verb.endswith("ee"):
        return verb[:-1] + "ing"
    return verb + "ing"


def _is_imperative(sentence: str) -> bool:
    """Tell whether the sentence is a plain request that can follow "could you"."""
    words = sentence.split()
    return (
        len(words) > 2
        and sentence.endswith(".")
        and not sentence.endswith("..")
        and words[0].lower() in _IMPERATIVES
        and words[1] not in {"of", "for", "and", "or", "is", "are", "me,", "me:"}
        and ":" not in sentence
        and "please" not in sentence.lower()
    )


def _is_wanted_thing(phrase: str) -> bool:
    """Tell whether the phrase after a request verb is one thing ("the plural of the noun") only."""
    if "," in phrase or ":" in phrase or ";" in phrase or " then " in phrase or len(phrase.split()) > 14:
        return False
    if any(not after.startswith(("the ", "a ", "an ", "its ")) for after in phrase.split(" and ")[1:]):
        return False
    rest = phrase.split(" ", 1)[1]
    return all(before.lower() in _BEFORE_NP for before in _AFTER_DETERMINER.findall(rest))


def _rephrase_imperative(sentence: str, kind: Kind, rng: random.Random, first: bool) -> str:
    body = sentence[:-1]
    verb, _, rest = body.partition(" ")
    if not first and verb.lower() in _FORMAT_VERBS:
        return f"Please {lower_first(body)}."
    wanted = _NP_REQUEST.match(sentence)
    if wanted and rng.random() < 0.4 and _is_wanted_thing(wanted.group(1)):
        thing = wanted.group(1)
        return rng.choice(_NEED_FORMS).format(n=thing, N=upper_first(thing))
    if kind == "A" and first and rng.random() < 0.12:
        form = rng.choice(_INPUT_FORMS)
    else:
        form = rng.choice(_FIRST_IMPERATIVE_FORMS if first else _IMPERATIVE_FORMS)
    if form == "{V}, please." and ("," in body or body[-1] in "\"'"):
        form = "Please {v}."
    return form.format(v=verb.lower() + " " + rest, V=body, g=_gerund(verb.lower()) + " " + rest)


def _rephrase_question(sentence: str, rng: random.Random) -> str:
    what = _WHAT_IS.match(sentence)
    if what and not _PARTICIPLE.search(sentence) and rng.random() < 0.6:
        return rng.choice(_CLAUSE_FORMS).format(c=f"what {what.group(1)} is")
    whether = _IS_IT.match(sentence)
    if whether and "," not in sentence and rng.random() < 0.5:
        verb, subject, rest = whether.groups()
        return rng.choice(_CLAUSE_FORMS).format(c=f"whether {subject} {verb.lower()} {rest}")
    request = sentence.startswith(_REQUEST_QUESTIONS)
    if (request or rng.random() < 0.1) and "," not in sentence:
        return f"{sentence[:-1]}, please?"
    if request:
        return sentence
    return rng.choice(_QUESTION_FORMS).format(q=lower_first(sentence), Q=sentence)


def _rephrase(instruction: str, kind: Kind, rng: random.Random) -> str:
    """Put the request itself into another form; unchanged where no form is sure to be grammatical."""
    sentences = _SENTENCE_END.split(instruction)
    for index, sentence in enumerate(sentences):
        if sentence.endswith("?"):
            sentences[index] = _rephrase_question(sentence, rng)
            return " ".join(sentences)
        if _is_imperative(sentence):
            sentences[index] = _rephrase_imperative(sentence, kind, rng, index == 0)
            return " ".join(sentences)
    return instruction


def _is_label(instruction: str) -> bool:
    """Tell whether the request is only a few words without a mark: "Plural of the noun"."""
    return instruction[-1] not in ".?!\"'" and len(instruction.split()) <= 8


def _wrap_label(instruction: str, rng: random.Random) -> str:
    bare = instruction.rstrip(": ")
    if ":" in bare or "?" in bare or "," in bare or "." in bare:
        return instruction
    text = rng.choice(_LABEL_FORMS).format(l=lower_first(bare), L=bare)
    if text.endswith(bare[-1]) and rng.random() < 0.5:
        text += "."
    return text


def _surround(text: str, kind: Kind, rng: random.Random) -> str:
    """Add an opening, a bit of context, a wish about the answer or thanks around a whole request."""
    share = rng.random()
    has_input = "with_input" if kind == "A" else "without_input"
    if share < 0.25:
        # Two greetings or two announcements in a row would sound odd.
        if text.startswith(_OPENED) or "help" in text or "task" in text.lower() or "question" in text:
            return f"{text} {rng.choice(_AROUND['thanks'])}"
        return f"{rng.choice(_AROUND['openings'])} {text}"
    if share < 0.45:
        context = rng.choice(_AROUND[f"contexts_{has_input}"])
        return f"{context} {text}" if rng.random() < 0.5 else f"{text} {context}"
    if share < 0.8:
        return f"{text} {rng.choice(_AROUND[f'endings_{has_input}'])}"
    return f"{text} {rng.choice(_AROUND['thanks'])}"


def _unmarked(text: str, rng: random.Random) -> str:
    """Type carelessly: small letters at the beginning, no mark at the end, or both."""
    share = rng.random()
    if share < 0.65:
        text = " ".join(lower_first(sentence) for sentence in _SENTENCE_END.split(text))
    if share > 0.35 and text[-1] in ".?:":
        text = text.rstrip(".?:")
    return text


def wrap(instruction: str, kind: Kind, rng: random.Random) -> str:
    """Return the instruction plain (about 45 %) or in one of very many other grammatical forms."""
    if rng.random() < PLAIN_SHARE:
        return instruction
    if _is_label(instruction):
        text = _wrap_label(instruction, rng) if rng.random() < 0.75 else instruction
        return text if rng.random() < 0.7 else _unmarked(text, rng)
    text = instruction
    changed = False
    if rng.random() < 0.72:
        text = _rephrase(text, kind, rng)
        changed = text != instruction
    if text[-1] in ".?!" and rng.random() < (0.2 if changed else 0.75):
        text = _surround(text, kind, rng)
        changed = True
    if rng.random() < (0.15 if changed else 0.5):
        text = _unmarked(text, rng)
    return text
