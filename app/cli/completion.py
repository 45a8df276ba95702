"""`quorum completion`: what a shell needs to complete commands, options, models and files."""

from __future__ import annotations

import click
from click.shell_completion import CompletionItem, get_completion_class

from app.method.recipe import builtin_names

VARIABLE = "_QUORUM_COMPLETE"
"""The variable in which the shell asks; click reads it before it runs a command."""


@click.command("completion", short_help="Print the completion of commands and options for a shell.")
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
@click.pass_context
def completion(ctx: click.Context, shell: str) -> None:
    """Print a script that makes bash, zsh or fish complete commands, options, models, recipes and files.

    For bash and zsh add it to ~/.bashrc or ~/.zshrc; fish finds it in ~/.config/fish/completions.
    """
    found = get_completion_class(shell)
    assert found is not None
    click.echo(found(ctx.find_root().command, {}, "quorum", VARIABLE).source())


def complete_recipe(_ctx: click.Context, _param: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Return the built-in recipes that begin so, and have the shell add files."""
    items = [CompletionItem(name) for name in builtin_names() if name.startswith(incomplete)]
    return [*items, CompletionItem(incomplete, type="file")]
