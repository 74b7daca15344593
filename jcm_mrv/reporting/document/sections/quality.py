"""Data quality: how complete the readings are, how gaps are treated, and every finding with its effect."""

from __future__ import annotations

import math
from itertools import groupby

from jcm_mrv.findings import Finding, Severity
from jcm_mrv.reporting.document.blocks import (
    Block,
    FindingGroup,
    FindingItem,
    Heat,
    HeatCell,
    Section,
    Tabular,
    Text,
)
from jcm_mrv.reporting.document.context import Context
from jcm_mrv.reporting.document.tables import LONGEST, SHOWN, Cell, Column, Table, table
from jcm_mrv.time.zones import local_text

MOST_HEAT_ROWS = 60


def quality_section(context: Context) -> Section:
    """Completeness and treatments."""
    t = context.t
    blocks: list[Block] = [Text(_sentence(context)), *_heats(context), Text(t("quality.legend"), "note")]
    if context.result.series.coverage.data_gaps:
        blocks.append(Tabular(t("quality.data_gaps"), _data_gaps(context)))
    if context.result.treatments:
        blocks.append(Tabular(t("quality.treatments"), _treatments(context)))
        blocks.append(Text(t("quality.treatments_explained"), "note"))
    else:
        blocks.append(Text(t("quality.no_treatments")))
    return Section("quality", t("section.quality"), tuple(blocks))


def _sentence(context: Context) -> str:
    coverage = context.result.series.coverage
    expected, covered = int(coverage.expected.sum()), int(coverage.covered.sum())
    share = context.n.percent(covered / expected if expected else 1.0)
    hours = sum(gap.hours for gap in coverage.data_gaps)
    return context.t("quality.sentence", share=share, count=len(coverage.data_gaps), hours=context.n.fixed(hours, 1))


def _heats(context: Context) -> list[Heat]:
    """One table per calendar year; of many meters only those with a gap."""
    coverage, months = context.result.series.coverage, context.result.timeline.months
    meters = range(len(coverage.meter_ids))
    many = len(coverage.meter_ids) > MOST_HEAT_ROWS
    shown = [m for m in meters if not many or (coverage.covered[m] < coverage.expected[m]).any()][:MOST_HEAT_ROWS]
    note = context.t("quality.only_gaps", shown=len(shown), count=len(coverage.meter_ids)) if many else ""
    heats: list[Heat] = []
    for year, group in groupby(range(len(months)), key=lambda m: months[m].year):
        columns = list(group)
        rows = tuple((coverage.meter_ids[k], tuple(_heat(context, k, m) for m in columns)) for k in shown)
        caption = context.t("quality.heat", year=year)
        labels = tuple(months[m].label[5:] for m in columns)
        heats.append(Heat(caption, context.t("column.meter_id"), labels, rows, note))
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
    t, zone = context.t, context.result.timeline.zone
    rows: list[list[Cell]] = [
        [h.meter_id, local_text(zone, h.start), local_text(zone, h.end), context.n.fixed(h.hours, 2)]
        for h in context.result.series.coverage.data_gaps
    ]
    columns = [Column(t("column.meter_id"), "code"), Column(t("column.from")), Column(t("column.to"))]
    return table([*columns, Column(t("column.hours"), "number")], rows).limited(t("word.limited"))


def _treatments(context: Context) -> Table:
    t, n = context.t, context.n
    rows: list[list[Cell]] = []
    for one in context.result.treatments:
        numbers = [n.fixed(one.hours, 2), n.measured(one.raw), n.measured(one.correction), n.measured(one.used)]
        direction = "" if one.direction is None else t(f"direction.{one.direction.name.lower()}")
        words = [direction, t.known("rule", one.rule)]
        rows.append([one.meter_id, one.span or one.month, *numbers, one.unit, *words, n.signed(one.effect_tco2e)])
    columns = [Column(t("column.meter_id"), "code"), Column(t("column.span"), width=17)]
    columns += [Column(t(f"column.{key}"), "number") for key in ("hours", "raw", "correction", "used")]
    columns += [Column(t("column.unit")), Column(t("column.direction"), width=15), Column(t("column.rule"), width=20)]
    return table([*columns, Column(t("column.effect"), "number")], rows).limited(t("word.limited"))


def findings_section(context: Context) -> Section:
    """The findings grouped by severity."""
    t = context.t
    blocks: list[Block] = [Text(t("findings.explained"), "note")]
    for severity in Severity:
        found = [f for f in context.result.findings if f.severity is severity]
        if found:
            blocks.append(_group(context, severity, found))
    if len(blocks) == 1:
        blocks.append(Text(t("findings.none")))
    return Section("findings", t("section.findings"), tuple(blocks))


def _group(context: Context, severity: Severity, found: list[Finding]) -> FindingGroup:
    t = context.t
    many = len(found) > LONGEST
    # The heaviest first, so that what is cut off paper weighs least.
    ordered = sorted(found, key=_weight) if many else found
    items = tuple(_item(context, f) for f in ordered[: SHOWN if many else None])
    note = t("word.limited", shown=SHOWN, count=len(found)) if many else ""
    return FindingGroup(str(severity), f"{t.known('severity', severity)} ({len(found)})", items, note)


def _weight(finding: Finding) -> float:
    effect = finding.effect_tco2e
    return -abs(effect) if effect is not None and math.isfinite(effect) else 0.0


def _item(context: Context, finding: Finding) -> FindingItem:
    effect = finding.effect_tco2e
    return FindingItem(
        code=finding.code,
        message=finding.message,
        where=str(finding.where),
        found=finding.found,
        action=finding.action,
        effect="" if effect is None else context.n.signed(effect),
    )
