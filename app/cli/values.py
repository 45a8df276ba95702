"""Kinds of values that more than one command takes."""

from __future__ import annotations

import math
from typing import Any

import click


class Threshold(click.FloatRange):
    """A number from 0 to 1; unlike click's own range it refuses what is no number ("nan")."""

    def __init__(self) -> None:
        super().__init__(0, 1)

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> float:
        """Return the value as a number, or end with a usage error."""
        number = float(super().convert(value, param, ctx))
        if math.isnan(number):  # nan is neither below 0 nor above 1
            self.fail(f"{value} is not in the range 0<=x<=1.", param, ctx)
        return number
