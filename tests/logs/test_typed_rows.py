"""Rows of a spreadsheet at once, against every cell looked at by itself."""

from __future__ import annotations

from datetime import datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from jcm_mrv.logs.blocks import Block, Plan, careful_block
from jcm_mrv.logs.cells import CellValue
from jcm_mrv.logs.findings import Problems
from jcm_mrv.logs.typed_rows import typed_block
from jcm_mrv.time.timestamps import TimestampFormat
from jcm_mrv.time.zones import parse_zone

START = datetime(2024, 10, 27)  # the clock of Berlin shows 02:00 to 03:00 twice
TIMES = st.one_of(
    st.integers(0, 200).map(lambda n: START + timedelta(minutes=15 * n)),
    st.integers(0, 20_000).map(lambda n: START + timedelta(microseconds=n)),
    st.sampled_from([None, "", "2024-10-27 01:00", "Total", 45592.25, datetime(1, 1, 1), datetime(9999, 12, 31), True]),
)
VALUES = st.one_of(
    st.floats(0, 1e4),
    st.sampled_from([None, "", " ", "n/a", "#DIV/0!", "5", True, 3, 10**400, 1e16, 1e-200, -0.0, float("nan"), START]),
)


def said(block: Block, problems: Problems) -> tuple[object, ...]:
    values = {c: [repr(v) for v in column.tolist()] for c, column in block.values.items()}
    footers = sorted(f.line for f in problems.footers)
    return block.line.tolist(), block.stamp.tolist(), values, dict(block.unsure), problems.findings(), footers


@given(st.lists(st.tuples(TIMES, VALUES, VALUES), max_size=12), st.sampled_from(["Europe/Berlin", "Asia/Tokyo"]))
def test_rows_at_once_are_those_of_the_careful_way(rows: list[tuple[CellValue, ...]], zone: str) -> None:
    plan = Plan(3, 0, TimestampFormat(), parse_zone(zone), (1, 2), headings=("time", "a", "b"), surveyed=True)
    at_once, with_care = Problems("log.xlsx"), Problems("log.xlsx")
    block = typed_block(rows, 5, plan, at_once)
    other = careful_block(enumerate(rows, start=5), plan, with_care, typed=True)
    assert said(block, at_once) == said(other, with_care)
