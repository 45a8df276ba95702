"""Families about short lists of words: first, last, odd one out, category, count, membership."""

from __future__ import annotations

import random

from .facts import (
    ANIMALS,
    CITIES,
    CLOTHES,
    COLORS,
    COUNTRIES,
    DAYS,
    DRINKS,
    FRUITS,
    FURNITURE,
    JOBS,
    MONTHS,
    TOOLS,
    VEGETABLES,
    VEHICLES,
)
from .grammar import Draw, Family

# Words that belong to two of the groups are left out: orange is a fruit and a color, tuna is also food.
GROUPS: dict[str, tuple[str, ...]] = {
    "fruits": tuple(fruit for fruit in FRUITS if fruit != "orange"),
    "vegetables": VEGETABLES,
    "drinks": DRINKS,
    "animals": tuple(animal for animal in ANIMALS if animal not in ("bat", "tuna", "salmon", "chicken")),
    "colors": tuple(color for color in COLORS if color != "orange"),
    "clothes": CLOTHES,
    "furniture": FURNITURE,
    "vehicles": VEHICLES,
    "jobs": tuple(JOBS),
    "tools": tuple(TOOLS),
    "days": DAYS,
    "months": MONTHS,
    "cities": CITIES,
    "countries": tuple(country for country in COUNTRIES if " " not in country),
}


# An odd word from a near group (a drink among fruits) would leave room for another answer.
_NEAR: tuple[frozenset[str], ...] = (
    frozenset(("fruits", "vegetables", "drinks")),
    frozenset(("days", "months")),
    frozenset(("cities", "countries")),
    frozenset(("furniture", "tools")),
)


MIXED_WORDS: tuple[str, ...] = tuple(
    word
    for group in ("fruits", "vegetables", "animals", "clothes", "furniture", "vehicles", "tools")
    for word in GROUPS[group]
)


def _near(one: str, other: str) -> bool:
    """Tell whether the two groups are the same or easy to take for each other."""
    return one == other or any(one in near and other in near for near in _NEAR)


def draw_words(rng: random.Random, low: int, high: int) -> list[str]:
    """Draw `low` to `high` different words, half of the time all of one group."""
    pool = rng.choice(tuple(GROUPS.values())) if rng.random() < 0.5 else MIXED_WORDS
    return rng.sample(pool, min(rng.randint(low, high), len(pool)))


def _odd_one_out(rng: random.Random) -> Draw:
    group = rng.choice(tuple(GROUPS))
    other = rng.choice([name for name in GROUPS if not _near(group, name)])
    odd = rng.choice(GROUPS[other])
    words = [*rng.sample(GROUPS[group], 3), odd]
    rng.shuffle(words)
    return Draw(", ".join(words), odd)


ODD_ONE_OUT = Family(
    "odd_one_out",
    "A",
    (
        "{Find|Pick|Choose|Name|Select} the odd one out.",
        (
            "{Which|What} {word|one|item} {does not belong|does not belong to the group|does not fit|does "
            "not fit in}?"
        ),
        (
            "Which {word|one|item} is {different from the others|not like the others|unlike the others|the "
            "odd one out}?"
        ),
        "{Odd one out|The odd word|Word that does not fit|Intruder|Different word}",
        "{Odd one out|Does not belong|Does not fit|Intruder}:",
        "{Odd one out?|Which one does not belong?|Which one does not fit?}",
        (
            "{Find|Mark|Identify|Spot} the {word|item} that {does not fit|does not belong|is "
            "different|breaks the pattern}."
        ),
        (
            "{Three of the words|Three words|Three items} {belong together|are of the same kind|have "
            "something in common}. {Which one does not?|Name the fourth.|What is the other one?}"
        ),
        (
            "One {word|item} {does not belong to|does not fit|is not like} the {others|rest}. {Which "
            "one|Which is it|Which}?"
        ),
        "I {need|want|would like} to know which {word|item} {does not fit|does not belong|is the odd one}.",
        (
            "Here are four words. {Which one is different?|Find the odd one.|Which one does not belong?|Name "
            "the one that does not fit.}"
        ),
        (
            "{Remove|Cross out|Delete|Throw out} the {word|item} that does not {belong|fit|match}. {Which is "
            "it|Which one}?"
        ),
        (
            "{Which|What} {word|one} {has nothing to do with|has nothing in common with|does not match} the "
            "{others|rest|other words}?"
        ),
        (
            "{Say|Tell me|Write} which {word|item} is {wrong here|the stranger|the outsider|out of place} in "
            "the list."
        ),
        "{What is|Which is} the {outsider|intruder|stranger} {among these words|in the list|in this group}?",
        (
            "{Given a list|For the given list|For this list}, {output|write|give} the {word|item} that does "
            "not {belong|fit}."
        ),
        (
            "{Can you spot|Can you find|Do you see} the {word|item} that is {different|out of place|not like "
            "the others}?"
        ),
        (
            "{Look at|Study} the {words|list} and {name|write|find} the {odd one|outsider|word from another "
            "group}."
        ),
        "{One of these things|One of these words} is not like the {others|other ones}. {Which one|Which}?",
        "{Which|What} {word|item} {comes from|belongs to} {another|a different} {category|group|class}?",
        "{Find|Name|Pick} the {word|item} {of another kind|from another category|from a different group}.",
        "{Word puzzle|Word game|Children's puzzle}: {which word does not belong?|find the odd one out.}",
        (
            "{I wonder|Tell me} which {one|word} {does not match the other three|is not of the same "
            "kind|should not be in this list}."
        ),
        (
            "{Separate|Pick out} the {stranger|odd word|one word that does not fit} from the "
            "{others|list|group}."
        ),
        (
            "{All words but one|All but one of the words} {are of one kind|belong together|share a "
            "category}. {Name the exception.|Which one is the exception?}"
        ),
        "{Which word|Which item} is the exception {in|to} the {group|list}?",
        (
            "{Which|What} {word|item} {should|must} {be removed|leave the list|go}, because it does not "
            "{fit|belong}?"
        ),
    ),
    _odd_one_out,
)


def _category(rng: random.Random) -> Draw:
    group = rng.choice(tuple(GROUPS))
    return Draw(", ".join(rng.sample(GROUPS[group], rng.randint(3, 4))), group)


LIST_CATEGORY = Family(
    "list_category",
    "A",
    (
        (
            "{Name|Give|Find|Identify|Write} the {category|group|class} of {the words|these words|the "
            "list|the items}."
        ),
        "{What|Which} {category|group|class} do {the words|these words|these things|the items} belong to?",
        "What do {these words|these items|these things|the words} have in common?",
        "{Category of the list|Group of the words|Category of these words|What they all are}",
        "{Category of the list|Group of the words|All of these are|They are all}:",
        "{What are they?|What are these?|What are all of these?|What kind of things?}",
        (
            "What {kind|sort|type} of {things|words|items} {are these|are they|are in this list|are listed "
            "here}?"
        ),
        (
            "What {is|would be} {a|one} {common|general|collective} {word|name|term} for {these things|all "
            "these words|the words in the list}?"
        ),
        "{What|Which} {heading|title} {fits|suits} {this list|the list|these words}?",
        "{Find|Give|Write} {one|a} {heading|label|general term} for {the list|these words|all the words}.",
        (
            "I {need|want|would like} to know {what kind of things these are|what category these words "
            "belong to|what these things have in common}."
        ),
        "Here are some words. {What are they all?|Name their category.|Which group do they belong to?}",
        "{Say|Write|Tell me} in one word what {they all|these things all} are.",
        (
            "{Given a list|For the given list|For this list}, {output|write|give} {the common category|the "
            "group name|its category}."
        ),
        (
            "{Can you name|Do you know} the {category|group} {that these words share|of these words|of these "
            "things}?"
        ),
        (
            "{Look at|Read} the {words|list} and {name|write|find} {their category|the group they belong "
            "to|what they all are}."
        ),
        (
            "{All|All of} {these words|the words|the items} {belong to one group|are of the same kind}. "
            "{Which group is it|What group|Which category}?"
        ),
        "{Classify|Categorize|Label} the {list|group|words in the list} with {one word|a single word}.",
        "{Into|In} which {box|drawer|category|class} would you {put|sort} {these words|all these things}?",
        "{Complete|Finish} the sentence {They are all|These are all}.",
        "The {words|items} are {examples|members} of what{ category| group| kind of thing|}?",
        "{Sum up|Summarize} the list {in|with} one word{: what are they all?|.}",
        "{I wonder|Tell me} what {these things all are|group these words make|category this list shows}.",
        (
            "{Which|What} {collective name|common name|group name} {covers|includes|describes} {all the "
            "words|all of these|the whole list}?"
        ),
        (
            "{Word puzzle|Word game|Vocabulary exercise}: {what are all of these?|name the category of the "
            "words.}"
        ),
        "Under which {topic|word|heading} {would you find|can we group} all {these words|of these}?",
    ),
    _category,
)


def _first(rng: random.Random) -> Draw:
    words = draw_words(rng, 3, 5)
    return Draw(", ".join(words), words[0])


FIRST_ITEM = Family(
    "first_item",
    "A",
    (
        "{Write|Give|Name|Return|Output|Copy} the first {word|item|element|entry} of the list.",
        "{What|Which} {word|item|element|entry} is {the first|first|number one} in the list?",
        "{What|Which word|Which item} {comes first|stands first}{ in the list| here|}?",
        "{First item|First word of the list|First element|Beginning of the list|Item number one}",
        "{First item|First word|First element|First|Number one}:",
        "{Which is first?|What comes first?|Which word comes first?|Which one is first?}",
        "{What|Which word|Which item} {is at the beginning|stands at the start|is at the head} of the list?",
        "{With which word|With what} does the list {begin|start}?",
        "{Take|Pick|Choose|Select} the {first word|first item|first one} {from|of} the list.",
        "{Keep|Leave|Show} {only|just} the first {word|item|entry}{ of the list|}.",
        "I {need|want|would like} {only |just |}the first {word|item|element} of {this|the} list.",
        (
            "Here is a list. {What is its first word?|Name the first item.|Which one is first?|Give the "
            "first one.}"
        ),
        (
            "{Read the list|Look at the list} and {say|write|name} {the first word|the first item|what comes "
            "first}."
        ),
        (
            "{Given a list|For the given list|For this list}, {output|write|give} {the first element|its "
            "first word|the item at the start}."
        ),
        "{Can you tell|Can you see|Do you know} which {word|item} {comes first|is first|starts the list}?",
        (
            "Which {word|item} {does the list start with|does the list begin with|opens the list|begins the "
            "list}?"
        ),
        "{Drop|Delete|Remove} {everything|all words|all items} {but|except} the first{ one| word|}.",
        "{Say|Tell me|Write down} what {comes first in the list|the list begins with|stands at the start}.",
        "{The first one|The first item|The first word}, please.",
        (
            "{I wonder|Tell me} which {word|item} {is first in the list|stands at the top of the list|comes "
            "before all others in the list}."
        ),
        "What is {at the top of|at the front of|in first place in} the list?",
        "{Copy|Repeat} {the word before the first comma|the first word|what stands before the first comma}.",
        "{Which|What} {word|item} {stands|is} before the first comma?",
        "The list {begins|starts} with {which|what} {word|item}?",
        "{Extract|Get|Fetch} {element number one|the first element|the first entry} {from|of} the list.",
        "{Position one|First position|First place}: {which word is there?|what word is it?|name the word.}",
    ),
    _first,
)


def _last(rng: random.Random) -> Draw:
    words = draw_words(rng, 3, 5)
    return Draw(", ".join(words), words[-1])


LAST_ITEM = Family(
    "last_item",
    "A",
    (
        "{Write|Give|Name|Return|Output|Copy} the last {word|item|element|entry} of the list.",
        "{What|Which} {word|item|element|entry} is {the last|last|the final one} in the list?",
        "{What|Which word|Which item} {comes last|stands last|comes at the end}{ in the list| here|}?",
        "{Last item|Last word of the list|Final element|End of the list|Final item}",
        "{Last item|Last word|Final element|Last|Final word}:",
        "{Which is last?|What comes last?|Which word comes last?|Which one is last?}",
        "{What|Which word|Which item} {is at the end|stands at the end|is at the tail} of the list?",
        "{With which word|With what} does the list {end|finish|close}?",
        "{Take|Pick|Choose|Select} the {last word|last item|final one} {from|of} the list.",
        "{Keep|Leave|Show} {only|just} the {last|final} {word|item|entry}{ of the list|}.",
        "I {need|want|would like} {only |just |}the {last|final} {word|item|element} of {this|the} list.",
        "Here is a list. {What is its last word?|Name the last item.|Which one is last?|Give the final one.}",
        (
            "{Read the list|Look at the list} and {say|write|name} {the last word|the final item|what comes "
            "last}."
        ),
        (
            "{Given a list|For the given list|For this list}, {output|write|give} {the last element|its last "
            "word|the item at the end}."
        ),
        "{Can you tell|Can you see|Do you know} which {word|item} {comes last|is last|ends the list}?",
        "Which {word|item} {does the list end with|does the list finish with|closes the list|ends the list}?",
        "{Drop|Delete|Remove} {everything|all words|all items} {but|except} the last{ one| word|}.",
        "{Say|Tell me|Write down} what {comes last in the list|the list ends with|stands at the end}.",
        "{The last one|The last item|The final word}, please.",
        (
            "{I wonder|Tell me} which {word|item} {is last in the list|stands at the bottom of the "
            "list|comes after all others in the list}."
        ),
        "What is {at the bottom|at the very end|at the back} of the list?",
        "{Copy|Repeat} {the word after the last comma|the last word|what stands after the last comma}.",
        "{Which|What} {word|item} {stands|is} after the last comma?",
        "The list {ends|finishes|closes} with {which|what} {word|item}?",
        "{Extract|Get|Fetch} {the final element|the last element|the last entry} {from|of} the list.",
        "{Last position|Final position|Last place}: {which word is there?|what word is it?|name the word.}",
    ),
    _last,
)


def _count(rng: random.Random) -> Draw:
    words = draw_words(rng, 2, 5)
    return Draw(", ".join(words), str(len(words)))


COUNT_ITEMS = Family(
    "count_items",
    "A",
    (
        "{Count|Count up} the {words|items|entries|elements|things} in the list.",
        (
            "How many {words|items|things|entries|elements} {are in the list|are there|does the list "
            "have|does the list contain}?"
        ),
        "How long is the list?",
        "{Number of items|Number of words|Item count|Length of the list|Count|Size of the list}",
        "{Number of items|Number of words|Count|Length of the list|How many}:",
        "{How many?|How many items?|How many words?|How many are there?}",
        "What is the {number|count|total number} of {items|words|things} in the list?",
        "What is the {length|size} of the list?",
        "{Give|Write|Tell me|State|Return} the {number|count|total number} of {items|words|elements|things}.",
        (
            "I {need|want|would like} to know how {many items there are|many words the list has|long the "
            "list is}."
        ),
        (
            "Here is a list. {How many items does it have?|Count its items.|How many words are there?|How "
            "long is it?}"
        ),
        "{Determine|Find|Work out|Calculate} the {length|size} of the list.",
        (
            "{Given a list|For the given list|For this list}, {output|write|give} {the number of items|its "
            "length|how many words it has}."
        ),
        "{Can you count|Could you count} the {words|items|things}{ in the list| for me|}?",
        "{Read|Look at} the list and {say|write|tell me} how many {words|items|things} {it has|there are}.",
        "{Say|Write|Tell me} how many {words|things|items} {are listed|are named|you see}.",
        "Count {all|all of} the {words|items} and {give|write} the {total|result|number}.",
        "{The total|The total number|The count} of items, please.",
        "{I wonder|Find out} how many {things|words|items} {are in this list|there are|I have listed}.",
        "How {large|big} is the list{, that is, how many words does it have| in words|, counted in items}?",
        (
            "{Between the commas there are words|Commas separate the words}. How many {words are there|are "
            "there|words do you count}?"
        ),
        (
            "How many {different |separate |}{things|words} {do you see|can you count|did I write|do you "
            "find} {here|in the list}?"
        ),
        (
            "{Counting exercise|Counting task|A task for a child}: {how many words are in the list?|count "
            "the words.}"
        ),
        (
            "{Answer with a number|With a number|In one number}: how many {items|words} {are there|does the "
            "list have}?"
        ),
        "The list {has|contains} how many {words|items|entries}?",
        (
            "{Enumerate|Go through} the {items|words} and {tell me|write|give} {their number|how many there "
            "are}."
        ),
    ),
    _count,
)


def _membership(rng: random.Random) -> Draw:
    # One group only, so that the meaning of the words cannot give the answer away.
    pool = GROUPS[rng.choice(tuple(GROUPS))] if rng.random() < 0.7 else MIXED_WORDS
    words = rng.sample(pool, min(len(pool), rng.randint(4, 5)))
    asked, inside = words.pop(), rng.random() < 0.5
    if inside:
        asked = rng.choice(words)
    return Draw(f"{asked} | {', '.join(words)}", "yes" if inside else "no")


MEMBERSHIP = Family(
    "membership",
    "A",
    (
        (
            "{Is|Tell me, is} the {first word|word before the line|given word} {in|part of|one of the words "
            "of} the list{ after it|}?"
        ),
        "Does the list {contain|include|have} the {first word|word before the line|given word}?",
        (
            "{Check|Determine|Decide|Say|Find out} {whether|if} the {first word|given word} is in the list. "
            "{Answer yes or no.|Write yes or no.|}"
        ),
        "{In the list|Word in the list|Is it in the list|List check|Membership}{, yes or no| (yes or no)|}",
        "{In the list|Word in the list|Part of the list|In the list (yes or no)}:",
        "{Is it in the list?|In the list or not?|Is the word there?|Is it listed?}",
        (
            "Can you {find|see|spot} the {first word|given word|word before the line} in the list{ that "
            "follows|}?"
        ),
        (
            "{Search|Look through|Go through} the list for the {first word|given word}{. Is it there?|: yes "
            "or no?}"
        ),
        "Can we find the word on the left {also on the right|again on the right|in the list on the right}?",
        (
            "Is the word {before|in front of|left of} the line {also |}{in the list|among the words after "
            "it|one of the words after it}?"
        ),
        (
            "I {need|want|would like} to know {if|whether} the {first|given} word {is in the list|appears in "
            "the list|is listed}."
        ),
        (
            "Here is a word and a list. {Is the word in the list?|Does the list have the word?|Is it there, "
            "yes or no?}"
        ),
        (
            "{Given a word and a list|For the given word and list}, {say|output|write} {yes or no: is it in "
            "the list?|whether the list has it.}"
        ),
        (
            "{Answer|Say|Write} yes if the {first word|given word} is in the list and no {if it is "
            "not|otherwise}."
        ),
        (
            "{Yes or no|Answer yes or no}: {does the list contain the word|is the word in the list|is the "
            "word among the items}?"
        ),
        "Does the {first|given} word {appear|come up|occur} {again |}in the list?",
        (
            "{Is|Was} the {word|first word|given word} {missing from the list or is it there|listed or not}? "
            "{Answer|Say} yes if it is there and no if not."
        ),
        "{Look|Check}: is the {first|given} word {among|one of} the {words|items} {in|of} the list?",
        "{Did I|Did someone} {write|put|include} the {first|given} word in the list?",
        (
            "{I wonder|Tell me} {if|whether} the {first|given} word {is part of the list|belongs to the "
            "list|stands in the list}."
        ),
        "{Is there|Do you see} {a match for the first word|the same word|the given word again} in the list?",
        "Is the {thing|item} {we ask for|we look for} {in|on} the list?",
        "{Shopping list check|Checklist}: is the {first word|item} on the list?",
        "{Membership test|Search task}: {is the word in the list|does the list have the word}?",
        "{Could|Can} {you|we} tick off the {first|given} word on the list, yes or no?",
        (
            "The {word|first word} {comes before|stands before} the line and the list after it. {Is the word "
            "in the list|Does the list contain it}?"
        ),
    ),
    _membership,
)

FAMILIES: tuple[Family, ...] = (
    ODD_ONE_OUT,
    LIST_CATEGORY,
    FIRST_ITEM,
    LAST_ITEM,
    COUNT_ITEMS,
    MEMBERSHIP,
)
