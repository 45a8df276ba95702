from __future__ import annotations

import json
import os
import signal
import stat
import tracemalloc
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any, get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.errors import ExportError, ProjectError
from app.export.formats import FORMS
from app.export.request import request
from app.export.sinks import line
from app.export.write import at_most, export, export_to, hidden_items, preview
from app.store import decisions, lock, review, runs, synthetic
from app.store.connection import Connection
from app.store.project import Project
from app.store.review_state import ItemDecision
from app.store.rows import Include
from app.store.text import storable
from app.store.views import ExportRow
from tests.hostile import HOSTILE
from tests.store.material import add_item, in_child, start_run


@pytest.fixture
def filled(project: Project) -> Project:
    """Four items: with and without input, one whose winner is empty, one that the vote dropped."""

    def change(c: Connection) -> None:
        run = start_run(c)
        add_item(c, run, "With input.", "x", outputs=("good",))
        add_item(c, run, "Without input.", "", outputs=("fine",), kind="B")
        add_item(c, run, "Empty.", "x", outputs=(" \n", "\t"))
        add_item(c, run, "Dropped.", "x", outputs=("bad",), keep=False, winner=None)

    project.write_now(change)
    return project


def read(path: Path) -> list[dict[str, object]]:
    """Read a file as a strict reader does: whole lines, each a JSON object in UTF-8."""
    content = path.read_bytes()
    assert content == b"" or content.endswith(b"\n")
    return [json.loads(part.decode("utf-8")) for part in content.split(b"\n")[:-1]]


def test_how_many_rows_there_are_at_most_is_known_before_they_are_read(filled: Project) -> None:
    most = {include: at_most(filled, request("alpaca", include)) for include in get_args(Include)}
    assert most == {"accepted": 0, "consensus": 3, "all": 4}
    one = [ItemDecision(filled.read(lambda c: review.id_of(c, 1)))]
    filled.write_now(lambda c: decisions.decide(c, "ann", "reject", one))
    assert at_most(filled, request("alpaca")) == 2
    assert at_most(filled, request("alpaca", where="kind:A")) is None


def test_what_hidden_runs_keep_back_is_counted_and_not_among_what_there_is_at_most(filled: Project) -> None:
    def hide(c: Connection) -> None:
        runs.hide(c, 1, hidden=True)
        add_item(c, start_run(c), "Of a run that is shown.", "x", outputs=("good",))
        ids = [review.id_of(c, number) for number in (1, 2, 4)]
        decisions.decide(c, "ann", "accept", [ItemDecision(ids[0])])
        decisions.decide(c, "ann", "edit", [ItemDecision(ids[2], text="mended")])
        decisions.decide(c, "ann", "reject", [ItemDecision(ids[1])])

    filled.write_now(hide)
    asked = {include: request("alpaca", include) for include in get_args(Include)}
    assert {include: at_most(filled, each) for include, each in asked.items()} == {
        **{"accepted": 0, "consensus": 1, "all": 1}
    }
    hidden = {include: str(hidden_items(filled, each)) for include, each in asked.items()}
    assert hidden == {
        "accepted": "2 items of hidden runs",
        "consensus": "3 items of hidden runs",
        "all": "4 items of hidden runs",
    }
    assert str(hidden_items(filled, request("kto"))) == "3 items of hidden runs"
    assert str(hidden_items(filled, request("alpaca", run=2))) == "0 items of hidden runs"
    assert str(hidden_items(filled, request("alpaca", where="kind:A"))) == "up to 3 items of hidden runs"
    assert export_to(BytesIO(), filled, asked["all"]).hidden.items == 4


def test_alpaca_rows_always_have_the_three_fields_as_text(filled: Project, tmp_path: Path) -> None:
    report = export(filled, tmp_path / "out.jsonl", request("alpaca-jsonl", "consensus"))
    assert read(report.path) == [
        {"instruction": "With input.", "input": "x", "output": "good"},
        {"instruction": "Without input.", "input": "", "output": "fine"},
    ]
    assert list(read(report.path)[0]) == ["instruction", "input", "output"]
    assert (report.rows, report.empty_skipped, report.bytes) == (2, 1, report.path.stat().st_size)


def test_messages_rows_are_one_turn_with_the_input_on_its_own_line(filled: Project, tmp_path: Path) -> None:
    report = export(filled, tmp_path / "out.jsonl", request("messages", "consensus"))
    assert read(report.path) == [
        {
            "messages": [
                {"role": "user", "content": "With input.\nx"},
                {"role": "assistant", "content": "good"},
            ]
        },
        {
            "messages": [
                {"role": "user", "content": "Without input."},
                {"role": "assistant", "content": "fine"},
            ]
        },
    ]


@pytest.mark.parametrize(
    ("include", "written", "empty"), [("accepted", 1, 1), ("consensus", 2, 1), ("all", 3, 1)]
)
def test_the_selection_decides_and_empty_outputs_never_go_out(
    filled: Project, tmp_path: Path, include: str, written: int, empty: int
) -> None:
    def accept(c: Connection) -> None:
        ids = [row[0] for row in c.execute("SELECT id FROM instances WHERE number IN (1, 3) ORDER BY number")]
        decisions.decide(c, "ann", "accept", [ItemDecision(key) for key in ids])

    filled.write_now(accept)
    report = export(filled, tmp_path / "out.jsonl", request("alpaca-jsonl", include))  # type: ignore[arg-type]
    assert (report.rows, report.empty_skipped, len(read(report.path))) == (written, empty, written)
    assert all(str(row["output"]).strip() for row in read(report.path))
    shown = preview(filled, request("alpaca-jsonl", include))  # type: ignore[arg-type]
    assert (shown.rows, shown.empty_skipped) == (written, empty)
    assert json.loads(shown.first) == read(report.path)[0]


def test_an_export_of_nothing_is_an_empty_file(project: Project, tmp_path: Path) -> None:
    report = export(project, tmp_path / "none.jsonl", request("messages", "all"))
    assert (report.rows, report.bytes, report.path.read_bytes()) == (0, 0, b"")
    assert preview(project, request("messages", "all")).first == ""


def test_the_same_project_gives_the_same_bytes(filled: Project, tmp_path: Path) -> None:
    one = export(filled, tmp_path / "one.jsonl", request("messages", "all"))
    two = export(filled, tmp_path / "two.jsonl", request("messages", "all"))
    assert one.path.read_bytes() == two.path.read_bytes()


@pytest.mark.parametrize("format", [name for name in FORMS if name != "alpaca"])
def test_hostile_texts_load_line_by_line_in_every_reader(
    project: Project, tmp_path: Path, format: str
) -> None:
    texts = [text for text in HOSTILE.values() if text.strip()]

    def change(c: Connection) -> None:
        run = start_run(c)
        for text in texts:
            made = add_item(c, run, text, text, outputs=(text, "quite another"))
            decisions.decide(c, "ann", "accept", [ItemDecision(made.id)])

    project.write_now(change)
    path = export(project, tmp_path / "out.jsonl", request(format, "all")).path
    found = read(path)
    # Readers that split decoded text into lines see the same rows.
    assert [json.loads(part) for part in path.read_text("utf-8").splitlines()] == found
    assert len(found) == len(texts)
    for row, text in zip(found, texts, strict=True):
        assert storable(text) in "\n".join(texts_in(row))


def texts_in(value: object) -> list[str]:
    """Return every text of a row, wherever it stands."""
    if isinstance(value, dict):
        return [text for part in value.values() for text in texts_in(part)]
    if isinstance(value, list):
        return [text for part in value for text in texts_in(part)]
    return [value] if isinstance(value, str) else []


@settings(max_examples=200)
@given(instruction=st.text(st.characters()), input=st.text(st.characters()), output=st.text(st.characters()))
def test_any_row_is_one_line_of_json_that_gives_its_text_back(
    instruction: str, input: str, output: str
) -> None:
    row = ExportRow("id", 1, 1, "A", instruction, input, output, "accepted", "m", False)
    text = line(FORMS["alpaca-jsonl"].build(row, ""))
    assert len(text.splitlines()) == 1
    assert json.loads(text.encode("utf-8")) == {
        "instruction": storable(instruction),
        "input": storable(input),
        "output": storable(output),
    }


def test_memory_does_not_grow_with_the_rows(tmp_path: Path) -> None:
    peaks = []
    for rows in (2_000, 10_000):
        with Project.open(tmp_path / f"{rows}.db", create=True) as made:
            made.write_now(lambda c, n=rows: synthetic.fill(c, n))
            wanted = request("messages", no_lint=["near-duplicate"])
            tracemalloc.start()
            report = export(made, tmp_path / f"{rows}.jsonl", wanted)
            peaks.append(tracemalloc.get_traced_memory()[1])
            tracemalloc.stop()
        assert report.rows == rows
    # The search for duplicates keeps two numbers a row and sorts them at the end: some 60 bytes, not a row.
    assert peaks[1] - peaks[0] < 100 * 8_000


def test_an_existing_file_is_kept_unless_it_may_be_replaced(filled: Project, tmp_path: Path) -> None:
    out = tmp_path / "out.jsonl"
    out.write_text("precious")
    with pytest.raises(ExportError, match="already exists"):
        export(filled, out, request("messages", "all"))
    assert out.read_text() == "precious"
    export(filled, out, request("messages", "all"), force=True)
    assert len(read(out)) == 3


def test_a_file_that_appears_while_the_export_is_written_is_kept(
    filled: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "out.jsonl"
    real = filled.read

    def read_late(query: Callable[[Connection], object]) -> object:
        out.write_text("precious")
        return real(query)

    monkeypatch.setattr(filled, "read", read_late)
    with pytest.raises(ExportError, match="already exists"):
        export(filled, out, request("messages", "all"))
    assert out.read_text() == "precious"


def test_what_an_export_must_not_write_to_is_refused_even_with_force(filled: Project, tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "real.jsonl").write_text("precious")
    (tmp_path / "link.jsonl").symlink_to(tmp_path / "real.jsonl")
    (tmp_path / "hard.db").hardlink_to(filled.path)
    (tmp_path / "way").symlink_to(filled.path.parent)
    os.mkfifo(tmp_path / "pipe")
    targets = [
        *(tmp_path / name for name in ("folder", "link.jsonl", "pipe", "hard.db", "none/out.jsonl", "a\0b")),
        filled.path,
        tmp_path / "way" / filled.path.name,
        filled.path.with_name(filled.path.name + "-wal"),
        filled.path.with_name(filled.path.name + "-journal"),
        lock.lock_path(filled.path),
    ]
    for target in targets:
        with pytest.raises(ExportError):
            export(filled, target, request("messages", "all"), force=True)
    assert (tmp_path / "real.jsonl").read_text() == "precious"
    assert filled.read(lambda c: c.execute("PRAGMA integrity_check").fetchone()[0]) == "ok"


def test_an_unknown_format_or_run_leaves_nothing_behind(filled: Project, tmp_path: Path) -> None:
    before = sorted(tmp_path.iterdir())
    with pytest.raises(ExportError, match="not a known format"):
        export(filled, tmp_path / "out.xml", request("xml", "all"))  # type: ignore[arg-type]
    with pytest.raises(ProjectError, match="no run 7"):
        export(filled, tmp_path / "out.jsonl", request("messages", "all", run=7))
    assert sorted(tmp_path.iterdir()) == before


def test_an_export_follows_the_umask(filled: Project, tmp_path: Path) -> None:
    before = os.umask(0o027)
    try:
        path = export(filled, tmp_path / "out.jsonl", request("messages", "all")).path
    finally:
        os.umask(before)
    assert stat.S_IMODE(path.stat().st_mode) == 0o640


def test_a_disk_that_takes_no_more_leaves_the_old_file_and_no_other(tmp_path: Path) -> None:
    out = tmp_path / "out.jsonl"
    out.write_text("precious")

    def work() -> None:
        import resource

        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        with Project.open(tmp_path / "a.db", create=True) as made:
            run = made.write_now(start_run)
            for number in range(5):
                made.write_now(lambda c, n=number: add_item(c, run, f"{n}", outputs=("x" * 50_000,)))
            resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))
            with pytest.raises(ExportError, match="too large"):
                export(made, out, request("messages", "all"), force=True)

    assert in_child(work) == 0
    assert out.read_text() == "precious"
    assert [path.name for path in tmp_path.iterdir() if path.suffix == ".tmp"] == []


def test_an_export_killed_at_any_row_leaves_the_old_file(tmp_path: Path) -> None:
    out = tmp_path / "out.jsonl"
    with Project.open(tmp_path / "a.db", create=True) as made:
        run = made.write_now(start_run)
        for number in range(4):
            made.write_now(lambda c, n=number: add_item(c, run, f"{n}"))
    ended = []
    for survive in range(6):
        out.write_text("precious")

        def work(survive: int = survive) -> None:
            from app.export import sinks

            left = [survive]
            real = sinks.line

            def line_or_death(fields: dict[str, object]) -> str:
                left[0] -= 1
                if left[0] < 0:
                    os.kill(os.getpid(), signal.SIGKILL)
                return real(fields)

            sinks.line = line_or_death
            with Project.open(tmp_path / "a.db", read_only=True) as made:
                export(made, out, request("messages", "all"), force=True)

        ended.append(in_child(work))
        if ended[-1] == 0:
            assert len(read(out)) == 4
        else:
            assert out.read_text() == "precious"
    assert ended == [-signal.SIGKILL] * 4 + [0, 0]


@pytest.mark.parametrize("format", ["alpaca", "alpaca-jsonl", "csv"])
def test_a_stream_gets_the_bytes_that_a_file_would_get(filled: Project, tmp_path: Path, format: str) -> None:
    export(filled, tmp_path / "rows", request(format))
    stream = BytesIO()
    report = export_to(stream, filled, request(format))
    assert stream.getvalue() == (tmp_path / "rows").read_bytes()
    assert report.bytes == len(stream.getvalue())
    dry = BytesIO()
    assert export_to(dry, filled, request(format), dry_run=True).rows == report.rows
    assert dry.getvalue() == b""


@pytest.mark.parametrize(
    "wanted",
    [{"split": "90/10"}, {"provenance": True}, {"trainers": ("axolotl",)}, {"format": "datasets"}],
    ids=str,
)
def test_an_export_of_several_files_does_not_go_into_a_stream(
    filled: Project, wanted: dict[str, Any]
) -> None:
    stream = BytesIO()
    with pytest.raises(ExportError, match="takes rows alone"):
        export_to(stream, filled, request(**{"format": "alpaca-jsonl"} | wanted))
    assert stream.getvalue() == b""
