"""The log: everything that went wrong, harmless to read, without secrets, and never in anyone's way."""

from __future__ import annotations

import logging
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from app import logs
from app.visible import hidden_count
from tests.cli.commands import ROOT, environment, quorum
from tests.hostile import HOSTILE
from tests.tui.test_terminal import terminal


@pytest.fixture
def log(tmp_path: Path) -> Iterator[Path]:
    """A log of its own for one test; afterwards everything is as before."""
    root, app = logging.getLogger(), logging.getLogger("app")
    handlers, levels, hook = root.handlers[:], (root.level, app.level), threading.excepthook
    root.handlers[:] = []
    path = tmp_path / "log" / "quorum.log"
    logs.set_up(path)
    yield path
    for handler in root.handlers:
        handler.close()
    root.handlers[:] = handlers
    root.setLevel(levels[0])
    app.setLevel(levels[1])
    logging.captureWarnings(False)
    threading.excepthook = hook


HERE = logging.getLogger("app.tests")


def state(home: Path) -> dict[str, str]:
    return {"HOME": str(home), "XDG_STATE_HOME": str(home / "state")}


def written(home: Path) -> str:
    return (home / "state" / "quorum" / "log" / "quorum.log").read_text("utf-8")


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
def test_hidden_characters_are_shown_as_marks(log: Path, text: str) -> None:
    HERE.warning("before %s after", text)
    entry = log.read_text("utf-8")
    assert "before " in entry and len(entry) < 200_000
    assert hidden_count(entry) == 0


def test_a_foreign_line_feed_cannot_pretend_to_be_an_entry(log: Path) -> None:
    HERE.warning("%s", "a\n2026-01-01T00:00:00.000Z 1 INFO app: forged")
    first, second = log.read_text("utf-8").splitlines()
    assert first.endswith(": a") and second.startswith("    2026")


SECRETS = {
    "a token of the Hub": "hf_AbCdEfGhIjKlMnOp",
    "a key of an interface": "sk-proj-abcdefgh12345678",
    "a bearer": "Authorization: Bearer abc.def.ghi",
    "a password in an address": "https://user:abc.def.ghi@example.org/x",
    "a password in an address that was taken for a path": "https:/user:abc.def.ghi@example.org/x",
    "a signed address": "https://example.org/x?a=1&X-Amz-Signature=abc.def.ghi",
    "a token in an address": "https://example.org/?access_token=abc.def.ghi",
}


@pytest.mark.parametrize("text", SECRETS.values(), ids=SECRETS.keys())
def test_what_has_the_form_of_a_secret_is_left_out(log: Path, text: str) -> None:
    HERE.warning("sent %s", text)
    entry = log.read_text("utf-8")
    assert "[secret]" in entry
    assert not any(part in entry for part in ("AbCdEf", "abcdefgh", "abc.def"))


def test_the_values_of_secret_variables_are_left_out_wherever_they_stand(
    log: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HF_TOKEN", "open sesame")
    monkeypatch.setenv("MY_API_KEY", "open sesame please")
    monkeypatch.setenv("SHORT_KEY", "1")
    try:
        raise RuntimeError("refused: open sesame please")
    except RuntimeError as error:
        shown = logs.unexpected(error)
    HERE.info("1 file, open sesame")
    for text in (shown, log.read_text("utf-8")):
        assert "sesame" not in text and "please" not in text
    assert "1 file, [secret]" in log.read_text("utf-8")


def test_other_libraries_are_heard_from_warnings_on(log: Path) -> None:
    logging.getLogger("httpx").info("GET https://example.org")
    logging.getLogger("httpx").warning("slow")
    HERE.info("ours")
    entries = log.read_text("utf-8")
    assert "GET" not in entries and "slow" in entries and "ours" in entries


def test_at_most_five_files_of_a_megabyte_are_kept(log: Path) -> None:
    for number in range(150):
        HERE.info("%d %s", number, "x" * 40_000)
    files = sorted(path.name for path in log.parent.iterdir())
    assert files == ["quorum.log", *(f"quorum.log.{n}" for n in range(1, 5)), "quorum.log.lock"]
    assert all(path.stat().st_size <= logs.FILE_BYTES for path in log.parent.iterdir())


WRITER = """
import logging, sys
from pathlib import Path
from app import logs
logs.FILE_BYTES = 20_000
logs.set_up(Path(sys.argv[1]))
for number in range(300):
    logging.getLogger("app").info("%s:%03d %s", sys.argv[2], number, "x" * 300)
"""


def test_several_processes_write_and_rotate_without_a_word_on_the_terminal(tmp_path: Path) -> None:
    path = tmp_path / "quorum.log"
    command = [sys.executable, "-c", WRITER, str(path)]
    running = [
        subprocess.Popen([*command, name], env=environment(), stderr=subprocess.PIPE) for name in "abc"
    ]
    assert [process.communicate()[1] for process in running] == [b"", b"", b""]
    files = [one for one in tmp_path.iterdir() if one.suffix != ".lock"]
    assert len(files) <= logs.FILES
    whole = [line for one in files for line in one.read_text("utf-8").splitlines()]
    assert whole and all(line.endswith("x" * 300) for line in whole)
    assert any("c:299" in line or "b:299" in line or "a:299" in line for line in whole)


def test_a_log_file_that_vanishes_is_made_again(log: Path) -> None:
    HERE.info("first")
    log.unlink()
    HERE.info("second")
    assert "second" in log.read_text("utf-8")


def test_a_thread_that_fails_is_logged_and_not_printed(log: Path, capsys: pytest.CaptureFixture[str]) -> None:
    thread = threading.Thread(target=lambda: 1 // 0)
    thread.start()
    thread.join()
    assert "ZeroDivisionError" in log.read_text("utf-8")
    assert capsys.readouterr().err == ""


def test_a_place_that_cannot_be_written_stops_nothing(tmp_path: Path) -> None:
    (tmp_path / "state").write_text("a file where a folder should be")
    done = quorum("recipes", **state(tmp_path))
    assert "ensemble-instruct" in done.stdout and done.stderr == ""


def test_a_full_disk_stops_nothing(tmp_path: Path) -> None:
    folder = tmp_path / "state" / "quorum" / "log"
    folder.mkdir(parents=True)
    (folder / "quorum.log").symlink_to("/dev/full")
    done = quorum("recipes", **state(tmp_path))
    assert "ensemble-instruct" in done.stdout and done.stderr == ""


def test_a_command_its_project_and_its_refusal_are_logged(tmp_path: Path) -> None:
    quorum("import", "seeds", tmp_path / "p.db", "small", **state(tmp_path))
    quorum("status", tmp_path / "none\x1b[31m.db", check=False, **state(tmp_path))
    entries = written(tmp_path)
    assert "started: quorum import seeds" in entries
    assert f"opened {tmp_path / 'p.db'}" in entries and f"closed {tmp_path / 'p.db'}" in entries
    assert "shown: " in entries and "none␛[31m.db does not exist" in entries
    assert "Halve" not in entries and "instruction" not in entries  # no texts of items


BROKEN_COMMAND = """
import sys
from app.cli import main
def broken(*_, **__): raise RuntimeError("the roof \\x1b[31m leaks")
main.quorum.commands["recipes"].callback = broken
main.quorum.commands["recipes"].invoke = broken
sys.argv = ["quorum", "recipes"]
main.main()
"""


def test_an_unexpected_error_is_one_clear_message_with_the_place_of_the_log(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", BROKEN_COMMAND],
        env=environment() | state(tmp_path),
        capture_output=True,
        text=True,
    )
    assert done.returncode == 1 and done.stdout == ""
    assert done.stderr.startswith("quorum: Unexpected error: RuntimeError: the roof ␛[31m leaks\n")
    assert "bug in Quorum" in done.stderr and "quorum/log/quorum.log" in done.stderr
    assert "Traceback" not in done.stderr
    assert "Traceback" in written(tmp_path) and "the roof ␛[31m leaks" in written(tmp_path)


BROKEN_SCREENS = """
import sys
from app.tui.app import QuorumApp
async def broken(self): raise RuntimeError("the roof leaks")
def in_a_worker(self): self.run_worker(broken(self))
QuorumApp.action_help = in_a_worker if sys.argv[1] == "worker" else broken
sys.argv = ["quorum"]
from app.cli.main import main
main()
"""


@pytest.mark.parametrize("where", ["action", "worker"])
def test_an_unexpected_error_of_the_screens_is_told_after_the_terminal_is_restored(
    tmp_path: Path, where: str
) -> None:
    command = [sys.executable, "-c", BROKEN_SCREENS, where]
    with terminal(tmp_path, command=command) as (opened, _):
        opened.see("Quorum")
        opened.type("?")
        assert opened.ended() == 1
        opened.see("Unexpected error: RuntimeError: the roof leaks")
        assert "bug in Quorum" in opened.text and "Traceback" not in opened.text
    assert written(tmp_path).count("Traceback") == 1
    assert "broken(self): raise" in written(tmp_path) or 'File "<string>"' in written(tmp_path)


def test_the_version_is_one_line_and_verbose_says_what_a_report_needs() -> None:
    assert quorum("--version").stdout.splitlines() == ["quorum, version 0.1.0"]
    for options in (("--version", "--verbose"), ("--verbose", "--version")):
        lines = dict(line.split(None, 1) for line in quorum(*options).stdout.splitlines()[1:])
        assert {"Python", "Textual", "llama-cpp-python", "llama.cpp", "SQLite", "GPU", "log"} <= set(lines)
        assert lines["log"].endswith("quorum/log/quorum.log")
    assert "goes with --version" in quorum("--verbose", check=False).stderr


def test_plain_commands_load_no_llama_cpp_and_no_textual() -> None:
    code = (
        "import sys; sys.argv = ['quorum', '--version']\n"
        "from app.cli.main import main\n"
        "try: main()\nexcept SystemExit: pass\n"
        "print([name for name in ('textual', 'llama_cpp', 'huggingface_hub') if name in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], env=environment(), cwd=ROOT, capture_output=True, text=True
    )
    assert done.stdout.splitlines()[-1] == "[]"
