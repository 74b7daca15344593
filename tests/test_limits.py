"""The one door for numbers, and that its limits stand in the documentation."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from jcm_mrv import limits
from jcm_mrv.limits import number_fault, sound, whole_number

PAGE = (Path(__file__).parents[1] / "docs" / "limits.md").read_text(encoding="utf-8")
TITLES = {"fixed": "Fixed values", "points": "Monitoring points"}


def test_every_limit_stands_on_the_page() -> None:
    assert "1e15" in PAGE and "1e-100" in PAGE and f"{limits.MOST_YEARS} years" in PAGE
    for key, most in limits.MOST_ROWS.items():
        if most != 1_000:
            lines = [line for line in PAGE.splitlines() if TITLES.get(key, key.capitalize()) in line]
            assert any(f"{most:,}" in line for line in lines), key


@given(st.floats() | st.integers())
def test_the_door_for_one_number_and_for_many_agree(value: float) -> None:
    size = abs(value)
    through = value == 0 or (1e-100 <= size <= 1e15)
    assert (number_fault(value) == "") == through
    if math.isfinite(size) if isinstance(value, float) else size < 10**300:
        assert sound(np.array([1.0, float(value), np.nan])) == through


@pytest.mark.parametrize(
    ("digits", "number"),
    [("0", 0), ("007", 7), (b"12", 12), ("1048576", 1_048_576), ("1048577", None), ("9" * 5_000, None),
     ("0" * 5_000 + "5", 5), ("", 0), ("-1", None), ("١", None), ("1e5", None)],
)  # fmt: skip
def test_whole_numbers(digits: str | bytes, number: int | None) -> None:
    assert whole_number(digits, 1_048_576) == number
