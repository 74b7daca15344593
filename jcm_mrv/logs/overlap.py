"""Logs of one meter that speak for the same time: counted once where they agree, stopped where they do not.

Exports that overlap hold the same intervals twice; the rows of the later log
are left out. Two logs that differ by one factor everywhere (1000, 3.6, a
transformer ratio) are refused with that factor named: nothing is converted.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from jcm_mrv.arrays import Flags, Instants
from jcm_mrv.findings import Finding
from jcm_mrv.logs import findings as codes
from jcm_mrv.logs.findings import Problems
from jcm_mrv.logs.footers import decimals_of
from jcm_mrv.logs.kept_rows import LogRows
from jcm_mrv.logs.proven import within
from jcm_mrv.logs.series import LogSeries
from jcm_mrv.logs.sums import ColumnSums, IntervalSums
from jcm_mrv.origin import Origin
from jcm_mrv.quantities.errors import UnitError
from jcm_mrv.quantities.units import conversion
from jcm_mrv.time.dividing import overlap_of
from jcm_mrv.time.zones import HOUR, naive
from jcm_mrv.words import say
from jcm_mrv.workbook.schema_data import MEANS

_KNOWN = (
    (1e6, "1,000,000"), (1000.0, "1000"), (100.0, "100"), (10.0, "10"), (3600.0, "3600 (seconds to hours)"),
    (60.0, "60 (minutes to hours)"), (24.0, "24 (hours to days)"), (4.0, say('4 (quarter hours to hours)')),
    (3.6, "3.6 (MJ to kWh)"), (2.0, "2"),
)  # fmt: skip
CLOSE = 0.005
"""How far two logs may be from a factor, relative, so that it is named."""


@dataclass(frozen=True)
class _Pair:
    """Values of two logs for the same intervals: ``a`` of the later, ``b`` of the earlier, as they are logged."""

    a: npt.NDArray[np.float64]
    b: npt.NDArray[np.float64]
    start: Instants
    line: Instants


def settle_overlaps(series: Sequence[LogSeries]) -> tuple[list[LogSeries], list[Finding]]:
    """The logs, those that overlap an equal one without the shared rows; findings about overlaps."""
    settled: list[LogSeries] = []
    findings: list[Finding] = []
    for one in series:
        for earlier in [s for s in settled if _may_overlap(one, s)]:
            if one.sums is not None and _shares_time(one, earlier):
                one = _settle(one, earlier, findings)
        settled.append(one)
    return [s for s in settled if s.sums is None or s.sums.counts], findings


def _may_overlap(one: LogSeries, other: LogSeries) -> bool:
    return (
        one.sums is not None
        and other.sums is not None
        and one.spec.meter.meter_id == other.spec.meter.meter_id
        and one.selection != other.selection
    )


def _shares_time(one: LogSeries, other: LogSeries) -> bool:
    assert one.sums is not None and other.sums is not None
    return overlap_of(one.sums.covered(), other.sums.covered()) is not None


def _settle(one: LogSeries, earlier: LogSeries, findings: list[Finding]) -> LogSeries:
    rows, others = one.rows(), earlier.rows()
    shared, at, there = np.intersect1d(rows.start, others.start, return_indices=True)
    inside = (shared + one.interval > one.edges[0]) & (shared < one.edges[-1])
    shared, at, there = shared[inside], at[inside], there[inside]
    if one.interval != earlier.interval or not len(shared):
        return one  # the overlap itself is reported as two sources
    pair = _Pair(rows.value[at], others.value[there], shared, rows.line[at])
    same_kind = (one.spec.kind, one.spec.unit, one.spec.included) == (
        earlier.spec.kind, earlier.spec.unit, earlier.spec.included)  # fmt: skip
    differs = np.abs(pair.a - pair.b) > _rounding(pair) if same_kind else _differs(one, earlier, pair)
    if bool((differs & within(shared, one.interval, one.spec.proven)).any()) and not _factor(one, earlier, pair):
        proven = differs & within(shared, one.interval, one.spec.proven)
        findings.append(_overridden(one, earlier, pair, proven))
        differs &= ~proven
    if not differs.any():
        findings.append(_counted_once(one, earlier, pair))
        return replace(one, sums=_without(one, rows, shared))
    finding = _factor(one, earlier, pair) or (_conflict(one, earlier, pair) if same_kind else None)
    if finding is not None:
        findings.append(finding)
    return one


def _rounding(pair: _Pair) -> float:
    """Half a digit of the log that is written with fewer decimals."""
    decimals = min(decimals_of(pair.a), decimals_of(pair.b))
    exact = bool((pair.a == pair.b).all())
    return 0.0 if exact or decimals_of(pair.a) == decimals_of(pair.b) else 0.5 * 10.0**-decimals * (1 + 1e-9)


def _differs(one: LogSeries, earlier: LogSeries, pair: _Pair) -> Flags:
    """Which values are not the same energy, whatever unit each log is written in."""
    try:
        scale = conversion(one.spec.unit, earlier.spec.unit) * _energy(one)
    except UnitError:
        return np.ones(len(pair.a), dtype=np.bool_)
    other = _energy(earlier)
    digits = 0.5 * 10.0 ** -decimals_of(pair.a) * scale + 0.5 * 10.0 ** -decimals_of(pair.b) * other
    a, b = pair.a * scale, pair.b * other
    return np.asarray(np.abs(a - b) > digits * (1 + 1e-9) + 1e-9 * np.abs(b), dtype=np.bool_)


def _overridden(one: LogSeries, earlier: LogSeries, pair: _Pair, proven: Flags) -> Finding:
    row = int(np.argmax(proven))
    return codes.OVERRIDDEN(
        say(
            "two logs of meter {meter_id} give different values for one time, this and {file}; an override says what "
            "flowed then",
            meter_id=one.spec.meter.meter_id,
            file=earlier.file,
        ),
        _place(one, pair, row),
        found=say("{a:.15g}, {b:.15g} in the other", a=pair.a[row], b=pair.b[row]),
        action=say("Nothing; keep both files as they are"),
        data={"count": int(np.count_nonzero(proven))},
    )


def _without(one: LogSeries, rows: LogRows, shared: Instants) -> ColumnSums:
    """The sums of the rows that the other log does not hold."""
    assert one.sums is not None
    keep = ~np.isin(rows.start, shared)
    stamp = rows.start[keep] + (0 if one.spec.opens else one.interval)
    sums = IntervalSums([ColumnSums(one.sums.heading)], one.edges, one.interval, one.spec.opens, Problems(one.file))
    sums.feed(stamp, rows.line[keep], [rows.value[keep]])
    sums.finish()
    return sums.columns[0]


def _place(one: LogSeries, pair: _Pair, row: int = 0) -> Origin:
    return Origin(file=one.file, sheet=one.sheet, line=int(pair.line[row]))


def _counted_once(one: LogSeries, earlier: LogSeries, pair: _Pair) -> Finding:
    return codes.REPEATED(
        say(
            "{number_of_start} value(s) of meter {meter_id} are given by {file} too and are counted once",
            number_of_start=len(pair.start),
            meter_id=one.spec.meter.meter_id,
            file=earlier.file,
        ),
        _place(one, pair),
        action=say("Nothing, if the log was exported in overlapping pieces"),
        data={"count": len(pair.start)},
    )


def _conflict(one: LogSeries, earlier: LogSeries, pair: _Pair) -> Finding:
    row = int(np.argmax(np.abs(pair.a - pair.b) > _rounding(pair)))
    return codes.CONFLICT(
        say(
            "two logs of meter {meter_id} give different values for one time: this and {file}",
            meter_id=one.spec.meter.meter_id,
            file=earlier.file,
        ),
        _place(one, pair, row),
        found=say(
            "{a:.15g} at {naive} UTC, {b:.15g} in the other",
            a=pair.a[row],
            naive=naive(int(pair.start[row])),
            b=pair.b[row],
        ),
        action=say("Find out which of the two is right and keep that one"),
    )


def _factor(one: LogSeries, earlier: LogSeries, pair: _Pair) -> Finding | None:
    """A finding where the energies of two logs differ by one factor in every interval."""
    try:
        scale = conversion(one.spec.unit, earlier.spec.unit)
    except UnitError:
        return None
    a = pair.a * _energy(one) * scale
    b = pair.b * _energy(earlier)
    total, other = float(a.sum()), float(b.sum())
    if not total or not other:
        return None
    ratio = total / other
    constant = bool((np.abs(a - ratio * b) <= CLOSE * np.abs(a).max()).all())
    if not constant or abs(ratio - 1) <= CLOSE:
        return None
    name = _name(ratio, one)
    return codes.CONFLICT_FACTOR(
        say(
            "two logs of meter {meter_id} differ by a constant factor: this one gives {ratio:.6g} times the energy of "
            "{file}",
            meter_id=one.spec.meter.meter_id,
            ratio=ratio,
            file=earlier.file,
        )
        + (say(", which is {name}", name=name) if name else ""),
        _place(one, pair),
        found=say(
            "{a:.15g} {record_unit}, {b:.15g} {record_unit_2} in the other",
            a=pair.a[0],
            record_unit=one.spec.record.unit,
            b=pair.b[0],
            record_unit_2=earlier.spec.record.unit,
        ),
        action=say("Find out which is right; correct the unit, the kind, or whether the transformer factor is in"),
        data={"factor": ratio, "count": len(pair.start)},
    )


def _energy(one: LogSeries) -> float:
    """What turns a logged value into energy: hours for a power, and the transformer factor where it is not in."""
    factors = {i.factor for i in one.spec.meter.installations}
    outside = factors.pop() if len(factors) == 1 and not one.spec.included else 1.0
    return (one.interval / HOUR if one.spec.kind in MEANS else 1.0) * outside


def _name(ratio: float, one: LogSeries) -> str:
    """A factor that people know, or its inverse."""
    factors = {i.factor for i in one.spec.meter.installations} - {1.0}
    known = [(f, say("the transformer factor {f:g} of the meter", f=f)) for f in sorted(factors)]
    for value, name in [*known, *_KNOWN]:
        if abs(ratio / value - 1) <= CLOSE:
            return name
        if abs(ratio * value - 1) <= CLOSE:
            return say("one divided by {name}", name=name)
    return ""
