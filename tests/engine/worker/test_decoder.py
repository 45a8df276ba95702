from __future__ import annotations

from dataclasses import replace

import llama_cpp
import numpy as np
import pytest

from app.engine import memory
from app.engine.catalog import BundledModels
from app.engine.request import Completion, Message, Request, Sampling
from app.engine.worker.decoder import Decoder
from app.engine.worker.loading import LoadedModel
from app.engine.worker.prompts import Prompter
from app.engine.worker.runner import DecodeFailed, Hooks
from tests.engine.conftest import QUIET, TOLERANCE, load_here, logits, run_all
from tests.hostile import HOSTILE

HEADER = "Come up with different tasks. Every task works on an input that is given with it:\n"
TASKS = [
    "Write the past tense of the verb.",
    "Find all city names from the sentence.",
    "Name the country whose capital is given.",
    "Say whether the number is even or odd.",
    "What is the plural of the word?",
    "Name the color of the animal in the sentence.",
    "Sort the words alphabetically.",
    "Write the number as a Roman numeral.",
]
LISTED = HEADER + "".join(f"{number}. {task} |EoS|\n" for number, task in enumerate(TASKS[:4], 1))
QUESTIONS = [
    "Write the past tense of the verb.\ngo",
    "Name the country whose capital is given.\nBeijing",
    "What is the plural of the word?\nmouse",
    "Say whether the number is even or odd.\n7",
    "Write the number as a Roman numeral.\n5",
    "Write the word with the opposite meaning.\nhot",
]
# As in a run: what a model says after its end mark is near to chance, where rounding decides.
GREEDY = Sampling(max_new_tokens=24, stop=("|EoS|",))
WARM = Sampling(temperature=0.9, top_k=50, max_new_tokens=40, stop=("|EoS|",))


def prompts(sampling: Sampling = GREEDY) -> list[Request]:
    """Return prompts of different lengths that share a beginning."""
    requests = []
    for number in range(12):
        more = "".join(f"{5 + k}. {TASKS[4 + (number + k) % 4]} |EoS|\n" for k in range(number % 4))
        tail = f"{LISTED}{more}{5 + number % 4}."
        requests.append(Request(f"r{number}", "", tail, None, sampling, seed=number + 1))
    return requests


def texts(finished: dict[str, Completion]) -> dict[str, tuple[str, str, int]]:
    return {name: (item.text, item.ended, item.tokens) for name, item in finished.items()}


def alone(loaded: LoadedModel, request: Request) -> Completion:
    return run_all(Decoder(loaded, QUIET), [request])[request.id]


@pytest.fixture(autouse=True)
def _forget(request: pytest.FixtureRequest):
    """Leave the shared context empty for the next decoder."""
    yield
    for name in ("writer", "chat"):
        if name in request.fixturenames:
            request.getfixturevalue(name).forget()


def test_together_and_one_at_a_time_give_the_same_greedy_text(writer: LoadedModel) -> None:
    together = run_all(Decoder(writer, QUIET), prompts())
    writer.forget()
    one_by_one: dict[str, Completion] = {}
    for request in prompts():
        one_by_one[request.id] = alone(writer, request)
        writer.forget()
    assert texts(together) == texts(one_by_one)
    assert all(item.ended != "error" for item in together.values())
    assert any(item.text.strip() for item in together.values())


def test_a_shared_prefix_changes_nothing_but_the_work(writer: LoadedModel) -> None:
    calls: list[int] = []
    hooks = Hooks(taking=lambda _id: None, calling=calls.append)
    whole = run_all(Decoder(writer, hooks), prompts())
    work, calls[:] = sum(calls), []
    writer.forget()
    split = [replace(item, prefix=LISTED, tail=item.tail.removeprefix(LISTED)) for item in prompts()]
    shared = run_all(Decoder(writer, hooks), split)
    assert texts(shared) == texts(whole)
    assert [item.prompt_tokens for item in shared.values()] == [whole[name].prompt_tokens for name in shared]
    prefix = len(writer.vocab.tokenise(LISTED))
    assert work - sum(calls) >= (len(split) - 1) * (prefix - 2)


@pytest.mark.parametrize("name", ["writer", "chat"])
def test_a_lent_prefix_changes_no_logits_beyond_rounding(name: str, request: pytest.FixtureRequest) -> None:
    loaded: LoadedModel = request.getfixturevalue(name)
    loaded.forget()
    tokens = loaded.vocab.tokenise(LISTED + "5. Write")
    whole = logits(loaded, 0, tokens, 0)
    loaded.forget()
    logits(loaded, loaded.parallel, tokens[:-4], 0)
    for sequence in (0, 3, 7):
        loaded.lend(loaded.parallel, sequence)
        lent = logits(loaded, sequence, tokens[-4:], len(tokens) - 4)
        assert np.abs(whole - lent).max() <= TOLERANCE * np.abs(whole).max()
    loaded.forget()


def test_a_border_between_prefix_and_tail_inside_a_word_changes_nothing(writer: LoadedModel) -> None:
    text = prompts()[3].tail
    whole = alone(writer, Request("r", "", text, None, GREEDY))
    for place in range(len(HEADER) - 6, len(HEADER) + 12):
        writer.forget()
        cut = alone(writer, Request("r", text[:place], text[place:], None, GREEDY))
        assert (cut.text, cut.prompt_tokens) == (whole.text, whole.prompt_tokens)


def test_a_prompt_that_is_all_prefix_is_answered_like_any_other(writer: LoadedModel) -> None:
    whole = alone(writer, Request("r", "", LISTED + "5.", None, GREEDY))
    writer.forget()
    assert alone(writer, Request("r", LISTED + "5.", "", None, GREEDY)).text == whole.text


def test_more_prefixes_than_sequences_for_them_are_served_in_turn(writer: LoadedModel) -> None:
    requests = [
        Request(str(n), f"{LISTED}5. {TASKS[n % 8]} |EoS|\n{n}", ".", None, GREEDY) for n in range(20)
    ]
    whole = [replace(item, prefix="", tail=item.prefix + item.tail) for item in requests]
    split = run_all(Decoder(writer, QUIET), requests)
    writer.forget()
    assert texts(split) == texts(run_all(Decoder(writer, QUIET), whole))


def test_one_decoder_serves_one_request_after_the_other(writer: LoadedModel) -> None:
    decoder = Decoder(writer, QUIET)
    split = [replace(item, prefix=LISTED, tail=item.tail.removeprefix(LISTED)) for item in prompts()]
    first = run_all(decoder, split)
    again: dict[str, Completion] = {}
    for request in split:
        again |= run_all(decoder, [request])
    assert texts(first) == texts(again)


def test_all_slots_are_used_and_refilled_at_once(writer: LoadedModel) -> None:
    live: list[int] = []
    waiting = 30
    decoder = Decoder(writer, Hooks(taking=lambda _id: None, calling=lambda _n: live.append(decoder.live)))
    finished = run_all(decoder, [replace(prompts()[0], id=str(n)) for n in range(waiting)])
    assert len(finished) == waiting
    assert max(live) == writer.parallel
    busy = live[: len(live) * (waiting - writer.parallel) // waiting]
    assert set(busy) == {writer.parallel}


def test_requests_wait_for_cells_and_the_cache_never_overflows(
    bundled_models: BundledModels, writer: LoadedModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    expected = run_all(Decoder(writer, QUIET), prompts())
    monkeypatch.setattr(memory, "KV_BUDGET", 0)
    monkeypatch.setattr(memory, "kv_cell_bytes", lambda _header: 2**40)
    codes: list[int] = []
    decode = LoadedModel.decode
    monkeypatch.setattr(
        LoadedModel, "decode", lambda self, batch: codes.append(decode(self, batch)) or codes[-1]
    )
    small = load_here(bundled_models.writer, context=256, parallel=8)
    assert small.cells == 256
    live: list[int] = []
    decoder = Decoder(small, Hooks(taking=lambda _id: None, calling=lambda _n: live.append(decoder.live)))
    finished = run_all(decoder, prompts())
    small.close()
    assert texts(finished) == texts(expected)
    assert set(codes) == {0}
    assert max(live) < 8


def test_a_full_cache_puts_the_youngest_request_back(
    writer: LoadedModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    expected = run_all(Decoder(writer, QUIET), prompts())
    writer.forget()
    decode = LoadedModel.decode
    calls: list[int] = []

    def full_now_and_then(self: LoadedModel, batch: object) -> int:
        calls.append(1)
        return 1 if len(calls) in (3, 4, 9) else decode(self, batch)  # type: ignore[arg-type]

    monkeypatch.setattr(LoadedModel, "decode", full_now_and_then)
    assert texts(run_all(Decoder(writer, QUIET), prompts())) == texts(expected)


@pytest.mark.parametrize("code", [1, -1, -2])
def test_a_batch_that_is_refused_for_good_is_an_error_of_the_worker(
    writer: LoadedModel, monkeypatch: pytest.MonkeyPatch, code: int
) -> None:
    monkeypatch.setattr(LoadedModel, "decode", lambda self, batch: code)
    decoder = Decoder(writer, QUIET)
    with pytest.raises(DecodeFailed, match=str(code)):
        run_all(decoder, prompts())


def test_a_prompt_that_is_too_long_is_refused_and_the_others_are_not(writer: LoadedModel) -> None:
    words = "word " * (2 * writer.context_length)
    bad = [Request("long", "", words), Request("longer", "", "x" * 3_000_000), Request("split", words, "end")]
    good = [Request("good", "", LISTED + "5.", None, GREEDY), *prompts()]
    finished = run_all(Decoder(writer, QUIET), [bad[0], *good, *bad[1:]])
    for request in bad:
        assert finished[request.id].ended == "error"
        assert f"{writer.context_length - 1:,}" in finished[request.id].error or "3,000,000" in (
            finished[request.id].error
        )
    assert all(finished[request.id].ended != "error" for request in good)


def test_text_ends_where_the_context_ends(chat: LoadedModel) -> None:
    text = "word " * chat.context_length
    while len(chat.vocab.prompt(text, open_ended=True)) > chat.context_length - 10:
        text = text[:-5]
    endless = Sampling(max_new_tokens=10_000, min_new_tokens=10_000)
    completion = alone(chat, Request("r", "", text, None, endless))
    assert completion.ended == "length"
    assert completion.prompt_tokens + completion.tokens == chat.context_length


def test_a_stop_string_ends_the_text_and_is_not_part_of_it(writer: LoadedModel) -> None:
    free = alone(writer, Request("r", "", LISTED + "5.", None, GREEDY))
    for start in range(1, len(free.text) - 3):
        stop = free.text[start : start + 3]
        writer.forget()
        stopped = alone(writer, Request("r", "", LISTED + "5.", None, replace(GREEDY, stop=("never", stop))))
        assert stopped.ended == "stop"
        assert stopped.text == free.text[: free.text.find(stop)]
        assert stopped.tokens <= free.tokens


def test_a_text_is_not_ended_before_its_least_length(chat: LoadedModel) -> None:
    asked = (Message("user", QUESTIONS[0]),)
    request = Request("r", messages=asked, sampling=Sampling(max_new_tokens=100))
    free = alone(chat, request)
    assert free.ended == "end"
    least = free.tokens + 5
    chat.forget()
    longer = alone(chat, replace(request, sampling=replace(request.sampling, min_new_tokens=least)))
    assert longer.tokens > least
    assert longer.text.startswith(free.text)


def test_a_limit_of_tokens_is_kept_and_said(writer: LoadedModel) -> None:
    for limit in (1, 2, 3):
        writer.forget()
        completion = alone(writer, Request("r", "", LISTED + "5.", None, Sampling(max_new_tokens=limit)))
        assert (completion.tokens, completion.ended) == (limit, "length")


def test_the_seed_decides_a_sampled_text(writer: LoadedModel) -> None:
    def sample(seed: int) -> str:
        writer.forget()
        return alone(writer, Request("r", "", LISTED + "5.", None, WARM, seed)).text

    once = [sample(seed) for seed in range(1, 7)]
    assert once == [sample(seed) for seed in range(1, 7)]
    assert len(set(once)) > 1
    assert sample(0) and sample(2**32 - 1) and sample(2**40)


def test_sampling_among_one_candidate_is_greedy(writer: LoadedModel) -> None:
    greedy = run_all(Decoder(writer, QUIET), prompts())
    for sampling in (replace(WARM, top_k=1), replace(WARM, top_p=0.0), replace(WARM, min_p=1.0)):
        writer.forget()
        narrow = replace(sampling, max_new_tokens=GREEDY.max_new_tokens)
        assert texts(run_all(Decoder(writer, QUIET), prompts(narrow))) == texts(greedy)


@pytest.mark.parametrize("temperature", [0.0, 0.9])
def test_a_strong_presence_penalty_lets_no_token_come_twice(
    writer: LoadedModel, monkeypatch: pytest.MonkeyPatch, temperature: float
) -> None:
    seen: list[int] = []
    piece = writer.vocab.piece
    monkeypatch.setattr(writer.vocab, "piece", lambda token: seen.append(token) or piece(token))
    sampling = Sampling(
        temperature=temperature, presence_penalty=1000.0, min_new_tokens=50, max_new_tokens=50
    )
    alone(writer, Request("r", "", LISTED + "5.", None, sampling))
    assert len(seen) == 50 == len(set(seen))


def test_a_cancelled_request_leaves_no_trace(writer: LoadedModel) -> None:
    expected = run_all(Decoder(writer, QUIET), prompts())
    writer.forget()
    decoder = Decoder(writer, QUIET)
    for request in prompts():
        decoder.submit(request)
    finished = {item.id: item for _ in range(3) for item in decoder.step()}
    gone = {"r0", "r5", "r11"} - finished.keys()
    for name in [*gone, "r-unknown"]:
        decoder.cancel(name)
    finished |= run_all(decoder, [])
    assert texts(finished) == {name: value for name, value in texts(expected).items() if name not in gone}
    assert (decoder.busy, decoder.live) == (False, 0)


def test_a_chat_is_asked_in_the_models_own_format(chat: LoadedModel) -> None:
    requests = [Request(q, messages=(Message("user", q),), sampling=GREEDY) for q in QUESTIONS]
    together = run_all(Decoder(chat, QUIET), requests)
    assert together[QUESTIONS[0]].text.strip() == "went"
    for request in requests:
        chat.forget()
        assert texts({request.id: alone(chat, request)}) == {request.id: texts(together)[request.id]}


@pytest.mark.parametrize("before", [(Message("system", HEADER * 3),), ()], ids=["a system text", "nothing"])
def test_what_stands_before_the_questions_of_chats_is_computed_once(
    chat: LoadedModel, before: tuple[Message, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    calls: list[int] = []
    hooks = Hooks(taking=lambda _id: None, calling=calls.append)
    asked = [*QUESTIONS, "", "?", "? What?"]
    requests = [Request(q, messages=(*before, Message("user", q)), sampling=GREEDY) for q in asked]
    shared = run_all(Decoder(chat, hooks), requests)
    work, calls[:] = sum(calls), []
    chat.forget()
    monkeypatch.setattr(Prompter, "_shared_by_chats", lambda *_: 0)
    assert texts(run_all(Decoder(chat, hooks), requests)) == texts(shared)
    tokens = sum(len(chat.vocab.tokenise(turn.content, complete=False)) for turn in before)
    assert sum(calls) - work >= (len(QUESTIONS) - 1) * (tokens - 2)
    assert bool(before) == (sum(calls) > work)  # a short beginning is not worth a sequence


def test_what_only_one_chat_begins_with_is_not_kept(chat: LoadedModel) -> None:
    prompter = Prompter(chat)
    chats = [(Message("system", f"{n}. {HEADER}"), Message("user", q)) for n, q in enumerate(QUESTIONS)]
    assert [prompter.tokens(Request("r", messages=one))[1] for one in chats] == [0] * len(chats)
    assert prompter.tokens(Request("r", messages=chats[0]))[1] > len(chat.vocab.tokenise(HEADER)) - 2


def test_what_a_model_cannot_be_asked_is_refused_with_words(writer: LoadedModel, chat: LoadedModel) -> None:
    refused = alone(writer, Request("r", messages=(Message("user", "Hello."),)))
    assert (refused.ended, refused.error) == ("error", "This model has no chat template.")
    empty = alone(chat, Request("r"))
    assert (empty.ended, empty.error) == ("error", "The prompt is empty.")


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
def test_hostile_prompts_are_answered_or_refused(writer: LoadedModel, chat: LoadedModel, text: str) -> None:
    plain = run_all(
        Decoder(writer, QUIET), [Request("a", text, text, None, WARM), Request("b", "", "x" + text)]
    )
    spoken = alone(chat, Request("c", messages=(Message("user", text),), sampling=WARM))
    for completion in [*plain.values(), spoken]:
        assert completion.ended in ("end", "stop", "length", "error")
        assert bool(completion.error) == (completion.ended == "error")
        completion.text.encode("utf-8")


def test_logits_that_are_no_numbers_end_that_request_only(
    writer: LoadedModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    from app.engine.worker import sampling

    row = sampling.logits_row
    first: list[int] = []

    def spoiled(context: llama_cpp.llama_context_p, index: int, size: int) -> sampling.Row:
        first.append(index)
        return np.full(size, np.nan, np.float32) if len(first) == 1 else row(context, index, size)

    monkeypatch.setattr(sampling, "logits_row", spoiled)
    finished = run_all(Decoder(writer, QUIET), prompts())
    errors = [item for item in finished.values() if item.ended == "error"]
    assert len(errors) == 1 and "not numbers" in errors[0].error
