"""Comparisons with a check meter, at the edges of what counts as one: months of zero, differing factors."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from jcm_mrv.findings import InputRefusedError
from jcm_mrv.result import Result
from support.results import calculated
from support.workbooks import calibration, monthly, solar_tables

OWN = solar_tables()


def checked(amounts: Sequence[float]) -> Result:
    """The solar plant of 100, 120 and 140 MWh, 0.5 t/MWh, with what a check meter of the same class counted."""
    check = {**OWN["meters"][0], "meter_id": "C-1", "serial_number": "SN-C-1", "checks": "M-1"}
    return calculated(
        tables={
            "meters": [*OWN["meters"], check],
            "calibrations": [*OWN["calibrations"], calibration("C-1")],
            "readings": [*OWN["readings"], *monthly("C-1", amounts)],
        }
    )


def test_a_month_in_which_the_check_meter_counted_nothing_is_a_contradiction() -> None:
    """0 against 120 MWh in February: the check meter is used throughout, 240 MWh x 0.5 t/MWh."""
    result = checked([100_000.0, 0.0, 140_000.0])
    (said,) = [f for f in result.findings if f.code == "crosscheck.check_meter"]
    assert said.data["spans"] == 1 and "1 of 3 spans" in said.message
    assert result.reductions == pytest.approx(120.0)


def test_a_month_of_nothing_has_no_ratio_and_a_factor_of_the_others_is_no_slip_of_all() -> None:
    """A tenth in January and March, nothing in February: no one factor explains all of it, so nothing is refused."""
    result = checked([10_000.0, 0.0, 14_000.0])
    assert [f.code for f in result.findings if f.code.startswith("crosscheck.")] == ["crosscheck.check_meter"]
    assert result.reductions == pytest.approx(12.0)


def test_one_factor_of_all_months_is_refused() -> None:
    with pytest.raises(InputRefusedError) as caught:
        checked([10_000.0, 12_000.0, 14_000.0])
    assert "crosscheck.factor" in {f.code for f in caught.value.findings}
