"""Pack a checkpoint into a Q8_0 GGUF: `python -m models.training.pack writer [--f32] [--to models]`.

Every rule here is one of llama.cpp's: tensor names, which tensors stay F32, token types, default token ids.
`unpack` reads a packed file back into the weights of a network.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import gguf
import numpy as np
import torch
from gguf import GGMLQuantizationType, GGUFWriter
from sentencepiece import sentencepiece_model_pb2
from torch import Tensor

from .architectures import Shape
from .tokenizers import ASSISTANT, BUILD, END, PAD, USER, load_chat
from .train import load

MODELS = Path("models")
TITLES = {
    "writer": ("Quorum Writer", "Invents short tasks and examples for them inside a small closed world."),
    "chat": ("Quorum Chat", "Answers short instructions of a small closed world in a chat format."),
    "t5": ("Quorum T5", "Answers short instructions of a small closed world, as an encoder-decoder."),
}
TEMPLATE = (
    "{% for message in messages %}{% if message['role'] == 'assistant' %}"
    + ASSISTANT
    + " {{ message['content'] }}"
    + END
    + "{% else %}"
    + USER
    + " {{ message['content'] | replace('\\n', '\\n ') }}{% endif %}{% endfor %}"
    + "{% if add_generation_prompt %}"
    + ASSISTANT
    + "{% endif %}"
)
"""Every line of a message gets a space in front, so that all words have one token form."""

FLOAT = ("norm", "bias", "attn_rel_b", "position_embd")
"""Parts of tensor names that are never quantized."""

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
    done: dict[str, Tensor] = {}
    for name, weight in weights.items():
        own = name.rsplit(".", 1)[-1]
        if shape.arch == "gpt2" and own in ("q", "k", "v"):
            if own == "q":
                stem = name[:-1]
                done[stem + "qkv"] = torch.cat([weights[stem + part] for part in "qkv"])
        elif shape.arch == "t5" and own in ("q", "cross_q"):
            done[name] = weight * shape.head**-0.5
        else:
            done[name] = weight
    return done


def unpack(path: Path) -> dict[str, Tensor]:
    """Return the weights of a packed model, dequantized, under our own names."""
    reader = gguf.GGUFReader(path)
    arch = str(reader.fields["general.architecture"].contents())
    heads = int(reader.fields[f"{arch}.attention.head_count"].contents())
    names = {tensor.name: tensor for tensor in reader.tensors}
    weights: dict[str, Tensor] = {}
    blocks = {"llama": ("blocks",), "gpt2": ("blocks",), "t5": ("encoder", "decoder")}[arch]
    ours = list(OUTER) + [
        f"{group}.{number}.{own}" for group in blocks for number in range(99) for own in BLOCKS[arch]
    ]
    for name in ours:
        tensor = names.get(gguf_name(arch, name))
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


def add_spm(writer: GGUFWriter, name: str) -> None:
    """Write a sentencepiece vocabulary with the ids llama.cpp expects."""
    spm = sentencepiece_model_pb2.ModelProto()  # type: ignore[attr-defined]
    spm.ParseFromString((BUILD / f"{name}.model").read_bytes())
    kinds = [piece.type for piece in spm.pieces]
    writer.add_tokenizer_model("llama" if name == "writer" else "t5")
    writer.add_tokenizer_pre("default")
    writer.add_token_list([piece.piece.encode() for piece in spm.pieces])
    writer.add_token_scores([piece.score for piece in spm.pieces])
    writer.add_token_types(kinds)  # sentencepiece's numbers are GGUF's
    if name == "writer":
        writer.add_bos_token_id(1)
        writer.add_eos_token_id(2)
        writer.add_unk_token_id(0)
        writer.add_add_bos_token(True)
        writer.add_add_eos_token(False)
        writer.add_add_space_prefix(False)
        return
    writer.add_pad_token_id(0)
    writer.add_eos_token_id(1)
    writer.add_unk_token_id(2)
    writer.add_add_bos_token(False)
    writer.add_add_eos_token(True)
    writer.add_add_space_prefix(True)
    writer.add_remove_extra_whitespaces(True)
    writer.add_precompiled_charsmap(spm.normalizer_spec.precompiled_charsmap)


def add_bpe(writer: GGUFWriter) -> None:
    """Write the byte-BPE vocabulary and the chat template."""
    tokenizer = load_chat()
    merges = json.loads(tokenizer.to_str())["model"]["merges"]
    special = {PAD, USER, ASSISTANT, END}
    tokens = [str(tokenizer.id_to_token(number)) for number in range(tokenizer.get_vocab_size())]
    writer.add_tokenizer_model("gpt2")
    writer.add_tokenizer_pre("qwen2")
    writer.add_token_list([token.encode() for token in tokens])
    writer.add_token_types(
        [gguf.TokenType.CONTROL if token in special else gguf.TokenType.NORMAL for token in tokens]
    )
    writer.add_token_merges([merge if isinstance(merge, str) else " ".join(merge) for merge in merges])
    end = tokens.index(END)
    writer.add_bos_token_id(end)
    writer.add_eos_token_id(end)
    writer.add_eot_token_id(end)
    writer.add_pad_token_id(tokens.index(PAD))
    writer.add_add_bos_token(False)
    writer.add_chat_template(TEMPLATE)


def add_header(writer: GGUFWriter, name: str, shape: Shape, f32: bool) -> None:
    """Write what the file is and the sizes of the network."""
    title, purpose = TITLES[name]
    writer.add_name(title)
    writer.add_author("Quorum")
    writer.add_license("apache-2.0")
    writer.add_languages(["en"])
    writer.add_description(
        f"{purpose} Trained from scratch on text made by its own grammar; for demonstration."
    )
    writer.add_file_type(0 if f32 else 7)
    writer.add_quantization_version(2)
    writer.add_context_length(shape.context)
    writer.add_embedding_length(shape.width)
    writer.add_block_count(shape.layers)
    writer.add_feed_forward_length(shape.hidden)
    writer.add_head_count(shape.heads)
    writer.add_vocab_size(shape.vocab)
    if shape.arch == "gpt2":
        writer.add_layer_norm_eps(1e-5)
        return
    writer.add_layer_norm_rms_eps(1e-5)
    writer.add_key_length(shape.head)
    writer.add_value_length(shape.head)
    if shape.arch == "llama":
        writer.add_head_count_kv(shape.heads)
        writer.add_rope_dimension_count(shape.head)
        writer.add_rope_freq_base(10000.0)
        return
    writer.add_layer_norm_eps(1e-5)
    writer.add_relative_attn_buckets_count(32)
    writer.add_decoder_start_token_id(0)
    writer.add_decoder_block_count(shape.decoder_layers)


def pack(name: str, folder: Path, f32: bool = False) -> Path:
    """Write the newest checkpoint of a model as GGUF and return the path."""
    model, _ = load(BUILD / f"{name}.pt")
    path = folder / f"quorum-{name}.{'f32' if f32 else 'q8_0'}.gguf"
    part = path.with_suffix(".part")
    writer = GGUFWriter(part, model.shape.arch)
    add_header(writer, name, model.shape, f32)
    if name == "chat":
        add_bpe(writer)
    else:
        add_spm(writer, name)
    for own, weight in fuse(model.state_dict(), model.shape).items():
        theirs = gguf_name(model.shape.arch, own)
        array = np.ascontiguousarray(weight.float().numpy())
        if f32 or array.ndim == 1 or any(word in theirs for word in FLOAT):
            writer.add_tensor(theirs, array)
        else:
            quantized = gguf.quants.quantize(array, GGMLQuantizationType.Q8_0)
            writer.add_tensor(theirs, quantized, raw_dtype=GGMLQuantizationType.Q8_0)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    part.replace(path)
    return path


def main() -> None:
    """Read the command line and pack."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("model", nargs="+", choices=sorted(TITLES))
    parser.add_argument("--f32", action="store_true", help="do not quantize (to check parity)")
    parser.add_argument("--to", type=Path, default=MODELS)
    given = parser.parse_args()
    for name in given.model:
        path = pack(name, given.to, given.f32)
        print(f"{path}: {path.stat().st_size / 1e6:.2f} MB")


if __name__ == "__main__":
    main()
