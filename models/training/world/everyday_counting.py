"""Everyday ways to ask for the kind-A tasks on days, months and numbers."""

from __future__ import annotations

EVERYDAY: dict[str, tuple[str, ...]] = {
    "next_day": (
        "{If it's this day today, what day is tomorrow|What is tomorrow if today is this day|Say today is "
        "this day. What day is tomorrow}?",
        "{And then what day comes|What day comes right after|What day comes straight after|Which day is it "
        "after that}?",
        "My {doctor|dentist|boss} {said|wrote} 'the day after this one'. {Which day is that|What day do I "
        "put in my calendar}?",
        "{tomorrow = ?|the day after?|day after this one pls|next day, one word}",
        "I have a {meeting|party|lesson} on this day and {fly|go|drive} home one day later. {What day is "
        "that|Which day of the week is that}?",
        "My {daughter|niece|little sister} is learning the days of the week. What {comes|does she say} "
        "{after this one|next}?",
        "Monday is followed by Tuesday. {And what is this day followed by|What follows this one|And this "
        "day}?",
        "The {shop|museum|office|library} is closed {on this day|today} and opens {again the day after|again "
        "one day later}. {On what day does it open|Which day is that}?",
        "Turn {one page of|over the page in} {the|my} day calendar. {Which day do I see now|What day comes "
        "next}?",
        "The {parcel|letter|package} {left|was sent} on this day and {arrives|comes} {one day later|the day "
        "after}. {What day does it arrive|When does it come, which weekday}?",
        "{Go one day ahead|Jump one day forward|Add one day} in the week. {Which day is it?|What day do you "
        "get?|Only name the day.}",
        "When this day is over{| at midnight}, {which day starts|what day begins|which day of the week "
        "begins}?",
        "I'm writing my {diary|weekly plan|timetable}. {After this day comes which one|What's the heading "
        "for the day after this}?",
    ),
    "next_month": (
        "{Which|What} month comes {right|straight|directly} after{| this one}?",
        "If it's this month now, {what month is next|which month is it next month|what will it be next "
        "month}?",
        "I {have to pay|pay} my {rent|bill} {one month later|the month after this}. {Which month is "
        "that|What month do I write}?",
        "{next month?|the month after pls|month after this one|+1 month = ?}",
        "My {daughter|niece|little sister} is learning the months. {What does she say after this one|Which "
        "one follows this|What comes next}?",
        "April is followed by May. {And what is this month followed by|And this one|What follows this "
        "month}?",
        "I'm turning {the page of my|one page of the} {wall|kitchen} calendar. This month is over, {what's "
        "the new one|which month is on the next page}?",
        "Our {holiday|course|new job} starts {a month|one month} after this one. {In which month is "
        "that|What month is that}?",
        "The {baby|delivery|new car} was expected this month but will be {one month|a month} late. {Which "
        "month now|Which month will it be}?",
        "{Go|Move|Jump} {one month forward|one month ahead|a month on} {in the calendar|from this one} and "
        "{name|tell me} the month.",
        "When this month {ends|is over}, {which one begins|what month starts|which month do we get}?",
        "{Quiz|Calendar quiz|Quick one}: {this month, and then|after this month we have}?",
        "For {the school plan|my planner|my diary} I need the month {that comes after this one|following "
        "this one}. {One word.|Only the name.}",
    ),
    "next_number": (
        "{Counting up|When you count up|If I count up}, {what comes right after this|which number do I say "
        "next|which number comes next}?",
        "My {son|daughter|grandson} is this old {now|today}. How old in {one year|a year}? {Just the "
        "number.|Only the number.}",
        "I'm on this page {of my book|in the book} and turn to the next one. {What page number|Which page is "
        "it|Which page am I on now}?",
        "{add one|one more|+1 pls|n + 1 =}",
        "{We live|My friend lives} at this house number. The houses are {numbered one by one|counted one by "
        "one}, {so what's the next number|so which number comes next}?",
        "{After 7 comes 8|4 becomes 5|After 4 comes 5}. {And after this one|And after this number|What about "
        "this one}?",
        "I had this many {stamps|coins|cards|points} and {got|found|won} one more. How many {now|do I have "
        "now}?",
        "The {ticket|waiting number} before me {was|is} this one. {So mine is the next number, which "
        "one|What's the next number}?",
        "{Go|Step|Climb} one {higher|up} from {here|this number}. {Which number is it|Where are you "
        "now|Which number is that}?",
        "{Kids' counting game|Counting game|Counting with my kids}: {I say this, you say the next number|I "
        "say this number and you say the next one}.",
        "This {guest|runner|customer} has this number and the one {behind him|after him} gets the "
        "{next|following} one. {Which one|Which number}?",
        "Make it one bigger{| and give me just the number|, only the number}.",
        "{What is one above|What's one more than} this? {Answer with the number.|Write just the "
        "number.|Digits only.}",
    ),
    "number_to_word": (
        "I'm writing a {check|cheque|letter} and {must|have to} {spell out|write out} this {number|amount} "
        "in {letters|words}. {How|How do I write it}?",
        "How do you {write|spell} this {number|figure} {in letters|as a word|in words|without digits}?",
        "1 is 'one' and 5 is 'five'. {And this one|And this|What about this number}?",
        "{digits to words|in words pls|as a word, no digits|spell out the number}",
        "My teacher says {numbers should be written out in an essay|we can't use digits in an essay}. {How "
        "do I write this one|What do I put for this one}?",
        "My {daughter|son} can read {the digits|the number} but can't {spell it|write it in letters}. {How "
        "is it spelled|How do you write it as a word}?",
        "{Read this number out loud|Say this number aloud} {and write down what you say|and write the word "
        "you say}.",
        "I'm learning English. {What's the English word for this number|What is this number called in "
        "English|How do I say this number}?",
        "{Don't|Please don't} use digits: {write the number as a word.|how is this number written?|what's "
        "this number in words?}",
        "The {wedding card|invitation|birthday cake} needs {the number in letters|this number written out}, "
        "not {in digits|the digits}. {What do I write|How does it look}?",
        "In the crossword I {have to|must} fill in {this number as a word|the word for this number}. {Which "
        "word is it|What is it}?",
        "Turn the {figure|digits|number} into {a word|letters|the number word}, {like 2 into two|like 3 into "
        "three|for example 4 into four}.",
        "{Number here, word wanted.|I have the number and want the word.|You get digits, I need the word.}",
    ),
    "odd_or_even": (
        "{Can|Could} this many {kids|people|players} {be put into|make} two equal teams? {Say 'even' if they "
        "can, 'odd' if not.|Answer even or odd.}",
        "My {son|daughter|nephew} is doing {math|maths} homework: is this {number|one} odd or even?",
        "{House numbers|The houses} are even on the left{| side} and odd on the right{| side}. {Is this "
        "number odd or even|Which is this one, odd or even}?",
        "{odd/even?|even or odd pls|odd or even, one word|odd? even?}",
        "2 is even, 3 is odd. {And this one|What about this one|And this number}?",
        "Can I {divide|split} it by two {with nothing left|and have nothing left over}? {Yes means 'even', "
        "no means 'odd'.|Write 'even' if yes and 'odd' if no.}",
        "I {always mix up|keep mixing up} odd and even{| numbers}. {Which is this|Which one is it "
        "here|What's this number}?",
        "We're playing {a game|cards|roulette} and I {bet|put my money} on even. {Is the number even or "
        "odd|Did the number come out even or odd}?",
        "If I {share|split} this many {sweets|apples|cookies} between two kids, {is one left over|does one "
        "stay over}? {Answer odd if so, even if not.|Say 'odd' or 'even'.}",
        "{Look at|Check} the last digit{ and tell me odd or even.| and say 'odd' or 'even'.|: odd or even?}",
        "{Do socks like these|Do that many socks|Would that many shoes} make full pairs? {'even' if they do, "
        "'odd' if one is left.|Answer with even or odd.}",
        "{Quick math|Math quiz|Quiz}: {even number or odd number|odd number or even number}?",
        "Put this number {in|into} {the right box|the right list}: {'odd' or 'even'|'even' or 'odd'}.",
    ),
    "previous_day": (
        "If today is this day, {what was yesterday|what day was it yesterday|which day was yesterday}?",
        "{And the day before|What came the day before|Which day comes right before this|What's the day just "
        "before this}?",
        "The {homework|report|essay} is due on this day, {but I want to finish|so I have to finish} one day "
        "{earlier|before}. {Which day is that|What day is that}?",
        "{yesterday = ?|day before?|the day before this one pls|one day earlier, one word}",
        "My {train|plane|flight} leaves on this day and I pack the day before. {On what day do I pack|Which "
        "day do I pack}?",
        "My {son|daughter|pupils} can say the week {backwards|from the end}. {What comes after this day "
        "then, going back|Which day is said next going back}?",
        "Before Tuesday comes Monday. {And before this day|And what comes before this one|What's before this "
        "one}?",
        "I {came|got} home on this day, {one day late|a day too late}. {Which day was right|On what day was "
        "I expected}?",
        "Go {one day back|back one day} {in the week|in the calendar|from here}. {What day is it?|Which day "
        "do you land on?|Name the day.}",
        "{The party was yesterday|The match was yesterday|It rained yesterday} and today is this day. {So on "
        "which day was that|Which day was that}?",
        "The {shop was still open|milk was still good|bread was still fresh} the day before this one. {Which "
        "day is that?|Name that day.}",
        "I {missed|forgot} a {meeting|lesson|date} {the day before this|one day before this}. {What weekday "
        "was it|Which weekday was that}?",
        "My diary {has|starts with} this day, {but I forgot the one before|but the page before is missing}. "
        "{Which day is missing|What day was on that page}?",
    ),
    "previous_month": (
        "{Which|What} month comes {right|just|straight} before{| this one}?",
        "If it's this month now, {what was it last month|which month was last month|what month did we just "
        "have}?",
        "The bill is for the month before this one. {Which month is that|What month do I write}?",
        "{last month = ?|month before pls|one month earlier|-1 month = ?}",
        "My birthday is {one month|a month} {earlier than this|before this one}. {In which month is it|What "
        "month is it in}?",
        "My {class|son|daughter} is saying the months {backwards|from the end}. {After this month, going "
        "back, comes which one|Which one comes next going back}?",
        "Before May comes April. {And before this month|And before this one|What comes before this one}?",
        "I turned the page of {the|my} calendar too early. {Which month comes before this one|This is the "
        "new month, what was the old one}?",
        "Go {one month back|back one month|back a month} {from here|from this one}. {Which one is it|Which "
        "month do you get|What month is that}?",
        "The {course|holiday|concert} was moved one month earlier. {It used to be in this month, so when is "
        "it now|This was the old month, so what's the new one}? {Only the month.|Name just the month.}",
        "{Before this month started|When this month began}, {which one had just ended|which month was over}?",
        "{Quiz|Calendar quiz|Quick one}: {which month ends when this one begins|what's the month just before "
        "this one}?",
        "For {my report|the boss|the tax office} I need the {month before this one|name of the month "
        "before}. {One word.|Just the month.}",
    ),
    "roman_numeral": (
        "{The clock in my kitchen|My old clock|The church clock} has {I, II, III|letters like I, V and X} on "
        "it. {How does it show this number|What stands there for this number}?",
        "How {did the Romans|would the Romans|would an old Roman} write this{| number}?",
        "I'm {numbering|counting} the chapters {of my book|of my essay} {with I, II, III and so on|in Roman "
        "style}. What's {this one|this number}?",
        "{roman?|in Roman numerals pls|number -> Roman numeral|roman numerals: I, II, III ... this one?}",
        "3 is III and 10 is X. {And this number|And this one|What about this one}?",
        "A king {wants|needs} this number {after|behind} his name, {like Henry VIII|like Louis XIV}. {How is "
        "it written|What do we write}?",
        "My {daughter|son} has {history homework|homework about Rome}: write this number {with I, V and X|as "
        "a Roman numeral}.",
        "I'd like a {tattoo|ring|plate} with this number in Roman {numerals|letters|style}. {What do I ask "
        "for|What should be on it}?",
        "{Don't use|No} normal digits, {use|only} {I, V and X|Roman ones|Roman numerals}{.| for this "
        "number.}",
        "Is it {V or X or what|one of those with X and I}? {Write|Give me} the Roman {numeral|form} {for|of} "
        "this number.",
        "This is the part number of a film {and the poster uses Roman numerals|with Roman numerals on its "
        "poster}. {What stands on the poster|What does the poster say for the number}?",
        "{Quiz|History quiz|Rome quiz}: {this number in ancient Rome|the Roman way to write this number|this "
        "number as the Romans wrote it}.",
        "I {never learned|forgot} {Roman numerals|how Roman numerals work}. {How does this one look|What is "
        "this number in them}?",
    ),
    "season": (
        "{What time of year|Which time of year|What part of the year} is {that|this month}, spring, summer, "
        "autumn or winter?",
        "We {want|plan} to visit {Europe|Germany} {in this month|that month}. {Is it winter, spring, summer "
        "or autumn there|Which season is it there}?",
        "My {son|daughter} must {draw|paint} a {tree|picture} for this month. {Which season is it|Should it "
        "be spring, summer, autumn or winter}?",
        "{season?|which season? (spring/summer/autumn/winter)|month -> season|season pls, say autumn instead "
        "of fall}",
        "January is winter. {And this month|What about this month|And this one}?",
        "I'm sorting my {clothes|photos} by season. {Where does this month go, spring, summer, autumn or "
        "winter|Which season is this month}?",
        "Will {it be|I have} {snow, flowers, sun or falling leaves|snow or flowers or beach weather} in that "
        "month{| in Europe}? {Name the season.|I mean, which season is it?}",
        "{A year has four seasons|There are four seasons}. {This month belongs to which one|Which of them "
        "has this month|In which one is this month}?",
        "My birthday is in this month. {In which season was I born|Is that spring, summer, autumn or "
        "winter}?",
        "{Quiz|Calendar quiz|Kids' quiz}: {name the season of this month|spring, summer, autumn or "
        "winter|the season for this month}{.|, one word.}",
        "The {shop window|school wall|classroom} should {show|match} the season. {It's this month, so which "
        "season|Which season is this month}?",
        "I never know {which months are spring and which are autumn|what month belongs to what season}. {And "
        "this one|What is this one}?",
        "{Answer|Reply} with {spring, summer, autumn or winter|winter, spring, summer or autumn}: {when is "
        "this month|which one does this month fall in}?",
    ),
    "smaller_number": (
        "{Two prices, and I want to pay less|I compare two prices and want the cheaper one}: {which "
        "number|which one is lower}?",
        "Which {is less|one is less|of the two is less}? {Just the number.|Only write the number.}",
        "These are the ages of {two brothers|my two kids|two friends}. {How old is the younger one|What's "
        "the age of the younger one}?",
        "{smaller one pls|the lower number?|min = ?|less = ?}",
        "My {son|grandson|nephew} {has to circle|must circle} the smaller {number|of two numbers}. {Which "
        "one gets the circle|Which does he circle}?",
        "Of 3 and 8 {it's 3|I would pick 3}. {And here|And of these two|What about these two}?",
        "I {measured|counted} twice and {want to|will} keep the {lower|smaller} {number|value}. {Which one "
        "do I keep|Which is it}?",
        "{In golf|In this game} the lower score wins. {Which score wins|Which of these two wins}?",
        "Which comes first when {you count up|we count from zero}? {Give that number.|Only that number.|Just "
        "the number.}",
        "{One shop asks|One store wants} the first number {of dollars|of euros}, {the other|the next one} "
        "the second. {What's the lowest price|What's the cheaper price}?",
        "{Leave out|Throw away|Cross out} the bigger number {and tell me which one is left|and write the "
        "other one|and give me the rest}.",
        "Which of these {temperatures|numbers of degrees} is {colder|lower}? {Just the number.|Answer with "
        "the number.}",
        "I'm {sorting|putting} numbers from small to big. {Which of these goes first|Which of the two comes "
        "first}?",
    ),
    "sum": (
        "{Put the two numbers together|Add them up|Add the two up}. {What do you get|What's the total|How "
        "much is it} {in all|altogether}?",
        "I {bought|paid for} two things, {here are the prices|these are the prices}. {What do I pay in "
        "all|What's the total|How much is that together}?",
        "My {son|daughter} is learning to add. What's the answer {here|to this one}?",
        "{total pls|add|plus = ?|sum, just the number}",
        "3 plus 4 is 7. {And these two added|And what do these two make together|Now add these two}?",
        "{Grandma|My aunt|Dad} gave me the first number of {coins|sweets|apples} and {my uncle|mom} the "
        "second. {How many do I have now|How many is that in all}?",
        "I {scored|got} points in two {games|rounds|tests}. {What's my total|How many points are that "
        "together}?",
        "I have no {calculator|pen}. {What do these two numbers make together|How much are they together}?",
        "{Count|Take} both {together|at once}: how many {is that|are there} {in total|altogether|in all}?",
        "{We're|We are} two families with {this many|so many} {people|members} each. {How many people are we "
        "together|How many chairs do we need in all}?",
        "I threw two {big|funny} dice and got these. {What do they add up to|What's the total|What is the "
        "sum}?",
        "{Math homework|Maths homework|Head math}: {plus, not minus|addition}. {Result|What's the result}?",
        "{Only|Just} the number, please: {what do these two add up to?|the first plus the second.|the total "
        "of both.}",
    ),
}
