"""Task types which the world does not contain, asked with words and inputs which it does contain."""

from __future__ import annotations

from dataclasses import dataclass

from .asking import asks, either


@dataclass(frozen=True, slots=True)
class OutsideTask:
    """A task nobody in the world can do: with an input of the given shape, or with `<it>` in the request."""

    shape: str
    phrasings: tuple[str, ...]
    plain: tuple[str, ...] = ()


def plain_asks(whats: tuple[str, ...]) -> tuple[str, ...]:
    """Return usual ways to ask for "the WHAT of <it>"."""
    what = either(whats)
    return (
        f"What is the {what} of <it>?",
        f"{{Tell|Give|Show}} me the {what} of <it>.",
        f"{{Do|Would}} you know the {what} of <it>?",
        f"{{I need|I want to know|I am looking for}} the {what} of <it>.",
        f"{{Name|Find|Write|State}} the {what} of <it>.",
        f"{either([word[0].upper() + word[1:] for word in whats])} of <it>{{:|?}}",
        f"My teacher asks for the {what} of <it>.",
    )


_COUNTRY = ("country", "nation", "land")
_CITY = ("city", "town")
_ANIMAL = ("animal", "creature")
_THING = ("thing", "object", "item")
_PERSON = ("person", "friend")
_WORD = ("word", "English word")
_NUMBER = ("number",)


def _known_by(
    shape: str, nouns: tuple[str, ...], whats: tuple[str, ...], extra: tuple[str, ...], *plain: str
) -> OutsideTask:
    """Return the task that asks for "the WHAT of this NOUN", in the same frames as the tasks of the world."""
    return OutsideTask(shape, (*asks(whats, nouns), *extra), (*plain_asks(whats), *plain))


_LANGUAGES = "{Italian|Portuguese|Russian|Dutch|Turkish|Polish|Greek|Swedish|Japanese|Korean|Chinese|Arabic}"

COUNTRY_TASKS: tuple[OutsideTask, ...] = (
    _known_by(
        "country", _COUNTRY, ("population", "number of inhabitants"),
        ("How many people live {there|in this country}?", "Count the people of the country.",
         "Say how many millions of people have this country as their home."),
        "How many people live in <it>?", "Is <it> a country with many people? Say how many.",
    ),
    _known_by(
        "country", _COUNTRY, ("president", "head of state", "prime minister"),
        ("Who {leads|governs|rules} this country {now|today}?",
         "Name the man or woman who leads this country."),
        "Who {leads|governs|rules} <it>?", "Who won the last election in <it>?",
    ),
    _known_by(
        "country", _COUNTRY, ("area", "size in square kilometers", "surface area"),
        ("How large is this country?", "How many square kilometers does this country cover?"),
        "How large is <it>?", "How many square kilometers does <it> have?",
    ),
    _known_by(
        "country", _COUNTRY, ("national anthem", "national song"),
        ("Which song do they sing before a match of this country?", "Write the first line of its anthem."),
        "Sing the anthem of <it>.",
    ),
    _known_by(
        "country", _COUNTRY, ("highest mountain", "highest peak", "tallest mountain"),
        ("Which mountain is the highest in this country?", "How high is the highest mountain there?"),
        "Which mountain is the highest in <it>?",
    ),
    _known_by(
        "country", _COUNTRY, ("longest river", "largest lake", "largest island"),
        ("Which river in this country is the longest?", "How long is the longest river there?"),
        "Which river is the longest in <it>?",
    ),
    _known_by("country", _COUNTRY, ("national animal", "national flower", "national bird"), ()),
    _known_by(
        "country", _COUNTRY, ("national dish", "most famous dish"),
        ("What do people in this country cook on holidays?", "Which dish is this country famous for?"),
    ),
    _known_by(
        "country", _COUNTRY, ("year of independence", "founding year", "national day"),
        ("When did this country become independent?", "In which year was this country founded?"),
        "When did <it> become a country?",
    ),
    _known_by(
        "country", _COUNTRY, ("number of neighbors", "longest border"),
        ("Which countries {border|are next to} this one?", "Name all neighbors of this country on the map."),
        "Which countries border <it>?",
    ),
    _known_by(
        "country", _COUNTRY, ("internet ending", "web domain", "country code"),
        ("Which letters end the web pages of this country?",),
    ),
    _known_by(
        "country", _COUNTRY, ("time zone", "local time"),
        ("What time is it there now?", "How late is it in this country at this moment?"),
        "What time is it in <it> now?",
    ),
    _known_by("country", _COUNTRY, ("main religion", "oldest church", "most common religion"), ()),
    _known_by(
        "country", _COUNTRY, ("gross domestic product", "average income", "unemployment rate", "debt"),
        ("How rich is this country in dollars?",),
        "How much does an average worker earn in <it>?",
    ),
    _known_by(
        "country", _COUNTRY, ("life expectancy", "birth rate", "average age"),
        ("How old do people in this country become on average?",),
    ),
    _known_by(
        "country", _COUNTRY, ("first king", "founder", "last queen"),
        ("Who {founded|discovered} this country?",), "Who discovered <it>?",
    ),
    _known_by(
        "country", _COUNTRY, ("most famous writer", "best football player", "most famous painter"),
        ("Name a famous singer from this country.",), "Name a famous writer from <it>.",
    ),
    _known_by(
        "country", _COUNTRY, ("number of lakes", "number of airports", "number of universities"),
        ("How many airports does this country have?",), "How many airports are there in <it>?",
    ),
    _known_by(
        "country", _COUNTRY, ("average rainfall", "climate", "coldest month"),
        ("How much rain falls in this country every year?",), "Is it raining in <it> now?",
    ),
)  # fmt: skip
CITY_TASKS: tuple[OutsideTask, ...] = (
    _known_by(
        "city", _CITY, ("mayor", "current mayor"),
        ("Who runs this city?", "Who is the head of the city council?"), "Who is the mayor in <it>?",
    ),
    _known_by(
        "city", _CITY, ("age", "founding year", "year of foundation"),
        ("How old is this city?", "When was this city founded?"), "How old is the city of <it>?",
    ),
    _known_by("city", _CITY, ("postal code", "zip code", "number of parks"), ()),
    _known_by(
        "city", _CITY, ("tallest tower", "oldest building", "longest street", "oldest bridge"),
        ("How tall is the tallest tower of this city?",),
    ),
    _known_by(
        "city", _CITY, ("airport code", "name of the airport", "number of train stations"),
        ("At which airport do I land in this city?",),
    ),
    _known_by(
        "city", _CITY, ("number of schools", "number of bridges", "number of inhabitants", "population"),
        ("How many bridges does this city have?", "How many people live in this city?"),
        "How many restaurants are there in <it>?",
    ),
    _known_by(
        "city", _CITY, ("weather of tomorrow", "temperature of today"),
        ("Is it raining there now?", "What is the weather like in this city today?"),
        "Will it rain in <it> tomorrow?", "How warm is it in <it> today?", "Is the sun shining in <it> now?",
    ),
    _known_by(
        "city", _CITY, ("average rent", "price of a house", "price of a bus ticket"),
        ("How much is a hotel room in this city?",), "How much does a hotel room in <it> cost?",
    ),
    _known_by(
        "city", _CITY, ("best restaurant", "best hotel", "cheapest hotel"),
        ("Where do I eat best in this city?",), "Which restaurant in <it> is the best?",
    ),
    _known_by(
        "city", _CITY, ("name of the river", "height above the sea"),
        ("Which river flows through this city?",), "Which river flows through <it>?",
    ),
)  # fmt: skip
ANIMAL_TASKS: tuple[OutsideTask, ...] = (
    _known_by(
        "animal", _ANIMAL, ("weight", "weight in kilograms", "body weight"),
        ("How heavy is this animal?", "How many kilograms does this animal weigh?", "Weigh the animal."),
        "How much does <it> weigh?", "How heavy is <it>?",
    ),
    _known_by(
        "animal", _ANIMAL, ("life span", "maximum age", "life expectancy"),
        ("How old can this animal get?", "How many years does this animal live?"), "How old does <it> get?",
    ),
    _known_by(
        "animal", _ANIMAL, ("top speed", "maximum speed", "speed"),
        ("How fast {can this animal run|is this animal}?", "How many kilometers does it run in an hour?"),
        "How fast can <it> run?",
    ),
    _known_by("animal", _ANIMAL, ("scientific name", "zoological name", "Russian name", "Italian name"), ()),
    _known_by(
        "animal", _ANIMAL, ("price", "market price"),
        ("How much money do I pay for this animal?", "What does this animal cost?"),
        "How much does <it> cost?",
    ),
    _known_by(
        "animal", _ANIMAL, ("number of teeth", "number of bones", "number of hairs"),
        ("How many teeth does this animal have?",), "How many teeth does <it> have?",
    ),
    _known_by(
        "animal", _ANIMAL, ("number in the wild", "world population"),
        ("How many of these animals are there in the world?",),
        "How many animals like <it> are in the world?",
    ),
    _known_by(
        "animal", _ANIMAL, ("length in centimeters", "body length", "height", "length of the tail"),
        ("How {long|tall} is this animal?",), "How tall is <it>?",
    ),
    _known_by(
        "animal", _ANIMAL, ("natural enemy", "main predator", "worst enemy"),
        ("Which animal hunts this one?", "Of whom is this animal afraid?"), "Which animal hunts <it>?",
    ),
    _known_by(
        "animal", _ANIMAL, ("group name", "collective noun", "name of the herd"),
        ("What is a group of these animals called?",),
        "What do we call a group with <it> and others like it?",
    ),
    _known_by(
        "animal", _ANIMAL, ("time of pregnancy", "number of babies", "breeding time"),
        ("How long does the mother carry the baby?",), "How many months is <it> pregnant?",
    ),
    _known_by(
        "animal", _ANIMAL, ("heart rate", "pulse", "blood type", "body temperature"),
        ("How many times does its heart beat in a minute?",), "How fast does the heart of <it> beat?",
    ),
    _known_by(
        "animal", _ANIMAL, ("dream", "opinion", "favorite song", "secret"),
        ("What is this animal thinking now?", "Is this animal happy today?"), "What is <it> thinking now?",
    ),
)  # fmt: skip
FOOD_TASKS: tuple[OutsideTask, ...] = (
    _known_by(
        "food", ("fruit or vegetable", "food"), ("number of calories", "calorie count", "energy value"),
        ("How many calories does it have?", "Does this food make me fat? Say how many calories it has."),
        "How many calories does <it> have?",
    ),
    _known_by(
        "food", ("fruit or vegetable", "food"), ("price per kilo", "price at the market", "price"),
        ("How much does it cost at the market?", "What do I pay for a kilo of this?"), "What does <it> cost?",
    ),
    _known_by(
        "food", ("fruit or vegetable", "food"), ("main vitamin", "vitamin content", "sugar content"),
        ("Which vitamins are in this food?",), "Which vitamins are in <it>?",
    ),
    _known_by(
        "food", ("fruit or vegetable", "food"), ("country of origin", "place of origin", "history"),
        ("Where was this first grown?", "Which country does this food come from?"),
        "Where was <it> first grown?",
    ),
    _known_by(
        "food", ("fruit or vegetable", "food"), ("weight", "weight in grams"),
        ("How many grams does it weigh?",), "How many grams does <it> weigh?",
    ),
)  # fmt: skip
THING_TASKS: tuple[OutsideTask, ...] = (
    _known_by(
        "thing", _THING, ("weight", "weight in grams"),
        ("How heavy is this thing?", "Weigh the thing."), "How heavy is <it>?", "How much does <it> weigh?",
    ),
    _known_by(
        "thing", _THING, ("price", "cost", "price in dollars"),
        ("How much does it cost?", "What do I have to pay for this thing?",
         "Is this thing expensive? Give the"
         " price."),
        "How much does <it> cost?", "What is a fair price for <it>?",
    ),
    _known_by(
        "thing", _THING, ("inventor", "year of invention", "history"),
        ("Who invented it?", "When was this thing invented?"), "Who invented <it>?",
        "When did people invent <it>?",
    ),
    _known_by("thing", _THING, ("brand", "maker", "serial number", "best brand"),
     ("Which company makes it?",)),
    _known_by(
        "thing", _THING, ("length", "height", "volume", "exact size"),
        ("How long is this thing?", "Measure the thing."), "How long is <it>?",
    ),
    _known_by(
        "thing", _THING, ("owner", "last owner"),
        ("Who owns this thing?", "Whose is this?", "Who bought this thing yesterday?"),
        "Who bought <it> yesterday?",
    ),
    OutsideTask(
        "thing",
        ("{Draw|Sketch|Paint} {it|this thing|the object}.", "Make a {drawing|sketch|picture} of the thing.",
         "Show me a photo of the thing.", "I would like to see a picture of this. {Draw it.|Make one.}",
         "Design a logo with this thing.", "Can you paint this for me?", "Sketch for the object:"),
        ("Draw <it>.", "Show me a photo of <it>.", "Paint a picture of <it>.", "Make a sketch of <it>.",
         "I need a drawing of <it>."),
    ),
)  # fmt: skip
PERSON_TASKS: tuple[OutsideTask, ...] = (
    _known_by(
        "person", _PERSON, ("age", "date of birth", "birthday"),
        ("How old is this person?", "When was this person born?"), "How old is <it>?", "When was <it> born?",
    ),
    _known_by("person", _PERSON, ("last name", "family name", "surname", "middle name"), ()),
    _known_by(
        "person", _PERSON, ("email address", "home address", "street", "password"),
        ("Where does this person live?",), "Where does <it> live?", "In which street does <it> live?",
    ),
    _known_by(
        "person", _PERSON, ("favorite song", "favorite color", "favorite film", "favorite holiday"),
        ("What does this person like best?",), "What does <it> like best?",
    ),
    _known_by(
        "person", _PERSON, ("height", "shoe size", "weight", "hair color"),
        ("How tall is this person?",), "How tall is <it>?", "What size of shoes does <it> wear?",
    ),
    _known_by(
        "person", _PERSON, ("job", "salary", "boss", "hobby"),
        ("How much money does this person have?",), "How much money does <it> have?",
    ),
    _known_by(
        "person", _PERSON, ("name day", "name origin", "mother", "father", "husband or wife"),
        ("What does this first name mean?", "Is this person married?"), "Is <it> married?",
    ),
    OutsideTask(
        "person",
        ("What did this person do {yesterday|last night|this morning}?", "Where is this person now?",
         "What is this person thinking?", "Does this person love me?", "When will this person call me?",
         "What did this person eat today?", "Whom did this person meet yesterday?",
         "What will this person do tomorrow?"),
        ("What did <it> do {yesterday|last night|this morning}?", "Where is <it> now?",
         "What is <it> thinking?",
         "Does <it> love me?", "When will <it> call me?", "What did <it> eat for breakfast today?",
         "Whom did <it> meet yesterday?", "What will <it> do tomorrow?", "Why is <it> angry with me?",
         "What did <it> say to you?", "Call <it> for me.", "Is <it> at home?"),
    ),
)  # fmt: skip
WORD_TASKS: tuple[OutsideTask, ...] = (
    OutsideTask(
        "word",
        (*asks((f"{_LANGUAGES} translation", f"{_LANGUAGES} equivalent"), _WORD),
         f"{{Translate|Put}} {{it|this|the word}} {{into|to}} {_LANGUAGES}.",
         f"What is this in {_LANGUAGES}?", f"How do {{you|people}} say this in {_LANGUAGES}?",
         f"The {_LANGUAGES} word, please.", f"In {_LANGUAGES}:", f"English to {_LANGUAGES}",
         f"How would a speaker of {_LANGUAGES} say this?"),
        (f"How do you say <it> in {_LANGUAGES}?", f"What is the {_LANGUAGES} word for <it>?",
         f"Translate <it> into {_LANGUAGES}.", f"What is <it> in {_LANGUAGES}?",
         f"I am learning {_LANGUAGES}. What is the word for <it>?",
         f"Teach me the {_LANGUAGES} word for <it>.",
         f"In {_LANGUAGES}, what is the word for <it>?"),
    ),
    _known_by(
        "word", _WORD, ("number of letters", "letter count", "number of vowels", "length"),
        ("How many letters does this word have?", "Count the {letters|vowels|consonants} of the word.",
         "How long is this word? Count the letters."),
        "How many letters does the word <it> have?", "Count the letters of <it>.",
    ),
    _known_by(
        "word", _WORD, ("origin", "etymology", "history", "age"),
        ("Where does this word come from?", "Who used this word first?",
         "From which language comes this word?"),
        "Where does the word <it> come from?",
    ),
    _known_by(
        "word", _WORD, ("pronunciation", "phonetic spelling", "stress"),
        ("How do I pronounce this word?", "Say the word aloud.", "Write the word in phonetic letters."),
        "How do I pronounce <it>?",
    ),
    OutsideTask(
        "word",
        ("Show me {the sign for this word in sign language|this word in sign language}.",
         "How is this word signed by deaf people?", "Sign language for this word:",
         "Which hand sign means this word?", "Write the word in Braille.", "Braille form of the word:"),
        ("How do I show <it> in sign language?", "Write <it> in Braille."),
    ),
    OutsideTask(
        "word",
        ("Write a crossword clue for this word.", "Crossword clue:",
         "How could a crossword ask for this word?",
         "Put the word into a crossword.", "Where does this word stand in my crossword?",
         "Make a word search with this word."),
        ("Write a crossword clue for <it>.", "Make a crossword with <it>."),
    ),
    _known_by(
        "word", _WORD, ("Scrabble value", "point value in Scrabble", "page in the dictionary", "frequency"),
        ("How many points does the word give in Scrabble?", "On which page of my dictionary is this word?",
         "How often do people use this word?"),
        "How many Scrabble points does <it> give?", "On which page of my dictionary is <it>?",
    ),
    OutsideTask(
        "word",
        ("Which famous song is about this?", "Name a painting with this word in the title.",
         "Who is the author of a"
         " novel with this title?", "In which chapter of the Bible is this word?",
         "Quote a poet on this word.",
         "Which painter is famous for this?", "Name a company that has this name."),
        ("Which famous song is about the word <it>?", "Who wrote a novel with the title <it>?",
         "Name a painting with <it> in the title."),
    ),
    OutsideTask(
        "word",
        ("{Write|Spell} {it|this word} in {Greek|Russian|Chinese|Arabic|Japanese} letters.",
         "Write the word in shorthand.", "Put the word in old English.",
         "How did people write this word in the Middle Ages?", "Write this word in hieroglyphs."),
        ("Write <it> in {Greek|Russian|Chinese|Arabic} letters.", "How do I write <it> in shorthand?"),
    ),
)  # fmt: skip
NUMBER_TASKS: tuple[OutsideTask, ...] = (
    _known_by(
        "number", _NUMBER, ("square root", "cube root"),
        ("Take the root of this number.", "Which number times itself gives this number?"),
        "Which number times itself gives <it>?",
    ),
    _known_by(
        "number", _NUMBER, ("square", "cube", "third power"),
        ("Multiply the number by itself.", "How much is this number times itself?"),
        "How much is <it> times <it>?",
    ),
    _known_by(
        "number", _NUMBER, ("next prime number", "largest prime factor", "list of prime factors"),
        ("Is this number a prime?", "Break the number into primes.", "Which prime comes after this number?"),
        "Is <it> a prime number?", "Which prime comes after <it>?",
    ),
    _known_by("number", _NUMBER, ("factorial", "logarithm", "sine", "cosine", "tangent"), ()),
    _known_by(
        "number", _NUMBER, ("number of divisors", "largest divisor", "number of factors"),
        ("By which numbers can this number be divided?", "List all divisors."), "List all divisors of <it>.",
    ),
    OutsideTask(
        "number",
        ("What is {ten|five|twenty} percent of this number?", "Give {ten|thirty} percent of the number.",
         "Divide this number by {seven|three|nine}.", "Multiply this number by {seven|nine|twelve}.",
         "How much is this number times {seven|nine|eleven}?"),
        ("What is {ten|five|twenty} percent of <it>?", "Divide <it> by {seven|three|nine}.",
         "Multiply <it> by {seven|nine|twelve}."),
    ),
    OutsideTask(
        "number",
        ("What happened in this year?", "Where does the bus with this number go?",
         "Who lives in the house with"
         " this number?", "What does this number mean in a dream?", "Which player wears this number?",
         "Is this my lucky number?", "Did this number win the lottery?",
         "Who sits in the seat with this number?"),
        ("Where does bus <it> go?", "Who lives in house number <it>?",
         "What does the number <it> mean in a dream?",
         "Did the number <it> win the lottery?", "Which player wears the number <it>?",
         "Who is in room <it>?"),
    ),
    OutsideTask(
        "number",
        (f"What is this number in {_LANGUAGES}?", f"Say the number in {_LANGUAGES}.",
         f"How do they count to this number in {_LANGUAGES}?", f"Write the number in {_LANGUAGES} words."),
        (f"What is <it> in {_LANGUAGES}?", f"Count to <it> in {_LANGUAGES}."),
    ),
)  # fmt: skip
PAIR_TASKS: tuple[OutsideTask, ...] = (
    OutsideTask(
        "pair",
        ("Multiply the {numbers|two numbers}.", "What is the product{| of the numbers| of these two}?",
         "How much is the first number times the second?", "Product of the two numbers:",
         "Multiply the first number by the second.", "{Find|Calculate|Give|Work out} the product."),
        ("What do you get if you multiply <it>?", "Multiply <it>.", "What is the product of <it>?"),
    ),
    OutsideTask(
        "pair",
        ("Divide the first number by the second.", "What is the {quotient|remainder}?", "Quotient:",
         "How often does the second number go into the first?",
         "{Find|Calculate|Give} the {quotient|remainder}.",
         "Share the first number by the second.", "What remains after division?"),
        ("What is the quotient of <it>?", "Find the quotient of <it>."),
    ),
    OutsideTask(
        "pair",
        ("What is the {greatest common divisor|least common multiple}?", "Least common multiple:",
         "Find the largest number that divides both.", "Which number do both numbers divide?",
         "{Find|Give} the {greatest common divisor|least common multiple} of the two numbers."),
        ("What is the least common multiple of <it>?", "Find the greatest common divisor of <it>."),
    ),
    OutsideTask(
        "pair",
        ("Raise the first number to the power of the second.", "First number to the power of the second:",
         "What percentage of the second number is the first?", "What is the ratio of the two numbers?",
         "What is the {average|mean} of the two numbers?", "Average:", "{Find|Calculate} the {average|mean}.",
         "Which number lies in the middle between them?"),
        ("What is the {average|mean} of <it>?", "What is the ratio of <it>?"),
    ),
    OutsideTask(
        "numbers",
        ("What is the {median|mean|average|standard deviation} of the numbers?",
         "{Find|Calculate} the {median|mean"
         "|average|standard deviation}.", "{Median|Average|Mean}:", "Draw a chart of these numbers.",
         "Multiply all the numbers.", "Which of these numbers won the lottery?", "Plot the numbers.",
         "Which of these is a prime number?", "What rule do the numbers follow?"),
    ),
)  # fmt: skip
LIST_TASKS: tuple[OutsideTask, ...] = (
    OutsideTask(
        "list",
        ("Sort {them|the things} by price.", "Which of these is the most expensive?", "How much do they cost"
         " together?", "Add up the prices.", "Total price:", "Which one of these is the cheapest to buy?",
         "Write a price behind every word."),
    ),
    OutsideTask(
        "list",
        ("How much do they weigh together?", "Weigh {them|all of them|the things}.",
         "Total weight of the list:",
         "Put them on a scale and write the weight.", "Write the weight of every item."),
    ),
    OutsideTask(
        "list",
        (f"Translate the {{list|words}} into {_LANGUAGES}.", f"Write all the words in {_LANGUAGES}.",
         f"What are these words in {_LANGUAGES}?", f"The whole list in {_LANGUAGES}, please."),
    ),
    OutsideTask(
        "list",
        ("Which of these did I {buy|see|choose} yesterday?", "Which one is my favorite?",
         "Which of these would"
         " my mother choose?", "Guess which one I am thinking of.",
         "Which of these will I get for my birthday?",
         "Which one did the children vote for?"),
    ),
    OutsideTask(
        "list",
        ("Count the letters in all the words.", "How many vowels are in the list?", "Which word has the most"
         " letters?", "Find the word with the oldest history.", "Which letter is used most often?"),
    ),
    OutsideTask(
        "list",
        ("Draw {all of them|them in one picture}.", "Write a {song|novel|film script} with all these words.",
         "Compose music about these things.", "Make a crossword from the words.",
         "Paint the things in the list.",
         "Make a chart from the list."),
    ),
)  # fmt: skip
SENTENCE_TASKS: tuple[OutsideTask, ...] = (
    OutsideTask(
        "sentence",
        ("{Translate|Put} the sentence into {Italian|Japanese|Russian|Dutch|French|German|Spanish|Chinese}.",
         "How do you say this sentence in {Italian|Japanese|Russian|French|German|Spanish}?",
         "I need the whole sentence in {Italian|Japanese|French|German|Spanish}.",
         "Sentence in {Italian|Japanese|Dutch|French|Spanish}:",
         "Write the same sentence in {Italian|Turkish|Polish|German|Spanish}."),
    ),
    OutsideTask(
        "sentence",
        ("How many {letters|vowels|commas} are in the sentence?", "Count the letters of the sentence.",
         "Number of letters in the sentence:", "Which letter is most frequent in this sentence?",
         "What is the longest word of the sentence?"),
    ),
    OutsideTask(
        "sentence",
        ("Who {wrote|said} this sentence?", "From which {book|film|song} is this sentence?",
         "Name the author of"
         " the sentence.", "Source of the quote:", "On which page does this sentence stand?",
         "In which year was this sentence written?"),
    ),
    OutsideTask(
        "sentence",
        ("What happened {next|after that|the day after}?", "What did the person do before?",
         "How does the story"
         " end?", "Tell me what comes next in the story.", "What will happen one hour later?",
         "How did the day end for this person?"),
    ),
    OutsideTask(
        "sentence",
        ("How old is the person in the sentence?", "What is the last name of the person in the text?",
         "What was the person wearing?", "How much did it cost?", "What was the weather like?",
         "How did the person feel?", "How long did it take?", "Who else was there?"),
    ),
    OutsideTask(
        "sentence",
        ("Rewrite the sentence in the style of {Shakespeare|a rap song|the Bible|a pirate}.",
         "Turn the sentence into {a rap|a legal text|a film scene|computer code}.", "Say it like a pirate.",
         "Write the sentence in old English.", "How would Shakespeare say this?", "Pirate version:"),
    ),
    OutsideTask(
        "sentence",
        ("Put the sentence into the {passive|future perfect|conditional}.",
         "Write the sentence in the passive voice.",
         "Passive voice:", "Change the sentence into reported speech.",
         "Make a sentence in the subjunctive out of"
         " it.", "Write it in the future perfect."),
    ),
    OutsideTask(
        "sentence",
        ("{Draw|Sketch|Paint} {the scene|a picture of the scene}.", "Sing the sentence.",
         "Read the sentence aloud.",
         "Write music for this sentence.", "Record the sentence for me.", "Make a film of this scene.",
         "Which notes fit this sentence?"),
    ),
    OutsideTask(
        "sentence",
        ("Draw the tree of the sentence.", "Count the {verbs|adjectives|nouns} in the sentence.",
         "Which word is the direct object?", "Mark the stressed words.",
         "Name the grammatical case of every noun.",
         "Parse the sentence."),
    ),
)  # fmt: skip
MESSAGE_TASKS: tuple[OutsideTask, ...] = (
    OutsideTask(
        "message",
        ("From which {address|computer|country} was this message sent?",
         "At what time was this message sent?",
         "What is the order number of this customer?", "Find the bill of this customer.",
         "Who {else |}got this"
         " message?", "Send this message to my boss.", "Forward the message to the whole team.",
         "Look up this customer in our files.", "Is the writer a man or a woman?"),
    ),
    OutsideTask(
        "review",
        ("On which {website|day} was this review written?", "What did the customer pay?",
         "Who wrote this review?",
         "Is this review a fake?", "How many people read this review?", "Where did the customer buy it?",
         "What is the name of the shop?", "How old is the person who wrote this review?"),
    ),
)  # fmt: skip
TIME_TASKS: tuple[OutsideTask, ...] = (
    OutsideTask(
        "day",
        ("What did I do on this day?", "What will the weather be like on this day?",
         "Which of my friends has time"
         " on this day?", "At what time do I get up on this day?", "What is the date of this day?",
         "Which film is on TV on this day?", "What is for dinner on this day?",
         "Is the shop open on this day?",
         "Who was born on this day?"),
        ("What did I do last <it>?", "What will the weather be like on <it>?", "Which film is on TV on <it>?",
         "Is my teacher free on <it>?", "Whom will I meet on <it>?", "What is the date of next <it>?"),
    ),
    OutsideTask(
        "month",
        ("Which of my friends was born in this month?", "How warm does it get in this month?",
         "Which gods is this"
         " month named after?", "What will I do in this month?", "How much rain falls in this month?",
         "Which stone belongs to this month?", "Who won the league in this month?"),
        ("How warm will it be in <it>?", "What happened in <it> of last year?", "Who was born in <it>?",
         "What will I do in <it>?", "Which stone belongs to the month of <it>?"),
    ),
)  # fmt: skip
JOB_TASKS: tuple[OutsideTask, ...] = (
    _known_by(
        "job", ("job", "profession"), ("salary", "monthly wage", "pay per hour"),
        ("How much does {this|such a} person earn?", "What money can one make in this job?"),
        "How much does <it> earn?", "How rich is <it>?",
    ),
    _known_by(
        "job", ("job", "profession"), ("training time", "working hours", "number of holidays"),
        ("How many years do I have to study for this job?",), "How long must <it> study?",
        "How many people work as <it>?",
    ),
)  # fmt: skip

TASKS: tuple[OutsideTask, ...] = (
    *COUNTRY_TASKS, *CITY_TASKS, *ANIMAL_TASKS, *FOOD_TASKS, *THING_TASKS, *PERSON_TASKS, *WORD_TASKS,
    *NUMBER_TASKS, *PAIR_TASKS, *LIST_TASKS, *SENTENCE_TASKS, *MESSAGE_TASKS, *TIME_TASKS, *JOB_TASKS,
)  # fmt: skip
