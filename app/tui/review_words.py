"""The lines round an item in Review: why it won, how far review is, what was decided last."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from textual.content import Content

from app.store.filters import Filter, View
from app.store.rows import Order
from app.store.views import LastDecision, ReviewItem, ReviewProgress
from app.tui.candidates import groups, why
from app.tui.literal import literal_line
from app.words import count, percent, plural

ORDERS: Final[Mapping[Order, str]] = {
    "disagreement": "most disagreement first",
    "threshold": "closest to the threshold first",
    "number": "as generated",
    "equal": "fewest equal answers first",
    "longest": "longest first",
    "random": "in random order",
}
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
DEEDS: Final[Mapping[str, str]] = {
    "accept": "accepted",
    "choose": "chose",
    "edit": "edited",
    "reject": "rejected",
    "later": "put off",
    "flag": "flagged",
    "unflag": "unflagged",
    "note": "noted something",
    "tags": "tagged",
    "rate": "rated",
    "task": "changed its task",
    "ask": "asked again",
}


def title_of(at: int, of: int | None, order: Order, wanted: Filter) -> Content:
    """Return "37 of 212 · most disagreement first · undecided"; `of` is None while nobody knows yet."""
    if of is None:
        place = Content.assemble(count(at), " of …")
    elif at <= of:
        place = Content.assemble(count(at), " of ", count(of))
    else:
        place = Content.assemble("end of ", count(of))
    parts = [place, Content(ORDERS[order]), Content(VIEWS[wanted.view])]
    if wanted.only:
        parts.append(Content.styled("warned of by Export", "$text-warning"))
    if wanted.text:
        parts.append(literal_line(wanted.text, 40, "$text-warning"))
    return Content(" · ").join(parts)


def why_line(item: ReviewItem) -> Content:
    """Return "why 1: largest mean similarity …"."""
    if item.stale:
        head = Content.styled("the task was changed: the vote is about the earlier text", "$text-warning")
        asked = "the models are asked again" if item.waiting else "+ asks the models again"
        return Content.assemble(head, " · ", asked, (" · w for more", "$foreground-muted"))
    winner = next((group for group in groups(item) if group.winner), None)
    head = Content.assemble("why ", (f"{winner.numbers[0]:d}", "bold")) if winner else Content("no winner")
    return Content.assemble(head, ": ", literal_line(why(item), 500), (" · w for more", "$foreground-muted"))


def progress_line(progress: ReviewProgress) -> Content:
    """Return "decided 36 · 6.2 a minute · overrides 22 % · 175 left"."""
    parts = [Content.assemble("decided ", count(progress.decided))]
    if progress.per_minute is not None:
        parts.append(Content(f"{progress.per_minute:.1f} a minute"))
    if progress.decided:
        parts.append(Content.assemble("overrides ", percent(progress.overrides, progress.decided)))
    parts.append(Content.assemble(count(progress.left), " left"))
    if progress.conflicts:
        parts.append(Content.styled(plural(progress.conflicts, "conflict"), "$text-warning"))
    return Content(" · ").join(parts)


def last_line(last: LastDecision | None) -> Content:
    """Return "last: #0139 chose 2  (u undoes)"."""
    if last is None:
        return Content()
    what = Content.assemble("last: ", (f"#{last.number:04d}", "bold"), " ", DEEDS[last.action])
    if last.action == "choose" and last.candidate is not None:
        what = Content.assemble(what, " ", count(last.candidate))
    if last.items > 1:
        what = Content.assemble(what, " and ", count(last.items - 1), " more")
    return Content.assemble(what, ("  (u undoes)", "$foreground-muted"))


def end_text(
    progress: ReviewProgress, wanted: Filter, waiting: int, going: bool, seen: int, *, gate: bool = False
) -> Content:
    """Return what to do where the list ends; `gate` says that a run waits after its instructions."""
    plain = wanted.view == "undecided" and not wanted.text
    if waiting:
        lines = [
            Content.assemble(("✓ ", "$text-success"), "You have come to the end of this list."),
            Content.assemble(("n", "bold $primary"), "   go on: ", count(waiting), " more"),
        ]
    elif plain and not seen and not progress.decided:
        lines = [Content("There is nothing to review yet.")]
    elif plain:
        lines = [Content.assemble(("✓ ", "$text-success"), "Nothing is left undecided here.")]
    else:
        lines = [Content("There is no more in this list.")]
    if going:
        lines.append(Content.styled("The run is still going: new results appear here.", "$foreground-muted"))
    if gate and not going:
        lines.append(Content("A run waits for you to decide on its instructions: Escape, then r."))
    if progress.decided or seen:
        lines.append(Content.assemble(("E", "bold $primary"), "   export what was decided to a file"))
    lines.append(Content.assemble(("v", "bold $primary"), "   look at another list: all, dropped, flagged …"))
    if wanted.text:
        lines.append(Content.assemble(("/", "bold $primary"), "   look for something else"))
    if progress.last is not None:
        lines.append(Content.assemble(("u", "bold $primary"), "   undo the last decision"))
    return Content("\n\n").join(lines)
