"""Everyday ways to ask about a word: its forms, meaning and translation."""

from __future__ import annotations

# fmt: off
EVERYDAY: dict[str, tuple[str, ...]] = {
    "abbreviation": (
        "{A colleague|My boss|A friend|Somebody} {wrote|used} this {abbreviation|short form} in {an "
        "email|a message|a note|a chat}. {What does it stand for|What's the long version|What do the "
        "letters mean}?",
        "I {keep seeing|always see|saw} this {abbreviation|short form} {online|in emails|on signs|in the "
        "paper} and {don't know|have no idea} what it {stands for|is short for}.",
        "{What's|What is} this short for?",
        "{Short for what|It's short for what|That stands for what}?",
        "{My essay|My report|This letter|The form} {can't have|mustn't have|shouldn't have} "
        "{abbreviations|short forms}. {Spell this one out|Write this one out in full|Give me the full "
        "words}.",
        "{Write|Type|Say} {it|this} {out in full|without the abbreviation|in full words} {pls|please}",
        "{I'm reading a message to my grandma|My grandma doesn't get it|My son asked me}: what does this "
        "{abbreviation|short form} stand for?",
        "{TV is|TV means} television. {And this one|What about this abbreviation|What is this one short "
        "for}?",
        "Don't {shorten|abbreviate} it, {give|write} the {full|long} {words|version|form}.",
        "{Nobody at work|Nobody in my class|No one here} knows what this {abbreviation|short form} {means "
        "in full|stands for}. Do you?",
        "{Short form|Abbreviation} -> {full form|full words|long form}",
        "{Undo|Open up|Decode} {this|the} {abbreviation|short form} {for me|for our readers|for the "
        "newspaper}{, full words only|}.",
        "{Crossword|Quiz}: {what's the full form|what is the long form} of this abbreviation?",
        "{I'm making a list of abbreviations|I'm writing a glossary}. {Which full words go|What do I "
        "write} {next to|behind|beside} this one?",
    ),
    "adverb": (
        "{I need to|I have to|I want to} say how {she did it|he does it|somebody sings|they work}, so "
        "{turn this adjective into|make this adjective} an adverb.",
        "{quick becomes quickly|slow becomes slowly|soft becomes softly}; {and this one|and this word|what "
        "about this one}?",
        "{Homework|English homework|School}: {adjective in, adverb out|find the adverb that goes with this "
        "adjective|make an adverb out of it}.",
        "{Adjective|From adjective} -> adverb",
        "{the adverb|adverb|adverb form} {pls|please}",
        "{In my essay|In my story|In my letter} I {want to|must|have to} use this word {to describe a "
        "verb|with a verb}. {What's the adverb|Which adverb do I need|How do I turn it into an adverb}?",
        "{My teacher says|The teacher wrote that|My boss tells me} I {should have used|need} the adverb "
        "here. {What is it|How do I write it|What would that be}?",
        "{I never know|I'm not sure|I always forget} how to {build|make|form} the adverb. {Do it for this "
        "word.|What is it here?|Show me with this one.}",
        "{Does it just get -ly|Do I just add -ly} or is {it|the adverb} irregular? Write the adverb{| of "
        "this word}.",
        "{Somebody|A person} who is like this does things {how|in what way}? {Answer with|Use|Reply with} "
        "{one|an} adverb.",
        "{Give me|I need|Write} the {word|form} that {answers 'how?'|tells how something is done|goes with "
        "a verb}, {the adverb|so the adverb}{, not the adjective|}.",
        "{Crossword clue|Quiz question|Worksheet}: {adverb of this adjective|this adjective as an adverb}. "
        "{One word|Just the word}.",
        "This {describes|goes with} a {noun|thing}. {Change it so that it describes|Give me the adverb, "
        "which describes} a verb.",
    ),
    "antonym": (
        "{I'm|We're} {doing|solving} a crossword and {need|have to find|can't find} the opposite of this "
        "word.",
        "{What's|What is} the {exact |direct |}opposite{| of that|, in one word| of this}?",
        "{If hot goes with cold|If big goes with small|If up goes with down}, this {word |}goes with "
        "{what|which word}?",
        "{opposite|the opposite|antonym|opposite word} {pls|please}",
        "{No, I meant|Actually, I wanted to say|Oh no, I meant} {just|exactly} the opposite! {Which word "
        "is that|What should I have said|What's the word}?",
        "{My kids|The kids|My students} are {playing a game with|learning} opposites. {What do I answer to "
        "this word|Which one goes with this|What's the answer here}?",
        "{The sentence|My sentence|The line} {should|must} {mean|say} the {reverse|opposite}. What {do I "
        "put|can I write} {instead of|in place of} this word?",
        "{I'm making|I made} cards with {pairs of opposites|opposites}. What {goes|do I write|belongs} on "
        "the other {side|card}?",
        "{It's not this at all|It is not this}, it's the {very |exact |}opposite. {Which word is "
        "that|What's the word}?",
        "{Say|Give|Tell me} {the reverse|the contrary|the opposite} {in one word|with one word|in just one "
        "word}.",
        "Which word {means|says} the {total|complete|exact} {opposite|contrary|reverse}?",
        "{Translation class|English class|Homework}: {find the opposite|write the antonym|write down the "
        "opposite}. {One word only|A single word|Just one word}.",
        "{I know this word but not|I can't think of|I can't remember} {its opposite|the word that means "
        "the opposite|the opposite}. {Can you help?|What is it?|Help me out.}",
        "{Turn it around|Flip it|Flip the meaning}: {I want the opposite word.|which word means the "
        "opposite?|give me the antonym.}",
    ),
    "article": (
        "I never know {whether|if} it's a or an. {Which one here|Which one goes here|What about this word}?",
        "{Do I say|Do you say|Do we write|Should I write} {'a' or 'an'|a or an} {before this|in front of "
        "this|with this one}?",
        "{My email says|I typed} 'I have' and then this word. {Does 'a' or 'an' go in between|Do I need a "
        "or an in between}?",
        "{a/an?|a or an?|'a' or 'an'?} {just the article|which one|pls tell me which}",
        "{It's an egg but a bed|You say a cat but an owl|We say an hour but a house}. {And this one, a or "
        "an|What about this word, a or an}?",
        "{My son|My daughter|My boss|A learner} {mixes up|confuses|always mixes up} a and an. {What is "
        "right|Which is correct|Which one is right} {for|with|before} this word?",
        "{Answer|Reply} with 'a' or 'an', {whatever|whichever|the one that} {fits|goes with|sounds right "
        "with} this {word|noun}.",
        "{Fill in|Fill the gap with} a or an: {this noun comes next|the noun follows}.",
        "{Does it start|Does the word start} with a vowel sound? {Then write an, otherwise a|Write 'an' if "
        "so and 'a' if not}.",
        "{I'm writing a shopping list|I'm writing an essay|I'm filling in a worksheet} and need the "
        "{little word|right article}: a or an?",
        "The {little word|short word|article} before {this noun|this one|it}: {a or an|is it a or an|would "
        "that be a or an}?",
        "{What sounds better|What sounds right|What's correct} {here|with this word}, {a or an|'a' or 'an'}?",
        "{There is ... on the table|I see ... over there|It is ...}: {a or an in front of this word?|does "
        "this word take a or an?}",
    ),
    "base_form": (
        "{I want to|I'd like to|I tried to} {look this up|look up this verb|find this verb} in {a|my|the} "
        "dictionary. {Under which form|What form do I look for|Which form will I find there}?",
        "{went goes back to go|from saw I get see|took is really take}; {and this one|do the same with "
        "this verb|now this verb}.",
        "{This verb|My verb|The verb} is in the past. {What's it without the past|What was it before it "
        "got a past ending|How does it look in the infinitive|Which verb is it really}?",
        "{I'm making|I have to make|I'm writing} {a vocabulary list|word cards} and need the "
        "{plain|base|basic} verb, {not the past|without the past tense}.",
        "{base form|infinitive|plain verb|verb without past} {pls|please}",
        "{Yesterday|Last week} I did this. {Tomorrow I will ...|Today I want to ...} {Which verb form goes "
        "there|Which form comes there}?",
        "{After did not|After 'did not'|After 'I can'} I can't {use|write|say} this form. {Which one do I "
        "need|What should I write|What is the right form}?",
        "{Undo|Take away|Take off|Remove} the past{ tense|} and {give|show} me the "
        "{bare|simple|basic|plain} verb.",
        "{I found this verb|I read this form} in a {story|book|text} but don't know the infinitive. {What "
        "is it?|Tell me.|Which one is it?}",
        "{Put|Change|Set} this verb back {from past to infinitive|into the infinitive|to its dictionary "
        "form}{, without 'to'|}.",
        "{The verb here is in the past|This is the past form}: {what's the infinitive|what is the base "
        "form}?",
        "'{I want to|I must|You can}' ... and then this verb, {but not in the past|in its base form}. "
        "{Write the verb|Just the verb}.",
        "{Which verb|What verb} is this the past of?",
    ),
    "comparative": (
        "{big becomes bigger|tall becomes taller|small becomes smaller|old becomes older}{; and this one|, "
        "and this one|; what about this word}?",
        "{I'm comparing two|I want to compare two|We compare two} {phones|cars|shops|flats} and need this "
        "{word|adjective} in the comparative.",
        "{My car is ... than yours|This one is ... than that one|My bag is ... than yours}. {Which form of "
        "this adjective fits?|Put this adjective in.|What goes in the gap?}",
        "{Do I add -er or more|Is it -er or more|Is it with 'more' or with -er}? {Write the "
        "comparative|Give me the comparative form|Write the right form}.",
        "{comparative|comparative form|the -er or more form} {pls|please}",
        "{adjective|base} -> comparative",
        "{In the ad|In my review|In my essay} I {want to|have to|must} say it's even {more so|more like "
        "this} than {the other one|before}. {Which comparative do I use|What's the comparative}?",
        "I need {this|the adjective} {in the form|the way} {we use it|it is used} before 'than'{, nothing "
        "more|}.",
        "{Homework|Worksheet|Grammar test}: {write the comparative|make the comparative|comparative of "
        "this adjective}, {not the superlative|like cold, colder}.",
        "{My son|My student|My daughter} {isn't sure about|got a red mark for|keeps getting wrong} this "
        "comparative. {Give the correct form of the adjective.|What's the comparative of this word?}",
        "{One is like this, the other even more|The other one has even more of it}. How do {I|you} say "
        "that {in one comparative|with a comparative}?",
        "{With than after it|Before than|When 'than' follows}, {what happens to this adjective|how does "
        "this adjective change|what form does this adjective take}?",
        "{I always mix up|I keep forgetting} comparatives. {What's the one for this adjective|How does "
        "this one go|Which one is it here}?",
    ),
    "contract": (
        "{I'm texting|I'm chatting with|I'm writing to} {a friend|my sister|my brother} and want to {sound "
        "relaxed|sound casual}. {Shorten these two words with an apostrophe.|What's the contraction?}",
        "{is not becomes isn't|I would becomes I'd|you are becomes you're}{; and this|; what about this|, "
        "so this is}?",
        "{How do people|How do you|How do they} {really say|say|write} this in {one short word|a single "
        "word} with an apostrophe?",
        "{contraction|contracted form|short form with apostrophe} {pls|please}",
        "{two words -> one with an apostrophe|long form -> contraction}",
        "{It sounds stiff|It sounds too stiff|It's too formal}. {Squeeze the two words together|Pull the "
        "two words together|Make it one word} with an apostrophe.",
        "{I never know|I'm not sure|I always forget} where the apostrophe goes. {Contract these two words "
        "for me.|What's the contraction here?}",
        "{In a comic|In a song|In a text message} I'd use the contraction. {What would that be?|How is it "
        "written?|Write it with the apostrophe.}",
        "{My teacher|My editor} wants {contractions|the contracted form} in the {dialogue|dialog}. {What "
        "do I write here?|Change this one.|How does this one look?}",
        "{Make it|I need it} {a little|a bit} shorter: {join the words|put the words together} with an "
        "apostrophe.",
        "{I only have room for one word|There's only room for one word} on the {label|card|T-shirt}. "
        "{Contract this|Use the contraction}.",
        "{Say it fast|When you say it fast}, {what do the two words become|what does it turn into}? {Spell "
        "it with the apostrophe|Use an apostrophe}.",
        "{Don't write it in full|Not the full form}, {give me|use} the {contraction|form with the "
        "apostrophe}.",
    ),
    "define_word": (
        "{My kid|My little brother|A child|My daughter} {asked me|wants to know|doesn't know} what this "
        "{word means|is}. {How do I explain it?|Explain it simply.|What do I say?}",
        "{I came across|I stumbled over|I just read} this word in {a book|an article|a story} and {don't "
        "know it|have no idea what it means}. {Can you explain it|What does it mean}?",
        "{I'm learning English|English isn't my first language}. {What does this word mean|Could you "
        "explain this word|What is that exactly}?",
        "{meaning|definition|what does it mean|what's that}? {short one pls|in a few words|one short "
        "explanation}",
        "{word -> meaning|word -> definition|dictionary entry pls|short definition pls}",
        "{I'm writing|We're making} a {small|little|children's} dictionary. {What do I put next to this "
        "word?|Which definition goes here?|Write the entry for this word.}",
        "{I'm making a crossword|For a crossword I'm making}: {give me a clue that explains this "
        "word|explain this word in a few words}.",
        "{Explain|Describe} {it|this} {to|like I'm} {a five-year-old|a child of six}{|, in a few words}.",
        "{What on earth|What exactly|What actually} is {that|this|it}? {A short definition will do|Define "
        "it|Tell me what the word means}.",
        "{If someone asked you|If a visitor asked} what this word means, {what would you say|what would "
        "the answer be}?",
        "{I know how to say it|I can spell it} but not what it {means|is}. {Define it|Explain the "
        "meaning}{, please|}.",
        "{Nobody in class|Nobody here|No one in my family} {knows|could say} what this is. {Give us the "
        "definition|Tell us the meaning|Explain the word}.",
        "{Put|Say|Explain} the meaning of {this|the} word in {plain|easy|simple|everyday} "
        "{words|language|English}.",
    ),
    "expand_contraction": (
        "{I'm writing to a bank|I'm writing a job application|This is for a formal letter}, so {no "
        "contractions|I can't use contractions}. {Write this one in full.|What's the long form?|Split it "
        "into full words.}",
        "{I'm is I am|she'll is she will|you're is you are}{; and this|; what about this one|, so this one "
        "is}?",
        "{without the apostrophe|no apostrophe|long form|full words} {pls|please}",
        "{contraction -> two words|short -> full words, no apostrophe}",
        "Which {two|full} words {hide|are hidden} {in|behind} this {contraction|short form}?",
        "{My student|My son|A learner} {doesn't understand|asked me about} the apostrophe. {Which full "
        "words is it made of?|Which words were pulled together here?|Write both words out.}",
        "{Take|Pull|Break} {this|the} contraction apart {into|and write} {its|the} full words.",
        "{My teacher|My boss|The editor} {hates|crossed out} {contractions|this contraction}. {What do I "
        "write instead|How do I write it in full|What's the full version}?",
        "{What's missing|Which letters are missing} where the apostrophe is? {Write the full words|Write "
        "it out}.",
        "{In an essay|In a report} you {can't|shouldn't} shorten words like this. {Give|Use} the "
        "{uncontracted|full|long} form.",
        "{Nobody shortens it in a speech|The king would never shorten it}. {Say it in full.|How would it "
        "sound in full words?|Write the long version.}",
        "{Spell it out|Write it out}{ for me|}: the words without {the contraction|an apostrophe}.",
        "I {see|know} the short form with the apostrophe{, but|. But} {what is|what's} {the long one|it in "
        "full}?",
    ),
    "female": (
        "{The word|This word} is {for the male|male|for a he|the male one}. {What do you call the "
        "female|What is the word for a she|What's the female word}?",
        "{If king goes with queen|If prince goes with princess}, {this goes with what|which word goes with "
        "this}?",
        "{female version|female form|the word for her|the female one} {pls|please}",
        "{male -> female|he word -> she word}",
        "{What's|What is|What would be} the {female|feminine} {version|word|counterpart|form} of "
        "{this|that}?",
        "{If it's a she|If it's not male but female|If I mean the female}, {which word do I use "
        "instead|what do I say instead|what's the word}?",
        "{In my story|In the play|In my book} {I'm changing|I want to change} {the male part|a male role} "
        "{to|into} a female one. {What does this word become|Which word do I need}?",
        "{My son|My daughter|A pupil} {is learning|must learn} male and female words. {Which female one "
        "goes here|What's the partner of this one}?",
        "{I wrote|The card says|The text has} the male word but {it's about a she|I mean the female}. "
        "{What should it be?|Fix it.|Give me the right word.}",
        "Who or what is the {female|feminine} {counterpart|equivalent}{ here|}?",
        "{Crossword|Quiz}: {female of this word|this word, but female|feminine form of this}. {One "
        "word|Just the word}.",
        "{Not the male but the female|Not a he but a she}: {which word is it then|what is the word then}?",
        "{I know|I've got} the {masculine|male} word{, not|. I can't remember} the {feminine|female} one. "
        "{What is it?|Help me.|Do you know it?}",
    ),
    "french": (
        "{I'm going|We're going|I'm flying} to {Paris|France} {next week|soon|on Friday} and {need|want to "
        "know} {this word in French|the French word for this}.",
        "{in French pls|-> French|French?|to French|EN -> FR}",
        "{How do they say|How do people say|How do you say} {this|that|it} in {France|Paris|French}?",
        "{My French homework|My French test|Our French class} {asks for|needs|wants} this word. {What is "
        "it|What do I write|How does it go} in French?",
        "{I'm labelling|I'm making labels for} {things at home|everything in my house} in French. {What "
        "goes on this label|What do I write here}?",
        "What would a {French person|Frenchman|waiter in Paris} {call this|say for this}?",
        "{A French friend|My French aunt|A guest from France} doesn't {know|speak} English. {What word do "
        "I use for this|How do I tell her this word|How do I say this in French}?",
        "{dog is chien|green is vert|king is roi} in French. {And this|And this one|What about this one}?",
        "{Give|Send|Tell} me {just |only |}the French {word|translation}{|, no article|, nothing else}.",
        "{I forgot|I've forgotten|I can't remember} {the French for this|what this is in French|this one "
        "in French}.",
        "{Crossword|Quiz|Vocabulary card}: this English word, {but in French|in French}{, one word|}.",
        "{The sign|My card|The label} {should|must} {be in French|say this in French}. {What do I "
        "write|Which word do I need}?",
        "{Swap|Replace} the English word {for|by} the French {one|word}.",
    ),
    "german": (
        "{I'm going|We're going|I'm moving} to {Berlin|Germany|Austria} {next week|soon|in May} and "
        "{need|want to know} {this word in German|the German word for this}.",
        "{in German pls|-> German|German?|to German|EN -> DE}",
        "{How do they say|How do people say|How do you say} {this|that|it} in "
        "{Germany|Berlin|Vienna|German}?",
        "{My German homework|My German test|Our German class} {asks for|needs|wants} this word. {What is "
        "it|What do I write|How does it go} in German?",
        "{I'm labelling|I'm making labels for} {things at home|everything in my house} in German. {What "
        "goes on this label|What do I write here}?",
        "What would a {German|German person|waiter in Berlin} {call this|say for this}?",
        "{A German friend|My German aunt|A guest from Germany} doesn't {know|speak} English. {What word do "
        "I use for this|How do I tell her this word|How do I say this in German}?",
        "{dog is Hund|green is grün|king is König} in German. {And this|And this one|What about this one}?",
        "{Give|Send|Tell} me {just |only |}the German {word|translation}{|, no article|, nothing else}.",
        "{I forgot|I've forgotten|I can't remember} {the German for this|what this is in German|this one "
        "in German}.",
        "{Crossword|Quiz|Vocabulary card}: this English word, {but in German|in German}{, one word|}.",
        "{The sign|My card|The label} {should|must} {be in German|say this in German}. {What do I "
        "write|Which word do I need}?",
        "{Swap|Replace} the English word {for|by} the German {one|word}.",
    ),
    "ing_form": (
        "{I'm ...|She is ... right now|They are ... at the moment}: {which form of this verb goes "
        "there|what does this verb become}?",
        "{read becomes reading|play becomes playing|sit becomes sitting}{; and this one|; what about this "
        "verb|, and this}?",
        "{-ing form|ing form|with -ing|the -ing one} {pls|please}",
        "verb -> {-ing form|-ing|verb with -ing}",
        "{I never know|I'm not sure|I always forget} {whether to double the last letter|if the e goes "
        "away} {when I add -ing|before -ing}. {How is it here?|Write this one with -ing.|What about this "
        "verb?}",
        "{I like ... on Sundays|I enjoy ...|I love ... in summer}: {how do I write this verb there, with "
        "-ing|which form of the verb do I need, with -ing}?",
        "{My teacher|My English book|The worksheet} {asks for|wants} the {-ing form|gerund|present "
        "participle}. {What is it here|What do I write}?",
        "{How do you spell|How do I spell|How do I write} this verb with {-ing|ing at the end|-ing on the "
        "end}?",
        "{They're doing it right now|It's happening right now|Someone does it at this moment}. {Give me "
        "the verb with -ing.|Which -ing word is that?}",
        "{Add|Stick|Put} {-ing|ing} {on|onto} {this|the} verb{, and mind the spelling|, spelled right|}.",
        "{For a sign|For a label|For my diary} {I need|I want} {this verb|the verb} ending in -ing{, "
        "nothing else|}.",
        "{Name the activity|What's the activity called}: {make the verb end in -ing|the verb plus -ing}.",
        "{Homework|Grammar test|Worksheet}: {gerund of this verb|turn the verb into its -ing form|write "
        "the present participle}.",
    ),
}
# fmt: on
