from __future__ import annotations

import hashlib
import os
import re
import struct
import time
import tracemalloc
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.engine import gguf, gguf_reader
from app.engine.architectures import supported
from app.engine.catalog import BundledModels
from app.engine.gguf import LONGEST_TEXT, ModelHeader, clean_name, fingerprint, read_header
from app.errors import ModelError
from tests.engine.tiny_gguf import GOOD, build, changed, write

ADDS = {"tokenizer__ggml__add_bos_token": True}


def reason(path: Path) -> str:
    with pytest.raises(ModelError) as caught:
        read_header(path)
    return str(caught.value)


def test_the_bundled_models_say_what_they_are(bundled_models: BundledModels) -> None:
    writer = read_header(bundled_models.writer)
    chat, t5 = (read_header(path) for path in bundled_models.answerers)
    assert (writer.architecture, chat.architecture, t5.architecture) == ("llama", "gpt2", "t5")
    assert [header.quantisation for header in (writer, chat, t5)] == ["Q8_0"] * 3
    assert (writer.has_chat_template, chat.has_chat_template, t5.has_chat_template) == (False, True, False)
    assert (writer.encoder_decoder, chat.encoder_decoder, t5.encoder_decoder) == (False, False, True)
    for header in (writer, chat, t5):
        assert header.size == header.path.stat().st_size
        assert header.parameters < header.size
        assert header.license == "apache-2.0"


def test_a_small_good_file_is_accepted(tmp_path: Path) -> None:
    header = read_header(write(tmp_path / "good.gguf", build()))
    assert (header.name, header.vocab_size, header.parameters) == ("tiny", 4, 32)
    assert (header.key_length, header.quantisation) == (4, "F32")


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "empty"),
        (b"<!DOCTYPE html><html>Sign in</html>", "web page"),
        (b"\n  <html>", "web page"),
        (b"version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 5\n", "Git LFS pointer"),
        (b"PK\x03\x04 something", "safetensors"),
        (b"lmgg" + bytes(60), "old GGML"),
        (b"hello world, I am no model", "does not begin with 'GGUF'"),
        (b"GG", "does not begin with 'GGUF'"),
        (b"GGUF", "cut short"),
        (b"GGUF" + struct.pack("<I", 1) + bytes(16), "version 1"),
        (b"GGUF" + struct.pack("<I", 99) + bytes(16), "version 99"),
        (b"GGUF" + struct.pack(">I", 3) + bytes(16), "big-endian"),
        (b"GGUF" + struct.pack("<IQQ", 3, 2**60, 1), "not plausible"),
        (b"GGUF" + struct.pack("<IQQ", 3, 1, 2**60), "not plausible"),
        (b"GGUF" + struct.pack("<IQQ", 3, 0, 1) + struct.pack("<Q", 2**63), "not plausible"),
        (b"GGUF" + struct.pack("<IQQQ", 3, 0, 1, 1) + b"a" + struct.pack("<I", 99), "unknown type 99"),
        (
            b"GGUF" + struct.pack("<IQQQ", 3, 0, 1, 1) + b"a" + struct.pack("<IIQ", 9, 0, 2**50),
            "not plausible",
        ),
    ],
    ids=lambda item: item[:12] if isinstance(item, bytes) else item,
)
def test_what_is_no_gguf_file_is_named_for_what_it_is(tmp_path: Path, data: bytes, words: str) -> None:
    assert words in reason(write(tmp_path / "bad.gguf", data))


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"llama__block_count": 9999}, "block_count of 9999"),
        ({"llama__block_count": 0}, "block_count of 0"),
        ({"llama__block_count": -1}, "block_count of -1"),
        ({"llama__block_count": "many"}, "block_count of many"),
        ({"llama__context_length": 2**32 - 1}, "context_length"),
        ({"llama__context_length": 0}, "context_length"),
        ({"llama__embedding_length": None}, "embedding_length"),
        ({"llama__attention__head_count": 2**31}, "head_count"),
        ({"llama__attention__layer_norm_rms_epsilon": -1.0}, "epsilon"),
        ({"llama__attention__layer_norm_rms_epsilon": float("nan")}, "epsilon"),
        ({"tokenizer__ggml__model": None}, "no tokenizer"),
        ({"tokenizer__ggml__tokens": None}, "no tokenizer"),
        ({"tokenizer__ggml__tokens": ["a", "b", "a", "c"]}, "appears twice"),
        ({"tokenizer__ggml__eos_token_id": 4}, "outside the vocabulary"),
        ({"tokenizer__ggml__token_type": [1, 1]}, "shorter than the vocabulary"),
        ({"split__count": 3}, "split over several files"),
        ({"general__type": "adapter"}, "adapter"),
        ({"general__architecture": "bert"}, "only reads text"),
        ({"general__architecture": "t5encoder"}, "only reads text"),
        ({"general__architecture": "llada"}, "left to right"),
        ({"general__architecture": "clip"}, "images or sound"),
        ({"general__architecture": "eagle3"}, "drafts tokens"),
        ({"general__architecture": "llama-of-tomorrow"}, "does not know the architecture"),
        ({"general__architecture": "evil\x1b[2J"}, "does not know the architecture"),
        ({"llama__attention__causal": False}, "only reads text"),
        ({"llama__pooling_type": 3}, "only reads text"),
        ({"llama__expert_count": 4, "llama__expert_used_count": 5}, "5 of 4 experts"),
        ({"llama__expert_count": 4}, "0 of 4 experts"),
        ({"llama__nextn_predict_layers": 1}, "1 prediction layers of 1"),
        (
            {"tokenizer__ggml__tokens": [*(f"<0x{byte:02X}>" for byte in range(255)), "<s>", "</s>"]},
            "no token for 1 of the 256 bytes",
        ),
        ({"general__architecture": None}, "no architecture"),
        ({"general__alignment": 7}, "alignment"),
        ({"general__alignment": "8" * 10**6}, "alignment"),
        ({"general__architecture": "x" * 10**6}, "does not know the architecture"),
        ({"general__type": "x" * 10**6}, "not a language model"),
        ({"tokenizer__ggml__model": "t5", "tokenizer__ggml__bos_token_id": None} | ADDS, "begin token"),
        ({"tokenizer__ggml__model": "t5", "tokenizer__ggml__bos_token_id": 2**32 - 1} | ADDS, "begin token"),
        (
            {"tokenizer__ggml__model": "gpt2", "tokenizer__ggml__pre": "glm4"}
            | {"tokenizer__ggml__bos_token_id": None}
            | ADDS,
            "begin token",
        ),
    ],
    ids=lambda item: str(item)[:60],
)
def test_a_header_llama_cpp_cannot_use_is_refused(
    tmp_path: Path, changes: dict[str, Any], words: str
) -> None:
    said = reason(write(tmp_path / "bad.gguf", build(changed(**changes))))
    assert words in said and len(said) < 500


def test_a_begin_token_that_is_named_or_known_is_accepted(tmp_path: Path) -> None:
    t5 = build(changed(tokenizer__ggml__model="t5", **ADDS))
    assert read_header(write(tmp_path / "named.gguf", t5)).vocab_size == 4
    gpt2 = build(changed(tokenizer__ggml__model="gpt2", tokenizer__ggml__bos_token_id=None, **ADDS))
    assert read_header(write(tmp_path / "known.gguf", gpt2)).vocab_size == 4


def test_names_of_megabytes_are_cut_where_they_are_read(tmp_path: Path) -> None:
    long = "n" * 2**20
    data = build(changed(general__name=long, general__license=long, tokenizer__chat_template=long))
    header = read_header(write(tmp_path / "long.gguf", data))
    assert header.name == header.license == "n" * LONGEST_TEXT
    assert header.chat_template == long


def test_a_vocabulary_without_weights_is_refused(tmp_path: Path) -> None:
    assert "no weights" in reason(write(tmp_path / "vocab.gguf", build(GOOD, ())))


@pytest.mark.parametrize("shape", [(0, 4), (2**63, 2**63), (2**40, 4)])
def test_tensors_larger_than_the_file_are_refused(tmp_path: Path, shape: tuple[int, int]) -> None:
    good = build(GOOD, (("token_embd.weight", (8, 4)),))
    data = good.replace(struct.pack("<QQ", 8, 4), struct.pack("<QQ", *shape))
    assert len(data) == len(good)
    words = reason(write(tmp_path / "bad.gguf", data))
    assert "not plausible" in words or "cut short" in words


@pytest.mark.parametrize("missing", [1, 1000])
def test_a_file_cut_short_is_refused(tmp_path: Path, bundled_models: BundledModels, missing: int) -> None:
    data = bundled_models.writer.read_bytes()
    assert "cut short" in reason(write(tmp_path / "cut.gguf", data[:-missing]))


def test_a_file_cut_anywhere_in_its_header_is_refused(tmp_path: Path) -> None:
    data = build()
    for length in range(4, len(data)):
        assert "cut.gguf" in reason(write(tmp_path / "cut.gguf", data[:length]))
        os.utime(tmp_path / "cut.gguf", ns=(length, length))


def test_a_header_without_end_is_given_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A large file can hold any number of lists, each of a plausible length."""
    monkeypatch.setattr(gguf_reader, "MAX_HEADER", 2**16)
    lists = b"".join(
        struct.pack("<Q", 4) + f"k{number:03}".encode() + struct.pack("<IIQ", 9, 8, 1000) + bytes(8000)
        for number in range(20)
    )
    data = b"GGUF" + struct.pack("<IQQ", 3, 1, 20) + lists
    assert "a header of more than 65,536 bytes" in reason(write(tmp_path / "lists.gguf", data))
    number = struct.pack("<Q", 4) + b"long" + struct.pack("<IIQ", 9, 0, 10**5) + bytes(10**5)
    data = b"GGUF" + struct.pack("<IQQ", 3, 1, 1) + number
    assert "a header of more than 65,536 bytes" in reason(write(tmp_path / "numbers.gguf", data))


def test_what_is_no_file_at_all_is_named(tmp_path: Path) -> None:
    assert "does not exist" in reason(tmp_path / "nothing.gguf")
    assert "is a folder" in reason(tmp_path)
    os.mkfifo(tmp_path / "pipe.gguf")  # opening it would wait for a writer
    assert "is not a regular file" in reason(tmp_path / "pipe.gguf")


@pytest.mark.parametrize("experts", [(0, 0, 0, 0), (8, 2, 0, 0), (8, 2, 4, 2), (128, 8, 1, 1)])
def test_plausible_experts_are_accepted(tmp_path: Path, experts: tuple[int, int, int, int]) -> None:
    keys = ("expert_count", "expert_used_count", "expert_group_count", "expert_group_used_count")
    counts = {f"llama__{key}": count for key, count in zip(keys, experts, strict=True)}
    assert read_header(write(tmp_path / "experts.gguf", build(changed(**counts)))).architecture == "llama"


def shaped(path: Path, architecture: str, **values: Any) -> ModelHeader:
    """Read a header of that architecture: 8 layers of width 64, whatever else is said."""
    metadata = {key: value for key, value in GOOD.items() if not key.startswith("llama.")}
    metadata["general.architecture"] = architecture
    values = {"context_length": 64, "embedding_length": 64, "block_count": 8} | values
    metadata |= {f"{architecture}.{key.replace('__', '.')}": value for key, value in values.items()}
    return read_header(write(path / f"{architecture}.gguf", build(metadata)))


MAMBA = {"ssm__conv_kernel": 4, "ssm__inner_size": 128, "ssm__state_size": 16}
MAMBA_STATE = 4 * (3 * 128 + 16 * 128)


@pytest.mark.parametrize(
    ("architecture", "values", "kv_heads", "state"),
    [
        ("llama", {"attention__head_count": 4, "attention__head_count_kv": 2}, 16, 0),
        ("mamba", MAMBA, 0, 8 * MAMBA_STATE),
        ("mamba", MAMBA | {"attention__head_count": 0}, 0, 8 * MAMBA_STATE),
        (
            "jamba",
            MAMBA | {"attention__head_count": 4, "attention__head_count_kv": [0, 0, 0, 2] * 2},
            4,
            6 * MAMBA_STATE,
        ),
        (
            "falcon-h1",
            MAMBA | {"ssm__group_count": 1, "attention__head_count": 4, "attention__head_count_kv": 2},
            16,
            8 * 4 * (3 * (128 + 2 * 16) + 16 * 128),
        ),
        ("qwen35", MAMBA | {"attention__head_count": 4, "attention__head_count_kv": 2}, 4, 6 * MAMBA_STATE),
        (
            "qwen3next",
            MAMBA | {"attention__head_count": 4, "full_attention_interval": 2},
            16,
            4 * MAMBA_STATE,
        ),
        (
            "lfm2",
            {"attention__head_count": 4, "attention__head_count_kv": [0, 4] * 4, "shortconv__l_cache": 3},
            16,
            4 * 4 * 2 * 64,
        ),
        ("rwkv7", {"attention__head_count": 0, "wkv__head_size": 16}, 0, 8 * 4 * (2 * 64 + 64 * 16)),
        (
            "kimi-linear",
            {"attention__head_count": 4, "attention__head_count_kv": [0, 4] * 4, "kda__head_dim": 16},
            16,
            4 * 4 * (3 * 3 * 64 + 16 * 16 * 4),
        ),
    ],
)
def test_each_kind_of_layer_keeps_what_llama_cpp_keeps_for_it(
    tmp_path: Path, architecture: str, values: dict[str, Any], kv_heads: int, state: int
) -> None:
    header = shaped(tmp_path, architecture, **values)
    assert (header.kv_heads, header.state_bytes) == (kv_heads, state)


def test_every_architecture_of_the_source_is_known_and_an_invented_one_is_not(llama_source: Path) -> None:
    source = (llama_source / "src" / "llama-arch.cpp").read_text("utf-8")
    names = re.findall(r"LLM_ARCH_\w+,\s+\"([^\"]+)\"", source)
    assert len(names) > 100
    assert [name for name in names if not supported(name)] == []
    assert not supported("llama-of-tomorrow")


def test_without_the_library_no_architecture_is_refused(tmp_path: Path) -> None:
    assert supported("llama-of-tomorrow", tmp_path / "libllama.so")
    other = write(tmp_path / "other.so", b"ELF and no names")
    assert supported("llama-of-tomorrow", other)


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.data())
def test_a_damaged_header_of_a_real_model_is_read_or_refused_and_nothing_else(
    tmp_path: Path, bundled_models: BundledModels, data: st.DataObject
) -> None:
    model = data.draw(st.sampled_from([bundled_models.writer, *bundled_models.answerers]))
    size = model.stat().st_size
    with model.open("rb") as file:
        header = bytearray(file.read(70_000))
    # Lengths, counts and types stand before the texts: damage there hurts most.
    for _ in range(data.draw(st.integers(1, 6))):
        place = data.draw(st.one_of(st.integers(0, 2_000), st.integers(0, len(header) - 8)))
        header[place : place + 8] = data.draw(
            st.one_of(
                st.binary(min_size=8, max_size=8), st.sampled_from([b"\xff" * 8, bytes(8), b"\x7f" * 8])
            )
        )
    path = tmp_path / "damaged.gguf"
    with path.open("wb") as file:
        file.write(header)
        file.truncate(data.draw(st.sampled_from([size, len(header), size // 2])))
    os.utime(path, ns=(0, time.monotonic_ns()))  # another version, not one read before
    tracemalloc.start()
    try:
        read_header(path)
    except ModelError as error:
        assert error.message
    finally:
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
    assert peak < 64 * 2**20


@settings(max_examples=300, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.data())
def test_a_damaged_header_is_read_or_refused_and_nothing_else(tmp_path: Path, data: st.DataObject) -> None:
    good = bytearray(build())
    for _ in range(data.draw(st.integers(1, 4))):
        place = data.draw(st.integers(0, len(good) - 1))
        good[place] = data.draw(st.integers(0, 255))
    path = write(tmp_path / "damaged.gguf", bytes(good))
    try:
        read_header(path)
    except ModelError as error:
        assert error.message


def test_a_changed_file_is_read_again(tmp_path: Path) -> None:
    path = write(tmp_path / "model.gguf", build())
    assert read_header(path).name == "tiny"
    write(path, build(changed(general__name="another")))
    assert read_header(path).name == "another"


def test_the_fingerprint_is_the_sha256_and_is_remembered_until_the_file_changes(tmp_path: Path) -> None:
    cache = tmp_path / "cache" / "fingerprints.json"
    path = write(tmp_path / "model.gguf", b"one")
    os.utime(path, ns=(1, 1))
    assert fingerprint(path, cache) == hashlib.sha256(b"one").hexdigest()
    write(path, b"two")
    os.utime(path, ns=(1, 1))
    assert fingerprint(path, cache) == hashlib.sha256(b"one").hexdigest(), (
        "same size and time: not read again"
    )
    os.utime(path, ns=(2, 2))
    assert fingerprint(path, cache) == hashlib.sha256(b"two").hexdigest()


def test_reading_a_file_for_its_fingerprint_says_how_far_it_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gguf, "HASHED_AT_ONCE", 2)
    path, heard = write(tmp_path / "model.gguf", b"8 bytes."), list[float]()
    assert fingerprint(path, tmp_path / "cache", heard.append) == hashlib.sha256(b"8 bytes.").hexdigest()
    assert heard == [0.25, 0.5, 0.75, 1.0]
    fingerprint(path, tmp_path / "cache", heard.append)
    assert len(heard) == 4, "it is not read again"


@pytest.mark.parametrize("content", ["", "no json", "[]", '{"x": 3}'])
def test_a_broken_fingerprint_cache_only_costs_time(tmp_path: Path, content: str) -> None:
    cache = tmp_path / "fingerprints.json"
    cache.write_text(content)
    path = write(tmp_path / "model.gguf", b"one")
    assert fingerprint(path, cache) == hashlib.sha256(b"one").hexdigest()


def test_the_fingerprint_of_a_missing_file_is_a_model_error(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="cannot be read"):
        fingerprint(tmp_path / "nothing", tmp_path / "cache.json")


@pytest.mark.parametrize(
    ("stored", "name"),
    [
        ("Qwen2.5 7B Instruct", "Qwen2.5 7B Instruct"),
        ("google/gemma-3-270m", "google/gemma-3-270m"),
        ("Модель 7", "Модель 7"),
        ("", "stem"),
        ("Model", "stem"),
        ("merged_hf_fp16", "stem"),
        ("checkpoint-2000", "stem"),
        ("Smollm2 135M 8k Lc100K Mix1 Ep2", "stem"),
        ("Mixtral 8x7B Instruct v0.1", "Mixtral 8x7B Instruct v0.1"),
        ("/home/ann/out/phi", "stem"),
        ("./phi", "stem"),
        ("C:\\models\\phi", "stem"),
        ("9217f5db79a29953eb74d5343926648285ec7e67", "stem"),
        ("...", "stem"),
    ],
)
def test_a_model_is_called_by_a_clean_name_of_its_own_else_as_its_file(stored: str, name: str) -> None:
    assert clean_name(stored, "stem") == name
