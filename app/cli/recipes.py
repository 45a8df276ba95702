"""`quorum recipes`: the methods that ship with Quorum, and their files as a start for one's own."""

from __future__ import annotations

from typing import Any

import click

from app.cli.common import Guessing
from app.cli.completion import complete_recipe
from app.method.recipe import Recipe, builtin_names, load, source
from app.visible import visible_json


@click.group(
    "recipes", cls=Guessing, invoke_without_command=True, short_help="List the built-in recipes, show one."
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.pass_context
def recipes(ctx: click.Context, as_json: bool) -> None:
    """List the built-in recipes: name, title, what it does.

    `quorum recipes show NAME > mine.toml` copies one; `quorum run PROJECT --recipe mine.toml` runs the copy.
    """
    if ctx.invoked_subcommand is not None:
        return
    recipes = [load(name) for name in builtin_names()]
    if as_json:
        click.echo(visible_json([_facts(recipe) for recipe in recipes], indent=2))
        return
    wide = max(len(recipe.name) for recipe in recipes)
    for recipe in recipes:
        click.echo(f"{recipe.name:<{wide}}  {recipe.title}\n{'':<{wide}}  {recipe.description}")


@recipes.command("show", short_help="Print the file of a built-in recipe.")
@click.argument("name", shell_complete=complete_recipe)
def show(name: str) -> None:
    """Print the TOML file of the built-in recipe NAME as it is, comments and all."""
    click.echo(source(name), nl=False)


def _facts(recipe: Recipe) -> dict[str, Any]:
    return {
        "name": recipe.name,
        "title": recipe.title,
        "description": recipe.description,
        "version": recipe.version,
        "instructions": recipe.instructions.form,
        "instances": recipe.instances.form,
        "rule": recipe.consensus.rule,
        "threshold": recipe.consensus.threshold,
    }
