"""A report in Vietnamese or Japanese holds no English besides names, codes and what the person wrote."""

from __future__ import annotations

import re
from html import unescape

import pytest

from jcm_mrv.languages import said_in
from jcm_mrv.reporting.document.page import report_page
from jcm_mrv.result import Result
from support import results

FUNCTION_WORDS = re.compile(r"\b(the|of|and|is|with|for|from|not|are|to|by)\b")
OWN_LETTERS = re.compile(r"[\u0102-\u01b0\u1ea0-\u1ef9\u3040-\u30ff\u4e00-\u9fff]")
# What the program still says in English: choices of a card as the workbook holds them, and sources of constants.
LEFT = ("connection = ", "by definition (IPCC", "unit of the reading in")


def english_lines(html: str) -> list[str]:
    """Texts of a page that are English sentences."""
    html = re.sub(r"<(style|math|svg|script).*?</\1>", "", html, flags=re.DOTALL)
    texts = [" ".join(unescape(text).split()) for text in re.split(r"<[^>]*>", html)]
    return [text for text in texts if FUNCTION_WORDS.search(text) and not OWN_LETTERS.search(text)]


def entries(result: Result) -> str:
    """Everything that the person wrote, and what documents are called."""
    data = result.data
    tables = (data.eligibility, data.equipment, data.meters, data.calibrations, data.points, data.fixed, data.evidence)
    rows = [row for table in tables for row in table]
    cells = [cell.text for row in [data.project, *rows, *data.team, *data.logs] for cell in row.cells.values()]
    titles = [m.bound.entry.card.title.text for m in result.methodologies]
    return " ".join(" ".join(cells + titles).split())


@pytest.mark.parametrize("lang", ["vi", "ja"])
def test_no_english_is_left(lang: str) -> None:
    result = results.solar()
    written = entries(result)
    left = [line for line in english_lines(report_page(result, lang).decode("utf-8")) if line not in written]
    left = [line for line in left if not any(known in line for known in LEFT)]
    assert [line for line in left if not any(m.bound.entry.card.title.text in line for m in result.methodologies)] == []


@pytest.mark.parametrize("lang", ["vi", "ja"])
def test_its_findings_are_said_in_the_language(lang: str) -> None:
    html = unescape(report_page(results.solar(), lang).decode("utf-8"))
    for finding in results.solar().findings:
        assert said_in(finding.message, lang) != finding.message
        assert " ".join(finding.message.split()) not in " ".join(html.split())
