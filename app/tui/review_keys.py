"""The keys of Review, one line of help each."""

from __future__ import annotations

from textual.binding import Binding, BindingType

from app.tui.keys import key

CHOOSE = Binding.Group("choose")
NEEDS_ITEM = frozenset(
    {
        *("accept", "choose", "edit", "reject", "later", "flag"),
        *("vote", "compare", "part", "scroll", "read", "thoughts"),
    }
)
CHANGES = frozenset({"accept", "choose", "edit", "reject", "later", "flag", "undo", "redo"})


def _choose_keys() -> list[BindingType]:
    """Return the bindings of 1 … 9; the footer shows them as one."""
    return [
        key(
            f"{number}",
            f"choose({number})",
            "choose" if number == 1 else f"choose {number}",
            "Take the candidate of that number as the answer.",
            f"review.choose-{number}",
            show=number == 1,
            display="1-9" if number == 1 else None,
            group=CHOOSE,
        )
        for number in range(1, 10)
    ]


REVIEW_KEYS: list[BindingType] = [
    key("a", "accept", "accept", "Take the winner as the answer.", "review.accept"),
    *_choose_keys(),
    key("e", "edit", "edit", "Write the answer yourself, starting from the winner.", "review.edit"),
    key("x", "reject", "reject", "Keep this item out of the data.", "review.reject"),
    key("space", "later", "later", "Put this item off; it comes again last.", "review.later"),
    key("u", "undo", "undo", "Take back your last decision, as often as you like.", "review.undo"),
    key("ctrl+r", "redo", "redo", "Bring back what you undid.", "review.redo", show=False),
    key("f", "flag", "flag", "Mark this item, or take the mark away.", "review.flag", show=False),
    key("n,down,j,right", "move(1)", "next", "Go to the next item.", "review.next", show=False),
    key(
        "p,up,k,left",
        "move(-1)",
        "previous",
        "Go back to the item before.",
        "review.previous",
        show=False,
    ),
    key("home,g", "edge(-1)", "first", "Go to the first item of the list.", "review.first", show=False),
    key("end,G", "edge(1)", "last", "Go to the end of the list.", "review.last", show=False),
    key("pagedown", "scroll(0.8)", "scroll down", "Scroll long texts down.", "review.down", show=False),
    key("pageup", "scroll(-0.8)", "scroll up", "Scroll long texts up.", "review.up", show=False),
    key(
        "greater_than_sign",
        "part(1)",
        "next part",
        "Turn to the next part of a very long text.",
        "review.part",
        show=False,
    ),
    key(
        "less_than_sign",
        "part(-1)",
        "part before",
        "Turn back a part of a very long text.",
        "review.part-back",
        show=False,
    ),
    key("z", "read", "read in full", "Show all texts in full.", "review.read", show=False),
    key(
        "h",
        "thoughts",
        "thoughts",
        "Show what reasoning models thought before they answered.",
        "review.thoughts",
        show=False,
    ),
    key(
        "d",
        "compare",
        "differences",
        "Mark the words that the winner has not.",
        "review.compare",
        show=False,
    ),
    key("w", "vote", "why", "Show every pair of answers and the whole vote.", "review.vote", show=False),
    key(
        "v",
        "view",
        "list",
        "Change the list: undecided, all, dropped, flagged.",
        "review.view",
        show=False,
    ),
    key("o", "order", "order", "Change the order.", "review.order", show=False),
    key("E", "export", "export", "Write the result to a file.", "review.export", show=False, display="E"),
]
