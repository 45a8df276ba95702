"""`quorum models pull` against a server on this machine that speaks the Hub's protocol."""

from __future__ import annotations

import hashlib
import signal
import subprocess
import threading
import time
from pathlib import Path
from subprocess import PIPE

import pytest

from app.engine.catalog import BundledModels
from tests.cli.commands import QUORUM, environment, quorum
from tests.engine.hub_downloads import Hub, serving
from tests.engine.tiny_gguf import build

REPO = "org/tiny-GGUF"
PIECE = 10 * 2**20


@pytest.fixture
def model() -> bytes:
    """A small good model."""
    return build() + bytes(1000)


@pytest.fixture
def large(model: bytes) -> bytes:
    """The same, padded: the client writes in pieces of ten megabytes."""
    return model + bytes(3 * PIECE)


def pull(hub: Hub, folder: Path, *arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    given = arguments or (REPO, "tiny.gguf")
    return quorum("models", "pull", *given, cwd=folder, check=False, HF_ENDPOINT=hub.address, **variables)


def partials(folder: Path) -> list[Path]:
    return list(folder.rglob(".*.part"))


def test_a_model_is_downloaded_checked_and_then_found(tmp_path: Path, model: bytes) -> None:
    with serving(Hub({f"{REPO}/q4/tiny.gguf": model})) as hub:
        done = pull(hub, tmp_path, REPO, "q4/tiny.gguf")
    assert done.returncode == 0, done.stderr
    assert done.stdout == "models/tiny.gguf\n"
    assert "100% of" in done.stderr and "llama, F32" in done.stderr
    assert (tmp_path / "models/tiny.gguf").read_bytes() == model
    assert partials(tmp_path) == []
    assert "models/tiny.gguf" in quorum("models", cwd=tmp_path).stdout
    agents = {headers["user-agent"] for _, _, headers in hub.requests}
    assert all("telemetry" not in agent for agent in agents)
    assert [method for method, _, _ in hub.requests] == ["HEAD", "GET"]


def test_the_users_token_goes_to_the_hub_and_not_to_its_store(tmp_path: Path, model: bytes) -> None:
    with serving(Hub({f"{REPO}/tiny.gguf": model})) as hub:
        assert pull(hub, tmp_path, HF_TOKEN="hf_secret").returncode == 0
    [asked, sent] = [headers for _, _, headers in hub.requests]
    assert asked["authorization"] == "Bearer hf_secret" and "authorization" not in sent


def test_a_connection_that_breaks_is_taken_up_again(tmp_path: Path, large: bytes) -> None:
    with serving(Hub({f"{REPO}/tiny.gguf": large}, break_after=PIECE + 1000)) as hub:
        done = pull(hub, tmp_path, REPO, "tiny.gguf", "--to", "here")
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "here/tiny.gguf").read_bytes() == large
    assert hub.ranges() == ["", f"bytes={PIECE}-"]


def test_a_download_that_was_stopped_goes_on_with_the_same_command(tmp_path: Path, large: bytes) -> None:
    held = threading.Event()
    with serving(Hub({f"{REPO}/tiny.gguf": large}, break_after=PIECE + 1000, held=held)) as hub:
        command = [*QUORUM, "models", "pull", REPO, "tiny.gguf"]
        variables = environment() | {"HF_ENDPOINT": hub.address, "HF_HUB_DOWNLOAD_TIMEOUT": "300"}
        with subprocess.Popen(command, cwd=tmp_path, env=variables, stderr=PIPE, text=True) as first:
            while not any(path.stat().st_size for path in partials(tmp_path)):
                assert first.poll() is None
                time.sleep(0.01)
            second = pull(hub, tmp_path)
            first.send_signal(signal.SIGINT)
            words = first.stderr.read() if first.stderr else ""
        held.set()
        assert second.returncode == 1 and "Another process" in second.stderr
        assert first.returncode == 130 and "Run the same command again to resume" in words
        [partial] = partials(tmp_path)
        assert partial.read_bytes() == large[:PIECE]
        done = pull(hub, tmp_path)
    assert done.returncode == 0, done.stderr
    assert hub.ranges() == ["", f"bytes={PIECE}-"]
    assert (tmp_path / "models/tiny.gguf").read_bytes() == large
    assert partials(tmp_path) == []


def test_another_version_of_the_file_does_not_go_on_with_the_old_part(tmp_path: Path, model: bytes) -> None:
    folder = tmp_path / "models"
    folder.mkdir()
    old = folder / ".tiny.gguf.0123456789abcdef.part"
    old.write_bytes(b"part of another file")
    with serving(Hub({f"{REPO}/tiny.gguf": model})) as hub:
        done = pull(hub, tmp_path)
    assert done.returncode == 0, done.stderr
    assert (folder / "tiny.gguf").read_bytes() == model


@pytest.mark.parametrize("there", [0, 1, 5000])
def test_a_part_that_is_too_long_or_not_of_this_file_does_no_harm(
    tmp_path: Path, model: bytes, there: int
) -> None:
    tag = hashlib.sha256(model).hexdigest()[:16]
    (tmp_path / "models").mkdir()
    (tmp_path / f"models/.tiny.gguf.{tag}.part").write_bytes(b"?" * there)
    with serving(Hub({f"{REPO}/tiny.gguf": model})) as hub:
        done = pull(hub, tmp_path)
    if there == 1:  # a part of the right name and the wrong bytes: noticed by the digest
        assert done.returncode == 1 and "arrived damaged" in done.stderr
    else:
        assert (tmp_path / "models/tiny.gguf").read_bytes() == model
    assert partials(tmp_path) == []


def test_a_download_that_arrives_damaged_is_noticed_and_removed(tmp_path: Path, model: bytes) -> None:
    with serving(Hub({f"{REPO}/tiny.gguf": model}, wrong_tag=True)) as hub:
        done = pull(hub, tmp_path)
    assert done.returncode == 1
    assert "arrived damaged" in done.stderr
    assert list((tmp_path / "models").iterdir()) == []


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ((REPO, "none.gguf"), f"{REPO} has no file none.gguf"),
        (("nobody/nothing", "a.gguf"), "no repository nobody/nothing"),
        (("org/gated", "a.gguf"), "org/gated is gated"),
        ((REPO, "model.safetensors"), "is not a GGUF file"),
        ((REPO, "../../etc/a.gguf"), "is not a GGUF file"),
        (("a/b/c", "a.gguf"), "names no repository"),
        (("x\x1b[2Jy", "a.gguf"), "names no repository"),
    ],
    ids=lambda item: str(item)[:40].encode("unicode_escape").decode(),
)
def test_what_cannot_be_had_is_said(tmp_path: Path, arguments: tuple[str, str], words: str) -> None:
    hub = Hub({f"{REPO}/tiny.gguf": b"x", "org/gated/a.gguf": b"x"}, gated=frozenset({"org/gated"}))
    with serving(hub):
        done = pull(hub, tmp_path, *arguments)
    assert done.returncode == 1
    assert done.stdout == "" and words in done.stderr and "\x1b" not in done.stderr
    assert len(done.stderr.strip().splitlines()) <= 2


def test_no_network_is_said_in_one_message(tmp_path: Path) -> None:
    with serving(Hub({})) as hub:
        pass
    done = pull(hub, tmp_path)
    assert done.returncode == 1
    assert "failed" in done.stderr and "Run the same command again to resume" in done.stderr
    done = pull(hub, tmp_path, HF_HUB_OFFLINE="1")
    assert "HF_HUB_OFFLINE" in done.stderr


def test_a_disk_that_is_too_full_is_said_before_anything_is_sent(tmp_path: Path) -> None:
    """The disk is full for the process alone: a site module lowers what the system tells it."""
    site = tmp_path / "site"
    site.mkdir()
    (site / "sitecustomize.py").write_text(
        "import shutil, collections\n"
        "Usage = collections.namedtuple('Usage', 'total used free')\n"
        "shutil.disk_usage = lambda _: Usage(10**9, 10**9, 1000)\n"
    )
    with serving(Hub({f"{REPO}/tiny.gguf": bytes(5000)})) as hub:
        path = f"{site}:{environment()['PYTHONPATH']}"
        done = pull(hub, tmp_path, PYTHONPATH=path)
    assert done.returncode == 1 and "disk is too full" in done.stderr
    assert hub.ranges() == [] and partials(tmp_path) == []


def test_a_server_that_is_no_hub_and_a_file_too_large_are_said(tmp_path: Path, model: bytes) -> None:
    with serving(Hub({f"{REPO}/tiny.gguf": model}, bare=True)) as hub:
        assert "does not answer as a Hugging Face Hub" in pull(hub, tmp_path).stderr
    with serving(Hub({f"{REPO}/tiny.gguf": model}, declared_size=10**12)) as hub:
        assert "larger than 50 GB" in pull(hub, tmp_path).stderr


def test_a_file_that_is_there_is_left_alone(tmp_path: Path, model: bytes) -> None:
    (tmp_path / "models").mkdir()
    mine = tmp_path / "models/tiny.gguf"
    mine.write_bytes(b"mine")
    with serving(Hub({f"{REPO}/tiny.gguf": model})) as hub:
        done = pull(hub, tmp_path)
    assert done.returncode == 1 and "already exists" in done.stderr
    assert mine.read_bytes() == b"mine" and hub.requests == []


def test_a_file_in_the_hugging_face_cache_is_not_downloaded_again(
    tmp_path: Path, bundled_models: BundledModels
) -> None:
    cache = tmp_path / "cache"
    folder = cache / "models--org--tiny-GGUF"
    snapshot = folder / "snapshots" / "abc"
    snapshot.mkdir(parents=True)
    (folder / "refs").mkdir()
    (folder / "refs/main").write_text("abc")
    (snapshot / "tiny.gguf").symlink_to(bundled_models.writer)
    with serving(Hub({})) as hub:
        done = pull(hub, tmp_path, HF_HUB_CACHE=str(cache))
    assert done.returncode == 0, done.stderr
    assert done.stdout == f"{snapshot / 'tiny.gguf'}\n" and hub.requests == []
    assert "cache already has it" in done.stderr


def test_what_was_downloaded_and_is_no_model_is_an_error(tmp_path: Path) -> None:
    with serving(Hub({f"{REPO}/tiny.gguf": b"<html>"})) as hub:
        done = pull(hub, tmp_path)
    assert done.returncode == 1 and "web page" in done.stderr


def test_the_client_is_loaded_by_pull_alone() -> None:
    code = "import app.cli.main, sys; sys.exit('huggingface_hub' in sys.modules or 'httpx2' in sys.modules)"
    assert subprocess.run([QUORUM[0], "-c", code], env=environment()).returncode == 0
