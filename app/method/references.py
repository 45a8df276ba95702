"""How far answers agree with those known to be right: by model, by rule, by how many are equal. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from app.method.equality import content
from app.method.rouge import chosen, rouge_l_f1
from app.method.voices import Voice


@dataclass(slots=True)
class Score:
    """How many answers were compared, how many of them say what a reference says, and the sum of their best
    ROUGE-L F1 with one."""

    answers: int = 0
    exact: int = 0
    rouge: float = 0.0

    @property
    def mean(self) -> float:
        """The mean best ROUGE-L F1."""
        return self.rouge / self.answers if self.answers else 0.0

    def add(self, exact: bool, rouge: float) -> None:
        """Count an answer."""
        self.answers += 1
        self.exact += exact
        self.rouge += rouge


@dataclass(slots=True)
class ReferenceScores:
    """Agreement with references over `items`; `groups` by (how many answers are equal, of how many).

    `samples` is about what models say that gave samples, by how many of how many of those say so.
    """

    items: int = 0
    models: dict[str, Score] = field(default_factory=dict)
    rules: dict[str, Score] = field(default_factory=dict)
    groups: dict[tuple[int, int], Score] = field(default_factory=dict)
    samples: dict[tuple[int, int], Score] = field(default_factory=dict)

    def add(
        self,
        references: Sequence[str],
        answers: Sequence[tuple[str, str]],
        rule: str = "",
        winner: str | None = None,
        said: Sequence[tuple[Voice, str]] = (),
    ) -> None:
        """Take in an item: the answers that take part in its vote by model, and what a rule keeps of them.

        `winner` is None where the rule keeps nothing. `said` is what models say that gave samples, which are
        not among the answers.
        """
        self.items += 1
        known = {content(text) for text in references}
        scores: dict[str, tuple[bool, float]] = {}

        def judged(text: str) -> tuple[bool, float]:
            if text not in scores:
                scores[text] = content(text) in known, best_rouge(text, references)
            return scores[text]

        for model, text in answers:
            self.models.setdefault(model, Score()).add(*judged(text))
        if winner is not None:
            self.rules.setdefault(rule, Score()).add(*judged(winner))
        for voice, text in said:
            self.samples.setdefault((voice.equal, voice.of), Score()).add(*judged(text))
        groups: dict[str, list[str]] = {}
        for _, text in answers:
            groups.setdefault(content(text), []).append(text)
        largest = max(groups.values(), key=len, default=[])
        if largest:
            size = (len(largest), len(answers))
            self.groups.setdefault(size, Score()).add(*judged(largest[0]))


def best_rouge(text: str, references: Sequence[str]) -> float:
    """Return the best ROUGE-L F1 of a text with one of the references, by words that its letters need."""
    tokeniser = chosen("auto", [text, *references])
    return max((rouge_l_f1(text, known, stem=True, tokeniser=tokeniser) for known in references), default=0.0)
