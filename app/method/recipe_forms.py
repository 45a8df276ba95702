"""The stages of a recipe, and the forms the first two can have. Each field's docstring is its manual.

A form is a way of getting what a stage makes, named by the key `form` of its table. What it means for the
rest of a run stands here, with its keys; how its models are asked stands in the module of that form in
`app/run/forms`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, Literal, Self

from pydantic import AfterValidator, Discriminator, Field, PlainValidator, Tag, model_validator

from app.method.recipe_parts import (
    Answered,
    AtLeast,
    Block,
    BlockPrompt,
    CallHeader,
    CaseLine,
    CasePrompt,
    Comparison,
    Header,
    InstructionFilters,
    ListPrompt,
    ListTarget,
    NoveltyRule,
    Question,
    Rule,
    SamplingTable,
    Shown,
    System,
    Table,
    TaskPrompt,
    Voters,
    Words,
    check_at_least,
)
from app.method.terms import Style, WriterStyle


class Instructions(Table):
    """What a form of instructions means for the rest of a run."""

    instance_forms: ClassVar[tuple[str, ...]]
    """The forms of instances that go with it."""
    writes: ClassVar[bool] = True
    """Whether a model writes the instructions; else the seed tasks are the instructions."""
    by_kind: ClassVar[bool] = False
    """Whether instructions of either kind are made apart from each other, as many as `share_a` says."""
    shows_outputs: ClassVar[bool] = False
    """Whether the writer is shown the outputs of seed tasks."""

    @property
    def asked_by(self) -> WriterStyle:
        """How a writer with a chat template is asked where nobody says anything about it."""
        return "continue"

    @property
    def has_end_marks(self) -> bool:
        """Whether a mark ends the entries of its lists."""
        return False

    @property
    def topics_drawn(self) -> int:
        """How many topics each request names."""
        return 0

    @property
    def topics_missing(self) -> bool:
        """Whether it draws topics and names none to draw from."""
        return False


class Instances(Table):
    """What a form of instances means for the rest of a run."""

    shows_outputs: ClassVar[bool] = False
    """Whether the writer is shown the outputs of seed tasks."""


class Waves(Instructions):
    """What the forms share that ask a model: requests go in waves, whose results count for the next."""

    wave: int = Field(default=16, ge=1, le=10_000)
    """Requests whose demonstrations are drawn from the same state of the pool."""
    patience: int = Field(default=5, ge=1, le=10_000)
    """Waves in a row that may keep nothing before a kind ends early."""
    sampling: SamplingTable
    novelty: NoveltyRule


class Admission(Waves):
    """Which instructions that a model wrote may stay."""

    filters: InstructionFilters
    senseless: Literal["keep", "drop"] = "keep"
    """What becomes of one that asks about nothing: how a car differs from a car, or, without an input, when
    this city was built."""


class ListWaves(Admission):
    """What the forms share whose prompts are numbered lists."""

    continuations: int = Field(default=1, ge=1, le=64)
    """Requests in a row that share all their demonstrations; the prompt is then read once for all of them."""

    @model_validator(mode="after")
    def _continuations_stay_together(self) -> Self:
        if self.wave % self.continuations:
            raise ValueError("wave is not a multiple of continuations")
        return self


class ListInstructions(ListWaves):
    """A numbered list for each kind, which the writer continues (Ensemble-Instruct)."""

    instance_forms = ("blocks",)
    by_kind = True

    form: Literal["list"] = "list"
    a: ListPrompt
    b: ListPrompt

    @property
    def has_end_marks(self) -> bool:
        """Whether the lists of both kinds have one."""
        return self.a.has_end_marks and self.b.has_end_marks


class MixedInstructions(ListWaves):
    """One numbered list for tasks of every kind (Self-Instruct)."""

    instance_forms = ("classified", "bare")

    form: Literal["mixed-list"]
    prompt: ListPrompt
    drop_cut: bool = False
    """Whether everything in a completion that the length limit ended is dropped, not its last item alone."""

    @property
    def has_end_marks(self) -> bool:
        """Whether the list has one."""
        return self.prompt.has_end_marks


class WholeTasks(Admission):
    """One list of whole tasks: instruction, input and the writer's output in one call (Alpaca)."""

    instance_forms = ("none",)
    shows_outputs = True

    form: Literal["whole-tasks"]
    prompt: TaskPrompt
    no_input: Words = ()
    """What stands for an empty input, whatever its case and final period."""
    no_output: Words = ()
    """What stands for an output that is none."""


class ContinuedList(Table):
    """A numbered list for a writer that continues plain text."""

    header: CallHeader
    """What the list is of, with `count` and `topics` ("a, b, c")."""
    examples: int = Field(default=3, ge=1, le=100)
    """Seed tasks shown a call; where there are enough of them, those without an input."""
    demonstration: Shown
    """Once per example, with `number`, `instruction` and `input`."""
    target: ListTarget
    stop: Words = ()
    """Texts that end a completion, besides those of the sampling."""


class ExampleInstructions(Admission):
    """A few examples of one source, and as many new ones as asked for (LaMini-LM)."""

    instance_forms = ("bare",)

    form: Literal["examples"]
    header: CallHeader
    """What is asked, with `count` and `topics` ("a, b, c")."""
    demonstration: Shown
    """Once per example, with `number`, `instruction` and `input`."""
    target: str = ""
    """What a writer that is not asked by chat continues."""
    continued: ContinuedList | None = None
    """What such a writer continues in place of header, examples and target."""
    open: str = Field(min_length=1)
    """The tag before each new instruction."""
    close: str = Field(min_length=1)
    """The tag after it."""
    examples: int = Field(default=3, ge=1, le=100)
    """Seed tasks shown a call, all of one `source`."""
    count: int = Field(default=20, ge=1, le=1000)
    """Instructions asked for in one call."""
    count_long: int = Field(default=10, ge=1, le=1000)
    """The same where the examples are long."""
    long_words: int = Field(default=40, ge=1)
    """Examples are long if they have more words than this on average."""
    topics_per_call: int = Field(default=0, ge=0, le=100)
    topics: Words = ()
    """What topics are drawn from; where there are none, those that ship with Quorum."""

    @model_validator(mode="after")
    def _has_topics(self) -> Self:
        if self.topics and len(self.topics) < self.topics_per_call:
            raise ValueError("topics_per_call is larger than the number of topics")
        return self

    @property
    def asked_by(self) -> WriterStyle:
        """By its chat template where the recipe has no text to continue."""
        return "continue" if self.continued else "chat"

    @property
    def topics_drawn(self) -> int:
        """As many as the recipe asks for."""
        return self.topics_per_call

    @property
    def topics_missing(self) -> bool:
        """Whether those that ship with Quorum must be used."""
        return self.topics_per_call > 0 and not self.topics


class Operator(Table):
    """One way to evolve an instruction."""

    name: str = Field(min_length=1, max_length=80)
    prompt: Question
    """What is asked, with `instruction`."""
    continued: Question | None = None
    """What a writer that is not asked by chat continues in place of prompt and target: worked rewritings."""


class GainJudge(Table):
    """A question whether a rewritten instruction asks for anything new."""

    prompt: Comparison
    """With `instruction`, the old one, and `rewritten`."""
    equal: Words
    """How an answer begins that says it does not, whatever its case."""
    different: Words = ()
    """How an answer begins that says it does. An answer that begins with neither says nothing, and likeness
    decides; where there are no such words, whatever does not begin like `equal` says that it does."""
    too_like: float = Field(default=0.9, ge=0, le=1)
    """Above this ROUGE-L F1 a rewriting that the judge says nothing of asks for nothing new."""
    target: str = ""
    """What a writer that is not asked by chat continues."""
    sampling: SamplingTable


class EvolvedInstructions(Admission):
    """Seed tasks are rewritten in rounds, each time by an operator drawn at random (Evol-Instruct)."""

    instance_forms = ("bare",)

    form: Literal["evolve"]
    rounds: int = Field(default=4, ge=1, le=100)
    """How often each seed task is rewritten; where a rewriting fails, its last good form is tried again."""
    operators: Annotated[tuple[Operator, ...], Field(strict=False, min_length=1)]
    target: str = ""
    """What a writer that is not asked by chat continues."""
    continued_stop: Words = ()
    """Texts that end what such a writer writes, besides those of the sampling."""
    leaks: Words = ()
    """Words of the prompts that a rewritten instruction must not hold, whatever their case."""
    judge: GainJudge | None = None

    @property
    def asked_by(self) -> WriterStyle:
        """By its chat template where the recipe has no worked rewritings to continue."""
        return "continue" if all(operator.continued for operator in self.operators) else "chat"


class ManyInputs(Table):
    """A task with several inputs, as `MoreInputs` shows some before the task it asks about."""

    instruction: str
    inputs: Annotated[tuple[str, ...], Field(strict=False, min_length=1)]


class MoreInputs(Waves):
    """The seed tasks stay as they are, and a model makes up further inputs for them."""

    instance_forms = ("none",)
    by_kind = True

    form: Literal["more-inputs"]
    header: Header
    task: Question
    """The line of a task, with `instruction`."""
    case: CaseLine
    """Once per input, with `number` and `input`."""
    target: ListTarget
    """Where the new input is to be written, with `number`."""
    shown: int = Field(default=4, ge=1, le=100)
    """Inputs of the seed tasks shown for one instruction, at most."""
    examples: Annotated[tuple[ManyInputs, ...], Field(strict=False)] = ()
    """Tasks with several inputs that come first."""


class GivenInstructions(Instructions):
    """No model: the seed tasks are the instructions, with their inputs."""

    instance_forms = ("none",)
    writes = False
    by_kind = True

    form: Literal["given"]


class BlockInstances(Instances):
    """Worked examples: the writer makes up an input and gives its own output (Ensemble-Instruct)."""

    shows_outputs = True

    form: Literal["blocks"] = "blocks"
    missing_inputs: Literal["drop", "write"] = "drop"
    """What becomes of an instruction of kind B that speaks of a text it does not hold ("the following
    passage"): "write" lets the writer make up an input, and it is of kind A then."""
    sampling: SamplingTable
    a: BlockPrompt
    b: BlockPrompt


class ClassifyPrompt(Table):
    """The question whether an instruction asks for one of a few labels."""

    header: Header
    demonstration: Answered
    """Once per seed task, with `instruction` and `answer` (Yes or No)."""
    target: Question
    sampling: SamplingTable
    yes: int = Field(ge=0, le=1000)
    """Seed tasks shown that are classification."""
    no: int = Field(ge=0, le=1000)
    """Seed tasks shown that are not."""
    yes_words: Words
    """What the completion must be, exactly, to mean yes; anything else means no."""


class ClassifiedInstances(Instances):
    """Label first for classification, input first for all else (Self-Instruct)."""

    shows_outputs = True

    form: Literal["classified"]
    classify: ClassifyPrompt
    output_first: CasePrompt
    input_first: CasePrompt
    most: int = Field(default=5, ge=1, le=100)
    """Instances kept of one instruction."""


class BareInstances(Instances):
    """No model: an instruction needs no input and has no output yet; the answerers give it."""

    form: Literal["bare"]


class NoInstances(Instances):
    """No model: instances come with their instructions."""

    form: Literal["none"]


def by_form(default: str) -> Discriminator:
    """Choose the form of a stage by its key `form`, which may be missing for the `default` one."""

    def form(table: Any) -> Any:
        return table.get("form", default) if isinstance(table, dict) else getattr(table, "form", default)

    return Discriminator(form)


InstructionStage = Annotated[
    Annotated[ListInstructions, Tag("list")]
    | Annotated[MixedInstructions, Tag("mixed-list")]
    | Annotated[WholeTasks, Tag("whole-tasks")]
    | Annotated[ExampleInstructions, Tag("examples")]
    | Annotated[EvolvedInstructions, Tag("evolve")]
    | Annotated[MoreInputs, Tag("more-inputs")]
    | Annotated[GivenInstructions, Tag("given")],
    by_form("list"),
]

InstanceStage = Annotated[
    Annotated[BlockInstances, Tag("blocks")]
    | Annotated[ClassifiedInstances, Tag("classified")]
    | Annotated[BareInstances, Tag("bare")]
    | Annotated[NoInstances, Tag("none")],
    by_form("blocks"),
]


class AnswerFilters(Table):
    """Which answers take no part in the vote."""

    refusals: Words = ()
    """Words that a refusal holds, whatever their case."""
    refusal_words: int = Field(default=80, ge=0)
    """An answer of as many words or more is none, whatever it holds."""
    empty_words: Words = ()
    """Words that say nothing: an answer of nothing else, and punctuation, does not count."""


class InputFirst(Table):
    """How worked examples of kind A look where the input stands before the instruction."""

    header: Header | None = None
    """In place of that of `few_shot_a`, which stays where there is none."""
    demonstration: Block
    target: Question


MOST_SAMPLES = 64
_SAMPLE_MIN_P = 0.05


def check_samples(count: int) -> int:
    """Return how many samples a model is to give, or raise ValueError: one alone agrees with nothing."""
    if count == 0 or 2 <= count <= MOST_SAMPLES:
        return count
    raise ValueError(f"must be 0, or from 2 to {MOST_SAMPLES}")


Samples = Annotated[int, AfterValidator(check_samples)]


class AnswerStage(Table):
    """Stage 4: every answerer answers every instance, in the style its model answers best in."""

    style: Style | None = None
    """The style of every model that can take it. Without it each model is auditioned; what cannot be
    auditioned is asked by its chat template, else after worked examples."""
    lengths: Literal["recipe", "seeds"] = "recipe"
    """Whether worked examples, limits and ends follow the lengths of the seed tasks' outputs."""
    sampling: SamplingTable
    samples: Samples = 0
    """Further answers of every model, drawn at `sample_temperature`: 0, or 2 to 64. They count as one voice
    with its own; where one model answers alone, rule quorum keeps what enough of them say."""
    samples_of: dict[str, Samples] = Field(default_factory=dict)
    """The same for single models, by the SHA-256 of their files; `--samples MODEL=N` writes it."""
    sample_temperature: float = Field(default=0.7, gt=0, le=5)
    few_shot_a: BlockPrompt
    few_shot_b: BlockPrompt
    input_first: InputFirst | None = None
    """In place of those of `few_shot_a` in style few-shot-input-first, which a recipe without it lacks."""
    few_shot_stop: Words = ()
    """Texts that end an answer after worked examples, beside those of `sampling`; not where more than a
    tenth of the seed tasks' outputs hold one."""
    zero_shot: Question
    """The whole prompt of an instruction-tuned model without a chat template."""
    chat: Question
    """The user's message for a model with a chat template."""
    system: System = ""
    """The system message before it; none if empty. `words` is the median length of the seed tasks' outputs,
    0 where it is not known or `lengths` is "recipe"."""
    filters: AnswerFilters = AnswerFilters()

    def samples_for(self, model: str) -> int:
        """Return how many samples a model gives, by the SHA-256 of its file."""
        return self.samples_of.get(model, self.samples)

    @property
    def sampled(self) -> AnswerStage:
        """The stage as a sample is asked for: warmer, and without tokens that are hardly ever right."""
        warm = {"temperature": self.sample_temperature, "min_p": max(self.sampling.min_p, _SAMPLE_MIN_P)}
        return self.model_copy(update={"sampling": self.sampling.model_copy(update=warm)})

    def with_samples(self, by_model: Mapping[str, int]) -> AnswerStage:
        """Return the stage with these numbers of samples of all models that answer; empty for no samples."""
        counts = set(by_model.values())
        if len(counts) > 1:
            return self.model_copy(update={"samples_of": dict(by_model)})
        return self.model_copy(update={"samples": max(counts, default=0), "samples_of": {}})


class ConsensusStage(Table):
    """Stage 5: which candidate stands for the ensemble, and whether it is kept."""

    rule: Rule
    threshold: float = Field(default=0.01, ge=0, le=1)
    at_least: Annotated[AtLeast | None, PlainValidator(check_at_least)] = None
    """With rule quorum: how many answers must be equal to decide without the threshold. "half" (more than
    half, what is taken where a recipe says nothing), a number from 2, or a share such as 0.6."""

    voters: Voters = "sound"
    """Which answers vote. "sound": those that do not repeat the task or its input, refuse, loop, and that the
    length limit did not cut; the others stay, and a person may choose them. "all": every answer."""
    containment: bool | None = None
    """With rule quorum: whether an answer that holds a shorter one whole counts as equal to it. Where nothing
    is said it does where auditions show that the answerers' lengths differ."""
    before_learning: float = Field(default=0.25, ge=0, le=1)
    """With rule learned, whose threshold is a probability: the threshold of rule quorum, by which a project
    votes in which nothing was learned yet."""

    @model_validator(mode="after")
    def _is_asked_for(self) -> Self:
        for key, asked in (("at_least", self.at_least is not None), ("containment", self.containment)):
            if asked and self.rule != "quorum":
                raise ValueError(f'{key} goes with rule "quorum" only')
        return self
