"""Every token of the vocabularies in llama.cpp's source, and its own test texts, through our functions."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import llama_cpp
import pytest

from app.engine.gguf_reader import read_raw
from app.engine.worker.vocab import Vocab
from tests.engine.worker.test_vocab import byte_letters

NAMES = (
    *("aquila", "baichuan", "bert-bge", "command-r", "deepseek-coder", "deepseek-llm", "falcon", "gemma-4"),
    *("gpt-2", "gpt-neox", "llama-bpe", "llama-spm", "mpt", "nomic-bert-moe", "phi-3", "qwen2", "qwen35"),
    *("refact", "starcoder"),
)
BYTE_OF = {letter: byte for byte, letter in enumerate(byte_letters())}
SILENT = llama_cpp.LLAMA_TOKEN_ATTR_CONTROL | llama_cpp.LLAMA_TOKEN_ATTR_UNKNOWN
SPACE = "\u2581"
# Texts come back with one space more in front where a vocabulary begins every text with one; word-piece
# vocabularies give no spaces back at all, and this one folds characters that look alike.
LOSSY = {"bert-bge", "nomic-bert-moe"}


@pytest.fixture(params=NAMES)
def path(request: pytest.FixtureRequest, llama_source: Path) -> Path:
    return llama_source / "models" / f"ggml-vocab-{request.param}.gguf"


@pytest.fixture
def vocab(path: Path) -> Iterator[Vocab]:
    params = llama_cpp.llama_model_default_params()
    params.vocab_only = True
    model = llama_cpp.llama_model_load_from_file(str(path).encode(), params)
    assert model
    yield Vocab(model)
    llama_cpp.llama_model_free(model)


def attributes(vocab: Vocab, token: int) -> int:
    attribute: int = llama_cpp.llama_vocab_get_attr(vocab._vocab, token)
    return attribute


def stands_for(text: str, attribute: int, kind: str) -> bytes:
    """Return the bytes of a token by its text in the file, without llama.cpp (its attribute apart)."""
    data = text.encode("utf-8", "surrogateescape")
    if attribute & SILENT:
        return b""
    if attribute & llama_cpp.LLAMA_TOKEN_ATTR_USER_DEFINED:
        return data
    if attribute & llama_cpp.LLAMA_TOKEN_ATTR_BYTE:
        return bytes([int(text[3:5], 16)])
    if kind == "gpt2":
        return b"".join(bytes([BYTE_OF[letter]]) if letter in BYTE_OF else letter.encode() for letter in text)
    return text.replace(SPACE, " ").encode("utf-8", "surrogateescape")


def test_every_token_comes_back_to_the_last_byte(path: Path, vocab: Vocab) -> None:
    metadata = read_raw(path).metadata
    texts, kind = metadata["tokenizer.ggml.tokens"], metadata["tokenizer.ggml.model"]
    assert vocab.size == len(texts)
    unused = llama_cpp.LLAMA_TOKEN_ATTR_UNUSED
    wrong = []
    for token, text in enumerate(texts):
        attribute = attributes(vocab, token)
        if attribute & unused:
            continue
        if vocab.piece(token) != stands_for(text, attribute, kind):
            wrong.append((token, text, vocab.piece(token)))
    assert wrong == []


def test_pieces_of_more_than_32_bytes_are_whole(llama_source: Path) -> None:
    """As many as llama-cpp-python's own function loses."""
    found = {}
    for name in ("llama-bpe", "qwen2", "command-r", "gpt-2", "llama-spm"):
        params = llama_cpp.llama_model_default_params()
        params.vocab_only = True
        path = llama_source / "models" / f"ggml-vocab-{name}.gguf"
        model = llama_cpp.llama_model_load_from_file(str(path).encode(), params)
        vocab = Vocab(model)
        found[name] = sum(len(vocab.piece(token)) > 32 for token in range(vocab.size))
        hashes = "#" * 80
        assert vocab.detokenise(vocab.tokenise(hashes, complete=False)).decode().strip() == hashes
        llama_cpp.llama_model_free(model)
    assert found == {"llama-bpe": 231, "qwen2": 240, "command-r": 201, "gpt-2": 14, "llama-spm": 0}


def cases(path: Path) -> list[tuple[str, list[int]]]:
    """Return llama.cpp's own test texts with the tokens it expects."""
    given = path.with_name(path.name + ".inp")
    if not given.exists():
        return []
    texts = given.read_text("utf-8").split("\n__ggml_vocab_test__\n")
    expected = path.with_name(path.name + ".out").read_text("utf-8").split("\n")
    return [
        (text, [int(number) for number in line.split()]) for text, line in zip(texts, expected, strict=False)
    ]


def test_texts_become_the_tokens_that_llama_cpp_expects_and_come_back(path: Path, vocab: Vocab) -> None:
    name = re.sub(r"ggml-vocab-(.*)\.gguf", r"\1", path.name)
    for text, expected in cases(path):
        tokens = vocab.tokenise(text, complete=False)
        assert tokens == expected, text
        if name not in LOSSY:
            back = vocab.detokenise(tokens).decode("utf-8")
            assert back in (text, f" {text}"), text
