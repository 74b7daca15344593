"""Emission reductions by calendar year, against what was expected."""

from __future__ import annotations

from calendar import isleap
from collections.abc import Iterable

from markupsafe import Markup

from jcm_mrv.claim.claim import Claim
from jcm_mrv.methodology.binding import Bound
from jcm_mrv.quantities.expression import Defined
from jcm_mrv.reporting.document.blocks import Block, Chart, Figure, Section, Tabular, Text
from jcm_mrv.reporting.document.context import Context
from jcm_mrv.reporting.document.sections.charts import bar_figure
from jcm_mrv.reporting.document.sections.cover import difference, period_text
from jcm_mrv.reporting.document.sections.values import value_tables
from jcm_mrv.reporting.document.tables import Cell, Column, Table, table
from jcm_mrv.reporting.document.traced import credited, over_years
from jcm_mrv.reporting.pictures.bridge import Step, bridge, spans_of
from jcm_mrv.reporting.pictures.charts import Series
from jcm_mrv.reporting.pictures.svg import ACCENT, PALE
from jcm_mrv.reporting.standing import standing, tonnes_head
from jcm_mrv.result import MethodologyResult, Result, YearResult

TONNES, _TONNES_DRAWN = "tCO2e", "tCO₂e"
_SMALL = 1e-9


def result_section(context: Context) -> Section:
    """What the report concludes."""
    t, result = context.t, context.result
    blocks: list[Block] = [Text(_sentence(context)), Tabular(t("result.by_year"), _years(context))]
    blocks += [Text(_rounding(context), "note"), _bridge(context)]
    if len(result.methodologies) > 1:
        blocks.append(Tabular(t("result.by_methodology"), _methodologies(context)))
    if any(year.estimate is not None for year in result.years):
        blocks += [_chart(context), Tabular(t("result.explained"), _explained(context))]
        blocks.append(Text(t("result.explained_note"), "note"))
    blocks += value_tables(context)
    return Section("result", context.t("section.result"), tuple(blocks))


def _sentence(context: Context) -> str:
    result, t = context.result, context.t
    if result.indicative:
        return t("result.sentence_indicative", period=period_text(context), tonnes=context.n.tonnes(result.reductions))
    said = standing(result, t)
    return t("standing.sentence", standing=said, period=period_text(context), tonnes=context.n.whole(result.credited))


def _rounding(context: Context) -> str:
    result = context.result
    if result.indicative:
        return context.t("result.nothing_credited")
    return context.t("result.rounding", digits=result.rounding_digits, decimals=result.decimals)


def _years(context: Context) -> Table:
    t, n, result = context.t, context.n, context.result
    columns = [Column(t("column.year")), Column(t("column.days"))]
    columns += [Column(t(f"column.{head}"), "number") for head in _heads(context)]
    columns += [Column(tonnes_head(result, t), "number"), Column(t("column.estimate"), "number")]
    columns += [Column(t("column.difference"), "number")]
    rows = [_row(context, k, year) for k, year in enumerate(result.years)]
    estimates = [y.estimate for y in result.years]
    expected = None if None in estimates else _sum(estimates)
    foot: list[Cell] = [t("word.total"), ""]
    foot += _tonnes(context, result, result.claim)
    foot += [credited(context), n.given(expected), difference(context, result.reductions, expected)]
    return table(columns, rows, foot if len(rows) > 1 else (), note=t("result.unit_note"))


def _heads(context: Context) -> tuple[str, ...]:
    """The results that the claim has: leakage only where a methodology has it."""
    return tuple(node.symbol for node in context.result.claim.results)


def _tonnes(
    context: Context, part: Result | YearResult | MethodologyResult, of: Claim | Bound, year: int | None = None
) -> list[Cell]:
    """The cells below these heads; a methodology without leakage, beside one that has it, shows none."""
    amounts: list[tuple[float | None, Defined | None]] = [(part.reference, of.RE), (part.project, of.PE)]
    amounts += [] if context.result.leakage is None else [(part.leakage, of.LE)]
    amounts.append((part.reductions, of.ER))
    return [over_years(context, context.n.tonnes(amount), node, year) for amount, node in amounts]


def _sum(values: Iterable[float | None]) -> float:
    return sum(v for v in values if v is not None)


def _row(context: Context, ordinal: int, year: YearResult) -> list[Cell]:
    n = context.n
    days = Markup('<span class="whole">{} –</span> <span class="whole">{}</span>').format(
        n.short_day(year.start), n.short_day(year.end)
    )
    row: list[Cell] = [str(year.year), days]
    row += [*_tonnes(context, year, context.result.claim, ordinal), credited(context, ordinal)]
    return [*row, n.given(year.estimate), difference(context, year.reductions, year.estimate)]


def _chart(context: Context) -> Figure:
    t, years = context.t, context.result.years
    name = t("column.ER") if context.result.indicative else tonnes_head(context.result, t)
    amounts = [y.reductions if y.credited is None else float(y.credited) for y in years]
    series = [Series(name, tuple(amounts), ACCENT)]
    if any(y.estimate is not None for y in years):
        series.append(Series(t("column.estimate"), tuple(y.estimate for y in years), PALE))
    return bar_figure(context, t("result.chart"), [str(y.year) for y in years], series, _TONNES_DRAWN)


def _bridge(context: Context) -> Figure:
    """From the reference emissions to what is credited, over the whole period."""
    t, result = context.t, context.result
    steps = [Step(t("column.RE"), result.reference, total=True), Step(t("column.PE"), -result.project)]
    steps += [] if result.leakage is None else [Step(t("column.LE"), -result.leakage)]
    rest = result.reductions - sum(step.amount for step in steps)
    # A methodology may take something off besides, as a deduction for uncertainty.
    steps += [Step(t("result.other_steps"), rest)] if abs(rest) > _SMALL * max(1.0, abs(result.reference)) else []
    steps.append(Step(t("column.ER"), result.reductions, total=True))
    if result.credited is not None:
        steps.append(Step(t("result.rounded_down"), result.credited - result.reductions))
        steps.append(Step(tonnes_head(result, t), float(result.credited), total=True))
    caption = t("result.bridge")
    said = "; ".join(f"{step.name}: {context.n.tonnes(step.amount)}" for step in steps)
    drawing = bridge(steps, _TONNES_DRAWN, context.n.tonnes, f"{caption}. {said}")
    amounts = (("", tuple(step.amount for step in steps)),)
    return Figure(caption, drawing, Chart(tuple(step.name for step in steps), amounts, _TONNES_DRAWN, spans_of(steps)))


def _explained(context: Context) -> Table:
    """By year: the estimate, what treatments change, and what remains for activity and factors."""
    t, n = context.t, context.n
    effects: dict[str, float] = {}
    for one in context.result.treatments:
        effects[one.month[:4]] = effects.get(one.month[:4], 0.0) + (one.effect_tco2e or 0.0)
    rows: list[list[Cell]] = []
    for year in (y for y in context.result.years if y.estimate is not None):
        estimate, treated = year.estimate or 0.0, effects.get(str(year.year), 0.0)
        days, all_days = (year.end - year.start).days + 1, 366 if isleap(year.year) else 365
        numbers = [n.given(estimate), n.signed(treated), n.signed(year.reductions - estimate - treated)]
        cells: list[Cell] = [str(year.year), f"{days} / {all_days}", *numbers, n.tonnes(year.reductions)]
        rows.append([*cells, difference(context, year.reductions, year.estimate)])
    columns = [Column(t("column.year")), Column(t("column.days"), "number"), Column(t("column.estimate"), "number")]
    columns += [Column(t("quality.treatments"), "number"), Column(t("result.activity_factors"), "number")]
    columns += [Column(t("column.ER"), "number"), Column(t("column.difference"), "number")]
    return table(columns, rows, note=t("result.unit_note"))


def _methodologies(context: Context) -> Table:
    t = context.t
    columns = [Column(t("column.methodology")), *(Column(t(f"column.{k}"), "number") for k in _heads(context))]
    rows: list[list[Cell]] = [
        [m.bound.entry.card.id, *_tonnes(context, m, m.bound)] for m in context.result.methodologies
    ]
    return table(columns, rows, note=t("result.unit_note"))
