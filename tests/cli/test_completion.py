"""`quorum completion`, `quorum man` and the examples: what stands in them can be typed."""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
from pathlib import Path

import click
import pytest
from click.shell_completion import BashComplete
from click.testing import CliRunner

from app.cli import examples
from app.cli.commands import every_command
from app.cli.completion import VARIABLE
from app.cli.main import quorum


def completed(*words: str) -> list[tuple[str, str]]:
    *before, begun = words
    found = BashComplete(quorum, {}, "quorum", VARIABLE).get_completions(before, begun)
    return [(item.type, item.value) for item in found]


def test_commands_options_recipes_and_files_are_completed() -> None:
    assert ("plain", "export") in completed("ex")
    assert ("file", "ex") in completed("ex"), "a first word can be a project"
    assert ("plain", "suggest") in completed("models", "su")
    assert ("plain", "--recipe") in completed("run", "p.db", "--rec")
    assert completed("run", "p.db", "--recipe", "lamini-") == [
        ("plain", "lamini-example"),
        ("plain", "lamini-topic"),
        ("file", "lamini-"),
    ]
    assert ("plain", "messages") in completed("export", "p.db", "out", "--format", "mess")


def test_models_of_this_machine_are_completed() -> None:
    assert ("plain", "quorum-writer.q8_0") in completed("run", "p.db", "--writer", "quorum-w")


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_a_shell_reads_its_completion(shell: str, tmp_path: Path) -> None:
    script = CliRunner().invoke(quorum, ["completion", shell]).stdout
    assert VARIABLE in script and "quorum" in script
    if program := shutil.which(shell):
        (tmp_path / "script").write_text(script, encoding="utf-8")
        subprocess.run([program, "-n", str(tmp_path / "script")], check=True)


def test_bash_completes_what_is_typed(tmp_path: Path) -> None:
    script = CliRunner().invoke(quorum, ["completion", "bash"]).stdout
    (tmp_path / "quorum").write_text(f'#!/bin/sh\necho "plain,${VARIABLE}"\n', "utf-8")
    (tmp_path / "quorum").chmod(0o755)
    asked = (
        f'{script}\nCOMP_WORDS=(quorum ex)\nCOMP_CWORD=1\n_quorum_completion quorum\necho "${{COMPREPLY[@]}}"'
    )
    done = subprocess.run(
        ["bash", "-c", asked],
        env={"PATH": f"{tmp_path}:/usr/bin:/bin"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.split() == ["bash_complete"]


def test_every_command_has_examples_that_it_takes() -> None:
    contexts = {
        context.command_path.partition(" ")[2]: context
        for context in every_command(click.Context(quorum, info_name="quorum"))
        if not isinstance(context.command, click.Group) or context.command.invoke_without_command
    }
    assert set(contexts) - {"models"} == set(examples.EXAMPLES)
    for name, context in contexts.items():
        for _what, line in examples.EXAMPLES.get(name, ()):
            words = shlex.split(re.split(r" [|>]", line)[0])[1:]
            named = name.split()
            arguments = words[len(named) :] if words[: len(named)] == named else words
            assert words[: len(named)] == named or name == "open"
            values, left, used = context.command.make_parser(context).parse_args(arguments)
            assert not left
            for param in used:
                if isinstance(param.type, (click.Choice, click.IntRange, click.FloatRange)):
                    param.type_cast_value(context, values[param.name])


def test_help_ends_with_examples_a_line_each() -> None:
    shown = CliRunner().invoke(quorum, ["backup", "--help"]).stdout
    assert shown.endswith(
        "# Copy a project, also during a run.\n    quorum backup thesis.db thesis-copy.db\n"
    )


def test_the_man_page_holds_every_command_and_option() -> None:
    page = CliRunner().invoke(quorum, ["man"]).stdout
    assert page.startswith(".TH QUORUM 1")
    for context in every_command(click.Context(quorum, info_name="quorum")):
        assert f".SS {context.command_path}" in page
    assert r"\fB\-\-threshold" in page
    assert all(
        line.split()[0][:3] in {".TH", ".SH", ".SS", ".PP", ".TP", ".B", ".nf", ".fi", ".ad"}
        for line in page.splitlines()
        if line.startswith(".")
    )
