"""Records beside the parameters: conversions, the calendar of invoices, and samples."""

from __future__ import annotations

import numpy as np

from jcm_mrv.meters.segments import SegmentKind
from jcm_mrv.reporting.document.blocks import Tabular
from jcm_mrv.reporting.document.context import Context
from jcm_mrv.reporting.document.tables import Cell, Column, Table, symbol, table, unit
from jcm_mrv.reporting.excel.beside import cycles


def records(context: Context) -> list[Tabular]:
    """The tables of which the project has anything."""
    t = context.t
    found = (
        (t("records.conversions"), _conversions(context)),
        (t("records.invoices"), _invoices(context)),
        (t("records.samples"), _samples(context)),
    )
    return [Tabular(caption, made) for caption, made in found if made.rows]


def _conversions(context: Context) -> Table:
    t, n = context.t, context.n
    rows: list[list[Cell]] = []
    for row in context.result.data.conversions:
        days = [n.short_day(day.date()) if day else "" for day in (row.start, row.end)]
        document = ", ".join(filter(None, (row.document, row.page and t("word.page", page=row.page))))
        cells: list[Cell] = [row.meter_id, row.property, n.given(row.value), unit(row.unit), row.conditions]
        rows.append([*cells, *days, document])
    columns = [Column(t("column.meter_id"), "code"), Column(t("records.property")), Column(t("column.value"), "number")]
    columns += [Column(t("column.unit")), Column(t("records.conditions")), Column(t("column.from"), "day")]
    columns += [Column(t("column.to"), "day"), Column(t("column.document"))]
    return context.shortened(table(columns, rows), t("excel_sheet.conversions"))


def _invoices(context: Context) -> Table:
    t, n = context.t, context.n
    rows: list[list[Cell]] = [
        [c.meter, c.number, n.short_day(c.start.date()), n.short_day(c.end.date()), n.given(round(c.days, 2)),
         n.given(round(c.inside, 2)), n.given(None if c.since is None else round(c.since, 2))]
        for c in cycles(context.result)
    ]  # fmt: skip
    columns = [Column(t("column.meter_id"), "code"), Column(t("column.document")), Column(t("column.from"), "day")]
    columns += [Column(t("column.to"), "day"), Column(t("column.days"), "number")]
    columns += [Column(t("excel_head.days_inside"), "number"), Column(t("excel_head.days_since"), "number")]
    return context.shortened(table(columns, rows), t("excel_sheet.invoices"))


def _samples(context: Context) -> Table:
    """The points that rest on samples: how many were taken, how they were drawn, and which precision is asked for."""
    t = context.t
    rows: list[list[Cell]] = []
    for parameter in context.result.claim.parameters:
        parts = parameter.chain.parts
        for number in sorted(set(parameter.points.values())):
            point = parameter.chain.points[number]
            meters = [parts.meter_ids.index(term.meter_id) for term in point.terms if term.meter_id in parts.meter_ids]
            count = int(((parts.kind == SegmentKind.SAMPLE) & np.isin(parts.meter, meters)).sum())
            if count:
                asked = point.precision and f"{point.precision.confidence:g} / {point.precision.within:g}"
                applies = point.applies_to or t("word.claim")
                rows.append([symbol(parameter.declared), applies, str(count), asked or "", point.sampling])
    columns = [Column(t("column.symbol")), Column(t("column.applies_to")), Column(t("records.count"), "number")]
    columns += [Column(t("records.precision")), Column(t("records.sampling"), width=40)]
    return context.shortened(table(columns, rows), t("excel_sheet.readings"))
