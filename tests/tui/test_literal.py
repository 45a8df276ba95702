"""The door for foreign text: what reaches a widget was typed here, is a number, or came through `literal`.

The check reads the source of app/tui. It follows names inside one function, trusts what mypy checks (a
parameter, field or function annotated as Content, int or float), and otherwise asks for a literal.
"""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from app.tui.literal import literal, literal_line, reason_words, with_emphasis
from tests.hostile import HOSTILE

TUI = Path(__file__).resolve().parents[2] / "app" / "tui"
MODULES = sorted(TUI.rglob("*.py"))

WORDS = TUI.parent / "words.py"
SINKS = {
    *("Static", "Label", "Button", "Option", "Checkbox", "RadioButton", "Collapsible", "TabPane", "Markdown"),
    *("Input", "PathInput", "TextArea", "TextEditor", "update", "notify", "add_option", "add_row"),
    *("add_column", "Tab", "SystemCommand", "Content", "styled", "from_markup", "from_text", "append_text"),
}
"""Calls whose first argument is drawn."""
DRAWN_KEYWORDS = {"placeholder", "label", "content", "prompt", "tooltip", "title", "value", "text"}
DRAWN_ATTRIBUTES = {
    "border_title",
    "border_subtitle",
    "tooltip",
    "title",
    "sub_title",
    "placeholder",
    "value",
}
SAFE_TYPES = {"Content", "int", "float", "bool", "int | None", "float | None", "Content | None"}
CONTENT_METHODS = {
    "truncate", "stylize", "first_line", "rstrip", "pad_right", "pad_left", "right_crop", "simplify", "blank",
}  # fmt: skip
NUMERIC_SPECS = "dfge%,"


def trees() -> dict[Path, ast.Module]:
    return {path: ast.parse(path.read_text("utf-8")) for path in MODULES}


def safe_functions() -> set[str]:
    """Return the functions of app/tui that give Content, and those of words.py, which take numbers only."""
    names = {"len", "round", "max", "min", "sum", "field_text"}
    names |= {
        node.name for node in ast.parse(WORDS.read_text("utf-8")).body if isinstance(node, ast.FunctionDef)
    }
    for tree in trees().values():
        for node in ast.walk(tree):
            if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) or node.returns is None:
                continue
            if ast.unparse(node.returns) in {"Content", "list[Content]"}:
                names.add(node.name)
    return names


SAFE_FUNCTIONS = safe_functions()


def content_fields() -> dict[str, set[str]]:
    """Map each class of app/tui to its fields that are declared to be Content."""
    found: dict[str, set[str]] = {}
    for tree in trees().values():
        for node in ast.walk(tree):
            if isinstance(node, ast.ClassDef):
                declared = [one for one in node.body if isinstance(one, ast.AnnAssign)]
                fields = {
                    ast.unparse(one.target) for one in declared if ast.unparse(one.annotation) == "Content"
                }
                if fields:
                    found[node.name] = fields
    return found


CONTENT_FIELDS = content_fields()


def constants(tree: ast.Module) -> dict[str, ast.expr]:
    """Return the module's constants by name, those it imports from app.tui included."""
    found: dict[str, ast.expr] = {}
    for node in tree.body:
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            found[node.targets[0].id] = node.value
        if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name) and node.value is not None:
            found[node.target.id] = node.value
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("app.tui"):
            other = TUI.parent.parent.joinpath(*str(node.module).split(".")).with_suffix(".py")
            if other.is_file():
                theirs = constants(ast.parse(other.read_text("utf-8")))
                found |= {alias.name: theirs[alias.name] for alias in node.names if alias.name in theirs}
    return {name: value for name, value in found.items() if name.isupper()}


class Door:
    """Judges the expressions of one function (or of a module's own level)."""

    def __init__(self, scope: ast.AST, module: dict[str, ast.expr], attributes: set[str]) -> None:
        self.module = module
        self.attributes = attributes
        self.values: dict[str, list[ast.expr | None]] = {}
        self.safe_names: set[str] = set()
        self.fields: dict[str, set[str]] = {}
        self.asked: set[str] = set()
        if isinstance(scope, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            arguments = scope.args
            for argument in (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs):
                if argument.annotation is not None and ast.unparse(argument.annotation) in SAFE_TYPES:
                    self.safe_names.add(argument.arg)
                elif argument.annotation is not None and ast.unparse(argument.annotation) in CONTENT_FIELDS:
                    self.fields[argument.arg] = CONTENT_FIELDS[ast.unparse(argument.annotation)]
                else:
                    self.values.setdefault(argument.arg, []).append(None)
        for node in ast.walk(scope):
            self.note(node)

    def note(self, node: ast.AST) -> None:
        """Remember what names are bound to."""
        if isinstance(node, ast.Assign):
            for target in node.targets:
                self.bind(target, node.value)
        elif isinstance(node, ast.AnnAssign | ast.AugAssign) and node.value is not None:
            self.bind(node.target, node.value)
        elif isinstance(node, ast.For | ast.comprehension):
            self.bind(node.target, node.iter, each=True)

    def bind(self, target: ast.expr, value: ast.expr, each: bool = False) -> None:
        if isinstance(target, ast.Name):
            self.values.setdefault(target.id, []).append(value)
        elif isinstance(target, ast.Tuple):
            parts = value.elts if isinstance(value, ast.Tuple) and not each else None
            for at, one in enumerate(target.elts):
                self.bind(one, parts[at] if parts else value, each)

    def safe(self, node: ast.expr | None) -> bool:
        """Say whether this expression can only be text of ours, a number, or Content."""
        match node:
            case None:
                return False
            case ast.Constant():
                return True
            case ast.Starred(value=value) | ast.Attribute(value=value, attr="first_line" | "plain"):
                return self.safe(value)
            case ast.JoinedStr(values=values):
                return all(self.safe(value) for value in values)
            case ast.FormattedValue(value=value, format_spec=spec):
                return numeric(spec) or self.safe(value)
            case ast.IfExp(body=body, orelse=orelse):
                return self.safe(body) and self.safe(orelse)
            case ast.BoolOp(values=values):
                return all(self.safe(value) for value in values)
            case ast.BinOp(left=left, right=right):
                return self.safe(left) and self.safe(right)
            case ast.List(elts=elements) | ast.Tuple(elts=elements):
                return all(self.safe(element) for element in elements)
            case ast.Dict(values=values):
                return all(self.safe(value) for value in values)
            case ast.ListComp(elt=element) | ast.GeneratorExp(elt=element):
                return self.safe(element)
            case ast.Name(id=name):
                return self.name(name)
            case ast.Attribute(value=ast.Name(id="self"), attr=attribute):
                return attribute in self.attributes or attribute.isupper()
            case ast.Attribute(value=ast.Name(id=name), attr=field):
                return field in self.fields.get(name, ())
            case ast.Subscript(value=value):
                return self.safe(value)
            case ast.Call():
                return self.call(node)
        return False

    def name(self, name: str) -> bool:
        if name in self.safe_names:
            return True
        if name in self.values:
            if name in self.asked:
                return True  # bound to itself in a loop: the other bindings decide
            self.asked.add(name)
            try:
                return all(self.safe(value) for value in self.values[name])
            finally:
                self.asked.discard(name)
        return name in self.module and self.safe(self.module[name])

    def call(self, node: ast.Call) -> bool:
        match node.func:
            case ast.Name(id="Content" | "zip" | "enumerate" | "sorted" | "list" | "tuple"):
                return all(self.safe(argument) for argument in node.args)
            case ast.Name(id=name):
                return name in SAFE_FUNCTIONS
            case ast.Attribute(value=ast.Name(id="Content"), attr="assemble"):
                return all(self.safe(argument) for argument in node.args)
            case ast.Attribute(value=ast.Name(id="Content"), attr="styled" | "blank"):
                return all(self.safe(argument) for argument in node.args[:1])
            case ast.Attribute(value=ast.Name(id="self") | ast.Call(func=ast.Name(id="host")), attr=name):
                return name in SAFE_FUNCTIONS
            case ast.Attribute(value=value, attr="join"):
                return self.safe(value) and all(self.safe(argument) for argument in node.args)
            case ast.Attribute(value=value, attr="get"):
                return self.safe(value) and all(self.safe(argument) for argument in node.args[1:])
            case (
                ast.Attribute(value=value, attr="items" | "values" | "wrap")
                | ast.Attribute(value=value, attr="keys")
            ):
                return self.safe(value)
            case ast.Attribute(value=value, attr=name):
                return name in CONTENT_METHODS and self.safe(value)
        return False


def numeric(spec: ast.expr | None) -> bool:
    """Say whether a format only numbers accept: anything else raises instead of being drawn."""
    last = spec.values[-1] if isinstance(spec, ast.JoinedStr) and spec.values else None
    return isinstance(last, ast.Constant) and str(last.value)[-1:] in NUMERIC_SPECS


def scopes(tree: ast.Module) -> list[tuple[ast.AST, set[str]]]:
    """Return every function with the attributes of its class that are declared or set to be safe."""
    found: list[tuple[ast.AST, set[str]]] = []
    for node in ast.walk(tree):
        if isinstance(node, ast.ClassDef):
            attributes = safe_attributes(node, constants(tree))
            found += [
                (one, attributes)
                for one in node.body
                if isinstance(one, ast.FunctionDef | ast.AsyncFunctionDef)
            ]
    found += [(one, set()) for one in tree.body if isinstance(one, ast.FunctionDef | ast.AsyncFunctionDef)]
    return found


def safe_attributes(node: ast.ClassDef, module: dict[str, ast.expr]) -> set[str]:
    """Return the attributes of a class that only ever hold safe values."""
    seen: dict[str, bool] = {}
    for method in node.body:
        if isinstance(method, ast.FunctionDef | ast.AsyncFunctionDef):
            door = Door(method, module, set())
            for one in ast.walk(method):
                if isinstance(one, ast.Assign):
                    for target in one.targets:
                        judge(target, one.value, door, seen)
                if isinstance(one, ast.AnnAssign) and one.value is not None:
                    judge(one.target, one.value, door, seen)
    return {name for name, good in seen.items() if good}


def judge(target: ast.expr, value: ast.expr, door: Door, seen: dict[str, bool]) -> None:
    if isinstance(target, ast.Tuple) and isinstance(value, ast.Tuple):
        for one, its in zip(target.elts, value.elts, strict=True):
            judge(one, its, door, seen)
    elif (
        isinstance(target, ast.Attribute) and isinstance(target.value, ast.Name) and target.value.id == "self"
    ):
        seen[target.attr] = seen.get(target.attr, True) and door.safe(value)


def breaches(tree: ast.Module) -> list[str]:
    """Return what is drawn without having passed the door."""
    found: list[str] = []
    module = constants(tree)
    for scope, attributes in scopes(tree):
        door = Door(scope, module, attributes)
        for node in ast.walk(scope):
            if isinstance(node, ast.Call):
                found += [f"{one.lineno}: {ast.unparse(one)}" for one in drawn_by(node) if not door.safe(one)]
            if isinstance(node, ast.Assign):
                for target in node.targets:
                    drawn = isinstance(target, ast.Attribute) and target.attr in DRAWN_ATTRIBUTES
                    if drawn and not door.safe(node.value):
                        found.append(f"{node.lineno}: {ast.unparse(node)}")
    return found


def drawn_by(call: ast.Call) -> list[ast.expr]:
    """Return the arguments of a call that end up on the screen."""
    function = call.func
    name = function.id if isinstance(function, ast.Name) else getattr(function, "attr", "")
    if name == "assemble":
        parts = [part.elts[0] if isinstance(part, ast.Tuple) else part for part in call.args]
        return [part.value if isinstance(part, ast.Starred) else part for part in parts]
    if name not in SINKS:
        return []
    drawn = [one for one in call.args[:1] if not isinstance(one, ast.Starred)]
    return drawn + [one.value for one in call.keywords if one.arg in DRAWN_KEYWORDS]


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(TUI)))
def test_nothing_foreign_is_drawn_but_through_the_door(path: Path) -> None:
    if path.name == "literal.py":
        return  # the door itself
    assert breaches(ast.parse(path.read_text("utf-8"))) == []


@pytest.mark.parametrize(
    "source",
    [
        "def f(row): return Static(row.output)",
        "def f(text: str): return Content(text)",
        "def f(text: str): return Content.assemble(('why ', 'bold'), text)",
        "def f(name): widget.border_title = f'model {name}'",
        "def f(error): app.notify(str(error))",
        "def f(x):\n    y = x.strip()\n    return Label(y)",
        "def f(rows): return [Option(row) for row in rows]",
        "def f(x): return Static(f'{x:>10}')",
        "class A:\n def __init__(self, t):\n  self._t = t\n def g(self):\n  return Static(self._t)",
    ],
)
def test_the_check_finds_what_it_is_for(source: str) -> None:
    assert breaches(ast.parse(source))


def test_only_widgets_that_the_check_knows_are_used() -> None:
    known = {"Static", "Button", "Footer", "Input", "Markdown", "OptionList", "Tab", "Tabs", "TextArea"}
    for path, tree in trees().items():
        for node in ast.walk(tree):
            if isinstance(node, ast.ImportFrom) and node.module == "textual.widgets":
                assert {alias.name for alias in node.names} <= known, path


def test_no_markup_is_written_and_escape_is_not_used() -> None:
    for path in MODULES:
        source = path.read_text("utf-8")
        assert "from_markup" not in source and "escape(" not in source, path


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_what_comes_through_the_door_is_plain_visible_text(text: str) -> None:
    for content in (literal(text), literal(text, "bold"), literal_line(text), reason_words(text)):
        assert all(letter == "\n" or ord(letter) >= 0x20 for letter in content.plain)
        assert not any(
            0x7F <= ord(letter) < 0xA0 or 0xD800 <= ord(letter) < 0xE000 for letter in content.plain
        )
        assert not any("@click" in str(span.style) or "link" in str(span.style) for span in content.spans)
    assert "\n" not in literal_line(text).plain


def test_headings_and_bold_of_a_guideline_are_drawn_and_nothing_else_of_it_is_markup() -> None:
    shown = with_emphasis("# What counts\nAn answer is **right** if 2 * 3 ** 2 [b]\x1b[31m")
    assert shown.plain == f"What counts\nAn answer is right if 2 * 3 ** 2 {literal('[b]' + chr(27) + '[31m')}"
    assert [shown.plain[span.start : span.end] for span in shown.spans] == ["What counts", "right"]
