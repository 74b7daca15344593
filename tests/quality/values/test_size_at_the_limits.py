"""Every limit of the rules on sizes just below it, at it and just above it, where ER rises and where it falls."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from jcm_mrv.findings import Bias, Severity
from jcm_mrv.quality.settings import Settings
from jcm_mrv.quality.values.size import above_capacity, below_capacity, negative
from jcm_mrv.time.zones import DAY, HOUR
from support.limits import hours, made, months, only, spread
from support.values import profile_of, timeline_of

MINOR, MAJOR, ERROR = Severity.MINOR, Severity.MAJOR, Severity.ERROR
RISES, FALLS = 0.001, -0.001


# --- months above what can flow ------------------------------------------------------


@pytest.mark.parametrize(
    ("rates", "stated", "unit", "said"),
    [
        # highest rate: as stated
        ([100.0, 100.0], {"highest": 100.0}, "kWh", None),
        ([100.001], {"highest": 100.0}, "kWh", (MAJOR, 1.00001)),
        ([199.999], {"highest": 100.0}, "kWh", (MAJOR, 1.99999)),
        ([200.0], {"highest": 100.0}, "kWh", (ERROR, 2.0)),
        ([-100.0], {"highest": 100.0}, "kWh", None),
        ([-150.0], {"highest": 100.0}, "kWh", (MAJOR, 1.5)),
        ([120.0, -200.0], {"highest": 100.0}, "kWh", (ERROR, 2.0)),
        ([125.0], {"highest": 100.0, "settings": {"capacity.most_of_highest_rate": 1.25}}, "kWh", None),
        ([150.0], {"highest": 100.0, "settings": {"capacity.most_of_highest_rate": 1.25}}, "kWh", (MAJOR, 1.2)),
        # rated capacity: 1.5 times for electricity, 5 times for anything else, 1.2 times for the sun
        ([150.0], {"rated": 100.0}, "kWh", None),
        ([150.1], {"rated": 100.0}, "kWh", (MAJOR, 150.1 / 150)),
        ([500.0], {"rated": 100.0}, "MJ", None),
        ([500.1], {"rated": 100.0}, "MJ", (MAJOR, 500.1 / 500)),
        ([120.0], {"rated": 100.0, "sun": True}, "kWh", None),
        ([120.1], {"rated": 100.0, "sun": True}, "kWh", (MAJOR, 120.1 / 120)),
        # the lower of both
        ([80.0], {"highest": 100.0, "rated": 50.0}, "kWh", (MAJOR, 80 / 75)),
        ([60.0], {"highest": 50.0, "rated": 100.0}, "kWh", (MAJOR, 1.2)),
        # nothing stated: no plant is larger than 500 MW
        ([500_000.0], {}, "kWh", None),
        ([500_001.0], {}, "kWh", (MAJOR, 500_001 / 500_000)),
        ([500.0], {}, "MWh", None),
        ([1000.0], {}, "MWh", (ERROR, 2.0)),
        ([1e12], {}, "m3", None),
        ([600_000.0], {"rated": 1e6}, "kWh", None),
        ([600_000.0], {"highest": 1e6}, "kWh", None),
    ],
)
def test_a_month_above_what_can_flow(rates: list[float], stated: dict[str, Any], unit: str, said: Any) -> None:
    subject = made(hours(2, d1h0=60.0), {"unit": unit}, months=months(*rates), **stated)
    found = only(above_capacity, subject)
    assert (found is None) == (said is None)
    if found is not None:
        assert (found.severity, found.data["times"]) == (said[0], pytest.approx(said[1], rel=1e-12))


@pytest.mark.parametrize("each", [RISES, FALLS])
def test_what_a_month_above_adds_to_er_is_its_excess(each: float) -> None:
    """150, 90 and 120 kW over 700 h against 100 kW: 35,000 kWh in the first month, 14,000 kWh in the third."""
    found = only(above_capacity, made(hours(1), months=months(150.0, 90.0, 120.0), highest=100.0, each=each))
    assert found is not None and found.data["months"] == 2 and found.where.cell == "E0"
    assert found.effect_tco2e == pytest.approx(each * (35_000 + 3 * 14_000))


@pytest.mark.parametrize("each", [RISES, FALLS])
def test_a_month_below_nothing_is_too_low_by_what_lies_beyond_the_limit(each: float) -> None:
    """-150 kW over 700 h against 100 kW either way: 35,000 kWh too little."""
    found = only(above_capacity, made(hours(1), months=months(-150.0), highest=100.0, each=each))
    assert found is not None and found.effect_tco2e == pytest.approx(each * -35_000)


@pytest.mark.parametrize(("factor", "named"), [(1.4, False), (1.6, True), (480.0, True), (500.0, False)])
def test_what_may_explain_a_month_above_is_a_factor_from_its_excess_to_300_times_that(
    factor: float, named: bool
) -> None:
    """160 kW against 100 kW; the sizes of wrong units are named in any case, the transformer factor if it fits."""
    found = only(above_capacity, made(hours(1), months=months(160.0), highest=100.0, factors=(factor,)))
    assert found is not None and (f"factor {factor:g}" in found.message) == named


def test_where_nothing_is_stated_the_first_reading_is_pointed_to() -> None:
    found = only(above_capacity, made(hours(2), {"unit": "MWh"}, months=months(501.0)))
    assert found is not None and found.message.startswith(
        "meter M1 counts more than a power of 500 MW gives, in 2024-01;"
    )
    assert found.action.endswith("or the capacity (log.csv, line 2).")


# --- meters that never come near their size ------------------------------------------


@pytest.mark.parametrize(
    ("power", "stated", "said"),
    [
        (5.0, {"rated": 100.0}, None),
        (4.99, {"rated": 100.0}, (MINOR, 0.0499)),
        (4.99, {"rated": 100.0, "measures": ""}, None),
        (30.0, {"rated": 100.0, "sun": True}, None),
        (29.9, {"rated": 100.0, "sun": True}, (MINOR, 0.299)),
        (29.9, {"rated": 100.0, "sun": True, "each": FALLS}, (MINOR, 0.299)),
        (29.9, {"rated": 100.0, "highest": 30.0, "sun": True, "each": FALLS}, (MINOR, 0.299)),
        # a stated highest rate: below a fiftieth, or near a slip
        (4.0, {"highest": 100.0, "rated": 1000.0}, None),
        (1.0, {"highest": 300.0, "rated": 1.0, "each": RISES}, (MINOR, 1 / 300)),
        (1.0, {"highest": 300.0, "each": FALLS}, (MAJOR, 1 / 300)),
        (1.0, {"highest": 300.0}, (MAJOR, 1 / 300)),
        (100.0, {"highest": 360.0, "each": FALLS}, (MAJOR, 1 / 3.6)),
        (100.0, {"highest": 360.0, "each": RISES}, (MINOR, 1 / 3.6)),
        (100.0, {"highest": 360.0}, (MINOR, 1 / 3.6)),
        # what is usual is three quarters of the highest: 0.075 is a tenth of it
        (7.5, {"highest": 100.0, "each": FALLS}, (MAJOR, 0.075)),
        # next to nothing, by a factor of its transformers: refused; a little more: a question
        (0.3, {"highest": 100.0, "factors": (250.0,), "each": FALLS}, (ERROR, 0.003)),
        (0.3, {"highest": 100.0, "factors": (250.0,), "each": RISES}, (MINOR, 0.003)),
        (0.34, {"highest": 100.0, "factors": (250.0,), "each": FALLS}, (MAJOR, 0.0034)),
        (0.2, {"highest": 100.0, "each": FALLS}, (MAJOR, 0.002)),
        # so low a thousandth is near within 1.6 times, and within 1.3 of three quarters
        (0.15, {"highest": 100.0, "each": FALLS}, (ERROR, 0.0015)),
        (0.05, {"highest": 100.0, "each": FALLS}, (MAJOR, 0.0005)),
        (0.05, {"highest": 100.0, "each": FALLS, "settings": {"capacity.least_of_highest": 0.0}}, None),
        (1.0, {"highest": 300.0, "each": -1e-6}, (MAJOR, 1 / 300)),
        (1.0, {"highest": 300.0, "each": 0.0}, (MINOR, 1 / 300)),
        # neither 0.15 nor four thirds of it are near a slip
        (15.0, {"highest": 100.0, "each": FALLS}, None),
        # a slip above the part that is reached by a meter of its size is none
        (40.0, {"highest": 100.0, "factors": (2.5,), "each": FALLS}, None),
    ],
)
def test_a_meter_that_never_comes_near_its_size(power: float, stated: dict[str, Any], said: Any) -> None:
    found = only(below_capacity, made(hours(20, power, d3h2=power * 1.001), **stated))
    assert (found is None) == (said is None)
    if found is not None:
        assert found.where.line == 3 * 24 + 4
        assert ("fuse" in found.action) == ("highest" in stated and "sun" not in stated)
        assert (found.severity, found.data["ratio"]) == (said[0], pytest.approx(said[1], rel=1e-4))


@pytest.mark.parametrize(
    ("power", "stated", "near"),
    [
        (18.0, {"sun": True}, True),  # a 3.6th is 0.278: a plant may be a third off
        (17.0, {"sun": True}, False),
        (1.25, {}, True),  # a hundredth
        (4.0, {}, False),
    ],
)
def test_how_near_a_slip_has_to_be(power: float, stated: dict[str, Any], near: bool) -> None:
    found = only(below_capacity, made(hours(10, power), rated=100.0, **stated))
    assert found is not None and ("ratio is near" in found.message) == near


@pytest.mark.parametrize(("limit", "named"), [(0.03, False), (0.0301, True)])
def test_the_least_of_the_highest_rate(limit: float, named: bool) -> None:
    subject = made(hours(10, 3.0), highest=100.0, each=FALLS, settings={"capacity.least_of_highest": limit})
    assert (only(below_capacity, subject) is not None) == named


@pytest.mark.parametrize(
    ("power", "stated", "tonnes"),
    [
        # 2 kW in 700 h against 300 kW: 1,400 - 210,000 kWh
        (1.0, {"highest": 300.0}, -208_600),
        # a 3.6th: 1,400 kWh are 5,040 kWh
        (100.0, {"highest": 360.0}, 1_400 * (1 - 3.6)),
        # a rated capacity says nothing of ER
        (4.0, {"rated": 100.0}, None),
    ],
)
@pytest.mark.parametrize("each", [RISES, FALLS])
def test_what_a_meter_that_is_too_low_adds_to_er(
    power: float, stated: dict[str, Any], tonnes: float | None, each: float
) -> None:
    found = only(below_capacity, made(hours(10, power), months=months(2.0), each=each, **stated))
    assert found is not None
    assert found.effect_tco2e == (None if tonnes is None else pytest.approx(each * tonnes))


@pytest.mark.parametrize("factors", [(), (40.0,)])
def test_of_months_alone_only_what_is_below_the_least_of_the_highest_rate_is_a_gain(factors: tuple[float, ...]) -> None:
    """2.5 of 100 kW are a fortieth; where a project wants months below a twentieth named, that is a question."""
    low = made(hours(9), {"interval": 30 * DAY}, months=months(2.5), highest=100.0, each=FALLS, factors=factors)
    assert only(below_capacity, low) is None
    low = replace(low, settings=Settings({"capacity.least_month": 0.05}))
    found = only(below_capacity, low)
    assert found is not None and (found.severity, found.effect_tco2e) == (MINOR, None)
    assert ("transformer factor 40, not used" in found.message) == bool(factors)


def test_the_size_of_a_meter_is_the_95th_percentile_of_its_days() -> None:
    """Of 12 days 11 reach 4 kW and one 90 kW: 4 + 0.45 x 86 = 42.7 kW."""
    found = only(below_capacity, made(hours(12, 4.0, d5h12=90.0), rated=1000.0))
    assert found is not None and found.data["ratio"] == pytest.approx(0.0427)


@pytest.mark.parametrize(
    ("days", "rates", "of", "said"),
    [
        (9, [0.9], 240.0, 0.009),
        (9, [0.9], 239.0, None),  # a month of which less than ten days are known says nothing
        (9, [1.0], 240.0, None),
        (9, [0.2, 0.9], 240.0, 0.009),
        (9, [], 240.0, None),
        (9, [0.0], 240.0, None),
        (10, [0.9], 240.0, None),  # ten days are enough to look at them themselves
    ],
)
def test_a_meter_of_a_few_days_is_looked_at_by_month(days: int, rates: list[float], of: float, said: Any) -> None:
    found = only(below_capacity, made(hours(days), rated=100.0, months=months(*rates, of=of)))
    assert (None if found is None else found.data["ratio"]) == (None if said is None else pytest.approx(said))

    nothing = made(hours(20, 0.0), rated=100.0, months=months(0.9, of=240.0))
    assert only(below_capacity, nothing) is not None  # days of nothing say nothing of its size
    assert only(below_capacity, made(hours(9), highest=100.0, months=months(0.0, of=240.0))) is None


# --- negative values ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("power", "stated", "said"),
    [
        # one hour of 240 at 100 kW: by its depth
        (hours(10, 100.0, d4h2=-4.9), {}, None),
        (hours(10, 100.0, d4h2=-5.0), {}, (MINOR, 0)),
        (hours(10, 100.0, d4h2=-29.9), {}, (MINOR, 0)),
        (hours(10, 100.0, d4h2=-30.0), {}, (MAJOR, 1)),
        (hours(10, 100.0, d4h2=-30.0, d5h2=-30.0, d6h2=-30.0), {}, (MAJOR, 3)),
        (hours(10, 100.0, d4h2=-30.0, d5h2=-30.0, d6h2=-30.0, d7h2=-30.0), {}, (MINOR, 0)),
        (hours(10, 100.0, d4h2=-30.0, d5h2=-30.0, d6h2=-30.0, d7h2=-2.9), {}, (MAJOR, 4)),
        (hours(10, 100.0, d4h2=-30.0, d5h2=-30.0, d6h2=-30.0, d7h2=-3.1), {}, (MINOR, 0)),
        # by the 90th percentile of the days, whatever one of them reached
        (hours(12, 100.0, d3h3=300.0, d4h2=-5.0), {}, (MINOR, 0)),
        # it raises ER where ER falls with the meter; where it is subtracted it is not relied on either
        (hours(10, 100.0, d4h2=-5.0), {"each": RISES}, (MINOR, 0)),
        (hours(10, 100.0, d4h2=-5.0), {"each": FALLS}, (MAJOR, 1)),
        (hours(10, 100.0, d4h2=-5.0), {"each": 0.0}, (MINOR, 0)),
        (hours(10, 100.0, d4h2=-5.0), {"each": FALLS, "sun": True}, (MINOR, 0)),
        (hours(10, 100.0, d4h2=-5.0), {"subtracted": True}, (MINOR, 1)),
        (hours(10, 100.0, d4h1=0.0, d4h2=-5.0, d4h3=0.5), {"subtracted": True}, (MINOR, 1)),
        # many hours of 4 % below zero: 8 x 4 of 16 x 100 each day are 2 %
        (spread(10, 100.0, -4.0, 8), {}, (MINOR, 0)),
        (spread(10, 100.0, -4.0, 8, -1), {}, None),
        # 8 x 20 of 16 x 100 are a tenth
        (spread(10, 100.0, -20.0, 8), {}, (MAJOR, 10)),
        (spread(10, 100.0, -20.0, 8, -1), {}, (MINOR, 0)),
        # ten times what is above zero: the meter is turned
        (spread(10, 2.5, -5.0, 20), {}, (ERROR, 10)),
        (spread(10, 2.5, -5.0, 20, -1), {}, (MAJOR, 10)),
        (spread(10, 2.5, -5.0, 20), {"sun": True}, (MAJOR, 0)),
        (np.full(240, -3.0), {}, (ERROR, 1)),
        (np.full(240, -3.0), {"sun": True, "each": RISES}, (MAJOR, 0)),
        (np.full(240, -3.0), {"changed": {"kind": "register"}}, None),
        (np.full(240, 0.0), {}, None),
    ],
)
@pytest.mark.parametrize("scale", [1.0, 2.0**-13])
def test_negative_values_by_depth_share_and_what_er_does(
    power: np.ndarray, stated: dict[str, Any], said: Any, scale: float
) -> None:
    power = scale * power
    found = only(negative, made(power, **stated))
    assert (found is None) == (said is None)
    if found is not None:
        assert (found.severity, len(found.questionable)) == (said[0], said[1])
        assert {span.bias for span in found.questionable} <= {Bias.TOO_LOW}
        if said[1] == 1 and len(power) == 240 and (power > 0).any():
            assert {span.end - span.start for span in found.questionable} == {HOUR}
        assert found.data["sum"] == pytest.approx(np.minimum(power, 0).sum())


@pytest.mark.parametrize("each", [RISES, FALLS])
def test_what_negative_values_add_to_er_month_by_month(each: float) -> None:
    """-40 kWh in January, -30 and -5 kWh on one day of February, which counts twice as much."""
    power = hours(40, 100.0, d10h3=-40.0, d33h5=-30.0, d33h9=-5.0, d35h1=0.5, d35h2=0.0)
    found = only(negative, made(power, each=each))
    assert found is not None and found.effect_tco2e == pytest.approx(each * (-40 - 2 * 35))
    assert found.data["depth"] == pytest.approx(0.4) and found.data["share"] == pytest.approx(75 / (955 * 100 + 0.5))
    first = made(power).profile.first
    spans = [((q.start - first) / HOUR, (q.end - first) / HOUR) for q in found.questionable]
    assert spans == [(243, 244), (797, 798), (801, 802)]


@pytest.mark.parametrize("each", [RISES, FALLS, None])
def test_of_readings_by_month_what_is_positive_is_taken_from_the_months(each: float | None) -> None:
    """One month of 700 kWh, one of -35 kWh: 5 %; hours say nothing."""
    power = np.zeros(24 * 62)
    changed = {"negative": -35.0, "interval": 30 * DAY, "kind": "energy", "day_highest": np.full(62, -np.inf)}
    low = replace(profile_of(hours(1, -0.05), timeline_of(1), 60).peaks[0])
    found = only(negative, made(power, {**changed, "lowest": low}, months=months(1.0, -0.05), each=each))
    assert found is not None and found.questionable == ()
    assert (found.data["share"], found.data["depth"]) == (pytest.approx(0.05), 1.0)
    assert found.severity is MAJOR  # nothing says how deep it is
