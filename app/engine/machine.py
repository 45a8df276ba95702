"""What this machine has to offer: processor cores and memory, as far as this process may use them."""

from __future__ import annotations

import os
import platform
import subprocess
import sys
from pathlib import Path

SMALL_MODEL = 50 * 10**6
CPUINFO = Path("/proc/cpuinfo")
CGROUP = Path("/sys/fs/cgroup")
"""Where Linux gives a container its limits (version 2)."""


def physical_cores() -> int:
    """Count the processor cores this process may use, hyper-threads not counted; at least 1."""
    logical = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    real = _mac_cores() if sys.platform == "darwin" else _linux_cores()
    return max(1, min(logical, real or logical, _container_quota() or logical))


def threads_for(weights_bytes: int, *, headless: bool) -> int:
    """Choose the threads for a model of that size: all cores, or one less when there is a screen.

    A model under 50 MB gets one thread: each of its operations takes microseconds, so the barrier all
    threads meet at after each one costs more than the split saves, and on a busy machine every barrier
    waits for whichever thread has just lost its core.
    """
    if weights_bytes < SMALL_MODEL:
        return 1
    cores = physical_cores()
    return cores if headless else max(1, cores - 1)


def has_amx(cpuinfo: Path = CPUINFO) -> bool:
    """Say whether this processor has Intel's matrix tiles (AMX)."""
    return "amx_int8" in _described("flags", cpuinfo).split()


def processor_model(cpuinfo: Path = CPUINFO) -> str:
    """Return the processor's name, the machine's architecture where the system gives none."""
    if sys.platform == "darwin":
        try:
            return _sysctl("machdep.cpu.brand_string").strip()
        except (OSError, ValueError, subprocess.SubprocessError):
            return platform.machine()
    return _described("model name", cpuinfo) or platform.machine()


def processor_name(cpuinfo: Path = CPUINFO) -> str:
    """Return what distinguishes this kind of processor from others: its name and what it can do."""
    if sys.platform == "darwin":
        return processor_model()
    names = ("model name", "flags", "CPU part", "Features")  # the last two on ARM
    return " ".join(filter(None, (_described(name, cpuinfo) for name in names))) or platform.machine()


def _described(name: str, cpuinfo: Path) -> str:
    """Return the first value of that name in Linux's description of the processors, "" without one."""
    try:
        with cpuinfo.open(encoding="ascii", errors="replace") as lines:
            line = next((line for line in lines if line.startswith(name)), "")
    except OSError:
        return ""
    return line.partition(":")[2].strip()


def total_memory() -> int:
    """Return the bytes of main memory there are, within the container's limit if there is one."""
    total = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    limit = _cgroup_number("memory.max")
    return total if limit is None else min(total, limit)


def available_memory() -> int:
    """Return the bytes that can be used without swapping, within the container's limit if there is one."""
    free = _free_memory()
    limit, used = _cgroup_number("memory.max"), _cgroup_number("memory.current")
    if limit is not None and used is not None:
        return max(0, min(free, limit - used + _cgroup_page_cache()))
    return free


def resident_bytes() -> int:
    """Return the memory this process holds right now, in bytes; 0 where the system does not tell."""
    try:
        pages = int(Path("/proc/self/statm").read_text("ascii").split()[1])
    except (OSError, ValueError, IndexError):
        return 0
    return pages * os.sysconf("SC_PAGE_SIZE")


def _linux_cores() -> int | None:
    """Count distinct (socket, core) pairs."""
    pairs: set[tuple[str, str]] = set()
    for topology in Path("/sys/devices/system/cpu").glob("cpu[0-9]*/topology"):
        try:
            socket = (topology / "physical_package_id").read_text("ascii")
            pairs.add((socket, (topology / "core_id").read_text("ascii")))
        except OSError:
            return None
    return len(pairs) or None


def _mac_cores() -> int | None:
    try:
        return int(_sysctl("hw.physicalcpu"))
    except (OSError, ValueError, subprocess.SubprocessError):
        return None


def _sysctl(name: str) -> str:
    return subprocess.run(
        ["/usr/sbin/sysctl", "-n", name], capture_output=True, text=True, check=True, timeout=5
    ).stdout


def _container_quota() -> int | None:
    """Return the whole cores a container may use (cgroup version 2), or None without a limit."""
    try:
        quota, period = (CGROUP / "cpu.max").read_text("ascii").split()
        return None if quota == "max" else max(1, int(quota) // int(period))
    except (OSError, ValueError):
        return None


def _cgroup_number(name: str) -> int | None:
    try:
        return int((CGROUP / name).read_text("ascii"))
    except (OSError, ValueError):
        return None


def _cgroup_page_cache() -> int:
    """Return how much of what a container uses are pages of files, which go when memory is wanted.

    A container that has just read its models has them all in there.
    """
    try:
        lines = (CGROUP / "memory.stat").read_text("ascii").splitlines()
        kinds = dict(line.split() for line in lines)
        return int(kinds["active_file"]) + int(kinds["inactive_file"])
    except (OSError, ValueError, KeyError):
        return 0


def _free_memory() -> int:
    try:
        for line in Path("/proc/meminfo").read_text("ascii").splitlines():
            if line.startswith("MemAvailable:"):
                return int(line.split()[1]) * 1024
    except (OSError, ValueError):
        pass
    try:
        return int(_sysctl("hw.memsize")) * 3 // 4
    except (OSError, ValueError, subprocess.SubprocessError):
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
