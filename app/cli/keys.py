"""`quorum keys`: every key of the screens and its name, as a start for one's own."""

from __future__ import annotations

from importlib import import_module

import click


@click.command("keys", short_help="List the keys of the screens, to set one's own.")
def keys_command() -> None:
    """Print the name and keys of every binding, in the form of the file in which you set your own.

    Save it in the file that is named at the end, then remove the # from a line and change its key. Separate
    several keys by commas.
    """
    # Textual takes a noticeable part of a second to import; the headless commands do without it.
    import_module("app.tui.app")  # every screen binds its keys when it is imported
    from app.tui.keys import default_place, keys_of, places

    printed: set[str] = set()
    for place, bindings in places():
        named = {name: keys for name, keys in keys_of(bindings).items() if name not in printed}
        printed |= named.keys()
        if named:
            click.echo(f"# {getattr(place, 'NAME', '') or place.__name__}")
        for name, keys in named.items():
            sentence = next(binding.tooltip for binding in bindings if binding.id == name)
            line = f'# {name} = "{",".join(keys)}"'
            click.echo(f"{line:<44}  # {sentence}")
    click.echo(f"Your own keys: {default_place()}", err=True)
