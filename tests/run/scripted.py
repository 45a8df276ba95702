"""Let runs use the scripted worker in place of a model."""

from __future__ import annotations

import sys
from functools import partial
from pathlib import Path

import pytest

from app.engine.restart_policy import Patience
from app.engine.supervisor import Engine
from app.run import ensemble

ROOT = Path(__file__).resolve().parents[2]
WORKER = Path(__file__).with_name("scripted_worker.py")


def use_scripted_worker(
    monkeypatch: pytest.MonkeyPatch, mode: str, folder: Path, multiline: str = "two\nlines"
) -> None:
    """Have every engine of a run start `scripted_worker.py` in this mode, and wait little for it."""
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    command = [sys.executable, str(WORKER), mode, str(folder), multiline]
    quick = Patience(load=20.0, answer=5.0, first_delay=0.01, longest_delay=0.02)
    monkeypatch.setattr(ensemble, "Engine", partial(Engine, worker_command=command, patience=quick))
