"""Compare the answers of a run with the reference answers that are kept beside its tasks."""

from __future__ import annotations

from app.method import explanation
from app.method.references import ReferenceScores
from app.store import exportable, references
from app.store.project import Connection

_BATCH = 200


def reference_scores(c: Connection, run_id: str) -> ReferenceScores:
    """Return how far models, the votes that stand and groups of equal answers agree with references.

    Answers that take no part in a vote are left out, and samples but for what they say together.
    """
    scores = ReferenceScores()
    known = references.of_run(c, run_id)
    keys = list(known)
    for start in range(0, len(keys), _BATCH):
        led = exportable.details(c, keys[start : start + _BATCH])
        for key, detail in led.items():
            voting = [candidate for candidate in detail.candidates if not candidate.reason]
            vote = detail.vote
            winner = None
            if vote is not None and vote.keep:
                winner = next((one.output for one in voting if one.id == vote.winner_id), None)
            own = [(candidate.model_name, candidate.output) for candidate in voting if candidate.attempt >= 0]
            voices = explanation.voices(vote, detail.candidates)
            said = [(voices[one.id], one.output) for one in voting if one.id in voices]
            scores.add(known[key], own, vote.rule if vote else "", winner, said)
    return scores
