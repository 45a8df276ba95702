"""Families that answer about a sentence with its own words: who, when, where, yes or no."""

from __future__ import annotations

import random

from .facts import (
    CITIES,
    COLORS,
    DAYS,
    JOBS,
    PEOPLE,
    with_article,
)
from .frames import (
    ACTIONS,
    ANYWHERE,
    EVENT_PLACES,
    EVENTS,
    PLACES,
    TIMES,
    capital,
    person,
)
from .grammar import Draw, Family
from .texts import (
    GOODS,
)


def _happening(rng: random.Random) -> tuple[str, str, str, str]:
    """Draw a sentence that tells who did something, where and when; return it with these three."""
    name, action = person(rng), rng.choice(ANYWHERE)
    place, time = rng.choice(PLACES), rng.choice(TIMES)
    deed = f"{action.past} {action.rest}"
    text = rng.choice((
        f"{name} {deed} {place} {time}.", f"{name} {deed} {time} {place}.",
        f"We saw {name} {place} {time}.", f"I met {name} {place} {time}.", f"I met {name} {time} {place}.",
        f"{name} was {place} {time}.", f"They talked to {name} {place} {time}.",
    ))  # fmt: skip
    return text, name, place, time


def _who(rng: random.Random) -> Draw:
    text, name, _, time = _happening(rng)
    action, goods, color, city = (
        rng.choice(ACTIONS),
        rng.choice(GOODS),
        rng.choice(COLORS),
        rng.choice(CITIES),
    )
    text = rng.choice((
        text, text, f"{name} {action.past} {action.rest} {time}.", f"{name} {action.present} {action.rest}.",
        f"{capital(time)}, {name} {action.past} {action.rest}.", f"The {color} {goods} belongs to {name}.",
        f"There is a letter for {name} on the table.", f"The {goods} was a present from {name}.",
        f"Yesterday we visited {name} in {city}.", f"The new teacher of the class is {name}.",
    ))  # fmt: skip
    return Draw(text, name)


WHO = Family(
    "who",
    "A",
    (
        (
            "{Find|Give|Identify|Extract|Write} the {person|person's name|name of the person} in the "
            "{sentence|text}."
        ),
        "{Who|Which person} is {mentioned|named} in {this|the} {sentence|text}?",
        "{Who|Which person|What person} is {this|the} {sentence|text|story} about?",
        "{Person|Name of the person|Person's name|Person in the sentence|First name in the sentence|Who}",
        "{Person|Name of the person|Who|Person mentioned}:",
        "{Who?|Who is it?|Who is it about?|Which person?|Who is mentioned?}",
        (
            "What is the {person's name|name of the person|first name of the person} in {this|the} "
            "{sentence|text}?"
        ),
        "{Copy|Pick|Pull|Take} the {name|person's name|first name} {out of|from} the {sentence|text}.",
        (
            "{Whose|What person's|Which person's} name {appears|is written|do you see|stands} in {this|the} "
            "{sentence|text}?"
        ),
        (
            "{Return|Output|Answer with} {only|just} the {name of the person|person's name|person} {in|from} "
            "the {sentence|text}."
        ),
        (
            "I {need|want|would like} to know {who is in this sentence|who this is about|the name of the "
            "person in the text}."
        ),
        (
            "Here is a sentence{ about a person| with a name in it|}. {Who is it?|Who is the person?|Name "
            "the person.|Who is mentioned?}"
        ),
        (
            "Read the {sentence|text} and {say|write|tell me|name} {who it is about|who is in it|who the "
            "person is}."
        ),
        "{What|Which} {first name|human name|person} can you {find|see|read} in the {sentence|text}?",
        (
            "{A person|Somebody|Someone} is {mentioned|named} in the {sentence|text}. {Who is it|Who|What is "
            "the name}?"
        ),
        (
            "{I wonder|Tell me|Say} who {is in this sentence|the sentence talks about|is meant here|is "
            "mentioned here}."
        ),
        (
            "{Given a|For the given|For this} {sentence|text}, {state|write down|output|give} {the person it "
            "names|the name in it|who is named}."
        ),
        "{Perform|Do} {a name search: find|name recognition: find} the person in the {sentence|text}.",
        "{Which|What} {human being|person|man or woman} does the {sentence|text} {name|mention|talk about}?",
        "{Look for|Search for|Spot|Detect} the {name of a person|person|first name} in the {sentence|text}.",
        (
            "{One|Exactly one} person is {named|mentioned} {here|in the text}. {Write|Give|Copy} {the "
            "name|this name}."
        ),
        "{List|Show} the {person|only person|one person} {mentioned|named} in the {sentence|text}.",
        "{Answer|Answer the question}: who is {in|mentioned in|named in} the {sentence|text}?",
        "{Who|Which person|What human} does the {sentence|text} {mention|name|tell us about}?",
        (
            "The {sentence|text} {contains|has|includes} the name of {a|one} person. {What is it|Which name "
            "is it|Who is it}?"
        ),
        "{Extract|Get|Collect} the {human name|personal name} from the {sentence|text}.",
        "{Do you know|Can you tell|Can you see} who {is mentioned|is named|is meant} in the {sentence|text}?",
    ),
    _who,
)


def _when(rng: random.Random) -> Draw:
    text, name, _, time = _happening(rng)
    action, event, place = rng.choice(ACTIONS), rng.choice(EVENTS), rng.choice(EVENT_PLACES)
    text = rng.choice((
        text, text, f"{name} {action.past} {action.rest} {time}.",
        f"{event} {time}.", f"{event} {place} {time}.",
        f"{name} came home {time}.", f"The train left {time}.", f"The shop opened {time}.",
    ))  # fmt: skip
    return Draw(text, time)


WHEN = Family(
    "when",
    "A",
    (
        (
            "{Find|Name|Give|Identify|Extract|Write} the {time|time phrase|time expression|time words} in "
            "the {sentence|text}."
        ),
        "When {did it happen|did this happen|did it take place|was it|was this}?",
        "At what {time|point in time} did {it|this|that} {happen|take place}?",
        "{Time|Time of the event|Time phrase|When it happened|Time expression}",
        "{Time|When|Time of the event|When it happened}:",
        "{When?|When was it?|When did it happen?|What time?}",
        (
            "{Copy|Pick|Pull|Take} the {time phrase|words that tell the time|time expression|words that say "
            "when} {out of|from} the {sentence|text}."
        ),
        (
            "{Which words tell|What part of the sentence tells|Which part tells} us when {it happened|this "
            "happened|the event was}?"
        ),
        (
            "{Return|Output|Answer with} {only|just} the {time phrase|time|time expression} from the "
            "{sentence|text}."
        ),
        "I {need|want|would like} to know when {it happened|this was|the event took place|this took place}.",
        (
            "Here is a sentence about {something that happened|an event in the past}. {When was it?|When did "
            "it happen?|Give the time.|Name the time.}"
        ),
        "Read the {sentence|text} and {say|write|tell me} when {it happened|the event was|it took place}.",
        "{Does the sentence|Does the text} tell us when it happened? {Write|Give|Copy} the time{| phrase}.",
        "Something {happened|took place}. {When|When was it|At what time}?",
        "{I wonder|Tell me|Say|Please find out} when {this happened|it happened|all this took place|it was}.",
        (
            "{Given a|For the given|For this} {sentence|text}, {state|write down|output|give} {the time it "
            "happened|when it happened|the time of the event}."
        ),
        "{Look for|Search for|Spot|Detect} the {time|time phrase|time information} in the {sentence|text}.",
        "Answer {the|this} question: when {did it happen|did this happen|did the event take place}?",
        "{What|Which} {time|moment|date or time} is {mentioned|given|named|stated} in the {sentence|text}?",
        "{What is|What was} the {time of the event|time of this event|moment of the event}?",
        (
            "{Extract|Get|Collect} the {time information|temporal expression|time of the event} from the "
            "{sentence|text}."
        ),
        (
            "The {sentence|text} {contains|has|gives} {a time|a time expression|one time phrase}. {Copy "
            "it|Write it down|Give it}."
        ),
        "{Do you know|Can you tell|Can you see} when {this happened|it happened|it was}?",
        "{On which day or at what time|In what month or at what hour|At what moment} did {it|this} happen?",
        "When {exactly |}{did it happen|was it|was this}, according to the {sentence|text}?",
        "{Find out|Figure out|Discover} when {the event happened|it happened|this took place}.",
        "{Select|Choose|Take} the words that {answer the question when|tell when it happened|give the time}.",
    ),
    _when,
)


def _where(rng: random.Random) -> Draw:
    text, name, place, time = _happening(rng)
    if rng.random() < 0.35:
        place = rng.choice(EVENT_PLACES)
        event = rng.choice(EVENTS)
        text = rng.choice((f"{event} {place}.", f"{event} {place} {time}."))
    elif rng.random() < 0.4:
        text = rng.choice((
            f"{name} is waiting {place}.", f"I lost my phone {place}.", f"{name} found a key {place}.",
            f"We will meet {place} tomorrow.", f"The bag of {name} is {place}.",
        ))  # fmt: skip
    return Draw(text, place)


WHERE = Family(
    "where",
    "A",
    (
        (
            "{Find|Name|Give|Identify|Extract|Write} the {place|place phrase|location|scene} in the "
            "{sentence|text}."
        ),
        "Where {does it happen|is it|does this take place|does this happen|is this}?",
        "{In|At} {what|which} {place|location} does {it|this|that} {happen|take place}?",
        "{Place|Location|Place of the event|Where it happens|Place phrase|Location phrase}",
        "{Place|Where|Location|Where it happens}:",
        "{Where?|Where is it?|Where does it happen?|Which place?|What location?}",
        (
            "{Copy|Pick|Pull|Take} the {place phrase|words that tell the place|location phrase|words that "
            "say where} {out of|from} the {sentence|text}."
        ),
        (
            "{Which words tell|What part of the sentence tells|Which part tells} us where {it happens|this "
            "is|the event takes place}?"
        ),
        "{Return|Output|Answer with} {only|just} the {place phrase|place|location} from the {sentence|text}.",
        "I {need|want|would like} to know where {it happens|this is|the event takes place|this takes place}.",
        (
            "Here is a sentence about {something that happens|an event}. {Where is it?|Where does it "
            "happen?|Give the place.|Name the place.}"
        ),
        "Read the {sentence|text} and {say|write|tell me} where {it happens|it is|it takes place}.",
        "{Does the sentence|Does the text} tell us where it is? {Write|Give|Copy} the {place|location}.",
        "Something {happens|takes place}. {Where|Where is it|At which place}?",
        "{I wonder|Tell me|Say|Please find out} where {this happens|it happens|all this takes place|it is}.",
        (
            "{Given a|For the given|For this} {sentence|text}, {state|write down|output|give} {the place "
            "where it happens|where it happens|the location}."
        ),
        "{Look for|Search for|Spot|Detect} the {place|location|place information} in the {sentence|text}.",
        "Answer {the|this} question: where {does it happen|does this happen|is it}?",
        "{What|Which} {place|location|spot} is {mentioned|given|named|stated} in the {sentence|text}?",
        "{Extract|Get|Collect} the {place information|location|scene of the event} from the {sentence|text}.",
        (
            "The {sentence|text} {contains|has|gives} {a place|a location|one place phrase}. {Copy it|Write "
            "it down|Name it}."
        ),
        "{Do you know|Can you tell|Can you see} where {this happens|it happens|it is}?",
        "{What is the|Which is the} {scene|location|place} {of this event|in this sentence|in the text}?",
        "{Find out|Figure out|Discover} where {the event happens|it happens|this takes place}.",
        (
            "{Select|Choose|Take} the words that {answer the question where|tell where it happens|give the "
            "place}."
        ),
        "Where {did it happen|was it|did this take place|did all this happen}?",
        "{At what kind of place|At what spot|At which place} {are we|is this|is it}?",
    ),
    _where,
)


def _yes_no(rng: random.Random) -> Draw:
    """Draw a fact and a question about it that changes one word, or none."""
    name, same = person(rng), rng.random() < 0.5
    goods, action = rng.choice(GOODS), rng.choice(ACTIONS)

    def pair(words: tuple[str, ...]) -> tuple[str, str]:
        told, other = rng.sample(words, 2)
        return told, told if same else other

    color, asked_color = pair(COLORS)
    city, asked_city = pair(CITIES)
    day, asked_day = pair(DAYS)
    job, asked_job = pair(tuple(JOBS))
    friend, asked_friend = pair(tuple(other for other in PEOPLE if other != name))
    text = rng.choice((
        f"{name} lives in {city}. Does {name} live in {asked_city}?",
        f"The {goods} is {color}. Is the {goods} {asked_color}?",
        f"{name} is {with_article(job)}. Is {name} {with_article(asked_job)}?",
        f"{name} {action.past} {action.rest} on {day}. Did it happen on {asked_day}?",
        f"{name} has {with_article(color)} {goods}. Is the {goods} {asked_color}?",
        f"{name} met {friend} in {city}. Did they meet in {asked_city}?",
        f"The {goods} belongs to {friend}. Is it the {goods} of {asked_friend}?",
        f"The meeting is on {day}. Is the meeting on {asked_day}?",
    ))  # fmt: skip
    return Draw(text, "yes" if same else "no")


YES_NO = Family(
    "yes_no_reading",
    "A",
    (
        "{Answer|Reply to|Respond to} the question {with yes or no|by yes or no}.",
        "Read the text and answer the question with {yes or no|a yes or a no|a simple yes or no}.",
        "{Yes or no|Yes/no question|Yes or no question|Reading question: yes or no}",
        "{Yes or no|Answer (yes or no)|Yes or no answer}:",
        "{Yes or no?|True or not, yes or no?|Is it so, yes or no?}",
        (
            "{Use the {text|fact|first sentence} to|With the help of the {text|fact},} answer the question "
            "{with yes or no|by yes or no}."
        ),
        (
            "{According to|Judging by|Based on} the {text|fact|first sentence}, is the answer {to the "
            "question |}yes or no?"
        ),
        "Is the answer to the question yes or no?",
        "{Say|Write|Tell me} yes if the {text|first sentence} says so and no {if it does not|otherwise}.",
        "Here is a fact and a question. {Answer yes or no.|Is the answer yes or no?|Reply with yes or no.}",
        "{Decide|Determine|Judge|Say} {whether|if} the answer is yes or no.",
        (
            "I {need|want|would like} {a yes or a no|an answer, yes or no,|a simple yes or no} to the "
            "question{ after the fact|}."
        ),
        "{Given a fact and a question|For this fact and question}, {output|write|answer with} yes or no.",
        (
            "The first sentence {tells|gives} {a fact|the facts}, the second {asks|is a question}. {Answer "
            "yes or no.|Is it yes or no?}"
        ),
        "{Check|See} {the text|the fact|the first sentence} and answer yes or no.",
        "Does the {text|first sentence} {mean|let us say|lead to} yes or no{ as the answer|}?",
        "{Reading test|Reading exercise|Reading task}: {answer yes or no.|is it yes or no?}",
        "{Look at|Consider} the {text|first sentence}, then answer the question {with yes or no|yes or no}.",
        "{Choose|Pick|Select} yes or no as the {answer|right answer} to the question.",
        "{One word only|In one word}: is the answer yes or no?",
        "{Find|Work out|Give} the {right|correct} answer to the {yes or no question|question}, yes or no.",
        (
            "{After you read|When you have read} the {fact|text}, answer its question {with yes or no|with "
            "one word, yes or no}."
        ),
        "{I wonder|Tell me} whether {the answer is yes or no|I should say yes or no to the question}.",
        "{Should|Must} {the question be answered|we answer the question} with yes or with no?",
        "{How would you|How do you} answer the question: with yes or {with |}no?",
        (
            "Does the {fact|first sentence} {agree with|fit|support} {the question|what is asked}? "
            "{Answer|Write} yes or no."
        ),
        (
            "{Is it true|Is that so|Is this right}, {going by|according to} the {text|fact}? {Answer|Say} "
            "yes or no."
        ),
    ),
    _yes_no,
)

FAMILIES: tuple[Family, ...] = (
    WHO,
    WHEN,
    WHERE,
    YES_NO,
)
