"""The dataset card: a README for the Hugging Face Hub, from facts only. Pure.

What is not known is written as unknown; what a person has to choose (licence, language) is left out
until one does.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from app import __version__
from app.export.formats import Fields
from app.export.split import SplitReport
from app.export.write_rows import Figures
from app.method.agreement import Agreement, AgreementReport
from app.method.equality import DIFFERENCE, Difference
from app.method.recipe_parts import NEAR_DUPLICATE, AtLeast
from app.store.provenance import ProjectFacts, RuleFacts
from app.visible import visible_line

_SIZES = ((1_000, "n<1K"), (10_000, "1K<n<10K"), (100_000, "10K<n<100K"), (1_000_000, "100K<n<1M"))
_DECIDED = ("accepted", "chosen", "edited", "rejected")
_LARGEST = ((10_000_000, "1M<n<10M"), (100_000_000, "10M<n<100M"))


@dataclass(frozen=True, slots=True)
class CardFacts:
    """Everything a card is made from; `parts` maps each split to its file and rows.

    `project` is about `run` alone where a number is given; `agreement` is always about the whole project.
    """

    name: str
    form: str
    example: Fields
    parts: Mapping[str, tuple[str, int]]
    figures: Figures
    project: ProjectFacts
    run: int | None
    agreement: AgreementReport
    split: SplitReport | None
    licence: str
    language: str
    left_out: int
    audit: Sequence[str] = ()
    """What audits say of the rows."""


def card(facts: CardFacts) -> str:
    """Write the card as Markdown with its YAML head."""
    sections = (
        _head(facts),
        f"# {_plain(facts.name)}",
        _introduction(facts),
        "## Rows",
        _rows(facts),
        "## How it was made",
        _models(facts),
        _method(facts),
        "## Review",
        _review(facts),
        "## Known limits",
        _limits(facts),
        "## Licence",
        _licence(facts),
    )
    return "\n\n".join(sections) + "\n"


def _head(facts: CardFacts) -> str:
    """Write the YAML head; every value is written as JSON, which YAML reads as what it is."""
    rows = sum(count for _, count in facts.parts.values())
    people = any(facts.figures.statuses[status] for status in ("edited", "human-written"))
    creators = ["machine-generated", "expert-generated"] if people else ["machine-generated"]
    lines = [
        *([f"language: {json.dumps(facts.language)}"] if facts.language else []),
        *([f"license: {json.dumps(facts.licence)}"] if facts.licence else []),
        f"pretty_name: {json.dumps(_plain(facts.name), ensure_ascii=False)}",
        'tags: ["synthetic", "instruction-tuning"]',
        f"annotations_creators: {json.dumps(creators)}",
        'task_categories: ["text-generation"]',
        f"size_categories: [{json.dumps(_size(rows))}]",
        'source_datasets: ["original"]',
        "configs:",
        '- config_name: "default"',
        "  data_files:",
    ]
    # A loader refuses a split without a row.
    filled = {split: path for split, (path, count) in facts.parts.items() if count or not rows}
    for split, path in filled.items():
        lines += [f"  - split: {json.dumps(split)}", f"    path: {json.dumps(path)}"]
    return "\n".join(["---", *lines, "---"])


def _size(rows: int) -> str:
    return next((name for limit, name in (*_SIZES, *_LARGEST) if rows < limit), "100M<n<1B")


def _introduction(facts: CardFacts) -> str:
    rows = sum(count for _, count in facts.parts.values())
    human = facts.figures.statuses["human-written"]
    mixed = f", {human:,} of them written by people" if human else ""
    return (
        f"{counted(rows, 'row')} for instruction tuning{mixed}, {_made(facts)} Quorum {__version__}. "
        f"The form of a row is `{facts.form}`; its keys are {', '.join(f'`{key}`' for key in facts.example)}."
    )


def _made(facts: CardFacts) -> str:
    """Say whether models ran here or their answers came from a file; before the name of the product."""
    imported = sum(model.imported for model in facts.project.models)
    ran = len(facts.project.models) - imported
    if not imported:
        return f"made with {counted(ran, 'local model')} by"
    elsewhere = f"answers of {counted(imported, 'model')} imported into"
    return f"made with {counted(ran, 'local model')}, and with {elsewhere}" if ran else f"with {elsewhere}"


def _rows(facts: CardFacts) -> str:
    kinds = facts.figures.kinds
    split = [("split", "rows"), *((name, f"{count:,}") for name, (_, count) in facts.parts.items())]
    lines = [_table(split), f"With an input: {kinds['A']:,}. Without one: {kinds['B']:,}."]
    if facts.split is not None:
        lines.append(
            f"Tasks with nearly the same instruction (ROUGE-L above {NEAR_DUPLICATE:g}) or the same input "
            "share a split; "
            f"the nearest two instructions in different splits have a ROUGE-L of {facts.split.highest:.2f}."
        )
    lengths: list[tuple[str, ...]] = [("words", "least", "median", "95%", "most")]
    for name, counter in facts.figures.lengths.items():
        lengths.append((name, *(f"{_quantile(counter, share):,}" for share in (0, 0.5, 0.95, 1))))
    counted = "Of scripts that put no spaces between words, characters are counted."
    return "\n\n".join([*lines, _table(lengths), counted])


def _quantile(counts: Counter[int], share: float) -> int:
    """Return the smallest length that `share` of all rows do not exceed; 0 of nothing."""
    below = 0
    for length in sorted(counts):
        below += counts[length]
        if below >= share * counts.total():
            return length
    return 0


def _models(facts: CardFacts) -> str:
    rows = [("model", "architecture", "quantisation", "part", "licence", "rows", "SHA-256")]
    for model in facts.project.models:
        rows.append(
            (
                _plain(model.name),
                _plain(model.architecture),
                _plain(model.quantisation) or "unknown",
                "imported" if model.imported else ", ".join(model.roles),
                _plain(model.licence) or "unknown",
                f"{facts.figures.models[model.sha256]:,}",
                f"`{model.sha256[:16]}`",
            )
        )
    text = f"{_table(rows)}\n\nLicences are what the model files say of themselves."
    if any(model.imported for model in facts.project.models):
        text += (
            " *Imported* stands for answers that came from a file: their model did not run here, its name is "
            "the file's, and the hash is of that name."
        )
    return text


def _method(facts: CardFacts) -> str:
    lines = []
    for run in facts.project.runs:
        if not run.recipe_hash:  # of an import
            lines.append(f"- Run {run.number}: imported ({_plain(run.recipe)}); no model ran.")
            continue
        version = f" version {run.recipe_version}" if run.recipe_version else ""
        known = f", recipe hash `{run.recipe_hash[:16]}`" if run.recipe_hash else ""
        lines.append(f"- Run {run.number}: recipe {_plain(run.recipe)}{version}, seed {run.seed}{known}.")
    for rule in facts.project.rules:
        group = "" if rule.at_least is None else f", equal answers decide from {_group(rule.at_least)} on"
        group += ", an answer that holds a shorter one counts as equal to it" if rule.containment else ""
        lines.append(
            f"- Rule {_plain(rule.rule)} version {rule.version}, threshold {rule.threshold:g}{group}: "
            f"{rule.votes:,} votes.{_differing(rule)}{_barred(rule)}"
        )
    lines += [
        f"- {_plain(model.name)} gave {model.samples} samples beside its own answer to each task. They count "
        f"as one voice, for what most of them say; how many do is its strength."
        for model in facts.project.models
        if model.samples
    ]
    return "\n".join(lines) or "No run is recorded."


def _group(at_least: AtLeast) -> str:
    if at_least == "half":
        return "more than half"
    return f"{at_least:.0%}" if isinstance(at_least, float) else f"{at_least}"


def _differing(rule: RuleFacts) -> str:
    """Say where the rule took answers as the same that do not say the same."""
    parts = [
        f"{DIFFERENCE[difference]} in {count:,}"
        for difference, count in (
            (Difference.PUNCTUATION, rule.punctuation),
            (Difference.SYMBOLS, rule.symbols),
        )
        if count
    ]
    return f" It took answers as the same that are {' and '.join(parts)}." if parts else ""


def _barred(rule: RuleFacts) -> str:
    """Say how many answers did not vote, and why; nothing where all that there were did."""
    if rule.all_vote:
        return " Every answer voted, whatever it was."
    if not rule.barred:
        return ""
    whys = "it repeats the task, refuses, loops or was cut"
    if rule.barred > 1:
        whys = "they repeat the task, refuse, loop or were cut"
    return f" {counted(rule.barred, 'answer')} did not vote, as {whys}."


def _review(facts: CardFacts) -> str:
    rows = sum(count for _, count in facts.parts.values())
    statuses = facts.figures.statuses
    seen = sum(statuses[status] for status in _DECIDED)
    lines = [f"Of the rows here {_share(seen, rows)} were decided by a person"]
    named = [f"{name} {statuses[name]:,}" for name in _DECIDED if statuses[name]]
    lines[0] += f" ({', '.join(named)})." if named else "."
    project = facts.project
    if project.decided:
        where = f"run {facts.run}" if facts.run else "the whole project"
        lines.append(
            f"Decided in {where}: {counted(project.decided, 'item')} "
            f"by {counted(project.reviewers, 'reviewer')}; "
            f"in {_share(project.overrides, project.decided)} of them the person departed from the vote."
        )
    reviewed = " ".join([*lines, *_agreement(facts.agreement)])
    return "\n\n".join([reviewed, *(_plain(said, 2000) for said in facts.audit)])


def _agreement(agreement: AgreementReport) -> list[str]:
    """Say how far reviewers agree with themselves and each other; nobody is named."""

    def measured(measure: Agreement) -> str:
        return f"{measure.items:,} items, {measure.same:.0%} the same, kappa {measure.kappa:.2f}"

    own = "; ".join(measured(measure) for measure in agreement.selves) or "not measured"
    between = (
        "not measured" if agreement.alpha is None else f"{agreement.alpha:.2f} over {agreement.items:,} items"
    )
    return [
        f"Agreement of reviewers with themselves, on items shown again unmarked: {own}.",
        f"Agreement of reviewers with each other, Krippendorff's alpha: {between}.",
    ]


def _limits(facts: CardFacts) -> str:
    rows = sum(count for _, count in facts.parts.values())
    statuses = facts.figures.statuses
    unseen = rows - sum(count for status, count in statuses.items() if status not in ("undecided", "later"))
    lines = [
        "- Texts were generated by language models: they can be wrong, biased or unsafe.",
        "- Agreement between models says that they agree, not that they are right.",
        f"- {unseen:,} of {rows:,} rows were seen by no person.",
    ]
    if facts.left_out:
        whys = "empty, capped, found wrong, or without a pair"
        lines.append(f"- {facts.left_out:,} chosen rows stayed out: {whys}.")
    unknown = [model.name for model in facts.project.models if not model.licence]
    if unknown:
        names = ", ".join(_plain(name) for name in unknown)
        lines.append(f"- The licence of these models is unknown: {names}. It may bind what they wrote.")
    return "\n".join(lines)


def _licence(facts: CardFacts) -> str:
    if facts.licence:
        return f"{_plain(facts.licence)}, as chosen by whoever published this."
    return "None was chosen yet."


def counted(count: int, noun: str) -> str:
    """Return "1 row", "2 rows"."""
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {noun}s"


def _share(part: int, whole: int) -> str:
    return f"{part:,} of {whole:,} ({100 * part / whole:.1f}%)" if whole else f"{part:,} of {whole:,}"


def _table(rows: Sequence[tuple[str, ...]]) -> str:
    """Write a Markdown table; the first row is its head."""
    lines = ["| " + " | ".join(row) + " |" for row in rows]
    return "\n".join([lines[0], "|" + "---|" * len(rows[0]), *lines[1:]])


def _plain(text: str, limit: int = 200) -> str:
    """Return foreign text as one line that is neither Markdown nor HTML."""
    shown = visible_line(text, limit)
    return "".join(f"\\{letter}" if letter in "\\`*_[]<>|#" else letter for letter in shown)
