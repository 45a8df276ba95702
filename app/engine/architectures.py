"""Which architectures the installed llama.cpp can load, read from its library without loading it.

The app process never loads llama.cpp, and a list kept here would be out of date with its next version. The
names stand in the library as constants, so a name that does not stand there is one llama.cpp refuses.
"""

from __future__ import annotations

import functools
import importlib.util
import mmap
import os
from pathlib import Path

_LIBRARIES = ("libllama.so", "libllama.dylib")
_KNOWN_TO_ALL = "llama"


def library() -> Path | None:
    """Return the path of llama.cpp's library, or None where it cannot be found."""
    given = os.environ.get("LLAMA_CPP_LIB_PATH")  # where llama-cpp-python looks first
    folders = [Path(given)] if given else []
    try:
        spec = importlib.util.find_spec("llama_cpp")
    except (ImportError, ValueError):
        spec = None
    if spec is not None:
        folders += [Path(place, "lib") for place in spec.submodule_search_locations or ()]
    paths = (folder / name for folder in folders for name in _LIBRARIES)
    return next((path for path in paths if path.is_file()), None)


@functools.cache
def supported(architecture: str, place: Path | None = None) -> bool:
    """Say whether llama.cpp knows an architecture; in doubt it does, and refuses by itself when it loads.

    `place` is the library to look into, by default the installed one.
    """
    place = place or library()
    if place is None:
        return True
    try:
        with place.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
            return _stands_in(architecture, data) or not _stands_in(_KNOWN_TO_ALL, data)
    except (OSError, ValueError):
        return True


def _stands_in(name: str, data: mmap.mmap) -> bool:
    """Look for the name with the zero that ends it; its start may be shared with a longer constant's end."""
    return data.find(name.encode("utf-8", "replace") + b"\0") >= 0
