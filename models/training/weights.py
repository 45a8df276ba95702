"""Names and forms of the weights: ours in the networks, llama.cpp's in a packed file.

`fuse` brings the weights of a network into llama.cpp's form; `unpack` reads a packed file back into ours.
"""

from __future__ import annotations

from pathlib import Path

import gguf
import torch
from torch import Tensor

from .architectures import Shape

LLAMA = {
    "attn_norm": "attn_norm.weight",
    "q": "attn_q.weight",
    "k": "attn_k.weight",
    "v": "attn_v.weight",
    "o": "attn_output.weight",
    "ffn_norm": "ffn_norm.weight",
    "gate": "ffn_gate.weight",
    "up": "ffn_up.weight",
    "down": "ffn_down.weight",
}
GPT2 = {
    "attn_norm": "attn_norm.weight",
    "attn_norm_bias": "attn_norm.bias",
    "qkv": "attn_qkv.weight",
    "qkv_bias": "attn_qkv.bias",
    "o": "attn_output.weight",
    "o_bias": "attn_output.bias",
    "ffn_norm": "ffn_norm.weight",
    "ffn_norm_bias": "ffn_norm.bias",
    "up": "ffn_up.weight",
    "up_bias": "ffn_up.bias",
    "down": "ffn_down.weight",
    "down_bias": "ffn_down.bias",
}
T5 = {
    "attn_norm": "attn_norm.weight",
    "q": "attn_q.weight",
    "k": "attn_k.weight",
    "v": "attn_v.weight",
    "o": "attn_o.weight",
    "cross_norm": "cross_attn_norm.weight",
    "cross_q": "cross_attn_q.weight",
    "cross_k": "cross_attn_k.weight",
    "cross_v": "cross_attn_v.weight",
    "cross_o": "cross_attn_o.weight",
    "ffn_norm": "ffn_norm.weight",
    "gate": "ffn_gate.weight",
    "up": "ffn_up.weight",
    "down": "ffn_down.weight",
}
OUTER = {
    "embed": "token_embd.weight",
    "position": "position_embd.weight",
    "norm": "output_norm.weight",
    "norm_bias": "output_norm.bias",
    "head": "output.weight",
    "encoder_norm": "enc.output_norm.weight",
    "decoder_norm": "dec.output_norm.weight",
    "encoder_bias": "enc.blk.0.attn_rel_b.weight",
    "decoder_bias": "dec.blk.0.attn_rel_b.weight",
}
BLOCKS = {"llama": LLAMA, "gpt2": GPT2, "t5": T5}


def gguf_name(arch: str, name: str) -> str:
    """Return llama.cpp's name of one of our weights."""
    if "." not in name:
        return OUTER[name]
    group, number, own = name.split(".")
    prefix = {"blocks": "", "encoder": "enc.", "decoder": "dec."}[group]
    return f"{prefix}blk.{number}.{BLOCKS[arch][own]}"


def fuse(weights: dict[str, Tensor], shape: Shape) -> dict[str, Tensor]:
    """Join q, k and v for gpt2; fold the scale of the scores into q for t5, whose attention is unscaled."""
    fused: dict[str, Tensor] = {}
    for name, weight in weights.items():
        own = name.rsplit(".", 1)[-1]
        if shape.arch == "gpt2" and own in ("q", "k", "v"):
            if own == "q":
                stem = name[:-1]
                fused[stem + "qkv"] = torch.cat([weights[stem + part] for part in "qkv"])
        elif shape.arch == "t5" and own in ("q", "cross_q"):
            fused[name] = weight * shape.head**-0.5
        else:
            fused[name] = weight
    return fused


def unpack(path: Path) -> dict[str, Tensor]:
    """Return the weights of a packed model, dequantized, under our own names."""
    reader = gguf.GGUFReader(path)
    arch = str(reader.fields["general.architecture"].contents())
    heads = int(reader.fields[f"{arch}.attention.head_count"].contents())
    packed = {tensor.name: tensor for tensor in reader.tensors}
    weights: dict[str, Tensor] = {}
    blocks = {"llama": ("blocks",), "gpt2": ("blocks",), "t5": ("encoder", "decoder")}[arch]
    ours = list(OUTER) + [
        f"{group}.{number}.{own}" for group in blocks for number in range(99) for own in BLOCKS[arch]
    ]
    for name in ours:
        tensor = packed.get(gguf_name(arch, name))
        if tensor is None:
            continue
        weight = torch.from_numpy(gguf.quants.dequantize(tensor.data, tensor.tensor_type).copy())
        own = name.rsplit(".", 1)[-1]
        if own == "qkv":
            for part, piece in zip("qkv", weight.chunk(3), strict=True):
                weights[name[:-3] + part] = piece
        elif arch == "t5" and own in ("q", "cross_q"):
            weights[name] = weight * (weight.shape[0] // heads) ** 0.5
        else:
            weights[name] = weight
    return weights
