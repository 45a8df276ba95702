"""Refusals: how models say no, in the ten most used languages and German. Pure.

Only the beginning of an answer is looked at, where a refusal stands; an apology or a "cannot" counts where a
model speaks of what it was asked to do.
"""

from __future__ import annotations

import re

_HEAD = 200
"""Characters of an answer within which a refusal begins."""

_ENGLISH = (
    r"\bi(?:['’]m| am) (?:sorry|unable|not able)\b|\bi (?:cannot|can['’]?t|can not|won['’]?t)\b"
    r"|\bas an? (?:ai|artificial|(?:large )?language model)\b|^sorry,|\bnot able to (?:assist|help)\b"
)
_SPANISH = (
    r"^(?:lo siento|lo lamento)\b"
    r"|\bno (?:puedo|podr[íi]a|soy capaz de|me es posible) (?:ayudar|cumplir|hacer"
    r"|responder|proporcionar|dar|ofrecer|generar|escribir|crear|realizar|acceder|asistir|completar|abrir|ver)"
    r"|\bcomo (?:una? )?(?:modelo de lenguaje|ia\b|inteligencia artificial|asistente de ia)"
)
_FRENCH = (
    r"^(?:je suis (?:vraiment )?)?d[ée]sol[ée]e?\b"
    r"|\bje ne (?:peux|suis)(?: malheureusement)? pas (?:en mesure"
    r"|capable|vous |t['’]|te |y |aider|r[ée]pondre|faire"
    r"|fournir|donner|acc[ée]der|g[ée]n[ée]rer|traiter)"
    r"|\ben tant (?:que|qu['’]) ?(?:mod[èe]le|ia\b|intelligence artificielle|assistante? ia\b)"
)
_PORTUGUESE = (
    r"^(?:sinto muito|lamento|(?:me )?desculpe|desculpa)\b"
    r"|\bn[ãa]o (?:posso|consigo|sou capaz de) (?:ajudar|fazer|responder"
    r"|fornecer|dar|oferecer|gerar|escrever|criar|realizar|acessar|atender|cumprir|abrir|ver)"
    r"|\bcomo (?:uma? )?(?:modelo de linguagem|ia\b|intelig[êe]ncia artificial|assistente de ia)"
)
_GERMAN = (
    r"^(?:es )?tut mir (?:wirklich |sehr )?leid\b"
    r"|\b(?:ich kann|kann ich)[^.!?\n]{0,40}\b(?:leider|nicht (?:tun|machen"
    r"|helfen|weiterhelfen|beantworten|erfüllen|bereitstellen|ausführen))\b|^leider kann ich\b"
    r"|\bals (?:eine? )?(?:ki\b|ki-|(?:großes )?sprachmodell|künstliche intelligenz)"
)
_RUSSIAN = (
    r"^(?:извините|простите|прошу прощения|мне (?:очень )?жаль)\b|^к сожалению,? я не\b"
    r"|\bя не (?:могу|в состоянии|способ\w+) (?:\w+ )?(?:помочь|выполнить|ответить|предоставить|сделать"
    r"|дать|создать|написать|открыть)"
    r"|\b(?:как|будучи) (?:больш\w+ )?(?:языков\w+ модел|искусственн\w+ интеллект|ии\b)"
)
_CHINESE = (
    r"^(?:很|非常|十分|真的)?抱歉|^[对對]不起|我(?:无法|無法|不能|没办法|沒辦法)(?:为|為|直接|协助|協助|提供|回答"
    r"|完成|帮|幫|满足|滿足|执行|執行|访问|訪問|生成|这样做|這樣做)"
    r"|作[为為](?:一个|一個|一名)?(?:人工智能|人工智慧|ai|大型语言模型|大型語言模型|语言模型|語言模型)"
)
_HINDI = (
    "^(?:मुझे (?:खेद|अफ़सोस|अफसोस) है|मा(?:\u095e|\u092b\u093c?) (?:कीजिए|करें|करना)|क्षमा (?:करें|कीजिए))"
    "|मैं [^।\n]{0,50}(?:नहीं (?:कर|दे|बता|लिख) सकत|असमर्थ)"
    "|एक (?:एआई|ai|कृत्रिम|(?:बड़े )?भाषा मॉडल)[^।\n]{0,20}के (?:रूप में|नाते)"
)
_BENGALI = (
    "^(?:আমি )?দুঃখিত|^ক্ষমা করবেন|^মাফ করবেন"
    "|আমি [^।\n]{0,50}(?:করতে|দিতে|বলতে|লিখতে) (?:পারি না|পারছি না|পারব না|অক্ষম)"
    "|একটি (?:এআই|ai|(?:বড় )?ভাষা মডেল)[^।\n]{0,20}হিসেবে"
)
_ARABIC = (
    "^(?:أنا )?(?:آسف|أعتذر|عذر[اً]+|للأسف)"
    "|لا (?:أستطيع|يمكنني) (?:مساعد|أن|تقديم|تنفيذ|الإجابة|القيام|إنشاء|كتابة|فتح|الوصول)"
    "|لست قادر|(?:بصفتي|باعتباري) (?:نموذج|ذكاء|مساعد)|كنموذج لغ"
)
_URDU = (
    "^(?:میں )?(?:معذرت|معافی)|^معاف (?:کیجیے|کیجئے|کریں)|^مجھے افسوس ہے"
    "|میں [^۔\n]{0,50}(?:نہیں (?:کر|دے|بتا|لکھ) سکت|قاصر)"
    "|(?:بطور ایک|ایک) (?:اے آئی|(?:بڑے )?لسانی ماڈل|مصنوعی ذہانت)"
)

# Every text that a pattern finds has one of its words: a quick look first. Those of ASCII texts come first.
_PLAIN = (
    (("sorry", "able", "i can", "i won", "as a"), _ENGLISH),
    (("siento", "lamento", "no p", "no soy", "no me", "como "), _SPANISH),
    (("desol", "je ne", "en tant"), _FRENCH),
    (("sinto", "lamento", "desculp", "posso", "consigo", "nao sou", "como "), _PORTUGUESE),
    (("leid", "ich kann", "kann ich", "als "), _GERMAN),
)
_ACCENTED = (
    *_PLAIN,
    (("désol", "je ne"), _FRENCH),
    (("não ", "como "), _PORTUGUESE),
    (("изви", "прост", "прошу", "жаль", "сожал", "я не", "модел", "ии", "интел"), _RUSSIAN),
    (("抱歉", "不起", "我无法", "我無法", "我不能", "我没办法", "我沒辦法", "作为", "作為"), _CHINESE),
    (("खेद", "सोस", "मा", "क्षमा", "मैं ", "एक "), _HINDI),
    (("দুঃখিত", "করবেন", "আমি ", "একটি "), _BENGALI),
    (("آسف", "أعتذر", "عذر", "للأسف", "لا ", "لست", "بصفتي", "باعتباري", "كنموذج"), _ARABIC),
    (("معذرت", "معاف", "افسوس", "میں ", "ایک "), _URDU),
)
_SAYS = r"(?:(?:can(?:not|['’]?t| not)|won['’]?t|am (?:unable|not able) to|['’]m (?:unable|not able) to)\b)"
_DOES = (
    "access|advise|analy[sz]e|answer|assist|browse|comply|complete|compose|continue|create|describe|determine"
    "|discuss|do (?:that|this|so)|engage|explain|facilitate|fulfil|generate|identify|interpret"
    r"|give(?! up| in)|help(?! it\b| but\b| \w+ing)|make(?! it\b)"
    "|offer|participate|perform|predict|process|produce|provide|recommend|respond|rewrite|satisfy|suggest"
    "|summari[sz]e|support|translate|view|write"
)
_ASKED_OF_A_MODEL = (
    rf"\bi ?{_SAYS}(?: \w+ly)?(?: be able to| directly)? (?:{_DOES})"
    rf"|^\W*(?:i['’]?m|i am)?(?: \w+ly)? ?sorry,? but (?:as an?\b|i ?{_SAYS}|i (?:don['’]?t|do not)\b)"
    rf"|^\W*i apologi[sz]e,? but i ?{_SAYS}"
    r"|^\W*as an? (?:ai|artificial|(?:large )?language model)\b"
    r"|\bas an (?:ai|artificial intelligence)(?: language)?(?: model| assistant)?, i\b"
    r"|\bas a (?:large )?language model\b"
    r"|\bi(?:['’]?m| am)(?: just| only| merely)? an (?:ai|artificial intelligence)"
    r"(?: language)?(?: model| assistant)?(?: and|,|\.)"
    r"|\bnot able to (?:assist|help)\b"
)
"""An English refusal by what a model is asked to do: not every "I can't" and "sorry" is one."""
_NARROW_PLAIN = (((*_PLAIN[0][0], "an a"), _ASKED_OF_A_MODEL), *_PLAIN[1:])
_NARROW = (*_NARROW_PLAIN, *_ACCENTED[len(_PLAIN) :])
_COMPILED = {pattern: re.compile(pattern) for _, pattern in (*_ACCENTED, *_NARROW)}


def refuses(text: str) -> bool:
    """Say whether an answer begins with words of refusing: English, Mandarin, Hindi, Spanish, French, Arabic,
    Bengali, Portuguese, Russian, Urdu or German. "I can't wait!" has such words too."""
    head = _head(text)
    return _finds(head, _PLAIN if head.isascii() else _ACCENTED)


def refuses_to_do(text: str) -> bool:
    """Say whether a model refuses what it was asked for, which "I can't swim." and "Sorry, no bread." do not.

    In other languages than English this is `refuses`, whose patterns there name what is refused.
    """
    head = _head(text)
    return _finds(head, _NARROW_PLAIN if head.isascii() else _NARROW)


def _head(text: str) -> str:
    return text.lstrip()[:_HEAD].lower()


def _finds(head: str, patterns: tuple[tuple[tuple[str, ...], str], ...]) -> bool:
    return any(
        any(map(head.__contains__, words)) and _COMPILED[pattern].search(head) is not None
        for words, pattern in patterns
    )
