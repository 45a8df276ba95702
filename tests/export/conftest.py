"""The same real projects as the store's tests."""

from __future__ import annotations

from tests.store.conftest import project

__all__ = ["project"]
