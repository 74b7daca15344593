"""Curves from the parts of a workbook: whole readings, logs of several files, highest rates; by hand."""

from __future__ import annotations

from datetime import date
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from jcm_mrv.meters.conversions import read_conversions
from jcm_mrv.meters.segments import SecondaryKind, SecondarySource
from jcm_mrv.meters.sources.counted import Counted, last_digit, layers, stated_rate
from jcm_mrv.origin import Origin
from jcm_mrv.time.timeline import Timeline
from support.claims import rows_of
from support.sheets import ZONE, at, parts_of, sheets

DAY = 86_400_000_000
TIMELINE = Timeline.of(date(2024, 1, 1), date(2024, 12, 31), ZONE)


def instant(day: str) -> int:
    return TIMELINE.instant(at(day))


def counted(rows: list[dict[str, Any]], **meter: Any) -> Counted:
    meters = [{"meter_id": "M-1", "unit": "kWh", **meter}]
    series = parts_of(meters=meters, rows=rows)
    return Counted(series, TIMELINE, meters=sheets(meters).meters)


def register(day: str, value: float) -> dict[str, Any]:
    return {"kind": "register", "end": at(day), "value": value}


def test_a_reading_over_a_month_end_is_one_step_and_its_month_is_no_measurement() -> None:
    """16 January to 2 March 2024: 460 kWh in 46 days, 29 of them in February."""
    curve = counted([register("2024-01-16", 0.0), register("2024-03-02", 460.0)]).curve("M-1", "kWh")
    assert curve.at.tolist() == [instant("2024-01-16"), instant("2024-03-02")] and curve.amount.tolist() == [460.0]
    month = curve.over(instant("2024-02-01"), instant("2024-03-01"))
    assert month.best == pytest.approx(290.0) and month.divided and not month.exact
    whole = curve.over(instant("2024-01-16"), instant("2024-03-02"))
    assert whole.exact and whole.best == 460.0
    # The register shows whole kWh.
    assert (whole.lowest, whole.highest) == (458.0, 462.0)


def test_what_began_before_the_period_is_known_from_there() -> None:
    curve = counted([register("2023-12-01", 0.0), register("2024-02-01", 620.0)]).curve("M-1", "kWh")
    assert curve.at[0] == instant("2023-12-01") and curve.amount.tolist() == [620.0]


@pytest.mark.parametrize(
    ("unit", "per", "factor", "want", "rate"),
    [
        ("kWh", "kW", ("other", 1.15, "1"), "kWh", 115.0),  # what the register shows is converted
        ("kWh", "kW", ("other", 1.15, "1"), "MWh", 0.115),
        ("m3", "m3/h", ("density", 0.8, "t/m3"), "t", 80.0),
        ("m3", "t/h", ("density", 0.8, "t/m3"), "t", 100.0),  # of the quantity itself
        ("m3", "t/h", ("density", 0.8, "t/m3"), "kWh", None),
        ("kWh", "m3/h", None, "kWh", None),
        ("kWh", "", None, "kWh", None),
    ],
)
def test_a_highest_rate_is_converted_as_what_it_is_of(
    unit: str, per: str, factor: tuple[str, float, str] | None, want: str, rate: float | None
) -> None:
    """100 of the register, or of the quantity, per hour."""
    row = {"meter_id": "M-1", "unit": unit, "highest_rate": 100.0, "highest_rate_unit": per}
    given = dict(zip(("property", "value", "unit"), factor, strict=True)) if factor else {}
    rows = rows_of("conversions", [{"meter_id": "M-1", **given}] if given else [])
    data: Any = SimpleNamespace(conversions=rows)
    conversions, _ = read_conversions(data, TIMELINE)
    found = stated_rate(sheets([row]).meters[0], want, conversions)
    assert found == (None if rate is None else pytest.approx(rate))


def test_in_another_unit_with_the_transformer_factor_and_the_highest_rate() -> None:
    """10 kWh on the register x 40 = 0.4 MWh; 2 MW are 48 MWh a day."""
    rows = [register("2024-01-01", 0.0), register("2024-02-01", 10.0)]
    meter = {"transformer_factor": 40.0, "highest_rate": 2.0, "highest_rate_unit": "MW"}
    curve = counted(rows, **meter).curve("M-1", "MWh")
    assert curve.amount.tolist() == pytest.approx([0.4]) and curve.tolerance.tolist() == pytest.approx([0.04, 0.04])
    assert curve.rate * DAY == pytest.approx(48.0)


def test_a_meter_that_ran_backwards_counts_both_ways() -> None:
    rows = [{"start": at("2024-01-01"), "end": at("2024-02-01"), "value": v} for v in (-5.0,)]
    assert counted(rows).curve("M-1", "kWh").both_ways
    assert not counted([{**rows[0], "value": 5.0}]).curve("M-1", "kWh").both_ways


def test_the_last_digit_that_is_read() -> None:
    assert [last_digit(values) for values in ([1.0, 20.0], [1.0, 2.5], [0.125], [])] == [1.0, 0.1, 0.001, 1.0]


@given(st.lists(st.floats(0, 1e6), min_size=2, max_size=8), st.randoms())
def test_the_order_of_rows_does_not_matter(steps: list[float], random: Any) -> None:
    values = np.cumsum(steps)
    rows = [register(f"2024-{n + 1:02d}-03", float(round(value, 2))) for n, value in enumerate(values)]
    mixed = random.sample(rows, len(rows))
    one, other = counted(rows).curve("M-1", "kWh"), counted(mixed).curve("M-1", "kWh")
    assert one.at.tolist() == other.at.tolist() and one.amount.tolist() == other.amount.tolist()


def test_secondary_amounts_that_overlap_are_curves_of_their_own() -> None:
    def second(start: int, end: int) -> SecondarySource:
        return SecondarySource("M-1", SecondaryKind.INVOICE, start, end, 1.0, "MWh", Origin())

    seconds = [second(10, 20), second(0, 10), second(5, 15)]
    curves = [counted([]).stated(layer, "kWh") for layer in layers(seconds)]
    assert [curve.at.tolist() for curve in curves] == [[0, 10, 20], [5, 15]]
    assert [curve.amount.tolist() for curve in curves] == [[1000.0, 1000.0], [1000.0]]


def test_a_meter_without_readings_states_nothing() -> None:
    found = counted([]).between("M-1", 0, DAY, "kWh")
    assert (found.best, found.missing) == (0.0, DAY)


def test_a_moment_is_cut_only_inside_of_what_is_stated() -> None:
    curve = counted([register("2024-01-01", 0.0), register("2024-02-01", 10.0)]).curve("M-1", "kWh")
    days = ("2023-12-31", "2024-01-01", "2024-01-15", "2024-02-01", "2024-03-01")
    assert [curve.cuts(instant(day)) for day in days] == [False, False, True, False, False]


@pytest.mark.parametrize(("second", "least"), [(-4.0, -100.0), (4.0, 0.0)])
def test_a_meter_that_once_ran_backwards_counts_both_ways(second: float, least: float) -> None:
    """In one day of the month at most 100 kWh flow, and as much may flow back where the meter ever did."""
    rows = [
        {"kind": "energy", "start": at("2024-01-01"), "end": at("2024-02-01"), "value": 100.0},
        {"kind": "energy", "start": at("2024-02-01"), "end": at("2024-03-01"), "value": second},
    ]
    curve = counted(rows, highest_rate=100 / 24, highest_rate_unit="kW").curve("M-1", "kWh")
    assert curve.over(instant("2024-01-05"), instant("2024-01-06")).lowest == pytest.approx(least)


def test_another_source_that_ran_backwards_states_just_what_it_states() -> None:
    """80 kWh back in January, 64 forward in February: each is exact; with none back, the curve does not fall."""
    limits = [instant("2024-01-01"), instant("2024-02-01"), instant("2024-03-01")]

    def stated(first: float) -> Any:
        spans = zip(limits[:-1], limits[1:], (first, 64.0), strict=True)
        layer = [
            SecondarySource("M-1", SecondaryKind.REGISTER, a, b, amount, "kWh", Origin()) for a, b, amount in spans
        ]
        return counted([]).stated(layer, "kWh")

    found = stated(-80.0).between(np.array(limits[:-1]), np.array(limits[1:]))
    assert found.lowest.tolist() == found.highest.tolist() == [-80.0, 64.0]
    assert stated(-80.0).both_ways and not stated(0.0).both_ways
