"""Everyday ways to ask about things, animals, places, numbers and jobs."""

from __future__ import annotations

# fmt: off
EVERYDAY: dict[str, tuple[str, ...]] = {
    "animal_legs": (
        "{My kid|My little girl|My son|A child} is {drawing|painting} this animal. How many legs {should "
        "it have|must it get|go on the picture}?",
        "{How many feet|How many legs} does {it|this animal|one of them} {walk on|stand on|have}? {Just "
        "the number.|A number, please.|Only a number.}",
        "{I'm making|I'm knitting|We're building} this animal {as a toy|for the kids|out of paper}. How "
        "many legs {do I need|does it need|do I make}?",
        "{number of legs|legs|how many legs}? {0 if none|digits only|just a number}",
        "{A dog has 4|A spider has 8}. {And this one, how many legs|How many legs does this one have|What "
        "about this animal's legs}?",
        "{Quiz night|Biology quiz|Kids' quiz}: how many legs {does this animal have|has this animal got}? "
        "{Write 0 if it has none.|Give a number.}",
        "If {it|this animal} wore shoes, how many {would it need|shoes would it need}{, one for each "
        "leg|}? {Write the number.|Number only.}",
        "{Two legs, four legs, six or none|Does it have 0, 2, 4 or 6 legs}? {Answer with a number|Reply "
        "with the number|Write the number}.",
        "{Does it have any legs at all|Has it got legs|Does this animal have legs}? {Tell me how many|How "
        "many}{, as a number|}.",
        "{I looked at a photo|I have a picture} but couldn't see its {legs|feet}. {How many should there "
        "be|How many are there on this animal}?",
        "{My daughter|My niece} {counts|is counting} the legs of animals. {What's the right number "
        "here|How many should she count for this one}?",
        "Count {the|all the} legs of {one such animal|this animal|this creature}{: number only|}.",
        "How many legs {does such an animal|does one of these animals|does this creature} have{, if any|, "
        "all together|}?",
    ),
    "baby_animal": (
        "{We saw one with its young at the zoo|We saw a mother with her baby at the farm}. What {is the "
        "little one called|do you call the little one}?",
        "{My daughter|My son|A child} asked what the {baby|little one|young one} of this animal is "
        "called{. What do I say|. Do you know}?",
        "{A bear has cubs|A young horse is a foal|A little pig is a piglet}. {And this animal's baby|What "
        "is this animal's baby called|What about the young of this one}?",
        "{baby|young|little one} {of this animal|called what}? {just the word|one word}",
        "{animal -> its baby|animal -> young|grown-up animal -> baby}",
        "{If this animal has babies|When this animal becomes a mother}, {what's|what is} the {right |}word "
        "for {one of its young|its baby|its little one}?",
        "{I'm writing|I'm reading} a {children's book|story} and {need|want to know} the word for {a baby "
        "of this animal|this animal when it is small}.",
        "{Crossword|Quiz|Farm quiz}: the young of this animal{, one word|}.",
        "{What's|What is} {it called|the name for it} {before it grows up|when it's still a baby|when it's "
        "only just born}?",
        "{Mum is one of these|The mother is one of these|Its parents are like this}. What is {the baby|the "
        "little one} {called|then}?",
        "{There's a special word for the baby|The baby has its own name|It has a special name while it's "
        "young}. {What is it|Which word is it}?",
        "I don't want to {say|write} 'baby' {and then the animal|every time}. {What's the proper "
        "word|Which word is there for it}?",
        "{On a farm or in the wild|At the zoo or in the wild}, {what do people call|what's} the "
        "{offspring|child|baby} of this {animal|creature}?",
        "{It just had a baby|One was born today}! {What do we call the little one|What's the word for the "
        "newborn animal}?",
    ),
    "capital": (
        "{I'm doing|We're doing|I've got} a {crossword|quiz|geography quiz} and {need|have to give} the "
        "capital of this country.",
        "{I'm planning|We're planning} a trip there and want to {start in|see|land in} the capital. {Which "
        "city is that|What's it called}?",
        "{capital|capital city} {pls|please|of this one pls}",
        "country -> {capital|capital city}",
        "{France has Paris|Portugal has Lisbon|It's Rome for Italy}. {And this country|What's the capital "
        "here|And here}?",
        "{My kids|My students|My children} are learning {capitals|the capitals of the world}. {What do "
        "they answer here|Which one is it for this country}?",
        "In {which|what} city does the {president|government|prime minister} of this country {sit|work}, "
        "{so what's the capital|I mean the capital}?",
        "{I'm colouring|I'm drawing|I bought} a map and {the capital|the name of the capital} is "
        "{missing|not on it}. {What do I write|Which city goes there}?",
        "{What's|What is} the {main|most important} city{, the capital,|, I mean the capital,} {of|in} "
        "this {country|place}?",
        "{I can never remember|I always forget|I keep forgetting} the capital of this {country|place}. "
        "{What is it?|Tell me.}",
        "{The embassy is|Our embassy is|The parliament is} in the capital. {Which city is that|What city "
        "is it}{ there|}?",
        "{I know the country|I don't need the country}, I need its capital{: name the city.|. What is it?}",
        "{Only|Just} the name of {the|this country's} capital{, nothing else|, no sentence|, please}.",
        "{I got|My brother got} a postcard from this country's capital. {What city was it from|Which city "
        "was it}?",
    ),
    "category": (
        "{I'm sorting|I'm putting|We're sorting} {word cards|picture cards} into {boxes|piles}: {animals, "
        "jobs, tools, fruit and so on|drinks, animals, days, colors and so on}. {Which pile gets this|What "
        "kind of thing is this}?",
        "{A rose is a flower|A poodle is a dog|An oak is a tree}. {So this is a kind of what|And this is "
        "what kind of thing}?",
        "{My kid|My son|A learner} {doesn't know this word|asked about this word}. {Is it an animal, a "
        "job, a fruit, a city or what|What kind of thing is it}?",
        "{type of thing|kind of thing|category}? {animal, tool, drink, city ...|one word pls}",
        "{It's|This is} a {kind|type} of what? {One word, like 'tool' or 'sport'|One general word}.",
        "{In the game of categories|In our word game|In a party game} {somebody said|I got} this word. "
        "{Under which heading do I write it|Which category does it belong in}?",
        "{In general terms|Put simply|Broadly}, {what is this: a job, a color, a vehicle, a country or "
        "something else|what kind of thing is this}?",
        "{What's|What is} {the umbrella word|the bigger word|the group word} for {this|things like this}?",
        "{Answer|Reply} with {the group|the kind of thing}, {for example|such as} {animal, drink or "
        "sport|city, month or tool|vegetable, vehicle or job}.",
        "{I'm tagging|I'm labelling} words {in my notebook|on my list}: animal, city, color, drink, job, "
        "sport, tool. {What tag does this one get|Which tag fits this one}?",
        "{In a picture dictionary|In a big word list}, {what|which} category {would this be in|would I "
        "look in for this}?",
        "{Which family of words|What class of things} {is this from|does this come from}{, animals, jobs, "
        "furniture or another|}? {Give it in one singular word|One word}.",
        "{This|It} is one example. {What is the name of the whole kind?|An example of what kind of thing?} "
        "{One word.|Just one word.}",
    ),
    "color": (
        "{I'm painting|My son is painting|We're drawing} a picture. {Which pencil do I take|Which crayon "
        "do we need|What color do I use} for this{ thing|}?",
        "{What color is it|What color is that|What color would it be} {in real life|normally|usually|in a "
        "picture book}?",
        "{color|which color|typical color}? {one word|just the color}",
        "thing -> {color|its color}",
        "{Grass is green|The sky is blue|A tomato is red}. {And this|And what about this|What about this}?",
        "{My little girl|A child|My nephew} {wants to|is going to} {color in|paint} this. {Which color is "
        "right|Which crayon should I give her}?",
        "{I've never really looked|I can't see colors|I've only read about it}. {What color is it|What "
        "color does it have}?",
        "If you {close your eyes and think of|picture} {it|this}, {what color|which color} {do you "
        "see|comes to mind|is it}?",
        "{I spy with my little eye|Guessing game|I'm playing a guessing game}: {this thing is|what I see "
        "is} {which color|what color}?",
        "{I'm decorating a cake|I'm sewing a costume|I'm making a costume} {like this|that looks like "
        "this}. {Which color do I buy|What color does it need}?",
        "{Is it red, green, white, black or something else|Is it black, yellow, brown or another color}? "
        "{Name the color|Just the color}.",
        "{Tell me|Say|Write} {what|which} color {people|most people} {think of with this|would paint this}.",
        "{What shade|What color} {does nature|do people} usually {give to|give} this{ thing|}?",
    ),
    "continent": (
        "{I'm packing for a trip to this country|My friend moved to this country|My cousin lives in this "
        "country}. {Which continent is that|What continent is it on}{ again|}?",
        "{I'm filling in|I have} a {world map|map}. {Which continent do I put this country on|On which "
        "continent does this country go}?",
        "{Is that|Is this country|Is it} in {Europe, Asia, Africa or where|Africa, Asia, America or "
        "where}? {Name the continent|Just the continent}.",
        "{continent|which continent|part of the world}? {pls|one word or two|just the name}",
        "country -> continent",
        "{Spain is in Europe|Japan is in Asia|Kenya is in Africa}. {And this country|Where is this "
        "one|What about this one}?",
        "{My kids|My pupils|The children} {sort|are sorting} {flags|countries} by continent. {Where does "
        "this one go|Which one is right here}?",
        "{Geography test|Quiz night|Crossword}: {what's this country's continent|which continent is this "
        "country on}?",
        "{I can't find|I couldn't find} this country on the {globe|map}. {Which continent should I look "
        "on|Which continent must I search}?",
        "{Roughly where|Where in the world} is {that|this country}? {The continent is enough|I only need "
        "the continent}.",
        "{I collect stamps|I collect coins} and sort them by continent. {This country goes where|Which one "
        "gets this country}?",
        "{If I flew there|If I go there}, {which continent|what continent} {would I be on|would I land on}?",
        "{The people there|People from this country} {live on|are from} which continent?",
    ),
    "country_of_capital": (
        "{I'm flying|My boss is flying|We're flying} to this {city|capital} {on Monday|next week|soon}. "
        "{Which country is that in|What country is that}?",
        "{I got a postcard|I got a letter|My parcel comes} from this {city|capital}. {Which country is "
        "it|What country did it come from|Which country is that}?",
        "{I'm writing an address|I'm filling in an address} and {have|know} the {capital|city} but not the "
        "country. {What do I put|Which country is it}?",
        "{which country|country|what country}? {this is the capital|it's the capital there}",
        "{capital -> country|city -> country}",
        "{Paris goes with France|Rome belongs to Italy|Lisbon is in Portugal}. {And this capital|And this "
        "city|What about this city}?",
        "{Quiz|Crossword|Geography test}: this city is the capital of {which|what} country?",
        "{My kids|My students} {know|have learned} this capital but {not the country|forgot the country}. "
        "{Which one is it?|Help them.}",
        "{If I|When I} {get off the plane|land|wake up} in this {city|capital}, {which country am I "
        "in|what country is it}?",
        "{People in this city have passports|The people of this city have passports|Someone from this city "
        "has a passport} from {which|what} country?",
        "{The parliament here|The government in this city} {rules|runs} {which|what} country?",
        "{I have a pin for|I want to mark} this {city|capital} on the map. {Which country does the pin go "
        "in|Which country do I look for}?",
        "{Never heard of this city|I've never heard of this capital}. {What country is it the capital "
        "of|Which country's capital is it}?",
        "{I don't need the city|I know the city}, I need the country{: where is this capital?|. Name it.}",
    ),
    "currency": (
        "{I'm filling in|My boss is filling in|I have} a form and need the {currency|money} of this "
        "country. {What's it called|What do I write}?",
        "{What do they pay with there|What do people pay with there|What do you pay with in this country}?",
        "{I'm going on holiday there|We're flying there tomorrow|I land there tonight}. {What money do I "
        "need|Which currency should I get at the bank|What cash do I need}?",
        "{currency|money|what money}? {there|in this country|just the name}",
        "country -> {currency|money}",
        "{Japan has the yen|They pay with dollars in the USA|India has the rupee}. {And this country|What "
        "about here|What does this one have}?",
        "{If I buy|When I buy} {a coffee|bread|a bus ticket} there, {what do I pay in|which money do I use}?",
        "{I found|I got|My uncle gave me} {coins|a coin|some notes} from this country. {What's the money "
        "called|Which currency is it|What's the name of the currency}?",
        "{Prices there|The prices in the shops there} are in {which|what} {currency|money}? {One "
        "word.|Just the name, please.}",
        "{I want to|I have to|I'd like to} {change|exchange|swap} my money {for a trip there|before I go "
        "there}. {Into which currency|What do I ask the bank for}?",
        "{Quiz|Crossword|Travel quiz}: {what's the money of this country|what's the currency here}?",
        "{Do they use|Do they have} euros, {dollars, pounds|pounds, francs} or {something else|what} "
        "there? {Name the money|Just the currency}.",
        "{What's in people's wallets|What's in the cash machine|What's in the tills} {there|in this "
        "country}{, which currency|}?",
    ),
    "difference": (
        "{I had|I've got|Suppose I had} the first number of {apples|coins|eggs} and {gave away|sold|lost} "
        "the second. How many {are left|do I have now|remain}?",
        "{first minus second|minus|subtract|take away}{, just the number| pls|, answer only}",
        "{What do I get|What's left} {if I take|when I take} the second number {off|away from|from} the "
        "first?",
        "{I paid|I gave the shop|I gave the cashier} the first amount but it cost {only |}the second. How "
        "much {change do I get|comes back}?",
        "{My son|My daughter|My kid} {is learning minus|is learning to take away|must subtract these}. "
        "{What's the answer?|What should come out?|So what is it?}",
        "{9 and 4 gives 5|8 and 2 gives 6}, because we {subtract|take away}. {And this one|And here|What "
        "about these}?",
        "{How far apart|How many steps apart} are {these two numbers|the two}? {Number only.|Just the "
        "number.}",
        "{How much bigger|How much higher} is the first {number |}than the second?",
        "{No calculator here|I can't find my calculator|My phone is dead}: {take the second number from "
        "the first.|what's the first minus the second?}",
        "{The first is what I have|The first number is my money}, the second {is what I spend|what I pay}. "
        "{What remains|How much is left over}?",
        "{One team|Our team} got the first number of points, the other {one|team} the second. {By how much "
        "did the first win?|What's the gap?}",
        "{Do|Work out} this {minus|subtraction} for me: {the first one less the other|first number minus "
        "second}. {Only the result|Only the number}.",
        "{How big is|What's|What is} the {gap|difference} between {the two|these numbers}?",
        "{Count down|Go down} from the first {number |}{by the second|as many steps as the second says}. "
        "{Where do you land|What's the result}?",
    ),
    "double": (
        "{I'm cooking for twice as many people|I'm baking twice the cake|We're twice as many tonight}. "
        "{What does this number become|How much is this times two}?",
        "{twice that|x2|times 2|double it} {pls|just the number}",
        "{3 makes 6|5 becomes 10|4 turns into 8}{; and this one|; what about this one, doubled|; and this "
        "number, doubled the same way}?",
        "{My brother|My friend|My sister} has {twice as many|double this number}. {How many is that|What "
        "number is that}?",
        "{If I buy|If we get|If I pay} {two of these|the same again}, {how much is it|what's it together}? "
        "{Just double the number|The number times two}.",
        "{One ticket|One shirt|One box} {costs|is} this much. What {do|would} two {cost|come to}?",
        "{I have two|There are two} {bags|boxes|bowls} with this many {in each|each}. {How many "
        "altogether|How many in total}?",
        "{Add the number to itself|Take the number and add it to itself}{: what comes out|. What do you "
        "get}?",
        "{The price|My rent|The fee} {doubled|went up to the double}. {What's it now|How much now}?",
        "{This number and the same again|This much, and then the same again} {makes what|is how much}?",
        "{My kid|My son} {must|has to} double numbers {for school|for homework}. {What's right here|What "
        "does he write here}?",
        "{Twice as old|Twice as long|Twice as big} {as this|as this number} {is how much|would be what}? "
        "{Number only|Digits only}.",
        "{Make it|I want it} twice as {big|much}: {what number is that?|give me the number.}",
    ),
    "fruit_or_vegetable": (
        "{I'm unpacking|I'm sorting|My son sorts} {the shopping|my shopping bag|food cards}. {Is this a "
        "fruit or a vegetable|Fruit or vegetable}?",
        "{In the shop|At the market|In the supermarket}, {would I find this with the fruit or with the "
        "vegetables|is this on the fruit shelf or with the vegetables}? {Answer fruit or vegetable.|Fruit "
        "or vegetable?}",
        "{fruit/veg|fruit or veg}? {answer fruit or vegetable|write 'fruit' or 'vegetable'}",
        "{Does it go in|Would you put it in} a fruit salad or {a vegetable soup|a vegetable pot}? "
        "{Reply|Answer} with 'fruit' or 'vegetable'.",
        "{Dessert or dinner|Sweet bowl or soup pot}? {Say|Tell me} {if|whether} it's a fruit or a vegetable.",
        "{I'm labelling|I'm writing labels for} {baskets|boxes} at {my stall|the market}: {one says fruit, "
        "one says vegetable|fruit here, vegetable there}. {Which one gets this|Where does this go}?",
        "{My kids|My children} {argue|can't agree} {whether|if} this is a fruit or a vegetable. {What is "
        "it|Who is right: fruit or vegetable|Which one}?",
        "{A pear is a fruit|A leek is a vegetable}. {And this, fruit or vegetable|Is this one a fruit or a "
        "vegetable}?",
        "{One word, please|One word only}: {fruit or vegetable|is it a fruit or a vegetable}?",
        "{Is this a veggie|Would you call it a veggie} or {does it go with the fruit|is it a piece of "
        "fruit}? {Say|Write} fruit or vegetable.",
        "{Cooks call this|A cook would call this|In the kitchen this counts as} a {fruit or a "
        "vegetable|vegetable or a fruit}{, which one|}?",
        "{My diet plan|My doctor|My food diary} {has a line for fruit and one for vegetables|asks for "
        "fruit and vegetables}. {Which is this|This counts as which}?",
        "{Fruit bowl or vegetable drawer|Fruit basket or vegetable box}? {Answer|Reply} fruit or vegetable.",
    ),
    "hot_or_cold": (
        "{My little girl|My toddler|A child} {wants to touch it|reaches for it}. {Is it hot or cold|Will "
        "it feel hot or cold}?",
        "{Would it|Could it|Does it} {burn me|burn my fingers} or {make me freeze|freeze my fingers}? "
        "{Say|Write} hot or cold.",
        "{hot/cold|hot or cold}? {one word|answer hot or cold}",
        "{Is the danger|Is the problem} that it's hot or that it's cold? {Just say|Answer} hot or cold.",
        "{Sun or fridge|Oven or freezer}? {Is this thing|Would you say this is} hot or cold?",
        "{Fire is hot and ice is cold|A stove is hot, an iceberg is cold}. {What about this|And this, hot "
        "or cold|And this one}?",
        "{I'm sorting|We're sorting|My class sorts} {pictures|cards} into {a red hot pile and a blue cold "
        "pile|hot and cold}. {Which one gets this|Where does this go}?",
        "{When you think of it|If you imagine it}, do you {sweat or shiver|think of heat or of cold}? "
        "{Answer with|Reply with} hot or cold.",
        "{On my drawing|In my picture} I {mark|paint} hot things red and cold things blue. {Is this one "
        "hot or cold|So this is hot or cold}?",
        "{Reply|Answer} 'hot' if it's {warm to the touch|full of heat} and 'cold' if {it's icy or "
        "cool|it's chilly}.",
        "{Careful, is it|Watch out, is this} hot or cold{ to touch|}?",
        "{What's its temperature like|How does it feel on the skin}, hot or cold?",
        "{Ouch or brrr|'Ouch' or 'brrr'}? {I mean, is it|In other words, is this} hot or cold?",
    ),
    "job_duty": (
        "{My kid|My daughter|My nephew} wants to {become one|be this one day|do this job}. What {does such "
        "a person do|do these people do}?",
        "{My neighbor|My cousin|A man I met} {does this for a living|has this job}. {What does he do all "
        "day|What does he do at work|What's his work}?",
        "{what do they do|job duty|main task}? {in a few words|short answer pls}",
        "job -> {what they do|main task|what the person does}",
        "{A baker bakes bread|A singer sings songs}. {And this person|And this one does what|What does "
        "this one do}?",
        "{I saw|I read|I found} {a job ad for this|this job in the paper|an ad for this job}. {What would "
        "I have to do|What's the work|What does a person in this job do}?",
        "{School project|Career day|Job day at school}: {say in a few words what this person does.|what "
        "does this worker do?}",
        "{I don't know this job|I've never heard of this job|I'm not sure about this job}. {What do they "
        "do|What is the person's task}?",
        "{What do they get paid for|What do people pay them for|What is such a person paid for}? {Start "
        "with a verb, like 'sells bread'|A few words are enough}.",
        "{This person|A person with this job} {gets up every morning and does what|goes to work and does "
        "what}?",
        "{If I need|When I call} {one of these|such a person}, {what can they do|what do they do}{ for me|}?",
        "{Explain to|Tell} {a child|my son|a five-year-old} what {someone in this job|this worker} "
        "{does|does for a living}.",
        "{This is my new job|I've got this job now}! What {will I do|do I do} all day? {Short answer, "
        "please.|A few words.}",
    ),
    "language": (
        "{I'm going there|We're moving there|My firm sends me there} {next month|soon|in spring}. {Which "
        "language should I learn|What do people speak there|What language will I hear}?",
        "{I don't understand a word there|I watch TV from this country|I heard a song from this country}. "
        "{Which language is it|What language do they use}?",
        "{language there|which language there|what do they speak there}? {pls|just the name}",
        "country -> {language|main language}",
        "{In France it's French|They speak Italian in Italy|In Japan it's Japanese}. {And here|And in this "
        "country|What do they speak in this one}?",
        "{I need|We need|My boss needs} a {translator|teacher|phrase book} for this country. {For which "
        "language|What language}?",
        "{My pen friend|My new neighbor|A guest} {is from there|comes from this country}. {What's probably "
        "her language|What language does she grow up with}?",
        "{The signs|The newspapers|The menus} there are in {which|what} language?",
        "{Kids at school there|The children in this country} {talk|learn to read and write} in "
        "{which|what} language?",
        "{Quiz|Crossword|Travel quiz}: {what they speak in this country|the main language of this "
        "country}{|, one word}.",
        "{If I say hello|If I order coffee} there, {which language should I do it in|what language do I "
        "use}?",
        "{Not the country|I don't mean the country}, {I need|I mean} {its|the} {language|main language}{: "
        "what is it?|. Name it.}",
        "{I'm choosing|I must choose} a language on my {phone|app} for a trip there. {Which one do locals "
        "speak|Which one do I pick}?",
    ),
    "larger_number": (
        "{Who has more|Who wins}, the one with the first number or the one with the second? {Write the "
        "bigger number|Give me the higher number}.",
        "{bigger one|higher one|max|the larger} {pls|only|please}",
        "{Of the two|Out of these two}, {which is more|which is higher|which one is greater}?",
        "{Two prices|Two offers|Two bills} {lie in front of me|are on the table}. {Which one is "
        "higher|Which costs more}? {Just the number.|Number only.}",
        "{3 and 7 gives 7|9 and 2 gives 9}; {and these two|what about these two|and which is more here}?",
        "{In a card game|In our card game|In a game of cards} the higher {card|number} wins. {Which of "
        "these wins|Which one is it}?",
        "{I want|I'd take|I'd like} {the most money|as many sweets as possible}. {Which of the two numbers "
        "do I pick|Which of these should I choose}?",
        "{My son|My daughter|A pupil} {must|has to} circle the {bigger|larger|greater} {number|one}. "
        "{Which one|Which one is it}?",
        "{Which one|Which of these} is further {up|to the right} on {a ruler|the number line}?",
        "{Drop|Cross out|Forget} the {smaller|lower} {one|number} and {keep|write} the other.",
        "{These are the ages of two kids|Two kids, two ages}. {How old is the older one|Which age is "
        "higher}? {Number only|Just the number}.",
        "{Two teams|Two players}, two scores: {which score is better|what's the winning score}{, so the "
        "higher one|}?",
        "{The top score|The highest value|The maximum} {of these|here|of the pair} is {which|what}?",
    ),
}
# fmt: on
