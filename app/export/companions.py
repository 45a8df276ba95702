"""The files that accompany the rows: the card of a folder, and settings for trainers."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from app.errors import ExportError
from app.export.layout import Opener, Placement
from app.export.request import ExportRequest
from app.export.trainers import axolotl, llama_factory

_AXOLOTL_KINDS = {"csv": "csv", "parquet": "parquet"}
_LARGEST = 16 << 20


def write_companions(
    target: Path, request: ExportRequest, placed: Sequence[Placement], opened: Opener, *, force: bool
) -> None:
    """Write what the trainers asked for need. Raises ExportError."""
    if "llama-factory" in request.trainers:
        root = target if request.container == "folder" else target.parent
        info = root / "dataset_info.json"
        files = {_data_set(target, place): place.data.relative_to(root).as_posix() for place in placed}
        entries = llama_factory(request.form, files, bool(request.system))
        merged = {**_others(info, entries, force), **entries} if info.exists() else entries
        opened(info, True).write((json.dumps(merged, ensure_ascii=False, indent=2) + "\n").encode())
    if "axolotl" in request.trainers:
        kind = _AXOLOTL_KINDS.get(request.container, "json")
        folder = request.container == "folder"
        config = target / "axolotl.yaml" if folder else target.with_name(f"{target.stem}.axolotl.yaml")
        files = {place.part: place.data.relative_to(config.parent).as_posix() for place in placed}
        text = axolotl(request.form, files, kind)
        opened(config, force).write(text.encode())


def _data_set(target: Path, place: Placement) -> str:
    """Name a data set for LLaMA-Factory's `dataset:` setting, which separates names by commas."""
    return "_".join(filter(None, (target.stem.replace(",", "_"), place.part)))


def _others(info: Path, entries: dict[str, Any], force: bool) -> dict[str, Any]:
    """Return what an existing `dataset_info.json` says of other data sets. Raises ExportError."""
    try:
        if info.stat().st_size > _LARGEST:
            raise ValueError("too large")
        present = json.loads(info.read_bytes())
    except (OSError, ValueError, RecursionError):
        present = None
    if not isinstance(present, dict):
        raise ExportError(
            f"{info} already exists and is not a JSON object.", "Move it away, or choose another folder."
        )
    if not force and (known := sorted(entries.keys() & present.keys())):
        raise ExportError(
            f"{info} already has a data set {known[0]}.",
            "Choose another name, or replace it with --force.",
        )
    return present
