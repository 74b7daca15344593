"""Stocks and invoices against the highest rate: the diesel boiler with 0.03 m3/h, at most 22.32 m3 in 31 days.

Hours of the period 2184: at most 65.52 m3; of February and March 1440: 43.2 m3.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from jcm_mrv.findings import Finding, InputRefusedError, Severity
from jcm_mrv.meters.segments import SegmentKind
from jcm_mrv.origin import Origin
from jcm_mrv.quality.settings import Settings
from jcm_mrv.quality.values.subject import Month
from jcm_mrv.quality.values.unprofiled import _to_the_end, _unprofiled, above_what_can_flow, unlike_months
from jcm_mrv.time.timeline import Timeline
from jcm_mrv.time.zones import HOUR
from support.boiler import FUEL_TONNES_PER_M3, boiler, boiler_tables
from support.claims import rows_of, solar
from support.workbooks import months

EDGES = months((2024, 1), 3)
Row = dict[str, Any]


def above(rate: float = 0.03, **tables: Sequence[Row]) -> list[Finding]:
    base = boiler_tables()
    meters = [{**row, "highest_rate": rate, "highest_rate_unit": "m3/h"} for row in base["meters"][:1]]
    points = [{**base["points"][0], "option": "B"}, base["points"][1]]
    readings = [row for row in base["readings"] if row["meter_id"] == "E-1"]
    try:
        findings = boiler(
            tables={"meters": [*meters, base["meters"][1]], "points": points, "readings": readings, **tables}
        ).findings
    except InputRefusedError as refused:
        findings = refused.findings
    return [f for f in findings if f.code == "readings.above_capacity"]


def stocks(opening: float) -> list[Row]:
    levels = ((opening, 10.0, 5.0), (5.0, 11.0, 5.0), (5.0, 12.5, 5.0))
    return [
        {"meter_id": "T-1", "start": a, "end": b, "opening": o, "received": r, "closing": c, "unit": "m3"}
        for a, b, (o, r, c) in zip(EDGES, EDGES[1:], levels, strict=False)
    ]


def bills(*amounts: float) -> list[Row]:
    return [
        {"meter_id": "T-1", "start": a, "end": b, "value": v, "unit": "m3", "invoice_no": str(n)}
        for n, (a, b, v) in enumerate(zip(EDGES, EDGES[1:], amounts, strict=False))
    ]


def test_a_store_from_which_more_left_than_can_be_burnt_is_refused() -> None:
    """An opening stock of 50 for 5: 50 + 10 - 5 = 55 m3 in January, 2.464 times 22.32."""
    [finding] = above(stocks=stocks(50.0))
    assert finding.severity is Severity.ERROR
    assert finding.data["times"] == pytest.approx(55 / 22.32)
    assert finding.effect_tco2e == pytest.approx((55 - 22.32) * FUEL_TONNES_PER_M3)


def test_a_store_below_it_is_not_named() -> None:
    """17 + 10 - 5 = 22 m3; 17.5 + 10 - 5 = 22.5 m3 are 1.008 times as much as can be burnt."""
    assert above(stocks=stocks(17.0)) == []
    [finding] = above(stocks=stocks(17.5))
    assert finding.severity is Severity.MAJOR


def test_billed_fuel_may_be_burnt_later_but_not_after_the_end() -> None:
    """40 m3 in January are 65 in three months, less than 65.52; 35 m3 in March exceed its 22.32."""
    assert above(invoices=bills(40.0, 12.0, 13.0)) == []
    [early] = above(invoices=bills(55.0, 11.0, 12.5))
    assert early.data["times"] == pytest.approx(78.5 / 65.52)
    assert early.effect_tco2e == pytest.approx((78.5 - 65.52) * FUEL_TONNES_PER_M3)
    [late] = above(invoices=bills(10.0, 9.0, 35.0))
    assert late.data["times"] == pytest.approx(35 / (0.03 * 744)) and "2024-03" in late.message


def test_a_rate_that_is_not_stated_bounds_nothing() -> None:
    assert EDGES[0] == datetime(2024, 1, 1)
    assert above(rate=0.0, stocks=stocks(50.0)) == []


# --- each rule by itself ------------------------------------------------------------------------------


def of_rates(*rates: float | None, **changed: Any) -> list[Finding]:
    """A solar plant with these mean powers [kW] by month, 0.333 t/MWh; None is a month without reading."""
    found = solar(end=date(2024, len(rates), 28 if len(rates) == 2 else 30 if len(rates) in (4, 6) else 31))
    hours = [month.duration / HOUR for month in found.timeline.months]
    found.monthly = {"M1": [None if r is None else r * h for r, h in zip(rates, hours, strict=True)]}
    claim, _ = found.build()
    series = found.series()
    settings = changed.pop("settings", {})
    if "kind" in changed:
        kinds = np.where(series.parts.month == 1, changed.pop("kind"), series.parts.kind)
        series = replace(series, parts=replace(series.parts, kind=kinds))
    if "unit" in changed:
        unit = np.where(series.parts.month == 1, changed.pop("unit"), 0)
        series = replace(series, parts=replace(series.parts, units=("kWh", "MWh"), unit=unit))
    return list(unlike_months(claim, replace(series, **changed), found.timeline, Settings(settings)))


@pytest.mark.parametrize(
    ("rates", "ratio"),
    [
        ((10, 10, 49.99), None), ((10, 10, 50.01), 5.001), ((10, 20, 100.2), 5.01), ((10, 20, 99.9), None),
        ((60, 10, 10), 6.0), ((10, None, 60), None), ((10, None, 60, 10), 6.0), ((0, 0, 60), None),
        ((-5, -5, 60), None),
        ((0, 10, 60), 6.0), ((10, 10, 10), None),
    ],
)  # fmt: skip
def test_a_month_many_times_all_others(rates: Any, ratio: float | None) -> None:
    """Five times the highest of all others, of three months at least."""
    found = of_rates(*rates)
    assert [f.data["ratio"] for f in found] == ([] if ratio is None else [pytest.approx(ratio)])


def test_what_is_said_of_it_and_its_effect() -> None:
    """60 kW in the 696 hours of February are 41,760 kWh; at 10 kW 6,960: 34.8 MWh x 0.333 are too much."""
    (found,) = of_rates(10, 60, 10)
    assert found.message == "meter M1 counts 6 times as much in 2024-02 as in any other month"
    assert found.found == "41760 kWh, at most 6960 kWh by the rate of the others"
    assert found.effect_tco2e == pytest.approx(34.8 * 0.333) and found.where.cell == "E3"
    assert of_rates(10, 60, 10, settings={"month.most_of_other_bills": 6.1}) == []


def test_a_month_in_another_unit_is_held_against_the_others_in_theirs() -> None:
    """February in MWh: 0.01 MW are 10 kW; the number in kWh with that unit is a thousand times too much."""
    assert of_rates(10, 0.01, 10, unit=1) == []
    (found,) = of_rates(10, 10, 10, unit=1)
    assert found.data["ratio"] == pytest.approx(1000.0) and found.where.cell == "E3"
    assert found.found == "6960000 kWh, at most 6960 kWh by the rate of the others"
    assert found.effect_tco2e == pytest.approx((6960 - 6.96) * 0.333)


def test_samples_and_meters_with_single_values_are_other_rules() -> None:
    assert len(of_rates(10, 60, 10)) == 1
    assert of_rates(10, 60, 10, kind=SegmentKind.SAMPLE) == []
    for meter, count in (("M1", 0), ("M2", 1)):
        assert len(of_rates(10, 60, 10, profiles=(SimpleNamespace(meter_id=meter),))) == count


def test_which_meters_are_without_single_values() -> None:
    """Not one with a profile, nor one of samples, nor one of which nothing was read."""
    read = [("A", "kWh", "ENERGY"), ("B", "m3", "STOCK"), ("A", "MWh", "ENERGY"), ("C", "m3", "ENERGY"),
            ("C", "m3", "SAMPLE"), ("F", "kWh", "ENERGY")]  # fmt: skip
    meters, units = ("A", "B", "C", "D", "F"), ("kWh", "MWh", "m3")
    columns = zip(*((meters.index(m), units.index(u), SegmentKind[kind]) for m, u, kind in read), strict=True)
    meter, unit, kind = (np.array(column) for column in columns)
    parts = SimpleNamespace(meter_ids=meters, units=units, meter=meter, unit=unit, kind=kind)
    points = [SimpleNamespace(terms=[SimpleNamespace(meter_id=name) for name in own]) for own in ("AB", "ACDEF")]
    series: Any = SimpleNamespace(parts=parts, profiles=[SimpleNamespace(meter_id="F")])
    found = list(_unprofiled(SimpleNamespace(points=points), series))  # type: ignore[arg-type]
    assert [(one.meter, one.unit, one.in_store, len(one.points)) for one in found] == [
        ("A", "kWh", False, 2),
        ("B", "m3", True, 1),
    ]


@pytest.mark.parametrize(
    ("rates", "unit", "kind", "said"),
    [
        # electricity, and what left a store, is held against the month itself
        ((150, 60, 60), "kWh", SegmentKind.ENERGY, ("2024-01", 1.5)), ((100, 60, 60), "kWh", SegmentKind.ENERGY, None),
        ((150, 60, 60), "MJ", SegmentKind.STOCK, ("2024-01", 1.5)),
        # what was bought, against all hours from its month to the end: (150 x 744 + 60 x 1440) / 2184 = 90.7 kW
        ((150, 60, 60), "MJ", SegmentKind.ENERGY, None), ((60, 60, 150), "MJ", SegmentKind.ENERGY, ("2024-03", 1.5)),
        ((221, 100, 0), "MJ", SegmentKind.ENERGY, ("2024-01", (221 * 744 + 100 * 696) / 2184 / 100)),
    ],
)  # fmt: skip
@pytest.mark.parametrize(("highest", "rated"), [(100.0, 90.0), (110.0, 100 / 1.2)])
def test_more_than_the_lower_of_its_limits_gives(
    rates: Sequence[float], unit: str, kind: SegmentKind, said: Any, highest: float, rated: float
) -> None:
    """A plant of 90 kW gives 1.2 times that at most, 108 kW."""
    plant = solar(end=date(2024, 3, 31))
    plant.equipment[0] |= {"rated_capacity": rated, "rated_capacity_unit": "kW"}
    scale = 3.6 if unit == "MJ" else 1.0
    plant.unit = unit
    plant.monthly = {"M1": [scale * r * m.duration / HOUR for r, m in zip(rates, plant.timeline.months, strict=True)]}
    claim, _ = plant.build()
    series = plant.series()
    series = replace(series, parts=replace(series.parts, kind=series.parts.kind * 0 + kind))
    row = {"meter_id": "M1", "highest_rate": highest, "highest_rate_unit": "kW"}
    data = replace(plant.data(), meters=rows_of("meters", [row, {**row, "meter_id": "M2", "highest_rate": 1e6}]))
    found = list(above_what_can_flow(claim, series, data, plant.timeline, Settings({})))
    assert len(found) == (said is not None)
    if said is not None:
        assert found[0].data["times"] == pytest.approx(said[1]) and f", in {said[0]}" in found[0].message


@pytest.mark.parametrize(
    ("unit", "rate", "times"),
    [("MWh", 500.0, None), ("MWh", 750.0, 1.5), ("GJ", 1800.0, None), ("GJ", 2700.0, 1.5), ("m3", 1e12, None)],
)
def test_where_nothing_is_stated_no_plant_is_larger_than_500_megawatts(
    unit: str, rate: float, times: float | None
) -> None:
    """500 MW are 500 MWh or 1,800 GJ an hour; of cubic metres nothing is known."""
    plant = solar(end=date(2024, 3, 31), unit="MWh")
    plant.monthly = {"M1": [rate * month.duration / HOUR for month in plant.timeline.months]}
    claim, _ = plant.build()
    series = plant.series()
    series = replace(series, parts=replace(series.parts, units=(unit,)))
    found = list(above_what_can_flow(claim, series, plant.data(), plant.timeline, Settings({})))
    assert [f.data["times"] for f in found] == ([] if times is None else [pytest.approx(times)])
    for one in found:
        assert "counts more than a power of 500 MW gives" in one.message and one.action.endswith("E2).")
    nothing = replace(series, coverage=replace(series.coverage, covered=series.coverage.covered * 0))
    assert list(above_what_can_flow(claim, nothing, plant.data(), plant.timeline, Settings({}))) == []


def test_fuel_that_was_bought_may_be_burnt_until_the_end() -> None:
    """91, 60 and 31 days are left: 910, 810 and 210 are 10, 13.5 and 6.8 a day; from February on it is worst."""
    timeline = Timeline.of(date(2024, 1, 1), date(2024, 3, 31), "Asia/Ho_Chi_Minh")
    months = [Month(n, f"2024-0{n + 1}", a, 1.0, Origin(line=n)) for n, a in enumerate((100.0, 600.0, 210.0))]
    (worst,) = _to_the_end(months, timeline)
    assert (worst.label, worst.amount, worst.hours) == ("2024-02 to 2024-03", 810.0, 60 * 24.0)
    assert (worst.ordinal, worst.where.line) == (1, 1) and _to_the_end([], timeline) == ()
