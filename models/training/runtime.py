"""Plain greedy answering with llama.cpp, one request at a time; enough to measure the packed models.

`answer_all` is the only door to a model here, so that another engine can take its place.
"""

from __future__ import annotations

import ctypes
from collections.abc import Sequence
from pathlib import Path

import jinja2
import llama_cpp
import numpy as np

LONGEST_ANSWER = 96
STOP = b"|EoS|"


class Model:
    """A GGUF file opened with its full context; decoders and encoder-decoders answer in the same way."""

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
        self.start = llama_cpp.llama_model_decoder_start_token(self.model)
        template = llama_cpp.llama_model_chat_template(self.model, None)
        self.template = jinja2.Environment().from_string(template.decode()) if template else None

    def close(self) -> None:
        """Free the model."""
        llama_cpp.llama_free(self.context)
        llama_cpp.llama_model_free(self.model)

    def prompt(self, request: str) -> str:
        """Put a request into the model's chat template, if it has one."""
        if self.template is None:
            return request
        messages = [{"role": "user", "content": request}]
        return self.template.render(messages=messages, add_generation_prompt=True)

    def tokens(self, text: str) -> list[int]:
        """Cut a text, with the special tokens the file asks for."""
        raw = text.encode()
        found = (ctypes.c_int32 * (len(raw) + 8))()
        count = llama_cpp.llama_tokenize(self.vocab, raw, len(raw), found, len(found), True, True)
        return list(found[:count])

    def piece(self, token: int) -> bytes:
        """Return the text of a token."""
        buffer = ctypes.create_string_buffer(64)
        length = llama_cpp.llama_token_to_piece(self.vocab, token, buffer, 64, 0, False)
        return buffer.raw[:length]

    def begin(self, tokens: Sequence[int]) -> int | None:
        """Read the prompt; returns the decoder's first token where the prompt went to an encoder."""
        llama_cpp.llama_memory_clear(self.memory, True)
        self.run(tokens, encode=self.encodes)
        return self.start if self.encodes else None

    def run(self, tokens: Sequence[int], encode: bool = False) -> None:
        """Feed tokens to the encoder or to the decoder."""
        array = (ctypes.c_int32 * len(tokens))(*tokens)
        step = llama_cpp.llama_encode if encode else llama_cpp.llama_decode
        code = step(self.context, llama_cpp.llama_batch_get_one(array, len(tokens)))
        if code != 0:
            raise RuntimeError(f"llama.cpp returned {code} for {len(tokens)} tokens")

    def scores(self) -> np.ndarray:
        """Return the scores of the next token."""
        return np.ctypeslib.as_array(
            llama_cpp.llama_get_logits_ith(self.context, -1), shape=(self.size,)
        ).copy()

    def answer(self, request: str) -> str:
        """Return the greedy answer; empty when the request is longer than the context."""
        tokens = self.tokens(self.prompt(request))
        if len(tokens) >= self.longest:
            return ""
        token = self.begin(tokens)
        text = b""
        for _ in range(min(LONGEST_ANSWER, self.longest - len(tokens))):
            if token is not None:
                self.run([token])
            token = int(self.scores().argmax())
            if llama_cpp.llama_vocab_is_eog(self.vocab, token):
                break
            text += self.piece(token)
            if STOP in text:
                break
        return text.split(STOP)[0].decode(errors="replace").strip()


@llama_cpp.llama_log_callback  # type: ignore[untyped-decorator]
def _SILENT(level: int, text: bytes, data: object) -> None:
    """Drop llama.cpp's log lines."""


def answer_all(path: Path, requests: Sequence[str]) -> list[str]:
    """Answer every request greedily.

    A request is a whole prompt for a `llama` model, and what the user says for `gpt2` and `t5` models.
    """
    model = Model(path)
    try:
        return [model.answer(request) for request in requests]
    finally:
        model.close()
