"""Rules on the size of values: spikes, capacity, below zero, calendar."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from jcm_mrv.findings import Bias, Severity
from jcm_mrv.origin import Origin
from jcm_mrv.quality.settings import DEFAULTS
from jcm_mrv.quality.values.hours import beyond_calendar
from jcm_mrv.quality.values.scaling import explaining, nearest
from jcm_mrv.quality.values.size import above_capacity, below_capacity, negative
from jcm_mrv.quality.values.spikes import spike
from jcm_mrv.quality.values.subject import Month
from jcm_mrv.time.zones import HOUR
from support.sheets import at, parts_of
from support.values import air_conditioning, factory, profile_of, solar, subject_of, timeline_of

DAY = 96


def subject(power: np.ndarray, **stated):
    timeline = timeline_of(len(power) // DAY)
    return subject_of(profile_of(power, timeline), timeline, **stated)


def work(days: int = 60) -> np.ndarray:
    return factory(days, np.random.default_rng(5))


# --- single values -----------------------------------------------------------------


def test_values_above_the_highest_rate():
    power = work()
    power[1000], power[2000] = 4000.0, 700.0
    (finding,) = spike(subject(power, highest=600.0))
    assert (finding.code, finding.severity) == ("readings.spike", Severity.MAJOR)
    assert finding.where.line == 1002
    assert finding.data == {"count": 2, "rate": 4000.0, "amount": 1175.0}  # (4,000 + 700) kW for a quarter of an hour


def test_values_above_the_highest_rate_day_after_day():
    """Twice the highest rate is refused where it is reached on more than three days; less is not relied on."""
    (finding,) = spike(subject(work(), highest=300.0))
    assert finding.severity is Severity.MAJOR
    assert finding.message.startswith("meter M1 has at least 16 value(s)")
    hours = sum(d.end - d.start for d in finding.questionable) / HOUR
    assert hours > 45 * 12  # the shifts of the working days
    (finding,) = spike(subject(work(), highest=200.0))
    assert finding.severity is Severity.ERROR


def test_the_rated_capacity_bounds_a_solar_plant():
    power = solar(60, np.random.default_rng(5))
    power[1000] = 119.0
    assert list(spike(subject(power, sun=True, rated=100.0))) == []
    power[1000] = 121.0
    (finding,) = spike(subject(power, sun=True, rated=100.0))
    assert finding.severity is Severity.MAJOR


def test_without_a_limit_a_value_far_above_every_other_is_minor_or_major():
    """A usual day's highest value is about 450 kW: 1,900 is above three times, 5,000 above eight times that."""
    power = work()
    power[1000] = 1900.0
    (finding,) = spike(subject(power))
    assert (finding.severity, finding.where.line) == (Severity.MINOR, 1002)
    power[1000] = 5000.0
    (finding,) = spike(subject(power))
    assert (finding.severity, finding.where.line) == (Severity.MAJOR, 1002)


def test_large_values_that_come_again_and_again_are_the_load():
    power = work()
    power[40 + DAY * np.arange(0, 60, 10)] = 5000.0
    assert list(spike(subject(power))) == []


def test_a_spike_out_of_season_is_seen_against_the_days_around():
    power = air_conditioning(366, np.random.default_rng(5))
    day = 5 * DAY + 50
    power[day] *= 20
    assert power[day] < power.max()  # summer is higher
    (finding,) = spike(subject(power))
    assert finding.where.line == 5 * DAY + 2  # found to the day, and its time to the hour
    assert [d.end - d.start for d in finding.questionable] == [HOUR]
    assert finding.questionable[0].start == subject(power).profile.instant(5, 12)


# --- months ------------------------------------------------------------------------


def month(amount: float, hours: float = 8784.0) -> tuple[Month, ...]:
    return (Month(0, "2024-01", amount, hours, Origin(sheet="Readings", cell="E2")),)


def in_megawatt_hours(amount: float, **stated):
    one = subject(work(10), months=month(amount), **stated)
    return replace(one, profile=replace(one.profile, unit="MWh"))


def test_the_filed_factory_of_42_826_880_megawatt_hours():
    """Over the 8,784 hours of a year that is 4,876 MW. As kWh, which it plainly was, it is 4.9 MW."""
    (finding,) = above_capacity(in_megawatt_hours(42_826_880))
    assert (finding.code, finding.severity) == ("readings.above_capacity", Severity.ERROR)
    assert finding.data["times"] == pytest.approx(42_826_880 / 8784 / 500)
    assert "factor 1000 of a wrong unit" in finding.message
    assert finding.where.cell == "E2"
    assert list(above_capacity(in_megawatt_hours(42_826.88))) == []


def test_a_month_above_the_highest_rate_times_its_hours():
    """600 kW for 744 hours are 446,400 kWh."""
    assert list(above_capacity(subject(work(), highest=600.0, months=month(446_000, 744)))) == []
    (finding,) = above_capacity(subject(work(), highest=600.0, factors=(40.0,), months=month(4_464_000, 744)))
    assert finding.data["times"] == pytest.approx(10)
    assert "transformer factor 40, used twice" in finding.message
    assert "at most 446,400 kWh" in finding.found
    (finding,) = above_capacity(subject(work(), highest=600.0, months=month(500_000, 744)))
    assert finding.severity is Severity.MAJOR  # less than twice: not refused


def test_rated_capacity_of_generation_and_of_loads():
    """Generation up to 1.2 times the rated capacity all day long, electricity 1.5 times, other energy 5 times."""
    generation = {"sun": True, "rated": 100.0}
    assert list(above_capacity(subject(work(), months=month(100 * 744 * 1.19, 744), **generation))) == []
    assert len(list(above_capacity(subject(work(), months=month(100 * 744 * 1.21, 744), **generation)))) == 1
    assert list(above_capacity(subject(work(), months=month(100 * 744 * 1.49, 744), rated=100.0))) == []
    assert len(list(above_capacity(subject(work(), months=month(100 * 744 * 1.51, 744), rated=100.0)))) == 1
    for times, count in ((4.9, 0), (5.1, 1)):
        one = subject(work(), months=month(100 * 744 * times, 744), rated=100.0)
        one = replace(one, profile=replace(one.profile, unit="GJ"))
        assert len(list(above_capacity(one))) == count


def test_a_transformer_factor_that_is_never_used():
    power = solar(60, np.random.default_rng(5))
    assert list(below_capacity(subject(power, sun=True, rated=100.0, factors=(40.0,)))) == []
    (finding,) = below_capacity(subject(power / 40, sun=True, rated=100.0, factors=(40.0,)))
    assert (finding.code, finding.severity) == ("readings.below_capacity", Severity.MINOR)
    assert "transformer factor 40, not used" in finding.message
    # A load may stay far below its highest rate; only a ratio near a slip is named.
    assert list(below_capacity(subject(work() / 6, highest=600.0, factors=(40.0,)))) == []
    (finding,) = below_capacity(subject(work() / 40, highest=470.0, factors=(40.0,)))
    assert "transformer factor 40, not used" in finding.message
    # Cooling of 1,600 kW that draws 470 kW at most: a 40th of it is below a 20th of the capacity.
    assert list(below_capacity(subject(work(), rated=1600.0))) == []
    assert len(list(below_capacity(subject(work() / 40, rated=1600.0)))) == 1
    assert list(below_capacity(subject(work() / 40, rated=1600.0, measures=""))) == []  # shared or subtracted


@pytest.mark.parametrize(("factor", "named"), [(1.0, ""), (2.0, ""), (3.6, "1/3.6"), (10.0, "1/10")])
def test_a_load_whose_busy_days_reach_three_quarters_of_its_highest_rate(factor: float, named: str):
    """Sound, it reaches 0.7 of 640 kW; in MJ taken for kWh 0.19, nearer to 1/3.6 of 0.75 than to 1/3.6 itself."""
    load = subject(work() / factor, highest=640.0)
    for sign, severity in ((-1.0, Severity.MAJOR), (1.0, Severity.MINOR)):  # ER falls, or rises, by 1 t/MWh
        found = list(below_capacity(replace(load, effects=lambda _m, _u, kwh, s=sign: s * sum(kwh.values()) / 1000)))
        assert [f.severity for f in found] == ([severity] if named else [])
    assert all(f"the factor {named} of a wrong unit" in f.message for f in found)


def test_a_load_far_below_its_fuse_is_a_question_and_never_refused():
    (finding,) = below_capacity(subject(work(), highest=40_000.0))
    assert finding.severity is Severity.MAJOR
    assert "column Highest rate of the sheet Meters" in finding.action and "Comment" in finding.action


def test_a_load_a_thousand_times_below_what_it_can_draw_is_refused():
    for highest, severity in ((470_000.0, Severity.ERROR), (130_000.0, Severity.MAJOR)):
        (finding,) = below_capacity(subject(work(), highest=highest))
        assert finding.severity is severity


# --- below zero --------------------------------------------------------------------


def test_standby_at_night_is_no_more_than_a_note():
    power = solar(60, np.random.default_rng(5), night=0.3)
    assert list(negative(subject(power, sun=True))) == []


def test_a_sign_that_turns_for_a_morning_or_for_weeks_is_major():
    power = work()
    power[1000:1012] *= -1
    (finding,) = negative(subject(power))
    assert (finding.code, finding.severity) == ("readings.negative", Severity.MAJOR)
    (span,) = finding.questionable  # the hours of the 12 values: 10:00 to 13:00 of the 11th day
    assert (span.end - span.start, span.bias) == (3 * HOUR, Bias.TOO_LOW)
    power[1000 : 1000 + 14 * DAY] = -abs(power[1000 : 1000 + 14 * DAY])
    (finding,) = negative(subject(power))
    assert finding.severity is Severity.MAJOR
    assert finding.data["share"] == pytest.approx(-power[power < 0].sum() / power[power > 0].sum())


def test_a_meter_that_feeds_back_on_sundays_is_minor():
    power = work()
    for sunday in range(6, 60, 7):
        power[sunday * DAY + 48 : sunday * DAY + 56] = -300.0
    (finding,) = negative(subject(power))
    assert finding.severity is Severity.MINOR
    assert finding.questionable == ()


@pytest.mark.parametrize(("effect", "severity"), [(0.4, Severity.MAJOR), (-0.4, Severity.MINOR)])
def test_negative_values_of_what_lowers_er_are_a_gain(effect: float, severity: Severity):
    """300 kW backwards for two hours on eight Sundays; what ER is without them decides."""
    power = work()
    for sunday in range(6, 60, 7):
        power[sunday * DAY + 48 : sunday * DAY + 56] = -300.0
    asked = []
    one = replace(subject(power), effects=lambda *of: asked.append(of) or effect)
    (finding,) = negative(one)
    assert finding.severity is severity and bool(finding.questionable) is (effect > 0)
    assert sum(asked[0][2].values()) == pytest.approx(power[power < 0].sum() / 4)


# --- calendar ----------------------------------------------------------------------


def test_operating_hours_beyond_the_calendar():
    """January has 744 hours; 750 are refused, 744 and a rounded 746 are not."""

    def found(hours: float, unit: str = "h"):
        rows = [{"start": at("2024-01-01 00:00"), "end": at("2024-02-01 00:00"), "value": hours, "unit": unit}]
        meters = [{"meter_id": "M-1", "unit": unit, "transformer_factor": 12.0}]
        series = parts_of(meters=meters, rows=rows, end=date(2024, 3, 31))
        return list(beyond_calendar(series.parts, DEFAULTS))

    assert found(744) == found(746) == []
    (finding,) = found(750)
    assert (finding.code, finding.severity) == ("readings.beyond_calendar", Severity.ERROR)
    assert finding.found == "750 h in 744 h"
    assert finding.where.cell == "E2"
    assert found(750, "kWh") == []
    assert len(found(60 * 750, "min")) == 1


def test_hours_of_a_register_over_two_months_are_told_once():
    """1,500 hours from 1 January to 1 March, which are 1,440."""
    rows = [
        {"kind": "register", "end": at(f"2024-0{m}-01 00:00"), "value": v, "unit": "h"} for m, v in ((1, 0), (3, 1500))
    ]
    meters = [{"meter_id": "M-1", "unit": "h"}]
    series = parts_of(meters=meters, rows=rows, end=date(2024, 3, 31))
    (finding,) = beyond_calendar(series.parts, DEFAULTS)
    assert finding.data == {"hours": 1500.0, "calendar": 1440.0}


# --- slips -------------------------------------------------------------------------


def test_the_nearest_slip_within_the_tolerance():
    near = nearest(38.0, (40.0,), 0.15)
    assert near is not None and near.factor == 40.0
    near = nearest(0.98e-3, (), 0.15)
    assert near is not None and near.factor == pytest.approx(1e-3)
    assert nearest(5.7, (40.0,), 0.15) is None
    assert nearest(-10.0, (), 0.15) is None


def test_what_would_bring_an_amount_back():
    assert explaining(9.75, ()) == (
        "the factor 1000 of a wrong unit or decimal point; the factor 60 of a wrong unit or decimal point; "
        "the factor 10 of a wrong unit or decimal point; the factor 100 of a wrong unit or decimal point"
    )


def test_a_meter_that_only_runs_backwards_reads_all_of_it_below_nothing() -> None:
    (finding,) = negative(subject(np.full(96 * 10, -5.0)))
    assert "100.00% of what it reads above nothing" in finding.message
