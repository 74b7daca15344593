"""The report as it comes out of a printer, computed anew by LibreOffice: nothing lost, no heading missing."""

from __future__ import annotations

import re
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pytest
from openpyxl import load_workbook
from pypdf import PdfReader

from jcm_mrv.calculation import calculate_file
from jcm_mrv.libreoffice import convert_all
from jcm_mrv.reporting.document.translations import Translator
from jcm_mrv.reporting.excel.report import workbook_report
from support import results

EXAMPLES = Path(__file__).parents[3] / "examples"
COMPOST = EXAMPLES / "hai_phong_compost" / "monitoring.xlsx"
LOST = re.compile(r"#N/A|#REF|#VALUE|#NAME|#DIV|#NUM|Err:\d|###")


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """The text of each page of an example with branches that are not taken and a long list of single values."""
    folder = tmp_path_factory.mktemp("printed")
    book = folder / "compost.xlsx"
    book.write_bytes(workbook_report(calculate_file(COMPOST), "en"))
    assert convert_all([book], folder, "pdf", 300) is None
    return [page.extract_text() for page in PdfReader(folder / "compost.pdf").pages]


def test_no_page_shows_an_error_or_a_number_without_room(pages: list[str]) -> None:
    """But for the guide on the first page, which says what errors mean."""
    t = Translator("en")
    explained = LOST.findall(t("excel_text.guide_colours") + t("excel_text.guide_checks"))
    assert sorted(LOST.findall(pages[0])) == sorted(explained)
    assert [line for page in pages[1:] for line in page.splitlines() if LOST.search(line)] == []


def test_each_page_of_the_list_of_single_values_has_its_headings(pages: list[str]) -> None:
    listed = [page for page in pages if "Fixed values and defaults 2" in page]
    assert len(listed) > 1 and "Values without index" in listed[0]
    for page in listed:
        assert re.search(r"Symbol\s+Description\s+Value\s+Unit\s+Source", page)


def test_days_have_room_on_a_sheet_that_is_narrowed_to_fit_its_page(tmp_path: Path) -> None:
    """Sixteen characters of ten points need 80 points and more, a day two thirds of it; else all would be ####."""
    (path := tmp_path / "report.xlsx").write_bytes(workbook_report(results.units()))
    sheet = load_workbook(path)["Meters"]
    heads = {cell.value: cell.column_letter for row in sheet["A1:T8"] for cell in row if cell.value}
    assert sheet.column_dimensions[heads["Installed"]].width * 5.56 > 80
    assert sheet.column_dimensions[heads["Removed"]].width * 5.56 > 80


def test_what_a_choice_does_not_take_is_no_error_of_a_cell() -> None:
    """Only one shop generates its own power, so that fuel and generator of the grid's have no value."""
    example = EXAMPLES / "grocery_air_conditioning" / "monitoring_VN_AM006.xlsx"
    with ZipFile(BytesIO(workbook_report(calculate_file(example), "en"))) as book:
        sheets = [book.read(name) for name in book.namelist() if name.startswith("xl/worksheets/sheet")]
    assert any(b"IFERROR" in sheet for sheet in sheets)
    assert not any(re.search(rb"<v>#", sheet) for sheet in sheets)


def test_the_warning_of_an_indicative_figure_is_whole_on_every_sheet(pages: list[str]) -> None:
    """It reaches across the page, in as many lines as it needs there."""
    warning = Translator("en")("excel_text.indicative")
    shown = [" ".join(page.split()) for page in pages if warning[:20] in " ".join(page.split())]
    assert len(shown) > 25
    assert [page[:200] for page in shown if warning not in page and "MRS(calc_process) 4 " not in page] == []


def test_what_is_too_wide_for_a_page_stands_by_itself(pages: list[str]) -> None:
    """Sixteen quantities by calendar year go on, with the years again, on a page of their own."""
    wide = [page for page in pages if "MRS(calc_process) 4\n" in page]
    assert len(wide) == 2
    assert all(year in page for page in wide for year in ("2023", "2024", "2025"))
    listed = [page for page in pages if "[List of Default Values]" in page]
    assert all("Units Parameter" in " ".join(page.split()) for page in listed)
