"""Arrays taken without copies, and sums as exact as those of math.fsum."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from jcm_mrv.arrays import distinct, exact_sum, taken

READ = st.integers(-(10**12), 10**12).map(lambda thousandths: thousandths / 1000)


@given(st.lists(READ, max_size=300), st.integers(0, 300))
def test_the_sum_is_that_of_fsum(values, more):
    listed = values + [0.1] * more
    assert exact_sum(np.array(listed, dtype=np.float64)) == math.fsum(listed)


@given(st.lists(st.floats(-1e100, 1e100), min_size=100, max_size=200))
def test_of_any_numbers_it_is_at_most_the_next_number(values):
    expected = math.fsum(values)
    assert abs(exact_sum(np.array(values)) - expected) <= math.ulp(expected)


def test_large_numbers_that_cancel_leave_the_small_ones():
    """1e17 + 0.001 is 1e17 in floating point; 500 of such pairs hold 0.5."""
    pairs = np.tile([1e17, 0.001, -1e17], 500)
    assert float(pairs[::-1].cumsum()[-1]) != 0.5
    assert exact_sum(pairs) == pytest.approx(0.5, abs=1e-12)


@given(st.lists(st.integers(0, 19), max_size=20))
def test_rows_are_taken_as_they_stand(rows):
    values = np.arange(20) * 1.5
    np.testing.assert_array_equal(taken(values, np.array(rows, dtype=np.int64)), [1.5 * row for row in rows])


def test_rows_that_follow_each_other_are_no_copy():
    values = np.arange(20.0)
    assert taken(values, np.arange(3, 17)).base is values
    assert taken(values, np.array([3, 5, 4, 6])).tolist() == [3, 5, 4, 6]
    assert not len(taken(values, np.arange(0)))


@given(st.lists(st.sampled_from(["kWh", "MWh", "", "kWh "])))
def test_distinct_words_stand_in_their_order(words):
    found, which = distinct(np.array(words, dtype=np.str_))
    assert found == list(dict.fromkeys(words))
    assert [found[n] for n in which] == words
