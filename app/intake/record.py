"""Make records of what the fields of a file mean: one neutral form for whatever was brought.

A record is a task: instruction and input, the turns before it, outputs by model, references. Texts are kept
to the last character; nothing is invented. Pure.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from decimal import Decimal
from typing import Any, NamedTuple

from app.intake.forms import Mapped, Meaning
from app.intake.lines import Fault
from app.method.terms import Kind
from app.method.turns import Speaker, Turn

MOST_OUTPUTS = 100
"""Every pair of a task's outputs is compared."""
_SPEAKERS: Mapping[str, Speaker] = {
    "system": "system",
    "developer": "system",
    "user": "user",
    "human": "user",
    "prompter": "user",
    "assistant": "assistant",
    "gpt": "assistant",
    "chatgpt": "assistant",
    "bot": "assistant",
    "model": "assistant",
}
_TRUTHS = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False, "": False}
_KINDS = {bool: "true or false", list: "a list", dict: "an object", bytes: "bytes"}
_TURN_FORM = 'A turn looks like {"role": "user", "content": "…"}.'
_OUTPUT_FORM = 'It looks like {"model": …, "output": …}.'
_INSTANCE_FORM = 'It looks like {"input": "", "output": "…"}.'

Left = Callable[[str], object]
"""Gets the name of each field inside others that holds something and is not taken over."""


class Output(NamedTuple):
    """An answer of a file; `model` is empty where the file names none."""

    model: str
    text: str


class Record(NamedTuple):
    """A task as a file gives it. `turns` stand before it, `references` are answers known to be right.

    `kind` is A where the task needs an input: where the first instance of a seed task has one.
    """

    instruction: str
    input: str = ""
    outputs: tuple[Output, ...] = ()
    turns: tuple[Turn, ...] = ()
    references: tuple[str, ...] = ()
    kind: Kind = "B"
    is_classification: bool = False
    id: str = ""
    name: str = ""
    source: str = ""

    @property
    def output(self) -> str:
        """The first output, empty where there is none."""
        return self.outputs[0].text if self.outputs else ""


class _Value(NamedTuple):
    """The value of a field and its name in the file, for messages."""

    name: str
    value: Any


_Values = Mapping[Meaning, _Value]


def records_of(
    fields: Mapping[str, Any], mapping: Mapped, left: Left = lambda _name: None
) -> tuple[Record, ...]:
    """Return the tasks of a record of a file: more than one where it has instances. Raises Fault."""
    given = {
        meaning: _Value(name, value)
        for name, meaning in mapping.taken
        if (value := at(fields, name)) is not None
    }
    if "messages" in given or _is_turns(given.get("instruction")):
        turns, instruction, outputs = _conversation(given, left)
    else:
        turns, instruction, outputs = _before(given, left), _instruction(given), _outputs(given, left)
    record = Record(
        instruction,
        _text(given, "input"),
        outputs,
        turns,
        _references(given.get("reference")),
        is_classification=_truth(given.get("is_classification")),
        id=_label(given, "id", left),
        name=_label(given, "name", left),
        source=_label(given, "source", left),
    )
    found = [record]
    if "instances" in given or "reference instances" in given:
        found = list(_instances(given, record, left))
    if "model" in given and not any(output.model for one in found for output in one.outputs):
        left(given["model"].name)
    kind = _kind(given, found[0], left)
    return tuple([record._replace(kind=kind) if record.kind != kind else record for record in found])


def at(fields: Mapping[str, Any], name: str) -> Any:
    """Return the value of a field, by the dots of its name inside others; None where there is none."""
    if name in fields:
        return fields[name]
    value: Any = fields
    for part in name.split("."):
        if isinstance(value, Mapping):
            value = value.get(part)
        elif isinstance(value, list) and part.isdecimal() and int(part) < len(value):
            value = value[int(part)]
        else:
            return None
    return value


def holds(value: Any) -> bool:
    """Say whether a value holds something that is lost if it is not taken over."""
    if isinstance(value, str):
        return bool(value.strip())
    if isinstance(value, (list, dict)):
        return any(map(holds, value.values() if isinstance(value, dict) else value))
    return value is not None


def left_over(fields: Mapping[str, Any], mapping: Mapped, left: Left) -> None:
    """Name every field that holds something and that a mapping does not take."""
    for name in mapping.left:
        if holds(fields[name]):
            inner = [field[len(name) + 1 :] for field, _ in mapping.taken if field.startswith(f"{name}.")]
            _inside(fields[name], name, inner, left) if inner else left(name)


def _inside(value: Any, name: str, taken: Sequence[str], left: Left) -> None:
    """Name what a field holds beside the fields inside it that are taken."""
    parts = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, part in parts:
        if str(key) in taken or not holds(part):
            continue
        inner = [field[len(str(key)) + 1 :] for field in taken if field.startswith(f"{key}.")]
        _inside(part, f"{name}.{key}", inner, left) if inner else left(f"{name}.{key}")


def _kind(given: _Values, first: Record, left: Left) -> Kind:
    said = given.get("kind")
    if said is not None and said.value in ("A", "B"):
        return "A" if said.value == "A" else "B"
    if said is not None and holds(said.value):
        left(said.name)
    return "A" if first.input.strip() else "B"


def not_text(name: str, value: Any) -> Fault:
    """Say that a field holds something else than text, in the words of JSON; Parquet has bytes, times too."""
    number = "a number" if isinstance(value, int | float | Decimal) else "a date or a time"
    kind = "null" if value is None else _KINDS.get(type(value), number)
    hint = "Put it in quotation marks." if kind in ("a number", _KINDS[bool]) else "Give one text."
    return Fault(f"{name!r} must be text, not {kind}", hint)


def _string(value: Any, name: str) -> str:
    """Return a text exactly as it is; raises Fault for anything else."""
    if not isinstance(value, str):
        raise not_text(name, value)
    return value


def _text(given: _Values, meaning: Meaning) -> str:
    value = given.get(meaning)
    return "" if value is None else _string(value.value, value.name)


def _instruction(given: _Values) -> str:
    value = given.get("instruction")
    if value is None:
        raise Fault("'instruction' is missing", "Add it.")
    if isinstance(value.value, list) and all(isinstance(part, str) for part in value.value):
        text = "\n".join(value.value)
    else:
        text = _string(value.value, value.name)
    if not text.strip():
        raise Fault("the instruction is empty", "Write what is to be done.")
    return text


def _label(given: _Values, meaning: Meaning, left: Left) -> str:
    """Return a name of the record as text; what is neither text nor a number is not taken over."""
    value = given.get(meaning)
    if value is None:
        return ""
    if isinstance(value.value, str):
        return value.value
    if isinstance(value.value, (int, float)) and not isinstance(value.value, bool):
        return str(value.value)
    if holds(value.value):
        left(value.name)
    return ""


def _truth(value: _Value | None) -> bool:
    if value is None or isinstance(value.value, bool):
        return bool(value and value.value)
    if isinstance(value.value, str) and value.value.strip().lower() in _TRUTHS:
        return _TRUTHS[value.value.strip().lower()]
    raise Fault(f"{value.name} must be true or false")


def _list(value: _Value, form: str) -> list[Any]:
    """Return a list; a cell of a table may hold it as JSON. Raises Fault."""
    held = value.value
    if isinstance(held, str):
        with suppress(ValueError, RecursionError):
            held = json.loads(held)
    if not isinstance(held, list) or not held:
        raise Fault(f"it has no {value.name}: {value.name!r} must be a list", form)
    return held


def _references(value: _Value | None) -> tuple[str, ...]:
    if value is None:
        return ()
    held = value.value if isinstance(value.value, list) else [value.value]
    return tuple(text for one in held if (text := _string(one, value.name)).strip())


# ---- answers ---------------------------------------------------------------------------------------


def _outputs(given: _Values, left: Left) -> tuple[Output, ...]:
    if "outputs" in given:
        found = [*_named_outputs(given["outputs"], left)]
    elif "generations" in given:
        found = [*_generations(given["generations"], given.get("model"))]
    else:
        text = _text(given, "output")
        found = [Output(_label(given, "model", left), text)] if text else []
    if len(found) > MOST_OUTPUTS:
        raise Fault(f"it has {len(found):,} outputs", f"At most {MOST_OUTPUTS} can be compared.")
    models = [output.model for output in found]
    for model in filter(None, models):
        if models.count(model) > 1:
            raise Fault(f"the model {model!r} answers twice", "Name each answer apart, for example with #2.")
    return tuple(found)


def _named_outputs(value: _Value, left: Left) -> Iterator[Output]:
    held = _list(value, _OUTPUT_FORM)
    for number, output in enumerate(held, start=1):
        if type(output) is dict and len(output) == 2:
            model, text = output.get("model"), output.get("output")
            if type(model) is str and type(text) is str and model.strip():
                yield Output(model, text)  # nearly always: the rest says what is wrong
                continue
        if not isinstance(output, dict):
            raise Fault(f"output {number} is not a JSON object", _OUTPUT_FORM)
        for key in ("model", "output"):
            if output.get(key) is None:
                raise Fault(f"output {number}: {key!r} is missing", "Add it.")
        try:
            model, text = _string(output["model"], "model"), _string(output["output"], "output")
        except Fault as fault:
            raise Fault(f"output {number}: {fault.what}", fault.hint) from None
        if not model.strip():
            raise Fault(f"output {number} has an empty model name", "Name the model that wrote it.")
        _tell_left(output, ("model", "output"), value.name, left)
        yield Output(model, text)


def _generations(value: _Value, models: _Value | None) -> Iterator[Output]:
    """Yield the answers of parallel lists; one model that answers several times is told apart by numbers.

    Where a model failed to answer, its place holds null.
    """
    texts = _list(value, "It is a list of texts.")
    held = [] if models is None else models.value
    names = list(held) if isinstance(held, list) else [held] * len(texts)
    if names and len(names) != len(texts):
        what = f"it has {len(texts)} texts in {value.name!r}, and the number of models is {len(names)}"
        raise Fault(what, "Give a model for each.")
    counted: dict[str, int] = {}
    for number, text in enumerate(texts, start=1):
        if text is None:
            continue
        name = _string(names[number - 1], "model") if names else f"generation {number}"
        counted[name] = counted.get(name, 0) + 1
        yield Output(f"{name}#{counted[name]}" if counted[name] > 1 else name, _string(text, value.name))


def _instances(given: _Values, task: Record, left: Left) -> Iterator[Record]:
    """Yield a record for each instance of a task. Raises Fault."""
    known = "reference instances" in given
    value = given["reference instances" if known else "instances"]
    for instance in _list(value, 'Add "instances": [{"input": "", "output": "…"}].'):
        if not isinstance(instance, dict):
            raise Fault("an instance is not a JSON object", _INSTANCE_FORM)
        told = [instance.get(key) for key in ("input", "output")]
        _tell_left(instance, ("input", "output", "id"), value.name, left)
        text = "" if told[0] is None else _string(told[0], "input")
        if known:
            references = _references(None if told[1] is None else _Value("output", told[1]))
            one = task._replace(input=text, references=task.references + references)
        else:
            output = "" if told[1] is None else _string(told[1], "output")
            one = task._replace(input=text, outputs=(Output("", output),) if output else ())
        own = instance.get("id")
        yield one._replace(id=own) if isinstance(own, str) else one


def _tell_left(held: Mapping[str, Any], taken: Sequence[str], name: str, left: Left) -> None:
    for key, value in held.items():
        if key not in taken and holds(value):
            left(f"{name}.{key}")


# ---- several turns ---------------------------------------------------------------------------------


def _is_turns(value: _Value | None) -> bool:
    return value is not None and isinstance(value.value, list) and any(map(_is_object, value.value))


def _is_object(value: Any) -> bool:
    return isinstance(value, dict)


def turns_of(value: Any) -> tuple[Turn, ...]:
    """Read turns as a field of their own holds them; there are none where it is None. Raises Fault."""
    if value is None:
        return ()
    found = _list(_Value("turns", value), _TURN_FORM)
    return tuple(_turn(turn, "turns", lambda _inside: None) for turn in found)


def _before(given: _Values, left: Left) -> tuple[Turn, ...]:
    """Return the turns before the task that stand in fields of their own: system, turns and history."""
    turns = []
    if system := _text(given, "system"):
        turns.append(Turn("system", system))
    if "turns" in given and holds(given["turns"].value):
        turns += [_turn(turn, given["turns"].name, left) for turn in _list(given["turns"], _TURN_FORM)]
    if "history" in given and given["history"].value:
        for pair in _list(given["history"], 'It looks like [["question", "answer"]].'):
            if not isinstance(pair, list) or len(pair) != 2:
                raise Fault("'history' must hold pairs of texts", 'It looks like [["question", "answer"]].')
            turns.append(Turn("user", _string(pair[0], "history")))
            turns.append(Turn("assistant", _string(pair[1], "history")))
    return tuple(turns)


def _conversation(given: _Values, left: Left) -> tuple[tuple[Turn, ...], str, tuple[Output, ...]]:
    """Split turns into those before the task, the task (the last user turn), and its answer. Raises Fault."""
    turns = [*_before(given, left)]
    meanings: tuple[Meaning, ...] = ("messages", "instruction", "output")
    for meaning in meanings:
        value = given.get(meaning)
        if value is None:
            continue
        if meaning == "output" and isinstance(value.value, str):
            turns.append(Turn("assistant", value.value))
        else:
            turns += [_turn(turn, value.name, left) for turn in _list(value, _TURN_FORM)]
    asked = [place for place, turn in enumerate(turns) if turn.role == "user"]
    if not asked:
        raise Fault("no turn of it is the user's", "The last one is the task.")
    before, task, after = turns[: asked[-1]], turns[asked[-1]].text, turns[asked[-1] + 1 :]
    if not task.strip():
        raise Fault("the instruction is empty: the user's last turn", "Write what is to be done.")
    if len(after) > 1 or any(turn.role != "assistant" for turn in after):
        raise Fault("several turns follow the user's last one", "One of the assistant can, as the answer.")
    model = _label(given, "model", left)
    return tuple(before), task, tuple(Output(model, turn.text) for turn in after if turn.text)


def _turn(turn: Any, name: str, left: Left) -> Turn:
    if not isinstance(turn, dict):
        raise Fault(f"a turn of {name!r} is not a JSON object", _TURN_FORM)
    by, said = ("role", "content") if "role" in turn else ("from", "value")
    role = turn.get(by)
    speaker = _SPEAKERS.get(role.lower()) if isinstance(role, str) else None
    if speaker is None:
        raise Fault(
            f"a turn is by {role!r}" if role is not None else "a turn does not say by whom it is",
            "Turns of system, user and assistant can be kept.",
        )
    _tell_left(turn, (by, said), name, left)
    return Turn(speaker, _said(turn.get(said), said))


def _said(value: Any, name: str) -> str:
    """Return the text of a turn, which may come in parts. Raises Fault."""
    if isinstance(value, list):
        parts = [part.get("text") if isinstance(part, dict) else part for part in value]
        texts = [part for part in parts if isinstance(part, str)]
        if len(texts) < len(parts):
            raise Fault("a turn holds more than text", "Only texts can be kept.")
        return "".join(texts)
    if value is None:
        raise Fault(f"a turn has no {name!r}", _TURN_FORM)
    return _string(value, name)
