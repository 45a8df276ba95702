"""What looks wrong with a task and its answer: named checks, each a warning. Pure.

A check says where a person should look, never what is left out; all of them miss some and may hit an
answer that is right (a code listing may well end with a comma). A run drops what loops, and the rule
`quorum` prefers answers that do not; the rest is for the eyes of people. Importing this compiles every
pattern: whoever only names the checks takes `app.method.terms`.
"""

from __future__ import annotations

import re
import string
from collections.abc import Callable, Collection

from app.method.language import in_another_language
from app.method.loops import loops
from app.method.refusals import refuses
from app.method.terms import Fault
from app.method.unclosed import unclosed

LONG = 8000
"""Characters of a whole row; about 2,000 tokens of English."""


class Row:
    """A task with its answer, and what several checks look at, made once.

    `cut` says that the length limit cut the answer.
    """

    __slots__ = ("asked", "cut", "input", "instruction", "lower", "raw", "text", "whole")

    def __init__(self, instruction: str, input: str, output: str, cut: bool = False) -> None:
        self.instruction, self.input, self.cut = instruction, input, cut
        self.text = output.strip()
        # Lower case is found by its first letter, many times faster than any case is.
        self.asked, self.lower = instruction.lower(), self.text.lower()
        self.whole = f"{instruction}\n{input}\n{output}"
        self.raw = self.whole.encode("utf-8", "surrogatepass")


def faults(row: Row, off: Collection[str] = ()) -> list[Fault]:
    """Name the checks that a row does not pass, in the order of `FAULTS`, those in `off` left out.

    A row without an output is only short.
    """
    if len(row.text) < 2:
        return [] if "short" in off else ["short"]
    return [name for name, finds in _CHECKS.items() if name not in off and finds(row)]


def is_faulty(name: str, row: Row) -> bool:
    """Say whether one check, a name of `FAULTS`, finds a row: as `faults` does, at the cost of that one."""
    if len(row.text) < 2:
        return name == "short"
    return any(finds(row) for check, finds in _CHECKS.items() if check == name)


# ---- what the answer repeats or continues --------------------------------------------------------

_ECHOED = 4
"""Words of an instruction that an answer may not begin with; shorter ones are names and headings."""
_SAME = 12
_EDGES = " \t\r\n\"'“”‘’.:!?…"


def echoes(instruction: str, input: str, output: str) -> bool:
    """Say whether an answer is the instruction or its input, or begins by repeating the instruction whole.

    White space, case, outer quotes and closing marks do not count.
    """
    text = output.strip(_EDGES)
    start = text[:_SAME].casefold()
    if input and input.lstrip(_EDGES)[:_SAME].casefold() == start and _plain(input) == _plain(text):
        return True
    if instruction.lstrip(_EDGES)[:_SAME].casefold() != start:
        return False
    asked, said = _plain(instruction), _plain(text)
    if said == asked:
        return True
    whole = len(asked.split()) >= _ECHOED and said.startswith(asked)
    return whole and not said[len(asked)].isalnum()


def _plain(text: str) -> str:
    return " ".join(text.strip(_EDGES).casefold().split())


_PARTS = ("instruction", "task", "input", "output", "example", "question", "response")
_MERGED = re.compile(rf"\n\s*(?:#+ *|\*\* *)?(?:\d+[.)] *)?(?:{'|'.join(_PARTS)})(?: *\d+)? *(?:\*\*)? *:")
_LEAKED = re.compile(
    r"<\|[a-z_ ]{2,24}\|>|</?s>|\[/?inst\]|<</?sys>>|</?(?:think|example|instruction|input|output)>"
    r"|<(?:start|end)_of_turn>|### ?(?:instruction|response|input)|below is an instruction"
    # The end of a demonstration, and what small models make of it.
    r"|\| ?(?:eos|eot|im_(?:start|end)|end_?of_?text) ?\||<<<?(?:eos|p\d)\b"
)
_BARRED = re.compile(r"^[^|\n]*\|+ ?p\d ?\|[^|\n]*$", re.MULTILINE)
"""One pair of bars in a line: a table has more of them."""
_LABEL = re.compile(r"(?:instruction|input|output|response) *:")
_NUMBER = re.compile(
    r"(?:\d{1,2}[.)] +(?!(?:Jan|Feb|Mär|Apr|Mai|Jun|Jul|Aug|Sep|Okt|Nov|Dez))(?=[^\W\d_])"
    r"|(?:Task|Instruction|Example|Question) \d{1,3} *[:.)] *\S)"
)
_NUMBERED = re.compile(r"(?:^|\s)\(?(?:\d{1,2}|[a-z])[.)]\s", re.IGNORECASE)


def _merged(row: Row) -> bool:
    return "\n" in row.lower and _has(row.lower, _PARTS) and _MERGED.search(row.lower) is not None


def _leaked(row: Row) -> bool:
    if _LABEL.match(row.lower):
        return True
    marked = b"|" in row.raw or b"<" in row.raw
    if not (marked or b"[" in row.raw or b"#" in row.raw or b"elow is" in row.raw):
        return False
    if not marked:
        return _LEAKED.search(row.lower) is not None
    texts = (row.lower, row.asked)
    barred = b"|" in row.raw and any(map(_BARRED.search, texts))
    return barred or any(map(_LEAKED.search, texts))


def _numbered(row: Row) -> bool:
    return left_numbered(row.instruction) or (
        left_numbered(row.text) and not (_NUMBERED.search(row.instruction) or _NUMBERED.search(row.input))
    )


def left_numbered(text: str) -> bool:
    """Say whether a text begins with the number of a list that it is not: "3. Name a river.", "Task 2: …"."""
    head = text[:1]
    if not (head.isdigit() or head in "TIEQtieq"):
        return False
    number = _NUMBER.match(text)
    # A second number, or a first line of several, makes it a list or a heading.
    return number is not None and "\n" not in text.strip() and not _NUMBERED.search(text, number.end())


# ---- where the answer ends -----------------------------------------------------------------------

_OPENERS = frozenset(",([{")
_GOES_ON = frozenset(
    (
        *("a", "an", "and", "are", "as", "because", "by", "for", "from", "in", "is", "it's", "its", "of"),
        *("or", "that", "the", "their", "to", "which", "with"),
    )
)
"""Words that no sentence ends with."""


def _breaks_off(text: str) -> bool:
    """Say whether a text of several words ends where no sentence does."""
    if text[-1] in _OPENERS:
        return True
    words = text.rsplit(None, 3)
    return len(words) > 3 and words[-1].lower() in _GOES_ON


# ---- what nobody can answer ----------------------------------------------------------------------

_SHOWN = (
    *("image", "picture", "photo", "video", "audio", "screenshot"),
    *("attachment", "url", "link", "site", "page"),
)
_WANTS = re.compile(
    r"\b(?:this|these|the|attached|following|given|above|below|provided)(?: \w+)?"
    r" (?:images?|pictures?|photos?|photographs?|videos?|audio|screenshots?|attachments?|urls?|links?"
    r"|web ?(?:site|page)s?)\b",
    re.IGNORECASE,
)
_LINK = re.compile(r"\s*(?:https?://|www\.)\S+\s*")
_PRESENT = ("today", "now", "current", "latest", "tomorrow", "weather", "what time", "what day", "the date")
_PRESENTLY = re.compile(
    r"(?:^|[.!?:] |, )(?:please |can you |could you )?(?:(?:tell|show|give) me |say )?(?:"
    r"what(?:['’]s| is| will be)? (?:the )?(?:day|date|time|weather|temperature|year|month|forecast)\b"
    r"(?: forecast)?(?: of the week)?(?: is it| like| be)?(?: in [\w ]{1,40}?| outside| here)?"
    r"(?: today| (?:right )?now| tomorrow| at the moment)?\?"
    r"|(?:what (?:is|are) )?(?:today|tomorrow)['’]s (?:date|weather|news|temperature|headlines|exchange rate)"
    r"|what (?:is|are) the (?:current|latest) (?:time|date|weather|temperature|news|headlines|price of"
    r"|exchange rate|stock price))",
    re.IGNORECASE,
)


def _missing(row: Row) -> bool:
    return bool(
        (not row.input or _LINK.fullmatch(row.input))
        and _has(row.asked, _SHOWN)
        and _WANTS.search(row.instruction)
    )


def _present(row: Row) -> bool:
    return (
        not row.input.strip() and _has(row.asked, _PRESENT) and _PRESENTLY.search(row.instruction) is not None
    )


# ---- what should not leave the house -------------------------------------------------------------

_EMAIL = re.compile(r"(?<![\w.+-])[\w.+-]{1,64}@(?:[\w-]{1,63}\.){1,5}[a-z]{2,24}\b", re.IGNORECASE)
_PHONE = re.compile(
    r"(?:\+\d{1,3}[ .-]?(?:\(\d{1,4}\)[ .-]?)?\d{1,4}(?:[ .-]\d{2,4}){1,4}|\+\d{9,14}"
    r"|(?:1[ .-])?\(\d{3}\) ?\d{3}[ .-]\d{4}|(?:1[.-])?\d{3}([.-])\d{3}\1\d{4}"
    r"|0\d{2,4}[ /-]\d{3,8}(?:[ -]\d{2,6}){0,2})(?![\w/=]|[.,-]\d)"
)
_PHONE_DIGITS = 9
_NO_PHONE_BEFORE = frozenset(".,/+=-_")
_DIGITS_ALONE = bytes(byte if byte in b"0123456789" else 0x20 for byte in range(256))
_SECRET = re.compile(
    r"\b(?:sk-[\w-]{16,}|[sr]k_(?:live|test)_\w{10,}|gh[pousr]_\w{20,}|github_pat_\w{20,}|glpat-[\w-]{16,}"
    r"|AKIA[0-9A-Z]{16}|AIza[\w-]{30,}|xox[abprs]-[\w-]{10,}|hf_[A-Za-z0-9]{20,}"
    r"|eyJ[\w-]{10,}\.eyJ[\w-]{10,}|Bearer [\w.-]{20,})"
    r"|-----BEGIN [A-Z ]{0,20}PRIVATE KEY"
)
_SECRET_SIGNS = (
    *("sk-", "k_live_", "k_test_", "ghp_", "gho_", "ghu_", "ghs_", "ghr_", "github_pat_", "glpat-", "AKIA"),
    *("AIza", "xox", "hf_", "eyJ", "Bearer ", "PRIVATE KEY"),
)
_KEY_SIGNS = frozenset(string.ascii_letters + string.digits + "_-.")
_RUN = b"x" * 16
_RUNS = bytes(0x78 if chr(byte) in _KEY_SIGNS else 0x20 for byte in range(256))
_ASSIGNED = re.compile(r"(?:key|token)[\"']?\s{0,3}[:=]\s{0,3}[\"']?(?=[a-z_-]*\d)[\w-]{16,}", re.IGNORECASE)
_ASSIGNED_SIGNS = (
    *("api_key", "api-key", "api key", "apikey", "apiKey", "API_KEY", "API key", "API-KEY", "secret_key"),
    *("secret key", "SECRET_KEY", "secretKey", "access_key", "ACCESS_KEY", "access_token", "access token"),
    *("accessToken", "ACCESS_TOKEN", "auth_token", "AUTH_TOKEN", "token=", "TOKEN="),
)


def _phone(row: Row) -> bool:
    # Years, prices and the numbers of lists are soon told from a number of nine digits.
    runs = row.raw.translate(_DIGITS_ALONE).split()
    long = [run for run in runs if len(run) > 2]
    national = len(long) > 1 and sum(map(len, long)) >= _PHONE_DIGITS
    if not national and (b"+" not in row.raw or sum(map(len, runs)) < _PHONE_DIGITS):
        return False
    return any(map(_is_phone, _PHONE.finditer(row.whole)))


def _secret(row: Row) -> bool:
    # Keys are long and without a gap, which few rows hold: looked for at once, not sign by sign.
    whole = row.whole
    if _RUN not in row.raw.translate(_RUNS) and "PRIVATE KEY" not in whole:
        return False
    known = _has(whole, _SECRET_SIGNS) and _SECRET.search(whole)
    return bool(known or (_has(whole, _ASSIGNED_SIGNS) and _ASSIGNED.search(whole)))


def _is_phone(found: re.Match[str]) -> bool:
    before = found.string[max(0, found.start() - 1) : found.start()]
    digits = [sign for sign in found[0] if sign.isdigit()]
    if before.isalnum() or before in _NO_PHONE_BEFORE:
        return False
    return len(digits) >= _PHONE_DIGITS and not set(digits) <= {"0", "1"}


# ---- the rest ------------------------------------------------------------------------------------

# Controls but for tab and line ends, invisible and direction marks, and the replacement character.
_HIDDEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u00ad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff"
    "\ufff9-\ufffd\U000e0000-\U000e007f]"
)
_PLAIN = bytes([*b"\t\n\r", *range(0x20, 0x7F)])


def _hidden(row: Row) -> bool:
    # Most texts are plain ASCII, which is quick to see.
    return bool(row.raw.translate(None, _PLAIN)) and _HIDDEN.search(row.whole) is not None


def _has(text: str, words: tuple[str, ...]) -> bool:
    return any(map(text.__contains__, words))


_CHECKS: dict[Fault, Callable[[Row], bool]] = {
    "echo": lambda row: echoes(row.instruction, row.input, row.text),
    "loop": lambda row: loops(row.text) or loops(row.instruction) or loops(row.input),
    "merged": _merged,
    "leaked": _leaked,
    "numbering": _numbered,
    "truncated": lambda row: row.cut or _breaks_off(row.text),
    "unclosed": lambda row: unclosed(row.text, row.instruction + row.input),
    "refusal": lambda row: refuses(row.text),
    "language": lambda row: in_another_language(row.instruction, row.input, row.text),
    "missing": _missing,
    "present": _present,
    "email": lambda row: b"@" in row.raw and _EMAIL.search(row.whole) is not None,
    "phone": _phone,
    "secret": _secret,
    "hidden": _hidden,
    "long": lambda row: len(row.whole) - 2 > LONG,
}
"""What finds each of `FAULTS` but "short" in a row that has an output."""
