"""The report workbook: its sheets in the order in which a verifier reads."""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO
from itertools import zip_longest
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import numpy as np

from jcm_mrv.collector import without_collector
from jcm_mrv.origin import Origin
from jcm_mrv.quantities.expression import Input, Named
from jcm_mrv.quantities.graph import of_type
from jcm_mrv.quantities.text import symbol_text
from jcm_mrv.reporting.document.translations import Translator
from jcm_mrv.reporting.excel import columns, mrs, mrs_tables, pages
from jcm_mrv.reporting.excel.amounts import (
    amount_formulas,
    error_formulas,
    override_formulas,
    share_formulas,
    unit_factors,
)
from jcm_mrv.reporting.excel.beside import CYCLES
from jcm_mrv.reporting.excel.defaults import write_defaults
from jcm_mrv.reporting.excel.frozen import freeze
from jcm_mrv.reporting.excel.graph import AMOUNTS, TREATMENTS, ClaimGraph, Names
from jcm_mrv.reporting.excel.homes import Homes
from jcm_mrv.reporting.excel.layout import MOST_ROWS
from jcm_mrv.reporting.excel.listed import SHEETS, Listed, least_widths, listed_widths
from jcm_mrv.reporting.excel.log_rows import LOG_ROWS, LogRowPlaces, write_log_rows
from jcm_mrv.reporting.excel.page_setup import frame, narrowed, set_up
from jcm_mrv.reporting.excel.process import ProcessBlocks
from jcm_mrv.reporting.excel.products import PRODUCTS, has_products, write_products
from jcm_mrv.reporting.excel.readings import READINGS, ReadingPlaces, origins_of, write_readings
from jcm_mrv.reporting.excel.sheet import Replaced, Sheet, text_width
from jcm_mrv.reporting.excel.stretches import Rows, stretches_of
from jcm_mrv.reporting.excel.styles import Styles, new_book
from jcm_mrv.reporting.excel.tables import GraphWriter
from jcm_mrv.reporting.excel.worksheets import LongPage, Page
from jcm_mrv.result import Result
from jcm_mrv.workbook.template.styles import CREATED

if TYPE_CHECKING:
    from xlsxwriter import Workbook


# Widths of the first columns of what the claim graph and the monitoring workbook lay out; further columns are as wide
# as the last. Those of lists follow from their columns.
_WIDTHS: dict[str, tuple[float, ...]] = {
    "process": (36, 14, *[14] * 8),
    "sums": (34, 16, *[16] * 6),
    "slices": (24, 12, *[16] * 8),
    "amounts": (*columns.widths([AMOUNTS]), 14),
}
_WIDEST_NAMES, _WIDEST_SYMBOL, _CAPITALS = 60.0, 24.0, 1.15
_TITLE, _WIDEST_ENTERED = 27.0, 24.0
# The slices' sheet where spans and rules stand in words below the months.
_WITH_TREATMENTS = (*columns.widths([TREATMENTS]), *[16.0] * 4)


def workbook_report(result: Result, lang: str = "en", rows: str = Rows.MONTHLY) -> bytes:
    """The monitoring report as an .xlsx file with live formulas from reading to tonne.

    An indicative result has no MRS(input) and no credited number, and says so
    on every sheet. ``rows`` says how finely the values of logs stand in it, see
    :class:`jcm_mrv.reporting.excel.stretches.Rows`. Raises UnknownLanguageError, and TooManyRowsError where a
    sheet would be too long.
    """
    buffer = BytesIO()
    with without_collector():
        _write(buffer, result, lang, Rows(rows))
    return buffer.getvalue()


def _write(buffer: BytesIO, result: Result, lang: str, rows: Rows) -> None:
    # Rows of logs may be millions: they go to a file on disk one by one.
    with TemporaryDirectory(prefix="jcm-mrv-") as folder:
        book = new_book(buffer, "" if rows == Rows.MONTHLY else folder)
        book.set_properties({"title": "JCM monitoring report", "created": CREATED})
        book.set_calc_mode("auto")
        _Report(book, result, Translator(lang), rows).write()
        book.close()


class _Report:
    def __init__(self, book: Workbook, result: Result, t: Translator, detail: Rows) -> None:
        self.result, self.t, self.styles = result, t, Styles(book, t.lang)
        self.names = Names.of(t)
        self.graph = ClaimGraph(result, self.names, t)
        self.homes = Homes()
        rows = self.graph.readings
        self.detail, self.log_rows, self.readings = detail, None, None
        if rows is not None:
            if detail != Rows.MONTHLY:
                stretches = stretches_of(result, rows, detail)
                self.log_rows = LogRowPlaces(stretches, self._name("log_rows"), self._top + 2, MOST_ROWS)
            finer = {} if self.log_rows is None else {n: self.log_rows.formula(n) for n in self.log_rows.months}
            self.readings = ReadingPlaces(rows, self.names.readings, self._top, MOST_ROWS, finer)
        widths = self._widths()
        long = set() if self.log_rows is None else set(self.log_rows.pages)
        self.sheets = {
            name: Sheet(
                book.add_worksheet(name, LongPage if name in long else Page),
                name,
                self.styles,
                self._unbroken(name, widths.get(name, mrs_tables.WIDTHS)),
            )
            for name in self._order()
        }
        self.listed: list[Listed] = []

    @property
    def _top(self) -> int:
        """The row below title and banner, on a sheet that begins with nothing else."""
        return 5 if self.result.indicative else 3

    def _order(self) -> list[str]:
        """The names of the sheets in the order in which a verifier reads."""
        names, data = self.names, self.result.data.tables
        order = [self.t("excel_sheet.guide")]
        order += [] if self.result.indicative else [mrs.sheet_name(year) for year in self.result.years]
        order += [pages.STRUCTURE] if data["team"] else []
        order += [names.process, self._name("eligibility"), names.equipment, self._name("meters")]
        order += [self._name("calibrations")]
        order += [self._name(key) for key in ("conversions",) if data[key]]
        order += [names.points, names.sums, names.slices, names.amounts]
        order += [names.readings] if self.readings is None else self.readings.pages
        order += [] if self.log_rows is None else self.log_rows.pages
        order += [self._name("products")] if has_products(self.graph) else []
        order += [self._name(key) for key in ("logs", "invoices", "stocks", "overrides") if data[key]]
        order += [self._name("changes")] if self.result.data.previous else []
        order += [names.fixed, *(self._name(key) for key in ("findings", "evidence", "team", "sources"))]
        return [one for name in order for one in (name, *self.graph.further.get(name, ()))]

    def _name(self, key: str) -> str:
        return self.t(f"excel_sheet.{key}")

    def _first_width(self, name: str, least: float) -> float:
        """The width of a sheet's first column in which every name of its tables can be read."""
        names = (str(one) for table in self.graph.on(name) for _, texts in table.about[:1] for one in texts)
        return min(max([least, *(_CAPITALS * text_width(one) for one in names)]), _WIDEST_NAMES)

    def _widths(self) -> dict[str, tuple[float, ...]]:
        widths: dict[str, tuple[float, ...]] = {pages.STRUCTURE: (44, 80)}
        widths |= {self._name(key) if key != "process" else self.names.process: w for key, w in _WIDTHS.items()}
        for key in {one.sheet for one in pages.LISTS}:
            widths[self._name(key)] = columns.widths([one for one in pages.LISTS if one.sheet == key])
        if self.result.treatments:
            widths[self.names.slices] = _WITH_TREATMENTS
        for key in SHEETS:
            own = widths.get(self._name(key), ())
            widths[self._name(key)] = own + listed_widths(key, self.result.data.tables)[len(own) :]
        # what was entered of monitoring points stands below the list of them, billing cycles below the invoices
        below = {"points": listed_widths("points", self.result.data.tables), "invoices": columns.widths([CYCLES])}
        for key, lower in below.items():
            pairs = zip_longest(widths[self._name(key)], lower, fillvalue=0.0)
            widths[self._name(key)] = tuple(max(w, min(own, _WIDEST_ENTERED)) for w, own in pairs)
        # the parameters of the equipment stand below what it is
        widths[self.names.equipment] = tuple(max(w, 13.0) for w in widths[self.names.equipment])
        for name, further in self.graph.further.items():
            widths |= dict.fromkeys(further, widths[name])
        for name in self.graph.further.get(self.names.process, ()):
            widths[name] = (self._first_width(name, _TITLE), *widths[name][1:])
        for name in (self.names.points, self.names.sums, *self.graph.further.get(self.names.sums, ())):
            widths[name] = (self._first_width(name, widths[name][0]), *widths[name][1:])
        for name in [] if self.readings is None else self.readings.pages:
            widths[name] = columns.widths([READINGS])
        for name in [] if self.log_rows is None else self.log_rows.pages:
            widths[name] = columns.widths([LOG_ROWS])
        widths[self._name("products")] = columns.widths([PRODUCTS])
        return widths

    def _unbroken(self, name: str, widths: tuple[float, ...]) -> tuple[float, ...]:
        """Widths that fit a page, at which no symbol and no methodology's number goes on in the next line."""
        graph, names = self.graph, self.names
        read = [pair for table in graph.on(name) for pair in enumerate(table.read)]
        words = [(n, symbol_text(what)) for n, what in read if isinstance(what, Named)]
        if name == names.points:
            words += [(1, point.methodology) for point in self.result.claim.points]
        if name == names.fixed:
            words += [(0, use.methodology) for use in self.result.defaults]
        if name == names.process:
            nodes = [node for table in graph.layout.tables.values() for node in table.nodes]
            last = 3 + len(self.result.years)
            words += [(last, symbol_text(node)) for node in [*nodes, *graph.layout.given.nodes]]
        entered = [key for key in SHEETS if self._name(key) == name]
        least = least_widths(entered[0], self.result.data.tables) if entered else {}
        if name in (names.points, names.sums):
            least[0] = self._first_width(name, 0.0)
        for n, word in words:
            own = text_width(word) * (_CAPITALS if word.isupper() else 1.0) + 1
            least[n] = min(max(least.get(n, 0.0), own), _WIDEST_SYMBOL)
        further = max(least, default=-1) + 2 - len(widths)  # the last width is that of all columns to its right
        full = (*widths, *[widths[-1]] * further)
        return narrowed([max(w, least.get(n, 0.0)) for n, w in enumerate(full)], least)

    def write(self) -> None:
        """Fill every sheet: addresses first, because formulas refer forwards and backwards."""
        graph, names = self.graph, self.names
        for sheet in self.sheets.values():
            self._frame(sheet)
        fixed = self.sheets[names.fixed]
        fixed.title(fixed.name, self.t("excel_text.sheet_fixed"))
        digits, decimals = pages.write_settings(fixed, graph)
        factors = [] if self.readings is None else unit_factors(graph, self.readings)
        units = pages.write_units(fixed, graph, factors)
        edges = [] if self.readings is None else pages.write_months(fixed, graph)
        self._place(fixed)
        blocks = ProcessBlocks(graph, fixed.row + 1)
        first, top = self._process(blocks)
        replaced = write_defaults(fixed, graph, blocks.listed, self.homes)
        for sheet, key in self._described():
            sheet.title(sheet.name, self.t(f"excel_text.sheet_{key}"))
        pages.write_points(self.sheets[names.points], graph)
        for key in SHEETS:
            self._list(key)
        further = [name for more in graph.further.values() for name in more]
        for name in (names.equipment, names.points, names.sums, names.slices, names.amounts, *further):
            sheet = self.sheets[name]
            if name in further and name != graph.layout.given.sheet:
                sheet.title(name)
            sheet.row = graph.place(graph.on(name), sheet.row)
        replaced |= mrs.place_inputs(graph, decimals, self.sheets)
        graph.checks += mrs.check_inputs(graph)
        self._home(replaced, units, edges)
        for one in self.listed:
            graph.checks += one.write(self.homes)
        self._write_graph(replaced)
        graph.checks += [cell for one in graph.reported.chains if (cell := freeze(self.sheets, graph, one))]
        process = self.sheets[names.process]
        process.row = top
        blocks.write(process)
        process.row = first
        credited = mrs.write_results(process, graph, digits)
        if not self.result.indicative:
            for n, year in enumerate(self.result.years):
                mrs.write_input(self.sheets[mrs.sheet_name(year)], graph, n, decimals, credited[n])
        self._rest()

    def _list(self, key: str) -> None:
        """The tables of the monitoring workbook on one sheet, in their place."""
        sheet = self.sheets.get(self._name(key))
        for table in SHEETS[key] if sheet is not None else ():
            assert sheet is not None
            alone = key not in ("equipment", "points")
            one = Listed(table, self.result.data.tables[table], sheet, sheet.row + 1, alone)
            self.listed.append(one)
            sheet.row += one.height + bool(one.height)
        if sheet is not None:
            pages.write_beside(sheet, self.graph, key)

    def _home(self, replaced: Replaced, units: dict[tuple[str, float], str], edges: Sequence[str]) -> None:
        """Each number that was entered gets its one cell; ``replaced`` takes the formulas that refer to it."""
        graph = self.graph
        if self.readings is not None:
            for origin, value, cell in origins_of(self.readings):
                self.homes.add(origin, value, cell)
        # What corrections add is computed from what was entered; an override's own number stands on its sheet.
        tables = [one.chain.correction_graph for one in graph.reported.chains]
        corrections = {node for table in tables if table is not None for node in (table.s, table.f, table.d)}
        for node in (n for n in of_type(graph.reported.roots, Input) if n not in corrections):
            for ordinals, origin in self.result.claim.origins.get(node, {}).items():
                if origin.cell and (node, ordinals) not in replaced:
                    self._input(replaced, node, ordinals, origin)
        for one in self.listed:
            one.home(self.homes)
        if self.readings is not None:
            replaced |= amount_formulas(graph, self.readings, self.homes, units, edges)
            replaced |= error_formulas(graph)
            replaced |= override_formulas(graph, self.homes, units) | share_formulas(graph, self.homes)
            zone = [graph.local(t) for t in (self.readings.rows.parts.start, self.readings.rows.parts.end)]
            sheets = [self.sheets[name] for name in self.readings.pages]
            times = np.array(zone[0]), np.array(zone[1])
            graph.checks += write_readings(sheets, self.readings, self.t, times)
        if self.readings is not None and has_products(graph):
            sheet = self.sheets[self._name("products")]
            sheet.title(sheet.name, self.t("excel_text.sheet_products"))
            graph.checks += write_products(sheet, graph, self.readings)
        if self.readings is not None and self.log_rows is not None:
            sheets = [self.sheets[name] for name in self.log_rows.pages]
            graph.checks += write_log_rows(sheets, self.log_rows, self.readings.rows, graph, self.detail)

    def _input(self, replaced: Replaced, node: Input, ordinals: tuple[int, ...], origin: Origin) -> None:
        graph = self.graph
        if node.sets and ordinals not in graph.layout.tables[node.sets].place:
            return
        cell = graph.layout.cell(node, ordinals)
        home = self.homes.add(origin, float(graph.evaluation[node][ordinals]), cell)
        if home != cell:
            replaced[node, ordinals] = f"={home}"

    def _described(self) -> list[tuple[Sheet, str]]:
        """The sheets that begin with their title and a line about them."""
        keys = (*SHEETS, "slices", "sums", "amounts")
        found = [(self.sheets[self._name(key)], key) for key in keys if self._name(key) in self.sheets]
        return found + [(self.sheets[n], "readings") for n in ([] if self.readings is None else self.readings.pages)]

    def _frame(self, sheet: Sheet) -> None:
        """What every sheet has, and the banner of an indicative figure."""
        frame(sheet)
        if self.result.indicative:
            sheet.line(self.t("excel_text.indicative"), self.styles.banner)
            sheet.set_height(0, 24)
            sheet.row = 2

    def _set_up(self) -> None:
        """Print set-up of every sheet, now that it is known how wide each is; ordinals are folded away."""
        free = {self.t("excel_sheet.findings"), *([] if self.readings is None else self.readings.pages)}
        for name, sheet in self.sheets.items():
            tables = self.graph.on(name)
            first = self.graph.layout.first_key(name)
            hidden = range(first, first + max((len(table.keys) for table in tables), default=0))
            if hidden:
                folded = {"hidden": True, "level": 1}
                sheet.worksheet.set_column(hidden[0], hidden[-1], 6, None, folded)
            sheet.names = max(sheet.names, min((len(table.about) for table in tables), default=1) - 1)
            set_up(sheet, hidden, protect=name not in free and not sheet.folded)

    def _place(self, fixed: Sheet) -> None:
        """The lists and tables of fixed values, below what is on their sheet already."""
        given = self.graph.layout.given
        sheet = self.sheets[given.sheet]
        if sheet is not fixed:
            sheet.title(given.sheet)
        given.top = sheet.row
        sheet.row += given.height
        fixed.row = self.graph.place(self.graph.on(fixed.name), fixed.row)

    def _process(self, blocks: ProcessBlocks) -> tuple[int, int]:
        """Places of MRS(calc_process); the rows of the results by year, which stand on top, and of the blocks."""
        process = self.sheets[self.names.process]
        process.title(process.name, self.result.data.project.title)
        process.fit(process.row + 1, mrs.result_heads(self.graph))  # what stands below is placed by that
        results = self.graph.layout.results
        top = process.row + len(self.result.years) + 4
        first = blocks.place(process, top) + 1
        results.top = first
        tables = sorted(self.graph.on(process.name), key=lambda table: len(table.sets))
        self.graph.place(tables, first + results.height)
        return process.row, top

    def _write_graph(self, replaced: Replaced) -> None:
        layout = self.graph.layout
        writer = GraphWriter(layout, self.graph.evaluation, replaced, self.graph.unneeded)
        for table in layout.tables.values():
            sheet = self.sheets[table.sheet]
            writer.table(sheet, table)
            wrong = {"type": "cell", "criteria": "==", "value": '"CHECK"', "format": self.styles.bad}
            sheet.worksheet.conditional_format(table.top, 0, table.top, table.width, wrong)
        for table in self.graph.checked():
            writer.checks(self.sheets[table.sheet], table)
        names = pages.heads(self.graph, "symbol", "description", "value", "unit", "source")
        sources = pages.sources_of(self.graph)
        writer.list(self.sheets[layout.given.sheet], layout.given, names, sources)
        writer.list(self.sheets[self.names.process], layout.results, names[:4], {})

    def _rest(self) -> None:
        t = self.t
        guide = self.sheets[t("excel_sheet.guide")]
        pages.write_guide(guide, self.graph)
        guide.worksheet.activate()
        pages.write_branch_amounts(self.sheets[t("excel_sheet.meters")], self.graph)
        if pages.STRUCTURE in self.sheets:
            pages.write_structure(self.sheets[pages.STRUCTURE], self.graph)
        writers = (
            ("findings", pages.write_findings),
            *((("changes", pages.write_changes),) if self.result.data.previous else ()),
            ("sources", pages.write_sources),
        )
        for key, write in writers:
            sheet = self.sheets[t(f"excel_sheet.{key}")]
            sheet.title(sheet.name, t(f"excel_text.sheet_{key}"))
            write(sheet, self.graph)
        self._set_up()
