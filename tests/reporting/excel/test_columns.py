"""The columns of the lists: heading, width, cell and documentation stand in one place; none can be left out."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest

from jcm_mrv.reporting.document.translations import Translator
from jcm_mrv.reporting.excel import beside, branch_amounts, defaults, graph, log_rows, mrs, pages, products, readings
from jcm_mrv.reporting.excel.columns import Column, Columns, widths
from jcm_mrv.reporting.excel.page_setup import narrowed
from jcm_mrv.reporting.excel.report import workbook_report
from jcm_mrv.reporting.excel.sheet import Sheet
from support import results
from support.scripts import load_script

ROOT = Path(__file__).parents[3]
ALL = [
    *pages.LISTS,
    graph.AMOUNTS,
    readings.READINGS,
    log_rows.LOG_ROWS,
    products.PRODUCTS,
    graph.TREATMENTS,
    beside.TREE,
    branch_amounts.BRANCH_AMOUNTS,
    beside.CYCLES,
]


def test_the_page_lists_the_columns():
    page = (ROOT / "docs" / "excel_report.md").read_text(encoding="utf-8")
    assert page == load_script("write_excel_docs").with_columns(page), "run make docs"
    assert "scripts/write_excel_docs.py docs/excel_report.md" in (ROOT / "Makefile").read_text(encoding="utf-8")


def test_every_list_is_known_to_widths_and_page():
    """A list that is declared and not in LISTS would have no width and no place on the page."""
    declared = [
        one
        for module in (pages, graph, mrs, readings, log_rows, products, beside, branch_amounts)
        for one in vars(module).values()
        if isinstance(one, Columns)
    ]
    assert {id(one) for one in declared} == {id(one) for one in ALL}


@pytest.mark.parametrize("lang", ["en", "vi", "ja"])
@pytest.mark.parametrize("one", ALL, ids=lambda one: f"{one.sheet}-{one.all[0].key}")
def test_every_column_has_a_heading_in_every_language_a_width_and_words(one: Columns, lang: str):
    heads = one.heads(Translator(lang))
    assert all(heads) and len({column.key for column in one.all}) == len(one.all)
    assert all(column.width > 0 and column.about for column in one.all)


def test_a_row_with_a_cell_too_few_is_refused():
    class Nowhere:
        lang = "en"

        def __getattr__(self, name: str):
            return lambda *args, **kwargs: None

    sheet = Sheet(Nowhere(), "Sheet", Nowhere(), (10,))
    with pytest.raises(ValueError, match="shorter"):
        sheet.table(["a", "b"], [["1"]])


def test_a_column_that_is_added_is_on_the_sheet_with_its_width(monkeypatch, tmp_path):
    """What a newcomer writes: one Column; all else follows. The formula of the defaults keeps finding its columns."""
    new = Column(
        key="number", width=33, about="how long the message is", cell=lambda finding: float(len(finding.message))
    )
    longer = replace(pages.FINDINGS, all=(new, *pages.FINDINGS.all))
    shifted = replace(
        defaults.DEFAULTS,
        all=(Column(key="item", width=5, about="first", cell=lambda use: "-"), *defaults.DEFAULTS.all),
    )
    lists = [{id(pages.FINDINGS): longer, id(defaults.DEFAULTS): shifted}.get(id(one), one) for one in pages.LISTS]
    monkeypatch.setattr(pages, "FINDINGS", longer)
    monkeypatch.setattr(defaults, "DEFAULTS", shifted)
    monkeypatch.setattr(pages, "LISTS", tuple(lists))
    result = results.units()
    (tmp_path / "report.xlsx").write_bytes(workbook_report(result))
    book = openpyxl.load_workbook(tmp_path / "report.xlsx")
    sheet = book["Findings"]
    head = next(row for row in sheet.iter_rows() if row[1].value == "Severity")
    assert sheet.cell(head[0].row + 1, 1).value == len(result.findings[0].message)
    assert sheet.column_dimensions["A"].width == pytest.approx(narrowed(widths([longer]))[0], abs=1)
    cells = [str(c.value) for row in book["Fixed values and defaults"].iter_rows() for c in row]
    used = [text for text in cells if "ISBLANK(" in text and text.startswith("=IF(ISNUMBER(")]
    assert used and all(text.startswith("=IF(ISNUMBER(I") for text in used)
