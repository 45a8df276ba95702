"""A report as one file: HTML that loads nothing, or Markdown with the pictures inside.

Every text that was not typed in this repository passes `svg.safe` or `_plain`.
"""

from __future__ import annotations

import base64
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from app.insight.sheets import Bars, Heat, Lines, Sheet, Table
from app.insight.svg import picture, safe
from app.visible import visible_line


@dataclass(frozen=True, slots=True)
class Chapter:
    """A part of a report: a project or a comparison, under its name (foreign)."""

    name: str
    sheets: tuple[Sheet, ...]


_STYLE = """
:root{--ground:#f7f7f4;--text:#22272e;--quiet:#5b6570;--line:#d6d8d3;--accent:#1f6f80;--second:#3d7a35;
--third:#8c6208;--fourth:#66717e;--heat:31 111 128}
@media (prefers-color-scheme:dark){:root{--ground:#15181d;--text:#d8dce2;--quiet:#98a2af;--line:#39424f;
--accent:#7fb8c4;--second:#9cc28a;--third:#dcb56f;--fourth:#8a97a6;--heat:127 184 196}}
@media print{:root{--ground:#fff;--text:#000;--quiet:#444;--line:#bbb;--accent:#1f6f80;--second:#3d7a35;
--third:#8c6208;--fourth:#66717e;--heat:31 111 128}section,figure{break-inside:avoid}nav{display:none}}
*{box-sizing:border-box}
body{margin:0 auto;max-width:60rem;padding:1.5rem 1rem 4rem;background:var(--ground);color:var(--text);
font:16px/1.5 system-ui,sans-serif;overflow-wrap:break-word}
h1{font-size:1.6rem;margin:0 0 .2rem}h2{font-size:1.35rem;margin:3rem 0 0;border-top:2px solid var(--accent);
padding-top:.6rem}h3{font-size:1.1rem;margin:2.2rem 0 .2rem}h4{font-size:.95rem;margin:1.2rem 0 .3rem}
p{margin:.3rem 0;max-width:46rem}.quiet,figcaption,th,.note{color:var(--quiet)}
nav{margin:1rem 0;display:flex;flex-wrap:wrap;gap:.2rem .9rem}a{color:var(--accent)}
.scroll{overflow-x:auto}table{border-collapse:collapse;font-size:.9rem;margin:.6rem 0}
th{font-weight:normal;text-align:left}th,td{padding:.15rem .8rem .15rem 0;vertical-align:top;
border-bottom:1px solid var(--line)}.number{text-align:right;white-space:nowrap;
font-variant-numeric:tabular-nums}
th,td{white-space:nowrap}.long{white-space:normal;min-width:12rem}
.heat td{text-align:center;padding:.3rem .6rem;min-width:4rem;border:2px solid var(--ground)}
.heat th{padding:.3rem .6rem .3rem 0}.note{font-size:.85rem}
figure{margin:1rem 0}figure svg{width:100%;max-width:46rem;height:auto;display:block}
svg text{font:12px system-ui,sans-serif;fill:var(--quiet)}.grid{stroke:var(--line);stroke-width:.6}
.axis{stroke:var(--quiet)}.bar{fill:var(--accent)}.line{fill:none;stroke-width:2;stroke:var(--accent)}
.line1{stroke:var(--second);stroke-dasharray:7 3}.line2{stroke:var(--third);stroke-dasharray:2 3}
.line3{stroke:var(--fourth);stroke-dasharray:9 3 2 3}.key{display:inline-block;margin-right:1.2rem}
.key svg{display:inline-block;width:2.2rem;height:.7rem;vertical-align:middle;margin-right:.4rem}
"""
_LONG = 28
"""Characters of a cell that is broken into lines where there is no room."""
_HEAD = (
    '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
    '<meta name="viewport" content="width=device-width, initial-scale=1">'
    "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">"
    '<meta name="color-scheme" content="light dark">'
)


# ---- HTML ------------------------------------------------------------------------------------------


def html(title: str, made: str, chapters: Sequence[Chapter]) -> str:
    """Return the report as one page that loads nothing from anywhere; `made` says when and by what."""
    body = [f"<h1>{safe(title)}</h1>", f'<p class="quiet">{safe(made)}</p>', _contents(chapters)]
    for number, chapter in enumerate(chapters):
        body.append(f'<h2 id="c{number}">{safe(chapter.name)}</h2>')
        body += [_section(number, sheet) for sheet in chapter.sheets]
    head = f"{_HEAD}<title>{safe(title)}</title><style>{_STYLE}</style></head>"
    return f"{head}<body>{''.join(body)}</body></html>\n"


def _contents(chapters: Sequence[Chapter]) -> str:
    links = [
        f'<a href="#c{number}-{sheet.id}">{safe(sheet.name)}</a>'
        for number, chapter in enumerate(chapters[:1])
        for sheet in chapter.sheets
    ]
    links += [f'<a href="#c{at}">{safe(chapter.name)}</a>' for at, chapter in enumerate(chapters) if at]
    return f"<nav>{''.join(links)}</nav>"


def _section(number: int, sheet: Sheet) -> str:
    says = "".join(f"<p>{safe(line, 2000)}</p>" for line in sheet.says)
    parts = "".join(map(_part, sheet.parts))
    head = f"<h3>{safe(sheet.name)}: {safe(sheet.question[:1].lower() + sheet.question[1:])}</h3>"
    return f'<section id="c{number}-{sheet.id}">{head}{says}{parts}</section>'


def _part(part: Table | Bars | Lines | Heat) -> str:
    match part:
        case Table():
            return _table(part)
        case Heat():
            return _heat(part)
        case _:
            return f"<figure><figcaption>{safe(part.title)}{_keys(part)}</figcaption>{picture(part)}</figure>"


def _table(shown: Table) -> str:
    title = f"<h4>{safe(shown.title)}</h4>" if shown.title else ""
    numeric = [is_number(shown, at) for at in range(len(shown.heads))]
    head = "".join(_cell("th", text, right) for text, right in zip(shown.heads, numeric, strict=True))
    rows = "".join(
        f"<tr>{''.join(_cell('td', text, right) for text, right in zip(row, numeric, strict=True))}</tr>"
        for row in shown.rows
    )
    note = f'<p class="note">{safe(shown.note, 2000)}</p>' if shown.note else ""
    return f'{title}<div class="scroll"><table><tr>{head}</tr>{rows}</table></div>{note}'


def _cell(tag: str, text: str, right: bool) -> str:
    kind = " class=number" if right else " class=long" if len(text) > _LONG else ""
    return f"<{tag}{kind}>{safe(text)}</{tag}>"


def is_number(shown: Table, column: int) -> bool:
    """Say whether a column holds numbers alone, which stand right."""
    return all(not row[column].strip("0123456789.,% –of") for row in shown.rows)


def _heat(shown: Heat) -> str:
    head = "".join(f"<th>{at}</th>" for at in range(1, len(shown.names) + 1))
    rows = "".join(
        f"<tr><th>{at} {safe(name)}</th>{''.join(_shaded(text, share) for text, share in row)}</tr>"
        for at, (name, row) in enumerate(zip(shown.names, shown.cells, strict=True), start=1)
    )
    table = f'<table class="heat"><tr><th></th>{head}</tr>{rows}</table>'
    return f'<h4>{safe(shown.title)}</h4><div class="scroll">{table}</div>'


def _shaded(text: str, share: float | None) -> str:
    style = "" if share is None else f' style="background:rgb(var(--heat)/{0.08 + 0.6 * share:.2f})"'
    return f"<td{style}>{safe(text)}</td>"


def _keys(shown: Bars | Lines) -> str:
    if isinstance(shown, Bars) or len(shown.lines) < 2:
        return ""
    stroke = '<svg viewBox="0 0 44 10"><line class="line line{at}" x1="0" x2="44" y1="5" y2="5"/></svg>'
    keys = [
        f'<span class="key">{stroke.format(at=at % 4)}{safe(name)}</span>'
        for at, (name, _) in enumerate(shown.lines)
    ]
    return f"<br>{''.join(keys)}"


# ---- Markdown --------------------------------------------------------------------------------------

_PICTURE_STYLE = (
    "<style>text{font:12px sans-serif;fill:#68727d}.grid{stroke:#9aa3ad;stroke-width:.4}"
    ".axis{stroke:#68727d}.bar{fill:#2f8296}.line{fill:none;stroke-width:2;stroke:#2f8296}"
    ".line1{stroke:#4f8f45;stroke-dasharray:7 3}.line2{stroke:#a97a1f;stroke-dasharray:2 3}"
    ".line3{stroke:#66717e;stroke-dasharray:9 3 2 3}</style>"
)
"""Colours that can be seen on light and on dark ground: a picture does not know which it stands on."""


def markdown(title: str, made: str, chapters: Sequence[Chapter]) -> str:
    """Return the report as Markdown; its pictures are SVG inside the file."""
    lines = [f"# {_plain(title)}", "", _plain(made)]
    for chapter in chapters:
        lines += ["", f"## {_plain(chapter.name)}"]
        for sheet in chapter.sheets:
            lines += ["", f"### {_plain(sheet.name)}: {_plain(sheet.question)}", ""]
            lines += [_plain(" ".join(sheet.says))]
            for part in sheet.parts:
                lines += ["", *_markdown_part(part)]
    return "\n".join(lines) + "\n"


def _markdown_part(part: Table | Bars | Lines | Heat) -> Iterator[str]:
    if part.title:
        yield from (f"**{_plain(part.title)}**", "")
    match part:
        case Table():
            yield from _rows(part.heads, part.rows, [is_number(part, at) for at in range(len(part.heads))])
            if part.note:
                yield from ("", _plain(part.note))
        case Heat():
            heads = ("", *(str(at) for at in range(1, len(part.names) + 1)))
            rows = [
                (f"{at} {name}", *(text for text, _ in row))
                for at, (name, row) in enumerate(zip(part.names, part.cells, strict=True), start=1)
            ]
            yield from _rows(heads, rows, [False, *(True for _ in part.names)])
        case _:
            drawn = picture(part).replace(">", f">{_PICTURE_STYLE}", 1)
            data = base64.b64encode(drawn.encode("utf-8")).decode("ascii")
            yield f"![{_plain(part.title)}](data:image/svg+xml;base64,{data})"


def _rows(heads: Sequence[str], rows: Sequence[Sequence[str]], right: Sequence[bool]) -> Iterator[str]:
    yield "| " + " | ".join(map(_plain, heads)) + " |"
    yield "|" + "|".join("---:" if number else "---" for number in right) + "|"
    for row in rows:
        yield "| " + " | ".join(map(_plain, row)) + " |"


def _plain(text: str) -> str:
    """Return a text that Markdown shows as it is: nothing in it is obeyed, no line ends."""
    shown = visible_line(text, 2000)
    return "".join(f"\\{letter}" if letter in _OBEYED else letter for letter in shown)


_OBEYED = frozenset("\\`*_{}[]()<>#|!&~$^@:")
