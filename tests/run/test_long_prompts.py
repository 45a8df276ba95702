"""A text that is longer than the usual context is answered where the model can take it, else told apart."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from app.engine.context import Context, context_line
from app.intake.seeds import SeedTask
from app.method.recipe import Recipe, load
from app.run.plan import Plan, context_needs
from app.run.progress import RunSnapshot
from app.run.session import RunSession
from app.store import decisions, review
from app.store.project import Project
from app.store.review_state import ItemDecision
from tests.engine.tiny_gguf import COMPLETE, COMPLETE_TENSORS, build, write

LONG = "The_mill_stood_still._" * 250
"""5,500 letters, each of which is a token to the model below."""


@dataclass
class Long:
    """A project whose one task is long, and a model that was trained for 8,192 tokens."""

    path: Path
    plan: Plan

    async def run(self, context: Context | None) -> RunSnapshot:
        """Run the plan with this context."""
        with Project.open(self.path, create=True) as project:
            plan = replace(self.plan, context=context)
            return await RunSession(project, plan, headless=True).run()

    def item(self, view: str) -> review.ReviewItem:
        """Return the one item, which must be in this view."""
        with Project.open(self.path, read_only=True) as project:
            [number] = project.read(lambda c: review.numbers(c, wanted=review.parse("", view)))
            return project.read(lambda c: review.item(c, review.id_of(c, number)))

    def ask_again(self) -> None:
        """Do what + does in Review."""
        key = self.item("aside").instance_id
        with Project.open(self.path) as project:
            project.write_now(lambda c: decisions.decide(c, "ann", "ask", [ItemDecision(key, None, None)]))


@pytest.fixture
def long(tmp_path: Path) -> Long:
    metadata = COMPLETE | {
        "llama.context_length": 8192,
        "tokenizer.chat_template": "{{ messages[-1].content }}",
    }
    model = write(tmp_path / "long.gguf", build(metadata, COMPLETE_TENSORS))
    recipe = load("distill")
    sampling = recipe.answers.sampling.model_copy(update={"max_new_tokens": 4})
    recipe = recipe.model_copy(update={"answers": recipe.answers.model_copy(update={"sampling": sampling})})
    task = SeedTask("1", "", "Summarise the text.", ((LONG, ""),), False, "")
    return Long(tmp_path / "run.db", Plan(recipe, model, (model,), (task,), calibrate=False))


async def test_a_text_longer_than_the_usual_context_is_answered_and_the_plan_says_so(
    long: Long, monkeypatch: pytest.MonkeyPatch
) -> None:
    [need] = needs = await context_needs(long.plan)  # one model in two roles: what the answerer needs
    assert len(LONG) < need.needed < len(LONG) + 100 and need.tokens == 5632

    async def counted(*_: object) -> int:
        return need.needed

    monkeypatch.setattr("app.run.plan.longest", counted)
    last = await long.run(None)
    assert not last.error
    assert context_line(needs, [5632]) in last.notices
    [candidate] = long.item("all").candidates
    assert candidate.ended != "error" and not candidate.reason


async def test_a_text_that_does_not_fit_is_set_aside_with_figures_and_can_be_asked_again(long: Long) -> None:
    assert not (await long.run(1024)).error
    item = long.item("aside")
    [candidate] = item.candidates
    assert candidate.reason == "over_context"
    assert "a context of 1,024 tokens has room for 1,023" in candidate.error
    assert "trained for 8,192: a larger --context makes room" in candidate.error
    long.ask_again()
    assert not (await long.run(8192)).error
    item = long.item("all")
    assert [one.reason for one in item.candidates] == ["over_context", ""]
    assert item.vote is not None and item.vote.candidates == (item.candidates[1].id,)


async def test_what_turns_out_longer_than_was_known_makes_the_context_grow(
    long: Long, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def unknown(_path: Path, _requests: object) -> int:
        return 0

    monkeypatch.setattr("app.run.plan.longest", unknown)
    last = await long.run("auto")
    assert any("gets a context of 5,632 tokens" in notice for notice in last.notices)
    [candidate] = long.item("all").candidates
    assert candidate.ended != "error"


def test_the_context_of_a_recipe_makes_no_other_run() -> None:
    recipe = load("ensemble-instruct")
    longer = recipe.model_copy(update={"context": 8192})
    assert recipe.context == "auto" and longer.recipe_hash == recipe.recipe_hash
    assert Recipe.from_json(longer.to_json()).context == 8192


@pytest.mark.parametrize(
    "inputs, shown",
    [
        ([f"{letter}{LONG[:900]}" for letter in "abcde"], "with fewer than 4 demonstrations"),
        ([LONG[:900] * 20], "without demonstrations"),
    ],
)
async def test_as_many_long_inputs_are_shown_to_the_writer_as_its_context_holds(
    long: Long, inputs: list[str], shown: str
) -> None:
    cases = tuple((text, "") for text in inputs)
    seeds = (SeedTask("1", "", "Summarise the text.", cases, False, ""),)
    recipe = load("more-inputs")
    sampling = recipe.instructions.sampling.model_copy(update={"max_new_tokens": 8})  # type: ignore[union-attr]
    stage = recipe.instructions.model_copy(update={"sampling": sampling, "wave": 1})
    recipe = recipe.model_copy(update={"instructions": stage})
    long.plan = replace(long.plan, recipe=recipe, seeds=seeds, target=1)
    last = await long.run(4096)
    assert not last.error
    assert any(f"Further inputs are written {shown}: " in notice for notice in last.notices)
    with Project.open(long.path, read_only=True) as project:
        rows = project.read(lambda c: c.execute("SELECT raw, ended FROM completions").fetchall())
    assert rows and all(row["ended"] != "error" for row in rows)
