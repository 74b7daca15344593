"""The meter register: its line diagram, meters and calibrations against the period, and its tables."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import groupby, pairwise

import numpy as np
from markupsafe import Markup

from jcm_mrv.meters.instruments import instruments
from jcm_mrv.reporting.document.alike import LEAST, counted_span, span_of
from jcm_mrv.reporting.document.blocks import Figure
from jcm_mrv.reporting.document.context import Context, spread
from jcm_mrv.reporting.document.figures import NumberFormat
from jcm_mrv.reporting.document.tables import Cell, Column, Table, table
from jcm_mrv.reporting.pictures.line_diagram import Words as LineWords
from jcm_mrv.reporting.pictures.line_diagram import line_diagrams
from jcm_mrv.reporting.pictures.meter_timeline import MeterLine, meter_timelines
from jcm_mrv.reporting.pictures.meter_timeline import Words as TimeWords
from jcm_mrv.time.zones import local_time
from jcm_mrv.workbook.rows import MeterKey, MeterRow


def line_figures(context: Context) -> list[Figure]:
    """Meters on the left, monitoring points in the middle, and what they are about on the right."""
    t, data = context.t, context.result.data
    caption = t("register.line")
    words = LineWords(
        alt=caption,
        all_of=t("register.all_of", count="{count}"),
        points_of=t("register.points_of", count="{count}"),
        checks_of=t("register.checks_of", count="{count}"),
        more=t("register.more_in_table", count="{count}"),
        class_of=t("register.class_of", percent="{percent}"),
        claim=t("word.claim"),
        checks=t("register.checks", meter="{meter}"),
        below=t("register.below", meter="{meter}"),
    )
    equipment = {row.equipment_id: row.description for row in data.equipment}
    return _numbered(caption, line_diagrams(context.result.claim.points, data.meters, equipment, words))


def timeline_figures(context: Context) -> list[Figure]:
    """Every meter that the claim uses, and its check meters."""
    t = context.t
    caption = t("register.timeline")
    words = TimeWords(
        alt=caption,
        installed=t("register.installed"),
        valid=t("register.valid"),
        passed=t("register.passed"),
        failed=t("register.failed"),
        uncalibrated=t("register.uncalibrated"),
        data_gap=t("register.data_gap"),
        more=t("register.more", count="{count}", questionable="{questionable}"),
    )
    return _numbered(caption, meter_timelines(_rows(context), context.result.timeline, words))


def _numbered(caption: str, drawings: Sequence[Markup]) -> list[Figure]:
    """One figure for each drawing, numbered where there are several."""
    count = len(drawings)
    captions = [caption if count == 1 else f"{caption} ({n}/{count})" for n in range(1, count + 1)]
    return [Figure(*pair) for pair in zip(captions, drawings, strict=True)]


def meters_table(context: Context) -> Table:
    """The sheet Meters. What no row of it has, has no column."""
    t, n = context.t, context.n
    rows = context.result.data.meters
    heads: dict[MeterKey, Column] = {
        "meter_id": Column(t("column.meter_id"), "code", 15),
        "description": Column(t("column.description")),
        "serial_number": Column(t("column.serial_number")),
        "accuracy_class": Column(t("column.accuracy_class"), "number"),
        "required_class": Column(t("column.required_class"), "number"),
        "permissible_error": Column(t("column.permissible_error"), "number"),
        "unit": Column(t("column.unit")),
        "transformer_factor": Column(t("column.transformer_factor"), "number"),
        "installed": Column(t("column.installed"), "day"),
        "removed": Column(t("column.removed"), "day"),
        "responsible": Column(t("column.responsible")),
        "evidence": Column(t("column.evidence")),
    }
    made = table(list(heads.values()), [[_cell(row, key, n) for key in heads] for row in rows])
    always = [k for k, key in enumerate(heads) if key in _ALWAYS]
    return context.shortened(made.filled(always), t("excel_sheet.meters"))


_ALWAYS = frozenset(("meter_id", "serial_number", "accuracy_class", "unit", "transformer_factor"))
_NUMBERS = frozenset(("accuracy_class", "required_class", "permissible_error", "transformer_factor"))


def _cell(row: MeterRow, key: MeterKey, n: NumberFormat) -> Cell:
    if key in _NUMBERS:
        return n.given(row[key].number)
    if key in ("installed", "removed"):
        day = row[key].when
        return n.short_day(day.date() if day else None)
    return spread(row[key].text) if key == "evidence" else row[key].text


def calibrations_table(context: Context) -> Table:
    """The sheet Calibrations."""
    t, n = context.t, context.n
    rows: list[list[Cell]] = []
    for row in context.result.data.calibrations:
        days = [row.date, row.valid_until]
        cells: list[Cell] = [row.meter_id, row.serial_number]
        cells += [n.short_day(d.date() if d else None) for d in days]
        cells += [t.known("calibration", row.result), n.given(row.error_found)]
        rows.append([*cells, row.certificate, row.laboratory])
    columns = [Column(t("column.meter_id"), "code", 15), Column(t("column.serial_number"))]
    columns += [Column(t("column.calibrated"), "day"), Column(t("column.valid_until"), "day")]
    columns += [Column(t("column.result")), Column(t("column.error"), "number")]
    columns += [Column(t("column.certificate")), Column(t("column.laboratory"))]
    return context.shortened(table(columns, rows), t("excel_sheet.calibrations"))


def replacements_table(context: Context) -> Table:
    """Where one meter or factor followed another: the last reading of the one and the first of the other."""
    t, n, zone = context.t, context.n, context.result.timeline.zone
    rows: list[list[Cell]] = []
    for name, meter in context.result.meters.items():
        for one, later in pairwise(meter.installations):
            days = [n.moment(local_time(zone, at)) for at in (one.end, later.start)]
            cells: list[Cell] = [name, one.serial, days[0], n.given(one.closing), n.given(one.factor)]
            cells += [later.serial, days[1], n.given(later.opening), n.given(later.factor)]
            rows.append([*cells, later.unit or meter.unit])
    columns = [Column(t("column.meter_id"), "code")]
    for when in ("removed", "installed"):
        columns += [Column(t("column.serial_number")), Column(t(f"column.{when}"), "day")]
        columns += [Column(t("register.reading"), "number"), Column(t("column.transformer_factor"), "number")]
    return table([*columns, Column(t("column.unit"))], rows)


def _rows(context: Context) -> list[MeterLine]:
    result = context.result
    data, timeline = result.data, result.timeline
    meters = result.meters
    used = {term.meter_id for point in result.claim.points for term in point.terms}
    used |= {check for name in used for check in result.series.checks.get(name, ())}
    names = [name for name in meters if name in used]
    rows = {name: MeterLine(name) for name in names}
    for name, row in rows.items():
        row.installed = [((one.start, one.end), one.serial) for one in meters[name].installations]
    for one in instruments(meters, data, timeline, names, from_installation=result.from_installation)[0]:
        row = rows[one.meter_id]
        row.valid += one.valid()
        row.tests += [(test.start, test.passed) for test in one.tests]
    for span in result.overdue:
        if span.meter_id in rows:
            rows[span.meter_id].uncalibrated.append((span.start, span.end))
    for name, spans in result.series.coverage.gaps.items():
        if name in rows:
            rows[name].data_gaps += spans
    return _together([rows[name] for name in sorted(rows, key=_natural)])


def _together(lines: Sequence[MeterLine]) -> list[MeterLine]:
    """Neighbours of which the same is to be said on one line; a replaced meter keeps its own."""
    drawn: list[MeterLine] = []
    for _, group in groupby(lines, key=_said):
        members = list(group)
        if len(members) < LEAST or len(members[0].installed) > 1:
            drawn += members
            continue
        serials = [serial for member in members for _, serial in member.installed]
        installed = [(span, str(span_of(serials))) for span, _ in members[0].installed]
        names = str(counted_span([member.meter_id for member in members]))
        drawn.append(replace(members[0], meter_id=names, installed=installed))
    return drawn


def _said(one: MeterLine) -> tuple[object, ...]:
    spans = [span for span, _ in one.installed]
    return spans, one.valid, one.tests, one.uncalibrated, one.data_gaps


def _natural(name: str) -> tuple[object, ...]:
    """Names in the order in which people count: M-2 before M-10."""
    digits = np.array([c.isdigit() for c in name], dtype=np.bool_)
    cuts = np.flatnonzero(np.diff(digits.astype(np.int8))) + 1
    pieces = [name[a:b] for a, b in zip([0, *cuts.tolist()], [*cuts.tolist(), len(name)], strict=True)]
    return tuple((0, int(p), "") if p.isdigit() else (1, 0, p) for p in pieces)
