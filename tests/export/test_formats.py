"""Every form by its exact field names, from what people decided on a real project."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from app.errors import ExportError
from app.export.formats import FORMS
from app.export.request import FORMATS, request
from app.export.write import export, preview
from app.store import decisions
from app.store.connection import Connection
from app.store.project import Project
from app.store.review_state import ItemDecision
from tests.store.material import add_item, start_run

USER = {"role": "user", "content": "Double it.\n4"}
SYSTEM = {"role": "system", "content": "Be brief."}

ROWS: dict[str, dict[str, Any]] = {
    "alpaca": {"instruction": "Double it.", "input": "4", "output": "8"},
    "alpaca-jsonl": {"instruction": "Double it.", "input": "4", "output": "8"},
    "ensemble-instruct": {"instruction": "Double it.", "input": "4", "output": "8"},
    "self-instruct": {"prompt": "Double it.\n\n4\n\nOutput:", "completion": " 8"},
    "lamini": {"instruction": "Double it.\n4", "response": "8", "instruction_source": ""},
    "messages": {"messages": [USER, {"role": "assistant", "content": "8"}]},
    "prompt-completion": {"prompt": [USER], "completion": [{"role": "assistant", "content": "8"}]},
    "sharegpt": {
        "conversations": [{"from": "human", "value": "Double it.\n4"}, {"from": "gpt", "value": "8"}]
    },
    "dpo": {
        "prompt": [USER],
        "chosen": [{"role": "assistant", "content": "8"}],
        "rejected": [{"role": "assistant", "content": "6"}],
    },
    "dpo-text": {"prompt": "Double it.\n\n4\n\nOutput:", "chosen": " 8", "rejected": " 6"},
    "dpo-axolotl": {"question": "Double it.\n4", "chosen": "8", "rejected": "6"},
    "dpo-llama-factory": {"instruction": "Double it.", "input": "4", "chosen": "8", "rejected": "6"},
    "kto": {"prompt": [USER], "completion": [{"role": "assistant", "content": "8"}], "label": True},
    "kto-text": {"prompt": "Double it.\n\n4\n\nOutput:", "completion": " 8", "label": True},
    "ranked": {
        "prompt": "Double it.\n4",
        "answers": [{"answer": "8", "rank": 1}, {"answer": "6", "rank": 2}, {"answer": "44", "rank": 3}],
    },
}

WITH_SYSTEM: dict[str, dict[str, Any]] = {
    "alpaca": {**ROWS["alpaca"], "system": "Be brief."},
    "self-instruct": {"prompt": "Be brief.\n\nDouble it.\n\n4\n\nOutput:", "completion": " 8"},
    "messages": {"messages": [SYSTEM, *ROWS["messages"]["messages"]]},
    "prompt-completion": {**ROWS["prompt-completion"], "prompt": [SYSTEM, USER]},
    "sharegpt": {
        "conversations": [
            {"from": "system", "value": "Be brief."},
            *ROWS["sharegpt"]["conversations"],
        ]
    },
    "dpo": {**ROWS["dpo"], "prompt": [SYSTEM, USER]},
    "dpo-axolotl": {"system": "Be brief.", **ROWS["dpo-axolotl"]},
    "dpo-llama-factory": {**ROWS["dpo-llama-factory"], "system": "Be brief."},
    "kto": {**ROWS["kto"], "prompt": [SYSTEM, USER]},
}


@pytest.fixture
def decided(project: Project) -> Project:
    """One item: the vote's winner is 6, a person chose 8."""

    def change(c: Connection) -> None:
        made = add_item(c, start_run(c), "Double it.", "4", outputs=("6", "8", "44"))
        decisions.decide(c, "ann", "choose", [ItemDecision(made.id, made.candidates[1])])

    project.write_now(change)
    return project


def rows_of(path: Path, format: str) -> list[dict[str, Any]]:
    text = path.read_text("utf-8")
    return json.loads(text) if format == "alpaca" else [json.loads(one) for one in text.splitlines()]  # type: ignore[no-any-return]


def test_every_form_is_covered_here() -> None:
    assert set(ROWS) == set(FORMS)
    assert {name for name, form in FORMS.items() if form.system} >= set(WITH_SYSTEM)


@pytest.mark.parametrize("format", ROWS)
def test_a_row_has_exactly_the_fields_its_readers_know(decided: Project, tmp_path: Path, format: str) -> None:
    path = export(decided, tmp_path / "out", request(format)).path
    [row] = rows_of(path, format)
    assert row == ROWS[format]
    assert list(row) == list(ROWS[format])
    assert json.loads(preview(decided, request(format)).first) == row


@pytest.mark.parametrize("format", WITH_SYSTEM)
def test_a_system_prompt_goes_where_each_form_has_its_place(
    decided: Project, tmp_path: Path, format: str
) -> None:
    path = export(decided, tmp_path / "out", request(format, system="Be brief.")).path
    [row] = rows_of(path, format)
    assert row == WITH_SYSTEM[format]
    assert list(row) == list(WITH_SYSTEM[format])


@pytest.mark.parametrize("format", [name for name in FORMATS if name in FORMS and not FORMS[name].system])
def test_a_system_prompt_without_a_place_is_refused(format: str) -> None:
    with pytest.raises(ExportError, match="no place for a system prompt"):
        request(format, system="Be brief.")


def test_alpaca_is_one_array_even_of_nothing(project: Project, decided: Project, tmp_path: Path) -> None:
    path = export(decided, tmp_path / "one.json", request("alpaca", "all")).path
    assert json.loads(path.read_bytes()) == [ROWS["alpaca"]]
    path = export(decided, tmp_path / "none.json", request("alpaca", "accepted", run=1)).path
    assert len(json.loads(path.read_bytes())) == 1
    empty = Project.open(tmp_path / "empty.db", create=True)
    with empty:
        assert export(empty, tmp_path / "empty.json", request("alpaca")).path.read_bytes() == b"[]\n"


def test_a_task_without_input_has_no_line_for_it(project: Project, tmp_path: Path) -> None:
    project.write_now(lambda c: add_item(c, start_run(c), "Say yes.", "", outputs=("yes",), kind="B"))
    texts = {
        name: json.dumps(rows_of(export(project, tmp_path / name, request(name)).path, name)[0])
        for name in ("messages", "self-instruct", "lamini", "alpaca-jsonl")
    }
    assert '"content": "Say yes."' in texts["messages"]
    assert '"prompt": "Say yes.\\n\\nOutput:"' in texts["self-instruct"]
    assert '"instruction": "Say yes.", "response"' in texts["lamini"]
    assert '"input": ""' in texts["alpaca-jsonl"]
