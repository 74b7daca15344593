"""The meter register in pictures: the line diagram, and meters and calibrations against the period."""

from __future__ import annotations

import numpy as np

from jcm_mrv.monitoring.meters import read_meters
from jcm_mrv.monitoring.zones import DAY
from jcm_mrv.quantities.expression import Named
from jcm_mrv.quantities.graph import of_type
from jcm_mrv.reporting.document_blocks import Figure
from jcm_mrv.reporting.document_context import Context
from jcm_mrv.reporting.line_diagram import Words as LineWords
from jcm_mrv.reporting.line_diagram import line_diagram
from jcm_mrv.reporting.meter_timeline import MeterRow, meter_timeline
from jcm_mrv.reporting.meter_timeline import Words as TimeWords
from jcm_mrv.reporting.tables import Cell, Column, Table, symbol, table, unit


def line_figure(context: Context) -> Figure:
    """Meters on the left, monitoring points on the right."""
    t, result = context.t, context.result
    caption = t("register.line")
    words = LineWords(
        alt=caption,
        all_of=t("register.all_of", count="{count}"),
        class_of=t("register.class_of", percent="{percent}"),
        claim=t("word.claim"),
        checks=t("register.checks"),
    )
    return Figure(caption, line_diagram(result.claim.points, result.data.tables["meters"], words))


def timeline_figure(context: Context) -> Figure:
    """Every meter that the claim uses, and its check meters."""
    t = context.t
    caption = t("register.timeline")
    words = TimeWords(
        alt=caption,
        installed=t("register.installed"),
        valid=t("register.valid"),
        passed=t("register.passed"),
        failed=t("register.failed"),
        unproven=t("register.unproven"),
        hole=t("register.hole"),
        more=t("register.more", count="{count}"),
    )
    return Figure(caption, meter_timeline(_rows(context), context.result.timeline, words))


def glossary(context: Context) -> Table:
    """Every symbol of the measuring chain with meaning and unit; those of the methodology have tables of their own."""
    t = context.t
    chains = context.result.claim.chains
    nodes = {n.symbol: n for chain in reversed(chains) for n in of_type([chain.graph.E_year], Named)}
    rows: list[list[Cell]] = [
        [symbol(node), node.label, unit(getattr(node, "unit", "") or "1")] for _, node in sorted(nodes.items())
    ]
    columns = [Column(t("column.symbol")), Column(t("column.description")), Column(t("column.unit"))]
    return table(columns, rows)


def _rows(context: Context) -> list[MeterRow]:
    result = context.result
    data, timeline = result.data, result.timeline
    meters, _ = read_meters(data.tables["meters"], timeline.zone)
    used = {term.meter_id for point in result.claim.points for term in point.terms}
    used |= {check for name in used for check in result.series.checks.get(name, ())}
    rows = {name: MeterRow(name) for name in meters if name in used}
    for name, row in rows.items():
        row.installed = [((one.start, one.end), one.serial) for one in meters[name].installations]
    for record in data.tables["calibrations"]:
        day, until, name = record.when("date"), record.when("valid_until"), record.text("meter_id")
        if day is None or name not in rows:
            continue
        start, passed = timeline.midnight(day.date()), record.text("result") != "failed"
        rows[name].tests.append((start, passed))
        if passed and until is not None:
            rows[name].valid.append((start, timeline.midnight(until.date()) + DAY))
    for span in result.uncertain:
        if span.meter_id in rows:
            rows[span.meter_id].unproven.append((span.start, span.end))
    for hole in result.series.coverage.holes:
        if hole.meter_id in rows:
            rows[hole.meter_id].holes.append((hole.start, hole.end))
    return [rows[name] for name in sorted(rows, key=_natural)]


def _natural(name: str) -> tuple[object, ...]:
    """Names in the order in which people count: M-2 before M-10."""
    digits = np.array([c.isdigit() for c in name], dtype=np.bool_)
    cuts = np.flatnonzero(np.diff(digits.astype(np.int8))) + 1
    pieces = [name[a:b] for a, b in zip([0, *cuts.tolist()], [*cuts.tolist(), len(name)], strict=True)]
    return tuple((0, int(p), "") if p.isdigit() else (1, 0, p) for p in pieces)
