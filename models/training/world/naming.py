"""Families that copy the one city, color or animal out of a sentence."""

from __future__ import annotations

import random

from .facts import (
    ANIMALS,
    CITIES,
    COLORS,
    JOBS,
    a_or_an,
    with_article,
)
from .frames import (
    TIMES,
    person,
)
from .grammar import Draw, Family
from .texts import (
    GOODS,
)


def _find_city(rng: random.Random) -> Draw:
    name, city, goods = person(rng), rng.choice(CITIES), rng.choice(GOODS)
    color, time, job = rng.choice(COLORS), rng.choice(TIMES), rng.choice(tuple(JOBS))
    text = rng.choice((
        f"{name} lives in {city}.", f"{name} flew to {city} {time}.", f"The train to {city} is late.",
        f"I bought the {color} {goods} in {city}.", f"The weather in {city} is cold today.",
        f"{city} is famous for its old buildings.", f"{name} has a friend in {city}.",
        f"{name} works as {with_article(job)} in {city}.", f"Last year we visited {name} in {city}.",
        f"{name} came back from {city} {time}.", f"My {job} comes from {city}.",
        f"{city} is a beautiful city.",
    ))  # fmt: skip
    return Draw(text, city)


FIND_CITY = Family(
    "find_city",
    "A",
    (
        (
            "{Find|Give|Identify|Extract|Write} the {city|town|name of the city|city name} in the "
            "{sentence|text}."
        ),
        "{Which|What} {city|town} is {mentioned|named} in {this|the} {sentence|text}?",
        "{City|Town|City in the sentence|Name of the city|City mentioned|City name}",
        "{City|Town|Name of the city|City mentioned}:",
        "{Which city?|What city?|Which town is it?|Which city is named?}",
        "What is the {name of the city|city's name|city} in {this|the} {sentence|text}?",
        "{Copy|Pick|Pull|Take} the {city|city name|name of the town} {out of|from} the {sentence|text}.",
        (
            "{Return|Output|Answer with} {only|just} the {city|name of the city|city name} {in|from} the "
            "{sentence|text}."
        ),
        (
            "I {need|want|would like} to know {which city is named here|what city this is about|the city in "
            "this sentence}."
        ),
        (
            "Here is a sentence{ with a city in it|}. {Which city is it?|Name the city.|Which city is "
            "mentioned?}"
        ),
        (
            "Read the {sentence|text} and {say|write|tell me|name} {which city is in it|which city it "
            "names|the city in it}."
        ),
        "{Which|What} {city|town|place name} can you {find|see|read} in the {sentence|text}?",
        (
            "A {city|town} is {mentioned|named} in the {sentence|text}. {Which one is it|Which one|What is "
            "its name}?"
        ),
        (
            "{I wonder|Tell me|Say} which city {is in this sentence|the sentence talks about|is meant "
            "here|is mentioned here}."
        ),
        (
            "{Given a|For the given|For this} {sentence|text}, {state|write down|output|give} {the city it "
            "names|the city in it|which city is named}."
        ),
        "{Look for|Search for|Spot|Detect} the {name of a city|city|town} in the {sentence|text}.",
        (
            "{One|Exactly one} {city|town} is {named|mentioned} {here|in the text}. {Write|Give|Copy} "
            "{it|its name}."
        ),
        "{List|Show} the {city|only city|one city} {mentioned|named} in the {sentence|text}.",
        "Which word {in the sentence|in the text|here} is {a city|the name of a city|the name of a town}?",
        "{Which|What} city does the {sentence|text} {mention|name|tell us about|speak of}?",
        (
            "The {sentence|text} {contains|has|includes} the name of {a|one} city. {What is it|Which city is "
            "it}?"
        ),
        "{Extract|Get|Collect} the {city|town} from the {sentence|text}.",
        (
            "{Do you know|Can you tell|Can you see} which city {is mentioned|is named|is meant} in the "
            "{sentence|text}?"
        ),
        "{Geography task|Map exercise}: {find|copy|mark} the city in the sentence.",
        "{Underline|Mark|Point out|Highlight} the {city|town|city name} in the {sentence|text}.",
        (
            "Which {big city|capital or big town|city of the world} {appears|is found|comes up} in the "
            "{sentence|text}?"
        ),
    ),
    _find_city,
)


def _find_color(rng: random.Random) -> Draw:
    name, color, goods = person(rng), rng.choice(COLORS), rng.choice(GOODS)
    time, city, clothes = (
        rng.choice(TIMES),
        rng.choice(CITIES),
        rng.choice(("shirt", "coat", "hat", "scarf", "jacket")),
    )
    text = rng.choice((
        f"{name} has {a_or_an(color)} {color} {goods}.", f"The {goods} of {name} is {color}.",
        f"{name} wore {a_or_an(color)} {color} {clothes} {time}.", f"We painted the door {color}.",
        f"I saw {a_or_an(color)} {color} car in {city}.", f"The {color} {goods} is on the table.",
        f"{name} bought {a_or_an(color)} {color} {goods} {time}.", f"The walls of the kitchen are {color}.",
        f"My new {goods} is {color}.", f"The {color} {clothes} belongs to {name}.",
    ))  # fmt: skip
    return Draw(text, color)


FIND_COLOR = Family(
    "find_color",
    "A",
    (
        "{Find|Give|Identify|Extract|Write} the {color|color word|name of the color} in the {sentence|text}.",
        "{Which|What} color is {mentioned|named} in {this|the} {sentence|text}?",
        "{Color|Color in the sentence|Name of the color|Color mentioned|Color word}",
        "{Color|Color word|Name of the color|Color mentioned}:",
        "{Which color?|What color?|What color is it?|Which color is named?}",
        "What {color is it|color is the thing|is the color of the thing} in {this|the} {sentence|text}?",
        "{Copy|Pick|Pull|Take} the {color|color word|name of the color} {out of|from} the {sentence|text}.",
        (
            "{Return|Output|Answer with} {only|just} the {color|name of the color|color word} {in|from} the "
            "{sentence|text}."
        ),
        (
            "I {need|want|would like} to know {which color is named here|what color it is|the color in this "
            "sentence}."
        ),
        (
            "Here is a sentence{ with a color in it|}. {Which color is it?|Name the color.|Which color is "
            "mentioned?}"
        ),
        (
            "Read the {sentence|text} and {say|write|tell me|name} {which color is in it|which color it "
            "names|the color in it}."
        ),
        "{Which|What} {color|color word} can you {find|see|read} in the {sentence|text}?",
        "A color is {mentioned|named} in the {sentence|text}. {Which one is it|Which one|What is it}?",
        (
            "{I wonder|Tell me|Say} {which|what} color {is in this sentence|the sentence talks about|the "
            "thing is|is mentioned here}."
        ),
        (
            "{Given a|For the given|For this} {sentence|text}, {state|write down|output|give} {the color it "
            "names|the color in it|which color is named}."
        ),
        "{Look for|Search for|Spot|Detect} the {name of a color|color|color word} in the {sentence|text}.",
        "{One|Exactly one} color is {named|mentioned} {here|in the text}. {Write|Give|Copy} {it|its name}.",
        "{List|Show} the {color|only color|one color} {mentioned|named} in the {sentence|text}.",
        "Which word {in the sentence|in the text|here} is {a color|the name of a color}?",
        "{Which|What} color does the {sentence|text} {mention|name|tell us about|speak of}?",
        "The {sentence|text} {contains|has|includes} {a|one} color. {What is it|Which color is it}?",
        "{Extract|Get|Collect} the color from the {sentence|text}.",
        (
            "{Do you know|Can you tell|Can you see} {which|what} color {is mentioned|is named|is meant} in "
            "the {sentence|text}?"
        ),
        "{Art class|Painting exercise}: {find|copy|mark} the color in the sentence.",
        "{Underline|Mark|Point out|Highlight} the {color|color word} in the {sentence|text}.",
        (
            "{Which color|What color of paint|What shade} {would you|would I|do I} need to paint the thing "
            "in the {sentence|text}?"
        ),
    ),
    _find_color,
)


# Words that are an animal and nothing else in a sentence.
_ANIMALS: tuple[str, ...] = tuple(
    animal for animal in ANIMALS if animal not in ("bat", "tuna", "salmon", "chicken")
)


def _find_animal(rng: random.Random) -> Draw:
    name, animal, color = person(rng), rng.choice(_ANIMALS), rng.choice(COLORS[4:7])
    place, city, time = (
        rng.choice(("at the zoo", "near the river", "near the lake", "in the park")),
        rng.choice(CITIES),
        rng.choice(TIMES),
    )
    text = rng.choice((
        f"{name} saw {with_article(animal)} {place}.", f"There is {with_article(animal)} behind the house.",
        f"{name} likes the {animal} best.", f"The {color} {animal} is asleep.",
        f"{name} drew {with_article(animal)} {time}.",
        f"We took a photo of {with_article(animal)} in {city}.", f"The {animal} is looking for food.",
        f"{name} read a story about {with_article(animal)}.", f"The {animal} of {name} is sick.",
        f"I was afraid of the {color} {animal}.",
    ))  # fmt: skip
    return Draw(text, animal)


FIND_ANIMAL = Family(
    "find_animal",
    "A",
    (
        (
            "{Find|Give|Identify|Extract|Write} the {animal|name of the animal|animal word} in the "
            "{sentence|text}."
        ),
        "{Which|What} {animal|creature|beast} is {mentioned|named} in {this|the} {sentence|text}?",
        "{Animal|Animal in the sentence|Name of the animal|Animal mentioned|Animal word}",
        "{Animal|Animal word|Name of the animal|Animal mentioned}:",
        "{Which animal?|What animal?|Which animal is it?|Which animal is named?}",
        (
            "What {animal is it|animal is this|is the animal|is the name of the animal} in {this|the} "
            "{sentence|text}?"
        ),
        (
            "{Copy|Pick|Pull|Take} the {animal|animal word|name of the animal} {out of|from} the "
            "{sentence|text}."
        ),
        (
            "{Return|Output|Answer with} {only|just} the {animal|name of the animal|animal word} {in|from} "
            "the {sentence|text}."
        ),
        (
            "I {need|want|would like} to know {which animal is named here|what animal this is about|the "
            "animal in this sentence}."
        ),
        (
            "Here is a sentence{ with an animal in it|}. {Which animal is it?|Name the animal.|Which animal "
            "is mentioned?}"
        ),
        (
            "Read the {sentence|text} and {say|write|tell me|name} {which animal is in it|which animal it "
            "names|the animal in it}."
        ),
        (
            "{Which|What} {animal|creature|living creature} can you {find|see|read about} in the "
            "{sentence|text}?"
        ),
        "An animal is {mentioned|named} in the {sentence|text}. {Which one is it|Which one|What is it}?",
        (
            "{I wonder|Tell me|Say} {which|what} animal {is in this sentence|the sentence talks about|is "
            "meant here|is mentioned here}."
        ),
        (
            "{Given a|For the given|For this} {sentence|text}, {state|write down|output|give} {the animal it "
            "names|the animal in it|which animal is named}."
        ),
        "{Look for|Search for|Spot|Detect} the {name of an animal|animal|creature} in the {sentence|text}.",
        "{One|Exactly one} animal is {named|mentioned} {here|in the text}. {Write|Give|Copy} {it|its name}.",
        "{List|Show} the {animal|only animal|one animal} {mentioned|named} in the {sentence|text}.",
        (
            "Which word {in the sentence|in the text|here} is {an animal|the name of an animal|a kind of "
            "animal}?"
        ),
        "{Which|What} animal does the {sentence|text} {mention|name|tell us about|speak of}?",
        "The {sentence|text} {contains|has|includes} {an|one} animal. {What is it|Which animal is it}?",
        "{Extract|Get|Collect} the {animal|creature} from the {sentence|text}.",
        (
            "{Do you know|Can you tell|Can you see} {which|what} animal {is mentioned|is named|is meant} in "
            "the {sentence|text}?"
        ),
        "{Zoo quiz|Nature exercise}: {find|copy|mark} the animal in the sentence.",
        "{Underline|Mark|Point out|Highlight} the {animal|animal word} in the {sentence|text}.",
        (
            "{What kind of animal|Which beast or bird|What species} {appears|is found|comes up} in the "
            "{sentence|text}?"
        ),
    ),
    _find_animal,
)

FAMILIES: tuple[Family, ...] = (
    FIND_CITY,
    FIND_COLOR,
    FIND_ANIMAL,
)
