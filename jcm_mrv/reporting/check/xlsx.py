"""``check.xlsx``: one row per finding, with a column for the proponent's answer."""

from __future__ import annotations

from dataclasses import dataclass
from io import BytesIO
from typing import TYPE_CHECKING

from jcm_mrv.findings import Finding, Severity
from jcm_mrv.reporting.check.answers import ANSWER, SHEET, place_of
from jcm_mrv.reporting.check.check import Check, page_of
from jcm_mrv.reporting.check.groups import Group
from jcm_mrv.reporting.excel.columns import Column
from jcm_mrv.reporting.excel.sheet import Sheet, clean
from jcm_mrv.reporting.excel.styles import FONT, INPUT_FILL, LINE, Styles, new_book
from jcm_mrv.words import say
from jcm_mrv.workbook.template.styles import CREATED

if TYPE_CHECKING:
    from xlsxwriter import Workbook

CODES = "Codes"
_CODE, _EFFECT = "Code", "Effect on ER [tCO2e]"


@dataclass(frozen=True)
class _Line:
    """A row of the list: a finding with its number, its group and the proponent's answer."""

    number: int
    group: Group
    finding: Finding
    answer: str


COLUMNS: tuple[Column[_Line], ...] = (
    Column(key="No.", width=6, about=say("number of the row"), cell=lambda line: line.number),
    Column(
        key="Group", width=7, about=say("findings of one cause have one number"), cell=lambda line: line.group.number
    ),
    Column(
        key="Severity", width=10, about=say("error, major, minor or note"), cell=lambda line: str(line.finding.severity)
    ),
    Column(key="What is wrong", width=60, about="what was found", cell=lambda line: line.finding.message),
    Column(
        key="File",
        width=20,
        about="file, or document",
        cell=lambda line: line.finding.where.file or line.finding.where.document,
    ),
    Column(key="Sheet", width=16, about=say("sheet of the workbook"), cell=lambda line: line.finding.where.sheet),
    Column(key="Place", width=12, about=say("cell, line or page"), cell=lambda line: place_of(line.finding)),
    Column(key="Found", width=30, about="what stands there", cell=lambda line: line.finding.found),
    Column(key="To do", width=60, about="what to do", cell=lambda line: line.finding.action),
    Column(key=_EFFECT, width=14, about=say("effect, where it is known"), cell=lambda line: line.finding.effect_tco2e),
    Column(
        key=_CODE, width=28, about=say("its code, with a link to what it means"), cell=lambda line: line.finding.code
    ),
    Column(key=ANSWER, width=50, about=say("for the proponent's answer"), cell=lambda line: line.answer),
)
"""The columns of the list; the key of each is its heading, by which answers are found again."""
_FIRST_CODE = 8
_FONT = {"font_name": FONT, "font_size": 10, "valign": "top"}
MEANING = {
    Severity.ERROR: say("nothing can be calculated before it is mended"),
    Severity.MAJOR: say("a verifier does not accept the report before it is answered"),
    Severity.MINOR: say("worth putting in order, or a word of explanation"),
    Severity.NOTE: "for your information",
}


def check_workbook(check: Check) -> bytes:
    """The findings as an .xlsx file; text stays text, whatever it begins with."""
    buffer = BytesIO()
    book = new_book(buffer)
    book.set_properties({"title": say("Findings of a JCM monitoring workbook"), "created": CREATED})
    styles = Styles(book)
    findings = Sheet(book.add_worksheet(SHEET), SHEET, styles, [column.width for column in COLUMNS])
    codes = Sheet(book.add_worksheet(CODES), CODES, styles, (28, 12, 80, 44))
    _write_findings(book, findings, check, _write_codes(codes, check))
    book.close()
    return buffer.getvalue()


def _write_findings(book: Workbook, sheet: Sheet, check: Check, rows: dict[str, int]) -> None:
    heads = [column.key for column in COLUMNS]
    for place, head in enumerate(heads):
        sheet.text(0, place, head, sheet.styles.head)
    sheet.fit(0, heads)
    effect = book.add_format({**_FONT, "num_format": "+#,##0.000;-#,##0.000;0"})
    answers = book.add_format({**_FONT, "text_wrap": True, "bg_color": INPUT_FILL, "border": 1, "border_color": LINE})
    row = 0
    for group in check.groups:
        for finding in group.findings:
            row += 1
            _write_row(sheet, _Line(row, group, finding, check.answers.of(finding)), rows, effect, answers)
    sheet.worksheet.autofilter(0, 0, max(row, 1), len(COLUMNS) - 1)
    sheet.worksheet.freeze_panes(1, 0)
    sheet.worksheet.set_landscape()
    sheet.worksheet.set_paper(9)
    sheet.worksheet.fit_to_pages(1, 0)
    sheet.worksheet.repeat_rows(0)


def _write_row(sheet: Sheet, line: _Line, rows: dict[str, int], effect: object, answers: object) -> None:
    row, cells = line.number, [column.cell(line) for column in COLUMNS]
    for place, (column, cell) in enumerate(zip(COLUMNS, cells, strict=True)):
        if column.key == _CODE:
            link, code = f"internal:'{CODES}'!A{rows[line.finding.code] + 1}", clean(line.finding.code)
            sheet.worksheet.write_url(row, place, link, sheet.styles.text, code, say("What this code means"))
        elif column.key == ANSWER:
            sheet.text(row, place, line.answer, answers)
        elif column.key == _EFFECT and line.finding.effect_tco2e is not None:
            sheet.worksheet.write_number(row, place, line.finding.effect_tco2e, effect)
        else:
            sheet.value(row, place, cell)
    sheet.fit(row, ["" if column.key == _CODE else cell for column, cell in zip(COLUMNS, cells, strict=True)])


def _write_codes(sheet: Sheet, check: Check) -> dict[str, int]:
    """The sheet that says what was checked and what each code means; the row of each code."""
    sheet.text(0, 0, say("Findings of {workbook}", workbook=check.workbook), sheet.styles.title)
    sheet.text(1, 0, f"SHA-256 {check.sha256}", sheet.styles.note)
    for n, (severity, count) in enumerate(check.counts.items(), start=2):
        sheet.text(n, 0, str(severity))
        sheet.worksheet.write_number(n, 1, count, sheet.styles.text)
        sheet.text(n, 2, MEANING[severity])
    for column, head in enumerate(("Code", "Severity", "Meaning", say("Page of the documentation"))):
        sheet.text(_FIRST_CODE - 1, column, head, sheet.styles.head)
    rows: dict[str, int] = {}
    for group in check.groups:
        if group.code in rows:
            continue
        row = rows[group.code] = _FIRST_CODE + len(rows)
        for column, text in enumerate((group.code, str(group.severity), group.title, page_of(group.code))):
            sheet.text(row, column, text)
    return rows
