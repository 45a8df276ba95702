"""Random sequences of everything people can say, with undo, redo, new votes and restarts, against a model."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import get_args

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import invariant, rule

from app.errors import ProjectError
from app.method.judging import Said
from app.store import bulk, counted, decisions, exportable, generated, judgements, review, review_state, votes
from app.store.bulk import BulkAction, BulkRule
from app.store.connection import Connection
from app.store.filters import parse
from app.store.judgements import Verdict
from app.store.project import Project
from app.store.review_state import Action, How, ItemDecision, Rating, ReviewState
from app.store.rows import Include, NewCandidate
from tests.store.long_runs import CountedMachine, make_long_runs
from tests.store.material import FIRST, Item, add_item, ballot, start_run
from tests.store.state_machine import Desk, Judging
from tests.store.state_machine import Said as Event

RUNS = 500
# Nothing here is about power cuts: memory spares the disk fifteen thousand flushes.
MEMORY = "/dev/shm" if Path("/dev/shm").is_dir() else None

people = st.sampled_from(("ann", "bob"))
places = st.sets(st.integers(0, 4), min_size=1, max_size=3)
one = st.integers(0, 4)
texts = st.sampled_from(("one", "two", "yes", "a text of one's own"))


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project of five items: with winners, with equal answers, without a winner, and dropped."""

    def make(c: Connection) -> None:
        run = start_run(c)
        add_item(c, run, "First.")
        add_item(c, run, "Second.", winner=1)
        add_item(c, run, "Third.", outputs=("yes",) * 3, decided_by="exact", mean=1.0)
        add_item(c, run, "Fourth.", winner=None, keep=False)
        add_item(c, run, "Fifth.", winner=2, keep=False)

    path = tmp_path_factory.mktemp("machine") / "template.db"
    with Project.open(path, create=True) as project:
        project.write_now(make)
    return path


class Machine(CountedMachine):
    """Does the same to a project and to the model, and compares them after every step."""

    template: Path

    def __init__(self) -> None:
        super().__init__()
        self.steps = 0
        self.folder = Path(tempfile.mkdtemp(dir=MEMORY))
        self.path = Path(shutil.copyfile(self.template, self.folder / "made.db"))
        self.project = Project.open(self.path)
        self.desk = Desk()
        self.items = self.project.read(_items)
        self.outputs = self.project.read(_outputs)
        self.winners = self.project.read(_winners)
        self.drawing = self.project.write_now(lambda c: judgements.draw(c, "ann", seed=1)).id
        self.judging = Judging()

    def teardown(self) -> None:
        """Look whether what is counted is what there is, and leave nothing behind."""
        assert self.project.read(lambda c: list(counted.miscounted(c))) == []
        self.project.read(_check_rows)
        self.project.close()
        shutil.rmtree(self.folder)
        self.lengths.append(self.steps)

    # ---- what people do ---------------------------------------------------------------------------

    def say(self, who: str, action: Action, over: Sequence[ItemDecision], how: How = "") -> None:
        """Write a decision; the model takes it as it must have been stored."""
        event = self.project.write_now(lambda c: decisions.decide(c, who, action, over, how=how))
        self.desk.say(event, Event(who, action, how, {d.instance_id: self._told(action, d) for d in over}))

    def _told(self, action: str, said: ItemDecision) -> tuple[str | None, str | None, str | None]:
        candidate = said.candidate_id
        if action == "accept":
            candidate = self.winners[said.instance_id]
        answer = said.text if action == "edit" else self.outputs.get(candidate or "")
        return candidate, said.text, answer

    @rule(who=people, at=places, how=st.sampled_from(("", "", "again", "settle", "import")))
    def accept(self, who: str, at: set[int], how: How) -> None:
        over = [ItemDecision(self.items[place].id) for place in sorted(at)]
        if all(self.winners[said.instance_id] for said in over):
            self.say(who, "accept", over, how)
        else:
            with pytest.raises(ProjectError):
                self.say(who, "accept", over, how)

    @rule(who=people, at=one, candidate=st.integers(0, 2), how=st.sampled_from(("", "settle", "again")))
    def choose(self, who: str, at: int, candidate: int, how: How) -> None:
        item = self.items[at]
        self.say(who, "choose", [ItemDecision(item.id, item.candidates[candidate])], how)

    @rule(who=people, at=one, text=texts, start=st.booleans())
    def edit(self, who: str, at: int, text: str, start: bool) -> None:
        item = self.items[at]
        self.say(who, "edit", [ItemDecision(item.id, item.candidates[0] if start else None, text)])

    @rule(who=people, at=one)
    def edit_to_nothing(self, who: str, at: int) -> None:
        with pytest.raises(ProjectError):
            self.say(who, "edit", [ItemDecision(self.items[at].id, None, " \n")])

    @rule(who=people, at=places, why=st.sampled_from((None, *review_state.REJECT_REASONS)))
    def reject(self, who: str, at: set[int], why: str | None) -> None:
        self.say(who, "reject", [ItemDecision(self.items[place].id, None, why) for place in sorted(at)])

    @rule(who=people, at=places, action=st.sampled_from(("later", "flag", "unflag", "ask")))
    def say_little(self, who: str, at: set[int], action: Action) -> None:
        self.say(who, action, [ItemDecision(self.items[place].id) for place in sorted(at)])

    @rule(who=people, at=one, text=st.sampled_from(("", "really?", "see [/b] \x1b[0m")))
    def note(self, who: str, at: int, text: str) -> None:
        self.say(who, "note", [ItemDecision(self.items[at].id, None, text)])

    @rule(who=people, at=one, tags=st.sets(st.sampled_from(("hard", "geo", "ümlaut"))))
    def tag(self, who: str, at: int, tags: set[str]) -> None:
        self.say(who, "tags", [ItemDecision(self.items[at].id, None, review_state.tags_text(tags))])

    @rule(who=people, at=one, grade=st.sampled_from(("A", "D", None)), right=st.sampled_from((True, None)))
    def rate(self, who: str, at: int, grade: object, right: bool | None) -> None:
        rating = review_state.rating_text(Rating(grade, None, None, right))  # type: ignore[arg-type]
        self.say(who, "rate", [ItemDecision(self.items[at].id, None, rating)])

    @rule(who=people, at=one, text=st.sampled_from((None, '["New.", ""]', '["New.", "input"]')))
    def change_task(self, who: str, at: int, text: str | None) -> None:
        self.say(who, "task", [ItemDecision(self.items[at].id, None, text)])

    @rule(who=people, action=st.sampled_from(("accept", "reject")), unanimous=st.booleans())
    def decide_in_bulk(self, who: str, action: BulkAction, unanimous: bool) -> None:
        wanted, chosen = parse("", "all"), BulkRule("unanimous" if unanimous else "all")
        expected = {
            item.id: (self.winners[item.id] if action == "accept" else None)
            for place, item in enumerate(self.items)
            if self.desk.state(item.id).status in ("undecided", "later")
            and (place == 2 or not unanimous)
            and (action == "reject" or (self.winners[item.id] and not self._stale(item.id)))
        }
        found = self.project.read(lambda c: bulk.matching(c, action, wanted, chosen, who))
        assert found.count == len(expected)
        if not expected:
            with pytest.raises(ProjectError):
                self.project.write_now(lambda c: bulk.decide(c, action, wanted, chosen, who))
            return
        self.project.write_now(lambda c: bulk.decide(c, action, wanted, chosen, who))
        said = {key: (won, None, self.outputs.get(won or "")) for key, won in expected.items()}
        self.desk.say(self.project.read(_newest), Event(who, action, "", said))

    @rule(who=people, at=one, others=places)
    def repeat_on_similar(self, who: str, at: int, others: set[int]) -> None:
        source, keys = self.items[at].id, [self.items[place].id for place in sorted(others - {at})]
        state = self.desk.state(source)
        if state.status not in ("rejected", "edited") or not keys:
            with pytest.raises(ProjectError):
                self.project.write_now(lambda c: bulk.repeat(c, who, source, keys))
            return
        self.project.write_now(lambda c: bulk.repeat(c, who, source, keys))
        action, text = ("edit", state.text) if state.status == "edited" else ("reject", state.reason or None)
        said = dict.fromkeys(keys, (None, text, text if action == "edit" else None))
        self.desk.say(self.project.read(_newest), Event(who, action, "", said))

    @rule(who=people)
    def undo(self, who: str) -> None:
        found = self.project.write_now(lambda c: decisions.undo(c, who))
        assert (found.event if found else None) == self.desk.undo(who)

    @rule(who=people)
    def redo(self, who: str) -> None:
        found = self.project.write_now(lambda c: decisions.redo(c, who))
        assert (found.event if found else None) == self.desk.redo(who)

    @rule(who=people, at=one, place=st.integers(0, 2), right=st.sampled_from((True, False, None)))
    def judge(self, who: str, at: int, place: int, right: bool | None) -> None:
        """Judge one answer; what says the same is judged with it, and an answer to an earlier text is not."""
        item = self.items[at]
        said, meant = Said(right), item.candidates[place]
        asked = Verdict(right, None, {meant: said})
        judge = partial(judgements.judge, reviewer=who, instance_id=item.id, drawing=self.drawing)
        if self._stale(item.id):
            with pytest.raises(ProjectError):
                self.project.write_now(lambda c: judge(c, verdict=asked))
            return
        candidates = self.project.read(lambda c: generated.candidates_of(c, item.id))
        same = {one.id: said for one in candidates if one.output == self.outputs[meant]}
        event = self.project.write_now(lambda c: judge(c, verdict=asked))
        self.judging.judge(event, who, item.id, Verdict(right, None, same))

    @rule(who=people, back=st.booleans())
    def turn_back_a_judgement(self, who: str, back: bool) -> None:
        turn = judgements.undo if back else judgements.redo
        found = self.project.write_now(lambda c: turn(c, who, self.drawing))
        stacks = self.judging.stacks
        assert (found.seq if found else None) == (stacks.undo(who) if back else stacks.redo(who))

    # ---- what happens meanwhile -------------------------------------------------------------------

    @rule(at=one, winner=st.sampled_from((None, 0, 1, 2)))
    def vote_anew(self, at: int, winner: int | None) -> None:
        """The vote changes; no decision does."""
        item = self.items[at]
        decided_by = "exact" if at == 2 else "rouge"
        row = ballot(item.candidates, winner=winner, keep=winner is not None, decided_by=decided_by)
        self.project.write_now(lambda c: votes.save_vote(c, item.id, row))
        self.winners[item.id] = row.winner_id

    @rule(at=one)
    def answer_once_more(self, at: int) -> None:
        """A further candidate comes that takes no part in the vote yet."""
        item = self.items[at]

        def add(c: Connection) -> None:
            place = len(generated.candidates_of(c, item.id))
            new = NewCandidate(item.id, FIRST, "answerer", place, "yes" if at == 2 else "more", "end",
                               attempt=1000 + place)  # fmt: skip
            generated.save_candidate(c, new)

        self.project.write_now(add)

    @rule()
    def restart(self) -> None:
        self.project.close()
        self.project = Project.open(self.path)

    @rule()
    def build_anew(self) -> None:
        self.project.write_now(decisions.refold)

    # ---- what must hold ---------------------------------------------------------------------------

    def _stale(self, key: str) -> bool:
        return self.desk.state(key).instruction is not None

    @invariant()
    def everything_is_as_the_model_says(self) -> None:
        self.steps += 1
        # One read for all: every read waits for a connection of its own.
        self.project.read(self._check)

    def _check(self, c: Connection) -> None:
        states = {item.id: self.desk.state(item.id) for item in self.items}
        for key, state in states.items():
            found = decisions.state_of(c, key)
            assert (found.task == "") == (state.instruction is None)
            assert replace(found, task="", rating=None) == state
        self._check_queue(c, states)
        judged = {(one.instance_id, one.reviewer): one.verdict for one in judgements.standing(c)}
        assert judged == self.judging.standing()

    def _check_queue(self, c: Connection, states: dict[str, ReviewState]) -> None:
        decided = {n for n, item in enumerate(self.items, 1) if states[item.id].status not in _OPEN}
        conflicts = {n for n, item in enumerate(self.items, 1) if states[item.id].conflict}
        flagged = {n for n, item in enumerate(self.items, 1) if states[item.id].flagged}
        expected = {"all": {1, 2, 3, 4, 5}, "decided": decided, "conflicts": conflicts, "flagged": flagged}
        for view, numbers in expected.items():
            wanted = parse("", view)  # type: ignore[arg-type]
            assert set(review.numbers(c, "number", wanted)) == numbers
        for who in ("ann", "bob"):
            progress = review.progress(c, who)
            assert (progress.decided, progress.conflicts) == (len(decided), len(conflicts))
            standing = self.desk.done.get(who)
            assert (progress.last.event if progress.last else None) == (standing[-1] if standing else None)
        chosen = exportable.Selection("accepted")
        rows = {row.instance_id: row.output for row in exportable.rows(c, chosen)}
        assert rows == {
            key: state.text if state.status == "edited" else self.outputs[state.candidate_id or ""]
            for key, state in states.items()
            if state.status in ("accepted", "chosen", "edited") and not state.conflict
        }


_OPEN = ("undecided", "later")


def _check_rows(c: Connection) -> None:
    """Look whether no selection has more rows than it is said to have at most."""
    for include in get_args(Include):
        chosen = exportable.Selection(include)
        rows = len(list(exportable.rows(c, chosen)))
        assert rows <= exportable.at_most(c, chosen) <= 5, include


def _items(c: Connection) -> list[Item]:
    keys = [review.id_of(c, number) for number in range(1, 6)]
    return [Item(key, tuple(one.id for one in generated.candidates_of(c, key))) for key in keys]


def _outputs(c: Connection) -> dict[str, str]:
    return {row[0]: row[1] for row in c.execute("SELECT id, output FROM candidates")}


def _winners(c: Connection) -> dict[str, str | None]:
    return {row[0]: row[1] for row in c.execute("SELECT instance_id, winner FROM votes WHERE current = 1")}


def _newest(c: Connection) -> int:
    return int(c.execute("SELECT MAX(seq) FROM events").fetchone()[0])


def test_everything_people_can_say_in_any_order(template: Path) -> None:
    Machine.template = template
    make_long_runs(Machine, RUNS)
