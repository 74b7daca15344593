"""The PDF report: what it says, what it carries, and that strangers' words stay words."""

from __future__ import annotations

import json
import re
from functools import cache
from io import BytesIO

import pytest
from pypdf import PdfReader

from jcm_mrv.reporting.document import pdf, requirements
from jcm_mrv.reporting.document.pdf import paper_html, printable, report_pdf
from jcm_mrv.reporting.document.requirements import RequirementError
from jcm_mrv.reporting.result_json import result_json
from support import results
from support.paper import reader

CHAPTERS = [
    "Project",
    "Monitoring",
    "Data",
    "Methodology",
    "Emission reductions",
    "Findings",
    "Parameters",
    "Symbols and abbreviations",
    "Sources",
    "How to recompute this report",
]


@cache
def texts(name: str, lang: str = "en") -> list[str]:
    return [page.extract_text() for page in reader(name, lang).pages]


def words(name: str, lang: str = "en") -> str:
    return re.sub(r"\s+", " ", "\n".join(texts(name, lang)))


def test_it_says_the_tonnes_by_year_and_the_estimate() -> None:
    """By hand: 360 MWh x 0.5 t/MWh = 180 t, against an estimate of 170 t: 5.9 % more."""
    text = words("solar")
    assert "180 tCO2e" in text
    assert "2024 2024-01-01 – 2024-03-31 180.000 0.000 180.000 180 170 +5.9 %" in text


def test_bookmarks_contents_and_page_numbers() -> None:
    outline = [entry for entry in reader("solar").outline if not isinstance(entry, list)]
    assert [re.sub(r"^\d+\s*", "", str(entry.title)) for entry in outline] == CHAPTERS
    pages = texts("solar")
    assert f"Page {len(pages)} of {len(pages)}" in pages[-1]
    assert all(chapter in pages[1] for chapter in CHAPTERS)


def test_it_carries_the_result_and_says_what_it_is() -> None:
    assert reader("solar").attachments["result.json"] == [result_json(results.solar())]
    metadata = reader("solar").metadata
    assert metadata is not None and "Example roof (illustrative)" in str(metadata.title)


def test_every_finding_input_and_origin_stands_in_it() -> None:
    text = words("units").replace(" ", "")
    result = results.units()
    assert all(finding.code in text for finding in result.findings)
    assert all(sha256 in text for _, sha256 in result.inputs)
    assert "monitoring.xlsx,Fixedvalues!D2" in text, "the origin of a value by file, sheet and cell"


def test_equations_are_drawn_and_spoken() -> None:
    html = paper_html(results.solar(), "en")
    assert html.count('<svg class="equation-drawing" role="img"') >= 10
    assert 'aria-label="RE = Σ_i (EG_i,p × EF_RE,i)"' in html


def test_an_indicative_figure_is_marked_on_every_page() -> None:
    assert all("INDICATIVE" in page.upper() for page in texts("indicative"))
    text = words("indicative")
    assert "not for crediting" in text and "general form" in text
    assert "Emission reductions to be credited" not in text


def test_a_hole_and_its_treatment_are_stated_with_their_effect() -> None:
    text = words("solar_with_hole")
    [treatment] = results.solar_with_hole().treatments
    assert "1 data gaps of 696.0 hours" in text
    assert "ER rises with it" in text and treatment.month in text


@pytest.mark.parametrize(
    ("lang", "chapter", "number"), [("vi", "Lượng giảm phát thải", "180,000"), ("ja", "排出削減量", "180.000")]
)
def test_other_languages(lang: str, chapter: str, number: str) -> None:
    text = words("solar", lang)
    assert chapter.replace(" ", "") in text.replace(" ", "") and number in text
    assert not re.search(r"\b(excel_)?\w+\.\w+_explained\b", text), "a key stands where words belong"


def test_words_of_strangers_stay_words_and_nothing_is_fetched(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    refuse = pdf._refuse
    monkeypatch.setattr(pdf, "_refuse", lambda url, *a, **k: asked.append(url) or refuse(url))
    title = '<img src="http://x.invalid/a.png"><script>alert(1)</script>{{7*7}}<style>@import url(file:///etc/passwd)'
    result = results.calculated(project={"title": title, "reference_number": '"; } body { display: none'})
    text = re.sub(r"\s+", "", "".join(p.extract_text() for p in PdfReader(BytesIO(report_pdf(result))).pages))
    assert '<imgsrc="http://x.invalid/a.png"><script>alert(1)</script>{{7*7}}' in text
    assert asked == []
    html = paper_html(result, "en")
    assert "<script" not in html and "<img" not in html


def test_whatever_would_be_fetched_is_refused() -> None:
    with pytest.raises(ValueError, match="does not fetch"):
        pdf._refuse("file:///etc/passwd")


def test_a_character_that_no_font_has_is_printed_as_its_code_and_said() -> None:
    """U+10FFFD is for private use: no font has it. An emoji is printed where a font has it."""
    result = results.calculated(project={"title": "Plant \U0001f600\U0010fffd"})
    pages = PdfReader(BytesIO(report_pdf(result))).pages
    assert "[U+10FFFD]" in pages[0].extract_text()
    contents = re.sub(r"\s+", " ", pages[1].extract_text())
    assert "printed as their Unicode numbers:" in contents and "[U+10FFFD]" in contents


def test_a_missing_library_is_said_before_anything_is_rendered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(requirements, "missing_libraries", lambda: ["the library pango"])
    with pytest.raises(RequirementError, match="--formats json,xlsx"):
        report_pdf(results.solar())


def test_the_attached_result_is_that_of_the_cover() -> None:
    [data] = reader("two_years").attachments["result.json"]
    assert json.loads(data)["emission_reductions"]["credited"] == 10
    assert "2024 2025 Total" in words("two_years") and "3 7 10" in words("two_years")


@pytest.mark.parametrize("lang", ["en", "vi", "ja"])
def test_a_glyph_that_no_font_has_is_printed_as_its_code_and_said(lang: str) -> None:
    """U+10EFFF is a private character, which no font has; an emoji is one where no font of emoji is installed."""
    html = printable("<body><nav><p>Contents</p></nav><main><p>Roof \U0010efff A \ufe0f</p></main></body>", lang)
    assert "<p>Roof [U+10EFFF] A \ufe0f</p>" in html and "\U0010efff" not in html
    note = html.partition("<nav>")[2].partition("</nav>")[0]
    assert note.count("[U+10EFFF]") == 1 and 'class="note"' in note
    assert printable("<body><nav></nav>plain</body>", lang) == "<body><nav></nav>plain</body>"
