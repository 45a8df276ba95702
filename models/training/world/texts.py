"""Short texts with one clear label each: reviews, topics, mail, customer messages and tones.

A text is a template of `grammar.expand`: `{a|b}` alternatives and `<name>` slots, see `fill`.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Mapping

from .facts import CITIES, DAYS, FOODS, PEOPLE, a_or_an
from .grammar import Draw, expand

_A_BEFORE_VOWEL = re.compile(r"\b([Aa]) (?=[aeio])")

# Things a shop sends: countable, with regular plurals.
GOODS: tuple[str, ...] = (
    "lamp", "clock", "bag", "camera", "phone", "umbrella", "chair", "table", "mirror", "blanket", "towel",
    "kettle",
    "hat", "coat", "jacket", "shirt", "cup", "pillow", "bicycle", "piano",
)  # fmt: skip


def fill(template: str, rng: random.Random) -> str:
    """Expand a text template; its slots are drawn from the world's closed sets."""
    goods = rng.choice(GOODS)
    person, other = rng.sample(PEOPLE, 2)
    slots = {
        "person": person,
        "other": other,
        "city": rng.choice(CITIES),
        "day": rng.choice(DAYS),
        "hour": str(rng.randint(1, 12)),
        "few": str(rng.randint(2, 9)),
        "goods": goods,
        "agoods": f"{a_or_an(goods)} {goods}",
        "dish": rng.choice(FOODS[:8]),
    }
    return _A_BEFORE_VOWEL.sub(r"\1n ", expand(template, rng, slots))


def labelled(texts: Mapping[str, tuple[str, ...]]) -> Callable[[random.Random], Draw]:
    """Return a maker of (text, label) draws with every label equally likely."""
    labels = tuple(texts)

    def draw(rng: random.Random) -> Draw:
        label = rng.choice(labels)
        return Draw(fill(rng.choice(texts[label]), rng), label)

    return draw


REVIEWS: dict[str, tuple[str, ...]] = {
    "positive": (
        (
            "The {film|book|{show|concert} in <city>} was "
            "{exciting|wonderful|beautiful|great|amazing|excellent}."
        ),
        "The {film|book|show|concert} {made me smile|was great fun|was worth every cent}.",
        (
            "The {hotel|restaurant|shop|museum} {in <city>|} was "
            "{clean|friendly|beautiful|lovely|excellent|perfect}."
        ),
        "The {waiter|guide|driver|cook|nurse} was {very friendly|very kind|very helpful|fast and polite}.",
        "The <dish> was {delicious|tasty|fresh and tasty|wonderful|perfect}.",
        "The <goods> {is perfect|is excellent|is beautiful|is very good|is great|arrived early}.",
        "I {love|really like|am very happy with} {my|this|the} <goods>.",
        "I {love|really like|enjoyed} {this|the} {film|book|show|hotel|restaurant|museum|game}.",
        "What a {wonderful|great|lovely|fantastic} {film|book|hotel|restaurant|evening|trip}!",
        "This is the best {<goods>|hotel|restaurant|<dish>|book|film} {I know|of my life|in <city>}.",
    ),
    "negative": (
        "The {film|book|{show|concert} in <city>} was {boring|terrible|awful|bad|too long|stupid}.",
        "The {film|book|show|concert} {made me angry|was no fun|was a waste of time|was a waste of money}.",
        "The {hotel|restaurant|shop|museum} {in <city>|} was {dirty|loud|ugly|terrible|awful|too expensive}.",
        "The {waiter|guide|driver|cook|nurse} was {very rude|unfriendly|very slow|lazy and rude}.",
        "The <dish> was {cold|awful|terrible|disgusting|old and dry}.",
        "The <goods> {fell apart after one day|is useless|is terrible|is very bad|is ugly|arrived late}.",
        "I {hate|really dislike|am very unhappy with} {my|this|the} <goods>.",
        "I {hate|really dislike|hated} {this|the} {film|book|show|hotel|restaurant|museum|game}.",
        "What a {terrible|awful|horrible|bad} {film|book|hotel|restaurant|evening|trip}!",
        "This is the worst {<goods>|hotel|restaurant|<dish>|book|film} {I know|of my life|in <city>}.",
    ),
}
REVIEW_ENDINGS: dict[str, tuple[str, ...]] = {
    "positive": (
        "I recommend it to everyone.", "I am very happy.", "Five stars!", "Thank you so much!",
        "I will come back.",
        "I had a great day.", "Very good!",
    ),
    "negative": (
        "I cannot recommend it.", "I am very disappointed.", "One star.", "I want my money back.",
        "Never again!",
        "I had a terrible day.", "Very bad!",
    ),
}  # fmt: skip

TOPIC_TEXTS: dict[str, tuple[str, ...]] = {
    "sports": (
        "{The team|<person>'s team} won the {football|tennis|final} match <few> to 1.",
        "<person> scored <few> goals in the {last|first} game.",
        "The {coach|trainer} of the {football|basketball} team is proud of {the players|<person>}.",
        "<person> {ran|won} the {race|marathon} and got a gold medal.",
        "The {tennis|football|basketball} player <person> trains {on <day>|every <day>}.",
        "The {players|fans} are waiting for the {football|basketball} final on <day>.",
    ),
    "food": (
        "<person> cooked {soup|rice|pasta} with {onions|cheese|garlic} for dinner.",
        "Bake the {cake|bread|pizza} in the oven {for <few> minutes|until it is brown}.",
        "The {soup|salad|pasta} needs {more salt|a little butter|some garlic}.",
        "The restaurant serves {fresh|hot} {bread|soup|pizza} with {cheese|butter} for lunch.",
        "<person>'s favorite meal is {pasta|rice|salad} with {cheese|garlic|onions}.",
        "Mix the {eggs|butter} with {milk|honey} to make <few> pancakes.",
    ),
    "weather": (
        "It will {rain|snow} {on <day>|all day on <day>}.",
        "A {strong|cold} wind is coming, and {heavy|more} {rain|snow} will fall on <day>.",
        "{<day>|The morning} will be {sunny|cloudy|rainy} and {cold|warm|windy}.",
        "The {storm|fog|snow} over <city> will {end|stop} on <day>.",
        "{Dark|Gray} clouds and {heavy|light} rain are coming to <city>.",
        "The temperature in <city> will {rise to|fall to} <few> degrees.",
    ),
    "travel": (
        "<person> booked a flight and a hotel in <city>.",
        "{Our|The} plane to <city> leaves {at <hour> o'clock|on <day>}.",
        "The {tourists|visitors} {took|went on} a bus tour of <city>.",
        "<person> packed {the|two} suitcases for the trip to <city>.",
        "Show your passport at the airport {in <city>|before the flight}.",
        "The hotel in <city> {is full of tourists|has <few> free rooms for tourists}.",
    ),
    "music": (
        "<person> plays the {guitar|piano|violin} in a band.",
        "The {band|singer} {sang|played} <few> new songs {on <day>|at the concert}.",
        "The {choir|orchestra} of <city> {sings|plays} on <day>.",
        "<person> wrote a {song|melody} for {the piano|the guitar|the violin}.",
        "{Fans|Many people} danced to the {songs|music} of the band from <city>.",
        "The singer <person> has a new {song|album}.",
    ),
    "health": (
        "The {doctor|nurse} gave <person> {medicine|pills} for the {cold|fever|headache}.",
        "<person> has a {fever|headache} and stays in bed.",
        "{The doctor says|Doctors say} that {sleep|exercise|fresh air} is good for the {heart|body}.",
        "Take <few> pills {every day|in the evening} against the {pain|fever}.",
        "<person> broke a {leg|arm} and went to the hospital.",
        "The {dentist|doctor} looked at <person>'s {teeth|back|knee}.",
    ),
}

MAIL: dict[str, tuple[str, ...]] = {
    "spam": (
        (
            "{Congratulations!|Hello <person>!} You {have won|are the winner of} {a million dollars|a free "
            "phone|a car}!"
        ),
        (
            "Click here {now|today} {to get|and win} {a free <goods>|<few> million dollars|a free trip to "
            "<city>}!"
        ),
        "{Buy|Order} {cheap|magic} pills now and {save|get} <few>00 dollars!",
        "Make {fast|easy} money at home! {Click on this link|Send us your bank number} {now|today}!",
        "Your {account|bank card} is in danger! {Send us|Enter} your password {now|here}!",
        (
            "{Lose|You can lose} <few> kilos in one {day|week} with {our|this} magic {pill|tea}! {Buy|Order} "
            "now!"
        ),
        "{Free|Cheap} {phones|cameras|watches}! {Only today|Only on <day>}! Click on {this|the} link!",
        "{Hurry!|Last chance!} Send <few>0 dollars {now|today} and you will {be rich|get a million dollars}!",
        "You have been chosen! {Send us your bank number|Click here} to get your {prize|free gift}!",
    ),
    "not spam": (
        "{Hi|Dear} <person>, {can we meet on <day>?|the meeting is on <day> at <hour> o'clock.}",
        "Dear <person>, thank you for {the report|your letter|your help}. See you on <day>.",
        "Hi <person>, {I will be|I am} <few> minutes late. {Sorry!|See you soon.}",
        "{Hi|Hello} <person>, {do you want to|shall we} {have lunch|play tennis|go to the park} on <day>?",
        "Dear {students|parents}, there is no {lesson|class} on <day>.",
        "{Hi|Dear} <person>, {happy birthday!|good luck with your exam!} {Love|Best wishes}, <other>.",
        "Please bring {the report|your laptop|the keys} to the {meeting|office} on <day>.",
        "{Mom|Dad} will {pick you up|wait for you} at <hour> o'clock at the {school|station}.",
        (
            "{Hi|Dear} <person>, {here are the photos of our trip|I am at home now. Call me later|dinner is "
            "ready}."
        ),
    ),
}

CUSTOMER_MESSAGES: dict[str, tuple[str, ...]] = {
    "order": (
        "{I would like to|I want to} {buy|order} {<agoods>|two <goods>s}.",
        "{Can I|May I|Could I} {buy|order} {<agoods>|two <goods>s}{|, please}?",
        "{I need|Please send me} <few> <goods>s{.| for my {office|house|shop}.}",
        "{How can I|Where can I} {buy|order} the {new|red|blue} <goods>?",
        "{I will take|I want to have} {two|three} {new|red|blue} <goods>s, please.",
    ),
    "refund": (
        "{I want|I would like|Please give me} my money back{| for the <goods>}.",
        "Can I {have|get} my money back for the <goods>?",
        "The <goods> is broken. {I want a refund.|Please return my money.|Can I get my money back?}",
        "When will you {pay me back|return my money} for the <goods>?",
        "{I need|I am asking for|I would like} a refund for {the|my} <goods>.",
    ),
    "delivery": (
        "{When|On which day} will {my|the} <goods> {arrive|be delivered|come}?",
        (
            "Where is my {package|parcel|<goods>}? {It is <few> days late.|It has not arrived.|I am still "
            "waiting for it.}"
        ),
        "{My package|My parcel|The <goods>} {has not arrived yet|is <few> days late}.",
        "{How long|How many days} does the delivery of the <goods> take?",
    ),
    "booking": (
        "{I would like to|I want to} book a {room|table} for <few> {people|guests} on <day>.",
        "{Can I|May I|Could I} book a {room|table} for <few> {people|guests} on <day>?",
        "Can {I|we} {reserve|book} a {table|room} for <day>{|, please}?",
        "Do you have a free {room|table} {on|for} <day>?",
        "Please {reserve|book} {a {table|room}|<few> seats} for {<person>|us} on <day>.",
    ),
    "cancellation": (
        "{Please cancel|I want to cancel|I have to cancel} my {order|booking|ticket|visit}{| for <day>}.",
        "Can {you|I} cancel my {order|booking|ticket}{| for <day>}?",
        (
            "{I am sorry, |}{I|we} {cannot come|will not come} on <day>. {Please cancel|Cancel} {my|our} "
            "{room|table}."
        ),
        "How can I cancel my {order|booking|ticket}?",
        "I {no longer need|do not want} the <goods>. Please cancel my order.",
    ),
    "opening hours": (
        "{When|At what time} do you {open|close} {on <day>|tomorrow|today}?",
        "{Are you|Is the {shop|store|office}} open {on <day>|tomorrow|today|at <hour> o'clock}?",
        "{How long|Until when} is the {shop|store|office} open {on <day>|today|tomorrow}?",
        "{What are|Can you tell me} your opening hours {on <day>|this week}?",
    ),
}

URGENCY: dict[str, tuple[str, ...]] = {
    "urgent": (
        "{Help!|Come quickly!} The {kitchen|house|car|roof} is on fire!",
        "{Call|We need} {a doctor|the police|an ambulance} {now|right now|immediately}!",
        "<person> {fell|had an accident} and {needs a doctor|needs help} {now|right away|immediately}.",
        "The {server|machine|elevator} {is down|has stopped}! {Fix it|Repair it} {immediately|right now}!",
        "{Emergency!|Quick!} There is {water|smoke|gas} in the {kitchen|office|house}!",
        "{I need|We need} the {report|key|money} {right now|immediately|within an hour}!",
        "<person> {cannot breathe|is bleeding|is not breathing}! {Please hurry!|Send help!|Come now!}",
        "Please answer {immediately|right now}, {the plane leaves in <few> minutes|it is an emergency}!",
        "{Hurry up|Come at once}! {The child is in danger|Someone is in the water|There was an accident}!",
    ),
    "not urgent": (
        "{Read|Answer} {my letter|this message|the report} when you have time.",
        "There is no hurry. {Call me|Write to me|Visit us} {next week|next month|some day}.",
        "{I am just saying hello.|I hope you are well.} {How was your weekend?|How are you?}",
        "{Next month|Next year} we {could|can} {paint the wall|buy a new lamp|visit <city>}.",
        "{Thank you for|I liked} the {nice evening|lovely flowers|photos}, <person>.",
        "You can {return|bring back|repair} the <goods> {any time|whenever you want|next month}.",
        (
            "{We have a new lamp in the office.|The garden looks nice today.} {No answer is needed.|Just so "
            "you know.|}"
        ),
        "{Take your time with|There is no hurry with} the {report|letter|photos|map}.",
        "{Maybe we can|If you like, we can} {have lunch|drink coffee|play tennis} {next month|some day}.",
    ),
}

TONES: dict[str, tuple[str, ...]] = {
    "formal": (
        (
            "Dear {Sir or Madam|Professor|Mr. Smith|Mrs. Brown}, I am writing {to ask about|with regard to} "
            "the <goods>."
        ),
        (
            "{I would be grateful if you could|We kindly ask you to} {send us the report|reply by <day>|sign "
            "the contract}."
        ),
        "{We regret to inform you|I am pleased to inform you} that the {meeting|concert|lesson} is on <day>.",
        "Please accept {our|my} {sincere apologies|sincere thanks} for the {delay|invitation|letter}.",
        (
            "{It is a pleasure|We are honored} to {welcome you to <city>|invite you to the opening of the "
            "museum}."
        ),
        (
            "I look forward to {your reply|hearing from you|meeting you on <day>}. {Yours sincerely|Yours "
            "faithfully}, <person>"
        ),
        "Would you be so kind as to {send me the report|open the window|reply by <day>}?",
        (
            "{We hereby confirm|I hereby confirm} {your booking for <day>|the receipt of your letter|your "
            "order}."
        ),
    ),
    "informal": (
        "{Hey|Yo} {dude|buddy|guys}, {what's up|how's it going}?",
        "{Hey|Hi} <person>, wanna {grab a coffee|hang out|play games} on <day>?",
        "{Sorry, dude|Oops, sorry}, {gotta run|I forgot your <goods>|can't make it on <day>}!",
        "{Wow|Haha}, that {party|film|game} was {so cool|super cool|awesome}!",
        "{Thanks a bunch|Thx}, {buddy|dude|<person>}! {See ya|Catch you} on <day>!",
        "{C'mon|Hey}, <person>, {lemme see|gimme} {your|the} <goods>!",
        "{Yeah|Yep}, {that's cool|no worries}, {buddy|dude}! {See ya!|Bye!}",
        "{I'm kinda|I'm so} {tired|hungry|bored}, {wanna go home|let's get some pizza}?",
    ),
}
