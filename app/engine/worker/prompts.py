"""Turn requests into the tokens a model is asked with, and say why one cannot be asked. Worker side."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable, Sequence
from itertools import takewhile

from app.engine.request import Completion, Message, Request
from app.engine.worker.loading import LoadedModel
from app.engine.worker.template import TemplateFailed

_KNOWN_PREFIXES = 64
_OTHER_QUESTION = "?"
_LONGEST_TOKEN = 512  # characters; spares the work of cutting a text that cannot fit into tokens


class ItemRefused(Exception):
    """This request cannot be asked; the text says why. Others are not affected."""


class Prompter:
    """Makes prompts for one model; remembers the tokens of shared prefixes."""

    def __init__(self, loaded: LoadedModel) -> None:
        self._loaded = loaded
        self._known: OrderedDict[Hashable, list[int]] = OrderedDict()

    def tokens(self, request: Request) -> tuple[list[int], int]:
        """Return the prompt's tokens and how many of them, in front, other requests share.

        The shared part is what the prefix alone and the whole prompt have in common, so it never changes
        how the prompt is cut into tokens, and it leaves at least one token to compute. Chats share what comes
        before the last message: the template's own words, a system text, worked examples. Raises ItemRefused.
        """
        self._check_length(request)
        try:
            if request.messages is not None:
                tokens = self._fitting(self._chat(request.messages))
                return tokens, self._shared_by_chats(request.messages, tokens)
            open_ended = not self._loaded.encodes
            tokens = self._loaded.vocab.prompt(request.prefix + request.tail, open_ended=open_ended)
        except ValueError as error:
            raise ItemRefused(str(error)) from None
        return self._fitting(tokens), self._shared(request.prefix, tokens)

    def _check_length(self, request: Request) -> None:
        texts = [message.content for message in request.messages or ()] + [request.prefix, request.tail]
        length = sum(map(len, texts))
        if length > _LONGEST_TOKEN * self._loaded.context_length + 4096:
            raise ItemRefused(
                f"The prompt has {length:,} characters; this model can take "
                f"{self._loaded.context_length:,} tokens."
            )

    def _chat(self, messages: Sequence[Message]) -> list[int]:
        if self._loaded.template is None:
            raise ItemRefused("This model has no chat template.")
        try:
            return self._loaded.vocab.chat_prompt(self._loaded.template, messages)
        except TemplateFailed as error:
            raise ItemRefused(f"The model's chat template does not take this: {error}") from None

    def _fitting(self, tokens: list[int]) -> list[int]:
        if not tokens:
            raise ItemRefused("The prompt is empty.")
        room = self._loaded.context_length
        if not self._loaded.encodes:
            room -= 1  # one token of answer at least
        if len(tokens) > room:
            raise ItemRefused(f"The prompt has {len(tokens):,} tokens; this model can take {room:,}.")
        return tokens

    def _shared(self, prefix: str, tokens: list[int]) -> int:
        if not prefix:
            return 0
        alone = self._remembered(prefix, lambda: self._loaded.vocab.prompt(prefix, open_ended=True))
        return _common(alone, tokens)

    def _shared_by_chats(self, messages: tuple[Message, ...], tokens: list[int]) -> int:
        """Compare with the same chat that ends in another question; the first of its kind shares nothing.

        What no second chat begins with is not worth being kept.
        """
        if not messages:
            return 0
        asked = (*messages[:-1], Message(messages[-1].role, _OTHER_QUESTION))
        known = asked in self._known
        try:
            common = _common(self._remembered(asked, lambda: self._chat(asked)), tokens)
        except ItemRefused:
            return 0
        return common if known else 0

    def _remembered(self, key: Hashable, make: Callable[[], list[int]]) -> list[int]:
        """Return the tokens under `key`; of 64 those that were not asked for longest are made again."""
        known = self._known.pop(key, None) or make()
        self._known[key] = known
        if len(self._known) > _KNOWN_PREFIXES:
            self._known.popitem(last=False)
        return known


def _common(other: Sequence[int], tokens: Sequence[int]) -> int:
    """Count the tokens both begin with, all but the last of `tokens` at most."""
    same = takewhile(lambda pair: pair[0] == pair[1], zip(other, tokens, strict=False))
    return min(sum(1 for _ in same), len(tokens) - 1)


def refusal(request: Request, reason: str) -> Completion:
    """Return the completion of a request that was not asked."""
    return Completion(request.id, "", "error", prompt_tokens=0, tokens=0, seconds=0.0, error=reason)
