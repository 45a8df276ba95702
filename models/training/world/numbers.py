"""Families about one or two numbers: larger, smaller, odd or even, next, in words, Roman."""

from __future__ import annotations

import random

from .facts import (
    NUMBER_WORDS,
)
from .grammar import Draw, Family


def _pair(rng: random.Random) -> tuple[int, int, str]:
    a, b = rng.sample(range(1, 31), 2)
    return a, b, rng.choice((f"{a}, {b}", f"{a} and {b}", f"{a} or {b}"))


def _larger(rng: random.Random) -> Draw:
    a, b, text = _pair(rng)
    return Draw(text, str(max(a, b)))


LARGER = Family(
    "larger_number",
    "A",
    (
        "{Which|What} number is {larger|bigger|greater|higher}?",
        (
            "{Write|Give|Name|Find|Choose|Pick} the {larger|bigger|greater|higher} {number|of the two "
            "numbers|one}."
        ),
        "Which of the {two |}numbers is {larger|bigger|greater|higher|more}?",
        "{Larger number|Bigger number|Greater number|Maximum|The higher of the two}",
        "{Larger|Bigger|Greater number|Maximum|The larger one}:",
        "{Which is larger?|Which is bigger?|Which one is greater?|Which is more?}",
        "What is the {larger|bigger|greater|higher} of the {two|two numbers}?",
        "{Compare|Look at} the {two |}numbers and {write|give|name|say} the {larger|bigger|greater} one.",
        "{Find|Return|Give} the maximum of the two numbers.",
        "I {need|want|would like} {to know which number is larger|the bigger number|the greater of the two}.",
        (
            "Here are two numbers. {Which is larger?|Name the bigger one.|Which one is more?|Give the "
            "greater one.}"
        ),
        (
            "{Given two numbers|For the given numbers|For these two numbers}, {output|write|give} the "
            "{larger|greater|bigger} one."
        ),
        (
            "{Could you|Can you} {tell me which number is bigger|pick the larger number|name the greater "
            "number}?"
        ),
        "The {bigger|larger|higher} number wins. Which {one|number} wins?",
        "{Keep|Leave} {only |}the {larger|bigger|greater} number.",
        "{I wonder|Tell me|Say} which {number is larger|one is bigger|of them is greater}.",
        (
            "{Math exercise|Math task|Comparison}: {which number is greater?|write the larger number.|name "
            "the bigger number.}"
        ),
        "{Which|What} number {comes later|comes after the other} {when we count|in counting}?",
        "Which {number|one} {has the higher value|is worth more|stands for more}?",
        "{Drop|Cross out|Remove} the smaller number and {write|keep} the {other|larger} one.",
        "{Take|Select|Return} the {bigger|larger|greater|higher} {value|number}.",
        (
            "{If you want more|To have more|To get more money}, which {number|one} {do you take|do you "
            "choose|should I choose}?"
        ),
        "{One number is larger|One of them is bigger}. {Which one|Which}?",
        "What is the {biggest|largest|highest} of the {two|numbers}?",
        "Which {score|price|number} is higher?",
        "{Identify|Determine|Decide} which number is {larger|greater|bigger|the larger one}.",
    ),
    _larger,
)


def _smaller(rng: random.Random) -> Draw:
    a, b, text = _pair(rng)
    return Draw(text, str(min(a, b)))


SMALLER = Family(
    "smaller_number",
    "A",
    (
        "{Which|What} number is {smaller|lower|less|the smaller one}?",
        "{Write|Give|Name|Find|Choose|Pick} the {smaller|lower|lesser} {number|of the two numbers|one}.",
        "Which of the {two |}numbers is {smaller|lower|less}?",
        "{Smaller number|Lower number|Lesser number|Minimum|The lower of the two}",
        "{Smaller|Lower|Smaller number|Minimum|The smaller one}:",
        "{Which is smaller?|Which is lower?|Which one is less?|Which is less?}",
        "What is the {smaller|lower|lesser} of the {two|two numbers}?",
        "{Compare|Look at} the {two |}numbers and {write|give|name|say} the {smaller|lower} one.",
        "{Find|Return|Give} the minimum of the two numbers.",
        "I {need|want|would like} {to know which number is smaller|the smaller number|the lower of the two}.",
        (
            "Here are two numbers. {Which is smaller?|Name the smaller one.|Which one is less?|Give the "
            "lower one.}"
        ),
        (
            "{Given two numbers|For the given numbers|For these two numbers}, {output|write|give} the "
            "{smaller|lower|lesser} one."
        ),
        (
            "{Could you|Can you} {tell me which number is smaller|pick the lower number|name the smaller "
            "number}?"
        ),
        "The {smaller|lower} number wins. Which {one|number} wins?",
        "{Keep|Leave} {only |}the {smaller|lower|lesser} number.",
        "{I wonder|Tell me|Say} which {number is smaller|one is lower|of them is less}.",
        (
            "{Math exercise|Math task|Comparison}: {which number is less?|write the smaller number.|name the "
            "lower number.}"
        ),
        "{Which|What} number {comes earlier|comes before the other} {when we count|in counting}?",
        "Which {number|one} {has the lower value|is worth less|stands for less}?",
        "{Drop|Cross out|Remove} the larger number and {write|keep} the {other|smaller} one.",
        "{Take|Select|Return} the {smaller|lower|lesser} {value|number}.",
        (
            "{If you want less|To pay less|To have less work}, which {number|one} {do you take|do you "
            "choose|should I choose}?"
        ),
        "{One number is smaller|One of them is lower}. {Which one|Which}?",
        "What is the {smallest|lowest} of the {two|numbers}?",
        "Which {score|price|number} is lower?",
        "{Identify|Determine|Decide} which number is {smaller|lower|the smaller one}.",
    ),
    _smaller,
)


def _parity(rng: random.Random) -> Draw:
    number = rng.randint(1, 50)
    return Draw(str(number), "even" if number % 2 == 0 else "odd")


PARITY = Family(
    "odd_or_even",
    "A",
    (
        "{Is|Would you call} {this|the} number {odd or even|even or odd}?",
        "{Decide|Determine|Say|Tell me|Judge} {whether|if} the number is {odd or even|even or odd}.",
        "{Classify|Label|Mark} the number as {odd or even|even or odd}.",
        "{Odd or even|Even or odd|Parity|Parity of the number|Odd or even number}",
        "{Odd or even|Even or odd|Parity|The number is}:",
        "{Odd or even?|Even or odd?|Is it odd?|Is it even?}",
        "What is the parity of {this|the} number?",
        (
            "{Can|Could} the number be {divided by two|divided by 2|split into two equal whole parts|shared "
            "fairly by two children}? {Answer|Write|Say} even or odd."
        ),
        "I {need|want|would like} to know {if|whether} the number is {odd or even|even or odd|even}.",
        (
            "Here is a number. {Is it odd or even?|Say whether it is odd or even.|Label it as odd or "
            "even.|Is it even or odd?}"
        ),
        "{Check|Find out|Work out} {whether|if} {this|the} number is {odd or even|even or odd}.",
        (
            "{Given a|For the given|For this} number, {output|write|say|state} {odd or even|whether it is "
            "odd or even|its parity}."
        ),
        (
            "{Write|Put|Answer} even if the number {can be divided by two|is a multiple of two} and odd {if "
            "not|otherwise}."
        ),
        (
            "{Does|Will} the number leave a remainder when {divided by two|we divide it by two}? "
            "{Answer|Say} odd or even."
        ),
        "{Could you|Can you} tell me {whether|if} {this|the} number is {odd or even|even or odd}?",
        "{I wonder|I am not sure} {whether|if} {this|the} number is {odd or even|even or odd}.",
        "{Math exercise|Math task|Number quiz}: {odd or even|even or odd}?",
        "{Which|What} {kind|type|sort} of number is {this|it}, {odd or even|even or odd}?",
        "Does the number belong to the {even or the odd|odd or the even} numbers?",
        (
            "{Numbers are odd or even|Every number is either odd or even}. {Which is this one|What about "
            "this one|What is this one}?"
        ),
        "{Name|Give|Identify|State} the parity{ of the number|: odd or even|}.",
        (
            "Is the number {a multiple of two|in the times table of two|one of 2, 4, 6 and so on}? "
            "{Answer|Say|Write} even or odd."
        ),
        "{Choose|Pick|Select} {odd or even|even or odd} for {this|the} number.",
        (
            "{Can|Could} {two people|two friends} share {this many|so many} {coins|apples} equally? "
            "{Answer|Say} even or odd."
        ),
        "{Look at|Consider} the {number|last digit}: {is it odd or even|odd or even|is it even or odd}?",
        (
            "{House numbers|Street numbers} {on one side are odd, on the other even|are odd or even}. What "
            "is this {one|number}?"
        ),
    ),
    _parity,
)


def _next(rng: random.Random) -> Draw:
    number = rng.randint(0, 60)
    return Draw(str(number), str(number + 1))


NEXT_NUMBER = Family(
    "next_number",
    "A",
    (
        "{What|Which} number {comes next|comes after this|comes after it|follows}?",
        (
            "{Write|Give|Name|Say|Find} the {next number|number that comes next|number after it|following "
            "number}."
        ),
        (
            "{What|Which number} {comes|is} {right |directly |}after {this|the} number{ when we count| in "
            "counting|}?"
        ),
        "{Next number|Number after it|Following number|Successor|The number that follows}",
        "{Next number|Next|Following number|Successor|And then}:",
        "{What comes next?|What is next?|Which number is next?|What follows?}",
        "Add {one|1} to the number.",
        "{Count on|Count up|Continue counting} {by one|one step|from the number by one}.",
        "What is the {successor of this number|next number|next whole number after this one}?",
        "{Increase|Raise} the number by {one|1}.",
        (
            "I {need|want|would like} the {next number|number after this|following number|successor of the "
            "number}."
        ),
        "Here is a number. {What comes next?|Which number follows?|Name the next one.|Count one further.}",
        (
            "{Given a|For the given|For this} number, {output|write|give} the {next one|following "
            "number|number after it|successor}."
        ),
        "{Could you|Can you} {tell me the next number|say the number after this|count one more}?",
        "When {you|we|I} count, {which number|what} {comes after this one|is next|comes then}?",
        "{I wonder|Tell me} {what the next number is|which number comes after this|what number follows}.",
        (
            "{Math exercise|Counting exercise|Counting game}: {what comes next?|say the next number.|which "
            "number follows?}"
        ),
        "What is one more than {this|the number|this number}?",
        "{Which|What} number is {bigger by one|larger by one|one higher|one more}?",
        (
            "{A child|My son|My daughter} {counts|is counting} {up to this number|and stops here}. What "
            "{comes next|is the next number}?"
        ),
        (
            "{Go|Move} {one step|one number} {up|further|forward} {from this number|in the row of numbers|on "
            "the number line}."
        ),
        "{Which|What} {page|floor|house number} {comes after|follows} this one?",
        "The number {plus one|and one more} {is|makes|gives} what?",
        "{Continue counting|Continue the row of numbers|Go on} with {one more number|the next number}.",
        "{Say|Write} {one number more|the number that is one higher|what you count next}.",
        (
            "{It is my age now|This is my age}. How old will I be {next year|in one year|after my next "
            "birthday}?"
        ),
    ),
    _next,
)


_TENS: dict[int, str] = {
    30: "thirty", 40: "forty", 50: "fifty", 60: "sixty", 70: "seventy", 80: "eighty", 90: "ninety",
    100: "one hundred",
}  # fmt: skip


_SPELLED: dict[int, str] = {**dict(enumerate(NUMBER_WORDS)), **_TENS}


def _spell(rng: random.Random) -> Draw:
    number = rng.choice(tuple(_SPELLED))
    return Draw(str(number), _SPELLED[number])


NUMBER_TO_WORD = Family(
    "number_to_word",
    "A",
    (
        "{Write|Spell|Give|Say} the number {in words|as a word|in letters}.",
        "{Spell out|Write out} the number{ in letters| in words|}.",
        "How {do you|would you|do we} {write|spell|say} {this|the} number {in words|in letters|as a word}?",
        "{Number in words|Number as a word|Number word|Number in letters|Spelled number}",
        "{In words|Number word|Number in letters|As a word}:",
        "What is {this|the} number {in words|in letters|as a word|when spelled out}?",
        (
            "{Turn|Change|Convert|Transform|Translate} the {number|digits|figure} into {words|a "
            "word|letters|a number word}."
        ),
        (
            "{Which|What} {word|number word|English word} {stands for|names|belongs to|goes with} {this|the} "
            "{number|figure}?"
        ),
        (
            "I {need|want|would like} {the number in words|the number word|this number in letters}{ for a "
            "check| for a letter|}."
        ),
        (
            "Here is a {number|figure}. {Write it in words.|Spell it out.|Give the word for it.|How is it in "
            "letters?}"
        ),
        (
            "{Replace the {digits|figure} with|Exchange the {digits|figure} for} {letters|the word|the "
            "number word}."
        ),
        (
            "{Given a|For the given|For this} {number|figure}, {output|write|give} {the word|its word "
            "form|it in words}."
        ),
        "{Could you|Can you} {write this number in words|spell this number|say this number in words}?",
        "{Use|Write} {letters|words} instead of {digits|figures} for the number.",
        "{Name|Give|Find} the {word|English word|number word} for the {number|figure|digits}.",
        "{Read|Say} the number {aloud|out loud}: {what word do you say?|which word is it?|write the word.}",
        (
            "{I wonder|Tell me|Show me} how {this number is written in words|to spell this number|to write "
            "the number as a word}."
        ),
        (
            "{Do not use digits|Without digits|No digits}: {write the number in words|write the word for the "
            "number}."
        ),
        (
            "{English exercise|Spelling exercise|Number exercise}: {write the number as a word|number to "
            "word|spell the number}."
        ),
        "What is this number called in {English|words}?",
        "{Digits to word|From digits to letters|From digit to word}: {convert|write|change} the number.",
        "{Write|Put} the number {as on a bank check|as a word in a sentence|in text form}.",
        "What is the {name|word form|written form} of {this|the} {number|figure}?",
        "The number {is given|stands} in digits. {Write it in words.|What is it in words?|Give the word.}",
        "{Express|State} the {number|figure|amount} in {words|letters}.",
        "{The word for this number|This number in letters|The number in words}, please.",
    ),
    _spell,
)


_ROMAN: tuple[str, ...] = (
    "I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X",
    "XI", "XII", "XIII", "XIV", "XV", "XVI", "XVII", "XVIII", "XIX", "XX",
)  # fmt: skip


def _roman(rng: random.Random) -> Draw:
    number = rng.randint(1, 20)
    return Draw(str(number), _ROMAN[number - 1])


ROMAN = Family(
    "roman_numeral",
    "A",
    (
        (
            "{Write|Give|Say|Show} the number {as a Roman numeral|in Roman numerals|in Roman numbers|in "
            "Roman form}."
        ),
        (
            "{Turn|Change|Convert|Transform|Translate} the number into {a Roman numeral|Roman numerals|Roman "
            "numbers|the Roman system}."
        ),
        (
            "How {do you|would you|do we} write {this|the} number {in Roman numerals|as a Roman numeral|the "
            "Roman way}?"
        ),
        "{Roman numeral|Number in Roman numerals|Roman number|Roman form of the number|Roman form}",
        "{Roman numeral|Roman|In Roman numerals|Roman number}:",
        "What is {this|the} number {in Roman numerals|as a Roman numeral|in Roman numbers}?",
        (
            "{Which|What} Roman {numeral|number} {stands for|is equal to|belongs to|means|matches} "
            "{this|the} number?"
        ),
        "What is the Roman {numeral|form|version|sign} {for|of} {this|the} number?",
        (
            "I {need|want|would like} {the Roman numeral for this number|this number in Roman numerals|the "
            "Roman form of this number}."
        ),
        (
            "Here is a number. {Write it as a Roman numeral.|What is it in Roman numerals?|Give its Roman "
            "form.|Make it Roman.}"
        ),
        "How {would|did} {a Roman|the Romans|the old Romans|people in old Rome} write {this|the} number?",
        (
            "{Given a|For the given|For this} number, {output|write|give} {the Roman numeral|its Roman "
            "form|it in Roman numerals}."
        ),
        (
            "{Could you|Can you} {write this in Roman numerals|convert this number to a Roman numeral|give "
            "me the Roman numeral}?"
        ),
        "Use the {letters|signs} {I, V and X|of the Romans|I, V, X} to write the number.",
        (
            "{I wonder|Tell me|Show me} how {this number looks in Roman numerals|to write this as a Roman "
            "numeral|the Romans wrote this number}."
        ),
        "{Find|Name|Give} the {matching|right|corresponding} Roman {numeral|number}.",
        (
            "{A clock|My clock|The old clock} has Roman {numerals|numbers}. {How does it show this "
            "number|What does it show for this number}?"
        ),
        (
            "{History lesson|Math exercise|Number exercise}: {write the number in Roman numerals|number to "
            "Roman numeral|use Roman numerals}."
        ),
        (
            "{Normal number to Roman|From Arabic to Roman|From digits to Roman numerals}: "
            "{convert|write|change} the number."
        ),
        (
            "{Rewrite|Express|Represent} the {number|digits|Arabic number} {in Roman numerals|as a Roman "
            "numeral}."
        ),
        (
            "{Replace the {number|digits} with|Exchange the {number|digits} for} {its Roman numeral|the "
            "Roman numeral|Roman numerals}."
        ),
        (
            "The {king|chapter|century} has this number. {Write it in Roman numerals|Write the Roman "
            "numeral|Give the Roman form}."
        ),
        "{Put|Write} the number {on a stone|on an old building} {like the Romans|as the Romans did}.",
        "{The Roman numeral|This in Roman numerals|The Roman form}, please.",
        "In {ancient|old} Rome, how was this number written?",
        "{Return|State} the Roman {numeral|number|form} of the {number|input}.",
    ),
    _roman,
)

FAMILIES: tuple[Family, ...] = (
    LARGER,
    SMALLER,
    PARITY,
    NEXT_NUMBER,
    NUMBER_TO_WORD,
    ROMAN,
)
