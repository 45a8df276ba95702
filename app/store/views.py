"""What screens, the command line and exports read: several tables put together. All texts are foreign."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from app.method.consensus import Vote
from app.method.learned import Weights
from app.method.terms import Fault, Kind
from app.method.turns import Turn
from app.store.review_state import Action, ReviewState, ReviewStatus
from app.store.rows import CandidateRow


@dataclass(frozen=True, slots=True)
class LastDecision:
    """A decision in words' reach: who, when, what, on which item; `candidate` is the position shown
    plus one (the key that chooses it), None where no candidate is meant; `items` counts a bulk one."""

    event: int
    reviewer: str
    at: str
    action: Action
    number: int
    candidate: int | None
    items: int


@dataclass(frozen=True, slots=True)
class Said:
    """What one of several reviewers decided last on an item: `candidate` is the key that chooses it, None for
    none; `text` is that of an edit or the reason of a rejection; `note` is that reviewer's (all foreign)."""

    reviewer: str
    at: str
    action: Action
    candidate: int | None
    text: str
    note: str


@dataclass(frozen=True, slots=True)
class ReviewItem:
    """Everything the Review screen shows of one instance; `candidates` in order of position.

    `thoughts` maps candidate ids to what their models thought before they answered, where they did;
    `faults` to what looks wrong with them.
    Instruction and input are the present ones; `stale` says that the vote is about an earlier text,
    `waiting` that models are asked for one more answer. `turns` stand before the task. `references` are
    answers known to be right; there are none as long as nobody has decided, so that nobody sees them before.
    `all_vote` says that the recipe of its run lets every answer vote. `weights` are those that the vote was
    made by, with rule learned. `said` tells of an item in conflict who decided what.
    """

    instance_id: str
    number: int
    run_number: int
    kind: Kind
    instruction: str
    input: str
    candidates: tuple[CandidateRow, ...]
    vote: Vote | None
    state: ReviewState
    last: LastDecision | None
    thoughts: Mapping[str, str] = field(default_factory=dict)
    faults: Mapping[str, Sequence[Fault]] = field(default_factory=dict)
    stale: bool = False
    waiting: bool = False
    turns: tuple[Turn, ...] = ()
    references: tuple[str, ...] = ()
    all_vote: bool = False
    weights: Weights | None = None
    said: tuple[Said, ...] = ()

    def is_earlier(self, candidate: CandidateRow) -> bool:
        """Whether a candidate answers another text of the task than the present one."""
        return candidate.task != self.state.task


@dataclass(frozen=True, slots=True)
class QueueLine:
    """One item as a line of the list beside it; instruction and input are cut to their beginning (foreign).

    `differing` says that the vote takes answers as the same which differ in a sign, number or symbol.
    """

    number: int
    status: ReviewStatus
    flagged: bool
    instruction: str
    input: str = ""
    differing: bool = False


@dataclass(frozen=True, slots=True)
class ReviewProgress:
    """How far review is, over the whole project.

    `decided`: accepted, chosen, edited or rejected. `left`: items of the queue's filter "undecided".
    `overrides`: decided items where people departed from the vote. `last`: this reviewer's newest
    decision that stands. `per_minute`: this reviewer's recent pace, None while too little was decided.
    `conflicts`: items whose reviewers differ. `dropped`: items that the vote dropped. `hidden`: runs that are
    left out of all this.
    """

    decided: int
    left: int
    overrides: int
    last: LastDecision | None
    per_minute: float | None
    conflicts: int = 0
    dropped: int = 0
    hidden: int = 0


# ---- counts and export ---------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Count:
    """One cell of the counts. `stage` is instructions, instances, answers, votes, barred or decisions.

    `status`: kept, dropped, quarantined; for answers dropped or why they ended; for decisions the review
    status. `reason`: the drop reason; for kept votes what decided (exact, rouge, only-one); for answers
    that are barred from the vote, why. `model` is a model's name, for answers and barred ones.
    """

    stage: str
    kind: str
    status: str
    reason: str
    model: str
    count: int


@dataclass(frozen=True, slots=True)
class RunSummary:
    """A run and its cells."""

    run_id: str
    number: int
    recipe: str
    state: str
    note: str
    seed: int
    target: int
    created_at: str
    finished_at: str | None
    counts: tuple[Count, ...]
    hidden: bool = False

    def total(self, stage: str, status: str | None = None, kind: str | None = None) -> int:
        """Add up the cells of a stage, of one status and kind where given."""
        return sum(
            cell.count
            for cell in self.counts
            if cell.stage == stage and status in (None, cell.status) and kind in (None, cell.kind)
        )

    def reasons(self, stage: str, status: str = "dropped") -> dict[str, int]:
        """Map each reason of a stage and status to its count, largest first."""
        counts: dict[str, int] = {}
        for cell in self.counts:
            if cell.stage == stage and cell.status == status:
                counts[cell.reason] = counts.get(cell.reason, 0) + cell.count
        return dict(sorted(counts.items(), key=lambda pair: (-pair[1], pair[0])))


@dataclass(frozen=True, slots=True)
class Summary:
    """The counts of a project, run by run."""

    runs: tuple[RunSummary, ...]

    def as_dict(self) -> dict[str, Any]:
        """Give the same as plain data for JSON."""
        return asdict(self)

    def without_process(self) -> Summary:
        """Return the same for a project nobody writes to: what was running was interrupted."""
        return Summary(
            tuple(replace(run, state="interrupted") if run.state == "running" else run for run in self.runs)
        )


@dataclass(frozen=True, slots=True)
class RecentText:
    """A text just written: an instance, with its vote once there is one, or a bare instruction.

    `status` is kept, dropped or quarantined, or waiting (no vote yet); `winner` is a model's name.
    """

    kind: Kind
    text: str
    input: str
    status: str
    reason: str
    winner: str
    mean: float | None


@dataclass(frozen=True, slots=True)
class ExportRow:
    """One row that can go out. `output` may be empty: whoever writes skips and counts those.

    `status` is the review status; `model` the name of the model that wrote the output and `fingerprint`
    which one it is, both empty for an edited one; `cut` says that the length limit cut it; `source` is
    that of the instruction's seed tasks; `candidate_id` the candidate that the output is, or that its edit
    began from; `task` is empty for the text as it was generated, else names the text that a person made of
    it; `reason` is why a rejected one was rejected, where that was said; `turns` stand before the task.
    """

    instance_id: str
    number: int
    run_number: int
    kind: Kind
    instruction: str
    input: str
    output: str
    status: ReviewStatus
    model: str
    cut: bool
    source: str = ""
    candidate_id: str | None = None
    task: str = ""
    fingerprint: str = ""
    reason: str = ""
    turns: tuple[Turn, ...] = ()
