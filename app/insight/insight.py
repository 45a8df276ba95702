"""Everything that is known of what a project or some of its runs are like, put together from its counts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from app.insight.counting import MILLIONTHS, PAIR
from app.insight.keeping import Counted, Runs
from app.insight.tally import Tally, counts_of
from app.method.consensus import THRESHOLDS
from app.method.distribution import Distribution, distribution
from app.method.diversity import WINDOW, growth
from app.method.report_card import ReportCard, Share
from app.run.report_card import judged_sample
from app.store import runs, statistics
from app.store.project import Connection
from app.store.statistics import Decided

WINDOW_OF_YIELD = 100
"""Instructions that are looked at together to say how many of them are new."""


@dataclass(frozen=True, slots=True)
class Stage:
    """What a stage made, kept, and dropped by reason, the most frequent first.

    `dropped` of answers are those that take no part in votes. `kept_by` says of votes what decided.
    """

    name: str
    made: int
    kept: int
    dropped: Mapping[str, int]
    kept_by: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class ModelFigures:
    """A model in a role; names are foreign.

    It gave `answers`; `usable` ones may vote, and `voted` ones did in votes that stand. `kept_with` counts
    the items that the vote keeps and on which it voted; in `won` its answer is the winner, in `agreed` it
    says the same as the winner. People decided `decided` of the items it won, and `overridden` counts those
    where they departed from the vote. `words` is the mean length of a usable answer; `speed` is tokens a
    second of one completion, None where no time is known.
    """

    name: str
    role: str
    answers: int
    usable: int
    voted: int
    kept_with: int
    won: int
    agreed: int
    decided: int
    overridden: int
    words: float | None
    speed: float | None
    right: Share | None


@dataclass(frozen=True, slots=True)
class Pair:
    """Two models by name: on how many items both voted, their mean similarity, how often they said the same;
    and on how many judged items both are known to be right or wrong, how often both were wrong."""

    names: tuple[str, str]
    items: int
    similarity: float
    equal: int
    wrong_together: Share | None


@dataclass(frozen=True, slots=True)
class AtThreshold:
    """How many of all voted items a threshold keeps, and how many of the judged ones among them are right."""

    threshold: float
    kept: int
    right: Share | None


@dataclass(frozen=True, slots=True)
class Root:
    """A verb, how many instructions have it, and its most frequent nouns ("" where there is none)."""

    verb: str
    count: int
    nouns: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class Insight:
    """What is known. `name` says of what (foreign); `runs` is None where they are all runs of it.

    `windows` are (made, kept) of every hundred instructions of the run, in order; those of several runs stand
    one after the other. `variety` is MATTR-50, None with fewer than 50 words.
    """

    name: str
    runs: Runs
    funnel: tuple[Stage, ...]
    lengths: Mapping[str, Distribution]
    to_pool: Distribution
    to_seeds: Distribution
    models: tuple[ModelFigures, ...]
    pairs: tuple[Pair, ...]
    rule: str
    voted: int
    thresholds: tuple[AtThreshold, ...]
    roots: tuple[Root, ...]
    with_verb: int
    variety: float | None
    words: int
    vocabulary: tuple[tuple[int, int], ...]
    windows: tuple[tuple[int, int], ...]
    decisions: tuple[Decided, ...]
    card: ReportCard

    def stage(self, name: str) -> Stage:
        """Return a stage of the funnel."""
        return next(stage for stage in self.funnel if stage.name == name)


def insight(c: Connection, known: Counted, of: Runs = None, name: str = "") -> Insight:
    """Put together what was counted of these runs, or of all that are not hidden, with what was judged and
    decided.
    """
    of = runs.shown(c) if of is None else of
    stretches = list(known.of_runs("instructions", of))
    instructions, items = counts_of(stretches), counts_of(known.of_runs("items", of))
    card = judged_sample(c, of)
    names = _names(c, of)
    rule, thresholds = _thresholds(items["survive"], card)
    return Insight(
        name=name,
        runs=of,
        funnel=_funnel(instructions, items),
        lengths={
            "instruction": distribution(instructions["words.instruction"]),
            "input": distribution({key: n for key, n in items["words.input"].items() if key != "0"}),
            "output": distribution(items["words.output"]),
        },
        to_pool=distribution(instructions["novelty.pool"]),
        to_seeds=distribution(instructions["novelty.seeds"]),
        models=tuple(_models(known, items, names, card, of)),
        pairs=tuple(_pairs(items, names, card)),
        rule=rule,
        voted=sum(items["votes"].values()),
        thresholds=tuple(thresholds),
        roots=tuple(_roots(instructions["roots"])),
        with_verb=sum(n for key, n in instructions["roots"].items() if key.partition(PAIR)[0]),
        variety=_variety(instructions["variety"]),
        words=instructions["variety"]["words"],
        vocabulary=tuple(
            growth([(size, set(new.split())) for each in stretches for size, new in each.words])
        ),
        windows=tuple(_windows(stretches)),
        decisions=tuple(found for found in statistics.decided(c) if of is None or found.run in of),
        card=card,
    )


def _funnel(instructions: Mapping[str, Counter[str]], items: Mapping[str, Counter[str]]) -> tuple[Stage, ...]:
    answers = Counter[str]()
    for key, number in items["answers"].items():
        reason = key.partition(PAIR)[2]
        answers[f"dropped:{reason}" if reason else "kept"] += number
    return (
        _stage("instructions", instructions["instructions"]),
        _stage("instances", items["instances"]),
        _stage("answers", answers),
        _stage("votes", items["votes"]),
        _stage("decisions", _of_decisions(items["decided"])),
    )


def _of_decisions(decided: Mapping[str, int]) -> dict[str, int]:
    return {
        f"dropped:{status}" if status == "rejected" else f"kept:{status}": number
        for status, number in decided.items()
    }


def _stage(name: str, counts: Mapping[str, int]) -> Stage:
    kept, dropped, kept_by = 0, Counter[str](), Counter[str]()
    for key, number in counts.items():
        status, _, reason = key.partition(":")
        if status == "kept":
            kept += number
            if reason:
                kept_by[reason] += number
        else:
            dropped[reason or status] += number
    return Stage(name, kept + dropped.total(), kept, dict(dropped.most_common()), dict(kept_by.most_common()))


def _names(c: Connection, of: Runs) -> dict[str, str]:
    """Map models as they are counted to their names, the writer first; told apart as on the report card."""
    names: dict[str, str] = {}
    for each in runs.all_runs(c):
        if of is None or each.number in of:
            for part in runs.run_models(c, each.id):
                suffix = " (writer)" if part.role == "writer" else ""
                names.setdefault(f"{part.role}:{part.model.fingerprint}", part.model.name + suffix)
    return names


def _models(
    known: Counted,
    items: Mapping[str, Counter[str]],
    names: Mapping[str, str],
    card: ReportCard,
    of: Runs,
) -> list[ModelFigures]:
    right = {model.name: model.all for model in card.models}
    return [
        ModelFigures(
            name=name,
            role=key.partition(":")[0],
            answers=(answers := _answers(items["answers"], key))[0],
            usable=(usable := answers[1]),
            voted=items["voted"][key],
            kept_with=items["kept.with"][key],
            won=items["won"][key],
            agreed=items["agreed"][key],
            decided=items["won.decided"][key],
            overridden=items["won.overridden"][key],
            words=items["words.answer"][key] / usable if usable else None,
            speed=_speed(known, key.partition(":")[2], of),
            right=right.get(name),
        )
        for key, name in names.items()
    ]


def _answers(counts: Mapping[str, int], model: str) -> tuple[int, int]:
    """Return how many answers a model gave, and how many of them take part in votes."""
    given = {key.partition(PAIR)[2]: n for key, n in counts.items() if key.partition(PAIR)[0] == model}
    return sum(given.values()), given.get("", 0)


def _speed(known: Counted, fingerprint: str, of: Runs) -> float | None:
    spent = [
        each for each in known.spent.values() if each.model == fingerprint and (of is None or each.run in of)
    ]
    seconds = sum(each.seconds for each in spent)
    return sum(each.tokens for each in spent) / seconds if seconds else None


def _pairs(items: Mapping[str, Counter[str]], names: Mapping[str, str], card: ReportCard) -> list[Pair]:
    pairs = []
    for key, number in items["pairs"].items():
        one, _, other = key.partition(PAIR)
        if one in names and other in names:
            both = (names[one], names[other])
            wrong = card.wrong_together.get(both) or card.wrong_together.get((both[1], both[0]))
            similar = items["similar"][key] / MILLIONTHS / number
            pairs.append(Pair(both, number, similar, items["equal"][key], wrong))
    return pairs


def _thresholds(survive: Mapping[str, int], card: ReportCard) -> tuple[str, list[AtThreshold]]:
    """Return the rule of most votes, and what each threshold keeps by it."""
    of_rule: dict[str, Counter[int]] = {}
    for key, number in survive.items():
        rule, _, survived = key.partition(PAIR)
        of_rule.setdefault(rule, Counter())[int(survived)] += number
    if not of_rule:
        return "", []
    rule = max(of_rule, key=lambda name: of_rule[name].total())
    right = {kept.threshold: kept.winner for kept in card.rules.get(rule, ())}
    found, newest = [], None
    for at, threshold in enumerate(THRESHOLDS):
        newest = right.get(threshold, newest)  # the card names a threshold only where it keeps other items
        kept = sum(number for survived, number in of_rule[rule].items() if survived > at)
        found.append(AtThreshold(threshold, kept, newest))
    return rule, found


def _roots(counts: Mapping[str, int], verbs: int = 20, nouns: int = 4) -> list[Root]:
    by_verb: dict[str, Counter[str]] = {}
    for key, number in counts.items():
        verb, _, noun = key.partition(PAIR)
        if verb:
            by_verb.setdefault(verb, Counter())[noun] += number
    ranked = sorted(by_verb, key=lambda verb: (-by_verb[verb].total(), verb))[:verbs]
    return [
        Root(
            verb,
            by_verb[verb].total(),
            tuple((noun, n) for noun, n in by_verb[verb].most_common() if noun)[:nouns],
        )
        for verb in ranked
    ]


def _variety(counts: Mapping[str, int]) -> float | None:
    windows = counts.get("windows", 0)
    return counts["distinct"] / (windows * WINDOW) if windows else None


def _windows(stretches: Sequence[Tally]) -> list[tuple[int, int]]:
    flags = "".join(each.kept for each in stretches)
    return [
        (len(part), part.count("1"))
        for at in range(0, len(flags), WINDOW_OF_YIELD)
        if (part := flags[at : at + WINDOW_OF_YIELD])
    ]


def whole_windows(found: Insight) -> list[int]:
    """Return how many of every whole hundred instructions were kept, in order."""
    return [kept for made, kept in found.windows if made == WINDOW_OF_YIELD]


def by_day(decisions: Sequence[Decided]) -> list[tuple[str, dict[str, int]]]:
    """Add decisions up by day, or by hour where all are of two days: (when, items by reviewer)."""
    days = len({found.hour[:10] for found in decisions})
    cut = 13 if days <= 2 else 10
    found = []
    for when, group in groupby(decisions, key=lambda one: one.hour[:cut]):
        by = Counter[str]()
        for one in group:
            by[one.reviewer] += one.items
        found.append((when.replace("T", " ") + ("h" if cut == 13 else ""), dict(by)))
    return found
