"""A llama.cpp batch over numpy arrays of our own, filled token by token. Worker side."""

from __future__ import annotations

import ctypes
from collections.abc import Sequence

import llama_cpp
import numpy as np

POINTER = ctypes.sizeof(ctypes.c_void_p)


class Batch:
    """Room for `capacity` tokens. llama.cpp aborts on more than its n_batch, so `room` must be respected."""

    def __init__(self, capacity: int) -> None:
        self.capacity = capacity
        self.used = 0
        self._tokens = np.zeros(capacity, np.int32)
        self._positions = np.zeros(capacity, np.int32)
        self._sequences = np.zeros(capacity, np.int32)
        self._outputs = np.zeros(capacity, np.int8)
        self._counts = np.ones(capacity, np.int32)
        # One pointer per token to the list of its sequences, which here has one entry.
        start = self._sequences.ctypes.data
        self._lists = np.arange(start, start + 4 * capacity, 4, dtype=np.uint64)

    @property
    def room(self) -> int:
        """How many tokens still fit."""
        return self.capacity - self.used

    def clear(self) -> None:
        """Empty the batch."""
        self.used = 0

    def add(self, tokens: Sequence[int], position: int, sequence: int, *, output: bool) -> int:
        """Append consecutive tokens of one sequence, the first at `position`; return the last one's index.

        With `output`, logits are computed for the last token.
        """
        start, end = self.used, self.used + len(tokens)
        if end > self.capacity:
            raise ValueError(f"{len(tokens)} tokens do not fit into a batch with room for {self.room}")
        self._tokens[start:end] = tokens
        self._positions[start:end] = np.arange(position, position + len(tokens))
        self._sequences[start:end] = sequence
        self._outputs[start:end] = 0
        self._outputs[end - 1] = output
        self.used = end
        return end - 1

    def native(self) -> llama_cpp.llama_batch:
        """Return the structure llama.cpp reads; valid until the batch changes."""

        def pointer(array: np.ndarray, kind: type) -> ctypes._Pointer:  # type: ignore[type-arg]
            return ctypes.cast(array.ctypes.data, ctypes.POINTER(kind))

        return llama_cpp.llama_batch(
            n_tokens=self.used,
            token=pointer(self._tokens, llama_cpp.llama_token),
            embd=None,
            pos=pointer(self._positions, llama_cpp.llama_pos),
            n_seq_id=pointer(self._counts, ctypes.c_int32),
            seq_id=pointer(self._lists, ctypes.POINTER(llama_cpp.llama_seq_id)),
            logits=pointer(self._outputs, ctypes.c_int8),
        )
