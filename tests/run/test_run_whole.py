"""Whole runs with the bundled models: real llama.cpp, real project files, the real command."""

from __future__ import annotations

import json
import signal
import subprocess
import time
from collections import Counter
from functools import partial
from importlib import resources
from pathlib import Path
from typing import Any

from app.store import generated, runs
from app.store.project import Connection, Project
from tests.cli.commands import QUORUM, environment, quorum


def rows(project: Path, sql: str) -> list[tuple[Any, ...]]:
    with Project.open(project, read_only=True) as opened:
        return opened.read(lambda c: [tuple(row) for row in c.execute(sql)])


def status(project: Path) -> dict[str, Any]:
    return json.loads(quorum("status", project, "--json").stdout)  # type: ignore[no-any-return]


def test_a_default_run_goes_the_whole_road(tmp_path: Path, bundled_models: Any) -> None:
    project = tmp_path / "first.db"
    done = quorum("run", project)
    assert "run 1 done" in done.stderr
    assert done.stdout == ""
    kept = Counter(kind for (kind,) in rows(project, "SELECT kind FROM instructions WHERE status = 'kept'"))
    assert kept == {"A": 12, "B": 12}
    voted = rows(
        project,
        "SELECT v.instance_id, COUNT(*) FROM votes v JOIN candidates c USING (instance_id) GROUP BY 1",
    )
    assert len(voted) >= 20
    assert {count for _, count in voted} == {3}
    kinds = rows(
        project,
        "SELECT DISTINCT t.kind FROM votes v JOIN instances i ON i.id = v.instance_id "
        "JOIN instructions t ON t.id = i.instruction_id",
    )
    assert {kind for (kind,) in kinds} == {"A", "B"}
    [(unfinished,)] = rows(
        project, "SELECT COUNT(*) FROM candidates WHERE ended = 'error' OR completion_id IS NULL"
    )
    assert unfinished == 0
    out = tmp_path / "rows.jsonl"
    quorum("export", project, out, "--format", "alpaca-jsonl")
    exported = [json.loads(line) for line in out.read_text("utf-8").splitlines()]
    [(agreed,)] = rows(project, "SELECT COUNT(*) FROM votes WHERE keep = 1")
    assert len(exported) == agreed > 0
    assert all(set(row) == {"instruction", "input", "output"} and row["output"] for row in exported)


def test_the_same_command_says_finished_a_larger_number_extends_other_settings_start_anew(
    tmp_path: Path, bundled_models: Any
) -> None:
    project = tmp_path / "again.db"
    quorum("run", project, "--instructions", "6")
    before = rows(project, "SELECT id FROM completions ORDER BY rowid")
    again = quorum("run", project, "--instructions", "6")
    assert "finished" in again.stderr
    assert rows(project, "SELECT id FROM completions ORDER BY rowid") == before
    quorum("run", project, "--instructions", "10")
    assert [run["number"] for run in status(project)["runs"]] == [1]
    [(kept,)] = rows(project, "SELECT COUNT(*) FROM instructions WHERE status = 'kept'")
    assert kept == 10
    assert rows(project, "SELECT id FROM completions ORDER BY rowid")[: len(before)] == before
    other = quorum("run", project, "--instructions", "4", "--seed", "5")
    assert "new run" in other.stderr
    assert [run["seed"] for run in status(project)["runs"]] == [1, 5]
    [(pairs, distinct)] = rows(
        project, "SELECT COUNT(*), COUNT(DISTINCT pair) FROM instances WHERE status = 'kept'"
    )
    assert pairs == distinct


def test_a_killed_run_goes_on_without_losing_or_repeating_anything(
    tmp_path: Path, bundled_models: Any
) -> None:
    project = tmp_path / "killed.db"
    stored: list[tuple[Any, ...]] = []
    kills = 0
    while kills < 4:
        process = subprocess.Popen(
            [*QUORUM, "run", str(project), "--instructions", "16"],
            stderr=subprocess.DEVNULL,
            env=environment(),
        )
        _wait_until(partial(_progressed, project, process, len(stored) + 9))
        process.send_signal(signal.SIGKILL)
        if process.wait() == 0:
            break
        kills += 1
        after = rows(project, "SELECT id, raw FROM completions ORDER BY rowid")
        assert after[: len(stored)] == stored
        stored = after
    assert kills >= 2
    quorum("run", project, "--instructions", "16")
    after = rows(project, "SELECT id, raw FROM completions ORDER BY rowid")
    assert after[: len(stored)] == stored
    [(kept,)] = rows(project, "SELECT COUNT(*) FROM instructions WHERE status = 'kept'")
    assert kept == 16
    subjects = rows(project, "SELECT run_id, stage, subject, model FROM completions")
    assert len(subjects) == len(set(subjects))
    assert rows(
        project,
        "SELECT COUNT(*) FROM instances i WHERE i.status = 'kept' AND NOT EXISTS "
        "(SELECT 1 FROM votes v WHERE v.instance_id = i.id)",
    ) == [(0,)]
    assert rows(project, "PRAGMA integrity_check") == [("ok",)]
    assert len({run["number"] for run in status(project)["runs"]}) == 1


def test_ctrl_c_stops_in_order_and_exits_130(tmp_path: Path, bundled_models: Any) -> None:
    project = tmp_path / "stopped.db"
    process = subprocess.Popen(
        [*QUORUM, "run", str(project), "--instructions", "400"],
        stderr=subprocess.PIPE,
        text=True,
        env=environment(),
    )
    _wait_until(lambda: _count(project) >= 5)
    process.send_signal(signal.SIGINT)
    _, told = process.communicate(timeout=60)
    assert process.returncode == 130
    assert "run the same command to resume" in told
    assert "Traceback" not in told
    assert status(project)["runs"][0]["state"] == "stopped"


def test_a_writer_with_nothing_new_ends_the_run_early_and_says_so(
    tmp_path: Path, bundled_models: Any
) -> None:
    recipe = tmp_path / "strict.toml"
    source = Path(__file__).resolve().parents[2] / "app/method/recipes/ensemble-instruct.toml"
    text = source.read_text("utf-8")
    assert "patience" in text and "threshold = 0.7" in text
    changed = text.replace("threshold = 0.7", "threshold = 0.0")
    recipe.write_text(
        "\n".join("patience = 1" if line.startswith("patience") else line for line in changed.split("\n"))
    )
    project = tmp_path / "early.db"
    done = quorum("run", project, "--recipe", recipe, "--instructions", "6")
    assert "the writer has nothing new" in done.stderr
    assert status(project)["runs"][0]["state"] == "done"
    [(dropped,)] = rows(project, "SELECT COUNT(*) FROM instructions WHERE reason = 'too_similar'")
    assert dropped >= 16
    assert rows(
        project, "SELECT COUNT(*) FROM instructions WHERE reason = 'too_similar' AND score IS NULL"
    ) == [(0,)]


def test_a_recipe_that_shows_more_than_fits_is_told_and_runs(tmp_path: Path, bundled_models: Any) -> None:
    source = Path(__file__).resolve().parents[2] / "app/method/recipes/ensemble-instruct.toml"
    lines = source.read_text("utf-8").split("\n")
    recipe = tmp_path / "many.toml"
    recipe.write_text(
        "\n".join("demonstrations = 200" if line.startswith("demonstrations =") else line for line in lines)
    )
    done = quorum("run", tmp_path / "many.db", "--recipe", recipe, "--instructions", "2")
    assert "demonstrations" in done.stderr


def test_continuations_share_a_prompt_and_differ_in_what_they_write(
    tmp_path: Path, bundled_models: Any
) -> None:
    source = resources.files("app.method").joinpath("recipes/ensemble-instruct.toml").read_text("utf-8")
    recipe = tmp_path / "four.toml"
    recipe.write_text(source.replace("continuations = 1", "continuations = 4"), "utf-8")
    project = tmp_path / "four.db"
    quorum("run", project, "--instructions", "12", "--recipe", recipe)
    asked = rows(
        project,
        "SELECT subject, prompt_hash, sampler_seed, raw FROM completions WHERE stage = 'instructions'",
    )
    groups: dict[tuple[str, int], set[str]] = {}
    for subject, prompt, _, _ in asked:
        kind, number = subject.split(":")
        groups.setdefault((kind, int(number) // 4), set()).add(prompt)
    assert all(len(prompts) == 1 for prompts in groups.values())
    assert len({prompt for prompts in groups.values() for prompt in prompts}) == len(groups) > 2
    assert len({seed for _, _, seed, _ in asked}) == len(asked)
    assert len({raw for _, _, _, raw in asked}) > len(groups)
    recipe.write_text(source.replace("continuations = 1", "continuations = 5"), "utf-8")
    refused = quorum("run", tmp_path / "five.db", "--recipe", recipe, check=False)
    assert refused.returncode != 0
    assert "multiple of continuations" in refused.stderr


def test_bad_arguments_get_one_clear_line(tmp_path: Path, bundled_models: Any) -> None:
    broken = tmp_path / "broken.gguf"
    broken.write_bytes(b"<!DOCTYPE html><html>")
    seeds = tmp_path / "seeds.jsonl"
    seeds.write_text('{"instruction": 3}\n')
    cases = [
        (("run", tmp_path / "a.db", "--writer", broken), 1),
        (("run", tmp_path / "b.db", "--seed-tasks", seeds), 1),
        (("run", tmp_path / "c.db", "--recipe", "no-such-recipe"), 1),
        (("run", tmp_path / "no" / "folder" / "d.db"), 1),
        (("status", tmp_path / "nothing.db"), 1),
        (("export", seeds, tmp_path / "x.jsonl"), 1),
        (("run", tmp_path / "e.db", "--instructions", "none"), 2),
        (("status",), 2),
        (("export", tmp_path / "a.db", tmp_path / "x", "--format", "xml"), 2),
    ]
    for arguments, code in cases:
        done = quorum(*arguments, check=False)
        assert done.returncode == code, (arguments, done.stderr)
        assert done.stderr.startswith("quorum: ")
        assert len(done.stderr.strip().splitlines()) <= 3
    assert not (tmp_path / "c.db").exists()


def test_a_kept_pair_is_unique_across_runs_and_pools_span_them(tmp_path: Path, bundled_models: Any) -> None:
    project = tmp_path / "two.db"
    quorum("run", project, "--instructions", "4")
    quorum("run", project, "--instructions", "4", "--seed", "2")

    def pools(c: Connection) -> tuple[int, int, int]:
        texts = generated.pool_texts(c, "A")
        machine = [text for text in texts if text.origin == "machine"]
        return len(runs.all_runs(c)), len(machine), len({text.run_number for text in machine})

    with Project.open(project, read_only=True) as opened:
        assert opened.read(pools) == (2, 4, 2)


def _progressed(project: Path, process: subprocess.Popen[bytes], completions: int) -> bool:
    return _count(project) >= completions or process.poll() is not None


def _count(project: Path) -> int:
    try:
        return int(rows(project, "SELECT COUNT(*) FROM completions")[0][0])
    except Exception:
        return 0  # not there yet


def _wait_until(reached: Any, seconds: float = 120.0) -> None:
    limit = time.monotonic() + seconds
    while not reached():
        assert time.monotonic() < limit, "it took too long"
        time.sleep(0.02)
