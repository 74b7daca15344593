"""The claim graph as tables: which quantity lies on which sheet, and what its elements are called."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from jcm_mrv.arrays import Instants
from jcm_mrv.claim.measuring import Chain
from jcm_mrv.methodology.declare import equipment, month, period
from jcm_mrv.quantities.expression import Defined, Named
from jcm_mrv.quantities.sets import Set
from jcm_mrv.reporting.document.translations import Translator
from jcm_mrv.reporting.excel.blocks import ReadingRows
from jcm_mrv.reporting.excel.columns import Column, Columns
from jcm_mrv.reporting.excel.layout import MOST_ROWS, About, Layout, Table, TooManyRowsError, ValueList
from jcm_mrv.reporting.excel.reported import ChainBlocks, Reported
from jcm_mrv.result import Result, Treatment
from jcm_mrv.time.zones import DAY, to_local

EPOCH_AS_SPREADSHEET = 25569.0
"""1 January 1970 in days of a spreadsheet."""

_LISTS = 26
"""Columns of the lists that stand on a sheet together with tables of the graph, and more."""

LONG = 30
"""A table of so many rows stands on one page."""

_WIDE = 11
"""Of so many columns a page has room; what has more does not stand with what fits."""

INPUT, PROCESS = "MRS(input)", "MRS(calc_process)"
"""The official sheets' names, in every language."""


@dataclass(frozen=True, slots=True)
class _Amount:
    """What is said in words of the readings of a meter's month; times as a spreadsheet counts them."""

    meter: str
    month: str
    start: float
    end: float
    kind: str
    count: str
    sha256: str


AMOUNTS: Columns[_Amount] = Columns(
    "amounts",
    "one row per meter and month, more where readings differ in kind or factor or are cut at a month's end; the "
    "quantities of the measuring chain follow",
    (
        Column(key="meter", width=16, about="meter ID", cell=lambda row: row.meter),
        Column(key="month", width=10, about="month slice of the monitoring period", cell=lambda row: row.month),
        Column(key="from", width=16, about="beginning of the readings in local time", cell=lambda row: row.start),
        Column(key="to", width=16, about="their end in local time; it does not count", cell=lambda row: row.end),
        Column(key="kind", width=16, about="energy, register, log or stock, and its unit", cell=lambda row: row.kind),
        Column(
            key="count",
            width=14,
            about="values that are there, of those expected, where there are logs",
            cell=lambda row: row.count,
        ),
        Column(key="sha256", width=22, about="checksum of the log, where there are logs", cell=lambda row: row.sha256),
    ),
)
TREATMENTS: Columns[Treatment] = Columns(
    "slices",
    "where something was treated, one row per treatment of a meter's month; its quantities follow",
    (
        Column(key="meter", width=24, about="meter ID", cell=lambda one: one.meter_id),
        Column(key="month", width=12, about="month slice of the monitoring period", cell=lambda one: one.month),
        Column(key="span", width=36, about="the hours that are treated", cell=lambda one: one.span),
        Column(key="rule", width=44, about="by which rule", cell=lambda one: one.rule),
        Column(key="direction", width=24, about="how ER moves with the amount", cell=lambda one: one.direction_words),
        Column(key="effect", width=22, about="effect on ER in tCO2e", cell=lambda one: _signed(one.effect_tco2e)),
    ),
)


def _signed(effect: float | None) -> str:
    return "" if effect is None else f"{effect:+.6g}"


@dataclass(frozen=True)
class Names:
    """The names of the sheets that hold the graph."""

    equipment: str
    points: str
    slices: str
    sums: str
    amounts: str
    readings: str
    fixed: str
    process: str = PROCESS

    @classmethod
    def of(cls, t: Translator) -> Names:
        """The names in a language."""
        return cls(
            *(
                t(f"excel_sheet.{key}")
                for key in ("equipment", "points", "slices", "sums", "amounts", "readings", "fixed")
            )
        )

    def holding(self, sets: Sequence[Set]) -> str:
        """The sheet for quantities over some sets of a methodology."""
        if period in sets or month in sets:
            return self.process
        return self.equipment if all(s.name == equipment.name for s in sets) else self.fixed


class ClaimGraph:
    """The lowered claim graph of the workbook with its layout and values.

    ``results`` are RE, PE, LE where there is leakage, and ER over the
    calendar years, ``total`` is the
    unrounded sum of ER; ``monitored`` are the monitored parameters in the
    order of ``result.claim.parameters``; ``checks`` are addresses of cells beside
    lists that other modules write, OK while these are whole; ``unneeded`` are
    inputs of a row that its kind of reading does not have.
    """

    def __init__(self, result: Result, names: Names, t: Translator) -> None:
        self.result, self.names, self.t = result, names, t
        self.checks: list[str] = []
        self.unneeded: set[tuple[Named, tuple[int, ...]]] = set()
        claim = result.claim
        self.readings = ReadingRows.of(claim.chains, result.timeline) if claim.chains else None
        reported = Reported(result, self.readings)
        self.reported, self.space, self.evaluation = reported, reported.space, reported.evaluation
        self.results, self.total = reported.results, reported.total
        self.monitored, self.decimals = reported.shown, reported.decimals
        given = ValueList(names.fixed, title=t("excel_table.values"))
        results = ValueList(names.process, title=t("excel_table.results"))
        self.layout = Layout(reported.roots, self.space, given, results)
        self.layout.sort_rows(period)
        self.layout.sort_rows(month)
        for table in self.layout.tables.values():
            self._describe(table)
        if len(claim.bounds) > 1:
            self._name_results(reported.own)
        for one in reported.chains:
            self.layout.drop_keys((one.set,))
        self.further: dict[str, list[str]] = {}
        """Sheets for what is long and would stand below something long, by the sheet on which it belongs."""
        self._spread()
        self.layout.reserved = dict.fromkeys((names.equipment, names.points, names.fixed, names.process), _LISTS)
        self.layout.arrange()

    def _name_results(self, own: Sequence[Defined]) -> None:
        """The results of each methodology stand beside those of the claim: say which is which."""
        namespaces = [b.namespace for b in self.result.claim.bounds for _ in b.results]
        for namespace, node in zip(namespaces, own, strict=True):
            self.layout.tables[node.sets].labels[node] = f"{namespace}: {node.label}"

    def _spread(self) -> None:
        """A page can repeat the headings of one table of a sheet: further long or wide ones get own sheets."""
        data, given = self.result.data.tables, self.layout.given
        full = {self.names.fixed}  # ends with the list of defaults
        if len(given.nodes) > LONG:
            given.sheet = self._further(given.sheet)
        full |= {getattr(self.names, key) for key in ("equipment", "points") if len(data[key]) > LONG}
        for table in self.layout.tables.values():
            wide = table.width > _WIDE and table.sheet in (self.names.process, self.names.equipment, self.names.fixed)
            if len(table.rows) <= LONG and not wide:
                continue
            if wide or table.sheet in full:
                table.sheet = self._further(table.sheet)
            full.add(table.sheet)

    def _further(self, sheet: str) -> str:
        further = self.further.setdefault(sheet, [])
        further.append(f"{sheet} {len(further) + 2}")
        return further[-1]

    def on(self, sheet: str) -> list[Table]:
        """The tables of a sheet, in their order: a long one, whose headings are repeated, last."""
        return sorted((t for t in self.layout.tables.values() if t.sheet == sheet), key=lambda t: len(t.rows) > LONG)

    def place(self, tables: Sequence[Table], top: int) -> int:
        """Put tables below each other from a row on; the next free row. Raises TooManyRowsError."""
        for table in tables:
            table.top = top
            top += table.height
            if top > MOST_ROWS:
                raise TooManyRowsError(table.sheet, top)
        return top

    def checked(self) -> list[Table]:
        """The tables whose columns are checked: Excel would take an empty cell for zero."""
        return [table for table in self.layout.tables.values() if table.rows and table.checkable]

    def complete(self) -> list[str]:
        """Conditions of a formula, one per table and list, that hold while no cell is empty, lost or typed over."""
        layout = self.layout
        conditions = [condition for table in self.checked() for condition in table.checks()]
        lists = [one.check() for one in (layout.given, layout.results) if one.nodes]
        return conditions + [f'{check}="OK"' for check in (*lists, *self.checks)]

    # --- what the tables are ---

    def _describe(self, table: Table) -> None:
        for one in self.reported.chains:
            if self._of_chain(table, one):
                return
        table.sheet = self.names.holding(table.sets)
        table.title = self._title(table.sets)
        for the_set in table.sets:
            elements = self.space.elements[the_set]
            axis = table.sets.index(the_set)
            table.about.append((self._name(the_set), [elements[row[axis]] for row in table.rows]))

    def _document_set(self, the_set: Set) -> Set:
        return next((old for b in self.result.claim.bounds for old, new in b.sets.items() if new == the_set), the_set)

    def _title(self, sets: tuple[Set, ...]) -> str:
        spaces = dict.fromkeys(s.namespace for s in sets if s.namespace)
        name = self.t("excel_table.by", sets=" × ".join(map(self._name, sets)))
        return ": ".join([*spaces, name]) if len(self.result.claim.bounds) > 1 else name

    def _name(self, the_set: Set) -> str:
        return self.t.known("excel_set", self._document_set(the_set).name)

    # --- the measuring chain ---

    def _of_chain(self, table: Table, one: ChainBlocks) -> bool:
        chain = one.chain
        graph, months = chain.graph, [m.label for m in self.result.timeline.months]
        years, points = [y.label for y in self.result.timeline.years], [p.name for p in chain.points]
        meter, when, point = (self.t(f"excel_head.{key}") for key in ("meter", "month", "point"))
        slices, terms = chain.meter_months, chain.term_months
        meters = [chain.points[k].terms[t].meter_id for k, t in chain.terms]
        held: dict[Set, tuple[str, str, list[tuple[str, About]]]] = {
            one.set: (self.names.amounts, "amounts", []),
            graph.meter_month: (
                self.names.slices,
                "slices",
                [(meter, [m for m, _ in slices]), (when, [months[m] for _, m in slices])],
            ),
            graph.term: (self.names.points, "terms", [(point, [points[k] for k, _ in chain.terms]), (meter, meters)]),
            graph.term_month: (
                self.names.sums,
                "terms_by_month",
                [
                    (point, [points[k] for k, _, _ in terms]),
                    (meter, [chain.points[k].terms[t].meter_id for k, t, _ in terms]),
                    (when, [months[m] for _, _, m in terms]),
                ],
            ),
            graph.point_month: (
                self.names.sums,
                "points_by_month",
                [
                    (point, [points[k] for k, _ in chain.point_months]),
                    (when, [months[m] for _, m in chain.point_months]),
                ],
            ),
            graph.point_year: (
                self.names.sums,
                "points_by_year",
                [
                    (point, [points[k] for k, _ in chain.point_years]),
                    (self.t("excel_head.year"), [years[p] for _, p in chain.point_years]),
                ],
            ),
        }
        if chain.correction_graph is not None:
            held[chain.correction_graph.correction] = self.names.slices, "treatments", self._about_corrections(chain)
        if len(table.sets) != 1 or table.sets[0] not in held:
            return False
        sheet, key, about = held[table.sets[0]]
        table.sheet = sheet
        table.title = self.t(f"excel_table.{key}", unit=chain.unit)
        table.about = self._about_blocks(one) if table.sets[0] == one.set else about
        return True

    def _about_corrections(self, chain: Chain) -> list[tuple[str, About]]:
        return TREATMENTS.about_rows(self.t, [x for x in self.result.treatments if x.unit == chain.unit])

    def _about_blocks(self, one: ChainBlocks) -> list[tuple[str, About]]:
        rows, parts = self.readings, one.chain.parts
        assert rows is not None
        months = [m.label for m in self.result.timeline.months]
        shown = []
        for block in one.blocks:
            own = rows.used[block.first : block.last + 1]
            r, source = int(own[0]), int(parts.source[own[0]])
            start, end = self.local(np.array([parts.start[own[0]], parts.end[own[-1]]]))
            shown.append(
                _Amount(
                    meter=parts.meter_ids[parts.meter[r]],
                    month=months[parts.month[r]],
                    start=start,
                    end=end,
                    kind=rows.kind(r),
                    count=f"{parts.count[own].sum()} / {parts.expected[own].sum()}",
                    sha256="" if source < 0 else parts.sources[source].sha256,
                )
            )
        return AMOUNTS.about_rows(self.t, shown, leave_out=() if any(x.sha256 for x in shown) else ("count", "sha256"))

    def local(self, instants: Instants) -> list[float]:
        """Local times as a spreadsheet counts them: days since the end of 1899."""
        days: list[float] = (to_local(instants, self.result.timeline.zone) / DAY + EPOCH_AS_SPREADSHEET).tolist()
        return days
