"""Requests outside the world: what nobody can know, made-up names, and task types the world does not contain.

The right answer is always the same honest sentence.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence

from . import judging, knowledge, lists, numbers, ordering, reading, words
from .arithmetic import FAMILIES as ARITHMETIC
from .facts import (
    ANIMALS,
    CITIES,
    COUNTRIES,
    DAYS,
    FRUITS,
    JOBS,
    MONTHS,
    OBJECTS,
    PEOPLE,
    VEGETABLES,
    with_article,
)
from .finding import FAMILIES as FINDING
from .grammar import Draw, Family, expand
from .outside_tasks import TASKS, OutsideTask

UNKNOWN = "I do not know."

_PLACES = (
    "Zorland", "Blumistan", "Quandora", "Mirvania", "Tolbekia", "Drunia", "Vexland", "Ombria", "Karistan",
    "Felloria", "Plonesia", "Ustania", "Gribonia", "Wendoria", "Zimbora", "Yorvia",
)  # fmt: skip
_ANIMALS = (
    "blimfox", "gorple", "snarfin", "wuzzle", "trimbat", "ploodle", "zibbit", "marnock", "drillow", "fenquil",
    "ompadeer", "krellfish", "yabbin", "hoobird", "quiggle", "spolt",
)  # fmt: skip
_THINGS = (
    "trozzle", "quibbet", "flimmer", "gadrick", "spondle", "brelk", "vortle", "nizzle", "dwobber", "fruntle",
    "yimlet", "clumbo", "zaffer", "opplet", "stremble", "jarkle",
)  # fmt: skip
_JOBS = ("flonker", "brindler", "snepper", "trandler", "glimmist", "wozzer", "plumbist", "orvinger")
_INITIALS = ("XQZ", "BLW", "TRKP", "ZVN", "QOJ", "WXF", "YRRB", "KZD")
# Which made-up names real families of the world cannot answer.
_MADE_UP: dict[str, Sequence[str]] = {
    "capital": _PLACES, "continent": _PLACES, "language": _PLACES, "currency": _PLACES,
    "country_of_capital": _PLACES, "animal_home": _ANIMALS, "animal_food": _ANIMALS, "animal_sound": _ANIMALS,
    "animal_kind": _ANIMALS, "baby_animal": _ANIMALS, "animal_legs": _ANIMALS, "object_use": _THINGS,
    "made_of": _THINGS, "color": _THINGS, "workplace": _JOBS, "job_duty": _JOBS, "define_word": _THINGS,
    "french": _THINGS, "spanish": _THINGS, "german": _THINGS, "antonym": _THINGS, "synonym": _THINGS,
    "abbreviation": _INITIALS, "category": _THINGS,
}  # fmt: skip
_INSIDE: dict[str, Family] = {
    family.name: family
    for group in (
        knowledge.FAMILIES,
        words.FAMILIES,
        lists.FAMILIES,
        ordering.FAMILIES,
        numbers.FAMILIES,
        ARITHMETIC,
        reading.FAMILIES,
        judging.FAMILIES,
        FINDING,
    )
    for family in group
}

# An input comes from a closed set or, so that it has the very shape, from a family of the world.
_CLOSED: dict[str, Sequence[str]] = {
    "country": tuple(COUNTRIES), "city": CITIES, "animal": tuple(ANIMALS), "food": FRUITS + VEGETABLES,
    "thing": tuple(OBJECTS), "person": PEOPLE, "day": DAYS, "month": MONTHS, "job": tuple(JOBS),
}  # fmt: skip
_BORROWED: dict[str, tuple[str, ...]] = {
    "word": ("plural", "past_tense", "antonym", "synonym", "french", "spanish", "german", "comparative"),
    "number": ("double", "odd_or_even", "next_number", "number_to_word"),
    "pair": ("sum", "difference", "larger_number", "smaller_number"),
    "numbers": ("sort_numbers", "largest_of_four"),
    "list": ("odd_one_out", "list_category", "first_item", "last_item", "count_items", "sort_words"),
    "sentence": ("who", "when", "where", "tense"),
    "message": ("spam", "urgency", "intent"),
    "review": ("sentiment",),
}  # fmt: skip
_MASS_NOUNS = frozenset({"scissors", "soap", "glue", "spinach", "broccoli", "lettuce", "garlic", "celery"})

# What nobody can know, whatever the name.
_UNKNOWABLE: tuple[str, ...] = (
    "What is my name?", "How old am I?", "Where do I live?",
    "What did I {dream|eat|do} {last night|yesterday}?",
    "What am I thinking {now|of}?", "{Guess|Tell me} what I have in my {hand|pocket|bag}.",
    "What time is it{| now| here}?", "What day is it today?", "What is today's date?",
    "Which numbers will win the lottery{| next week}?",
    "Who will win the {match|race|election} {tomorrow|next week}?",
    "Will I {be rich|be happy|find love|pass my exam|get the job}{| next year}?",
    "What will happen tomorrow?",
    "What is in the news today?", "What is the weather like outside?",
    "Will it {rain|snow} {tomorrow|next week}?",
    "Did {my team|the home team} win yesterday?", "How many people are in this room?",
    "How many stars are in the sky?", "How many fish live in the sea?", "What is the meaning of life?",
    "Who ate my {cake|sandwich|soup}?", "Is there life on other planets?", "When will the world end?",
    "What is my {password|bank number|address|birthday|favorite song}?",
    "Where did I put my {glasses|book|money}?",
    "What did the teacher say {yesterday|this morning}?", "Which train did I take {yesterday|this morning}?",
    "Who is at the door{| now}?", "Who called me {yesterday|last night|an hour ago}?",
    "What will my children be called?", "How much money do I have{| in the bank}?",
    "Book {a hotel|a table|a flight} for me.", "Order {a pizza|a taxi|new shoes} for me.",
    "Play {a song|some music}.",
    "Turn on the light{| in the kitchen}.", "Set the alarm clock to {seven|six|eight}.",
    "Take a photo of me.",
    "Open my emails.", "Send this letter to my boss.", "Search the internet for {shoes|news|a hotel}.",
    "{Write|Make} a computer program {that sorts numbers|for a game|that counts words}.",
    "Write {Python|Java} code for {a clock|a game|a shop}.",
    "Write {an essay|a novel|a book} about {war|money|the sea}.",
    "Who wrote {Hamlet|the Bible|Faust|Don Quixote}?", "Who painted {the Mona Lisa|the Night Watch}?",
    "Who {discovered|invented} {electricity|America|the telephone|penicillin|the wheel}?",
    "When did the {First|Second} World War {begin|end}?",
    "Who was the first {king|queen|president} of the world?",
    "Who was the first man on the moon?", "Which {film|song|book} won the prize last year?",
    "What is the chemical formula of {water|salt|sugar|gold}?", "How fast is {light|sound}?",
    "How hot is the sun?", "How deep is the {sea|ocean}?", "How high is the highest mountain in the world?",
    "What is the {largest|smallest} number?", "What is the value of pi?", "Solve the equation for x.",
    "What is {love|time|truth} in philosophy?",
    "Explain {quantum physics|the housing market|the law of inheritance}.",
    "What is the name of my {dog|cat|neighbor|teacher}?", "What color are my {eyes|shoes|walls}?",
    "How tall is my {son|daughter|house}?", "Is my {sister|brother|friend} angry with me?",
)  # fmt: skip
_MADE_UP_PLAIN: tuple[tuple[str, Sequence[str]], ...] = (
    ("What is the capital of <it>?", _PLACES),
    ("Which {language|continent} {does <it> have|belongs to <it>}?", _PLACES),
    ("Where is {<it>|the country of <it>}?", _PLACES),
    ("{Which|What} language do people speak in <it>?", _PLACES),
    ("On which continent is <it>?", _PLACES),
    ("{Name|Tell me} the capital city of <it>.", _PLACES),
    ("I travel to <it>. {What is its capital?|Which language do I need?}", _PLACES),
    ("In which country is the city of <it>?", _PLACES),
    ("Plan {a holiday|three days} in <it>.", _PLACES),
    ("What does <a_it> {eat|look like}?", _ANIMALS),
    ("Where does <a_it> live?", _ANIMALS),
    ("{Which|What} sound does <a_it> make?", _ANIMALS),
    ("How many legs does <a_it> have?", _ANIMALS),
    ("What is a young <it> called?", _ANIMALS),
    ("Is <a_it> a mammal, a bird, or a fish?", _ANIMALS),
    ("Can <a_it> fly?", _ANIMALS),
    ("Which is bigger, <a_it> or a dog?", _ANIMALS),
    ("Tell me {a fun fact|something} about the <it>.", _ANIMALS),
    ("What is <a_it>?", _THINGS),
    ("What does the word <it> mean?", _THINGS),
    ("{Define|Explain} the word <it>.", _THINGS),
    ("How do I use <a_it>?", _THINGS),
    ("What is <a_it> {made of|used for|good for}?", _THINGS),
    ("What is the opposite of <it>?", _THINGS),
    ("What is the {French|Spanish|German} word for <it>?", _THINGS),
    ("What color is <a_it>?", _THINGS),
    ("Where can I buy <a_it>?", _THINGS),
    ("How do you make <a_it>?", _THINGS),
    ("{Write|Tell me} a riddle about <a_it>.", _THINGS),
    ("What does <a_it> do {all day|at work}?", _JOBS),
    ("Where does <a_it> work?", _JOBS),
    ("What is the job of <a_it>?", _JOBS),
    ("What does {the short form |}<it> {mean|stand for}?", _INITIALS),
)

_PLAIN_SHARE_MADE_UP, _PLAIN_SHARE_UNKNOWABLE = 0.2, 0.3
_INPUT_SHARE_MADE_UP = 0.2


def _an(noun: str) -> str:
    return noun if noun in _MASS_NOUNS else with_article(noun)


# How a request without input names what the request with input would get as its input.
_NAMED: dict[str, Callable[[str], str]] = {
    "animal": _an,
    "food": _an,
    "thing": _an,
    "job": _an,
    "word": lambda word: f'"{word}"',
}
_PLAIN_TASKS: tuple[OutsideTask, ...] = tuple(task for task in TASKS if task.plain)


def _sample(shape: str, rng: random.Random) -> str:
    """Draw an input of the shape."""
    if shape in _CLOSED:
        return rng.choice(_CLOSED[shape])
    return _INSIDE[rng.choice(_BORROWED[shape])].draw(rng).input


def _draw_input(rng: random.Random) -> Draw:
    if rng.random() < _INPUT_SHARE_MADE_UP:
        name = rng.choice(tuple(_MADE_UP))
        request, given = expand(rng.choice(_INSIDE[name].phrasings), rng), rng.choice(_MADE_UP[name])
    else:
        task = rng.choice(TASKS)
        request, given = expand(rng.choice(task.phrasings), rng), _sample(task.shape, rng)
    return Draw(given, UNKNOWN, {"request": request})


def _plain_pair(rng: random.Random) -> str:
    return f"{rng.randint(2, 30)} and {rng.randint(2, 30)}"


def _plain_request(rng: random.Random) -> str:
    share = rng.random()
    if share < _PLAIN_SHARE_MADE_UP:
        template, names = rng.choice(_MADE_UP_PLAIN)
        name = rng.choice(names)
        return expand(template, rng, {"it": name, "a_it": with_article(name)})
    if share < _PLAIN_SHARE_MADE_UP + _PLAIN_SHARE_UNKNOWABLE:
        return expand(rng.choice(_UNKNOWABLE), rng)
    task = rng.choice(_PLAIN_TASKS)
    word = _plain_pair(rng) if task.shape == "pair" else _sample(task.shape, rng)
    return expand(rng.choice(task.plain), rng, {"it": _NAMED.get(task.shape, str)(word)})


def _draw_plain(rng: random.Random) -> Draw:
    return Draw("", UNKNOWN, {"request": _plain_request(rng)})


OUTSIDE_INPUT = Family("outside_input", "A", ("<request>",), _draw_input)
OUTSIDE_PLAIN = Family("outside_plain", "B", ("<request>",), _draw_plain)

FAMILIES: tuple[Family, ...] = (OUTSIDE_INPUT, OUTSIDE_PLAIN)
