"""Meters of like equipment against each other."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from jcm_mrv.findings import Finding, Severity
from jcm_mrv.origin import Origin
from jcm_mrv.quality.values.peers import unlike_peers
from jcm_mrv.quality.values.subject import Month
from support.values import profile_of, subject_of, timeline_of


def compared(*units: tuple[float, float], factors: tuple[float, ...] = ()) -> list[Finding]:
    """What is said of meters with these mean rates [kW] and rated capacities [kW]."""
    timeline = timeline_of(31)
    profile = profile_of(np.full(96, 1.0), timeline)
    subjects = []
    for n, (rate, rated) in enumerate(units, 1):
        months = (Month(0, "2024-01", rate * 744, 744.0, Origin(sheet="Readings", cell=f"E{n}")),)
        own = replace(profile, meter_id=f"M{n}")
        subjects.append(subject_of(own, timeline, rated=rated, months=months, factors=factors))
    return list(unlike_peers(subjects))


def test_one_of_three_is_off_by_a_slip() -> None:
    """10 % and 12 % of the capacity, and 0.011 %: a thousandth of their 11 %."""
    (finding,) = compared((10.0, 100.0), (60.0, 500.0), (0.022, 200.0))
    assert (finding.code, finding.severity) == ("readings.unlike_peers", Severity.MINOR)
    assert finding.where.cell == "E3"
    assert finding.data["ratio"] == pytest.approx(0.001)
    assert finding.message.startswith("meter M3 counts 0.001 times as much")
    assert "1/1000" in finding.message


def test_of_two_the_pair_is_told_once() -> None:
    (finding,) = compared((10.0, 100.0), (400.0, 100.0), factors=(40.0,))
    assert "M1" in finding.message
    assert "M2" in finding.message
    assert "transformer factor 40, used twice" in finding.message


def test_use_may_differ_and_peers_may_disagree() -> None:
    assert compared((10.0, 100.0), (25.0, 100.0)) == []  # 2.5 times
    assert compared((10.0, 100.0), (60.0, 100.0)) == []  # six times is near no slip
    assert len(compared((10.0, 100.0), (90.0, 100.0))) == 1
    assert len(compared((1e-5, 1e-4), (9e-5, 1e-4))) == 1  # 0.0074 and 0.067 kWh in the month: small is not nothing
    assert compared((1.0, 100.0), (10.0, 100.0), (100.0, 100.0))[:1] == []  # who is right?
    assert compared((10.0, 100.0)) == []


def test_only_what_measures_the_same_alone_is_compared() -> None:
    timeline = timeline_of(31)
    one = subject_of(profile_of(np.full(96, 1.0), timeline), timeline, rated=100.0)
    other = subject_of(profile_of(np.full(96, 10.0), timeline), timeline, rated=100.0)
    assert len(list(unlike_peers([one, other]))) == 1
    assert list(unlike_peers([one, replace(other, measures="SYSTEM F")])) == []
    assert list(unlike_peers([one, replace(other, measures="")])) == []
