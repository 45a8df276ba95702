from __future__ import annotations

import resource
import sys
from dataclasses import replace

import numpy as np
import pytest

from app.engine import limits, loading
from app.engine.catalog import BundledModels
from app.engine.gguf import read_header
from app.engine.limits import allowance, limited_memory
from app.engine.memory import footprint
from app.engine.settings import default_settings
from app.errors import ModelError
from tests.engine.conftest import load_here

linux = pytest.mark.skipif(sys.platform != "linux", reason="only Linux bounds what a process allocates")
MB = 2**20


@linux
def test_only_what_is_allocated_inside_is_bounded() -> None:
    before = resource.getrlimit(resource.RLIMIT_DATA)
    with limited_memory(100 * MB, gpu=False):
        assert np.zeros(50 * MB, np.uint8).size
        with pytest.raises(MemoryError):
            np.zeros(500 * MB, np.uint8)
    assert resource.getrlimit(resource.RLIMIT_DATA) == before
    assert np.zeros(500 * MB, np.uint8).size


@linux
def test_a_bound_that_is_there_already_is_not_raised() -> None:
    before = resource.getrlimit(resource.RLIMIT_DATA)
    with limited_memory(100 * MB, gpu=False):
        tight = resource.getrlimit(resource.RLIMIT_DATA)
        with limited_memory(10_000 * MB, gpu=False):
            assert resource.getrlimit(resource.RLIMIT_DATA) == tight
    assert resource.getrlimit(resource.RLIMIT_DATA) == before


def test_nothing_is_bounded_where_a_gpus_driver_maps_memory() -> None:
    before = resource.getrlimit(resource.RLIMIT_DATA)
    with limited_memory(1, gpu=True):
        assert resource.getrlimit(resource.RLIMIT_DATA) == before


@linux
def test_a_model_that_takes_more_than_its_header_says_ends_in_a_message(
    bundled_models: BundledModels, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(loading, "allowance", lambda _header, _settings: MB)
    with pytest.raises(
        ModelError, match=r"does not fit into memory with this context: .*insufficient memory"
    ):
        load_here(bundled_models.writer)


def test_the_allowance_is_generous_and_covers_a_second_copy_of_the_weights(
    bundled_models: BundledModels,
) -> None:
    header = read_header(bundled_models.writer)
    settings = default_settings(header, headless=True)
    taken = footprint(header, replace(settings, gpu_layers=0))
    assert allowance(header, settings) > 2 * (taken.private + header.size) + limits.SLACK
