"""Values that are not relied on: what is treated, into which direction, and what is left of ER."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from jcm_mrv.calculation import calculate_file
from jcm_mrv.result import Result
from quality.values.test_in_calculation import power, with_log
from support.workbooks import solar_tables


def calculated(folder: Path, values: np.ndarray, **tables: Any) -> Result:
    return calculate_file(with_log(folder, values, **tables))


def truth() -> float:
    """0.5 t/MWh times the energy of the sound log: quarters of an hour of mean power in kW."""
    return float(power().sum()) / 4 / 1000 * 0.5


def kinds(result: Result) -> set[str]:
    return {t.kind for t in result.treatments}


def test_a_sound_log_is_left_alone(tmp_path: Path) -> None:
    result = calculated(tmp_path, power())
    assert result.treatments == () and result.reductions == pytest.approx(truth(), rel=1e-12)


def test_a_spike_gives_no_credit(tmp_path: Path) -> None:
    values = power()
    values[20 * 96 + 48] = 40_000.0
    result = calculated(tmp_path, values)
    assert kinds(result) == {"doubtful"}
    # Only that quarter of an hour is left out, with the little that was real in it.
    assert truth() - 0.5 * 0.25 <= result.reductions <= truth()


def test_a_value_that_stands_still_gives_no_credit(tmp_path: Path) -> None:
    """Two days stand still at 500 kW: 24 MWh, 12 t, are left out."""
    values = power()
    values[40 * 96 : 42 * 96] = 500.0
    result = calculated(tmp_path, values)
    assert "doubtful" in kinds(result) and result.reductions <= truth()


@pytest.mark.parametrize("factor", [1000.0, 10.0, 3.6, 1 / 3.6, 0.1])
def test_a_span_with_a_slip_never_raises_er(factor: float, tmp_path: Path) -> None:
    """From the thirtieth day on every value is too large or too small; nobody knows which side is right."""
    values = power()
    values[30 * 96 :] *= factor
    # Without a rated capacity or highest rate nothing but the step tells it.
    equipment = [{"equipment_id": "PV-1", "serial_number": "SN", "evidence": "D-01"}]
    result = calculated(tmp_path, values, equipment=equipment)
    assert result.reductions <= truth() * (1 + 1e-9)
    (finding,) = [f for f in result.findings if f.code == "readings.month_unlike"]
    if factor > 1:
        assert "not relied on until it is proven" in finding.message and (finding.effect_tco2e or 0) < 0


def test_a_rise_of_which_some_values_are_above_the_stated_rate_gives_no_credit(tmp_path: Path) -> None:
    """Ten days 5.7 times too high, near no slip; 0.5 t/MWh of every other quarter of an hour is left."""
    values = power()
    rest = float(np.delete(values, np.s_[30 * 96 : 40 * 96]).sum()) / 4 / 1000 * 0.5
    values[30 * 96 : 40 * 96] *= 5.7
    assert 0 < np.count_nonzero(values > 3000 * 1.05) < 96 * 10 / 4, "most of the span is below the limit"
    meter = {**solar_tables()["meters"][0], "highest_rate": 3000.0, "highest_rate_unit": "kW"}
    result = calculated(tmp_path, values, meters=[meter])
    assert result.reductions == pytest.approx(rest, rel=1e-9)


def test_the_treated_rows_are_live_and_reach_the_total(tmp_path: Path) -> None:
    values = power()
    values[20 * 96 + 48] = 40_000.0
    result = calculated(tmp_path, values)
    (chain,) = result.claim.chains
    (row,) = chain.corrections
    assert row.relative == -1.0 and row.share > 0 and row.added == pytest.approx(0.0, abs=1e-9)
    january = result.evaluation[chain.graph.E_used][0]
    assert january == pytest.approx(power()[: 31 * 96].sum() / 4000 - power()[20 * 96 + 48] / 4000, rel=1e-9)
