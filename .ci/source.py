"""Keep the source of llama.cpp that llama-cpp-python is built from: its vocabularies, templates and tools.

Used by tests and to build llama.cpp's own programs for `quorum bench --native`. Without a network that has
it, everything but those works: said in one line, never an error.
"""

import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path, PurePosixPath

ROOT = Path(__file__).resolve().parent.parent
TARGET = ROOT / "build" / "llama.cpp"
PACKAGE = "llama-cpp-python"
INSIDE = ("vendor", "llama.cpp")


def pinned() -> str:
    """Return the requirement as the constraints file pins it."""
    lines = (ROOT / "constraints.txt").read_text("utf-8").splitlines()
    return next(line for line in lines if line.startswith(f"{PACKAGE}=="))


def fetch(requirement: str, folder: Path) -> Path:
    """Download the source distribution, without building anything, and return its path."""
    command = [sys.executable, "-m", "pip", "download", "-q", "--no-deps", "--no-binary", PACKAGE]
    subprocess.run([*command, "-d", str(folder), requirement], check=True, capture_output=True, timeout=600)
    return next(folder.glob("*.tar.gz"))


def unpack(archive: Path, folder: Path) -> None:
    """Unpack llama.cpp, and nothing else, into `folder`."""
    with tarfile.open(archive) as tar:
        for member in tar:
            parts = PurePosixPath(member.name).parts
            if parts[1:3] == INSIDE and len(parts) > 3:
                member.name = str(PurePosixPath(*parts[3:]))
                tar.extract(member, folder, filter="data")


def main() -> None:
    """Fetch the source once per version."""
    requirement = pinned()
    stamp = TARGET / ".version"
    if stamp.is_file() and stamp.read_text() == requirement:
        return
    TARGET.parent.mkdir(exist_ok=True)
    try:
        with tempfile.TemporaryDirectory(dir=TARGET.parent) as scratch:
            fresh = Path(scratch) / "llama.cpp"
            unpack(fetch(requirement, Path(scratch)), fresh)
            (fresh / ".version").write_text(requirement)
            if TARGET.exists():
                TARGET.rename(Path(scratch) / "old")
            fresh.rename(TARGET)
    except (subprocess.SubprocessError, OSError, tarfile.TarError, StopIteration):
        print(f"The source of {requirement} could not be fetched; only tests and benchmarks need it.")


if __name__ == "__main__":
    main()
