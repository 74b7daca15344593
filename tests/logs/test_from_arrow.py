"""Columns of pyarrow as arrays: the same numbers as pyarrow's own way gives, without pandas."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from jcm_mrv.logs.from_arrow import array_of

CELLS = st.lists(st.none() | st.floats(allow_nan=False), max_size=40)


@given(CELLS, CELLS, st.integers(0, 9))
def test_floats_with_empty_cells_in_pieces_and_from_any_row_on(first, second, skipped):
    column = pa.chunked_array([pa.array(first, pa.float64()), pa.array(second, pa.float64())]).slice(skipped)
    expected = [np.nan if cell is None else cell for cell in (first + second)[skipped:]]
    np.testing.assert_array_equal(array_of(column), np.array(expected, dtype=np.float64))


def test_instants_and_indices():
    times = pa.array([0, None, 1_000_000], pa.timestamp("us"))
    assert array_of(times, -1).tolist() == [0, -1, 1_000_000]
    words = pa.array(["a", None, "b", "a"]).dictionary_encode()
    assert array_of(words.indices, 2).tolist() == [0, 2, 1, 0]


def test_a_plain_log_is_read_without_pandas():
    program = (
        "import sys; from jcm_mrv.logs.arrow import fast_block; from jcm_mrv.logs.blocks import Plan\n"
        "from jcm_mrv.logs.findings import Problems; from jcm_mrv.time.timestamps import TimestampFormat\n"
        "from datetime import UTC\n"
        "block = fast_block(b'2024-01-01 00:00:00,1.5\\n2024-01-01 00:15:00,\\n', 2, ',',\n"
        "    Plan(2, 0, TimestampFormat(), UTC, (1,)), Problems('log.csv', ''))\n"
        "assert block.values[1][0] == 1.5 and block.stamp[1] - block.stamp[0] == 900_000_000\n"
        "sys.exit('pandas' in sys.modules)"
    )
    subprocess.run([sys.executable, "-c", program], check=True)
