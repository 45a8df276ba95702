"""Everyday ways to ask about sentences, messages and lists."""

from __future__ import annotations

# fmt: off
EVERYDAY: dict[str, tuple[str, ...]] = {
    "anonymize": (
        "{Before we share|Before I send|Before we print} this {text|line|sentence}, the name {must|has to} "
        "go. {Put [name] there|Write [name] in its place|Replace it with [name]}.",
        "{Our lawyer|My boss|The privacy officer|My teacher} {doesn't want|won't allow} {real "
        "names|people's names} in the {report|text|file}. {Swap the name for|Change the name to|Replace "
        "the name with} [name].",
        "{I'm posting|I'm going to post|I'd like to post} this {online|on the internet|on our website} and "
        "don't want {anyone|people} to know who it is. {Use [name]|Put [name] instead|Write [name] for the "
        "person}.",
        "{name -> [name]|real name -> [name]|swap name for [name] pls|hide the name with [name] pls}",
        "{Everything stays the same|Don't change anything else|Keep the rest as it is}, but {the person "
        "becomes|the person's name becomes|for the name write} [name].",
        "{Nobody needs to|People mustn't|The reader must not} {find out|know} who {this person|it} is. "
        "{Rewrite it with|Cover the name with} [name].",
        "{Can you|Could you} {blank out|cross out|block out} {the person's name|the name} {and put|and "
        "write} [name]{ there|}?",
        "{This is for a study|This is for a survey|This is for a public file}, so {names are not "
        "allowed|we can't keep names}. {Put [name] where the name was|Type [name] over the name|Make it "
        "anonymous with [name]}.",
        "{Tom is sick becomes [name] is sick|'Bob sings' turns into '[name] sings'}. {Do the same|Now this "
        "one|Same thing} here.",
        "{I'd like|I want|We need} {a copy of this line|this sentence again} with [name] {where the name "
        "stands|instead of the person}{, nothing else changed|}.",
        "{Keep it private|Keep my friend out of it|Protect this person}: {copy the sentence|write it "
        "again} but {say|write} [name] {for the name|where the name is}.",
        "{We never print|Our newspaper doesn't print|My blog doesn't show} {real names|first names}. {Fix "
        "this line|Change this sentence} with [name].",
        "{How would this look|What does this look like} {once the name is hidden|with the person's name "
        "taken out}? {Use|Put} [name] {there|in its place}.",
    ),
    "combine_because": (
        "{My text|My essay|My story} {is full of|has too many} short sentences. {Glue these two "
        "together|Join these two|Link these two} with because.",
        "{The second sentence is the reason|The second one explains the first|The first thing happened due "
        "to the second}. {Say it all in one with because|Make one sentence with because|Join them with "
        "'because'}.",
        "{two sentences -> one with because|join w/ because pls|use because, one sentence}",
        "{My teacher|The teacher|My boss} {wants|asked for} {one long sentence|one sentence, not two}, "
        "with {because|the word because} in the middle.",
        "{It sounds choppy|It sounds like a child wrote it|These two sound boring}. {Connect them|Make it "
        "flow} with because.",
        "{I ate. I was hungry. becomes I ate because I was hungry.|'She left. It was late.' becomes 'She "
        "left because it was late.'} {Now these|Same here|Do that here}.",
        "{Replace the full stop in the middle with|Swap the full stop in the middle for} "
        "{because|'because'}{ and write the whole sentence|}.",
        "{Why did it happen|Why}? The second part {says it|tells us}. {Put both parts in one sentence with "
        "because|Write both with because in between}.",
        "{I'm practising|We're practising|My son is practising} the word because. {What do these two "
        "become?|Make these two into one sentence.|How do I join these two?}",
        "{Can you|Could you} {squeeze|put|get} {both|these two} into {a single|one} sentence{, with "
        "because before the reason| using because}?",
        "{Event first, then because, then the reason|First what happened, then because, then why}: {one "
        "sentence|write it as one sentence}.",
        "{I'd like|I want|I need} {these two bits|both parts|the two facts} {joined|linked|tied together} "
        "{by because|with because}{ in one sentence|}.",
        "{Homework|English class|Worksheet}: {join the pair of sentences|make one out of two} {with|using} "
        "because.",
    ),
    "count_items": (
        "{I've got|Here's|I wrote} a {shopping list|list|packing list}. {How many things are on it|How "
        "many entries does it have|How long is it}? {Just the number.|A number will do.}",
        "{How many|How many things|How many words} {do you see|did I write|are there} {between the "
        "commas|if commas separate them}? {Number only|Digits only}.",
        "{count them|how many in the list|count the items}, {number only|just the number}",
        "list -> {how many|number of items}",
        "{I don't want to count myself|I'm too lazy to count|My eyes are bad}. {How many items are "
        "listed|How many things are in the list}?",
        "{cup, pen, hat makes 3|cat, dog makes 2}. {And this list|How many here|And here}?",
        "{My boss|My teacher|The form} {asks|wants to know} how many {items|things|names} are {on|in} "
        "{this|the} list.",
        "{How many boxes|How many shelves|How many bags} do I need if {each thing|every item} {in the list "
        "|on the list |}gets its own?",
        "{If I tick off|If I cross out} one {thing|item} after another in this list, how many {are "
        "there|do I get}? {A number, please.|Number only.}",
        "{Count up|Count} {the things|what I've got here|what's listed}{ and give me the total| and tell "
        "me the number|}.",
        "{The list has|There are} how many {entries|things|items}{| in this row}?",
        "{What's the total|What's the number} of {things|items|names} {listed|in this row|here}{, in "
        "digits|}?",
        "{Is it 2, 3, 4 or 5|2, 3, 4 or 5}? {How many items do you count in the list?|I mean the number of "
        "things in the list.}",
    ),
    "facts_to_sentence": (
        "{I'm introducing|I have to introduce|We're introducing} {someone|a guest|a new colleague} and "
        "only have this {card|list|form}. {Make it one sentence|Put it all in one sentence}.",
        "{My form|The form|This file|The profile} lists name, age, job and city. {Say it|Write it} {like a "
        "person would|as one normal sentence|in a full sentence}.",
        "{Like|In the style of} 'Bob is a 30-year-old cook from Rome.', {write|make} {a sentence|one "
        "sentence} from these {facts|details}.",
        "{name, age, job, city -> one sentence|facts -> sentence pls|one full sentence from this list pls}",
        "{For the newspaper|For our website|For the club magazine} I need one {line|sentence} {about this "
        "person|with all these details|that says who this is}.",
        "{Who is this person|Who's that}? {Tell me in one sentence with everything on the list|One "
        "sentence with name, age, job and city}.",
        "{Nobody likes|I don't like} {lists|bullet points|tables}. {Turn these facts|Turn this} into {a "
        "proper|a real|one full} sentence.",
        "{Write|Make} {me |}a {short|one-line} {bio|introduction} {with|from} {the facts on the list|the "
        "name, age, job and city}.",
        "For homework my {son|daughter} {must|has to} {write one sentence with|put into one sentence} "
        "{these facts|the facts in the list}. {How does it go|What would it be}?",
        "{Read the card|Look at the card|Take the card} and {say|tell us} in {one|a single} sentence who "
        "{it is|this is}, {how old|with age}, job and city{ included|}.",
        "{How would you|How would a reporter} {say|write|put} {all this|these four facts} in one sentence?",
        "{Start with the name|Begin with the name}, then {age|the age}, job and {home |}city: {one smooth "
        "sentence|a single sentence}.",
        "{Glue|Stitch|Put} the {facts|details|data} {together|into one sentence} {so it reads|that reads} "
        "like {normal English|a newspaper line}.",
    ),
    "find_animal": (
        "{I'm collecting|We're collecting|I'm listing} {animals from stories|the animals in my text}. "
        "{Which one comes up here|Which one is in this sentence}?",
        "{animal|which animal|the animal}? {just the word|one word from the sentence|as it's written}",
        "{sentence -> animal|text -> animal in it}",
        "{My kid|My son|A child} {must|has to} {underline|circle|mark} the animal in this sentence. {Which "
        "word is it|Which word}?",
        "{There's an animal hiding in this line|An animal is hiding in this sentence|Somewhere in here is "
        "an animal}. {Which one?|Find it.|What is it?}",
        "{'Tom rode a horse' gives horse|From 'I fed the cat' I'd take cat}. {And here|What do I take here}?",
        "{A zoo vet|A vet|A zoo keeper} reads this. {Which creature is it about|Which animal in the text "
        "interests her}?",
        "{Which beast|Which creature|What kind of animal} {gets mentioned|is talked about|turns up} "
        "{here|in this line}?",
        "{I only care about|I'm only interested in|Forget the people, I want} the animal in {this|the} "
        "{sentence|text}{.|. Which is it?}",
        "{Fish out|Pull out|Pick out|Copy out} the animal{ word|}{, nothing else| and leave the rest|}.",
        "{I'm drawing|I'm making} a picture {for|of} this {sentence|line}. {Which animal do I draw|Which "
        "animal goes in it}?",
        "{Cat, lion, bird or what|A dog, a cow or what}? Which animal is in {the|this} sentence?",
        "{Someone talks about|Somebody mentions|There is} an animal here. {What animal is it|Which animal}?",
    ),
    "find_city": (
        "{I'm putting pins on a map|I'm making a travel map}. {Which city does this sentence give me|Which "
        "city is in this sentence}?",
        "{city|which city|the city}? {just the name|only the name from the text}",
        "{sentence -> city|text -> city name}",
        "{My kid|My son|A pupil} {must|has to} {underline|circle|mark} the city in this {line|sentence}. "
        "{Which word is it|Which word}?",
        "{From my diary|From an email|From a postcard}: {which city is mentioned|what city comes up}{ in "
        "this line|}?",
        "{'Tom flew to Rome' gives Rome|From 'I love Paris' I'd take Paris}. {And here|What do I take here}?",
        "{I'm only interested in|I only need|Forget the rest, I need} the city {named|mentioned} {here|in "
        "this sentence}.",
        "{A travel agent|A taxi driver|A pilot} reads this. {Which city is it about|Which city must she "
        "note}?",
        "{Fish out|Pull out|Pick out|Copy out} the {city|name of the city}{, nothing else| and leave the "
        "rest|}.",
        "{There's a city hiding in this line|There's a city in here|This text has one city in it}. {Which "
        "one?|Find it.|What is it?}",
        "{Which town|What big town|What city} {gets mentioned|is talked about|turns up} {here|in this line}?",
        "{I'm tagging|I'm sorting} {news|messages|letters} by city. {Which city does this one name|Which "
        "city is in this one}?",
        "{Rome, Paris, Tokyo or which|London, Lima or which}? {What city is named|Which city do you read} "
        "in {the|this} {text|sentence}?",
    ),
    "find_color": (
        "{I'm painting|My son is drawing|I'm drawing} {what this sentence says|this scene}. {Which color "
        "is mentioned|Which pencil do I need}?",
        "{color|which color|the color}? {just the word from the sentence|as mentioned in the text}",
        "{sentence -> color|text -> color in it}",
        "{My kid|My daughter|A pupil} {must|has to} {underline|circle|mark} the color in this "
        "{line|sentence}. {Which word is it|Which word}?",
        "{The police|A witness form|The lost and found} {asks for|needs} the color. {What does the "
        "sentence say|Which one does the text mention}?",
        "{'Tom has a red car' gives red|From 'I saw a white cat' I'd take white}. {And here|What do I take "
        "here}?",
        "{I only care about|I'm only interested in|Forget the rest, I want} the color {named|mentioned} "
        "{here|in this sentence}.",
        "{Fish out|Pull out|Pick out|Copy out} the {color|color word}{, nothing else| and leave the rest|}.",
        "{There's a color hiding in this line|There's one color in here|One word in this text is a color}. "
        "{Which one?|Find it.|What is it?}",
        "{Red, blue, green or what|Black, white, pink or what}? Which color is {in|named in} {the|this} "
        "sentence?",
        "{Going by|According to} {this sentence|the text}, {what color is the thing|which color does the "
        "thing have}?",
        "{I missed|I didn't hear} the color {when they read this out|in this sentence}. {What was it|Which "
        "one was it}?",
        "{Which color word|Which color} {gets mentioned|turns up|comes up} {here|in this line}?",
    ),
    "first_item": (
        "{Who or what|Which one|What} {is at the front|comes first|leads} {here|in this line|in this row}?",
        "{first one|1st one|the first|1st item} {pls|please|only}",
        "list -> first {item|one|word}",
        "{I read lists from left to right|I start on the left}. {What do I read first|Which one do I meet "
        "first}?",
        "{I'm going through|I'm working through} {my|this} list from {the start|the beginning|the top}. "
        "{What's first|What do I begin with}?",
        "{red, blue, green gives red|cup, pen, hat gives cup}. {And this list|And here|What about this one}?",
        "{Only the start matters|I only need the start}: {copy the first word or name of the list.|which "
        "item stands first?}",
        "{Forget|Drop|Throw away|Cut} {everything|all} after the first comma{ and give me what's left.|. "
        "What remains?|: what is left?}",
        "{What's|What is} {written|standing} before the first comma?",
        "{My shopping list|My to-do list|The list} {begins with|starts with|opens with} {what|which item}?",
        "{If they stand in a queue|If they wait in line} {like this|in this order}, {which one is "
        "first|what is at the front}?",
        "{Number one|No. 1} on {the|this|my} list{: which is it|, please| is what}?",
        "{I'd like|I need|Give me} {just|only} {the opening item|the very first one|the item at the "
        "start}, {not the others|without the rest}.",
    ),
    "formality": (
        "{I want to know|Tell me|I wonder} {if|whether} {I can send this to my boss|this is how you write "
        "to a judge|this suits a business letter}: {formal or informal|say 'formal' or 'informal'}.",
        "Would you {say this to a friend or write it to an office|use this with friends or with a stranger "
        "in an office}? {Answer|Reply} informal {for friends|in the first case} and formal {if "
        "not|otherwise}.",
        "{Does it sound|Does this sound} {stiff and official|like an office letter} or {relaxed, like a "
        "chat|like a chat with a friend}? {Answer|Say} {'formal' or 'informal'|formal or informal}.",
        "{formal/informal|formal or informal|formal vs informal}? {one word|just the label}",
        "{My teacher|My English course|Our course} {asks|wants to know} {what style this is|what register "
        "this is}, {formal or informal|'formal' or 'informal'}.",
        "{Suit and tie or jeans|Tie or T-shirt}? {Call the style of this sentence|Label this} formal or "
        "informal.",
        "{I'm sorting|We're sorting|I must sort} {emails|messages|letters} by {style|tone} into formal and "
        "informal. {Where does this one go|Which one is this}?",
        "{Is this slang and chat|Is this everyday talk}, or {proper, official English|polite office "
        "language}? {Reply|Answer} {with 'informal' or 'formal'|informal or formal}.",
        "{How formal is this|What kind of style is it}? {Two choices|Only two answers}: formal, informal.",
        "Is the {writer|speaker|sender} being {casual|chatty|laid-back} or {official|businesslike}? "
        "{Write|Put} informal or formal.",
        "{Could I|Can I|May I} {say|write} this to {the president|my professor|a customer} or is it too "
        "{casual|chatty}? {Answer 'formal' if it's fine and 'informal' if it's too casual.|Formal or "
        "informal?}",
        "{I'm not sure|I can't tell|I can never tell} {if|whether} this {line|message|sentence} is formal "
        "or informal. Which {one |}is it?",
        "{Check the style|Look at the style}, not the {topic|content}: {formal or informal|is it formal or "
        "informal}?",
    ),
    "grammar_check": (
        "{I wrote this in an email|I wrote this for school|My son wrote this} and {I'm not sure|wonder if} "
        "{it's good English|the grammar is right}. {Answer|Say|Reply} {correct or incorrect|'correct' or "
        "'incorrect'}.",
        "{Did I make|Is there|Did my student make} a {mistake|grammar mistake} {here|in this line}? "
        "{Write|Say} incorrect if {so|there is one} and correct if {not|it's fine}.",
        "{correct/incorrect|correct or incorrect}? {grammar only|just check the grammar|one word}",
        "{I'm marking|I'm grading|I'm checking} {homework|tests|essays}. {Does this sentence get|Is this "
        "sentence} 'correct' or 'incorrect'{?|, grammar only?}",
        "{Would an English teacher|Would a native speaker} {accept|be happy with|be fine with} this "
        "{sentence|grammar}? {Reply|Answer} correct or incorrect.",
        "{Does it sound|Does this sound} {wrong|off|odd} to you? {Judge the grammar|It's about the "
        "grammar}: correct or incorrect.",
        "{English isn't my first language|I'm learning English|I'm still learning English}. {Is this "
        "sentence|Is what I wrote} {grammatically |}correct or incorrect?",
        "{Red pen or green tick|Tick or cross}? {Say correct if the grammar is fine and incorrect if "
        "not.|Correct grammar or incorrect?}",
        "{Before I press send|Before I print it|Before I hand it in}: {is the grammar|is my grammar} "
        "correct or incorrect?",
        "{One word|A single word} {will do|is enough|please}: is the {English|grammar} {here|in this line} "
        "correct or incorrect?",
        "{Don't fix it|No need to fix it|You don't have to correct it}, just {say|tell me} {whether|if} "
        "{the sentence|the grammar} is correct or incorrect.",
        "{Can|May} I {write|say} {it|this} {like this|like that|this way}? {Answer|Say} correct if the "
        "grammar {is right|is OK} {and|or} incorrect if {it isn't|it's wrong}.",
        "{My friend|My brother} says {the grammar is wrong here|there's an error in here|this is bad "
        "English}. {Is the sentence|So is it} correct or incorrect?",
    ),
    "intent": (
        "{I work|My sister works} {in a shop|at a help desk|in customer service} and {sort|must sort} "
        "messages: {order, refund, delivery, booking, cancellation or opening hours|booking, order, "
        "refund, cancellation, delivery or opening hours}. {Which is this|What is this one}?",
        "{A customer wrote this|This landed in our inbox|This came in by email}. {Is it an order, a "
        "refund, a delivery, a booking, a cancellation or a question about opening hours?|Pick: order, "
        "refund, delivery, booking, cancellation, opening hours.}",
        "{What's this customer after|What is the customer after|What does this person want from us}: "
        "{order, delivery, refund, booking, cancellation or opening hours?|refund, order, booking, "
        "delivery, opening hours or cancellation?}",
        "{customer wants|reason for writing|tag for this message}: {order / refund / delivery / booking / "
        "cancellation / opening hours|booking / cancellation / delivery / opening hours / order / refund}",
        "{Our inbox has six folders|We have six trays|My six folders are these}: order, refund, delivery, "
        "booking, cancellation, opening hours. {Where does this go|Which one gets this message|Where do I "
        "file this}?",
        "{My boss wants|The boss wants} a {label|tag} on {every|each} customer {email|message}: {order, "
        "refund, delivery, booking, cancellation or opening hours|opening hours, booking, order, "
        "cancellation, refund or delivery}. {Which one here?|Label this one.}",
        "{Why is this person|Why is the customer} {writing|calling|getting in touch}? {Answer|Reply} with "
        "order, refund, delivery, booking, cancellation or opening hours.",
        "{I answer emails for a shop|I'm new at the front desk|I answer the phone in a hotel}. {What does "
        "the caller want|What is this about}: booking, cancellation, order, delivery, refund or opening "
        "hours?",
        "{What is it this time|So what does the customer want}? {Name the intent|Label the customer's "
        "message}: order, booking, refund, delivery, cancellation or opening hours.",
        "{One label only|Just the label}: {order, refund, delivery, booking, cancellation or opening "
        "hours|delivery, refund, order, opening hours, booking or cancellation}. What does the "
        "{customer|client|buyer} {want|need}?",
        "{Read what the customer says|Look at what the customer wrote} and {tick|pick} one {box|reason}: "
        "order, refund, delivery, booking, cancellation, opening hours.",
        "{Quickly|Fast, please}: what's the customer's {intent|intention|reason}? {order, refund, "
        "delivery, booking, cancellation or opening hours|booking, cancellation, delivery, opening hours, "
        "order or refund}",
    ),
    "last_item": (
        "{Who or what|Which one|What} {is at the back|comes last|closes the list} {here|in this line|in "
        "this row}?",
        "{last one|the last|final item|last item} {pls|please|only}",
        "list -> last {item|one|word}",
        "{I read lists from left to right|I read from left to right}. {What do I read last|Where do I "
        "stop|What's the final word}?",
        "{I worked through|I'm going through} {my|this} list to {the end|the very end}. {What was "
        "last|What comes at the end}?",
        "{red, blue, green gives green|cup, pen, hat gives hat}. {And this list|And here|What about this "
        "one}?",
        "{Only the end matters|I only need the end}: {copy the last word or name of the list.|which item "
        "stands last?}",
        "{Forget|Drop|Throw away|Cut} {everything|all} before the last comma{ and give me what's left.|. "
        "What remains?|: what is left?}",
        "{What's|What is} {written|standing} after the last comma?",
        "{My shopping list|My to-do list|The list} {ends with|finishes with|closes with} {what|which item}?",
        "{If they stand in a queue|If they wait in line} {like this|in this order}, {which one is "
        "last|what is at the very end}?",
        "{The tail|The very end} of {the|this|my} list{: which item is it|, please| is what}?",
        "{I'd like|I need|Give me} {just|only} {the closing item|the very last one|the item at the end}, "
        "{not the others|without the rest}.",
    ),
    "list_category": (
        "{I'm writing|I'm making} a {poster|list|vocabulary page} with these words. {What heading goes on "
        "top|Which title do I put above them|What do I call the list}?",
        "{cup, plate, bowl are dishes|rose, tulip, lily are flowers}. {And these|And these are what|What "
        "are these}?",
        "{All of them are|They're all} {what|what kind of things}? {One word in the plural.|A plural word, "
        "please.}",
        "{what are they all|what are these all|common group}? {one word|plural pls}",
        "list -> {what they all are|common name|group name}",
        "{My kid|My daughter|My student} {has to say|must say} what these words {all are|have in common}. "
        "{What's the answer|Which word is it}?",
        "{I'm tidying up|I'm sorting} {word cards|my cards} and {these belong together|these go in one "
        "box}. {What do I write on the box|What's the label}?",
        "{In a game show|In a quiz} {they read out|I hear} these words. {What are they all|What's the "
        "common name for them}?",
        "{Animals, cities, jobs|Colors, fruits, tools|Months, drinks, clothes} or {something else|what}? "
        "{Say what the whole list is.|What are all of these?}",
        "{What's|What is} the {link|connection} between {these words|all these}? {Name the group.|What are "
        "they all?}",
        "If {someone|somebody} asks what {kind of things I listed|my list is about}, {what do I say|what's "
        "the word}?",
        "{If this were|Suppose this is} a {shelf in a shop|page in a picture book}, {what would the sign "
        "above it say|what would the heading be}?",
        "Sum {them|the words|the list} up in one {word|plural word}: {all of these are|they are all} ...",
    ),
}
# fmt: on
