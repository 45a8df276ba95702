"""Universal ways to put a request: polite, terse, chatty, framed as a need or a question, and careless ones.

`wrap` keeps a request grammatical, so everybody may learn from it. `noise` may damage grammar but never
meaning; only the answering models see it. Standard library only.
"""

from __future__ import annotations

import random
import re

from .facts import CITIES, CONTINENTS, COUNTRIES, DAYS, MONTHS, NUMBER_WORDS, PEOPLE
from .grammar import Kind
from .stray import STRAY_WORDS

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


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# Verbs that begin a request. Words which may also be a name or a plain noun in first place are left out.
_IMPERATIVES = _words(
    """
    give write tell name say find state provide list choose pick select identify determine decide classify
    label put turn change convert transform translate rewrite complete fill answer explain describe define
    show return output print produce generate create make form build add remove delete replace count
    compute calculate solve work figure guess look check judge read repeat copy extract express rephrase
    paraphrase shorten summarize fix correct continue finish invent think suggest recommend compose
    compare combine join split reverse take use conjugate pluralize match assign categorize spell mention
    offer propose come say sort round insert swap reply respond
    """
)
_REQUEST_QUESTIONS = ("Do you", "Can you", "Could you", "Would you", "Will you", "Is there", "Can I", "May I")
_FORMAT_VERBS = frozenset({"answer", "reply", "respond", "use", "say"})
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
_AFTER_DETERMINER = re.compile(r"(\S+) (?:a|an|the|its|their|one|two|three) ")
_BEFORE_NP = _words(
    """
    of in for from with to on by that than as at about into and or is has have like after before between
    means under over without using contains
    """
)

# {v} is the request as it follows "to", {V} the same with a capital, {g} its -ing form.
_IMPERATIVE_FORMS: tuple[str, ...] = (
    "Please {v}.", "Please {v}.", "Please {v}.", "{V}, please.", "{V}, please.", "Kindly {v}.",
    "Could you {v}?", "Could you {v}?", "Can you {v}?", "Can you {v}?", "Would you {v}?", "Will you {v}?",
    "Could you please {v}?", "Can you please {v}?", "Would you please {v}?", "Would you mind {g}?",
    "Are you able to {v}?", "Is it possible for you to {v}?", "Would it be possible to {v}?",
    "Do you think you could {v}?", "Any chance you could {v}?",
    "I need you to {v}.", "I want you to {v}.", "I would like you to {v}.", "I'd like you to {v}.",
    "I am asking you to {v}.", "I wonder if you could {v}.", "I hope you can {v}.",
    "Your task is to {v}.", "Your job is to {v}.", "The task is to {v}.", "The goal is to {v}.",
    "Your goal is to {v}.", "The aim is to {v}.", "What you have to do is {v}.", "All you have to do is {v}.",
    "You have to {v}.", "You should {v}.", "You must {v}.", "You need to {v}.", "You are asked to {v}.",
    "You are supposed to {v}.", "Your task: {v}.", "Try to {v}.", "Now {v}.", "Just {v}.", "Simply {v}.",
    "Do me a favor and {v}.", "Be so kind as to {v}.", "Be nice and {v}.",
    "It would be great if you could {v}.", "It would help me if you could {v}.",
)  # fmt: skip
# These sound right only at the very beginning of a message.
_OPENING_FORMS: tuple[str, ...] = (
    "Hi, can you {v}?", "Hello, could you {v}?", "Hey, can you {v}?", "Hey, {v}.", "Okay, {v}.", "Well, {v}.",
    "Assistant, {v}.", "Dear assistant, {v}.", "Task: {v}.", "Task: {V}.", "Exercise: {v}.",
    "Instruction: {v}.", "My request: {v}.", "Next task: {v}.", "Here is what I want: {v}.",
    "Here is your task: {v}.", "To do: {v}.", "Help me: {v}.", "Go ahead and {v}.", "Quickly {v}.",
)  # fmt: skip
_INPUT_FORMS: tuple[str, ...] = (
    "Look at the input and {v}.", "Read the input and {v}.", "Read this and {v}.", "Look at this and {v}.",
    "Use the input below and {v}.", "Take the input and {v}.", "Based on the input, {v}.",
    "For the input, {v}.",
    "Think about the input and {v}.", "You get an input. {V}.", "There is an input below. {V}.",
)  # fmt: skip
# {n} is the wanted thing ("the plural of the noun"), {N} the same with a capital.
_NEED_FORMS: tuple[str, ...] = (
    "I need {n}.", "I need {n}.", "I need {n}, please.", "I want {n}.", "I would like {n}.", "I'd like {n}.",
    "I would like to have {n}.", "I am looking for {n}.", "I'm looking for {n}.", "All I need is {n}.",
    "What I need is {n}.", "What I want is {n}.", "Can I have {n}?", "Can I get {n}?", "Could I have {n}?",
    "Could I have {n}, please?", "May I have {n}?", "Let me have {n}.", "Let me see {n}.", "Give me {n}.",
    "Show me {n}.", "Can you give me {n}?", "Could you give me {n}?", "Would you give me {n}?",
    "{N}, please.", "{N}.", "Wanted: {n}.", "Needed: {n}.", "We need {n}.", "My friend needs {n}.",
    "I have to have {n}.", "Do you have {n}?", "I am asking for {n}.", "Your answer should be {n}.",
)  # fmt: skip
# {q} is the question with a small first letter, {Q} as it was; both keep their question mark.
_QUESTION_FORMS: tuple[str, ...] = (
    "Quick question: {q}", "Question: {q}", "A question: {q}", "One question: {q}", "Small question: {q}",
    "I have a question: {q}", "I have a question. {Q}", "My question is: {q}", "My question: {q}",
    "Here is my question: {q}", "Please tell me: {q}", "Tell me, {q}", "Tell me: {q}", "Say, {q}", "So, {q}",
    "Help me: {q}", "Please help me: {q}", "Can you help me? {Q}", "Can you tell me: {q}", "I wonder: {q}",
    "I want to know: {q}", "I would like to know: {q}", "Please answer: {q}", "Answer this: {q}",
    "Answer this question: {q}", "Please answer this question: {q}", "Let me ask you: {q}", "May I ask: {q}",
    "Do you know the answer? {Q}", "Can you answer this? {Q}", "My teacher asks: {q}", "My friend asks: {q}",
    "Somebody asked me: {q}", "Hey, {q}", "Well, {q}", "Okay, {q}", "Task: {q}",
    "Just one question: {q}", "Think about it: {q}", "I need to know: {q}",
)  # fmt: skip
# {x} is the subject, {c} a whole clause: "what the plural is", "whether it is hot".
_CLAUSE_FORMS: tuple[str, ...] = (
    "Tell me {c}.", "Please tell me {c}.", "Can you tell me {c}?", "Could you tell me {c}?",
    "Do you know {c}?",
    "I want to know {c}.", "I would like to know {c}.", "I'd like to know {c}.", "I need to know {c}.",
    "I wonder {c}.", "I was wondering {c}.", "Say {c}.", "Write {c}.", "Find out {c}.", "Work out {c}.",
    "Let me know {c}.", "I am not sure {c}.", "Help me find out {c}.", "Can you say {c}?", "Please say {c}.",
    "Your task is to say {c}.", "I am asking {c}.", "My question is {c}.", "Do you happen to know {c}?",
    "I forgot {c}.", "Show me {c}.", "You have to say {c}.", "State {c}.",
)  # fmt: skip
_OPENINGS: tuple[str, ...] = (
    "Hi!", "Hi.", "Hello!", "Hello.", "Hey!", "Hey there!", "Good morning!", "Good evening!", "Hi there!",
    "I need help.", "I need some help.", "I need your help.", "Help me, please.", "Can you help me?",
    "Could you help me?", "Please help me.", "You are a helpful assistant.", "You are a teacher.",
    "You are an assistant.", "Here is a task.", "Here is a task for you.", "I have a task for you.",
    "I have a small task for you.", "One small task.", "Something easy.", "Here is an easy one.", "Next one.",
    "An easy one.",
)  # fmt: skip
_OPENED = ("Hi", "Hello", "Hey", "Okay", "Well", "Dear", "Assistant", "So,", "Say,")
_CONTEXTS: tuple[str, ...] = (
    "This is for my homework.", "It is for my homework.", "This is for school.", "It is for school.",
    "I am doing my homework.", "This is for a test.", "This is for a quiz.", "I am making a quiz.",
    "It is for my class.", "My teacher wants this.", "This is part of an exercise.", "I need this for work.",
    "I need it today.", "I am still learning.", "I am a beginner.", "My son asked me.",
    "My daughter asked me.",
    "My friend wants to know.", "I am curious.", "I am not sure myself.", "We are playing a game.",
    "I am helping my brother.", "I have no idea.", "I really need this.",
)  # fmt: skip
_CONTEXTS_B: tuple[str, ...] = (
    "This is for my homework.", "It is for school.", "This is for my class.", "It is for a friend.",
    "I need it today.", "I need this for work.", "It is for my family.", "It is for my blog.",
    "I am curious.",
    "I really need this.", "We need it this evening.",
)  # fmt: skip
_ENDINGS_A: tuple[str, ...] = (
    "Answer briefly.", "Keep it short.", "A short answer is enough.", "Give a short answer.", "Be brief.",
    "Only give the answer.", "Give only the answer.", "Only the answer.", "Just the answer.", "Answer only.",
    "Just give the answer.", "Just give me the answer.", "Write only the answer.", "Return only the answer.",
    "Output only the answer.", "Reply with the answer only.", "Reply only with the answer.", "Nothing else.",
    "Nothing more.", "Write nothing else.", "Do not write anything else.", "Do not add anything.",
    "Do not explain.", "Do not explain your answer.", "No explanation.", "No explanation, please.",
    "No extra words.", "No need to explain.", "Without explanation.", "Just the result.", "No comments.",
    "Be quick.", "Think first.", "Think carefully.", "Be careful.", "Be exact.",
)  # fmt: skip
_ENDINGS_B: tuple[str, ...] = (
    "Answer briefly.", "Keep it short.", "Be brief.", "One line is enough.", "Make it short.",
    "Short, please.",
    "Use simple words.", "Use simple English.", "Keep it simple.", "No long text.", "Use plain language.",
)  # fmt: skip
_THANKS: tuple[str, ...] = (
    "Thanks.", "Thanks!", "Thank you.", "Thank you!", "Thanks a lot.", "Thank you very much.", "Many thanks.",
    "Thanks in advance.", "Thanks for your help.", "Thank you for your help.",
)  # fmt: skip
_LABEL_FORMS: tuple[str, ...] = (
    "Task: {l}", "Wanted: {l}", "Needed: {l}", "I need this: {l}", "To do: {l}", "Find: {l}", "Give: {l}",
    "What I need: {l}", "Answer: {l}", "Question: {l}", "Question about the input: {l}", "My task: {l}",
    "Your task: {l}", "Exercise: {l}", "Looking for: {l}", "{L}, please", "{L} please", "{L}, please.",
    "{L}?", "{L}?", "{L}.", "{L} =", "{L} -", "{L} ->", "{L}...", "Please: {l}", "Can you help? {L}",
)  # fmt: skip


def _lower_first(text: str) -> str:
    """Make the first letter small unless the first word is always written with a capital."""
    first = text.split(" ", 1)[0]
    bare = first.rstrip(".,:;!?").removesuffix("'s")
    if bare in _PROPER or first in _PROPER or (bare.isupper() and bare != "A"):
        return text
    return text[0].lower() + text[1:]


def _upper_first(text: str) -> str:
    return text[:1].upper() + text[1:]


def gerund(verb: str) -> str:
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
        return f"Please {_lower_first(body)}."
    wanted = _NP_REQUEST.match(sentence)
    if wanted and rng.random() < 0.4 and _is_wanted_thing(wanted.group(1)):
        thing = wanted.group(1)
        return rng.choice(_NEED_FORMS).format(n=thing, N=_upper_first(thing))
    if kind == "A" and first and rng.random() < 0.12:
        form = rng.choice(_INPUT_FORMS)
    else:
        form = rng.choice(_IMPERATIVE_FORMS + _OPENING_FORMS if first else _IMPERATIVE_FORMS)
    if form == "{V}, please." and ("," in body or body[-1] in "\"'"):
        form = "Please {v}."
    return form.format(v=verb.lower() + " " + rest, V=body, g=gerund(verb.lower()) + " " + rest)


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
    return rng.choice(_QUESTION_FORMS).format(q=_lower_first(sentence), Q=sentence)


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
    return instruction[-1] not in ".?!\"'" and len(instruction.split()) <= 8


def _wrap_label(instruction: str, rng: random.Random) -> str:
    bare = instruction.rstrip(": ")
    if ":" in bare or "?" in bare or "," in bare or "." in bare:
        return instruction
    form = rng.choice(_LABEL_FORMS)
    text = form.format(l=_lower_first(bare), L=bare)
    if text.endswith(bare[-1]) and rng.random() < 0.5:
        text += "."
    return text


def _surround(text: str, kind: Kind, rng: random.Random) -> str:
    """Add an opening, a bit of context, a wish about the answer or thanks around a whole request."""
    draw = rng.random()
    if draw < 0.25:
        # Two greetings or two announcements in a row would sound odd.
        if text.startswith(_OPENED) or "help" in text or "task" in text.lower() or "question" in text:
            return f"{text} {rng.choice(_THANKS)}"
        return f"{rng.choice(_OPENINGS)} {text}"
    if draw < 0.45:
        context = rng.choice(_CONTEXTS if kind == "A" else _CONTEXTS_B)
        return f"{context} {text}" if rng.random() < 0.5 else f"{text} {context}"
    if draw < 0.8:
        return f"{text} {rng.choice(_ENDINGS_A if kind == 'A' else _ENDINGS_B)}"
    return f"{text} {rng.choice(_THANKS)}"


def _casual(text: str, rng: random.Random) -> str:
    """Type carelessly: small letters at the beginning, no mark at the end, or both."""
    draw = rng.random()
    if draw < 0.65:
        text = " ".join(_lower_first(sentence) for sentence in _SENTENCE_END.split(text))
    if draw > 0.35 and text[-1] in ".?:":
        text = text.rstrip(".?:")
    return text


def wrap(instruction: str, kind: Kind, rng: random.Random) -> str:
    """Return the instruction plain (about 45 %) or in one of very many other grammatical forms."""
    if rng.random() < PLAIN_SHARE:
        return instruction
    if _is_label(instruction):
        text = _wrap_label(instruction, rng) if rng.random() < 0.75 else instruction
        return text if rng.random() < 0.7 else _casual(text, rng)
    text = instruction
    changed = False
    if rng.random() < 0.72:
        text = _rephrase(text, kind, rng)
        changed = text != instruction
    if text[-1] in ".?!" and rng.random() < (0.2 if changed else 0.75):
        text = _surround(text, kind, rng)
        changed = True
    if rng.random() < (0.15 if changed else 0.5):
        text = _casual(text, rng)
    return text


# Swaps that hold in every family: general verbs of asking and general nouns, never a word that names a task.
_ASKING = _words(
    "give write provide state tell output return print say produce name find show report supply list"
)
_ASKING_SWAPS = (
    "give", "give me", "write", "write down", "provide", "state", "tell me", "output", "return", "print",
    "say",
    "produce", "name", "find", "show", "show me", "report", "supply", "deliver", "submit", "reveal",
    "fetch", "get me", "bring me", "hand me", "share", "spit out", "note down",
)  # fmt: skip
_SAYING = _words("tell say decide determine state check judge see answer")
_SAYING_SWAPS = (
    "tell me", "say", "decide", "determine", "state", "check", "judge", "find out", "figure out", "work out",
    "tell", "let me know", "inform me", "assess", "see", "indicate", "verify", "establish", "clarify",
)  # fmt: skip
_CHOOSING = _words("choose pick select")
_CHOOSING_SWAPS = ("choose", "pick", "select", "pick out", "take", "opt for", "go for")
_TURNING = _words("turn change transform convert")
_TURNING_SWAPS = ("turn", "change", "transform", "convert", "make", "bring", "modify", "switch")
_SORTING = _words("classify categorize label")
_SORTING_SWAPS = ("classify", "categorize", "label", "tag", "mark")
_CLAUSE_STARTS = _words("if whether what which how who whose where when why that")
_NOUN_SWAPS: dict[str, tuple[str, ...]] = {
    "word": ("term", "expression", "item"),
    "words": ("terms", "expressions"),
    "sentence": ("phrase", "line", "statement"),
    "sentences": ("phrases", "lines"),
    "text": ("passage", "paragraph", "piece"),
    "given": ("provided", "listed", "stated"),
    "kind": ("type",),
    "type": ("kind",),
    "country": ("nation", "land"),
    "animal": ("creature", "beast"),
    "animals": ("creatures",),
    "job": ("profession", "occupation"),
    "profession": ("occupation", "job"),
    "mistake": ("error",),
    "error": ("mistake",),
    "normally": ("usually", "typically", "generally", "commonly"),
    "usually": ("normally", "typically", "generally", "mostly"),
    "somebody": ("someone", "anybody"),
    "someone": ("somebody",),
    "which": ("what",),
    "bigger": ("larger",),
    "larger": ("bigger",),
    "review": ("comment", "feedback"),
    "thing": ("item", "object"),
    "called": ("named",),
    "correct": ("right", "proper"),
    "suitable": ("fitting", "proper"),
}
_DROPPABLE = _words(
    "the a an this that these please kindly me my your its very just simply some here there you us"
    " given below quickly is are do does would could should"
)
_ARTICLES = _words("the a an this that these given")
_MEANING = _words(
    "no not never nothing none neither nor without except only unless otherwise if cannot before after all"
    " every"
    " each more less most least first last next previous than both either same different or"
)
_NUMBERS = frozenset(NUMBER_WORDS)
_FILLERS: tuple[str, ...] = (
    "well", "so", "okay", "hey", "please", "just", "simply", "kindly", "then", "maybe", "um", "right",
    "actually",
    "basically", "quickly", "really", "also", "sure", "alright", "oh", "honestly", "perhaps", "somehow",
    "anyway",
)  # fmt: skip


def _swap_verb(words: list[str], index: int, rng: random.Random) -> None:
    """Replace a general verb of asking by another that takes the same kind of object."""
    verb = words[index].lower()
    follows = words[index + 1].lower() if index + 1 < len(words) else ""
    takes_me = follows == "me"
    after = words[index + 2].lower() if takes_me and index + 2 < len(words) else follows
    if after.rstrip(",:") in _CLAUSE_STARTS and verb in _SAYING:
        new = rng.choice(_SAYING_SWAPS)
    elif verb in _ASKING and after in {"the", "a", "an", "its", "their", "one"}:
        new = rng.choice(_ASKING_SWAPS)
    elif verb in _CHOOSING:
        new = rng.choice(_CHOOSING_SWAPS)
    elif verb in _TURNING and any(word in {"into", "to"} for word in words[index:]):
        new = rng.choice(_TURNING_SWAPS)
    elif verb in _SORTING:
        new = rng.choice(_SORTING_SWAPS)
    else:
        return
    words[index] = _upper_first(new) if words[index][0].isupper() else new
    if takes_me:
        words[index + 1] = ""


def _core(word: str) -> str:
    return word.strip(".,:;!?()\"'").lower()


def _free(words: list[str], keep: frozenset[str]) -> list[bool]:
    """Mark the words that may be swapped or lost without a change of meaning."""
    kept = {word.lower() for word in keep}
    free: list[bool] = []
    quoted = False
    format_sentence = False
    starts = True
    for index, word in enumerate(words):
        core = _core(word)
        if starts:
            format_sentence = core in {"answer", "reply", "respond"}
        if word.startswith(('"', "'")):
            quoted = True
        near = {_core(other) for other in words[max(0, index - 1) : index + 2]}
        shown = word[0].isupper() and not starts and core not in {"i", "i'm", "i'd"}
        free.append(
            not (quoted or format_sentence or shown or core in kept or core in _MEANING or core in _NUMBERS)
            and not any(char.isdigit() for char in word)
            and "n't" not in core
            and not near & {"or", "not", "no", "without", "except"}
            and core != "i"
        )
        if word.rstrip(".,:;!?").endswith(('"', "'")):
            quoted = False
        starts = word[-1] in ".?!:"
    return free


def _replace_core(word: str, new: str) -> str:
    """Put another word in the place of this one; its capital and its punctuation stay."""
    bare = word.rstrip(".,:;!?")
    return (_upper_first(new) if word[0].isupper() else new) + word[len(bare) :]


def _drop(word: str) -> str:
    """Return what is left of a dropped word: only a mark at its end, or nothing."""
    return word[-1] if word[-1] in ".?!:" else ""


def _join(words: list[str]) -> str:
    text = re.sub(r" ([.,:;!?])", r"\1", " ".join(word for word in words if word))
    text = re.sub(r"([.:?!])[.:,]+", r"\1", text)
    return re.sub(r",(?=$|[.?!])", "", text)


def noise(instruction: str, rng: random.Random, keep: frozenset[str] = frozenset()) -> str:
    """Return the instruction said carelessly in other general words; its meaning stays.

    `keep` holds words that must stay: the values of slots and the words of possible answers. Negations,
    numbers, names, quoted words, answer options and words which compare or order are kept in any case.
    """
    words = instruction.split()
    free = _free(words, keep)
    guarded = bool({_core(word) for word in words} & (_MEANING - {"same", "all", "first", "last"}))
    swap, drop, stray = rng.random() < 0.75, rng.random() < 0.35, rng.random() < 0.2
    telegraph = not guarded and rng.random() < 0.12
    starts = True
    previous, before = "", ""
    for index, word in enumerate(words):
        core = _core(word)
        request = starts or previous in {"please", "to", "and", "just", "kindly", "simply", "then"}
        request = request or (previous == "you" and before in {"can", "could", "would", "will"})
        starts = bool(word) and word[-1] in ".?!:"
        previous, before = core, previous
        if not free[index] or not word:
            continue
        if telegraph and (core in _DROPPABLE or (request and core in _ASKING and index + 3 < len(words))):
            words[index] = _drop(word)
        elif swap and request and rng.random() < 0.5:
            _swap_verb(words, index, rng)
        elif swap and core in _NOUN_SWAPS and rng.random() < 0.35:
            words[index] = _replace_core(word, rng.choice(_NOUN_SWAPS[core]))
        elif core in _DROPPABLE and drop and rng.random() < 0.35:
            words[index] = _drop(word)
        elif core in _ARTICLES and stray and rng.random() < 0.25:
            words[index] = _replace_core(word, rng.choice(STRAY_WORDS))
    words = [word for word in words if word] or instruction.split()
    if rng.random() < 0.15:
        words[0] = _lower_first(words[0])
        filler = rng.choice(_FILLERS)
        words.insert(0, _upper_first(filler) + ("," if rng.random() < 0.5 else ""))
    if rng.random() < 0.06:
        words.insert(rng.randrange(len(words) + 1), rng.choice(STRAY_WORDS))
    text = _join(words)
    if rng.random() < 0.5:
        text = _upper_first(text)
    return text.rstrip(".?:") if rng.random() < 0.12 else text
