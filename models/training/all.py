"""Train and pack all three models: `python -m models.training.all --minutes 95`.

Builds the tokenizers, trains the models side by side (one thread each), packs them into `models/` and prints
their fingerprints for the model card.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
from hashlib import sha256

from .pack import MODELS, TITLES


def _run(module: str, *arguments: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, "-m", f"models.training.{module}", *arguments])


def _succeed(processes: list[subprocess.Popen[bytes]]) -> None:
    codes = [process.wait() for process in processes]  # all of them, also after a failure
    if any(codes):
        sys.exit("A training process failed; what it said stands above.")


def main() -> None:
    """Run the whole recipe."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=95.0, help="training time of each model")
    minutes = str(parser.parse_args().minutes)
    _succeed([_run("tokenizers")])
    _succeed([_run("train", name, "--minutes", minutes) for name in TITLES])
    _succeed([_run("pack", *TITLES)])
    for path in sorted(MODELS.glob("*.gguf")):
        print(f"{sha256(path.read_bytes()).hexdigest()}  {path.stat().st_size:>9,}  {path.name}")


if __name__ == "__main__":
    main()
