"""Learning in a project: what people said of its answers, and votes by it."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.bench import worlds
from app.errors import ProjectError
from app.intake.given import GoodLine
from app.method.consensus import RuleChoice
from app.method.judging import Said
from app.method.learning import DECISION_WEIGHT
from app.method.recipe import load
from app.run.import_candidates import import_candidates
from app.run.learn import judged_items, known_items, learn, learn_from
from app.run.report_card import card_of
from app.run.revoting import renew_votes, revote, revote_undecided
from app.run.voting import PROBABLE, Asked, present_choice, since_learned
from app.store import decisions, fits, judgements, runs
from app.store.imported import GivenCandidates, GivenOutput
from app.store.judgements import Verdict
from app.store.project import Connection, Project
from app.store.review_state import ItemDecision
from tests.run.judged_projects import ME, ballots, judge, made

BY_LEARNED = Asked("learned", 0.5)


TASKS = worlds.siblings(120, 3)


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return made(tmp_path / "answers.db", TASKS)


def test_what_was_judged_makes_the_votes_better_and_leaves_decisions_alone(project: Project) -> None:
    def change(c: Connection) -> tuple[float, float, int]:
        judge(c, TASKS, 40)
        decided = ballots(c)[0]
        decisions.decide(c, ME, "choose", [ItemDecision(decided.instance_id, decided.candidates[3].id)])
        before = share_right(c)
        found = learn(c)
        fits.save(c, found.fit)
        assert found.gain.all is not None and found.gain.all.items == 40
        assert (found.fit.judged, found.fit.source) == (40, "")
        return before, share_right(c), revote_undecided(c, BY_LEARNED)

    before, untouched, voted = project.write_now(change)
    assert before == untouched and voted == 119
    assert project.read(share_right) > before + 0.1
    first, second = project.read(ballots)[:2]
    assert first.vote is not None and first.vote.rule == "released"
    assert second.vote is not None and (second.vote.rule, second.vote.fit) == ("learned", 1)
    assert second.vote.probabilities is not None and len(second.vote.probabilities) == 4


def share_right(c: Connection) -> float:
    right = {task.instruction: task.right for task in TASKS}
    won = [
        right[ballot.instruction][ballot.vote.winner]
        for ballot in ballots(c)
        if ballot.vote is not None and ballot.vote.winner is not None
    ]
    return sum(won) / len(won)


def test_the_report_card_does_not_measure_what_learned_from_its_sample(project: Project) -> None:
    def change(c: Connection) -> None:
        judge(c, TASKS, 30)
        fits.save(c, learn(c).fit)

    project.write_now(change)
    before = project.read(card_of)
    project.write_now(lambda c: revote(c, BY_LEARNED))
    after = project.read(card_of)
    assert (before.learned, after.learned) == (False, True)
    assert (before.card.stands_by, after.card.stands_by) == ("released", "quorum")
    assert after.card.models == before.card.models and set(after.card.rules) == set(before.card.rules)


def test_too_few_judgements_are_refused_with_what_to_do(project: Project) -> None:
    project.write_now(lambda c: judge(c, TASKS, 9))
    with pytest.raises(ProjectError, match="Too few items were judged to learn from: 9") as refused:
        project.read(learn)
    assert "quorum judge" in refused.value.hint


def test_rule_learned_asks_for_weights_and_a_threshold_of_its_own_kind(project: Project) -> None:
    with pytest.raises(ProjectError, match="Nothing was learned"):
        project.write_now(lambda c: revote(c, Asked("learned")))

    def change(c: Connection) -> None:
        judge(c, TASKS, 20)
        fits.save(c, learn(c).fit)
        revote(c, Asked("learned"))

    project.write_now(change)
    vote = project.read(ballots)[0].vote
    assert vote is not None and vote.threshold == PROBABLE
    with pytest.raises(ProjectError, match="whose threshold is a probability"):
        project.read(lambda c: revote(c, Asked("quorum"), store=False))
    back = project.read(lambda c: revote(c, Asked("quorum", 0.25), store=False))
    assert [choice.rule for counts in back.choices.values() for choice in counts] == ["quorum"]


def test_votes_stay_by_the_fit_they_were_made_by_until_the_rule_is_asked_for_again(project: Project) -> None:
    def change(c: Connection) -> tuple[int, int, int]:
        judge(c, TASKS, 20)
        fits.save(c, learn(c).fit)
        revote(c, BY_LEARNED)
        judge(c, TASKS, 20)
        fits.save(c, learn(c).fit)
        stays = revote(c, Asked(threshold=0.6))
        renewed = revote(c, BY_LEARNED)
        [first] = {choice.fit for counts in stays.choices.values() for choice in counts}
        [second] = {choice.fit for counts in renewed.choices.values() for choice in counts}
        return first or 0, second or 0, len(renewed.flips)

    first, second, flips = project.write_now(change)
    assert (first, second) == (1, 2) and flips > 0


def test_learning_again_is_compared_with_what_was_there_before_anything_was_learned(project: Project) -> None:
    def change(c: Connection) -> tuple[object, object]:
        judge(c, TASKS, 30)
        first = learn(c)
        fits.save(c, first.fit)
        revote(c, BY_LEARNED)
        return first.gain, learn(c).gain

    first, again = project.write_now(change)
    assert first == again


def test_a_decision_says_something_of_the_answers_it_is_about_alone(project: Project) -> None:
    def change(c: Connection) -> None:
        # Answers that differ from the winner's are needed.
        items = [one for one in ballots(c) if len({each.output for each in one.candidates}) > 1][:6]
        winner = [one.candidates[one.vote.winner or 0].id for one in items if one.vote]
        others = [
            next(x.id for x in one.candidates if x.output != one.candidates[one.vote.winner or 0].output)
            for one in items
            if one.vote
        ]
        decisions.decide(c, ME, "accept", [ItemDecision(items[0].instance_id, winner[0])])
        decisions.decide(c, ME, "choose", [ItemDecision(items[1].instance_id, others[1])])
        decisions.decide(c, ME, "edit", [ItemDecision(items[2].instance_id, winner[2], "mine")])
        decisions.decide(c, ME, "reject", [ItemDecision(items[3].instance_id, None, "wrong")])
        decisions.decide(c, ME, "reject", [ItemDecision(items[4].instance_id, None, "duplicate")])
        decisions.decide(c, ME, "accept", [ItemDecision(items[5].instance_id, winner[5])], note="a rule")

    project.write_now(change)
    known = project.read(known_items)
    assert [one.weight for one in known] == [DECISION_WEIGHT] * 4
    accepted, chosen, edited, rejected = known
    assert set(accepted.right) <= {True, None} and True in accepted.right
    assert {True, False} <= set(chosen.right)
    assert set(edited.right) <= {False, None} and False in edited.right
    assert set(rejected.right) == {False}


def test_a_judged_item_counts_as_judged_alone_and_reviewers_of_two_minds_say_nothing(
    project: Project,
) -> None:
    def change(c: Connection) -> str:
        [first, *_] = ballots(c)
        decisions.decide(c, ME, "accept", [ItemDecision(first.instance_id, first.candidates[0].id)])
        for reviewer, right in ((ME, True), ("you", False)):
            said = {first.candidates[0].id: Said(right), first.candidates[1].id: Said(False)}
            outputs = {one.id: one.output for one in first.candidates}
            judgements.record(c, reviewer, first.instance_id, Verdict(True, True, said), outputs)
        return first.instance_id

    key = project.write_now(change)
    said = project.read(judged_items)[key]
    ballot = project.read(ballots)[0]
    if ballot.candidates[0].output != ballot.candidates[1].output:
        assert said[ballot.candidates[0].id] is None
    assert said[ballot.candidates[1].id] in (False, None)
    assert [one.weight for one in project.read(known_items)] == [1.0]


def test_the_answers_to_a_task_that_is_not_valid_are_wrong(project: Project) -> None:
    def change(c: Connection) -> str:
        [first, *_] = ballots(c)
        outputs = {one.id: one.output for one in first.candidates}
        judgements.record(c, ME, first.instance_id, Verdict(False, None, {}), outputs)
        return first.instance_id

    key = project.write_now(change)
    assert set(project.read(judged_items)[key].values()) == {False}


def test_weights_of_another_project_are_measured_on_what_was_judged_here(
    project: Project, tmp_path: Path
) -> None:
    def teach(c: Connection) -> None:
        judge(c, TASKS, 60)
        fits.save(c, learn(c).fit)

    project.write_now(teach)
    tasks = worlds.siblings(40, 8)
    other = made(tmp_path / "other.db", tasks)
    other.write_now(lambda c: judge(c, tasks, 12))
    found = other.read(lambda c: learn_from(c, tmp_path / "answers.db"))
    assert (found.fit.source, found.fit.judged, found.unknown) == ("answers.db", 60, ())
    assert found.gain.all is not None and found.gain.all.items == 12
    strange = made(
        tmp_path / "strange.db",
        [worlds.Task("A", ("writer x", "answerer y"), ("1", "2"), (True, False), n) for n in range(3)],
    )
    with pytest.raises(ProjectError, match="about other models"):
        strange.read(lambda c: learn_from(c, tmp_path / "answers.db"))


def test_what_was_said_since_is_counted(project: Project) -> None:
    def change(c: Connection) -> list[tuple[int, int]]:
        judge(c, TASKS, 20)
        first = judgements.current_drawing(c)
        number = fits.save(c, learn(c).fit)
        counts = [fits.since(c, fits.get(c, number))]
        judge(c, TASKS, 3)
        item = ballots(c)[5]
        decisions.decide(c, ME, "accept", [ItemDecision(item.instance_id, item.candidates[0].id)])
        counts.append(fits.since(c, fits.get(c, number)))
        second = judgements.current_drawing(c)
        assert first is not None and second is not None
        for taken_back in (second, first, first):  # the first twenty were learned from
            judgements.undo(c, ME, taken_back.id)
            counts.append(fits.since(c, fits.get(c, number)))
        judgements.redo(c, ME, first.id)
        return [*counts, fits.since(c, fits.get(c, number))]

    assert project.write_now(change) == [(0, 0), (3, 1), (2, 1), (3, 1), (4, 1), (3, 1)]


def test_a_recipe_that_names_the_rule_votes_as_before_until_something_was_learned(project: Project) -> None:
    recipe = load("ensemble-instruct")
    stage = recipe.consensus.model_copy(update={"rule": "learned", "threshold": 0.7})
    recipe = recipe.model_copy(update={"consensus": stage})
    before = project.read(lambda c: present_choice(c, recipe))
    assert (before.rule, before.threshold, before.at_least) == ("quorum", 0.25, "half")

    def change(c: Connection) -> RuleChoice:
        judge(c, TASKS, 20)
        fits.save(c, learn(c).fit)
        return present_choice(c, recipe)

    after = project.write_now(change)
    assert (after.rule, after.threshold, after.fit) == ("learned", 0.7, 1) and after.weights is not None


def test_models_that_left_and_that_joined_since_a_fit_change_nothing_about_how_it_votes(
    project: Project,
) -> None:
    """One that left is asked for nothing, one that joined counts as any model, and is named."""

    def leave(c: Connection) -> None:
        judge(c, TASKS, 30)
        fits.save(c, learn(c).fit)
        revote(c, BY_LEARNED)
        [run] = runs.all_runs(c)
        [gone] = [part for part in runs.run_models(c, run.id) if part.model.name == "a"]
        runs.remove_part(c, run.id, gone.model.fingerprint, "answerer")
        assert renew_votes(c, run.id) == len(TASKS)

    project.write_now(leave)
    there = project.read(ballots)
    assert {tuple(one.name for one in ballot.candidates) for ballot in there} == {("w", "b", "c")}
    assert project.read(since_learned) == ""
    tasks = [
        GivenCandidates(ballot.instruction, ballot.input, (GivenOutput("new", f"So {ballot.number}."),))
        for ballot in there
    ]
    import_candidates(project, "y", (GoodLine(n, one) for n, one in enumerate(tasks, start=1)))
    assert project.read(since_learned) == "fit 1 knows nothing of new (answerer)"
    for ballot in project.read(ballots):
        assert ballot.vote is not None and ballot.vote.rule == "learned"
        assert len(ballot.vote.probabilities or ()) == len(ballot.candidates) == 4
    assert project.read(learn).unknown == ("new (answerer)",)
