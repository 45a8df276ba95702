"""Families without input: questions about animals, with the answer in a sentence."""

from __future__ import annotations

import random
from collections.abc import Callable
from functools import cache
from itertools import permutations

from .facts import (
    ANIMALS,
    Animal,
    with_article,
)
from .grammar import Draw, Family
from .replies import plural, reply_family, word_forms

_HOMES = {
    "house": "in a house", "farm": "on a farm", "stable": "in a stable", "burrow": "in a burrow",
    "hole": "in a hole", "savanna": "in the savanna", "jungle": "in the jungle", "forest": "in the forest",
    "desert": "in the desert", "grassland": "in the grassland", "cave": "in a cave", "ocean": "in the ocean",
    "mountain": "in the mountains", "pond": "in a pond", "lake": "on a lake", "ice": "on the ice",
    "river": "in a river", "hive": "in a hive", "nest": "in a nest", "garden": "in a garden",
}  # fmt: skip
# Animals whose number of legs people may argue about are left out.
_LEG_WORDS = {0: "no", 2: "two", 4: "four", 6: "six"}
_UNCLEAR_LEGS = frozenset({"monkey", "kangaroo", "bat", "turtle"})
# Some ants and chickens do fly, and the young of these animals go by several names.
_UNCLEAR_FLIGHT = frozenset({"ant", "chicken"})
_SEVERAL_YOUNG = frozenset({"rabbit", "mouse", "wolf", "bat", "shark", "bee", "ant"})
_DRINKERS = frozenset({"bee", "butterfly"})
# One animal must weigh this many times as much as the other to be the bigger one beyond doubt.
_CLEARLY_BIGGER = 3


def _third_person(verb: str) -> str:
    return verb + ("es" if verb.endswith(("s", "sh", "ch", "z")) else "s")


def _animals(value: Callable[[str, Animal], str], keep: Callable[[str, Animal], bool]) -> dict[str, str]:
    return {name: value(name, animal) for name, animal in ANIMALS.items() if keep(name, animal)}


@cache
def _unequal_pairs() -> tuple[tuple[str, str], ...]:
    return tuple(
        (one, two)
        for one, two in permutations(ANIMALS, 2)
        if not 1 / _CLEARLY_BIGGER < ANIMALS[one].size / ANIMALS[two].size < _CLEARLY_BIGGER
    )


def _draw_bigger(rng: random.Random) -> Draw:
    one, two = rng.choice(_unequal_pairs())
    big, small = sorted((one, two), key=lambda name: -ANIMALS[name].size)
    return Draw("", f"The {big} is bigger than the {small}.", word_forms("one", one) | word_forms("two", two))


LEGS_QUESTION = reply_family(
    "legs_question",
    "<A_animal> has <animal_reply> legs.",
    (
        "How many legs does <a_animal> have?",
        "{Tell me|Say} how many legs <a_animal> has.",
        "What is the number of legs of <a_animal>?",
        "{Number of legs|Legs} of <a_animal>:",
        "Count the legs of <a_animal>.",
        "On how many legs does <a_animal> {walk|stand}?",
        "If I draw <a_animal>, how many legs do I {need|have to draw}?",
        "<Many_animal> have legs, or do they? How many?",
        "A child asks: how many legs has <a_animal>?",
        "Do you know how many legs <many_animal> have?",
        "Look at <a_animal>. How many legs {do you see|can you count}?",
        "I want to draw <a_animal> and do not know how many legs it has. {Tell me.|Help me.}",
        "How many shoes does <a_animal> need, one for each leg? {Say how many legs it has.|Count the legs.}",
        "Legs of <many_animal>: how many does one of them have?",
        "Give the number of legs that <a_animal> has.",
        "What do you get when you count the legs of one <animal>?",
    ),
    animal=_animals(lambda _, animal: _LEG_WORDS[animal.legs], lambda name, _: name not in _UNCLEAR_LEGS),
)
ANIMAL_HOME = reply_family(
    "animal_home_question",
    "<A_animal> lives <animal_reply>.",
    (
        "Where does <a_animal> live?",
        "Where do <many_animal> live?",
        "What is the home of <a_animal>?",
        "{Home|Habitat} of <a_animal>:",
        "{Tell me|Say} where <a_animal> lives.",
        "Where can I {find|see|meet} <a_animal>?",
        "{In what place|In which place} does <a_animal> {feel at home|live}?",
        "I want to see <a_animal> at home. {Where do I go?|Where should I look?}",
        "Which place is home to <many_animal>?",
        "Do you know where <many_animal> {live|have their home}?",
        "What habitat does <a_animal> {have|need}?",
        "If you were <a_animal>, where would you live?",
        "Where is <a_animal> at home?",
        "A child asks where <many_animal> live. {What do you say?|Answer the child.}",
        "Describe in a sentence where <a_animal> lives.",
        "Look for <a_animal>. {Where is its home?|Where does it live?}",
    ),
    animal=_animals(lambda _, animal: _HOMES[animal.home], lambda _, animal: animal.home in _HOMES),
)
ANIMAL_SOUND = reply_family(
    "animal_sound_question",
    "<A_animal> <animal_reply>.",
    (
        "{What|Which} sound does <a_animal> make?",
        "How does <a_animal> {sound|talk}?",
        "What noise {does <a_animal>|do <many_animal>} make?",
        "{Sound|Animal sound} of <a_animal>:",
        "{Tell me|Say} what sound <a_animal> makes.",
        "What does <a_animal> do when it makes a noise?",
        "What {do we|can we} hear from <a_animal>?",
        "Which verb do we use for the sound of <a_animal>?",
        "What do <many_animal> do with their voice?",
        "How do we call the sound of <many_animal>?",
        "A child asks what <a_animal> sounds like. {What do you say?|Answer the child.}",
        "If you were <a_animal>, what sound would you make?",
        "I hear <a_animal>. What does it do?",
        "Do you know the sound that <a_animal> makes?",
        "Describe the sound of <a_animal> in a sentence.",
        "Imagine <a_animal> that is making noise. What does it do?",
    ),
    animal=_animals(lambda _, animal: _third_person(animal.sound), lambda _, animal: bool(animal.sound)),
)
ANIMAL_YOUNG = reply_family(
    "animal_young_question",
    "A young <animal> is called <animal_reply>.",
    (
        "What is a {young|baby} <animal> called?",
        "What do {we|you|people} call {the young|a baby|the child} of <a_animal>?",
        "{Name|Word} for a {young|baby} <animal>:",
        "How do you call a {baby|young} <animal>?",
        "{Tell me|Give me} the {name|word} for {the young|a baby} of <a_animal>.",
        "<A_animal> has a baby. {What is it called?|What do we call it?}",
        "Which word {means|is used for} a young <animal>?",
        "Is there a special {name|word} for a baby <animal>?",
        "The {little one|baby} of <a_animal> has a name. {Which one?|What is it?}",
        "A child sees a baby <animal> and asks for its name. {What do you say?|What is the word?}",
        "What was <a_animal> called when it was {young|a baby}?",
        "Say in a sentence what a young <animal> is called.",
        "Do you know what a baby <animal> is called?",
        "When <a_animal> is still a baby, what is its name?",
        "What is the {word|name} for the young of <many_animal>?",
        "Teach me the word for a {young|baby} <animal>.",
    ),
    animal=_animals(
        lambda _, animal: with_article(animal.young),
        lambda name, animal: bool(animal.young) and name not in _SEVERAL_YOUNG,
    ),
)
ANIMAL_FOOD = reply_family(
    "animal_food_question",
    "<A_animal> eats <animal_reply>.",
    (
        "What does <a_animal> eat?",
        "What do <many_animal> eat?",
        "{Food|Main food} of <a_animal>:",
        "What {should|can} I feed <a_animal>?",
        "{Tell me|Say} what <a_animal> eats.",
        "Which food does <a_animal> {like|need}?",
        "<A_animal> is hungry. {What does it look for?|What does it eat?}",
        "What is the {main |usual |}food of <a_animal>?",
        "What do I give <a_animal> {for dinner|when it is hungry}?",
        "On what do <many_animal> feed?",
        "What is on the menu of <a_animal>?",
        "Do you know what <many_animal> {live on|like to eat}?",
        "If you invite <a_animal> to dinner, what do you serve?",
        "Describe in a sentence what <a_animal> eats.",
        "A child asks what <many_animal> eat. {What do you say?|Answer the child.}",
        "Which food keeps <a_animal> alive?",
    ),
    animal=_animals(lambda _, animal: animal.food, lambda name, _: name not in _DRINKERS),
)
ANIMAL_KIND = reply_family(
    "animal_kind_question",
    "<A_animal> is <animal_reply>.",
    (
        "What kind of animal is <a_animal>?",
        "Is <a_animal> a mammal, a bird, a fish, an insect, a reptile, or an amphibian?",
        "{Kind|Class|Group} of animal: <animal>",
        "{Tell me|Say} what kind of animal <a_animal> is.",
        "To which {group|class} of animals {does <a_animal>|do <many_animal>} belong?",
        "Which {group|class} of animals is <a_animal> part of?",
        "{Classify|Put into its animal group}: <a_animal>",
        "A mammal, a bird, a fish, or something else: what is <a_animal>?",
        "In biology, what {class|group} is <a_animal> in?",
        "Do you know to which kind of animals <a_animal> belongs?",
        "How do biologists {classify|group} <a_animal>?",
        "Name the animal {class|group} of <a_animal> in a sentence.",
        "I am learning about animal groups. {Where does <a_animal> belong?|What is <a_animal>?}",
        "Bird, mammal, reptile, or what? I mean <a_animal>.",
        "What type of animal is <a_animal>, in biology?",
        "Say in a sentence which class of animals includes <a_animal>.",
    ),
    animal=_animals(lambda _, animal: with_article(animal.kind), lambda *_: True),
)
CAN_FLY = reply_family(
    "can_fly_question",
    "<animal_reply>",
    (
        "Can <a_animal> fly?",
        "{Can <many_animal>|Do <many_animal>} fly?",
        "Is <a_animal> able to fly?",
        "Tell me {if|whether} <a_animal> can fly.",
        "Does <a_animal> fly through the air?",
        "{I wonder|I would like to know} {if|whether} <many_animal> can fly.",
        "{Flying|Able to fly}: <a_animal>?",
        "Is it {true|right} that <a_animal> can fly?",
        "Would <a_animal> fly away if I let it go?",
        "Is the <animal> an animal that can fly?",
        "A child asks if <a_animal> can fly. {What do you say?|Answer the child.}",
        "Could <a_animal> fly over {my house|a river}?",
        "Can you see <many_animal> fly in the sky?",
        "Do you think that <a_animal> can fly?",
        "Yes or no: can <a_animal> fly?",
        "Say if <many_animal> {can fly|are able to fly}.",
    ),
    animal=_animals(
        lambda name, animal: (
            f"Yes, {with_article(name)} can fly." if animal.flies else f"No, {with_article(name)} cannot fly."
        ),
        lambda name, _: name not in _UNCLEAR_FLIGHT,
    ),
)
BIGGER_ANIMAL = Family(
    "bigger_animal_question",
    "B",
    (
        "Which is bigger, <a_one> or <a_two>?",
        "{Compare|Compare the size of} <a_one> and <a_two>.",
        "Is <a_one> bigger or smaller than <a_two>?",
        "{Bigger animal|Larger animal}: <one> or <two>",
        "{Tell me|Say} which {animal |}is {larger|bigger}, the <one> or the <two>.",
        "Who is {bigger|larger}, the <one> or the <two>?",
        "<A_one> and <a_two> stand side by side. Which {one |}is bigger?",
        "What is the difference in size between <a_one> and <a_two>?",
        "Of <a_one> and <a_two>, which one is the {bigger|larger} animal?",
        "Between <a_one> and <a_two>, which needs more room?",
        "Write a sentence that compares the size of <a_one> and <a_two>.",
        "I see <a_one> and <a_two>. {Which one is the bigger one?|Which is bigger?}",
        "Name the {larger|bigger} one of these two animals in a sentence: <one>, <two>.",
        "How does the size of <a_one> compare with the size of <a_two>?",
        "If <a_one> meets <a_two>, which is the bigger animal?",
        "Big or small: how do <a_one> and <a_two> compare?",
    ),
    _draw_bigger,
)
PLURAL_QUESTION = reply_family(
    "plural_question",
    "one <noun>, two <noun_reply>",
    (
        "How do you {say|write} more than one <noun>?",
        'What is the plural of "<noun>"?',
        "Complete the {line|phrase}: one <noun>, two ...",
        "One <noun>, two what?",
        "{Plural|Plural form} of <noun>:",
        "I have one <noun>, and you give me another. {What do I have now?|Now I have two of what?}",
        "{Count|Count with me}: one <noun>, two ...",
        "What {do|should} I write for two of them if one is <a_noun>?",
        "There is one <noun>. Then comes another <noun>. {How do we say it?|What are they?}",
        "Teach me the plural of the word <noun>.",
        "{Here is|This is} one <noun>. And what are two?",
        "How does <noun> change {when|if} there are two?",
        "If one is called <a_noun>, what are two called?",
        "Which form of <noun> do {we|you} need after the number two?",
        "Count from one to two with the word <noun>.",
        "Say it with one <noun> and then with two.",
    ),
    noun={noun: plural(noun) for noun in ANIMALS},
)

FAMILIES: tuple[Family, ...] = (
    LEGS_QUESTION,
    ANIMAL_HOME,
    ANIMAL_SOUND,
    ANIMAL_YOUNG,
    ANIMAL_FOOD,
    ANIMAL_KIND,
    CAN_FLY,
    BIGGER_ANIMAL,
    PLURAL_QUESTION,
)
