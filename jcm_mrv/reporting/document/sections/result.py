"""Emission reductions by calendar year, against what was expected."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from jcm_mrv.findings import Severity
from jcm_mrv.reporting.document.blocks import Block, Figure, Section, Tabular, Text
from jcm_mrv.reporting.document.context import Context
from jcm_mrv.reporting.document.sections.cover import difference, period_text
from jcm_mrv.reporting.document.tables import Cell, Column, Table, table
from jcm_mrv.reporting.pictures.charts import Series, bars
from jcm_mrv.reporting.pictures.svg import ACCENT, PALE
from jcm_mrv.reporting.standing import standing, tonnes_head
from jcm_mrv.result import MethodologyResult, Result, YearResult

TONNES = "tCO2e"


def result_section(context: Context) -> Section:
    """What the report concludes."""
    blocks: list[Block] = [Text(_sentence(context)), Tabular(context.t("result.by_year"), _years(context))]
    blocks += [Text(_rounding(context), "note"), _chart(context)]
    if len(context.result.methodologies) > 1:
        blocks.append(Tabular(context.t("result.by_methodology"), _methodologies(context)))
    blocks += [
        Tabular(context.t("result.findings"), _findings(context)),
        Text(context.t("result.see_findings"), "note"),
    ]
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
    rows = [_row(context, year) for year in result.years]
    estimates = [y.estimate for y in result.years]
    expected = None if None in estimates else _sum(estimates)
    foot: list[Cell] = [t("word.total"), ""]
    foot += _tonnes(context, result)
    foot += [n.whole(result.credited), n.given(expected), difference(context, result.reductions, expected)]
    return table(columns, rows, foot if len(rows) > 1 else (), note=t("result.unit_note"))


def _heads(context: Context) -> tuple[str, ...]:
    """The results that the claim has: leakage only where a methodology has it."""
    return tuple(node.symbol for node in context.result.claim.results)


def _tonnes(context: Context, part: Result | YearResult | MethodologyResult) -> list[Cell]:
    """The cells below these heads; a methodology without leakage, beside one that has it, shows none."""
    n = context.n
    leakage = [] if context.result.leakage is None else [n.tonnes(part.leakage)]
    return [n.tonnes(part.reference), n.tonnes(part.project), *leakage, n.tonnes(part.reductions)]


def _sum(values: Iterable[float | None]) -> float:
    return sum(v for v in values if v is not None)


def _row(context: Context, year: YearResult) -> list[Cell]:
    n = context.n
    days = f"{n.short_day(year.start)} – {n.short_day(year.end)}"
    row: list[Cell] = [str(year.year), days]
    row += [*_tonnes(context, year), n.whole(year.credited)]
    return [*row, n.given(year.estimate), difference(context, year.reductions, year.estimate)]


def _chart(context: Context) -> Figure:
    t, years = context.t, context.result.years
    name = t("column.ER") if context.result.indicative else tonnes_head(context.result, t)
    amounts = [y.reductions if y.credited is None else float(y.credited) for y in years]
    series = [Series(name, tuple(amounts), ACCENT)]
    if any(y.estimate is not None for y in years):
        series.append(Series(t("column.estimate"), tuple(y.estimate for y in years), PALE))
    caption = t("result.chart")
    drawing = bars([str(y.year) for y in years], series, TONNES.replace("2", "₂"), context.n.fixed, caption)
    return Figure(caption, drawing)


def _methodologies(context: Context) -> Table:
    t = context.t
    columns = [Column(t("column.methodology")), *(Column(t(f"column.{k}"), "number") for k in _heads(context))]
    rows: list[list[Cell]] = [[m.bound.entry.card.id, *_tonnes(context, m)] for m in context.result.methodologies]
    return table(columns, rows, note=t("result.unit_note"))


def _findings(context: Context) -> Table:
    """How many findings there are of each severity, and what their treatments change."""
    t, findings = context.t, context.result.findings
    counts = Counter(f.severity for f in findings)
    rows: list[list[Cell]] = []
    for severity in (s for s in Severity if s is not Severity.ERROR):
        effects = [f.effect_tco2e for f in findings if f.severity is severity and f.effect_tco2e is not None]
        effect = context.n.signed(sum(effects)) if effects else context.n.fixed(None, 0)
        rows.append([t.known("severity", severity), t(f"severity_means.{severity}"), str(counts[severity]), effect])
    columns = [Column(t("column.severity")), Column(t("column.meaning"), width=50), Column(t("column.count"), "number")]
    return table([*columns, Column(t("column.effect"), "number")], rows)
