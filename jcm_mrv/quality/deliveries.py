"""What was delivered into a store against what its ledger received.

A delivery is an instant: the invoice says between which days it lies. Where it may lie in either of two rows of the
ledger, both are compared together; never is it divided by time. So may it on the day of a dip without an hour.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from jcm_mrv.claim.claim import Claim
from jcm_mrv.findings import Code, Finding, Severity
from jcm_mrv.meters.segments import SecondarySource, SeriesResult
from jcm_mrv.origin import Origin
from jcm_mrv.quality.settings import Settings
from jcm_mrv.quality.treatment.meter_errors import CROSSCHECK_INVOICE_ERROR
from jcm_mrv.quality.values.effect import Effects
from jcm_mrv.quantities.units import conversion
from jcm_mrv.time.timeline import Timeline
from jcm_mrv.time.zones import DAY, local_time
from jcm_mrv.words import say
from jcm_mrv.workbook.records import MonitoringData

DELIVERIES = Code("stocks.deliveries", Severity.MAJOR, "The ledger of a store and the invoices of deliveries differ.")

_LISTED = 6


@dataclass(frozen=True)
class _Row:
    """What a row of the ledger received, in the unit of the invoices."""

    start: int
    end: int
    received: float
    origin: Origin


def delivery_findings(
    claim: Claim, series: SeriesResult, data: MonitoringData, timeline: Timeline, settings: Settings
) -> Iterator[Finding]:
    """One finding for each store of which ledger and invoices differ by more than the invoices' error."""
    groups: dict[str, list[SecondarySource]] = {}
    for one in series.delivered:
        groups.setdefault(one.meter_id, []).append(one)
    effects = Effects(claim, timeline)
    for meter, deliveries in groups.items():
        unit = deliveries[0].unit
        wrong = []
        for rows in _together(_ledger(data, meter, unit, timeline), deliveries, timeline):
            came, possible = _delivered(rows, deliveries, timeline)
            received = sum(row.received for row in rows)
            error = settings[CROSSCHECK_INVOICE_ERROR]
            if all(abs(one - received) > max(abs(one), abs(received)) * error for one in possible):
                wrong.append((rows, came, received))
        if wrong:
            yield _finding(meter, unit, wrong, effects, timeline)


def _ledger(data: MonitoringData, meter: str, unit: str, timeline: Timeline) -> list[_Row]:
    rows = []
    for row in data.stocks:
        if row.meter_id == meter and row.start and row.end and row.received is not None:
            amount = row.received * conversion(row.unit, unit)
            rows.append(_Row(timeline.instant(row.start), timeline.instant(row.end), amount, row.origin("received")))
    return sorted(rows, key=lambda row: row.start)


def _together(rows: Sequence[_Row], deliveries: Sequence[SecondarySource], timeline: Timeline) -> list[list[_Row]]:
    """The rows in groups between which no delivery may lie on either side; those that one may have left are not."""
    groups = [[row] for row in rows[:1]]
    for earlier, row in pairwise(rows):
        if any(_either(d, earlier, row, timeline) for d in deliveries):
            groups[-1].append(row)
        else:
            groups.append([row])
    return [g for g in groups if not any(_over(d, g[0].start) or _over(d, g[-1].end) for d in deliveries)]


def _either(delivery: SecondarySource, earlier: _Row, later: _Row, timeline: Timeline) -> bool:
    """True where a delivery may lie in either of two rows, one after the other."""
    on_the_day = earlier.end <= delivery.start and delivery.end <= _latest(earlier.end, timeline)
    return (delivery.start < earlier.end and delivery.end > later.start) or on_the_day


def _latest(dip: int, timeline: Timeline) -> int:
    """The latest instant that a dip may have been taken at: within its day, where no hour is stated."""
    local = local_time(timeline.zone, dip)
    return dip if (local.hour, local.minute, local.second) != (0, 0, 0) else dip + DAY


def _delivered(
    rows: Sequence[_Row], deliveries: Sequence[SecondarySource], timeline: Timeline
) -> tuple[float, list[float]]:
    """What was delivered from the first to the last instant of some rows, and what else it may have been.

    What came on the day of the first or last dip may have come before or after it.
    """
    start, end = rows[0].start, rows[-1].end
    came = sum(d.amount for d in deliveries if start <= d.start and d.end <= end)
    first, last = (
        sum(d.amount for d in deliveries if edge <= d.start and d.end <= _latest(edge, timeline))
        for edge in (start, end)
    )
    return came, [came, came - first, came + last, came - first + last]


def _over(delivery: SecondarySource, instant: int) -> bool:
    return delivery.start < instant < delivery.end


def _finding(
    meter: str,
    unit: str,
    wrong: Sequence[tuple[Sequence[_Row], float, float]],
    effects: Effects,
    timeline: Timeline,
) -> Finding:
    shown = [
        say(
            "{local_time:%Y-%m-%d} to {local_time_2:%Y-%m-%d}: received {received:.6g}, invoices {came:.6g} {unit}",
            local_time=local_time(timeline.zone, rows[0].start),
            local_time_2=local_time(timeline.zone, rows[-1].end),
            received=received,
            came=came,
            unit=unit,
        )
        for rows, came, received in wrong[:_LISTED]
    ]
    more = say("; and {number_of_wrong} more", number_of_wrong=len(wrong) - _LISTED) if len(wrong) > _LISTED else ""
    by_month: dict[int, float] = {}
    for rows, came, received in wrong:
        m = next((m for m, month in enumerate(timeline.months) if month.start <= rows[0].start < month.end), None)
        if m is not None:
            by_month[m] = by_month.get(m, 0.0) + received - came
    return DELIVERIES(
        say(
            "what store {meter} received by its ledger is not what the invoices say was delivered, in "
            "{number_of_wrong} span(s); the ledger counts",
            meter=meter,
            number_of_wrong=len(wrong),
        ),
        wrong[0][0][0].origin,
        found="; ".join(shown) + more,
        action=say(
            "Correct the column Received, or the dates and amounts of the invoices; for a delivery on the day of a dip "
            "enter the hour of the dip in From and To on Stocks, which settles the row that it belongs to. What is "
            "sent back or used elsewhere needs a document."
        ),
        data={"spans": len(wrong), "difference": sum(received - came for _, came, received in wrong)},
        effect_tco2e=effects(meter, unit, by_month),
    )
