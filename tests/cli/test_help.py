"""`quorum help`: topics, pages, the help of commands, and words for what there is not."""

from __future__ import annotations

import os
import pty
import re
import subprocess
from pathlib import Path

import pytest

from app import pages
from tests.cli.commands import QUORUM, environment, quorum


def test_every_topic_is_listed_with_what_it_is_for() -> None:
    lines = quorum("help").stdout.splitlines()
    assert [line.split()[0] for line in lines if line] == list(pages.TOPICS)
    assert all(one.purpose in line for one, line in zip(pages.all_pages(), lines, strict=False))
    assert max(map(len, lines)) < 120


def test_a_page_goes_into_a_pipe_as_it_is() -> None:
    told = quorum("help", "votes")
    assert told.stdout == pages.page("votes").text and told.stderr == ""


def test_a_topic_that_is_a_command_too_says_how_to_see_its_options() -> None:
    told = quorum("help", "models")
    assert told.stdout.startswith("# Models\n") and "quorum models --help" in told.stderr


@pytest.mark.parametrize("words", [("run",), ("models", "check"), ("import", "seeds"), ("help",)])
def test_the_help_of_a_command_is_what_it_says_itself(words: tuple[str, ...]) -> None:
    assert quorum("help", *words).stdout == quorum(*words, "--help").stdout


def test_an_unknown_word_is_answered_with_what_may_have_been_meant() -> None:
    told = quorum("help", "modles", check=False)
    assert told.returncode == 1 and told.stdout == ""
    message, hint = told.stderr.splitlines()
    assert message == "quorum: There is no topic or command 'modles'."
    assert "Did you mean models?" in hint and all(topic in hint for topic in pages.TOPICS)
    assert "Did you mean" not in quorum("help", "xyzzy", check=False).stderr
    assert quorum("help", "models", "chekc", check=False).returncode == 1
    assert "\x1b" not in quorum("help", "\x1b[2J", check=False).stderr


def test_on_a_terminal_a_page_is_laid_out(tmp_path: Path) -> None:
    ours, theirs = pty.openpty()
    variables = environment() | {"TERM": "xterm-256color", "COLUMNS": "80"}
    with subprocess.Popen([*QUORUM, "help", "votes"], stdout=theirs, stderr=theirs, env=variables) as child:
        os.close(theirs)
        told = b""
        while True:
            try:
                told += (part := os.read(ours, 4096))
            except OSError:  # Linux says so when the other side has closed
                break
            if not part:
                break
        os.close(ours)
        assert child.wait() == 0
    shown = re.sub(r"\x1b\[[\d;]*m", "", told.decode())
    assert "\x1b[" in told.decode() and "| rule |" not in shown and "`" not in shown
    assert "quorum help trust" in shown
    assert max(len(line.rstrip("\r")) for line in shown.split("\n")) <= 80
