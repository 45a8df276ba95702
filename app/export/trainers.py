"""The settings with which LLaMA-Factory and axolotl read a file. Pure."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Literal

from app.errors import ExportError
from app.export.formats import Form

Trainer = Literal["llama-factory", "axolotl"]

_ALPACA = {"prompt": "instruction", "query": "input", "response": "output"}
_PREFERENCE = {"chosen": "chosen", "rejected": "rejected"}

# https://github.com/hiyouga/LLaMA-Factory/blob/main/data/README.md
_LLAMA_FACTORY: dict[str, dict[str, Any]] = {
    "alpaca": {"columns": _ALPACA},
    "alpaca-jsonl": {"columns": _ALPACA},
    "ensemble-instruct": {"columns": _ALPACA},
    "lamini": {"columns": {"prompt": "instruction", "response": "response"}},
    "self-instruct": {"columns": {"prompt": "prompt", "response": "completion"}},
    "messages": {
        "formatting": "sharegpt",
        "columns": {"messages": "messages"},
        "tags": {
            "role_tag": "role",
            "content_tag": "content",
            "user_tag": "user",
            "assistant_tag": "assistant",
            "system_tag": "system",
        },
    },
    "sharegpt": {"formatting": "sharegpt", "columns": {"messages": "conversations"}},
    "dpo-text": {"ranking": True, "columns": {"prompt": "prompt", **_PREFERENCE}},
    "dpo-axolotl": {"ranking": True, "columns": {"prompt": "question", **_PREFERENCE}},
    "dpo-llama-factory": {
        "ranking": True,
        "columns": {"prompt": "instruction", "query": "input", **_PREFERENCE},
    },
    "kto-text": {"columns": {"prompt": "prompt", "response": "completion", "kto_tag": "label"}},
}
_WITH_SYSTEM = ("alpaca", "alpaca-jsonl", "dpo-axolotl", "dpo-llama-factory")

# https://docs.axolotl.ai/docs/dataset-formats/
_AXOLOTL: dict[str, dict[str, Any]] = {
    "alpaca": {"type": "alpaca"},
    "alpaca-jsonl": {"type": "alpaca"},
    "ensemble-instruct": {"type": "alpaca"},
    "messages": {"type": "chat_template", "field_messages": "messages"},
    "sharegpt": {
        "type": "chat_template",
        "field_messages": "conversations",
        "message_property_mappings": {"role": "from", "content": "value"},
    },
    "dpo-axolotl": {"type": "chatml.intel"},
    "ranked": {"type": "zephyr.nectar"},
}
_DPO = ("dpo-axolotl", "ranked")


def check_reads(trainer: Trainer, form: Form) -> None:
    """Raise ExportError for a form that a trainer does not read."""
    name, known = _KNOWN[trainer]
    if form.name not in known:
        raise ExportError(f"{name} does not read the form {form.name}.", f"It reads {', '.join(known)}.")


def llama_factory(form: Form, files: Mapping[str, str], system: bool) -> dict[str, Any]:
    """Return the entries of `dataset_info.json` for these files, by the names of the data sets."""
    known = _LLAMA_FACTORY[form.name]
    columns = {**known["columns"], **({"system": "system"} if system and form.name in _WITH_SYSTEM else {})}
    return {name: {"file_name": file, **known, "columns": columns} for name, file in files.items()}


def axolotl(form: Form, files: Mapping[str, str], kind: str) -> str:
    """Return the part of an axolotl configuration that names these files, by the parts of a split.

    `kind` is what the files are: json (also for JSONL), csv or parquet.
    """
    lines = [
        "# The data for axolotl, to be started in this folder. Add the base model and how to train it.",
        *(["rl: dpo"] if form.name in _DPO else []),
    ]
    # Without a validation part axolotl takes none; the test part is never trained on.
    for heading, parts in (("datasets", ("", "train")), ("test_datasets", ("validation",))):
        named = [files[part] for part in parts if part in files]
        if named:
            lines += [f"{heading}:", *(line for file in named for line in _dataset(form, file, kind))]
    return "\n".join(lines) + "\n"


def _dataset(form: Form, file: str, kind: str) -> list[str]:
    """Write one entry; values are written as JSON, which YAML reads as what it is."""
    fields = {"path": file, "ds_type": kind, "split": "train", **_AXOLOTL[form.name]}
    lines = [f"    {name}: {json.dumps(value, ensure_ascii=False)}" for name, value in fields.items()]
    return [f"  - {lines[0].lstrip()}", *lines[1:]]


_KNOWN: dict[Trainer, tuple[str, Mapping[str, object]]] = {
    "llama-factory": ("LLaMA-Factory", _LLAMA_FACTORY),
    "axolotl": ("axolotl", _AXOLOTL),
}
