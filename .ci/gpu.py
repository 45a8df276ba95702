"""Build, test and measure Quorum on a machine with an NVIDIA card and no network.

    make gpu-carry     where there is a network: keep wheels and sources in build/gpu-carry
    make gpu           on the machine with the card, nvcc and CMake: build/gpu/result.json and a table

llama.cpp is built once, for that card only, with llama-server beside it; the Python binding loads that build.
Every step has a limit of time, and one that fails is noted and does not end the others. `--dry-run` shows the
steps on any machine; `table FILE` prints the table of a stored result.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import platform
import shutil
import subprocess
import sys
import tarfile
import time
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import source

ROOT = Path(__file__).resolve().parent.parent
CARRY = ROOT / "build" / "gpu-carry"
WORK = ROOT / "build" / "gpu"
REAL = ROOT / "build" / "real-models"
RESULT = WORK / "result.json"
TESTED_WITH = ("pytest", "pytest-asyncio", "pytest-xdist", "hypothesis")
ONLY_AS_SOURCE = ("rouge-score",)
"""Packages without a wheel on the index: built here, they are pure Python."""
PLATFORMS = ("manylinux_2_28", "manylinux_2_27", "manylinux_2_17", "manylinux2014", "manylinux1")
TAIL = 1500
"""Characters of a step's last words that are kept."""


@dataclass(frozen=True)
class Card:
    """An NVIDIA card as nvidia-smi tells it; memory in MiB."""

    name: str
    capability: str
    memory: int


@dataclass
class Step:
    """One command, what it may take in seconds, and what became of it."""

    name: str
    command: Sequence[str]
    limit: float
    prints: bool = False
    """Whether its standard output is JSON to keep."""
    ok: bool | None = None
    seconds: float = 0.0
    words: str = ""
    figures: dict[str, Any] = field(default_factory=dict)


def carry(python: str) -> None:
    """Collect wheels for a Python version on x86-64 Linux, and llama.cpp's source; needs a network."""
    wheels = CARRY / "wheels"
    wheels.mkdir(parents=True, exist_ok=True)
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    wanted = [name for name in project["dependencies"] if not name.startswith(source.PACKAGE)]
    wanted += [name for name in project["optional-dependencies"]["dev"] if name.startswith(TESTED_WITH)]
    (CARRY / "requirements.txt").write_text("\n".join(wanted) + "\n", "utf-8")
    limits = ["-c", str(ROOT / "constraints.txt")]
    pip = [sys.executable, "-m", "pip", "-q"]
    subprocess.run([*pip, "wheel", "--no-deps", "-w", str(wheels), *limits, *ONLY_AS_SOURCE], check=True)
    target = ["--python-version", python, "--implementation", "cp", "--only-binary", ":all:"]
    target += [word for name in PLATFORMS for word in ("--platform", f"{name}_x86_64")]
    places = ["-d", str(wheels), "--find-links", str(wheels)]
    subprocess.run([*pip, "download", *places, *target, *limits, *wanted], check=True)
    if not list(CARRY.glob("*.tar.gz")):
        source.fetch(source.pinned(), CARRY)
    size = sum(path.stat().st_size for path in CARRY.rglob("*") if path.is_file())
    models = "with" if REAL.is_dir() else "without (`make test-real` keeps them)"
    print(f"{CARRY.relative_to(ROOT)} holds {size / 1e6:.0f} MB for Python {python} on x86-64 Linux.")
    print(f"Take the whole folder of Quorum along, {models} build/real-models; there: make gpu")


def card() -> Card:
    """Ask nvidia-smi; end with what is missing."""
    query = ["nvidia-smi", "--query-gpu=name,compute_cap,memory.total", "--format=csv,noheader,nounits"]
    try:
        told = subprocess.run(query, capture_output=True, text=True, check=True, timeout=60).stdout
        name, capability, memory = told.splitlines()[0].split(", ")
        return Card(name, capability, int(memory))
    except FileNotFoundError:
        sys.exit("There is no nvidia-smi here, so no NVIDIA card. `make gpu ARGS=--dry-run` shows the steps.")
    except (subprocess.SubprocessError, ValueError, IndexError) as error:
        sys.exit(f"nvidia-smi does not name a card: {error}")


def check_tools() -> None:
    """End with one line about what is missing."""
    missing = [name for name in ("nvcc", "cmake", "c++") if not shutil.which(name)]
    if missing:
        sys.exit(f"Not found: {', '.join(missing)}. The CUDA toolkit, CMake and a C++ compiler are needed.")
    if not (CARRY / "requirements.txt").is_file():
        sys.exit("build/gpu-carry is not there. Make it where there is a network: make gpu-carry")


def steps(capability: str) -> list[Step]:
    """Return everything to do for a card of that compute capability, in order."""
    python, llama, native = str(WORK / "venv/bin/python"), WORK / "llama", str(WORK / "llama/bin")
    jobs = str(os.cpu_count() or 2)
    flags = [f"-DCMAKE_CUDA_ARCHITECTURES={capability.replace('.', '')}", "-DGGML_CUDA=ON"]
    flags += ["-DBUILD_SHARED_LIBS=ON", "-DCMAKE_BUILD_TYPE=Release", "-DLLAMA_CURL=OFF"]
    flags += ["-DLLAMA_BUILD_TESTS=OFF", "-DLLAMA_BUILD_EXAMPLES=OFF"]
    quorum = [python, "-m", "app"]
    bench = [*quorum, "bench", "--native", native, "--rounds", "3", "--json"]
    install = [python, "-m", "pip", "install", "-q", "--no-index", "--find-links", str(CARRY / "wheels")]
    chosen = [
        Step("venv", [sys.executable, "-m", "venv", str(WORK / "venv")], 120),
        Step("wheels", [*install, "-r", str(CARRY / "requirements.txt")], 180),
        Step("source", [sys.executable, __file__, "unpack"], 60),
        Step("configure", ["cmake", "-S", str(WORK / "source"), "-B", str(llama), *flags], 120),
        Step("build", ["cmake", "--build", str(llama), "-j", jobs, "--target", "llama-server",
                       "llama-batched-bench"], 360),
        Step("devices", [*quorum, "--version", "--verbose"], 60),
        Step("engine tests", [python, "-m", "pytest", "-q", "-n", "4", "tests/engine"], 300),
        Step("default run", [*quorum, "run", str(WORK / "first.db")], 300),
        Step("memory", [python, __file__, "forecast"], 180, prints=True),
        Step("bench 0.5B", [*bench, "--only", "fewshot", "--only", "zeroshot"], 600, prints=True),
        Step("bench 1.5B", [*bench, "--only", "fewshot", "--only", "zeroshot", "--shape", "1.5B"], 600,
             prints=True),
    ]  # fmt: skip
    if REAL.is_dir():
        real = [*bench, "--only", "real", "--models", str(REAL)]
        chosen.append(Step("bench real", real, 600, prints=True))
    return chosen


def unpack() -> None:
    """Unpack llama.cpp, and the binding that loads its libraries."""
    archive = next(CARRY.glob("*.tar.gz"))
    source.unpack(archive, WORK / "source")
    with tarfile.open(archive) as tar:
        for member in tar:
            parts = Path(member.name).parts
            if parts[1:2] == ("llama_cpp",):
                member.name = str(Path(*parts[1:]))
                tar.extract(member, WORK / "site", filter="data")


def environment() -> dict[str, str]:
    """Return the environment of the steps: this checkout, the binding, and the build it loads."""
    libraries = str(WORK / "llama" / "bin")
    return os.environ | {
        "PYTHONPATH": os.pathsep.join([str(ROOT), str(WORK / "site")]),
        "LLAMA_CPP_LIB_PATH": libraries,
        "LD_LIBRARY_PATH": os.pathsep.join(filter(None, [libraries, os.environ.get("LD_LIBRARY_PATH")])),
        "XDG_CACHE_HOME": str(WORK / "cache"),
        "CUDA_VISIBLE_DEVICES": os.environ.get("CUDA_VISIBLE_DEVICES", "0"),
    }


def do(step: Step) -> None:
    """Run a step and note what became of it."""
    began = time.monotonic()
    try:
        done = subprocess.run(
            step.command, cwd=ROOT, env=environment(), capture_output=True, text=True, timeout=step.limit
        )
        step.ok, words = done.returncode == 0, done.stdout + done.stderr
        if step.prints and step.ok:
            step.figures = json.loads(done.stdout)
            words = done.stderr
    except subprocess.TimeoutExpired:
        step.ok, words = False, f"it took more than {step.limit:.0f} s"
    except (OSError, ValueError) as error:
        step.ok, words = False, str(error)
    step.seconds, step.words = round(time.monotonic() - began, 1), words[-TAIL:]


async def forecast() -> None:
    """Print, for every model at hand, the plan's bytes on the card and what the card shows."""
    from app.engine import catalog
    from app.engine.gguf import read_header
    from app.engine.memory import footprint
    from app.engine.settings import default_settings
    from app.engine.supervisor import Engine

    bundled = catalog.bundled()
    paths = [bundled.writer, *bundled.answerers, *sorted(REAL.glob("*.gguf"))]
    found: dict[str, Any] = {}
    for path in paths:
        header = read_header(path)
        settings = default_settings(header, headless=True)
        before = used_memory()
        engine = Engine(path, settings=settings, headless=True)
        await engine.start()
        found[path.stem] = {"planned": footprint(header, settings).gpu, "shown": used_memory() - before}
        await engine.close()
    print(json.dumps(found))


def used_memory() -> int:
    """Return the bytes that are in use on the card."""
    query = ["nvidia-smi", "--query-gpu=memory.used", "--format=csv,noheader,nounits"]
    told = subprocess.run(query, capture_output=True, text=True, check=True, timeout=60).stdout
    return int(told.splitlines()[0]) * 2**20


def table(result: Mapping[str, Any]) -> str:
    """Lay out a stored result: steps, figures by wall time, forecasts."""
    lines = [f"{result['card']['name']}, {result['card']['memory']:,} MiB; {result['machine']}", ""]
    for step in result["steps"]:
        state = {True: "ok", False: "FAILED", None: "not done"}[step["ok"]]
        lines.append(f"{step['name']:<14} {state:<9} {step['seconds']:>7.1f} s")
        if step["ok"] is False:
            lines += [f"    {line}" for line in step["words"].strip().splitlines()[-3:]]
    for step in result["steps"]:
        figures = step["figures"]
        if step["name"] == "memory" and figures:
            lines += ["", f"{'memory on the card':<24}{'planned':>12}{'shown':>12}"]
            lines += [
                f"  {name:<22}{value['planned'] / 1e6:>9,.0f} MB{value['shown'] / 1e6:>9,.0f} MB"
                for name, value in figures.items()
            ]
        elif figures:
            lines += ["", step["name"]]
            shown = {key: value for key, value in figures.items() if key.endswith(".wall") and value}
            lines += [f"  {key:<44}{value:>10.2f}" for key, value in shown.items()]
    return "\n".join(lines)


def run(*, dry: bool) -> None:
    """Do everything and store it after every step; the exit status says whether all of it worked."""
    if dry:
        for step in steps("9.0"):
            print(f"# {step.name}, at most {step.limit:.0f} s\n{' '.join(map(str, step.command))}")
        return
    found = card()
    check_tools()
    shutil.rmtree(WORK, ignore_errors=True)
    WORK.mkdir(parents=True)
    machine = f"{os.cpu_count()} cores, {platform.platform()}, {time.strftime('%Y-%m-%d')}"
    todo = steps(found.capability)
    result: dict[str, Any] = {"card": asdict(found), "machine": machine}
    for step in todo:
        print(f"{step.name} …", flush=True)
        do(step)
        result["steps"] = [asdict(one) for one in todo]
        RESULT.write_text(json.dumps(result, indent=1), "utf-8")
        if not step.ok and step.name in ("venv", "wheels", "source", "configure", "build"):
            break
    print("\n" + table(result))
    sys.exit(0 if all(step.ok for step in todo) else 1)


def main() -> None:
    """Do what the first argument says."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("what", choices=["carry", "run", "table", "unpack", "forecast"])
    parser.add_argument("file", nargs="?", type=Path, default=RESULT)
    parser.add_argument("--dry-run", action="store_true")
    parser.add_argument("--python", default=f"{sys.version_info.major}.{sys.version_info.minor}")
    given = parser.parse_args()
    match given.what:
        case "carry":
            carry(given.python)
        case "run":
            run(dry=given.dry_run)
        case "table":
            print(table(json.loads(given.file.read_text("utf-8"))))
        case "unpack":
            unpack()
        case "forecast":
            asyncio.run(forecast())


if __name__ == "__main__":
    main()
