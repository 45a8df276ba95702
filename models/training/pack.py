"""Pack a checkpoint into a Q8_0 GGUF: `python -m models.training.pack writer [--f32] [--to models]`.

Every rule here is one of llama.cpp's: which tensors stay F32, token types, default token ids.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import gguf
import numpy as np
from gguf import GGMLQuantizationType, GGUFWriter
from sentencepiece import sentencepiece_model_pb2

from .architectures import Shape
from .checkpoints import load
from .tokenizers import ASSISTANT, BUILD, END, PAD, USER, load_chat
from .weights import fuse, gguf_name

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


def add_spm(writer: GGUFWriter, name: str) -> None:
    """Write a sentencepiece vocabulary with the ids llama.cpp expects."""
    spm = sentencepiece_model_pb2.ModelProto()
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
    options = parser.parse_args()
    for name in options.model:
        path = pack(name, options.to, options.f32)
        print(f"{path}: {path.stat().st_size / 1e6:.2f} MB")


if __name__ == "__main__":
    main()
