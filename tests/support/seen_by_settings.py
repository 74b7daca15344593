"""What is seen of a treatment or of a whole report at a value of a setting."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest

from jcm_mrv.findings import Finding
from jcm_mrv.meters.segments import SecondaryKind, SecondarySource
from jcm_mrv.origin import Origin
from jcm_mrv.quality.crosscheck import cross_checks
from jcm_mrv.quality.settings import Settings
from jcm_mrv.quality.treatment.meter_errors import MeterErrors
from jcm_mrv.quality.treatment.treating import treat
from support.boiler import EF_GRID, boiler, boiler_tables
from support.claims import rows_of, solar
from support.forms import Flips, sketch
from support.results import calculated
from support.workbooks import Rows
from support.workbooks import monthly as readings

Seen = Callable[[Settings], Any]


def weights(found: Iterable[Finding]) -> list[str]:
    return [str(f.severity) for f in found]


def rows(settings: Settings) -> Rows:
    """The sheet Settings."""
    return [
        {"setting": name, "value": value, "reason": "test", "evidence": "D-01"}
        for name, value in settings.changed.items()
    ]


# --- by two sources of one meter -------------------------------------------------------------------


def second(kind: SecondaryKind, times: float) -> Seen:
    """100 MWh a month by the meter (class 0.5), so many times as much by the other source."""
    sketch = solar(monthly={"M1": [100_000.0] * 12})
    claim, _ = sketch.build()
    stated = tuple(
        SecondarySource("M1", kind, month.start, month.end, 100_000.0 * times, "kWh", Origin(sheet="Invoices"))
        for month in sketch.timeline.months
    )
    meters = rows_of("meters", [{"meter_id": "M1", "unit": "kWh", "accuracy_class": 0.5}])
    data, series = replace(sketch.data(), meters=meters), replace(sketch.series(), seconds=stated)

    def seen(settings: Settings) -> list[str]:
        contradictions, findings = cross_checks(claim, series, data, sketch.timeline, settings)
        return [f.code.removeprefix("crosscheck.") for f in (*(c.finding for c in contradictions), *findings)]

    return seen


def unknown_error(settings: Settings) -> float:
    return MeterErrors([], settings).of("M1")


# --- by data gaps ------------------------------------------------------------------------------------


def hole(minutes: float) -> Seen:
    """A plant of 100 MWh in January that was not read for some minutes from the tenth on."""
    begin = datetime(2024, 1, 10)
    edges = [datetime(2024, 1, 1), begin, begin + timedelta(minutes=minutes), datetime(2024, 2, 1)]
    given = [
        {"meter_id": "M-1", "kind": "energy", "start": a, "end": b, "value": value, "unit": "kWh"}
        for a, b, value in ((edges[0], edges[1], 29_000.0), (edges[2], edges[3], 71_000.0))
    ]

    def seen(settings: Settings) -> list[str]:
        result = calculated(
            project={"period_end": date(2024, 1, 31)}, tables={"readings": given, "settings": rows(settings)}
        )
        return weights(f for f in result.findings if f.code == "gaps.month")

    return seen


def fast_day(settings: Settings) -> float:
    """A boiler's electricity: 100 kWh on 1 January, 1 kWh an hour else; 12 hours were not read.

    As a short gap they hold at most what its fastest reading allows, 12 x 100 / 24 = 50 kWh; as a long one what its
    fastest month does: January, of which 732 hours were read, with 100 + 708 kWh.
    """
    edges = [
        datetime(2024, 1, 1),
        datetime(2024, 1, 2),
        datetime(2024, 1, 20),
        datetime(2024, 1, 20, 12),
        datetime(2024, 2, 1),
    ]
    spans = [(edges[0], edges[1], 100.0), (edges[1], edges[2], 432.0), (edges[3], edges[4], 276.0)]
    spans += [(datetime(2024, 2, 1), datetime(2024, 3, 1), 696.0), (datetime(2024, 3, 1), datetime(2024, 4, 1), 744.0)]
    power = [
        {"meter_id": "E-1", "kind": "energy", "start": a, "end": b, "value": v, "unit": "kWh"} for a, b, v in spans
    ]
    fuel = [row for row in boiler_tables()["readings"] if row["meter_id"] == "T-1"]
    result = boiler(tables={"readings": [*fuel, *power], "settings": rows(settings)})
    (treatment,) = [t for t in result.treatments if t.kind == "gap"]
    assert treatment.effect_tco2e == pytest.approx(-treatment.correction * EF_GRID)
    return treatment.correction * 1000


def corners(settings: Settings) -> float:
    """27 MWh are known, two months are not; ER = 2 x max(EC, 30) - EC is lowest, 30 t, where EC is 30.

    Searched together and between their ends that is found. Each for itself November takes its highest, 2,700 kWh in
    696 hours of February times 720 hours: 2 x 30 - 29.793 = 30.207 t, and December, by which ER would rise, nothing.
    """
    drawn = sketch(Flips, {"EC": [2700.0] * 10 + [None, None]})
    claim, _ = drawn.build()
    treated, _ = treat(claim, drawn.series(), drawn.timeline, drawn.data(), settings=settings)
    used = 27.0 + sum(t.correction for t in treated.treatments)
    return 2 * max(used, 30) - used


# --- by spans over the edges ------------------------------------------------------------------------------


def over_new_year(settings: Settings) -> int:
    """Five months, of which the reading from 20 December to 10 January lies over the end of the year."""
    edges = [datetime(2024, 11, 1), datetime(2024, 12, 20), datetime(2025, 1, 10), datetime(2025, 4, 1)]
    given = [
        {"meter_id": "M-1", "kind": "energy", "start": a, "end": b, "value": 1000.0, "unit": "kWh"}
        for a, b in pairwise(edges)
    ]
    period = {"period_start": date(2024, 11, 1), "period_end": date(2025, 3, 31)}
    result = calculated(project=period, tables={"readings": given, "settings": rows(settings)})
    return sum(f.code == "readings.divided_at_year_end" for f in result.findings)


def at_the_start(start: datetime, kwh: float, **meter: Any) -> Seen:
    """100 MWh a month; the first reading reaches from before the period to 10 January and holds so many kWh."""
    edges = [start, datetime(2024, 1, 10), datetime(2024, 2, 1), datetime(2024, 3, 1), datetime(2024, 4, 1)]
    given = [
        {"meter_id": "M-1", "kind": "energy", "start": a, "end": b, "value": value, "unit": "kWh"}
        for a, b, value in zip(edges, edges[1:], (kwh, 71_000.0, 100_000.0, 100_000.0), strict=False)
    ]
    own = {
        "meter_id": "M-1",
        "unit": "kWh",
        "transformer_factor": 1.0,
        "serial_number": "SN-M-1",
        "accuracy_class": 0.5,
    }

    def seen(settings: Settings) -> list[str]:
        tables = {"readings": given, "meters": [{**own, **meter}], "settings": rows(settings)}
        return weights(f for f in calculated(tables=tables).findings if f.code == "readings.divided_at_edge")

    return seen


def losses(settings: Settings) -> int:
    """Two inverters count 3.5 % more than the meter above them: their errors of 0.5 % each and losses of 3 % or 2 %."""
    names = {"M-1": ("grid", 1.0), "I-1": ("M-1", 0.5175), "I-2": ("M-1", 0.5175)}
    own = {"unit": "kWh", "transformer_factor": 1.0, "accuracy_class": 0.5}
    meters = [
        {**own, "meter_id": name, "serial_number": f"SN-{name}", "below": above} for name, (above, _) in names.items()
    ]
    given = [row for name, (_, share) in names.items() for row in readings(name, [share * 100_000.0] * 3)]
    result = calculated(tables={"meters": meters, "readings": given, "settings": rows(settings)})
    return sum(f.code == "tree.parts" for f in result.findings)


def unsupported(settings: Settings) -> list[str]:
    """480 MWh, 240 t, of which nothing else shows the size."""
    tables = {"readings": readings("M-1", (133_000.0, 160_000.0, 187_000.0)), "settings": rows(settings)}
    return weights(f for f in calculated(tables=tables).findings if f.code == "result.unsupported")


def valid_from(settings: Settings) -> list[str]:
    """Tested on 1 June 2023, installed on 1 October, every 6 months: due on 1 December 2023 or on 1 April 2024."""
    meter = {
        "meter_id": "M-1",
        "unit": "kWh",
        "transformer_factor": 1.0,
        "serial_number": "SN-M-1",
        "accuracy_class": 0.5,
    }
    own = [{**meter, "installed": datetime(2023, 10, 1), "calibration_interval": 6.0}]
    tests = [{"meter_id": "M-1", "date": date(2023, 6, 1), "result": "passed"}]
    result = calculated(tables={"meters": own, "calibrations": tests, "settings": rows(settings)})
    return [t.span[:10] for t in result.treatments if t.kind == "calibration"][:1]
