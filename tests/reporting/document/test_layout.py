"""The pages of the report as they are printed: none half empty, nothing parted from what it belongs to.

The regular run takes small reports in each language and one long one; with JCM_MRV_PAGES=all, all examples in all
languages (ten minutes).
"""

from __future__ import annotations

import os
from io import BytesIO

import pytest
from pypdf import PdfReader

from jcm_mrv.reporting.document.alike import drawn_together
from jcm_mrv.reporting.document.pdf import Enclosure, moment_of, printed
from jcm_mrv.reporting.document.tables import Column, table
from jcm_mrv.reporting.document.templating import text_of, whole_words
from support import results
from support.paper import faults, reader

REGULAR = [("solar", "en"), ("solar", "ja"), ("solar", "en+vi"), ("units", "en"), ("rooftop", "vi")]
ALL = [(name, lang) for name in ("rooftop", "units", "indicative", "compost") for lang in ("en", "vi", "ja")]


@pytest.mark.parametrize(("name", "lang"), ALL if os.environ.get("JCM_MRV_PAGES") == "all" else REGULAR)
def test_no_page_is_half_empty_and_nothing_is_parted(name: str, lang: str) -> None:
    assert faults(reader(name, lang)) == []


def page(body: str) -> PdfReader:
    style = text_of("report.css") + text_of("paper.css")
    html = f'<html lang="en"><head><title>T</title><style>{style}</style></head><body>{body}</body></html>'
    enclosed = Enclosure("a.txt", b"a", "a")
    return PdfReader(BytesIO(printed(html, "en", enclosed, moment=moment_of(results.solar()))))


def test_the_measure_sees_what_is_wrong() -> None:
    """A page with one line, a heading that is torn from its text, and a table whose last row goes on alone."""
    rows = "".join(f"<tr><td>{n}</td></tr>" for n in range(3))
    torn = '<div style="height: 200mm"><p style="padding-top: 190mm">a</p></div>'
    found = faults(page(f"<p>a</p><h2 style='break-before: page; break-after: page'>B</h2>{torn}"))
    assert [text.partition(":")[0] for text in found] == [
        "page 1 is filled to 1% only",
        "page 2 is filled to 2% only",
        "page 2 ends with a heading",
    ]
    split = f'{torn}<table><tbody>{rows}<tr style="break-before: page"><td>sum</td></tr></tbody></table>'
    assert faults(page(split)) == ["page 2 begins with the last row of a table"]


def test_neighbours_that_differ_only_in_names_stand_in_one_row() -> None:
    heads = [Column("ID", "code"), Column("kW", "number"), Column("since", "day")]
    rows = [[f"AC-{n}", "2.5" if n < 6 else "3.5", "2023-01-01"] for n in range(1, 8)]
    made = drawn_together(table(heads, rows))
    assert [tuple(map(str, row)) for row in made.rows] == [
        ("AC-1 … AC-5 (5)", "2.5", "2023-01-01"),
        ("AC-6", "3.5", "2023-01-01"),
        ("AC-7", "3.5", "2023-01-01"),
    ]


def test_a_japanese_heading_breaks_between_words_only() -> None:
    assert str(whole_words("プロジェクト排出量", "ja")).count('class="whole"') == 2
    assert whole_words("Project emissions", "en") == "Project emissions"
