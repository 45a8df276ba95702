"""Count the tokens that requests need, in a worker that loads a model's vocabulary alone. App side."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from pathlib import Path

from app.engine.gguf import ModelHeader
from app.engine.process import WorkerDied, WorkerProcess, default_command, refused
from app.engine.request import Request, request_to_json
from app.engine.stderr_log import WorkerLog
from app.errors import ModelError

ANSWER_SECONDS = 60.0
BATCH_CHARACTERS = 2**20


async def longest(
    header: ModelHeader, requests: Iterable[Request], command: Sequence[str] | None = None
) -> int:
    """Return the tokens that the longest of the requests needs of a context, its answer included.

    0 without any. ModelError when the vocabulary cannot be loaded, or the worker dies of a text.
    """
    path, groups = header.path, batches(requests, header.context_length)
    if (first := next(groups, None)) is None:
        return 0
    with WorkerLog() as log:
        try:
            worker = await WorkerProcess.spawn(command or default_command(), log.path)
        except WorkerDied as death:
            raise ModelError(f"The tokens cannot be counted: {death}.") from None
        try:
            return await _longest(worker, path, chain([first], groups))
        except (WorkerDied, KeyError, TypeError, ValueError) as problem:
            raise ModelError(f"The tokens of {path.name} cannot be counted: {problem}.") from None
        finally:
            await worker.end(1.0)


async def _longest(worker: WorkerProcess, path: Path, groups: Iterable[Sequence[Request]]) -> int:
    worker.expect_news(ANSWER_SECONDS)
    worker.send("vocabulary", path=str(path))
    answer = await worker.receive()
    if answer["type"] != "ready":
        raise refused(answer)
    most = 0
    for batch in groups:
        worker.send("count", id="", requests=[request_to_json(request) for request in batch])
        counts = (await worker.receive())["counts"]
        most = max(most, *(int(count) for count in counts))
    return most


def batches(requests: Iterable[Request], context: int) -> Iterator[list[Request]]:
    """Put requests together until they hold about a million characters: what is counted in one go.

    Left out are those that cannot fit into the longest possible `context` in any case.
    """
    batch: list[Request] = []
    size = 0
    for request in requests:
        if request.surely_exceeds(context):
            continue
        batch.append(request)
        size += request.characters
        if size >= BATCH_CHARACTERS:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch
