"""A month of the boiler's auxiliaries that is next to nothing: 1000, 1020 and 970 kWh at 0.8 t/MWh.

February has 29 days, January and March 31: by their rates it would have 29/31 of 970 to 1000 kWh.
"""

from __future__ import annotations

from typing import Any

import pytest

from jcm_mrv.findings import Finding, Severity
from support.boiler import boiler
from support.results import calculated
from support.workbooks import monthly


def said(auxiliaries: list[float], fuel: tuple[float, ...] = (10.0, 11.0, 12.5), **february: Any) -> list[Finding]:
    rows = monthly("E-1", auxiliaries)
    rows[1] = {**rows[1], **february}
    result = boiler(tables={"readings": [*monthly("T-1", fuel, unit="m3"), *rows]})
    return [f for f in result.findings if f.code == "readings.low_month"]


@pytest.mark.parametrize("kwh", [0.0, -100.0, 1.02])
def test_a_month_of_next_to_nothing_is_a_question_with_its_bounds(kwh: float):
    (finding,) = said([1000.0, kwh, 970.0])
    assert finding.severity is Severity.MAJOR
    assert finding.effect_tco2e == pytest.approx(-(1000 * 29 / 31 - kwh) / 1000 * 0.8)
    assert f"{(970 * 29 / 31 - kwh) / 1000 * 0.8:,.3f} to" in finding.message


def test_a_unit_that_is_a_thousand_times_too_small():
    (finding,) = said([1000.0, 1020.0, 970.0], unit="Wh")
    assert finding.effect_tco2e == pytest.approx(-(1000 * 29 / 31 - 1.02) / 1000 * 0.8)


def test_it_counts_with_the_rate_of_the_highest_month():
    """As if February had been 29/31 of 1000 kWh = 935.48: 0.748 t less than with 0 kWh."""
    results = [boiler(tables={"readings": [*monthly("T-1", (10.0, 11.0, 12.5), unit="m3"),
                                           *monthly("E-1", [1000.0, kwh, 970.0])]})
               for kwh in (0.0, 1000 * 29 / 31)]  # fmt: skip
    assert results[0].reductions == pytest.approx(results[1].reductions)


def test_a_plant_that_stood_still_needs_no_auxiliaries():
    assert said([1000.0, 0.0, 970.0], fuel=(10.0, 0.0, 12.5)) == []


def test_a_low_month_that_is_no_slip():
    assert said([1000.0, 120.0, 970.0]) == []


def test_where_er_rises_with_the_meter_it_is_its_own_loss():
    result = calculated(tables={"readings": monthly("M-1", [100_000.0, 0.0, 140_000.0])})
    assert [f for f in result.findings if f.code == "readings.low_month"] == []
