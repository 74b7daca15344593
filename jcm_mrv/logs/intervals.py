"""What logs read, interval by interval, in a unit of amounts and with the transformer factor."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from jcm_mrv.arrays import Numbers, taken
from jcm_mrv.logs.segments import register_points
from jcm_mrv.logs.series import LogSeries
from jcm_mrv.meters.combined import Intervals
from jcm_mrv.meters.conversions import Conversions
from jcm_mrv.meters.registers import difference
from jcm_mrv.meters.standing import standing
from jcm_mrv.origin import Origin
from jcm_mrv.time.zones import HOUR
from jcm_mrv.workbook.schema_data import MEANS


def log_intervals(logs: Sequence[LogSeries], unit: str, conversions: Conversions) -> list[Intervals]:
    """The intervals of one meter's logs. Raises UnitError where they are of another kind of quantity."""
    registers = [one for one in logs if one.register is not None and one.calendar is None]
    found = [_interval_log(one, unit, conversions) for one in logs if one.sums is not None]
    return [*found, *([_registers(registers, unit, conversions)] if registers else [])]


def _interval_log(one: LogSeries, unit: str, conversions: Conversions) -> Intervals:
    rows, meter = one.rows(), one.spec.meter
    hours = one.interval / HOUR if one.spec.kind in MEANS else 1.0
    stood = np.flatnonzero(meter.installation_at(rows.start) >= 0)
    start = rows.start[stood]
    factors = np.array([1.0 if one.spec.included else i.factor for i in meter.installations])
    amount = rows.value[stood] * hours * factors[meter.installation_at(start)]
    amount *= conversions.scale(meter.meter_id, one.spec.unit, unit) * conversions.factors(meter.meter_id, start)
    lines = rows.line[stood]
    return Intervals(
        start, start + one.interval, amount,
        lambda n: Origin(file=one.file, sheet=one.sheet, line=int(lines[n])), ((one.file, one.sha256),),
    )  # fmt: skip


def _registers(logs: Sequence[LogSeries], unit: str, conversions: Conversions) -> Intervals:
    """What the registers of one meter advanced by between two values; what they fell by was reported before."""
    points, _ = register_points(logs, [])
    advances, _ = difference(points)
    stood, spec = standing(advances), logs[0].spec
    row = stood.row
    factors = np.array([1.0 if spec.included else i.factor for i in spec.meter.installations])
    amount: Numbers = taken(advances.amount, row) * stood.share * factors[taken(advances.installation, row)]
    amount *= conversions.scale(spec.meter.meter_id, spec.unit, unit)
    amount *= conversions.factors(spec.meter.meter_id, stood.start)
    refs = taken(advances.closing_ref, row)
    return Intervals(
        stood.start, stood.end, amount, lambda n: points.origin(int(refs[n])),
        tuple(dict.fromkeys((one.file, one.sha256) for one in logs)),
    )  # fmt: skip
