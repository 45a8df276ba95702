"""Sentence parts that the reading and rewriting families share: actions, places and times.

No action names a person, a place, a day or a color, so that each of them has one finder only.
"""

from __future__ import annotations

import random
from dataclasses import dataclass

from .facts import DAYS, FEMALE, MALE, MONTHS, PEOPLE, SEASONS


@dataclass(frozen=True, slots=True)
class Action:
    """A verb in three forms and the words that follow it."""

    base: str
    present: str
    past: str
    rest: str


def _actions(table: str) -> tuple[Action, ...]:
    """Read one action per line: base, present, past and the rest, the rest may have several words."""
    rows = (line.split(maxsplit=3) for line in table.strip().splitlines())
    return tuple(Action(base, present, past, rest) for base, present, past, rest in rows)


ACTIONS: tuple[Action, ...] = _actions("""
    play plays played tennis
    play plays played the piano
    cook cooks cooked dinner
    cook cooks cooked soup
    clean cleans cleaned the kitchen
    clean cleans cleaned the windows
    wash washes washed the car
    wash washes washed the dishes
    watch watches watched a film
    paint paints painted a picture
    paint paints painted the wall
    bake bakes baked a cake
    bake bakes baked bread
    use uses used the computer
    answer answers answered the phone
    repair repairs repaired the bicycle
    repair repairs repaired the roof
    carry carries carried a heavy bag
    study studies studied history
    study studies studied the map
    visit visits visited the museum
    open opens opened the door
    open opens opened a window
    water waters watered the plants
    walk walks walked the dog
    buy buys bought bread
    buy buys bought a new phone
    write writes wrote a letter
    write writes wrote a story
    sing sings sang a song
    drink drinks drank tea
    drink drinks drank a glass of milk
    eat eats ate a sandwich
    eat eats ate an apple
    drive drives drove the truck
    drive drives drove the bus
    ride rides rode a horse
    make makes made coffee
    make makes made lunch
    sell sells sold flowers
    take takes took a photo
    see sees saw a rainbow
    draw draws drew a tree
    feed feeds fed the cat
    find finds found a key
    lose loses lost the ticket
    teach teaches taught music
    wear wears wore a coat
    bring brings brought flowers
""")

# Actions that make sense at any of the places.
ANYWHERE: tuple[Action, ...] = tuple(
    action
    for action in ACTIONS
    if action.rest
    in (
        "a picture", "the phone", "a letter", "a story", "a song", "tea", "a glass of milk", "a sandwich",
        "an apple",
        "a photo", "a tree", "a key", "the ticket", "flowers", "a coat",
    )
)  # fmt: skip

PLACES: tuple[str, ...] = (
    "in the park", "at the station", "in the kitchen", "at the beach", "in the garden", "at the hotel",
    "in the library", "at the office", "in the forest", "at the market", "at the airport", "in the museum",
    "in the classroom", "at the bank", "in the hospital", "in the restaurant", "at the zoo", "in the garage",
    "on the bridge", "on the bus", "on the train", "near the river", "near the church", "at home",
    "at school",
    "at the theater", "in the bedroom", "on the farm", "near the lake", "at the bakery",
)  # fmt: skip

CLOCK_TIMES: tuple[str, ...] = tuple(f"at {hour} o'clock" for hour in range(1, 13))
TIMES: tuple[str, ...] = (
    *(f"on {day}" for day in DAYS),
    *(f"in {month}" for month in MONTHS),
    *(f"in {season}" for season in SEASONS),
    *CLOCK_TIMES,
    "in the morning", "in the afternoon", "in the evening", "at night", "at noon", "at midnight",
    "yesterday", "last week", "last night", "last year", "last month", "two days ago", "an hour ago",
)  # fmt: skip

# Something happened, and nobody is named; a place or a time may follow.
EVENTS: tuple[str, ...] = (
    "The party started", "The meeting started", "The concert was", "The lesson started", "The game started",
    "The wedding was", "The film started", "The show started", "The fire started", "The picnic was",
)  # fmt: skip

EVENT_PLACES: tuple[str, ...] = (
    "in the park", "at the beach", "in the garden", "at the hotel", "in the library", "at the office",
    "in the museum",
    "in the restaurant", "at school", "at the theater", "on the farm", "near the lake", "near the river",
)  # fmt: skip

# Predicates of "is": true of any person.
STATES: tuple[str, ...] = (
    "happy", "sad", "tired", "hungry", "thirsty", "busy", "late", "ready", "sick", "angry", "at home",
    "at school",
    "at the office", "in the garden", "in the kitchen", "at the station", "in the library", "at the beach",
    "a teacher", "a doctor", "a nurse", "a farmer", "a baker", "a pilot", "a singer", "a writer",
    "a good cook",
    "a good student", "very tall", "very strong", "very kind", "afraid of dogs", "good at tennis",
    "from Italy",
    "from Japan", "from Egypt", "from Brazil",
)  # fmt: skip

# Predicates of "can".
SKILLS: tuple[str, ...] = (
    "swim", "sing", "dance", "cook", "drive", "ski", "play tennis", "play the piano", "ride a horse",
    "bake bread",
    "speak French", "speak Spanish", "speak Arabic", "repair a car", "draw animals", "play chess",
    "fly a plane",
    "ride a bicycle", "swim very well", "run very fast",
)  # fmt: skip


def subject_of(person: str) -> str:
    """Return the pronoun that stands for the person as the subject."""
    if person in FEMALE:
        return "she"
    if person in MALE:
        return "he"
    raise ValueError(f"nobody of this world is called {person!r}")


def person(rng: random.Random) -> str:
    """Draw one first name."""
    return rng.choice(PEOPLE)


def capital(text: str) -> str:
    """Return the text with its first letter in upper case and the rest as it is."""
    return text[:1].upper() + text[1:]
