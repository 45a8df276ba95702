"""CSV: separators, quotes, cells of several lines, and the number of the line a record begins in."""

from __future__ import annotations

import io
import re

import pytest

from app.errors import IntakeError
from app.intake.lines import Fault
from app.intake.table import LONGEST_CELL, Table


def table(text: str | bytes, delimiter: str | None = None) -> Table:
    data = text.encode() if isinstance(text, str) else text
    return Table(io.BytesIO(data), "x.csv", data[: 1 << 16], delimiter, 1 << 20)


def cells(text: str | bytes, delimiter: str | None = None) -> list[list[str]]:
    held = table(text, delimiter)
    found = [line.record for line in held]
    assert not [fault for fault in found if isinstance(fault, Fault)]
    return [held.header, *(list(row.values()) for row in found if isinstance(row, dict))]


@pytest.mark.parametrize(
    "text",
    [
        "a,b\n1,2\n",
        "a;b\r\n1;2\r\n",
        "a\tb\n1\t2",
        "a|b\n1|2\n",
        "sep=;\na;b\n1;2\n",
        "SEP=\t\r\na\tb\r\n1\t2\r\n",
        "\ufeffa,b\n1,2\n",
        '\ufeff"a","b"\n1,2\n',
        "\ufeffsep=,\na,b\n1,2\n",
        'a,b\n\n , \n"1","2"\n',
    ],
)
def test_the_separator_is_found(text: str) -> None:
    assert cells(text) == [["a", "b"], ["1", "2"]]


def test_separators_inside_a_header_do_not_count() -> None:
    assert cells('"Question (short, clear, polite)";Answer\nName a sea;Baltic\n') == [
        ["Question (short, clear, polite)", "Answer"],
        ["Name a sea", "Baltic"],
    ]
    assert cells("Question (short, clear);Answer\nName a sea;Baltic\n")[1] == ["Name a sea", "Baltic"]
    assert cells("a,b;c\n1,2;3\n", ";") == [["a,b", "c"], ["1,2", "3"]]


def test_a_record_has_the_number_of_the_line_it_begins_in() -> None:
    held = table('a,b\n"multi\nline",bad,one\nx,y\n\n"1\n\n2",3\nz,w\n')
    assert [(line.number, isinstance(line.record, Fault)) for line in held] == [
        (2, True),
        (4, False),
        (6, False),
        (9, False),
    ]


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ('"lost,quote', "quotation mark is not closed|this is not CSV"),
        ('x,"a"b', "this is not CSV"),
        ('"a"b,x', "this is not CSV"),
        ("1,2,3", "it has 3 cells, not 2"),
        ("1", "it has 1 cell, not 2"),
        ("a\rb,c", "a carriage return stands alone"),
        ("a , b", "it repeats the header"),
    ],
)
def test_one_bad_record_takes_no_other_with_it(line: str, says: str) -> None:
    for rest in ('plain,"and\nlong"\n"quoted",too\n', "plain,x\n"):
        found = list(table(f"a,b\n{line}\n{rest}"))
        assert isinstance(found[0].record, Fault) and re.search(says, found[0].record.what)
        others = [other.record for other in found[1:]]
        assert others and all(isinstance(record, dict) for record in others)


def test_bytes_that_are_no_utf_8_are_one_bad_line() -> None:
    found = list(table(b"a,b\nn\xe9,1\nx,2\n"))
    assert isinstance(found[0].record, Fault) and "not UTF-8" in found[0].record.what
    assert found[1].record == {"a": "x", "b": "2"}


def test_a_mark_within_a_cell_is_text_and_a_long_cell_is_read() -> None:
    assert cells('a,b\n5" disk,"say ""hi"""\n')[1] == ['5" disk', 'say "hi"']
    long = "x" * 300_000
    assert cells(f"a,b\n{long},1\n")[1] == [long, "1"]


def test_a_cell_has_an_end() -> None:
    found = list(table('a,b\n"open,\n' + "x,y\n" * (LONGEST_CELL + 5)))
    assert isinstance(found[0].record, Fault)
    assert len(found) == LONGEST_CELL + 6


@pytest.mark.parametrize(
    ("text", "says"), [("", "is empty"), ("a,a\n", "two columns 'a'"), ('"a\n', "line 1: a quotation mark")]
)
def test_a_header_that_cannot_be_used_is_refused(text: str, says: str) -> None:
    with pytest.raises(IntakeError, match=says):
        table(text)


def test_columns_without_a_name_are_numbered() -> None:
    assert cells(",b\n0,x\n")[0] == ["column 1", "b"]
