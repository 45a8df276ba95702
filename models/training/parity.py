"""Compare the checkpoints with their packed files: `python -m models.training.parity [MODEL ...]`.

Prints the largest difference of the logits (F32 and Q8_0 file) and how many texts get the same tokens.
"""

from __future__ import annotations

import argparse
import random
import tempfile
from functools import cache
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from . import architectures, documents
from .checkpoints import Network, load
from .pack import TITLES, pack
from .runtime import Model
from .tokenizers import ASSISTANT, BUILD, END, USER, load_chat, load_spm

CHAT, SPM = cache(load_chat), cache(load_spm)

ODD_TEXTS = (
    "",
    " ",
    "  two  spaces ",
    "tab\there",
    "line\nbreak\n\nagain",
    "naïve café — “quoted” … ½",
    "日本語のテキスト",
    "🙂🙃 emoji",
    "a1b22c333 4,567.89",
    "|EoS| inside |EoS||EoS|",
    "don't can't I'll WE'RE",
    "<b>tags</b> & {braces} [x] \\ / # @ ~ ^ `",
    "zxqv Wrdlbrmpft",
)


def texts(count: int) -> list[str]:
    """Return odd texts and texts of the world in all their formats."""
    rng = random.Random(5)
    drawn = list(ODD_TEXTS)
    stream = documents.writer_documents(rng)
    while len(drawn) < count:
        drawn.append(documents.content(documents.conversation(rng)))
        if len(drawn) % 5 == 0:
            drawn.append("".join(part.text for part in next(stream)))
    return drawn


def same_tokens(name: str, model: Model, count: int = 1500) -> tuple[int, int]:
    """Return how many texts llama.cpp and the training tokenizer cut alike, and how many there were."""
    drawn = texts(count)
    same = 0
    for text in drawn:
        if name == "chat":
            ours = CHAT().encode(text).ids
        elif name == "t5":
            ours = [*SPM(name).encode(text), 1]
        else:
            ours = [1, *SPM(name).encode(text)]
        theirs = model.tokens(text)
        same += ours == theirs
        if ours != theirs:
            print(f"  {name} cuts differently: {text[:70]!r} {ours[:20]} {theirs[:20]}")
    return same, len(drawn)


def rows(name: str) -> list[tuple[list[int], list[int]]]:
    """Return a few (source, answer) rows; decoders have no source."""
    rng = random.Random(9)
    pairs: list[tuple[list[int], list[int]]] = []
    for _ in range(6):
        item = documents.conversation(rng)
        if name == "t5":
            spm = SPM(name)
            pairs.append(([*spm.encode(documents.content(item)), 1], [0, *spm.encode(item.output)]))
        elif name == "chat":
            text = f"{USER} {item.instruction}{ASSISTANT} {item.output}{END}"
            pairs.append(([], CHAT().encode(text).ids))
        else:
            text = "".join(part.text for part in documents.block_document(rng, 3))
            pairs.append(([], [1, *SPM(name).encode(text)]))
    return pairs


def difference(network: Network, path: Path, name: str) -> tuple[float, float, float]:
    """Return the largest logit difference, the share of equal best tokens and the spread of the logits."""
    model = Model(path)
    worst, agree, spread = 0.0, [], []
    for source, answer in rows(name):
        with torch.no_grad():
            arguments = [torch.tensor([ids]) for ids in (source, answer) if ids]
            ours = network.logits(*arguments)[0].numpy()
        model.begin(source or answer[:1])
        theirs = np.stack([_after(model, token) for token in (answer if source else answer[1:])])
        ours = ours[-len(theirs) :]
        worst = max(worst, float(np.abs(ours - theirs).max()))
        agree.append((ours.argmax(-1) == theirs.argmax(-1)).mean())
        spread.append(ours.std())
    model.close()
    return worst, float(np.mean(agree)), float(np.mean(spread))


def _after(model: Model, token: int) -> NDArray[np.float32]:
    model.run([token])
    return model.scores()


def main() -> None:
    """Check the models that the command line names, or all."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("model", nargs="*", default=sorted(TITLES))
    # The networks multiply in bf16; parity is about the format, so compare them in full precision.
    architectures.PRECISION = torch.float32
    torch.set_num_threads(1)
    for name in parser.parse_args().model:
        network, _ = load(BUILD / f"{name}.pt")
        with tempfile.TemporaryDirectory() as folder:
            for f32 in (True, False):
                path = pack(name, Path(folder), f32)
                worst, agree, spread = difference(network, path, name)
                kind = "F32" if f32 else "Q8_0"
                print(f"{name} {kind}: worst difference {worst:.4f} of {spread:.2f}, same best {agree:.1%}")
            model = Model(path)
            print(f"{name} tokenizer: same on %d of %d" % same_tokens(name, model), flush=True)
            model.close()


if __name__ == "__main__":
    main()
