"""Generating with a reasoning model: its own tokens for thinking, and an answer without it.

A tiny model with control tokens for markers; what it says comes from a script, all else is the real thing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict
from pathlib import Path

import pytest

from app.engine.request import Completion, Message, Request, Sampling, completion_from_json
from app.engine.worker import generation
from app.engine.worker.decoder import Decoder
from app.engine.worker.generation import token_limit
from app.engine.worker.loading import LoadedModel
from app.engine.worker.sampling import Picker
from app.engine.worker.vocab import Vocab
from tests.engine.conftest import QUIET, load_here, run_all
from tests.engine.tiny_gguf import COMPLETE, COMPLETE_TENSORS, build, write

OPEN, CLOSE, END = 259, 260, 2
MARKERS = ["<think>", "</think>"]
PLAIN = "{% for m in messages %}{{ m.content }}{% endfor %}"
SHAPES = {
    "free": PLAIN + "{# cuts old thoughts: </think> #}",
    "opened": PLAIN + "{% if add_generation_prompt %}<think>{% endif %}{# </think> #}",
    "switched": PLAIN + "{% if enable_thinking %}<think>{% else %}<think></think>{% endif %}",
    "none": PLAIN,
}
CONTEXT = 256

Say = Callable[..., Completion]


def tiny(folder: Path, template: str, kinds: Sequence[int] = (3, 3)) -> LoadedModel:
    """Load a model of bytes with the two markers, control tokens (3) or user-defined ones (4)."""
    metadata = COMPLETE | {
        "llama.context_length": CONTEXT,
        "tokenizer.ggml.tokens": [*COMPLETE["tokenizer.ggml.tokens"], *MARKERS],
        "tokenizer.ggml.scores": [0.0] * 261,
        "tokenizer.ggml.token_type": [*COMPLETE["tokenizer.ggml.token_type"], *kinds],
        "tokenizer.chat_template": template,
    }
    tensors = [("token_embd.weight", (32, 261)), *COMPLETE_TENSORS[1:]]
    return load_here(write(folder / "tiny.gguf", build(metadata, tensors)), parallel=2)


@pytest.fixture
def loaded(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[LoadedModel]:
    found = tiny(tmp_path, SHAPES[request.param])
    yield found
    found.close()


def tokens_of(script: str) -> list[int]:
    """Cut a script into tokens: markers and the end are one, all else is bytes."""
    tokens: list[int] = []
    while script:
        named = next((name for name in (*MARKERS, "<end>") if script.startswith(name)), None)
        if named is None:
            tokens += [3 + byte for byte in script[0].encode()]
        else:
            tokens.append({"<think>": OPEN, "</think>": CLOSE, "<end>": END}[named])
        script = script.removeprefix(named or script[0])
    return tokens


@pytest.fixture
def pickers() -> list[Picker]:
    """The pickers of what was said, in order."""
    return []


@pytest.fixture
def say(monkeypatch: pytest.MonkeyPatch, pickers: list[Picker]) -> Say:
    """Have a model say a script, again and again if it goes on, and return what becomes of it."""

    def said(loaded: LoadedModel, script: str, *, chat: bool = True, **sampling) -> Completion:
        tokens = tokens_of(script)

        class Scripted(Picker):
            __slots__ = ("said",)

            def pick(self, context, index):
                self.picked += 1
                self.said = getattr(self, "said", -1) + 1
                return tokens[self.said % len(tokens)]

        def picker(vocab: Vocab, options: Sampling, _seed: int) -> Picker:
            pickers.append(Scripted(vocab, options, None))
            return pickers[-1]

        monkeypatch.setattr(generation, "make_picker", picker)
        messages = (Message("user", "Sky?"),) if chat else None
        request = Request("a", "", "" if chat else "Sky?", messages, Sampling(**sampling))
        return run_all(Decoder(loaded, QUIET), [request])["a"]

    return said


@pytest.mark.parametrize("loaded", ["free"], indirect=True)
def test_the_answer_stands_apart_from_what_was_thought(loaded: LoadedModel, say: Say) -> None:
    said = say(loaded, "<think>Red? No.</think>\n\nBlue.<end>")
    assert (said.text, said.thinking, said.ended) == ("Blue.", "Red? No.", "end")
    assert said.raw == "<think>Red? No.</think>\n\nBlue."
    assert said.tokens == len(tokens_of("<think>Red? No.</think>\n\nBlue.<end>"))
    assert not said.only_thinking
    assert completion_from_json(asdict(said)) == said


@pytest.mark.parametrize("loaded", ["free", "none"], indirect=True)
def test_an_answer_without_a_thought_is_as_it_came(loaded: LoadedModel, say: Say) -> None:
    said = say(loaded, " Blue.\n<end>")
    assert (said.text, said.raw, said.thinking) == (" Blue.\n", "", "")


@pytest.mark.parametrize("loaded", ["opened"], indirect=True)
def test_a_thought_that_the_prompt_opens_is_seen(loaded: LoadedModel, say: Say) -> None:
    said = say(loaded, "Red?</think>Blue.<end>")
    assert (said.text, said.thinking, said.raw) == ("Blue.", "Red?", "Red?</think>Blue.")
    plain = say(loaded, "Blue.<end>", chat=False)
    assert (plain.text, plain.raw) == ("Blue.", "")  # a text prompt opens nothing


@pytest.mark.parametrize("kinds", [(3, 3), (4, 4), (4, 3)])
def test_markers_may_be_control_tokens_or_not(tmp_path: Path, say: Say, kinds: tuple[int, int]) -> None:
    loaded = tiny(tmp_path, SHAPES["free"], kinds)
    assert say(loaded, "<think>Red?</think>Blue.<end>").text == "Blue."
    loaded.close()


@pytest.mark.parametrize("loaded", ["free"], indirect=True)
def test_thinking_and_answer_have_their_own_tokens(loaded: LoadedModel, say: Say) -> None:
    said = say(loaded, "<think>123456789</think>abcdefgh", max_new_tokens=5, max_thinking_tokens=20)
    assert (said.thinking, said.text, said.ended) == ("123456789", "abcd", "length")  # </think> counts
    said = say(loaded, "<think>123456789</think>abcdefgh", max_new_tokens=50, max_thinking_tokens=5)
    assert (said.thinking, said.text, said.ended) == ("1234", "", "length")
    assert said.only_thinking and said.raw == "<think>1234"
    assert say(loaded, "abcdefgh", max_new_tokens=5, max_thinking_tokens=20).text == "abcde"


@pytest.mark.parametrize("loaded", ["free"], indirect=True)
def test_stop_strings_are_those_of_the_answer(loaded: LoadedModel, say: Say) -> None:
    said = say(loaded, "<think>a\n\nb</think>\n\nBlue.\n\nMore", stop=("\n\n",))
    assert (said.thinking, said.text, said.ended) == ("a\n\nb", "Blue.", "stop")


@pytest.mark.parametrize("loaded", ["free"], indirect=True)
def test_the_least_number_of_tokens_is_that_of_the_answer(
    loaded: LoadedModel, say: Say, pickers: list[Picker]
) -> None:
    say(loaded, "<think>123</think>ab<end>", min_new_tokens=2)
    assert [picker.picked for picker in pickers] == [len("ab") + 1]  # counted anew from the answer on


@pytest.mark.parametrize("loaded", ["free"], indirect=True)
def test_a_model_that_ends_inside_its_thought_has_only_thought(loaded: LoadedModel, say: Say) -> None:
    said = say(loaded, "<think>Red?<end>")
    assert (said.text, said.thinking, said.ended) == ("", "Red?", "end")
    assert said.only_thinking


def test_an_end_token_that_closes_the_thought_does_not_end_the_text(tmp_path: Path, say: Say) -> None:
    template = PLAIN + "{# <|think|>…<|end|><|begin|>assistant<|content|> #}"
    metadata = COMPLETE | {
        "llama.context_length": CONTEXT,
        "tokenizer.ggml.tokens": [*COMPLETE["tokenizer.ggml.tokens"], "<|think|>", "<|end|>"],
        "tokenizer.ggml.scores": [0.0] * 261,
        "tokenizer.ggml.token_type": [*COMPLETE["tokenizer.ggml.token_type"], 3, 3],
        "tokenizer.ggml.eos_token_id": CLOSE,
        "tokenizer.chat_template": template,
    }
    tensors = [("token_embd.weight", (32, 261)), *COMPLETE_TENSORS[1:]]
    loaded = load_here(write(tmp_path / "tiny.gguf", build(metadata, tensors)))
    assert CLOSE in loaded.vocab.ends
    said = say(loaded, "<think>Red?</think><|begin|>assistant<|content|>Blue.</think>never")
    assert (said.thinking, said.text, said.ended) == ("Red?", "Blue.", "end")
    loaded.close()


@pytest.mark.parametrize(
    ("loaded", "chat", "expected"),
    [
        ("free", True, 70),
        ("opened", True, 70),
        ("free", False, 20),
        ("switched", True, 20),
        ("none", True, 20),
    ],
    indirect=["loaded"],
)
def test_cells_for_thinking_are_set_aside_only_where_a_model_cannot_but_think(
    loaded: LoadedModel, chat: bool, expected: int
) -> None:
    sampling = Sampling(max_new_tokens=20, max_thinking_tokens=50)
    request = Request("a", messages=(Message("user", "Sky?"),) if chat else None, sampling=sampling)
    assert token_limit(loaded, request, 200) == expected
    assert token_limit(loaded, request, 60) == min(expected, 60)


@pytest.mark.parametrize("loaded", ["opened"], indirect=True)
def test_in_a_small_context_the_answer_keeps_its_room(loaded: LoadedModel, say: Say) -> None:
    said = say(loaded, "x" * 300, max_new_tokens=100, max_thinking_tokens=1000)
    room = CONTEXT - said.prompt_tokens
    assert (said.ended, said.tokens) == ("length", room - 100)
    said = say(loaded, "x" * 300, max_new_tokens=1000, max_thinking_tokens=1000)
    assert (said.ended, said.tokens) == ("length", room // 2)
