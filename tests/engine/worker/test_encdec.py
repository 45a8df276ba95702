from __future__ import annotations

from dataclasses import replace

import pytest

from app.engine.request import Completion, Message, Request, Sampling
from app.engine.settings import ENCODER_TOKENS
from app.engine.worker.encdec import EncoderDecoder
from app.engine.worker.loading import LoadedModel
from app.engine.worker.runner import DecodeFailed, Hooks
from tests.engine.conftest import QUIET, run_all
from tests.engine.worker.test_decoder import QUESTIONS, texts
from tests.hostile import HOSTILE

GREEDY = Sampling(max_new_tokens=24)
ASKED = [Request(f"r{n}", "", QUESTIONS[n % len(QUESTIONS)], None, GREEDY) for n in range(20)]


def alone(loaded: LoadedModel, request: Request) -> Completion:
    return run_all(EncoderDecoder(loaded, QUIET), [request])[request.id]


def test_together_and_one_at_a_time_give_the_same_greedy_text(t5: LoadedModel) -> None:
    together = run_all(EncoderDecoder(t5, QUIET), ASKED)
    assert together["r0"].text == "went"
    assert together["r1"].text == "China"
    assert texts(together) == {request.id: texts({"": alone(t5, request)})[""] for request in ASKED}


def test_other_requests_of_a_group_do_not_change_an_answer(t5: LoadedModel) -> None:
    answers = set()
    for place in range(len(ASKED)):
        others = [replace(request, id=f"other {request.id}") for request in ASKED]
        others.insert(place, Request("mine", "", QUESTIONS[2], None, GREEDY))
        answers.add(run_all(EncoderDecoder(t5, QUIET), others)["mine"].text)
    assert len(answers) == 1


def test_prefix_and_tail_are_one_prompt(t5: LoadedModel) -> None:
    whole = alone(t5, ASKED[0])
    split = alone(t5, replace(ASKED[0], prefix=ASKED[0].tail[:9], tail=ASKED[0].tail[9:]))
    assert (split.text, split.prompt_tokens) == (whole.text, whole.prompt_tokens)


def test_no_group_reads_more_than_the_encoder_takes_at_once(t5: LoadedModel) -> None:
    calls: list[int] = []
    long = [Request(str(n), "", "cat " * (60 * (n % 5) + 1), None, GREEDY) for n in range(40)]
    finished = run_all(EncoderDecoder(t5, Hooks(taking=lambda _id: None, calling=calls.append)), long)
    assert len(finished) == 40
    assert max(calls) <= ENCODER_TOKENS
    assert max(calls) > ENCODER_TOKENS // 2


def test_prompts_of_like_length_go_together_and_nobody_waits_for_ever(t5: LoadedModel) -> None:
    groups: list[int] = []
    short = [Request(f"s{n}", "", "cat", None, GREEDY) for n in range(2 * t5.parallel)]
    long = [Request(f"l{n}", "", "cat " * 20, None, GREEDY) for n in range(2 * t5.parallel)]
    mixed = [request for pair in zip(short, long, strict=True) for request in pair]
    runner = EncoderDecoder(t5, Hooks(taking=lambda _id: None, calling=groups.append))
    finished = run_all(runner, mixed)
    lengths = {name: finished[name].prompt_tokens for name in ("s0", "l0")}
    wholes = {t5.parallel * lengths["s0"], t5.parallel * lengths["l0"]}
    assert len(finished) == len(mixed)
    assert wholes <= set(groups)  # whole groups of one length
    order = list(finished)
    assert order.index("s0") < t5.parallel <= order.index("l0") < 2 * t5.parallel


def test_a_prompt_that_is_too_long_is_refused_and_the_others_are_not(t5: LoadedModel) -> None:
    bad = Request("bad", "", "cat dog " * t5.context_length)
    finished = run_all(EncoderDecoder(t5, QUIET), [ASKED[0], bad, ASKED[1], replace(bad, id="bad too")])
    assert [finished[name].ended for name in ("r0", "r1")] == ["end", "end"]
    assert [finished[name].ended for name in ("bad", "bad too")] == ["error", "error"]
    assert "has room for" in finished["bad"].error


def test_a_prompt_as_long_as_the_context_is_answered(t5: LoadedModel) -> None:
    words = "cat " * t5.context_length
    while len(t5.vocab.tokenise(words)) > t5.context_length:
        words = words[:-4]
    completion = alone(t5, Request("r", "", words, None, GREEDY))
    assert completion.ended in ("end", "length")
    assert completion.prompt_tokens == t5.context_length


def test_a_stop_string_and_a_limit_end_the_text(t5: LoadedModel) -> None:
    free = alone(t5, ASKED[1])
    stopped = alone(t5, replace(ASKED[1], sampling=replace(GREEDY, stop=(free.text[1:],))))
    assert (stopped.text, stopped.ended) == (free.text[:1], "stop")
    endless = Sampling(max_new_tokens=30, min_new_tokens=30)
    limited = alone(t5, replace(ASKED[1], sampling=endless))
    assert (limited.tokens, limited.ended) == (30, "length")


def test_an_endless_wish_for_tokens_is_cut_to_what_the_cache_holds(t5: LoadedModel) -> None:
    endless = Sampling(max_new_tokens=10**6, min_new_tokens=10**6)
    small = replace(t5, cells=64)
    finished = run_all(EncoderDecoder(small, QUIET), [replace(r, sampling=endless) for r in ASKED[:3]])
    assert {(item.ended, item.tokens) for item in finished.values()} == {("length", 63)}


def test_a_cancelled_request_leaves_no_trace(t5: LoadedModel) -> None:
    expected = texts(run_all(EncoderDecoder(t5, QUIET), ASKED))
    runner = EncoderDecoder(t5, QUIET)
    for request in ASKED:
        runner.submit(request)
    runner.step()
    for name in ("r0", "r3", "r19", "unknown"):
        runner.cancel(name)
    finished = texts(run_all(runner, []))
    assert finished == {name: value for name, value in expected.items() if name not in ("r0", "r3", "r19")}
    assert (runner.busy, runner.live) == (False, 0)


def test_a_call_that_is_interrupted_now_and_then_changes_no_text(t5: LoadedModel) -> None:
    expected = texts(run_all(EncoderDecoder(t5, QUIET), ASKED))
    runner = EncoderDecoder(t5, QUIET)
    for request in ASKED:
        runner.submit(request)
    finished: dict[str, Completion] = {}
    for step in range(10_000):
        if not runner.busy:
            break
        if step in (0, 1, 5):  # in the encoder, at the decoder's first token, later
            t5.interruption.set()
            assert runner.step() == []
            t5.interruption.clear()
        finished |= {item.id: item for item in runner.step()}
    assert texts(finished) == expected


def test_a_chat_is_refused_with_words(t5: LoadedModel) -> None:
    refused = alone(t5, Request("r", messages=(Message("user", "Hello."),)))
    assert (refused.ended, refused.error) == ("error", "This model has no chat template.")


def test_a_call_that_fails_is_an_error_of_the_worker(
    t5: LoadedModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(LoadedModel, "encode", lambda self, batch: -3)
    with pytest.raises(DecodeFailed, match="encoder answers -3"):
        alone(t5, ASKED[0])


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
def test_hostile_prompts_are_answered_or_refused(t5: LoadedModel, text: str) -> None:
    completion = alone(t5, Request("r", text, text, None, Sampling(max_new_tokens=30)))
    assert completion.ended in ("end", "length", "error")
    assert bool(completion.error) == (completion.ended == "error")
    completion.text.encode("utf-8")
