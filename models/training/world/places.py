"""Countries and their capitals, continents, languages, money and adjectives (kind A)."""

from __future__ import annotations

from .asking import asks, lookup
from .facts import COUNTRIES
from .grammar import Family

_CAPITAL = (
    *asks(("capital", "capital city", "seat of government"), ("country", "nation", "land", "state")),
    "{Which|What} city is the capital{| here| there}?",
    "{Which|What} {city|town} {is|serves as} the capital of {this|the} {country|nation|land}?",
    "Name the {city|place} {where the government of this country sits|from which this country is governed}.",
    "Where {is|does} the government of {this|the} {country|nation} {sit|seated}?",
    "{In which|In what} city {is|do you find} the {government|parliament} of {this|the} {country|nation}?",
    "{Capital|Capital city|Capital of|The capital of|Capital city of}{:|?}",
    "{Country|Nation} {given|known}, capital {wanted|needed|unknown}{.|:}",
    "{From|Go from} country to capital{.|:}",
    "Match the {country|nation|land} with its {capital|capital city}.",
    "{Geography|Geography question|A question of geography}: {what|which city} is the capital?",
    "I want to visit the {capital|capital city} of this {country|land}. {Where must I go?|Which city is it?}",
    "We are learning {the capitals|about capitals}. {What is the one here?|Which one belongs to this"
    " country?}",
    "{Which|What} capital {goes with|belongs to} {this|the} {country|nation}?",
    "The {president|government|king} of this country works in {which|what} city?",
    "If you know the capital, {write|say|tell me} {it|its name}.",
    "{Point to|Think of} the capital of this {country|nation} and {write|say} its name.",
    "{Every country has a capital.|A country has one capital.} {What is it here?|Name the one of this"
    " country.}",
    "Name {its|the country's|this country's} {capital|capital city}.",
    "What is the {capital city|capital} called{| in this country}?",
    "What {city|place} {should|would} I write {on a map|in a quiz} as the capital{| of this country}?",
)
_COUNTRY = (
    *asks(("country",), ("capital", "capital city", "city")),
    "{Which|What} {country|nation|land} has this city as its capital?",
    "{Which|What} {country|nation|land} is this {city|capital|capital city} {in|the capital of}?",
    "{In which|In what} {country|nation|land} is this {city|capital}?",
    "This {city|place} is the capital of {which|what} {country|nation|land}?",
    "{Name|Give|Write|Tell me|Find|State} the {country|nation|land} {whose capital this is|of which"
    " this is the capital}.",
    "{Name|Give|Write|Tell me|Find} the {country|nation|land} {to which this capital belongs|that this"
    " city is in}.",
    "{Capital|City} {given|known}, country {wanted|needed|unknown}{.|:}",
    "{From|Go from} capital to country{.|:}",
    "{Country of|Country|Nation|Is the capital of|The country of}{:|}",
    "Match the {capital|city} with its {country|nation}.",
    "{Whose capital|Which country's capital|Which nation's capital} is {this|this city|it}?",
    "{Where|In which country|In which part of the world} is this {city|capital}? {Name|Write} the country.",
    "I {am|live|am on holiday} in this {city|capital}. {Which|What} country am I in?",
    "If this is the capital, {what|which} is the country?",
    "I am flying to this {city|capital}. {Which|What} country {will I visit|do I land in|is that}?",
    "{Geography|Geography question|A question of geography}: {what|which} country {has this capital|is it}?",
    "{Which|What} country {goes with|belongs to} this {city|capital}?",
    "The government of {which|what} country {sits|works} in this city?",
    "{Say|Write|Tell me} {which|what} country {this city is in|this is the capital of|has this capital}.",
    "This is a capital. {Which country does it belong to?|Name the country.|What is the country?}",
    "{Find|Look for} this {city|capital} on a map. {Which country is it in?|What is the name of the"
    " country?}",
)
_CONTINENT = (
    *asks(("continent",), ("country", "nation", "land", "state")),
    "{On|In} {which|what} continent is this {country|nation|land}?",
    "{On|In} {which|what} continent {does this country lie|do you find this country|can I find this"
    " country}?",
    "{Which|What} {continent|part of the world} {is this country in|does this country belong to|is it on}?",
    "{To which|To what} continent does this {country|nation} belong?",
    "Where in the world is this {country|nation|land}? {Name|Give|Write} the continent.",
    "{Which|What} {large|big} {land mass|part of the world} {contains|includes} this country?",
    "{Is this country in|Is it in} Europe, Asia, Africa, America or Oceania?",
    "{Europe, Asia, Africa|Africa, Asia, Europe}, Oceania, North or South America?",
    "{Continent|Continent of|On which continent|Which continent|Part of the world}{:|?}",
    "{Country|Nation} {given|known}, continent {wanted|needed}{.|:}",
    "Match the {country|nation|land} with {its|the right} continent.",
    "{Geography|Geography question|A question of geography}: {what|which} continent {is it|is this"
    " country on}?",
    "{Say|Tell me|Write|State|Decide} {on|in} {which|what} continent {this|the} {country|nation} {is|lies}.",
    "I {wonder|would like to know|have to know} {on|in} {which|what} continent {this|the}"
    " {country|nation} {is|lies}.",
    "Put this country on the right continent.",
    "{Sort|Classify} {this|the} {country|nation} by continent.",
    "{Locate|Place} {this|the} {country|nation} on a {continent|world map} and name the continent.",
    "I am travelling to this {country|nation}. {Which|What} continent {will I be on|is that|am I going to}?",
    "{Name|Find} the continent {where this country is|on which this country lies|that this country is"
    " part of}.",
    "{This country is part of|This nation lies on} {which|what} continent?",
    "Think of a world map. On which continent do you see this country?",
)
_LANGUAGE = (
    *asks(
        ("language", "main language", "official language", "national language"),
        ("country", "nation", "land"),
    ),
    "{What|Which} language {do|would} {people|they|most people|the people} speak {there|in this"
    " country|here}?",
    "{What|Which} language is {spoken|used|the official one} {there|in this country|in this land|in"
    " this nation}?",
    "What is {the spoken language|the usual language} {there|in this country}?",
    "{What|Which} language {should|do|must} I {learn|speak|use} {there|in this country|if I go there}?",
    "{I am travelling|I travel|We are moving|I am moving} to this country. {Which|What} language {is"
    " spoken there|do I need}?",
    "{Language|Language spoken|Spoken language|Language of|Official language|Main language}{:|?}",
    "{Name|Give|Write|Tell me} the language {that people speak there|they speak there|spoken in this"
    " country}.",
    "{Name|Give|Write|Tell me} the language {of the people there|of the people in this country}.",
    "{Country|Nation} {given|known}, language {wanted|needed}{.|:}",
    "Match the {country|nation|land} with its language.",
    "{People|The people|Children} in this country speak {which|what} language?",
    "In {which|what} language do {people|the people|children} {talk|speak|write} {there|in this country}?",
    "How do people {talk|speak} there: in {which|what} language?",
    "{In which|In what} language are {the newspapers|books|street signs} {there|in this country}?",
    "{Which|What} language do the children {use|speak} at school {there|in this country}?",
    "{If I want|I want} to talk to {people|somebody} from this country{, which|. Which} language do I use?",
    "{Say|Tell me|Write|State} {which|what} language {is spoken|they speak|people speak} {there|in this"
    " country}.",
    "I wonder {which|what} language {is spoken|they speak|people speak} {there|in this country|in this"
    " nation}.",
    "What is the mother tongue of {most people|the people} {there|in this country}?",
    "{Tongue|Mother tongue} of {this|the} {country|nation|land}{:|}",
    "A {child|person} who is born {there|in this country} usually speaks {which|what} language?",
)
_MONEY = (
    *asks(("currency", "money", "official currency", "national currency"), ("country", "nation", "land")),
    "{What|Which} {currency|money} {do|would} {people|they|I|you} {use|pay with|need} {there|in this"
    " country}?",
    "{What|Which} {currency|money} is {used|needed|accepted} {there|in this country|in this nation|in"
    " this land}?",
    "What is the money called {there|in this country|in this nation}?",
    "{With what|With which money} do {people|they|you|I} pay {there|in this country|in the shops there}?",
    "How do {people|they} pay there? {Name the currency|Write the currency}.",
    "I am travelling {there|to this country}. {Which|What} {money|currency} {do I need|should I"
    " take|must I buy}?",
    "{Currency|Money|Currency of|Money used in|Currency in|Legal money}{:|?}",
    "{Name|Give|Write|Tell me} the {money|currency} {that people use there|used in this country|they"
    " pay with there}.",
    "{Country|Nation} {given|known}, {currency|money} {wanted|needed}{.|:}",
    "Match the {country|nation|land} with its {currency|money}.",
    "{Euro, dollar, peso|Dollar, euro, pound} or what{| else}: {which money do they use|what do they"
    " pay with}?",
    "{Which|What} {coins|notes|coins and notes} do {people|they} {use|have} {there|in this country}?",
    "I want to {change|exchange} money for {a trip|a holiday} {there|to this country}. {Which|What}"
    " currency do I {ask for|get}?",
    "{Prices|The prices} in this country are given in {what|which currency|which money}?",
    "In {which|what} {currency|money} do I pay {there|in this country}?",
    "{Say|Tell me|Write|State} {what|which} {money|currency} {is used|they use|people use} {there|in"
    " this country}.",
    "I wonder {what|which} {money|currency} {is used|they use|people use} {there|in this country}.",
    "I am in a shop in this country. What {currency|money} do I pay with?",
    "A bank in this country gives me {what|which} {currency|kind of money}?",
    "{What|Which} unit of money {does this country have|is used there|do they use}?",
    "Money question: what do they pay with {there|in this country}?",
)
_ADJECTIVE = (
    *asks(
        ("nationality", "adjective", "nationality adjective", "adjective form"),
        ("country", "nation", "country name"),
    ),
    "{Turn|Change|Make|Convert} {this|the} {country|country name|name of the country} into {an|its|the}"
    " adjective.",
    "{Which|What} adjective {comes from|goes with|belongs to|describes something from} this country?",
    "{Which|What} word {describes|do I use for} {something|food|a thing|music} {from|that comes from}"
    " this country?",
    "A person from this country {has|is of} {which|what} nationality?",
    "{Which|What} nationality is {somebody|a person|a man} from {this country|there}?",
    "What is the nationality of {a person|somebody|people} from {this country|there|here}?",
    "{I come|I am} from this country. {What is my nationality?|What nationality am I?}",
    "Food from this country is ... food. {Which adjective?|Fill in the adjective.|Which word is missing?}",
    "{Country to adjective|Country to nationality|From country to nationality|From country to"
    " adjective}{.|:}",
    "{Nationality|Adjective|Nationality word|Adjective of|Nationality of people from}{:|?}",
    "Describe {something|a thing|a person} from this country {with|in} one {adjective|word}{.|, please.}",
    "{Write|Give|Name} the word that means from this country.",
    "{Write|Give|Name} the adjective that {means|says} that {something|somebody} {comes|is} from this"
    " country.",
    "She was born in this country. {What is her nationality?|Which nationality does she have?}",
    "He has a passport of this country. {What is his nationality?|Which nationality is he?}",
    "The country is a noun. {What is the adjective?|Make the adjective.|Give the adjective.}",
    "{What|Which} nationality {goes with|belongs to|fits} this country?",
    "Which adjective do we use for {a thing|a product|a song} {made in|that comes from} this country?",
    "What is the adjective for {this|the} {country|nation}?",
    "{If|When} {somebody|a person} is a citizen of this country, what is {his or her|the} nationality?",
    "{Form|Build} the adjective {of|from|for} {this|the} {country|country name}.",
)

FAMILIES: tuple[Family, ...] = (
    lookup("capital", {name: country.capital for name, country in COUNTRIES.items()}, _CAPITAL),
    lookup("country_of_capital", {country.capital: name for name, country in COUNTRIES.items()}, _COUNTRY),
    lookup("continent", {name: country.continent for name, country in COUNTRIES.items()}, _CONTINENT),
    lookup("language", {name: country.language for name, country in COUNTRIES.items()}, _LANGUAGE),
    lookup("currency", {name: country.currency for name, country in COUNTRIES.items()}, _MONEY),
    lookup("nationality", {name: country.adjective for name, country in COUNTRIES.items()}, _ADJECTIVE),
)
