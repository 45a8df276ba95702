"""The small template language of recipes: Jinja with everything but values, choices and trims taken out.

A recipe may come from a stranger, so a template is checked before it is ever rendered: it may print its
variables, choose with `if`, and use a few filters without arguments. Loops, calls, attributes, arithmetic
and set statements are refused when the recipe is loaded; what remains cannot reach the interpreter and
cannot grow without bound. Rendering still happens in Jinja's immutable sandbox.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache

from jinja2 import StrictUndefined, Template, TemplateSyntaxError, nodes
from jinja2.exceptions import TemplateError
from jinja2.sandbox import ImmutableSandboxedEnvironment

FILTERS = ("trim", "lower", "upper", "capitalize")
MAX_DEPTH = 30

_ALLOWED = (
    nodes.Template,
    nodes.Output,
    nodes.TemplateData,
    nodes.Name,
    nodes.Const,
    nodes.If,
    nodes.CondExpr,
    nodes.Compare,
    nodes.Operand,
    nodes.And,
    nodes.Or,
    nodes.Not,
    nodes.Filter,
)

_SPOKEN: dict[type[nodes.Node], str] = {
    nodes.Getattr: "attributes",
    nodes.Getitem: "subscripts",
    nodes.Call: "calls",
    nodes.For: "loops",
    nodes.Assign: "set statements",
    nodes.Include: "includes",
    nodes.Import: "imports",
    nodes.Macro: "macros",
}

# keep_trailing_newline: a prompt is compared byte for byte with what a model was trained on.
_ENVIRONMENT = ImmutableSandboxedEnvironment(
    undefined=StrictUndefined, keep_trailing_newline=True, autoescape=False
)


def check(source: str, variables: Iterable[str], required: Iterable[str] = ()) -> str:
    """Return `source` if it is a template over `variables` that uses every `required` one.

    Raises ValueError with a sentence for the recipe's author: bad syntax, an unknown variable, a
    construct that templates may not use, or a required variable that is missing.
    """
    allowed = sorted(variables)
    try:
        tree = _ENVIRONMENT.parse(source)
    except (TemplateError, RecursionError) as error:
        where = f" (line {error.lineno})" if isinstance(error, TemplateSyntaxError) else ""
        raise ValueError(f"is not a valid template: {error}{where}") from None
    used = set()
    for node in _walk(tree):
        _refuse(node)
        if isinstance(node, nodes.Name):
            used.add(node.name)
    if unknown := sorted(used - set(allowed)):
        choice = ", ".join(allowed) if allowed else "none"
        raise ValueError(f"uses the unknown variable {unknown[0]!r}; allowed: {choice}")
    if missing := sorted(set(required) - used):
        raise ValueError(f"must use {{{{ {missing[0]} }}}}")
    return source


def render(source: str, **values: object) -> str:
    """Render a checked template; values are data and are never read as a template."""
    return _compiled(source).render(values)


def _walk(node: nodes.Node, depth: int = 0) -> Iterator[nodes.Node]:
    """Yield `node` and all below it; raises ValueError where a tree is too deep to compile safely."""
    if depth > MAX_DEPTH:
        raise ValueError("is nested too deeply")
    yield node
    for child in node.iter_child_nodes():
        yield from _walk(child, depth + 1)


def _refuse(node: nodes.Node) -> None:
    """Raise ValueError for a construct that templates may not use."""
    if not isinstance(node, _ALLOWED):
        what = _SPOKEN.get(type(node), type(node).__name__)
        raise ValueError(f"may not use {what}; a template prints its variables and chooses with if")
    if isinstance(node, nodes.Filter) and (
        node.name not in FILTERS or node.args or node.kwargs or node.dyn_args or node.dyn_kwargs
    ):
        raise ValueError(
            f"may not use the filter {node.name!r}; allowed, without arguments: {', '.join(FILTERS)}"
        )


@lru_cache(maxsize=256)
def _compiled(source: str) -> Template:
    """Compile once per template text.

    No template can name what Jinja gives to all of them, and to hand that over took most of the time of a
    rendering.
    """
    template = _ENVIRONMENT.from_string(source)
    template.globals = {}
    return template
