"""What audits say of an export stands in it, in its card and in its sidecar, and only with a drawing."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from app.cli.audit import audit
from app.cli.report import report
from app.export.audit import Certificate, certificate, certificates, going_out, record, sentence
from app.export.request import request
from app.export.write import export
from app.method.recipe import load
from app.store import audits, decisions
from app.store.connection import Connection
from app.store.project import Project
from app.store.review_state import ItemDecision
from tests.store.material import Item, add_item, start_run

ROWS = 40
ASKED = request("alpaca-jsonl")


@pytest.fixture
def items(project: Project) -> list[Item]:
    """Forty rows that the vote keeps; their instructions are two, but for blanks."""

    def make(c: Connection) -> list[Item]:
        run = start_run(c)
        recipe = load("ensemble-instruct").to_json()  # the report reads it
        c.execute("UPDATE runs SET recipe_json = ? WHERE id = ?", (recipe, run.id))
        return [
            add_item(c, run, f"{' ' * place}Task {place % 2}.", str(place), kind="AB"[place % 2])
            for place in range(ROWS)
        ]

    return project.write_now(make)


def judge(project: Project, *found: audits.Found, who: str = "ann", seed: int = 3) -> Certificate:
    """Let a person judge the next rows of an export; return what follows."""

    def change(c: Connection) -> Certificate:
        drawing = audits.drawing_of(c, who) or audits.draw(c, who, "consensus", ROWS, seed=seed)
        known = certificate(c, drawing, going_out(c, ASKED))
        for verdict in found:
            known = record(c, known, verdict)
        return known

    return project.write_now(change)


def test_an_export_without_an_audit_says_nothing_of_how_right_it_is(
    project: Project, items: list[Item], tmp_path: Path
) -> None:
    project.write_now(lambda c: audits.draw(c, "ann", "consensus", ROWS, seed=3))
    done = export(project, tmp_path / "set", request("datasets"))
    assert done.audit == () and done.rows == ROWS
    assert "confidence" not in (tmp_path / "set" / "README.md").read_text("utf-8")


def test_export_and_card_and_sidecar_carry_one_sentence(
    project: Project, items: list[Item], tmp_path: Path
) -> None:
    known = judge(project, *["right"] * 30, "wrong")
    done = export(project, tmp_path / "set", request("datasets", provenance=True))
    said = sentence(known)
    assert said == (
        "ann judged 31 of 40 rows, drawn at random and shown without model or score, and found 30 right and "
        f"1 wrong, taken out: at least {known.bound.least} of the 39 that go out are right "
        f"({1000 * known.bound.least // 39 / 10}%), with 95% confidence that holds whenever an audit stops."
    )
    assert done.audit == (said,) and done.rows == 39 and done.left_out == {"audit": 1}
    assert said in (tmp_path / "set" / "README.md").read_text("utf-8")
    [sidecar] = (tmp_path / "set").glob("provenance/*")
    rows = [json.loads(line)["audit"] for line in sidecar.read_text("utf-8").splitlines()]
    assert all(row["rows"] == [said] for row in rows)
    found = [verdict for row in rows for verdict in row["row"]]
    assert len(found) == 30 and {(one["reviewer"], one["found"]) for one in found} == {("ann", "right")}


def test_wrong_rows_stay_out_of_every_form_and_choice_but_where_they_show_what_is_bad(
    project: Project, items: list[Item], tmp_path: Path
) -> None:
    judge(project, "wrong", "right")
    for number, wanted in enumerate(
        (request("messages", "all"), request("alpaca-jsonl", split="50/50"), request("csv", seed=1))
    ):
        assert export(project, tmp_path / f"{number}.out", wanted).rows == ROWS - 1
    [wrong] = project.read(audits.taken_out)
    project.write_now(lambda c: decisions.decide(c, "bob", "reject", [ItemDecision(wrong, None, "wrong")]))
    done = export(project, tmp_path / "bad.jsonl", request("kto"))
    assert (done.rows, done.audit) == (1, ())


def test_a_narrower_export_is_certified_by_the_part_of_the_audit_that_is_in_it(
    project: Project, items: list[Item]
) -> None:
    judge(project, *["right"] * 20)
    [known] = project.read(lambda c: certificates(c, request("alpaca-jsonl", where="kind:A")))
    assert known.bound.rows == 20 and known.bound.drawn + known.sample.gone == 20
    assert f"{known.sample.gone} about rows that are not among these" in sentence(known)


def test_a_cap_is_counted_in(project: Project, items: list[Item]) -> None:
    judge(project, *["right"] * 5)
    [known] = project.read(lambda c: certificates(c, request("alpaca-jsonl", cap=3)))
    assert known.bound.rows == 6


def test_an_audit_of_other_rows_gives_no_bound(project: Project, items: list[Item]) -> None:
    known = judge(project, "right", "right")
    both = [ItemDecision(key.instance_id, None, "mine") for key in known.sample.order[:2]]
    project.write_now(lambda c: decisions.decide(c, "bob", "edit", both))
    [now] = project.read(lambda c: certificates(c, ASKED))
    assert sentence(now) == (
        "Nothing is known yet from the audit of ann: 2 judgements do not count: 2 about rows that read "
        "otherwise now."
    )
    assert now.bound.drawn == 0


def test_mending_only_what_was_found_wrong_does_not_make_the_rest_better(
    project: Project, items: list[Item]
) -> None:
    before = judge(project, *["right"] * 10, "wrong", "wrong")
    wrong = [key for key, good in zip(before.sample.order, before.sample.verdicts, strict=False) if not good]
    mended, rejected = (ItemDecision(key.instance_id, None, "wrong") for key in wrong)
    project.write_now(lambda c: decisions.decide(c, "bob", "edit", [mended]))
    project.write_now(lambda c: decisions.decide(c, "bob", "reject", [rejected]))
    [now] = project.read(lambda c: certificates(c, ASKED))
    assert (now.bound.right, now.bound.wrong, now.bound.mended) == (10, 2, 1)
    assert now.bound.least == before.bound.least and now.bound.remaining == ROWS - 1
    assert "2 wrong, 1 taken out and 1 changed since" in sentence(now)


def test_the_report_says_what_audits_found(project: Project, items: list[Item]) -> None:
    known = judge(project, *["right"] * 7)
    shown = CliRunner().invoke(report, [str(project.path)]).output
    assert f"run 1: {sentence(known)}" in shown
    told = json.loads(CliRunner().invoke(report, [str(project.path), "--json"]).output)
    assert told[0]["audit"] == [sentence(known)]
    page = project.path.with_name("page.md")
    assert CliRunner().invoke(report, [str(project.path), str(page)]).exit_code == 0
    assert sentence(known) in page.read_text("utf-8").replace("\\", "")


def test_the_command_prints_what_is_known_as_json(project: Project, items: list[Item]) -> None:
    assert json.loads(CliRunner().invoke(audit, [str(project.path), "--json"]).output) == []
    known = judge(project, *["right"] * 7)
    [told] = json.loads(CliRunner().invoke(audit, [str(project.path), "--json", "--target", "0.9"]).output)
    assert (told["rows"], told["drawn"], told["right"], told["wrong"]) == (ROWS, 7, 7, 0)
    assert told["right_at_least"] == known.bound.least and told["more_expected"] == known.more_for(0.9) > 0


def test_the_command_needs_a_terminal_for_its_screen_and_a_project_that_exists(
    project: Project, items: list[Item]
) -> None:
    refused = CliRunner().invoke(audit, [str(project.path)])
    assert "needs a terminal" in str(refused.exception)
