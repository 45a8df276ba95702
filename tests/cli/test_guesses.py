"""What a mistyped word is answered with: a guess, and nothing is made for it."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from app.cli.main import quorum
from tests.cli.commands import quorum as typed
from tests.tui.test_terminal import terminal


@pytest.mark.parametrize(
    ("words", "guess"),
    [
        (("statsu",), "Did you mean status?"),
        (("import", "candidats", "a.db", "b.jsonl"), "Did you mean candidates?"),
        (("recipes", "shw", "alpaca"), "Did you mean show?"),
        (("recipes", "show", "alpac"), "Did you mean alpaca?"),
        (("models", "chek"), "Did you mean check?"),
        (("run", "new.db", "--recipe", "distil"), "Did you mean distill?"),
        (("run", "new.db", "--recipe", "ensembel"), "Did you mean ensemble-instruct?"),
        (("run", "new.db", "--writer", "quorum-wirter"), "Did you mean quorum-writer"),
        (("models", "check", "quorum-caht"), "Did you mean quorum-chat"),
    ],
    ids=lambda value: value if isinstance(value, str) else " ".join(value),
)
def test_a_word_that_is_nearly_another_is_answered_with_that(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...], guess: str
) -> None:
    monkeypatch.chdir(tmp_path)
    done = CliRunner().invoke(quorum, words, standalone_mode=False)
    assert guess in (str(done.exception) or "")
    assert list(tmp_path.iterdir()) == []


def test_a_bare_word_that_is_no_file_is_an_error_where_nobody_can_be_asked(tmp_path: Path) -> None:
    done = typed("statsu", cwd=tmp_path, check=False)
    assert done.returncode == 1 and done.stdout == ""
    assert "There is no project statsu." in done.stderr
    assert "Did you mean status? `quorum run` and `quorum import` create a project." in done.stderr
    assert not (tmp_path / "statsu").exists()


def test_a_mistyped_command_with_its_project_is_guessed_too(tmp_path: Path) -> None:
    done = typed("stauts", "p.db", cwd=tmp_path, check=False)
    assert done.returncode == 2 and "Did you mean status?" in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_a_bare_word_that_is_no_file_asks_first_on_a_terminal(tmp_path: Path) -> None:
    with terminal(tmp_path, "statsu") as (screen, _):
        screen.see("Did you mean status? Create a project of that name? [y/N]")
        screen.type("n\r")
        assert screen.ended() == 130
    assert not (tmp_path / "statsu").exists()
