"""Walking through the review queue: where one is, what comes next. Pure; ids in, ids out."""

from __future__ import annotations

from collections.abc import Sequence


class Walk:
    """A list of instance ids and a place in it; the place after the last one is the end.

    What lies behind and what is looked at never moves; only what lies ahead follows the queue.
    """

    def __init__(self) -> None:
        self.ids: list[str] = []
        self.at = 0
        self._settled: set[str] = set()

    @property
    def current(self) -> str | None:
        """The id looked at, None at the end."""
        return self.ids[self.at] if self.at < len(self.ids) else None

    def begin(self, queue: Sequence[str], keep: str | None = None) -> None:
        """Start anew at the first of `queue`, or at `keep` if it is in it."""
        self.ids = list(queue)
        self._settled.clear()
        self.at = self.ids.index(keep) if keep in self.ids else 0

    def follow(self, queue: Sequence[str]) -> int:
        """Take what lies ahead from `queue`; return how many ids it has that were not known."""
        known = set(self.ids)
        behind = self.ids[: self.at + 1]
        seen = set(behind)
        self.ids = behind + [id for id in queue if id not in seen]
        return sum(1 for id in queue if id not in known)

    def settle(self, id: str) -> None:
        """Note that `id` was decided or put off on this walk."""
        self._settled.add(id)

    def advance(self) -> None:
        """Go to the next id that was not settled on this walk, or to the end."""
        self.at += 1
        while self.at < len(self.ids) and self.ids[self.at] in self._settled:
            self.at += 1
        self.at = min(self.at, len(self.ids))

    def step(self, by: int) -> bool:
        """Move by that many, settled or not; return whether there was somewhere to go."""
        target = min(max(self.at + by, 0), len(self.ids))
        moved, self.at = target != self.at, target
        return moved

    def visit(self, id: str) -> None:
        """Go to `id`, which counts as open again; one that is not in the list is put in here."""
        self._settled.discard(id)
        if id in self.ids:
            self.at = self.ids.index(id)
        else:
            self.ids.insert(self.at, id)

    def near(self) -> list[str]:
        """Return the ids a person may look at next: two ahead and one behind."""
        behind = self.ids[max(self.at - 1, 0) : self.at]
        return self.ids[self.at + 1 : self.at + 3] + behind
