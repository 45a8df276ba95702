"""Everyday ways to ask for the kind-A tasks that read or judge a text."""

from __future__ import annotations

EVERYDAY: dict[str, tuple[str, ...]] = {
    "question_or_statement": (
        "The mark at the end {may be|is sometimes} missing. {Is it a question or a statement|Question or "
        "statement}?",
        "{Is this person asking me something or telling me something|Is this person telling or asking}? "
        "{Answer 'question' or 'statement'.|Say question or statement.}",
        "My {son|daughter} has to {put|set} a question mark or a {period|dot|full stop}. {Is it a question "
        "or a statement?|Say question or statement, please.}",
        "{question/statement?|question or statement, one word|q or s? write the full word 'question' or "
        "'statement'}",
        "'Where are you' is a question, 'I am here' is a statement. {And this|And this one|What is this "
        "one}?",
        "I'm {cleaning up|sorting} {chat messages|emails from customers|notes}: those {that ask "
        "something|with a question} go under 'question', {the rest|all others} under 'statement'. {Where "
        "does this go|What's this one}?",
        "{Do I have to|Should I|Must I} answer {this|this person} {or just listen|or is it only "
        "information}? {Write 'question' or 'statement'.|Reply with question or statement.}",
        "When I read this {out loud|aloud}, does my voice go up {like in|as in} a question? {Say 'question' "
        "or 'statement'.|Answer question or statement.}",
        "{English|Grammar} homework: {question or statement?|mark it as question or statement.}",
        "Someone sent me this {in a chat|in a hurry}. {Did they ask something or state something|Is it meant "
        "as a question or a statement}? {One word: question or statement.|Answer with 'question' or "
        "'statement'.}",
        "{I never know|I'm not sure} {whether|if} {such a line|this} is {really a question|a real question} "
        "or {just|only} a statement. {Which one is it|What do you say}?",
        "{Does it need|Would you put} a question mark {there|at the end}? {If so, write 'question', if not, "
        "'statement'.|Yes means 'question', no means 'statement'.}",
        "{Here's|This is} a line from {a play|a story|a letter}. {Asking or telling|Someone asks or someone "
        "tells}? {Use the words question and statement.|Label it 'question' or 'statement'.}",
    ),
    "reply": (
        "{A friend|My neighbor|A colleague} {just sent|texted|wrote} me this. What {do I|should I} "
        "{write|text|say} back? {A few words are enough.|Something short and kind.|Short, please.}",
        "{what do I reply?|answer this text pls|short reply pls|text back something nice}",
        "Someone says this to me {in the street|at work|on the phone}. {What's the polite thing to say|What "
        "do polite people answer}?",
        "I'm {driving|cooking} and can't {write|type}. {Please answer this message for me|Send a short nice "
        "answer to this message}.",
        "If they say 'Happy New Year!', I say 'Happy New Year to you too!' {And if they say this|What do I "
        "say to this one|And what do I say to this}?",
        "I'm {shy|bad with people} and {never know|don't know} {what to say back|how to answer}. {What fits "
        "here|What would you answer to this|What's a good reply here}?",
        "In {class|my English course} we practice small talk. {My partner|Someone} says this{, what do I "
        "say|, how do I react to it}?",
        "{A card|An email|A short message} came {today|this morning} {and I want to answer|and it needs an "
        "answer}. {What do I write back|What do I put in my answer}?",
        "{Be nice|Be kind|Be friendly} and {write back|answer|say something back} {to this message|to the "
        "person who wrote this}.",
        "{React|Respond} {like a good friend|in a friendly way} {to this|to what was said}: {one short "
        "phrase|just a few kind words}{.|, please.}",
        "{My phone|The chat app} {offers|suggests} a {quick|short} reply to each message. {What should it "
        "offer for this one|What would fit this one}?",
        "{How do you|How does one} {normally|usually|politely} {answer|reply} when {somebody|someone} "
        "{says|writes} this{| to you}?",
        "{I got this from|This is from} {my boss|my aunt|a friend}. {Give me a short, friendly answer to "
        "send.|What's a nice short answer?}",
    ),
    "sentiment": (
        "Did {the customer|this guest|this person} {like it|have a good time} or not? {Write 'positive' or "
        "'negative'.|Answer positive or negative.}",
        "I {run|own} a {small hotel|shop|restaurant} and {read|get} comments like this. {Is this one "
        "positive or negative|Positive or negative}?",
        "{positive/negative?|sentiment? positive or negative|good or bad review? say positive or "
        "negative|pos or neg? full word: positive or negative}",
        "'I love it' is positive, 'I hate it' is negative. {And this|And this one|What about this one}?",
        "{Thumbs up or thumbs down|Happy face or sad face|Smile or frown}? {Use the words positive and "
        "negative|Say it with 'positive' or 'negative'}.",
        "My boss wants {all comments|all reviews|the feedback} {sorted|in two piles}: 'positive' and "
        "'negative'. {Where does this one go|Which pile is this|What's this one}?",
        "{Does the writer|Does this person} {sound|seem} {happy|pleased} or {angry|unhappy|disappointed}? "
        "{One word: positive or negative.|Reply with 'positive' or 'negative'.}",
        "I'm {thinking about going there|looking at reviews before I book|reading reviews before I buy}. {Is "
        "this a positive or a negative one|Is this one positive or negative}?",
        "{Would this person|Do you think this person would} {come back|recommend it|give five stars}? {Yes "
        "is 'positive', no is 'negative'.|Answer 'positive' if yes and 'negative' if no.}",
        "{Praise or complaint|Is it praise or a complaint|Compliment or complaint}? {Put 'positive' for "
        "praise and 'negative' for a complaint.|Label it positive or negative.}",
        "{How does|How did} the writer feel about it: {positive or negative|good, so 'positive', or bad, so "
        "'negative'}?",
        "{The feedback form says this|Somebody left this comment|A visitor wrote this}. {Should I be glad or "
        "worried|Is it good news or bad news for me}? {Say positive or negative.|Answer with 'positive' or "
        "'negative'.}",
        "{Is the mood|Is the feeling} in {this|the text} {good or bad|nice or nasty}? {Write positive or "
        "negative|Reply positive or negative}{.|, nothing else.}",
    ),
    "spam": (
        "{This came|I got this} {by email|on my phone|this morning}. {Is it junk or a real message|Should I "
        "delete it as junk}? {Answer with 'spam' or 'not spam'.|Say spam or not spam.}",
        "My {grandmother|grandfather|mom} {got|received} this and {wants to answer|isn't sure about it}. {Is "
        "it spam or not spam|Spam or not spam}?",
        "{spam?|spam or not? answer 'spam' or 'not spam'|spam / not spam|junk mail? say spam or not spam}",
        "'You won a million' is spam, 'See you at lunch' is not spam. {And this one|And this message|What "
        "about this message}?",
        "Is {somebody|someone} {trying to cheat me|after my money} or is it {a normal message|harmless}? "
        "{Write 'spam' or 'not spam'.|Answer spam or not spam.}",
        "{I'm cleaning|I'm tidying up} my inbox: {junk goes under 'spam', the rest under 'not spam'|mark the "
        "junk 'spam', the others 'not spam'}. {What about this one|Where does this one go}?",
        "{Would you|Can I} {trust|click on|answer} {a mail like this|this message}? {If it's junk, write "
        "'spam', otherwise 'not spam'.|Label it spam or not spam.}",
        "{Trash or inbox|Junk folder or inbox|Keep it or throw it out}? {Reply 'spam' for trash and 'not "
        "spam' for the rest.|Use the labels spam and not spam.}",
        "I'm {testing|training} {a mail filter|a junk filter}. {Which label does this get|How should it mark "
        "this}, {'spam' or 'not spam'|spam or not spam}?",
        "{Is it a trick|Is it advertising or fraud|Is it a scam} or {a mail from a real person|a genuine "
        "message}? {'spam' or 'not spam', please.|Only say spam or not spam.}",
        "My boss says {be careful with strange emails|don't open junk mail}. {Is this one spam or not "
        "spam|Would you mark this one as spam or not spam}?",
        "{Do I know this kind of mail|Did a friend write this} or {is it one of those junk mails|did a cheat "
        "send it to thousands of people}? {Answer 'spam' or 'not spam'.|Write spam or not spam.}",
        "{Is this|Is it} the kind of {message|email} {nobody wants|one should not open}? {Then say 'spam', "
        "otherwise 'not spam'.|Choose between 'spam' and 'not spam'.}",
    ),
    "tense": (
        "{Has it happened already, does it happen now or will it happen later|Is it over, is it now or is it "
        "still to come}? {Answer past, present or future.|Write 'past', 'present' or 'future'.}",
        "My {son|daughter} must {say|write} {which tense this sentence is in|what tense this is}: past, "
        "present or future.",
        "{past/present/future?|tense? past, present or future|which tense, one word (past, present, future)}",
        "'I ate' is past, 'I eat' is present and 'I will eat' is future. {And this sentence|What is this "
        "one|And this one}?",
        "{I always mix up|I keep mixing up} the tenses{| in English}. {Is this one past, present or "
        "future|Which one is this, past, present or future}?",
        "I'm {drawing a time line|putting sentences on a time line} with {past, present and future|'past', "
        "'present' and 'future'}. {Where does this sentence go|Where do I put this one}?",
        "{Yesterday, now or tomorrow|Then, now or later}: {when does this take place|what time is this "
        "about}? {Reply with past, present or future.|Say 'past' for yesterday, 'present' for now, 'future' "
        "for tomorrow.}",
        "{English|Grammar} homework: look at the {verb|verb form} and {write|say} 'past', 'present' or "
        "'future'.",
        "{Is the sentence|Is the writer} talking about something {finished|gone|done}, {something "
        "usual|something normal} or something {planned|yet to come}? {Past, present or future?|Use the words "
        "past, present and future.}",
        "{Before I translate|To translate} {this|the sentence} I need to know its tense. {Past, present or "
        "future|Is it past, present or future}?",
        "{Quick check|Quick question}: {is the verb in the past, present or future tense|past tense, present "
        "tense or future tense}? {One word.|Just the one word, like 'past'.}",
        "{Color|Mark} past sentences {red|gray}, present ones {green|yellow} and future ones blue. {Which "
        "kind is this one, past, present or future|So is this past, present or future}?",
        "{Did they|Did the person} {do it already|finish it}, {or is it something for later|or do they still "
        "have to do it}, or is it {every day|just now}? {Name the tense: past, present or future.|Label it "
        "past, present or future.}",
    ),
    "topic": (
        "In {which|what} part of the newspaper {does this belong|would I find this}: food, health, music, "
        "sports, travel or weather?",
        "I'm sorting {news|short articles|posts} into {food, health, music, sports, travel and "
        "weather|boxes: food, health, music, sports, travel, weather}. {Where does this one go|Which box is "
        "this}?",
        "{topic? (food/health/music/sports/travel/weather)|topic pls, one word|what's it about? food, "
        "health, music, sports, travel or weather}",
        "'It will rain' is weather, 'The team won' is sports. {And what topic is this|What topic has this "
        "one|And the topic of this one is}?",
        "My {radio|news app|newspaper} has {six topics|these topics}: {sports, weather, food, music, travel "
        "and health|food, health, music, sports, travel and weather}. {Which one fits|Which one is this}?",
        "A {friend|colleague} only reads about {sports|food|travel}. {Is this sports, food, weather, music, "
        "health or travel|What's this text about, one word: sports, food, weather, music, health or travel}?",
        "{Give|Choose|Pick} a {hashtag|tag|heading} for this {post|text|sentence}: {food, health, music, "
        "sports, travel or weather|sports, food, weather, travel, music or health}.",
        "{Somebody is talking|People are talking} {on TV|on the radio|at the next table}. {What's the "
        "subject|What are they talking about}, {food, health, music, sports, travel or weather|weather, "
        "sports, music, travel, food or health}?",
        "Would a {cook|chef}, a doctor, a musician, {an athlete|a football fan}, a tourist or {a "
        "weatherman|someone with an umbrella} {care|read this}? {Answer food, health, music, sports, travel "
        "or weather.|Name the topic: food, health, music, sports, travel or weather.}",
        "{Before I read it|I have no time to read it}: what's the {topic|general subject}? {One word, like "
        "sports or health.|One word, such as 'food' or 'travel'.}",
        "{On which shelf|Under which sign} {would this stand in a library|do I put this}: {food, health, "
        "music, sports, travel or weather|travel, sports, food, music, weather or health}?",
        "{Is it about eating, being ill or fit, songs, games, trips or rain and sun|Eating, staying well, "
        "songs, games, trips or rain and sun}? {Reply with food, health, music, sports, travel or "
        "weather.|Say food, health, music, sports, travel or weather.}",
        "My {teacher|boss} wants {one keyword|a one-word topic} for each {text|note|sentence}: food, health, "
        "music, sports, travel or weather. {What's the one here|Which one here}?",
    ),
    "urgency": (
        "{Do I have to|Must I|Should I} {drop everything|react right away|answer at once}, or can it wait? "
        "{Answer 'urgent' or 'not urgent'.|Say urgent or not urgent.}",
        "I'm {at lunch|on holiday|in a meeting} and this message {came in|arrived}. {Is it urgent or not "
        "urgent|Urgent or not urgent}?",
        "{urgent?|urgent / not urgent|can it wait? say urgent or not urgent|hurry or not? 'urgent' or 'not "
        "urgent'}",
        "'Call the police!' is urgent, 'Have a nice day' is not urgent. {And this one|And this message|What "
        "about this message}?",
        "My boss {gets|reads} {a hundred|too many} emails a day and only wants to see the urgent ones{| "
        "first}. {Is this one urgent or not urgent?|Label this one urgent or not urgent, please.}",
        "{Now or later|Right now or some other day|Today or any time}: {when must I deal with this|how fast "
        "must this be done}? {Say 'urgent' if it can't wait, else 'not urgent'.|Write 'urgent' for now and "
        "'not urgent' for later.}",
        "I'm sorting {messages|notes|phone calls} {for the office|for the doctor}: 'urgent' {on the left|on "
        "top}, 'not urgent' {on the right|below}. {Where does this go|What's this one}?",
        "{A red flag means urgent, no flag means not urgent|Red light means urgent, green light means not "
        "urgent}. {What does this get?|Which one is this?} {Write urgent or not urgent.|Answer 'urgent' or "
        "'not urgent'.}",
        "Is {someone in trouble|it an emergency} or {waiting for help right now|in a great hurry}? {Then "
        "write 'urgent', otherwise 'not urgent'.|If so, say 'urgent', if not, 'not urgent'.}",
        "{Can I|May I} {sleep first|finish my coffee} and {read|answer} this {tomorrow|later}? {Reply with "
        "urgent or not urgent.|Yes means 'not urgent', no means 'urgent'.}",
        "{How quickly|How soon} {do they need me|do they want an answer}? {Only say 'urgent' or 'not "
        "urgent'.|Choose: urgent or not urgent.}",
        "{Should my phone ring|Should I wake the boss} for a message like this? {Use the labels urgent and "
        "not urgent.|Say 'urgent' or 'not urgent'.}",
        "{Is there a rush|Is there any rush|Is time short} here? {Write 'urgent' or 'not urgent'|Answer "
        "urgent or not urgent}{.|, nothing more.}",
    ),
    "when": (
        "I'm {putting|writing} this {into|in} my {calendar|diary}. {When was it or when is it|What's the "
        "time given}? {Copy the words from the sentence.|Use the words of the sentence, like 'on Monday'.}",
        "{when?|when? copy the words|time part only pls|just the time words}",
        "'We ate at home in May.' gives 'in May'. {And this sentence|And from this one|What about this one}?",
        "My {boss|mom|wife} only asks {'when'|when}. {What do I answer|What's the answer from the text}? "
        "{Copy it with its little word, like 'in' or 'at'.|Just the time phrase.}",
        "I {missed|didn't hear} the {time|part that says when}. {Which words say when|What time is named}{| "
        "in the sentence}?",
        "{Who and where don't matter|I don't care who or where}: {I just need to know when|just tell me "
        "when}{.|, in the words of the sentence.}",
        "{Underline|Circle|Mark} the part that {answers 'when'|says when}{| and write it down| and give it "
        "to me}.",
        "My {son|grandson|nephew} {must find|has to find} the time in each sentence. {Which words are it "
        "here|What does he copy from this one}?",
        "{The police want to know|A reporter asks} when {this was|it happened}. {What does the sentence "
        "say|What's in the sentence}? {Only the time words.|Give the words as they are.}",
        "{Reading|Text} exercise: when? {Answer with the exact words|Take the exact words from the "
        "sentence}.",
        "{Pull out|Pick out|Fish out} the {time|time words|bit about time} from the sentence, {with 'at', "
        "'on', 'in' or what stands before it|word for word}.",
        "{At what hour, on what day or in what month|Was it a day, a month or an hour}? {Copy what the "
        "sentence says.|Give the time words from the sentence.}",
        "{For my timetable|For the plan|For the family calendar}: {which time words are in this "
        "sentence|what does the sentence say about when}?",
    ),
    "where": (
        "I'm {marking|looking for} {it|this} on a map. Where {was it|is it}? {Copy the words from the "
        "sentence.|Use the words of the sentence, like 'in the park'.}",
        "{where?|where? copy the words|place part only pls|just the place words}",
        "'We ate at home in May.' gives 'at home'. {And this sentence|And from this one|What about this "
        "one}?",
        "My {boss|mom|wife} only asks {'where'|where}. {What do I answer|What's the answer from the text}? "
        "{Copy it with its little word, like 'in' or 'at'.|Just the place phrase.}",
        "I {missed|didn't hear} the {place|part that says where}. {Which words say where|What place is "
        "named}{| in the sentence}?",
        "{Who and when don't matter|I don't care who or when}: {I just need to know where|just tell me "
        "where}{.|, in the words of the sentence.}",
        "{Underline|Circle|Mark} the part that {answers 'where'|says where}{| and write it down| and give it "
        "to me}.",
        "My {son|grandson|nephew} {must find|has to find} the place in each sentence. {Which words are it "
        "here|What does he copy from this one}?",
        "{The police want to know|A reporter asks} where {this was|it happened}. {What does the sentence "
        "say|What's in the sentence}? {Only the place words.|Give the words as they are.}",
        "{Reading|Text} exercise: where? {Answer with the exact words|Take the exact words from the "
        "sentence}.",
        "{Pull out|Pick out|Fish out} the {place|location|bit about the place} from the sentence, {with "
        "'at', 'in', 'near' or what stands before it|word for word}.",
        "{Inside, outside, at home or where|Was it in a house, outside or where}? {Copy what the sentence "
        "says.|Give the place words from the sentence.}",
        "{I want to go there too|I'll meet them there|I must drive there}: {where is it, in the words of the "
        "sentence|which place words are in this sentence}?",
    ),
    "who": (
        "{I'm making|I'm writing} a guest list. {Who is in this sentence|Which name is in here}? {Just the "
        "name.|Only the first name.}",
        "{who?|who? name only|name pls|just the name of the person}",
        "'We met Tom at school.' gives 'Tom'. {And this sentence|And who is in this one|What about this "
        "one}?",
        "{Where and when don't matter|I don't care where or when}: {I just need to know who|just tell me "
        "who}{.|, only the name.}",
        "{Underline|Circle|Mark} the {name|person's name} {in the sentence|here} and {write it down|give it "
        "to me}.",
        "I {didn't hear|missed} the name. {Who was that|Who are they talking about|Who is meant}?",
        "My {boss|mom|teacher} only asks who. {What do I answer|What's the answer from the text}? {One "
        "name.|Only the name.}",
        "{Whose name|Which person's name} {do you read|stands} {here|in this sentence}? {Write just the "
        "name.|Name only.}",
        "My {son|grandson|nephew} {must find|has to find} the names in a text. {Which name is in this "
        "sentence|What name does he find in this one}?",
        "{For the invitation|For the address label|For the name tag} I need the {name|first name} {in this "
        "sentence|from this line}.",
        "There's {one person|somebody} in {this|the} {sentence|line}. {What's this person called|What is the "
        "name|Who}?",
        "{The police want to know|A reporter asks} who it {is|was}. {What name does the sentence give|Which "
        "name do we find in the sentence}?",
        "{Pull out|Pick out|Fish out} the {name|person's name} from the sentence{.|, one word.}",
    ),
    "yes_no_reading": (
        "{Read it|Read the first sentence} and answer {the question behind it|the question after it|the "
        "question}: {yes or no|just yes or no}.",
        "My {son|daughter} has a reading {test|exercise}. {What's the answer to the question, yes or no|Is "
        "the answer yes or no}?",
        "{yes or no?|answer the question, yes/no|just yes or no pls|y/n? write yes or no}",
        "'Tom has a dog. Does Tom have a cat?' gives no. {And here|And this one|And the question here}?",
        "{I have no time to read|I'm too tired to read}. {Going by the text, is the answer yes or no|Is the "
        "answer in the text yes or no}?",
        "{A lawyer asks|The police ask|The judge asks} this question. {Going by|If we believe} the sentence "
        "before it, {is it yes or no|do I answer yes or no}?",
        "{Does it fit|Does that match}? First {you get a fact|comes a fact}, then {comes a question|a "
        "question about it}. {Reply with yes or no.|Say yes or no.}",
        "{Only believe|Trust only} what the {text|first part} {tells you|says} and answer {its question|the "
        "question} with {yes or no|'yes' or 'no'}.",
        "The {first part|start} is {true|right}. {So what's the answer to the question|So what do you answer "
        "to the question|So the answer to the question is}? {'yes' or 'no', nothing else.|One word, yes or "
        "no.}",
        "{Reading quiz|Quiz|Listening test}: {a fact and a question|one fact, one question}. {Yes or no|Is "
        "the answer yes or no}?",
        "{Nod or shake your head|Thumbs up or down}: {what's the answer to the question|how would you answer "
        "the question}? {Write yes or no.|Answer 'yes' or 'no'.}",
        "{Someone asks me|A friend asks} this and {the answer is in the text|I know only this text}. {Do I "
        "say yes or no|Should I answer yes or no}?",
        "{Check|Look up} in the {text|first sentence} {what the question asks|what the question wants to "
        "know} and {write|answer} 'yes' or 'no'.",
    ),
}
