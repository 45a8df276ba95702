"""Families that put a sentence into another form: negative, past, question."""

from __future__ import annotations

import random

from .facts import (
    CITIES,
)
from .frames import (
    ACTIONS,
    SKILLS,
    STATES,
    capital,
    person,
)
from .grammar import Draw, Family


def _clause(rng: random.Random) -> tuple[str, str, str, str]:
    """Draw a present or future sentence: the person, the verb, its negative and the rest; see `_ask` too."""
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


NEGATE = Family(
    "negate",
    "A",
    (
        (
            "{Make the {sentence|statement} negative|Turn the {sentence|statement} into {a negative one|its "
            "negative form}}."
        ),
        "{Negate|Deny} the {sentence|statement|claim}.",
        (
            "{Write|Give|Form|Build} the {negative form|negation|negative version|negative} of the "
            "{sentence|statement}."
        ),
        "{Negation|Negative form|Negative sentence|Negative|Sentence with not}",
        "{Negation|Negative form|Negative sentence|Negated}:",
        "What is the {negative form|negation|negative version|negative} of {this|the} {sentence|statement}?",
        "How do you {negate|deny} {this|the} {sentence|statement}?",
        "How do {you|I} say {that this is not true|that this is not so|the opposite, with the word not}?",
        "{Rewrite|Rephrase} the {sentence|statement} {with not|so that it is negative|in the negative}.",
        (
            "{Add {a not|the word not} to|Put {a not|the word not} into} the {sentence|statement}{ so that "
            "it becomes negative|}."
        ),
        (
            "I {need|want|would like} the {negative form|negation|negative version} of {this|the} "
            "{sentence|statement}."
        ),
        (
            "Here is a {sentence|statement}. {Negate it.|Make it negative.|Write its negative form.|Say that "
            "it is not so.}"
        ),
        (
            "{Say|Write|State} that {this is not true|the sentence is not true|this is not the case|it is "
            "not so}."
        ),
        (
            "{Turn|Change|Convert|Transform} the {positive|affirmative} {sentence|statement} into a negative "
            "one."
        ),
        (
            "The {sentence|statement} is {false|not true|wrong}. Write {what is true, using not|it in the "
            "negative|it with not}."
        ),
        "{Contradict|Deny} {the statement|the speaker|this} {with a negative sentence|by using not}.",
        (
            "{Given a|For the given|For this} {sentence|statement}, {write|output|give} {its negative "
            "form|its negation|the negative}."
        ),
        "{Could you|Can you} {make this sentence negative|negate this sentence|write this in the negative}?",
        (
            "Use {not, cannot or does not|a negative verb|the word not} to {say the opposite|make the "
            "sentence negative|deny the sentence}."
        ),
        "{Put|Set} the {sentence|statement|verb} {into|in} the {negative|negative form}.",
        "{I wonder how this sentence sounds|Show me how the sentence looks} in the {negative|negative form}.",
        (
            "{Grammar task|Grammar exercise}: {negate the sentence|make the sentence negative|write the "
            "negative form}."
        ),
        (
            "{Change|Turn} {yes into no|a yes sentence into a no sentence}: {make the sentence negative|use "
            "not}."
        ),
        (
            "{Somebody says this, but it is not true|This was a mistake, it is not so|People say so, but it "
            "is a lie}. {Use not.|Say it with not.|Write the negative sentence.}"
        ),
        (
            "{Form|Make|Create} a {negative sentence|negative statement} {from|out of} {this|the} "
            "{sentence|positive sentence|affirmative sentence}."
        ),
        "{Negative, please|The negative form, please|In the negative, please}.",
        (
            "What would {you|a person} say if the {sentence|statement} were not true? {Use not.|Write it "
            "with not.}"
        ),
    ),
    _negate,
)


def _to_past(rng: random.Random) -> Draw:
    name, action = person(rng), rng.choice(ACTIONS)
    tail = rng.choice(
        ("", "", "", " every day", " with a friend", f" in {rng.choice(CITIES)}", " on Sundays")
    )
    if rng.random() < 0.3:
        state = rng.choice(STATES)
        return Draw(f"{name} is {state}.", f"{name} was {state}.")
    return Draw(f"{name} {action.present} {action.rest}{tail}.", f"{name} {action.past} {action.rest}{tail}.")


TO_PAST = Family(
    "sentence_to_past",
    "A",
    (
        "{Put|Change|Turn|Move|Set} the {sentence|statement} {into|to} the past{ tense|}.",
        "{Rewrite|Write|Repeat|Say} the {sentence|statement} in the {past tense|past|simple past}.",
        "What is {this|the} {sentence|statement} in the {past tense|past|simple past}?",
        (
            "{Sentence in the past tense|Past tense of the sentence|The sentence in the past|Past version of "
            "the sentence}"
        ),
        "{Sentence in the past tense|In the past|Past version of the sentence|Past sentence}:",
        "How {do you say|would you say|would you write} {this|the} sentence in the {past tense|past}?",
        (
            "How would the sentence {sound|look|read} if it {happened yesterday|were in the past|had "
            "happened in the past}?"
        ),
        (
            "{Imagine|Pretend|Suppose} {it happened yesterday|it was last year|this was long ago}. "
            "{Rewrite|Change|Write} the sentence."
        ),
        (
            "{Convert|Transform|Shift} the {sentence|statement} {from the present to the past|from present "
            "to past tense|into the past tense}."
        ),
        (
            "{Change|Put|Switch} the {verb of the sentence|verb in the sentence} {to|into} the {past "
            "tense|past form|simple past}{ and write the whole sentence| and give the full sentence|}."
        ),
        "I {need|want|would like} {this|the} {sentence|statement} in the {past tense|past|simple past}.",
        (
            "Here is a {sentence in the present|present sentence}. {Put it into the past.|Write it in the "
            "past tense.|Change it to the past.}"
        ),
        (
            "{Tell|Say|Report} it as {something that happened before|something from yesterday|if it were "
            "already over}{: use the past tense|}."
        ),
        (
            "{Given a sentence in the present|For this present sentence}, {write|output|give} {its past "
            "version|the same sentence in the past tense}."
        ),
        (
            "{Could you|Can you} {put this sentence into the past tense|say this sentence in the past|change "
            "this sentence to the past}?"
        ),
        (
            "{It is over now|It is all in the past now|That was a long time ago}. {Change the sentence to "
            "fit.|Write the sentence in the past tense.}"
        ),
        "{Make|Let} the sentence {speak about|talk about|tell of} the past.",
        (
            "{Grammar task|Grammar exercise}: {put the sentence into the past|rewrite the sentence in the "
            "past tense|change present to past}."
        ),
        (
            "{Replace the present {tense |}in the sentence with|Exchange the present in the sentence for} "
            "the past."
        ),
        "Use the past tense {in|for} {this|the} {sentence|statement}.",
        (
            "{I wonder|Show me|Tell me} how {this sentence sounds|the sentence looks|to say this sentence} "
            "in the past{ tense|}."
        ),
        (
            "The {sentence|statement} is in the present. {Put it in the past.|Give the past version.|How is "
            "it in the past?}"
        ),
        (
            "{Move|Take} the {action|event|sentence} back {in time|to yesterday|to last year}: {write the "
            "past tense|use the past tense}."
        ),
        (
            "{Form|Give|Make} the {past tense|past version|simple past} of {this|the} {whole "
            "sentence|sentence|statement}."
        ),
        "{Present to past|From present to past|From now to then}: {rewrite|change|convert} the sentence.",
        (
            "{What would you write|What would the sentence be} if {all this|this} {was yesterday|was in the "
            "past|happened last week}?"
        ),
    ),
    _to_past,
)


def _to_question(rng: random.Random) -> Draw:
    name, verb, negative, rest = _clause(rng)
    if negative.startswith("does not "):
        base = negative.removeprefix("does not ")
        return Draw(f"{name} {verb} {rest}.", f"Does {name} {base} {rest}?")
    return Draw(f"{name} {verb} {rest}.", f"{capital(verb)} {name} {rest}?")


TO_QUESTION = Family(
    "statement_to_question",
    "A",
    (
        (
            "{Turn|Change|Make|Convert|Transform} the {statement|sentence} into a {question|yes or no "
            "question|yes/no question}."
        ),
        "{Rewrite|Rephrase} the {statement|sentence} as a {question|yes or no question}.",
        (
            "{Make|Form|Build|Write|Create} a {question|yes or no question} {from|out of} the "
            "{statement|sentence}."
        ),
        "{Question form|Sentence as a question|Statement to question|Question form of the sentence}",
        "{As a question|Question form|Sentence as a question}:",
        "What is the question form of {this|the} {statement|sentence}?",
        "How {do you|would you|can I} ask {this|whether this is true|if this is so}?",
        (
            "{Ask|Ask me} {whether|if} {this is true|it is true|this is so|the statement is true}{ in a yes "
            "or no question|}."
        ),
        "How does {this|the} {statement|sentence} {sound|look} as a question?",
        "I {need|want|would like} {this|the} {statement|sentence} as a question.",
        (
            "I {want|would like} to ask {whether this is true|if this is so}. {Write the question.|Give me "
            "the question.|How do I ask it?}"
        ),
        (
            "Here is a {statement|sentence}. {Make it a question.|Turn it into a question.|Write it as a "
            "question.}"
        ),
        (
            "{Which|What} {question|yes or no question} {fits|belongs to|asks about} the whole "
            "{statement|sentence}?"
        ),
        (
            "{Given a|For the given|For this} {statement|sentence}, {write|output|give} {its question "
            "form|the matching yes or no question|it as a question}."
        ),
        (
            "{Could you|Can you} {make this a question|turn this sentence into a question|say this as a "
            "question}?"
        ),
        (
            "{Change the word order|Move the verb} {to get a question|so that the sentence becomes a "
            "question|and make a question}."
        ),
        (
            "{Write|State} the {question|yes or no question} {that asks if the sentence is true|to which "
            "this sentence is the answer yes}."
        ),
        "{Grammar task|Grammar exercise}: {form a question|statement to question|make a yes or no question}.",
        "{From statement to question|From telling to asking}: {rewrite|change|convert} the sentence.",
        (
            "{Pretend|Imagine} you {do not know this|are not sure about this|want to check this}. {Ask.|Ask "
            "the question.|Write the question.}"
        ),
        "{Do not tell it, ask it|Do not state it, ask it}: {make the sentence a question|write a question}.",
        "{Put the {sentence|statement} in question form|Use the {sentence|statement} as a question}.",
        "{Form|Give|Find} the {interrogative|question} form of the {sentence|statement}.",
        (
            "The {statement|sentence} {should|must|has to} {become|be} a question. {Rewrite it.|Change "
            "it.|Write the question.}"
        ),
        (
            "{What would you ask|What do you ask} to {check this|find out if this is true|check whether this "
            "is so}?"
        ),
        (
            "{A teacher|Someone|A police officer} {asks|wants to ask} {if this is true|whether this is so}. "
            "{What is the question?|Write the question.}"
        ),
    ),
    _to_question,
)

FAMILIES: tuple[Family, ...] = (
    NEGATE,
    TO_PAST,
    TO_QUESTION,
)
