# Quorum: `make run` opens the app, `make test` runs all tests. Both set up what they need.

PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin

# llama.cpp is compiled once. Its server, tools and multimodal parts are not used by Quorum.
# Add your own, for example: make setup CMAKE_ARGS=-DGGML_CUDA=on
LLAMA_ARGS := -DLLAVA_BUILD=OFF -DLLAMA_BUILD_TOOLS=OFF -DLLAMA_BUILD_SERVER=OFF \
              -DLLAMA_BUILD_EXAMPLES=OFF -DLLAMA_BUILD_TESTS=OFF
INSTALL := CMAKE_ARGS="$(LLAMA_ARGS) $(CMAKE_ARGS)" $(BIN)/python -m pip install -q -c constraints.txt

FIRST := build/first-run
NATIVE := build/native/bin

.PHONY: help setup dev run test test-real test-consumers faults fuzz soak lint manual screenshots bench native models accuracy proof clean \
        gpu gpu-carry

help:
	@echo "make run          set up if needed, open Quorum (headless default run where there is no terminal)"
	@echo "make test         set up if needed, run all tests"
	@echo "make test-real    the tests that ask two real models, fetched once: 340 MB, some minutes"
	@echo "make test-consumers  load and train on exports with TRL and transformers (installs torch)"
	@echo "make setup        create $(VENV) and install Quorum (compiles llama.cpp the first time)"
	@echo "make faults       end, refuse and spoil everything Quorum does to files, at every point: an hour or two"
	@echo "make fuzz         any bytes as model files, files, frames and texts, on a terminal too: an hour"
	@echo "make soak         a run of two hours with dying workers, a reviewer, exports and backups beside it"
	@echo "make lint         ruff and mypy"
	@echo "make manual       write the options of the commands into the manual again"
	@echo "make screenshots  draw screenshots/ from a real run"
	@echo "make bench        paired measurements"
	@echo "make gpu          build, test and measure on a machine with an NVIDIA card and no network"
	@echo "make gpu-carry    keep what make gpu needs in build/gpu-carry, where there is a network"
	@echo "make native       build llama-server and llama-batched-bench to measure against"
	@echo "make proof        what rules, learning and a student are worth in a world of known answers: an hour"
	@echo "make accuracy     the accuracy table of the bundled models, through the app's engine"
	@echo "make models       train and pack the bundled models again (hours on a CPU)"

setup: $(VENV)/.installed build/llama.cpp/.version

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || \
	  { echo "Quorum needs Python 3.11 or newer. Name one: make setup PYTHON=python3.12" >&2; exit 1; }
	@$(PYTHON) -m venv $(VENV) || \
	  { echo "Could not make a virtual environment. On Debian or Ubuntu: apt-get install python3-venv" >&2; exit 1; }

$(VENV)/.installed: pyproject.toml constraints.txt | $(VENV)/bin/python
	@$(BIN)/python -c 'import llama_cpp' 2>/dev/null || $(BIN)/python .ci/compiler.py
	@echo "Installing Quorum. The first time this compiles llama.cpp: about 5 minutes on 2 cores." >&2
	@$(INSTALL) -e .
	@touch $@

# The source that llama-cpp-python is built from: vocabularies, templates, llama.cpp's own programs.
build/llama.cpp/.version: constraints.txt | $(VENV)/bin/python
	@$(BIN)/python .ci/source.py

# llama.cpp's own programs, for `quorum bench --native $(NATIVE)`.
native: setup
	@command -v cmake >/dev/null || \
	  { echo "CMake is needed to build them. On Debian or Ubuntu: apt-get install cmake" >&2; exit 1; }
	@cmake -S build/llama.cpp -B build/native -DCMAKE_BUILD_TYPE=Release -DLLAMA_CURL=OFF -DLLAMA_BUILD_TESTS=OFF \
	  -DLLAMA_BUILD_EXAMPLES=OFF -DBUILD_SHARED_LIBS=OFF >/dev/null
	@cmake --build build/native -j --target llama-server llama-batched-bench >/dev/null
	@echo "Built. Measure against it: quorum bench --native $(NATIVE)"

gpu-carry: setup
	@$(BIN)/python .ci/gpu.py carry $(ARGS)

# Without setup: that machine has no network, and its llama.cpp is built for the card.
gpu:
	@$(PYTHON) .ci/gpu.py run $(ARGS)

dev: setup $(VENV)/.dev

$(VENV)/.dev: $(VENV)/.installed
	@$(INSTALL) -e '.[dev]'
	@touch $@

run: setup
	@if [ -t 1 ]; then $(BIN)/quorum; else \
	  mkdir -p $(FIRST) && \
	  $(BIN)/quorum run $(FIRST)/quorum-first.db && \
	  $(BIN)/quorum export $(FIRST)/quorum-first.db $(FIRST)/quorum-first.jsonl --format alpaca-jsonl --force && \
	  echo "The default run is in $(FIRST)/quorum-first.db, its rows in $(FIRST)/quorum-first.jsonl"; fi

# A test that hangs must say where; the slowest takes some two minutes on a quiet machine.
TIMEOUT := --timeout 900

# Two files at a time: tests wait for screens and other processes about as long as they compute.
test: dev
	@$(BIN)/python -m pytest -n 2 --dist loadfile $(TIMEOUT) --ignore tests/real $(PYTEST_ARGS)

test-real: dev
	@$(BIN)/python .ci/real_models.py
	@$(BIN)/python -m pytest tests/real $(TIMEOUT) $(PYTEST_ARGS)

# The programs that exports are for. They bring torch, so `make test` leaves them out.
test-consumers: dev
	@$(INSTALL) -e '.[dev,consumers]'
	@HF_HUB_OFFLINE=1 $(BIN)/python -m pytest tests/consumers $(PYTEST_ARGS)

# With strace every system call is reached; without it, or where tracing is denied, moments are random.
faults: dev
	@QUORUM_FAULTS=long $(BIN)/python -m pytest tests/faults tests/cluster/test_namespaces.py $(PYTEST_ARGS)

fuzz: dev
	@QUORUM_FAULTS=long $(BIN)/python -m pytest tests/fuzz $(PYTEST_ARGS)

soak: dev
	@QUORUM_SOAK=$${QUORUM_SOAK:-7200} $(BIN)/python -m pytest tests/faults/test_soak.py $(PYTEST_ARGS)

lint: dev
	@$(BIN)/ruff check . && $(BIN)/ruff format --check . && $(BIN)/mypy

manual: dev
	@$(BIN)/python -m app.cli.reference

screenshots: dev
	@$(BIN)/python screenshots/draw.py

bench: setup
	@$(BIN)/quorum bench

accuracy: dev
	@$(BIN)/python -m models.training.accuracy

# Trains students, with the same extras as `make models`.
proof: dev
	@$(INSTALL) -e '.[train]'
	@$(BIN)/python -m models.proof

models: $(VENV)/bin/python
	@$(INSTALL) -e '.[train]'
	@$(BIN)/python -m models.training.all

clean:
	rm -rf build dist .pytest_cache .mypy_cache .ruff_cache
