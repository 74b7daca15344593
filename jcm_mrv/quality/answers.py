"""What the project answers to findings that stay: it is printed beside them, and changes neither tonne nor severity."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from jcm_mrv.findings import Code, Finding, Severity
from jcm_mrv.words import say
from jcm_mrv.workbook.records import MonitoringData
from jcm_mrv.workbook.rows import AnswerRow
from jcm_mrv.workbook.schema import fold

NO_FINDING = Code("answers.no_finding", Severity.MINOR, "An answer is to a finding that is not there")


def answered(findings: Iterable[Finding], data: MonitoringData) -> list[Finding]:
    """The findings with their answers, and one for each answer that is to none of them."""
    found, used = list[Finding](), set[int]()
    for finding in findings:
        rows = [row for row in data.answers if _is_of(row, finding)]
        used.update(row.row for row in rows)
        found.append(replace(finding, answer="; ".join(map(_text, rows))) if rows else finding)
    return [*found, *(_unused(row) for row in data.answers if row.row not in used)]


def _is_of(row: AnswerRow, finding: Finding) -> bool:
    """Whether an answer is to a finding: of its code and, where it names a place, at that place."""
    where = finding.where
    places = {f"{where.sheet}!{where.cell}", str(where)}
    return fold(row.finding) == finding.code and (not row.place.strip() or fold(row.place) in map(fold, places))


def _text(row: AnswerRow) -> str:
    return f"{row.answer.strip()} ({row.evidence.strip()})" if row.evidence.strip() else row.answer.strip()


def _unused(row: AnswerRow) -> Finding:
    return NO_FINDING(
        say("no finding {code} is there that this answers", code=row.finding),
        row.origin("finding"),
        found=", ".join(filter(None, (row.finding, row.place))),
        action=say("Delete the row where the finding is mended; else write code and place as check names them."),
    )
