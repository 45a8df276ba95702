"""placeholder"""
import click


@click.command("pull")
def pull_model() -> None:
    """Placeholder."""
