"""Rules on the shape of values: steps by a slip, and sound loads that stay silent."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from jcm_mrv.findings import Bias, Finding, QuestionableSpan, Severity
from jcm_mrv.meters.profiles.values import ReadValues
from jcm_mrv.origin import Origin
from jcm_mrv.quality.values import rules
from jcm_mrv.quality.values.clock import CLOCK
from jcm_mrv.quality.values.flatlined import ZERO
from jcm_mrv.quality.values.rules import of_meter
from jcm_mrv.quality.values.spikes import SPIKE
from jcm_mrv.quality.values.subject import Month
from jcm_mrv.quality.values.sun import NIGHT
from jcm_mrv.time.zones import HOUR
from support.loads import PER_DAY, Load, check, load, only
from support.values import (
    HAI_PHONG,
    air_conditioning,
    boiler,
    factory,
    months_of,
    profile_of,
    solar,
    subject_of,
    timeline_of,
)


def test_a_rule_here_is_given_every_single_value() -> None:
    """Else a rule on readings would be silent on every sound load, whatever it does."""
    profile = profile_of(np.array([1.0, np.nan, 3.0]), timeline_of(1))
    assert profile.readings.value.tolist() == [1.0, 3.0]
    assert [profile.readings.where(n).line for n in range(2)] == [2, 4]


@pytest.mark.parametrize(
    ("sun", "clock", "sound"),
    [
        (True, Severity.MAJOR, True),
        (True, Severity.MINOR, False),
        (True, None, False),
        (False, Severity.MAJOR, False),
    ],
)
def test_a_log_of_the_sun_that_is_hours_off_is_sound_at_night(
    sun: bool, clock: Severity | None, sound: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What it counts at night is relied on, and hours that only seem dark are not named; all else stays."""
    spans = (QuestionableSpan("M1", 0, 1),)
    given = [SPIKE("high", questionable=spans), NIGHT("dark", questionable=spans), ZERO("still", questionable=spans)]
    given += [CLOCK("off", severity=clock)] if clock else []
    monkeypatch.setattr(rules, "RULES", (lambda _: given[:1], lambda _: given[1:]))
    found = of_meter(subject_of(profile_of(np.ones(96), timeline_of(1)), timeline_of(1), sun=sun))
    assert found == ([given[0], replace(given[1], questionable=()), given[3]] if sound else given)


# --- sound loads -------------------------------------------------------------------


SOUND: list[tuple[str, Load, dict[str, object]]] = [
    ("solar", solar, {"sun": True, "site": HAI_PHONG, "rated": 100.0}),
    ("solar without position", solar, {"sun": True}),
    ("solar that draws power at night", lambda d, r: solar(d, r, night=0.3), {"sun": True, "site": HAI_PHONG}),
    ("factory", factory, {"factors": (40.0,), "highest": 600.0}),
    ("factory in whole kW", lambda d, r: factory(d, r, 20.0, 0), {}),
    ("air conditioning", air_conditioning, {"factors": (8.0,)}),
    ("boiler in whole kW", boiler, {"factors": (60.0,)}),
]


@pytest.mark.parametrize("days", [366, 60])
@pytest.mark.parametrize(("kind", "stated"), [s[1:] for s in SOUND], ids=[s[0] for s in SOUND])
def test_sound_logs_give_no_finding_that_needs_an_answer(kind: Load, stated: dict[str, object], days: int) -> None:
    for seed in range(3):
        found = check(load(kind, days, seed), **stated)
        assert [str(f) for f in found if f.severity in (Severity.MAJOR, Severity.ERROR)] == []
        assert {f.code for f in found} <= {"readings.zero_run"}  # a boiler's stop of half a day


# --- slips -------------------------------------------------------------------------


@pytest.mark.parametrize("factor", [10.0, 0.1, 1000.0, 1 / 3.6, 3.6, 40.0, 1 / 40])
@pytest.mark.parametrize("kind", [factory, solar, boiler, air_conditioning])
def test_a_span_multiplied_by_a_slip(kind: Load, factor: float) -> None:
    power = load(kind, 366)
    power[200 * PER_DAY : 230 * PER_DAY] *= factor
    found = check(power, factors=(40.0,))
    finding = next(f for f in found if f.code == "readings.month_unlike")
    assert finding.severity is Severity.MAJOR
    if kind is air_conditioning and 0.2 < factor < 5:
        return  # of changeable days the step back may be the sharper one
    assert finding.data["factor"] == pytest.approx(factor)
    if kind is not air_conditioning:  # on a day of other weather its end is found late
        assert finding.data["days"] == pytest.approx(30, abs=1)
    assert finding.where.line == 200 * PER_DAY + 2
    assert "from 2024-07-19 on" in finding.message
    assert ("transformer factor 40" in finding.message) == (factor in (40.0, 1 / 40))
    assert ("not used" in finding.message) == (factor == 1 / 40)


def test_a_step_that_is_near_no_slip_is_minor() -> None:
    power = load(factory)
    power[60 * PER_DAY :] *= 5.7
    finding = next(f for f in check(power) if f.code == "readings.month_unlike")
    assert (finding.severity, finding.message.count("near")) == (Severity.MINOR, 0)


@pytest.mark.parametrize(
    ("highest", "severity", "days"), [(2600.0, Severity.MINOR, []), (2400.0, Severity.MAJOR, [10])]
)
def test_a_rise_that_holds_a_value_above_the_stated_rate_is_not_relied_on(
    highest: float, severity: Severity, days: list[int]
) -> None:
    """5.7 is near no slip. One value of 2,600 kW lies within 2,600 kW and the 5 % of a spike, not within 2,400 kW."""
    power = load(factory)
    power[60 * PER_DAY : 70 * PER_DAY] = np.minimum(power[60 * PER_DAY : 70 * PER_DAY] * 5.7, 2300.0)
    power[63 * PER_DAY + 40] = 2600.0
    finding = next(f for f in check(power, highest=highest) if f.code == "readings.month_unlike")
    assert finding.severity is severity
    assert [((d.end - d.start) / (24 * HOUR), d.bias) for d in finding.questionable] == [
        (n, Bias.TOO_HIGH) for n in days
    ]
    assert ("some are above the highest rate" in finding.message) is bool(days)


def test_next_to_nothing_for_a_week_is_major_whatever_factor_it_is_near() -> None:
    """A 500th of the load is near none of 1/100 and 1/1000; where it would raise ER it is no shutdown."""
    power = load(factory)
    power[60 * PER_DAY : 67 * PER_DAY] /= 500
    finding = next(f for f in check(power) if f.code == "readings.month_unlike")
    assert (finding.severity, finding.message.count("near")) == (Severity.MAJOR, 0)
    assert [d.bias for d in finding.questionable] == [Bias.TOO_LOW]


def test_a_shutdown_is_no_slip_although_days_fall_to_a_tenth() -> None:
    """The base load stays: at night nothing changes."""
    power = load(factory, seed=8)
    power[60 * PER_DAY : 70 * PER_DAY] = np.minimum(
        power[60 * PER_DAY : 70 * PER_DAY], 48 + power[60 * PER_DAY : 70 * PER_DAY] % 3
    )
    assert "readings.month_unlike" not in {f.code for f in check(power)}


@pytest.mark.parametrize(("days", "severity"), [(10, Severity.MINOR), (14, Severity.MAJOR)])
def test_a_log_may_begin_in_a_holiday(days: int, severity: Severity) -> None:
    """A tenth of the load in the first days, all of it from then on: a holiday of ten days, or a unit for two weeks."""
    hours = np.arange(90 * PER_DAY) / PER_DAY * 2 * np.pi
    power = 100 * (1 + 0.3 * np.sin(hours)) * np.random.default_rng(3).uniform(0.97, 1.03, len(hours))
    power[: days * PER_DAY] /= 10
    finding = next(f for f in check(power) if f.code == "readings.month_unlike")
    assert finding.severity is severity


UNLIKE = "readings.month_unlike"


def shifts(days: int, seed: int) -> np.ndarray:
    """100 kW by day and 45 by night, every day alike but for a little noise."""
    hours = np.arange(days * PER_DAY) % PER_DAY / 4
    power = np.where((hours >= 6) & (hours < 22), 100.0, 45.0)
    return power * np.random.default_rng(seed).uniform(0.97, 1.03, len(power))


@pytest.mark.parametrize("level", [24.0, 27.0, 30.0])
def test_a_holiday_that_leaves_the_base_load_is_no_slip(level: float) -> None:
    """27 of 100 kW are near 1/3.6, but the nights fall from 45 to 27 only: all hours come to one level."""
    power = shifts(90, 5)
    holiday = slice(35 * PER_DAY, 43 * PER_DAY)
    power[holiday] = level * np.random.default_rng(6).uniform(0.97, 1.03, 8 * PER_DAY)
    assert UNLIKE not in {f.code for f in check(power)}


@pytest.mark.parametrize(("begins", "ends"), [(7, 9), (0, 0), (10, 1), (23, 4)])
def test_a_slip_begins_and_ends_at_any_hour(begins: int, ends: int) -> None:
    """By 3.6 from some hour of the 36th day to some hour of the 44th: just these hours are questionable."""
    power = shifts(90, 5)
    first, last = 35 * PER_DAY + 4 * begins, 43 * PER_DAY + 4 * ends
    power[first:last] /= 3.6
    (finding,) = (f for f in check(power) if f.code == UNLIKE)
    start = int(timeline_of(90).edges[0])
    quarter = 15 * 60_000_000
    spans = [((q.start - start) / quarter, (q.end - start) / quarter, q.bias) for q in finding.questionable]
    assert spans == [(first, last, Bias.TOO_LOW)]


def snow(days: int, rng: np.random.Generator) -> np.ndarray:
    """What is left of each day: nothing, a few hundredths, or a third where it melts."""
    return rng.choice([0.0, 0.01, 0.03, 0.1, 0.3], size=days, p=[0.2, 0.25, 0.25, 0.2, 0.1]) * rng.uniform(
        0.6, 1.4, days
    )


def thick_snow(days: int, rng: np.random.Generator) -> np.ndarray:
    return 0.02 * np.exp(rng.normal(0, 0.4, days))


def clouds(days: int, rng: np.random.Generator) -> np.ndarray:
    return np.clip(rng.normal(0.28, 0.12, days), 0.03, 1)


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("days", [6, 12, 28])
@pytest.mark.parametrize("weather", [snow, thick_snow, clouds])
def test_weather_is_no_slip(weather: Load, days: int, seed: int) -> None:
    """Near a factor by chance: without a second sign a third of such plants had a major finding."""
    power = load(solar, 150, seed).reshape(-1, PER_DAY)
    power[60 : 60 + days] *= weather(days, np.random.default_rng(seed + 100))[:, None]
    found = [f.severity for f in check(power.ravel(), sun=True) if f.code == UNLIKE]
    assert Severity.MAJOR not in found


@pytest.mark.parametrize("seed", range(3))
def test_the_end_of_snow_is_no_slip(seed: int) -> None:
    power = load(solar, 120, seed).reshape(-1, PER_DAY)
    power[:28] *= thick_snow(28, np.random.default_rng(seed))[:, None]
    assert Severity.MAJOR not in [f.severity for f in check(power.ravel(), sun=True) if f.code == UNLIKE]


@pytest.mark.parametrize("kind", [factory, boiler])
@pytest.mark.parametrize("days", [6, 12, 28])
def test_a_load_that_is_shut_down_is_no_slip(kind: Load, days: int) -> None:
    """A twentieth of the load stays on, day and night."""
    power = load(kind, 150).reshape(-1, PER_DAY)
    power[60 : 60 + days] = np.minimum(power[60 : 60 + days], 0.05 * power.max())
    assert Severity.MAJOR not in [f.severity for f in check(power.ravel()) if f.code == UNLIKE]


@pytest.mark.parametrize("factor", [1000.0, 1e-3, 3.6, 1 / 3.6])
@pytest.mark.parametrize("begins", [0, 60])
@pytest.mark.parametrize("seed", range(3))
def test_a_slip_of_a_solar_plant_is_major(factor: float, begins: int, seed: int) -> None:
    power = load(solar, 120, seed)
    power[begins * PER_DAY : (begins + 30) * PER_DAY] *= factor
    assert Severity.MAJOR in [f.severity for f in check(power, sun=True) if f.code == UNLIKE]


def monthly(rates: list[float], labels: list[str], *, factors: tuple[float, ...] = ()) -> list[Finding]:
    """What is said of readings by month with these mean rates."""
    timeline = timeline_of(731)
    amounts = np.array(rates) * 720
    read = ReadValues(timeline.edges[: len(rates)], amounts, lambda n: Origin(sheet="Readings", cell=f"E{n + 2}"))
    profile = profile_of(np.full(PER_DAY, 1.0), timeline)
    profile = replace(profile, interval=30 * 86_400_000_000, runs=(), kind="energy", sources=(lambda: read,))
    months = months_of(profile, timeline)[0]
    months_ = tuple(
        Month(n, label, rate * 720, 720.0, months.where)
        for n, (label, rate) in enumerate(zip(labels, rates, strict=True))
    )
    return of_meter(subject_of(profile, timeline, factors=factors, months=months_))


YEAR = [f"2024-{m:02d}" for m in range(1, 13)]


@pytest.mark.parametrize("size", [1.0, 1e-4])
@pytest.mark.parametrize(("factor", "words"), [(10.0, "factor 10 "), (1e-3, "1/1000"), (60.0, "60, used twice")])
def test_a_month_typed_with_a_slip(factor: float, words: str, size: float) -> None:
    rates = [size * rate for rate in (100.0, 110, 95, 105, 120, 115, 98, 104, 107, 99, 101, 96)]
    rates[4] *= factor
    finding = only(monthly(rates, YEAR, factors=(60.0,)), "readings.month_unlike")
    assert finding.severity is Severity.MAJOR
    assert words in finding.message
    assert "2024-05" in finding.message


@pytest.mark.parametrize("factor", [0.1, 1 / 3.6, 0.01])
def test_a_month_that_falls_may_be_one_of_snow_or_of_a_shutdown(factor: float) -> None:
    rates = [100.0, 110, 95, 105, 120, 115, 98, 104, 107, 99, 101, 96]
    rates[1] *= factor
    assert only(monthly(rates, YEAR), "readings.month_unlike").severity is Severity.MINOR


def test_seasons_are_no_slips() -> None:
    """Cooling: a tenth in January, by degrees."""
    assert monthly([10.0, 20, 45, 70, 95, 110, 115, 110, 95, 70, 40, 15], YEAR) == []


def test_a_month_far_from_the_same_month_of_another_year() -> None:
    rates = [10.0, 20, 45, 70, 95, 110, 115, 110, 95, 70, 40, 15]
    later = [11.0, 19, 44, 71, 90, 112, 30, 108, 96, 72, 41, 14]
    found = monthly(rates + later, YEAR + [f"2025-{m:02d}" for m in range(1, 13)])
    finding = only(found, "readings.month_unlike")
    assert finding.severity is Severity.MINOR
    assert "2025-07 is 0.261 times the same month of other years" in finding.message  # 30 of 115


def test_daily_sums_alone_leave_a_shutdown_in_doubt() -> None:
    power = load(factory).reshape(-1, PER_DAY).mean(axis=1)
    power[14:24] *= 0.1
    assert only(check(power, minutes=1440), "readings.month_unlike").severity is Severity.MINOR
    power = load(boiler).reshape(-1, PER_DAY).mean(axis=1)
    power[30:40] *= 1000
    found = [f for f in check(power, minutes=1440) if f.code == "readings.month_unlike"]
    assert found[0].severity is Severity.MAJOR
