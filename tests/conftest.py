"""Fixtures every test may use."""

from __future__ import annotations

import pytest

from app.engine.catalog import BundledModels, bundled
from app.errors import ModelError


@pytest.fixture(scope="session")
def bundled_models() -> BundledModels:
    """The real models that come with the product."""
    try:
        return bundled()
    except ModelError as error:
        pytest.fail(str(error))
