"""Who decides, where no name is given."""

from __future__ import annotations

import getpass
import os


def login_name() -> str:
    """Return the login name, or "reviewer" where the system has none for us."""
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):
        return os.environ.get("USER") or "reviewer"
