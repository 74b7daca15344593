"""The sheet Readings: columns taken at once against the same columns read cell by cell."""

from __future__ import annotations

from dataclasses import fields
from datetime import date, datetime, time

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from jcm_mrv.findings import Finding
from jcm_mrv.workbook import readings
from jcm_mrv.workbook.cells import FindingList, Raw
from jcm_mrv.workbook.grid import Grid
from jcm_mrv.workbook.readings import read_readings
from jcm_mrv.workbook.records import ReadingTable
from jcm_mrv.workbook.schema import sheet

SCHEMA = sheet("readings")
MOMENTS = st.datetimes(datetime(1940, 1, 1), datetime(2160, 1, 1))
CLEAN: dict[str, st.SearchStrategy[Raw]] = {
    "meter_id": st.sampled_from(["M-1", " M-2 ", "Đ-3", "x" * 200]),
    "kind": st.sampled_from(["energy", "Register", "ENERGY "]),
    "start": st.one_of(MOMENTS, st.dates(date(1949, 1, 1), date(2151, 1, 1))),
    "end": MOMENTS,
    "value": st.floats(-1e15, 1e15),
    "unit": st.sampled_from(["kWh", "MWh", "Nm3"]),
    "comment": st.sampled_from(["", "estimated", " two words "]),
    "evidence": st.sampled_from(["", "D-1"]),
}
ODD: st.SearchStrategy[Raw] = st.sampled_from(
    ["", " ", "1,5", "2024-03-01", "x" * 201, 7, 1e16, 1e-101, float("inf"), True, time(3), date(2024, 1, 1), 12.0]
)


@st.composite
def grids(draw: st.DrawFn) -> Grid:
    """A sheet of a few rows, in some columns of which something is odd, or seen by the scan."""
    count = draw(st.integers(0, 5))
    keys = [column.key for column in SCHEMA.columns if column.required or draw(st.booleans())]
    odd = draw(st.sets(st.sampled_from(keys)))
    columns = [
        draw(st.lists(st.one_of(CLEAN[key], ODD) if key in odd else CLEAN[key], min_size=count, max_size=count))
        for key in keys
    ]
    headings = {column.key: column.heading for column in SCHEMA.columns}
    rows: list[list[Raw]] = [[headings[key] for key in keys], *([list(row) for row in zip(*columns, strict=True)])]
    bad = draw(st.sets(st.sampled_from([f"{letter}{row}" for letter in "ABCDEFGH" for row in range(2, 8)]), max_size=2))
    return Grid("monitoring.xlsx", SCHEMA, "Readings", rows, frozenset(bad))


def read(grid: Grid) -> tuple[ReadingTable, list[Finding]]:
    findings = FindingList()
    return read_readings(grid, findings), findings.collected()


@given(grids())
def test_at_once_and_cell_by_cell_give_the_same(grid: Grid) -> None:
    at_once, said = read(grid)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(readings, "_at_once", lambda cells: None)
        one_by_one, said_of_each = read(grid)
    assert said == said_of_each
    for field in fields(ReadingTable):
        a, b = getattr(at_once, field.name), getattr(one_by_one, field.name)
        if isinstance(a, np.ndarray):
            assert a.dtype == b.dtype
            np.testing.assert_array_equal(a, b)
        else:
            assert a == b


def test_a_clean_sheet_is_not_looked_at_cell_by_cell(monkeypatch: pytest.MonkeyPatch) -> None:
    row: list[Raw] = ["M-1", "energy", datetime(2024, 1, 1), datetime(2024, 1, 1, 0, 59, 59, 999_600), 1.5, "kWh"]
    grid = Grid("monitoring.xlsx", SCHEMA, "Readings", [[c.heading for c in SCHEMA.columns[:6]], row])

    def refused(*_: object) -> None:
        raise AssertionError("a cell was read alone")

    monkeypatch.setattr(readings, "read_value", refused)
    table, _ = read(grid)
    assert table.value.tolist() == [1.5]
    assert table.end.tolist() == [datetime(2024, 1, 1, 1)], "a spreadsheet's time is rounded to the second"
    assert (table.meter_id.tolist(), table.comment) == (["M-1"], ("",))
