"""How far review is, in words: the place in the queue, the count, the last decision, what the end offers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from textual.content import Content

from app.store.views import LastDecision, ReviewProgress
from app.tui.literal import literal, literal_line
from app.tui.queue_state import ORDERS, VIEWS, QueueState
from app.words import count, percent, plural

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
    "restore": "restored",
}


def place_line(queue: QueueState, *, blind: bool = False) -> Content:
    """Return "37 of 212 · most disagreement first · undecided"; "of …" while nobody knows yet."""
    at, of = queue.at + 1, len(queue)
    if not queue.whole:
        place = Content.assemble(count(at), " of …")
    elif at <= of:
        place = Content.assemble(count(at), " of ", count(of))
    else:
        place = Content.assemble("end of ", count(of))
    parts = [place, Content(ORDERS[queue.order]), Content(VIEWS[queue.wanted.view])]
    if blind:
        parts.append(Content.styled("blind", "bold"))
    if queue.wanted.only:
        [number, *more] = queue.wanted.only
        why = "Export warns about these" if more else f"only #{number:04d}"
        parts.append(Content.styled(why, "$text-warning"))
    if queue.wanted.text:
        parts.append(literal_line(queue.wanted.text, 40, "$text-warning"))
    return Content(" · ").join(parts)


def progress_line(progress: ReviewProgress, unlearned: int = 0) -> Content:
    """Return "decided 36 · 6.2 a minute · overrides 22% · 175 left · 12 judgements since the fit: L".

    `unlearned` are the judgements that came after what was learned last.
    """
    parts = [Content.assemble("decided ", count(progress.decided))]
    if progress.per_minute is not None:
        parts.append(Content(f"{progress.per_minute:.1f} a minute"))
    if progress.decided:
        parts.append(Content.assemble("overrides ", percent(progress.overrides, progress.decided)))
    parts.append(Content.assemble(count(progress.left), " left"))
    if progress.conflicts:
        parts.append(Content.styled(plural(progress.conflicts, "conflict"), "$text-warning"))
    if unlearned:
        words = f"{plural(unlearned, 'judgement')} since the fit: "
        parts.append(Content.assemble((words, "$text-warning"), ("L", "bold $primary")))
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
    queue: QueueState, progress: ReviewProgress, more: int, *, run_in_progress: bool, gate_open: bool
) -> Content:
    """Return what to do at the end of the list, which by now has `more` items that were not in it.

    `gate_open` says that a run waits for decisions on its instructions.
    """
    wanted, seen = queue.wanted, len(queue)
    plain = wanted.view == "undecided" and not wanted.text
    if more:
        lines = [
            Content.assemble(("✓ ", "$text-success"), "This is the end of the list."),
            _key_line("n", Content.assemble("continue: ", count(more), " more")),
        ]
    elif plain and not seen and not progress.decided:
        lines = [Content("Nothing to review yet.")]
        if progress.dropped and not run_in_progress:
            lines = [Content(f"Nothing was kept: the vote dropped {plural(progress.dropped, 'item')}.")]
    elif plain:
        lines = [Content.assemble(("✓ ", "$text-success"), "Everything here is decided.")]
    else:
        lines = [Content("No more items in this list.")]
    if run_in_progress:
        lines.append(
            Content.styled("The run is still in progress: new results appear here.", "$foreground-muted")
        )
    elif gate_open:
        lines.append(Content("A run waits for you to decide on its instructions: press Esc, then r."))
    if progress.hidden:
        hidden = plural(progress.hidden, "hidden run")
        lines.append(Content.styled(f"Left out: {hidden}; H on Home shows them again.", "$foreground-muted"))
    if progress.decided or seen:
        lines.append(_key_line("E", Content("export what was decided to a file")))
    lines.append(_key_line("v", Content("look at another list: all, dropped, flagged …")))
    if wanted.text:
        lines.append(_key_line("/", Content("look for something else")))
    if progress.last is not None:
        lines.append(_key_line("u", Content("undo the last decision")))
    return Content("\n\n").join(lines)


def _key_line(key: str, deed: Content) -> Content:
    return Content.assemble(literal(key, "bold $primary"), "   ", deed)
