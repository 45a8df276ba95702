from __future__ import annotations

from contextlib import aclosing
from dataclasses import replace
from pathlib import Path

import pytest

from app.engine import check as checking
from app.engine.catalog import BundledModels
from app.engine.check import Step, check, facts, prompt, roles, speed
from app.engine.gguf import read_header
from app.engine.request import Completion
from app.engine.state import EngineState
from app.errors import ModelError
from tests.engine.tiny_gguf import build, write


async def steps_of(path: Path, **more: object) -> list[Step]:
    async with aclosing(check(path, headless=True, **more)) as steps:  # type: ignore[arg-type]
        return [step async for step in steps]


async def test_a_good_model_passes_all_steps_and_its_loading_is_told(bundled_models: BundledModels) -> None:
    told: list[EngineState] = []
    steps = await steps_of(bundled_models.answerers[0], on_state=told.append)
    assert [step.name for step in steps] == ["header", "memory", "loading", "template", "answer"]
    assert steps[1].result.startswith("needs 0.") and steps[-1].text
    assert told[0].state == "loading" and told[-1].state == "unloaded"


async def test_a_model_too_large_for_this_machine_is_refused_with_figures_before_it_is_loaded(
    bundled_models: BundledModels, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(checking, "available_memory", lambda: 10_000_000)
    told: list[EngineState] = []
    with pytest.raises(ModelError, match=r"0\.0 GB"):
        await steps_of(bundled_models.writer, on_state=told.append)
    assert told == []


async def test_leaving_in_the_middle_ends_the_worker(bundled_models: BundledModels) -> None:
    told: list[EngineState] = []
    async with aclosing(check(bundled_models.writer, headless=True, on_state=told.append)) as steps:
        async for step in steps:
            if step.name == "loading":
                break
    assert told[-1].state == "unloaded"


def test_the_prompt_has_the_form_the_model_is_asked_in() -> None:
    chat, plain, shots = (prompt(style) for style in ("chat", "zero-shot", "few-shot"))
    assert chat.messages is not None and chat.messages[0].content == plain.tail
    assert shots.tail.endswith("Answer:") and shots.sampling.stop == ("\n",)


def test_facts_and_roles_in_words(tmp_path: Path, bundled_models: BundledModels) -> None:
    header = read_header(write(tmp_path / "tiny.gguf", build()))
    assert facts(header) == "llama, F32, 0.0 million weights, context 64, vocabulary 4"
    assert "7.2 billion weights" in facts(replace(header, parameters=7_240_000_000))
    assert roles(header) == "writer, answerer (few-shot)"
    assert roles(read_header(bundled_models.answerers[1])) == "answerer (zero-shot)"


def test_a_model_that_only_thought_is_told_so() -> None:
    done = Completion("x", "", "length", 9, 48, 2.0, raw="<think>hm", thinking="hm")
    assert speed(done) == "48 tokens from a prompt of 9, 24.0 a second, up to the limit, all of them thoughts"
    assert "thoughts" not in speed(replace(done, text="Red.", ended="end"))
