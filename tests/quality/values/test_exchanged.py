"""Two columns of a log that change places at a date."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from jcm_mrv.findings import Finding, Severity
from jcm_mrv.quality.values.exchanged import exchanged
from support.values import air_conditioning, factory, profile_of, solar, subject_of, timeline_of

DAY = 96


def compared(*powers: np.ndarray) -> list[Finding]:
    timeline = timeline_of(len(powers[0]) // DAY)
    profiles = [replace(profile_of(power, timeline), meter_id=f"M{n}") for n, power in enumerate(powers, 1)]
    return list(exchanged([subject_of(profile, timeline) for profile in profiles]))


def pair(kind: object, sizes: tuple[float, float], days: int = 90) -> tuple[np.ndarray, np.ndarray]:
    return tuple(kind(days, np.random.default_rng(seed), size) for seed, size in zip((1, 2), sizes, strict=True))


@pytest.mark.parametrize("kind", [factory, solar, air_conditioning])
def test_columns_that_change_places_from_a_day_on(kind: object) -> None:
    one, other = pair(kind, (100.0, 250.0))
    row = 60 * DAY + 40
    a, b = np.concatenate((one[:row], other[row:])), np.concatenate((other[:row], one[row:]))
    (finding,) = compared(a, b)
    assert (finding.code, finding.severity) == ("readings.swapped", Severity.MAJOR)
    assert "meters M1 and M2" in finding.message
    assert abs(finding.where.line - 60 * DAY) <= 3 * DAY
    assert {d.meter_id for d in finding.questionable} == {"M1", "M2"}
    # Thirty of ninety days: the shorter side.
    assert all(30 <= (d.end - d.start) / 86_400e6 <= 34 for d in finding.questionable)


def test_a_span_between_two_changes() -> None:
    one, other = pair(factory, (100.0, 250.0), 120)
    a, b, span = one.copy(), other.copy(), slice(70 * DAY, 90 * DAY)
    a[span], b[span] = other[span], one[span]
    (finding,) = compared(a, b)
    assert finding.data["changes"] == 2
    assert all(20 <= (d.end - d.start) / 86_400e6 <= 27 for d in finding.questionable)


@pytest.mark.parametrize("kind", [factory, solar, air_conditioning])
def test_sound_columns_are_silent(kind: object) -> None:
    assert compared(*pair(kind, (100.0, 250.0))) == []
    assert compared(*pair(kind, (100.0, 105.0), 200)) == []


def test_machines_that_take_turns_are_silent() -> None:
    one, other = pair(factory, (100.0, 250.0), 120)
    a, b = one.copy(), other.copy()
    for month in range(0, 120, 40):
        span = slice(month * DAY, (month + 20) * DAY)
        a[span], b[span] = other[span], one[span]
    assert compared(a, b) == []


def test_shutdowns_of_one_machine_after_the_other_are_no_exchange() -> None:
    one, other = pair(factory, (100.0, 110.0), 120)
    one[70 * DAY : 77 * DAY] *= 0.15
    other[77 * DAY : 84 * DAY] *= 0.15
    assert compared(one, other) == []


def test_one_meter_that_falls_is_no_exchange() -> None:
    """From 2.5 times the other to a 2.5th of it: the ratio turns over, but both together fall."""
    one, other = pair(factory, (250.0, 100.0))
    one[60 * DAY :] /= 6.25
    assert compared(one, other) == []


def test_where_every_day_agrees_less_of_a_difference_tells_an_exchange() -> None:
    """Of two chillers one draws 1.45 times as much, less than 3 times what changes from week to week."""
    rng = np.random.default_rng(6)
    weather = np.repeat(np.exp(rng.normal(0, 0.065, (2, 26))), 7, axis=1)
    noise = np.exp(rng.normal(0, 0.04, (2, 26 * 7)))
    one, other = (np.repeat(size * days, DAY) for size, days in zip((100.0, 145.0), weather * noise, strict=True))
    assert compared(one, other) == []
    row = 70 * DAY
    [finding] = compared(np.concatenate((one[:row], other[row:])), np.concatenate((other[:row], one[row:])))
    assert finding.code == "readings.swapped"
