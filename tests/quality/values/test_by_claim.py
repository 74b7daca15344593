"""Rules on values that ask the claim: where ER rises with the meter and where it falls, at their limits.

ER = Q - EC, both at 1 t/MWh; each meter counts 1 kWh an hour.
"""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from jcm_mrv.findings import Bias
from jcm_mrv.meters.segments import SegmentKind
from jcm_mrv.quality.settings import DEFAULTS
from jcm_mrv.quality.values.effect import Effects
from jcm_mrv.quality.values.low_months import low_months
from jcm_mrv.quality.values.subject import (
    RatedCapacities,
    _factors,
    _site,
    highest_of,
    months_of,
    runs_of,
)
from jcm_mrv.quality.values.unprofiled import _to_the_end, above_what_can_flow, unlike_months
from jcm_mrv.time.zones import HOUR
from support.claims import Sketch, air_conditioners, rows_of
from support.forms import OutputForm, sketch
from support.limits import hours, made, months

HOURS = [744, 696, 744, 720, 744, 720, 744, 744, 720, 744, 720, 744]
both = pytest.mark.parametrize("meter", ["Q", "EC"])


def drawn(meter: str, rates: dict[int, float | None]) -> Sketch:
    """Both meters with 1 kWh an hour, but for some months of one."""
    monthly: dict[str, list[float | None]] = {name: [float(h) for h in HOURS] for name in ("Q", "EC")}
    for month, rate in rates.items():
        monthly[meter][month] = None if rate is None else rate * HOURS[month]
    return sketch(OutputForm, monthly)


# --- months of next to nothing --------------------------------------------------------------------


@both
@pytest.mark.parametrize(
    ("rates", "said"),
    [
        ({1: 0.01}, [1]),
        ({1: 0.0101}, []),
        ({1: 0.0}, [1]),
        ({1: -0.5}, [1]),
        ({1: 0.0, 5: 0.0, 8: 0.0}, [1, 5, 8]),  # a quarter of the months at most
        ({1: 0.0, 5: 0.0, 8: 0.0, 10: 0.0}, []),
        ({1: 0.0, 5: 0.0, 7: None}, [1, 5]),  # of eleven two
        ({1: 0.0, 5: 0.0, 8: 0.0, 7: None}, []),
        ({**dict.fromkeys(range(3, 12)), 1: 0.0}, [1]),
        ({**dict.fromkeys(range(2, 12)), 1: 0.0}, []),  # two months say nothing
    ],
)
def test_a_month_of_next_to_nothing(meter: str, rates: dict[int, float | None], said: list[int]) -> None:
    found = drawn(meter, rates)
    claim, _ = found.build()
    findings = list(low_months(claim, found.series(), found.timeline))
    months_ = found.timeline.months
    spans = [(q.meter_id, q.start, q.bias) for f in findings for q in f.questionable]
    assert spans == ([] if meter == "Q" else [("EC", months_[m].start, Bias.TOO_LOW) for m in said])


def test_what_it_should_have_been_lies_between_the_lowest_and_the_highest_of_the_others() -> None:
    """February 0.01, May 2 and June 0.5 kWh an hour: 696 x 1.99 = 1,385 kWh at most."""
    found = drawn("EC", {1: 0.01, 4: 2.0, 5: 0.5})
    claim, _ = found.build()
    (finding,) = low_months(claim, found.series(), found.timeline)
    assert finding.effect_tco2e == pytest.approx(0.696 * 1.99)
    assert finding.data["ratio"] == pytest.approx(0.01)
    assert finding.where.cell == f"E{12 + 1 + 2}"  # its own reading


def test_a_plant_that_stood_still_is_no_fault() -> None:
    found = drawn("EC", {1: 0.0})
    found.monthly["Q"] = [0.0 if n == 1 else float(h) for n, h in enumerate(HOURS)]
    claim, _ = found.build()
    assert list(low_months(claim, found.series(), found.timeline)) == []


# --- months many times all others ---------------------------------------------------------------------


@both
@pytest.mark.parametrize(
    ("rates", "ratio"),
    [
        ({1: 5.0}, None),
        ({1: 5.01}, 5.01),
        ({1: 10.01, 4: 2.0}, 5.005),
        ({1: 9.9, 4: 2.0}, None),
        ({n: 0.0 for n in range(12) if n != 1}, None),
        ({**dict.fromkeys(range(3, 12)), 1: 6.0}, 6.0),
        ({**dict.fromkeys(range(2, 12)), 1: 6.0}, None),
    ],
)
def test_a_bill_many_times_all_others(meter: str, rates: dict[int, float | None], ratio: float | None) -> None:
    found = drawn(meter, rates)
    claim, _ = found.build()
    findings = list(unlike_months(claim, found.series(), found.timeline, DEFAULTS))
    assert [f.data["ratio"] for f in findings] == ([] if ratio is None else [pytest.approx(ratio)])
    for one in findings:
        usual = 696 * float(rates[1] or 0.0) / float(one.data["ratio"])
        excess = (696 * float(rates[1] or 0.0) - usual) / 1000
        assert one.effect_tco2e == pytest.approx(excess if meter == "Q" else -excess)


@both
@pytest.mark.parametrize(("rate", "times"), [(2.0, None), (2.01, 1.005), (4.0, 2.0)])
def test_a_month_above_the_highest_rate(meter: str, rate: float, times: float | None) -> None:
    found = drawn(meter, {1: rate})
    claim, _ = found.build()
    rows = [{"meter_id": meter, "highest_rate": one, "highest_rate_unit": "kW"} for one in (1.5, 2.0)]
    data = replace(found.data(), meters=rows_of("meters", rows))
    findings = list(above_what_can_flow(claim, found.series(), data, found.timeline, DEFAULTS))
    assert [f.data["times"] for f in findings] == ([] if times is None else [pytest.approx(times)])
    for one in findings:
        excess = 696 * (rate - 2.0) / 1000
        assert one.effect_tco2e == pytest.approx(excess if meter == "Q" else -excess)


def test_what_was_billed_may_be_burnt_until_the_end() -> None:
    """Three months of 700 hours with 7, 3.5 and 21 units: from March on 21 in 744 hours is the most."""
    timeline: Any = SimpleNamespace(months=drawn("Q", {}).timeline.months[:3])
    (found,) = _to_the_end(months(0.01, 0.005, 0.03), timeline)
    assert (found.amount, found.hours, found.label) == (pytest.approx(21.0), 744.0, "2024-03 to 2024-03")
    (found,) = _to_the_end(months(0.09, 0.005, 0.03), timeline)
    assert (found.amount, found.hours) == (pytest.approx(63 + 3.5 + 21), 744 + 696 + 744)


# --- what a rule may ask of a meter ----------------------------------------------------------------------


def test_the_months_of_a_meter_in_a_unit() -> None:
    found = drawn("EC", {1: None, 2: 2.0})
    own = months_of("EC", "MWh", found.series(), found.timeline)
    assert [m.ordinal for m in own] == [0, *range(2, 12)]
    assert [(m.amount, m.hours) for m in own[:2]] == [(pytest.approx(0.744), 744.0), (pytest.approx(1.488), 744.0)]
    assert own[1].where.cell == f"E{12 + 1 + 2}" and own[1].rate == pytest.approx(0.002)
    assert months_of("X", "MWh", found.series(), found.timeline) == ()
    covered = found.series().coverage.covered.copy()
    covered[:, 3] = 0  # an amount of which no time is known has no rate
    bare = replace(found.series(), coverage=replace(found.series().coverage, covered=covered))
    assert [m.ordinal for m in months_of("EC", "MWh", bare, found.timeline)] == [0, 2, *range(4, 12)]
    samples = found.series()
    samples = replace(samples, parts=replace(samples.parts, kind=samples.parts.kind * 0 + SegmentKind.SAMPLE))
    claim, _ = found.build()
    assert list(unlike_months(claim, samples, found.timeline, DEFAULTS)) == []
    assert list(low_months(claim, samples, found.timeline)) == []


@pytest.mark.parametrize(
    ("rows", "rate"),
    [
        ([(10.0, "kW"), (0.02, "MW")], 20.0),
        ([(0.02, "MW"), (10.0, "kW")], 20.0),
        ([(None, "kW"), (10.0, "kW")], 10.0),
        ([(0.0, "kW")], None),
        ([(10.0, "")], None),
        ([(10.0, "m3/h")], None),
        ([], None),
    ],
)
def test_the_highest_of_the_rates_of_a_meter(rows: list[tuple[float | None, str]], rate: float | None) -> None:
    given = rows_of("meters", [{"highest_rate": value, "highest_rate_unit": unit} for value, unit in rows])
    found = highest_of("kWh", given)
    assert (None if found is None else found.rate) == (None if rate is None else pytest.approx(rate))


@pytest.mark.parametrize(
    ("factors", "said"), [([40.0, 1.0, 40.0, 60.0], (40.0, 60.0)), ([None, 0.0, -3.0, 0.5], (0.5,)), ([], ())]
)
def test_transformer_factors_other_than_one(factors: list[float | None], said: tuple[float, ...]) -> None:
    assert _factors(rows_of("meters", [{"transformer_factor": one} for one in factors])) == said


@pytest.mark.parametrize(
    ("north", "east", "known"),
    [
        (90.0, 180.0, True),
        (-90.0, -180.0, True),
        (90.1, 0.0, False),
        (0.0, 180.1, False),
        (None, 1.0, False),
        (1.0, None, False),
    ],
)
def test_where_a_project_stands(north: float | None, east: float | None, known: bool) -> None:
    project: Any = SimpleNamespace(latitude=north, longitude=east)
    site = _site(project)
    assert (site is not None) == known and (site is None or (site.latitude, site.longitude) == (north, east))


def test_marked_hours_with_one_hour_between_them_are_one_span() -> None:
    subject = made(hours(2))
    marked = np.zeros((2, 24), dtype=bool)
    marked.ravel()[[3, 5, 6, 9, 47]] = True
    first = subject.profile.first
    found = runs_of(subject, marked, Bias.TOO_HIGH)
    assert [((q.start - first) / HOUR, (q.end - first) / HOUR) for q in found] == [(3, 7), (9, 10), (47, 48)]
    assert runs_of(subject, marked & False, Bias.TOO_HIGH) == []


def test_hours_in_operation_and_months_of_instants() -> None:
    subject = made(hours(40))
    first = subject.profile.first
    running = replace(subject, spans=((first + HOUR, first + 3 * HOUR), (first + 5 * HOUR + 1, first + 7 * HOUR - 1)))
    assert np.flatnonzero(running.operates.ravel()).tolist() == [1, 2]
    assert [subject.month_at(first + n * HOUR) for n in (-5, 0, 743, 744, 959, 9999)] == [0, 0, 0, 1, 1, 1]


@pytest.mark.parametrize(
    ("first", "second", "points", "rate"),
    [
        ((10.0, "kW"), (0.005, "MW"), ["AC1"], 10.0),
        ((10.0, "kW"), (0.005, "MW"), ["AC2"], 5.0),
        ((10.0, "kW"), (0.005, "MW"), ["AC1", "AC2"], 15.0),
        ((10.0, "kW"), (None, ""), ["AC1", "AC2"], None),
        ((10.0, "kW"), (None, ""), ["AC1"], 10.0),
        ((10.0, "m3/h"), (5.0, "kW"), ["AC1"], None),
    ],
)
def test_the_rated_capacity_of_what_a_meter_stands_for(first: Any, second: Any, points: list[str], rate: Any) -> None:
    plan = air_conditioners()
    for row, (value, unit) in zip(plan.equipment, (first, second), strict=True):
        row |= {"rated_capacity": value, "rated_capacity_unit": unit}
    claim, _ = plan.build()
    own = [replace(claim.points[0], applies_to=name) for name in points]
    found = RatedCapacities(claim, plan.data()).of("kWh", own)
    assert (None if found is None else found.rate) == (None if rate is None else pytest.approx(rate))


def test_a_meter_that_the_claim_does_not_use_has_no_effect() -> None:
    found = drawn("Q", {})
    claim, _ = found.build()
    effects = Effects(claim, found.timeline)
    assert effects("X", "kWh", {1: 1000.0}) == 0.0 and effects("Q", "kWh", {1: 1000.0}) == pytest.approx(1.0)
