"""Values of the days, months or billing periods of a log as advances, like those of a register."""

from __future__ import annotations

import numpy as np

from jcm_mrv.arrays import Flags, Instants, Numbers
from jcm_mrv.findings import Finding
from jcm_mrv.logs import findings as codes
from jcm_mrv.logs.series import LogSeries
from jcm_mrv.meters.advances import Advances, Points
from jcm_mrv.origin import Origin
from jcm_mrv.time.timeline import Timeline
from jcm_mrv.time.zones import HOUR
from jcm_mrv.words import say
from jcm_mrv.workbook.schema_data import MEANS


def calendar_advances(one: LogSeries, timeline: Timeline, findings: list[Finding]) -> Advances | None:
    """The advances of a log whose values differ in length; None where none lies in the period."""
    rows, calendar = one.rows(), one.calendar
    assert calendar is not None
    order = np.argsort(rows.start, kind="stable")
    time, value, line = rows.start[order], rows.value[order], rows.line[order]
    start, end = calendar.spans(time, one.spec.zone or timeline.zone, opens=one.spec.opens)
    keep = _once_each(one, start, value, line, findings)
    keep &= (end > timeline.edges[0]) & (start < timeline.edges[-1])
    start, end, value, line = start[keep], end[keep], value[keep], line[keep]
    if one.spec.kind in MEANS:
        value = np.asarray(value * (end - start) / HOUR, dtype=np.float64)
    installed = _installed(one, (start, end), value, line, findings)
    start, end, value, line = start[installed], end[installed], value[installed], line[installed]
    if not len(start):
        return None
    place = lambda ref: Origin(file=one.file, sheet=one.sheet, line=int(line[ref]))  # noqa: E731
    refs, nothing = np.arange(len(start), dtype=np.int64), np.zeros(len(start), dtype=np.float64)
    points = Points(one.spec.meter, end, value, place)
    where = one.spec.meter.installation_at(start)
    return Advances(points, start, end, nothing, value, nothing, where, refs, refs)


def _once_each(one: LogSeries, start: Instants, value: Numbers, line: Instants, findings: list[Finding]) -> Flags:
    """Which rows count: a span given twice once; two values of one span are an error."""
    same = np.concatenate(([False], np.diff(start) == 0))
    for n in np.flatnonzero(same).tolist():
        if value[n] != value[n - 1]:
            findings.append(
                codes.CONFLICT(
                    say("two different values for one day or month in the log {log_id}", log_id=one.spec.log_id),
                    Origin(file=one.file, sheet=one.sheet, line=int(line[n])),
                    found=say(
                        "{value:.15g} here, {value_2:.15g} in line {line}",
                        value=value[n],
                        value_2=value[n - 1],
                        line=line[n - 1],
                    ),
                    action=say("Correct the log"),
                )
            )
    return ~same


def _installed(
    one: LogSeries, span: tuple[Instants, Instants], value: Numbers, line: Instants, findings: list[Finding]
) -> Flags:
    """Which rows lie within the life of the meter; others are an error unless they are 0."""
    meter = one.spec.meter
    first, last = meter.installation_at(span[0]), meter.installation_at(span[1] - 1)
    for n in np.flatnonzero((first < 0) & (value != 0)).tolist():
        findings.append(
            codes.NOT_INSTALLED(
                say(
                    "the log {log_id} holds a value of a time at which meter {meter_id} is not installed",
                    log_id=one.spec.log_id,
                    meter_id=meter.meter_id,
                ),
                Origin(file=one.file, sheet=one.sheet, line=int(line[n])),
                found=say("{value:.15g}", value=value[n]),
                action=say("Correct the dates of installation and removal, or the log"),
            )
        )
    rows = meter.installations
    for n in np.flatnonzero((first >= 0) & (last >= 0) & (first != last)).tolist():
        old, new = rows[int(first[n])], rows[int(last[n])]
        if old.factor != new.factor and not one.spec.included:
            findings.append(
                codes.FACTOR_CHANGE(
                    say(
                        "the transformer factor of meter {meter_id} changes within a value of the log {log_id}, from "
                        "{factor:g} to {factor_2:g}",
                        meter_id=meter.meter_id,
                        log_id=one.spec.log_id,
                        factor=old.factor,
                        factor_2=new.factor,
                    ),
                    Origin(file=one.file, sheet=one.sheet, line=int(line[n])),
                    action=say("Give the change on the sheet Meters at the end of a value"),
                )
            )
    return first >= 0
