"""Word classes, articles, adverbs and contractions (kind A)."""

from __future__ import annotations

from .asking import asks, lookup, sorting
from .facts import a_or_an
from .grammar import Family
from .word_forms import pairs

ADVERBS: dict[str, str] = pairs("""
    quick quickly, slow slowly, happy happily, sad sadly, loud loudly, quiet quietly, bad badly, good well,
    careful carefully, easy easily, soft softly, angry angrily, nice nicely, polite politely, brave bravely,
    clear clearly, real really, sudden suddenly, strong strongly, warm warmly, beautiful beautifully,
    perfect perfectly, safe safely, simple simply, true truly, usual usually, wise wisely, lucky luckily,
    heavy heavily, lazy lazily, hungry hungrily, complete completely, patient patiently, honest honestly,
    deep deeply, kind kindly
""")

_ARTICLE_NOUNS: tuple[str, ...] = (
    "apple", "orange", "egg", "elephant", "onion", "umbrella", "island", "actor", "engineer", "idea", "hour",
    "animal", "answer", "artist", "eagle", "ear", "eye", "office", "oven", "owl", "ox", "uncle", "aunt",
    "ant",
    "airport", "arm", "envelope", "engine", "insect", "ocean",
    "banana", "cat", "dog", "car", "house", "table", "teacher", "university", "uniform", "book", "flower",
    "key",
    "mouse", "pencil", "river", "school", "tree", "window", "zebra", "lion", "garden", "doctor", "horse",
    "chair",
    "bus", "lemon", "king", "party", "road", "shoe",
)  # fmt: skip

WORD_CLASSES: dict[str, tuple[str, ...]] = {
    "noun": (
        "elephant", "teacher", "kitchen", "city", "banana", "apple", "river", "kitten", "hospital", "sugar",
        "bread", "idea", "furniture", "country", "library", "sister", "brother", "music", "house", "chair",
        "animal", "car",
    ),
    "verb": (
        "eat", "sing", "write", "bring", "think", "arrive", "forget", "teach", "speak", "grow", "go", "give",
        "sit", "explain", "believe", "choose", "lose", "send", "understand", "remember", "build", "become",
    ),
    "adjective": (
        "happy", "big", "tall", "beautiful", "old", "hot", "sad", "angry", "heavy", "rich", "expensive",
        "dangerous", "famous", "careful", "hungry", "thirsty", "wide", "ugly", "strong", "lazy", "new",
        "small",
    ),
    "adverb": (
        "quickly", "slowly", "happily", "sadly", "loudly", "quietly", "badly", "never", "always", "often",
        "carefully", "easily", "really", "softly", "sometimes", "usually", "suddenly", "politely",
    ),
    "pronoun": ("he", "she", "they", "we", "him", "us", "them", "it", "me", "you"),
    "preposition": ("with", "from", "of", "at", "into", "under", "between", "without", "behind", "during"),
}  # fmt: skip

CONTRACTIONS: dict[str, str] = {
    "don't": "do not",
    "doesn't": "does not",
    "didn't": "did not",
    "can't": "cannot",
    "won't": "will not",
    "isn't": "is not",
    "aren't": "are not",
    "wasn't": "was not",
    "weren't": "were not",
    "haven't": "have not",
    "hasn't": "has not",
    "hadn't": "had not",
    "couldn't": "could not",
    "wouldn't": "would not",
    "shouldn't": "should not",
    "mustn't": "must not",
    "I'm": "I am",
    "you're": "you are",
    "we're": "we are",
    "they're": "they are",
    "he's": "he is",
    "she's": "she is",
    "it's": "it is",
    "that's": "that is",
    "what's": "what is",
    "I'll": "I will",
    "you'll": "you will",
    "we'll": "we will",
    "they'll": "they will",
    "I've": "I have",
    "you've": "you have",
    "we've": "we have",
    "they've": "they have",
    "let's": "let us",
}

_ADVERB = (
    *asks(("adverb", "adverb form", "adverbial form"), ("adjective", "word", "describing word")),
    "{Make|Form|Build|Create} an adverb {from|of|out of} {this|the} {adjective|word}.",
    "{Turn|Change|Convert|Transform} {this|the} {adjective|word} into an adverb.",
    "{Which|What} adverb {comes from|belongs to|goes with|is made from} {this|the} {adjective|word}?",
    "What is the adverb?",
    "Add -ly or what is needed to {make|get} {an|the} adverb.",
    "How do you {say|write} this if it {describes|tells more about} {a verb|an action}?",
    "The {adjective|word} describes a person. {Which word describes the action?|Now describe the action.}",
    "{From adjective to adverb|Adjective to adverb|Adjective given, adverb wanted}{:|.}",
    "He is like this. {How does he do it?|In which way does he do it?|How does he act?} {One word.|}",
    "{Which|What} {word|form} do I use {after a verb|with a verb|to say how somebody does something}?",
    "Write the {adjective|word} {as an adverb|in its adverb form|so that it can describe a verb}.",
    "She does it in this way. {Say it with an adverb.|Give the adverb.|Which adverb fits?}",
    "What does {this|the} adjective become when it {goes with|describes} a verb?",
    "How {does|would} {this|the} adjective look as an adverb?",
    "The word that says how something is done{:|}",
    "{In this way|In such a way}, as one word{:|, please.}",
    "Use the adjective to say how {somebody|a person} {walks|speaks|works}. {Which form is it?|Write"
    " that form.}",
    "Change {the|this} {adjective|word} so that it {answers the question how|describes an action|fits a"
    " verb}.",
    "I have an adjective {and|but} I need {the adverb|its adverb|the matching adverb}.",
    "Give the -ly {word|form}{| of the adjective}, or the irregular one.",
)
_ARTICLE = (
    "{Choose|Pick|Select} {the right|the correct|the proper} article{|, a or an,} for {this|the}"
    " {noun|word}.",
    "Does {this|the} {noun|word} {take|need|get|go with} a or an?",
    "{A or an?|An or a?|a/an:|a or an}",
    "{Which|What} {article|indefinite article|little word} {comes|goes|stands} {before|in front of}"
    " this {noun|word}?",
    "{Write|Say|Answer|Reply|Respond with} a or an{|, whichever fits|, whatever is right} {for|before}"
    " {this|the} {noun|word}.",
    "Is it a or an {with|before|in front of} this {noun|word}?",
    "{Indefinite article|Article, a or an|The article, a or an|Indefinite article of the noun}{:|}",
    "{Give|Write|State|Provide|Name|Tell me} the indefinite article {of|for} {this|the} {noun|word}.",
    "What is the {indefinite|right|correct|proper} article for {this|the|the given} {noun|word}?",
    "{Fill in|Put in|Insert} a or an before the {noun|word}.",
    "Should I {write|say|use|put} a or an {before|with|in front of} {this|the} {noun|word}?",
    "I {do not know|am not sure|always forget} {whether|if} it is a or an here. {Help me.|Which one is"
    " right?}",
    "I need the {right|correct|indefinite} article for this {noun|word}.",
    "Here is a noun. {Is it used with a or an?|Does a or an come first?|Which article fits, a or an?}",
    "{Decide|Determine|Tell me|Say|Find out|Work out} {whether|if} {this|the} {noun|word}"
    " {needs|takes|gets} a or an.",
    "{Which|What} is {right|correct} before this {noun|word}: a or an?",
    "Look at the {first sound|beginning} of the {noun|word}. {Is it a or an?|Choose a or an.}",
    "Put {the right|the correct|a suitable} {article|indefinite article} {before|in front of} the"
    " {noun|word}. {Write the article only.|}",
    "Do you {say|write|use} a or an with {this|the} {noun|word}?",
    "{This|The} noun begins with a vowel sound or with a consonant sound. {So is it a or an?|Write a or an.}",
    "{Can you tell me|Do you know} {the indefinite article of|which article goes with} {this|the}"
    " {noun|word}?",
    "The article is missing in front of {this|the} noun. {Add it|Find it|Write it}: a or an.",
    "Article {for|of} {this|the} {noun|word}{:|}",
    "{One of these things|A single one}: does its name follow a or an?",
    "{Match|Combine} the noun with a or an. {Answer only a or an.|Give the article.}",
    "I wonder {whether|if} this {noun|word} {goes with|takes|follows} a or an.",
    "{For|With} the {given|following} noun, {use|choose|give|write} a or an.",
)
_CLASS = (
    *asks(
        ("part of speech", "word class", "grammatical category", "word type", "lexical category"),
        ("word", "term"),
    ),
    "Is {this|this word|the word|it} a noun, {a verb, an adjective|a verb, an adjective, an adverb|a"
    " verb} or something else?",
    "Noun, verb, adjective{ or what?|, adverb or something else?|, adverb, pronoun or preposition?}",
    "{What|Which} {kind|type|sort} of word is {this|it}{| in grammar|, noun or verb or another}?",
    "{Say|Tell me|Decide|Determine|State} {whether|if} {this|the word|it} is a noun, a verb, an"
    " adjective or something else.",
    "{Classify|Label|Tag} the word {by|with} {its part of speech|its word class|its role in grammar}.",
    "{To which|To what} {word class|part of speech} does {this word|the word|it} belong?",
    "What is {this word|the word|it} grammatically{?|, for example a noun or a verb?}",
    "{What|Which} {word class|part of speech} {do you see here|is this|are we looking at}?",
    "Name the grammatical {class|type} of {this|the} word{|: noun, verb, adjective and so on}.",
    "In grammar, what do we call a word like this?",
    "{Grammar question|Grammar}: noun, verb, adjective, adverb, pronoun or preposition?",
    "Choose from noun, verb, adjective, adverb, pronoun and preposition.",
    "How would a {grammar book|dictionary|teacher} {label|classify} this word{?|: noun, verb, adjective"
    " or other?}",
    "Does this word name a thing, an action or a quality? {Give|Write|Tell me} the part of speech.",
    "Put {this|the} word into its {grammatical class|word class|part of speech}.",
    "Which grammatical {label|name|term} {fits|describes} {this|the} word?",
    "{Sort the word into|Assign the word to} a word class.",
    "POS{:| of the word:| tag:}",
    "I {have to|must} {say|know} what part of speech {this|the word|it} is.",
    "Do I have a noun, a verb, an adjective, an adverb, a pronoun or a preposition here?",
    "{Identify|Recognize} the {part of speech|word class}.",
)
_FULL = (
    *asks(
        ("full form", "long form", "expanded form", "uncontracted form", "full version"),
        ("contraction", "contracted form", "short form with an apostrophe", "contracted word"),
    ),
    "{Write|Spell} {this|the} {contraction|contracted form} {out|in full|as full words|without the"
    " apostrophe}.",
    "{Expand|Open up|Resolve|Undo} {this|the} {contraction|contracted form}.",
    "{Which|What} {full words|words} {does this contraction stand for|are behind this contraction|make"
    " this contraction}?",
    "What does {this|the} {contraction|contracted form} {mean|stand for} {in full|when written out}?",
    "{Remove|Take away|Get rid of|Drop} the apostrophe and write {the full words|all the words|it in full}.",
    "How do you {write|say} {this|this contraction} without {contracting it|the contraction|an apostrophe}?",
    "{Split|Break} {this|the} {contraction|contracted form} into {its words|full words|its parts}.",
    "{Turn|Change|Convert} {this|the} {contraction|contracted form} into {full words|the full form|the"
    " long form}.",
    "Some words were {joined|put together|contracted}. {Which ones?|Write them in full.|What were they?}",
    "In {formal|careful} English we do not contract. {How is this written then?|Write this in full.}",
    "Contraction to full form{:|.}",
    "{Without|No} contraction{:|, please.}",
    "{Make|Write} the {contraction|contracted form} {long|longer|formal}{|, with no apostrophe}.",
    "Replace the contraction {with|by} {the full words|its full form|the words it stands for}.",
    "The apostrophe stands for missing letters. {Put them back|Write the words in full|Give the full words}.",
    "What is the {formal|full} way {to write|of writing} this contraction?",
    "{Which|What} words are {joined|hidden} in this {contraction|contracted form}?",
    "I must not use contractions. What {do I write|should I write} instead{| of this}?",
    "{Uncontract|Unpack} {this contraction|the contraction|the contracted form}.",
)
_CONTRACT = (
    *asks(
        ("contraction", "contracted form", "short form with an apostrophe", "contracted version"),
        ("full form", "long form"),
    ),
    "{Contract|Shorten|Join} {the|these|the two} words{| with an apostrophe}.",
    "{Write|Say|Put} {the|these|the two} words {as one|as a contraction|in contracted form|as one word"
    " with an apostrophe}.",
    "{Which|What} contraction {stands for|is made from|do we use for|can I use for} {these|these"
    " two|the two} words?",
    "{Make|Form|Build} a contraction {from|of|out of} {these|the|the two} words.",
    "{Use|Put in} an apostrophe to {join|shorten|contract} the words.",
    "How do you {write|say} {this|these words} {with an apostrophe|as a contraction|in a shorter way"
    " with an apostrophe}?",
    "{Turn|Change|Convert} {the|these} {words|full words} into {a|the} {contraction|contracted form}.",
    "What is the contraction of {these|the} {words|two words}?",
    "Full form to contraction{:|.}",
    "In {spoken|informal|everyday} English these words {become one|are joined}. {How?|Write the result.}",
    "How do people {usually say|say} these two words {when they talk fast|in one word|as one word}?",
    "{Replace|Swap} the full words {with|for} {a|the} contraction.",
    "Make {it|this|the words} {shorter|informal} {with|by using} an apostrophe.",
    "{Which|What} is the {informal|short} way to write these words with an apostrophe?",
    "Give {me |}{the|a} contraction{| of these words| for these words}.",
    "Two full words are given. {Join them|Contract them|Make one word with an apostrophe}.",
    "Drop some letters and put an apostrophe {there|in their place}. {Write the contraction.|What do"
    " you get?}",
    "These words can be contracted. {To what?|What is the contraction?|Show me how.}",
    "{I want to|Let us} {contract|join} these words. {How is that written?|What do I write?}",
    "Apostrophe form of {these|the} words{:|}",
    "Write the words {in the form with an apostrophe|the way you say them quickly, with an apostrophe}.",
)

FAMILIES: tuple[Family, ...] = (
    lookup("adverb", ADVERBS, _ADVERB),
    lookup("article", {noun: a_or_an(noun) for noun in _ARTICLE_NOUNS}, _ARTICLE),
    sorting("part_of_speech", WORD_CLASSES, _CLASS),
    lookup("expand_contraction", CONTRACTIONS, _FULL),
    lookup(
        "contract",
        {full.replace("cannot", "can not"): short for short, full in CONTRACTIONS.items()},
        _CONTRACT,
    ),
)
