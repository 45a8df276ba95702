"""Families that judge the grammar of a sentence: question or statement, its tense, correct or not."""

from __future__ import annotations

import random

from .facts import (
    with_article,
)
from .frames import (
    ACTIONS,
    SKILLS,
    STATES,
    person,
)
from .grammar import Draw, Family
from .texts import (
    GOODS,
)


def _question_or_statement(rng: random.Random) -> Draw:
    """Draw a sentence that asks or states; half of them without the final mark, so that words decide."""
    name, action, mark = person(rng), rng.choice(ACTIONS), rng.random() < 0.5
    state, skill = rng.choice(STATES), rng.choice(SKILLS)
    if rng.random() < 0.5:
        text = rng.choice((
            f"Is {name} {state}", f"Can {name} {skill}", f"Does {name} {action.base} {action.rest}",
            f"Did {name} {action.base} {action.rest} yesterday",
            f"When did {name} {action.base} {action.rest}",
            f"Why is {name} {state}", f"Will {name} {action.base} {action.rest} tomorrow",
            f"Where does {name} live",
        ))  # fmt: skip
        return Draw(text + "?" * mark, "question")
    text = rng.choice((
        f"{name} is {state}", f"{name} can {skill}", f"{name} {action.present} {action.rest}",
        f"{name} {action.past} {action.rest} yesterday", f"I know when {name} {action.past} {action.rest}",
        f"I know why {name} is {state}", f"{name} will {action.base} {action.rest} tomorrow",
        f"We know where {name} lives",
    ))  # fmt: skip
    return Draw(text + "." * mark, "statement")


QUESTION_OR_STATEMENT = Family(
    "question_or_statement",
    "A",
    (
        (
            "{Decide|Determine|Tell me|Say|Judge} {whether|if} the {sentence|line|text} is a question or a "
            "statement."
        ),
        (
            "{Classify|Label|Mark|Sort} the {sentence|line|text} as {question or statement|a question or a "
            "statement}."
        ),
        "Is {this|the} {sentence|line|text} a question or a statement?",
        "{Question or statement|Sentence type|Type of sentence|Kind of sentence}",
        "{Question or statement|Sentence type|Type of sentence}:",
        "{Question or statement?|A question or a statement?|Asking or telling?}",
        (
            "{What|Which} {type|kind|sort} of sentence is {this|it}{|: a question or a statement|, question "
            "or statement}?"
        ),
        "{Identify|Name|Give|Determine|Recognize} the {sentence type|type of the sentence|kind of sentence}.",
        (
            "Does the {sentence|speaker|writer} ask {something|for information} or {state|tell us} "
            "something? {Answer|Write} question or statement."
        ),
        (
            "Is the {speaker|writer|person} asking or {telling|stating} something? {Answer|Reply} with "
            "question or statement."
        ),
        "I {need|want|would like} to know {if|whether} this is a question or a statement.",
        (
            "Here is a {sentence|line}. {Is it a question or a statement?|Label it as question or "
            "statement.|Say whether it is a question or a statement.}"
        ),
        "Read the {sentence|line} and {say|decide|write} {whether|if} it is a question or a statement.",
        (
            "{Does this {sentence|line} need|Should {this|the} {sentence|line} end with|Does it get} a "
            "question mark or a {period|full stop}? Answer question or statement."
        ),
        (
            "{Write|Put|Answer} question if the sentence asks something and statement {if it tells "
            "something|otherwise}."
        ),
        (
            "{Given a|For the given|For this} {sentence|line}, {state|output|predict|say} {whether it is a "
            "question or a statement|its type: question or statement}."
        ),
        (
            "{Choose|Pick|Select} the {right|correct} {type|label} for the {sentence|line}: question or "
            "statement."
        ),
        "The sentence is either a question or a statement. {Which one is it|Which is it|What is it}?",
        (
            "{I wonder|I am not sure|Tell me} {whether|if} {this sentence is asking or telling something, a "
            "question or a statement|this is a question or a statement}."
        ),
        "{Is what we have here|Would you call this|Should we call this} a question or a statement?",
        (
            "{Does|Would} {this|the} {sentence|line} {need an answer|expect an answer|ask for an answer}? "
            "{Say|Write} question or statement."
        ),
        (
            "{Tell questions from statements|Distinguish a question from a statement}: {what|which of the "
            "two} is this {sentence|line}?"
        ),
        (
            "{Is somebody asking|Does somebody ask} {something|a question} here, or is it a statement? "
            "Answer question or statement."
        ),
        (
            "{Is it|Is this} {a sentence that asks|an asking sentence} or {a sentence that tells|a telling "
            "sentence}? Use question or statement."
        ),
        (
            "{Check|Find out|Work out} {whether|if} {this|the} {sentence|line} is {a question|a statement} "
            "or {not|something else}: write question or statement."
        ),
        "{Look at|Consider} the {sentence|line}: {is it a question or a statement|question or statement}?",
        "{Grammar task|Grammar exercise}: question or statement?",
    ),
    _question_or_statement,
)


def _tense(rng: random.Random) -> Draw:
    """Draw a sentence with one action in one of the three tenses; half have a time that fits."""
    name, action, tense = person(rng), rng.choice(ACTIONS), rng.choice(("past", "present", "future"))
    verb = {"past": action.past, "present": action.present, "future": f"will {action.base}"}[tense]
    times = {
        "past": ("yesterday", "last week", "last year", "two days ago", "last night", "last month"),
        "present": ("every day", "every week", "now and then", "every morning", "on Sundays", "every month"),
        "future": ("tomorrow", "next week", "next year", "in two days", "next month", "soon"),
    }[tense]
    time = f" {rng.choice(times)}" if rng.random() < 0.5 else ""
    return Draw(f"{name} {verb} {action.rest}{time}.", tense)


_TENSES = "{past, present or future|present, past or future|past, present, or future}"


TENSE = Family(
    "tense",
    "A",
    (
        f"{{Decide|Determine|Tell me|Say}} {{whether|if}} the sentence is in the {_TENSES}{{| tense}}.",
        f"{{Classify|Label|Mark|Sort}} the sentence {{by tense|by its tense}}: {_TENSES}.",
        f"Is {{this|the}} sentence in the {_TENSES}{{| tense}}?",
        "{What|Which} tense is {this|the} sentence {in|written in}?",
        "What is the {tense|tense of the verb|time form} {in|of} {this|the} {sentence|statement}?",
        (
            "{Identify|Name|Give|Determine|Find|Recognize} the {tense|verb tense|grammatical tense} of the "
            "{sentence|statement}."
        ),
        "{Tense|Tense of the sentence|Verb tense|Sentence tense|Grammatical tense|Name of the tense}",
        "{Tense|Tense of the sentence|Sentence tense|Past, present or future}:",
        "{Past, present or future?|Past, present or future tense?|Which tense?|What tense?}",
        f"Does the sentence {{talk about|describe|speak about|refer to}} the {_TENSES}?",
        f"{{Did|Does}} {{the action|it}} {{happen|take place}} in the {_TENSES}?",
        (
            "I {need|want|would like} to know {the tense of this sentence|which tense this sentence is "
            "in|what tense this is}."
        ),
        (
            "Here is a sentence. {What tense is it in?|Name its tense.|Which tense does it use?|Tell me its "
            "tense.}"
        ),
        (
            "Read the {sentence|statement} and {say|write|tell me|name} {which tense it is in|its tense|the "
            "tense it uses}."
        ),
        (
            "Which tense {does the sentence use|is used in the sentence|does the verb have|is the verb "
            "in|did the writer use}?"
        ),
        (
            f"{{Choose|Pick|Select}} the {{right|correct}} tense {{of|for}} the {{sentence|verb in the "
            f"sentence}}: {_TENSES}."
        ),
        (
            "{Look at the verb|Look at the verb form}: {which tense is it|what tense is the sentence|what "
            "tense is it}?"
        ),
        (
            f"{{Write|Answer|Reply with}} {_TENSES}{{ to name the tense of the sentence|, depending on the "
            f"tense of the sentence}}."
        ),
        (
            "{Given a sentence|For the given sentence|For this sentence}, {state|output|name|write} {its "
            "tense|the tense of its verb}."
        ),
        f"{{To which time|To what time}} does the {{sentence|action|verb}} belong: {_TENSES}?",
        f"{{Is|Was}} {{the action|the activity}} {{happening|done}} in the {_TENSES}?",
        "{I wonder|Tell me|Help me see} which tense {this sentence is in|this sentence has|the verb is in}.",
        (
            f"The {{sentence|verb}} {{is|stands}} in {{one of three tenses|one of the three tenses}}, "
            f"{_TENSES}. Which one is it?"
        ),
        f"{{Grammar task|Grammar exercise|Grammar question}}: {{is the sentence|is this}} {_TENSES}?",
        "{Do a tense check of|Check the tense of|Work out the tense of} the {sentence|statement}.",
        f"Does the {{speaker|writer}} {{mean|talk about|look at}} the {_TENSES}?",
        f"Tense of the sentence ({_TENSES})",
        "{In what|In which} {tense|verb tense} is {this|the} {sentence|statement} {written|expressed|told}?",
    ),
    _tense,
)


def _grammar_check(rng: random.Random) -> Draw:
    """Draw a right sentence or the same sentence with one clear agreement, article or verb error."""
    name, action, right = person(rng), rng.choice(ACTIONS), rng.random() < 0.5
    goods, state, number = rng.choice(GOODS), rng.choice(STATES), rng.choice(("two", "three", "four", "five"))
    noun = rng.choice(("apple", "orange", "umbrella", "egg", *GOODS))
    article = with_article(noun).split()[0]
    wrong_article = "a" if article == "an" else "an"
    good, bad = rng.choice((
        (f"{name} is {state}.", f"{name} are {state}."),
        (f"{name} is {state}.", f"{name} am {state}."),
        (
            f"{name} {action.present} {action.rest} every day.",
            f"{name} {action.base} {action.rest} every day.",
        ),
        (f"{name} can {action.base} {action.rest}.", f"{name} can {action.present} {action.rest}."),
        (f"{name} will {action.base} {action.rest}.", f"{name} will {action.past} {action.rest}."),
        (f"{name} has {number} {goods}s.", f"{name} has {number} {goods}."),
        (f"{name} has {number} {goods}s.", f"{name} have {number} {goods}s."),
        (f"{name} bought {article} {noun}.", f"{name} bought {wrong_article} {noun}."),
        (f"{name} does not {action.base} {action.rest}.", f"{name} do not {action.base} {action.rest}."),
        (f"{name} did not {action.base} {action.rest}.", f"{name} did not {action.past} {action.rest}."),
    ))  # fmt: skip
    return Draw(good, "correct") if right else Draw(bad, "incorrect")


GRAMMAR_CHECK = Family(
    "grammar_check",
    "A",
    (
        (
            "{Decide|Determine|Judge|Tell me|Say} {whether|if} the {sentence|grammar of the sentence} is "
            "correct or incorrect."
        ),
        "{Classify|Label|Mark} the sentence as {correct or incorrect|grammatically correct or incorrect}.",
        "Is {this|the} sentence {grammatically|} {correct or incorrect|correct}?",
        (
            "Is the {grammar|English} of {this|the} sentence {correct or incorrect|correct|right}? "
            "{Answer|Write|Say} correct or incorrect."
        ),
        "{Grammar check|Correct or incorrect|Correctness of the sentence|Grammar test}",
        "{Grammar check|Grammar|Correct or incorrect|The sentence is}:",
        "{Correct or incorrect?|Correct or incorrect grammar?|Is the grammar correct?|Good or bad grammar?}",
        (
            "{Does this sentence {have|contain}|Do you think there is} {a mistake|an error|a grammar "
            "mistake}? Answer correct or incorrect."
        ),
        (
            "{Check|Examine|Test|Inspect} the {grammar|grammar of the sentence|sentence for grammar "
            "mistakes}{| and answer correct or incorrect}."
        ),
        (
            "{Is|Was} the sentence written {in good English|without mistakes|without errors|properly}? "
            "Answer correct or incorrect."
        ),
        (
            "I {need|want|would like} to know {if|whether} this sentence is {correct|grammatically "
            "correct|free of mistakes}."
        ),
        (
            "Here is a sentence. {Is its grammar correct or incorrect?|Is it correct or incorrect?|Say "
            "whether it is correct or incorrect.}"
        ),
        (
            "Read the sentence and {say|decide|write} {whether|if} {it is correct or incorrect|the grammar "
            "is correct or incorrect}."
        ),
        (
            "{Does the sentence follow the rules of {English|grammar}|Does the sentence keep to the grammar "
            "rules}? Write correct or incorrect."
        ),
        (
            "{Would|Should} {a teacher|an English teacher} {mark|accept} this sentence as correct? "
            "{Answer|Say} correct or incorrect."
        ),
        (
            "{Given a|For the given|For this} sentence, {state|output|predict|say} {whether it is correct or "
            "incorrect|if its grammar is correct or incorrect}."
        ),
        (
            "{Write|Put|Answer} correct if the {sentence is fine|grammar is right|sentence has no mistake} "
            "and incorrect {if it has a mistake|otherwise}."
        ),
        (
            "{Choose|Pick|Select} the {right|proper} label for the {sentence|grammar of the sentence}: "
            "correct or incorrect."
        ),
        (
            "{Are there|Do you find|Do you see} any {grammar mistakes|errors|grammatical errors|mistakes} in "
            "{this|the} sentence? {Answer|Reply} correct or incorrect."
        ),
        (
            "The sentence {is either correct or incorrect|may have a grammar mistake}. {Which one is it, "
            "correct or incorrect|Is it correct or incorrect}?"
        ),
        (
            "{I wonder|I am not sure|Tell me} {whether|if} {I wrote this sentence correctly|my sentence is "
            "correct|this is good English}. Answer correct or incorrect."
        ),
        (
            "{Can|May} {I|one|you} say it {like this|this way|so} in {English|good English}? Answer correct "
            "or incorrect."
        ),
        "{My student|A child|Someone|A learner} {wrote|said} this sentence. Is it correct or incorrect?",
        "{Judge|Evaluate|Rate|Assess} the {grammar|correctness|grammatical correctness} of the sentence.",
        "{Grammar task|Grammar exercise|English exercise}: is the sentence correct or incorrect?",
        "{Proofread|Look over} the sentence{ and say correct or incorrect.|: is it correct or incorrect?}",
        (
            "{Is there {something|anything} wrong with|Can you find a mistake in} the grammar? {Use|Answer "
            "with} correct or incorrect."
        ),
        (
            "{Does the sentence sound right|Does this sound like good English|Do you think the sentence is "
            "right}? {Answer|Write} correct or incorrect."
        ),
    ),
    _grammar_check,
)

FAMILIES: tuple[Family, ...] = (
    QUESTION_OR_STATEMENT,
    TENSE,
    GRAMMAR_CHECK,
)
