"""Meanings of single words: opposites, synonyms, abbreviations, translations, definitions (kind A).

Every table gives one answer to each word; words with two good answers are left out.
"""

from __future__ import annotations

from .asking import asks, lookup
from .grammar import Family


def _pairs(text: str) -> dict[str, str]:
    """Read "left = right" pairs separated by commas."""
    rows = (pair.split("=") for pair in text.replace("\n", " ").split(","))
    return {left.strip(): right.strip() for left, right in rows}


def _both_ways(text: str) -> dict[str, str]:
    """Read pairs that answer each other."""
    pairs = _pairs(text)
    return pairs | {right: left for left, right in pairs.items()}


OPPOSITES: dict[str, str] = {
    **_both_ways("""
        hot = cold, good = bad, happy = sad, clean = dirty, wet = dry, full = empty, strong = weak,
        rich = poor,
        fast = slow, early = late, high = low, wide = narrow, deep = shallow, loud = quiet, true = false,
        first = last, always = never, inside = outside, buy = sell, love = hate, push = pull, friend = enemy,
        war = peace, summer = winter, day = night, north = south, east = west, dead = alive, awake = asleep,
        safe = dangerous, cheap = expensive, polite = rude, beautiful = ugly, possible = impossible,
        lucky = unlucky, smooth = rough, black = white, question = answer, remember = forget, above = below,
        before = after, many = few, up = down, yes = no, begin = end
    """),
    **_pairs("""
        big = small, tall = short, long = short, old = young, heavy = light, new = old, easy = difficult,
        thick = thin, left = right, laugh = cry, success = failure, arrive = leave
    """),
}
SYNONYMS: dict[str, str] = _both_ways("""
    begin = start, big = large, fast = quick, smart = clever, ill = sick, shut = close, end = finish,
    speak = talk, gift = present, rich = wealthy, small = little, scared = afraid, hard = difficult,
    kid = child, buy = purchase, silent = quiet, sofa = couch, doctor = physician, cab = taxi, road = street,
    stone = rock, error = mistake, woods = forest, shop = store, jump = leap, pretty = beautiful,
    film = movie,
    photo = picture, rabbit = bunny, mom = mother, dad = father, weird = strange, repair = fix,
    choose = select, allow = permit, happy = glad, ocean = sea, correct = right, simple = easy,
    answer = reply, car = automobile, bicycle = bike
""")
COUNTERPARTS: dict[str, str] = _pairs("""
    king = queen, prince = princess, man = woman, boy = girl, father = mother, son = daughter,
    brother = sister, uncle = aunt, husband = wife, grandfather = grandmother, nephew = niece,
    actor = actress, waiter = waitress, host = hostess, hero = heroine, gentleman = lady, sir = madam,
    bull = cow, rooster = hen, lion = lioness, tiger = tigress, ram = ewe, stallion = mare,
    widower = widow, groom = bride, god = goddess, monk = nun, wizard = witch, duke = duchess,
    he = she, him = her, policeman = policewoman, dad = mom, grandpa = grandma, emperor = empress,
    businessman = businesswoman, stepfather = stepmother, grandson = granddaughter
""")
ABBREVIATIONS: dict[str, str] = _pairs("""
    USA = United States of America, UK = United Kingdom, EU = European Union, UN = United Nations,
    TV = television, Dr. = Doctor, Mr. = Mister, kg = kilogram, km = kilometer, cm = centimeter,
    min. = minute, hr = hour, etc. = et cetera, ASAP = as soon as possible, PC = personal computer,
    FAQ = frequently asked questions, DIY = do it yourself, CD = compact disc, AI = artificial intelligence,
    VIP = very important person, CEO = chief executive officer, GPS = global positioning system,
    NY = New York, LA = Los Angeles, Mon. = Monday, Tue. = Tuesday, Fri. = Friday, Sat. = Saturday,
    Jan. = January, Feb. = February, Aug. = August, Oct. = October, Dec. = December,
    WHO = World Health Organization, BBQ = barbecue, BTW = by the way, Prof. = Professor
""")
FRENCH: dict[str, str] = _pairs("""
    dog = chien, cat = chat, house = maison, water = eau, bread = pain, book = livre, sun = soleil,
    moon = lune, milk = lait, red = rouge, white = blanc, green = vert, black = noir, blue = bleu, one = un,
    two = deux, three = trois, apple = pomme, hand = main, night = nuit, day = jour, friend = ami,
    horse = cheval, cow = vache, bird = oiseau, tree = arbre, flower = fleur, king = roi, table = table,
    door = porte, good = bon, hello = bonjour, yes = oui, no = non, cheese = fromage, wine = vin,
    car = voiture,
    city = ville, Monday = lundi, thank you = merci
""")
SPANISH: dict[str, str] = _pairs("""
    dog = perro, cat = gato, house = casa, water = agua, bread = pan, book = libro, sun = sol,
    moon = luna, milk = leche, red = rojo, white = blanco, green = verde, black = negro, blue = azul,
    one = uno,
    two = dos, three = tres, apple = manzana, hand = mano, night = noche, friend = amigo, horse = caballo,
    cow = vaca, flower = flor, king = rey, table = mesa, door = puerta, good = bueno, hello = hola, no = no,
    cheese = queso, wine = vino, city = ciudad, street = calle, school = escuela, window = ventana,
    head = cabeza, Monday = lunes, thank you = gracias, sister = hermana
""")
GERMAN: dict[str, str] = _pairs("""
    dog = Hund, cat = Katze, house = Haus, water = Wasser, bread = Brot, book = Buch, sun = Sonne,
    moon = Mond, milk = Milch, red = rot, yellow = gelb, blue = blau, one = eins, two = zwei, three = drei,
    apple = Apfel, hand = Hand, night = Nacht, day = Tag, friend = Freund, horse = Pferd, cow = Kuh,
    bird = Vogel, tree = Baum, flower = Blume, table = Tisch, good = gut, hello = hallo, yes = ja, no = nein,
    wine = Wein, city = Stadt, school = Schule, window = Fenster, fish = Fisch, mother = Mutter, heart = Herz,
    Monday = Montag, thank you = danke, sister = Schwester
""")
DEFINITIONS: dict[str, str] = {
    "island": "a piece of land with water all around it",
    "bridge": "a way built over a river or a road",
    "library": "a place where you can borrow books",
    "hospital": "a place where sick people are treated",
    "school": "a place where children learn",
    "museum": "a place where old or beautiful things are shown",
    "bakery": "a shop that sells bread and cakes",
    "kitchen": "a room where people cook",
    "bedroom": "a room where people sleep",
    "garden": "a piece of land where plants are grown",
    "desert": "a dry place with a lot of sand",
    "forest": "a large place with many trees",
    "river": "a long stream of water that flows to the sea",
    "mountain": "a very high hill",
    "ocean": "a very large area of salt water",
    "volcano": "a mountain that can throw out fire and ash",
    "farm": "a place where food is grown and animals are kept",
    "zoo": "a place where people can look at wild animals",
    "airport": "a place where planes land and take off",
    "orphan": "a child whose parents are dead",
    "neighbor": "a person who lives next to you",
    "guest": "a person who visits your home",
    "thief": "a person who steals things",
    "winner": "a person who comes first in a game",
    "breakfast": "the first meal of the day",
    "dessert": "something sweet eaten after a meal",
    "birthday": "the day on which a person was born",
    "holiday": "a day when people do not have to work",
    "secret": "something that only a few people know",
    "dictionary": "a book that tells you what words mean",
    "nest": "a home that a bird builds for its eggs",
    "century": "a period of one hundred years",
    "week": "a period of seven days",
    "orchestra": "a large group of people who play music together",
    "recipe": "a list of steps for making a dish",
    "wallet": "a small case for money and cards",
    "stable": "a house for horses",
    "storm": "very bad weather with strong wind",
}

_OPPOSITE = (
    *asks(("opposite", "antonym", "contrary", "opposite word", "exact opposite"), ("word", "term")),
    "{Which|What} word {means|says} {the opposite|the exact opposite|the reverse|the contrary}?",
    "{What|Which word} is the {contrary|reverse|opposite|antonym}?",
    "{Reverse|Turn around|Flip} the meaning of {this|the} word.",
    "{Give|Write|Find|Name|Tell me} {a|the} word {with|that has} {the opposite|the reverse|the"
    " contrary} meaning.",
    "Replace the word {with|by} its {opposite|antonym|contrary}.",
    "If {something|it} is not this at all, what is it? {Give the opposite.|Use the opposite word.}",
    "What would be the {complete|exact|total} opposite{?| of this?}",
    "{This|The word} and its opposite make a pair. {What is the other one?|Name the other one.}",
    "{Opposite|Antonym|Contrary|Opposite of|Antonym of|Reverse meaning}{:|?}",
    "What is the antonym?",
    "{Say|Write} the {opposite|contrary|antonym|reverse}.",
    "Think of the word that is {as different as possible|completely different} in meaning{|, the opposite}.",
    "How do you say {the opposite|the reverse|the contrary}{| of this}?",
    "{Turn|Change} this word into its {opposite|antonym|contrary}.",
    "{Which|What} word stands at the other end{| of the scale}?",
    "My {teacher|son|friend} says this word. I say the {opposite|contrary}. What do I say?",
    "What do you get if you turn the meaning {around|upside down|into its opposite}?",
    "Name the word that is opposite in meaning.",
    "{Find|Give} {its|the word's} {antonym|opposite|contrary}.",
    "{Two words with opposite meanings belong together.|Opposites attract.} Which word goes with this one?",
)
_SYNONYM = (
    *asks(("synonym", "closest synonym", "equivalent"), ("word", "term")),
    "{Which|What} {other |}word {means|says} {the same|the same thing|exactly this|nearly the same}?",
    "{Give|Write|Find|Name|Tell me} {another|a different} word {with|that has} the same {meaning|sense}.",
    "{Give|Write|Find|Name|Tell me} {another|a different} word {for this|for the same thing|that means"
    " the same}.",
    "Replace the word {with|by} {a synonym|one that means the same|another of the same meaning}.",
    "How else {can|could|do} {you|I|we} {say|put} this{| in one word}?",
    "Say {it|this|the same} {with another word|in another word|using a different word}.",
    "{Synonym|Synonym of|Same meaning|Same meaning as|Another word for|Similar word}{:|?}",
    "What is {a|the} synonym?",
    "What is another {word|name|way of saying it|way to say it}{| for this}?",
    "I {do not want|am tired of using|have already used} this word. {What can I say instead?|Give me"
    " another one.}",
    "I keep repeating this word. {Which word can I use instead|What else can I write}{?| with the same"
    " meaning?}",
    "{Is there|Do you know|Can you think of} {another|a different|a similar} word {with the same"
    " meaning|that means the same}?",
    "{Name|Give|Write|Find} {a similar|an equivalent} word.",
    "{Two words with the same meaning belong together.|Synonyms go together.} Which word goes with this one?",
    "{Keep the meaning, change the word|Same meaning, other word}{.|:}",
    "{Which|What} word is {similar|equal|the closest} in meaning?",
    "{Change|Exchange} the word but keep the meaning.",
    "What is a word of {equal|the same|similar} meaning?",
    "The meaning {must|should} stay the same, but the word {must|should} change. {What do you write?|Do it.}",
    "{Express|Put} the same thing {in|with} {another|a different} word.",
    "What {would|does} a thesaurus {give|list|show} for this word?",
    "Find the twin of this word, {a word that means the same|with the same meaning}.",
)
_FEMALE = (
    *asks(
        (
            "female form",
            "female counterpart",
            "feminine form",
            "female equivalent",
            "feminine",
            "female version",
        ),
        ("word", "noun", "male word", "masculine word", "male noun"),
    ),
    "{Turn|Change|Convert|Make} {this|the} {male|masculine} {word|noun|form} into {the|its}"
    " {female|feminine} one.",
    "What {do you call|is the word for|is the name for} {a woman|a female|a girl} {of this kind|like"
    " this|in this role}?",
    "{Which|What} word {do I use|is used|is right} {for a woman|for a female|if it is a woman|if she is"
    " female}?",
    "{From male to female|Male to female|Masculine to feminine|From masculine to feminine|Male given,"
    " female wanted}{.|:}",
    "The word {is male|is masculine|names a male}. {Give|Write|Name} the {female|feminine} word.",
    "Change the {gender|sex} {of the word|from male to female}.",
    "Make {this|the} {word|noun} {feminine|female}.",
    "He is this. {What is she?|What would she be?|What do we call her?}",
    "If {he|it} were a {woman|female}, what would {he|it} be called?",
    "What is {the|a} female called?",
    "He is called this. {What is she called?|What do you call her?}",
    "The same{,| word,} but {for a woman|female|feminine|for a lady}{:|}",
    "Replace the {male|masculine} word {with|by} the {female|feminine} one.",
    "What is the {woman|female} that goes with {this male|this man}?",
    "Gender change{:| to female:| from male to female:}",
    "{Name|Give} {the lady|the female partner|the female} that {matches|goes with} this {word|male word}.",
    "{How do you say this|What is this} for {a woman|a female|women}?",
    "{Which|What} word {names|describes} the female {one|kind|side}?",
    "{Not him but her|Not a man but a woman}: what is the word?",
    "{Write|Say} the word {in the feminine|in its female form|for a woman|for her}.",
    "{Masculine is to feminine|Male is to female} as this word is to {what|which word}?",
    "{Male and female words come in pairs.|Such words come in pairs.} {What is the female one?|Name the"
    " female one.}",
)
_ABBREVIATION = (
    *asks(
        ("full form", "meaning", "long form", "full name", "expansion", "unabbreviated form"),
        ("abbreviation", "acronym", "short form"),
    ),
    "What {does this abbreviation|does this acronym|do these letters|do the letters} {stand for|mean}?",
    "{Write|Spell|Say} {this|the} {abbreviation|acronym|short form} {in full|in full words}.",
    "{Spell|Write} {this|the} {abbreviation|acronym|short form} out.",
    "{Expand|Resolve|Decode|Spell out|Write out} {{this|the} {abbreviation|acronym|short form}|the letters}.",
    "{Which|What} {word or words|words} {does this abbreviation stand for|are abbreviated here|are"
    " behind these letters}?",
    "It is {short|an abbreviation} for what?",
    "This is short for {what|which word or words}?",
    "{Stands for|Short for|Abbreviation of|Abbreviation for|Full form of the abbreviation}{:|}",
    "{I do not understand|I do not know|I have never seen|I saw} this abbreviation. {What does it stand"
    " for?|What does it mean?}",
    "Replace the abbreviation {with|by} {the full words|the full form|what it stands for}.",
    "{Turn|Change} {this|the} {abbreviation|acronym} into {the full form|full words}.",
    "{Write|Give} {it|the word or words} without {abbreviating|abbreviation}.",
    "What is {this|it} an abbreviation {of|for}?",
    "How do you {read|say|write} {this|this abbreviation} in full?",
    "Unabbreviate {this|it|the letters}.",
    "{The letters are|This is} {an abbreviation|a short form}. {Give the long one.|Write it in"
    " full.|What is the long form?}",
    "I need the {words|word or words} that {this|the} abbreviation stands for.",
    "{Tell me|Explain} what {these|the} letters {mean|stand for}.",
    "{Explain|Clear up} {this|the} {abbreviation|acronym}{| by writing it in full}.",
    "Abbreviation to full form{:|.}",
)


def _translation(language: str) -> tuple[str, ...]:
    """Return the ways to ask for a word of the language."""
    phrasings = (
        *asks(("LANG translation", "translation into LANG", "LANG equivalent"), ("word", "English word")),
        "{Translate|Put|Turn|Convert} {this|the word|it|the English word|this word} {into|to} LANG.",
        "Translate {from English to|into|to} LANG{.|:}",
        "How do you say {this|this word|it|that} in LANG?",
        "What is {this|this word|it|this called|it called} in LANG?",
        "{What do they say for this|Which word do people use for this|What do they call this} in LANG?",
        "{English to LANG|From English to LANG|English - LANG|In LANG|LANG|LANG word}{:|}",
        "What is the LANG {for|word for} {this|it|this English word}?",
        "{Say|Write} {it|this|the word} in LANG.",
        "{Give|Tell|Show} me the LANG {for it|for this|for this word|word}.",
        "I am learning LANG. {What is the word for this?|How do I say this?|Which word do I need here?}",
        "{I am|We are} {going|travelling} {abroad|on holiday} and need this {word |}in LANG.",
        "How would {a LANG speaker|someone who speaks LANG|somebody who only speaks LANG} say {this|it}?",
        "A LANG speaker does not understand this {word|English word}. {What should I say|What can I say}?",
        "{Which|What} LANG word means {this|the same|the same as this|the same as the English word}?",
        "I {need|want|would like} {this|it|the word} in LANG.",
        "{Here is|This is} an English word. {Translate it into LANG.|What is it in LANG?|Give the LANG"
        " word.}",
        "My dictionary for LANG is lost. Translate this word{| for me}.",
        "Replace the English word {with|by} the LANG {one|word}.",
        "{The LANG word for this{:|}|LANG, please.|In LANG, please.}",
        "What would {it|this|the word} be in LANG?",
        "{Look up|Find} {this|the} word in an English-LANG dictionary.",
        "The language is LANG. {Translate.|Translate the word.|What is the word?}",
    )
    return tuple(phrasing.replace("LANG", language) for phrasing in phrasings)


_DEFINITION = (
    *asks(("definition", "meaning", "dictionary definition", "explanation"), ("word", "term", "noun")),
    "What does {this|the} {word|term} mean?",
    "{Define|Explain} {this|the} {word|term|noun}.",
    "{Explain|Say|Tell me|Write|State} {what|what exactly} {this word|the word|this term} means.",
    "What is {this|that|it} {exactly|in simple words|by definition}?",
    "{Explain|Describe} {the word|this thing|this|it} {in simple words|to a child|in a few words|in one"
    " phrase}.",
    "What {would|does} {a|the} dictionary say {about|for} {this|the} word?",
    "{Definition|Meaning|Define|Explanation}{:|?}",
    "I do not {know|understand} this word. {What does it mean?|Explain it.|Can you explain it?}",
    "My {child|son|daughter|friend} does not know {this|the} word. {Explain it.|What does it mean?}",
    "How {would|can|do} you {define|explain} {this|it|this word|the term}?",
    "Put the meaning of {this|the} word into {simple words|a few words|one phrase}.",
    "{Write|Make|Give} {a|the} {dictionary entry|short definition|simple definition|short explanation}"
    " for {this|the} word.",
    "{In other words|In simple words|In easy words}, what is {this|it}?",
    "Somebody {asks|asked} me what this {is|word means}. {What do I say?|What should I answer?}",
    "What {do we|do people|do you} mean by {this|this word}?",
    "What {kind of thing|sort of thing} is {meant|named} {by this word|here}? {Define it.|Explain it.}",
    "Look {this|the} word up in a dictionary and {write|tell me} its meaning.",
    "{Make clear|Clear up} what {this|the} word means.",
    "Say {the meaning|what it is} without using the word itself.",
    "{The meaning of this|What this means|What it means|What this word means}{:|}",
)

FAMILIES: tuple[Family, ...] = (
    lookup("antonym", OPPOSITES, _OPPOSITE),
    lookup("synonym", SYNONYMS, _SYNONYM),
    lookup("female", COUNTERPARTS, _FEMALE),
    lookup("abbreviation", ABBREVIATIONS, _ABBREVIATION),
    lookup("french", FRENCH, _translation("French")),
    lookup("spanish", SPANISH, _translation("Spanish")),
    lookup("german", GERMAN, _translation("German")),
    lookup("define_word", DEFINITIONS, _DEFINITION),
)
