"""Meters of like equipment against each other."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from jcm_mrv.findings import Finding, Severity
from jcm_mrv.origin import Origin
from jcm_mrv.quality.values.peers import unlike_peers
from jcm_mrv.quality.values.subject import Month
from support.limits import monthly
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


def test_six_of_the_others_are_named_and_the_rest_counted() -> None:
    (finding,) = compared(*[(10.0, 100.0)] * 8, (1000.0, 100.0))
    assert "rated capacity as M1, M2, M3, M4, M5, M6 and 2 more; near" in finding.message
    assert finding.found == "on average 1000.000% of the rated capacity, 10.000% there"


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


@pytest.mark.parametrize(
    ("shares", "factors", "said"),
    [
        ((0.125, 1.0), (), {1: 8.0}),
        ((0.125, 0.99), (), {}),
        ((0.125, 0.125 / 8), (), {1: 0.125}),
        ((1.0, 3.2), (), {1: 3.2}),  # near 3.6
        ((1.0, 3.0), (), {}),
        ((1.0, 2.9), (2.9,), {}),
        ((1.0, 3.05), (3.05,), {1: 3.05}),
        ((1.0, 1.0, 10.0), (), {2: 10.0}),
        ((10.0, 1.0, 1.0), (), {0: 10.0}),
        # the others have to agree
        ((1.0, 2.2, 16.0), (), {2: 10.0}),
        ((1.0, 2.3, 16.5), (), {}),
        ((1.0,), (), {}),
        ((0.0, 10.0), (), {}),
    ],
)
def test_meters_of_like_equipment(
    shares: tuple[float, ...], factors: tuple[float, ...], said: dict[int, float]
) -> None:
    subjects = [
        monthly([share * 100], rated=100.0, factors=factors, hours=100.0 * (n + 1)) for n, share in enumerate(shares)
    ]
    subjects = [replace(s, profile=replace(s.profile, meter_id=f"M{n}")) for n, s in enumerate(subjects)]
    found = {f.message.split()[1]: f.data["ratio"] for f in unlike_peers(subjects)}
    assert found == {f"M{n}": pytest.approx(ratio) for n, ratio in said.items()}


@pytest.mark.parametrize("changed", [{"rated": None}, {"measures": ""}, {"months": ()}])
def test_what_cannot_be_compared_with_its_like(changed: dict[str, Any]) -> None:
    one, other = (monthly([rate], rated=100.0) for rate in (10.0, 1000.0))
    assert list(unlike_peers([one, other])) and not list(unlike_peers([one, replace(other, **changed)]))
