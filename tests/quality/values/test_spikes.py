"""The usual highest value of the days around, of all days at once against day by day; the ends of a register."""

import math
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from jcm_mrv.arrays import Numbers
from jcm_mrv.findings import Bias, Severity
from jcm_mrv.meters.profiles.profile import Profile
from jcm_mrv.quality.values.spikes import _AROUND, _usual, _usual_around, spike
from jcm_mrv.quality.values.subject import Subject
from jcm_mrv.time.zones import DAY, HOUR
from support.limits import hours, made, only
from support.results import calculated
from support.values import timeline_of

VALUES = st.one_of(st.floats(0, 1e9), st.sampled_from([0.0, -np.inf, np.inf, np.nan]))
MINOR, MAJOR, ERROR = Severity.MINOR, Severity.MAJOR, Severity.ERROR
RISES, FALLS = 0.001, -0.001


@given(arrays(np.float64, st.integers(1, 70), elements=VALUES))
def test_all_at_once_are_as_each_alone(highest: Numbers) -> None:
    alone = [_usual(highest[max(0, day - _AROUND) : day + _AROUND + 1]) for day in range(len(highest))]
    expected = [np.nan if usual is None else usual for usual in alone]
    np.testing.assert_array_equal(_usual_around(highest), expected)


@pytest.mark.parametrize(
    ("day", "extra", "taken"), [(90, 260.0, 1260.0), (0, 260.0, 1260.0), (90, 240.0, 0.0), (45, 260.0, 0.0)]
)
def test_the_last_reading_of_a_daily_register_is_above_every_other_day(day: int, extra: float, taken: float) -> None:
    """1,000 kWh in each of 91 days, 0.5 t/MWh; the first or last with 1,260 is left out, 1,240 is not."""
    amounts = [1000.0 + (extra if n == day else 0.0) for n in range(91)]
    shown = np.concatenate(([0.0], np.cumsum(amounts))).tolist()
    start = datetime(2024, 1, 1)
    rows = [
        {"meter_id": "M-1", "kind": "register", "end": start + timedelta(days=n), "value": v, "unit": "kWh"}
        for n, v in enumerate(shown)
    ]
    result = calculated(tables={"readings": rows})
    said = [f.severity for f in result.findings if f.code == "readings.spike"]
    assert said == ([Severity.MAJOR] if taken else [])
    assert result.reductions == pytest.approx((91_000 + extra - taken) * 0.5e-3)


@pytest.mark.parametrize(
    ("month", "extra", "told"),
    [(11, 260.0, True), (0, 260.0, True), (11, 240.0, False), (5, 260.0, False)],
)
def test_the_last_reading_of_a_register_read_monthly(month: int, extra: float, told: bool) -> None:
    """1,000 kWh a day in each month of 2024, 0.5 t/MWh; the last or first month with 1,260 a day is not relied on.

    What may have flowed instead is at least what the meter's other months show: not more than 366 MWh x 0.5 = 183 t.
    """
    edges = [datetime(2024, m, 1) for m in range(1, 13)] + [datetime(2025, 1, 1)]
    days = np.diff(np.array(edges, dtype="datetime64[D]")).astype(float)
    amounts = days * np.where(np.arange(12) == month, 1000.0 + extra, 1000.0)
    rows = [
        {"meter_id": "M-1", "kind": "register", "end": end, "value": value, "unit": "kWh"}
        for end, value in zip(edges, [0.0, *np.cumsum(amounts).tolist()], strict=True)
    ]
    result = calculated(project={"period_end": date(2024, 12, 31)}, tables={"readings": rows})
    found = [f for f in result.findings if f.code == "readings.spike"]
    assert [f.severity for f in found] == ([Severity.MAJOR] if told else [])
    if told:
        assert result.reductions <= 183.0 < amounts.sum() * 0.5e-3
        assert "no reading beyond it" in found[0].message
    else:
        assert result.reductions == pytest.approx(amounts.sum() * 0.5e-3)


@pytest.mark.parametrize(
    ("power", "stated", "said"),
    [
        # above the stated highest rate and 5 %
        (hours(12, d5h12=105.0), {"highest": 100.0}, None),
        (hours(12, d5h12=105.1), {"highest": 100.0}, (MAJOR, 105.1, 1)),
        (hours(12, d5h12=120.0), {"rated": 100.0, "sun": True}, None),
        (hours(12, d5h12=120.1), {"rated": 100.0, "sun": True}, (MAJOR, 120.1, 1)),
        (hours(12, d5h12=120.1), {"rated": 100.0}, None),
        (hours(12, d5h12=105.1), {"highest": 100.0, "rated": 50.0, "sun": True}, (MAJOR, 105.1, 1)),
        # on more than three days, twice the limit: refused
        (hours(12, d1h1=209.9, d2h1=209.9, d3h1=209.9, d4h1=209.9), {"highest": 100.0}, (MAJOR, 839.6, 4)),
        (hours(12, d1h1=210.0, d2h1=210.0, d3h1=210.0, d4h1=210.0), {"highest": 100.0}, (ERROR, 840.0, 4)),
        (hours(12, d1h1=210.0, d2h1=210.0, d3h1=210.0), {"highest": 100.0}, (MAJOR, 630.0, 3)),
        # nothing stated: three times the 90th percentile of the days, eight times is major
        (hours(12, d5h12=150.0), {}, None),
        (hours(12, d5h12=150.1), {}, (MINOR, 150.1, 1)),
        (hours(12, d5h12=399.9), {}, (MINOR, 399.9, 1)),
        (hours(12, d5h12=400.0), {}, (MAJOR, 400.0, 1)),
        (hours(10, d5h12=190.0), {}, None),  # of ten days: 45 + 0.1 x 190 = 64
        (hours(10, d5h12=193.0), {}, (MINOR, 193.0, 1)),
        (hours(9, d5h12=900.0), {}, None),
        (hours(12, 0.0, d5h12=900.0), {}, None),
        (hours(12, d5h12=150.1), {"sun": True}, (MINOR, 150.1, 1)),
        (hours(12, d5h12=900.0), {"changed": {"interval": 2 * DAY}}, None),
        # on four days it is the habit of the meter; on three, of which one is twice as large, not
        (hours(40, d5h12=200.0, d6h12=101.0, d7h12=101.0, d8h12=101.0), {}, None),
        (hours(40, d5h12=200.0, d6h12=101.0, d7h12=101.0, d8h12=99.0), {}, (MINOR, 200.0, 1)),
    ],
)
@pytest.mark.parametrize("scale", [1.0, 2.0**-10])
def test_a_single_value_that_is_too_large(power: np.ndarray, stated: dict[str, Any], said: Any, scale: float) -> None:
    limits = {name: stated[name] * scale for name in ("highest", "rated") if name in stated}
    subject = made(scale * power, each=RISES / scale, **{**stated, **limits})
    found = only(spike, subject)
    assert (found is None) == (said is None)
    if found is not None:
        assert found.severity is said[0]
        assert found.data["amount"] == pytest.approx(said[1] * scale)
        assert found.effect_tco2e == pytest.approx(said[1] * RISES)
        assert len(found.questionable) == said[2]
        assert {(q.end - q.start, q.bias) for q in found.questionable} == {(HOUR, Bias.TOO_HIGH)}


@pytest.mark.parametrize(
    ("power", "stated", "message", "found"),
    [
        # of ten days the 90th percentile: 50 + 0.1 x (193 - 50) = 64.3
        (hours(10, d5h12=193.0), {},
         "meter M1 has 1 value(s) above a usual day's highest value of 64.3 kWh/h; the highest is 193 kWh/h",
         "193 at 2024-01-06 12:00 (log.csv, line 134); together 193 kWh"),
        (hours(12, d5h12=110.5, d7h1=120.25), {"highest": 100.0},
         "meter M1 has 2 value(s) above the highest rate of 100 kW; the highest is 120.25 kWh/h",
         "120.25 at 2024-01-08 01:00 (log.csv, line 171), 110.5 at 2024-01-06 12:00 (log.csv, line 134); "
         "together 230.75 kWh"),
    ],
)  # fmt: skip
def test_what_is_said_of_values_that_are_too_large(power: np.ndarray, stated: Any, message: str, found: str) -> None:
    said = only(spike, made(power, **stated))
    assert said is not None and (said.message, said.found) == (message, found)
    assert str(said.where) == found.split("(")[1].split(")")[0]


@pytest.mark.parametrize(("count", "said"), [(15, "15"), (16, "at least 16"), (40, "at least 16")])
def test_of_many_values_sixteen_are_kept_and_more_may_be(count: int, said: str) -> None:
    found = only(spike, made(hours(60, **{f"d{day}h12": 200.0 + day for day in range(count)}), highest=100.0))
    assert found is not None and found.message.startswith(f"meter M1 has {said} value(s) above the highest rate")


def test_often_too_large_the_hours_above_half_the_limit_are_not_relied_on() -> None:
    """Limit 105 kW: from 12:00 to 15:00 of four days 60, 150 and 53 kW, and 52.5 kW after."""
    values = {f"d{d}h{12 + n}": v for d in (2, 4, 6, 8) for n, v in enumerate((60.0, 150.0, 53.0, 52.5))}
    found = only(spike, made(hours(12, 40.0, **values), highest=100.0))
    assert found is not None and [(q.end - q.start) // HOUR for q in found.questionable] == [3, 3, 3, 3]


@pytest.mark.parametrize("each", [RISES, FALLS])
def test_a_spike_counts_in_its_own_month(each: float) -> None:
    """The last hour of January and the first of February, which counts twice as much."""
    found = only(spike, made(hours(40, d30h23=500.0, d31h0=400.0), each=each))
    assert found is not None and found.effect_tco2e == pytest.approx(each * (500 + 2 * 400))


def seasons(low: int, high: int, *spikes: tuple[int, float]) -> np.ndarray:
    """Days at 10 kW, then days at 100 kW, with spikes at noon."""
    power = np.concatenate((np.full(low * 24, 10.0), np.full(high * 24, 100.0)))
    for day, value in spikes:
        power[day * 24 + 12] = value
    return power


@pytest.mark.parametrize(
    ("power", "said"),
    [
        (seasons(30, 30, (10, 30.0)), None),
        (seasons(30, 30, (10, 30.1)), (MINOR, 30.1, 1)),
        (seasons(30, 30, (10, 80.0)), (MAJOR, 80.0, 1)),
        (seasons(30, 30, (10, 79.9)), (MINOR, 79.9, 1)),
        (seasons(30, 30, (0, 31.0)), (MINOR, 31.0, 1)),
        (seasons(30, 30, (10, 31.0)) / 1024, (MINOR, 31.0 / 1024, 1)),
        # the highest comes first; on four days far from each other it is a habit
        (seasons(120, 60, (10, 40.0), (45, 50.0), (80, 40.0)), (MINOR, 130.0, 3)),
        (seasons(120, 60, (10, 40.0), (45, 50.0), (80, 40.0), (100, 40.0)), None),
    ],
)
def test_a_single_value_far_above_the_fortnight_around_it(power: np.ndarray, said: Any) -> None:
    found = only(spike, made(power))
    assert (found is None) == (said is None)
    if found is not None:
        assert found.severity is said[0] and len(found.questionable) == said[2]
        assert found.data["amount"] == pytest.approx(said[1])
        odd = {n: v for n, v in enumerate(power.tolist()) if v not in (10.0, 100.0, 10 / 1024, 100 / 1024)}
        assert found.data["rate"] == max(odd.values())
        first = made(power).profile.first
        assert {(q.start - first) / HOUR for q in found.questionable} == set(odd)
        assert {q.end - q.start for q in found.questionable} == {HOUR}
    quarters = only(spike, made(power, {"interval": HOUR // 4}))
    if said is not None:
        assert quarters is not None and quarters.data["amount"] == pytest.approx(said[1] / 4)


@pytest.mark.parametrize(
    ("others", "named"),
    [
        ([(22, 21.0), (24, 20.0)], True),  # half as much is no habit
        ([(22, 21.0), (24, 20.1)], False),
        ([(5, 21.0), (35, 21.0)], False),
        ([(5, 21.0), (36, 21.0)], True),
        ([(4, 21.0), (35, 21.0)], True),
    ],
)
def test_a_habit_is_looked_for_15_days_around(others: list[tuple[int, float]], named: bool) -> None:
    """More than two days of half of 40 kW."""
    power = seasons(60, 60, (20, 40.0), *others)
    assert (only(spike, made(power, settings={"spike.most_days": 2.0})) is not None) == named


def test_a_habit_is_looked_for_from_the_first_day_on() -> None:
    for first, named in ((21.0, False), (20.0, True)):
        power = seasons(60, 60, (0, first), (15, 40.0), (22, 21.0))
        assert (only(spike, made(power, settings={"spike.most_days": 2.0})) is not None) == named


def test_the_hour_of_a_high_value_is_found_beside_one_that_is_not_known() -> None:
    power = seasons(30, 30, (10, 40.0))
    power[10 * 24 + 3] = math.nan
    found = only(spike, made(power))
    assert found is not None and found.questionable[0].start == made(power).profile.instant(10, 12)


@pytest.mark.parametrize(("known", "usual"), [(9, math.nan), (10, 5.0)])
def test_ten_days_around_make_a_usual_one(known: int, usual: float) -> None:
    np.testing.assert_array_equal(_usual_around(np.full(known, 5.0)), np.full(known, usual))


def register(rates: Sequence[float], interval: int = DAY, **stated: Any) -> Subject:
    """A register read so often, with these rates by day."""
    days = len(rates)
    power = np.repeat(np.asarray(rates, dtype=float), 24)
    changed: dict[str, Any] = {"kind": "register", "interval": interval}
    subject = made(np.nan_to_num(power), changed, **stated)
    highest = np.where(np.isfinite(rates), rates, -np.inf)
    profile: Profile = replace(subject.profile, day_highest=highest)
    assert len(highest) == days
    return replace(subject, profile=profile)


@pytest.mark.parametrize(
    ("rates", "each", "said"),
    [
        ([100.0] * 27 + [125.0], RISES, None),
        ([100.0] * 27 + [126.0], RISES, 126 * 24),
        ([100.0] * 27 + [126.0], FALLS, None),
        ([100.0] * 27 + [126.0], 0.0, None),
        ([100.0] * 27 + [126.0], None, None),
        ([100.0] * 27 + [126.0], 1e-7, 126 * 24),
        ([100.0] * 26 + [90.0, 124.0], RISES, None),
        ([0.5] * 27 + [0.75], RISES, 0.75 * 24),
        ([0.0] * 27 + [126.0], RISES, None),
        ([100.0] * 26 + [126.0], RISES, None),  # 27 days are too few
        ([126.0] + [100.0] * 27, RISES, 126 * 24),
        ([100.0] * 27 + [126.0, 100.0], RISES, None),  # neither the first nor the last
        ([130.0] + [100.0] * 26 + [170.0], RISES, 170 * 24),  # the last one first
    ],
)
def test_the_first_or_last_advance_of_a_register_read_each_day(
    rates: list[float], each: float | None, said: Any
) -> None:
    found = only(spike, register(rates, each=each))
    assert (found is None) == (said is None)
    if found is not None:
        assert found.severity is MAJOR and found.data["amount"] == pytest.approx(said)
        ((start, end),) = [(q.start, q.end) for q in found.questionable]
        assert end - start == DAY and start == found_first(rates, said / 24)


def found_first(rates: Sequence[float], rate: float) -> int:
    return int(timeline_of(len(rates)).edges[0]) + list(rates).index(rate) * DAY


@pytest.mark.parametrize(
    ("rates", "each", "said"),
    [
        ([100.0] * 6 + [125.0], RISES, False),
        ([100.0] * 6 + [126.0], RISES, True),
        ([100.0] * 6 + [126.0], FALLS, False),
        ([100.0] * 6 + [126.0], 0.0, False),
        ([100.0] * 6 + [126.0], None, False),
        ([100.0] * 6 + [126.0], 1e-8, True),
        ([126.0] + [100.0] * 6, RISES, True),
        ([100.0] * 5 + [126.0], RISES, False),  # six are too few
        ([100.0] * 5 + [126.0] + [100.0], RISES, False),
        # months that differ by themselves say nothing of one more
        ([100.0] * 5 + [124.0, 156.0], RISES, True),
        ([100.0] * 5 + [125.0, 157.0], RISES, False),
    ],
)
def test_the_first_or_last_advance_of_a_register_read_each_month(
    rates: list[float], each: float | None, said: bool
) -> None:
    """Thirty days apart each."""
    days = [np.nan] * (30 * len(rates))
    for n, rate in enumerate(rates):
        days[30 * n] = rate
    subject = register(days, 31 * DAY, each=each)
    worst = int(np.argmax(rates))
    first = subject.profile.first + worst * 30 * DAY
    peak = replace(subject.profile.peaks[0], value=1.0, rate=rates[worst], start=first, end=first + 30 * DAY)
    subject = replace(subject, profile=replace(subject.profile, peaks=(peak,)))
    found = only(spike, subject)
    assert (found is not None) == said
    if found is not None:
        assert found.severity is MAJOR and found.data["amount"] == pytest.approx(rates[worst] * 30 * 24)
