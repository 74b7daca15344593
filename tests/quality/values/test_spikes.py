"""The usual highest value of the days around, of all days at once against day by day."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from jcm_mrv.arrays import Numbers
from jcm_mrv.quality.values.spikes import _AROUND, _usual, _usual_around

VALUES = st.one_of(st.floats(0, 1e9), st.sampled_from([0.0, -np.inf, np.inf, np.nan]))


@given(arrays(np.float64, st.integers(1, 70), elements=VALUES))
def test_all_at_once_are_as_each_alone(highest: Numbers) -> None:
    alone = [_usual(highest[max(0, day - _AROUND) : day + _AROUND + 1]) for day in range(len(highest))]
    expected = [np.nan if usual is None else usual for usual in alone]
    np.testing.assert_array_equal(_usual_around(highest), expected)
