from __future__ import annotations

import pytest

from app.engine.request import Message
from app.engine.worker import template as module
from app.engine.worker.template import ChatTemplate, TemplateFailed

HELLO = [Message("user", "Hello.")]


def render(source: str, messages: list[Message] = HELLO) -> str:
    return ChatTemplate(source, "<s>", "</s>").render(messages)


def test_a_template_sees_messages_tokens_and_the_opened_turn() -> None:
    source = (
        "{{ bos_token }}{% for m in messages %}[{{ m.role }}]{{ m['content'] }}{{ eos_token }}{% endfor %}"
    )
    source += "{% if add_generation_prompt %}[assistant]{% endif %}"
    assert render(source) == "<s>[user]Hello.</s>[assistant]"


def test_models_that_can_answer_without_thinking_aloud_are_asked_to() -> None:
    assert (
        render("{% if enable_thinking is defined and enable_thinking is false %}short{% endif %}") == "short"
    )


def test_training_tags_loop_controls_and_json_work_as_elsewhere() -> None:
    assert render("{% generation %}{{ messages[0].content }}{% endgeneration %}") == "Hello."
    assert render("{% for m in messages %}{% break %}{% endfor %}done") == "done"
    assert render("{{ {'a': '<é>'} | tojson }}") == '{"a": "<é>"}'


def test_a_template_without_a_system_role_gets_that_message_with_the_first_question() -> None:
    source = "{% if messages[0].role == 'system' %}{{ raise_exception('no system role') }}{% endif %}"
    source += "{% for m in messages %}<{{ m.role }}>{{ m.content }}{% endfor %}"
    messages = [Message("system", "Be brief."), Message("user", "Hello.")]
    assert render(source, messages) == "<user>Be brief.\n\nHello."


@pytest.mark.parametrize(
    "source",
    [
        "{{ ''.__class__.__mro__ }}",
        "{{ ''['__class__']['__mro__'] }}",
        "{{ (''|attr('__class__')).mro() }}",
        "{{ '{0.__class__.__mro__}'.format('') }}",
        "{{ messages.append(1) }}",
        "{{ cycler.__init__.__globals__.os.system('true') }}",
        "{{ lipsum.__globals__.os }}",
        "{% for x in %}",
        "{{ nothing.at.all }}",
        "{{ raise_exception('Only user turns.') }}",
        "{{ 1 / 0 }}",
        "{{ 'a' * 3000000000 }}",
        "{{ 3000000000 * 'a' }}",
        "{{ [1] * 3000000000 }}",
        "{{ 9 ** 9 ** 9 }}",
        "{{ range(1000000) }}",
        "{% include 'x' %}",
    ],
)
def test_a_hostile_or_broken_template_fails_with_words(source: str) -> None:
    with pytest.raises(TemplateFailed) as caught:
        render(source)
    assert str(caught.value)


def test_a_template_that_never_ends_is_not_asked_about_thinking(monkeypatch: pytest.MonkeyPatch) -> None:
    rendered: list[object] = []
    monkeypatch.setattr(ChatTemplate, "_write", lambda _self, turns, **_: rendered.append(turns) or _stop())
    assert ChatTemplate("</think>", "", "").thinking is None
    assert len(rendered) == 1


def _stop() -> str:
    raise TemplateFailed("the template takes longer than 2 seconds")


def test_a_template_that_never_ends_is_interrupted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "SECONDS", 0.05)
    nested = "{% for a in range(99999) %}{% for b in range(99999) %}{% for c in range(99999) %}"
    with pytest.raises(TemplateFailed, match="longer than"):
        render(nested + "{% endfor %}{% endfor %}{% endfor %}")
