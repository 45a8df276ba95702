"""Everyday ways to ask for the kind-A tasks that change a sentence or search a list."""

from __future__ import annotations

EVERYDAY: dict[str, tuple[str, ...]] = {
    "membership": (
        "Think of {a shopping list|a guest list|my packing list}. {Is the word in front on the list that "
        "follows|Is the first word on the list behind it}? {Yes or no?|Answer yes or no.|Say yes or no.}",
        "Did I {forget|leave out} the {first word|word before the line} or is it {in the list|on the list}? "
        "{Write 'yes' if it's in the list, 'no' if not.|Say yes if it's there, no if it's missing.}",
        "{on the list? yes/no|in the list? yes or no|is it in there? yes/no|first word in list?}",
        "'cat | dog, cat, cow' gives yes, 'cat | dog, cow' gives no. {And this|And here|And this one}?",
        "{The doorman|The man at the door} has a list and someone {says|gives} the word in front{| of the "
        "line}. {Is it on his list, yes or no|Does he find it, yes or no}?",
        "My {son|grandson|nephew} must {find|look for} the first word {among the others|in the list}. {Is it "
        "there|Is it one of them}? {Answer yes or no.|Just yes or no.}",
        "{Does the first word|Does the word on the left} {come up|turn up|show up} again {on the right|in "
        "the list after the line}? {Yes or no?|Answer yes or no.|Reply with yes or no.}",
        "{Hide and seek|Let's play a game}: {is the first word hiding in the list|the first word may be "
        "hiding in the list, is it}? {Say yes or no.|Yes or no?}",
        "The {menu|catalog|stock list} is {after the line|behind the line} and I {want|asked for} what "
        "{stands before it|is named first}. {Is it listed|Do they have it}? {Yes or no.|Write yes or no.}",
        "{Check|Look through|Go through} {the words after the line|the list} one by one: {is one of them the "
        "word in front|do you see the first word again}? {Yes or no?|Answer with yes or no.|Reply with yes "
        "or no.}",
        "{One word|A single word}, then a line, then {some words|a list}. {Is the one word among the rest|Is "
        "that one word in the list too}? {Yes or no.|Reply with 'yes' or 'no'.}",
        "{Can you|Could you} {see|spot|find} the first word {again among those after the line|in the list "
        "that follows}? {Yes or no, please.|Say 'yes' or 'no'.}",
        "{Tick it off|I want to tick it off}: is the first word one of the {listed ones|words in the list}? "
        "{Say yes or no.|Answer 'yes' or 'no'.}",
    ),
    "negate": (
        "{That's wrong|That isn't true|That's a mistake}, {it should be the opposite with 'not'|the sentence "
        "needs a 'not'}. {Rewrite it|Correct it|Write it that way}.",
        "My {English teacher|son's teacher} wants this sentence {with 'not'|in the negative} and without "
        "short forms like {don't|doesn't}.",
        "{make it negative pls|add 'not'|negative version, no short forms|+ -> negative sentence}",
        "'He is tired' becomes 'He is not tired'. {Do the same here|Now this one|Do that with my sentence}.",
        "'She sings' becomes 'She does not sing'. {And this one|And this sentence|What does this one "
        "become}?",
        "{Oh no, I wrote|I told everyone|I posted} {the wrong thing|something false}: it's not so. {Put a "
        "'not' into the sentence|Turn the sentence into the negative}.",
        "{How do I say|How would you say} that this is {not so|not the case|not true}? {Keep the sentence, "
        "only add 'not'.|Use the same sentence with 'not'.}",
        "I never know where {to put 'not'|the 'not' goes} {in English|in a sentence}. {Show me with this "
        "one.|Write this one in the negative, please.|How does this one look with 'not'?}",
        "{Grammar|English} homework: {turn the sentence from positive to negative|rewrite the sentence with "
        "'not'}. {Write 'does not', not 'doesn't'.|Long forms only.}",
        "My {friend|boss|brother} says the {exact opposite|contrary}: write {the same sentence with 'not' in "
        "it|his sentence, which is this one with 'not'}.",
        "{Say no to this|Disagree with this}: {write that it isn't so|repeat the sentence with a 'not' in "
        "it}{.|, in one full sentence.}",
        "I want to deny this. {How do I put it|What sentence do I write|What do I say}{, with 'not' and no "
        "other changes|, using 'not'}?",
        "{Change|Switch} the {sentence|line} from 'it is so' to {'it is not so'|'it's not like that'}, "
        "{without short forms|spelling out 'not'}.",
    ),
    "odd_one_out": (
        "{One of these|One word here} {is in the wrong place|got in by mistake|doesn't fit}. {Which "
        "one|Which|Which word is it}?",
        "{Someone mixed up my lists|I mixed up my lists}: one word is from {another list|a different list}. "
        "{Which one must go|Which one do I take out}?",
        "{odd one out pls|which doesn't fit?|the stranger = ?|wrong word in the row?}",
        "In 'dog, cat, car, cow' it's car. {And in this row|And in these words|Which one is it here}?",
        "My {son|grandson|nephew} must {cross out|strike out} the word that {doesn't belong|is of another "
        "kind}. {Which one|Which word does he cross out}?",
        "{Three|Most} of these go together, one doesn't. {Which is the odd one?|Name the odd one.|Write the "
        "one that doesn't, please.}",
        "I'm {tidying up|sorting} and one {thing|word} {here|in this row} {is not like the rest|has no "
        "business with the others}. {Which do I throw out|Which one is it}?",
        "{Which of them|Which of these} would you {kick out|take away|remove} so that {all the others "
        "match|the rest go together}?",
        "{Puzzle|Quiz|Brain game}: {find the one that is a different kind of thing.|one word is the stranger "
        "here, which one?}",
        "All but one {belong together|are the same kind of thing}. {Just write the one that doesn't "
        "belong|Give me the one that is different}.",
        "{Spot|Catch|Find} the {black sheep|intruder|stranger} {among these|in the row}{.|, only the word.}",
        "{Old game|Party game}: I {say|name} some words and you {shout|tell me} the one that {doesn't match "
        "the others|is from another group}.{| Your turn.}",
        "{What|Which word} has {nothing|little} in common with the {rest|others}{| here}? {Only write that "
        "word.|One word only.}",
    ),
    "polite_request": (
        "This sounds {rude|like an order|too bossy}. {Make it polite|Say it nicely}, {starting with 'Could "
        "you please'|with 'Could you please' at the start}.",
        "I {can't|don't want to} talk to my {boss|teacher|grandmother} like that. {How do I ask "
        "politely|What's the polite way}, with 'Could you please ...'?",
        "'Sit down.' becomes 'Could you please sit down?' {And this one?|Do the same here.|Now this one, "
        "please.}",
        "{make it polite pls|more polite (could you please ...)|polite version|nicer, with 'could you "
        "please'}",
        "My {son|nephew|little brother} gives orders{| all day}. {Show him how to ask nicely, beginning with "
        "'Could you please'.|How does one ask for this nicely, using 'Could you please'?}",
        "I'm writing an {email|email to a customer} and this {line|order} is too {hard|direct|harsh}. Turn "
        "it into a {polite|friendly} question with 'Could you please'.",
        "{In a shop|In a hotel|At a restaurant} you {wouldn't|don't} say it like this. {Ask politely with "
        "'Could you please'.|Make a polite question of it.}",
        "{Order in, polite question out.|Order given, polite request wanted.|Rude order here, polite request "
        "wanted.}",
        "{Teach me some manners|Help me with my manners}: {how do I ask this in a polite way|what's the "
        "polite form of this request}?",
        "A {stranger|guest|waiter} should do this for me. {What do I say so that it sounds polite|How do I "
        "put it politely}? {Start with 'Could you please'.|Use 'Could you please'.}",
        "{Rewrite|Rephrase} this {command|order} as a {nice|kind|courteous} {question|request}, {'could' and "
        "'please' included|with both 'could' and 'please' in it}.",
        "{My boss shouts this all day|My brother said this to me}. {How would a polite person ask for it|How "
        "would a polite person say it}{| using 'Could you please'}?",
        "The {magic word|word 'please'} is missing! {Make it|Turn it into} a question {with 'Could you "
        "please'|that starts with 'Could you please'}.",
    ),
    "pronoun": (
        "I {used|wrote} the name {too often|again and again} in my {story|essay|email}. {Use he or she for "
        "the person here|Write this sentence with he or she instead}.",
        "{he or she instead of the name|name -> he/she|swap the name for he/she pls|replace name by pronoun}",
        "'Tom sings.' becomes 'He sings.' {And this one?|Do the same here.|And this sentence?}",
        "We already know {who it is|who we're talking about}, so {don't repeat the name|leave out the name}: "
        "{say it with he or she|rewrite the sentence with 'he' or 'she'}.",
        "My {teacher|son's teacher} says {we should use pronouns|I need a pronoun here}. {Write the sentence "
        "with 'he' or 'she'|Put 'he' or 'she' for the name}{.| and copy the rest.}",
        "I {don't want|would rather not} {anyone to know the name|to give the name}. {Put 'he' or 'she' "
        "there and keep the rest|Write 'he' or 'she' instead}.",
        "Is it {a man or a woman|'he' or 'she'}? {Change the name to he or she and write the whole "
        "sentence|Write the sentence again with the right pronoun}.",
        "How {would|do} you say this {the second time|after you have already named the person}, {with he or "
        "she|using a pronoun for the person}?",
        "{Grammar|English} homework: {exchange the person's name for|swap the person's name for|replace the "
        "person's name with} the {right|correct} pronoun{.| in the whole sentence.}",
        "The {person's name|name} {must go|has to go}. {He or she takes its place: write the sentence|Put he "
        "or she at the start and copy the rest}.",
        "Tell it to {a friend|me} {without the name|without naming anyone}, {just 'he' or 'she'|only with "
        "'he' or 'she'}{| and the rest unchanged}.",
        "{It gets boring|It's boring} to read the same name {all the time|in each line}. {Use a pronoun for "
        "the person here|Make it 'he' or 'she' in this sentence}.",
        "{Keep|Copy} the sentence but {start it with He or She|let it begin with 'He' or 'She'} {instead of "
        "the name|and not with the name}.",
    ),
    "replace_color": (
        "{Oops|Sorry}, {I got the color wrong|the color is wrong}{| in this sentence}. The {right "
        "one|correct one} {stands at the end|comes after it}, {fix the sentence|write the sentence again "
        "with it}.",
        "I {painted|want to paint} it {again|in another color}! {Write the sentence with the new color, "
        "please.|How does the sentence go with the new color?}",
        "{swap the color|new color pls|use the new color|color update: whole sentence}",
        "'I have a red cup. New color: blue' {becomes|gives} 'I have a blue cup.' {And this one|Do the same "
        "here|Now this one}{?|.}",
        "{The shop|The factory|My boss} changed the color of the {thing|product}. {Change my sentence to the "
        "new color|Put the new color into the text}, {nothing else|leave the rest}.",
        "My {son|grandson|nephew} {copies|rewrites} sentences with {another|a different} color{| for "
        "homework}. {What does he write here with the new color|How does this one look with the new color}?",
        "Take out the {old color|color word} and put the {one named after it|new one} {there|in its place}. "
        "{Give me the full sentence.|Write only the sentence.}",
        "I'm {checking|correcting} {ads|texts for a shop|descriptions} and the color {has changed|is old}. "
        "{Write the sentence with the new one|The new one is given, so rewrite the sentence}.",
        "{Same sentence|The same story}, {different color|other color}: {use the new one given|write it with "
        "the new one}{.|, and copy everything else.}",
        "{Imagine|Pretend} the thing {isn't that color but|has} the new {one|color}. {What would the "
        "sentence be|What does the sentence say now}?",
        "I changed my mind about the color. {Update the sentence for me|Please write the sentence with the "
        "new color}.",
        "{Give|Lend} the thing {its|the} new color: {rewrite|write down} the {sentence|line} {and leave out "
        "the 'new color' note|without the note at the end}.",
        "The picture {shows|has} the new color now, {so change the sentence under it|so the sentence under "
        "it needs the new color too}.",
    ),
    "sentence_to_past": (
        "This {happened|was} {last year|yesterday|long ago}. {Rewrite the sentence in the past|Put the whole "
        "sentence in the past tense}{.|, please.}",
        "My {son|grandson|nephew} has homework: {he must|he has to} {put|write} the whole sentence {in|into} "
        "the past. {How does it go|What does he write}?",
        "{whole sentence in past tense pls|sentence -> past|same sentence, past tense|rewrite in past}",
        "'She is tired.' becomes 'She was tired.' {And this sentence|Do the same here|Now this "
        "sentence}{?|.}",
        "'He sings a song.' becomes 'He sang a song.' {And this one|What does this sentence become|What "
        "about this sentence}?",
        "I'm telling a story {about the past|from my childhood}. How {do I say|would I write} this "
        "{sentence|line} then?",
        "It's {over now|no longer so|history now}, {so change the sentence to the past|so the sentence must "
        "be in the past}. {Leave the other words.|Only change the verb.}",
        "I wrote my {diary|report|essay} in the {present|wrong tense}. {Change this sentence to the past "
        "tense|This sentence should be in the past, fix it}.",
        "{English|Grammar} class: present sentence {given|here}, {past sentence wanted|write the past one}.",
        "How would my {grandfather|grandmother} {say this sentence|tell this} about old times? {Write the "
        "sentence in the past.|I need it in the past tense.}",
        "{It's not today any more|It was back then}: {move|bring|take} the sentence from the present "
        "{to|into} the past.",
        "{Which|What} sentence do I {write|get} if I {make everything past|turn the verb of this sentence "
        "into the past}?",
        "The {newspaper|letter} should {say it|tell it} as something that {was|happened in the past}. {Write "
        "the full sentence|Give me the full sentence} {that way|in simple past}.",
    ),
    "statement_to_question": (
        "I'm not sure {about this|if this is true}. {How do I ask about it with yes or no?|Turn it into a "
        "yes or no question.|Make a yes or no question of it.}",
        "My {son|grandson|nephew} must turn {sentences|statements} into questions{| for homework}. {What's "
        "the question here|What does he write for this one|How does this one become a question}?",
        "{make it a question|statement -> question|as a question pls|yes/no question from this}",
        "'He sings.' becomes 'Does he sing?' {And this one?|Do the same here.|And this sentence?}",
        "'She is tired.' becomes 'Is she tired?' {And this one|What does this become|What about this one}?",
        "{Someone told me this|I heard this from a friend} and I want to {check it|ask if it's right}. {What "
        "yes or no question do I ask?|Write it as a question, please.}",
        "{I'm making|I'm writing} a quiz and need this {fact|sentence} as a question {that you can answer "
        "with yes or no|with the answer yes}.",
        "Put a question mark {behind it|at the end} and {change the words|change the order} so that {the "
        "sentence asks|it's a proper question}.",
        "{Don't tell me, ask me|Don't say it, ask it}: {same words, but as a question|turn the statement "
        "into a question}.",
        "How {do I|would I|would you} ask {whether this is so|if this is the case|this}, {as a yes or no "
        "question|with a question mark}?",
        "If someone {says|answers} 'Yes' {and means this|and then this sentence}, what was the question?",
        "{English|Grammar} class: {form|build} the question {from this sentence|out of this statement}, "
        "{starting with do, does, is, can or will|starting with the right helping verb}.",
        "I always forget {the 'do' and 'does'|how to use 'does'} in questions. {How does this sentence look "
        "as a question?|Make this one a question for me.}",
    ),
}
