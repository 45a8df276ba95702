"""Forms of single words: number, tense and comparison (kind A)."""

from __future__ import annotations

from .asking import asks, lookup
from .grammar import Family


def _rows(table: str) -> tuple[tuple[str, ...], ...]:
    """Read comma-separated rows, one per line."""
    return tuple(tuple(part.strip() for part in line.split(",")) for line in table.strip().splitlines())


def pairs(text: str) -> dict[str, str]:
    """Read "left right" pairs separated by commas."""
    rows = (pair.split() for pair in text.replace("\n", " ").split(","))
    return {row[0]: row[1] for row in rows}


# Nouns whose plural differs from the singular and has one usual form.
PLURALS: dict[str, str] = pairs("""
    cat cats, dog dogs, car cars, book books, house houses, tree trees, apple apples, table tables,
    chair chairs,
    door doors, bird birds, flower flowers, school schools, king kings, girl girls, boy boys, horse horses,
    cow cows, key keys, toy toys, day days, monkey monkeys, teacher teachers, student students,
    friend friends,
    bus buses, box boxes, glass glasses, dish dishes, watch watches, fox foxes, peach peaches,
    church churches,
    brush brushes, class classes, city cities, baby babies, lady ladies, story stories, country countries,
    family families, party parties, cherry cherries, leaf leaves, knife knives, wolf wolves, wife wives,
    life lives, loaf loaves, shelf shelves, child children, man men, woman women, foot feet, tooth teeth,
    goose geese, mouse mice, ox oxen, potato potatoes, tomato tomatoes, hero heroes
""")

# Base form, past tense, -ing form; every past tense belongs to one verb.
VERBS = _rows("""
    sing, sang, singing
    go, went, going
    eat, ate, eating
    drink, drank, drinking
    run, ran, running
    write, wrote, writing
    speak, spoke, speaking
    see, saw, seeing
    give, gave, giving
    take, took, taking
    make, made, making
    come, came, coming
    buy, bought, buying
    bring, brought, bringing
    think, thought, thinking
    teach, taught, teaching
    catch, caught, catching
    sleep, slept, sleeping
    swim, swam, swimming
    fly, flew, flying
    draw, drew, drawing
    drive, drove, driving
    ride, rode, riding
    break, broke, breaking
    find, found, finding
    lose, lost, losing
    win, won, winning
    sell, sold, selling
    tell, told, telling
    sit, sat, sitting
    stand, stood, standing
    wear, wore, wearing
    build, built, building
    send, sent, sending
    feel, felt, feeling
    know, knew, knowing
    grow, grew, growing
    throw, threw, throwing
    begin, began, beginning
    forget, forgot, forgetting
    keep, kept, keeping
    meet, met, meeting
    say, said, saying
    play, played, playing
    walk, walked, walking
    talk, talked, talking
    work, worked, working
    help, helped, helping
    open, opened, opening
    clean, cleaned, cleaning
    wash, washed, washing
    cook, cooked, cooking
    jump, jumped, jumping
    call, called, calling
    carry, carried, carrying
    cry, cried, crying
    stop, stopped, stopping
    dance, danced, dancing
    smile, smiled, smiling
    paint, painted, painting
    watch, watched, watching
""")

# Adjective, comparative, superlative.
GRADES = _rows("""
    big, bigger, biggest
    small, smaller, smallest
    tall, taller, tallest
    short, shorter, shortest
    long, longer, longest
    old, older, oldest
    young, younger, youngest
    fast, faster, fastest
    slow, slower, slowest
    strong, stronger, strongest
    weak, weaker, weakest
    hot, hotter, hottest
    cold, colder, coldest
    warm, warmer, warmest
    happy, happier, happiest
    easy, easier, easiest
    heavy, heavier, heaviest
    light, lighter, lightest
    dark, darker, darkest
    bright, brighter, brightest
    clean, cleaner, cleanest
    dirty, dirtier, dirtiest
    cheap, cheaper, cheapest
    rich, richer, richest
    poor, poorer, poorest
    hard, harder, hardest
    soft, softer, softest
    high, higher, highest
    low, lower, lowest
    deep, deeper, deepest
    wide, wider, widest
    thin, thinner, thinnest
    thick, thicker, thickest
    sweet, sweeter, sweetest
    nice, nicer, nicest
    loud, louder, loudest
    early, earlier, earliest
    pretty, prettier, prettiest
    funny, funnier, funniest
    busy, busier, busiest
    good, better, best
    bad, worse, worst
    beautiful, more beautiful, most beautiful
    expensive, more expensive, most expensive
    dangerous, more dangerous, most dangerous
    difficult, more difficult, most difficult
    interesting, more interesting, most interesting
    important, more important, most important
    famous, more famous, most famous
    careful, more careful, most careful
    comfortable, more comfortable, most comfortable
    modern, more modern, most modern
""")

_PLURAL = (
    *asks(("plural", "plural form", "plural"), ("noun", "word", "singular noun", "singular")),
    "Make {this|the} {noun|word} plural.",
    "{Turn|Change|Put|Transform|Convert} {this|the} {noun|word|singular noun|singular} into {the|its}"
    " plural.",
    "How do you {say|write|spell} {this|this word|it} when there {is more than one|are many|are two|are"
    " several}?",
    "What {do you say|do we say|is the word} for {more than one|two or more|several|many|a lot} of"
    " {these|them}?",
    "There is one of these. Now there are {two|three|many}. What {are they called|is the word now}?",
    "Write {the|this} {noun|word} {so that it means|for} {more than one|many|several}.",
    "{Go from|From} {one to many|singular to plural}{.|:}",
    "The {noun|word} is {in the singular|singular}. {Make it plural|Give the plural|Write the plural form}.",
    "What does {this|the} {noun|word} become in the plural?",
    "How does {this|the} {noun|word} {look|sound} in the plural?",
    "Pluralize {the|this} {noun|word}.",
    "Singular: given. Plural: {wanted|needed}.",
    "Here is the name of one thing. What do you call {two|several|many} of them?",
    "{Form|Build|Make} the plural{| of the noun| from the singular}.",
    "If I have {two|three|many|several} of {these|them}, {what|which word} {should I|do I} {write|say|use}?",
    "Say {it|the word} as if there were {more than one|several|many}.",
    "I want to {talk|write} about {many|several|a lot} of these. {Which|What} {word|form} do I {use|need}?",
    "{One|One thing} is called this. What {are two called|do you call two|are many called|do you call"
    " several}?",
    "{Not one, but many|Not only one, but several}: what is the {word|noun} then?",
    "{Put|Write} {the|this} {noun|word} in {the plural|plural form|its plural form}.",
    "What is the plural?",
)
_SINGULAR = (
    *asks(("singular", "singular form", "singular"), ("noun", "word", "plural noun", "plural")),
    "Make {this|the} {noun|word|plural} singular.",
    "{Turn|Change|Put|Transform|Convert} {this|the} {noun|word|plural noun|plural} into {the|its} singular.",
    "How do you {say|write|spell} {this|this word|it} when there is {only one|just one|one}?",
    "What {do you say|do we say|is the word} for {only one|just one|a single one} of {these|them}?",
    "There are many of these. Now there is {only one|just one}. What is {it called|the word now}?",
    "Write {the|this} {noun|word} {so that it means|for} {only one|just one|a single thing}.",
    "{Go from|From} {many to one|plural to singular}{.|:}",
    "The {noun|word} is {in the plural|plural}. {Make it singular|Give the singular|Write the singular"
    " form}.",
    "What does {this|the} {noun|word} become in the singular?",
    "How does {this|the} {noun|word} {look|sound} in the singular?",
    "{Undo|Remove|Take away} the plural.",
    "Plural: given. Singular: {wanted|needed}.",
    "Here is the name of many things. What do you call {only one|a single one|just one} of them?",
    "{Form|Build|Make} the singular{| of the noun| from the plural}.",
    "If I have {only one|just one|a single one} of {these|them}, {what|which word} {should I|do I}"
    " {write|say|use}?",
    "Say {it|the word} as if there were {only one|just one}.",
    "I want to {talk|write} about {only one|one|just one} of these. {Which|What} {word|form} do I"
    " {use|need}?",
    "{Many|Two|Several} are called this. What {is one called|do you call one|is a single one called}?",
    "{Not many, but one|Not several, only one}: what is the {word|noun} then?",
    "{Put|Write} {the|this} {noun|word} in {the singular|singular form|its singular form}.",
    "What is one of {these|them} called?",
    "What is the singular?",
)
_PAST = (
    *asks(
        ("past tense", "past form", "simple past", "past", "simple past form", "preterite", "yesterday form"),
        ("verb", "word", "action word", "base form", "infinitive"),
    ),
    "Put {this|the} {verb|word} {in|into} {the past|the past tense|the simple past}.",
    "{Turn|Change|Convert|Transform} {this|the} {verb|present verb|base form} into {the past|the past"
    " tense}.",
    "How do you say this {verb|word} {in the past|if it happened yesterday|when it was yesterday}?",
    "Today I do this. {What did I do yesterday?|Which word do I use for yesterday?|What is the word for"
    " yesterday?}",
    "Change the {verb|word} so that it {is about yesterday|happened in the past|has already happened|is"
    " over}.",
    "Which {word|verb form|form} do I use if {I did this yesterday|it already happened|it is over|it"
    " was last week}?",
    "{What|Which} is the {verb|word} when {it already happened|it is finished|it was yesterday}?",
    "Make {this|the} {verb|word} past tense.",
    "How {does|would} this {verb|word} look in the {past|past tense}?",
    "Conjugate the verb in the {simple past|past|past tense}.",
    "We do this now. How do we say that we did it {last year|before|yesterday|a long time ago}?",
    "Write {this|the} {verb|word} as if it {happened|took place} {yesterday|long ago|last year|in the past}.",
    "I did this {last week|yesterday|last year}. {Which|What} {verb form|form of the verb} do I need?",
    "{From present to past|Present to past|Present tense given, past tense wanted}:",
    "The verb is in the present. {Give|Write|Tell me} the past.",
    "Now: this verb. Yesterday: {what|which word}?",
    "What does {this|the} {verb|word} become in the past?",
    "{Use|Write} the verb {in the past tense|for something that is over|for something that happened before}.",
    "{Which form|What form} does this verb take in {the past|the past tense|a story about yesterday}?",
    "Take the verb back to {yesterday|the past}.",
    "How {do you write|is} {this|the} verb in the simple past?",
)
_BASE = (
    *asks(
        (
            "base form",
            "present tense",
            "infinitive",
            "dictionary form",
            "present form",
            "basic form",
            "root form",
        ),
        ("verb", "past tense verb", "past form", "verb in the past", "past tense"),
    ),
    "{Put|Change|Turn|Bring} {this|the} {past tense verb|past form|verb in the past} {back |}into the"
    " present{| tense}.",
    "{Undo|Remove|Take away} the past tense.",
    "{From past to present|Past to present|Past tense given, present tense wanted}:",
    "The verb is in the past. {Give|Write|Tell me} {the present|the base form|the present tense}.",
    "{Which|What} verb has this past tense?",
    "This is {the past tense|the past form|the simple past} of {which|what} verb?",
    "{Of which|Of what} verb is this the {past|past tense|past form}?",
    "Which verb {was|has been} put into the past here?",
    "I did this yesterday. {What do I do today?|Which word do I use for today?|How do I say that I do"
    " it today?}",
    "Yesterday: this. {Today|Now}: {what|which word}?",
    "{Change the verb so that it happens|Write the verb as if it happened} {today|now|every day}.",
    "How do you {say|write} this verb {in the present|in the present tense|if it happens today}?",
    "{What|Which form} would I look up in a dictionary for this {verb|past form|past tense}?",
    "Give the {verb|word} {without the past tense|before it was put into the past|in its plain form}.",
    "What is the plain {form of this verb|verb behind this past form}?",
    "Make {this|the} {past tense verb|past form|verb} present{| tense}.",
    "Bring the {verb|action} from yesterday to today.",
    "Find the verb {from which this past form comes|that has this past form|this past tense comes from}.",
    "What is the verb's form after the word to?",
    "{Base|Plain|Original|Present} verb of the past {tense|form}{:|}",
    "Which verb does this past {form|tense} come from?",
)
_ING = (
    *asks(
        ("-ing form", "ing form", "present participle", "gerund", "continuous form", "progressive form"),
        ("verb", "word", "base form", "infinitive", "action word"),
    ),
    "Add -ing to {this|the} {verb|word}.",
    "Put -ing {at the end of|after} the {verb|word}, {with the right|in correct} spelling.",
    "{Write|Put|Give} {this|the} verb {with -ing|in the -ing form|in its -ing form}.",
    "{Turn|Change|Convert|Make} {this|the} {verb|word} into {an -ing word|the -ing form|a gerund|a"
    " participle}.",
    "{What|Which} {word|form} do I use after {I am|he is|they are|she was} with this verb?",
    "She is doing this {right now|at the moment}. {Which|What} {form of the verb|verb form} do I {need|use}?",
    "How do you {say|write} {this|the} verb when it is {going on|happening} {right now|at the moment}?",
    "Write the verb as {it is used|you use it} in the {present continuous|present"
    " progressive|continuous tense}.",
    "{What does this verb become|Which form does this verb take} in the {continuous|progressive} tense?",
    "The action is {going on|happening} right now. {Change the verb for that|Write the verb form for that}.",
    "I am busy with this action. {I am doing what?|Which word ends with -ing?}",
    "{Which|What} word with -ing {do you get|comes} from this verb?",
    "Make {a gerund|a present participle|an -ing word} {from|of|out of} {this|the} {verb|word}.",
    "The {verb|word} ending in -ing{:|}",
    "Verb with -ing{:|}",
    "From the base form to the -ing form{:|.}",
    "How {do you spell|do you write} {this|the} verb with -ing?",
    "{I enjoy|I like} this action. {Which|What} form comes after {enjoy|like}, with -ing?",
    "What is the -ing {version|ending form} of {this|the} {verb|word}?",
    "Right now they are ...: {fill in|write} the {form|right form} of {this|the} verb.",
    "What does this verb look like with -ing {added|at the end}?",
)
_COMPARATIVE = (
    *asks(
        ("comparative", "comparative form", "comparative degree"), ("adjective", "word", "describing word")
    ),
    "{Make|Turn|Change|Put} {this|the} {adjective|word} into {the|its|a} comparative.",
    "{Put|Write|Use} {this|the} {adjective|word} in the comparative{| form}.",
    "{What|Which} {word|form} do I use {to compare|when I compare|for comparing} two {things|people}?",
    "Use -er or more with {this|the} {adjective|word}.",
    "Add -er or put more in front{| of the adjective}.",
    "How do you say that one thing {is|has} more of this {quality|property} than another?",
    "One {house|thing|box} is like this. The other is even ...{what?| Which form follows?}",
    "{Which|What} form of {this|the} adjective {comes|stands|goes} before {the word |}than?",
    "Complete the {pattern|phrase}: ... than. Use this adjective.",
    "This, but {more so|more than the other}: {which|what} form of the {adjective|word}?",
    "{Compare two things|You compare two things} with this {adjective|word}. {Which form do you"
    " use?|Give the form.}",
    "How {does|would} this adjective look before than?",
    "{From positive to comparative|From the basic form to the comparative|Adjective to comparative}{.|:}",
    "How do you {say|write} this {adjective|word} {in the comparative|when you compare two}?",
    "{Second|Next} {degree|step} of the adjective, the one {for|with} than{:|}",
    "Form the comparative{| of the adjective| from this adjective}.",
    "Tom is like this, but Ben is ... than Tom. {Fill in the form.|Which form is missing?}",
    "What {do I say|do I write|should I say} if something is more so than something else?",
    "What does {this|the} {adjective|word} become before than?",
    "I compare two {friends|cars|things}. {Which|What} form of {this|the} adjective do I need?",
)
_SUPERLATIVE = (
    *asks(
        ("superlative", "superlative form", "superlative degree"), ("adjective", "word", "describing word")
    ),
    "{Make|Turn|Change|Put} {this|the} {adjective|word} into {the|its|a} superlative.",
    "{Put|Write|Use} {this|the} {adjective|word} in the superlative{| form}.",
    "{What|Which} {word|form} do I use {for the top one|for the number one} of {all|a group|three or more}?",
    "Use -est or most with {this|the} {adjective|word}.",
    "Add -est or put most in front{| of the adjective}.",
    "How do you say that one thing has the most of this {quality|property}{| of all}?",
    "No other {house|thing|person} is more like this. It is the ...{what?| Which form follows?}",
    "{Which|What} form of {this|the} adjective {comes|stands|is used} after the word the?",
    "Complete the {pattern|phrase}: the ... of all. Use this adjective.",
    "This, more than {all others|everybody else|all the rest}: {which|what} form of the {adjective|word}?",
    "It beats all the others in this. {Which form do you use?|Give the form of the adjective.}",
    "{From positive to superlative|From the basic form to the superlative|Adjective to superlative}{.|:}",
    "How do you {say|write} this {adjective|word} {in the superlative|for the winner of all}?",
    "{Highest|Top|Last|Third} {degree|step|grade} of the adjective{:|}",
    "Form the superlative{| of the adjective| from this adjective}.",
    "In our class, Tom is the ... of all. {Fill in the form.|Which form is missing?}",
    "What {do I say|do I write|should I say} if nothing else is more so?",
    "What does {this|the} {adjective|word} become in the highest degree?",
    "{The most extreme form|The extreme form|The strongest form} of {this|the} {adjective|word}{:|}",
    "This one is number one of all. {Which|What} form of {this|the} adjective do I need?",
    "Of all things in the world, this one is the most so. {Write|Give} that form of the adjective.",
)
FAMILIES: tuple[Family, ...] = (
    lookup("plural", PLURALS, _PLURAL),
    lookup("singular", {plural: noun for noun, plural in PLURALS.items()}, _SINGULAR),
    lookup("past_tense", {base: past for base, past, _ in VERBS}, _PAST),
    lookup("base_form", {past: base for base, past, _ in VERBS}, _BASE),
    lookup("ing_form", {base: ing for base, _, ing in VERBS}, _ING),
    lookup("comparative", {word: more for word, more, _ in GRADES}, _COMPARATIVE),
    lookup("superlative", {word: most for word, _, most in GRADES}, _SUPERLATIVE),
)
