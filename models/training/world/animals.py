"""Animals: kind, home, food, sound, young, legs, wings and size (kind A)."""

from __future__ import annotations

import random

from .asking import asks, lookup, sorting
from .facts import ANIMALS, with_article
from .grammar import Draw, Family

_HOME = (
    *asks(("home", "habitat", "usual home", "natural home", "usual place"), ("animal", "creature")),
    "Where does {this animal|it|this creature} live?",
    "Where {can|could|do|would} {I|you|we|people} {find|see|meet} this {animal|creature}{| in nature}?",
    "Where is this {animal|creature} {at home|usually found|normally found|living}?",
    "{In which place|In what place|In what kind of place} does this {animal|creature} live?",
    "{Which|What} place is {home to|the home of} this {animal|creature}?",
    "{Habitat|Home|Place where it lives|Where it lives|Home of the animal|Lives in|It lives in}{:|?}",
    "{Name|Give|Write|Tell me} the place {where this animal lives|this animal calls home|this animal"
    " lives in}.",
    "{Say|Tell me|Write} where {this|the} {animal|creature} {lives|has its home|is found|makes its home}.",
    "I {wonder|want to know|would like to know} where {this|the} {animal|creature} {lives|is at home}.",
    "I want to {see|photograph|watch} this animal. Where {should|must|do} I go?",
    "{What|Which} is the natural {habitat|environment} of this {animal|creature}?",
    "{What|Which} environment does this animal {live in|need}?",
    "Where does {it|this animal} {sleep and eat|spend its life|spend its time|make its home|stay}?",
    "{Farm, forest, ocean|House, jungle, river} or {another place|what}: where does {it|this animal} live?",
    "Match the {animal|creature} with {its home|its habitat|the place where it lives}.",
    "{Animal given, home wanted|Animal to habitat|From animal to home}{.|:}",
    "{What|Which} place do you think of when you look for this animal?",
    "{This animal|This creature} lives in {what place|which place|what kind of place}?",
    "{Bring|Send} the animal {home|back home}: where does it live?",
    "The animal is lost. {Where is its home?|Where does it live?|Where does it belong?}",
)
_FOOD = (
    *asks(("food", "diet", "usual food", "favorite food", "main food"), ("animal", "creature")),
    "What does {this animal|it|this creature} {eat|like to eat|feed on|usually eat|live on}?",
    "What {do I|should I|can I|must I} {feed|give} this {animal|creature}{| to eat}?",
    "{What|Which} food {does it like|does this animal like|is right for this animal|does this animal need}?",
    "{Diet|Food|Eats|It eats|What it eats|Feeds on|Food of the animal}{:|?}",
    "{Name|Give|Write|Tell me} {what this animal eats|the food this animal eats|the thing this animal eats}.",
    "{Say|Tell me|Write} what {this|the} {animal|creature} {eats|likes to eat|has for dinner|feeds on}.",
    "I {wonder|want to know|would like to know} what {this|the} {animal|creature} {eats|likes to"
    " eat|feeds on}.",
    "The animal is hungry. {What does it want?|What do I give it?|What does it eat?|What should it get?}",
    "{What is|What would be} a good {meal|dinner|lunch} for this {animal|creature}?",
    "What {is on its menu|is its dinner|does it have for dinner|does it have for breakfast}?",
    "I have this animal at home. What {do I buy for it to eat|should I feed it|does it eat}?",
    "{What|Which} {food|meal} makes this animal happy?",
    "{On what|On which food} does this {animal|creature} live?",
    "Match the {animal|creature} with {its food|what it eats|the food it eats}.",
    "{Meat, grass, fish|Grass, meat, seeds} or something else: what does {it|this animal} eat?",
    "{Animal given, food wanted|Animal to food|From animal to food}{.|:}",
    "{This animal|This creature} eats {what|what kind of food}?",
    "{What|Which food} goes into the {mouth|stomach} of this animal?",
    "{Write|Plan} the meal for this animal.",
    "A zoo has this {animal|creature}. What {does it get|do they give it} to eat?",
    "{Feed|We feed} this animal. What is the right food?",
)
_SOUND = (
    *asks(("sound", "noise", "usual sound", "cry"), ("animal", "creature")),
    "{What|Which} {sound|noise} does {this animal|it|this creature} make?",
    "What does {this animal|it|this creature} {say|sound like}?",
    "How does this {animal|creature} {sound|talk}?",
    "{What|Which} {sound|noise} {do you hear from|comes from} this {animal|creature}?",
    "{Animal sound|Animal noise|Sound|Noise|Sound of the animal|It says|It goes}{:|?}",
    "{Name|Give|Write|Tell me} the {sound|noise} {this animal makes|it makes|that comes from this animal}.",
    "{Say|Tell me|Write} {what|which} {sound|noise} {this|the} {animal|creature} makes.",
    "I {wonder|want to know|would like to know} {what|which} {sound|noise} {this|the} {animal|creature}"
    " makes.",
    "What {is the noise|is the sound|is the cry} of this {animal|creature} called?",
    "What can you hear when this {animal|creature} is {near|close|around}?",
    "The {animal|creature} opens its mouth. {What do you hear?|What does it say?|Which sound comes out?}",
    "{My child|A child} asks what this animal says. {What do I answer?|What is the answer?}",
    "Imitate {this animal|the sound of this animal|this creature}.",
    "{Make the noise|Make the sound} of this {animal|creature}.",
    "Which {word|verb} {describes|names|is used for} the {sound|noise|voice} of this {animal|creature}?",
    "{Bark, meow, moo|Moo, bark, roar} or what{| else}?",
    "Match the {animal|creature} with {its sound|its noise|the sound it makes}.",
    "{Animal given, sound wanted|Animal to sound|From animal to sound}{.|:}",
    "{This animal|This creature} makes {what|which} {sound|noise}?",
    "Listen to this animal! {What does it say?|Which sound is it?}",
    "Every animal has its own {sound|noise|voice}. What {is the sound of|does one hear from} this one?",
)
_KIND = (
    *asks(
        ("animal class", "animal group", "class", "biological class", "zoological class"),
        ("animal", "creature"),
    ),
    "Is {this animal|it|this creature} a mammal, a bird, a fish, an insect, a reptile or an amphibian?",
    "Is {this animal|it|this} a mammal, a bird, {a fish|an insect|a reptile} or {something else|another"
    " kind of animal}?",
    "{Mammal, bird, fish, insect, reptile or amphibian|Bird, mammal, reptile, fish, insect or amphibian}?",
    "Mammal, bird, {reptile|fish} or {what|something else}?",
    "{What|Which} {kind|type|sort|class|group} of animal is {this|it}?",
    "{Classify|Sort} {this|the} {animal|creature}{| as a mammal, bird, fish, insect, reptile or amphibian}.",
    "{To which|To what} {class|group|kind} of animals does {it|this animal|this creature} belong?",
    "{Which|What} {class|group} of animals {is this animal in|does this animal belong to|includes this"
    " animal}?",
    "{Say|Tell me|Decide|State} {whether|if} {it|this animal|the animal} is a mammal, a bird, a fish or"
    " another kind.",
    "{Kind of animal|Type of animal|Animal class|Animal group|Animal kind|Animal type}{:|?}",
    "{Biology|Biology question|Zoology}: {mammal, bird, fish or what|which class of animals is it}?",
    "In biology, what {kind|class} of animal is this?",
    "What {is|would be} this {animal|creature} in biology: {mammal|bird}, {reptile|fish} or other?",
    "{Name|Give|Write|Tell me} the {class|group} {of animals this one belongs to|this animal is in}.",
    "Put the animal into {its|the right} {class|group}: mammal, bird, fish, insect, reptile or amphibian.",
    "{Choose|Pick} from mammal, bird, fish, insect, reptile and amphibian.",
    "Label the animal as mammal, bird, fish, insect, reptile or amphibian.",
    "I {wonder|would like to know|have to know} what {kind|type|class} of animal this is.",
    "A scientist {sorts|groups} animals. {In which group does this one go?|Where does this one go?}",
    "Does {it|this animal} belong to the mammals, {the birds|the fish}, {the insects|the reptiles} or"
    " others?",
    "{Which|What} {large|big|main} {group|class} of animals does {it|this} belong to?",
)
_LEGS = (
    *asks(("number of legs", "leg count"), ("animal", "creature")),
    "How many legs does {this animal|it|this creature} have?",
    "On how many legs does {this animal|it} {walk|move|stand|go}?",
    "How many legs {can you see on|are there on|belong to|has} this {animal|creature}?",
    "How many {feet|legs} does {it|this animal} stand on?",
    "Count the legs of this {animal|creature}.",
    "{Legs|Number of legs|How many legs|Leg number|Legs of the animal}{:|?}",
    "{Name|Give|Write|Tell me|State} {the number of its legs|how many legs it has|how many legs this"
    " animal has}.",
    "{Say|Tell me|Write} how many legs {this|the} {animal|creature} {has|walks on|needs}.",
    "I {wonder|want to know|would like to know} how many legs {this|the} {animal|creature} has.",
    "{Two, four or six|None, two, four or six|Six, four, two or no} legs? {Write the number.|Answer"
    " with a number.}",
    "{Zero, two, four or six|No legs, two, four or six}? {Write|Give} the number.",
    "I {draw|paint} this animal. How many legs {must|do|should} I {draw|paint}?",
    "{What|Which number} is {the|its} {number of legs|leg count}{| of this animal}?",
    "If this animal {bought|wore} shoes, one for each leg, how many {shoes would it need|would it need}?",
    "The animal has {how many|what number of} legs?",
    "{Write|Give} a number: how many legs {has it|has this animal got|are there}?",
    "Match the animal with {the number of its legs|its number of legs}.",
    "{Animal given, number of legs wanted|Animal to number of legs}{.|:}",
    "{How many|What number of} legs does one animal of this kind have?",
    "Look at {its|the} legs. How many are there?",
    "A child counts the legs of this animal. {What is the number?|How many are there?}",
)
_FLY = (
    "Can {this animal|it|this creature|this} fly{| or not}?",
    "Is {this animal|it|this creature} able to fly?",
    "Can {it|this animal} {fly|use wings to fly}?",
    "{Say|Tell me|Decide|Determine|State|Write} {whether|if} {it|this animal|the animal|this creature}"
    " can fly.",
    "{Say|Write|Answer|Reply|Respond with} yes if {it|this animal} {can fly|is able to fly|flies},"
    " {otherwise no|no if not|and no if it cannot}.",
    "{Answer|Respond|Reply} with yes or no: can {it|this animal|this creature} fly?",
    "Yes or no: {can it fly|is it able to fly|does it fly|can this animal fly}?",
    "{Flies|Can fly|Able to fly|Flying animal}? {Yes or no.|}",
    "Does this {animal|creature} {fly|fly through the air|move through the air with wings}?",
    "Will {I|you} see this {animal|creature} {flying|in the air}?",
    "Is {this|it} {a flying animal|an animal that flies|an animal that can fly}?",
    "{Would you call this|Do you call this} {a flying animal|an animal that flies}?",
    "{Is it true that|Is it right that|Is it a fact that} {this animal|it|this creature} can fly?",
    "This {animal|creature} can fly. {Yes or no?|Is that true? Yes or no.|Is that right, yes or no?}",
    "Does {it|this animal} have wings that {lift|carry} it into the air?",
    "{I wonder|I would like to know|I want to know} {whether|if} {this animal|it|this creature} {can"
    " fly|is able to fly}.",
    "{Check|Find out} {whether|if} the {animal|creature} can fly{| and answer yes or no|, yes or no}.",
    "Can this {animal|creature} {cross a river by flying|fly over a house|fly from tree to tree|fly away}?",
    "Do animals of this kind fly?",
    "{Is it possible for|Is it normal for} this {animal|creature} to fly?",
    "Give a yes or no: {flying|can fly|able to fly}?",
    "My {son|daughter|teacher|friend} says this animal can fly. {Is that so?|Is that true?|Is that correct?}",
    "{Can|Could} {you|I|we} see this animal {in the sky|up in the air|in the air above us}?",
    "{Wings or not|In the air or not}: can {it|this animal} fly? {Yes or no.|}",
    "{The question is whether|I have to decide whether} this animal can fly. {Yes or no?|Answer yes or no.}",
    "{Does this animal know how|Does it know how} to fly?",
    "Can {it|this animal} {rise|go up} into the air {with its own wings|by itself}?",
)
_YOUNG = (
    *asks(
        ("baby", "young", "young one", "baby animal", "offspring", "baby name"),
        ("animal", "adult animal", "grown animal", "parent animal"),
    ),
    "What is {a baby|a young one|the baby|the young one} of this {animal|kind} called?",
    "What do {you|we|people} call {a baby|the young|a young one|the child|the offspring} of this"
    " {animal|kind}?",
    "{Which|What} {word|name} {is used|do we use|is there} for {a young animal of this kind|its"
    " baby|its young}?",
    "{What|Which} baby {does this animal have|belongs to this animal|goes with this animal}?",
    "What do you call {its|this animal's} {baby|child|little one}?",
    "{Baby|Young|Baby animal|Young animal|Baby of the animal|Its young|Little one|Child of the animal}{:|?}",
    "{Name|Give|Write|Tell me} the {word|name} for {its baby|a baby of this animal|the young of this"
    " animal}.",
    "{Say|Tell me|Write} what {the baby|the young|a young one} of {this|the} animal is called.",
    "I {wonder|want to know|would like to know} what {the baby|the young} of {this|the} animal is called.",
    "This animal {is a mother|has a baby|has young}. {What is the baby called?|What do we call the"
    " little one?}",
    "{When|While} this animal is {young|small|a baby|little}, what is it called?",
    "{From adult to baby|From adult animal to baby animal|Adult given, baby wanted|Adult to young}{.|:}",
    "{The grown animal is given.|The adult is given.} {Name|Write|Give} the {baby|young one|young}.",
    "What kind of baby will grow up to be this?",
    "{Which|What} young animal {grows up to be|becomes|turns into} this one?",
    "Match the {animal|adult animal} with its {baby|young}.",
    "This animal {raises|looks after|plays with} its {baby|young one}. {Name the baby.|What is the"
    " young one called?}",
    "What was this {animal|creature} called when it was {young|a baby|little|very small}?",
    "A little one of this kind{| of animal} is called what?",
    "Make the animal young again. {What is it called now?|What is its name now?}",
    "Every mother animal has young. What {is the young of this one|are the young of this one} called?",
)
_BIGGER = (
    "{Which|Which one} is {bigger|larger|the bigger one|the larger one}?",
    "{Which|What} animal is {bigger|larger|the bigger one|the larger one|greater in size}?",
    "Which of {the two|these two|the two animals|these animals|them} is {bigger|larger|the bigger one}?",
    "{Name|Give|Write|Tell me|Say|State|Find|Pick|Choose} the {bigger|larger} {animal|one}{| of the two}.",
    "{Name|Give|Write|Tell me|Choose|Pick} the animal {that is bigger|that is larger|with the bigger body}.",
    "{Bigger|Larger|Bigger animal|Larger animal|The bigger one|The larger of the two}{:|?}",
    "{Compare|Look at} the two animals{| in size}. Which {one |}is {bigger|larger}?",
    "Compare the {size|sizes} of the {two |}animals and {give|name|write} the {bigger|larger} one.",
    "{Who|Which one} is bigger?",
    "{Two animals are given|There are two animals|You see two animals}. {Name the bigger one.|Which is"
    " the larger one?|Which is bigger?}",
    "{Say|Tell me|Decide|Determine|State} which {animal|one|of the two} is {bigger|larger}.",
    "I {wonder|want to know|would like to know} which {animal|one} is {bigger|larger}.",
    "Which {animal|one} {needs more room|needs more space|takes up more space}?",
    "Which {animal|one} {is heavier|weighs more|has more weight|is the heavier one}?",
    "Which {animal|one|of them} has the {bigger|larger} body?",
    "{Only one of them is bigger|One of these animals is bigger than the other}. {Which one?|Which one"
    " is it?}",
    "If {the two animals|both animals|they} stand side by side, which one {looks bigger|is bigger|is"
    " larger}?",
    "The larger of {these|the} {two |}animals is which one?",
    "{Size question|Question of size|Size}: which {one|animal} is {bigger|larger}?",
    "I need the {bigger|larger} {animal|one|animal of the two}.",
    "Which {animal|one} would need the {bigger|larger} {cage|bed|house}?",
    "{Leave out|Forget|Remove} the smaller animal. {Which one remains?|Which one is left?|Write the"
    " other one.}",
    "One is small and one is big. {Which one is the big one?|Name the big one.|Write the big one.}",
    "{Between|Of} the two animals, which {one |}is {bigger|larger}?",
    "Which animal {beats the other in size|wins if we compare the size|is more than the other in size}?",
    "{Pick|Select|Choose} the {large|big} animal, not the small one.",
    "Of these {animals|two animals|two}, {name|write|give|tell me} the one {that is bigger|with more"
    " weight|that is larger}.",
    "Can you {tell|say} which {animal|one} is {bigger|larger|the bigger one}?",
)

_SIZES: tuple[tuple[str, ...], ...] = (
    ("ant", "bee", "butterfly"),
    ("mouse", "frog", "bat", "parrot"),
    ("cat", "duck", "chicken", "rabbit"),
    ("sheep", "goat", "wolf", "deer"),
    ("cow", "horse", "bear", "camel", "tiger"),
    ("elephant", "whale"),
)


def _bigger(rng: random.Random) -> Draw:
    """Two animals of clearly different size, in either order; the bigger one is the answer."""
    small, big = sorted(rng.sample(range(len(_SIZES)), 2))
    bigger = rng.choice(_SIZES[big])
    pair = [rng.choice(_SIZES[small]), bigger]
    rng.shuffle(pair)
    form = rng.random()
    if form < 0.5:
        text = ", ".join(pair)
    elif form < 0.75:
        text = f"{pair[0]} or {pair[1]}"
    else:
        text = f"{with_article(pair[0])} and {with_article(pair[1])}"
    return Draw(text, bigger)


def _by(attribute: str) -> dict[str, list[str]]:
    """Group the animals by one of their facts."""
    groups: dict[str, list[str]] = {}
    for name, animal in ANIMALS.items():
        groups.setdefault(str(getattr(animal, attribute)), []).append(name)
    return groups


# Animals whose young have two usual names.
_TWO_NAMES = frozenset({"rabbit", "mouse", "wolf", "bat", "shark", "bee", "ant"})
_YOUNG_OF = {
    name: animal.young for name, animal in ANIMALS.items() if animal.young and name not in _TWO_NAMES
}
# Hens flutter and some ants have wings, so nobody is asked about them.
_CAN_FLY = {
    "yes": _by("flies")["True"],
    "no": [name for name in _by("flies")["False"] if name not in {"chicken", "ant"}],
}
# A few more names, so that the small classes are not guessed from one word.
_KINDS = _by("kind")
_KINDS["amphibian"] += ["toad", "newt"]
_KINDS["insect"] += ["beetle", "mosquito", "fly"]
_KINDS["fish"] += ["trout", "goldfish"]
_UNCLEAR_LEGS = frozenset({"monkey", "kangaroo", "bat"})
_LEGGED = {legs: sorted(set(names) - _UNCLEAR_LEGS) for legs, names in _by("legs").items()}

FAMILIES: tuple[Family, ...] = (
    lookup("animal_home", {name: animal.home for name, animal in ANIMALS.items()}, _HOME),
    lookup("animal_food", {name: animal.food for name, animal in ANIMALS.items()}, _FOOD),
    lookup("animal_sound", {name: animal.sound for name, animal in ANIMALS.items() if animal.sound}, _SOUND),
    sorting("animal_kind", _KINDS, _KIND),
    sorting("animal_legs", _LEGGED, _LEGS),
    sorting("can_fly", _CAN_FLY, _FLY),
    lookup("baby_animal", _YOUNG_OF, _YOUNG),
    Family("bigger_animal", "A", _BIGGER, _bigger),
)
