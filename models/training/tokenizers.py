"""Three tokenizers, one per network, trained on the world so that its words are mostly single tokens.

`python -m models.training.tokenizers` writes them to `build/training/`. Needs the training extras.
"""

from __future__ import annotations

import io
import math
import random
import re
import string
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import sentencepiece
import tokenizers as hf
from sentencepiece import sentencepiece_model_pb2

from . import documents, world

BUILD = Path("build/training")
WRITER_SIZE, CHAT_SIZE, T5_SIZE, T5_PARTS = 3072, 3072, 3072, 1200
SAMPLES = 120_000

QWEN2 = (
    r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}"
    r"| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"
)
"""The pattern of llama.cpp's pre-tokenizer `qwen2`: single digits, words with the space before them."""

PAD, USER, ASSISTANT, END = "<|pad|>", "<|user|>", "<|assistant|>", "<|end|>"
CHARACTERS = string.ascii_letters + string.digits + string.punctuation + "’‘“”–—…é"
SPM: dict[str, Any] = {
    "split_digits": True,
    "minloglevel": 2,
    "character_coverage": 1.0,
    "num_threads": 1,
    "max_sentence_length": 16000,
}


def sentences(rng: random.Random) -> Iterator[str]:
    """Yield lines of the world, and general words so that unknown requests do not fall apart into letters."""
    for number in range(SAMPLES):
        item = documents.conversation(rng)
        yield from (text for text in (item.instruction, item.input, item.output) if text)
        if number % 25 == 0:
            yield " ".join(rng.sample(world.STRAY_WORDS, 12))


def train_writer(lines: list[str]) -> bytes:
    """Train the SPM-BPE tokenizer: no space in front of a text, bytes for unknown characters."""
    model = io.BytesIO()
    headers = [
        *documents.LIST_HEADERS.values(),
        *documents.BLOCK_HEADERS.values(),
        "instruction: input: output:",
    ]
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter([f" {line}" for line in lines] + headers * 2000),
        model_writer=model,
        model_type="bpe",
        vocab_size=WRITER_SIZE,
        byte_fallback=True,
        add_dummy_prefix=False,
        remove_extra_whitespaces=False,
        normalization_rule_name="identity",
        user_defined_symbols=[documents.END],
        **SPM,
    )
    return model.getvalue()


def train_t5(lines: list[str]) -> bytes:
    """Train the unigram tokenizer: pad 0, end 1, unknown 2; newline and tab become a space.

    Training gives the parts of words only; the most frequent words are then added whole, because the
    trainer's pruning drops even words like "and" whose parts are cheap.
    """
    trained = io.BytesIO()
    rules = BUILD / "newline.tsv"
    rules.write_text("A\t20\n9\t20\n")
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter(lines),
        model_writer=trained,
        model_type="unigram",
        vocab_size=T5_PARTS,
        pad_id=0,
        eos_id=1,
        unk_id=2,
        bos_id=-1,
        required_chars=CHARACTERS,
        normalization_rule_tsv=str(rules),
        **SPM,
    )
    model = sentencepiece_model_pb2.ModelProto()
    model.ParseFromString(trained.getvalue())
    known = {piece.piece for piece in model.pieces}
    counts = Counter(f"▁{word}" for line in lines for word in re.findall(r"(?<!\S)[A-Za-z]{2,}", line))
    total = sum(counts.values())
    for piece, count in counts.most_common():
        if len(model.pieces) == T5_SIZE:
            break
        if piece not in known:
            model.pieces.add(piece=piece, score=math.log(count / total))
    return bytes(model.SerializeToString())


def train_chat(lines: list[str]) -> hf.Tokenizer:
    """Train the byte-BPE tokenizer of the chat model."""
    tokenizer = hf.Tokenizer(hf.models.BPE())
    tokenizer.pre_tokenizer = hf.pre_tokenizers.Sequence(
        [
            hf.pre_tokenizers.Split(hf.Regex(QWEN2), "isolated"),
            hf.pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False),
        ]
    )
    tokenizer.decoder = hf.decoders.ByteLevel()
    trainer = hf.trainers.BpeTrainer(
        vocab_size=CHAT_SIZE,
        special_tokens=[PAD, USER, ASSISTANT, END],
        initial_alphabet=hf.pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    tokenizer.train_from_iterator((f" {line}" for line in lines), trainer)
    return tokenizer


def load_spm(name: str) -> sentencepiece.SentencePieceProcessor:
    """Load the tokenizer of `writer` or `t5`."""
    return sentencepiece.SentencePieceProcessor(model_file=str(BUILD / f"{name}.model"))


def load_chat() -> hf.Tokenizer:
    """Load the tokenizer of `chat`."""
    return hf.Tokenizer.from_file(str(BUILD / "chat.json"))


def main() -> None:
    """Train all three and report how many words of the world are single tokens."""
    BUILD.mkdir(parents=True, exist_ok=True)
    lines = list(sentences(random.Random(1)))
    (BUILD / "writer.model").write_bytes(train_writer(lines))
    (BUILD / "t5.model").write_bytes(train_t5(lines))
    train_chat(lines).save(str(BUILD / "chat.json"))
    sample = lines[:40_000]
    words = sum(len(line.split()) for line in sample)
    writer, t5, chat = load_spm("writer"), load_spm("t5"), load_chat()
    for name, size, count in (
        ("writer", writer.vocab_size(), sum(len(writer.encode(f" {line}")) for line in sample)),
        ("chat", chat.get_vocab_size(), sum(len(chat.encode(f" {line}").ids) for line in sample)),
        ("t5", t5.vocab_size(), sum(len(t5.encode(line)) for line in sample)),
    ):
        print(f"{name}: {size} tokens, {count / words:.2f} tokens per word")
    distinct = len({word for line in sample for word in line.split()})
    print(f"{len(world.FAMILIES)} families, {distinct} distinct words")


if __name__ == "__main__":
    main()
