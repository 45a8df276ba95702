"""Items whose task is nearly that of another: found by their rare words, measured by ROUGE-L."""

from __future__ import annotations

from dataclasses import dataclass

from app.method.equality import values
from app.method.recipe_parts import NEAR_DUPLICATE
from app.method.rouge import chosen, rouge_l_f1
from app.store import decisions, review, search
from app.store.project import Connection
from app.store.review_state import ReviewStatus


@dataclass(frozen=True, slots=True)
class Similar:
    """An item like another: its id, number, task (foreign), and the similarity of the tasks, 0 … 1.

    `differs` says that the tasks differ in a sign, number or symbol; `status` is the review status that it
    has.
    """

    instance_id: str
    number: int
    task: str
    score: float
    differs: bool = False
    status: ReviewStatus = "undecided"


def similar_to(
    c: Connection, instance_id: str, least: float = NEAR_DUPLICATE, limit: int = 100
) -> list[Similar]:
    """Return the items whose instruction and input are at least so similar, the most similar first."""
    own = review.item(c, instance_id)
    text = f"{own.instruction}\n{own.input}"
    similar: list[Similar] = []
    for number in search.nearest(c, text):
        key, instruction, input = review.item_task(c, number)
        if key == instance_id:
            continue
        task = f"{instruction}\n{input}"
        score = 1.0 if task == text else rouge_l_f1(text, task, tokeniser=chosen("auto", (text, task)))
        if score >= least:
            status = decisions.state_of(c, key).status
            differs = values(text) != values(task)
            similar.append(Similar(key, number, task.strip(), score, differs, status))
    return sorted(similar, key=lambda item: (-item.score, item.number))[:limit]
