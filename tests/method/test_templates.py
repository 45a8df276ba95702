"""Templates print, choose and trim; everything else is refused before it is rendered."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jinja2.exceptions import SecurityError, UndefinedError

from app.method.templates import check, render

NAMES = ("instruction", "input")


@pytest.mark.parametrize(
    ("source", "told"),
    [
        ("{{ instruction.__class__ }}", "may not use attributes"),
        ("{{ instruction.upper }}", "may not use attributes"),
        ("{{ instruction['__class__'] }}", "may not use subscripts"),
        ("{{ instruction|attr('__class__') }}", "may not use the filter 'attr'"),
        ("{{ instruction|center(1000000000) }}", "may not use the filter 'center'"),
        ("{{ instruction|trim('x') }}", "may not use the filter 'trim'"),
        ("{{ instruction() }}", "may not use calls"),
        ("{{ ''.__class__.__mro__ }}", "may not use attributes"),
        ("{% for x in instruction %}{{ x }}{% endfor %}", "may not use loops"),
        ("{% set instruction = 1 %}", "may not use set statements"),
        ("{{ instruction * 1000000000 }}", "may not use"),
        ("{{ instruction ~ input }}", "may not use"),
        ("{% include '/etc/passwd' %}", "may not use includes"),
        ("{% import 'x' as y %}", "may not use imports"),
        ("{% macro m() %}{% endmacro %}", "may not use macros"),
        ("{{ topic }}", "unknown variable 'topic'; allowed: input, instruction"),
        ("{% if instruction %}", "is not a valid template"),
        ("{{ instruction", "is not a valid template"),
    ],
)
def test_what_templates_may_not_do_is_refused_in_words(source: str, told: str) -> None:
    with pytest.raises(ValueError, match=r"^(is|may|uses) ") as caught:
        check(source, NAMES)
    assert told in str(caught.value)


def test_a_required_variable_must_be_used() -> None:
    with pytest.raises(ValueError, match=r"must use \{\{ instruction \}\}"):
        check("{{ input }}", NAMES, required=("instruction",))


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("{{ instruction }}\n", "Do it\n"),
        ("{% if input %}{{ input }}{% else %}none{% endif %}", "none"),
        ("{{ input if input else 'no' }} {{ ' x ' | trim | upper }}", "no X"),
        ("{% if input == '' and not (instruction == 'x' or input) %}y{% endif %}", "y"),
        ("é {# remark #}🙂", "é 🙂"),
    ],
)
def test_what_templates_may_do_renders(source: str, text: str) -> None:
    assert render(check(source, NAMES), instruction="Do it", input="") == text


@given(st.text(max_size=60))
def test_any_text_is_a_template_or_refused_in_words(source: str) -> None:
    try:
        check(source, NAMES)
    except ValueError as error:
        assert str(error)
    else:
        assert isinstance(render(source, instruction="i", input=""), str)


NESTED = {
    "brackets": lambda depth: "{{ " + "(" * depth + "input" + ")" * depth + " }}",
    "blocks": lambda depth: "{% if input %}" * depth + "x" + "{% endif %}" * depth,
    "not": lambda depth: "{{ " + "not " * depth + "input }}",
    "and": lambda depth: "{{ input" + " and input" * depth + " }}",
    "filters": lambda depth: "{{ input" + "|trim" * depth + " }}",
    "choices": lambda depth: "{{ input" + " if input else input" * depth + " }}",
}


@pytest.mark.parametrize("depth", [10, 20, 50, 200, 5000])
@pytest.mark.parametrize("how", NESTED)
def test_nesting_renders_or_is_refused_and_never_breaks_the_reader(how: str, depth: int) -> None:
    source = NESTED[how](depth)
    try:
        check(source, NAMES)
    except ValueError as error:
        assert depth > 20 and str(error).startswith("is ")
    else:
        assert depth < 5000
        assert render(source, instruction="", input="") in ("", "True", "False")


def test_the_sandbox_holds_even_for_a_template_nobody_checked() -> None:
    with pytest.raises(SecurityError):
        render("{{ instruction.__class__ }}", instruction="x")
    with pytest.raises(UndefinedError):
        render("{{ nothing }}")
