"""Choose the next token from a row of logits. Worker side.

Greedy without penalties is an argmax in numpy, far cheaper than llama.cpp's greedy sampler on a large
vocabulary. Everything else is a llama.cpp chain, one per request, with top_k first: the cuts after it
then look at k candidates and not at the whole vocabulary.
"""

from __future__ import annotations

import ctypes
from dataclasses import dataclass

import llama_cpp
import numpy as np
import numpy.typing as npt

from app.engine.request import SEED_LIMIT, Sampling
from app.engine.worker.vocab import Vocab

Row = npt.NDArray[np.float32]


class NotANumber(Exception):
    """The model computed logits that are not numbers: its weights are damaged or out of range."""


@dataclass(slots=True)
class Picker:
    """Picks tokens for one request; `close` when done. `chain` is None for plain greedy."""

    vocab: Vocab
    sampling: Sampling
    chain: llama_cpp.llama_sampler_p | None
    picked: int = 0

    def pick(self, context: llama_cpp.llama_context_p, index: int) -> int:
        """Return the next token from the logits of batch entry `index` of the last decode call."""
        row = logits_row(context, index, self.vocab.size)
        if self.picked < self.sampling.min_new_tokens:
            row[self.vocab.end_ids] = -np.inf
        self.picked += 1
        if self.chain is None:
            token = int(row.argmax())
        else:
            token = int(llama_cpp.llama_sampler_sample(self.chain, context, index))
        if not 0 <= token < self.vocab.size or not np.isfinite(row[token]):
            raise NotANumber("the model computes values that are not numbers")
        return token

    def close(self) -> None:
        """Free the chain."""
        if self.chain is not None:
            llama_cpp.llama_sampler_free(self.chain)
            self.chain = None


def make_picker(vocab: Vocab, sampling: Sampling, seed: int) -> Picker:
    """Build the picker of one request; `seed` 0 and llama.cpp's "draw one" value are moved into 1 … limit."""
    greedy = sampling.temperature <= 0
    penalises = (
        sampling.repeat_penalty != 1 or sampling.presence_penalty != 0 or sampling.frequency_penalty != 0
    )
    if greedy and not penalises:
        return Picker(vocab, sampling, None)
    chain = llama_cpp.llama_sampler_chain_init(llama_cpp.llama_sampler_chain_default_params())
    if penalises:
        window = max(sampling.max_new_tokens, 1)  # the chain sees generated tokens only
        _add(
            chain,
            llama_cpp.llama_sampler_init_penalties(
                vocab.size,
                window,
                sampling.repeat_penalty,
                sampling.frequency_penalty,
                sampling.presence_penalty,
            ),
        )
    if greedy:
        _add(chain, llama_cpp.llama_sampler_init_greedy())
        return Picker(vocab, sampling, chain)
    if sampling.top_k > 0:
        _add(chain, llama_cpp.llama_sampler_init_top_k(sampling.top_k))
    if sampling.top_p < 1:
        _add(chain, llama_cpp.llama_sampler_init_top_p(sampling.top_p, 1))
    if sampling.min_p > 0:
        _add(chain, llama_cpp.llama_sampler_init_min_p(sampling.min_p, 1))
    _add(chain, llama_cpp.llama_sampler_init_temp(sampling.temperature))
    _add(chain, llama_cpp.llama_sampler_init_dist(1 + (seed - 1) % SEED_LIMIT))
    return Picker(vocab, sampling, chain)


def _add(chain: llama_cpp.llama_sampler_p, sampler: llama_cpp.llama_sampler_p) -> None:
    """Append a sampler to a chain; a missing one would crash the process at the first token."""
    if not sampler:
        raise ValueError("llama.cpp refuses a sampler with these values")
    llama_cpp.llama_sampler_chain_add(chain, sampler)


def logits_row(context: llama_cpp.llama_context_p, index: int, size: int) -> Row:
    """Return a view (no copy) of `size` logits of a batch entry; valid until the next decode call."""
    pointer = llama_cpp.llama_get_logits_ith(context, index)
    if not pointer:
        raise NotANumber("llama.cpp computed nothing for this place of the batch")
    address = ctypes.addressof(pointer.contents)
    return np.frombuffer(memoryview((ctypes.c_float * size).from_address(address)), dtype=np.float32)
