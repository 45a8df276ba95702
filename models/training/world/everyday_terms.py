"""Everyday ways to ask for the kind-A tasks on a single word."""

from __future__ import annotations

EVERYDAY: dict[str, tuple[str, ...]] = {
    "living": (
        "My {son|daughter|little brother} {is sorting|has to sort} {picture cards|words} for {school|science "
        "class}: {is this living or not living|living or not living}?",
        "{Can it grow, eat and die one day|Does it grow and die one day like plants and animals}? {If so, "
        "say 'living', if not, say 'not living'.|Answer 'living' or 'not living'.}",
        "{Biology|Science} homework, {I'm stuck|please help}: is this {alive|a living thing} or not? "
        "{Write|Just put} {'living' or 'not living'|living or not living}.",
        "{Alive or just a thing|Is it alive or only a thing|Does it live or is it just an object}? "
        "{Reply|Answer} with {'living' or 'not living'|living or not living}.",
        "A {dog|cat|rose} is living, a {chair|stone|car} is not living. {And this one|What about this "
        "one|And what about this}?",
        "I'm making two piles of {cards|pictures}, one called 'living' and one called 'not living'. {Which "
        "pile does this go on|Where does this one go|On which pile do I put this}?",
        "{living / not living?|living or not? say 'living' or 'not living'|living or not living, quick}",
        "{The kids|My pupils|My children} {asked me|want to know} {whether|if} this is {alive|a living "
        "thing}. {Say living or not living.|Only living or not living, please.}",
        "Could {it|this} ever be {born|hungry|thirsty} or die? {Choose|Pick} {'living' or 'not "
        "living'|living or not living}.",
        "We {learned|talked} about living things {today|in class|at school}. {Is this one of them|Does this "
        "count as one}? {Answer|Say} living or not living.",
        "{Plants, animals and people|People, animals and plants} are living, {things like tables and "
        "cups|tables, cars and cups} are not living. {What is this|Which one is this|How do I label this}?",
        "{Quiz time|Quick quiz|Science quiz}: {does this live|is there life in it|is this a living being}? "
        "{Write|Answer} {'living' or 'not living'|living or not living}.",
        "I {never know|can't tell} what {counts as|is} a living thing. {Is this one living or not "
        "living?|Would you call this living or not living?}",
    ),
    "made_of": (
        "{What's|What is} {it|this thing|one of these} {normally|usually|mostly} made {of|from}?",
        "I'm sorting {old things|my things|boxes in the cellar} by material. {What is this usually made "
        "of|Which material is this|Which material do I write on the box for this}?",
        "My {son|daughter|niece} has homework about {wood, glass, metal and so on|materials}. {What's this "
        "thing made of|What is this object usually made of}?",
        "A window is made of glass{| and a key of metal}. {And this|And this thing|What about this "
        "thing|What is this one made of}?",
        "{What stuff|Which stuff|What kind of stuff} do they {make this from|usually make this out of}?",
        "I'd like to make one {of these|myself|at home}. {What material do I need|Which material would "
        "people normally use}?",
        "{Crossword|Quiz|Puzzle}: {the material this is usually made of|what is this made of|name the "
        "material of this thing}{.| in one word.}",
        "{material? one word pls|made of what? one word|material of this, one word only|made of?}",
        "Is {it|this} {normally|usually} wood, {metal|glass}, {paper|cotton}{| plastic} or {something "
        "else|what}? {Just name the material.|Only the material, please.|One word is enough.}",
        "I'm writing a {label|description} for {the shop|my online shop|the museum}. {What should I put "
        "after 'made of'|Which material goes after 'made of'|What do I put under 'material'}?",
        "It's made of ___. {What's missing|Which word is missing|Which material goes in the gap}?",
        "I {touched|picked up|found} one of these {yesterday|today|in the house}. {What material was it, "
        "most likely|What was it most likely made of}?",
        "If you {made|built} one of these, {what material would you take|which material would you need|would "
        "you need wood, metal or what}?",
        "{Tell the kids|Explain to my kids|Tell my class} {what this is made of|which material this is made "
        "of}{.|, in one word.}",
    ),
    "nationality": (
        "I'm filling in a {form|job form|hotel form} {and was born|and come from} in this country. What "
        "{goes|do I write} under 'nationality'?",
        "{What nationality|Which nationality} are you if {this is your country|you're from there|you have a "
        "passport from there}?",
        "My {friend|neighbor|boss|teacher} {comes|is} from {there|this country}. {So he is what|So what is "
        "his nationality|What's his nationality}?",
        "Italy gives Italian, {Spain gives Spanish|China gives Chinese}. {And this country|What does this "
        "one give|What about this country}?",
        "{country -> nationality|country to nationality pls|nationality? one word|adjective for this "
        "country?}",
        "I want to {say|write} that a {cake|song|film|football team} is from this country. {Which adjective "
        "do I use|What adjective do I need|Which adjective goes before the noun}?",
        "For {an essay|a report|my homework} I need the adjective {for|that goes with|of} this country{.|, "
        "like French for France.}",
        "{Someone|A man|A woman} {with a passport from|born in} this country {has what nationality|has which "
        "nationality}?",
        "{What's the adjective for|How do I describe} {food|music|art} from this country, {like 'Italian' "
        "for Italy|like 'French' for France}? {Only the adjective.|Just the one word.}",
        "The passport says 'nationality' {and the country is this|and this is the country}. {What stands "
        "there|What does it say|Which word stands there}?",
        "I {always mix up|can't remember} {words like Danish and Dutch|nationalities}. {What's the right one "
        "for this country|Which one belongs to this country}?",
        "{Quiz question|Geography quiz|Quick question}: people from {there|this country} have {which|what} "
        "nationality?",
        "From France, so French. {From this country, so what|And from this country}?",
        "Turn the {country|name of the country} into {its nationality|the matching nationality|the "
        "nationality word}, {as in France, French|like France to French|one word only}.",
    ),
    "part_of_speech": (
        "My {English teacher|teacher} wants us to {say|write} what kind of word this is: noun, verb, "
        "adjective, adverb, pronoun or preposition.",
        "{Grammar|English} homework: is this a noun, a verb, an adjective{| or something else|, an adverb, a "
        "pronoun or a preposition}?",
        "'House' is a noun and 'sing' is a verb. {And this word|What is this one|And what is this word}?",
        "{part of speech?|word type? (noun, verb, adjective "
        "...)|noun/verb/adjective/adverb/pronoun/preposition?|word class pls}",
        "I'm {coloring|underlining} nouns in blue, verbs in red and adjectives in green{| and so on}. {What "
        "is this word|What kind of word is this}?",
        "I {never know|can't tell} {whether|if} a word is a noun, a verb or an adjective. {What is this "
        "one|Which is this one}?",
        "In the dictionary {it says 'noun' or 'verb' or so behind a word|there's a word type behind each "
        "word}. {What does it say here|What would it say behind this one}?",
        "I'm {writing|making} a {vocabulary card|word list} with the {part of speech|word class} "
        "{behind|next to} each word. {What goes here|What do I write for this one}?",
        "Does this word {name something|stand for a thing}, {say what someone does|show an action} or "
        "describe{| something}? Give {its part of speech|the part of speech|its word class}.",
        "{One word answer|In one word}: what {part of speech|kind of word in grammar|word class} is this?",
        "My {son|daughter} must sort words into {nouns, verbs, adjectives, adverbs, pronouns and "
        "prepositions|noun, verb, adjective, adverb, pronoun and preposition}. Where does this go? {Use the "
        "singular label, like 'noun'.|Answer with one label such as 'noun'.}",
        "{Grammar quiz|Language quiz|Word quiz}: {name the part of speech of the word.|which part of speech "
        "is this?|is this a noun, a verb, an adjective or what?}",
        "Which {label|name} would a {grammar book|dictionary} give this word, {noun, verb, adjective, "
        "adverb, pronoun or preposition|for example 'noun' or 'verb'}?",
    ),
    "past_tense": (
        "{Today I do this|Now they do this}, {and yesterday|and last week}? {Put|Give me} the verb {in the "
        "past|in the past tense}.",
        "My {son|grandson|nephew} has homework: {he must|he has to} put this verb {in|into} the past{| "
        "tense}. {What's the answer|What's the right form}?",
        "I'm writing in my diary about {yesterday|last week}. {What form of this verb do I need|How do I "
        "write this verb in the past}?",
        "{past tense pls|simple past?|verb -> past|past form, one word}",
        "'Go' becomes 'went'. {And this verb|What does this verb become|And this one}?",
        "Today I walk, yesterday I walked. {Do the same with this verb.|Now this verb: what's its form for "
        "yesterday?|And with this verb?}",
        "I {never know|always forget} the past of {irregular|English|some} verbs. {What is it here|What's "
        "the past of this one}?",
        "{In my story|In my essay} everything {happened|took place} {long ago|last year}, so I need this "
        "verb in the past. {Which form?|Only the form, please.}",
        "{Is it with -ed or irregular|Regular or irregular}? {Just give me|Tell me} the simple past of {this "
        "verb|the verb}.",
        "I'm learning {English verbs|verbs by heart}: {here's the base form|first form given}, {what's the "
        "second form|what's the simple past}?",
        "What form of this verb do I need when it {happened yesterday|is already over|was last week}? {One "
        "word.|Only one word.}",
        "How {would|do} I {use|say} this verb {when I talk|if I talk} about yesterday? {Give just the past "
        "form.|Only the past form.}",
        "{Vocabulary test|Verb test|English test} tomorrow! {What's the past tense of this one|Past tense of "
        "this one}?",
    ),
    "plural": (
        "I {have|see|bought} one of these, {my friend has|but my neighbor has} {two|three|five}. {What do I "
        "call them|What's the word for several of them|What is the plural}?",
        "One cat, two cats. {And with this word|And with this one|What about this word}? {Just the "
        "plural.|Only the plural, no number.}",
        "My shopping list says one, {but I need two|but we need three}. {How do I write the word now|What's "
        "the plural of the word}?",
        "{plural pls|more than one = ?|word -> plural|plural, one word}",
        "I {never know|can't remember} {whether to add -s or -es|if I just add an s}. {What's the plural of "
        "this one|What's the plural here}?",
        "My {son|grandson|nephew} must {put|write} {this word|this noun} {in the plural|in its plural form} "
        "for {school|homework}. {What's right|What does he write}?",
        "Tooth becomes teeth. {And this|And this word|What does this one become}?",
        "{How do you say it|What's the word} when there {are two or more|is more than one}?",
        "The {label|sign} on the shelf should {name many of them|be in the plural}, not just one. {Which "
        "word do I write|What do I write}?",
        "A child asked me {what many of these are called|how to say this for many}. {Give the plural "
        "form.|Which word do I say?}",
        "I wrote 'two' {in front of|before} this {noun|word}. {So what's the plural|How must the noun look "
        "now}?",
        "{Quiz|Word quiz|English quiz}: {the word for several of these|make many out of one|one becomes "
        "many}{.|, only the plural.}",
        "{Give me|I'd like} the form {for 'a lot of'|after 'many'|that follows 'many'}, {so the plural|which "
        "means the plural} of this {noun|word}.",
    ),
    "singular": (
        "There were many, {now there's only one left|but I took just one}. {What do I call it|What's the "
        "word now|What is the singular}?",
        "Two cats, one cat. {And with this word|And this word|What about this one}? {Just the singular.|Only "
        "the word for one.}",
        "I only want one of {these|them}, not {several|two}. {Which word do I write on the shopping list|How "
        "do I write the word then|What's the word for one}?",
        "{singular pls|just one = ?|plural -> singular|singular, one word}",
        "Teeth becomes tooth. {And this|And this word|What does this one become}?",
        "My {son|daughter} must {put|write} this {plural|word} {in|into} the singular for {school|homework}. "
        "{What's right|What's the answer}?",
        "The dictionary has only the {singular|form for one}. {Under which word do I look|What do I look up "
        "for this word}?",
        "{How do you say it|What's it called|What's the word} when there is {only|just} one{| of them}?",
        "I wrote 'one' {in front of|before} this {noun|word}, so {what's the singular|how must the noun "
        "look|which form do I need}?",
        "{Take away|Drop} the plural{| ending}: {what's left for a single one|which word is left|how do you "
        "call just one}?",
        "A child asked what a single one of {these|them} is called. {Which word do I say|What do I say}?",
        "I can {only afford|only carry|only keep} one of these! {Write|Change} the word {so that it means "
        "just one|for just one}.",
        "{Quiz|Word quiz|English quiz}: {the word for only one of these|make one out of many|many become "
        "one}{.|, only the singular.}",
    ),
    "spanish": (
        "I'm {flying to|going to|on holiday in} {Spain|Mexico|Madrid} and need this word. {How do they say "
        "it there|What is it in Spanish|What do I say}?",
        "{-> Spanish|in Spanish pls|english to spanish|spanish?}",
        "My {Spanish teacher|teacher} {asked|wants to know} how to say this in Spanish. {What's the "
        "word|Help me, what is it}?",
        "'Cat' is 'gato'{| and 'house' is 'casa'}. {And this word|What about this one|And this}?",
        "I'm {writing|sending} a {card|text|letter} to my friend in {Spain|Madrid|Mexico} and {miss one "
        "word|don't know this word}. {What's the Spanish for it|What is it in Spanish}?",
        "How {would|do} {people in Spain|Spaniards|the Spanish|they in Madrid} {say|call} this?",
        "{Translation class|Spanish class|Vocabulary test}: English word given, {Spanish word wanted.|write "
        "the Spanish one.|what's the Spanish one?}",
        "My {wife|husband|girlfriend|boyfriend} {comes|is} from Spain and {we are learning each other's "
        "words}. How {do I say this in Spanish|is this said in Spanish}?",
        "I {forgot|can't remember} the Spanish {word|name} for this. {Can you help|What was it}?",
        "Don Quixote would {say this how|use which Spanish word for this}? {Just the word.|Only one word.}",
        "I speak {only English|no Spanish}. {What's this in Spanish|How do I say this in Spanish|How does "
        "this sound in Spanish}?",
        "{Label|Name} this {for my Spanish course|for a Spanish lesson}, {one Spanish word only|just the "
        "Spanish word}.",
        "In {the Spanish shop|a Spanish restaurant|Spain} nobody {understands|understood} my English word. "
        "{What should I say|What is it in Spanish}?",
    ),
    "superlative": (
        "{Nobody is more so than him: he is the what|No one can beat him: he is the what}? {Put|Write} the "
        "adjective in the {superlative|highest form}, without 'the'.",
        "Big, bigger, biggest. {Now this word: what's the last of the three?|What's the third form of this "
        "word?|Do the third step for this word, please.}",
        "{superlative pls|-est or most?|adjective -> superlative|highest form of the adjective}",
        "'Tall' becomes 'tallest'{| and 'boring' becomes 'most boring'}. {And this word|What does this one "
        "become|And this one}?",
        "I never know {whether|if} it's -est or most. {What's the superlative here|Which is right for this "
        "word}?",
        "My {son|daughter} needs the superlative of this {word|adjective} for {school|homework}. {What is "
        "it|What's right}?",
        "{We're writing|I'm writing} {an ad|a birthday card|a prize card}: 'You are the ___ of all!' {How "
        "does this adjective look in there?|Put this adjective in the gap, just the form.}",
        "In the record book {one thing|one person} beats all the others. {What's the superlative of the "
        "adjective?|Give me the superlative of the adjective.}",
        "{No one|Nothing} is above it, so I need the top form, the superlative, of this {word|adjective}. "
        "{Leave out 'the'.|Only the form, no 'the'.}",
        "I want to say that {one person|one thing} of {all|many} has this {quality|property} the most. {What "
        "form of the adjective do I use|Which form do I need}?",
        "Not 'bigger' but 'biggest': {give me that form of|I need that kind of form for} this "
        "{adjective|word}.",
        "How do I compare {one with all others|one person with the whole class}, {using this adjective|with "
        "this adjective}? {Just the superlative.|Only the superlative form.}",
        "{Grammar quiz|English quiz|Quiz}: base form, comparative, superlative. {I need the last one.|Give "
        "the superlative of this word.}",
    ),
    "synonym": (
        "I {used|wrote} this word {three times|too often} in my {essay|email|letter}. {What can I write "
        "instead?|Give me another word for it.|Which word means the same?}",
        "{another word for this|same meaning, other word|synonym pls|other word = ?}",
        "'Large' means the same as 'big'. {And this word|What means the same as this one|And what goes with "
        "this one}?",
        "My {son|daughter} {has to find|must find} a word {with the same meaning|that means the same}. {What "
        "fits|Which one fits here}?",
        "In the crossword {the clue is this word|this is the clue} and I need a {synonym|word that means the "
        "same}. {Which one|What is it}?",
        "{How else could I|In what other way can I} say this{| word}? {Give one synonym.|One synonym is "
        "enough.|It must mean the same.}",
        "I don't like {this word|the sound of this word}. {Do you have another one with the same "
        "meaning|What's another word for the same thing}?",
        "The {thesaurus|synonym dictionary} gives {which|what} word for this{| one}?",
        "{Swap|Replace|Exchange} this word for {one that means the same|a word with the same meaning|its "
        "synonym}.",
        "My {teacher|boss} says I {repeat myself|always use the same word}. {What's a synonym for "
        "this|What's another word that means this}?",
        "A friend doesn't {understand|know} this word. {Which other word means the same?|Give him another "
        "word with the same meaning, only one.}",
        "{Not the opposite|No opposite}, {but the same meaning|the same thing} in {another|a different} "
        "word: {what is it|which word}?",
        "{Quiz|Word quiz|Puzzle}: two words, one meaning. {Here's the first, what's the second|You see the "
        "first, which is the other}?",
    ),
    "workplace": (
        "My {uncle|grandpa|brother} {does|has} this job. {Where does he work|At what kind of place does he "
        "work|Where do I find him during the day}?",
        "{Where do they|Where do people like that|Where do people with this job} {work|go to work|spend "
        "their working day}{| all day}?",
        "A teacher works {in|at} a school. {And this person|And somebody with this job|What about this job}? "
        "Just {the place|name the place}.",
        "{workplace?|works where?|job -> place|place of work pls}",
        "My {son|grandson|nephew} wants to {become this|have this job} {one day|later|when he grows up}. {In "
        "what kind of place would he work|Where do such people work}?",
        "I'm drawing a picture of {this person|someone with this job} at work. {What place should I "
        "draw|Which building or place do I draw around them}?",
        "For {a kids' book|a puzzle|a school game} I have to match jobs with {places|places of work}. {Where "
        "does this one go|Which place goes with this one}?",
        "{If I want|When I want} to {meet|visit|talk to} {one of these|somebody with this job} at work, "
        "{where do I go|which place do I go to}?",
        "{Take your kid to work day|It's bring your child to work day}! {My mom has this job, so where are "
        "we going|Dad has this job, so what place will we see}?",
        "I'm filling in a form{: this is the job|. This is my job}, {what goes under 'place of work'|what do "
        "I put as place of work}? {Only the kind of place.|No 'in' or 'the'.}",
        "It's {Monday morning|nine o'clock on a workday|early in the morning} and this person starts work. "
        "{In what place|At which place|Where}?",
        "{Quiz|Job quiz|Quick question}: {what's the usual place of work for this job|where would you find "
        "this person working|in what place does this person work}?",
        "Which {place|kind of place} {couldn't do without|needs|employs} {this person|someone with this "
        "job}? {One place only.|Name the workplace.}",
    ),
}
