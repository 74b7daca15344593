"""Bills by tariff: a register that stands in the other bills of a meter and is missing in one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime

from jcm_mrv.claim.claim import Claim
from jcm_mrv.findings import Code, Finding, Severity
from jcm_mrv.meters.segments import SeriesResult
from jcm_mrv.quality.values.effect import Effects
from jcm_mrv.quantities.errors import UnitError
from jcm_mrv.quantities.units import conversion
from jcm_mrv.time.timeline import Timeline
from jcm_mrv.words import say
from jcm_mrv.workbook.records import MonitoringData
from jcm_mrv.workbook.rows_data import InvoiceRow

MISSING = Code("invoices.tariff_missing", Severity.MAJOR, "A tariff that the other bills have is missing in a bill.")

_LEAST_BILLS = 3
_Span = tuple[datetime, datetime]


def tariff_findings(claim: Claim, series: SeriesResult, data: MonitoringData, timeline: Timeline) -> Iterator[Finding]:
    """A finding for each bill that counts, without a total, and lacks a tariff which all other bills of the meter have.

    Bills beside a meter are compared with it (:mod:`jcm_mrv.quality.crosscheck`).
    """
    counted = {one.meter_id for one in series.billed}
    meters: dict[str, dict[_Span, dict[str, InvoiceRow]]] = {}
    for row in data.invoices:
        if row.meter_id in counted and row.start and row.end and row.value is not None:
            register: str = row.register or "total"
            meters.setdefault(row.meter_id, {}).setdefault((row.start, row.end), {})[register] = row
    effects = Effects(claim, timeline)
    for meter, bills in meters.items():
        for span, bill in bills.items():
            others = [other for at, other in bills.items() if at != span and "total" not in other]
            if "total" in bill or len(others) < _LEAST_BILLS - 1:
                continue
            for register in sorted(set.intersection(*(set(other) for other in others)) - set(bill)):
                amounts = [other[register] for other in others]
                yield _finding(meter, register, next(iter(bill.values())), amounts, effects, timeline)


def _finding(
    meter: str, register: str, row: InvoiceRow, others: list[InvoiceRow], effects: Effects, timeline: Timeline
) -> Finding:
    """The effect is that of the largest amount of the other bills: ER as it is minus ER with it."""
    most = max(_amount(other, row.unit) for other in others)
    assert row.start is not None
    start = timeline.instant(row.start)
    month = next((n for n, one in enumerate(timeline.months) if one.start <= start < one.end), None)
    effect = None if month is None else effects(meter, row.unit, _added(month, most))
    return MISSING(
        say(
            "the bill of meter {meter} has no {register} amount, which every other bill has",
            meter=meter,
            register=register,
        ),
        row.origin("register"),
        found=say(
            "from {start:%Y-%m-%d}; up to {most:.6g} {row_unit} in the other bills",
            start=row.start,
            most=most,
            row_unit=row.unit,
        ),
        action=say(
            "Enter the row of the {register} tariff from the bill; where the bill says 0, enter 0.", register=register
        ),
        data={"most": most},
        # What may be missing cannot lower a claim that rises with it.
        severity=Severity.MINOR if effect is not None and effect < 0 else None,
        effect_tco2e=effect,
    )


def _added(month: int, amount: float) -> Mapping[int, float]:
    return {month: -amount}


def _amount(row: InvoiceRow, unit: str) -> float:
    assert row.value is not None
    try:
        return row.value * conversion(row.unit, unit)
    except UnitError:
        return 0.0  # the reader of the workbook has named the unit
