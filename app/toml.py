"""TOML as people write it: read, or refused in words that say what is wrong."""

from __future__ import annotations

import tomllib
from typing import Any


def parsed(text: str) -> dict[str, Any]:
    """Return the table that a text is; raises ValueError, whose words name the fault."""
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        raise
    except RecursionError:
        raise ValueError("it is nested too deeply") from None
    except ValueError:
        # What Python says of an integer that it does not convert is for who writes Python.
        raise ValueError("it holds a number of thousands of digits") from None
