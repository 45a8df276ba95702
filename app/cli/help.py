"""`quorum help`: the manual on the command line, and the help of a command."""

from __future__ import annotations

import re
import sys

import click

from app import pages
from app.errors import QuorumError

_LINK = re.compile(r"\[([^\]]+)\]\((\w+)\.md(?:#[\w-]+)?\)")


@click.command("help", short_help="Read the manual, or the help of a command.")
@click.argument("words", metavar="[TOPIC | COMMAND]", nargs=-1)
@click.pass_context
def help_command(ctx: click.Context, words: tuple[str, ...]) -> None:
    """Print a page of the manual, or the help of a command; without an argument list the topics.

    On a terminal the page is laid out; in a pipe it is Markdown.
    """
    if not words:
        _list_topics()
    elif len(words) == 1 and words[0] in pages.TOPICS:
        _print_page(pages.page(words[0]))
        if _command(ctx, words):
            click.echo(f"The options of the command: quorum {words[0]} --help", err=True)
    elif command := _command(ctx, words):
        click.echo(command.get_help())
    else:
        raise _unknown(ctx, words)


def _list_topics() -> None:
    """Print every topic with its purpose."""
    wide = max(map(len, pages.TOPICS))
    for page in pages.all_pages():
        click.echo(f"{page.topic:<{wide}}  {page.purpose}")
    click.echo("\nquorum help TOPIC prints a page, quorum help COMMAND the help of a command.", err=True)


def _print_page(page: pages.Page) -> None:
    """Print a page: laid out on a terminal, as it is elsewhere."""
    if not sys.stdout.isatty():
        click.echo(page.text, nl=False)
        return
    from rich.console import Console  # these take a noticeable part of a second to import
    from rich.markdown import Markdown

    console = Console(highlight=False, emoji=False)
    # A link between pages leads nowhere on paper: name the command that prints the page.
    text = _LINK.sub(lambda link: f"{link[1]} (`quorum help {link[2]}`)", page.text)
    console.print(Markdown(text, hyperlinks=False), width=min(console.width, 100))


def _command(ctx: click.Context, words: tuple[str, ...]) -> click.Context | None:
    """Return a context of the command that `words` name, or None where there is none."""
    parent = ctx.find_root()
    for word in words:
        group = parent.command
        if not isinstance(group, click.Group) or word not in group.list_commands(parent):
            return None
        command = group.get_command(parent, word)
        assert command is not None
        parent = click.Context(command, info_name=word, parent=parent)
    return parent


def _unknown(ctx: click.Context, words: tuple[str, ...]) -> QuorumError:
    """Say that there is no such topic or command, and what may have been meant."""
    root = ctx.find_root()
    group = root.command
    commands = group.list_commands(root) if isinstance(group, click.Group) else []
    known = [*pages.TOPICS, *commands]
    return QuorumError(
        f"There is no topic or command {' '.join(words)!r}.", pages.suggestion(words[0], known)
    )
