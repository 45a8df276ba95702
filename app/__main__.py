"""`quorum`, and `python -m app`."""

from __future__ import annotations

import sys
from typing import NoReturn

from app.errors import EXIT_INTERRUPTED


def main() -> NoReturn:
    """Load the command line and run it. Loading takes a moment, in which ctrl+c is heeded too."""
    try:
        from app.cli.main import main as run
    except KeyboardInterrupt:
        sys.exit(EXIT_INTERRUPTED)
    run()


if __name__ == "__main__":
    main()
