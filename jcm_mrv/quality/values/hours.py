"""Operating hours against the calendar: no clock runs longer than time passes."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from jcm_mrv.findings import LISTED, Code, Finding, Severity
from jcm_mrv.meters.segments import Parts, SegmentKind, whole_amounts
from jcm_mrv.quality.setting import Setting
from jcm_mrv.quality.settings import Settings
from jcm_mrv.quantities.errors import UnitError
from jcm_mrv.quantities.units import conversion, over_hours
from jcm_mrv.time.zones import HOUR
from jcm_mrv.words import say

BEYOND = Code("readings.beyond_calendar", Severity.ERROR, "Operating hours exceed the hours of their interval.")

CALENDAR_MOST_OF_HOURS = Setting(
    "calendar.most_of_hours", 1.005, "1", "operating hours above this multiple of the calendar are refused", 1
)


def beyond_calendar(parts: Parts, settings: Settings) -> Iterator[Finding]:
    """Readings of time that are longer than the time between their beginning and end.

    The transformer factor is left out: it may stand for a number of equal units on one counter.
    """
    hours = np.array([_hours(unit) for unit in parts.units])
    counted = whole_amounts(parts) * hours[parts.unit]
    passed = (parts.end - parts.start) / HOUR
    most = settings[CALENDAR_MOST_OF_HOURS]
    told: set[tuple[int, int]] = set()
    for n in np.flatnonzero(counted > passed * most).tolist():
        key = (int(parts.meter[n]), int(parts.start[n]))
        if key in told or len(told) >= LISTED:
            continue
        told.add(key)
        log = say(" of a log, summed up") if parts.kind[n] == SegmentKind.LOG else ""
        yield BEYOND(
            say(
                "meter {meter_ids} counts more hours{log} than its interval has",
                meter_ids=parts.meter_ids[int(parts.meter[n])],
                log=log,
            ),
            parts.origins[n],
            found=say("{counted:,.6g} h in {passed:,.6g} h", counted=counted[n], passed=passed[n]),
            action=say(
                "Correct the reading, its unit (minutes?) or the times; for several units on one counter give the "
                "hours of one."
            ),
            data={"hours": float(counted[n]), "calendar": float(passed[n])},
        )


def _hours(unit: str) -> float:
    """Hours of a unit of time; NaN for any other, and for a mean without unit times hours, which is no clock's."""
    try:
        if unit == over_hours("1"):
            return float("nan")
        return conversion(unit, "h")
    except UnitError:
        return float("nan")
