"""The usual highest value of the days around, of all days at once against day by day; the ends of a register."""

from datetime import datetime, timedelta

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
