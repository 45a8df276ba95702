"""Texts that break naive programs; every part of the product meets the same ones."""

from __future__ import annotations

HOSTILE: dict[str, str] = {
    "markup end": "[/INST]",
    "markup open": "[/",
    "markup type": "list[int] and [@click=app.quit]x[/]",
    "escape": "\x1b[2J\x1b[H\x1b]0;title\x07",
    "clipboard": "\x1b]52;c;aGVsbG8=\x1b\\",
    "query": "\x1b[c\x1b[5n",
    "eight bit": "\x9b31m\x9d0;x\x9c",
    "nul": "before\0after",
    "carriage return": "safe\rEVIL",
    "line separators": "one\u2028two\u2029three\u0085four",
    "right to left": "abc \u202egnp.exe\u202c \u05d0\u05d1\u05d2",
    "zero width": "a\u200bb\u2060c\U000e0041",
    "emoji": "\U0001f469\u200d\U0001f52c and \U0001f1e9\U0001f1ea",
    "combining": "Z" + "\u0351" * 50,
    "quotes": "'; DROP TABLE runs; -- \" ` \\",
    "template": "{{ ''.__class__ }} {% for x in y %} ${HOME} %s {0}",
    "surrogate": "half \ud800 pair",
    "surrogate pair": "whole \ud83d\ude00 pair",
    "long": "x" * 200_000,
    "spaces": "  \t  ",
}
