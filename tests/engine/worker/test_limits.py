from __future__ import annotations

import re
import resource
import subprocess
import sys

import numpy as np
import pytest

from app.engine.catalog import BundledModels
from app.engine.gguf import read_header
from app.engine.memory import loading_allowance, memory_needed
from app.engine.settings import default_settings
from app.engine.worker.limits import memory_limit
from tests.cli.commands import ROOT, environment

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="only Linux bounds what a process allocates")
MB = 2**20


def test_only_what_is_allocated_inside_is_bounded() -> None:
    before = resource.getrlimit(resource.RLIMIT_DATA)
    with memory_limit(100 * MB):
        assert np.zeros(50 * MB, np.uint8).size
        with pytest.raises(MemoryError):
            np.zeros(500 * MB, np.uint8)
    assert resource.getrlimit(resource.RLIMIT_DATA) == before
    assert np.zeros(500 * MB, np.uint8).size


def test_a_limit_that_is_there_already_is_not_raised() -> None:
    before = resource.getrlimit(resource.RLIMIT_DATA)
    with memory_limit(100 * MB):
        tight = resource.getrlimit(resource.RLIMIT_DATA)
        with memory_limit(10_000 * MB):
            assert resource.getrlimit(resource.RLIMIT_DATA) == tight
    assert resource.getrlimit(resource.RLIMIT_DATA) == before


_LOADS = """
import sys
from app.engine.worker import loading
from app.errors import ModelError
from tests.engine.conftest import load_here

loading.loading_allowance = lambda _header, _settings: 1 << 20
try:
    load_here(sys.argv[1])
except ModelError as error:
    print(error)
"""


def test_a_model_that_takes_more_than_its_header_says_ends_in_a_message(
    bundled_models: BundledModels,
) -> None:
    # In a process of its own, as a worker has it: where memory ends depends on what a process has done.
    command = [sys.executable, "-c", _LOADS, str(bundled_models.writer)]
    done = subprocess.run(command, cwd=ROOT, env=environment(), capture_output=True, text=True, timeout=120)
    assert re.search(r"does not fit into memory with this context: .*insufficient memory", done.stdout), done


def test_the_allowance_covers_the_plan_and_a_second_copy_of_the_weights(
    bundled_models: BundledModels,
) -> None:
    header = read_header(bundled_models.writer)
    settings = default_settings(header, headless=True)
    assert settings.gpu_layers, "layers meant for a GPU count as well"
    assert loading_allowance(header, settings) > 2 * memory_needed(header, settings) + 2**30
