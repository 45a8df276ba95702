"""What was learned, in lines: what it gains, whether probabilities come true, and what counts."""

from __future__ import annotations

from collections.abc import Mapping

from app.method.gain import Compared, Gain, words_of_gain
from app.method.learning import DECISION_WEIGHT, FOLDS, REPEATS
from app.method.weighing import weighed
from app.run.interval_lines import reliability_lines, share_text
from app.run.learn import Learned
from app.words import plural


def learned_lines(learned: Learned) -> list[str]:
    """Return what was learned, a line each (foreign text: it names models and a project)."""
    fit = learned.fit
    lines = [f"from {_source(learned)}"]
    if learned.unknown:
        lines.append(f"nothing known of: {', '.join(learned.unknown)}")
    lines += _gain_lines(learned.gain, learned.names)
    lines.append(words_of_gain(fit.figures))
    if learned.gain.reliability:
        lines += ["", *reliability_lines(learned.gain)]
    lines += ["", "what counts, as a factor of the odds of being right"]
    lines += [f"  {factor:>8}  {words}" for factor, words in weighed(fit.weights, learned.names)]
    return lines


def _source(learned: Learned) -> str:
    fit = learned.fit
    words = plural(fit.judged, "judged item")
    if fit.decided:
        words += f" and {plural(fit.decided, 'decided one')} that count {DECISION_WEIGHT:g} each"
    return f"{words} of {fit.source}" if fit.source else words


def _gain_lines(gain: Gain, names: Mapping[str, str]) -> list[str]:
    if gain.all is None:
        return []
    compared = [(f"all {gain.all.items:,} judged", gain.all)]
    if gain.kept is not None:
        compared.append((f"the {gain.kept.items:,} kept", gain.kept))
    width = max(len(what) for what, _ in compared) + 2
    lines = ["", f"{'right':<{width}}{'as voted':<15}{'learned':<15}difference"]
    lines += [f"{what:<{width}}{_compared(found)}" for what, found in compared]
    if gain.best is not None:
        model, right = gain.best
        lines.append(f"best model alone: {share_text(right)}  {names.get(model, model)}")
    lines.append(f"each item by weights that had not seen it ({FOLDS} parts, {REPEATS} times); 95% intervals")
    return lines


def _compared(found: Compared) -> str:
    points = (
        f"{100 * found.gain.value:+.0f} points ({100 * found.gain.low:+.0f} to {100 * found.gain.high:+.0f})"
    )
    return f"{share_text(found.before):<15}{share_text(found.after):<15}{points}"
