"""What was delivered into a store against what its ledger received.

They are one quantity told twice, so the one with the lower ER counts, as of any two sources that contradict each other.

A delivery is an instant: the invoice says between which days it lies. Where it may lie in either of two rows of the
ledger, both are compared together; never is it divided by time. So may it on the day of a dip without an hour.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from jcm_mrv.claim.claim import Claim
from jcm_mrv.findings import Code, Finding, Severity, named
from jcm_mrv.meters.segments import SecondarySource, SeriesResult
from jcm_mrv.origin import Origin
from jcm_mrv.quality.crosscheck import USED, Contradiction, Pair, effect_of
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
    """What a row of the ledger received, and was used by it, in the unit of the invoices."""

    start: int
    end: int
    received: float
    origin: Origin
    used: float = 0.0


def deliveries_against(
    claim: Claim, series: SeriesResult, data: MonitoringData, timeline: Timeline, settings: Settings
) -> Iterator[Contradiction]:
    """One contradiction for each store of which ledger and invoices differ by more than the invoices' error.

    What was used is then what the ledger says, less what it received too much by the invoices; of what may have come on
    the day of a dip, that with the lower ER; nothing is decided where ER has no value for some of it.
    """
    groups: dict[str, list[SecondarySource]] = {}
    for one in series.delivered:
        groups.setdefault(one.meter_id, []).append(one)
    effects, error = Effects(claim, timeline), settings[CROSSCHECK_INVOICE_ERROR]
    for meter, deliveries in groups.items():
        unit = deliveries[0].unit
        compared = [
            _Compared(rows, *_delivered(rows, deliveries, timeline), error)
            for rows in _together(_ledger(data, meter, unit, timeline), deliveries, timeline)
        ]
        if any(one.wrong for one in compared):
            both = [tuple(pair for one in compared for pair in one.pairs(pick)) for pick in (min, max)]
            found = [(effect_of(meter, unit, pairs, effects, timeline), pairs) for pairs in both]
            effect, pairs = max(found, key=lambda one: np.inf if one[0] is None else one[0])
            finding = _finding(meter, unit, [one for one in compared if one.wrong], effect, timeline)
            yield Contradiction(meter, unit, pairs, finding)


@dataclass(frozen=True)
class _Compared:
    """Rows of a ledger with what the invoices say that came in their time, and all that it may have been."""

    rows: Sequence[_Row]
    came: float
    possible: Sequence[float]
    error: float

    @property
    def received(self) -> float:
        """What the ledger received."""
        return sum(row.received for row in self.rows)

    @property
    def wrong(self) -> bool:
        """True where they differ by more than the error, whatever came on the days of the dips."""
        received = self.received
        return all(abs(one - received) > max(abs(one), abs(received)) * self.error for one in self.possible)

    def pairs(self, pick: Callable[[Sequence[float]], float]) -> Iterator[Pair]:
        """What was used in each row by the ledger, and by what came; the difference in proportion to what was used."""
        nearest = min(self.possible, key=lambda one: abs(one - self.received))
        more = self.received - (pick(self.possible) if self.wrong else nearest)
        used = sum(row.used for row in self.rows)
        for row in self.rows:
            share = row.used / used if used > 0 else 1 / len(self.rows)
            yield Pair(row.start, row.end, row.used, row.used - more * share, 0.0, row.origin)


def _ledger(data: MonitoringData, meter: str, unit: str, timeline: Timeline) -> list[_Row]:
    rows = []
    for row in data.stocks:
        if row.meter_id == meter and row.start and row.end and row.received is not None:
            scale = conversion(row.unit, unit)
            received, level = row.received * scale, ((row.opening or 0.0) - (row.closing or 0.0)) * scale
            start, end = timeline.instant(row.start), timeline.instant(row.end)
            rows.append(_Row(start, end, received, row.origin("received"), received + level))
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


def _finding(meter: str, unit: str, wrong: Sequence[_Compared], effect: float | None, timeline: Timeline) -> Finding:
    shown = [
        say(
            "{local_time:%Y-%m-%d} to {local_time_2:%Y-%m-%d}: received {received:.6g}, invoices {came:.6g} {unit}",
            local_time=local_time(timeline.zone, one.rows[0].start),
            local_time_2=local_time(timeline.zone, one.rows[-1].end),
            received=one.received,
            came=one.came,
            unit=unit,
        )
        for one in wrong
    ]
    used = USED if effect is not None and effect > 0 else say("the ledger counts")
    return DELIVERIES(
        say(
            "what store {meter} received by its ledger is not what the invoices say was delivered, in "
            "{number_of_wrong} span(s); {used}",
            meter=meter,
            number_of_wrong=len(wrong),
            used=used,
        ),
        wrong[0].rows[0].origin,
        found=named(shown, "; ", most=_LISTED),
        action=say(
            "Correct the column Received, or the dates and amounts of the invoices; add an invoice that is missing. "
            "For a delivery on the day of a dip enter the hour of the dip in From and To on Stocks, which settles the "
            "row that it belongs to. What is sent back or used elsewhere needs a document; give what is proven on "
            "Overrides."
        ),
        data={"spans": len(wrong), "difference": sum(one.received - one.came for one in wrong)},
        effect_tco2e=effect,
        # What cannot be computed cannot be decided: nobody may take the higher source for it.
        severity=Severity.ERROR if effect is None else None,
    )
