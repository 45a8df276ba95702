"""Families that write a sentence anew: in another form, with something replaced, or politely."""

from __future__ import annotations

import random

from .data import section
from .english import upper_first, with_article
from .facts import CITIES, COLORS, DAYS, GOODS, JOBS
from .grammar import Draw, Family, fill
from .makers import family
from .sentence_parts import ABOUT_A_PERSON, ACTIONS, SKILLS, STATES, person, subject_of


def _clause(rng: random.Random) -> tuple[str, str, str, str]:
    """Draw a present or future sentence: the person, the verb, its negative and the rest."""
    name, action = person(rng), rng.choice(ACTIONS)
    kind = rng.randrange(4)
    if kind == 0:
        return name, "is", "is not", rng.choice(STATES)
    if kind == 1:
        return name, "can", "cannot", rng.choice(SKILLS)
    if kind == 2:
        return name, "will", "will not", f"{action.base} {action.rest}"
    return name, action.present, f"does not {action.base}", action.rest


def _negate(rng: random.Random) -> Draw:
    name, verb, negative, rest = _clause(rng)
    return Draw(f"{name} {verb} {rest}.", f"{name} {negative} {rest}.")


def _to_past(rng: random.Random) -> Draw:
    name, action = person(rng), rng.choice(ACTIONS)
    in_city = f" in {rng.choice(CITIES)}"
    tail = rng.choice(("", "", "", " every day", " with a friend", in_city, " on Sundays"))
    if rng.random() < 0.3:
        state = rng.choice(STATES)
        return Draw(f"{name} is {state}.", f"{name} was {state}.")
    return Draw(f"{name} {action.present} {action.rest}{tail}.", f"{name} {action.past} {action.rest}{tail}.")


def _to_question(rng: random.Random) -> Draw:
    name, verb, negative, rest = _clause(rng)
    if negative.startswith("does not "):
        base = negative.removeprefix("does not ")
        return Draw(f"{name} {verb} {rest}.", f"Does {name} {base} {rest}?")
    return Draw(f"{name} {verb} {rest}.", f"{upper_first(verb)} {name} {rest}?")


FORMS: tuple[Family, ...] = (
    family("negate", "A", _negate),
    family("sentence_to_past", "A", _to_past),
    family("statement_to_question", "A", _to_question),
)


def _about(name: str, rng: random.Random) -> str:
    """Draw a sentence about one person that begins with the name."""
    action, goods = rng.choice(ACTIONS), rng.choice(GOODS)
    slots = {
        "name": name,
        "goods": goods,
        "city": rng.choice(CITIES),
        "state": rng.choice(STATES),
        "skill": rng.choice(SKILLS),
        "day": rng.choice(DAYS),
        "a_job": with_article(rng.choice(tuple(JOBS))),
        "a_color": with_article(rng.choice(COLORS)),
        "liked_city": rng.choice(CITIES),
        **action.slots(),
    }
    return fill(rng.choice(ABOUT_A_PERSON), slots)


_WITH_NAME: list[str] = section("anonymize")["sentences"]


def _anonymize(rng: random.Random) -> Draw:
    name, goods, city = person(rng), rng.choice(GOODS), rng.choice(CITIES)
    sentences = [_about(name, rng), _about(name, rng), *_WITH_NAME]
    slots = {"name": name, "goods": goods, "city": city, "color": rng.choice(COLORS), "day": rng.choice(DAYS)}
    text = fill(rng.choice(sentences), slots)
    return Draw(text, text.replace(name, "[name]"))


# "orange" would change the article before it.
_PAINTS = tuple(color for color in COLORS if color != "orange")
_WITH_COLOR: list[str] = section("replace_color")["sentences"]


def _replace_color(rng: random.Random) -> Draw:
    name, (old, new), goods = person(rng), rng.sample(_PAINTS, 2), rng.choice(GOODS)
    slots = {"name": name, "goods": goods, "city": rng.choice(CITIES)}
    sentence = rng.choice(_WITH_COLOR)
    before, after = (fill(sentence, slots | {"color": color}) for color in (old, new))
    return Draw(f"{before} New color: {new}", after)


def _pronoun(rng: random.Random) -> Draw:
    name = person(rng)
    text = _about(name, rng)
    return Draw(text, upper_first(subject_of(name)) + text.removeprefix(name))


def _facts_to_sentence(rng: random.Random) -> Draw:
    # Ages from 20 to 79 all take "a"; 80 and 11 would take "an".
    name, age, job, city = person(rng), rng.randint(20, 79), rng.choice(tuple(JOBS)), rng.choice(CITIES)
    facts = f"Name: {name}, Age: {age}, Job: {job}, City: {city}"
    return Draw(facts, f"{name} is a {age}-year-old {job} from {city}.")


_REASONS: list[list[str]] = section("combine_because")["reasons"]


def _because(rng: random.Random) -> Draw:
    name, (deed, reason) = person(rng), rng.choice(_REASONS)
    reason = fill(reason, {"He": upper_first(subject_of(name))})
    return Draw(f"{name} {deed}. {reason}", f"{name} {deed} because {reason[0].lower()}{reason[1:]}")


REPLACING: tuple[Family, ...] = (
    family("anonymize", "A", _anonymize),
    family("replace_color", "A", _replace_color),
    family("pronoun", "A", _pronoun),
    family("facts_to_sentence", "A", _facts_to_sentence),
    family("combine_because", "A", _because),
)

_COMMANDS: list[str] = section("polite_request")["commands"]
# Nobody is asked to lose or see something.
_WANTED = tuple(action for action in ACTIONS if action.base not in ("lose", "see", "find", "wear"))


def _polite(rng: random.Random) -> Draw:
    command = rng.choice(_COMMANDS)
    if rng.random() < 0.4:
        action = rng.choice(_WANTED)
        command = f"{upper_first(action.base)} {action.rest}."
    return Draw(command, f"Could you please {command[0].lower()}{command[1:-1]}?")


_MESSAGES: list[list[str]] = section("reply")["messages"]


def _reply(rng: random.Random) -> Draw:
    name, day, city, goods = person(rng), rng.choice(DAYS), rng.choice(CITIES), rng.choice(GOODS)
    slots = {"name": name, "day": day, "city": city, "goods": goods}
    message, reply = rng.choice(_MESSAGES)
    return Draw(fill(message, slots), fill(reply, slots))


MANNERS: tuple[Family, ...] = (
    family("polite_request", "A", _polite),
    family("reply", "A", _reply),
)
