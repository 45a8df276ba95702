"""The engine on two real models: templates, begin tokens, sliding window, shared prefixes, exact texts."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import jinja2
import numpy as np
import pytest

from app.engine.gguf import read_header
from app.engine.request import Message, Request, Sampling
from app.engine.settings import Settings, default_settings, exact
from app.engine.worker import sampling
from app.engine.worker.decoder import Decoder
from app.engine.worker.loading import LoadedModel, load, load_vocabulary
from app.engine.worker.prompts import prompt_tokens
from tests.engine.conftest import QUIET, logits, run_all

EXAMPLES = [
    ("Give the capital of the country.", "Italy", "Rome"),
    ("Add the numbers.", "4 and 5", "9"),
    ("Give the opposite of the word.", "hot", "cold"),
    ("Name the colour in the sentence.", "She wore a red coat.", "red"),
]
ASKED = [
    ("Give the capital of the country.", "Japan"),
    ("Add the numbers.", "12 and 5"),
    ("Give the opposite of the word.", "north"),
    ("Name the colour in the sentence.", "A yellow bird sang."),
    ("Give the capital of the country.", "Norway"),
    ("Add the numbers.", "15 and 4"),
    ("Give the opposite of the word.", "full"),
    ("Give the capital of the country.", "Peru"),
]
SHORT = Sampling(max_new_tokens=8, stop=("\n\n",))
NOISE = 2.0
"""Twice what sums in another order were seen to move a logit of these two models."""


def few_shot(order: Sequence[int] = (0, 1, 2, 3)) -> list[Request]:
    """Ask all questions after the same examples; they come after the input, so that they end a request."""
    shown = [EXAMPLES[place] for place in order]
    prefix = "".join(f"Input: {text}\nTask: {task}\nAnswer: {answer}\n\n" for task, text, answer in shown)
    return [
        Request(f"{order[0]}:{n}", prefix, f"Input: {text}\nTask: {task}\nAnswer:", sampling=SHORT)
        for n, (task, text) in enumerate(ASKED)
    ]


def chats() -> list[Request]:
    """Ask them by chat, after a system text that all share."""
    system = Message(
        "system", "Answer in one word, as short as the task allows, and say nothing else at all."
    )
    return [
        Request(f"chat:{n}", messages=(system, Message("user", f"{task}\n{text}")), sampling=SHORT)
        for n, (task, text) in enumerate(ASKED)
    ]


def loaded_with(path: Path, change: Callable[[Settings], Settings]) -> LoadedModel:
    settings = default_settings(read_header(path), headless=True, context=2048)
    return load(path, replace(change(settings), threads=1), report=lambda _step, _fraction: None)


@pytest.fixture(scope="module", params=["gemma", "smollm2"])
def model(request: pytest.FixtureRequest) -> Path:
    """Each of the two."""
    return request.getfixturevalue(request.param)  # type: ignore[no-any-return]


@pytest.fixture(scope="module")
def alone(model: Path) -> Iterator[LoadedModel]:
    """The model with settings that make a text depend on its request alone."""
    loaded = loaded_with(model, exact)
    yield loaded
    loaded.close()


@pytest.fixture(scope="module")
def together(model: Path) -> Iterator[LoadedModel]:
    """The model with its default settings: eight at once."""
    loaded = loaded_with(model, lambda settings: settings)
    yield loaded
    loaded.close()


@pytest.fixture
def steps(monkeypatch: pytest.MonkeyPatch) -> list[np.ndarray]:
    """What every token was chosen from, in the order of choosing."""
    rows: list[np.ndarray] = []
    real = sampling.logits_row

    def kept(*given: object) -> sampling.Row:
        row = real(*given)  # type: ignore[arg-type]
        rows.append(np.array(row))
        return row

    monkeypatch.setattr(sampling, "logits_row", kept)
    return rows


def written(loaded: LoadedModel, asked: Sequence[Request], steps: list[np.ndarray]) -> dict[str, bytes]:
    """Return everything that was computed for each request, asked one after the other."""
    decoder, computed = Decoder(loaded, QUIET), {}
    for request in asked:
        steps.clear()
        run_all(decoder, [request])
        computed[request.id] = b"".join(row.tobytes() for row in steps)
    loaded.forget()
    return computed


def test_a_template_renders_as_the_model_s_own_does_in_jinja(smollm2: Path) -> None:
    vocabulary = load_vocabulary(smollm2)
    assert vocabulary.template is not None
    own = jinja2.Environment(trim_blocks=True, lstrip_blocks=True).from_string(
        read_header(smollm2).chat_template
    )
    system, question = Message("system", "Be brief."), Message("user", "Give the plural.\n child ")
    answer, more = Message("assistant", "children"), Message("user", "goose")
    for turns in ((question,), (system, question), (question, answer, more)):
        given = [{"role": turn.role, "content": turn.content} for turn in turns]
        rendered = own.render(messages=given, add_generation_prompt=True)
        assert vocabulary.template.render(turns) == rendered
        tokens = prompt_tokens(vocabulary, Request("", messages=turns))
        assert tokens == vocabulary.vocab.tokenise(rendered, commands=True, complete=False)


def test_a_prompt_begins_as_the_model_wants_it_to(gemma: Path, smollm2: Path) -> None:
    for path, begins in ((gemma, True), (smollm2, False)):
        vocab = load_vocabulary(path).vocab
        tokens = vocab.prompt("Give the plural.", open_ended=True)
        assert (tokens[0] == vocab.bos) == begins
        assert vocab.bos not in tokens[1:] and tokens[-1] != vocab.eos


def test_a_lent_prefix_longer_than_the_sliding_window_changes_nothing(together: LoadedModel) -> None:
    """Gemma's layers look back over 512 tokens; the prefix is longer, and the first example out of sight."""
    prefix = together.vocab.prompt("".join(few_shot()[0].prefix for _ in range(8)), open_ended=True)
    tail = together.vocab.tokenise(few_shot()[0].tail, complete=False)
    assert len(prefix) > 512
    decoder_prefix, slot = together.parallel, 0
    for start in range(0, len(prefix), 256):
        last = logits(together, decoder_prefix, prefix[start : start + 256], start)
    together.lend(decoder_prefix, slot)
    lent = logits(together, slot, tail, len(prefix))
    together.forget()
    for start in range(0, len(prefix), 256):
        last = logits(together, slot, prefix[start : start + 256], start)
    whole = logits(together, slot, tail, len(prefix))
    together.forget()
    assert np.isfinite(last).all()
    assert lent.argmax() == whole.argmax() and np.abs(lent - whole).max() < 1e-3


def test_an_exact_text_depends_on_its_request_alone(alone: LoadedModel, steps: list[np.ndarray]) -> None:
    asked = [*few_shot()[:3], *few_shot((3, 2, 1, 0))[:3]]
    if alone.template is not None:
        asked += chats()[:3]
    first = written(alone, asked, steps)
    mixed = random.Random(1).sample(asked, len(asked))
    assert written(alone, mixed, steps) == first, "another order"
    one = asked[-1]
    assert written(alone, [one], steps) == {one.id: first[one.id]}, "nothing else asked"
    unshared = replace(asked[0], prefix="", tail=asked[0].prefix + asked[0].tail)
    assert written(alone, [unshared], steps)[unshared.id] == first[unshared.id], "its prefix not shared"


def test_beside_others_a_logit_moves_by_no_more_than_sums_in_another_order_do(
    alone: LoadedModel, together: LoadedModel, steps: list[np.ndarray]
) -> None:
    asked = few_shot()
    decoder, first, texts = Decoder(alone, QUIET), [], {}
    for request in asked:
        steps.clear()
        texts |= run_all(decoder, [request])
        first.append(steps[0])
    steps.clear()
    others = run_all(Decoder(together, QUIET), asked)
    for loaded in (alone, together):
        loaded.forget()
    # All questions are read in one call, so the first eight tokens chosen are one of each.
    moved = [np.abs(one - other).max() for one, other in zip(first, steps[: len(asked)], strict=True)]
    assert max(moved) < NOISE
    differ = sum(texts[request.id].text != others[request.id].text for request in asked)
    assert differ <= len(asked) // 4
