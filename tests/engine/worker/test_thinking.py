"""Thoughts and answers taken apart: texts, and the chat templates of llama.cpp's source."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.engine.request import Message
from app.engine.worker.template import ChatTemplate
from app.engine.worker.thinking import Follower, Markers, Split, split, standing

THINK = Markers("<think>", "</think>")
HARMONY = Markers("<|channel|>analysis<|message|>", "<|end|><|start|>assistant<|channel|>final<|message|>")
COHERE = Markers("<|START_THINKING|>", "<|END_THINKING|><|START_TEXT|>")


@pytest.mark.parametrize(
    ("text", "opened", "thinking", "answer", "left"),
    [
        ("<think>\nRed? No.\n</think>\n\nBlue.", False, "Red? No.", "Blue.", True),
        ("Red? No.\n</think>\n\nBlue.", True, "Red? No.", "Blue.", True),
        ("<think>\nRed? No.\n</think>Blue.", True, "Red? No.", "Blue.", True),
        ("Red? No.</think>Blue.", False, "Red? No.", "Blue.", True),
        ("Blue.", False, "", "Blue.", True),
        (" Blue.\n", False, "", " Blue.\n", True),
        ("<think>\n\n</think>\n\nBlue.", False, "", "\n\nBlue.", True),
        ("Well: <think>Red?</think>Blue.", False, "Red?", "Well: Blue.", True),
        ("<think>Red?</think>Blue. <think>Sure?</think>Yes.", False, "Red?\n\nSure?", "Blue. Yes.", True),
        ("<think>a <think> b</think>c</think>Blue.", False, "a <think> b\n\nc", "Blue.", True),
        ("<think>Red? No, wai", False, "Red? No, wai", "", False),
        ("Red? No, wai", True, "Red? No, wai", "", False),
        ("Blue. <think>Sure?", False, "Sure?", "", False),
        ("<think>Red?</think>", False, "Red?", "", True),
        ("<think>", False, "", "", False),
        ("", True, "", "", False),
        ("", False, "", "", True),
        ("<think>Zoë 🙂 \udcff</think>né", False, "Zoë 🙂 \udcff", "né", True),
    ],
)
def test_a_completion_is_taken_apart(text: str, opened: bool, thinking: str, answer: str, left: bool) -> None:
    assert split(text, THINK, opened) == Split(thinking, answer, left)


@pytest.mark.parametrize(
    ("text", "thinking", "answer", "left"),
    [
        ("{open}Red?{close}Blue.", "Red?", "Blue.", True),
        ("<|channel|>final<|message|>Blue.", "", "Blue.", True),
        ("{open}a<|end|>{open}b{close}Blue.", "a<|end|>{open}b", "Blue.", True),
        ("{open}Red?<|end|>", "Red?<|end|>", "", False),
    ],
)
def test_channels_are_taken_apart(text: str, thinking: str, answer: str, left: bool) -> None:
    def filled(template: str) -> str:
        return template.replace("{open}", HARMONY.open).replace("{close}", HARMONY.close)

    assert split(filled(text), HARMONY, False) == Split(filled(thinking), answer, left)


def test_a_lead_without_a_thought_is_no_part_of_the_answer() -> None:
    assert split("<|START_TEXT|>Blue.", COHERE, False) == Split("", "Blue.", True)


@given(
    parts=st.lists(st.sampled_from(["<think>", "</think>", "<thi", "nk>", "é", " ", "\n", "Red", "🙂"])),
    cuts=st.lists(st.integers(0, 60)),
    opened=st.booleans(),
)
def test_following_piece_by_piece_sees_what_the_whole_text_shows(
    parts: list[str], cuts: list[int], opened: bool
) -> None:
    text = "".join(parts)
    data = text.encode()
    places = [0, *sorted({cut for cut in cuts if cut < len(data)}), len(data)]
    follower = Follower(THINK, opened)
    grown = bytearray()
    for start, end in pairwise(places):
        grown += data[start:end]
        follower.follow(grown)
    whole = Follower(THINK, opened)
    whole.follow(data)
    assert (follower.inside, follower.answer_from) == (whole.inside, whole.answer_from)
    assert (follower.thoughts, follower.answers) == (whole.thoughts, whole.answers)
    assert split(text, THINK, opened).left is not follower.inside


@pytest.mark.parametrize(
    ("opening", "markers", "expected"),
    [
        ("<|im_end|>\n<|im_start|>assistant\n", THINK, "before"),
        ("<|im_end|>\n<|im_start|>assistant\n<think>\n", THINK, "inside"),
        ("<|im_start|>assistant\n<think>\n\n</think>\n\n", THINK, "after"),
        ("<|Bot|></think>", THINK, "after"),
        ("<|CHATBOT_TOKEN|><|START_THINKING|>", COHERE, "inside"),
        ("<|CHATBOT_TOKEN|><|START_THINKING|><|END_THINKING|>", COHERE, "after"),
        ("<|start|>assistant", HARMONY, "before"),
    ],
)
def test_where_a_completion_begins(opening: str, markers: Markers, expected: str) -> None:
    assert standing(opening, markers) == expected


# ---- the templates of llama.cpp's source ---------------------------------------------------------

SWITCHED_OFF = {
    "Apertus-8B-Instruct": "<|inner_suffix|>",
    "Bielik-11B-v3.0-Instruct": "</think>",
    "ByteDance-Seed-OSS": "</seed:think>",
    "Cohere2MoE": "<|END_THINKING|><|START_TEXT|>",
    "CohereForAI-c4ai-command-r7b-12-2024-tool_use": "<|END_THINKING|>",
    "GLM-4.6": "</think>",
    "GLM-4.7-Flash": "</think>",
    "HuggingFaceTB-SmolLM3-3B": "</think>",
    "Kimi-K3": "<|close|>think<|sep|><|open|>response<|sep|>",
    "MiniMax-M3": "</mm:think>",
    "NVIDIA-Nemotron-3-Nano-30B-A3B-BF16": "</think>",
    "NVIDIA-Nemotron-Nano-v2": "</think>",
    "Qwen-QwQ-32B": "</think>",
    "Qwen-Qwen3-0.6B": "</think>",
    "Qwen3.5-4B": "</think>",
    "Reka-Edge": "</think>",
    "Spark2.5": "</think>",
    "deepseek-ai-DeepSeek-R1-Distill-Qwen-32B": "</think>",
    "deepseek-ai-DeepSeek-V3.1": "</think>",
    "deepseek-ai-DeepSeek-V4": "</think>",
    "google-gemma-4-31B-it": "<channel|>",
    "ibm-granite-granite-3.3-2B-Instruct": "</think>",
    "inclusionai-ling-3.0-flash": "</think>",
    "llama-cpp-rwkv-world": "</think>",
    "openbmb-MiniCPM5-1B": "</think>",
    "poolside-Laguna-S-2.1": "</think>",
    "tencent-Hy3": "</think:opensource>",
    "upstage-Solar-Open-100B": "<|end|><|begin|>assistant<|content|>",
}
"""Templates with a switch, or without thinking unless asked for, and what closes a thought in them."""

OPENED = {
    "Apriel-1.6-15b-Thinker-fixed": "[BEGIN FINAL RESPONSE]",
    "MiniMax-M2": "</think>",
    "StepFun3.5-Flash": "</think>",
    "deepseek-ai-DeepSeek-R1-Distill-Llama-8B": "</think>",
    "llama-cpp-deepseek-r1": "</think>",
}
"""Templates that always make the model think, and begin the thought themselves."""

FREE = {
    "Kimi-K2-Thinking": "</think>",
    "LFM2.5-8B-A1B": "</think>",
    "mistralai-Ministral-3-14B-Reasoning-2512": "[/THINK]",
    "muse-glimmer": "<|eom|><|start|>assistant to=user<|message|>",
    "openai-gpt-oss-120b": HARMONY.close,
    "unsloth-Apriel-1.5": "[BEGIN FINAL RESPONSE]",
}
"""Templates of models that begin to think on their own."""

THOUGHTLESS = (
    "CohereForAI-c4ai-command-r-plus-tool_use",
    "LFM2-8B-A1B",
    "Mistral-Small-3.2-24B-Instruct-2506",
    "NousResearch-Hermes-3-Llama-3.1-8B-tool_use",
    "Qwen-Qwen2.5-7B-Instruct",
    "google-gemma-2-2b-it",
    "ibm-granite-granite-4.0",
    "meta-llama-Llama-3.3-70B-Instruct",
    "microsoft-Phi-3.5-mini-instruct",
)


def of_source(llama_source: Path, name: str) -> ChatTemplate:
    path = llama_source / "models" / "templates" / f"{name}.jinja"
    return ChatTemplate(path.read_text("utf-8"), "<s>", "</s>")


@pytest.mark.parametrize("name", SWITCHED_OFF)
def test_thinking_is_switched_off_where_a_template_has_a_switch(llama_source: Path, name: str) -> None:
    thinking = of_source(llama_source, name).thinking
    assert thinking is not None and thinking.markers.close == SWITCHED_OFF[name]
    assert not thinking.opened and not thinking.expected


@pytest.mark.parametrize("name", OPENED | FREE)
def test_a_model_that_cannot_but_think_is_known(llama_source: Path, name: str) -> None:
    thinking = of_source(llama_source, name).thinking
    assert thinking is not None and thinking.markers.close == (OPENED | FREE)[name]
    assert thinking.opened == (name in OPENED) and thinking.expected


@pytest.mark.parametrize("name", THOUGHTLESS)
def test_other_templates_know_nothing_of_thinking(llama_source: Path, name: str) -> None:
    assert of_source(llama_source, name).thinking is None


@pytest.mark.parametrize(
    ("name", "ending"),
    [
        ("Qwen-Qwen3-0.6B", "<think>\n\n</think>\n\n"),
        ("GLM-4.7-Flash", "</think>"),
        ("ByteDance-Seed-OSS", "</seed:think>"),
        ("Kimi-K3", "<|open|>response<|sep|>"),
        ("NVIDIA-Nemotron-Nano-v2", "<think></think>"),
        ("upstage-Solar-Open-100B", "<|think|><|end|><|begin|>assistant"),
    ],
)
def test_a_prompt_with_thinking_switched_off_ends_behind_it(
    llama_source: Path, name: str, ending: str
) -> None:
    messages = [Message("system", "Be brief."), Message("user", "Which colour does the sea have?")]
    prompt = of_source(llama_source, name).render(messages)
    assert prompt.endswith(ending)
    assert "Which colour does the sea have?" in prompt and "no_think" not in prompt


def test_where_nothing_switches_thinking_off_it_is_kept_short(llama_source: Path) -> None:
    prompt = of_source(llama_source, "openai-gpt-oss-120b").render([Message("user", "Hello.")])
    assert "Reasoning: low" in prompt


def test_a_template_nobody_has_seen_shows_its_own_markers() -> None:
    source = (
        "{% for m in messages %}<{{ m.role }}>"
        "{% if m.reasoning_content %}<pondering>{{ m.reasoning_content }}</pondering>{% endif %}"
        "{{ m.content }}{% endfor %}{% if add_generation_prompt %}<assistant><pondering>{% endif %}"
    )
    thinking = ChatTemplate(source, "", "").thinking
    assert thinking is not None
    assert thinking.markers == Markers("<pondering>", "</pondering>")
    assert thinking.opened and thinking.expected
