"""Families without input: questions about countries, work, things, words and time, answered in a sentence."""

from __future__ import annotations

import random

from .facts import (
    COUNTRIES,
    DAYS,
    JOB_PLACES,
    JOBS,
    MONTHS,
    NUMBER_WORDS,
    OBJECTS,
    SEASONS,
    with_article,
)
from .grammar import Draw, Family
from .replies import reply_family
from .word_meanings import FRENCH, GERMAN, OPPOSITES, SPANISH

_MASS_NOUNS = frozenset({"scissors", "soap", "glue"})
_WORK_PREPOSITIONS = {"farm": "on", "ship": "on", "army base": "on", "space station": "on", "school": "at"}


def _thing(noun: str) -> str:
    return noun if noun in _MASS_NOUNS else with_article(noun)


def _draw_sum(rng: random.Random) -> Draw:
    one, two = rng.randint(1, 10), rng.randint(1, 10)
    left, right, total = NUMBER_WORDS[one], NUMBER_WORDS[two], NUMBER_WORDS[one + two]
    return Draw("", f"{left.capitalize()} plus {right} is {total}.", {"left": left, "right": right})


def _draw_next(rng: random.Random) -> Draw:
    names = rng.choice((DAYS, MONTHS))
    index = rng.randrange(len(names))
    after = names[(index + 1) % len(names)]
    slots = {"kind": "day" if names is DAYS else "month", "now": names[index]}
    return Draw("", f"{after} comes after {names[index]}.", slots)


_TRANSLATIONS = {
    (language, word): foreign
    for language, table in (("French", FRENCH), ("Spanish", SPANISH), ("German", GERMAN))
    for word, foreign in table.items()
}


def _draw_translation(rng: random.Random) -> Draw:
    (language, word), foreign = rng.choice(tuple(_TRANSLATIONS.items()))
    slots = {"language": language, "word": word}
    return Draw("", f"The {language} word for {word} is {foreign}.", slots)


CAPITAL_QUESTION = reply_family(
    "capital_question",
    "The capital of <country> is <country_reply>.",
    (
        "What is the {capital|capital city} of <country>?",
        "{Which city|What city} is the capital of <country>?",
        "Name the {capital|capital city} of <country> {in a sentence|in a full sentence}.",
        "{Capital|Capital city} of <country>:",
        "{Tell|Teach} me the capital of <country>.",
        "I {travel|fly} to <country>. {What is its capital?|Which city is the capital?}",
        "In which city does the government of <country> {sit|meet}?",
        "<Country> has a capital. {Which city is it?|Name it.}",
        "Do you know the {capital|capital city} of <country>?",
        "Complete the sentence: the capital of <country> is ...",
        "What do we call the {capital|main city} of <country>?",
        "I forgot the capital of <country>. {What is its name?|Help me.}",
        "Which capital belongs to <country>?",
        "{For my geography test|For a quiz}, I need the capital of <country>.",
        "Where is the seat of government of <country>?",
        "Look at a map of <country>. {Which city|What} is the capital?",
    ),
    country={name: country.capital for name, country in COUNTRIES.items()},
)
LANGUAGE_QUESTION = reply_family(
    "language_question",
    "People in <country> speak <country_reply>.",
    (
        "{Which|What} language do people speak in <country>?",
        "What is the {official|main} language of <country>?",
        "{Language|Main language} of <country>:",
        "What language is spoken in <country>?",
        "{Name|Tell me} the language of <country> in a sentence.",
        "I want to live in <country>. {Which language must I learn?|What language do I need?}",
        "How do people in <country> speak, in which language?",
        "If {I go|you go} to <country>, which language {do I|do you} hear?",
        "Which language should I {learn|study} before I visit <country>?",
        "In which language do people in <country> talk to each other?",
        "Say which language the people of <country> speak.",
        "The people of <country> have a language. {Which one?|Name it.}",
        "What is the mother tongue of most people in <country>?",
        "Newspapers in <country> are written in which language?",
        "Do you know {which|what} language they speak in <country>?",
        "Children in <country> go to school. {In which language do they learn?|What language do they speak?}",
    ),
    country={name: country.language for name, country in COUNTRIES.items()},
)
CONTINENT_QUESTION = reply_family(
    "continent_question",
    "<country> is in <country_reply>.",
    (
        "{On|In} which continent is <country>?",
        "What continent does <country> belong to?",
        "{Continent|Part of the world} of <country>:",
        "{Tell me|Say} in a sentence on which continent <country> {is|lies}.",
        "Name the continent of <country>.",
        "Where in the world is <country>? {I mean the continent.|Name the continent.}",
        "<Country> is part of which continent?",
        "I look for <country> on a map of the world. {Which continent is it on?|On which continent is it?}",
        "Which continent do I travel to if I {go to|visit} <country>?",
        "To which continent does <country> belong?",
        "Is <country> in Africa, America, Asia, Europe, or Oceania?",
        "{Do you know|Can you say} which continent <country> is on?",
        "Find the continent on which <country> {is|lies}.",
        "My friend comes from <country>. {Which continent is that on?|What continent is my friend from?}",
        "On what continent do the people of <country> live?",
        "Put <country> on the right continent in a sentence.",
    ),
    country={name: country.continent for name, country in COUNTRIES.items()},
)
COUNTRY_QUESTION = reply_family(
    "country_question",
    "<city> is in <city_reply>.",
    (
        "In {which|what} country is <city>?",
        "Which country does <city> belong to?",
        "{Country|Home country} of the city of <city>:",
        "Where is the city of <city>?",
        "{Tell me|Say} in a sentence which country <city> is in.",
        "I {fly|travel} to <city>. {Which country do I visit?|What country is that in?}",
        "Name the country of <city> in a sentence.",
        "<City> is a city in which country?",
        "My friend lives in <city>. {Which country is that?|What country is it in?}",
        "Do you know where <city> is? {Name the country.|Which country?}",
        "In what country do I land when I fly to <city>?",
        "What country {would I be in|am I in} if I were in <city>?",
        "Find <city> on the map. {Which country is it in?|In which country is it?}",
        "Of which country is <city> a city?",
        "The city is called <city>. {What country is it in?|Name its country.}",
        "People in <city> live in which country?",
    ),
    city={country.capital: name for name, country in COUNTRIES.items()},
)
OBJECT_USE = reply_family(
    "object_use_question",
    "You use <thing_reply>.",
    (
        "What is <thing> {used for|for|good for}?",
        "What do {people|you|we} use <thing> for?",
        "{Use|Purpose} of <thing>:",
        "{Tell me|Say} what <thing> is for.",
        "Why do people {have|need|buy} <thing>?",
        "What can {I|you} do with <thing>?",
        "What is the {use|purpose} of <thing>?",
        "I found <thing>. {What is it for?|What can I do with it?}",
        "When do {I|you} need <thing>?",
        "For what {job|task|purpose} do {people|we} need <thing>?",
        "A child asks what <thing> is for. {What do you say?|Answer the child.}",
        "Name the {usual |main |}use of <thing>.",
        "In a sentence, what is <thing> {good|used} for?",
        "What would I do with <thing>?",
        "<Thing> helps you do something. What?",
        "Do you know what <thing> is used for?",
    ),
    thing={_thing(noun): f"{_thing(noun)} to {use}" for noun, use in OBJECTS.items()},
)
WHICH_THING = reply_family(
    "which_thing_question",
    "You need <use_reply>.",
    (
        "What do I need to <use>?",
        "Which {tool|thing|object} do {I|you} need to <use>?",
        "I want to <use>. {What do I need?|Which thing helps me?}",
        "{Tool|Thing} to <use>:",
        "With what {do|can} {people|you} <use>?",
        "{Name|Tell me} {a thing|the thing} that helps {me|people} to <use>.",
        "What {should|can} I use to <use>?",
        "{Say|Tell me} what I need if I want to <use>.",
        "Which object is made to <use>?",
        "I have to <use>. {What should I take?|What do I take in my hand?}",
        "What {is used|do people use} to <use>?",
        "If I want to <use>, what do I {look for|buy}?",
        "How can I <use>? {What thing do I need?|Which thing do I need?}",
        "Give me the right {tool|thing} to <use>.",
        "My {friend|brother|sister} would like to <use>. {What is needed?|Which thing is right?}",
        "What thing do you take when you want to <use>?",
    ),
    use={use: _thing(noun) for noun, use in OBJECTS.items() if "your" not in use},
)
JOB_TASK = reply_family(
    "job_question",
    "<A_job> <job_reply>.",
    (
        "What does <a_job> do?",
        "What is the {job|work} of <a_job>?",
        "{Explain|Tell me|Say} what <a_job> does.",
        "{Job description|Work|Main task} of <a_job>:",
        "What {kind of|sort of} work does <a_job> do?",
        "{Describe|Explain} the job of <a_job> in one sentence.",
        "How does <a_job> earn money? {What is the work?|What does the person do?}",
        "What do <many_job> do all day?",
        "My {uncle|aunt|friend} is <a_job>. {What does that mean?|What does the work look like?}",
        "I want to become <a_job>. What will I do at work?",
        "What is <a_job> paid for?",
        "A child asks what <many_job> do. {What do you say?|Answer the child.}",
        "Do you know what <a_job> does at work?",
        "Which task does <a_job> have?",
        "What do we need <many_job> for? {Say what one of them does.|What does one of them do?}",
        "If you were <a_job>, what would you do every day?",
    ),
    job=JOBS,
)
WHO_DOES = reply_family(
    "who_question",
    "<task_reply> <task>.",
    (
        "Who <task>?",
        "{Which person|Which worker} <task>?",
        "In which {job|profession} is there somebody who <task>?",
        "{Job|Profession} of a person who <task>:",
        "What {do we call|do you call|is the name of} a person who <task>?",
        "{Name|Tell me} the job of somebody who <task>.",
        "My {sister|brother|neighbor} <task> every day. What is the job?",
        "I am looking for somebody who <task>. {Who is that?|Which job is it?}",
        "A person <task>. {What is the job?|Who is it?}",
        "Guess my job: I am the one who <task>.",
        "Who is it that <task> for a living?",
        "Which {job|profession} has a person who <task>?",
        "What {is|could be} the {job|profession} of a man who <task>?",
        "Do you know who <task>?",
        "Find the person who <task>.",
        "If somebody <task> for money, what is the job?",
    ),
    task={task: with_article(job).capitalize() for job, task in JOBS.items()},
)
JOB_PLACE = reply_family(
    "workplace_question",
    "<A_job> works <job_reply>.",
    (
        "Where does <a_job> work?",
        "Where do <many_job> work?",
        "What is the {workplace|place of work} of <a_job>?",
        "{Workplace|Place of work} of <a_job>:",
        "{Tell me|Say} where <a_job> works.",
        "In {which|what} place does <a_job> {earn money|work}?",
        "I want to {visit|meet} <a_job> at work. {Where do I go?|Where can I do that?}",
        "Where {can|do} I find <a_job>?",
        "My {sister|father|mother} is <a_job>. {What is the workplace?|Name the workplace.}",
        "Where does <a_job> go in the morning?",
        "At what place {do|can} you see <a_job> at work?",
        "Name the place where <a_job> works.",
        "A child asks where <many_job> work. {What do you say?|Answer the child.}",
        "Do you know where <a_job> spends the working day?",
        "Which place is the workplace of <a_job>?",
        "If I become <a_job>, where will I work?",
    ),
    job={
        job: f"{_WORK_PREPOSITIONS.get(place, 'in')} {with_article(place)}"
        for job, place in JOB_PLACES.items()
    },
)
OPPOSITE_QUESTION = reply_family(
    "opposite_question",
    "The opposite of <word> is <word_reply>.",
    (
        "What is the opposite of <word>?",
        'Which word is the opposite of "<word>"?',
        "{Opposite|Antonym} of <word>:",
        "{Tell me|Say} in a sentence what the opposite of <word> is.",
        "{Name|Give me} the {opposite|antonym} of <word> in a full sentence.",
        "If {something|it} is not <word>, but just the opposite, {what is it|what do we say}?",
        "Not <word>, but the opposite: {what is the word|which word is it}?",
        "{Complete|Finish} the sentence: the opposite of <word> is ...",
        "What word means the {opposite|contrary} of <word>?",
        'I am looking for the {opposite|antonym} of "<word>".',
        "Do you know the opposite of <word>?",
        "Which word do I use for the contrary of <word>?",
        "Turn the word <word> around: what is its opposite?",
        "A child asks for the opposite of <word>. {What do you say?|Answer the child.}",
        'The word "<word>" has an opposite. {Which word is it?|Name it.}',
        "Teach me the opposite of <word>.",
    ),
    word=OPPOSITES,
)
TRANSLATION_QUESTION = Family(
    "translation_question",
    "B",
    (
        "How do you say <word> in <language>?",
        "What is the <language> word for <word>?",
        'What is "<word>" in <language>?',
        "<language> for <word>:",
        'Translate the word "<word>" into <language>.',
        "{Tell me|Teach me} the <language> word for <word>.",
        "I am learning <language>. {What is the word for <word>?|How do I say <word>?}",
        "What do people {say for|call} <word> in <language>?",
        "Which <language> word means <word>?",
        "{Give|Say|Name} the word for <word> in <language>.",
        "What would {somebody|a person} who speaks <language> say for <word>?",
        'Put "<word>" into <language>.',
        "How {would|do} I {write|say} <word> if I want to use <language>?",
        "In <language>, what is the word for <word>?",
        "I need <word> in <language>. {Can you translate it?|What is it?}",
        'Do you know what "<word>" is in <language>?',
    ),
    _draw_translation,
)
NEXT_IN_TIME = Family(
    "calendar_question",
    "B",
    (
        "Which <kind> comes after <now>?",
        "What <kind> follows <now>?",
        "{Tell me|Say} which <kind> comes {next after|after} <now>.",
        "{Next <kind>|Following <kind>} after <now>:",
        "It is <now>. {Which <kind> is next?|What is the next <kind>?}",
        "What is the <kind> after <now>?",
        "Name the <kind> {that comes after|that follows} <now>.",
        "When <now> is over, which <kind> {begins|starts}?",
        "After <now>, {what is the next <kind>|which <kind> do we have}?",
        "Which <kind> is right behind <now> in the calendar?",
        "Look at a calendar: what <kind> is next after <now>?",
        "I only know that the <kind> is <now>. Which <kind> will be next?",
        "Say in a sentence which <kind> follows <now>.",
        "A child asks what comes after <now>. {What do you say?|Answer the child.}",
        "Go one <kind> forward from <now>. Where are you?",
        "{The last <kind>|This <kind>} was <now>. What comes after it?",
    ),
    _draw_next,
)
MONTH_SEASON = reply_family(
    "season_question",
    "<month> is in <month_reply>.",
    (
        "In {which|what} season is <month>?",
        "Which season does <month> belong to?",
        "{Season|Time of the year} of <month>:",
        "{Tell me|Say} in a sentence which season <month> is in.",
        "Is <month> in spring, summer, autumn, or winter?",
        "Which time of the year is <month>: spring, summer, autumn, or winter?",
        "What season do we have in <month>?",
        "I was born in <month>. {Which season is that?|In which season was I born?}",
        "It is <month>. {What is the season?|Which season is it?}",
        "Name the season of <month> in a sentence.",
        "To which season do people count <month>?",
        "{Spring|Winter|Summer}, or which season is it in <month>?",
        "Do you know {which|what} season <month> is in?",
        "When I travel in <month>, what season is it {here|in Europe}?",
        "<Month> is a month of which season?",
        "Find the season for <month>.",
    ),
    month={month: season for season, months in SEASONS.items() for month in months},
)
SUM_QUESTION = Family(
    "sum_question",
    "B",
    (
        "{How much|What} is <left> plus <right>?",
        "What do you get if you add <left> and <right>?",
        "Add <left> and <right>.",
        "{Sum|Sum of}: <left> plus <right>",
        "I have <left> apples and get <right> more. How many {apples |}do I have, in a sentence with plus?",
        "Write in words what <left> plus <right> is.",
        "{Tell me|Say} the sum of <left> and <right>.",
        "<left> plus <right> {equals|is} what?",
        "How {do|would} you finish it: <left> plus <right> is ...?",
        "{Put|Take} <left> and <right> together. {What is the sum?|How much is it?}",
        "What is the {sum|total} of <left> and <right>?",
        "If I add <right> to <left>, what is the result?",
        "A child asks how much <left> plus <right> is. {What do you say?|Answer the child.}",
        "Can you add <left> and <right> {for me|in your head}?",
        "The numbers are <left> and <right>. {What is the sum?|Find the sum.}",
        "Do the sum of <left> and <right> and write it in words.",
    ),
    _draw_sum,
)

FAMILIES: tuple[Family, ...] = (
    CAPITAL_QUESTION,
    LANGUAGE_QUESTION,
    CONTINENT_QUESTION,
    COUNTRY_QUESTION,
    OBJECT_USE,
    WHICH_THING,
    JOB_TASK,
    WHO_DOES,
    JOB_PLACE,
    OPPOSITE_QUESTION,
    TRANSLATION_QUESTION,
    NEXT_IN_TIME,
    MONTH_SEASON,
    SUM_QUESTION,
)
