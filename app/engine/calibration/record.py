"""What was measured to be fastest for a model on this machine: kept, looked up, said in one line."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import platformdirs

from app.engine.devices import build_id
from app.engine.gguf import ModelHeader, file_version
from app.engine.json_cache import recall, remember
from app.engine.machine import physical_cores, processor_name
from app.engine.settings import Settings, default_settings


@dataclass(frozen=True, slots=True)
class Calibration:
    """The fastest settings found: `speed` is tokens a second, prompts included, at all cores, `gain` how many
    times faster that is than the defaults (1 when it is them, 0 when they do not work here).

    `beside_threads` is for running with a screen, which a core is left to. `ruled_out` says what cannot
    be used here and why (foreign text).
    """

    parallel: int
    flash_attention: bool
    repack: bool
    threads: int
    beside_threads: int
    speed: float
    gain: float
    ruled_out: tuple[str, ...] = ()

    def applied_to(self, settings: Settings, *, headless: bool) -> Settings:
        """Return `settings` with what was measured in place of what was assumed."""
        return replace(
            settings,
            parallel=self.parallel,
            flash_attention=self.flash_attention,
            repack=self.repack,
            threads=self.threads if headless else self.beside_threads,
        )

    def line(self) -> str:
        """Say what was found in one line."""
        outcome = f"{self.gain:.2f} times as fast as the defaults"
        if not self.gain or self.gain == 1:
            outcome = "the defaults are best" if self.gain else "the defaults do not work here"
        threads = f"{self.threads} thread" + ("s" if self.threads != 1 else "")
        if self.beside_threads != self.threads:
            threads += f" ({self.beside_threads} with a screen)"
        return (
            f"{self.parallel} at once, {threads}, flash attention {_on(self.flash_attention)}, "
            f"repacked weights {_on(self.repack)}: {outcome}"
        )

    def to_json(self) -> dict[str, Any]:
        """Turn it into plain JSON values."""
        return asdict(self)

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> Calibration:
        """Build it from what `to_json` made; TypeError, KeyError or ValueError otherwise."""
        return cls(
            parallel=int(values["parallel"]),
            flash_attention=bool(values["flash_attention"]),
            repack=bool(values["repack"]),
            threads=int(values["threads"]),
            beside_threads=int(values["beside_threads"]),
            speed=float(values["speed"]),
            gain=float(values["gain"]),
            ruled_out=tuple(str(reason) for reason in values["ruled_out"]),
        )


def stored(header: ModelHeader, *, gpu: bool = False, cache: Path | None = None) -> Calibration | None:
    """Return what was measured for this version of the file on this machine, or None.

    `gpu`: with layers on a GPU, which is measured apart. `cache` is the JSON file that remembers (default:
    in the user's cache folder).
    """
    try:
        return Calibration.from_json(recall(cache or _cache(), _key(header, gpu)))
    except (KeyError, TypeError, ValueError):
        return None


def store(
    header: ModelHeader, calibration: Calibration, *, gpu: bool = False, cache: Path | None = None
) -> None:
    """Remember what was measured."""
    remember(cache or _cache(), _key(header, gpu), calibration.to_json())


def chosen_settings(
    header: ModelHeader, *, headless: bool, gpu: bool = False, context: int | None = None
) -> Settings:
    """Return the settings to load a model with: measured ones where there are some, else the defaults."""
    settings = default_settings(header, headless=headless, context=context)
    calibration = stored(header, gpu=gpu)
    return calibration.applied_to(settings, headless=headless) if calibration is not None else settings


def _cache() -> Path:
    return platformdirs.user_cache_path("quorum") / "calibrations.json"


def _key(header: ModelHeader, gpu: bool) -> str:
    """Name file, machine and build: what was measured holds for these together only."""
    facts = [processor_name(), physical_cores(), build_id(), "gpu" if gpu else "processor"]
    machine = hashlib.sha256(repr(facts).encode()).hexdigest()[:16]
    size, changed = file_version(header.path)
    return f"{machine}|{size}|{changed}|{header.path}"


def _on(flag: bool) -> str:
    return "on" if flag else "off"
