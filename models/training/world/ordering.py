"""Families that order or clean a whole list: sorted, reversed, without repetition, the largest number."""

from __future__ import annotations

import random

from .grammar import Draw, Family
from .lists import MIXED_WORDS, draw_words


def _sort(rng: random.Random) -> Draw:
    words = rng.sample(MIXED_WORDS, rng.randint(3, 4))
    return Draw(", ".join(words), ", ".join(sorted(words)))


SORT_WORDS = Family(
    "sort_words",
    "A",
    (
        "{Sort|Order|Arrange} the words {alphabetically|in alphabetical order|from A to Z}.",
        "{Put|Place|Write} the {words|items} in {alphabetical|ABC|dictionary} order.",
        "What is the alphabetical order of {the|these} words?",
        "{Alphabetical order|Words from A to Z|Alphabetically sorted list|Sorted words}",
        "{Alphabetical order|From A to Z|Sorted alphabetically|In alphabetical order}:",
        (
            "How {would a dictionary|do you|would you} {order|sort} {the|these} words {alphabetically|by the "
            "alphabet}?"
        ),
        (
            "{Sort|Order|Arrange} the {list|items|words} by {the alphabet|first letter|the letters of the "
            "alphabet}."
        ),
        "Alphabetize {the|these} {words|items}.",
        (
            "I {need|want|would like} {these|the} words {in alphabetical order|sorted from A to Z|sorted by "
            "the alphabet}."
        ),
        (
            "Here are some words. {Sort them alphabetically.|Put them in alphabetical order.|Order them from "
            "A to Z.}"
        ),
        "{Rewrite|Write|Copy} the {list|words} {in alphabetical order|from A to Z|sorted by the alphabet}.",
        "{Rearrange|Reorder} the {words|list} {to follow} the alphabet.",
        "In {which|what} order {do|would} {these|the} words {stand|appear} in a dictionary?",
        (
            "{Given a list|For the given list|For this list} of words, {output|write|give} the alphabetical "
            "order."
        ),
        (
            "{Could you|Can you} {sort these words alphabetically|put these words in alphabetical "
            "order|order this list from A to Z}?"
        ),
        "{Use|Follow} the {alphabet|ABC} to {sort|order|arrange} the {words|list}.",
        (
            "{Dictionary task|Library task|Spelling lesson}: {sort the words alphabetically|put the words in "
            "alphabetical order}."
        ),
        "{Show|Tell} me the words {sorted|ordered} {alphabetically|from A to Z}.",
        "{List|Name} the words {alphabetically|in the order of the alphabet|from A to Z}.",
        "{I wonder|Tell me} which order the words have in the alphabet.",
        (
            "The {words|items} are {mixed up|not sorted|in no order}. {Sort them from A to Z.|Put them in "
            "alphabetical order.}"
        ),
        (
            "{Start|Begin} with the word {nearest to A|that comes first in the alphabet} and {sort|order} "
            "the {rest|list}."
        ),
        "{Make|Create|Give} an {alphabetical list|alphabetically sorted list} of the {words|items}.",
        (
            "{Which word comes first in the alphabet, which next|What is the ABC order}? {Write|Give} the "
            "sorted list."
        ),
        "{A to Z, please|Alphabetical order, please|Sorted by the alphabet, please}.",
    ),
    _sort,
    hard=True,
)


def _reverse(rng: random.Random) -> Draw:
    words = draw_words(rng, 3, 4)
    return Draw(", ".join(words), ", ".join(reversed(words)))


REVERSE_LIST = Family(
    "reverse_list",
    "A",
    (
        "{Reverse|Turn around|Flip|Invert} the {list|order of the list|order of the words}.",
        "{Write|Give|Copy|Repeat} the {list|words|items} {backwards|in reverse order|in the opposite order}.",
        "What is the list {backwards|in reverse|the other way round}?",
        "{Reversed list|List in reverse order|Reverse order|List backwards}",
        "{Reversed|In reverse order|Backwards|Reversed list}:",
        "How does the list {look|read|go} {backwards|from the end|in reverse|from right to left}?",
        (
            "{Read|Write|List} the {words|items} from {the last to the first|the end to the beginning|right "
            "to left|back to front}."
        ),
        "{Start|Begin} with the last {word|item} and {end|finish} with the first{ one|}.",
        "{Change|Turn} the order of the {words|items} around{: last first|, so that the last is first|}.",
        "I {need|want|would like} {the|this} list {backwards|in reverse order|the other way round}.",
        "Here is a list. {Reverse it.|Write it backwards.|Turn it around.|Give it in reverse order.}",
        "{Put|Place} the last {word|item} first and the first {word|item} last{, and so on|}.",
        (
            "{Given a list|For the given list|For this list}, {output|write|give} {the reversed list|it "
            "backwards|the reverse order}."
        ),
        "{Could you|Can you} {reverse this list|write this list backwards|turn this list around}?",
        "Mirror the order of the {words|list|items}.",
        "What do we get {if|when} we read the list {backwards|from the end to the start}?",
        "{Show|Tell} me the list {backwards|in the opposite order|from last to first}.",
        "{Go|Walk} through the list {backwards|from the end} and {write|copy|name} {each word|every item}.",
        "{Last to first|From last to first|Back to front}: {rewrite|order|write} the {words|list}.",
        "{I wonder|Tell me} how the list {looks|sounds} {backwards|in reverse|from the end}.",
        "{Make|Create} {a reversed copy|the reverse|a backward version} of the list.",
        (
            "The list should be {backwards|in reverse order|the other way round}. {Rewrite it.|Write it like "
            "that.}"
        ),
        "{Rearrange|Reorder} the {words|items} in {reverse|opposite|backward} order.",
        "{Let|Make} the list {run|go} {backwards|from the end to the start}.",
        "{What was last is now first|The end is now the beginning}. {Write|Give} the {reversed|new} list.",
    ),
    _reverse,
    hard=True,
)


def _dedup(rng: random.Random) -> Draw:
    words = draw_words(rng, 3, 4)
    again = rng.choice(words)
    with_double = list(words)
    with_double.insert(rng.randint(words.index(again) + 1, len(words)), again)
    return Draw(", ".join(with_double), ", ".join(words))


DEDUP = Family(
    "remove_duplicates",
    "A",
    (
        (
            "{Remove|Delete|Drop|Erase} the {duplicate|duplicates|repeated word|double word|repeated item} "
            "from the list."
        ),
        "{Write|Give|Copy} the list without {duplicates|repeated words|repetitions|double entries}.",
        "What is the list without {duplicates|the repeated word|the repetition}?",
        "{List without duplicates|Unique words|No duplicates|Duplicates removed|Unique items}",
        "{Without duplicates|Unique words|Unique items|Each word once}:",
        "{Keep|Write|List} {each|every} {word|item} only once.",
        (
            "{Each|Every} {word|item} {should|may|must} {appear|be} in the list only once. {Rewrite the "
            "list.|Fix the list.}"
        ),
        "{Clean|Clean up|Tidy up} the list{: no word twice|: remove duplicates|: leave out repeated words}.",
        (
            "One {word|item} {is there|appears|is listed} twice. {Remove the second one.|Write it only "
            "once.|Take out the repeated one.}"
        ),
        (
            "I {need|want|would like} the list {without duplicates|with every word only once|without "
            "repetitions}."
        ),
        (
            "Here is a list with a {repeated|double} {word|item}. {Remove the repetition.|Write every word "
            "once.|Delete the duplicate.}"
        ),
        "{Deduplicate the list|Make the {words|items} of the list unique|Drop every repeated word}.",
        (
            "{Given a list|For the given list|For this list}, {output|write|give} {the unique items in "
            "order|it without duplicates|each word once}."
        ),
        (
            "{Could you|Can you} {remove the duplicates|take out the repeated word|delete the double entry}{ "
            "from this list|}?"
        ),
        (
            "{Which|What} {different|unique} words {are in the list|does the list contain}? {Write|List} "
            "each once{, in order|}."
        ),
        (
            "{Take out|Cross out|Leave out} {the word that comes again|any word that was there before|the "
            "second copy of any word}."
        ),
        "{Name|List|Show} the {different|unique|distinct} {words|items} in the list.",
        "No {word|item} twice: {rewrite|clean|correct} the list.",
        "How does the list {look|read} without {duplicates|the repeated item|double words}?",
        "{Filter|Throw} out {duplicates|the duplicate|repeated items}.",
        "{I wonder|Tell me} how the list looks {with each word only once|when nothing is repeated}.",
        (
            "{Somebody|Someone|I} wrote {one|a} word twice{ by mistake|}. {Correct the list.|Fix the "
            "list.|Remove the copy.}"
        ),
        "{Reduce|Shorten} the list to its {different|unique|distinct} {words|items}.",
        "{Shopping list|Data cleaning}: {remove the double item|keep each item once|delete repetitions}.",
        "{Do not repeat|Avoid repeating} {words|any word|an item}: {write|rewrite} the list.",
    ),
    _dedup,
    hard=True,
)


def _several(rng: random.Random, count: int) -> list[int]:
    return rng.sample(range(1, 100), count)


def _sort_numbers(rng: random.Random) -> Draw:
    numbers = _several(rng, rng.randint(3, 4))
    return Draw(", ".join(map(str, numbers)), ", ".join(map(str, sorted(numbers))))


SORT_NUMBERS = Family(
    "sort_numbers",
    "A",
    (
        (
            "{Sort|Order|Arrange} the numbers {from smallest to largest|from low to high|in ascending "
            "order|by size, smallest first}."
        ),
        (
            "{Put|Place|Write} the numbers in {ascending order|increasing order|order, smallest first|rising "
            "order}."
        ),
        "What is the {ascending|increasing|rising} order of the numbers?",
        "{Numbers from smallest to largest|Ascending order|Sorted numbers|Numbers in order}",
        "{Ascending order|From smallest to largest|Sorted|Numbers in order}:",
        (
            "How do the numbers {go|look|stand} {from smallest to largest|from low to high|when they are "
            "sorted}?"
        ),
        "{Start|Begin} with the smallest number and {end|finish} with the largest{ one|}.",
        (
            "{Rearrange|Reorder} the numbers {from small to large|from the least to the greatest|in "
            "ascending order}."
        ),
        (
            "I {need|want|would like} the numbers {in ascending order|sorted from low to high|from smallest "
            "to largest}."
        ),
        (
            "Here are some numbers. {Sort them from small to large.|Put them in ascending order.|Order them, "
            "smallest first.}"
        ),
        (
            "{Given some numbers|For the given numbers}, {output|write|give} {them in ascending order|the "
            "sorted list|them sorted, smallest first}."
        ),
        "{Could you|Can you} {sort these numbers from small to large|put these numbers in ascending order}?",
        "{List|Show|Write} the numbers {by size|in order of size|in numerical order}, smallest first.",
        (
            "{Smallest first, largest last|From least to greatest|From small to big}: {order|sort|write} the "
            "numbers."
        ),
        (
            "The numbers are {mixed up|in no order|not sorted}. {Sort them from low to high.|Order them by "
            "size, smallest first.}"
        ),
        (
            "{Which is the smallest number, which comes next, and so on|What order do the numbers have from "
            "small to large}?"
        ),
        "{Math exercise|Math task}: {sort the numbers from low to high|numbers in ascending order}.",
        "{Make|Create} an ascending {list|row} of the numbers.",
        "{I wonder|Tell me} how the numbers {stand|look} {in order of size|from smallest to largest}.",
        "{Line up|Rank} the numbers {from the lowest to the highest|from smallest to biggest}.",
        "In {which|what} order do the numbers {come|appear} when {we count up|you count}?",
        "{Bring|Get} the numbers into {ascending|increasing|numerical} order.",
        "{Copy|Rewrite} the numbers {from the smallest up|sorted in ascending order|from low to high}.",
        "{Ascending order, please|Smallest to largest, please|Sorted by size, please}.",
        (
            "{Sort|Order} {this list of numbers|the given numbers|the values} {upward|by value, lowest "
            "first|from min to max}."
        ),
    ),
    _sort_numbers,
    hard=True,
)


def _largest(rng: random.Random) -> Draw:
    numbers = _several(rng, 4)
    return Draw(", ".join(map(str, numbers)), str(max(numbers)))


LARGEST_OF_FOUR = Family(
    "largest_of_four",
    "A",
    (
        "{Which|What} number is the {largest|biggest|greatest|highest}{ of all| in the list|}?",
        (
            "{Find|Write|Give|Name|Choose|Pick} the {largest|biggest|greatest|highest} number{ in the list| "
            "of the four|}."
        ),
        (
            "What is the {largest|biggest|greatest|highest} of {the|these} {four numbers|four|numbers in the "
            "list}?"
        ),
        "{Largest number|Biggest number in the list|Maximum of the list|Highest number|Greatest of the four}",
        "{Largest number|Maximum of the list|Highest number|Biggest of all}:",
        "{Which is the largest?|Which is the biggest of all?|Which number is the highest?}",
        "What is the {maximum|highest value|top value} {of|in} the list?",
        "I {need|want|would like} the {largest|biggest|highest} number {of the list|in the list|of all}.",
        "Here are four numbers. {Which is the largest?|Name the biggest one.|Give the highest.}",
        (
            "{Given four numbers|For the given four numbers}, {output|write|give} {the largest|the "
            "maximum|the biggest one}."
        ),
        (
            "{Could you|Can you} {find the largest number|pick the biggest of the four numbers|name the "
            "highest number in the list}?"
        ),
        "{Compare|Look at} {all four|all the} numbers and {write|give|name} the {largest|biggest|greatest}.",
        (
            "Which {number|value} {in the list|of the four} {is larger than all others|has no larger one "
            "beside it|beats all the others}?"
        ),
        "{Return|Output} the maximum{ of the numbers| of the list|}.",
        "{Determine|Identify|Detect} the {largest|greatest|maximum} {value|number} in the list.",
        "{Keep|Leave} only the {largest|biggest|highest} number of the list.",
        (
            "{Four players|Four teams} have these {points|scores}. What is the {best|highest|top} "
            "{score|result}?"
        ),
        (
            "{I wonder|Tell me|Say} which {number of the list|of the four numbers|of all these numbers} is "
            "the {largest|biggest|highest}."
        ),
        "{Math exercise|Math task}: {find the maximum|write the largest of the four numbers}.",
        "{Cross out|Drop|Remove} all numbers {but|except} the {largest|biggest|highest}.",
        "Which {price|number|value} in the list is the highest?",
        "{Search|Look through} the list for the {largest|biggest|highest} number.",
        "{Take|Select} the {top|maximum|largest} {value|number} {from|of} the list.",
        (
            "The list {has|contains} four numbers. {What is the largest|Which is the biggest|Which one is "
            "the highest}?"
        ),
        "{Who has the most?|Which is the most?} {Write|Give} the {largest|highest} number{ of the list|}.",
    ),
    _largest,
    hard=True,
)

FAMILIES: tuple[Family, ...] = (
    SORT_WORDS,
    REVERSE_LIST,
    DEDUP,
    SORT_NUMBERS,
    LARGEST_OF_FOUR,
)
