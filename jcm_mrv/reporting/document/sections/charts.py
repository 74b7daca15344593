"""Charts whose values can be read one by one: of a monitored parameter by month, and bars over other labels."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from jcm_mrv.arrays import Numbers
from jcm_mrv.claim.claim import Parameter, weight_of
from jcm_mrv.claim.measuring import DIVIDED
from jcm_mrv.reporting.document.blocks import Chart, Figure
from jcm_mrv.reporting.document.context import Context
from jcm_mrv.reporting.pictures.charts import Series, bars
from jcm_mrv.reporting.pictures.svg import ACCENT, AMBER


def parameter_charts(context: Context) -> list[Figure]:
    """One chart for each parameter that is measured at points."""
    return [_chart(context, parameter) for parameter in context.result.claim.parameters if parameter.points]


def bar_figure(
    context: Context, caption: str, labels: Sequence[str], series: Sequence[Series], unit: str, *, stacked: bool = False
) -> Figure:
    """Bars as a drawing, with the values that a screen says."""
    drawing = bars(labels, series, unit, context.n.fixed, caption, stacked=stacked)
    values = tuple((one.name, one.values) for one in series)
    return Figure(caption, drawing, Chart(tuple(labels), values, "" if unit == "1" else unit))


def _chart(context: Context, parameter: Parameter) -> Figure:
    """A parameter by month, the sum of its points (the mean, of means): as measured, and what corrections change."""
    t = context.t
    measured, corrected = _by_month(context, parameter)
    months = [m.label for m in context.result.timeline.months]
    series = [Series(t("monitoring.measured"), _known(measured), ACCENT)]
    if np.any(corrected != 0.0):
        series.append(Series(t("monitoring.correction"), _known(corrected), AMBER))
    name = " ".join(context.cells(parameter.bound.namespace, [parameter.declared.symbol]))
    caption = t(
        "monitoring.chart", symbol=name, label=context.said(parameter.declared.label), unit=parameter.declared.unit
    )
    return bar_figure(context, caption, months, series, parameter.declared.unit, stacked=True)


def _known(values: Numbers) -> tuple[float | None, ...]:
    return tuple(float(v) if np.isfinite(v) else None for v in values)


def _by_month(context: Context, parameter: Parameter) -> tuple[Numbers, Numbers]:
    """By month what a parameter's points measured and the corrections, with signs and shares; of means, the mean."""
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
    over = np.ones(months)
    if parameter.declared.aggregate in DIVIDED:
        over = np.zeros(months)
        for n, (point, month) in enumerate(chain.point_months):
            over[month] += evaluation[graph.H][n] if point in points else 0.0
    weight = weight_of(parameter, context.result.claim.parameters)
    if weight is not None:
        over = np.sum(_by_month(context, weight), axis=0)
    with np.errstate(divide="ignore", invalid="ignore"):
        return raw / over, corrected / over
