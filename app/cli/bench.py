"""`quorum bench`: how much faster Quorum's ways are than the plain ones, on this machine, now."""

from __future__ import annotations

import asyncio

import click

PARTS = ("method", "engine")


@click.command("bench", short_help="Measure Quorum on this machine.")
@click.option("--only", type=click.Choice(PARTS), help="Measure only this part.")
@click.option("--rounds", type=click.IntRange(1, 100), default=5, show_default=True)
def bench(only: str | None, rounds: int) -> None:
    """Time two ways of the same work in turns and print how many times faster the first is."""
    asyncio.run(_bench((only,) if only else PARTS, rounds))


async def _bench(parts: tuple[str, ...], rounds: int) -> None:
    # The reference scorer takes a good part of a second to import; only this command needs it.
    from app.bench import engine, method

    ratios = {"method": method.ratios, "engine": engine.ratios}
    for part in parts:
        async for ratio in ratios[part](rounds):
            spread = f"{min(ratio.rounds):.1f} to {max(ratio.rounds):.1f}"
            click.echo(
                f"{part:<8}{ratio.ours:<28}{ratio.median:>9.1f} x {ratio.other:<24}{rounds} rounds, {spread}"
            )
