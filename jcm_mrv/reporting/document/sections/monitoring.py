"""Monitoring: meters, monitoring points with their formulas, the measuring chain, and what was measured by month."""

from __future__ import annotations

import math

import numpy as np

from jcm_mrv.arrays import Numbers
from jcm_mrv.claim.claim import Parameter
from jcm_mrv.claim.measuring import Chain
from jcm_mrv.quantities.expression import Defined
from jcm_mrv.reporting.document.blocks import Block, Figure, Heading, Section, Tabular, Text
from jcm_mrv.reporting.document.context import Context
from jcm_mrv.reporting.document.equations import equation
from jcm_mrv.reporting.document.sections.register import (
    calibrations_table,
    glossary,
    line_figures,
    meters_table,
    timeline_figures,
)
from jcm_mrv.reporting.document.tables import Cell, Column, Table, symbol, table, unit
from jcm_mrv.reporting.pictures.charts import Series, bars
from jcm_mrv.reporting.pictures.svg import ACCENT, AMBER


def monitoring_section(context: Context) -> Section:
    """From the reading to the monitored parameter."""
    t = context.t
    blocks: list[Block] = [*line_figures(context)]
    blocks.append(Tabular(t("monitoring.points"), _points(context)))
    blocks.append(Text(t("monitoring.points_explained"), "note"))
    blocks += [_chart(context, parameter) for parameter in context.result.claim.parameters if parameter.points]
    blocks += timeline_figures(context)
    blocks.append(Tabular(t("monitoring.meters"), meters_table(context)))
    if context.result.data.calibrations:
        blocks.append(Tabular(t("monitoring.calibrations"), calibrations_table(context)))
    blocks += [Heading(t("monitoring.chain")), Text(t("monitoring.chain_explained"), "note")]
    if context.result.claim.chains:
        blocks += _chain(context)
        blocks.append(Tabular(t("register.glossary"), glossary(context)))
    return Section("monitoring", t("section.monitoring"), tuple(blocks))


def _points(context: Context) -> Table:
    t = context.t
    rows: list[list[Cell]] = []
    for parameter in context.result.claim.parameters:
        for number in sorted(set(parameter.points.values())):
            point = parameter.chain.points[number]
            amount = context.n.measured(_amount(context, parameter.chain, number))
            cells: list[Cell] = [point.number, symbol(parameter.declared), point.applies_to or t("word.claim")]
            cells += [
                point.formula,
                amount,
                unit(parameter.declared.unit),
                point.option,
                point.frequency,
                point.responsible,
            ]
            rows.append(context.cells(point.methodology, [*cells, context.place(point.terms[0].origin)]))
    columns = [Column(t("column.number")), Column(t("column.symbol")), Column(t("column.applies_to"))]
    columns += [Column(t("column.formula"), "code"), Column(t("column.amount"), "number"), Column(t("column.unit"))]
    columns += [Column(t("column.option")), Column(t("column.frequency")), Column(t("column.responsible"))]
    return table(context.heads([*columns, Column(t("column.origin"))]), rows).limited(t("word.limited"))


def _amount(context: Context, chain: Chain, point: int) -> float:
    """What a point measures over the whole period: the sum of its months, which every chain has; of a mean by hours."""
    months = [n for n, (k, _) in enumerate(chain.point_months) if k == point]
    amount = float(sum(context.result.evaluation[chain.graph.E_month][n] for n in months))
    if not chain.points[point].divided:
        return amount
    hours = float(sum(context.result.evaluation[chain.graph.H][n] for n in months))
    return amount / hours if hours else math.nan


def _chart(context: Context, parameter: Parameter) -> Figure:
    """A parameter by month, the sum of its points (the mean, of means): as measured, and what corrections change."""
    t = context.t
    measured, corrected = _by_month(context, parameter)
    months = [m.label for m in context.result.timeline.months]
    series = [Series(t("monitoring.measured"), _known(measured), ACCENT)]
    if np.any(corrected != 0.0):
        series.append(Series(t("monitoring.correction"), _known(corrected), AMBER))
    name = " ".join(context.cells(parameter.bound.namespace, [parameter.declared.symbol]))
    caption = t("monitoring.chart", symbol=name, label=parameter.declared.label, unit=parameter.declared.unit)
    return Figure(caption, bars(months, series, parameter.declared.unit, context.n.fixed, caption, stacked=True))


def _known(values: Numbers) -> tuple[float | None, ...]:
    return tuple(float(v) if np.isfinite(v) else None for v in values)


def _by_month(context: Context, parameter: Parameter) -> tuple[Numbers, Numbers]:
    """By month the raw energy of a parameter's points, and the corrections, both with the points' signs and shares."""
    chain, points = parameter.chain, set(parameter.points.values())
    evaluation, graph = context.result.evaluation, chain.graph
    months = len(context.result.timeline.months)
    raw, corrected = np.zeros(months), np.zeros(months)
    place = {pair: n for n, pair in enumerate(chain.meter_months)}
    for point, term, month in chain.term_months:
        if point in points:
            one = chain.points[point].terms[term]
            n = place[one.meter_id, month]
            raw[month] += one.coefficient * evaluation[graph.E_raw][n]
            corrected[month] += one.coefficient * evaluation[graph.E_corr][n]
    if parameter.declared.aggregate != "sum":
        hours = np.zeros(months)
        for n, (point, month) in enumerate(chain.point_months):
            hours[month] += evaluation[graph.H][n] if point in points else 0.0
        with np.errstate(divide="ignore", invalid="ignore"):
            return raw / hours, corrected / hours
    return raw, corrected


def _chain(context: Context) -> list[Block]:
    """The equations from a reading to a point, as the chain with the most of them has them.

    They are alike in every unit. Corrections are only where something was
    corrected, years only where a parameter is monitored by year.
    """
    evaluation = context.result.evaluation
    steps = [[step for step in _steps(chain) if step in evaluation] for chain in context.result.claim.chains]
    return [equation(context, step) for step in max(steps, key=len)]


def _steps(chain: Chain) -> list[Defined]:
    graph = chain.graph
    corrections = [chain.correction_graph.C, chain.correction_graph.E_corr] if chain.correction_graph else []
    return [graph.E, graph.E_raw, *corrections, graph.E_used, graph.E_term, graph.E_month, graph.E_year]
