"""What a figure is called: to be credited only where nothing is open, and alike in every report."""

from __future__ import annotations

import re
from io import BytesIO

import pytest
from openpyxl import load_workbook

from jcm_mrv.cli.calculate import summary
from jcm_mrv.findings import Severity
from jcm_mrv.reporting.document.pdf import paper_html
from jcm_mrv.reporting.document.templating import visible_text
from jcm_mrv.reporting.document.translations import Translator
from jcm_mrv.reporting.excel.report import workbook_report
from jcm_mrv.reporting.standing import standing
from jcm_mrv.result import Result
from support import results


def without_majors(result: Result) -> Result:
    """The same result as it would stand with every major finding answered."""
    from dataclasses import replace

    return replace(result, findings=tuple(f for f in result.findings if f.severity is not Severity.MAJOR))


def heads(result: Result) -> list[str]:
    sheet = load_workbook(BytesIO(workbook_report(result, "en")))["MRS(calc_process)"]
    return [str(cell.value) for row in sheet.iter_rows() for cell in row if "(whole tonnes)" in str(cell.value)]


def test_with_a_major_finding_no_report_says_to_be_credited() -> None:
    result = results.solar_with_hole()
    count = sum(f.severity is Severity.MAJOR for f in result.findings)
    assert count >= 1, "February has no reading"
    said = "claimed, 1 question open" if count == 1 else f"claimed, {count} questions open"
    page = re.sub(r"\s+", " ", visible_text(paper_html(result, "en")))
    for text in (page, summary(result)):
        assert said in text and "to be credited" not in text.replace("Nothing is to be credited", "")
        assert "Claimed" in text
    assert heads(result) == ["Claimed (whole tonnes)"]


def test_without_an_open_question_every_report_says_to_be_credited() -> None:
    result = without_majors(results.solar())
    for text in (visible_text(paper_html(result, "en")), summary(result)):
        assert "Emission reductions to be credited" in text and "claimed" not in text.lower()
    assert heads(result) == ["Credited (whole tonnes)"]


def test_an_unconfirmed_equation_is_a_question_of_its_own() -> None:
    """Even where nothing else were open: the equation itself is asked for, once."""
    result = without_majors(results.indicative())
    assert result.questions == 1
    assert standing(result, Translator("en")) == "Emission reductions claimed, 1 question open"


@pytest.mark.parametrize("lang", ["en", "vi", "ja"])
def test_page_one_says_how_far_the_report_has_come(lang: str) -> None:
    html = paper_html(results.solar_with_hole(), lang)
    front = html.partition("</header>")[0].replace('</span><span class="whole">', "")  # words of Japanese stay whole
    t = Translator(lang)
    for key in ("findings", "eligibility", "calibration", "completeness", "crosschecks", "equation", "defaults"):
        assert t(f"state.{key}") in front
    assert '<tr class="open">' in front
    assert t("front.legal_representative") in front, "the example stands in Viet Nam, where the report is sealed"
