"""Turn requests into the tokens a model is asked with, and say why one cannot be asked. Worker side."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable, Sequence
from itertools import takewhile

from app.engine.request import LONGEST_REASON, Completion, Message, Request
from app.engine.worker.generation import tokens_wanted
from app.engine.worker.loading import LoadedModel, Vocabulary
from app.engine.worker.template import TemplateFailed

_KNOWN_PREFIXES = 64
_OTHER_QUESTION = "?"


class ItemRefused(Exception):
    """This request cannot be asked; the text says why. Others are not affected."""


class PromptTooLong(ItemRefused):
    """The prompt does not fit into the context."""


def prompt_tokens(vocabulary: Vocabulary, request: Request) -> list[int]:
    """Return the tokens of a request's prompt, of any length; raises ItemRefused."""
    try:
        if request.messages is not None:
            return _chat(vocabulary, request.messages)
        text = request.prefix + request.tail
        return vocabulary.vocab.prompt(text, open_ended=not vocabulary.encodes)
    except ValueError as error:
        raise ItemRefused(str(error)) from None


def tokens_needed(vocabulary: Vocabulary, request: Request) -> int:
    """Return the tokens that a request takes of a context at most; 0 for one that cannot be asked.

    Those are its prompt and its answer, thinking included. An encoder's context holds the prompt alone.
    """
    try:
        prompt = len(prompt_tokens(vocabulary, request))
    except ItemRefused:
        return 0
    thinking = vocabulary.template.thinking if vocabulary.template else None
    return prompt + (0 if vocabulary.encodes else tokens_wanted(thinking, request))


def _chat(vocabulary: Vocabulary, messages: Sequence[Message]) -> list[int]:
    if vocabulary.template is None:
        raise ItemRefused("This model has no chat template.")
    try:
        return vocabulary.vocab.chat_prompt(vocabulary.template, messages)
    except TemplateFailed as error:
        raise ItemRefused(f"The model's chat template does not take this: {error}") from None


class Prompter:
    """Makes prompts for one model; remembers the tokens of shared prefixes."""

    def __init__(self, loaded: LoadedModel) -> None:
        self._loaded = loaded
        self._vocabulary = Vocabulary(loaded.vocab, loaded.template, loaded.encodes)
        self._known: OrderedDict[Hashable, list[int]] = OrderedDict()

    def tokens(self, request: Request) -> tuple[list[int], int]:
        """Return the prompt's tokens and how many of them, in front, other requests share.

        The shared part is what the prefix alone and the whole prompt have in common, so it never changes
        how the prompt is cut into tokens, and it leaves at least one token to compute. Chats share what comes
        before the last message: the template's own words, a system text, worked examples. Raises ItemRefused.
        """
        self._check_length(request)
        tokens = self._fitting(prompt_tokens(self._vocabulary, request))
        if request.messages is not None:
            return tokens, self._shared_by_chats(request.messages, tokens)
        return tokens, self._shared(request.prefix, tokens)

    def _check_length(self, request: Request) -> None:
        if request.surely_exceeds(self._loaded.context_length):
            raise PromptTooLong(self._too_long(f"{request.characters:,} characters"))

    def _fitting(self, tokens: list[int]) -> list[int]:
        if not tokens:
            raise ItemRefused("The prompt is empty.")
        if len(tokens) > self._room:
            raise PromptTooLong(self._too_long(f"{len(tokens):,} tokens"))
        return tokens

    @property
    def _room(self) -> int:
        """The longest prompt: a decoder's context also holds one token of the answer at least."""
        return self._loaded.context_length - (not self._loaded.encodes)

    def _too_long(self, length: str) -> str:
        """Say how long a prompt is, how long it may be, and what makes room for it."""
        context, trained = self._loaded.context_length, self._loaded.header.context_length
        held = f"The prompt has {length}; a context of {context:,} tokens has room for {self._room:,}."
        if context < trained:
            return f"{held} The model was trained for {trained:,}: a larger --context makes room."
        return f"{held} The model was trained for no more: shorten the text, or ask another model."

    def _shared(self, prefix: str, tokens: list[int]) -> int:
        if not prefix:
            return 0
        alone = self._remembered(prefix, lambda: self._loaded.vocab.prompt(prefix, open_ended=True))
        return _common(alone, tokens)

    def _shared_by_chats(self, messages: tuple[Message, ...], tokens: list[int]) -> int:
        """Compare with the same chat that ends in another question; the first of its kind shares nothing.

        What no second chat begins with is not worth being kept. Where a text is to depend on its request
        alone, the first one is cut like the others.
        """
        if not messages:
            return 0
        asked = (*messages[:-1], Message(messages[-1].role, _OTHER_QUESTION))
        known = asked in self._known
        try:
            common = _common(self._remembered(asked, lambda: _chat(self._vocabulary, asked)), tokens)
        except ItemRefused:
            return 0
        return common if known or self._loaded.exact else 0

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


def refusal(request: Request, reason: ItemRefused) -> Completion:
    """Return the completion of a request that was not asked."""
    too_long = isinstance(reason, PromptTooLong)
    why = str(reason)[:LONGEST_REASON]
    return Completion(request.id, "", "error", 0, 0, 0.0, error=why, too_long=too_long)
