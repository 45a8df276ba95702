"""Take judgements that were made elsewhere into a project, some lines in one transaction.

Whatever ends an import leaves the lines before it stored; importing the file again stores the others.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import islice

from app.errors import ProjectError
from app.intake.judged import GivenJudgement, SaidOf
from app.intake.lines import BadLine, SetAside
from app.method.equality import content
from app.method.judging import Said
from app.method.turns import to_json
from app.store import generated, judgements
from app.store.judgements import JudgedAnswer, Verdict
from app.store.project import Connection, Project
from app.store.text import storable

AT_ONCE = 1_000
"""Lines of one transaction."""


@dataclass(slots=True)
class JudgementReport(SetAside):
    """Lines that were stored, that changed nothing, and that could not be used; `unknown` counts answers
    that the project does not have."""

    applied: int = 0
    there: int = 0
    unknown: int = 0


def apply_judgements(
    project: Project, reviewer: str, lines: Iterable[GivenJudgement | BadLine]
) -> JudgementReport:
    """Store each line as an imported judgement, of `reviewer` where it names nobody; bad lines are set aside.

    What already stands is not stored again, so importing the same file twice changes nothing.
    """
    report, left = JudgementReport(), iter(lines)
    while batch := list(islice(left, AT_ONCE)):
        project.write_now(partial(_apply, reviewer=reviewer, lines=batch, report=report))
    return report


def _apply(
    c: Connection, reviewer: str, lines: Sequence[GivenJudgement | BadLine], report: JudgementReport
) -> None:
    found = _found(c, lines, report)
    keys = {key for key, _ in found}
    answers, verdicts = judgements.answers_of(c, keys), judgements.verdicts_of(c, keys)
    new: list[tuple[str, str, Verdict]] = []
    for key, line in found:
        who = line.reviewer or reviewer
        stand = verdicts.setdefault((key, storable(who)), {})
        try:
            verdict = _verdict(line, answers.get(key, []), report)
        except ProjectError as error:
            report.note_bad(BadLine(line.line, error.message.rstrip("."), error.hint))
            continue
        report.there += verdict in stand.values()
        if verdict not in stand.values():
            report.applied += 1
            new.append((who, key, verdict))
            stand[True] = verdict
    judgements.record_each(c, new)


def _found(
    c: Connection, lines: Iterable[GivenJudgement | BadLine], report: JudgementReport
) -> list[tuple[str, GivenJudgement]]:
    """Return the lines that can be used, each with the id of its item."""
    found = []
    for line in lines:
        if isinstance(line, BadLine):
            report.note_bad(line)
            continue
        try:
            found.append((generated.kept_pair(c, line.instruction, line.given, to_json(line.turns)), line))
        except ProjectError as error:
            report.note_bad(BadLine(line.line, error.message.rstrip("."), error.hint))
    return found


def _verdict(line: GivenJudgement, answers: Sequence[JudgedAnswer], report: JudgementReport) -> Verdict:
    """Return what a line says of its item. Raises ProjectError where it has none of its answers."""
    outputs = {answer.id: answer.output for answer in answers}
    said: dict[str, Said] = {}
    for given in line.answers:
        meant = _meant(answers, given)
        report.unknown += not meant
        said |= {answer.id: given.said for answer in meant}
    if line.answers and not said:
        raise ProjectError("The item has none of these answers.", "Name them by model or output.")
    return Verdict(line.task, line.input, judgements.for_all_equal(said, outputs), storable(line.note))


def _meant(answers: Iterable[JudgedAnswer], given: SaidOf) -> list[JudgedAnswer]:
    """Return the answers of an item that a line of the file is about."""
    text = None if given.output is None else content(storable(given.output))
    model = None if given.model is None else storable(given.model)
    return [
        answer
        for answer in answers
        if model in (None, answer.model) and (text is None or content(answer.output) == text)
    ]
