"""Load a model step by step, each step with its own words when it fails. Worker side.

header → weights → chat template → context → one token; only a model that passed all of it is ready, since a
file that loads can still abort at its first token.
"""

from __future__ import annotations

import ctypes
import os
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event

import llama_cpp
import numpy as np

from app.engine.gguf import ModelHeader, read_header
from app.engine.memory import batch_tokens, kv_cells, loading_allowance
from app.engine.request import Message
from app.engine.settings import PREFIXES, Settings
from app.engine.worker.batch import Batch
from app.engine.worker.limits import memory_limit
from app.engine.worker.runner import DecodeFailed
from app.engine.worker.sampling import logits_row
from app.engine.worker.template import ChatTemplate, TemplateFailed
from app.engine.worker.thinking import Thinking
from app.engine.worker.vocab import Vocab
from app.errors import ModelError

Report = Callable[[str, float], None]

LONGEST_COMPLAINT = 2000
"""Bytes of one message of llama.cpp."""

_complaints: deque[str] = deque(maxlen=8)
_WARNING, _ERROR, _CONTINUED = 3, 4, 5  # ggml_log_level, ggml.h


def _pass_on(level: int, text: bytes, _user_data: object) -> None:
    """Pass llama.cpp's words on to standard error (a file) and remember its complaints."""
    if level == 1:
        return
    text = text[:LONGEST_COMPLAINT]  # it quotes the file, which may hold texts of megabytes
    os.write(2, text)
    if level == _ERROR:
        _complaints.append(text.decode("utf-8", "replace").strip())


_callbacks: list[object] = []  # llama.cpp calls them for as long as the process lives
_log = llama_cpp.llama_log_callback(_pass_on)


@dataclass(slots=True)
class LoadedModel:
    """A model in memory, with the context it computes in; one thread owns it."""

    header: ModelHeader
    model: llama_cpp.llama_model_p
    context: llama_cpp.llama_context_p
    vocab: Vocab
    template: ChatTemplate | None
    context_length: int
    parallel: int
    cells: int
    batch_size: int
    interruption: Event
    """While it is set, a call of the model ends early and counts for nothing."""
    encodes: bool
    """Whether an encoder reads the prompt: llama.cpp's own word, which decides how it is generated with."""
    keeps_state: bool
    """Whether sequences have a recurrent state, which an interrupted call leaves in doubt."""
    exact: bool = False
    """Whether each request is to be computed as if it were alone."""
    marker_pieces: dict[int, bytes] = field(default_factory=dict)
    """Control tokens that the template's markers of thinking are made of, with their texts."""

    @property
    def thinking(self) -> Thinking | None:
        """How the model thinks before it answers, None if it does not."""
        return self.template.thinking if self.template else None

    @property
    def memory(self) -> llama_cpp.llama_memory_t:
        """The cache of keys and values."""
        memory: llama_cpp.llama_memory_t = llama_cpp.llama_get_memory(self.context)
        return memory

    def forget(self, sequence: int = -1) -> None:
        """Free the cache of a sequence, or of all.

        Whole sequences only: recurrent and hybrid models cannot give up a part of one.
        """
        if sequence < 0:
            llama_cpp.llama_memory_clear(self.memory, False)
        elif not llama_cpp.llama_memory_seq_rm(self.memory, sequence, -1, -1):
            raise DecodeFailed(f"llama.cpp does not free sequence {sequence}")

    def lend(self, source: int, target: int) -> None:
        """Give the sequence `target`, which must be empty, all that `source` has in the cache."""
        llama_cpp.llama_memory_seq_cp(self.memory, source, target, -1, -1)

    def decode(self, batch: Batch) -> int:
        """Run the decoder over a batch and wait for it; the result is llama.cpp's return code."""
        code: int = llama_cpp.llama_decode(self.context, batch.native())
        llama_cpp.llama_synchronize(self.context)
        return code

    def encode(self, batch: Batch) -> int:
        """Run the encoder over a batch; its result replaces the last one."""
        code: int = llama_cpp.llama_encode(self.context, batch.native())
        llama_cpp.llama_synchronize(self.context)
        return code

    def close(self) -> None:
        """Free everything; the object must not be used again."""
        llama_cpp.llama_free(self.context)
        llama_cpp.llama_model_free(self.model)


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """What turns a request into tokens: the model's vocabulary and chat template; weights are not needed."""

    vocab: Vocab
    template: ChatTemplate | None
    encodes: bool
    """Whether an encoder reads the prompt."""


def load_vocabulary(path: Path) -> Vocabulary:
    """Load no more of a model than what counts tokens; ModelError if that cannot be."""
    prepare()
    header = read_header(path)
    params = llama_cpp.llama_model_default_params()
    params.vocab_only = True
    with _step(header, "cannot be loaded"), memory_limit(2**30 + header.size):
        model = llama_cpp.llama_model_load_from_file(os.fsencode(header.path), params)
        if not model:
            raise _LoadFailed
    vocab = Vocab(model)
    return Vocabulary(vocab, _make_template(header, vocab), header.encoder_decoder)


def load(path: Path, settings: Settings, report: Report, interruption: Event | None = None) -> LoadedModel:
    """Load a model and prove that it works; ModelError names the step that failed and why.

    `report` is called with the name of the step and, while weights are read, the fraction done. Setting
    `interruption`, from any thread, ends the call of the model that is under way.
    """
    prepare()
    report("header", 0.0)
    header = read_header(path)
    # A GPU's driver maps more than anyone can foresee.
    limit = nullcontext() if _offloads(settings) else memory_limit(loading_allowance(header, settings))
    try:
        with limit:
            return _load(header, settings, report, interruption or Event())
    except MemoryError:
        raise ModelError(
            f"{header.path.name} takes far more memory to load than its header says.", "Choose another file."
        ) from None


def _load(header: ModelHeader, settings: Settings, report: Report, interruption: Event) -> LoadedModel:
    """Load within the bound of memory."""
    model = load_weights(header, settings, report)
    report("template", 0.0)
    vocab = Vocab(model)
    template = _make_template(header, vocab)
    report("context", 0.0)
    loaded = make_context(header, model, settings, vocab, template, interruption)
    report("probe", 0.0)
    _probe(loaded)
    return loaded


def prepare() -> None:
    """Make llama.cpp ready and listen to what it says; before anything else is asked of it."""
    llama_cpp.llama_log_set(_log, ctypes.c_void_p(0))
    llama_cpp.llama_backend_init()


def load_weights(header: ModelHeader, settings: Settings, report: Report) -> llama_cpp.llama_model_p:
    """Load the weights alone; ModelError with llama.cpp's reason if they cannot be."""
    with _step(header, "cannot be loaded"):
        return _load_weights(header, settings, report)


def make_context(
    header: ModelHeader,
    model: llama_cpp.llama_model_p,
    settings: Settings,
    vocab: Vocab,
    template: ChatTemplate | None,
    interruption: Event,
) -> LoadedModel:
    """Give a loaded model room to compute in, as `settings` say; ModelError if there is none."""
    with _step(header, "does not fit into memory with this context"):
        native = _make_context(header, model, settings)
    loaded = LoadedModel(
        header=header,
        model=model,
        context=native,
        vocab=vocab,
        template=template,
        context_length=settings.context,
        parallel=settings.parallel,
        cells=llama_cpp.llama_n_ctx(native),
        batch_size=llama_cpp.llama_n_batch(native),
        interruption=interruption,
        encodes=llama_cpp.llama_model_has_encoder(model),
        keeps_state=llama_cpp.llama_model_is_recurrent(model) or llama_cpp.llama_model_is_hybrid(model),
        exact=settings.exact,
        marker_pieces=_marker_pieces(template, vocab),
    )
    _watch(native, interruption)
    return loaded


@contextmanager
def _step(header: ModelHeader, failure: str) -> Iterator[None]:
    """Turn a failure inside into a ModelError with llama.cpp's own reason."""
    _complaints.clear()
    try:
        yield
    except (_LoadFailed, ValueError) as error:
        reason = "; ".join(dict.fromkeys(_complaints)) or str(error) or "llama.cpp gives no reason"
        raise ModelError(f"{header.path.name} {failure}: {reason}") from None


class _LoadFailed(Exception):
    """llama.cpp returned nothing."""


def _load_weights(header: ModelHeader, settings: Settings, report: Report) -> llama_cpp.llama_model_p:
    def progress(fraction: float, _user_data: object) -> bool:
        report("weights", fraction)
        return True

    params = llama_cpp.llama_model_default_params()
    params.n_gpu_layers = settings.gpu_layers
    params.progress_callback = llama_cpp.llama_progress_callback(progress)
    params.use_extra_bufts = settings.repack
    model: llama_cpp.llama_model_p | None = llama_cpp.llama_model_load_from_file(
        os.fsencode(header.path), params
    )
    if not model:
        raise _LoadFailed
    if llama_cpp.llama_model_is_diffusion(model):
        raise _LoadFailed("it does not write from left to right")
    if not llama_cpp.llama_model_has_decoder(model):
        raise _LoadFailed("it only encodes text and writes none")
    return model


def _make_context(
    header: ModelHeader, model: llama_cpp.llama_model_p, settings: Settings
) -> llama_cpp.llama_context_p:
    params = llama_cpp.llama_context_default_params()
    params.n_ctx = kv_cells(header, settings)
    params.n_seq_max = settings.parallel + (0 if header.encoder_decoder else PREFIXES)
    params.kv_unified = True  # one pool of cells, so that sequences can share those of a common prefix
    params.n_batch = params.n_ubatch = batch_tokens(header, settings)
    params.n_outputs_max = params.n_seq_max
    params.n_threads = params.n_threads_batch = settings.threads
    params.flash_attn_type = _flash_attention(settings)
    context: llama_cpp.llama_context_p | None = llama_cpp.llama_init_from_model(model, params)
    if not context:
        raise _LoadFailed
    return context


def _offloads(settings: Settings) -> bool:
    """Whether these settings use a GPU, with this build of llama.cpp."""
    return settings.gpu_layers != 0 and bool(llama_cpp.llama_supports_gpu_offload())


def _flash_attention(settings: Settings) -> int:
    """Return llama.cpp's constant; on a GPU it pays always, where the model allows it."""
    if settings.flash_attention or _offloads(settings):
        return int(llama_cpp.LLAMA_FLASH_ATTN_TYPE_AUTO)
    return int(llama_cpp.LLAMA_FLASH_ATTN_TYPE_DISABLED)


def _make_template(header: ModelHeader, vocab: Vocab) -> ChatTemplate | None:
    """Compile the model's chat template and try it on one message."""
    if header.encoder_decoder or not header.has_chat_template:
        return None
    try:
        template = ChatTemplate(header.chat_template, vocab.text_of(vocab.bos), vocab.text_of(vocab.eos))
        if not template.render([Message("user", "Hello.")]).strip():
            raise TemplateFailed("it renders to nothing")
    except TemplateFailed as error:
        raise ModelError(
            f"{header.path.name}: its chat template does not work: {error}",
            "Get a newer conversion of the model.",
        ) from None
    return template


def _marker_pieces(template: ChatTemplate | None, vocab: Vocab) -> dict[int, bytes]:
    if template is None or template.thinking is None:
        return {}
    return vocab.marker_pieces(template.thinking.markers)


def _probe(loaded: LoadedModel) -> None:
    """Decode one token: some files load and then abort, or compute nonsense."""
    batch = Batch(1)
    code = 0
    if loaded.encodes:
        batch.add([max(loaded.vocab.eos, 0)], 0, 0, output=True)
        code = loaded.encode(batch)
        batch.clear()
    batch.add([first_token(loaded)], 0, 0, output=True)
    code = code or loaded.decode(batch)
    if code == 0 and np.isfinite(logits_row(loaded.context, 0, loaded.vocab.size)).all():
        llama_cpp.llama_memory_clear(loaded.memory, True)
        return
    what = f"llama.cpp answers {code}" if code else "it computes values that are not numbers"
    raise ModelError(f"{loaded.header.path.name} cannot generate one token: {what}.", "Choose another file.")


def _watch(context: llama_cpp.llama_context_p, interruption: Event) -> None:
    """Let llama.cpp ask between the steps of a call whether to continue (CPU only: a GPU never asks)."""
    callback = llama_cpp.ggml_abort_callback(lambda _data: interruption.is_set())
    _callbacks.append(callback)
    llama_cpp.llama_set_abort_callback(context, callback, ctypes.c_void_p(0))


def first_token(loaded: LoadedModel) -> int:
    """Return the token a decoder starts from: an encoder-decoder's own, else the begin token."""
    if loaded.encodes:
        start = int(llama_cpp.llama_model_decoder_start_token(loaded.model))
        if start >= 0:
            return start
    return max(loaded.vocab.bos, 0)
