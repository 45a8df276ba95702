from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from app.engine.gguf import ModelHeader, read_header
from app.engine.memory import GPU_RESERVE, Gpu, Residency, all_layers, footprint, plan_residency
from app.engine.settings import default_settings
from app.errors import ModelError
from tests.engine.tiny_gguf import build, in_blocks, write

GB = 10**9


@pytest.fixture
def model(tmp_path: Path) -> ModelHeader:
    """A model of 4 GB in 31 blocks of about 125 MB."""
    header = read_header(write(tmp_path / "four.gguf", build()))
    return in_blocks(header, 4 * GB, 31, before=62_500_000, after=62_500_000)


def plan(*models: ModelHeader, free: float, gpu: float = 0, **options: object) -> Residency:
    memory = int(gpu * GB)
    gpus = [Gpu("A fast one", memory, memory, bool(options.pop("shared", False)))] if gpu else []
    given = [(header, default_settings(header, headless=True)) for header in models]
    return plan_residency(given, free=int(free * GB), gpus=gpus, **options)  # type: ignore[arg-type]


def renamed(model: ModelHeader, name: str) -> ModelHeader:
    return replace(model, path=model.path.with_name(name))


def test_models_stay_together_when_all_fit_and_take_turns_when_only_each_alone_does(
    model: ModelHeader,
) -> None:
    other = renamed(model, "other.gguf")
    roomy = plan(model, other, free=20)
    assert roomy.together and roomy.needed == roomy.together_needed > 8 * GB
    assert "of 20.0 GB free, loaded together" in roomy.line()
    tight = plan(model, other, free=8)
    assert not tight.together
    assert 4 * GB < tight.needed < 8 * GB < tight.together_needed
    assert f"needs {tight.needed / GB:.1f} of 8.0 GB free, taking turns" in tight.line()
    assert f"together they would need {tight.together_needed / GB:.1f} GB" in tight.line()


def test_a_model_that_does_not_fit_alone_is_refused_with_figures_and_advice(model: ModelHeader) -> None:
    needed = plan(model, free=9).needed
    with pytest.raises(ModelError) as refused:
        plan(renamed(model, "small.gguf"), model, free=3)
    assert f"needs {needed / GB:.1f} GB of memory, and 3.0 GB are free" in refused.value.message
    assert "smaller quantisation" in refused.value.hint


def test_without_a_gpu_no_layers_go_there_whatever_was_asked(model: ModelHeader) -> None:
    for wanted in (None, 0, 12):
        residency = plan(model, free=9, gpu_layers=wanted)
        assert residency.settings[0].gpu_layers == 0 and residency.gpu_needed == 0
        assert "GPU" not in residency.line()


def test_as_many_layers_go_to_the_gpu_as_fit_with_their_cache_and_buffers(model: ModelHeader) -> None:
    everything = plan(model, free=9, gpu=24)
    assert everything.settings[0].gpu_layers == all_layers(model) == 32
    assert "of 24.0 GB on the GPU" in everything.line()
    some = plan(model, free=9, gpu=3)
    layers = some.settings[0].gpu_layers
    assert 0 < layers < 32
    room = 3 * GB - GPU_RESERVE
    assert footprint(model, replace(some.settings[0], gpu_layers=layers)).gpu <= room
    assert footprint(model, replace(some.settings[0], gpu_layers=layers + 1)).gpu > room
    assert plan(model, free=9, gpu=0.4).settings[0].gpu_layers == 0
    assert some.needed < plan(model, free=9).needed, "what is on the GPU does not take main memory"


def test_models_take_turns_on_a_gpu_rather_than_share_it_by_halves(model: ModelHeader) -> None:
    other = renamed(model, "other.gguf")
    turns = plan(model, other, free=30, gpu=8)
    assert not turns.together and [s.gpu_layers for s in turns.settings] == [32, 32]
    together = plan(model, other, free=30, gpu=16)
    assert together.together and [s.gpu_layers for s in together.settings] == [32, 32]


def test_a_number_of_layers_that_does_not_fit_is_refused_with_figures(model: ModelHeader) -> None:
    assert plan(model, free=9, gpu=3, gpu_layers=4).settings[0].gpu_layers == 4
    assert plan(model, free=9, gpu=24, gpu_layers=99).settings[0].gpu_layers == 32
    with pytest.raises(ModelError, match=r"on the GPU with 32 of 32 layers there, and 2\.5 GB can be used"):
        plan(model, free=9, gpu=3, gpu_layers=99)


def test_a_gpu_that_uses_the_main_memory_adds_nothing_to_it(model: ModelHeader) -> None:
    own = plan(model, free=4, gpu=24)
    assert own.settings[0].gpu_layers == 32
    with pytest.raises(ModelError, match="of memory, and"):
        plan(model, free=4, gpu=24, shared=True)
    assert plan(model, free=9, gpu=9, shared=True).needed > 4 * GB
