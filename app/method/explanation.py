"""A vote in words: by what answers were voted on, how many voted, and why the winner won. Pure.

Names of models are foreign text, and so is what holds them.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from app.method.consensus import LEARNED, RuleChoice, Vote
from app.method.containment import says
from app.method.equality import DIFFERENCE, content, largest_difference
from app.method.intervals import probable
from app.method.pair_scores import normalise
from app.method.terms import in_words
from app.method.voices import ONE_VOICE, Given, Voice, hear, speakers

_CLOSE = 0.05
"""Mean similarities nearer than this are called close."""


def in_figures(choice: RuleChoice) -> str:
    """Return rule, version where it is not the first, threshold, and how many answers must be equal."""
    version = f" {choice.version}" if choice.version > 1 else ""
    words = f"rule {choice.rule}{version}, threshold {choice.threshold:g}"
    if choice.fit is not None:
        words += f", fit {choice.fit}"
    if choice.at_least == "half":
        words += ", more than half equal"
    elif choice.at_least is not None:
        share = isinstance(choice.at_least, float)
        words += f", at least {f'{choice.at_least:.0%}' if share else choice.at_least} equal"
    return f"{words}, containment" if choice.containment else words


def explain(vote: Vote, names: Sequence[str], outputs: Sequence[str] = ()) -> str:
    """Say in one line why the vote came out as it did.

    `names` are the candidates' models (foreign text, as is the result); with `outputs` an exact match
    also says who agrees, and whether their texts say the same.
    """
    parts = [_how(vote, names, outputs)]
    if words := voted(vote):
        parts.append(words)
    if vote.tie:
        parts.append(f"a {tie(vote)}")
    if vote.reason:
        parts.append(f"dropped: {in_words(vote.reason)}")
    parts.append(f"rule {vote.rule}" + (f" {vote.rule_version}" if vote.rule_version > 1 else ""))
    return " · ".join(parts)


def voted(vote: Vote) -> str:
    """Return "3 of 4 voted"; empty where all did that were asked."""
    count = asked(vote)
    return "" if len(vote.voting) == count else f"{len(vote.voting)} of {count} voted"


def asked(vote: Vote) -> int:
    """Return how many might have voted: models that were asked, and further answers of one."""
    return max(vote.asked, sum(why != ONE_VOICE for why in vote.barred or ("",) * len(vote.matrix)))


def voices(vote: Vote | None, given: Sequence[Given]) -> dict[str, Voice]:
    """Map the ids of the answers that vote for models which gave samples to the voices of those models.

    `given` holds all that was voted on, in any order; empty where a vote is about others.
    """
    known = {answer.id: answer for answer in given}
    if vote is None or any(key not in known for key in vote.candidates):
        return {}
    answers = [known[key] for key in vote.candidates]
    by = speakers(answers)
    if not by:
        return {}
    plain = normalise if vote.at_least is None else content
    texts = [plain(answer.output) for answer in answers]
    heard = hear(by, texts, vote.barred, containment=vote.containment)
    return {vote.candidates[voice.place]: voice for voice in heard.voices}


def tie(vote: Vote) -> str:
    """Say how a tie was settled: rule quorum takes the shortest answer, and draws among those as short."""
    settled = vote.rule == LEARNED or (vote.rule == "quorum" and vote.rule_version > 2)
    return "tie: the shorter answer, else by lot" if settled else "tie, the earlier one wins"


def support(vote: Vote, place: int) -> float | None:
    """Return the mean similarity of a candidate to the others that voted; None where there are none."""
    others = [vote.matrix[place][other] for other in vote.voting if other != place]
    return math.fsum(others) / len(others) if others else None


def _how(vote: Vote, names: Sequence[str], outputs: Sequence[str]) -> str:
    """Say by what the winner won, with the figures that decided."""
    winner = vote.winner
    if winner is None:
        return in_words("no_voter") if vote.decided_by == "nobody" else "all answers are empty"
    if vote.decided_by == "only-one":
        return "the only answer that may vote" if vote.asked > 1 else "the only answer"
    if vote.decided_by == "samples":
        return f"one model was asked, {names[winner]}"
    if vote.decided_by == "exact":
        return _equal(vote, winner, names, outputs)
    if vote.rule == LEARNED:
        return _probable(vote, winner)
    lowest = (
        f"lowest pair {vote.lowest:.2f} {'>' if vote.lowest > vote.threshold else '≤'} {vote.threshold:g}"
    )
    if vote.rule == "paper":
        row = vote.matrix[winner]
        best = max((place for place in vote.voting if place > winner), key=row.__getitem__)
        return f"first of the most similar pair, {row[best]:.2f} with {names[best]}, {lowest}"
    own = f"largest mean similarity {vote.mean:.2f}, {_next_best(vote, winner)}"
    if vote.rule == "quorum":
        return f"{own}, {vote.mean:.2f} {'≥' if vote.mean >= vote.threshold else '<'} {vote.threshold:g}"
    return f"{own}, {lowest}"


def _probable(vote: Vote, winner: int) -> str:
    """Say how probably the winner is right, and the next best answer that says something else."""
    chances = vote.probabilities or ()
    best = chances[winner]
    rest = [chances[at] for at in vote.voting if chances[at] != best]
    words = f"right with {probable(best)}"
    if rest:
        words += f", next {probable(max(rest))}"
    return f"{words}, {probable(best)} {'≥' if vote.keep else '<'} {vote.threshold:.0%}"


def _equal(vote: Vote, winner: int, names: Sequence[str], outputs: Sequence[str]) -> str:
    """Say whose answers are equal to the winner's, and in what they are not."""
    if not outputs:
        return f"{DIFFERENCE[vote.difference] or 'the same answer'}, from several models"
    agreeing = _agreeing(vote, winner, outputs)
    whose = _listed([names[at] for at in agreeing])
    if vote.at_least is not None:
        how = "equal or hold it" if vote.containment else "equal"
        return f"{vote.equal} of {len(vote.voting)} {how}, from {whose}"
    words = DIFFERENCE[largest_difference(outputs[at] for at in agreeing)]
    return f"{words}, from {whose}" if words else f"the same answer from {whose}"


def _agreeing(vote: Vote, winner: int, outputs: Sequence[str]) -> list[int]:
    """Return the places of the answers that the rule takes as the winner's, itself included."""
    plain = content if vote.by_content else normalise
    texts = {place: plain(outputs[place]) for place in vote.voting}
    own = texts[winner]
    return [place for place, text in texts.items() if says(text, own, containment=vote.containment)]


def _next_best(vote: Vote, winner: int) -> str:
    """Say how near the next best candidate came."""
    runner_up = max(support(vote, place) or 0.0 for place in vote.voting if place != winner)
    return f"next {runner_up:.2f}{' (close)' if vote.mean - runner_up < _CLOSE else ''}"


def _listed(names: Sequence[str]) -> str:
    """Join names as a sentence does."""
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
