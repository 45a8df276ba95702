"""The keys of Review: a line each, in the order of the help."""

from __future__ import annotations

from textual.binding import Binding

from app.tui.keys import CHANGES, DECIDES, FOOTER, LONG_TEXT, NEEDS_ITEM, NONE, ScreenKey

CHOOSE = Binding.Group("choose")
NUMBERED = "Take the candidate with that number as the answer."

KEYS = (
    ScreenKey("a", "accept", "Take the winner as the answer.", DECIDES | FOOTER),
    ScreenKey("1", "choose(1)", NUMBERED, DECIDES | FOOTER, "choose", "choose-1", "1-9", CHOOSE),
    *(
        ScreenKey(f"{n}", f"choose({n})", NUMBERED, DECIDES, f"choose {n}", f"choose-{n}", None, CHOOSE)
        for n in range(2, 10)
    ),
    ScreenKey("e", "edit", "Write the answer yourself, starting from the winner.", DECIDES | FOOTER),
    ScreenKey("x", "reject", "Keep this item out of the data.", DECIDES | FOOTER),
    ScreenKey("X", "reject_because", "Keep this item out of the data and say why.", DECIDES),
    ScreenKey("space", "later", "Put this item off; it comes again last.", DECIDES | FOOTER),
    ScreenKey("u", "turn_back('undo')", "Undo your decisions one by one.", CHANGES | FOOTER, "undo", "undo"),
    ScreenKey("ctrl+r", "turn_back('redo')", "Redo what you undid.", CHANGES, "redo", "redo"),
    ScreenKey("f", "flag", "Flag this item, or remove the flag.", DECIDES),
    ScreenKey("m", "note", "Write a note on this item.", DECIDES),
    ScreenKey("t", "tags", "Tag this item.", DECIDES),
    ScreenKey("r", "rate", "Grade this item and answer three questions about it.", DECIDES),
    ScreenKey("i", "task", "Change the instruction or the input.", DECIDES, "change the task"),
    ScreenKey("plus", "ask", "Ask every model for one more answer.", DECIDES, "ask again"),
    ScreenKey("right,tab", "cursor(1)", "Move the cursor to the next answer.", NEEDS_ITEM, "next answer"),
    ScreenKey(
        "left,shift+tab", "cursor(-1)", "Move the cursor back.", NEEDS_ITEM, "answer before", "cursor-back"
    ),
    ScreenKey("enter", "choose_cursor", "Take the answer under the cursor.", DECIDES, "choose this"),
    ScreenKey("y", "copy", "Copy the answer to the clipboard.", NEEDS_ITEM, "", "copy-answer"),
    ScreenKey("b", "bulk", "Accept or reject at once what meets a rule.", CHANGES, "in bulk"),
    ScreenKey("S", "similar", "Apply the rejection or edit of this item to similar items.", DECIDES),
    ScreenKey("T", "threshold", "See what another threshold would keep.", NONE),
    ScreenKey("l", "list", "Show or hide the queue beside the item.", NONE, "list beside"),
    ScreenKey("slash", "find", "Find items by their words, or filter them.", NONE),
    ScreenKey("n,down", "move(1)", "Go to the next item.", NONE, "next", "next"),
    ScreenKey("p,up", "move(-1)", "Go to the previous item.", NONE, "previous", "previous"),
    ScreenKey("home,g", "edge(-1)", "Go to the first item of the list.", NONE, "first", "first"),
    ScreenKey("end,G", "edge(1)", "Go to the end of the list.", NONE, "last", "last"),
    *LONG_TEXT,
    ScreenKey("z", "read", "Show all texts in full.", NEEDS_ITEM, "read in full"),
    ScreenKey("h", "thoughts", "Show what reasoning models thought before they answered.", NEEDS_ITEM),
    ScreenKey(
        "d",
        "compare",
        "Mark the words that the winner does not have, in texts of up to 3,000 words.",
        NEEDS_ITEM,
        "differences",
    ),
    ScreenKey("M", "markdown", "Show answers as they are stored, or as Markdown.", NEEDS_ITEM, "as stored"),
    ScreenKey("w", "vote", "Show every pair of answers and the whole vote.", NEEDS_ITEM, "why"),
    ScreenKey("v", "view", "Choose the list: undecided, all, dropped and more.", NONE, "which items"),
    ScreenKey("o", "order", "Choose the order.", NONE),
    ScreenKey("B", "blind", "Hide what others decided until you decide, or show it.", NONE),
    ScreenKey("L", "learn", "See what learning from judgements gains, and vote by it.", NONE),
    ScreenKey("j", "go('judge')", "Say of a random sample which answers are right.", NONE, "judge", "judge"),
    ScreenKey("D", "go('data')", "See what the data is like.", NONE, "data", "data"),
    ScreenKey("E", "go('export')", "Write the result to a file.", NONE, "export", "export"),
)
"""A line each: keys, action, sentence of the help, traits; verb and id where they differ from the action."""
TRAITS = {declared.name: declared.traits for declared in KEYS}
