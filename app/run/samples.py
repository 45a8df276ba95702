"""How many samples each answerer of a run gives beside its own answer: read, begun with, and raised later."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from app.engine.gguf import read_header
from app.errors import ModelError
from app.method.recipe import Recipe
from app.method.recipe_forms import MOST_SAMPLES, check_samples
from app.run.ensemble import Member
from app.run.styles import answerer_named
from app.store import runs
from app.store.project import Connection
from app.store.rows import RunRow

SamplesOf = Mapping[Path, int]
"""How many samples a person wants of answerers, by their files."""


def chosen_samples(answerers: Sequence[Path], given: Iterable[str]) -> dict[Path, int]:
    """Read what was typed as N, for every answerer, or MODEL=N; what is said of one model goes before.

    Raises ModelError for another form, another number, and a model that does not answer.
    """
    of_all: int | None = None
    chosen: dict[Path, int] = {}
    headers = {path: read_header(path) for path in answerers}
    for text in given:
        name, _, typed = text.rpartition("=")
        count = _count(text, typed)
        if name:
            chosen[answerer_named(name, headers)] = count
        else:
            of_all = count
    return chosen if of_all is None else {path: chosen.get(path, of_all) for path in answerers}


def _count(text: str, typed: str) -> int:
    try:
        if typed.isascii() and typed.isdecimal():
            return check_samples(int(typed))
    except ValueError:
        pass
    raise ModelError(
        f"{text!r} is not a number of samples.",
        f"Give 0, or from 2 to {MOST_SAMPLES}, for every answerer, or MODEL=N for one.",
    )


def samples_by_model(
    recipe: Recipe, given: SamplesOf, answerers: Iterable[tuple[Path, Member]]
) -> dict[str, int]:
    """Return how many samples each answerer is to give, by its fingerprint."""
    of_recipe = recipe.answers.samples_for
    return {member.model: given.get(path, of_recipe(member.model)) for path, member in answerers}


def raise_samples(c: Connection, run: RunRow, asked: Mapping[str, int]) -> str:
    """Let answerers of a run give more samples from now on; return what to say about it, empty if nothing.

    Fewer change nothing: what was answered counts.
    """
    stored = Recipe.from_json(run.recipe_json)
    had = {model: stored.answers.samples_for(model) for model in asked}
    more = {model: max(count, had[model]) for model, count in asked.items()}
    if more == had:
        return ""
    recipe = stored.with_samples(more)
    runs.set_recipe(c, run.id, recipe.to_json(), recipe.recipe_hash)
    if run.state == "done":
        runs.set_state(c, run.id, "stopped")
    counts = sorted({count for model, count in more.items() if count != had[model]})
    return f"Run {run.number} is extended to {' and '.join(map(str, counts))} samples of an answer."
