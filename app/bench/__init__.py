"""What Quorum is measured against: areas by name, each with the words that stand over its figures."""

from __future__ import annotations

from typing import Literal

Shape = Literal["0.5B", "1.5B"]
TITLES = {
    "fewshot": "Few-shot: 1,200 shared + 30 own tokens to 60 new ones",
    "zeroshot": "Zero-shot: 60 tokens to 60 new ones",
    "t5": "Encoder-decoder: 29 tokens to 30 new ones",
    "python": "Python's share of the engine's CPU time",
    "contended": "Beside other work: few-shot, 2 threads",
    "continuations": "Stage 1 with several continuations of a prompt: instructions kept per CPU-second",
    "method": "The method against rouge-score",
    "learning": "Rule learned in small worlds of which it is known which answers are right",
    "real": "Real models: few-shot answers of the recipe distill, as a run would ask for them here",
    "scale": "Growth: what takes how long and how much memory on which size",
    "cluster": "On a Ray cluster: what Ray costs, two replicas, and a simulation of many",
    "ui": "The Review screen: 100,000 items during a run, and a million",
}
BY_DEFAULT = tuple(area for area in TITLES if area not in ("continuations", "real", "scale", "cluster", "ui"))
