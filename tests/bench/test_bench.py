"""`quorum bench` end to end on tiny shapes: the same processes and code as the real measurement."""

from __future__ import annotations

import json
import math
import os
import stat
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from app.bench import areas, engine, method, real, scale, scale_side, ui
from app.bench.figures import Figure, as_data
from app.bench.native import composite
from app.bench.process import Side, Spec
from app.bench.random_gguf import DecoderShape, EncoderDecoderShape, write_decoder, write_encoder_decoder
from app.bench.workload import FEW_SHOT, T5, ZERO_SHOT, Workload
from app.cli.bench import bench
from app.cli.main import quorum as commands
from app.engine.gguf import read_header
from app.engine.request import Request, Sampling
from app.engine.settings import default_settings
from app.errors import QuorumError
from app.store import synthetic
from app.store.project import Project

TINY = DecoderShape("tiny", layers=2, width=64, heads=2, kv_heads=1, hidden=128, vocabulary=512)
TINY_T5 = EncoderDecoderShape(
    "tiny-t5", layers=2, width=64, heads=2, head_width=32, hidden=64, vocabulary=512
)

SERVER = """
import json, sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
class Handler(BaseHTTPRequestHandler):
    def do_GET(self): self.send_response(200); self.end_headers()
    def do_POST(self):
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        sum(i * i for i in range(200_000))
        answer = json.dumps({"tokens_predicted": body["n_predict"]}).encode()
        self.send_response(200); self.send_header("Content-Length", str(len(answer))); self.end_headers()
        self.wfile.write(answer)
    def log_message(self, *_): pass
ThreadingHTTPServer(("127.0.0.1", int(sys.argv[sys.argv.index("--port") + 1])), Handler).serve_forever()
"""
BATCHED = """
import json, sys
count = int(sys.argv[sys.argv.index("-npl") + 1])
print(json.dumps({"pl": count, "speed_pp": 100.0, "speed_tg": 10.0 * count}))
"""


@pytest.fixture
def tiny(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(areas.SHAPES, "0.5B", TINY)
    monkeypatch.setattr(areas, "T5_SMALL", TINY_T5)


@pytest.fixture
def native(tmp_path: Path) -> Path:
    for name, body in (("llama-server", SERVER), ("llama-batched-bench", BATCHED)):
        program = tmp_path / name
        program.write_text(f"#!{sys.executable}\n{body}", "utf-8")
        program.chmod(program.stat().st_mode | stat.S_IXUSR)
    return tmp_path


def measured(*arguments: str) -> dict[str, object]:
    done = CliRunner().invoke(bench, [*arguments, "--rounds", "1", "--json"], catch_exceptions=False)
    return json.loads(done.stdout)  # type: ignore[no-any-return]


def test_random_models_have_the_shape_they_are_asked_for(tmp_path: Path) -> None:
    decoder = read_header(write_decoder(tmp_path / "a.gguf", TINY))
    both = read_header(write_encoder_decoder(tmp_path / "b.gguf", TINY_T5))
    assert (decoder.architecture, decoder.block_count, decoder.vocab_size) == ("qwen2", 2, 512)
    assert (both.architecture, both.encoder_decoder, both.vocab_size) == ("t5", True, 512)


@pytest.mark.parametrize("workload", [FEW_SHOT, ZERO_SHOT, T5], ids=lambda one: one.name)
def test_a_side_writes_what_it_is_told_to(workload: Workload, tmp_path: Path) -> None:
    path = tmp_path / "model.gguf"
    write_encoder_decoder(path, TINY_T5) if workload is T5 else write_decoder(path, TINY)
    settings = default_settings(read_header(path), headless=True, parallel=4)
    with Side(Spec("engine", str(path), settings), workload.warm_up()) as side:
        sample = side.round(workload.requests(6, seed=2))
    assert sample.tokens == 6 * workload.written
    assert len(sample.texts) == 6
    assert 0 < sample.inside <= sample.cpu


def test_tails_differ_between_requests_and_rounds_and_the_prefix_does_not() -> None:
    requests = [*FEW_SHOT.requests(4, seed=2), *FEW_SHOT.requests(4, seed=3)]
    assert len({request.tail for request in requests}) == 8
    assert {len(request.tail) for request in requests} == {30}
    assert {len(request.prefix) for request in requests} == {1200}
    assert len({request.prefix for request in requests}) == 1


def test_a_side_that_cannot_load_its_model_says_so(tmp_path: Path) -> None:
    good = write_decoder(tmp_path / "good.gguf", TINY)
    settings = default_settings(read_header(good), headless=True)
    with pytest.raises(QuorumError, match=r"“engine”.*missing\.gguf"):
        Side(Spec("engine", str(tmp_path / "missing.gguf"), settings), [])


def test_the_composite_counts_own_prompt_tokens_at_prompt_speed_and_the_rest_at_writing_speed() -> None:
    assert composite(FEW_SHOT, 100, 50) == pytest.approx(60 / (30 / 100 + 60 / 50))
    assert composite(ZERO_SHOT, 100, 50) == pytest.approx(60 / (60 / 100 + 60 / 50))


def test_every_figure_of_the_engine_has_its_key(tiny: None, native: Path) -> None:
    cache = areas.platformdirs.user_cache_path("quorum", ensure_exists=True)
    killed, going = cache / "bench-killed", cache / "bench-going"
    for folder in (killed, going):
        folder.mkdir()
    os.utime(killed, (0, 0))
    only = [
        word for area in ("fewshot", "zeroshot", "t5", "python", "contended") for word in ("--only", area)
    ]
    found = measured(*only, "--native", str(native))
    for workload, others in (
        ("fewshot", ("naive", "naive_cached", "server", "ceiling_8", "ceiling_32")),
        ("zeroshot", ("naive", "server", "ceiling_8", "ceiling_32")),
    ):
        for other in others:
            value = found[f"{workload}.vs_{other}"]
            assert isinstance(value, float)
            assert value > 0
    for key in ("python_share", "t5.batch_gain", "contended.kept"):
        value = found[key]
        assert isinstance(value, float)
        assert math.isfinite(value)
        assert value > 0
    assert list(cache.glob("bench-*")) == [going], "what was left behind is gone, and what it made itself"
    going.rmdir()


def test_without_native_programs_the_table_says_how_to_get_them(tiny: None) -> None:
    found = measured("--only", "zeroshot")
    assert found["zeroshot.vs_server"] is None
    assert found["zeroshot.vs_ceiling_8"] is None
    assert isinstance(found["zeroshot.vs_naive"], float)
    arguments = ["--only", "zeroshot", "--rounds", "1"]
    table = CliRunner().invoke(bench, arguments, catch_exceptions=False).stdout
    assert "make native" in table
    assert "at least 1.4" in table


def test_a_folder_without_the_programs_is_refused_before_anything_is_measured(tmp_path: Path) -> None:
    with pytest.raises(QuorumError, match=r"holds no llama-server"):
        CliRunner().invoke(
            commands, ["bench", "--native", str(tmp_path)], catch_exceptions=False, standalone_mode=False
        )


def test_real_models_are_measured_on_prompts_of_a_recipe(
    native: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    models = tmp_path / "models"
    models.mkdir()
    write_decoder(models / "mine.gguf", TINY)
    asked = tuple(Request(str(n), "Shown.\n" * (n % 2), f"Task {n}.", sampling=Sampling()) for n in range(30))
    monkeypatch.setattr(real.Questions, "of_recipe", lambda: real.Questions(asked))
    monkeypatch.setattr(real, "settings_of", lambda header: default_settings(header, headless=True))
    found = measured("--only", "real", "--models", str(models), "--native", str(native))
    for other in ("naive", "naive_cached", "server"):
        for key in (f"real.mine.vs_{other}", f"real.mine.vs_{other}.wall"):
            value = found[key]
            assert isinstance(value, float) and value > 0
    assert found["real.mine.speed.wall"]


def test_the_prompts_of_the_recipe_share_their_examples() -> None:
    questions = real.Questions.of_recipe()
    drawn = questions.requests(24, seed=1)
    assert len({request.id for request in drawn}) == 24 and drawn != questions.requests(24, seed=2)
    assert all(request.prefix and request.tail for request in drawn)
    assert 1 <= len({request.prefix for request in questions.asked}) == len(questions.warm_up()) <= 2


def test_without_real_models_it_is_said_how_to_get_some(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("QUORUM_MODELS", str(tmp_path))
    with pytest.raises(QuorumError, match=r"no real models to measure in \$QUORUM_MODELS") as refused:
        CliRunner().invoke(
            commands, ["bench", "--only", "real"], catch_exceptions=False, standalone_mode=False
        )
    assert "--models FOLDER" in refused.value.hint and "make test-real" in refused.value.hint


def test_a_project_is_refused_where_no_screens_are_measured(tmp_path: Path) -> None:
    (tmp_path / "own.db").touch()
    refused = CliRunner().invoke(bench, ["--project", str(tmp_path / "own.db")])
    assert refused.exit_code == 2 and "--project goes with --only ui." in refused.output
    refused = CliRunner().invoke(bench, ["--size", "100"])
    assert refused.exit_code == 2 and "go with --only scale." in refused.output


def test_a_figure_is_held_to_its_bar_by_its_median() -> None:
    above = Figure("a", "words", (1.0, 3.0, 2.0), bar=2)
    below = Figure("b", "words", (1.0, 3.0, 2.0), bar=2.5)
    share = Figure("c", "words", (0.01, 0.5, 0.01), bar=0.02, at_most=True)
    assert (above.met, below.met, share.met) == (True, False, True)
    assert "missed" in below.line()
    assert "missed" not in above.line() + share.line()
    nothing = Figure("d", "words", why="reason")
    assert nothing.met is None
    assert as_data([above, nothing]) == {"a": 2.0, "d": None, "rounds": {"a": [1.0, 3.0, 2.0], "d": []}}


def test_the_settings_measured_with_are_the_ones_that_pay(tmp_path: Path) -> None:
    machine = engine.Machine(
        write_decoder(tmp_path / "a.gguf", TINY),
        write_encoder_decoder(tmp_path / "b.gguf", TINY_T5),
        rounds=1,
        native=None,
    )
    assert not machine.settings(FEW_SHOT, 32, 1).flash_attention
    assert machine.settings(ZERO_SHOT, 32, 1).flash_attention
    assert machine.settings(T5, 8, 1).flash_attention
    assert not machine.settings(T5, 1, 1).flash_attention


def test_the_method_decides_like_the_reference_and_is_faster(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, size in (("POOL", 400), ("LARGE_POOL", 800), ("ITEMS", 400), ("REFERENCE_ITEMS", 60)):
        monkeypatch.setattr(method, name, size)
    found = measured("--only", "method")
    assert found["method.novelty_differing"] == found["method.votes_differing"] == 0
    for key in ("novelty_single", "novelty_batched", "votes"):
        value = found[f"method.{key}"]
        assert isinstance(value, float)
        assert value > 1


def test_every_figure_of_the_screens_has_its_key_and_rounds_begin_alike(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name, size in (("QUEUE", 300), ("LARGE", 500), ("KEYS", 3)):
        monkeypatch.setattr(ui, name, size)
    done = CliRunner().invoke(bench, ["--only", "ui", "--rounds", "2", "--json"], catch_exceptions=False)
    found = json.loads(done.stdout)
    for key in ("key_p50_ms", "key_p99_ms", "open_1m_s", "rss_mb", "max_gap_ms"):
        value = found[f"ui.{key}"]
        assert isinstance(value, float)
        assert value > 0
    assert len(found["rounds"]["ui.key_p50_ms"]) == 2


def test_the_screens_are_measured_on_a_copy_of_a_project_that_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ui, "KEYS", 2)
    path = tmp_path / "own.db"
    with Project.open(path, create=True) as project:
        project.write_now(lambda c: synthetic.fill(c, 40))
    before = path.read_bytes()
    found = measured("--only", "ui", "--project", str(path))
    assert all(found[f"ui.{key}"] for key in ("key_p50_ms", "key_p99_ms", "open_s", "item_s", "rss_mb"))
    assert path.read_bytes() == before


def test_the_reference_of_the_votes_drops_what_the_released_code_drops() -> None:
    assert method._reference_choice(("one", "One.", "two")) == "one"
    assert method._reference_choice(("a b", "c d", "C, d!")) == "c d"
    assert method._reference_choice(("a b", "c d", "e f")) is None


@pytest.mark.parametrize("work", scale.WORKS)
def test_what_growth_is_measured_on_works(work: str, tmp_path: Path) -> None:
    if work in scale.ON_PROJECT:
        scale_side.candidates(tmp_path, 20)()
    scale_side.WORKS[work](tmp_path, 20)()


def test_growth_is_told_by_size_and_as_an_exponent(monkeypatch: pytest.MonkeyPatch) -> None:
    done: list[str] = []

    def taken(work: str, _folder: str, size: int) -> scale.Taken:
        done.append(work)
        return scale.Taken(size**1.1, 3.0, 80.0)

    monkeypatch.setattr(scale, "_done", taken)
    told = {figure.key: figure for figure in scale.figures([100, 1000])}
    assert len(told) == len(scale.WORKS) * (2 * 3 + 1)
    assert told["scale.vote_exponent"].median == pytest.approx(1.1) and told["scale.vote_exponent"].met
    assert told["scale.dedup_exponent"].met is None
    assert "scale.vote_100_mb" in told
    assert not [key for key in (one.key for one in scale.figures([100])) if "exponent" in key]
    done.clear()
    assert len(list(scale.figures([100], ["dedup", "vote"]))) == 6
    assert done == ["candidates", "vote", "dedup"], "a vote needs a project"


def test_both_sides_of_the_growth_bench_know_the_same_works() -> None:
    assert list(scale.WORKS) == list(scale_side.WORKS)


def test_the_screens_are_not_measured_on_a_project_of_too_few_items(tmp_path: Path) -> None:
    with Project.open(tmp_path / "few.db", create=True) as project:
        project.write_now(lambda c: synthetic.fill(c, 2))
    with pytest.raises(QuorumError, match="fewer than three"):
        list(ui.of_project(tmp_path / "few.db", 1))
