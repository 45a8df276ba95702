"""Two real models: a base model with a sliding window, and a chat model. `make test-real` keeps them."""

from __future__ import annotations

from pathlib import Path

import pytest

FOLDER = Path(__file__).resolve().parents[2] / "build" / "real-models"


def _kept(name: str) -> Path:
    path = FOLDER / name
    if not path.is_file():
        pytest.skip("`make test-real` keeps the real models in build/real-models; they are not there")
    return path


@pytest.fixture(scope="session")
def gemma() -> Path:
    """Gemma 3 270M: a base model, Q4_K_M, whose layers look back over a sliding window."""
    return _kept("gemma.gguf")


@pytest.fixture(scope="session")
def smollm2() -> Path:
    """SmolLM2-135M-Instruct: a chat model, Q4_1."""
    return _kept("smollm2.gguf")
