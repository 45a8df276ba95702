"""The pages of the manual, and under the one that is shown its headings."""

from __future__ import annotations

from textual.content import Content
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from app.pages import Page, all_pages, headings
from app.tui.literal import literal_line

TITLE_LIMIT = 60


class PageList(OptionList):
    """Every option has the target of a link as its id: `models.md`, `models.md#memory`."""

    def __init__(self, *, id: str) -> None:
        super().__init__(id=id, compact=True)

    def show(self, shown: Page) -> None:
        """List the pages with `shown` unfolded and highlighted."""
        self.clear_options()
        options: list[Option] = []
        at = 0
        for one in all_pages():
            current = one.topic == shown.topic
            if current:
                at = len(options)
            title = literal_line(one.title, TITLE_LIMIT, "bold $primary" if current else "")
            options.append(Option(title, id=f"{one.topic}.md"))
            if current:
                options += [
                    Option(
                        Content.assemble("  ", literal_line(part.title, TITLE_LIMIT, "$foreground-muted")),
                        id=f"{one.topic}.md#{part.anchor}",
                    )
                    for part in headings(one)
                ]
        self.add_options(options)
        self.highlighted = at
