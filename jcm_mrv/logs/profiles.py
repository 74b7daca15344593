"""Profiles of logs: of values per interval as they were gathered, and of registers."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np

from jcm_mrv.arrays import Instants, Numbers, Ordinals
from jcm_mrv.logs.series import LogSeries
from jcm_mrv.logs.spec import LogSpec
from jcm_mrv.logs.sums import ColumnSums
from jcm_mrv.meters.advances import Advances
from jcm_mrv.meters.meters import Meter
from jcm_mrv.meters.profiles.builder import ProfileBuilder, RawPeak
from jcm_mrv.meters.profiles.profile import Peak, Profile, Run
from jcm_mrv.meters.profiles.spans import register_profile, unit_factor, unit_of_amounts
from jcm_mrv.meters.profiles.values import ReadValues
from jcm_mrv.origin import Origin
from jcm_mrv.time.zones import HOUR, HOURS_A_DAY
from jcm_mrv.workbook.schema_data import MEANS


def _factors(meter: Meter, start: Instants) -> Numbers:
    """The transformer factor at each instant, 1 where no meter is installed."""
    found = meter.installation_at(start)
    factors = np.array([i.factor for i in meter.installations])
    return np.where(found >= 0, factors[np.maximum(found, 0)], 1.0)


def log_profile(one: LogSeries, sums: ColumnSums) -> list[Profile]:
    """The profile of an interval log; none where its unit is not the meter's, of which a finding speaks."""
    builder, spec = sums.profile, one.spec
    unit = unit_factor(spec.unit, spec.meter)
    if builder is None or unit is None:
        return []
    builder.finish()
    hours = one.interval / HOUR
    covered: Numbers = builder.counts.astype(np.float64) * hours
    scale = unit * (hours if spec.kind in MEANS else 1.0)
    cells = builder.first + np.arange(len(builder.sums), dtype=np.int64) * HOUR
    factor = np.ones(len(cells)) if spec.included else _factors(spec.meter, cells)
    # A value that speaks for more than an hour lies in the hour in which it begins.
    profile = Profile(
        meter_id=spec.meter.meter_id,
        kind="log",
        unit=unit_of_amounts(spec.unit, spec.meter),
        first=builder.first,
        interval=one.interval,
        amount=builder.sums * scale * factor,
        covered=covered if hours > 1 else np.minimum(covered, 1.0),
        day_highest=builder.day_highest * scale * factor[::HOURS_A_DAY] / hours,
        day_where=[_line(one, n) if n else None for n in builder.day_line.tolist()],
        runs=_runs(one, builder, zeros=False),
        zeros=_runs(one, builder, zeros=True),
        peaks=tuple(_peak(one, p, scale) for p in builder.peaks),
        lowest=None if builder.lowest is None else _peak(one, builder.lowest, scale),
        negative=math.fsum(sums.negative_sums) * scale * _mean(factor),
        count=int(builder.counts.sum()),
        sources=(lambda: _read(one, sums),),
    )
    return [profile]


def _read(one: LogSeries, sums: ColumnSums) -> ReadValues:
    """The rows that were summed, as they stand in the file."""
    rows = one.rows()
    return ReadValues(rows.start, rows.value, lambda n: _line(one, one.line(n)))


def log_register_profile(
    spec: LogSpec, advances: Advances, real: Ordinals, edges: Instants, read: Callable[[], ReadValues]
) -> list[Profile]:
    """The profile of a register log, if it advances in the period."""
    return register_profile(advances, real, spec.unit, "register", edges, included=spec.included, read=read)


def _line(one: LogSeries, line: int) -> Origin:
    return Origin(file=one.file, sheet=one.sheet, line=line)


def _mean(factor: Numbers) -> float:
    return float(factor.mean()) if len(factor) else 1.0


def _runs(one: LogSeries, builder: ProfileBuilder, *, zeros: bool) -> tuple[Run, ...]:
    raw = builder.zeros if zeros else builder.runs
    return tuple(Run(r.value, r.start, r.start + r.count * one.interval, r.count, _line(one, r.line)) for r in raw)


def _peak(one: LogSeries, raw: RawPeak, scale: float) -> Peak:
    start = np.array([raw.start], dtype=np.int64)
    factor = 1.0 if one.spec.included else float(_factors(one.spec.meter, start)[0])
    rate = raw.value * scale * factor * HOUR / one.interval
    return Peak(raw.value, rate, raw.start, raw.start + one.interval, _line(one, raw.line))
