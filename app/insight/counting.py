"""Count one block of instructions or items: the slow part of statistics, done once for each block."""

from __future__ import annotations

import json
from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from itertools import groupby
from operator import attrgetter

import numpy as np
import numpy.typing as npt

from app.insight.tally import Tally
from app.method.consensus import THRESHOLDS
from app.method.diversity import distinct_in_windows
from app.method.lengths import length
from app.method.novelty import common_lengths
from app.method.roots import root
from app.method.rouge import Coder, tokenise
from app.store import statistics
from app.store.project import Connection
from app.store.statistics import InstructionText, ItemFacts

Tallies = dict[int, Tally]
"""By the number of a run."""
PAIR = "\t"
"""Stands between two models, or verb and noun, in a key."""
STRETCH = 20
"""Instructions between two points of the growth of the vocabulary."""
MILLIONTHS = 1_000_000
"""Similarities are added up as whole numbers of these, so that the order of adding changes nothing."""


class Instructions:
    """Counts instructions, and compares them with the seeds of their runs. Use it in one thread."""

    def __init__(self, seeds: Mapping[int, Sequence[str]]) -> None:
        self._coder = Coder("unicode")
        self._seeds = {run: list(map(self._coder.code, texts)) for run, texts in seeds.items()}

    def count(self, rows: Sequence[InstructionText]) -> Tallies:
        """Count the instructions of a block."""
        tallies: Tallies = {}
        for run, of_run in groupby(sorted(rows, key=attrgetter("run")), attrgetter("run")):
            tallies[run] = self._of_run(list(of_run), self._seeds.get(run, []))
        return tallies

    def _of_run(self, rows: Sequence[InstructionText], seeds: Sequence[str]) -> Tally:
        tally, coded, vocabulary = Tally(), [], _Vocabulary()
        counts = tally.counts
        for row in rows:
            is_kept = row.status == "kept"
            tally.kept += "1" if is_kept else "0"
            counts["instructions"][row.status if is_kept else f"{row.status}:{row.reason}"] += 1
            if not is_kept:
                continue
            tokens = tokenise(row.text, "unicode")
            vocabulary.add(tokens)
            coded.append(self._coder.code_tokens(tokens))
            counts["words.instruction"][str(length(row.text))] += 1
            counts["roots"][PAIR.join(root(row.text))] += 1
            if row.score is not None:
                counts["novelty.pool"][f"{row.score:.2f}"] += 1
        if seeds and coded:
            for score in _nearest(coded, seeds):
                counts["novelty.seeds"][f"{score:.2f}"] += 1
        whole = "".join(coded)
        distinct, windows = distinct_in_windows(whole)
        counts["variety"].update({"distinct": distinct, "windows": windows, "words": len(whole)})
        tally.words = vocabulary.stretches()
        return tally


class _Vocabulary:
    """The words of instructions, by stretches of a few of them."""

    def __init__(self) -> None:
        self._seen: set[str] = set()
        self._done: list[tuple[int, str]] = []
        self._instructions = self._size = 0
        self._new: list[str] = []

    def add(self, tokens: Sequence[str]) -> None:
        """Take in the words of an instruction."""
        new = [word for word in dict.fromkeys(tokens) if word not in self._seen]
        self._seen.update(new)
        self._new += new
        self._size += len(tokens)
        self._instructions += 1
        if self._instructions == STRETCH:
            self._end()

    def _end(self) -> None:
        self._done.append((self._size, " ".join(self._new)))
        self._instructions, self._size, self._new = 0, 0, []

    def stretches(self) -> list[tuple[int, str]]:
        """Return the stretches, the last one as far as it goes."""
        if self._instructions:
            self._end()
        return self._done


def _nearest(coded: Sequence[str], seeds: Sequence[str]) -> list[float]:
    """Return the ROUGE-L F1 of each text with the seed that is most like it."""
    common = common_lengths(coded, seeds)
    lengths = np.add.outer([len(text) for text in coded], [len(text) for text in seeds])
    best: list[float] = (2.0 * common / np.maximum(lengths, 1)).max(axis=1).tolist()
    return best


def items(c: Connection, block: int) -> Tallies:
    """Count the items of a block, their answers and votes."""
    of_run: defaultdict[int, _Items] = defaultdict(_Items)
    models: dict[str, str] = {}
    for key, run, model, reason, output in statistics.answers_of(c, block):
        counts = of_run[run]
        counts.answers[model, reason] += 1
        if not reason:
            models[key] = model
            counts.words[model] += length(output)
    for item in statistics.items_of(c, block):
        of_run[item.run].add(item, models)
    return {run: counted.tally() for run, counted in of_run.items()}


class _Items:
    """Counts by keys that cost little; `tally` gives them the names that are kept."""

    def __init__(self) -> None:
        self.answers: Counter[tuple[str, str]] = Counter()
        self.words: Counter[str] = Counter()
        self._named: defaultdict[str, Counter[str]] = defaultdict(Counter)
        self._lengths: tuple[Counter[int], Counter[int]] = (Counter(), Counter())
        self._survived: Counter[tuple[str, int]] = Counter()
        self._groups: defaultdict[tuple[str, ...], tuple[list[str], list[int]]]
        self._groups = defaultdict(lambda: ([], []))

    def add(self, item: ItemFacts, models: Mapping[str, str]) -> None:
        """Count an item; `models` are those of the candidates that count, by their ids."""
        named = self._named
        is_kept, is_decided = item.status == "kept", item.decision not in ("undecided", "later")
        named["instances"][item.status if is_kept else f"{item.status}:{item.reason}"] += 1
        if is_decided:
            named["decided"][item.decision] += 1
        if item.answer is not None:
            self._lengths[0][length(item.input)] += 1
            self._lengths[1][length(item.answer)] += 1
        if item.keep is None or not is_kept:
            return
        named["votes"][f"kept:{item.decided_by}" if item.keep else f"dropped:{item.vote_reason}"] += 1
        self._survived[item.rule or "", _survived(item)] += 1
        winner = models.get(item.winner or "")
        if winner and is_decided:
            named["won.decided"][winner] += 1
            named["won.overridden"][winner] += item.override
        self._add_pairs(item, models)

    def _add_pairs(self, item: ItemFacts, models: Mapping[str, str]) -> None:
        """Note how alike the answers of each two models are, and whose answer won; barred ones left out."""
        ids, barred = statistics.compared_of(item)
        voting = tuple(["" if why else models.get(key, "") for key, why in zip(ids, barred, strict=True)])
        matrices, winners = self._groups[voting]
        matrices.append(item.matrix or "")
        winners.append(ids.index(item.winner) if item.keep and item.winner in ids else -1)

    def tally(self) -> Tally:
        """Return the counts by name."""
        tally = Tally(self._named)
        counts = tally.counts
        counts["answers"].update({PAIR.join(key): number for key, number in self.answers.items()})
        counts["words.answer"].update(self.words)
        for name, lengths in zip(("words.input", "words.output"), self._lengths, strict=True):
            counts[name].update({str(words): number for words, number in lengths.items()})
        counts["survive"].update(
            {f"{rule}{PAIR}{of}": number for (rule, of), number in self._survived.items()}
        )
        for models, (matrices, winners) in self._groups.items():
            if any(models):
                _add_group(counts, models, _parsed(matrices, len(models)), np.array(winners))
        return tally


def _add_group(
    counts: Mapping[str, Counter[str]],
    models: Sequence[str],
    matrices: npt.NDArray[np.float64],
    winners: npt.NDArray[np.int_],
) -> None:
    """Count items with the same models: the similarity of each pair, the place of the winner or -1.

    A model is "" where its answer did not vote.
    """
    similar, equal = np.nan_to_num(matrices).sum(axis=0), (matrices == 1.0).sum(axis=0)
    kept = winners >= 0
    as_winner = matrices[kept, :, winners[kept]] == 1.0
    voted = [(at, model) for at, model in enumerate(models) if model]
    for place, (at, model) in enumerate(voted):
        counts["voted"][model] += len(matrices)
        counts["kept.with"][model] += int(kept.sum())
        counts["won"][model] += int((winners == at).sum())
        counts["agreed"][model] += int((as_winner[:, at] | (winners[kept] == at)).sum())
        for other, its_model in voted[place + 1 :]:
            key = f"{model}{PAIR}{its_model}"
            counts["pairs"][key] += len(matrices)
            counts["similar"][key] += round(MILLIONTHS * similar[at, other])
            counts["equal"][key] += int(equal[at, other])


def _parsed(matrices: Sequence[str], size: int) -> npt.NDArray[np.float64]:
    """Read the JSON of many matrices of one size: a thousand at once take a tenth of the time."""
    whole = ",".join(matrices)
    if "null" in whole:
        return np.array([json.loads(each) for each in matrices], float)
    numbers = np.fromstring(whole.replace("[", "").replace("]", ""), sep=",")
    return numbers.reshape(-1, size, size)


def _survived(item: ItemFacts) -> int:
    """Return how many of THRESHOLDS keep the item: the first ones, as each is higher than the one before."""
    if item.score is None:
        return len(THRESHOLDS) if item.keep else 0
    return (bisect_left if item.strict else bisect_right)(THRESHOLDS, item.score)
