"""``check.xlsx``: one row per finding, with a column for the proponent's answer."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING

from jcm_mrv.findings import Finding, Severity
from jcm_mrv.reporting.check.answers import ANSWER, SHEET, place_of
from jcm_mrv.reporting.check.check import Check, page_of
from jcm_mrv.reporting.check.groups import Group
from jcm_mrv.reporting.excel.sheet import Sheet, clean
from jcm_mrv.reporting.excel.styles import FONT, INPUT_FILL, LINE, Styles
from jcm_mrv.workbook.template.styles import CREATED

if TYPE_CHECKING:
    from xlsxwriter import Workbook

_OPTIONS = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
CODES = "Codes"
# Heading and width of each column.
COLUMNS = (
    *(("No.", 6), ("Group", 7), ("Severity", 10), ("What is wrong", 60), ("File", 20), ("Sheet", 16), ("Place", 12)),
    *(("Found", 30), ("To do", 60), ("Effect on ER [tCO2e]", 14), ("Code", 28), (ANSWER, 50)),
)
_ANSWER, _CODE, _EFFECT = len(COLUMNS) - 1, len(COLUMNS) - 2, len(COLUMNS) - 3
_FIRST_CODE = 8
_FONT = {"font_name": FONT, "font_size": 10, "valign": "top"}
MEANING = {
    Severity.ERROR: "nothing can be calculated before it is mended",
    Severity.MAJOR: "a verifier does not accept the report before it is answered",
    Severity.MINOR: "worth putting in order, or a word of explanation",
    Severity.NOTE: "for your information",
}


def check_workbook(check: Check) -> bytes:
    """The findings as an .xlsx file; text stays text, whatever it begins with."""
    from xlsxwriter import Workbook

    buffer = BytesIO()
    book = Workbook(buffer, _OPTIONS)
    book.set_properties({"title": "Findings of a JCM monitoring workbook", "created": CREATED})
    styles = Styles(book)
    findings = Sheet(book.add_worksheet(SHEET), SHEET, styles, [width for _, width in COLUMNS])
    codes = Sheet(book.add_worksheet(CODES), CODES, styles, (28, 12, 80, 44))
    _write_findings(book, findings, check, _write_codes(codes, check))
    book.close()
    return buffer.getvalue()


def _write_findings(book: Workbook, sheet: Sheet, check: Check, rows: dict[str, int]) -> None:
    for column, (head, _) in enumerate(COLUMNS):
        sheet.text(0, column, head, sheet.styles.head)
    sheet.fit(0, [head for head, _ in COLUMNS])
    effect = book.add_format({**_FONT, "num_format": "+#,##0.000;-#,##0.000;0"})
    answers = book.add_format({**_FONT, "text_wrap": True, "bg_color": INPUT_FILL, "border": 1, "border_color": LINE})
    row = 0
    for group in check.groups:
        for finding in group.findings:
            row += 1
            answer = check.answers.of(finding)
            _write_row(sheet, row, group, finding, answer)
            sheet.text(row, _ANSWER, answer, answers)
            if finding.effect_tco2e is not None:
                sheet.worksheet.write_number(row, _EFFECT, finding.effect_tco2e, effect)
            link = f"internal:'{CODES}'!A{rows[finding.code] + 1}"
            sheet.worksheet.write_url(row, _CODE, link, sheet.styles.text, clean(finding.code), "What this code means")
    sheet.worksheet.autofilter(0, 0, max(row, 1), len(COLUMNS) - 1)
    sheet.worksheet.freeze_panes(1, 0)
    sheet.worksheet.set_landscape()
    sheet.worksheet.set_paper(9)
    sheet.worksheet.fit_to_pages(1, 0)
    sheet.worksheet.repeat_rows(0)


def _write_row(sheet: Sheet, row: int, group: Group, finding: Finding, answer: str) -> None:
    where = finding.where
    texts = [str(finding.severity), finding.message, where.file or where.document, where.sheet, place_of(finding)]
    texts += [finding.found, finding.action]
    sheet.worksheet.write_number(row, 0, row, sheet.styles.text)
    sheet.worksheet.write_number(row, 1, group.number, sheet.styles.text)
    for column, text in enumerate(texts, start=2):
        sheet.text(row, column, text)
    sheet.fit(row, [*texts, "", "", answer], first=2)


def _write_codes(sheet: Sheet, check: Check) -> dict[str, int]:
    """The sheet that says what was checked and what each code means; the row of each code."""
    sheet.text(0, 0, f"Findings of {check.workbook}", sheet.styles.title)
    sheet.text(1, 0, f"SHA-256 {check.sha256}", sheet.styles.note)
    for n, (severity, count) in enumerate(check.counts.items(), start=2):
        sheet.text(n, 0, str(severity))
        sheet.worksheet.write_number(n, 1, count, sheet.styles.text)
        sheet.text(n, 2, MEANING[severity])
    for column, head in enumerate(("Code", "Severity", "Meaning", "Page of the documentation")):
        sheet.text(_FIRST_CODE - 1, column, head, sheet.styles.head)
    rows: dict[str, int] = {}
    for group in check.groups:
        if group.code in rows:
            continue
        row = rows[group.code] = _FIRST_CODE + len(rows)
        for column, text in enumerate((group.code, str(group.severity), group.title, page_of(group.code))):
            sheet.text(row, column, text)
    return rows
