"""A refusal is found in the ten most used languages and in German; talk about refusing is not."""

from __future__ import annotations

import pytest

from app.method.refusals import refuses


@pytest.mark.parametrize(
    "text",
    [
        *("I'm sorry.", "I am unable to.", "I’m not able to.", "I cannot.", "I can't.", "I can not."),
        *("I won’t.", "As an AI, no.", "As a large language model.", "Sorry, no.", "Not able to help."),
        *("很抱歉，我无法回答这个问题。", "对不起，我不能提供帮助。", "作为一个人工智能，我没有感受。"),
        *("मुझे खेद है, लेकिन यह संभव नहीं है।", "मैं इसमें आपकी मदद नहीं कर सकता।", "माफ़ कीजिए, यह नहीं हो सकता।"),
        *("Lo siento, pero no.", "No puedo ayudar con eso.", "Como modelo de lenguaje, no tengo opinión."),
        *("Désolé, c'est impossible.", "Je ne peux pas vous aider.", "En tant que modèle de langage, non."),
        *("أعتذر، هذا غير ممكن.", "لا أستطيع مساعدتك في ذلك.", "بصفتي نموذج لغة، لا."),
        *("দুঃখিত, এটা সম্ভব নয়।", "আমি এই কাজটি করতে পারি না।", "একটি ভাষা মডেল হিসেবে আমি জানি না।"),
        *("Desculpe, mas não.", "Não posso ajudar com isso.", "Como um modelo de linguagem, não sei."),
        *("Извините, это невозможно.", "Я не могу помочь с этим.", "Как языковая модель, я не знаю."),
        *("معذرت، یہ ممکن نہیں۔", "میں اس میں مدد نہیں کر سکتا۔", "مجھے افسوس ہے کہ یہ نہیں ہو سکتا۔"),
        *("Es tut mir leid, das geht nicht.", "Ich kann das leider nicht tun.", "Als KI habe ich keine."),
    ],
)
def test_every_way_to_refuse_is_found(text: str) -> None:
    assert refuses(text)


@pytest.mark.parametrize(
    "text",
    [
        *("", "I can swim.", "He was sorry to hear it.", "As a rule, no.", "The answer. " * 30 + "I cannot."),
        *("Das kann ich gut verstehen.", "Ich kann schwimmen.", "Als Kind war er leise."),
        *("La réponse est que je ne mange pas.", "El agua no puede arder.", "O rio não para."),
        *("Мы не могли знать.", "一条河是流动的水。", "मैं एक किसान हूँ।", "আমি একটি নদী দেখি।"),
        *("النهر ماء جار.", "میں ایک استاد ہوں۔"),
    ],
)
def test_talk_of_other_things_is_no_refusal(text: str) -> None:
    assert not refuses(text)
