"""What of a prompt's form strays into a text: end marks and what models make of them, labels, numbers. Pure.

A mark that ends a text is cut off with all that follows it; one that stands within a text spoils it, and
`stray` says so. A mark that a text speaks of is part of it: "What does `<|endoftext|>` mean?" Tables, the
parameters of a block of code, `||`, "red | green | blue", |x| and headings of Markdown are no marks.
"""

from __future__ import annotations

import re

END = "|EoS|"
"""The end mark of the prompts of Ensemble-Instruct."""

_NAMES = (
    r"(?:eos\w{0,2}|eot(?:_id)?|bos|im_(?:start|end)|(?:start|end|begin)_?of_?(?:text|turn|sentence|string)"
    r"|(?:start|end)_header_id)"
)
# Nothing but the form of a prompt is written like this.
_SURE = re.compile(
    rf"\|+[ \t]?/?{_NAMES}[ \t]?\|+|<{{1,3}}\|?[ \t]?/?{_NAMES}[ \t]?(?:\|?>{{1,3}}|\|)|<<+p\d[|>]+"
    r"|<\|/?[a-z][a-z_ ]{1,22}\|>|(?-i:\[/?INST\])|<</?SYS>>|</s>(?=\s*\Z)",
    re.IGNORECASE,
)
_OPENING = re.compile(r"\A(?:\s*(?:\[/?INST\]|<bos>|<s>(?=[\s\[])|<\|begin_of_text\|>))+")
_NEAR = re.compile(r"(?i:eo[a-z]\w{0,3}|p\d{1,2})|[A-Z][a-z][A-Z]\w{0,3}")
"""What models make of the name of a mark: |EoT|, |P1|, |AbC12|."""
_FORMULA = re.compile(r"\d+|[A-Z]{2}|[a-z]{1,2}")
"""What stands between the bars of a length or an absolute value: |AB|, |x|, |12|."""
# Between bars at the end of a line that has no others; models repeat it.
_LAST = re.compile(
    r"^(?P<before>[^|\n]*)(?<![^\s.?!:;,\"')\]])\|[ \t]?(?P<name>\w{2,6})[ \t]?\|[| \t]*"
    r"(?:(?P=name)[ \t]?\|[| \t]*)*$",
    re.MULTILINE,
)
_BEGUN = re.compile(r"\A(?P<before>[^|\n]*\s)\|[ \t]?(?:E(?:oS?)?)?\s*\Z")
_WITHIN = re.compile(r"^(?P<before>[^|\n]*)(?<![\w)\]])\|(?P<name>\w{2,6})\|+(?!\w)[^|\n]*$", re.MULTILINE)
_BLOCK = re.compile(r"(?:\b(?:do|move)|[{(=])\s*\Z")
"""What stands before the parameters of a block in Ruby, or of a closure in Rust."""
_SENTENCE_END = re.compile(r"[.?!][\"')\]]*\s*\Z")
_TABLE = re.compile(
    r"^[ \t]*\|?[ \t]*:?-{2,}:?[ \t]*\|[-:| \t]*$|^[ \t]*\|[ \t]*:?-{2,}:?[ \t]*$"
    r"|^[ \t]*\|(?:[^|\n]*\|){2,}[ \t]*\n[ \t]*\|",
    re.MULTILINE,
)
_QUOTES = {"`": "`", '"': '"', "'": "'", "“": "”", "‘": "’", "«": "»", "(": ")"}
# A sentence about a mark holds one of these, or asks.
_SPEAKING = re.compile(
    r"\b(?:tokens?|tokeni[sz]ers?|tags?|marks?|markers?|symbols?|strings?|delimiters?|separators?|means?"
    r"|meaning|stands? for|templates?|formats?|regex|emits?|explain|describe|define|compare|insert|remove"
    r"|replace|delete|strip|count)\b|\?\s*\Z",
    re.IGNORECASE,
)
# No sentence ends with these, so a mark that follows them belongs to it: after an article always.
_ARTICLE = re.compile(r"\b(?:the|an?|every|each|all|about)[ \t]+\Z", re.IGNORECASE)
_UNFINISHED = re.compile(
    r"\b(?:of|is|are|does|do|with|by|and|or|called|use|explain|describe|define|insert|remove|tokens?|tags?"
    r"|markers?|symbols?)[ \t]+\Z",
    re.IGNORECASE,
)
_NEAR_BY = 200
"""Characters before and after a mark that say whether a text speaks of it."""
_GOES_ON = re.compile(r"[ \t]+(?!(?:user|assistant|system)\b)[a-z(]|[?.,;!)]")


def ended(text: str) -> str:
    """Return what stands before the first end mark of a text, or what a model made of one."""
    return with_ends(text).split(END, 1)[0]


def with_ends(text: str) -> str:
    """Return a text in which each end mark, however it is written, is `END`; one that opens a turn goes."""
    if _has_no_mark(text):
        return text
    if (found := _OPENING.match(text)) and not _spoken_of(text, found.start(), found.end()):
        text = text[found.end() :]
    marked = _SURE.sub(_sure_instead, text)
    instead = _after_sentence if _TABLE.search(marked) else _last_instead
    return _BEGUN.sub(_begun_instead, _LAST.sub(instead, marked))


def _has_no_mark(text: str) -> bool:
    return "|" not in text and "<" not in text and "[" not in text


def _sure_instead(found: re.Match[str]) -> str:
    return END if _is_sure(found) else found[0]


def _is_sure(found: re.Match[str]) -> bool:
    """Say whether what is written like a mark is one, and not spoken of or a parameter."""
    mark, text = found[0], found.string
    if END in mark:
        return True  # that of the prompt itself
    if mark == "</s>":
        return "<s>" not in text  # text that is struck through
    if mark.startswith("|") and _BLOCK.search(text[max(0, found.start() - _NEAR_BY) : found.start()]):
        return False
    return not _spoken_of(text, found.start(), found.end())


def _spoken_of(text: str, start: int, end: int) -> bool:
    """Say whether a sentence speaks of the mark between two places: it is quoted, or stands within one."""
    if start and _QUOTES.get(text[start - 1]) == text[end : end + 1]:
        return True
    before = text[max(0, start - _NEAR_BY) : start].rpartition("\n")[2]
    after = text[end : end + _NEAR_BY].partition("\n")[0]
    if _ARTICLE.search(before):
        return True
    if not _SPEAKING.search(before + " " + after):
        return False
    if before.strip() and not re.search(r"[\w,)][ \t]+\Z", before):
        return False
    return bool(_UNFINISHED.search(before) or _GOES_ON.match(after))


def _last_instead(found: re.Match[str]) -> str:
    before, name = found["before"], found["name"]
    text_ends = not found.string[found.end() :].strip() and _SENTENCE_END.search(before)
    is_mark = _NEAR.fullmatch(name) or (text_ends and not _FORMULA.fullmatch(name))
    return before + END if is_mark and not _BLOCK.search(before) else found[0]


def _after_sentence(found: re.Match[str]) -> str:
    return _last_instead(found) if _SENTENCE_END.search(found["before"]) else found[0]  # else a cell


def _begun_instead(found: re.Match[str]) -> str:
    return found[0] if _BLOCK.search(found["before"]) else found["before"] + END


def stray(text: str) -> bool:
    """Say whether a mark stands within a text."""
    if _has_no_mark(text):
        return False
    if any(_is_sure(found) for found in _SURE.finditer(text)):
        return True
    return not _TABLE.search(text) and any(
        _NEAR.fullmatch(found["name"]) and not _BLOCK.search(found["before"])
        for found in _WITHIN.finditer(text)
    )


# ---- labels, numbers and what a chat model wraps around a text -------------------------------------

_DECORATION = r"[ \t]*(?:#{1,6}[ \t]*|[-*•>][ \t]+)?(?:\(?\d{1,3}[.):][ \t]*)?(?:\*\*|__)?[ \t]*"
_CLOSING = r"[ \t]*#?(?:\d{1,3})?[ \t]*(?:\*\*|__)?[ \t]*:(?:\*\*|__)?"
_ASKING = r"(?:(?:new|rewritten|revised|updated|modified)[ \t]+)?(?:instruction|task|prompt|question)"
_ANSWERING = r"(?:(?:expected|sample|example|correct|your)[ \t]+)?(?:output|answer|response|result|solution)"
LABELS = {
    "instruction": re.compile(rf"#?{_DECORATION}{_ASKING}{_CLOSING}", re.IGNORECASE),
    "input": re.compile(rf"#?{_DECORATION}(?:input|context|text){_CLOSING}", re.IGNORECASE),
    "output": re.compile(rf"#?{_DECORATION}{_ANSWERING}{_CLOSING}", re.IGNORECASE),
}
"""How models write the label of a part at the beginning of a line: "**Output:**", "5. output:"."""
_NUMBER = re.compile(r"\(?\d{1,3}[.):][ \t]+(?=\S)")
_NEXT_NUMBER = re.compile(r"(?:^|\s)\(?(?:\d{1,3}|[a-z])[.):][ \t]+\S")
_BULLET = re.compile(r"[-*•>][ \t]+(?=\S)")
_HEADING = re.compile(r"#{1,6}[ \t]+(?=\S)")
_LEFT = re.compile(
    r"(?:(?<!\s)\s+#{2,}|\n[ \t]*[-=*]{3,})+\s*\Z|(?<=[.?!\"”)])\s+(?:#+\s*)?\(?\d{1,3}[.)]?\s*\Z"
)
"""What is left at the end of a text: hashes, a rule, the number of the next one."""
_INNER_LABEL = re.compile(
    rf"(?:\n\s*(?:\*\*)?|(?<=[.?!\"”)])[ \t]+\*\*){_ANSWERING}(?:\*\*)?[ \t]*:(?:\*\*)?",
    re.IGNORECASE,
)
# On the line of the instruction what follows may belong to it: how to answer, or what may be answered.
_ANSWERED = re.compile(
    rf"(?<=[.?!\"”)])[ \t]+(?i:{_ANSWERING})[ \t]*:[ \t]*"
    r"(?!(?:Always|At|Begin|Choose|Do|Either|End|Exactly|Explain|Give|In|Just|Keep|List|Make|Name|No|Not|Only"
    r"|Pick|Put|Reply|Return|Say|Select|Start|State|True|Use|With|Write|Yes|You|Your)\b)"
    r"(?=[\"“']?[A-Z0-9])(?!.*(?:\bor\b|/|\.\.\.|…|___))"
)
_ANSWER_SAID = re.compile(
    r"(?<=\?)[ \t]+The (?:correct )?answer(?: to (?:this|the) \w+)? is[:,]?"
    r"(?=[ \t](?!not\b)[^.?!\n]{1,80}[.!]?\Z)",
    re.IGNORECASE,
)
_CHOICE = re.compile(
    r"\s*(?:[\w'\"-]+,?[ \t]+){1,6}(?:or|oder|ou|o)[ \t]+(?:[\w'\"-]+[ \t]*){1,3}\.?\s*"
    r"|\s*[^\W\d]+(?:[ \t]*/[ \t]*[^\W\d]+)+\.?\s*"
)
_PAIRS = (("**", "**"), ("__", "__"), ('"', '"'), ("“", "”"), ("'", "'"), ("`", "`"), ("*", "*"), ("<", ">"))
_FENCE = re.compile(r"\A```[\w+-]*\n(.*?)\n?```\Z", re.DOTALL)
_PREAMBLE = re.compile(
    r"\A\s*(?:(?:sure|certainly|of course|okay|absolutely|great)\b[^\n]{0,160}|"
    r"(?:here|below|the following|this)\b[^\n:]{0,160}"
    r"\b(?:instruction|task|prompt|version|example|question|list|is|are)[^\n:]{0,80})"
    r":[ \t]*(?:\*\*)?[ \t]*(?:\n+|\Z)",
    re.IGNORECASE,
)


def is_choice(text: str) -> bool:
    """Say whether a text says what may be answered: "positive or negative", "yes/no"."""
    return _CHOICE.fullmatch(text) is not None


def label_of(line: str) -> tuple[str, int] | None:
    """Return which part's label a line begins with, and where what is labelled begins; None without one."""
    for part, pattern in LABELS.items():
        if found := pattern.match(line):
            return part, found.end()
    return None


def without_preamble(text: str) -> str:
    """Return a text without the line in which a chat model announces it: "Sure, here are …:"."""
    return _PREAMBLE.sub("", text, count=1)


def bare_instruction(text: str) -> str:
    """Return an instruction without what models put around it.

    Those are numbers, bullets, headings, labels, quotation marks, bold and fences around all of it, an answer
    under a label, and the number of the next one. A list that begins with its first number stays one, and so
    does what may be answered: "Answer: yes or no".
    """
    bare = text.strip()
    for _ in range(4):
        before, bare = bare, _unwrapped(bare)
        if bare == before:
            break
    return bare


def _unwrapped(text: str) -> str:
    if text.count("```") == 1 and (text.startswith("```") or text.endswith("```")):
        return text.strip("`").strip()  # opened and never closed, or the other way round
    if text.count("```") == 2 and (fenced := _FENCE.match(text)):
        return fenced[1].strip()
    for left, right in _PAIRS:
        inner = text[len(left) : -len(right)]
        around = len(text) > len(left + right) and text.startswith(left) and text.endswith(right)
        if around and left not in inner and right not in inner:
            return inner.strip()
    if found := LABELS["instruction"].match(text):
        return text[found.end() :].strip()
    if (found := _NUMBER.match(text)) and not _NEXT_NUMBER.search(text, found.end()):
        return text[found.end() :]
    for pattern in (_BULLET, _HEADING):
        if (found := pattern.match(text)) and "\n" not in text:
            return text[found.end() :]
    for pattern in (_INNER_LABEL, _ANSWERED, _ANSWER_SAID):
        if (found := pattern.search(text)) and not is_choice(text[found.end() :]):
            return text[: found.start()].rstrip()
    return _LEFT.sub("", text).rstrip()


_OWN_LABEL = re.compile(
    r"\A(?:#{1,6}[ \t]*)?(?:\d{1,3}[.)][ \t]*)?(?:\*\*)?(?:(?:expected|sample)[ \t]+)?"
    r"(?:input|output|response|result)(?:[ \t]*\d{1,3})?(?:\*\*)?[ \t]*:(?:\*\*)?[ \t]*",
    re.IGNORECASE,
)
_PART = r"(?:instruction|task|input|output|example)"
# A label that has neither number, heading nor colon is a word of the text.
_LEFT_LINE = re.compile(
    r"[ \t]*(?:#{1,6}|#{2,6}[ \t]*\d{1,4}[.)]?|[-=*]{3,}|\(?\d{1,3}[.)]"
    rf"|(?:#{{1,6}}[ \t]*(?:\d{{1,3}}[.)][ \t]*)?|\d{{1,3}}[.)][ \t]*)"
    rf"(?:\*\*)?{_PART}(?:[ \t]*\d{{1,3}})?(?:\*\*)?:?(?:\*\*)?"
    rf"|(?:\*\*)?{_PART}(?:[ \t]*\d{{1,3}})?(?:\*\*:|:(?:\*\*)?))[ \t]*",
    re.IGNORECASE,
)
_FIRST = re.compile(r"\s*1[.)][ \t]+(?=\S)")
_SENTENCE = 6
"""Words that are a sentence after the number of a list, and no date, club or move of chess."""
_ONE_ITEM = re.compile(
    r"\s*(?:\(?\d{1,2}[.)]|[-*•])[ \t]+"
    r"(?=(?:The|An?|I|It|He|She|They|We|You|There|This|These|My|Your|In|On|If|To|What|Who|How|Why)\b[^\n]*\Z)"
)
"""The number or bullet before an English sentence that is all there is of a list."""
_NEXT_BLOCK = re.compile(
    r"\n[ \t]*\n[ \t]*(?:#{1,6}[ \t]*)?(?:\d{1,3}[.)][ \t]*)?(?:\*\*)?instruction"
    r"(?:[ \t]*\d{1,3})?(?:\*\*)?[ \t]*:"
    r"|\n[ \t]*#{2,6}[ \t]*(?:another|next|new)[ \t]+(?:example|task|instruction)[ \t]*:?[ \t]*(?=\n|\Z)",
    re.IGNORECASE,
)


_SAID_AGAIN = re.compile(
    rf"(?:\n|(?<=[.?!\"”)])[ \t])[ \t]*(?:\*\*)?(?:the[ \t]+)?{_ANSWERING}(?:\*\*)?"
    r"(?:[ \t]*:|[ \t]+is:?)(?:\*\*)?",
    re.IGNORECASE,
)
_ENDS = ('"""', "```", "**")
_LONE_STAR = re.compile(r"\s*\*[ \t]+(?=[^\n*]+\*\*\Z)")
"""The star before a line that ends as bold text does and did not begin as such."""

_EMPTY_CELLS = re.compile(r"\A\s*(?:\|[ \t]*){2,}(?=[^|\s][^|]*\Z)")
"""The beginning of a table that does not come."""


def bare_value(text: str) -> str:
    """Return an input or output without its own label, the next block, and what is left of one.

    Lines of hashes, a rule, the number or the label of the next part at its end go, and what `bare_answer`
    leaves out; headings, comments and lists within it stay. White space around it is for the caller.
    """
    if following := _NEXT_BLOCK.search(text):
        text = text[: following.start()]
    text = _without_left_lines(text)
    if (found := _OWN_LABEL.match(text.lstrip())) and text.lstrip()[found.end() :].strip():
        text = text.lstrip()[found.end() :]
    return bare_answer(text)


def bare_answer(text: str) -> str:
    """Return a text without the number or bullet of a list before an English sentence that is alone.

    The end of a fence or of bold text that never began goes too, and so does the beginning of a table that
    does not come. White space around it is for the caller.
    """
    text = _EMPTY_CELLS.sub("", text)
    bare = text.rstrip()
    for end in _ENDS:
        if bare.endswith(end) and bare.count(end) == 1:
            text = _LONE_STAR.sub("", bare, count=1).removesuffix(end).rstrip()
    if (found := _ONE_ITEM.match(text.rstrip())) and not _NEXT_NUMBER.search(text, found.end()):
        sentence = text[found.end() :]
        return sentence if len(sentence.split()) >= _SENTENCE or sentence.rstrip().endswith("?") else text
    return text


def _without_left_lines(text: str) -> str:
    lines = text.rstrip().split("\n")
    count = len(lines)
    while count > 1 and _LEFT_LINE.fullmatch(lines[count - 1]):
        count -= 1
    return text if count == len(lines) else "\n".join(lines[:count])


def said_once(text: str) -> str:
    """Return a text without what says it again as its answer.

    "Paris." from "Paris.\\nanswer: Paris." and from "Paris.\\nThe answer is "Paris."".
    """
    for label in _SAID_AGAIN.finditer(text):
        said = text[: label.start()].strip()
        if said and said == text[label.end() :].strip().strip('"“”'):
            return said
    return text


_ANSWER_LINE = re.compile(rf"\n[ \t]*(?:{_ANSWERING}|A)[ \t]*:[^\n]*\Z", re.IGNORECASE)
_LABELLED = re.compile(r"^[ \t]*\w[\w \t]{0,30}:", re.MULTILINE)


def bare_input(text: str) -> str:
    """Return an input as `bare_value` does, a list of one sentence without its number, and without an answer.

    That is a last line under its label, or what follows it on the only line. An output keeps other numbers:
    "1. Mai 2020" is an answer.
    """
    bare = bare_value(text)
    answer = _ANSWER_LINE.search(bare.rstrip()) or ("\n" not in bare.strip() and _ANSWERED.search(bare))
    if answer and not _LABELLED.search(bare[: answer.start()]):
        bare = bare[: answer.start()]
    found = _FIRST.match(bare)
    if not found or "\n" in bare.strip() or _NEXT_NUMBER.search(bare, found.end()):
        return bare
    sentence = bare[found.end() :]
    return sentence if len(sentence.split()) >= _SENTENCE else bare
