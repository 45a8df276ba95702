"""Which styles a model can take, and what a person may choose."""

from __future__ import annotations

from dataclasses import replace

import pytest

from app.engine.catalog import BundledModels
from app.engine.gguf import ModelHeader, read_header
from app.errors import ModelError
from app.method.recipe import load
from app.method.terms import Style
from app.run.styles import chosen_styles, default_style, possible_styles

DISTILL, PAPER = load("distill").answers, load("ensemble-instruct-paper").answers


@pytest.fixture
def base(bundled_models: BundledModels) -> ModelHeader:
    return replace(read_header(bundled_models.writer), size=10**9)


@pytest.fixture
def chat(bundled_models: BundledModels) -> ModelHeader:
    return replace(read_header(bundled_models.answerers[0]), size=10**9)


@pytest.fixture
def t5(bundled_models: BundledModels) -> ModelHeader:
    return replace(read_header(bundled_models.answerers[1]), size=10**9)


def test_the_styles_of_a_model_begin_with_the_default_one(
    base: ModelHeader, chat: ModelHeader, t5: ModelHeader
) -> None:
    assert possible_styles(base, DISTILL) == ("few-shot-input-first", "few-shot")
    assert possible_styles(base, PAPER) == ("few-shot",), "the recipe has no input_first"
    assert possible_styles(chat, DISTILL) == (
        *("chat", "chat-no-system", "chat-examples"),
        *("few-shot", "few-shot-input-first"),
    )
    assert "chat-no-system" not in possible_styles(chat, PAPER), "it has no system text to leave out"
    assert possible_styles(t5, DISTILL) == ("zero-shot",)


def test_small_models_are_asked_as_they_were_trained(base: ModelHeader) -> None:
    assert default_style(replace(base, size=5 * 10**6), DISTILL) == "few-shot"


def test_the_style_of_a_recipe_goes_to_every_model_that_can_take_it(
    base: ModelHeader, chat: ModelHeader, t5: ModelHeader
) -> None:
    stage = DISTILL.model_copy(update={"style": "chat-examples"})
    styles = [default_style(header, stage) for header in (base, chat, t5)]
    assert styles == ["few-shot-input-first", "chat-examples", "zero-shot"]


def test_styles_are_chosen_by_how_the_names_of_models_begin(bundled_models: BundledModels) -> None:
    chat, t5 = bundled_models.answerers
    assert chosen_styles(DISTILL, (chat, t5), ["quorum chat=few-shot", "Quorum T5=zero-shot"]) == {
        chat: "few-shot",
        t5: "zero-shot",
    }
    assert chosen_styles(DISTILL, (chat, t5), [f"{chat}=chat-examples"]) == {chat: "chat-examples"}


@pytest.mark.parametrize(
    ("typed", "message", "hint"),
    [
        ("quorum-t5=chat", "zero-shot only", "It can take: zero-shot."),
        ("quorum-chat=zero-shot", "zero-shot is for encoder-decoders", "It can take: chat, "),
        ("quorum-chat=warm", "not of the form MODEL=STYLE", "few-shot-input-first"),
        ("chat", "not of the form MODEL=STYLE", "chat-no-system"),
        ("llama=chat", "llama is not the name of an answerer", "quorum-chat.q8_0.gguf"),
        ("quorum=chat", "quorum is the name of several answerers", "quorum-t5.q8_0.gguf"),
    ],
)
def test_an_impossible_style_is_one_clear_message(
    bundled_models: BundledModels, typed: str, message: str, hint: str
) -> None:
    with pytest.raises(ModelError) as refused:
        chosen_styles(DISTILL, bundled_models.answerers, [typed])
    assert message in refused.value.message and hint in refused.value.hint


@pytest.mark.parametrize(
    ("style", "why"), [("chat", "no chat template"), ("few-shot-input-first", "input_first")]
)
def test_a_base_model_and_an_old_recipe_say_what_they_lack(
    bundled_models: BundledModels, style: Style, why: str
) -> None:
    writer = bundled_models.writer
    with pytest.raises(ModelError, match=why):
        chosen_styles(PAPER, [writer], [f"{writer}={style}"])
