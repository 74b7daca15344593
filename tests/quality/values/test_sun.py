"""The height of the sun and generation at night: as published, of whole loads, and at each limit."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np
import pytest

from jcm_mrv.findings import Bias, Severity
from jcm_mrv.quality.values.subject import Site
from jcm_mrv.quality.values.sun import (
    _heights,
    _never_dark,
    elevation,
    night_generation,
    solar_noon_hour,
    sun_is_up,
)
from jcm_mrv.time.zones import DAY, HOUR
from support.limits import START, made
from support.loads import PER_DAY, check, load, only
from support.values import (
    HAI_PHONG,
    solar,
)

MINOR, MAJOR, ERROR = Severity.MINOR, Severity.MAJOR, Severity.ERROR
RISES, FALLS = 0.001, -0.001


def test_the_sun_stands_as_published() -> None:
    """NREL/TP-560-34302, example A.5: 17 October 2003, 19:30:30 UTC, 39.742476 N, 105.1786 W: zenith 50.11162."""
    from datetime import UTC, datetime

    from jcm_mrv.quality.values.subject import Site
    from jcm_mrv.time.zones import micros

    when = micros(datetime(2003, 10, 17, 19, 30, 30, tzinfo=UTC))
    height = elevation(np.array([when]), Site(39.742476, -105.1786))
    assert height[0] == pytest.approx(90 - 50.11162, abs=0.02)  # theirs is with refraction


def test_solar_noon_follows_longitude_and_the_equation_of_time() -> None:
    """At 106.68 E the mean noon is 12 - 7.112 = 4.888 h UTC; the sun is 16.4 min early on 3 November."""
    from datetime import UTC, datetime

    from jcm_mrv.time.zones import micros

    november = micros(datetime(2024, 11, 3, 5, tzinfo=UTC))
    assert solar_noon_hour(november, HAI_PHONG) == pytest.approx(4.888 - 16.4 / 60, abs=0.02)


def test_energy_at_night() -> None:
    """5 kW from 0:00 to 2:00 on 20 nights are 200 kWh: 0.46 % of all."""
    power = load(solar)
    for night in range(20):
        power[night * 4 * PER_DAY : night * 4 * PER_DAY + 8] += 5.0
    found = check(power, sun=True, site=HAI_PHONG)
    finding = only(found, "readings.night_generation")
    assert finding.data["nights"] == 20
    assert finding.data["amount"] == pytest.approx(200)
    assert finding.severity is Severity.MAJOR
    assert check(power, sun=True) == []  # nobody knows where the sun is
    power = load(solar)
    power[:40] += np.where(np.arange(40) < 8, 20.0, 0.0)
    finding = only(check(power, sun=True, site=HAI_PHONG), "readings.night_generation")
    assert (finding.severity, finding.data["amount"]) == (Severity.MINOR, pytest.approx(40))


def test_a_meter_of_generation_that_is_never_dark_is_no_solar_meter() -> None:
    """A load of 1 kW all day beside 20 kW at noon: a twentieth of it tells it from a wrong clock."""
    hours = np.arange(60 * PER_DAY) % PER_DAY / 4
    shape = np.clip(np.sin((hours - 6) / 12 * np.pi), 0, None)
    for base, severity in ((1.2, Severity.ERROR), (0.8, Severity.MAJOR)):
        found = check(base + 20 * shape, sun=True, site=HAI_PHONG)
        assert only(found, "readings.night_generation").severity is severity


@pytest.mark.parametrize(
    ("night", "said"),
    [(8.0, None), (8.01, MINOR), (32.0, MINOR), (32.1, MAJOR)],
)
@pytest.mark.parametrize("each", [RISES, FALLS])
def test_generation_at_night_by_its_share(night: float, said: Severity | None, each: float) -> None:
    """16,000 kWh by day; 0.05 % of all are 8.004 kWh, 0.2 % are 32.06 kWh."""
    power = np.tile(np.where((np.arange(24) >= 8) & (np.arange(24) < 16), 100.0, 0.0), 20)
    power[5 * 24 + 1] = night
    found = list(night_generation(made(power, sun=True, site=HAI_PHONG, each=each)))
    assert [f.severity for f in found] == ([] if said is None else [said])
    for finding in found:
        assert finding.effect_tco2e == pytest.approx(each * night)
        assert finding.data["share"] == pytest.approx(night / (16_000 + night))
        ((start, end, bias),) = [(q.start, q.end, q.bias) for q in finding.questionable]
        begins = START + (5 * 24 + 1) * HOUR
        assert (start, end, bias) == (begins, begins + HOUR, Bias.TOO_HIGH)
        assert "2024-01-06 01:00" in finding.found


@pytest.mark.parametrize(("night", "said"), [(5.0, MAJOR), (5.01, ERROR)])
def test_a_meter_that_is_never_dark_measures_no_sun(night: float, said: Severity) -> None:
    power = np.tile(np.where((np.arange(24) >= 8) & (np.arange(24) < 16), 100.0, night), 20)
    (found,) = night_generation(made(power, sun=True, site=HAI_PHONG))
    assert (found.severity, found.data["nights"]) == (said, 20)


def test_nights_are_counted_above_a_hundredth_of_a_day() -> None:
    """A day gives about 800 kWh: 7.9 kWh at night are a trace, 8.2 kWh are not; the second month weighs twice."""
    power = np.tile(np.where((np.arange(24) >= 8) & (np.arange(24) < 16), 100.0, 0.0), 40)
    for day, kwh in ((3, 7.9), (20, 8.2), (35, 40.0)):
        power[day * 24 + 1] = kwh
    (found,) = night_generation(made(power, sun=True, site=HAI_PHONG, each=RISES))
    assert found.data["nights"] == 2
    assert found.effect_tco2e == pytest.approx(RISES * (7.9 + 8.2 + 2 * 40.0))
    assert found.where.line == 35 * 24 + 2


@pytest.mark.parametrize(
    "stated",
    [{"sun": False, "site": HAI_PHONG}, {"sun": True}, {"sun": True, "site": HAI_PHONG, "changed": {"interval": DAY}}],
)
def test_night_is_known_only_by_hour_and_place(stated: dict[str, Any]) -> None:
    assert list(night_generation(made(np.full(24 * 20, 10.0), **stated))) == []


def test_the_equation_of_time_is_that_of_spencer() -> None:
    """On 1 January 1970 the angle is -0.5 of 365.2425 days, -0.0086014: -2.679417 minutes.

    229.18 x (0.000075 + 0.001868 x 0.999963 + 0.032077 x 0.0086013 - 0.014615 x 0.999852 + 0.040849 x 0.0172020);
    on 1 October, the 274th day, the angle is 4.7049595 and the sun 10.575207 minutes early.
    """
    greenwich = Site(0.0, 0.0)
    assert solar_noon_hour(5 * HOUR, greenwich) == pytest.approx(12 + 2.679417 / 60, abs=1e-7)
    assert solar_noon_hour(274 * DAY, greenwich) == pytest.approx(12 - 10.575207 / 60, abs=1e-7)
    assert solar_noon_hour(0, Site(0.0, 30.0)) == pytest.approx(10 + 2.679417 / 60, abs=1e-7)
    assert solar_noon_hour(0, Site(0.0, -179.0)) == pytest.approx(23 + 56 / 60 + 2.679417 / 60, abs=1e-7)
    assert solar_noon_hour(0, Site(0.0, -179.9)) == pytest.approx(24 - 0.4 / 60 + 2.679417 / 60 - 24, abs=1e-7)


def test_the_sun_stands_highest_at_solar_noon() -> None:
    """On the first days of four months: a minute before and behind it stands lower."""
    for day in (0, 91, 182, 274):
        noon = START + day * DAY + int(solar_noon_hour(START + day * DAY, HAI_PHONG) % 24 * HOUR) - START % DAY
        before, at, behind = elevation(np.array([noon - HOUR, noon, noon + HOUR]), HAI_PHONG)
        assert at > max(before, behind) and abs(before - behind) < 0.5


def test_an_hour_is_as_high_as_its_ends() -> None:
    """Of each hour the higher and the lower end; up is what stands above 15 degrees at both."""
    subject = made(np.full(48, 1.0), sun=True, site=HAI_PHONG)
    ends = elevation(START + np.arange(49) * HOUR, HAI_PHONG)
    higher, lower = _heights(subject, HAI_PHONG)
    assert higher.shape == (2, 24)
    assert higher.ravel().tolist() == [max(pair) for pair in pairwise(ends.tolist())]
    assert lower.ravel().tolist() == [min(pair) for pair in pairwise(ends.tolist())]
    # In January the sun stands at 15 degrees at about 8:00 and 16:20.
    assert np.flatnonzero(sun_is_up(subject)[1]).tolist() == [8, 9, 10, 11, 12, 13, 14, 15]


def test_without_a_place_the_bright_hours_are_those_of_the_plant_itself() -> None:
    """More than half of the hour with the most, by the days on which each is known."""
    day = np.zeros((3, 24))
    day[:, 9], day[:, 10], day[:, 11] = 50.0, 51.0, 100.0
    day[1:, 10], day[:, 12] = np.nan, np.nan
    up = sun_is_up(made(day.ravel(), sun=True))
    assert up.shape == (3, 24) and [np.flatnonzero(one).tolist() for one in up] == [[10, 11]] * 3
    assert not sun_is_up(made(np.zeros(48), sun=True)).any()
    assert not sun_is_up(made(np.tile(-1.0 - np.arange(24), 2), sun=True)).any()


@pytest.mark.parametrize(("least", "dark"), [(5.0, False), (5.01, True), (0.0, False)])
def test_never_dark_is_a_twentieth_of_the_brightest_hour(least: float, dark: bool) -> None:
    amount = np.full((4, 24), 60.0)
    amount[:, 12], amount[:, 3] = 100.0, least
    assert _never_dark(amount) is dark


@pytest.mark.parametrize("scale", [1.0, 2.0**-12])
@pytest.mark.parametrize(
    ("settings", "said"),
    [
        # 32 of 128 kWh on one of two days are a quarter
        ({}, MAJOR),
        ({"night.major_share": 0.25}, MAJOR),
        ({"night.major_share": 0.2501}, MINOR),
        ({"night.minor_share": 0.25, "night.major_share": 0.5}, MINOR),
        ({"night.minor_share": 0.2501, "night.major_share": 0.5}, None),
    ],
)
def test_a_share_of_the_night_that_is_that_of_the_setting(
    settings: dict[str, float], said: Severity | None, scale: float
) -> None:
    """Hours at 1:00 and 2:00 of the second day; what the meter draws in other hours is no generation."""
    power = np.concatenate((np.full(24, -8.0), np.full(24, -8.0)))
    power[[9, 10, 11, 12, 24 + 9, 24 + 10]] = 16.0
    power[[25, 26]] = 16.0
    found = list(night_generation(made(scale * power, sun=True, site=HAI_PHONG, settings=settings, each=RISES)))
    assert [f.severity for f in found] == ([] if said is None else [said])
    for finding in found:
        assert finding.data == {"amount": 32.0 * scale, "share": 0.25, "nights": 1}
        assert finding.message == "meter M1 shows generation on 1 night(s), while the sun is down"
        assert finding.found == f"{32 * scale:.6g} kWh, 25.00% of all; most of it on 2024-01-02 01:00"
        assert finding.effect_tco2e == pytest.approx(32.0 * scale * RISES) and finding.where.line == 24 + 2
        spans = (
            [(q.start - START) / HOUR for q in finding.questionable],
            [q.end - q.start for q in finding.questionable],
        )
        assert spans == ([25.0], [2 * HOUR])


def test_no_generation_by_night_is_none_whatever_the_setting() -> None:
    power = np.tile(np.where((np.arange(24) >= 8) & (np.arange(24) < 16), 100.0, 0.0), 2)
    settings = {"night.minor_share": 0.0}
    assert list(night_generation(made(power, sun=True, site=HAI_PHONG, settings=settings))) == []


@pytest.mark.parametrize(("hour", "said"), [(5, True), (6, False), (17, False), (18, True)])
def test_twilight_is_no_night(hour: int, said: bool) -> None:
    """In January the sun rises at about 6:35 and sets at about 17:40: at one end of these hours it is up."""
    power = np.tile(np.where((np.arange(24) >= 8) & (np.arange(24) < 16), 100.0, 0.0), 5)
    power[2 * 24 + hour] = 40.0
    assert bool(list(night_generation(made(power, sun=True, site=HAI_PHONG)))) is said


def test_of_one_day_a_hundredth_is_a_trace() -> None:
    """7 of 807 kWh are major by their share, and no night by their size; nothing at all shows nothing."""
    power = np.where((np.arange(24) >= 8) & (np.arange(24) < 16), 100.0, 0.0)
    assert list(night_generation(made(power * 0, sun=True, site=HAI_PHONG))) == []
    power[1] = 7.0
    (found,) = night_generation(made(power, sun=True, site=HAI_PHONG))
    assert (found.severity, found.data["nights"]) == (MAJOR, 0) and "on 1 night(s)" in found.message
    power[8:16], power[1] = 396.0, 32.0  # 32 of 3,200 kWh are a hundredth exactly
    (found,) = night_generation(made(power, sun=True, site=HAI_PHONG))
    assert (found.severity, found.data["nights"]) == (MAJOR, 0)
