"""Many items measured at once are measured as each is by itself: to the last bit."""

from __future__ import annotations

import math
import random
from itertools import pairwise
from statistics import median

from app.bench import worlds
from app.method.consensus import Answers, RuleChoice, vote_on
from app.method.equality import content
from app.method.learned import Item, Weights
from app.method.learning import fit
from app.method.lengths import length
from app.method.measures import parts, probabilities
from app.method.recipe_parts import Voters
from app.method.voices import Speaker

WORDS = ("the", "a", "red", "house", "by", "3.5", "35", "ja", "東京", "house.", "")
MODELS = ("writer w", "answerer a", "answerer b", "nobody knows")


def asked(rng: random.Random, number: int) -> Answers:
    count = rng.randint(1, 6)
    outputs = [" ".join(rng.choices(WORDS, k=rng.choice((0, 1, 2, 5, 30)))) for _ in range(count)]
    if rng.random() < 0.4:
        outputs[-1] = outputs[0]
    barred = tuple(rng.choice(("", "", "", "cut_by_length", "refusal")) for _ in outputs)
    by = tuple(Speaker(rng.choice("ab"), rng.random() < 0.5) for _ in outputs) if rng.random() < 0.3 else ()
    return Answers(outputs, barred, 0, str(number), by, rng.choice("AB"), rng.choices(MODELS, k=count))


def probable(item: Item, weights: Weights) -> list[float]:
    """How probably each answer to one item is right, added up by hand."""
    scale, voting, said = weights.scale, item.voting, item.said
    like = []
    for at in range(len(said)):
        others = [item.matrix[at][other] for other in voting if other != at]
        like.append(sum(others) / len(others) if others else 0.0)
    lengths = [math.log1p(length(output)) for output in item.outputs]
    among = voting or range(len(said))
    mean = sum(like[at] for at in among) / len(among)
    own = []
    for at, output in enumerate(item.outputs):
        words, several = output.split(), len(voting) > 1
        others = [other for other in voting if other != at]
        equal = sum(said[other] == said[at] for other in others)
        barred = item.barred[at]
        row = (
            1.0,
            kind := 0.5 if item.kind == "A" else -0.5,
            (like[at] - mean) / scale.similarity if several else 0.0,
            (mean - scale.agreement) / scale.spread if several else 0.0,
            equal / len(others) if others and said[at] else 0.0,
            lengths[at] - median(lengths[other] for other in among),
            lengths[at] - scale.length,
            1 - len(set(pairwise(words))) / (len(words) - 1) if len(words) > 1 else 0.0,
            float(barred == "cut_by_length"),
            float(barred not in ("", "cut_by_length", "one_voice")),
            float(not several),
        )
        total = 0.0
        for weight, value in zip(weights.ordered, row, strict=True):
            total += weight * value
        always, by_kind = weights.models.get(item.models[at], (0.0, 0.0))
        own.append(total + always + by_kind * kind)
    best = [
        max(own[other] for other in voting if said[other] == said[at]) if at in voting else own[at]
        for at in range(len(said))
    ]
    return [1 / (1 + math.exp(-(weights.slope * value + weights.offset))) for value in best]


def test_many_items_at_once_have_the_probabilities_of_each_by_itself() -> None:
    weights = fit(worlds.judged(worlds.siblings(60, 0)))
    rng = random.Random(1)
    answers = [asked(rng, number) for number in range(400)]
    choices: tuple[Voters, ...] = ("sound", "all")
    for voters in choices:
        items = []
        votes = vote_on(answers, RuleChoice("learned", 0.5, voters=voters, weights=weights))
        for of_item, vote in zip(answers, votes, strict=True):
            said, barred = list(map(content, of_item.outputs)), vote.barred or of_item.barred
            voting = list(vote.voting)
            item = Item(of_item.kind, of_item.models, of_item.outputs, said, vote.matrix, barred, voting)
            items.append(item)
            assert vote.probabilities == tuple(probable(item, weights))
        assert probabilities(items, weights) == [probable(item, weights) for item in items]


def test_the_parts_of_an_answer_add_up_to_its_odds() -> None:
    weights = fit(worlds.judged(worlds.siblings(60, 0)))
    [vote] = vote_on([of := asked(random.Random(7), 1)], RuleChoice("learned", 0.5, weights=weights))
    item = Item(of.kind, of.models, of.outputs, of.outputs, vote.matrix, of.barred, vote.voting)
    for place, chance in enumerate(probable(item, weights)):
        odds = sum(part.adds for part in parts(item, weights, place))
        assert math.isclose(1 / (1 + math.exp(-odds)), chance)
