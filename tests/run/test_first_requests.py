"""What a run asks for first, so that a text is on screen soon."""

from __future__ import annotations

from typing import Any

import pytest

from app.engine.request import Request, Sampling
from app.method.recipe import load
from app.run.forms.listed import Listed


@pytest.mark.parametrize(
    ("recipe", "ends"),
    [("self-instruct", ("\n",)), ("ensemble-instruct-released", ()), ("ensemble-instruct", ())],
)
def test_a_request_for_a_whole_list_is_asked_for_its_first_line(recipe: str, ends: tuple[str, ...]) -> None:
    stage: Any = load(recipe).instructions
    usual = Request("", prefix="1.", sampling=Sampling(max_new_tokens=512, stop=stage.sampling.stop))
    first = Listed(None, stage).opening(usual)  # type: ignore[arg-type]
    assert first.sampling.stop == (*stage.sampling.stop, *ends)
    assert first.prefix == usual.prefix
