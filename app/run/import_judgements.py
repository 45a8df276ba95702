"""Take judgements that were made elsewhere into a project: one transaction, all or nothing."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

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
    return project.write_now(lambda c: _apply(c, reviewer, lines))


def _apply(c: Connection, reviewer: str, lines: Iterable[GivenJudgement | BadLine]) -> JudgementReport:
    report = JudgementReport()
    for line in lines:
        if isinstance(line, BadLine):
            report.note_bad(line)
            continue
        try:
            stored = _store(c, line.reviewer or reviewer, line, report)
        except ProjectError as error:
            report.note_bad(BadLine(line.line, error.message.rstrip("."), error.hint))
            continue
        report.applied += stored
        report.there += not stored
    return report


def _store(c: Connection, reviewer: str, line: GivenJudgement, report: JudgementReport) -> bool:
    """Store a line if it says anything new; say whether it did. Raises ProjectError where it cannot be."""
    key = generated.kept_pair(c, line.instruction, line.given, to_json(line.turns))
    answers = judgements.answers_of(c, [key]).get(key, [])
    outputs = {answer.id: answer.output for answer in answers}
    said: dict[str, Said] = {}
    for given in line.answers:
        meant = _meant(answers, given)
        report.unknown += not meant
        said |= {answer.id: given.said for answer in meant}
    if line.answers and not said:
        raise ProjectError("The item has none of these answers.", "Name them by model or output.")
    verdict = Verdict(line.task, line.input, judgements.for_all_equal(said, outputs), storable(line.note))
    if verdict in judgements.verdicts_by(c, reviewer, key):
        return False
    judgements.record(c, reviewer, key, verdict, outputs)
    return True


def _meant(answers: Iterable[JudgedAnswer], given: SaidOf) -> list[JudgedAnswer]:
    """Return the answers of an item that a line of the file is about."""
    text = None if given.output is None else content(storable(given.output))
    return [
        answer
        for answer in answers
        if given.model in (None, answer.model) and (text is None or content(answer.output) == text)
    ]
