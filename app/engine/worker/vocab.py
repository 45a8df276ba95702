"""Text to tokens and back, over llama.cpp's own functions. Worker side.

`llama_cpp`'s wrapper for pieces loses every token longer than 32 bytes (it ignores the negative "too small"
answer), so the buffers here grow and ask again.
"""

from __future__ import annotations

import codecs
import ctypes
import re
import secrets
from collections.abc import Callable, Sequence

import llama_cpp
import numpy as np
import numpy.typing as npt

from app.engine.request import Message
from app.engine.worker.template import ChatTemplate
from app.engine.worker.thinking import Follower, Markers

# What llama.cpp writes for a letter that its table of bytes lacks (llama_decode_text, llama-vocab.cpp).
_UNKNOWN_LETTER = b"[UNK_BYTE_0x"
_HIDDEN_IN_TEXT = llama_cpp.LLAMA_TOKEN_ATTR_CONTROL | llama_cpp.LLAMA_TOKEN_ATTR_UNKNOWN


def read_grown(fill: Callable[[ctypes.Array[ctypes.c_char], int], int], size: int = 64) -> bytes:
    """Call `fill(buffer, size)` until the answer fits; a negative result is minus the size it needs."""
    while True:
        buffer = ctypes.create_string_buffer(size)
        length = fill(buffer, size)
        if length >= 0:
            return buffer.raw[:length]
        if -length <= size:
            raise ValueError(f"llama.cpp asks for {-length} bytes and does not take {size}")
        size = -length


class Vocab:
    """The vocabulary of a loaded model; `model` must outlive it."""

    def __init__(self, model: llama_cpp.llama_model_p) -> None:
        self._vocab = llama_cpp.llama_model_get_vocab(model)
        self.size: int = llama_cpp.llama_vocab_n_tokens(self._vocab)
        self.bos: int = llama_cpp.llama_vocab_bos(self._vocab)
        self.eos: int = llama_cpp.llama_vocab_eos(self._vocab)
        self._adds_bos = bool(llama_cpp.llama_vocab_get_add_bos(self._vocab))
        self._adds_eos = bool(llama_cpp.llama_vocab_get_add_eos(self._vocab))
        self._pieces: dict[int, bytes] = {}
        ends = [token for token in range(self.size) if llama_cpp.llama_vocab_is_eog(self._vocab, token)]
        self.ends = frozenset(ends)
        self.end_ids: npt.NDArray[np.int64] = np.array(ends, dtype=np.int64)
        self._commands = self._command_pattern()

    def _command_pattern(self) -> re.Pattern[str] | None:
        """Match the texts that become control tokens when special tokens are read from text."""
        texts = set()
        for token in range(self.size):
            if llama_cpp.llama_vocab_get_attr(self._vocab, token) & _HIDDEN_IN_TEXT:
                texts.add(self.text_of(token))
        texts.discard("")
        ordered = sorted(texts, key=len, reverse=True)
        return re.compile("|".join(re.escape(text) for text in ordered)) if ordered else None

    def text_of(self, token: int) -> str:
        """Return the name of a token in the vocabulary; empty for -1."""
        if not 0 <= token < self.size:
            return ""
        raw: bytes | None = llama_cpp.llama_vocab_get_text(self._vocab, token)
        return (raw or b"").decode("utf-8", "replace")

    def tokenise(self, text: str, *, commands: bool = False, complete: bool = True) -> list[int]:
        """Return the tokens of `text`.

        `commands` reads control tokens such as <|im_end|> from the text; else they are plain characters.
        `complete` adds the begin and end tokens the model asks for. Lone surrogates become "?".
        """
        data = text.encode("utf-8", "replace")
        room = len(data) + 16  # enough for most; a space can take three tokens where it is written as bytes
        for _ in range(2):
            tokens = (llama_cpp.llama_token * room)()
            count = llama_cpp.llama_tokenize(self._vocab, data, len(data), tokens, room, complete, commands)
            if 0 <= count <= room:
                return list(tokens[:count])
            room = min(-count, 8 * len(data) + 16)
        raise ValueError(f"llama.cpp cannot split a text of {len(data)} bytes into tokens")

    def prompt(self, text: str, *, open_ended: bool) -> list[int]:
        """Return the tokens of a plain prompt; `open_ended` leaves out an end token the model would add."""
        tokens = self.tokenise(text)
        if open_ended and self._adds_eos and tokens and tokens[-1] == self.eos:
            tokens.pop()
        return tokens

    def chat_prompt(self, template: ChatTemplate, messages: Sequence[Message]) -> list[int]:
        """Return the tokens of a chat; control tokens come from the template, never from a message.

        Where a message spells out a control token, a placeholder goes through the template in its stead; the
        rest stays in one piece, because tokens reach across the borders between template and message.
        """
        spelled: list[str] = []
        mark = f"\ue000{secrets.token_hex(8)}\ue000"

        def hide(match: re.Match[str]) -> str:
            spelled.append(match.group())
            return f"{mark}{len(spelled) - 1}{mark}"

        if self._commands is not None:
            messages = [Message(turn.role, self._commands.sub(hide, turn.content)) for turn in messages]
        parts = re.split(f"{mark}([0-9]+){mark}", template.render(messages))
        tokens: list[int] = []
        for place, part in enumerate(parts):  # odd places hold the numbers of placeholders
            text, is_command = (part, True) if place % 2 == 0 else (spelled[int(part)], False)
            tokens += self.tokenise(text, commands=is_command, complete=False) if text else []
        if self._adds_bos and self.bos >= 0 and tokens[:1] != [self.bos]:
            tokens.insert(0, self.bos)
        return tokens

    def piece(self, token: int) -> bytes:
        """Return the bytes a token stands for; control tokens stand for none."""
        known = self._pieces.get(token)
        if known is None:
            known = read_grown(
                lambda buffer, size: llama_cpp.llama_token_to_piece(
                    self._vocab, token, buffer, size, 0, False
                )
            )
            if _UNKNOWN_LETTER in known:
                known = _bytes_of(self.text_of(token))
            self._pieces[token] = known
        return known

    def marker_pieces(self, markers: Markers) -> dict[int, bytes]:
        """Map the control tokens that markers of thinking are made of to their texts.

        Control tokens stand for no text, but without these the end of a thought could not be seen.
        """
        tokens = {
            token
            for marker in (markers.open, markers.close)
            for token in self.tokenise(marker, commands=True, complete=False)
        }
        return {token: self.text_of(token).encode() for token in tokens if not self.piece(token)}

    def detokenise(self, tokens: Sequence[int]) -> bytes:
        """Return the bytes of a sequence of generated tokens."""
        return b"".join(self.piece(token) for token in tokens)


def _bytes_of(text: str) -> bytes:
    """Return the bytes of a byte-level token by its text; letters outside the table stand for themselves."""
    return b"".join(bytes([_BYTES[letter]]) if letter in _BYTES else letter.encode() for letter in text)


def _byte_letters() -> dict[str, int]:
    """Map the letter that stands for a byte in byte-level vocabularies to the byte (GPT-2's encoder.py)."""
    printable = [*range(0x21, 0x7F), *range(0xA1, 0xAD), *range(0xAE, 0x100)]
    others = [byte for byte in range(256) if byte not in printable]
    return {chr(byte): byte for byte in printable} | {chr(256 + n): byte for n, byte in enumerate(others)}


_BYTES = _byte_letters()


class TextBuffer:
    """Collects the bytes of a completion and watches for stop strings.

    Works on bytes, because a token may hold part of a character, and a stop string may begin in the middle of
    one token and end in another. What the model thinks before it answers, which `follower` knows, may hold
    any text.
    """

    def __init__(self, stop: Sequence[str], follower: Follower | None = None) -> None:
        self._follower = follower
        self._stops = [text.encode("utf-8", "replace") for text in stop if text]
        self._longest = max(map(len, self._stops), default=0)
        self._data = bytearray()

    def add(self, piece: bytes, *, may_stop: bool = True) -> bool:
        """Append a piece; True when it completes a stop string (which is cut off with what follows).

        Where it may not stop, a stop string is text like any other.
        """
        start = max(0, len(self._data) - self._longest + 1)
        self._data += piece
        if self._follower is not None:
            self._follower.follow(self._data)
            if self._follower.inside:
                return False
            start = max(start, self._follower.answer_from)
        if not may_stop:
            return False
        places = [place for stop in self._stops if (place := self._data.find(stop, start)) >= 0]
        if not places:
            return False
        del self._data[min(places) :]
        return True

    def tail(self, octets: int) -> str:
        """Return the end of what was collected so far, of at most that many bytes; no half characters."""
        return bytes(self._data[-octets:]).decode("utf-8", "ignore")

    def text(self, *, cut: bool) -> str:
        """Return what was collected; bytes that are not a character become U+FFFD.

        Half a character at the end is dropped when generation was `cut` there, since the model did not mean
        to end so.
        """
        return codecs.getincrementaldecoder("utf-8")("replace").decode(bytes(self._data), final=not cut)
