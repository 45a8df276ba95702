"""What screens and reports show: a sheet for each question, of sentences, tables and pictures as plain data.

Nothing here draws: the screen does it by widgets, a report by SVG. What is said here never claims more than
was counted: shares of few judged answers have their interval or are said to be too few. Names are foreign.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from app.insight.insight import WINDOW_OF_YIELD, Insight, ModelFigures, Pair, Stage, by_day, whole_windows
from app.method.distribution import Distribution
from app.method.recipe_parts import NEAR_DUPLICATE
from app.method.report_card import LEAST, Share
from app.method.terms import in_words
from app.run.interval_lines import share_text
from app.words import bar, count, percent, plural

TOO_FEW = "too few judged"
_BAR = 20
"""Cells of a bar in a table."""


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of cells under heads; numbers stand right. `note` says what a reader must know of it."""

    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    note: str = ""
    title: str = ""


@dataclass(frozen=True, slots=True)
class Bars:
    """How many lie between two numbers: (from, to, how many)."""

    title: str
    bars: tuple[tuple[float, float, int], ...]
    across: str
    up: str
    mark: float | None = None


@dataclass(frozen=True, slots=True)
class Lines:
    """Lines through points (x, y), each with its name; `up_to` is where the upright axis ends, if known."""

    title: str
    lines: tuple[tuple[str, tuple[tuple[float, float], ...]], ...]
    across: str
    up: str
    up_to: float | None = None


@dataclass(frozen=True, slots=True)
class Heat:
    """A table of shares, each cell with its text and the share that shades it (None: nothing known)."""

    title: str
    names: tuple[str, ...]
    cells: tuple[tuple[tuple[str, float | None], ...], ...]


Picture = Bars | Lines | Heat


@dataclass(frozen=True, slots=True)
class Sheet:
    """An answer to one question: its `id` for keys and links, sentences, then tables and pictures."""

    id: str
    name: str
    question: str
    says: tuple[str, ...] = ()
    parts: tuple[Table | Picture, ...] = field(default=())


UNCOUNTED: tuple[Sheet, ...] = (
    Sheet("funnel", "Funnel", "What became of everything that was written?"),
    Sheet("models", "Models", "Which model earns its place?"),
    Sheet("agreement", "Agreement", "Which models agree?"),
    Sheet("threshold", "Threshold", "What would another threshold keep?"),
    Sheet("lengths", "Lengths", "How long are the texts?"),
    Sheet("novelty", "Novelty", "Is it new?"),
    Sheet("tasks", "Tasks", "What do the instructions ask for?"),
    Sheet("words", "Words", "How varied is the wording?"),
    Sheet("yield", "Yield", "Is more generation worth it?"),
    Sheet("decisions", "Decisions", "Who decided what, and when?"),
)
"""What `sheets` answers, before it is counted."""


def sheets(found: Insight) -> tuple[Sheet, ...]:
    """Return all sheets, in the order in which a person asks."""
    return (
        _funnel(found),
        _models(found),
        _agreement(found),
        _threshold(found),
        _lengths(found),
        _novelty(found),
        _tasks(found),
        _words(found),
        _yield(found),
        _decisions(found),
    )


def _answered(name: str, says: tuple[str, ...], parts: tuple[Table | Picture, ...] = ()) -> Sheet:
    """Return the sheet of this id with its answer."""
    [asked] = [sheet for sheet in UNCOUNTED if sheet.id == name]
    return replace(asked, says=says, parts=parts)


# ---- what became of it -----------------------------------------------------------------------------


def _funnel(found: Insight) -> Sheet:
    rows, reasons = [], []
    for stage in found.funnel:
        figures = (count(stage.made), count(stage.kept), _share(stage.kept, stage.made))
        rows.append((stage.name, *figures, "".join(bar(stage.kept, stage.made, _BAR)), _why(stage)))
        reasons += [
            (stage.name, in_words(reason), count(number), _share(number, stage.made))
            for reason, number in stage.dropped.items()
        ]
    heads = ("stage", "made", "kept", "share", "", "dropped most often")
    parts: list[Table] = [Table(heads, tuple(rows), "Answers: kept are those that take part in votes.")]
    if reasons:
        parts.append(Table(("stage", "dropped", "items", "of made"), tuple(reasons), title="Every reason"))
    return _answered("funnel", tuple(_told(found)), tuple(parts))


def _told(found: Insight) -> Iterable[str]:
    votes, decisions = found.stage("votes"), found.stage("decisions")
    if not votes.made:
        yield "Nothing has been voted on yet."
        return
    made = plural(found.stage("instructions").made, "instruction")
    yield (
        f"Of {made}, {count(votes.kept)} became rows that the vote keeps; people decided on "
        f"{plural(decisions.made, 'item')}."
    )


def _why(stage: Stage) -> str:
    named = [f"{in_words(reason)} {count(number)}" for reason, number in list(stage.dropped.items())[:3]]
    return ", ".join(named) + (" …" if len(stage.dropped) > 3 else "")


def _share(part: int, whole: int) -> str:
    return percent(part, whole) if whole else "–"


# ---- models ----------------------------------------------------------------------------------------


def right_share(share: Share | None) -> str:
    """Return a share of right answers with its interval; below ten judged ones that they are too few."""
    if share is None or not share.count:
        return "none judged"
    if share.count < LEAST:
        return f"{TOO_FEW} ({share.count})"
    return f"{share_text(share.estimate)} of {share.count:,}"


def _models(found: Insight) -> Sheet:
    heads = (
        "model",
        "answers",
        "in votes",
        "won",
        "as winner",
        "overridden",
        "right alone",
        "words",
        "tok/s",
    )
    rows = tuple(_model(model) for model in found.models)
    note = (
        "won: of the kept items on which it voted, its answer stands; as winner: it is that answer or equal "
        "to it. overridden: of the decided items that it won. tok/s: one completion by itself; several at "
        "once are faster together."
    )
    return _answered(
        "models",
        tuple(_of_models(found)),
        (Table(heads, rows, note),),
    )


def _model(model: ModelFigures) -> tuple[str, ...]:
    return (
        model.name,
        count(model.answers),
        count(model.voted),
        _share(model.won, model.kept_with),
        _share(model.agreed, model.kept_with),
        f"{_share(model.overridden, model.decided)} of {count(model.decided)}" if model.decided else "–",
        right_share(model.right),
        "–" if model.words is None else f"{model.words:.1f}",
        "–" if model.speed is None else f"{model.speed:.1f}",
    )


def _of_models(found: Insight) -> Iterable[str]:
    judged = [model for model in found.models if model.right and model.right.count >= LEAST]
    if not judged:
        yield (
            "Which model is right is not known: judge at least "
            f"{LEAST} items (j on Home). Winning a vote is agreement, not rightness."
        )
        return
    best = max(judged, key=lambda model: model.right.estimate.value if model.right else 0.0)
    assert best.right is not None
    yield f"Right most often in the judged sample: {best.name}, {right_share(best.right)}."
    others = [one for one in judged if one is not best and one.right]
    if any(one.right and one.right.estimate.high >= best.right.estimate.low for one in others):
        yield "Intervals overlap: the sample does not tell for sure which is best."


def _agreement(found: Insight) -> Sheet:
    names = tuple(dict.fromkeys(name for pair in found.pairs for name in pair.names))
    pairs = {pair.names: pair for pair in found.pairs}
    parts: list[Table | Picture] = []
    if found.pairs:
        parts = [
            Heat("Mean similarity (ROUGE-L F1)", names, _cells(names, pairs, _similarity)),
            Heat("Equal answers", names, _cells(names, pairs, _equal)),
        ]
        if any(pair.wrong_together for pair in found.pairs):
            parts.append(Heat("Wrong together, where both were judged", names, _cells(names, pairs, _wrong)))
    says = ["Models that agree may be right together or wrong together: only judged answers tell."]
    for one in sorted(found.pairs, key=lambda pair: -pair.equal / pair.items)[:1]:
        of = f"{_share(one.equal, one.items)} of {plural(one.items, 'item')}"
        says.append(f"Most alike: {one.names[0]} and {one.names[1]} say the same on {of}.")
    if not found.pairs:
        says = ["No two models have answered the same items yet."]
    return _answered("agreement", tuple(says), tuple(parts))


def _cells(
    names: Sequence[str],
    pairs: Mapping[tuple[str, str], Pair],
    cell: Callable[[Pair | None], tuple[str, float | None]],
) -> tuple[tuple[tuple[str, float | None], ...], ...]:
    return tuple(
        tuple(
            ("·", None) if one == other else cell(pairs.get((one, other)) or pairs.get((other, one)))
            for other in names
        )
        for one in names
    )


def _similarity(pair: Pair | None) -> tuple[str, float | None]:
    return ("–", None) if pair is None else (f"{pair.similarity:.2f}", pair.similarity)


def _equal(pair: Pair | None) -> tuple[str, float | None]:
    return ("–", None) if pair is None else (_share(pair.equal, pair.items), pair.equal / pair.items)


def _wrong(pair: Pair | None) -> tuple[str, float | None]:
    both = pair.wrong_together if pair else None
    if both is None:
        return "–", None
    if both.count < LEAST:
        return f"{both.right} of {both.count}", None
    return f"{both.right / both.count:.0%} of {both.count}", both.right / both.count


def _threshold(found: Insight) -> Sheet:
    if not found.thresholds:
        return _answered(
            "threshold",
            ("Nothing has been voted on yet.",),
        )
    what = "P(right)" if found.rule == "learned" else "agreement"
    rows = tuple(
        (f"{at.threshold:g}", count(at.kept), _share(at.kept, found.voted), right_share(at.right))
        for at in found.thresholds
    )
    kept = tuple((at.threshold, 100 * at.kept / max(1, found.voted)) for at in found.thresholds)
    right = tuple(
        (at.threshold, 100 * at.right.estimate.value)
        for at in found.thresholds
        if at.right and at.right.count >= LEAST
    )
    lines = (("kept", kept), *((("right of what is kept", right),) if right else ()))
    says = [f"Rule {found.rule}: an item is kept where its {what} reaches the threshold."]
    if not right:
        says.append(f"Whether a higher threshold keeps more of what is right is not known: {TOO_FEW}.")
    picture = Lines("Kept, and right where judged", lines, "threshold", "%", 100.0)
    table = Table(("threshold", "kept", "of voted", "right of what is kept"), rows)
    return _answered("threshold", tuple(says), (picture, table))


# ---- texts -----------------------------------------------------------------------------------------


def _lengths(found: Insight) -> Sheet:
    rows = tuple(
        (
            name,
            count(lie.count),
            f"{lie.mean:.1f}",
            *(f"{lie.quantile(share):.0f}" for share in (0.05, 0.5, 0.95)),
        )
        for name, lie in found.lengths.items()
        if lie.count
    )
    pictures = [
        Bars(f"Words of the {name}", tuple(lie.bars()), "words", "items", None)
        for name, lie in found.lengths.items()
        if lie.count
    ]
    says = ["Inputs and outputs are those of the rows that stand: decided ones, else what the vote keeps."]
    if pictures:
        says.append("Characters are counted in scripts without spaces. The last bar holds the longest 1%.")
    table = Table(("text", "texts", "mean", "5%", "middle", "95%"), rows)
    return _answered("lengths", tuple(says), (table, *pictures) if rows else ())


def _novelty(found: Insight) -> Sheet:
    parts: list[Table | Picture] = []
    says = [
        "How similar each kept instruction is (ROUGE-L F1) to the one that is most like it: lower is newer."
    ]
    rows = []
    for name, lie in (("seeds", found.to_seeds), ("pool", found.to_pool)):
        if lie.count:
            what = (
                "any seed of its run" if name == "seeds" else "any instruction of its pool when it was kept"
            )
            parts.append(
                Bars(f"Highest similarity with {what}", tuple(lie.bars()), "similarity", "instructions")
            )
            rows.append(_novel(name, lie))
    if not rows:
        says.append("Nothing was compared: the runs had no seeds, and what came from files meets no pool.")
        return _answered("novelty", tuple(says))
    heads = ("compared with", "instructions", "mean", "middle", "95%", f"≥ {NEAR_DUPLICATE:g}")
    return _answered("novelty", tuple(says), (Table(heads, tuple(rows)), *parts))


def _novel(name: str, lie: Distribution) -> tuple[str, ...]:
    figures = (f"{lie.mean:.2f}", f"{lie.quantile(0.5):.2f}", f"{lie.quantile(0.95):.2f}")
    return name, count(lie.count), *figures, f"{lie.share_from(NEAR_DUPLICATE):.1%}"


def _tasks(found: Insight) -> Sheet:
    kept = found.stage("instructions").kept
    rows = tuple(
        (
            root.verb,
            count(root.count),
            _share(root.count, kept),
            ", ".join(f"{noun} {n}" for noun, n in root.nouns),
        )
        for root in found.roots
    )
    of = plural(kept, "kept instruction")
    says = [
        f"A verb was found in {_share(found.with_verb, kept)} of {of}. The twenty most frequent ones, "
        "each with the nouns that it is done to most often.",
        "Read off by a small tagger for English that errs at times: what counts is the whole, not the word.",
    ]
    table = Table(("verb", "instructions", "share", "most frequent nouns"), rows)
    return _answered("tasks", tuple(says), (table,) if rows else ())


def _words(found: Insight) -> Sheet:
    if found.variety is None:
        return _answered("words", ("Fewer than 50 words were kept so far.",))
    distinct = found.vocabulary[-1][1]
    says = (
        f"MATTR-50 of the kept instructions is {found.variety:.3f}: of 50 words in a row, "
        f"{found.variety:.0%} are different on average. Sets of any size can be compared by it.",
        f"{plural(found.words, 'word')} in all, {count(distinct)} different ones. A line that turns flat "
        "brings no new words.",
    )
    line = tuple((float(words), float(seen)) for words, seen in found.vocabulary)
    picture = Lines(
        "Growth of the vocabulary", (("different words", line),), "words so far", "different words"
    )
    return _answered("words", says, (picture,))


# ---- time ------------------------------------------------------------------------------------------


def last_window(found: Insight) -> str:
    """Say what the last hundred instructions gave; "" where there are none."""
    whole = whole_windows(found)
    if not whole:
        return ""
    last = f"The last {WINDOW_OF_YIELD} instructions gave {plural(whole[-1], 'new one')}"
    return f"{last}; the first {WINDOW_OF_YIELD} gave {count(whole[0])}." if len(whole) > 1 else f"{last}."


def _yield(found: Insight) -> Sheet:
    if not found.windows:
        return _answered("yield", ("No instruction was written yet.",))
    said = last_window(found) or f"Fewer than {WINDOW_OF_YIELD} instructions so far: too few to say."
    line = tuple(
        (float(WINDOW_OF_YIELD * at + made), 100 * kept / made)
        for at, (made, kept) in enumerate(found.windows)
    )
    says = (said, "Kept of every hundred instructions, in the order they were written.")
    picture = Lines("Kept of every hundred", (("kept", line),), "instructions written", "%", 100.0)
    return _answered("yield", says, (picture,) if len(line) > 1 else ())


def _decisions(found: Insight) -> Sheet:
    if not found.decisions:
        return _answered("decisions", ("Nobody has decided anything yet.",))
    who: dict[str, dict[str, int]] = {}
    for one in found.decisions:
        of = who.setdefault(one.reviewer, {})
        of[one.action] = of.get(one.action, 0) + one.items
    actions = ("accept", "choose", "edit", "reject")
    rows = tuple(
        (name, count(sum(of.values())), *(count(of.get(action, 0)) for action in actions))
        for name, of in who.items()
    )
    days = by_day(found.decisions)
    bars = tuple((float(at), float(at + 1), sum(by.values())) for at, (_, by) in enumerate(days))
    when = tuple(
        (day, count(sum(by.values())), ", ".join(f"{name} {n}" for name, n in by.items())) for day, by in days
    )
    says = ("Decisions on answers that stand; those that were undone are left out.",)
    parts: list[Table | Picture] = [Table(("reviewer", "items", *actions), rows)]
    if len(days) > 1:
        parts.append(
            Bars(
                f"From {days[0][0]} to {days[-1][0]}", bars, "one bar for each time somebody decided", "items"
            )
        )
    parts.append(Table(("when", "items", "by"), when))
    return _answered("decisions", says, tuple(parts))
