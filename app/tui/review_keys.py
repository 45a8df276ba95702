"""The keys of Review, one line of help each."""

from __future__ import annotations

from textual.binding import Binding, BindingType

from app.tui.keys import key

CHOOSE = Binding.Group("choose")
NEEDS_ITEM = frozenset(
    {
        *("accept", "choose", "choose_cursor", "edit", "reject", "reject_because", "later", "flag", "note"),
        *("tags", "rate", "task", "ask", "vote", "compare", "part", "scroll", "read", "thoughts", "cursor"),
        *("copy", "similar"),
    }
)
CHANGES = frozenset(
    {
        *("accept", "choose", "choose_cursor", "edit", "reject", "reject_because", "later", "flag", "note"),
        *("tags", "rate", "task", "ask", "undo", "redo", "bulk", "similar"),
    }
)


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


def _quiet(
    keys: str, action: str, verb: str, sentence: str, display: str | None = None, name: str = ""
) -> BindingType:
    """Return a binding that the help lists and the footer leaves out."""
    return key(keys, action, verb, sentence, f"review.{name or action}", show=False, display=display)


REVIEW_KEYS: list[BindingType] = [
    key("a", "accept", "accept", "Take the winner as the answer.", "review.accept"),
    *_choose_keys(),
    key("e", "edit", "edit", "Write the answer yourself, starting from the winner.", "review.edit"),
    key("x", "reject", "reject", "Keep this item out of the data.", "review.reject"),
    key(
        "X",
        "reject_because",
        "reject because",
        "Keep this item out of the data and say why.",
        "review.reject-because",
        show=False,
        display="X",
    ),
    key("space", "later", "later", "Put this item off; it comes again last.", "review.later"),
    key("u", "undo", "undo", "Take back your last decision, as often as you like.", "review.undo"),
    key("ctrl+r", "redo", "redo", "Bring back what you undid.", "review.redo", show=False),
    key("f", "flag", "flag", "Mark this item, or take the mark away.", "review.flag", show=False),
    _quiet("m", "note", "note", "Write a note on this item."),
    _quiet("t", "tags", "tags", "Give this item tags."),
    _quiet("r", "rate", "rate", "Grade this item and answer three questions about it."),
    _quiet("i", "task", "change the task", "Change the instruction or the input."),
    _quiet("plus", "ask", "ask again", "Ask every model for one more answer.", "+"),
    _quiet("right,tab", "cursor(1)", "next answer", "Put the cursor on the next answer.", name="cursor"),
    _quiet(
        "left,shift+tab",
        "cursor(-1)",
        "answer before",
        "Put the cursor on the answer before.",
        name="cursor-back",
    ),
    _quiet(
        "enter", "choose_cursor", "choose this", "Take the answer under the cursor.", name="choose-cursor"
    ),
    _quiet("y", "copy", "copy", "Copy the answer to the clipboard.", name="copy-answer"),
    _quiet("b", "bulk", "in bulk", "Accept or reject at once what meets a rule."),
    key(
        "S",
        "similar",
        "similar",
        "Apply the rejection or the edit of this item to items like it.",
        "review.similar",
        show=False,
        display="S",
    ),
    key(
        "T",
        "threshold",
        "threshold",
        "See what another threshold would keep.",
        "review.threshold",
        show=False,
        display="T",
    ),
    _quiet("l", "list", "list beside", "Show or hide the queue beside the item."),
    _quiet("slash", "find", "find", "Find items by their words, or filter them.", "/"),
    key("n,down,j", "move(1)", "next", "Go to the next item.", "review.next", show=False),
    key(
        "p,up,k",
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
        "Mark the words that the winner has not, in texts of up to 3,000 words.",
        "review.compare",
        show=False,
    ),
    key("w", "vote", "why", "Show every pair of answers and the whole vote.", "review.vote", show=False),
    key(
        "v",
        "view",
        "filter",
        "Change the list: undecided, all, dropped, flagged, decided and more.",
        "review.view",
        show=False,
    ),
    key("o", "order", "order", "Change the order.", "review.order", show=False),
    key("E", "export", "export", "Write the result to a file.", "review.export", show=False, display="E"),
]
