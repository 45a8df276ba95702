"""The two kinds of task, by what they work on."""

from __future__ import annotations

from typing import Literal

Kind = Literal["A", "B"]
"""A needs an input, B is answered from the instruction alone (Ensemble-Instruct, section 2.1)."""
