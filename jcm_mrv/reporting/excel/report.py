"""The report workbook: its sheets in the order in which a verifier reads."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from typing import TYPE_CHECKING

from jcm_mrv.reporting.document.translations import Translator
from jcm_mrv.reporting.excel import columns, mrs, mrs_tables, pages
from jcm_mrv.reporting.excel.graph import READINGS, TREATMENTS, ClaimGraph, Names
from jcm_mrv.reporting.excel.once import repeated
from jcm_mrv.reporting.excel.sheet import GraphWriter, Replaced, Sheet
from jcm_mrv.reporting.excel.styles import Styles
from jcm_mrv.result import Result
from jcm_mrv.workbook.template.styles import CREATED

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.worksheet import Worksheet

_OPTIONS = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}

# Widths of the first columns of what the claim graph and the monitoring workbook lay out; further columns are as wide
# as the last. Those of lists follow from their columns.
_WIDTHS: dict[str, tuple[float, ...]] = {
    "process": (24, 24, *[16] * 8),
    "equipment": (24, 28, *[16] * 10),
    "sums": (34, 16, *[16] * 6),
    "slices": (24, 12, *[16] * 8),
    "readings": (*columns.widths([READINGS]), 14),
    "evidence": (16, 40, 44, 34, 40, 20),
}
# The slices' sheet where spans and rules stand in words below the months.
_WITH_TREATMENTS = (*columns.widths([TREATMENTS]), *[16.0] * 6)


def workbook_report(result: Result, lang: str = "en") -> bytes:
    """The monitoring report as an .xlsx file with live formulas from reading to tonne.

    An indicative result has no MRS(input) and no credited number, and says so
    on every sheet. Raises UnknownLanguageError, and TooManyRowsError where a
    sheet would be too long.
    """
    buffer = BytesIO()
    with _without_collector():
        _write(buffer, result, lang)
    return buffer.getvalue()


@contextmanager
def _without_collector() -> Iterator[None]:
    """Millions of cells live until the file is written; looking for garbage among them takes a fifth of the time."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


def _write(buffer: BytesIO, result: Result, lang: str) -> None:
    from xlsxwriter import Workbook

    book = Workbook(buffer, _OPTIONS)
    book.set_properties({"title": "JCM monitoring report", "created": CREATED})
    book.set_calc_mode("auto")
    _Report(book, result, Translator(lang)).write()
    book.close()


def _page_class() -> type[Worksheet]:
    from xlsxwriter.worksheet import Worksheet

    class Page(Worksheet):  # type: ignore[misc]  # the library has no types
        """A worksheet whose formulas need no rewriting.

        XlsxWriter searches each formula for the names of some 30 newer
        functions; the report uses none of them, and has many formulas.
        """

        def _prepare_formula(self, formula: str, expand_future_functions: bool = False) -> str:
            return formula.removeprefix("=")

    return Page


class _Report:
    def __init__(self, book: Workbook, result: Result, t: Translator) -> None:
        self.result, self.t, self.styles = result, t, Styles(book)
        self.names = Names.of(t)
        self.graph = ClaimGraph(result, self.names, t)
        order = [t("excel_sheet.guide")]
        order += [] if result.indicative else [mrs.sheet_name(year) for year in result.years]
        order += [self.names.process, self.names.equipment, self.names.points, self.names.sums, self.names.slices]
        order += [self.names.readings, self.names.fixed]
        order += [t(f"excel_sheet.{key}") for key in ("findings", "evidence", "sources")]
        widths = {t(f"excel_sheet.{key}") if key != "process" else self.names.process: w for key, w in _WIDTHS.items()}
        for key in {one.sheet for one in pages.LISTS}:
            widths[t(f"excel_sheet.{key}")] = columns.widths([one for one in pages.LISTS if one.sheet == key])
        if result.treatments:
            widths[self.names.slices] = _WITH_TREATMENTS
        page = _page_class()
        self.sheets = {
            name: Sheet(book.add_worksheet(name, page), name, self.styles, widths.get(name, mrs_tables.WIDTHS))
            for name in order
        }

    def write(self) -> None:
        """Fill every sheet: addresses first, because formulas refer forwards and backwards."""
        for sheet in self.sheets.values():
            self._frame(sheet)
        fixed = self.sheets[self.names.fixed]
        fixed.title(fixed.name, self.t("excel_text.sheet_fixed"))
        replaced = pages.write_defaults(fixed, self.graph)
        digits, decimals = pages.write_settings(fixed, self.graph)
        self._place(fixed)
        top = self._process()
        for sheet, key in self._described():
            sheet.title(sheet.name, self.t(f"excel_text.sheet_{key}"))
        pages.write_equipment(self.sheets[self.names.equipment], self.graph)
        pages.write_points(self.sheets[self.names.points], self.graph)
        for name in (self.names.equipment, self.names.points, self.names.sums, self.names.slices, self.names.readings):
            sheet = self.sheets[name]
            sheet.row = self.graph.place(self.graph.on(name), sheet.row)
        readings = self.graph.on(self.names.readings)
        if readings:
            self.sheets[self.names.readings].worksheet.freeze_panes(readings[0].first, 2)
        self._write_graph(replaced | repeated(self.graph))
        process = self.sheets[self.names.process]
        process.row = top
        credited = mrs.write_results(process, self.graph, digits)
        if not self.result.indicative:
            for n, year in enumerate(self.result.years):
                mrs.write_input(self.sheets[mrs.sheet_name(year)], self.graph, n, decimals, credited[n])
        self._rest()

    def _described(self) -> list[tuple[Sheet, str]]:
        keys = ("equipment", "points", "slices", "sums", "readings")
        return [(self.sheets[self.t(f"excel_sheet.{key}")], key) for key in keys]

    def _frame(self, sheet: Sheet) -> None:
        """Print set-up, the banner of an indicative figure, and errors in grey."""
        page = sheet.worksheet
        page.set_landscape()
        page.set_paper(9)
        page.fit_to_pages(1, 0)
        page.hide_gridlines(2)
        page.set_footer("&L&A&R&P / &N")
        if self.result.indicative:
            sheet.text(0, 0, self.t("excel_text.indicative"), self.styles.banner)
            page.set_row(0, 24)
            sheet.row = 2

    def _place(self, fixed: Sheet) -> None:
        """The lists and tables of fixed values, below what is on their sheet already."""
        given = self.graph.layout.given
        given.top = fixed.row
        fixed.row = self.graph.place(self.graph.on(fixed.name), given.top + given.height)

    def _process(self) -> int:
        """Places of MRS(calc_process); the row of the results by year, which stand on top."""
        process = self.sheets[self.names.process]
        process.title(process.name, self.result.data.project.title)
        results = self.graph.layout.results
        first = process.row + len(self.result.years) + 5
        results.top = first
        tables = sorted(self.graph.on(process.name), key=lambda table: len(table.sets))
        self.graph.place(tables, first + results.height)
        return process.row

    def _write_graph(self, replaced: Replaced) -> None:
        layout = self.graph.layout
        writer = GraphWriter(layout, self.graph.evaluation, replaced)
        for table in layout.tables.values():
            sheet = self.sheets[table.sheet]
            writer.table(sheet, table)
            grey = {"type": "errors", "format": self.styles.unknown}
            last = max(table.first + len(table.rows) - 1, table.first)
            sheet.worksheet.conditional_format(table.first, 0, last, table.width, grey)
            wrong = {"type": "cell", "criteria": "==", "value": '"CHECK"', "format": self.styles.bad}
            sheet.worksheet.conditional_format(table.top, 0, table.top, table.width, wrong)
        for table in self.graph.checked():
            writer.checks(self.sheets[table.sheet], table)
        names = pages.heads(self.graph, "symbol", "description", "value", "unit", "source")
        sources = pages.sources_of(self.graph)
        writer.list(self.sheets[self.names.fixed], layout.given, names, sources)
        writer.list(self.sheets[self.names.process], layout.results, names[:4], {})

    def _rest(self) -> None:
        t = self.t
        guide = self.sheets[t("excel_sheet.guide")]
        pages.write_guide(guide, self.graph)
        guide.worksheet.activate()
        writers = (
            ("findings", pages.write_findings),
            ("evidence", pages.write_evidence),
            ("sources", pages.write_sources),
        )
        for key, write in writers:
            sheet = self.sheets[t(f"excel_sheet.{key}")]
            sheet.title(sheet.name, t(f"excel_text.sheet_{key}"))
            write(sheet, self.graph)
