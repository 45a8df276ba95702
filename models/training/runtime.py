"""A packed model opened with llama.cpp itself: its tokens and its scores, to compare with a checkpoint."""

from __future__ import annotations

import ctypes
from collections.abc import Sequence
from pathlib import Path

import llama_cpp
import numpy as np
from numpy.typing import NDArray


class Model:
    """A GGUF file opened with its full context; decoders and encoder-decoders are used in the same way."""

    def __init__(self, path: Path) -> None:
        llama_cpp.llama_log_set(_SILENT, ctypes.c_void_p(0))
        options = llama_cpp.llama_model_default_params()
        # llama.cpp's repacked matrices crash on processors with AMX (seen with Q8_0 and two tokens or more).
        options.use_extra_bufts = False
        self.model = llama_cpp.llama_model_load_from_file(str(path).encode(), options)
        if not self.model:
            raise RuntimeError(f"cannot load {path}")
        self.vocab = llama_cpp.llama_model_get_vocab(self.model)
        self.longest = llama_cpp.llama_model_n_ctx_train(self.model)
        self.size = llama_cpp.llama_vocab_n_tokens(self.vocab)
        settings = llama_cpp.llama_context_default_params()
        settings.n_ctx = settings.n_batch = settings.n_ubatch = self.longest
        settings.n_threads = settings.n_threads_batch = 1
        self.context = llama_cpp.llama_init_from_model(self.model, settings)
        self.memory = llama_cpp.llama_get_memory(self.context)
        self.encodes = llama_cpp.llama_model_has_encoder(self.model)

    def close(self) -> None:
        """Free the model."""
        llama_cpp.llama_free(self.context)
        llama_cpp.llama_model_free(self.model)

    def tokens(self, text: str) -> list[int]:
        """Cut a text, with the special tokens the file asks for."""
        raw = text.encode()
        ids = (ctypes.c_int32 * (len(raw) + 8))()
        count = llama_cpp.llama_tokenize(self.vocab, raw, len(raw), ids, len(ids), True, True)
        return list(ids[:count])

    def begin(self, tokens: Sequence[int]) -> None:
        """Forget what was read and read the prompt, with the encoder where the model has one."""
        llama_cpp.llama_memory_clear(self.memory, True)
        self.run(tokens, encode=self.encodes)

    def run(self, tokens: Sequence[int], encode: bool = False) -> None:
        """Feed tokens to the encoder or to the decoder."""
        array = (ctypes.c_int32 * len(tokens))(*tokens)
        step = llama_cpp.llama_encode if encode else llama_cpp.llama_decode
        code = step(self.context, llama_cpp.llama_batch_get_one(array, len(tokens)))
        if code != 0:
            raise RuntimeError(f"llama.cpp returned {code} for {len(tokens)} tokens")

    def scores(self) -> NDArray[np.float32]:
        """Return the scores of the next token."""
        return np.ctypeslib.as_array(
            llama_cpp.llama_get_logits_ith(self.context, -1), shape=(self.size,)
        ).copy()


@llama_cpp.llama_log_callback  # type: ignore[untyped-decorator]
def _SILENT(level: int, text: bytes, data: object) -> None:
    """Drop llama.cpp's log lines."""
