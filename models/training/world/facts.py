"""Closed sets of the small world: people, places, animals, things and work.

Every table is a fact that several families share, so that each word is met often. Standard library only.
"""

from __future__ import annotations

from dataclasses import dataclass

FEMALE: tuple[str, ...] = (
    "Anna", "Mary", "Lucy", "Emma", "Sara", "Ruth", "Julia", "Nora", "Clara", "Alice",
    "Eva", "Helen", "Laura", "Maria", "Rosa", "Sofia", "Grace", "Jane", "Amy", "Kate",
)  # fmt: skip
MALE: tuple[str, ...] = (
    "Tom", "John", "Peter", "David", "Paul", "Mark", "Ben", "Jack", "Adam", "Daniel",
    "Henry", "George", "Leo", "Max", "Oscar", "Sam", "Simon", "Victor", "Martin", "James",
)  # fmt: skip
PEOPLE: tuple[str, ...] = FEMALE + MALE


@dataclass(frozen=True, slots=True)
class Country:
    """A country with one clear answer to each of the usual questions."""

    capital: str
    continent: str
    language: str
    adjective: str
    currency: str


# Countries whose names need "the", and those with several main languages, are left out on purpose.
COUNTRIES: dict[str, Country] = {
    "France": Country("Paris", "Europe", "French", "French", "euro"),
    "Germany": Country("Berlin", "Europe", "German", "German", "euro"),
    "Italy": Country("Rome", "Europe", "Italian", "Italian", "euro"),
    "Spain": Country("Madrid", "Europe", "Spanish", "Spanish", "euro"),
    "Portugal": Country("Lisbon", "Europe", "Portuguese", "Portuguese", "euro"),
    "Greece": Country("Athens", "Europe", "Greek", "Greek", "euro"),
    "Austria": Country("Vienna", "Europe", "German", "Austrian", "euro"),
    "Poland": Country("Warsaw", "Europe", "Polish", "Polish", "zloty"),
    "Sweden": Country("Stockholm", "Europe", "Swedish", "Swedish", "krona"),
    "Norway": Country("Oslo", "Europe", "Norwegian", "Norwegian", "krone"),
    "Denmark": Country("Copenhagen", "Europe", "Danish", "Danish", "krone"),
    "Hungary": Country("Budapest", "Europe", "Hungarian", "Hungarian", "forint"),
    "England": Country("London", "Europe", "English", "English", "pound"),
    "Japan": Country("Tokyo", "Asia", "Japanese", "Japanese", "yen"),
    "China": Country("Beijing", "Asia", "Chinese", "Chinese", "yuan"),
    "Thailand": Country("Bangkok", "Asia", "Thai", "Thai", "baht"),
    "Vietnam": Country("Hanoi", "Asia", "Vietnamese", "Vietnamese", "dong"),
    "South Korea": Country("Seoul", "Asia", "Korean", "Korean", "won"),
    "Nepal": Country("Kathmandu", "Asia", "Nepali", "Nepali", "rupee"),
    "Iran": Country("Tehran", "Asia", "Persian", "Iranian", "rial"),
    "Egypt": Country("Cairo", "Africa", "Arabic", "Egyptian", "pound"),
    "Morocco": Country("Rabat", "Africa", "Arabic", "Moroccan", "dirham"),
    "Tunisia": Country("Tunis", "Africa", "Arabic", "Tunisian", "dinar"),
    "Ghana": Country("Accra", "Africa", "English", "Ghanaian", "cedi"),
    "Nigeria": Country("Abuja", "Africa", "English", "Nigerian", "naira"),
    "Senegal": Country("Dakar", "Africa", "French", "Senegalese", "franc"),
    "Angola": Country("Luanda", "Africa", "Portuguese", "Angolan", "kwanza"),
    "Brazil": Country("Brasilia", "South America", "Portuguese", "Brazilian", "real"),
    "Argentina": Country("Buenos Aires", "South America", "Spanish", "Argentine", "peso"),
    "Chile": Country("Santiago", "South America", "Spanish", "Chilean", "peso"),
    "Colombia": Country("Bogota", "South America", "Spanish", "Colombian", "peso"),
    "Peru": Country("Lima", "South America", "Spanish", "Peruvian", "sol"),
    "Mexico": Country("Mexico City", "North America", "Spanish", "Mexican", "peso"),
    "Cuba": Country("Havana", "North America", "Spanish", "Cuban", "peso"),
    "Jamaica": Country("Kingston", "North America", "English", "Jamaican", "dollar"),
    "Australia": Country("Canberra", "Oceania", "English", "Australian", "dollar"),
}
CONTINENTS: tuple[str, ...] = ("Africa", "Asia", "Europe", "North America", "Oceania", "South America")
# Single-word city names only, so that a city is always one word in a sentence.
CITIES: tuple[str, ...] = (
    "Paris", "Berlin", "Rome", "Madrid", "Lisbon", "Athens", "Vienna", "Warsaw", "Stockholm", "Oslo",
    "Copenhagen", "Budapest", "London", "Tokyo", "Beijing", "Bangkok", "Hanoi", "Seoul", "Cairo", "Rabat",
    "Dakar", "Santiago", "Lima", "Havana",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Animal:
    """An animal; `sound` and `young` are empty where there is no usual word, `size` is in rough kilograms."""

    kind: str
    home: str
    food: str
    sound: str
    young: str
    legs: int
    flies: bool
    size: float


ANIMALS: dict[str, Animal] = {
    "dog": Animal("mammal", "house", "meat", "bark", "puppy", 4, False, 25),
    "cat": Animal("mammal", "house", "fish", "meow", "kitten", 4, False, 4),
    "cow": Animal("mammal", "farm", "grass", "moo", "calf", 4, False, 600),
    "horse": Animal("mammal", "stable", "hay", "neigh", "foal", 4, False, 500),
    "sheep": Animal("mammal", "farm", "grass", "baa", "lamb", 4, False, 70),
    "goat": Animal("mammal", "farm", "grass", "bleat", "kid", 4, False, 60),
    "pig": Animal("mammal", "farm", "corn", "oink", "piglet", 4, False, 150),
    "rabbit": Animal("mammal", "burrow", "carrots", "", "bunny", 4, False, 2),
    "mouse": Animal("mammal", "hole", "cheese", "squeak", "pup", 4, False, 0.02),
    "lion": Animal("mammal", "savanna", "meat", "roar", "cub", 4, False, 190),
    "tiger": Animal("mammal", "jungle", "meat", "growl", "cub", 4, False, 200),
    "bear": Animal("mammal", "forest", "honey", "growl", "cub", 4, False, 300),
    "wolf": Animal("mammal", "forest", "meat", "howl", "pup", 4, False, 40),
    "deer": Animal("mammal", "forest", "leaves", "", "fawn", 4, False, 90),
    "elephant": Animal("mammal", "savanna", "leaves", "trumpet", "calf", 4, False, 5000),
    "giraffe": Animal("mammal", "savanna", "leaves", "", "calf", 4, False, 900),
    "zebra": Animal("mammal", "savanna", "grass", "", "foal", 4, False, 350),
    "monkey": Animal("mammal", "jungle", "bananas", "chatter", "", 2, False, 8),
    "camel": Animal("mammal", "desert", "grass", "", "calf", 4, False, 500),
    "kangaroo": Animal("mammal", "grassland", "grass", "", "joey", 2, False, 60),
    "bat": Animal("mammal", "cave", "insects", "", "pup", 2, True, 0.05),
    "whale": Animal("mammal", "ocean", "krill", "", "calf", 0, False, 50000),
    "dolphin": Animal("mammal", "ocean", "fish", "click", "calf", 0, False, 200),
    "eagle": Animal("bird", "mountain", "meat", "screech", "eaglet", 2, True, 5),
    "owl": Animal("bird", "forest", "mice", "hoot", "owlet", 2, True, 1),
    "duck": Animal("bird", "pond", "plants", "quack", "duckling", 2, True, 1.2),
    "swan": Animal("bird", "lake", "plants", "", "cygnet", 2, True, 10),
    "goose": Animal("bird", "lake", "grass", "honk", "gosling", 2, True, 4),
    "parrot": Animal("bird", "jungle", "seeds", "squawk", "", 2, True, 0.5),
    "chicken": Animal("bird", "farm", "seeds", "cluck", "chick", 2, False, 2.5),
    "penguin": Animal("bird", "ice", "fish", "", "chick", 2, False, 15),
    "shark": Animal("fish", "ocean", "fish", "", "pup", 0, False, 700),
    "salmon": Animal("fish", "river", "insects", "", "", 0, False, 6),
    "tuna": Animal("fish", "ocean", "fish", "", "", 0, False, 250),
    "bee": Animal("insect", "hive", "nectar", "buzz", "larva", 6, True, 0.0001),
    "ant": Animal("insect", "nest", "seeds", "", "larva", 6, False, 0.00001),
    "butterfly": Animal("insect", "garden", "nectar", "", "caterpillar", 6, True, 0.0005),
    "snake": Animal("reptile", "desert", "mice", "hiss", "", 0, False, 3),
    "crocodile": Animal("reptile", "river", "meat", "", "hatchling", 4, False, 400),
    "turtle": Animal("reptile", "ocean", "plants", "", "hatchling", 4, False, 100),
    "lizard": Animal("reptile", "desert", "insects", "", "", 4, False, 0.1),
    "frog": Animal("amphibian", "pond", "insects", "croak", "tadpole", 4, False, 0.05),
}

FRUITS: tuple[str, ...] = (
    "apple", "banana", "orange", "pear", "grape", "lemon", "peach", "cherry", "plum", "mango", "strawberry",
    "melon",
)  # fmt: skip
VEGETABLES: tuple[str, ...] = (
    "carrot", "potato", "onion", "cabbage", "spinach", "broccoli", "lettuce", "pea", "bean", "garlic",
    "celery", "radish",
)  # fmt: skip
DRINKS: tuple[str, ...] = ("water", "milk", "tea", "coffee", "juice", "lemonade", "cocoa", "wine")
FOODS: tuple[str, ...] = (
    "bread", "cheese", "rice", "soup", "pizza", "salad", "pasta", "cake", "meat", "egg", "butter", "sandwich",
    "pancake", "honey", "yogurt", "chocolate",
)  # fmt: skip
CLOTHES: tuple[str, ...] = (
    "shirt", "hat", "coat", "dress", "skirt", "sock", "shoe", "glove", "scarf", "jacket", "sweater", "boot",
)  # fmt: skip
FURNITURE: tuple[str, ...] = (
    "chair", "table", "bed", "sofa", "desk", "shelf", "bench", "wardrobe", "cupboard", "stool",
)  # fmt: skip
VEHICLES: tuple[str, ...] = (
    "car", "bus", "train", "bicycle", "truck", "plane", "boat", "ship", "taxi", "tram",
    "motorcycle", "helicopter",
)  # fmt: skip
COLORS: tuple[str, ...] = (
    "red", "blue", "green", "yellow", "black", "white", "brown", "orange", "pink", "purple", "gray",
)  # fmt: skip

# Uses follow "to": a hammer is used to drive nails.
TOOLS: dict[str, str] = {
    "hammer": "drive nails",
    "saw": "cut wood",
    "drill": "make holes",
    "shovel": "dig holes",
    "rake": "gather leaves",
    "axe": "chop wood",
    "screwdriver": "turn screws",
    "wrench": "tighten bolts",
    "brush": "paint walls",
    "ladder": "reach high places",
    "scissors": "cut paper",
    "needle": "sew clothes",
}
OBJECTS: dict[str, str] = {
    **TOOLS,
    "pen": "write words",
    "pencil": "draw pictures",
    "knife": "cut bread",
    "spoon": "eat soup",
    "cup": "drink tea",
    "oven": "bake cakes",
    "fridge": "keep food cold",
    "lamp": "light a room",
    "clock": "tell the time",
    "umbrella": "stay dry in the rain",
    "key": "open a door",
    "broom": "sweep the floor",
    "towel": "dry your hands",
    "soap": "wash your hands",
    "mirror": "see yourself",
    "camera": "take photos",
    "phone": "call people",
    "map": "find the way",
    "bag": "carry things",
    "blanket": "stay warm in bed",
    "pillow": "rest your head",
    "ruler": "measure lines",
    "eraser": "remove pencil marks",
    "glue": "stick things together",
    "kettle": "boil water",
    "comb": "tidy your hair",
    "toothbrush": "clean your teeth",
    "compass": "find the north",
    "telescope": "look at the stars",
    "thermometer": "measure temperature",
    "piano": "play music",
}

# What a person with the job does, third person: a teacher teaches students.
JOBS: dict[str, str] = {
    "teacher": "teaches students",
    "doctor": "treats sick people",
    "nurse": "cares for patients",
    "farmer": "grows food",
    "baker": "bakes bread",
    "butcher": "sells meat",
    "cook": "prepares meals",
    "waiter": "serves food to guests",
    "pilot": "flies planes",
    "driver": "drives a bus",
    "sailor": "works on a ship",
    "firefighter": "puts out fires",
    "dentist": "takes care of teeth",
    "gardener": "looks after plants",
    "painter": "paints pictures",
    "singer": "sings songs",
    "actor": "plays roles",
    "writer": "writes books",
    "librarian": "lends books",
    "mechanic": "repairs cars",
    "plumber": "repairs pipes",
    "carpenter": "makes things from wood",
    "tailor": "makes clothes",
    "judge": "decides cases",
    "scientist": "does experiments",
    "soldier": "defends the country",
    "miner": "digs for coal",
    "photographer": "takes photos",
    "vet": "treats sick animals",
    "barber": "cuts hair",
}
JOB_PLACES: dict[str, str] = {
    "teacher": "school",
    "nurse": "hospital",
    "farmer": "farm",
    "baker": "bakery",
    "butcher": "butcher shop",
    "cook": "kitchen",
    "waiter": "restaurant",
    "pilot": "plane",
    "sailor": "ship",
    "firefighter": "fire station",
    "gardener": "garden",
    "painter": "studio",
    "actor": "theater",
    "librarian": "library",
    "mechanic": "garage",
    "carpenter": "workshop",
    "judge": "court",
    "scientist": "laboratory",
    "soldier": "army base",
    "miner": "mine",
    "barber": "barber shop",
    "cashier": "supermarket",
    "banker": "bank",
    "secretary": "office",
    "astronaut": "space station",
}

DAYS: tuple[str, ...] = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MONTHS: tuple[str, ...] = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
# The seasons of the northern half of the world.
SEASONS: dict[str, tuple[str, ...]] = {
    "winter": ("December", "January", "February"),
    "spring": ("March", "April", "May"),
    "summer": ("June", "July", "August"),
    "autumn": ("September", "October", "November"),
}
NUMBER_WORDS: tuple[str, ...] = (
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten",
    "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen",
    "nineteen", "twenty",
)  # fmt: skip

_AN_EXCEPTIONS = frozenset({"hour", "honest", "heir", "honor"})
_A_PREFIXES = ("uni", "use", "usu", "euro", "one", "once", "ewe")


def a_or_an(noun: str) -> str:
    """Return "a" or "an" as the sound at the beginning of the noun asks for."""
    word = noun.lower().split()[0]
    if word in _AN_EXCEPTIONS:
        return "an"
    if word.startswith(_A_PREFIXES) and word not in ("uninvited", "unimportant"):
        return "a"
    return "an" if word[0] in "aeiou" else "a"


def with_article(noun: str) -> str:
    """Return the noun with its indefinite article: an apple, a dog."""
    return f"{a_or_an(noun)} {noun}"
