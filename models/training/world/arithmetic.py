"""Families that calculate: sums, differences, doubles and little stories with numbers."""

from __future__ import annotations

import random

from .frames import (
    person,
)
from .grammar import Draw, Family


def _sum(rng: random.Random) -> Draw:
    a, b = rng.randint(0, 10), rng.randint(0, 10)
    return Draw(rng.choice((f"{a} + {b}", f"{a} and {b}", f"{a}, {b}")), str(a + b))


SUM = Family(
    "sum",
    "A",
    (
        "{Add|Add up|Sum|Sum up|Total} the {two |}numbers.",
        "What is the sum of the {two |}numbers?",
        "{Calculate|Compute|Find|Give|Work out|Write} the {sum|total}.",
        "{Sum|Total|Sum of the numbers|Addition|Result of the addition|The two numbers added}",
        "{Sum|Total|Addition|Plus}:",
        "{How much is it in all?|What is the sum?|What is the total?|How much together?}",
        "How much {are the two numbers|do the two numbers make|do we have} {together|in all|in total}?",
        "{Add {one number to the other|the first number to the second}|Put the two numbers together}.",
        "What {do you get|do we get|comes out} {when you add|if you add|if we add} the {two |}numbers?",
        "I {need|want|would like} the {sum|total} of the {two |}numbers.",
        "Here are two numbers. {Add them.|What is their sum?|How much are they together?|Give the total.}",
        "{Do|Perform|Solve} {the addition|this addition|the plus exercise}.",
        (
            "{Given two numbers|For the given numbers|For these two numbers}, {output|write|give} {the "
            "sum|the total|the result of adding them}."
        ),
        "{Could you|Can you} {add these numbers|work out the sum|add the two numbers}{ for me|}?",
        "{What|Which} number is the {first number|first one} plus the {second|other one}?",
        (
            "{Tell me|Say|Write} {how much the numbers are together|the sum of the numbers|what they make "
            "together}."
        ),
        (
            "{I have|There are} so many {apples|coins} here and so many there. How many {in all|together|in "
            "total}?"
        ),
        "{Math exercise|Math task|Arithmetic}: {add the numbers|find the sum}.",
        "Use {addition|plus} on the {two |}numbers.",
        "{I wonder|Tell me} {what the two numbers add up to|how much the numbers make|what the total is}.",
        "The {first|one} number plus the {second|other} number {makes|gives|is} what?",
        "{Both numbers together|The two numbers together} {make|give|are} how {much|many}?",
        "{Combine|Join} the two numbers by {addition|adding}.",
        "{What number|Which number} do you {reach|get} when you count the second number on from the first?",
        "{Increase|Raise} the first number by the second{ one|}.",
        "What is the result of {the addition|adding the two numbers|this plus exercise}?",
    ),
    _sum,
)


def _difference(rng: random.Random) -> Draw:
    a = rng.randint(1, 12)
    b = rng.randint(0, a)
    return Draw(rng.choice((f"{a} - {b}", f"{a} and {b}", f"{a}, {b}")), str(a - b))


DIFFERENCE = Family(
    "difference",
    "A",
    (
        "{Subtract|Take away|Take} the {second number} from the {first|first number}.",
        "What is the difference {between|of} the {two |}numbers?",
        "{Calculate|Compute|Find|Give|Work out|Write} the difference.",
        "{Difference|Difference of the numbers|Subtraction|Result of the subtraction|First minus second}",
        "{Difference|Minus|Subtraction|What is left}:",
        "{What is left?|What is the difference?|How much is left?|How much remains?}",
        "How much is left {when|if} {you|we} {take away|subtract|remove} the second number from the first?",
        (
            "What {do you get|do we get|remains|is left} {after the subtraction|when the second number is "
            "subtracted from the first}?"
        ),
        "How much more is the first number than the second?",
        "I {need|want|would like} the difference {of|between} the {two |}numbers.",
        (
            "Here are two numbers. {Subtract the second from the first.|What is their difference?|Give the "
            "difference.|Take the second away from the first.}"
        ),
        "{Do|Perform|Solve} {the subtraction|this subtraction|the minus exercise}.",
        (
            "{Given two numbers|For the given numbers|For these two numbers}, {output|write|give} {the "
            "difference|the first minus the second}."
        ),
        (
            "{Could you|Can you} {subtract these numbers|work out the difference|take the second number from "
            "the first}{ for me|}?"
        ),
        "{What|Which} number is the {first number|first one} minus the {second|other one}?",
        "{Tell me|Say|Write} {how much is left|the difference of the numbers|how far apart the numbers are}.",
        (
            "{I had|There were} so many {apples|coins}, then I {lost|gave away} so many. How many {are "
            "left|remain}?"
        ),
        (
            "{Math exercise|Math task|Arithmetic}: {subtract the numbers|find the difference|first minus "
            "second}."
        ),
        "Use {subtraction|minus} on the {two |}numbers.",
        (
            "{I wonder|Tell me} {what remains after the subtraction|what the difference is|how much bigger "
            "the first number is}."
        ),
        "The first number {minus|less} the second {makes|gives|is} what?",
        (
            "How far {apart are the two numbers|is it from one number to the other|is the second number from "
            "the first}?"
        ),
        "{Decrease|Reduce|Lower} the first number by the second{ one|}.",
        "{Count back|Go back} from the first number by the second. {Where do you arrive|What do you reach}?",
        (
            "What is the result of {the subtraction|subtracting the second number from the first|this minus "
            "exercise}?"
        ),
        (
            "By how much {do the numbers differ|is the first number greater than the second|do the two "
            "numbers differ}?"
        ),
    ),
    _difference,
)


def _double(rng: random.Random) -> Draw:
    number = rng.randint(1, 20)
    return Draw(str(number), str(2 * number))


DOUBLE = Family(
    "double",
    "A",
    (
        "Double the number.",
        "{Multiply the number by {two|2}|Take the number {times two|twice}}.",
        "What is {twice|double|two times} {the|this} number?",
        "{Double|Twice the number|Double of the number|Number times two|Two times the number}",
        "{Double|Doubled|Twice|Times two}:",
        "{What is the double?|How much is twice as much?|What is two times this?}",
        "{Calculate|Compute|Find|Give|Write|Work out} the double of {the|this} number.",
        "How much is {two times|twice|double} {the|this} number?",
        (
            "{Which|What} number is {twice as big|twice as large|two times as much}{ as this one| as the "
            "given one|}?"
        ),
        "I {need|want|would like} {twice the number|the double of this number|the number times two}.",
        "Here is a number. {Double it.|What is its double?|Multiply it by two.|Take it twice.}",
        "Add the number to itself.",
        (
            "What {do you get|comes out|do we get} {when you double it|if you double it|when it is "
            "doubled|if it is multiplied by two}?"
        ),
        (
            "{Given a|For the given|For this} number, {output|write|give} {its double|twice its value|two "
            "times the number}."
        ),
        "{Could you|Can you} {double this number|multiply this by two|tell me the double of this number}?",
        (
            "{I wonder|Tell me|Say} {what twice this number is|how much the double is|what two times the "
            "number is}."
        ),
        "{Math exercise|Math task|Arithmetic}: {double the number|times two|multiply by two}.",
        "Make the number {twice as big|two times as large|twice as large}.",
        (
            "{Somebody|My sister|A friend} has twice this number of {coins|apples}. How many {are these|does "
            "this make}?"
        ),
        "The number times {two|2} {is|gives|makes} what?",
        "What {is|would be} the product of this number and two?",
        "{Increase|Raise} the number to {double|twice} its {value|size}.",
        "{Twice the value|The doubled number|The number doubled}, please.",
        "Which number do {you|we} reach when {you|we} {double|count twice as far as} the given one?",
        "The number is {one half|only half} of what?",
        "{Return|State} {double the number|two times the number|twice the input}.",
        "The {price|value} {doubles|is doubled}: what is the new {number|value}?",
    ),
    _double,
)


def _two_digit_sum(rng: random.Random) -> Draw:
    a, b = rng.randint(11, 79), rng.randint(11, 79)
    return Draw(f"{a} + {b}", str(a + b))


TWO_DIGIT_SUM = Family(
    "two_digit_sum",
    "A",
    (
        "{Solve|Compute|Work out|Evaluate} the {expression|calculation|exercise}.",
        "What is the {result|value} of the {expression|calculation|sum}?",
        "{Add|Add up|Sum up} the two-digit numbers.",
        "{Result|Result of the calculation|Two-digit addition|Value of the expression}",
        "{Result|Calculation|The answer is|Equals}:",
        "{How much is this?|How much is it?|What does it make?|What is the result?}",
        (
            "How much {do these two-digit numbers make|are these two larger numbers together|is the whole "
            "calculation}?"
        ),
        "{Do|Carry out|Perform} the {calculation|two-digit addition|column addition}.",
        "I {need|want|would like} the {result|value} of this {calculation|expression|sum}.",
        "Here is a {calculation|math problem|sum}. {Solve it.|What is the result?|Work it out.}",
        (
            "{Given an expression|For the given expression|For this calculation}, {output|write|give} {its "
            "value|the result|the answer}."
        ),
        "{Could you|Can you} {calculate this|solve this for me|work this out without a calculator}?",
        "{Use|Take} a {calculator|pencil} and {write|give} the result.",
        "{Find|Write|Give|Return} the {value|result} of the {sum|calculation|expression}.",
        "{What|Which} number {equals|is equal to|is the same as} the {expression|calculation}?",
        "{Math exercise|Mental arithmetic|Math test}: {calculate the result.|solve it.|what is the result?}",
        "{I wonder|Tell me|Say} {how much this is|what the result is|what this calculation makes}.",
        "{Complete|Finish} the {equation|calculation}.",
        "What {goes|comes|stands} after the equals sign?",
        "{Simplify|Reduce} the expression to {one number|a single number}.",
        "{Help me with my homework|My math homework}: {how much is this?|what is the answer?}",
        "{Type|Put} it into a calculator: what {do you see|does it show}?",
        "{The sum|The total} of the {two larger numbers|two-digit numbers|two big numbers}, please.",
        "{What is the price|How much do I pay} for both things {together|in all}?",
        "{Evaluate|Resolve} the {addition|arithmetic expression}.",
    ),
    _two_digit_sum,
    hard=True,
)


_COUNTED: tuple[str, ...] = (
    "apples",
    "pens",
    "books",
    "cups",
    "flowers",
    "coins",
    "eggs",
    "keys",
    "bags",
    "lemons",
)


def _word_problem(rng: random.Random) -> Draw:
    name, things = person(rng), rng.choice(_COUNTED)
    if rng.random() < 0.5:
        a, b = rng.randint(2, 12), rng.randint(2, 12)
        verb = rng.choice(("buys", "finds", "gets"))
        text = f"{name} has {a} {things} and {verb} {b} more. How many {things} now?"
        return Draw(text, str(a + b))
    a = rng.randint(4, 15)
    b = rng.randint(2, a - 1)
    verb = rng.choice(("loses", "sells", "gives away"))
    text = f"{name} has {a} {things} and {verb} {b}. How many {things} are left?"
    return Draw(text, str(a - b))


WORD_PROBLEM = Family(
    "word_problem",
    "A",
    (
        "{Solve|Work out|Answer} the {word problem|math problem|story problem|math story}.",
        "What is the {answer|solution} to the {word problem|math problem|math story|story problem}?",
        (
            "{Read|Look at} the {math story|problem|word problem} and {write|give|find} the "
            "{number|answer|result}."
        ),
        "{Word problem|Math problem|Solution of the math problem|Math story|Answer to the word problem}",
        "{Solution|Answer to the problem|Word problem|The solution is}:",
        "How many {are there in the end|does the person have in the end|things are there at the end}?",
        "{Find|Give|Calculate|Compute} the {solution|answer} to the {problem|story problem}{ as a number|}.",
        (
            "{Answer|Reply} with {a number|the right number}: {solve the problem.|what is the result of the "
            "story?}"
        ),
        (
            "I {need|want|would like} {the answer to this math problem|the solution to this word "
            "problem|help with this math story}."
        ),
        (
            "Here is a {math story|word problem|little math problem}. {Solve it.|What is the answer?|Give "
            "the number.}"
        ),
        (
            "{Given a word problem|For the given problem}, {output|write|give} {the number|the answer as a "
            "number|the result}."
        ),
        (
            "{Could you|Can you} {solve this math problem|work out this word problem|help me with this math "
            "story}?"
        ),
        "Use {addition or subtraction|plus or minus} to {solve the problem|answer the question}.",
        "{Help a pupil|Help a child|Help me} {with|to solve} the {math story|math problem|word problem}.",
        (
            "{How many things|What number} does the person have {after all this|in the end|at the end of the "
            "story}?"
        ),
        "{I wonder|Tell me|Say} how many {there are in the end|the person has now}.",
        "{Math exercise|Math homework|Math quiz}: {solve the word problem|answer the question in the story}.",
        "{Think|Calculate} and {answer the math question|solve the story problem}.",
        "{Answer|Solve} the {little |short |}{math question|arithmetic story}{ with a number|}.",
        "{After the change|After what happened}, {how many are there|how many does the person have}?",
        "{What number|Which number} {answers|solves} the {problem|question in the story}?",
        "{Work|Think} through the {story|problem} and {give|write} the final {number|count}.",
        (
            "The {story|text} {asks|ends with} a {how many question|math question}. {Answer it.|Solve "
            "it.|Give the number.}"
        ),
        "{Count|Calculate} what the person has {in the end|now|at the end}.",
        "{A math story for you|A riddle with numbers}: {solve it.|what is the answer?}",
    ),
    _word_problem,
    hard=True,
)

FAMILIES: tuple[Family, ...] = (
    SUM,
    DIFFERENCE,
    DOUBLE,
    TWO_DIGIT_SUM,
    WORD_PROBLEM,
)
