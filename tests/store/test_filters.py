"""One filter grammar: `/` in Review and `--where` of an export mean the same by the same words."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.errors import ProjectError
from app.store import decisions, exportable, generated, review
from app.store.connection import Connection
from app.store.exportable import Selection
from app.store.filters import KEYS, MOST, PHRASE, VIEWS, WORD, Filter, parse
from app.store.project import Project
from app.store.review_state import ItemDecision, Rating, rating_text, tags_text
from app.store.rows import NewInstance, NewInstruction
from tests.store.material import Item, add_instruction, add_item, start_run

MANUAL = Path(__file__).resolve().parents[2] / "app" / "manual" / "filters.md"


@pytest.fixture
def items(project: Project) -> list[Item]:
    """Six items in two runs: of both kinds, dropped, decided in every way, tagged, rated, noted."""

    def make(c: Connection) -> list[Item]:
        run = start_run(c)
        made = [
            add_item(c, run, "Name the zebra.", mean=0.2),
            add_item(c, run, "Sing a song.", "", ("la", "la", "la la la"), kind="B", winner=1),
            add_item(c, run, "Count.", keep=False, winner=None, reason="no_agreement", mean=0.6),
            add_item(c, run, "Café au lait?", outputs=("yes",) * 3, decided_by="exact", mean=1.0),
            add_item(c, run, "Long. " * 50, winner=2),
        ]
        later = start_run(c)
        c.execute("UPDATE runs SET recipe_name = 'self-instruct' WHERE id = ?", (later.id,))
        made.append(add_item(c, later, "Of another run: http://x.org at 12:30", mean=0.75))
        c.execute("UPDATE instructions SET source = 'the museum' WHERE run_id = ?", (later.id,))
        zebra, song, _, coffee, long, other = (item.id for item in made)
        for action, decision in (
            ("flag", ItemDecision(zebra)),
            ("tags", ItemDecision(zebra, None, tags_text(["hard one", '5" disk', "b"]))),
            ("rate", ItemDecision(zebra, None, rating_text(Rating("B", True)))),
            ("note", ItemDecision(song, None, "Ask the gorilla, Über café!")),
            ("choose", ItemDecision(coffee, made[3].candidates[1])),
            ("reject", ItemDecision(long, None, "unsafe")),
            ("edit", ItemDecision(other, None, "a giraffe")),
        ):
            decisions.decide(c, "ann", action, [decision])  # type: ignore[arg-type]
        return made

    return project.write_now(make)


def in_review(project: Project, typed: str) -> list[int]:
    return list(project.read(lambda c: sorted(review.numbers(c, "number", parse(typed), reviewer="ann"))))


def in_export(project: Project, typed: str) -> list[int]:
    chosen = Selection("all", None, parse(typed), "ann")
    return project.read(lambda c: [row.number for row in exportable.rows(c, chosen)])


EXPECTED = {
    "": [1, 2, 3, 4, 5, 6],
    "kind:A": [1, 3, 4, 5, 6],
    "über": [2],
    "UBER": [2],
    "-kind:A": [2],
    "kind:A,B run:1": [1, 2, 3, 4, 5],
    "kind:A kind:B": [],
    "status:rejected": [5],
    "status:edited,chosen": [4, 6],
    "-status:edited,chosen,undecided": [5],
    "flagged:yes": [1],
    "flagged:no run:1": [2, 3, 4, 5],
    "-flagged:yes": [2, 3, 4, 5, 6],
    "by:exact": [4],
    "by:exact,rouge": [1, 2, 3, 4, 5, 6],
    "score>=0.6": [3, 4, 6],
    "score>0.6": [4, 6],
    "score<=0.2": [1],
    "score<0.5": [1],
    "score:0.5": [2, 5],
    "score:.2,1": [1, 4],
    "score>=0.5 score<0.75": [2, 3, 5],
    "-score>=0.5": [1],
    "reason:no_agreement": [3],
    "reason:unsafe": [5],
    "reason:unsafe,no_agreement": [3, 5],
    "-reason:unsafe,no_agreement": [1, 2, 4, 6],
    "won:FIRST": [2],
    "won:first,second": [2, 5],
    "-won:writer": [2, 3, 5],
    "lost:first": [1, 3, 4, 5, 6],
    "lost:first won:second": [5],
    "-lost:first": [2],
    "model:first": [2, 4],
    "-model:writer": [2, 3, 4, 5],
    'tag:"hard one"': [1],
    "tag:hard": [],
    'tag:"5"" disk"': [1],
    "tag:b,c": [1],
    "-tag:b": [2, 3, 4, 5, 6],
    "grade:B": [1],
    "grade:A,B": [1],
    "-grade:B kind:B": [2],
    "lint:loop": [5],
    "lint:loop,echo -kind:B": [5],
    "-lint:loop run:1": [1, 2, 3, 4],
    "run:1 kind:B": [2],
    "run:2": [6],
    "run>1": [6],
    "run:3": [],
    "recipe:self-instruct": [6],
    "-recipe:self-instruct,other": [1, 2, 3, 4, 5],
    'source:"the museum"': [6],
    "source:museum": [],
    "view:all": [1, 2, 3, 4, 5, 6],
    "view:undecided": [1, 2],
    "view:dropped": [3],
    "view:decided": [4, 5, 6],
    "view:flagged": [1],
    "view:differing": [5],
    "view:unseen": [1, 2, 3],
    "view:dropped,flagged": [1, 3],
    "view:undecided -view:flagged": [2],
    "-view:decided": [1, 2, 3],
    "zebra": [1],
    "-zebra": [2, 3, 4, 5, 6],
    "cafe": [2, 4],
    '"au lait"': [4],
    '-"au lait" status:chosen': [],
    '"lait au"': [],
    "la so": [],
    "three": [1, 3, 5, 6],
    "thr kind:A": [1, 3, 5, 6],
    '"thr"': [],
    "thr zebra": [],
    "-thr zebra": [1],
    "-three zebra": [],
    "gorilla": [2],
    "gorilla ask": [2],
    '"ask the"': [2],
    "-gorilla -zebra run:1": [3, 4, 5],
    "giraffe": [6],
    "!": [2],
    "12:30": [6],
    '"http://x.org"': [6],
    '"kind:A"': [],
    "gorilla - kind:B": [],
}


def test_review_and_export_find_the_same_items(project: Project, items: list[Item]) -> None:
    assert {typed: in_review(project, typed) for typed in EXPECTED} == EXPECTED
    assert {typed: in_export(project, typed) for typed in EXPECTED} == EXPECTED


def test_an_item_without_a_vote_is_exported_by_what_is_known_of_it(
    project: Project, items: list[Item]
) -> None:
    def add(c: Connection) -> None:
        run = start_run(c)
        task = generated.save_instructions(c, [NewInstruction(run.id, "B", "Wait.", "kept")])[0]
        generated.save_instances(c, [NewInstance(run.id, task, "", "kept")])

    project.write_now(add)
    for typed in ("run:3", "kind:B status:undecided -gorilla", "wait", "run:3 -score>=0.1 -won:writer"):
        assert in_export(project, typed) == [7], typed
    for typed in ("run:3 score<1", "run:3 won:writer", "run:3 view:all", "run:3 by:rouge"):
        assert in_export(project, typed) == [], typed


def test_what_was_dropped_before_the_vote_is_found_by_its_reason(project: Project) -> None:
    def add(c: Connection) -> None:
        run = start_run(c)
        task = add_instruction(c, run, "Translate.")
        generated.save_instances(c, [NewInstance(run.id, task, "x", "dropped", "output_equals_input")])

    project.write_now(add)
    assert in_review(project, "view:aside reason:output_equals_input") == [1]
    assert in_review(project, "view:all") == in_export(project, "view:aside") == []


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("colour:red", ("'colour' is not a key", "kind, status", "quotes", '"colour:red"')),
        ("statsu:edited", ("'statsu'", "Did you mean status?")),
        ("http://x", ("'http'", '"http://x"')),
        ("x<y", ("'x' is not a key",)),
        ("kind:C", ("'C' is not a valid value of kind", "A, B")),
        ("kind:A,C", ("'C' is not a valid value of kind",)),
        ("status:reject", ("Did you mean rejected?", "undecided")),
        ("by:luck", ("exact, rouge",)),
        ("flagged:maybe", ("yes, no",)),
        ("grade:E", ("A, B, C, D",)),
        ("lint:loops", ("Did you mean loop?", "refusal")),
        ("reason:no_agrement", ("Did you mean no_agreement?",)),
        ("view:some", ("undecided, dropped",)),
        ("status:", ("status: needs a value", "edited, rejected")),
        ('tag:""', ("needs a value",)),
        ("kind>=A", ("kind cannot be compared",)),
        ("score>=0.1,0.2", ("takes one number",)),
        *((f"score>={value}", ("between 0 and 1",)) for value in ("2", "x", "nan", "-1", "1e-1", "٣")),
        *((f"run:{value}", ("whole number",)) for value in ("x", "-1", "1.5", "9" * 40)),
        ("a " * (MOST + 1), ("too long",)),
    ],
)
def test_what_does_not_exist_is_refused_with_what_is_allowed(typed: str, words: tuple[str, ...]) -> None:
    with pytest.raises(ProjectError) as raised:
        parse(typed)
    assert all(word in str(raised.value) for word in words), str(raised.value)


@pytest.mark.parametrize("typed", ["12:30", ":)", "a - b", "--", "->", "#12:3", "<b>", "follow-up", "¡!"])
def test_what_cannot_be_a_key_is_text(typed: str) -> None:
    assert {term.key for term in parse(typed).terms} == {WORD}
    assert not any(term.negated for term in parse(typed).terms)


def test_earlier_versions_took_an_unknown_key_for_text(project: Project, items: list[Item]) -> None:
    remembered = parse('kind:A http://x.org tag:"hard one" 12:30', "decided", strict=False)
    assert (remembered.view, remembered.text) == (
        "decided",
        'kind:A "http://x.org" tag:"hard one" 12:30',
    )
    assert parse(remembered.text, remembered.view) == remembered
    found = project.read(lambda c: review.numbers(c, "number", parse("http://x.org", strict=False)))
    assert list(found) == [6]


def test_the_view_is_the_one_that_is_typed_else_the_one_that_is_given() -> None:
    assert parse("").view == "all" and str(parse("")) == ""
    assert parse("kind:A", "undecided").view == "undecided"
    typed = parse("kind:A view:flagged", "undecided")
    assert (typed.view, typed.text) == ("flagged", "kind:A")
    several = parse("kind:A view:flagged,aside -view:decided", "undecided")
    assert (several.view, several.text) == ("all", "view:flagged,aside -view:decided kind:A")
    without = parse("-view:flagged", "undecided")
    assert (without.view, without.text) == ("undecided", "-view:flagged")


PIECES = st.sampled_from(
    [
        *KEYS,
        *VIEWS,
        "kind:A",
        "score>=0.5",
        ":",
        ",",
        '"',
        '""',
        "-",
        ">=",
        "<",
        " ",
        "\u00a0",
        "é\0",
        "()",
        "*",
    ]
)
TYPED = st.text() | st.lists(PIECES | st.text(max_size=3)).map("".join)


@given(TYPED, st.sampled_from([None, *VIEWS]), st.booleans())
def test_any_text_is_a_filter_that_reads_back_or_is_refused(
    text: str, view: str | None, strict: bool
) -> None:
    try:
        wanted = parse(text, view, strict=strict)  # type: ignore[arg-type]
    except ProjectError:
        return
    assert parse(str(wanted)) == wanted
    if view is not None:
        assert parse(wanted.text, wanted.view) == wanted


VALUES = st.text(st.characters(), min_size=1).filter(lambda text: text.strip())


@given(VALUES, st.sampled_from([WORD, PHRASE, "tag", "won", "source", "recipe"]))
def test_every_value_can_be_typed_in_quotes(value: str, key: str) -> None:
    quoted = '"' + value.replace('"', '""') + '"'
    wanted = parse(quoted if key in (WORD, PHRASE) else f"{key}:{quoted}")
    assert parse(str(wanted)) == wanted
    [term] = wanted.terms
    assert term.values[0].encode(errors="replace") == value.encode(errors="replace") or "⟨" in term.values[0]


HOSTILE = (
    *('"', '""', "*", "NEAR(a b)", "a AND", "a OR b", "-", "col : x", "^", "(", "%", "é\0", "{}"),
    *(
        "{value}",
        "'; DROP TABLE desk; --",
        '" OR 1=1 --',
        ":reviewer",
        ":where0 ?",
        '"unclosed',
        "x\ud800",
        "a" * 9_000,
    ),
)


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_is_searched_as_it_is(project: Project, items: list[Item], text: str) -> None:
    quoted = '"' + text.replace('"', '""') + '"'
    keys = ("won", "lost", "model", "tag", "recipe", "source")
    for typed in (quoted, f"-{quoted}", *(f"{key}:{quoted}" for key in keys)):
        assert in_review(project, typed) == in_export(project, typed), typed
        assert len(in_export(project, typed)) in (0, 1, 6), typed
    try:
        parse(text)
    except ProjectError:
        return
    assert in_review(project, text) == in_export(project, text)
    assert len(in_review(project, "")) == 6


def test_as_many_words_and_values_as_are_allowed_can_be_asked_for(
    project: Project, items: list[Item]
) -> None:
    for term in ("-word", "word", "-tag:x", "view:unseen", "lost:nobody", "-reason:unsafe", '"a b"'):
        typed = " ".join([term] * MOST)
        assert in_review(project, typed) == in_export(project, typed)
    typed = "lost:" + ",".join(["first"] * MOST)
    assert in_review(project, typed) == in_export(project, typed) == [1, 3, 4, 5, 6]


def test_numbers_of_items_narrow_a_filter(project: Project, items: list[Item]) -> None:
    wanted = Filter(only=(2, 4, 99))
    assert list(project.read(lambda c: review.numbers(c, "number", wanted))) == [2, 4]
    assert [
        row.number for row in project.read(lambda c: list(exportable.rows(c, Selection("all", None, wanted))))
    ] == [2, 4]


def test_an_export_comes_in_order_of_numbers_without_being_sorted(
    project: Project, items: list[Item]
) -> None:
    """A million rows cost no memory only because none of them waits for another."""
    for typed in ("kind:A", "score>=0.5", "won:writer", "view:undecided", "tag:b", "zebra", "-source:x"):
        condition, values = parse(typed).on_rows("ann")
        sql = f"EXPLAIN QUERY PLAN {exportable._ROWS} AND {condition} ORDER BY i.number"
        plan = [row[3] for row in project.read(lambda c, s=sql, v=values: c.execute(s, v).fetchall())]
        assert not [step for step in plan if "ORDER BY" in step], (typed, plan)


def test_the_manual_describes_every_key_and_value() -> None:
    page = MANUAL.read_text("utf-8")
    assert not [key for key in KEYS if f"`{key}`" not in page]
    few = {key: known.values for key, known in KEYS.items() if known.values and key != "reason"}
    assert not [(key, value) for key, values in few.items() for value in values if f"`{value}`" not in page]


@pytest.mark.parametrize(
    "text", ["score=0.5", "score!=0.5", "score≥0.5", "score=>0.5", "kind=A", "score >=0.5"]
)
def test_what_looks_like_a_comparison_and_is_none_says_how_to_compare(text: str) -> None:
    with pytest.raises(ProjectError, match="is not a valid comparison"):
        parse(text)
    assert parse(f'"{text}"').terms


@pytest.mark.parametrize("text", ["a=b", "<b>", "=", "1=1", "!important"])
def test_signs_in_words_are_searched_for(text: str) -> None:
    parse(text)
