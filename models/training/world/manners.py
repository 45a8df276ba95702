"""Families of polite talk: a command made polite, a reply to a message."""

from __future__ import annotations

import random

from .facts import (
    CITIES,
    DAYS,
)
from .frames import (
    ACTIONS,
    capital,
    person,
)
from .grammar import Draw, Family
from .texts import (
    GOODS,
)

_COMMANDS: tuple[str, ...] = (
    "Open the window.", "Close the door.", "Wait here.", "Be quiet.", "Sit down.", "Stand up.", "Come in.",
    "Send me the report.", "Give me the key.", "Pass me the salt.", "Pass me the sugar.",
    "Tell me your name.",
    "Help me with the bags.", "Call me tomorrow.", "Call a taxi.", "Turn off the lamp.", "Turn on the radio.",
    "Show me the way.", "Show me the map.", "Bring me a cup of tea.", "Bring me the menu.", "Speak slowly.",
    "Write your name here.", "Sign the letter.", "Read the message.", "Take a photo of us.", "Lend me a pen.",
    "Move your car.", "Turn down the music.", "Explain the plan.", "Check the price.", "Answer my question.",
    "Feed the dog.", "Hold the door.", "Repeat the question.", "Book a table for two.", "Carry this box.",
)  # fmt: skip


# Nobody is asked to lose or see something.
_WANTED = tuple(action for action in ACTIONS if action.base not in ("lose", "see", "find", "wear"))


def _polite(rng: random.Random) -> Draw:
    command = rng.choice(_COMMANDS)
    if rng.random() < 0.4:
        action = rng.choice(_WANTED)
        command = f"{capital(action.base)} {action.rest}."
    return Draw(command, f"Could you please {command[0].lower()}{command[1:-1]}?")


POLITE = Family(
    "polite_request",
    "A",
    (
        (
            "{Make the {command|request|order} {polite|more polite}|Turn the {command|order} into a polite "
            "question}."
        ),
        (
            "{Rewrite|Rephrase|Say|Write} the {command|request|order} {politely|in a polite way|in a "
            "friendly way}."
        ),
        "{Write|Give|Find} {the|a} {polite|kind|courteous} {form|version} of the {command|request|order}.",
        "{Polite version|Polite request|Polite form|Politer|Courteous version}",
        "{Polite version|Polite request|Polite form|Politely}:",
        "How {do you|would you|can I} {say|ask} {this|it} politely?",
        "What is {the|a} polite {version|form} of {this|the} {command|request|order}?",
        "{Begin|Start} the {request|command} with Could you please{ and end it with a question mark|}.",
        "Use Could you please to make {it|the command|the order} {polite|friendly|a polite request}.",
        (
            "{Change|Convert|Transform} the {command|order|rude request} into a {polite|friendly|courteous} "
            "{question|request}."
        ),
        (
            "I {need|want|would like} {a polite version of this command|to say this politely|to ask for this "
            "in a polite way}."
        ),
        (
            "Here is a {command|rude request|short order}. {Make it polite.|Say it politely.|Write a polite "
            "version.}"
        ),
        (
            "{This|The command|It} sounds {rude|unfriendly|harsh|too direct}. {Make it polite.|Say it in a "
            "kinder way.|Use Could you please.}"
        ),
        (
            "{Given a command|For the given command|For this order}, {write|output|give} {the polite "
            "version|a polite request}."
        ),
        "{Could you|Can you} {make this sound polite|say this more politely|put this politely}?",
        "Add {good manners|politeness} to the {command|request|order}.",
        "{Ask|Request} {the same|the same thing} {politely|nicely|with good manners|in a nice way}.",
        "How would a polite {person|guest|child} {say|ask} this?",
        (
            "{Imagine|Suppose} you {speak to your boss|speak to a stranger|talk to an old lady}. {Say it "
            "politely.|Make the request polite.}"
        ),
        "{Rephrase|Reword} the {command|order} {with|using} Could you please.",
        "Turn {an order|the command} into a {kind|nice|polite} {question|request}.",
        "{Say|Write|Put} it {nicely|more politely|in a friendlier way|like a polite person}.",
        (
            "{The tone is too rude|The tone is too hard|This is not polite}. {Rewrite it as a polite "
            "request.|Make it a polite question.}"
        ),
        (
            "{I wonder|Tell me|Show me} how to {ask this politely|make this command polite|say this with "
            "more respect}."
        ),
        (
            "{Politeness exercise|Manners lesson|Good manners}: {rewrite the command|make the command "
            "polite|say it politely}."
        ),
        "{Soften|Improve the tone of} the {command|request|order}{ with Could you please|}.",
    ),
    _polite,
)


def _reply(rng: random.Random) -> Draw:
    name, day, city, goods = person(rng), rng.choice(DAYS), rng.choice(CITIES), rng.choice(GOODS)
    message, reply = rng.choice((
        (f"Happy birthday, {name}!", "Thank you very much!"),
        (f"Thank you for the {goods}, {name}.", "You are welcome!"),
        (f"Thank you for your help, {name}!", "You are welcome!"),
        (f"How are you, {name}?", "I am fine, thank you!"),
        (f"How are you today, {name}?", "I am fine, thank you!"),
        (f"Good night, {name}.", "Good night!"),
        (f"Good morning, {name}.", "Good morning!"),
        (f"I am sorry that I am late, {name}.", "No problem!"),
        (f"I am sorry, I forgot the {goods}.", "No problem!"),
        (f"I have a new job in {city}!", "Congratulations!"),
        ("I passed my exam!", "Congratulations!"),
        (f"{name} and I got married on {day}!", "Congratulations!"),
        ("I am sick and stay in bed.", "Get well soon!"),
        ("I broke my leg.", "Get well soon!"),
        (f"My exam is on {day}.", "Good luck!"),
        (f"I have a job interview on {day}.", "Good luck!"),
        (f"I am flying to {city} on {day}.", "Have a good trip!"),
        (f"Our holiday in {city} starts on {day}.", "Have a good trip!"),
        (f"Goodbye, {name}.", "Goodbye!"),
        (f"Nice to meet you, {name}.", "Nice to meet you too!"),
        (f"Can you help me with the {goods}, {name}?", "Yes, of course!"),
        (f"Can you come on {day}, {name}?", "Yes, of course!"),
        (f"See you on {day}, {name}!", f"See you on {day}!"),
        ("I wish you a nice weekend!", "Thank you, the same to you!"),
        (f"Merry Christmas, {name}!", "Merry Christmas!"),
    ))  # fmt: skip
    return Draw(message, reply)


REPLY = Family(
    "reply",
    "A",
    (
        "{Reply|Respond|Write back} to the {message|text message|note}.",
        (
            "{Write|Give|Draft|Compose} a {short |brief |polite |friendly |}{reply|answer|response} to the "
            "{message|text message|note}."
        ),
        "What {is|would be} a {good|polite|fitting|friendly} {reply|answer|response} to {this|the} message?",
        "{Reply|Reply to the message|Short reply|Friendly response|Answer to the message}",
        "{Reply|Short reply|My reply|Answer to the message}:",
        "What {do you|would you|should I|can I} {reply|answer|write back|respond}?",
        "How {do you|would you|should I|can I} {reply|respond|answer} to {this|the} message?",
        (
            "{Somebody|A friend|Someone} {writes|sends|wrote} {you|me} {this|a message}. {What do you "
            "reply?|Write a reply.|What is a good answer?}"
        ),
        (
            "{Answer|React to} the {message|text message|message of a friend} {politely|in a friendly "
            "way|with a short reply}."
        ),
        (
            "{Find|Choose|Think of|Suggest} a {fitting|suitable|good|polite} {reply|answer|reaction} to the "
            "message."
        ),
        (
            "I {need|want|would like} {a short reply to this message|to reply to this message|to write back "
            "to this person}."
        ),
        (
            "Here is a message from {a friend|somebody|a colleague}. {Reply to it.|Write back.|Give a short "
            "reply.}"
        ),
        "Read the message and {reply|respond|write a short reply|write back}.",
        (
            "{Given a|For the given|For this} message, {write|output|give} {a short reply|a friendly "
            "answer|a fitting response}."
        ),
        (
            "{Could you|Can you} {reply to this message for me|write a reply to this message|help me answer "
            "this message}?"
        ),
        "I {got|received} this message. {What should I write back?|What can I reply?|Reply for me.}",
        (
            "What does {a polite person|a friend|a kind person} {say to this|reply to this|answer to this "
            "message}?"
        ),
        "{Continue|Go on with} the {conversation|chat|dialog}{ with a short reply|: write the next line|}.",
        "{What|Which} {reply|reaction} {fits|would fit} {this|the} message{ best|}?",
        "{Message received|New message}: {write the reply.|reply to it.|what do you answer?}",
        "{I wonder|Tell me|Say} what {I should reply|to write back|a good answer is}.",
        "{Chat|Text} back {with one short sentence|in a few words|briefly}.",
        "{What comes next|What is the next line} in {this|the} {conversation|chat|dialog}?",
        (
            "{Send|Return} a {kind|short|polite} {reply|answer|word} to the {sender|person who wrote "
            "this|writer of the message}."
        ),
        (
            "The {sender|writer|person} {waits for|expects} {a reply|an answer}. {Write it.|Give one.|What "
            "do you say?}"
        ),
        "{Show good manners|Be polite} and {reply to|answer} the message.",
    ),
    _reply,
)

FAMILIES: tuple[Family, ...] = (
    POLITE,
    REPLY,
)
