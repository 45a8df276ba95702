"""Random sequences of audits by two people while decisions, votes and filters change, against a model."""

from __future__ import annotations

import shutil
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import invariant, rule

from app.method.certificate import Population
from app.store import audits, decisions, exportable, generated, review, votes
from app.store.audits import Found, RowKey, Sample
from app.store.connection import Connection
from app.store.exportable import Selection
from app.store.filters import parse
from app.store.project import Project
from app.store.review_state import ItemDecision
from app.store.views import ExportRow
from tests.store.long_runs import CountedMachine, make_long_runs
from tests.store.material import Item, add_item, ballot, start_run

RUNS = 12
ROWS = 6
# Nothing here is about power cuts: memory spares the disk its flushes.
MEMORY = "/dev/shm" if Path("/dev/shm").is_dir() else None

people = st.sampled_from(("ann", "bob"))
places = st.integers(0, ROWS - 1)
choices = (Selection(), Selection("all"), Selection("accepted"), Selection(where=parse("kind:A")))


@dataclass
class Audit:
    """What one person said, as simple as it can be thought: two stacks of (item, output, found)."""

    done: list[tuple[str, str, Found]] = field(default_factory=list)
    undone: list[tuple[str, str, Found]] = field(default_factory=list)

    def say(self, item: str, output: str, found: Found) -> None:
        self.done.append((item, output, found))
        self.undone.clear()

    def standing(self) -> dict[str, tuple[str, Found]]:
        return {item: (output, found) for item, output, found in self.done}


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project of six items of two kinds that the vote keeps."""

    def make(c: Connection) -> None:
        run = start_run(c)
        for place in range(ROWS):
            add_item(c, run, f"Task {place}.", kind="AB"[place % 2])

    path = tmp_path_factory.mktemp("audits") / "template.db"
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
        self.items = self.project.read(_items)
        self.audits = {"ann": Audit(), "bob": Audit()}
        self.drawings = {
            who: self.project.write_now(lambda c, w=who, s=seed: audits.draw(c, w, "", ROWS, seed=s))
            for seed, who in enumerate(self.audits)
        }
        self.choice = choices[0]

    def teardown(self) -> None:
        """Leave nothing behind."""
        self.project.close()
        shutil.rmtree(self.folder)
        self.lengths.append(self.steps)

    # ---- what people do ---------------------------------------------------------------------------

    @rule(who=people, found=st.sampled_from(("right", "right", "wrong")))
    def judge(self, who: str, found: Found) -> None:
        key = self.project.read(self._look)[1][who].next
        if key is not None:
            output = self.project.read(lambda c: audits.blind(c, key)).output
            drawing = self.drawings[who]
            self.project.write_now(lambda c: audits.record(c, drawing, key, found))
            self.audits[who].say(key.instance_id, output, found)

    @rule(who=people)
    def undo(self, who: str) -> None:
        audit, drawing = self.audits[who], self.drawings[who]
        touched = self.project.write_now(lambda c: audits.undo(c, drawing))
        assert touched == (audit.done[-1][0] if audit.done else None)
        if audit.done:
            audit.undone.append(audit.done.pop())

    @rule(who=people)
    def redo(self, who: str) -> None:
        audit, drawing = self.audits[who], self.drawings[who]
        touched = self.project.write_now(lambda c: audits.redo(c, drawing))
        assert touched == (audit.undone[-1][0] if audit.undone else None)
        if audit.undone:
            audit.done.append(audit.undone.pop())

    # ---- what happens meanwhile -------------------------------------------------------------------

    @rule(who=people, at=places, action=st.sampled_from(("accept", "reject", "edit", "later")))
    def decide(self, who: str, at: int, action: str) -> None:
        said = [ItemDecision(self.items[at].id, None, f"by {who}" if action == "edit" else None)]
        self.project.write_now(lambda c: decisions.decide(c, who, action, said))  # type: ignore[arg-type]

    @rule(who=people)
    def undo_a_decision(self, who: str) -> None:
        self.project.write_now(lambda c: decisions.undo(c, who))

    @rule(at=places, winner=st.integers(0, 2), keep=st.booleans())
    def vote_anew(self, at: int, winner: int, keep: bool) -> None:
        item = self.items[at]
        row = ballot(item.candidates, winner=winner, keep=keep)
        self.project.write_now(lambda c: votes.save_vote(c, item.id, row))

    @rule(choice=st.sampled_from(choices))
    def choose_other_rows(self, choice: Selection) -> None:
        self.choice = choice

    @rule()
    def restart(self) -> None:
        self.project.close()
        self.project = Project.open(self.path)

    # ---- what must hold ---------------------------------------------------------------------------

    def _look(self, c: Connection) -> tuple[dict[str, ExportRow], dict[str, Sample]]:
        """Return the rows of the present choice, wrong ones among them, and how both audits stand to them."""
        rows = {row.instance_id: row for row in exportable.rows(c, self.choice)}
        wrong = audits.taken_out(c)
        keys = [audits.key_of(row) for row in rows.values()]
        taken = {key for key in keys if key.content in wrong.get(key.instance_id, ())}
        going = [key for key in keys if key not in taken]
        return rows, {who: audits.sample(c, self.drawings[who], going, taken) for who in self.audits}

    @invariant()
    def every_audit_stands_as_the_model_says(self) -> None:
        self.steps += 1
        rows, samples = self.project.read(self._look)
        wrong = {(i, o) for a in self.audits.values() for i, (o, found) in a.standing().items()
                 if found == "wrong"}  # fmt: skip
        for who, audit in self.audits.items():
            self._check(samples[who], audit, rows, wrong)

    def _check(
        self, sample: Sample, audit: Audit, rows: dict[str, ExportRow], wrong: set[tuple[str, str]]
    ) -> None:
        standing = audit.standing()
        own = {(item, output) for item, (output, found) in standing.items() if found == "wrong"}
        going = {item for item, row in rows.items() if (item, row.output) not in wrong}
        taken = {item for item, row in rows.items() if (item, row.output) in own}
        out = {item for item, _ in own if item not in going | taken and self._put_aside(item)}
        assert {key.instance_id for key in sample.order} == going | taken | out
        expected, mended = [], 0
        for key in sample.order:
            holds = self._holds(key, standing, rows, out)
            if not holds:
                break
            _, found = standing[key.instance_id]
            expected.append(found == "right")
            mended += key.instance_id in going and found == "wrong"
        assert sample.verdicts == tuple(expected) and sample.mended == mended
        others = sample.gone + sample.changed + sample.waiting
        assert len(expected) + others == len(standing)
        bound = Population(len(sample.order)).bounds(sample.verdicts, sample.mended, sample.out)[-1]
        assert bound.remaining == len(going) and bound.right <= bound.least <= bound.most

    def _holds(
        self, key: RowKey, standing: dict[str, tuple[str, Found]], rows: dict[str, ExportRow], out: set[str]
    ) -> bool:
        if key.instance_id not in standing:
            return False
        output, found = standing[key.instance_id]
        if key.instance_id in out:
            return True
        row = rows[key.instance_id]
        by_hand = row.status in ("accepted", "chosen", "edited")
        return row.output == output or (found == "wrong" and by_hand)

    def _put_aside(self, item: str) -> bool:
        state = self.project.read(lambda c: decisions.state_of(c, item))
        return state.status == "rejected" or state.conflict


def _items(c: Connection) -> list[Item]:
    keys = [review.id_of(c, number) for number in range(1, ROWS + 1)]
    return [Item(key, tuple(one.id for one in generated.candidates_of(c, key))) for key in keys]


def test_audits_stand_whatever_changes_meanwhile(template: Path) -> None:
    Machine.template = template
    make_long_runs(Machine, RUNS)
