"""The manual tells the truth about the commands, and its links lead somewhere."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from app import pages
from app.cli.main import quorum
from app.cli.reference import PAGE, renewed
from app.errors import QuorumError

ROOT = Path(__file__).resolve().parent.parent
README = ROOT / "README.md"
TEXTS = [README, *sorted(PAGE.parent.glob("*.md"))]
OF_OTHERS = {
    "--merge",
    "--generate",  # of `ray get-auth-token`, the others of `ray start`
    *("--head", "--address", "--node-ip-address", "--port", "--include-dashboard"),
}
"""Options of other programs that the manual names."""

OPTION = re.compile(r"(?<![\w-])--[a-z][a-z-]+")
CODE = re.compile(r"^```\w*\n(.*?)^```", re.MULTILINE | re.DOTALL)
SPAN = re.compile(r"`([^`\n]+(?:\n[^`\n]+)?)`")
CALL = re.compile(r"\bquorum((?: [^\n|;&#]*)?)")


def commands() -> dict[str, click.Command]:
    """Return every command by its words: `models check`."""
    found: dict[str, click.Command] = {}

    def look(command: click.Command, name: str) -> None:
        found[name] = command
        if isinstance(command, click.Group):
            for below, one in command.commands.items():
                look(one, f"{name} {below}".strip())

    look(quorum, "")
    return found


COMMANDS = commands()


def options(command: click.Command) -> set[str]:
    return {name for one in command.params for name in (*one.opts, *one.secondary_opts)} | {
        "--help",
        "--version",
    }


EVERY_OPTION = set().union(*map(options, COMMANDS.values()))


def calls(text: str) -> Iterator[list[str]]:
    """Yield the words after `quorum` in code, one list a call."""
    for code in (*CODE.findall(text), *SPAN.findall(CODE.sub("", text))):
        for line in code.replace("\\\n", " ").splitlines():
            for match in CALL.finditer(line):
                if match.start() == 0 or line[match.start() - 1] in " (":
                    yield match[1].split()


def test_the_calls_in_the_manual_are_found() -> None:
    found = [words for path in TEXTS for words in calls(path.read_text("utf-8"))]
    assert len(found) > 80 and ["models", "check", "MODEL"] in found
    assert any(words[:2] == ["run", "thesis.db"] and "--writer" in words for words in found)


@pytest.mark.parametrize("path", TEXTS, ids=lambda path: path.name)
def test_every_option_and_command_that_is_mentioned_exists(path: Path) -> None:
    text = path.read_text("utf-8")
    assert set(OPTION.findall(text)) - OF_OTHERS <= EVERY_OPTION
    for words in calls(text):
        name = ""
        for word in words:
            if (
                not isinstance(COMMANDS[name], click.Group)
                or not word.islower()
                or f"{name} {word}".strip() not in COMMANDS
            ):
                break
            name = f"{name} {word}".strip()
        assert name or not words or not re.fullmatch(r"[a-z]+", words[0]), f"quorum {' '.join(words)}"
        if name:
            asked = {word.split("=")[0].strip("`,.)") for word in words if word.startswith("--")}
            assert asked <= options(COMMANDS[name]), f"quorum {' '.join(words)}"


def test_the_options_in_the_manual_are_those_of_the_commands() -> None:
    page = PAGE.read_text("utf-8")
    assert renewed(page) == page, "make manual renews the page"


def test_a_page_that_is_out_of_date_is_noticed() -> None:
    page = PAGE.read_text("utf-8")
    old = page.replace("--no-calibration", "--without-calibration")
    assert old != page and renewed(old) == page


def test_every_page_is_listed_begins_alike_and_is_linked() -> None:
    assert sorted(pages.TOPICS) == sorted(path.stem for path in PAGE.parent.glob("*.md"))
    for one in pages.all_pages():
        assert one.text.startswith(f"# {one.title}\n\n{one.text.splitlines()[2]}\n\n")
        assert one.purpose.endswith(".") and "\n" not in one.purpose
        anchors = [part.anchor for part in pages.headings(one)]
        assert len(set(anchors)) == len(anchors)


@pytest.mark.parametrize("topic", pages.TOPICS)
def test_every_link_of_a_page_leads_to_a_page_and_a_part_of_it(topic: str) -> None:
    for text, target in pages.links(pages.page(topic)):
        assert text and (":" in target or pages.place(target))


def test_every_link_of_the_readme_leads_to_a_file() -> None:
    for target in re.findall(r"\]\(([^)\s]+)\)", README.read_text("utf-8")):
        if ":" not in target:
            path, _, anchor = target.partition("#")
            assert (ROOT / path).exists(), target
            if path.startswith("app/manual/"):
                assert pages.place(f"{Path(path).name}{'#' if anchor else ''}{anchor}")


def test_the_readme_is_short() -> None:
    assert len(README.read_text("utf-8").splitlines()) <= 220


def test_a_phrase_is_found_whatever_its_case_and_line_breaks() -> None:
    [hit] = pages.find("keep sqlite's\n promises")
    assert hit.topic == "files" and pages.page("files").text.splitlines()[hit.line].endswith(hit.text[-20:])
    assert pages.find("  ") == [] and pages.find("xyzzy") == []
    assert pages.find("quorum.db") == [], "a point is a point"


def test_an_unknown_topic_or_part_is_refused_in_words() -> None:
    with pytest.raises(QuorumError, match=r"Did you mean models\?"):
        pages.page("model")
    with pytest.raises(QuorumError, match="no part 'nothing'"):
        pages.place("models.md#nothing")


def test_the_files_that_the_architecture_page_names_exist() -> None:
    page = (ROOT / "app" / "README.md").read_text("utf-8")
    rows = [line for line in page.splitlines() if line.startswith("| ")]
    named = {name for line in rows for name in re.findall(r"`([\w/.]+\.(?:py|tcss|md))`", line)}
    roots = (ROOT, *(path for path in (ROOT / "app").rglob("*") if path.is_dir()), ROOT / "app")
    missing = {
        name for name in named if "NAME" not in name and not any((base / name).exists() for base in roots)
    }
    assert len(named) > 20 and not missing
