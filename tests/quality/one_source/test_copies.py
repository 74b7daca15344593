"""Months of one meter that stand in another one's row, moved: how many make a copy."""

from __future__ import annotations

import numpy as np
import pytest

from jcm_mrv.quality.one_source.copies import same_months

YEAR = np.array([1012.3, 1193.7, 1288.1, 1344.9, 1457.3, 1512.7, 1601.9, 1533.1, 1421.3, 1307.7, 1185.9, 1071.1])


@pytest.mark.parametrize(("copied", "count"), [(8, []), (9, [(0, 1, 1, 9)])])
def test_most_of_the_months_have_to_be_the_same(copied: int, count: list[tuple[int, int, int, int]]) -> None:
    """Moved by one month two rows of 12 have 11 months in common, of which 0.8 are 8.8."""
    other = YEAR + 0.5
    other[1 : copied + 1] = YEAR[:copied]
    rows = np.array([YEAR, other])
    assert list(same_months(rows, np.full(rows.shape, 1e-5))) == count


def test_of_a_few_months_two_at_least() -> None:
    """Two rows of two months have one in common when moved by one: that may be chance."""
    rows = np.array([[1012.3, 1193.7], [977.7, 1012.3]])
    assert list(same_months(rows, np.full(rows.shape, 1e-5))) == []
