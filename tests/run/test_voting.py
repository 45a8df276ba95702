from __future__ import annotations

import random
import re
import string
from collections.abc import Sequence
from pathlib import Path

import pytest
from rouge_score.rouge_scorer import RougeScorer

from app import spread as spreading
from app.errors import ProjectError
from app.intake.given import GoodLine
from app.method.consensus import Answers, choice_of, latest_version, vote, vote_on
from app.run.import_candidates import import_candidates
from app.run.revoting import VoteReport, revote, vote_where_missing
from app.run.voting import Asked, known
from app.run.written import Written, WrittenInstance, save_written
from app.store import counted, decisions, review, runs, votes
from app.store.imported import GivenCandidates, GivenOutput
from app.store.project import Connection, Project
from app.store.review_state import ItemDecision, task_text
from tests.store.material import add_instruction, completion, queue_ids, start_run
from tests.tui.filled_projects import fill

SCORER = RougeScorer(["rougeL"], use_stemmer=True)
Triple = tuple[str, str, str]


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return Project.open(tmp_path / "votes.db", create=True)


def put(project: Project, outputs: Sequence[Sequence[str]]) -> None:
    tasks = (
        GivenCandidates(f"Task {n}.", "", tuple(GivenOutput(f"m{k}", text) for k, text in enumerate(texts)))
        for n, texts in enumerate(outputs)
    )
    import_candidates(project, "x", (GoodLine(n, one) for n, one in enumerate(tasks, start=1)))


def again(project: Project, *how: object, store: bool = True) -> VoteReport:
    asked = Asked(*how)  # type: ignore[arg-type]
    return project.write_now(lambda c: revote(c, asked, store=store))


def standing(project: Project) -> list[votes.Ballot]:
    return project.read(lambda c: [one for chunk in votes.in_chunks(c) for one in chunk])


def normalised(text: str) -> str:
    kept = "".join(character for character in text.lower() if character not in string.punctuation)
    return re.sub(r"\s+", " ", kept).strip()


def released(triple: Triple, threshold: float) -> str | None:
    """The released rule as its paper's code writes it down: one example after the other, every score anew."""
    one, two, three = map(normalised, triple)
    if one in (two, three):
        return triple[0]
    if two == three:
        return triple[1]
    pairs = [(one, two), (one, three), (two, three)]
    r01, r02, r12 = (SCORER.score(a, b)["rougeL"].fmeasure for a, b in pairs)
    sums = [r01 + r02, r01 + r12, r02 + r12]
    best = sums.index(max(sums))
    return triple[best] if min(r01, r02, r12) > threshold and triple[best].strip() else None


def triples(count: int) -> list[Triple]:
    """Texts of few words, so that equal, empty, tied and unlike ones all come up."""
    rng = random.Random(5)
    words = ["Run", "running", "cat", "cats!", "the", "a.", "été", "7", "-", ""]

    def text() -> str:
        return " ".join(rng.choices(words, k=rng.randint(0, 5)))

    return [(text(), text(), text()) for _ in range(count)]


@pytest.mark.parametrize("threshold", [0.01, 0.4])
def test_a_vote_over_a_project_selects_what_the_released_rule_selects(
    project: Project, threshold: float
) -> None:
    cases = triples(1500)
    put(project, cases)
    report = again(project, "released", threshold)
    assert report.kept + report.dropped == len(cases)
    kept = 0
    for triple, ballot in zip(cases, standing(project), strict=True):
        row = ballot.vote
        assert row is not None
        won = next((one.output for one in ballot.candidates if one.id == row.winner_id), None)
        assert (won if row.keep else None) == released(triple, threshold), triple
        kept += row.keep
    assert report.kept == kept and 0 < kept < len(cases)


def test_stored_scores_give_the_votes_that_fresh_ones_give(project: Project) -> None:
    cases = triples(300)
    put(project, cases)
    for rule in ("paper", "quorum", "released"):
        again(project, rule, 0.3)
        for triple, ballot in zip(cases, standing(project), strict=True):
            answers = Answers(triple, key=ballot.instance_id)
            [fresh] = vote_on([answers], choice_of(rule, 0.3))  # type: ignore[arg-type]
            assert ballot.vote == fresh._replace(candidates=ballot.ids)


def test_a_vote_that_says_the_same_is_not_stored_again(project: Project) -> None:
    put(project, triples(50))

    def count() -> int:
        return int(project.read(lambda c: c.execute("SELECT COUNT(*) FROM votes").fetchone()[0]))

    before = count()
    assert again(project).flips == [] and count() == before == 50
    again(project, "paper")
    assert count() == 100


def test_a_dry_run_says_what_a_vote_would_say_and_stores_nothing(project: Project) -> None:
    put(project, [SAME, LIKE, ALIEN])
    keys = project.read(lambda c: queue_ids(c, "number", "all"))
    for key, action in zip(keys, ("edit", "accept", "reject"), strict=True):
        decision = ItemDecision(key, text="blue" if action == "edit" else None)
        project.write_now(lambda c, d=decision, a=action: decisions.decide(c, "ann", a, [d]))  # type: ignore[misc]
    for how in (("released", 0.9), ("quorum", 0.01), (None, 0.99)):
        before = project.read(lambda c: list(c.iterdump()))
        would = again(project, *how, store=False)
        assert project.read(lambda c: list(c.iterdump())) == before
        assert again(project, *how) == would and would.flips


def test_votes_stay_under_their_version_until_another_is_asked_for(project: Project) -> None:
    put(project, [("Helium", "It is helium.", "This is helium.", "helium")])
    again(project, "quorum", 0.2)

    def go_back(c: Connection) -> None:
        c.execute("UPDATE votes SET rule_version = 1, at_least = NULL, barred = NULL, decided_by = 'exact'")
        counted.recount(c)

    def version() -> tuple[object, ...]:
        [ballot] = standing(project)
        assert ballot.vote is not None
        return ballot.vote.rule_version, ballot.vote.at_least, ballot.vote.decided_by, len(ballot.candidates)

    project.write_now(go_back)
    assert project.read(votes.under_earlier_versions) == {"quorum": 1}
    again(project)
    again(project, None, 0.3)
    line = GivenCandidates("Task 0.", "", (GivenOutput("late", "Neon"),))
    import_candidates(project, "y", [GoodLine(1, line)])
    assert version() == (1, None, "exact", 5)
    again(project, "quorum")
    assert version() == (3, "half", "rouge", 5)
    again(project, None, None, None, 2)
    assert version() == (3, 2, "exact", 5)
    assert project.read(votes.under_earlier_versions) == {}
    with pytest.raises(ProjectError, match="does not count equal answers"):
        again(project, "released", None, None, "half")


def test_votes_of_all_are_of_no_earlier_version_where_the_recipe_says_so(project: Project) -> None:
    put(project, [("Helium", "It is helium.")])
    project.write_now(lambda c: revote(c, Asked("quorum", 0.2, voters="all")))
    assert project.read(votes.under_earlier_versions) == {}  # a person chose it
    project.write_now(lambda c: c.execute("UPDATE votes SET asked = 0"))
    project.write_now(counted.recount)
    assert project.read(votes.under_earlier_versions) == {"quorum": 1}

    def say(c: Connection, recipe: str) -> None:
        c.execute("UPDATE runs SET recipe_json = ?", (recipe,))

    project.write_now(lambda c: say(c, '{"consensus": {"voters": "all"}}'))
    assert project.read(votes.under_earlier_versions) == {}
    report = project.read(lambda c: revote(c, store=False))
    [choice] = report.choices[1]
    assert not report.earlier and choice.version == latest_version("quorum", all_vote=True)
    [key] = [ballot.instance_id for ballot in standing(project)]
    assert project.read(lambda c: review.item(c, key)).all_vote
    project.write_now(lambda c: c.execute("UPDATE votes SET rule_version = 1"))
    project.write_now(counted.recount)
    assert project.read(votes.under_earlier_versions) == {"quorum": 1}


def test_an_item_is_compared_in_its_own_script_unless_told_otherwise(project: Project) -> None:
    put(project, [LIKE, ("Снег белый.", "Снег белый и холодный.")])

    def tokenisers() -> list[str]:
        return [ballot.vote.tokeniser for ballot in standing(project) if ballot.vote]

    assert tokenisers() == ["rouge-score", "unicode"]
    again(project, None, None, "rouge-score")
    assert tokenisers() == ["rouge-score", "rouge-score"]
    assert again(project).flips == [] and tokenisers() == ["rouge-score", "rouge-score"]
    [flip] = again(project, None, None, "auto").flips
    assert (flip.number, flip.after.keep) == (2, True)


SAME = ("blue sky", "blue sky", "red")
LIKE = ("the sky is blue", "the sky is grey", "the sky today is blue")
ALIEN = ("one", "two", "three")


def test_a_report_says_what_flips_and_why(project: Project) -> None:
    put(project, [SAME, LIKE, ALIEN])
    report = again(project, "released", 0.9)
    assert (report.kept, report.dropped) == (1, 2)
    assert report.decided_by == {"exact": 1} and report.winners == {"m0": 1}
    assert report.reasons == {"no_agreement": 2}
    assert report.before == {True: 2, False: 1}
    [flip] = report.flips
    assert (flip.number, flip.before.keep, flip.after.keep) == (2, True, False)
    assert again(project).flips == [], "what nobody names stays as it stands"
    back = again(project, None, 0.01)
    assert [(one.number, one.after.keep, one.after.winner) for one in back.flips] == [(2, True, "m0")]


def test_a_decision_never_changes_and_a_vote_that_departs_from_it_is_told(project: Project) -> None:
    put(project, [SAME, LIKE, ALIEN])
    keys = project.read(lambda c: queue_ids(c, "number", "all"))
    for key in keys[:2]:
        accepted = ItemDecision(key)
        project.write_now(lambda c, one=accepted: decisions.decide(c, "ann", "accept", [one]))
    project.write_now(lambda c: decisions.decide(c, "ann", "reject", [ItemDecision(keys[2])]))
    states = project.read(lambda c: [decisions.state_of(c, key) for key in keys])
    assert again(project).differing == []
    report = again(project, "released", 0.9)
    assert (report.differing, report.newly_differing) == ([2], [2])
    assert project.read(lambda c: queue_ids(c, view="differing")) == [keys[1]]
    assert again(project, "released", 0.95).newly_differing == []
    assert project.read(lambda c: [decisions.state_of(c, key) for key in keys]) == states
    assert again(project).differing == [2]
    assert again(project, None, 0.01).differing == []


def test_an_item_that_waits_for_an_answer_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "thesis.db"
    first, *_ = fill(path)

    def lose(c: Connection) -> None:
        c.execute("DELETE FROM votes WHERE instance_id = ?", (first,))
        c.execute("DELETE FROM candidates WHERE instance_id = ? AND position = 2", (first,))

    with Project.open(path) as project:
        project.write_now(lambda c: [runs.remove_part(c, "run-1", f"hash-{at}", "answerer") for at in (3, 4)])
        project.write_now(lose)
        assert again(project).waiting == 1
        assert project.read(lambda c: votes.current_vote(c, first)) is None


def test_what_takes_part_no_more_counts_no_more_and_comes_back(tmp_path: Path) -> None:
    path = tmp_path / "thesis.db"
    fill(path)
    with Project.open(path) as project:
        project.write_now(lambda c: runs.remove_part(c, "run-1", "hash-1", "answerer"))
        assert project.write_now(vote_where_missing) == 5
        for ballot in standing(project):
            assert ballot.up_to_date and len(ballot.candidates) == 2
            fresh = vote([one.output for one in ballot.candidates], "released", 0.01)
            earlier = known(ballot)
            assert earlier is not None and earlier.matrix == fresh.matrix
        assert project.write_now(vote_where_missing) == 0


def test_a_vote_keeps_the_rule_that_was_chosen_last(project: Project) -> None:
    put(project, [LIKE])
    again(project, "quorum", 0.2)
    line = GivenCandidates("Task 0.", "", (GivenOutput("late", "the sky is blue"),))
    import_candidates(project, "y", [GoodLine(1, line)])
    [ballot] = standing(project)
    assert ballot.vote is not None
    assert (ballot.vote.rule, ballot.vote.threshold, len(ballot.vote.candidates)) == ("quorum", 0.2, 4)


def test_many_items_are_read_a_part_at_a_time(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    put(project, triples(47))
    whole = standing(project)
    monkeypatch.setattr(votes, "AT_ONCE", 10)
    assert standing(project) == whole
    assert again(project, "paper").kept == again(project, "paper").kept


def test_processes_that_vote_find_in_the_file_what_the_vote_finds(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(votes, "AT_ONCE", 3)
    found = []
    for cores in (1, 3):
        monkeypatch.setattr(spreading, "_cores", lambda cores=cores: cores)
        with Project.open(tmp_path / f"{cores}.db", create=True) as project:
            put(project, triples(47))
            found.append((again(project, "paper"), standing(project)))
    assert found[0] == found[1]


def test_what_the_transaction_of_a_vote_has_changed_before_counts(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(project, triples(47))
    monkeypatch.setattr(votes, "AT_ONCE", 3)
    monkeypatch.setattr(spreading, "_cores", lambda: 3)
    *_, last = project.read(lambda c: queue_ids(c, view="all"))
    changed = ItemDecision(last, text=task_text("Say it otherwise.", ""))

    def change(c: Connection) -> VoteReport:
        assert c.as_committed
        decisions.decide(c, "ann", "task", [changed])
        assert not c.as_committed
        return revote(c, Asked("paper"))

    assert project.write_now(change).voted == 46
    assert again(project, "paper", 0.5).voted == 46


def test_answers_to_an_earlier_text_of_the_task_do_not_count(project: Project) -> None:
    put(project, [LIKE])
    [key] = project.read(lambda c: queue_ids(c, view="all"))
    changed = ItemDecision(key, text=task_text("Say it otherwise.", ""))
    project.write_now(lambda c: decisions.decide(c, "ann", "task", [changed]))
    [ballot] = standing(project)
    assert ballot.candidates == () and ballot.vote is not None
    assert project.write_now(vote_where_missing) == 0
    assert again(project).kept == 0


def test_the_writers_own_answer_that_loops_does_not_vote_and_its_instance_stays(project: Project) -> None:
    loop = "the hen and the fox and " * 8

    def write(c: Connection) -> tuple[str, list[tuple[str, str]]]:
        run = start_run(c)
        task = add_instruction(c, run, "Name the animals.")
        written = [Written("A", None, WrittenInstance("A hen met a fox.", loop, "length"))]
        save_written(c, completion(run, task, "instances"), written, instruction_id=task)
        [(status,)] = c.execute("SELECT status FROM instances")
        return status, [tuple(row) for row in c.execute("SELECT output, reason FROM candidates")]

    assert project.write_now(write) == ("kept", [(loop, "repeats")])
    assert standing(project)[0].candidates == ()
