"""The review queue as one person walks through it: order, filter, place, the item shown, those read ahead.

`QueueState` is pure: numbers and items in, numbers and items out. The functions below it read from the
project. Nothing here knows Textual.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import replace
from functools import partial
from time import monotonic
from typing import Final, cast

import numpy as np
from numpy.typing import NDArray

from app.errors import QuorumError
from app.store import review
from app.store.filters import Filter, View, parse
from app.store.project import Connection, Project
from app.store.review_state import ReviewState
from app.store.rows import Order
from app.store.views import ReviewItem
from app.tui.memory import QueuePlace

Numbers = NDArray[np.int64]

ORDERS: Final[Mapping[Order, str]] = {
    "disagreement": "most disagreement first",
    "symbols": "differs in sign, number or symbol first",
    "threshold": "closest to the threshold first",
    "number": "as generated",
    "equal": "fewest equal answers first",
    "longest": "longest first",
    "doubtful": "least probably right first",
    "probable": "most probably right first",
    "random": "in random order",
}
"""The orders in the order of their menu, and what they are called."""
VIEWS: Final[Mapping[View, str]] = {
    "undecided": "undecided",
    "all": "all",
    "dropped": "dropped by the vote",
    "flagged": "flagged",
    "differing": "decided against the vote",
    "decided": "decided",
    "conflicts": "reviewers differ",
    "unseen": "not decided by you",
    "aside": "dropped before the vote",
}
"""The lists in the order of their menu, and what they are called."""
HEAD = 200
"""Items read before the first is shown; the others follow while it is looked at."""
SEEDS = 25
"""Random orders there are; each is the same the next time."""
LOOK_SECONDS = 1.0
LOOK_SHARE = 20
"""How many times longer than a look at the queue takes the next one waits at least."""


class QueueState:
    """A list of item numbers and a place in it; the place after the last one is the end.

    What lies behind and what is looked at never moves; only what lies ahead follows the queue. A
    million numbers take eight bytes each and no step looks at them one by one.
    """

    def __init__(self) -> None:
        self.order: Order = "disagreement"
        self.wanted = review.UNDECIDED
        self.seed = 0
        self.numbers: Numbers = np.empty(0, np.int64)
        self.at = 0
        self.whole = True
        """Whether all of the queue is here, not its beginning alone."""
        self.item: ReviewItem | None = None
        """The item that is shown, None at the end."""
        self._unfiltered: View = "undecided"
        """The list that was shown before a filter was typed."""
        self._settled: set[int] = set()
        self._ahead: dict[int, ReviewItem] = {}

    def __len__(self) -> int:
        return len(self.numbers)

    # ---- what is listed -------------------------------------------------------------------------

    @property
    def asked(self) -> tuple[Order, Filter, int]:
        """What the numbers are an answer to: order, filter and the seed of the random order."""
        return self.order, self.wanted, self.seed

    def restore(self, place: QueuePlace) -> None:
        """List what was listed the last time. Raises QuorumError for an unreadable filter."""
        if place.order in ORDERS:
            self.order = cast(Order, place.order)
        self.seed = place.seed % SEEDS
        view = cast(View, place.view if place.view in VIEWS else "undecided")
        self._unfiltered = view
        self.wanted = parse("", view)  # what is listed if the filter cannot be read
        self.wanted = parse(place.terms, view, strict=False)

    def place(self, listed: bool | None) -> QueuePlace:
        """Return what is worth remembering; `listed` says whether the list stands beside the item."""
        return QueuePlace(self.order, self.wanted.view, self.wanted.text, self.current, self.seed, listed)

    def list_only(self, numbers: tuple[int, ...]) -> None:
        """List these items alone."""
        self.wanted = Filter(only=numbers)

    def take_view(self, view: View) -> None:
        """Take a list, with nothing else filtered."""
        self.wanted = parse("", view)

    def take_order(self, order: Order) -> None:
        """Take an order; a random one is another each time."""
        self.order = order
        if order == "random":
            self.seed = (self.seed + 1) % SEEDS

    def filter(self, text: str) -> None:
        """Take a filter as typed; who looks for a text wants it wherever it is. Raises QuorumError."""
        view = self.wanted.view
        wanted = parse(text, "all" if view == "undecided" and text else view)
        if not self.wanted.text:
            self._unfiltered = view
        self.wanted = wanted

    def clear_filter(self) -> bool:
        """Take the list that was there before a filter was typed; return whether there was a filter."""
        filtered = bool(self.wanted.text)
        if filtered:
            self.take_view(self._unfiltered)
        return filtered

    def countable(self) -> tuple[dict[View, Filter], dict[Order, Filter]]:
        """Return what to count for the menu of lists, and for orders that not all items have a place in."""
        text, view = self.wanted.text, self.wanted.view
        orders: dict[Order, Filter] = {
            "symbols": parse(f"{text} symbols:yes", view),
            "doubtful": parse(f"{text} probability>=0", view),
            "probable": parse(f"{text} probability>=0", view),
        }
        return {name: parse("", name) for name in VIEWS}, orders

    # ---- the place ------------------------------------------------------------------------------

    @property
    def current(self) -> int | None:
        """The number at the place, None at the end."""
        return int(self.numbers[self.at]) if self.at < len(self.numbers) else None

    def begin(self, queue: Iterable[int], keep: int | None = None, *, whole: bool = True) -> None:
        """Start at the first of `queue`, or at `keep` if it is in it."""
        self.numbers, self.whole = _numbers(queue), whole
        self._settled.clear()
        self.at = 0
        if keep is not None and (place := self._place(keep)) is not None:
            self.at = place

    def complete(self, queue: Iterable[int]) -> None:
        """Take all of a queue whose beginning is here."""
        if self.at == 0:
            self.begin(queue, self.current)
        else:
            self.follow(queue)

    def follow(self, queue: Iterable[int]) -> None:
        """Take what lies ahead from `queue`."""
        fresh = _numbers(queue)
        behind = self.numbers[: self.at + 1]
        seen = np.zeros(1 + int(max(behind.max(initial=0), fresh.max(initial=0))), np.bool_)
        seen[behind] = True
        self.numbers, self.whole = np.concatenate([behind, fresh[~seen[fresh]]]), True

    def settle(self, number: int) -> None:
        """Note that an item is decided or put off, and go to the next one that is not, or to the end."""
        self._settled.add(number)
        self.at += 1
        while self.at < len(self.numbers) and int(self.numbers[self.at]) in self._settled:
            self.at += 1
        self.at = min(self.at, len(self.numbers))

    def step(self, by: int) -> bool:
        """Move by that many, settled or not; return whether there was somewhere to go."""
        return self.go(self.at + by)

    def go(self, place: int) -> bool:
        """Go to a place of the list, or its nearest end; return whether that is another one."""
        target = min(max(place, 0), len(self.numbers))
        moved, self.at = target != self.at, target
        return moved

    def visit(self, number: int) -> None:
        """Go to an item, which counts as open again; one that is not in the list is put in here."""
        self._settled.discard(number)
        place = self._place(number)
        if place is None:
            self.numbers = np.insert(self.numbers, self.at, number)
        else:
            self.at = place

    def _place(self, number: int) -> int | None:
        places = np.flatnonzero(self.numbers == number)
        return int(places[0]) if len(places) else None

    # ---- items read ahead -----------------------------------------------------------------------

    def missing_ahead(self) -> list[int]:
        """Return the numbers worth reading ahead, two on and one back, that are not here; drop all others."""
        behind = self.numbers[max(self.at - 1, 0) : self.at]
        near = [*self.numbers[self.at + 1 : self.at + 3].tolist(), *behind.tolist()]
        self._ahead = {number: item for number, item in self._ahead.items() if number in near}
        return [number for number in near if number not in self._ahead]

    def put_ahead(self, item: ReviewItem) -> None:
        """Keep an item until it is wanted."""
        self._ahead[item.number] = item

    @property
    def items_ahead(self) -> list[ReviewItem]:
        """The items that were read ahead."""
        return list(self._ahead.values())

    def take_ahead(self, number: int) -> ReviewItem | None:
        """Return an item that was read ahead."""
        return self._ahead.pop(number, None)

    def forget_ahead(self) -> None:
        """Drop what was read ahead: something in it may have changed."""
        self._ahead.clear()


# ---- reading it from the project ----------------------------------------------------------------------


async def read(queue: QueueState, project: Project, reviewer: str, keep: int | None = None) -> None:
    """Read the queue anew, of a long one its beginning; go to its first item, or to `keep` if it is in it."""
    numbers = await _fetch_numbers(queue, project, reviewer, HEAD)
    whole = len(numbers) < HEAD
    wanted = queue.wanted
    if (
        keep is not None
        and not whole
        and keep not in numbers
        and await project.fetch(lambda c: review.passes(c, keep, wanted, reviewer))
    ):
        numbers = array("q", [keep])
    queue.forget_ahead()
    queue.begin(numbers, keep, whole=whole)


async def read_rest(queue: QueueState, project: Project, reviewer: str) -> bool:
    """Read all of a long queue whose beginning is shown; return False if another list is shown by now."""
    asked = queue.asked
    numbers = await _fetch_numbers(queue, project, reviewer)
    if asked == queue.asked:
        queue.complete(numbers)
    return asked == queue.asked


async def read_again(queue: QueueState, project: Project, reviewer: str) -> bool:
    """Take up what the queue holds now; return False if another list is shown by now."""
    queue.forget_ahead()
    asked = queue.asked
    numbers = await _fetch_numbers(queue, project, reviewer)
    if asked == queue.asked and queue.item is not None:
        queue.follow(numbers)
    return asked == queue.asked


async def _fetch_numbers(queue: QueueState, project: Project, reviewer: str, limit: int = -1) -> array[int]:
    order, wanted, seed = queue.asked
    return await project.fetch(
        lambda c: review.numbers(c, order, wanted, reviewer=reviewer, seed=seed, limit=limit)
    )


async def read_item(queue: QueueState, project: Project, blind: str = "") -> ReviewItem | None:
    """Return the item at the place, None at the end; to a `blind` reviewer without what others decided."""
    number = queue.current
    if number is None:
        return None
    return queue.take_ahead(number) or await project.fetch(partial(_item, number=number, blind=blind))


async def read_ahead(queue: QueueState, project: Project, blind: str = "") -> None:
    """Read the items a person may look at next, so that they are there at once."""
    # What cannot be read ahead is read again when it is wanted, and its error is shown then.
    with suppress(QuorumError):
        for number in queue.missing_ahead():
            queue.put_ahead(await project.fetch(partial(_item, number=number, blind=blind)))


def _item(c: Connection, number: int, blind: str = "") -> ReviewItem:
    item = review.item(c, review.id_of(c, number))
    return blinded(item) if blind and not review.has_decided(c, blind, item.instance_id) else item


class LookPace:
    """When to look at a queue to which a run adds: never so often that it costs a twentieth of the time."""

    def __init__(self) -> None:
        self._votes = -1
        self._ended = 0.0
        self._took = 0.0

    def wait(self, votes: int) -> float | None:
        """Return the seconds to wait before the next look; None where nothing was voted on since."""
        if votes == self._votes:
            return None
        self._votes = votes
        pause = max(LOOK_SECONDS, LOOK_SHARE * self._took)
        return max(0.01, pause - (monotonic() - self._ended))

    @contextmanager
    def look(self) -> Iterator[None]:
        """Measure a look."""
        began = monotonic()
        yield
        self._ended = monotonic()
        self._took = self._ended - began


def masked(item: ReviewItem) -> ReviewItem:
    """Return an item as if nobody had decided anything about it; a changed task stays as it reads now."""
    state = ReviewState(instruction=item.state.instruction, input=item.state.input, task=item.state.task)
    return replace(item, state=state, last=None, references=(), said=())


def blinded(item: ReviewItem) -> ReviewItem:
    """Return an item without what others decided; flag and tags stay: who sets them, sets them for all."""
    hidden = masked(item)
    return replace(hidden, state=replace(hidden.state, flagged=item.state.flagged, tags=item.state.tags))


def _numbers(queue: Iterable[int]) -> Numbers:
    if isinstance(queue, array):
        return np.frombuffer(queue, np.int64) if len(queue) else np.empty(0, np.int64)
    return np.fromiter(queue, np.int64)
