"""The monitoring system: the line diagram, monitoring points, meters, replacements, calibrations."""

from __future__ import annotations

from jcm_mrv.reporting.document.blocks import Block, Section, Tabular, Text
from jcm_mrv.reporting.document.context import Context
from jcm_mrv.reporting.document.sections.register import (
    calibrations_table,
    line_figures,
    meters_table,
    replacements_table,
    timeline_figures,
)
from jcm_mrv.reporting.document.tables import Cell, Column, Table, symbol, table, unit


def monitoring_section(context: Context) -> Section:
    """The monitoring system: which meters make which parameter, and how far they can be relied on."""
    t = context.t
    blocks: list[Block] = [*line_figures(context), Tabular(t("monitoring.points"), _points(context))]
    blocks += [Text(t("monitoring.points_explained"), "note"), *timeline_figures(context)]
    blocks.append(Tabular(t("monitoring.meters"), meters_table(context)))
    swaps = replacements_table(context)
    blocks += [Tabular(t("register.replacements"), swaps)] if swaps.rows else []
    if context.result.data.calibrations:
        blocks.append(Tabular(t("monitoring.calibrations"), calibrations_table(context)))
    return Section("monitoring", t("section.monitoring"), tuple(blocks))


def _points(context: Context) -> Table:
    t = context.t
    rows: list[list[Cell]] = []
    for parameter in context.result.claim.parameters:
        for number in sorted(set(parameter.points.values())):
            point = parameter.chain.points[number]
            cells: list[Cell] = [point.number, symbol(parameter.declared), point.applies_to or t("word.claim")]
            cells += [point.formula, unit(parameter.declared.unit), point.option, point.frequency, point.responsible]
            rows.append(context.cells(point.methodology, [*cells, context.place(point.terms[0].origin)]))
    columns = [Column(t("column.number")), Column(t("column.symbol")), Column(t("column.applies_to"))]
    columns += [Column(t("column.formula"), "code"), Column(t("column.unit"))]
    columns += [Column(t("column.option")), Column(t("column.frequency")), Column(t("column.responsible"))]
    made = table(context.heads([*columns, Column(t("column.origin"))]), rows)
    return context.shortened(made, t("excel_sheet.points"))
