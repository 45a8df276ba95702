"""A refusal is found in the ten most used languages and in German; talk about refusing is not."""

from __future__ import annotations

import pytest

from app.method.refusals import refuses, refuses_to_do


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


@pytest.mark.parametrize(
    "text",
    [
        *("I'm sorry, but I can't help with that.", "I’m sorry, but I cannot browse the web."),
        *("As an AI language model, I cannot have feelings.", "Thanks! As an AI, I have no opinion."),
        *("Sorry, I can't assist with that request.", "I am unable to provide medical advice."),
        *("I apologize, but I cannot do that.", "Unfortunately, I can't directly access files."),
        *(
            "I won't write this.",
            "I can't respond to that.",
            "I'm unable to translate this text.",
            "I'm an AI and can't taste.",
        ),
        *("很抱歉，我无法回答这个问题。", "No puedo ayudar con eso.", "Je ne peux pas vous aider."),
        *(
            "Não posso ajudar com isso.",
            "Nao posso ajudar.",
            "Я не могу помочь с этим.",
            "لا أستطيع مساعدتك في ذلك.",
        ),
        *("मैं इसमें आपकी मदद नहीं कर सकता।", "আমি এই কাজটি করতে পারি না।", "میں اس میں مدد نہیں کر سکتا۔"),
        *("Es tut mir leid, das kann ich nicht beantworten.", "Als KI habe ich keine Meinung."),
    ],
)
def test_a_model_that_says_no_to_its_task_refuses_to_do_it(text: str) -> None:
    assert refuses_to_do(text)


@pytest.mark.parametrize(
    "text",
    [
        *("I can't swim.", "I can’t swim at the café.", "I can't wait!", "I cannot find my keys."),
        *("Sorry, we have no bread left today.", "I am unable to swim.", "I'm sorry that I was late."),
        *(
            "I won't be home tonight.",
            "Sorry!",
            "I can't make it.",
            "I can't help laughing.",
            "I work as an AI engineer.",
            "",
        ),
    ],
)
def test_a_speaker_who_cannot_or_is_sorry_refuses_nothing(text: str) -> None:
    assert not refuses_to_do(text)
