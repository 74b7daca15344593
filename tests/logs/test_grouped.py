"""Numbers with their thousands set apart, read a whole stretch at once: as each cell by itself, or not at all."""

from __future__ import annotations

import math
import re
from datetime import UTC

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from jcm_mrv.logs.arrow import direct_block
from jcm_mrv.logs.blocks import Plan
from jcm_mrv.logs.findings import Problems
from jcm_mrv.logs.grouped import without_groups
from jcm_mrv.numerals import NumberFormat
from jcm_mrv.time.timestamps import TimestampFormat

COMMA = NumberFormat(",", grouped=True)
PLAIN = re.compile(r"-?[1-9]\d{0,2}(\.\d{3})*(,\d+)?")
ODD = st.text("0123456789.,+-eE ", max_size=12)
NUMBER = st.builds(
    lambda value, decimals, group: f"{value:{group}.{decimals}f}".translate({44: 46, 46: 44}),
    st.floats(-1e9, 1e9), st.integers(0, 4), st.sampled_from(["", ","]),
)  # fmt: skip
NUMBERS = st.lists(st.tuples(NUMBER, NUMBER), min_size=1, max_size=6)
CELLS = NUMBERS | st.lists(st.tuples(NUMBER | ODD, NUMBER | ODD), min_size=1, max_size=6)


def plan(number: NumberFormat) -> Plan:
    return Plan(3, 0, TimestampFormat(order="DMY"), UTC, (1, 2), numbers={1: number, 2: number}, surveyed=True)


@given(CELLS)
def test_each_value_is_that_of_its_cell(cells):
    """Either nothing at all is read, or every cell as its format says: 1.234,5 is 1234.5 and 12.34 no number."""
    text = "".join(f"31.12.2024 10:{n:02d};{a};{b}\n" for n, (a, b) in enumerate(cells))
    block = direct_block(text.encode(), 2, ";", plan(COMMA), Problems("log.csv"))
    if block is None:
        assert not all(PLAIN.fullmatch(cell) for row in cells for cell in row)
        return
    for n, row in enumerate(cells):
        for column, cell in enumerate(row, start=1):
            expected = COMMA.parse(cell) if cell else math.nan
            assert expected is not None, cell
            np.testing.assert_equal(block.values[column][n], expected)
    assert np.diff(block.stamp).tolist() == [60_000_000] * (len(cells) - 1)


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        (["1.234,5", "-12.345.678,25"], [1234.5, -12345678.25]),
        (["0,5", "1.000"], [0.5, 1000.0]),
        (["", "999,999"], [math.nan, 999.999]),
    ],
)
def test_grouped_numbers_are_read_at_once(cells, expected):
    chunk = f"01.02.2024 00:15;{';'.join(cells)}\n".encode()
    block = direct_block(chunk, 2, ";", plan(COMMA), Problems("log.csv"))
    assert block is not None
    np.testing.assert_array_equal([block.values[1][0], block.values[2][0]], expected)


def test_american_numbers_between_semicolons():
    chunk = b"01/02/2024 00:15;1,234.5;12,345,678\n"
    block = direct_block(chunk, 2, ";", plan(NumberFormat(".", grouped=True)), Problems("log.csv"))
    assert block is not None
    assert (block.values[1][0], block.values[2][0]) == (1234.5, 12345678.0)


@pytest.mark.parametrize(
    "cell", ["01.234,5", "1.23", "1.2345", "12.34.567", "1,234.567", "1.234.56", "1234.567", "x.123", "1.234e5"]
)
def test_what_is_no_grouped_number(cell):
    chunk = f"31.12.2024 00:15;{cell};1\n".encode()
    assert direct_block(chunk, 2, ";", plan(COMMA), Problems("log.csv")) is None


@pytest.mark.parametrize("chunk", [b"a;1.234,5;12345,6\n", b'"a;1.234";2\n', b"a;1.234,5E3;2\n"])
def test_what_needs_a_look_at_each_cell(chunk):
    """Long numbers beside grouped ones, cells in quotes, and powers of ten."""
    assert without_groups(chunk, ",", ";") is None


def test_a_time_without_a_space_is_not_taken_for_what_is_left_of_it():
    """20.240.101 is no date, although 20240101 is one."""
    chunk = b"20.240.101;1,5;2\n"
    assert direct_block(chunk, 2, ";", plan(COMMA), Problems("log.csv")) is None
