from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from app.run.plan import imported_tasks, next_plan
from app.store import runs
from app.store.project import Project
from tests.cli.commands import quorum

BUNDLED = Path(__file__).resolve().parents[2] / "app" / "seeds" / "seed_tasks.jsonl"
ROWS = [
    {"instruction": "Halve it.", "instances": [{"input": "8", "output": "4"}, {"input": "", "output": "?"}]},
    {"instruction": "Say hi.", "input": "", "output": "hi"},
    {"instruction": "Say \x1b[31mho.", "output": "ho"},
]


def write(path: Path, rows: list[Any]) -> Path:
    path.write_text("\n".join(json.dumps(row) for row in rows), "utf-8")
    return path


def test_seeds_are_split_counted_and_added_once(tmp_path: Path) -> None:
    project, file = tmp_path / "p.db", write(tmp_path / "x.jsonl", [*ROWS, {"instruction": ""}])
    told = quorum("import", "seeds", project, file).stderr
    assert "4 new seed tasks in run 1: 2 of kind A (with an input), 2 of kind B" in told
    assert "line 4: the instruction is empty" in told and "1 set aside" in told
    assert "0 new seed tasks, 4 already existed" in quorum("import", "seeds", project, file).stderr
    more = write(tmp_path / "y.jsonl", [*ROWS, {"instruction": "Count.", "output": "1"}])
    assert "1 new seed task in run 2" in quorum("import", "seeds", project, more, "--kind", "A").stderr
    status = quorum("status", project).stdout
    assert "run 1  seed tasks  imported\n  2 of kind A and 2 of kind B from x.jsonl" in status
    with Project.open(project) as opened:
        tasks = imported_tasks(opened)
        assert next_plan(opened).seeds == tasks
    assert [(task.kind, task.input) for task in tasks] == [
        ("A", "8"),
        ("A", ""),
        ("B", ""),
        ("B", ""),
        ("A", ""),
    ]


def test_a_csv_file_needs_its_columns_named(tmp_path: Path) -> None:
    file = tmp_path / "x.csv"
    file.write_text("Question,Answer\nWho?,Me.\n", "utf-8")
    named = ("--column", "instruction=Question", "--column", "output=Answer")
    assert "1 new seed task" in quorum("import", "seeds", tmp_path / "p.db", file, *named).stderr
    for columns, code in (((), 1), (("--column", "question=Question"), 2), (("--column", "Question"), 2)):
        assert quorum("import", "seeds", tmp_path / "q.db", file, *columns, check=False).returncode == code
    assert not (tmp_path / "q.db").exists()


def test_the_next_run_uses_what_was_imported_and_goes_on_with_it(tmp_path: Path, bundled_models: Any) -> None:
    project = tmp_path / "p.db"
    some = [json.loads(line) for line in BUNDLED.read_text("utf-8").splitlines()]
    quorum("import", "seeds", project, write(tmp_path / "x.jsonl", some[:40]))
    quorum("run", project, "--instructions", "4", "--no-calibration")
    again = quorum("run", project, "--instructions", "6", "--no-calibration").stderr
    assert "Run 2 is extended from 4 to 6" in again
    quorum("import", "seeds", project, write(tmp_path / "y.jsonl", some))
    other = quorum("run", project, "--instructions", "4", "--no-calibration").stderr
    assert "its seed tasks differ from run 2's" in other
    with Project.open(project, read_only=True) as opened:
        counts = opened.read(
            lambda c: [(run.state, len(runs.seeds_of(c, run.id))) for run in runs.all_runs(c)]
        )
    used = len({(task["instruction"], str(task["instances"])) for task in some})
    assert counts == [("imported", 40), ("done", 40), ("imported", used - 40), ("done", used)]


def test_instructions_without_outputs_can_be_answered_but_not_shown(
    tmp_path: Path, bundled_models: Any
) -> None:
    project = tmp_path / "p.db"
    file = write(
        tmp_path / "x.jsonl", [{"instruction": "Name the colour.", "input": "sky"}, {"instruction": "Hi."}]
    )
    quorum("import", "seeds", project, file)
    refused = quorum("run", project, "--no-calibration", check=False)
    assert refused.returncode == 1 and "no outputs to show" in refused.stderr
    done = quorum("run", project, "--recipe", "distill", "--no-calibration", "--instructions", "1").stderr
    assert "are all seed tasks: --instructions changes nothing" in done
    assert "run 2 done" in done
