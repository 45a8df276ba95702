"""Families that rewrite a sentence: a name or a color replaced, two sentences joined, facts told."""

from __future__ import annotations

import random

from .facts import (
    CITIES,
    COLORS,
    DAYS,
    JOBS,
    with_article,
)
from .frames import (
    ACTIONS,
    SKILLS,
    STATES,
    capital,
    person,
    subject_of,
)
from .grammar import Draw, Family
from .texts import (
    GOODS,
)


def _lives(rng: random.Random, name: str) -> str:
    """Draw a sentence about one person that begins with the name."""
    action, goods = rng.choice(ACTIONS), rng.choice(GOODS)
    return rng.choice((
        f"{name} lives in {rng.choice(CITIES)}.", f"{name} is {rng.choice(STATES)}.",
        f"{name} can {rng.choice(SKILLS)}.", f"{name} {action.present} {action.rest}.",
        f"{name} {action.past} {action.rest} on {rng.choice(DAYS)}.",
        f"{name} works as {with_article(rng.choice(tuple(JOBS)))}.",
        f"{name} has {with_article(rng.choice(COLORS))} {goods}.",
        f"{name} will {action.base} {action.rest} tomorrow.",
        f"{name} wants to {action.base} {action.rest}.", f"{name} likes {rng.choice(CITIES)}.",
    ))  # fmt: skip


def _anonymize(rng: random.Random) -> Draw:
    name, goods, city = person(rng), rng.choice(GOODS), rng.choice(CITIES)
    text = rng.choice((
        _lives(rng, name), _lives(rng, name), f"The {rng.choice(COLORS)} {goods} belongs to {name}.",
        f"I met {name} in {city}.", f"Please call {name} on {rng.choice(DAYS)}.",
        f"This letter is from {name}.", f"We visited {name} in {city}.", f"My friend {name} lives in {city}.",
    ))  # fmt: skip
    return Draw(text, text.replace(name, "[name]"))


ANONYMIZE = Family(
    "anonymize",
    "A",
    (
        (
            "{Replace the {person's name|first name|person} with|Change the {person's name|name of the "
            "person} to|{Exchange|Swap} the {name of the person|first name} for} [name]."
        ),
        "{Anonymize|Make anonymous|De-identify} the {sentence|text|message}.",
        (
            "{{Hide|Conceal} the {person's name|name} behind|{Mask|Cover} the {name of the person|person's "
            "name} with|Black out the name and write} [name]."
        ),
        "{Anonymize|Anonymous version|Anonymous sentence|Name removal|Without the name}",
        "{Anonymized|Anonymous version|Anonymous sentence|With [name] for the name}:",
        "{Write|Put|Insert|Use} [name] {instead of|in place of} the {person's name|name|name of the person}.",
        (
            "{Remove|Delete|Take out|Erase} the {person's name|name of the person} and {write|put} [name] "
            "{there|in its place}."
        ),
        "What {is|would be} the anonymous version of {this|the} {sentence|text}?",
        (
            "How does the {sentence|text} {look|read} {with [name] instead of the name|when the name is "
            "hidden|without the real name}?"
        ),
        (
            "{Protect|Respect} the {privacy of the person|person's privacy}{: put [name] for the name|: hide "
            "the name|}."
        ),
        (
            "I {need|want|would like} {the anonymous version of this sentence|this sentence with [name] for "
            "the name|this text without the person's name}."
        ),
        (
            "Here is a sentence {with|that contains} a name. {Make it anonymous.|Hide the name.|Put [name] "
            "in its place.}"
        ),
        (
            "{Nobody should|No one may|No reader should} {know|learn|see} who {it is|this is about}: {hide "
            "the name|use [name]}."
        ),
        (
            "{Rewrite|Repeat|Copy} the {sentence|text} with [name] {instead of|in place of} the "
            "{name|person's name|real name}."
        ),
        "The name of the person is {private|secret|personal}. {Mask it.|Hide it.|Put [name] for it.}",
        "Could you {hide|mask|remove} the {person's name|name|personal data} in {this|the} {sentence|text}?",
        (
            "{Remove {personal data|personal information} from|{Mask|Hide} the {personal data|personal "
            "information} in} the {sentence|text}."
        ),
        (
            "{Given a|For the given|For this} {sentence|text}, {write|output|give} {the anonymous "
            "version|the version with [name]|it again with the name hidden}."
        ),
        "{Make|Keep} the person {in the sentence|in the text|} {anonymous|nameless|unknown}.",
        (
            "{Turn|Change|Convert} the {sentence|text} into {an anonymous one|an anonymous sentence|one "
            "without a real name}."
        ),
        "{Censor|Blank out|Block out} the {name|person's name|first name} in the {sentence|text}.",
        (
            "{Use|Write|Set} {the placeholder|the mark|the tag} [name] for {every|the} {name|person|person's "
            "name}."
        ),
        (
            "{We may not publish|I cannot publish|It is not allowed to print} the {person's name|real name}. "
            "{Put [name] instead.|Anonymize the sentence.}"
        ),
        (
            "{Who it is must stay|The person must stay|The name must stay} {secret|hidden}. {Rewrite the "
            "sentence.|Write the sentence with [name].}"
        ),
        (
            "{Substitute|Write} [name] for the {person|name|person's name|name of the person} in the "
            "{sentence|text}."
        ),
        "{Privacy task|Data protection}: {hide the name|mask the person|replace the name with [name]}.",
    ),
    _anonymize,
)


# "orange" would change the article before it.
_PAINTS: tuple[str, ...] = tuple(color for color in COLORS if color != "orange")


def _replace_color(rng: random.Random) -> Draw:
    name, (old, new), goods = person(rng), rng.sample(_PAINTS, 2), rng.choice(GOODS)
    frame = rng.choice((
        f"{name} has a <color> {goods}.", f"The {goods} of {name} is <color>.",
        f"The <color> {goods} belongs to {name}.",
        f"{name} bought a <color> {goods}.", "We painted the door <color>.",
        f"The <color> {goods} is on the table.",
        f"I saw a <color> car in {rng.choice(CITIES)}.", f"My new {goods} is <color>.",
    ))  # fmt: skip
    return Draw(f"{frame.replace('<color>', old)} New color: {new}", frame.replace("<color>", new))


REPLACE_COLOR = Family(
    "replace_color",
    "A",
    (
        (
            "{Replace the {color|color word} in the sentence with|{Exchange|Swap} the {color|color word} in "
            "the sentence for|Change the color in the sentence to} the new {color|one}."
        ),
        "{Change|Set} the color in the sentence to the {new color|color given after it|new one}.",
        (
            "{Use|Write|Put} the new color {instead of|in place of} the {old one|old color|color in the "
            "sentence}."
        ),
        "{Change of color|Color change|New color in the sentence|Sentence with the new color}",
        "{Color changed|With the new color|New sentence|Sentence with the new color}:",
        "How does the sentence {look|read|sound} {with the new color|when the color is changed}?",
        "What {is|would be|will be} the sentence {with the new color|after the change of color}?",
        "{Rewrite|Repeat|Copy} the sentence {with the new color|but use the new color|using the new color}.",
        "{Recolor|Repaint} the {thing|object} in the sentence{ with the new color|}.",
        (
            "I {need|want|would like} the {same|given} sentence {with the new color|in the new color|but "
            "with the new color}."
        ),
        (
            "Here {is|you see} a sentence and a new color. {Put the new color into the sentence.|Change the "
            "color.|Swap the color.}"
        ),
        (
            "The {thing|object} {gets|now has|is now painted in} {a new color|the new color}. "
            "{Rewrite|Change|Write} the sentence."
        ),
        "{Take out|Remove|Delete} the old color and {put in|insert|write} the new {color|one}.",
        (
            "{Given a sentence and a new color|For the given sentence and color}, {write|output|give} the "
            "{changed|new} sentence."
        ),
        "{Edit|Correct|Update|Adapt} the color {word|} in the sentence{: use the new one|}.",
        (
            "The color in the sentence is wrong. {Write it with the new color.|Use the new color.|Put the "
            "new color there.}"
        ),
        "Could you {change|replace|swap} the color in {this|the} sentence{ for me|}?",
        "Substitute the new color for the {old color|color in the sentence|old one}.",
        "Paint the {thing|object} in the sentence in the new color: {rewrite|write} the sentence.",
        "{Keep|Leave} everything the same, {only change the color|but use the new color}.",
        "{Which|What} sentence do {you|we} get {with the new color|if the color changes to the new one}?",
        "{Modify|Alter} the sentence so that it {has|uses|names} the new color.",
        (
            "{At the end you see|After the sentence comes|After the sentence stands} a new color. {Use it in "
            "the sentence.|Put it into the sentence.}"
        ),
        "{Old color out, new color in|Old color out and new color in}: {rewrite|write} the sentence.",
        "{Say|Write|Tell me} the sentence {again|once more} with the {new|other|given} color.",
        (
            "{Color exercise|Editing task|Editing exercise}: {replace the old color by the new one|swap the "
            "colors|put in the new color}."
        ),
    ),
    _replace_color,
)


def _pronoun(rng: random.Random) -> Draw:
    name = person(rng)
    text = _lives(rng, name)
    return Draw(text, capital(subject_of(name)) + text.removeprefix(name))


PRONOUN = Family(
    "pronoun",
    "A",
    (
        (
            "{Replace the {name|person's name|subject} with|{Exchange|Swap} the {name|first name|subject} "
            "for|Change the {name|person's name} to} {a pronoun|he or she|the right pronoun}."
        ),
        (
            "{Use|Write|Put} {a pronoun|he or she|the right pronoun} {instead of|in place of} the "
            "{name|person's name|subject}."
        ),
        (
            "{Rewrite|Repeat|Write} the sentence with {he or she|a pronoun|the right pronoun}{ instead of "
            "the name| for the name|}."
        ),
        "{Sentence with a pronoun|Pronoun instead of the name|He or she instead of the name|Pronoun version}",
        "{With a pronoun|With he or she|Pronoun version|Pronoun for the name}:",
        (
            "How {does the sentence sound|does the sentence look|do you say it} with {he or she|a pronoun}{ "
            "instead of the name|}?"
        ),
        (
            "What is the sentence with {a pronoun|he or she|the right pronoun} {for|in place of} the "
            "{name|person}?"
        ),
        (
            "{Substitute|Use} {he or she|a pronoun|the right pronoun} for the {name|person|subject|name of "
            "the person}."
        ),
        (
            "{Do not repeat|Avoid|Do not use} the {name|person's name}. {Use he or she.|Write a pronoun.|Say "
            "he or she.}"
        ),
        (
            "I {need|want|would like} {this|the} sentence with {a pronoun|he or she|the right pronoun}{ for "
            "the name| as the subject|}."
        ),
        (
            "Here is a sentence with a {name|person's name}. {Use a pronoun for it.|Put he or she in its "
            "place.|Change the name to a pronoun.}"
        ),
        "{Is it he or she?|He or she?} {Rewrite|Write} the sentence without the name.",
        (
            "{Given a|For the given|For this} sentence, {write|output|give} {it with he or she|the version "
            "with a pronoun} for the name."
        ),
        (
            "{Could you|Can you} {replace the name with|swap the name for|exchange the name for} {he or "
            "she|a pronoun}?"
        ),
        "{Change|Turn} the {name|noun at the beginning|name of the person} into {a pronoun|he or she}.",
        (
            "{Grammar task|Grammar exercise}: {use a pronoun for the name|replace the subject with he or "
            "she|name to pronoun}."
        ),
        "{Decide|Choose} between he and she and {rewrite|write} the sentence{ with it|}.",
        (
            "{The reader|Everyone} {already knows|knows} who it is. {Use a pronoun.|Use he or she.|Write he "
            "or she for the name.}"
        ),
        (
            "{Insert|Write} the {correct|right|fitting} {personal pronoun|pronoun} {for|in place of} the "
            "{name|person}."
        ),
        "{Remove|Take out|Delete} the name and {put in|use|write} {he or she|a pronoun|the right pronoun}.",
        (
            "{Say|Write|Tell} the same {again |}{with he or she|with a pronoun|without the name, using he or "
            "she}."
        ),
        (
            "{Make {he or she|a personal pronoun} the subject|Let {he or she|a pronoun} be the subject} of "
            "the sentence."
        ),
        (
            "{Which pronoun fits the person?|Which pronoun fits the name?} {Write the sentence with "
            "it.|Rewrite the sentence with it.}"
        ),
        (
            "{Begin|Start} the sentence with {he or she|a pronoun} {instead of|and not with} the {name|first "
            "name}."
        ),
        (
            "{Is the person a man or a woman?|Man or woman?} {Write he or she for the name.|Use he or she in "
            "the sentence.}"
        ),
        "{From name to pronoun|Name to pronoun}: {rewrite|change|convert} the sentence.",
    ),
    _pronoun,
)


def _facts_to_sentence(rng: random.Random) -> Draw:
    # Ages from 20 to 79 all take "a"; 80 and 11 would take "an".
    name, age, job, city = person(rng), rng.randint(20, 79), rng.choice(tuple(JOBS)), rng.choice(CITIES)
    facts = f"Name: {name}, Age: {age}, Job: {job}, City: {city}"
    return Draw(facts, f"{name} is a {age}-year-old {job} from {city}.")


FACTS_TO_SENTENCE = Family(
    "facts_to_sentence",
    "A",
    (
        (
            "{Write|Make|Form|Build|Create} {a|one} sentence {from|out of|with} the "
            "{facts|data|details|information}."
        ),
        (
            "{Turn|Change|Convert|Transform} the {facts|data|details|profile|list of facts} into {a|one} "
            "sentence."
        ),
        "{Describe|Introduce|Present} the person in {one|a single|a} sentence.",
        (
            "{Facts to sentence|Sentence about the person|Description of the person|Sentence from the "
            "facts|Short introduction}"
        ),
        "{Sentence|Sentence about the person|Description|Introduction}:",
        "{Combine|Join|Put} the {facts|data|details} into {one|a single|a} sentence.",
        (
            "{Use|Take} the {facts|data|details|information} to {write a sentence about|describe|introduce} "
            "the person."
        ),
        "How {would|do} you {introduce|describe|present} this person in {one|a} sentence?",
        (
            "{What|Which} sentence {tells|gives|contains} {all these facts|all the facts about the "
            "person|all of this}?"
        ),
        (
            "I {need|want|would like} a sentence {about this person|that tells all these facts|with all this "
            "information}."
        ),
        (
            "Here are {some|the} facts about {a person|somebody}. {Write them as a sentence.|Make a "
            "sentence.|Describe the person.}"
        ),
        (
            "{Given the|For the given|With these} {facts|details}, {write|output|give} {a sentence|one full "
            "sentence|a full sentence}."
        ),
        "{Who is this person?|Who is it?} {Answer|Say it|Tell me} in {one|a} {full |}sentence.",
        (
            "{Write|Give|Draft} a {short|brief|one-sentence} {description|introduction|profile "
            "text|biography} of {this|the} person."
        ),
        "{Tell|Say|Express} the {facts|details} in {a|one} {full|whole|complete} sentence.",
        (
            "{Could you|Can you} {write a sentence about this person|put these facts into a sentence|make a "
            "sentence of these facts}?"
        ),
        "{Summarize|Sum up} the {facts|profile|details} in {one|a} sentence.",
        "{Put|Pack} {name, age, job and city|all four facts|the four facts} into {one|a} sentence.",
        "{I wonder|Show me|Tell me} how {these facts sound|this profile sounds} as {a|one} sentence.",
        (
            "The {list|profile|card|form} {gives|shows} facts about a person. {Write a sentence with "
            "them.|Make a sentence of it.}"
        ),
        "{From data to text|From form to text}: {write one sentence|describe the person}.",
        (
            "{Imagine|Suppose} you {introduce|present} this person to {others|a friend|the class}. {Say one "
            "sentence.|What do you say?}"
        ),
        "{State|Mention} {the name, age, job and city|all facts} {of the person |}in one sentence.",
        "{Rewrite|Rephrase} the {list|list of facts|profile|facts} as a {full |normal |}sentence.",
        (
            "{Make|Write} a {sentence|text of one sentence} {about|on} the person {described|listed|in the "
            "list}."
        ),
        (
            "{Read the facts|Look at the facts} and {write a sentence|describe the person in a sentence|make "
            "one sentence}."
        ),
    ),
    _facts_to_sentence,
)


# What somebody did and why; "<he>" is the pronoun of the person.
_REASONS: tuple[tuple[str, str], ...] = (
    ("stayed at home", "It was raining."), ("wore a coat", "It was cold."),
    ("opened the window", "It was hot."),
    ("went to bed", "<He> was tired."), ("ate a sandwich", "<He> was hungry."),
    ("drank water", "<He> was thirsty."),
    ("called the doctor", "<He> was sick."), ("took a taxi", "<He> was late."),
    ("took an umbrella", "It was raining."),
    ("turned on the lamp", "It was dark."), ("smiled", "<He> was happy."), ("cried", "<He> was sad."),
    ("bought a map", "<He> was lost."), ("washed the car", "It was dirty."),
    ("repaired the chair", "It was broken."),
    ("bought a new phone", "The old phone was broken."), ("missed the train", "<He> was late."),
    ("took the bus", "The car was broken."), ("closed the door", "It was cold."),
    ("ran home", "It was late."),
    ("won the game", "<He> was very strong."), ("shouted", "<He> was angry."),
    ("bought flowers", "They were beautiful."),
    ("went to the beach", "It was hot."), ("cleaned the kitchen", "It was dirty."),
)  # fmt: skip


def _because(rng: random.Random) -> Draw:
    name, (deed, reason) = person(rng), rng.choice(_REASONS)
    reason = reason.replace("<He>", capital(subject_of(name)))
    first = f"{name} {deed}"
    return Draw(f"{first}. {reason}", f"{first} because {reason[0].lower()}{reason[1:]}")


BECAUSE = Family(
    "combine_because",
    "A",
    (
        "{Combine|Join|Connect|Link|Merge} the {two |}sentences {with|using|by means of} because.",
        "{Make|Form|Write|Build} one sentence {from|out of} the two{ sentences|} {with|using} because.",
        "{Put|Insert|Use} {because|the word because} between the {two |}sentences.",
        "{Combine with because|Because sentence|One sentence with because|Join with because}",
        "{Combined with because|One sentence with because|With because}:",
        "How {can you|do you|would you} {join|combine|connect} the {two |}sentences with because?",
        "What is the {combined|joined|whole} sentence with because?",
        (
            "{Turn|Change|Merge} the two sentences into {one|a single one|one sentence} {with|that uses|that "
            "contains} because."
        ),
        (
            "{Give|Tell|State} the {action|event} and its {reason|cause} in {one|a single} sentence{ with "
            "because|}."
        ),
        (
            "I {need|want|would like} {one sentence with because|these two sentences joined with because|the "
            "two sentences as one, with because}."
        ),
        (
            "Here are two sentences. {Join them with because.|Connect them with because.|Make one sentence "
            "with because.}"
        ),
        (
            "The second sentence {gives|tells|is} the {reason|cause}. {Join the two.|Make one sentence of "
            "the two.|Combine them into one.}"
        ),
        (
            "{Given two sentences|For the given two sentences}, {write|output|give} {one sentence with "
            "because|them as one with because}."
        ),
        "{Could you|Can you} {link|join|connect} these {two |}sentences with because?",
        (
            "{Explain why|Say why|Tell why} it happened in {one|a single} sentence{: use because| with "
            "because|}."
        ),
        "{Use|Take} because {to make one sentence|to join the two sentences|as the joining word}.",
        "{Rewrite|Rephrase} the two sentences as one {with because|using because|sentence with because}.",
        (
            "{Grammar task|Grammar exercise}: {join the sentences with because|one sentence with "
            "because|connect cause and effect with because}."
        ),
        (
            "{Connect|Link|Join} {the effect and the cause|what happened and its reason|the result and the "
            "reason} in one sentence."
        ),
        "{Shorten|Reduce} the two sentences to one{ with because|, using because}.",
        "{Show|Express} the {reason|cause} {with because|by using because} in one sentence.",
        (
            "{I wonder|Show me|Tell me} how {these two sentences look|the two sentences sound} when {because "
            "joins them|we join them with because}."
        ),
        (
            "{Fuse|Bring together|Glue together} the {two |}sentences with {because|the conjunction "
            "because|the linking word because}."
        ),
        (
            "Two {short |}sentences should become one. {Use because.|Join them with because.|The linking "
            "word is because.}"
        ),
        (
            "{Why did it happen?|Why was that?} {Answer|Write it|Say it} in one sentence {with because|using "
            "both sentences and because}."
        ),
        "{Write|Say} the {two |}sentences {together|in one}, with because {in the middle|between them}.",
    ),
    _because,
)

FAMILIES: tuple[Family, ...] = (
    ANONYMIZE,
    REPLACE_COLOR,
    PRONOUN,
    FACTS_TO_SENTENCE,
    BECAUSE,
)
