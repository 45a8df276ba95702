"""What a model file says about itself, checked before llama.cpp sees it, and its fingerprint.

llama.cpp ends the process on some headers (absurd layer counts, tokens that stand twice, a negative
epsilon), so whatever it is known to abort on is refused here, with a reason a person can act on.
"""

from __future__ import annotations

import functools
import hashlib
import math
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import platformdirs

from app.engine.architectures import supported
from app.engine.gguf_reader import MAX_STRING, RawHeader, Value, read_raw
from app.engine.json_cache import recall, remember
from app.errors import ModelError
from app.visible import visible_line

MAX_LAYERS = 512  # LLAMA_MAX_LAYERS, llama-hparams.h
MAX_CONTEXT = 2**27
MAX_WIDTH = 2**20
MAX_VOCABULARY = 2**22
MAX_EXPERTS = 2**12
LONGEST_TEXT = 300
"""Characters of a name that are kept: the file may hold one of megabytes, and it is shown and stored."""
HASHED_AT_ONCE = 2**23
"""Bytes: enough to hash at full speed, few enough to tell often how far it is."""

ENCODER_ONLY = frozenset(
    {"bert", "modern-bert", "nomic-bert", "nomic-bert-moe", "neo-bert", "jina-bert-v2", "jina-bert-v3"}
    | {"eurobert", "t5encoder", "gemma-embedding", "llama-embed"}
)
NOT_LEFT_TO_RIGHT = frozenset({"dream", "llada", "llada-moe", "rnd1"})
NO_TEXT = frozenset({"clip", "wavtokenizer-dec", "qwen3tts", "pockettts"})
DRAFTS = frozenset({"eagle3", "dflash", "gemma4-assistant"})
RECURRENT = frozenset({"mamba", "mamba2", "rwkv6", "rwkv6qwen2", "rwkv7", "arwkv7"})
# Attention in every n-th layer, a recurrent state in the others; the number is llama.cpp's default for n.
INTERVALS = {"qwen3next": 4, "qwen35": 4, "qwen35moe": 4, "qwen4exp": 4, "minimax-01": 8}
NO_OWN_BEGIN = frozenset({"t5", "gemma4"})
NO_OWN_BEGIN_SPLITS = frozenset({"chatglm-bpe", "glm4", "glm5"})
"""Tokenizers, and ways to split words, whose begin token is LLAMA_TOKEN_NULL in llama-vocab.cpp."""
NO_NAMES = frozenset(
    [
        "model",
        "models",
        "merged",
        "merge",
        "output",
        "outputs",
        "out",
        "tmp",
        "temp",
        "test",
        "root",
        "export",
        "checkpoint",
        "snapshot",
        "snapshots",
        "unknown",
        "untitled",
        "unnamed",
        "hf",
        "gguf",
        "lora",
        "final",
        "none",
        "null",
        "new",
        "weights",
        "fp16",
        "f16",
        "f32",
        "bf16",
    ]
)
"""Words that name no model, whatever stands beside them."""
TRAINED = re.compile(r"(?:ep|epochs?|steps?|iters?|ckpt|checkpoint|lr|lc|mix|seed)\d+k?")
"""Words that say how far or on what a model was trained, where its makers named folders so."""
DAMAGED = "The file is damaged."

_FILE_TYPES = {
    0: "F32", 1: "F16", 2: "Q4_0", 3: "Q4_1", 7: "Q8_0", 8: "Q5_0", 9: "Q5_1", 10: "Q2_K", 11: "Q3_K_S",
    12: "Q3_K_M", 13: "Q3_K_L", 14: "Q4_K_S", 15: "Q4_K_M", 16: "Q5_K_S", 17: "Q5_K_M", 18: "Q6_K",
    19: "IQ2_XXS", 20: "IQ2_XS", 21: "Q2_K_S", 22: "IQ3_XS", 23: "IQ3_XXS", 24: "IQ1_S", 25: "IQ4_NL",
    26: "IQ3_S", 27: "IQ3_M", 28: "IQ2_S", 29: "IQ2_M", 30: "IQ4_XS", 31: "IQ1_M", 32: "BF16",
    36: "TQ1_0", 37: "TQ2_0", 38: "MXFP4", 39: "NVFP4", 40: "Q1_0", 41: "Q2_0",
}  # fmt: skip
_TENSOR_TYPES = {
    0: "F32", 1: "F16", 2: "Q4_0", 3: "Q4_1", 6: "Q5_0", 7: "Q5_1", 8: "Q8_0", 10: "Q2_K", 11: "Q3_K",
    12: "Q4_K", 13: "Q5_K", 14: "Q6_K", 30: "BF16", 39: "MXFP4",
}  # fmt: skip


def clean_name(stored: str, stem: str) -> str:
    """Return the name that the metadata give a model, or its file's stem where that names none.

    Converters put there what the folder was called: a path, a step of training, a hash.
    """
    words = re.findall(r"[^\W_]+", stored.casefold())
    says = [word for word in words if word not in NO_NAMES and not word.isdecimal()]
    is_path = stored.count("/") > 1 or "\\" in stored or stored.startswith(("/", ".", "~"))
    is_of_training = any(re.fullmatch(r"[0-9a-f]{16,}", word) or TRAINED.fullmatch(word) for word in words)
    if not says or is_path or is_of_training:
        return stem
    return stored


@dataclass(frozen=True, slots=True)
class ModelHeader:
    """A model file that passed the header check; texts from the file (`name`, …) are foreign.

    `size` and `weights_bytes` are bytes, `parameters` a count of weights, `context_length` and `vocab_size`
    counts of tokens. `kv_heads` is the sum over all layers of the heads whose keys and values are kept;
    one kept token costs kv_heads * (key_length + value_length) values. `state_bytes` is the recurrent state
    of one sequence. `feed_forward` is the widest hidden layer of a block (of all experts at work in it),
    `input_bytes` and `output_bytes` the weights before and after the blocks, which are the same ones if
    `tied_output`.
    """

    path: Path
    size: int
    architecture: str
    name: str
    license: str
    quantisation: str
    parameters: int
    context_length: int
    vocab_size: int
    chat_template: str
    encoder_decoder: bool
    embedding_length: int
    block_count: int
    head_count: int
    kv_heads: int
    key_length: int
    value_length: int
    state_bytes: int
    feed_forward: int
    input_bytes: int
    output_bytes: int
    tied_output: bool

    @property
    def has_chat_template(self) -> bool:
        """Whether the model brings its own chat format."""
        return bool(self.chat_template)


def read_header(path: Path) -> ModelHeader:
    """Read and check the header of `path`; ModelError says in plain words why a file cannot be used."""
    path = Path(path).expanduser().absolute()
    return _read_header(path, file_version(path))


@functools.lru_cache(maxsize=256)
def _read_header(path: Path, _version: tuple[int, int]) -> ModelHeader:
    """Read a header once per version of the file: the version is there for the cache."""
    raw = read_raw(path)
    return _Checks(path, raw).header()


class _Checks:
    """Turns raw metadata into a `ModelHeader`, refusing what llama.cpp cannot use."""

    def __init__(self, path: Path, raw: RawHeader) -> None:
        self.path = path
        self.raw = raw
        self.architecture = self.text("general.architecture")

    def fail(self, what: str, hint: str = "Choose another model file.") -> ModelError:
        return ModelError(f"{self.path.name}: {what}", hint)

    def text(self, key: str, longest: int = LONGEST_TEXT) -> str:
        """Return a text of the header, cut after `longest` characters; "" where there is none."""
        value = self.raw.metadata.get(key, "")
        if not isinstance(value, str):
            return ""
        return value[:longest].encode("utf-8", "surrogateescape").decode("utf-8", "replace")

    def own(self, key: str) -> Value | None:
        return self.raw.metadata.get(f"{self.architecture}.{key}")

    def count(self, key: str, limit: int, default: int | None = None, least: int = 1) -> int:
        """Return an integer of this architecture; per-layer lists give their largest entry."""
        value = self.own(key)
        if value is None and default is not None:
            return default
        if isinstance(value, list) and value and all(type(entry) is int for entry in value):
            value = max(value)
        if value is None:
            raise self.fail(f"the header does not say its {key}.", DAMAGED)
        if type(value) is not int or not least <= value <= limit:
            raise self.fail(f"a {key} of {visible_line(str(value), 40)} is not plausible.", DAMAGED)
        return value

    def header(self) -> ModelHeader:
        self.check_kind()
        self.check_architecture()
        vocabulary = self.check_tokens()
        self.check_epsilons()
        width = self.count("embedding_length", MAX_WIDTH)
        layers = self.count("block_count", MAX_LAYERS)
        self.check_experts(layers)
        # Recurrent models have no heads, and those that mix layer kinds list them layer by layer.
        heads = self.count("attention.head_count", MAX_WIDTH, default=0, least=0)
        kv_heads = self.count("attention.head_count_kv", MAX_WIDTH, default=heads, least=0)
        length = max(width // heads, 1) if heads else 1
        key_length = self.count("attention.key_length", MAX_WIDTH, default=length)
        return ModelHeader(
            path=self.path,
            size=self.raw.size,
            architecture=self.architecture,
            name=clean_name(self.text("general.name"), self.path.stem),
            license=self.text("general.license"),
            quantisation=self.quantisation(),
            parameters=sum(tensor.elements for tensor in self.raw.tensors),
            context_length=self.count("context_length", MAX_CONTEXT),
            vocab_size=vocabulary,
            chat_template=self.text("tokenizer.chat_template", MAX_STRING),
            encoder_decoder=self.architecture == "t5",
            embedding_length=width,
            block_count=layers,
            head_count=heads,
            kv_heads=self.kept_heads(layers, kv_heads),
            key_length=key_length,
            value_length=self.count("attention.value_length", MAX_WIDTH, default=length),
            state_bytes=self.state_bytes(layers, heads, key_length),
            feed_forward=self.feed_forward(),
            input_bytes=self.tensor_bytes("token_embd.weight"),
            output_bytes=self.tensor_bytes("output.weight") or self.tensor_bytes("token_embd.weight"),
            tied_output=not self.tensor_bytes("output.weight"),
        )

    def check_kind(self) -> None:
        metadata = self.raw.metadata
        if not self.architecture:
            raise self.fail("the header names no architecture.", DAMAGED)
        if metadata.get("split.count", 0) not in (0, 1):
            raise self.fail(
                "this is one part of a model split over several files.",
                "Join them with llama.cpp: llama-gguf-split --merge FIRST-PART OUT.gguf",
            )
        kind = self.text("general.type")
        if kind not in ("", "model"):
            raise self.fail(f"this file holds a {visible_line(kind, 40)}, not a language model.")
        if not self.raw.tensors:
            raise self.fail("the file holds a vocabulary but no weights.", "Download the whole model.")

    def check_architecture(self) -> None:
        """Refuse what does not write text, and what this llama.cpp does not know."""
        name = self.architecture
        if name in NO_TEXT:
            raise self.fail("this file holds a model for images or sound, not for text.")
        if name in DRAFTS:
            raise self.fail("this model only drafts tokens for another one.")
        reads_only = name in ENCODER_ONLY or self.own("attention.causal") is False
        if reads_only or self.number("pooling_type"):
            raise self.fail(
                "this model only reads text (an encoder or embedding model) and cannot write any."
            )
        if name in NOT_LEFT_TO_RIGHT:
            raise self.fail("this model does not write from left to right (diffusion) and is not supported.")
        if not supported(name):
            raise self.fail(
                f"the installed llama.cpp does not know the architecture '{visible_line(name, 40)}'.",
                "A newer Quorum may, or choose another model file.",
            )

    def check_tokens(self) -> int:
        metadata = self.raw.metadata
        tokens = metadata.get("tokenizer.ggml.tokens")
        if not self.text("tokenizer.ggml.model") or not isinstance(tokens, list) or not tokens:
            raise self.fail("the file has no tokenizer.", "Get a complete GGUF conversion of the model.")
        size = len(tokens)
        if size > MAX_VOCABULARY:
            raise self.fail(f"a vocabulary of {size:,} tokens is not plausible.", DAMAGED)
        named = [token for token in tokens if token != ""]  # llama.cpp renames empty ones itself
        if len(set(named)) != len(named):
            raise self.fail("a token appears twice in its vocabulary; llama.cpp cannot load such a file.")
        for table in ("scores", "token_type"):
            entries = metadata.get(f"tokenizer.ggml.{table}")
            if isinstance(entries, list) and len(entries) < size:
                raise self.fail(f"its table of token {table} is shorter than the vocabulary.", DAMAGED)
        for role in ("bos", "eos", "eot"):
            token = metadata.get(f"tokenizer.ggml.{role}_token_id")
            if type(token) is int and token != 2**32 - 1 and not 0 <= token < size:
                raise self.fail(f"its {role} token {token:,} lies outside the vocabulary.", DAMAGED)
        begin = metadata.get("tokenizer.ggml.bos_token_id")
        has_begin = type(begin) is int and 0 <= begin < size
        if metadata.get("tokenizer.ggml.add_bos_token") is True and not has_begin and self.no_own_begin():
            raise self.fail("it asks for a begin token in front of every text and names none.", DAMAGED)
        if self.text("tokenizer.ggml.model") == "llama":
            self.check_bytes(frozenset(tokens))
        return size

    def no_own_begin(self) -> bool:
        """Whether llama.cpp knows no begin token for this tokenizer, and ends where one is asked for."""
        return self.text("tokenizer.ggml.model") in NO_OWN_BEGIN or (
            self.text("tokenizer.ggml.pre") in NO_OWN_BEGIN_SPLITS
        )

    def check_bytes(self, tokens: frozenset[Value]) -> None:
        """Refuse a vocabulary that spells only some bytes: llama.cpp ends at the first text with another."""
        missing = [byte for byte in range(256) if f"<0x{byte:02X}>" not in tokens]
        missing = [byte for byte in missing if byte > 127 or chr(byte) not in tokens]
        if 0 < len(missing) < 128:
            raise self.fail(f"its vocabulary has no token for {len(missing)} of the 256 bytes.", DAMAGED)

    def check_experts(self, layers: int) -> None:
        """Refuse counts that contradict each other; llama.cpp ends on them."""
        experts = self.count("expert_count", MAX_EXPERTS, default=0, least=0)
        used = self.count("expert_used_count", MAX_EXPERTS, default=0, least=0)
        groups, groups_used = self.number("expert_group_count"), self.number("expert_group_used_count")
        fits = bool(used) == bool(experts) and used <= experts and groups <= max(experts - 1, 0)
        if groups > 1:
            fits = fits and experts % groups == 0 and 0 < groups_used < groups
        if not fits and not self.architecture.startswith("hunyuan"):
            raise self.fail(
                f"{used:,} of {experts:,} experts in {groups:,} groups is not plausible.", DAMAGED
            )
        if (extra := self.number("nextn_predict_layers")) >= layers:
            raise self.fail(f"{extra:,} prediction layers of {layers:,} are not plausible.", DAMAGED)

    def check_epsilons(self) -> None:
        for key in ("attention.layer_norm_rms_epsilon", "attention.layer_norm_epsilon"):
            value = self.own(key)
            if isinstance(value, float) and not (math.isfinite(value) and 0 <= value < 1):
                raise self.fail(f"a {key} of {value!r} is not plausible.", DAMAGED)

    def quantisation(self) -> str:
        """Name the file type; without one, the type most weights have."""
        number = self.raw.metadata.get("general.file_type")
        if type(number) is int and number % 1024 in _FILE_TYPES:  # 1024 marks a guessed type
            return _FILE_TYPES[number % 1024]
        weights: dict[int, int] = {}
        for tensor in self.raw.tensors:
            weights[tensor.type] = weights.get(tensor.type, 0) + tensor.elements
        largest = max(weights, key=weights.__getitem__)
        return _TENSOR_TYPES.get(largest, f"type {largest}")

    def attends(self, layers: int) -> list[bool] | None:
        """Say for each layer whether it has attention, a recurrent state otherwise; None if all have both.

        These are the rules of `is_recr_impl` in llama.cpp's files of the architectures (src/models).
        """
        if self.architecture == "falcon-h1":
            return None
        listed = self.own("attention.recurrent_layers")
        if isinstance(listed, list) and len(listed) == layers:
            return [not recurrent for recurrent in listed]
        heads = self.own("attention.head_count_kv")
        if isinstance(heads, list) and len(heads) == layers:
            return [bool(count) for count in heads]
        interval = self.number("full_attention_interval") or INTERVALS.get(self.architecture, 1)
        return [self.architecture not in RECURRENT and (layer + 1) % interval == 0 for layer in range(layers)]

    def kept_heads(self, layers: int, kv_heads: int) -> int:
        """Sum the key/value heads over the layers; models that mix layer kinds list them per layer."""
        value = self.own("attention.head_count_kv")
        if isinstance(value, list):
            return sum(entry for entry in value if type(entry) is int and entry > 0)
        decoder_layers = self.own("decoder_block_count")
        if type(decoder_layers) is int and 0 < decoder_layers <= MAX_LAYERS:
            return decoder_layers * kv_heads
        attends = self.attends(layers)
        return kv_heads * (layers if attends is None else sum(attends))

    def state_bytes(self, layers: int, heads: int, key_length: int) -> int:
        """Return the recurrent state of one sequence (32-bit floats), of the layers that keep one.

        The sizes are those of `n_embd_r` and `n_embd_s` in llama.cpp's llama-hparams.cpp.
        """
        attends = self.attends(layers)
        recurrent = layers if attends is None else attends.count(False)
        width = self.number("embedding_length")
        taps = max((self.number("ssm.conv_kernel") or 1) - 1, 0)
        if convolution := self.number("shortconv.l_cache"):
            values = (convolution - 1) * width
        elif head := self.number("wkv.head_size"):
            values = (self.number("token_shift_count") or 2) * width + width * head
        elif head := self.number("kda.head_dim"):
            values = 3 * (taps or 3) * heads * head + head * head * heads
        elif self.architecture == "minimax-01":
            values = key_length * key_length * heads
        else:
            inner, state = self.number("ssm.inner_size"), self.number("ssm.state_size")
            values = taps * (inner + 2 * self.number("ssm.group_count") * state) + state * inner
        return recurrent * 4 * values

    def feed_forward(self) -> int:
        dense = self.count("feed_forward_length", MAX_WIDTH, default=0, least=0)
        return max(dense, self.number("expert_feed_forward_length") * self.number("expert_used_count"))

    def tensor_bytes(self, name: str) -> int:
        return next((tensor.bytes or 0 for tensor in self.raw.tensors if tensor.name == name), 0)

    def number(self, key: str) -> int:
        """Return an integer of this architecture, 0 where there is none."""
        value = self.own(key)
        return value if type(value) is int and value > 0 else 0


def file_version(path: Path) -> tuple[int, int]:
    """Return what distinguishes two versions of a file at no cost: size and time of change."""
    try:
        facts = path.stat()
    except OSError:
        return (0, 0)
    return (facts.st_size, facts.st_mtime_ns)


def _digest(file: BinaryIO, size: int, tell: Callable[[float], None]) -> str:
    """Return the SHA-256 of what is left of a file, and tell the share of its `size` (bytes) read so far."""
    digest, read = hashlib.sha256(), 0
    while block := file.read(HASHED_AT_ONCE):
        digest.update(block)
        read += len(block)
        tell(min(read / size, 1.0))
    return digest.hexdigest()


def fingerprint(
    path: Path, cache: Path | None = None, tell: Callable[[float], None] = lambda _share: None
) -> str:
    """Return the SHA-256 of a file as hex, remembered by path, size and time of change.

    `cache` is the JSON file that remembers (default: the user's cache folder). An unreadable or unwritable
    cache only costs time. `tell` hears the share that was read, from 0 to 1, where it must be read. Raises
    ModelError when the file cannot be read.
    """
    path = Path(path).expanduser().resolve()
    cache = cache or platformdirs.user_cache_path("quorum") / "fingerprints.json"
    try:
        with path.open("rb") as file:
            version = list(file_version(path))
            entry = recall(cache, str(path))
            if isinstance(entry, list) and entry[:2] == version and len(entry) == 3:
                return str(entry[2])
            digest = _digest(file, max(version[0], 1), tell)
    except OSError as error:
        raise ModelError(f"{path} cannot be read: {error.strerror or error}.") from None
    remember(cache, str(path), [*version, digest])
    return digest
