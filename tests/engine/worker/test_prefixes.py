from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from app.engine.catalog import BundledModels
from app.engine.request import Completion, Request
from app.engine.settings import Settings
from app.engine.worker import prefixes
from app.engine.worker.batch import Batch
from app.engine.worker.decoder import Decoder
from app.engine.worker.loading import LoadedModel
from app.engine.worker.prefixes import PrefixStore
from app.engine.worker.runner import Hooks
from app.engine.worker.sampling import logits_row
from tests.engine import tiny_architectures
from tests.engine.conftest import load_here, run_all
from tests.engine.worker.test_decoder import GREEDY, LISTED, TASKS

SETTINGS = Settings(256, 4, 1, flash_attention=False, repack=False)
ASKED = [Request(str(n), LISTED, f"3. {TASKS[n % 8]} |EoS|\n4.", None, GREEDY) for n in range(6)]
MODELS = ["bundled", "recurrent", "hybrid", "sliding window"]


@pytest.fixture(params=MODELS)
def model(request: pytest.FixtureRequest, tmp_path: Path, bundled_models: BundledModels) -> Path:
    if request.param == "bundled":
        return bundled_models.writer
    write = getattr(tiny_architectures, request.param.replace(" ", "_"))
    return write(tmp_path / "tiny.gguf")


@pytest.fixture
def writer_here(bundled_models: BundledModels) -> Iterator[LoadedModel]:
    loaded = load_here(bundled_models.writer)
    yield loaded
    loaded.close()


def start(path: Path, folder: Path) -> tuple[dict[str, tuple[str, int]], int, list[int]]:
    """Load as a new worker does and answer; return the texts, the tokens computed, the prefix's tokens."""
    loaded = load_here(path, context=512, parallel=4)
    calls: list[int] = []
    kept = PrefixStore(folder, loaded, SETTINGS, worth_keeping=0)
    decoder = Decoder(loaded, Hooks(taking=lambda _id: None, calling=calls.append), kept)
    done: dict[str, Completion] = run_all(decoder, ASKED)
    tokens = loaded.vocab.tokenise(LISTED)
    loaded.close()
    return {name: (item.text, item.tokens) for name, item in done.items()}, sum(calls), tokens


def test_a_second_start_does_not_pay_for_the_prefix_and_says_the_same(model: Path, tmp_path: Path) -> None:
    folder = tmp_path / "prefixes"
    first, cost, tokens = start(model, folder)
    [kept] = folder.iterdir()
    again, cost_again, _ = start(model, folder)
    assert again == first and any(text for text, _ in first.values())
    assert cost - cost_again >= len(tokens) - 3
    assert list(folder.iterdir()) == [kept]


def test_a_loaded_prefix_gives_the_very_same_logits(writer_here: LoadedModel, tmp_path: Path) -> None:
    loaded = writer_here
    tokens = loaded.vocab.tokenise(LISTED)

    def logits_after(sequence: int) -> np.ndarray:
        batch = Batch(1)
        batch.add([tokens[5]], len(tokens), sequence, output=True)
        assert loaded.decode(batch) == 0
        return np.array(logits_row(loaded.context, 0, loaded.vocab.size))

    batch = Batch(loaded.batch_size)
    batch.add(tokens, 0, 9, output=False)
    assert loaded.decode(batch) == 0
    store = PrefixStore(tmp_path, loaded, SETTINGS, worth_keeping=0)
    store.save(9, tokens)
    computed = logits_after(9)
    loaded.forget()
    assert store.load(3, tokens)
    assert (logits_after(3) == computed).all()


@pytest.mark.parametrize("harm", ["cut", "changed", "empty", "foreign"])
def test_a_damaged_file_is_computed_again_and_replaced(
    bundled_models: BundledModels, tmp_path: Path, harm: str
) -> None:
    first, cost, _ = start(bundled_models.writer, tmp_path)
    [kept] = tmp_path.iterdir()
    good = kept.read_bytes()
    harmed = {
        "cut": good[:-100],
        "changed": good[:400] + b"\xff" * 64 + good[464:],
        "empty": b"",
        "foreign": b"GGUF",
    }
    kept.write_bytes(harmed[harm])
    again, cost_again, _ = start(bundled_models.writer, tmp_path)
    assert (again, cost_again) == (first, cost)
    assert [path.read_bytes() for path in tmp_path.iterdir()] == [good]


def test_another_model_file_other_flags_and_other_tokens_share_nothing(
    writer_here: LoadedModel, tmp_path: Path
) -> None:
    tokens = writer_here.vocab.tokenise(LISTED)
    batch = Batch(writer_here.batch_size)
    batch.add(tokens, 0, 9, output=False)
    assert writer_here.decode(batch) == 0
    PrefixStore(tmp_path, writer_here, SETTINGS, worth_keeping=0).save(9, tokens)
    flash = Settings(256, 4, 1, flash_attention=True, repack=False)
    assert not PrefixStore(tmp_path, writer_here, flash, worth_keeping=0).load(3, tokens)
    assert not PrefixStore(tmp_path, writer_here, SETTINGS, worth_keeping=0).load(3, tokens[:-1])
    assert PrefixStore(tmp_path, writer_here, SETTINGS, worth_keeping=0).load(3, tokens)


def test_what_is_cheap_to_compute_is_not_kept(writer_here: LoadedModel, tmp_path: Path) -> None:
    tokens = writer_here.vocab.tokenise(LISTED)
    PrefixStore(tmp_path, writer_here, SETTINGS).save(9, tokens)
    assert list(tmp_path.iterdir()) == []


def test_the_files_used_last_stay_when_room_is_short(
    writer_here: LoadedModel, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = PrefixStore(tmp_path, writer_here, SETTINGS, worth_keeping=0)
    tokens = writer_here.vocab.tokenise(LISTED)
    batch = Batch(writer_here.batch_size)
    batch.add(tokens, 0, 9, output=False)
    assert writer_here.decode(batch) == 0
    store.save(9, tokens)
    [first] = tmp_path.iterdir()
    os.utime(first, (1, 1))
    monkeypatch.setattr(prefixes, "TOTAL", first.stat().st_size * 3 // 2)
    writer_here.forget()
    batch.clear()
    batch.add([*tokens[:-1], tokens[0]], 0, 9, output=False)
    assert writer_here.decode(batch) == 0
    store.save(9, [*tokens[:-1], tokens[0]])
    assert len(list(tmp_path.iterdir())) == 1 and not first.exists()


def test_a_folder_that_cannot_be_written_costs_nothing_but_the_saving(
    writer_here: LoadedModel, tmp_path: Path
) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("no folder")
    kept = PrefixStore(blocked / "prefixes", writer_here, SETTINGS, worth_keeping=0)
    done = run_all(Decoder(writer_here, Hooks(lambda _id: None, lambda _n: None), kept), ASKED)
    assert all(item.ended != "error" for item in done.values())
