"""What llama.cpp itself says about the machine. Worker side."""

from __future__ import annotations

import ctypes
from typing import Any

import llama_cpp
from llama_cpp import _ggml

_GPU, _INTEGRATED_GPU = 1, 2  # ggml_backend_dev_type, ggml-backend.h


def gpus() -> list[dict[str, Any]]:
    """List the GPUs that llama.cpp would use: integrated ones only if there are no others, as it does.

    Memory is in bytes; `shared` means that it is the machine's main memory.
    """
    if not llama_cpp.llama_supports_gpu_offload():
        return []
    devices = [_describe(device) for device in _devices()]
    real = [gpu for kind, gpu in devices if kind == _GPU]
    return real or [gpu for kind, gpu in devices if kind == _INTEGRATED_GPU]


def supports_gpus() -> bool:
    """Whether this llama.cpp was built for any GPU at all."""
    return bool(llama_cpp.llama_supports_gpu_offload())


def build() -> dict[str, str]:
    """Return what llama.cpp says of itself: versions ("" where it does not tell), processor features."""
    versions = {name: _text(name) for name in ("ggml_version", "ggml_commit")}
    return {**versions, "features": llama_cpp.llama_print_system_info().decode("utf-8", "replace")}


def _text(function: str) -> str:
    """Call a function of ggml that takes nothing and returns a text; older ones lack some."""
    try:
        call = getattr(_ggml.libggml, function)
    except AttributeError:
        return ""
    call.restype = ctypes.c_char_p
    return (call() or b"").decode("utf-8", "replace")


def _devices() -> list[ctypes.c_void_p]:
    lib = _ggml.libggml
    lib.ggml_backend_dev_count.restype = ctypes.c_size_t
    lib.ggml_backend_dev_get.argtypes = [ctypes.c_size_t]
    lib.ggml_backend_dev_get.restype = ctypes.c_void_p
    return [
        ctypes.c_void_p(lib.ggml_backend_dev_get(number)) for number in range(lib.ggml_backend_dev_count())
    ]


def _describe(device: ctypes.c_void_p) -> tuple[int, dict[str, Any]]:
    """Return ggml's type of a device, and name and memory."""
    lib = _ggml.libggml
    lib.ggml_backend_dev_description.restype = ctypes.c_char_p
    lib.ggml_backend_dev_name.restype = ctypes.c_char_p
    free, total = ctypes.c_size_t(), ctypes.c_size_t()
    lib.ggml_backend_dev_memory(device, ctypes.byref(free), ctypes.byref(total))
    kind = int(lib.ggml_backend_dev_type(device))
    name: bytes = lib.ggml_backend_dev_description(device) or b""
    short: bytes = lib.ggml_backend_dev_name(device) or b""
    shared = kind == _INTEGRATED_GPU or short.startswith((b"Metal", b"MTL"))
    described = {
        "name": name.decode("utf-8", "replace"),
        "free": free.value,
        "total": total.value,
        "shared": shared,
    }
    return kind, described
