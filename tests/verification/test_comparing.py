"""Two versions of one report: the differences that count, and none that do not."""

from __future__ import annotations

import math
import re
from io import BytesIO

import pytest
from pypdf import PdfWriter
from pypdf.annotations import FreeText
from pypdf.generic import NameObject, NumberObject, RectangleObject

from jcm_mrv.reporting.document import pdf as pdf_module
from jcm_mrv.reporting.result_json import result_json
from jcm_mrv.verification.checks import Verdict
from jcm_mrv.verification.comparing import html_differences, json_differences, page_lines, pdf_differences
from jcm_mrv.verification.pdf_reading import Pdf, read_pdf
from support import results


def drawn(html: str) -> Pdf:
    result = results.solar_with_hole()
    enclosed = pdf_module.Enclosure(pdf_module.ATTACHMENT, result_json(result), "data")
    content = pdf_module._written(html, [enclosed], pdf_module.moment_of(result))
    return read_pdf(content, "report.pdf")


def test_a_checksum_that_differs_names_its_file() -> None:
    one, other = ([{"path": "data/a.csv", "sha256": digit * 64}] for digit in "01")
    assert [c.note for c in json_differences(one, other, "result.json", "inputs")] == ["data/a.csv"]


@pytest.mark.parametrize("change", ["/CropBox", "/Rotate", "/Font", "note"])
def test_what_a_page_shows_and_what_lies_over_it(change: str) -> None:
    """A page cut or turned, letters of a font exchanged, a note laid over it: the words stay, the drawing does not."""
    enclosed = pdf_module.Enclosure("result.json", b"{}", "data")
    moment = pdf_module.moment_of(results.solar_with_hole())
    writer = PdfWriter(clone_from=BytesIO(pdf_module.printed("<p>180 t</p>", "en", enclosed, moment)))
    plain, out = BytesIO(), BytesIO()
    writer.write(plain)
    page = writer.pages[0]
    if change == "/CropBox":
        page.cropbox = RectangleObject((0, 0, 300, 400))
    elif change == "/Rotate":
        page.rotate(90)
    elif change == "/Font":
        font = next(iter(page["/Resources"]["/Font"].values())).get_object()
        font["/DescendantFonts"][0].get_object()[NameObject("/DW")] = NumberObject(300)
    else:
        writer.add_annotation(0, FreeText(text="980 t", rect=(50, 50, 200, 100)))
    writer.write(out)
    before, after = (read_pdf(one.getvalue(), "r") for one in (plain, out))
    assert before.pages[0].text == after.pages[0].text
    assert "r, page 1" in [check.where for check in pdf_differences(after, before, "r")]


@pytest.fixture(scope="module")
def paper() -> str:
    return pdf_module.paper_html(results.solar_with_hole(), "en")


def test_other_fonts_leave_the_drawing_out_and_still_find_a_number(paper: str) -> None:
    sound, other = drawn(paper), paper.replace("Noto Sans", "DejaVu Sans")
    rows = [(c.verdict, c.what) for c in pdf_differences(drawn(other), sound, "f")]
    assert rows == [(Verdict.LEFT_OUT, "drawing")]
    match = next(m for m in re.finditer(r">(\d[\d,]*\.\d{3})<", other) if m.start() > other.index("<main>"))
    forged = other[: match.start()] + ">77,777.123<" + other[match.end() :]
    found = [c for c in pdf_differences(drawn(forged), sound, "f") if c.verdict is Verdict.DIFFERS]
    assert "77,777.123" in [c.stated for c in found] and all("f, page" in c.where for c in found)


def test_an_entry_that_is_left_out_is_named_and_not_all_that_follow() -> None:
    stated = {"findings": [{"code": "a"}, {"code": "c"}]}
    found = {"findings": [{"code": "a"}, {"code": "b"}, {"code": "c"}]}
    rows = [(c.what, c.stated, c.recomputed) for c in json_differences(stated, found, "result.json")]
    assert rows == [("findings[1]", "nothing", "b")]


@pytest.mark.parametrize(
    ("stated", "found"), [(1, True), (0, False), (None, 0), ("1", 1), (1.0, 1.0000000001), ([], {}), ([1], [2])]
)
def test_what_only_looks_alike_differs(stated: object, found: object) -> None:
    assert list(json_differences({"a": stated}, {"a": found}, "result.json"))


def test_the_same_number_is_the_same_however_it_is_written() -> None:
    assert list(json_differences({"a": 390}, {"a": 390.0}, "result.json")) == []


def test_a_line_is_located_by_its_section() -> None:
    page = '<main><section id="result"><p>{}</p></section><section id="method"><p>1</p></section></main>'
    rows = list(html_differences(page.format("2"), page.format("3"), "page.html"))
    assert [(c.where, c.stated, c.recomputed) for c in rows] == [("page.html, section result", "2", "3")]


def test_a_page_that_is_hard_for_a_parser_is_cut_in_one_pass() -> None:
    page = "<main>" + "<!--<a href='" * 200_000
    assert len(page_lines(page)) > 200_000
    assert [text for _, text in page_lines("<p>a &lt; b</p>\n1 < 2")] == ["<p>", "a < b", "</p>", "1", "<", "2"]


def test_numbers_that_differ_are_never_written_alike() -> None:
    """The next number above 390.1 is 5.7e-14 away, beyond the 15 digits of the table."""
    check = next(json_differences({"a": 390.1}, {"a": math.nextafter(390.1, 400.0)}, "f"))
    assert (check.verdict, check.stated, check.recomputed) == (Verdict.DIFFERS, "390.1", "390.1000000000001")
