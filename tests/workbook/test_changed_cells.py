"""What changed between two monitoring workbooks: rows by what they are about, wherever they stand."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import pytest

from jcm_mrv.workbook.change import Change, Kind
from jcm_mrv.workbook.changed_cells import MOST, changed_cells
from jcm_mrv.workbook.reading import read_workbook
from support.workbooks import monthly, solar_workbook

ROWS = monthly("M-1", (100.0, 120.0, 140.0))


def between(folder: Path, old: dict[str, Any], new: dict[str, Any]) -> list[Change]:
    books = [solar_workbook(folder / f"{n}.xlsx", tables=tables) for n, tables in enumerate((old, new))]
    return list(changed_cells(*map(read_workbook, books)))


def test_rows_that_moved_are_no_change(tmp_path: Path) -> None:
    moved = ROWS[:]
    random.Random(7).shuffle(moved)
    assert between(tmp_path, {"readings": ROWS}, {"readings": moved[::-1]}) == []


@pytest.mark.parametrize("at", range(3))
def test_one_cell_is_one_change_with_its_place(tmp_path: Path, at: int) -> None:
    """Row 1 holds the headings, and Value is the fifth column."""
    rows = [{**row, "value": row["value"] + 5} if n == at else row for n, row in enumerate(ROWS)]
    (found,) = between(tmp_path, {"readings": ROWS}, {"readings": rows})
    assert found.what.startswith(f"Readings!E{at + 2}, Value (M-1, energy, ") and found.difference == "+5"
    assert (found.kind, found.before, found.now) == (
        Kind.CHANGED, f"{ROWS[at]['value']:g}", f"{ROWS[at]['value'] + 5:g}"
    )  # fmt: skip


def test_a_row_between_others_is_new_and_those_below_it_are_not(tmp_path: Path) -> None:
    (found,) = between(tmp_path, {"readings": [ROWS[0], ROWS[2]]}, {"readings": ROWS})
    assert (found.kind, found.what) == (Kind.NEW, "Readings, row 3") and "Value: 120" in found.now
    (gone,) = between(tmp_path, {"readings": ROWS}, {"readings": [ROWS[0], ROWS[2]]})
    assert (gone.kind, gone.what, gone.before) == (Kind.GONE, "Readings, row 3", found.now)


def test_what_is_too_much_to_be_listed_is_counted(tmp_path: Path) -> None:
    many = [{**ROWS[0], "value": float(n)} for n in range(MOST + 20)]
    found = between(tmp_path, {"readings": []}, {"readings": many})
    assert len(found) == MOST + 1 and found[-1].what == "Readings: and 20 more"
