"""The usual highest value of the days around, of all days at once against day by day; the ends of a register."""

from datetime import date, datetime, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from jcm_mrv.arrays import Numbers
from jcm_mrv.findings import Severity
from jcm_mrv.quality.values.spikes import _AROUND, _usual, _usual_around
from support.results import calculated

VALUES = st.one_of(st.floats(0, 1e9), st.sampled_from([0.0, -np.inf, np.inf, np.nan]))


@given(arrays(np.float64, st.integers(1, 70), elements=VALUES))
def test_all_at_once_are_as_each_alone(highest: Numbers) -> None:
    alone = [_usual(highest[max(0, day - _AROUND) : day + _AROUND + 1]) for day in range(len(highest))]
    expected = [np.nan if usual is None else usual for usual in alone]
    np.testing.assert_array_equal(_usual_around(highest), expected)


@pytest.mark.parametrize(
    ("day", "extra", "taken"), [(90, 260.0, 1260.0), (0, 260.0, 1260.0), (90, 240.0, 0.0), (45, 260.0, 0.0)]
)
def test_the_last_reading_of_a_daily_register_is_above_every_other_day(day: int, extra: float, taken: float) -> None:
    """1,000 kWh in each of 91 days, 0.5 t/MWh; the first or last with 1,260 is left out, 1,240 is not."""
    amounts = [1000.0 + (extra if n == day else 0.0) for n in range(91)]
    shown = np.concatenate(([0.0], np.cumsum(amounts))).tolist()
    start = datetime(2024, 1, 1)
    rows = [
        {"meter_id": "M-1", "kind": "register", "end": start + timedelta(days=n), "value": v, "unit": "kWh"}
        for n, v in enumerate(shown)
    ]
    result = calculated(tables={"readings": rows})
    said = [f.severity for f in result.findings if f.code == "readings.spike"]
    assert said == ([Severity.MAJOR] if taken else [])
    assert result.reductions == pytest.approx((91_000 + extra - taken) * 0.5e-3)


@pytest.mark.parametrize(
    ("month", "extra", "told"),
    [(11, 260.0, True), (0, 260.0, True), (11, 240.0, False), (5, 260.0, False)],
)
def test_the_last_reading_of_a_register_read_monthly(month: int, extra: float, told: bool) -> None:
    """1,000 kWh a day in each month of 2024, 0.5 t/MWh; the last or first month with 1,260 a day is not relied on.

    What may have flowed instead is at least what the meter's other months show: not more than 366 MWh x 0.5 = 183 t.
    """
    edges = [datetime(2024, m, 1) for m in range(1, 13)] + [datetime(2025, 1, 1)]
    days = np.diff(np.array(edges, dtype="datetime64[D]")).astype(float)
    amounts = days * np.where(np.arange(12) == month, 1000.0 + extra, 1000.0)
    rows = [
        {"meter_id": "M-1", "kind": "register", "end": end, "value": value, "unit": "kWh"}
        for end, value in zip(edges, [0.0, *np.cumsum(amounts).tolist()], strict=True)
    ]
    result = calculated(project={"period_end": date(2024, 12, 31)}, tables={"readings": rows})
    found = [f for f in result.findings if f.code == "readings.spike"]
    assert [f.severity for f in found] == ([Severity.MAJOR] if told else [])
    if told:
        assert result.reductions <= 183.0 < amounts.sum() * 0.5e-3
        assert "no reading beyond it" in found[0].message
    else:
        assert result.reductions == pytest.approx(amounts.sum() * 0.5e-3)
