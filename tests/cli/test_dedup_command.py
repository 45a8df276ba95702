from __future__ import annotations

import json
import subprocess
from pathlib import Path

from tests.cli.commands import QUORUM, environment, quorum

TEXTS = ["Name a colour of the sky.", "Name a colour of the sea.", "Count to ten.", "Bake \x1b[31mbread."]


def write(path: Path, texts: list[str]) -> Path:
    path.write_text("".join(json.dumps({"instruction": text}) + "\n" for text in texts), "utf-8")
    return path


def test_kept_lines_come_out_and_the_report_says_what_was_left_out(tmp_path: Path) -> None:
    file = write(tmp_path / "in.jsonl", TEXTS)
    done = quorum("dedup", file)
    given = file.read_text("utf-8").splitlines()
    assert done.stdout.splitlines() == [given[0], *given[2:]]
    assert (
        "line 2, 0.83: Name a colour of the sea.\n        like line 1: Name a colour of the sky."
        in done.stderr
    )
    assert "read as instructions: instruction\n" in done.stderr
    assert "compared by the tokeniser rouge-score (a-z and 0-9) for 4 lines" in done.stderr
    assert "4 lines, 3 kept, 1 near-duplicate left out" in done.stderr


def test_files_are_written_whole_or_not_at_all(tmp_path: Path) -> None:
    file, out, report = write(tmp_path / "in.jsonl", TEXTS), tmp_path / "out.jsonl", tmp_path / "report.jsonl"
    quorum("dedup", file, "--out", out, "--report", report, "--against", file)
    assert out.read_text() == ""
    drops = [json.loads(line) for line in report.read_text("utf-8").splitlines()]
    assert [(drop["line"], drop["nearest"]) for drop in drops] == list(enumerate(TEXTS, start=1))
    refused = quorum("dedup", file, "--out", out, check=False)
    assert refused.returncode == 1 and "already exists" in refused.stderr
    file.write_text("broken\n", "utf-8")
    bad = quorum("dedup", file, "--out", out, "--force", check=False)
    assert bad.returncode == 1 and "line 1" in bad.stderr
    assert out.read_text() == "" and sorted(path.name for path in tmp_path.iterdir()) == [
        "in.jsonl",
        "out.jsonl",
        "report.jsonl",
    ]


def test_a_bad_line_and_a_twin_are_told_and_reported(tmp_path: Path) -> None:
    file, report = write(tmp_path / "in.jsonl", ["What is 18 + 3?", "What is 18 - 3?"]), tmp_path / "report"
    with file.open("a", encoding="utf-8") as more:
        more.write('\n{"instruction": "Sing\n{"instruction": "Назови столицу Чили."}\n')
    done = quorum("dedup", file, "--report", report)
    given = file.read_text("utf-8").splitlines()
    assert done.stdout.splitlines() == [*given[:2], given[4]]
    told = " ".join(done.stderr.split())
    assert "line 2, 1.00: kept, differs in sign, number or symbol: What is 18 - 3? like line 1: " in told
    assert "line 4: this is not JSON" in told
    assert "rouge-score (a-z and 0-9) for 2 lines, unicode (every script) for 1 line" in told
    assert "3 lines, 3 kept, 0 near-duplicates left out, 1 set aside and not written, 1 of these kept" in told
    twin, bad = sorted(map(json.loads, report.read_text("utf-8").splitlines()), key=lambda row: row["line"])
    assert (twin["line"], twin["kept"], twin["why"]) == (2, True, "differs in sign, number or symbol")
    assert (bad["line"], bad["kept"], bad["text"]) == (4, False, given[3] + "\n")


def test_a_table_comes_from_standard_input_and_a_column_is_named(tmp_path: Path) -> None:
    rows = "Question|Answer\nName a sea.|Baltic\nName a sea!|Aral\n"
    command = [*QUORUM, "dedup", "-", "--field", "Question", "--delimiter", "|"]
    done = subprocess.run(command, input=rows, capture_output=True, text=True, env=environment(), timeout=60)
    assert done.stdout == "Question|Answer\nName a sea.|Baltic\n", done.stderr


def test_texts_never_reach_the_terminal_as_they_are(tmp_path: Path) -> None:
    done = quorum("dedup", write(tmp_path / "in.jsonl", [TEXTS[3], TEXTS[3]]))
    assert "\x1b" not in done.stderr and "bread" in done.stderr


def test_what_cannot_be_meant_is_a_usage_error_and_touches_nothing(tmp_path: Path) -> None:
    file, out = write(tmp_path / "in.jsonl", TEXTS), tmp_path / "out.jsonl"
    for options in (
        ("--out", out, "--report", out, "--force"),
        ("--report", file, "--force"),
        ("--out", out, "--against", out, "--force"),
        ("--threshold", "nan"),
    ):
        refused = quorum("dedup", file, *options, check=False)
        assert refused.returncode == 2 and refused.stdout == ""
    assert list(tmp_path.iterdir()) == [file]
