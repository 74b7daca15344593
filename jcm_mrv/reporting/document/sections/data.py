"""What was measured, month by month: how complete it is, what was corrected, and what else it was compared with."""

from __future__ import annotations

import math
from itertools import groupby

from jcm_mrv.claim.measuring import Chain
from jcm_mrv.meters.tree import tree_of
from jcm_mrv.reporting.document.alike import counted_span
from jcm_mrv.reporting.document.blocks import Block, Heat, HeatCell, Section, Tabular, Text
from jcm_mrv.reporting.document.context import Context
from jcm_mrv.reporting.document.sections.charts import parameter_charts
from jcm_mrv.reporting.document.tables import Cell, Column, Table, table, unit
from jcm_mrv.reporting.document.traced import made_of, over_years, traced
from jcm_mrv.result import Treatment
from jcm_mrv.time.zones import local_time

_DIGITS = 6
_CROSS_CHECKS = ("crosscheck.", "tree.", "invoices.", "stocks.deliveries")


def data_section(context: Context) -> Section:
    """Amounts, completeness, treatments, comparisons."""
    t = context.t
    blocks: list[Block] = [*parameter_charts(context), *_amounts(context), Text(t("data.amounts_explained"), "note")]
    blocks += [Text(_sentence(context)), *_heats(context), Text(t("quality.legend"), "note")]
    if context.result.series.coverage.data_gaps:
        blocks.append(Tabular(t("quality.data_gaps"), _data_gaps(context)))
    if context.result.treatments:
        blocks.append(Tabular(t("quality.treatments"), _treatments(context)))
        blocks.append(Text(t("quality.treatments_explained"), "note"))
    else:
        blocks.append(Text(t("quality.no_treatments")))
    branches = _branches(context)
    blocks += [Tabular(t("data.branches"), branches)] if branches.rows else []
    blocks.append(Tabular(t("data.crosschecks"), _cross_checks(context)))
    return Section("data", t("section.data"), tuple(blocks))


# --- amounts by meter and month ---


def _amounts(context: Context) -> list[Tabular]:
    """One table for each unit and calendar year: what is used of each meter, after corrections."""
    tables: list[Tabular] = []
    months = context.result.timeline.months
    for chain in context.result.claim.chains:
        for year, group in groupby(range(len(months)), key=lambda m: months[m].year):
            made = _amounts_of(context, chain, list(group))
            if made.rows:
                caption = context.t("data.amounts", year=year, unit=unit(chain.unit))
                tables.append(Tabular(caption, context.shortened(made, context.t("excel_sheet.slices"))))
    return tables


def _amounts_of(context: Context, chain: Chain, months: list[int]) -> Table:
    used = context.result.evaluation[chain.graph.E_used]
    values = {place: float(used[n]) for n, place in enumerate(chain.meter_months)}
    ordinals = {place: n for n, place in enumerate(chain.meter_months)}
    names = list(dict.fromkeys(meter for meter, month in chain.meter_months if month in months))
    known = [values[m, k] for m in names for k in months if (m, k) in values]
    decimals = _decimals(context, known)
    rows: list[list[Cell]] = []
    for name in names:
        own = {k: values[name, k] for k in months if (name, k) in values}
        parts = {
            k: traced(context.n.fixed(v, decimals), chain.graph.E_used, (ordinals[name, k],)) for k, v in own.items()
        }
        total = context.n.fixed(math.fsum(own.values()), decimals)
        rows.append([name, *(parts.get(k, "") for k in months), made_of(total, "E_used", list(parts.values()))])
    heads = [Column(context.result.timeline.months[k].label[5:], "number") for k in months]
    return table(
        [Column(context.t("column.meter_id"), "code"), *heads, Column(context.t("word.total"), "number")], rows
    )


def _decimals(context: Context, values: list[float]) -> int:
    """As many as the largest value leaves room for in a table of twelve months."""
    largest = max((abs(v) for v in values if math.isfinite(v)), default=0.0)
    whole = len(str(int(largest)))
    return max(0, min(context.n.decimals, _DIGITS - whole))


# --- completeness ---


def _sentence(context: Context) -> str:
    coverage = context.result.series.coverage
    expected, covered = int(coverage.expected.sum()), int(coverage.covered.sum())
    share = context.n.percent(covered / expected if expected else 1.0)
    hours = sum(gap.hours for gap in coverage.data_gaps)
    return context.t("quality.sentence", share=share, count=len(coverage.data_gaps), hours=context.n.fixed(hours, 1))


def _heats(context: Context) -> list[Heat]:
    """One calendar per year; neighbours that are alike in every month stand in one row."""
    coverage, months = context.result.series.coverage, context.result.timeline.months
    heats: list[Heat] = []
    for year, group in groupby(range(len(months)), key=lambda m: months[m].year):
        columns = list(group)
        every = [(name, tuple(_heat(context, k, m) for m in columns)) for k, name in enumerate(coverage.meter_ids)]
        rows = tuple(
            (str(counted_span([name for name, _ in alike])), cells)
            for cells, alike in ((c, list(g)) for c, g in groupby(every, key=lambda row: row[1]))
        )
        caption = context.t("quality.heat", year=year)
        labels = tuple(months[m].label[5:] for m in columns)
        heats.append(Heat(caption, context.t("column.meter_id"), labels, rows))
    return heats


def _heat(context: Context, meter: int, month: int) -> HeatCell:
    coverage = context.result.series.coverage
    expected, covered = int(coverage.expected[meter, month]), int(coverage.covered[meter, month])
    if expected == 0:
        return HeatCell("", "absent")
    if covered >= expected:
        return HeatCell("100", "full")
    return HeatCell(context.n.percent(covered / expected), "part" if covered else "none")


def _data_gaps(context: Context) -> Table:
    t, n, zone = context.t, context.n, context.result.timeline.zone
    rows: list[list[Cell]] = [
        [h.meter_id, *(n.moment(local_time(zone, at)) for at in (h.start, h.end)), n.fixed(h.hours, 2)]
        for h in context.result.series.coverage.data_gaps
    ]
    columns = [Column(t("column.meter_id"), "code"), Column(t("column.from"), "day"), Column(t("column.to"), "day")]
    return context.shortened(table([*columns, Column(t("column.hours"), "number")], rows), t("excel_sheet.slices"))


# --- treatments ---


def _treatments(context: Context) -> Table:
    t, n = context.t, context.n
    rows: list[list[Cell]] = []
    for one in context.result.treatments:
        numbers = [n.fixed(one.hours, 2), *_traced_amounts(context, one)]
        direction = "" if one.direction is None else t(f"direction.{one.direction.name.lower()}")
        words = [direction, t.known("rule", one.rule)]
        rows.append([one.meter_id, one.span or one.month, *numbers, one.unit, *words, _effect(context, one)])
    columns = [Column(t("column.meter_id"), "code", 10), Column(t("column.span"), "day", width=15)]
    columns += [Column(t(f"column.{key}"), "number") for key in ("hours", "raw", "correction", "used")]
    columns += [Column(t("column.unit")), Column(t("column.direction"), width=15), Column(t("column.rule"), width=20)]
    made = table([*columns, Column(t("column.effect"), "number")], rows)
    return context.shortened(made, t("excel_sheet.slices"))


def _traced_amounts(context: Context, one: Treatment) -> list[Cell]:
    """What was read, its correction and what is used; each leads to the meter's month where that holds this number."""
    found = [context.n.measured(value) for value in (one.raw, one.correction, one.used)]
    for chain in context.result.claim.chains:
        for place, (meter, month) in enumerate(chain.meter_months):
            if (meter, context.result.timeline.months[month].label) == (one.meter_id, one.month):
                nodes = (chain.graph.E_raw, chain.graph.E_corr, chain.graph.E_used)
                values = (one.raw, one.correction, one.used)
                return [
                    traced(text, node, (place,)) if context.result.value(node, (place,)) == value else text
                    for text, node, value in zip(found, nodes, values, strict=True)
                ]
    return list(found)


def _effect(context: Context, one: Treatment) -> Cell:
    """The effect: ER with all treatments, less ER without this one."""
    result, n = context.result, context.n
    if one.effect_tco2e is None:
        return n.signed(None)
    numbers = f"{n.tonnes(result.reductions)} - {n.tonnes(result.reductions - one.effect_tco2e)}"
    with_all = over_years(context, n.tonnes(result.reductions), result.claim.ER)
    return made_of(n.signed(one.effect_tco2e), "ΔER", [with_all], numbers)


# --- comparisons ---


def _branches(context: Context) -> Table:
    """Each main meter with the meters directly below it over the period, in the unit of their readings."""
    t, n, parts = context.t, context.n, context.result.series.parts
    amounts, rows = parts.amounts(), list[list[Cell]]()
    tree = tree_of(context.result.data.meters)
    for main in tree.mains:
        names = [main, *tree.below(main)]
        read = [parts.meter == parts.meter_ids.index(m) for m in names if m in parts.meter_ids]
        units = {parts.units[int(u)] for own in read for u in parts.unit[own]}
        if len(read) != len(names) or len(units) != 1:
            continue
        sums = [math.fsum(amounts[own].tolist()) for own in read]
        rest = sums[0] - math.fsum(sums[1:])
        label = next(iter(units))
        above = ["", *[main] * len(names)]
        lines = zip([*names, t("excel_text.remainder")], above, [*sums, rest], strict=True)
        rows += [[name, over, n.measured(value), label] for name, over, value in lines]
    columns = [Column(t("column.meter_id"), "code"), Column(t("data.below"), "code")]
    return table([*columns, Column(t("column.amount"), "number"), Column(t("column.unit"))], rows)


def _cross_checks(context: Context) -> Table:
    """What the comparisons of sources found, of which the chapter on findings says what to do."""
    t = context.t
    rows: list[list[Cell]] = [
        [t.known("severity", f.severity), f.message]
        for f in context.result.findings
        if f.code.startswith(_CROSS_CHECKS)
    ]
    return context.shortened(
        table([Column(t("column.severity"), width=15), Column(t("column.meaning"))], rows), t("excel_sheet.findings")
    )
