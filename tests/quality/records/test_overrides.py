"""Overrides that cannot be true: less than nothing, or more than the meter's highest rate gives in that time."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest

from jcm_mrv.findings import Finding
from jcm_mrv.quality.records.overrides import override_value_findings
from support.claims import Sketch, air_conditioners, rows_of, solar
from support.records import cell

DAY = {"start": datetime(2024, 5, 1), "end": datetime(2024, 5, 2)}


def said(value: float | None, *meters: dict[str, Any], sketch: Sketch | None = None, **row: Any) -> list[Finding]:
    """Of an override of M1 for a day; by rows of the sheet Meters."""
    given = sketch or air_conditioners()
    claim, _ = given.build()
    override = {"meter_id": "M1", "value": value, "unit": "kWh", **DAY, **row}
    rows = [{"meter_id": "M1", "highest_rate_unit": "kW", **meter} for meter in meters]
    data = replace(given.data(), overrides=rows_of("overrides", [override]), meters=rows_of("meters", rows))
    return list(override_value_findings(claim, data))


def test_less_than_nothing_does_not_flow_through_a_meter_that_counts_one_way() -> None:
    (finding,) = said(-0.5)
    assert (finding.code, finding.data) == ("overrides.negative", {"value": -0.5})
    assert finding.message == (
        "an override says that less than nothing flowed through meter M1, which never counts backwards"
    )
    assert finding.found == "-0.5 kWh" and finding.where.cell == cell("overrides", "value", 2)
    assert said(0.0) == said(0.5) == said(None) == []


def test_a_meter_that_ran_backwards_may_have_done_so_again() -> None:
    """Some reading below zero says that it counts both ways; the other meter has none. A solar plant draws standby."""
    both = air_conditioners(monthly={"M1": [1000.0] * 11 + [-1.0], "M2": [1000.0] * 11 + [0.0]})
    assert said(-0.5, sketch=both) == []
    assert len(said(-0.5, sketch=both, meter_id="M2")) == 1
    assert said(-0.5, sketch=solar()) == []
    assert len(said(-0.5, sketch=solar(), meter_id="M9")) == 1


@pytest.mark.parametrize(
    ("value", "meters", "most"),
    [
        (240.0, [{"highest_rate": 10.0}], None),
        (240.5, [{"highest_rate": 10.0}], 240.0),
        (240.5, [{"highest_rate": 10.0}, {"highest_rate": 20.0}], None),  # one was put in the place of another
        (480.5, [{"highest_rate": 10.0}, {"highest_rate": 20.0}], 480.0),
        (480.5, [{"highest_rate": 20.0}, {"highest_rate": 10.0}], 480.0),
        (240.5, [{"highest_rate": 0.01, "highest_rate_unit": "MW"}], 240.0),
        (1e9, [{"highest_rate": 10.0, "highest_rate_unit": "m3/h"}], None),
        (1e9, [{"highest_rate": 10.0, "highest_rate_unit": " "}], None),
        (1e9, [{"highest_rate": 0.0}], None),  # no name plate has such a rate, which is another finding
        (24.5, [{"highest_rate": 1.0}], 24.0),
        (1e9, [{"highest_rate": None}], None),
        (1e9, [{"highest_rate": 1.0, "meter_id": "M2"}], None),
        (1e9, [], None),
    ],
)
def test_more_than_the_highest_rate_gives_in_a_day(value: float, meters: list[Any], most: float | None) -> None:
    found = said(value, *meters)
    assert [f.data for f in found] == ([] if most is None else [{"value": value, "most": most}])
    for finding in found:
        assert (finding.code, finding.where.cell) == ("overrides.above_rate", cell("overrides", "value", 2))
        assert finding.message == (
            "an override says that more flowed through meter M1 than its highest rate gives in 24.00 hours"
        )
        assert finding.found == f"{value:g} kWh, at most {most:g} kWh"


@pytest.mark.parametrize("times", [{"start": None}, {"end": None}, {"end": DAY["start"]}, {"start": DAY["end"]}])
def test_an_override_of_no_time_is_refused_elsewhere(times: dict[str, Any]) -> None:
    assert said(1e9, {"highest_rate": 1.0}, **times) == []


def test_below_zero_the_amount_counts_against_the_rate() -> None:
    found = said(-240.5, {"highest_rate": 10.0}, sketch=solar())
    assert [(f.code, f.data["value"]) for f in found] == [("overrides.above_rate", -240.5)]
