"""Tiny models with random weights of the families whose memory is not a plain cache of keys and values."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from tests.engine.tiny_gguf import build, write

WIDTH, HIDDEN, HEADS, LAYERS = 32, 64, 2, 4
TOKENS = ["<unk>", "<s>", "</s>", *(f"<0x{byte:02X}>" for byte in range(256))]
WINDOW = 24

Shapes = list[tuple[str, tuple[int, ...]]]


def _vocabulary() -> dict[str, Any]:
    return {
        "tokenizer.ggml.model": "llama",
        "tokenizer.ggml.tokens": TOKENS,
        "tokenizer.ggml.scores": [0.0] * len(TOKENS),
        "tokenizer.ggml.token_type": [2, 3, 3] + [6] * 256,
        "tokenizer.ggml.bos_token_id": 1,
        "tokenizer.ggml.eos_token_id": 2,
    }


def _common(architecture: str) -> dict[str, Any]:
    return {
        "general.architecture": architecture,
        "general.name": f"tiny-{architecture}",
        f"{architecture}.context_length": 512,
        f"{architecture}.embedding_length": WIDTH,
        f"{architecture}.block_count": LAYERS,
        f"{architecture}.attention.layer_norm_rms_epsilon": 1e-6,
        **_vocabulary(),
    }


def _attention(block: str, kv: int) -> Shapes:
    return [
        (f"{block}attn_q.weight", (WIDTH, WIDTH)),
        (f"{block}attn_k.weight", (WIDTH, kv)),
        (f"{block}attn_v.weight", (WIDTH, kv)),
        (f"{block}attn_output.weight", (WIDTH, WIDTH)),
    ]


def _feed_forward(block: str) -> Shapes:
    return [
        (f"{block}ffn_norm.weight", (WIDTH,)),
        (f"{block}ffn_gate.weight", (WIDTH, HIDDEN)),
        (f"{block}ffn_up.weight", (WIDTH, HIDDEN)),
        (f"{block}ffn_down.weight", (HIDDEN, WIDTH)),
    ]


def recurrent(path: Path) -> Path:
    """Write a Mamba."""
    inner, state, rank, kernel = 2 * WIDTH, 8, 4, 4
    metadata = _common("mamba") | {
        "mamba.ssm.conv_kernel": kernel,
        "mamba.ssm.inner_size": inner,
        "mamba.ssm.state_size": state,
        "mamba.ssm.time_step_rank": rank,
        "mamba.feed_forward_length": 0,
        "mamba.attention.head_count": 0,
    }
    tensors: Shapes = [("token_embd.weight", (WIDTH, len(TOKENS))), ("output_norm.weight", (WIDTH,))]
    for layer in range(LAYERS):
        block = f"blk.{layer}."
        tensors += [
            (f"{block}attn_norm.weight", (WIDTH,)),
            (f"{block}ssm_in.weight", (WIDTH, 2 * inner)),
            (f"{block}ssm_conv1d.weight", (kernel, inner)),
            (f"{block}ssm_conv1d.bias", (inner,)),
            (f"{block}ssm_x.weight", (inner, rank + 2 * state)),
            (f"{block}ssm_dt.weight", (rank, inner)),
            (f"{block}ssm_dt.bias", (inner,)),
            (f"{block}ssm_a", (state, inner)),
            (f"{block}ssm_d", (inner,)),
            (f"{block}ssm_out.weight", (inner, WIDTH)),
        ]
    return _write(path, metadata, tensors)


def hybrid(path: Path) -> Path:
    """Write an LFM2: layers with a short convolution and layers with attention in turn."""
    metadata = _common("lfm2") | {
        "lfm2.feed_forward_length": HIDDEN,
        "lfm2.attention.head_count": HEADS,
        "lfm2.attention.head_count_kv": [0, HEADS] * (LAYERS // 2),
        "lfm2.shortconv.l_cache": 3,
    }
    head = WIDTH // HEADS
    tensors: Shapes = [("token_embd.weight", (WIDTH, len(TOKENS))), ("token_embd_norm.weight", (WIDTH,))]
    for layer in range(LAYERS):
        block = f"blk.{layer}."
        tensors += [*_feed_forward(block), (f"{block}attn_norm.weight", (WIDTH,))]
        if layer % 2:
            tensors += _attention(block, WIDTH)
            tensors += [(f"{block}attn_q_norm.weight", (head,)), (f"{block}attn_k_norm.weight", (head,))]
        else:
            tensors += [
                (f"{block}shortconv.conv.weight", (3, WIDTH)),
                (f"{block}shortconv.in_proj.weight", (WIDTH, 3 * WIDTH)),
                (f"{block}shortconv.out_proj.weight", (WIDTH, WIDTH)),
            ]
    return _write(path, metadata, tensors)


def sliding_window(path: Path) -> Path:
    """Write a Gemma 2: every other layer sees the last WINDOW tokens only."""
    metadata = _common("gemma2") | {
        "gemma2.feed_forward_length": HIDDEN,
        "gemma2.attention.head_count": HEADS,
        "gemma2.attention.head_count_kv": 1,
        "gemma2.attention.key_length": WIDTH // HEADS,
        "gemma2.attention.value_length": WIDTH // HEADS,
        "gemma2.attention.sliding_window": WINDOW,
    }
    tensors: Shapes = [("token_embd.weight", (WIDTH, len(TOKENS))), ("output_norm.weight", (WIDTH,))]
    for layer in range(LAYERS):
        block = f"blk.{layer}."
        tensors += [*_attention(block, WIDTH // HEADS), *_feed_forward(block)]
        for name in ("attn_norm", "post_attention_norm", "post_ffw_norm"):
            tensors.append((f"{block}{name}.weight", (WIDTH,)))
    return _write(path, metadata, tensors)


def _write(path: Path, metadata: dict[str, Any], tensors: Shapes) -> Path:
    """Write the model with seeded weights, large enough that what came before decides what comes next."""
    rng = np.random.default_rng(7)

    def weights(name: str, shape: tuple[int, ...]) -> np.ndarray:
        if name.endswith("ssm_a"):
            return -np.exp(rng.normal(0, 0.5, shape))  # a state must fade
        if name.endswith("norm.weight"):
            return 1 + rng.normal(0, 0.1, shape)
        return rng.normal(0, 0.5, shape)

    return write(path, build(metadata, tensors, weights))
