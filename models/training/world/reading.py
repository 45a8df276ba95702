"""Families that read a message and give it a label: sentiment, topic, spam, intent, urgency, formality."""

from __future__ import annotations

import random

from .grammar import Draw, Family
from .texts import (
    CUSTOMER_MESSAGES,
    MAIL,
    REVIEW_ENDINGS,
    REVIEWS,
    TONES,
    TOPIC_TEXTS,
    URGENCY,
    fill,
    labelled,
)


def _review(rng: random.Random) -> Draw:
    """Draw a review whose sentences all say the same."""
    label = rng.choice(tuple(REVIEWS))
    text = fill(rng.choice(REVIEWS[label]), rng)
    ending = rng.choice(REVIEW_ENDINGS[label])
    return Draw(rng.choice((text, f"{text} {ending}", f"{ending} {text}")), label)


SENTIMENT = Family(
    "sentiment",
    "A",
    (
        "{Decide|Determine|Judge|Tell me|Say} whether the {review|comment|text} is positive or negative.",
        (
            "{Classify|Label|Sort|Rate|Mark} the {review|customer review|comment|opinion} as {positive or "
            "negative|negative or positive}."
        ),
        "Is {this|the} {review|comment|opinion|feedback} {positive or negative|negative or positive}?",
        (
            "{Identify|Detect|Find|Determine|Recognize} the {sentiment|mood|tone|attitude} of the "
            "{review|text|comment|sentence}."
        ),
        (
            "What is the {sentiment|mood|attitude|general feeling|tone} of {this|the} "
            "{review|text|comment|statement}?"
        ),
        "{Sentiment|Sentiment analysis|Review sentiment|Mood of the review|Opinion}",
        "{Sentiment|Positive or negative|Mood|Feeling}:",
        "{Positive or negative review?|Positive or negative?|Good or bad review?}",
        (
            "Does the {customer|writer|author|reviewer|person} {like|love|enjoy} it or not? {Answer|Reply} "
            "with positive or negative."
        ),
        (
            "Is the {customer|writer|author|reviewer|guest} {happy|satisfied|pleased} or "
            "{unhappy|dissatisfied|disappointed}? {Answer|Write|Say} positive or negative."
        ),
        (
            "I {need|want|would like} to know {if|whether} this {review|comment|opinion} is {positive or "
            "negative|good or bad}."
        ),
        (
            "Here is {a|one} {review|customer comment|piece of feedback}. {Is it positive or negative?|Tell "
            "me whether it is positive or negative.|Label it as positive or negative.}"
        ),
        (
            "Read the {review|comment|feedback} and {say|decide|write} {whether|if} {it is positive or "
            "negative|the opinion is positive or negative|it sounds positive or negative}."
        ),
        "{Perform|Do|Run} {a sentiment analysis of|sentiment classification on} the {review|text|comment}.",
        (
            "{Does the {review|comment} sound|Do you find the {review|comment|feedback}} {positive or "
            "negative|more positive or more negative}?"
        ),
        (
            "How does the {writer|author|customer|reviewer|speaker} feel about {it|this|the thing}: positive "
            "or negative?"
        ),
        (
            "{I wonder|Tell me|I am curious} {whether|if} the {customer|guest|reviewer|writer} {was "
            "happy|was satisfied|liked it}. {Answer|Say} positive or negative."
        ),
        (
            "{Choose|Pick|Select} the {right|correct} {sentiment|label} for the {review|comment|text}: "
            "positive or negative."
        ),
        (
            "{Analyze|Evaluate|Assess|Judge} the {opinion|feeling|sentiment|emotion} {expressed "
            "in|behind|of} the {review|text|comment}."
        ),
        (
            "{Given a|For the given|For this} {review|customer comment}, {state|output|predict|say} {whether "
            "it is positive or negative|its sentiment}."
        ),
        (
            "{Write|Put|Answer} positive if the {customer|writer|reviewer} {is happy|likes it|is satisfied} "
            "and negative if not."
        ),
        (
            "What {kind|sort|type} of {review|feedback|opinion} is this, {positive or negative|a positive or "
            "a negative one}?"
        ),
        (
            "Is {this|it} {praise or a complaint|a good review or a bad one|a happy or an unhappy customer}? "
            "Answer positive or negative."
        ),
        (
            "What does the {customer|reviewer|guest} think{ of it|}: {is|was} the {experience|opinion|view} "
            "positive or negative?"
        ),
        (
            "The {review|comment|feedback} {is either positive or negative|can be positive or negative}. "
            "{Which one is it|Which is it|What is it}?"
        ),
        (
            "{Is|Would you call} the {emotion|feeling|mood|attitude} in {this|the} {text|review|sentence} "
            "positive or negative?"
        ),
        (
            "Did the {customer|reviewer|writer|guest} have a good or a bad {experience|time}? Use positive "
            "or negative as your answer."
        ),
        (
            "{Predict|Guess|Work out} {the sentiment label|the sentiment|the polarity} of the "
            "{review|customer feedback|comment}."
        ),
        "My {shop|hotel|company} {got|received} {this|a} {review|comment}. Is it positive or negative?",
    ),
    _review,
)


_TOPICS = "{sports, food, weather, travel, music or health|food, health, music, sports, travel or weather}"


TOPIC = Family(
    "topic",
    "A",
    (
        f"{{Choose|Pick|Select|Find}} the {{topic|subject|theme}} of the {{text|sentence|news}}: {_TOPICS}.",
        (
            f"{{Classify|Label|Sort|Categorize}} the {{text|sentence|headline}} {{by topic|by subject|by "
            f"theme}}: {_TOPICS}."
        ),
        f"What is the {{text|sentence|passage}} about: {_TOPICS}?",
        f"Is {{this|the}} {{text|sentence|piece of news}} about {_TOPICS}?",
        "What is the {topic|main topic|general topic|subject|theme} of {this|the} {text|sentence|passage}?",
        (
            "{Identify|Determine|Name|Detect|Give} the {topic|main topic|subject area|theme} of the "
            "{text|sentence|passage|news}."
        ),
        "{Topic|Topic of the text|Text topic|Subject area|Theme|News category}",
        "{Topic|Theme|Subject of the text|What the text is about|Newspaper section}:",
        (
            "Which {topic|theme|subject area} does {this|the} {text|sentence|passage} {belong to|talk "
            "about|deal with|cover}?"
        ),
        (
            "{What|In one word, what} {is this text about|does this text talk about|does the writer talk "
            "about|is the sentence about}?"
        ),
        (
            f"Which of these {{topics|themes|subjects}} fits the {{text|sentence|passage}} {{best|most}}: "
            f"{_TOPICS}?"
        ),
        (
            "I {need|want|would like} to know {the topic of this text|what topic this text is about|which "
            "topic this sentence belongs to}."
        ),
        (
            "Here is a {short text|sentence|piece of news}. {What is its topic?|Name its topic.|Which topic "
            "does it belong to?}"
        ),
        (
            "Read the {text|sentence|passage} and {say|write|tell me} {what it is about|which topic it "
            "has|which theme it has} in one word."
        ),
        f"Put the {{text|sentence|article}} {{into|in}} the right {{category|section|topic}}: {_TOPICS}.",
        (
            "{In which section of {a|the} newspaper {would you put|would we find}|Which newspaper section "
            "fits} this {sentence|text|piece of news}?"
        ),
        "{Assign|Give|Add} a {topic|topic label|theme} to the {text|sentence|article|passage}.",
        f"The {{text|sentence}} is about one of these: {_TOPICS}. {{Which one is it|Which one}}?",
        "{Sum up|Say} the {topic|theme} of the {text|sentence} in {one word|a single word}.",
        (
            "{I wonder|Tell me|I am curious} {what topic this text has|which topic the text is about|which "
            "subject area the sentence is about}."
        ),
        (
            "{Given a short text|For the given text|For this sentence}, {output|state|write down} {its "
            "topic|the topic it is about}."
        ),
        f"{{What|Which}} {{label|tag|heading}} {{fits|suits}} this {{text|sentence}}: {_TOPICS}?",
        (
            "What {is the author|is the speaker|is the writer} {talking|writing|speaking} about {in "
            "general|here}? Name the topic."
        ),
        (
            f"{{Tag|Mark}} the {{text|sentence|article}} with {{a topic from this list|one of these "
            f"topics|the right theme}}: {_TOPICS}."
        ),
        (
            f"{{Decide|Determine|Say}} {{whether|if}} the {{text|sentence}} {{deals with|is about|talks "
            f"about}} {_TOPICS}."
        ),
        f"Topic of the {{text|sentence}} ({_TOPICS})",
        (
            "{Do a topic classification of|Find the right topic for|Tell me the topic of} the "
            "{text|sentence|passage|news item}."
        ),
        "To which {area|field|topic} {does|would} {this|the} {text|sentence|passage} belong?",
    ),
    labelled(TOPIC_TEXTS),
)


SPAM = Family(
    "spam",
    "A",
    (
        (
            "{Decide|Determine|Judge|Tell me|Say} {whether|if} the {message|email|mail|text} is spam or not "
            "spam."
        ),
        "{Classify|Label|Mark|Sort|Flag} the {message|email|mail} as {spam or not spam|not spam or spam}.",
        "Is {this|the} {message|email|mail|letter} spam{ or not spam| or not|}?",
        "{Spam check|Spam filter|Spam detection|Spam or not spam|Spam test}",
        "{Spam check|Spam|Spam or not spam|Spam filter result}:",
        "{Spam or not?|Spam or not spam?|Junk mail or not?}",
        "{Detect|Check|Find out} {whether|if} {this|the} {email|message|mail} is {spam|junk|junk mail}.",
        (
            "{Would|Should} a spam filter {block|stop|catch} this {message|email|mail}? {Answer|Reply} with "
            "spam or not spam."
        ),
        (
            "Is this {message|email|mail} {real or junk|honest or a trick|normal mail or junk}? "
            "{Answer|Write|Say} spam or not spam."
        ),
        (
            "I {need|want|would like} to know {if|whether} this {message|email|mail} is {spam|junk mail|spam "
            "or not}."
        ),
        (
            "Here is {a|an incoming} {message|mail}. {Is it spam or not?|Tell me whether it is spam.|Label "
            "it as spam or not spam.}"
        ),
        (
            "Read the {email|message|mail} and {say|decide|write} {whether|if} it is {spam|spam or not "
            "spam|junk or not}."
        ),
        "{Act as|Work as|Be} a {spam filter|mail filter}: is {this|the} {message|email} spam or not spam?",
        (
            "{Does this {message|email|mail} look like|Do you think this {message|email|mail} is|Would you "
            "call this {message|mail}} {spam|spam or not spam}?"
        ),
        (
            "Should {I|we} {trust this message|trust this email|believe this message}? {Answer|Say} spam or "
            "not spam."
        ),
        (
            "{Does|Would} the {message|email|mail} {go|belong} {in|into} the {spam folder|junk folder} or "
            "the inbox? Answer with spam or not spam."
        ),
        (
            "{Given a|For the given|For this} {message|mail}, {state|output|predict|say} {whether it is "
            "spam|if it is spam or not spam}."
        ),
        (
            "{Write|Put|Answer} spam if the {message|email|mail} is {junk|a trick|unwanted advertising} and "
            "not spam {if it is normal|otherwise}."
        ),
        (
            "{I wonder|I am not sure|Find out} {whether|if} {someone is trying to cheat me|this mail is a "
            "trick|this message is a scam}. Is it spam or not spam?"
        ),
        (
            "Is this {a scam|unwanted advertising|a trick|a fake message|junk}? {Use|Answer with} spam or "
            "not spam."
        ),
        "{Choose|Pick|Select} the {right|correct} label for the {message|email|mail}: spam or not spam.",
        "What {kind|sort|type} of {message|mail} is this, spam or not spam?",
        "{Filter|Check|Inspect|Screen} {this|the} {email|message|mail} for spam.",
        "{I received|My friend received|I got} {this|a strange} {email|message|mail}. Is it spam{ or not|}?",
        "The {message|email} is either spam or not spam. {Which one is it|Which is it|What do you think}?",
        "{Can|Could} this {message|email|mail} be {spam|junk mail|a scam}{ or is it not spam| or not|}?",
        (
            "{Predict|Give|Name} the {spam label|label} of the {message|email|mail}{, spam or not spam|: "
            "spam or not spam}."
        ),
        (
            "{Separate junk mail from normal mail|Tell spam from normal mail}: {is this message spam or not "
            "spam|is this one spam or not spam}?"
        ),
    ),
    labelled(MAIL),
)


_INTENTS = (
    "{order, refund, delivery, booking, cancellation or opening hours"
    "|booking, cancellation, delivery, opening hours, order or refund}"
)


INTENT = Family(
    "intent",
    "A",
    (
        f"{{Choose|Pick|Select|Find}} the {{intent|purpose|aim}} of the customer message: {_INTENTS}.",
        (
            f"{{Classify|Label|Sort|Categorize}} the {{customer message|customer request|message by its "
            f"intent}}: {_INTENTS}."
        ),
        f"What does the {{customer|client|caller|guest}} want: {_INTENTS}?",
        f"Is {{this|the}} customer {{message|request|question}} about {_INTENTS}?",
        (
            "What is the {intent|intention|purpose|aim|goal} of {this|the} {customer|customer's "
            "message|client|customer message}?"
        ),
        (
            "{Identify|Determine|Name|Detect|Recognize} the {intent|intention|purpose} of the "
            "{customer|customer message|customer's message|client}."
        ),
        "{Intent|Customer intent|Intent of the message|Request type|Reason for contact|Customer need}",
        "{Intent|Customer intent|The customer wants|Purpose of the message|Type of request}:",
        (
            "{What|Which} {kind|type|sort} of {request|customer message|customer request|customer question} "
            "is this?"
        ),
        (
            f"Which {{intent|request type|reason}} fits this customer {{message|question}} {{best|most}}: "
            f"{_INTENTS}?"
        ),
        "Why {did|does} {the|this} {customer|client} {write|contact us|send this message}?",
        (
            "I {need|want|would like} to know {the intent of this customer|what this customer wants|why this "
            "customer is writing}."
        ),
        (
            "Here is a {customer message|message from a customer}. {What is its intent?|Name the "
            "intent.|What does the customer want?}"
        ),
        (
            "Read the customer's {message|question|request} and {say|write|tell me} {what they want|what the "
            "intent is|what it is for}."
        ),
        (
            f"{{Which|What}} {{department|team|desk}} should {{get|receive|answer|handle}} this customer "
            f"message: {_INTENTS}?"
        ),
        (
            f"{{Send|Route|Forward}} the customer {{message|request}} to the right {{team|department|desk}}: "
            f"{_INTENTS}."
        ),
        (
            "You {work for|help in} {customer service|a shop|a support team}. {Name the intent of the "
            "message.|What does the customer want?}"
        ),
        (
            "{Assign|Give|Add} {an intent|an intent label} to the {customer message|message of the "
            "customer|customer request}."
        ),
        f"The customer {{message|request}} is about one of these: {_INTENTS}. {{Which one is it|Which one}}?",
        "{I wonder|Tell me|Find out} what {the|this} {customer|client|caller} {wants|needs|is asking for}.",
        (
            "{Given a customer message|For the given customer message}, {output|state|write down} {its "
            "intent|the intent|the purpose}."
        ),
        (
            f"{{What|Which}} {{tag|label}} {{fits|suits}} this customer {{message|request|question}}: "
            f"{_INTENTS}?"
        ),
        "{What|Which service} {is the customer asking for|does the customer need|does the client ask for}?",
        (
            f"{{Tag|Mark}} the {{customer message|customer request}} with {{one of these intents|the right "
            f"intent}}: {_INTENTS}."
        ),
        (
            f"{{Decide|Determine|Say}} {{whether|if}} the customer's {{message|request|question}} {{is "
            f"about|concerns|means}} {_INTENTS}."
        ),
        f"Customer intent ({_INTENTS})",
        (
            "{A customer wrote to us|A customer sent this|This came from a customer}. What is the "
            "{intent|purpose|reason}?"
        ),
        (
            "{Do an intent classification of|Find the right intent for|Tell me the purpose of} the customer "
            "{message|request|question}."
        ),
    ),
    labelled(CUSTOMER_MESSAGES),
)


URGENT = Family(
    "urgency",
    "A",
    (
        (
            "{Decide|Determine|Judge|Tell me|Say} {whether|if} the {message|text|request|note} is urgent or "
            "not urgent."
        ),
        (
            "{Classify|Label|Mark|Sort} the {message|text|request|note} as {urgent or not urgent|not urgent "
            "or urgent}."
        ),
        "Is {this|the} {message|request|note|text} urgent{ or not urgent| or not|}?",
        "{Urgency|Urgency check|Urgent or not urgent|Priority of the message|Level of urgency}",
        "{Urgency|Urgent or not urgent|How urgent|Urgency level}:",
        "{Urgent or not?|Urgent or not urgent?|Emergency or not?}",
        "{Check|Find out|Assess|Evaluate} {whether|if} {this|the} {message|request|note} is urgent.",
        "How urgent is {this|the} {message|request|note}? {Answer|Reply|Write} urgent or not urgent.",
        (
            "{Does someone have to|Does somebody need to|Must somebody} {act|react|help} {at "
            "once|immediately|right away}? Answer urgent or not urgent."
        ),
        (
            "Can {this|the} {message|matter|request|note} wait{ until later| until tomorrow|}? "
            "{Answer|Say|Reply} urgent or not urgent."
        ),
        (
            "I {need|want|would like} to know {if|whether} this {message|request|note} is {urgent|urgent or "
            "not}."
        ),
        (
            "Here is {a|one} {message|note}. {Is it urgent or not?|Tell me whether it is urgent.|Label it as "
            "urgent or not urgent.}"
        ),
        (
            "Read the {message|note|request} and {say|decide|write} {whether|if} it is {urgent|urgent or not "
            "urgent|urgent or can wait}."
        ),
        (
            "{Do I have to|Should I|Do we need to} {hurry|react quickly|answer immediately}? Say urgent or "
            "not urgent."
        ),
        (
            "{Is there|Do you see} {any hurry|an emergency|a need to hurry} in this {message|note}? Answer "
            "urgent or not urgent."
        ),
        (
            "{Does this {message|request} need|Do you think this {message|request} needs} {a quick "
            "reaction|an answer at once|help at once}? Write urgent or not urgent."
        ),
        (
            "{Given a|For the given|For this} {message|note|request}, {state|output|predict|say} {whether it "
            "is urgent|if it is urgent or not urgent}."
        ),
        (
            "{Write|Put|Answer} urgent if {someone must act now|it cannot wait|it is an emergency} and not "
            "urgent {if it can wait|otherwise}."
        ),
        (
            "{Choose|Pick|Select} the {right|correct} {urgency|priority|label} for the "
            "{message|request|note}: urgent or not urgent."
        ),
        (
            "{Rate|Judge|Estimate|Give} the {urgency|priority} of the {message|request|note}{: urgent or not "
            "urgent|, urgent or not urgent}."
        ),
        (
            "Is {it|this} {an emergency|a very important matter|something that needs action now} or can it "
            "wait? Answer urgent or not urgent."
        ),
        (
            "{Does the|Must the} {message|request} {get|have} {high priority|top priority}? {Answer|Say} "
            "urgent or not urgent."
        ),
        "{I got|We received|Our team received} {this|a} {message|note}. {Is it urgent or not|Is it urgent}?",
        (
            "The {message|request|note} is either urgent or not urgent. {Which one is it|Is it urgent or "
            "not|Which is it}?"
        ),
        (
            "{I wonder|I am not sure|Tell me} {whether|if} I {have to hurry|can wait|must act now}. Is the "
            "message urgent or not urgent?"
        ),
        (
            "What is the {priority|urgency|level of urgency} of {this|the} {message|note|request}: urgent or "
            "not urgent?"
        ),
        (
            "{Tell|Separate} urgent from {non-urgent|other} {messages|notes}: {is this one urgent or not "
            "urgent|which kind is this one}?"
        ),
        (
            "{Should|Must} this {message|request|note} be {answered|handled|read} {first|before all "
            "others|right now}? Use urgent or not urgent."
        ),
    ),
    labelled(URGENCY),
)


FORMALITY = Family(
    "formality",
    "A",
    (
        (
            "{Decide|Determine|Judge|Tell me|Say} {whether|if} the {message|text|sentence} is formal or "
            "informal."
        ),
        "{Classify|Label|Mark|Sort} the {message|text|sentence} as {formal or informal|informal or formal}.",
        "Is {this|the} {message|text|sentence|style} {formal or informal|informal or formal}?",
        "{Formality|Formal or informal|Register|Style of the text|Level of formality|Style}",
        "{Formality|Formal or informal|Register|Style}:",
        "{Formal or informal?|Formal or informal style?|Formal or casual?}",
        (
            "{Identify|Name|Determine|Detect|Give} the {register|style|level of formality|formality} of the "
            "{message|text|sentence}."
        ),
        (
            "What is the {register|style|level of formality} of {this|the} {message|text|sentence}{|: formal "
            "or informal}?"
        ),
        "How formal is {this|the} {message|text|sentence}? {Answer|Reply|Write} formal or informal.",
        (
            "Is the {language|wording|style} {official|serious|polite and official} or "
            "{casual|relaxed|chatty}? {Answer|Say} formal or informal."
        ),
        (
            "I {need|want|would like} to know {if|whether} this {message|text|sentence} is {formal or "
            "informal|formal}."
        ),
        (
            "Here is {a|one} {message|short text|line}. {Is it formal or informal?|Label it as formal or "
            "informal.|Say whether it is formal or informal.}"
        ),
        (
            "Read the {message|text|sentence} and {say|decide|write} {whether|if} {it is formal or "
            "informal|the style is formal or informal}."
        ),
        (
            "{Would you rather|Would people rather} {write|send|say} this to a {close friend or to a "
            "boss|buddy or to an office}? {Answer|Say|Reply} formal or informal."
        ),
        (
            "Does the {message|text} {sound formal or casual|sound like a business letter or like a chat}? "
            "Use formal or informal."
        ),
        (
            "{Is it|Is this} {a letter to an office or a chat with a friend|business language or everyday "
            "slang}? Answer formal or informal."
        ),
        (
            "{Given a|For the given|For this} {message|text|line}, {state|output|predict|say} {whether it is "
            "formal or informal|its style: formal or informal}."
        ),
        (
            "{Write|Put|Answer} formal if the {text|message} {is official|suits a business letter|is written "
            "in official style} and informal {if it is casual|otherwise}."
        ),
        (
            "{Choose|Pick|Select} the {right|correct} {style|register|label} for the "
            "{message|text|sentence}: formal or informal."
        ),
        "What {kind|sort|type} of {style|language|tone} is this, formal or informal?",
        (
            "The {message|text} {is either formal or informal|can be formal or informal}. {Which one is "
            "it|Which is it|What is it}?"
        ),
        (
            "{I wonder|I am not sure|Tell me} {whether|if} this {message|text} is {formal enough for a "
            "letter|casual or official}. Answer formal or informal."
        ),
        "{Rate|Assess|Judge|Evaluate} the {formality|level of formality} of the {message|text|sentence}.",
        (
            "{Does|Did} the {writer|author|speaker} {use|choose} {formal or informal|informal or formal} "
            "{language|words|style}?"
        ),
        (
            "{In which|In what} {style|register} is {this|the} {message|text|sentence} written{|, formal or "
            "informal}?"
        ),
        "{Is|Would you call} the {way of speaking|way of writing|choice of words} formal or informal?",
        (
            "{Check|Find out|Work out} {whether|if} the {message|text} is {formal or informal|written in a "
            "formal style or not: formal or informal}."
        ),
        (
            "{Formal letter or casual chat|Office language or slang}? {Answer with|Write|Say} formal or "
            "informal."
        ),
    ),
    labelled(TONES),
)

FAMILIES: tuple[Family, ...] = (
    SENTIMENT,
    TOPIC,
    SPAM,
    INTENT,
    URGENT,
    FORMALITY,
)
