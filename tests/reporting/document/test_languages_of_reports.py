"""A report in Vietnamese or Japanese holds no English word besides names, codes and what the person wrote."""

from __future__ import annotations

import os
from functools import cache
from html import unescape
from pathlib import Path

import pytest

from jcm_mrv.languages import said_in
from jcm_mrv.reporting.document.page import report_page
from jcm_mrv.reporting.document.pdf import paper_html
from jcm_mrv.reporting.excel.report import workbook_report
from support import results
from support.english import English, names_of, official_names, texts_of_page, texts_of_workbook

WORKBOOKS = {
    "rooftop": "rooftop_solar/monitoring.xlsx",
    "units": "grocery_air_conditioning/monitoring.xlsx",
    "indicative": "grocery_air_conditioning/monitoring_VN_AM006.xlsx",
    "compost": "hai_phong_compost/monitoring.xlsx",
}


@cache
def names(example: str) -> frozenset[str]:
    return names_of(getattr(results, example)(), Path(results.EXAMPLES) / WORKBOOKS[example])


# The long page and workbook in one language each: what they say beyond others are names of quantities.
LEFT_OUT = {
    ("indicative", "vi"): "page",
    ("indicative", "ja"): "page",
    ("compost", "vi"): "xlsx",
    ("compost", "ja"): "page",
}


@pytest.mark.parametrize("lang", ["vi", "ja"])
@pytest.mark.parametrize("example", WORKBOOKS)
def test_no_english_word_is_left(example: str, lang: str) -> None:
    """On paper, on the page with all that its script says, and in the workbook but for the official sheets."""
    result, english = getattr(results, example)(), English(lang, names(example))
    texts = set(texts_of_page(paper_html(result, lang)))
    left_out = "" if os.environ.get("JCM_MRV_PAGES") == "all" else LEFT_OUT.get((example, lang))
    texts |= {*texts_of_page(report_page(result, lang))} if left_out != "page" else set()
    if left_out != "xlsx":
        texts |= {*texts_of_workbook(workbook_report(result, lang), official_names(result))}
    assert english.lines(texts) == {}


def test_an_english_word_is_seen() -> None:
    english = English("vi", {"Plant (illustrative) of Hai Phong", "EC_PJ", "fuel", "Grid"})
    assert english.words("2016: 390,400 tCO2e, estimate 380") == ["estimate"]
    assert english.words("lấy giá trị của fuel theo EC_PJ,i, Plant (illustrative) of Hai Phong, Grid") == []
    assert english.words("the fuel") == ["the", "fuel"]
    assert english.words("hệ số nhân với the") == ["the"]
    assert English("ja", ()).words("証拠レベル: unconfirmed") == ["unconfirmed"]


@pytest.mark.parametrize("lang", ["vi", "ja"])
def test_its_findings_are_said_in_the_language(lang: str) -> None:
    html = unescape(report_page(results.solar(), lang).decode("utf-8"))
    for finding in results.solar().findings:
        assert said_in(finding.message, lang) != finding.message
        assert " ".join(finding.message.split()) not in " ".join(html.split())
