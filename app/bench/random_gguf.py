"""Models of real shapes with random weights: what a decode call costs depends on the shape, not on the words.

Two shapes: a decoder like Qwen2.5 (0.5B, 1.5B) in Q4_0 and an encoder-decoder like Flan-T5-small in Q8_0. The
vocabulary has the real size, but each byte of a text is one token, so that a prompt of n tokens is a text
of n characters. The format: https://github.com/ggml-org/ggml/blob/master/docs/gguf.md.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import numpy as np

ALIGNMENT = 32
BLOCK = 32
_AT_ONCE = 1 << 20  # blocks made in one go

_F32, _Q4_0, _Q8_0 = 0, 2, 8
_BLOCK_BYTES = {_Q4_0: 18, _Q8_0: 34}
_STEP = {_Q4_0: 0.004, _Q8_0: 0.0003}  # gives weights a standard deviation of about 0.02
_STRING, _ARRAY, _UINT32, _INT32, _FLOAT32, _BOOL = 8, 9, 4, 5, 6, 7
_NORMAL, _CONTROL = 1, 3

Value = str | int | float | bool | list[str] | list[int] | list[float]


@dataclass(frozen=True, slots=True)
class Tensor:
    """One tensor to write; `shape` in GGUF order (fastest first), `type` a ggml type number."""

    name: str
    shape: tuple[int, ...]
    type: int

    @property
    def bytes(self) -> int:
        """Its size on disk."""
        count = int(np.prod(self.shape))
        return count * 4 if self.type == _F32 else count // BLOCK * _BLOCK_BYTES[self.type]


@dataclass(frozen=True, slots=True)
class DecoderShape:
    """A Qwen2 of this size."""

    name: str
    layers: int
    width: int
    heads: int
    kv_heads: int
    hidden: int
    vocabulary: int = 151_936


@dataclass(frozen=True, slots=True)
class EncoderDecoderShape:
    """A T5 of this size; `layers` on either side."""

    name: str
    layers: int
    width: int
    heads: int
    head_width: int
    hidden: int
    vocabulary: int = 32_128


QWEN_05 = DecoderShape("random-0.5B", layers=24, width=896, heads=14, kv_heads=2, hidden=4864)
QWEN_15 = DecoderShape("random-1.5B", layers=28, width=1536, heads=12, kv_heads=2, hidden=8960)
T5_SMALL = EncoderDecoderShape("random-t5-80M", layers=8, width=512, heads=6, head_width=64, hidden=1024)


def write_decoder(path: Path, shape: DecoderShape) -> Path:
    """Write a decoder of this shape to `path` and return it."""
    metadata: dict[str, Value] = {
        "general.architecture": "qwen2",
        "general.name": shape.name,
        "general.file_type": 2,
        "qwen2.context_length": 32_768,
        "qwen2.embedding_length": shape.width,
        "qwen2.block_count": shape.layers,
        "qwen2.feed_forward_length": shape.hidden,
        "qwen2.attention.head_count": shape.heads,
        "qwen2.attention.head_count_kv": shape.kv_heads,
        "qwen2.attention.layer_norm_rms_epsilon": 1e-6,
        "qwen2.rope.freq_base": 1_000_000.0,
        **_byte_vocabulary(shape.vocabulary),
    }
    return _write(path, metadata, list(_decoder_tensors(shape)))


def write_encoder_decoder(path: Path, shape: EncoderDecoderShape) -> Path:
    """Write an encoder-decoder of this shape to `path` and return it."""
    metadata: dict[str, Value] = {
        "general.architecture": "t5",
        "general.name": shape.name,
        "general.file_type": 7,
        "t5.context_length": 512,
        "t5.embedding_length": shape.width,
        "t5.block_count": shape.layers,
        "t5.feed_forward_length": shape.hidden,
        "t5.attention.head_count": shape.heads,
        "t5.attention.key_length": shape.head_width,
        "t5.attention.value_length": shape.head_width,
        "t5.attention.layer_norm_epsilon": 1e-6,
        "t5.attention.layer_norm_rms_epsilon": 1e-6,
        "t5.attention.relative_buckets_count": 32,
        "t5.decoder_start_token_id": 0,
        **_byte_vocabulary(shape.vocabulary),
        "tokenizer.ggml.add_eos_token": True,
    }
    return _write(path, metadata, list(_encoder_decoder_tensors(shape)))


def _decoder_tensors(shape: DecoderShape) -> Iterator[Tensor]:
    keys = shape.width // shape.heads * shape.kv_heads
    yield Tensor("token_embd.weight", (shape.width, shape.vocabulary), _Q8_0)
    yield Tensor("output_norm.weight", (shape.width,), _F32)
    for layer in range(shape.layers):
        block = f"blk.{layer}."
        for name, size in (("q", shape.width), ("k", keys), ("v", keys)):
            yield Tensor(f"{block}attn_{name}.weight", (shape.width, size), _Q4_0)
            yield Tensor(f"{block}attn_{name}.bias", (size,), _F32)
        yield Tensor(f"{block}attn_output.weight", (shape.width, shape.width), _Q4_0)
        yield Tensor(f"{block}attn_norm.weight", (shape.width,), _F32)
        yield Tensor(f"{block}ffn_norm.weight", (shape.width,), _F32)
        yield Tensor(f"{block}ffn_gate.weight", (shape.width, shape.hidden), _Q4_0)
        yield Tensor(f"{block}ffn_up.weight", (shape.width, shape.hidden), _Q4_0)
        yield Tensor(f"{block}ffn_down.weight", (shape.hidden, shape.width), _Q4_0)


def _encoder_decoder_tensors(shape: EncoderDecoderShape) -> Iterator[Tensor]:
    inner = shape.heads * shape.head_width
    yield Tensor("token_embd.weight", (shape.width, shape.vocabulary), _Q8_0)
    yield Tensor("output.weight", (shape.width, shape.vocabulary), _Q8_0)
    for side, attentions in (("enc", ("attn",)), ("dec", ("attn", "cross_attn"))):
        yield Tensor(f"{side}.output_norm.weight", (shape.width,), _F32)
        for layer in range(shape.layers):
            block = f"{side}.blk.{layer}."
            for attention in attentions:
                yield Tensor(f"{block}{attention}_norm.weight", (shape.width,), _F32)
                for name in ("q", "k", "v"):
                    yield Tensor(f"{block}{attention}_{name}.weight", (shape.width, inner), _Q8_0)
                yield Tensor(f"{block}{attention}_o.weight", (inner, shape.width), _Q8_0)
            if layer == 0:
                yield Tensor(f"{block}attn_rel_b.weight", (shape.heads, 32), _F32)
            yield Tensor(f"{block}ffn_norm.weight", (shape.width,), _F32)
            for name in ("gate", "up"):
                yield Tensor(f"{block}ffn_{name}.weight", (shape.width, shape.hidden), _Q8_0)
            yield Tensor(f"{block}ffn_down.weight", (shape.hidden, shape.width), _Q8_0)


def _byte_vocabulary(size: int) -> dict[str, Value]:
    """Return a byte-level vocabulary without merges; the tokens beyond the bytes are never read from text."""
    tokens = ["<|pad|>", "<|end|>", *_byte_names()]
    tokens += [f"<{number}>" for number in range(size - len(tokens))]
    return {
        "tokenizer.ggml.model": "gpt2",
        "tokenizer.ggml.pre": "gpt-2",
        "tokenizer.ggml.tokens": tokens,
        "tokenizer.ggml.token_type": [_CONTROL] * 2 + [_NORMAL] * (size - 2),
        "tokenizer.ggml.merges": [],
        "tokenizer.ggml.bos_token_id": 1,
        "tokenizer.ggml.eos_token_id": 1,
        "tokenizer.ggml.padding_token_id": 0,
        "tokenizer.ggml.add_bos_token": False,
    }


def _byte_names() -> list[str]:
    """Return the character that stands for each byte in byte-level vocabularies (GPT-2's table)."""
    printable = [*range(0x21, 0x7F), *range(0xA1, 0xAD), *range(0xAE, 0x100)]
    others = [byte for byte in range(256) if byte not in printable]
    names = {byte: chr(byte) for byte in printable}
    names |= {byte: chr(0x100 + place) for place, byte in enumerate(others)}
    return [names[byte] for byte in range(256)]


def _write(path: Path, metadata: Mapping[str, Value], tensors: list[Tensor]) -> Path:
    header = b"GGUF" + struct.pack("<IQQ", 3, len(tensors), len(metadata))
    for key, value in metadata.items():
        header += _text(key) + _value(value)
    offset = 0
    for tensor in tensors:
        dimensions = len(tensor.shape)
        header += _text(tensor.name)
        header += struct.pack(f"<I{dimensions}QIQ", dimensions, *tensor.shape, tensor.type, offset)
        offset += _aligned(tensor.bytes)
    rng = np.random.default_rng(1)
    with path.open("wb") as file:
        file.write(header + bytes(_aligned(len(header)) - len(header)))
        for tensor in tensors:
            _write_weights(file, tensor, rng)
            file.write(bytes(_aligned(tensor.bytes) - tensor.bytes))
    return path


def _write_weights(file: BinaryIO, tensor: Tensor, rng: np.random.Generator) -> None:
    count = int(np.prod(tensor.shape))
    if tensor.type == _F32:
        file.write((np.ones(count) + rng.normal(0, 0.02, count)).astype("<f4").tobytes())
        return
    size = _BLOCK_BYTES[tensor.type]
    step = np.float16(_STEP[tensor.type]).tobytes()
    for start in range(0, count // BLOCK, _AT_ONCE):
        blocks = rng.integers(0, 256, (min(_AT_ONCE, count // BLOCK - start), size), np.uint8)
        blocks[:, :2] = np.frombuffer(step, np.uint8)
        file.write(blocks.tobytes())


def _aligned(size: int) -> int:
    return -(-size // ALIGNMENT) * ALIGNMENT


def _text(text: str) -> bytes:
    data = text.encode()
    return struct.pack("<Q", len(data)) + data


def _value(value: Value) -> bytes:
    """Encode a metadata value with its type in front."""
    match value:
        case bool():
            return struct.pack("<I?", _BOOL, value)
        case int():
            return struct.pack("<II", _UINT32, value)
        case float():
            return struct.pack("<If", _FLOAT32, value)
        case str():
            return struct.pack("<I", _STRING) + _text(value)
        case _ if value and isinstance(value[0], int):
            return struct.pack("<IIQ", _ARRAY, _INT32, len(value)) + np.array(value, "<i4").tobytes()
        case _:
            return struct.pack("<IIQ", _ARRAY, _STRING, len(value)) + b"".join(
                _text(str(item)) for item in value
            )
