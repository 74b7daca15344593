"""What a rule on values may ask of a meter: gathered from claim, sheet Meters, equipment and project."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import numpy as np
import pytest

from jcm_mrv.quality.settings import DEFAULTS
from jcm_mrv.quality.values.subject import (
    RatedCapacities,
    Site,
    Subject,
    follows_sun,
    highest_of,
    months_of,
    subjects,
)
from support.claims import Sketch, air_conditioners, record, rows_of, solar
from support.forms import OutputForm, sketch
from support.limits import hours
from support.values import profile_of, timeline_of

METERS = [
    {"meter_id": "M1", "highest_rate": 150.0, "highest_rate_unit": "kW", "transformer_factor": 40.0},
    {"meter_id": "M2", "transformer_factor": 1.0},
    {"meter_id": "M1", "highest_rate": 0.2, "highest_rate_unit": "MW", "transformer_factor": 60.0},
]


def two_roofs(*points: tuple[str, str, str]) -> Sketch:
    """Of system, meter and sign; PV1 of 100 kW operates from 1 March, PV2 of 50 kW until 30 June."""
    return solar(
        equipment=[
            {"equipment_id": "PV1", "connection": ("grid", "choice"), "operation_start": date(2024, 3, 1),
             "rated_capacity": 100.0, "rated_capacity_unit": "kW"},
            {"equipment_id": "PV2", "connection": ("grid", "choice"), "operation_end": date(2024, 6, 30),
             "rated_capacity": 50.0, "rated_capacity_unit": "kW"},
        ],
        points=[{"parameter": "EG", "applies_to": unit, "meter_id": name, "sign": sign} for unit, name, sign in points],
        monthly={f"M{n}": [1000.0 * n] * 12 for n in (1, 2, 3, 4)},
    )  # fmt: skip


def found(plan: Sketch, *profiled: str) -> dict[str, Subject]:
    """The subjects of meters that have a profile, in their order."""
    claim, _ = plan.build()
    power = profile_of(hours(2), timeline_of(2), 60)
    series = replace(plan.series(), profiles=tuple(replace(power, meter_id=name) for name in profiled))
    project = record("project", 2, {"latitude": 20.5, "longitude": 106.5})
    data = replace(plan.data(), meters=rows_of("meters", METERS), project=project)
    return {one.meter: one for one in subjects(claim, series, data, plan.timeline, DEFAULTS)}


def test_every_meter_of_a_point_that_has_a_profile_is_a_subject() -> None:
    plan = two_roofs(("PV1", "M1", "+"), ("PV2", "M2", "+"), ("PV2", "M3", "-"), ("PV2", "M4", "+"))
    own = found(plan, "M3", "M9", "M1", "M2")
    assert list(own) == ["M3", "M1", "M2"]
    assert {name: one.follows_sun for name, one in own.items()} == {"M3": False, "M1": True, "M2": True}
    assert {name: one.subtracted for name, one in own.items()} == {"M3": True, "M1": False, "M2": False}
    # M1 alone makes a parameter of one element, of M2 and M3 each is a part
    assert {name: one.measures for name, one in own.items()} == {"M3": "", "M1": "VN_AM007 EG", "M2": ""}
    assert {name: one.factors for name, one in own.items()} == {"M3": (), "M1": (40.0, 60.0), "M2": ()}
    assert {name: one.site for name, one in own.items()} == dict.fromkeys(own, Site(20.5, 106.5))
    assert own["M1"].highest is not None and (own["M1"].highest.rate, own["M1"].highest.words) == (
        200.0, "the highest rate of 0.2 MW",
    )  # fmt: skip
    assert own["M2"].highest is None
    assert own["M1"].rated is not None and own["M2"].rated is not None
    assert (own["M1"].rated.rate, own["M1"].rated.words) == (100.0, "the rated capacity of 100 kWh/h")
    assert own["M2"].rated.rate == 50.0 and own["M2"].rated.where.cell.endswith("3")
    assert [m.amount for m in own["M2"].months] == [2000.0] * 12
    edges = plan.timeline.edges
    assert own["M1"].spans == ((edges[2], edges[12]),) and own["M2"].spans == ((edges[0], edges[6]),)
    assert (own["M1"].unit, own["M1"].when(int(edges[1]))) == ("kWh", "2024-02-01 00:00")


def test_a_meter_of_two_systems_stands_for_both() -> None:
    plan = two_roofs(("PV1", "M1", "+"), ("PV2", "M1", "+"), ("PV2", "M2", "-"), ("PV1", "M2", "+"))
    own, edges = found(plan, "M1", "M2"), plan.timeline.edges
    assert own["M1"].measures == own["M2"].measures == ""
    assert own["M1"].spans == ((edges[2], edges[12]), (edges[0], edges[6]))
    assert own["M1"].rated is not None and own["M1"].rated.rate == 150.0
    # added to one and taken from the other: of generation all the same
    assert own["M2"].follows_sun and own["M2"].subtracted and not own["M1"].subtracted


def test_one_meter_alone_of_two_systems_measures_none_of_them() -> None:
    own = found(two_roofs(("PV1", "M1", "+"), ("PV2", "M1", "+")), "M1")
    assert own["M1"].measures == ""


def test_what_has_no_equipment_operates_all_the_time() -> None:
    plan = sketch(OutputForm, {"Q": [1000.0] * 12, "EC": [1000.0] * 12})
    own, edges = found(plan, "EC")["EC"], plan.timeline.edges
    assert own.spans == ((edges[0], edges[12]),) and own.measures == "T EC"


def test_an_air_conditioner_does_not_follow_the_sun() -> None:
    plan = air_conditioners()
    claim, _ = plan.build()
    assert not follows_sun(claim, "M1", list(claim.points[:1]))
    sunny, _ = solar().build()
    assert follows_sun(sunny, "M1", list(sunny.points)) and not follows_sun(sunny, "M2", list(sunny.points))
    other = replace(sunny.points[0], parameter="X")
    assert not follows_sun(sunny, "M1", [other]) and follows_sun(sunny, "M1", [other, sunny.points[0]])


# --- rated capacity --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "also", "rate"),
    [
        # fuel is a boiler's own, its electricity is not; of the same unit both are its own
        ({}, {}, 10.0),
        ({}, {"parameter": "FC", "unit": "kg"}, None),
        ({}, {"parameter": "FC", "unit": "MWh"}, 10.0),
        ({}, {"parameter": "EC_PJ", "unit": "kg"}, 10.0),
        ({}, {"parameter": "FC", "unit": "kg", "applies_to": "AC2"}, 10.0),
        ({}, {"parameter": "FC", "unit": "kg", "methodology": "other"}, 10.0),
        ({"unit": "t"}, {"parameter": "FC", "unit": "kg"}, 10.0),
        ({"unit": "kWh"}, {"parameter": "FC", "unit": "kg"}, None),
        ({"unit": "GWh"}, {"parameter": "FC", "unit": "kg"}, None),
        # what is of no element is of all of them, 10 + 5
        ({"applies_to": ""}, {"parameter": "FC", "unit": "kg", "applies_to": ""}, 15.0),
        # a parameter that is not of each piece says nothing of their size
        ({"parameter": "X"}, {}, None),
        ({"methodology": "other"}, {}, None),
        ({"applies_to": "nobody"}, {}, None),
    ],
)
def test_what_equipment_can_do_limits_a_meter_that_is_its_own(changes: Any, also: Any, rate: float | None) -> None:
    plan = air_conditioners()
    for row, value in zip(plan.equipment, (10.0, 5.0), strict=True):
        row |= {"rated_capacity": value, "rated_capacity_unit": "kW"}
    claim, _ = plan.build()
    own = replace(claim.points[0], **changes)
    claim = replace(claim, points=(own, claim.points[1], *([replace(own, **also)] if also else [])))
    limit = RatedCapacities(claim, plan.data()).of("kWh", [own])
    assert (None if limit is None else limit.rate) == rate
    if "applies_to" not in {**changes, **also}:  # one of several points is enough to say nothing
        both = RatedCapacities(claim, plan.data()).of("kWh", [claim.points[1], own])
        assert (both is None) == (rate is None)


@pytest.mark.parametrize("key", ["group", "site", "electricity_source"])
def test_equipment_is_named_by_what_it_belongs_to(key: str) -> None:
    """Two of three rows belong to B: 10 + 5 kW; the limit is found at the first of them."""
    plan = air_conditioners()
    claim, _ = plan.build()
    rows = [
        {"equipment_id": name, key: of, "rated_capacity": value, "rated_capacity_unit": "kW"}
        for name, of, value in (("AC0", "A", 7.0), ("AC1", "B", 10.0), ("AC2", "B", 5.0))
    ]
    data = replace(plan.data(), equipment=rows_of("equipment", rows))
    own = replace(claim.points[0], applies_to="B")
    limit = RatedCapacities(replace(claim, points=(own,)), data).of("kWh", [own])
    assert limit is not None and limit.rate == 15.0 and limit.words == "the rated capacity of 15 kWh/h"
    assert limit.where == data.equipment[1].origin("rated_capacity")
    whole = [{**row, **dict.fromkeys(("group", "site", "electricity_source"), "B")} for row in rows]
    every = RatedCapacities(claim, replace(data, equipment=rows_of("equipment", whole)))
    limit = every.of("kWh", [replace(claim.points[0], applies_to="")])
    assert limit is not None and limit.rate == 22.0
    none = replace(data, equipment=[])
    assert RatedCapacities(claim, none).of("kWh", [replace(claim.points[0], applies_to="")]) is None


# --- months and hours ----------------------------------------------------------------------------


def test_readings_in_several_units_add_up_with_their_factors() -> None:
    """M1 has 1,000 kWh in January, 2 MWh in February and 3,000 kWh times 40 in March."""
    plan = two_roofs(("PV1", "M1", "+"))
    series = plan.series()
    parts = series.parts
    own = np.flatnonzero(parts.meter == 0)
    unit, value, factor = parts.unit.copy(), parts.value.copy(), parts.factor.copy()
    value[own[:3]], factor[own[2]], unit[own[1]] = [1000.0, 2.0, 3000.0], 40.0, 1
    series = replace(series, parts=replace(parts, units=("kWh", "MWh"), unit=unit, value=value, factor=factor))
    found_ = months_of("M1", "kWh", series, plan.timeline)
    assert [m.amount for m in found_[:4]] == [1000.0, 2000.0, 120_000.0, 1000.0]
    assert [m.label for m in found_[:2]] == ["2024-01", "2024-02"] and found_[0].rate == 1000.0 / 744
    assert found_[2].where == parts.origins[int(own[2])]


def test_the_highest_rate_is_the_largest_stated_one_with_its_cell() -> None:
    rows = rows_of("meters", METERS)
    limit = highest_of("MWh", rows)
    assert limit is not None and limit.rate == pytest.approx(0.2) and limit.where == rows[2].origin("highest_rate")
