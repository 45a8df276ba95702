"""`python -m app` is `quorum`."""

from app.cli.main import main

main()
