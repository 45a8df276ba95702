"""Near tasks are exactly those that comparing every task with every known one finds."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rapidfuzz.distance import LCSseq

from app.method.equality import content, values
from app.method.near import SHORT, Near, NearTasks
from app.method.rouge import Coder, f1
from app.method.token_index import TokenIndex

Task = tuple[str, ...]


class Plain:
    """Compares every task with every known one, field by field."""

    def __init__(self, fields: int, threshold: float) -> None:
        self.coders = [Coder("unicode") for _ in range(fields)]
        self.threshold = threshold
        self.known: list[Task] = []

    def score(self, field: int, one: str, other: str) -> float:
        if content(one) == content(other):
            return 1.0
        a, b = self.coders[field].code(one), self.coders[field].code(other)
        if field and min(len(a), len(b)) < SHORT:
            return 0.0
        return f1(LCSseq.similarity(a, b), len(a), len(b))

    def judge(self, task: Task, aggressive: bool) -> Near | None:
        found: list[tuple[bool, float, int]] = []
        for place, other in enumerate(self.known):
            scores = [self.score(field, *pair) for field, pair in enumerate(zip(task, other, strict=True))]
            if all(score > self.threshold for score in scores):
                alike = list(map(values, task)) == list(map(values, other))
                alike |= list(map(content, task)) == list(map(content, other))
                found.append((alike, min(scores), place))
        if any(alike for alike, _, _ in found):
            found = [one for one in found if one[0]]
        best = max((score for _, score, _ in found), default=0.0)
        nearest = next((one for one in found if one[1] > best - 1e-9), None)
        if nearest is None or (not nearest[0] and not aggressive):
            self.known.append(task)
        return nearest and Near(nearest[2], nearest[1], differs=not nearest[0])


def check(tasks: Sequence[Task], threshold: float, aggressive: bool = False) -> list[Near | None]:
    plain, ours = Plain(len(tasks[0]), threshold), NearTasks(len(tasks[0]), threshold)
    expected = [plain.judge(task, aggressive) for task in tasks]
    found = ours.judge(tasks, ["unicode"] * len(tasks), aggressive=aggressive)
    for one, other in zip(found, expected, strict=True):
        assert (one and (one.place, one.differs)) == (other and (other.place, other.differs))
        assert (one.score if one else 0) == pytest.approx(other.score if other else 0)
    return found


WORD = st.sampled_from(["a", "b", "c", "d", "e", "f", "7", "8", "1,000", "1000", "+", "★"])
TEXT = st.lists(WORD, max_size=14).map(" ".join)


@settings(max_examples=60, deadline=None)
@given(
    tasks=st.lists(st.tuples(TEXT, TEXT), min_size=1, max_size=25),
    threshold=st.sampled_from([0.3, 0.5, 0.7, 0.9]),
    aggressive=st.booleans(),
)
def test_tasks_are_judged_as_by_comparing_all(tasks: list[Task], threshold: float, aggressive: bool) -> None:
    check(tasks, threshold, aggressive)


FORMS = {
    "words": "Translate w{} into French.",
    "numbers": "Translate {} into French.",
    "sums": "What is {} + {} - {}?",
    "equal": "Say it.",
}


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("inputs", [1, 6])
def test_very_many_alike_are_judged_so_too(form: str, inputs: int) -> None:
    random = Random(form)
    given = [" ".join(random.choices("abcdefghijkl", k=random.randrange(12))) for _ in range(inputs)]
    tasks = [
        (FORMS[form].format(*(random.randrange(30) for _ in range(3))), random.choice(given))
        for _ in range(120)
    ]
    assert any(check(tasks, 0.7))


@settings(max_examples=200, deadline=None)
@given(
    texts=st.lists(st.text("abcdefg", max_size=40), max_size=20),
    text=st.text("abcdefg", min_size=1, max_size=40),
    threshold=st.sampled_from([0.1, 0.5, 0.7, 0.95]),
)
def test_every_near_text_is_in_a_list_whose_bound_holds(
    texts: list[str], text: str, threshold: float
) -> None:
    index = TokenIndex()
    for known in texts:
        index.add(known)
    lists = index.lists(text, threshold)
    assert [listed.bound for listed in lists] == sorted((one.bound for one in lists), reverse=True)
    for place, known in enumerate(texts):
        score = f1(LCSseq.similarity(text, known), len(text), len(known))
        first = next((listed.bound for listed in lists if place in listed.places), None)
        if score > threshold:
            assert first is not None and score <= first + 1e-9
