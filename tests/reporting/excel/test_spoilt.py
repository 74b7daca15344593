"""One cell of every kind is spoilt at a time: the tonnes stay, or are no number, or the check cell says CHECK.

A kind is a column of a table: its formulas, its inputs, its ordinals. Each is
emptied; a formula gives way to a pasted number, a value to text, an ordinal
that totals match on to another.

The usual run takes of each sheet one of every kind and way of spoiling, by
a seed; with JCM_MRV_SPOIL=all in the environment it takes every one, with a number there another sample.
"""

from __future__ import annotations

import os
import random
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.cell import Cell

from jcm_mrv.conformance.cases import calculate_case, cases_of
from jcm_mrv.methodology.catalogue import catalogue
from jcm_mrv.reporting.excel.report import workbook_report
from jcm_mrv.reporting.excel.styles import INPUT_FILL
from jcm_mrv.result import Result
from support import results
from support.libreoffice import recalculated_sheets

PROCESS = "MRS(calc_process)"
HEADS = (
    "Reference emissions",
    "Project emissions",
    "Emission reductions",
    "Credited (whole tonnes)",
    "Claimed (whole tonnes)",
)
FIXED = "Fixed values and defaults"


@cache
def chillers() -> Result:
    """The case of a methodology with twelve chillers at the edges of the classes of its table."""
    with TemporaryDirectory() as folder:
        case = next(c for c in cases_of(catalogue().find("ID_AM002 2.0")) if len(c.equipment) > 1)
        return calculate_case(case, Path(folder))


CASES: dict[str, tuple[Callable[[], Result], Sequence[str]]] = {
    "hole": (
        results.solar_with_hole,
        [
            PROCESS,
            "Equipment",
            "Monitoring points",
            "Sums by point",
            "Monthly slices",
            "Readings by month",
            "Readings",
            "MRS(input) 2024",
            "Meters",
            FIXED,
        ],
    ),
    "chillers": (chillers, [PROCESS, "Equipment", FIXED]),  # a class table, several pieces of equipment
}
"""Results, and the sheets of their workbooks whose cells are spoilt."""


@dataclass(frozen=True)
class Spoilt:
    """A cell and what stands in it instead."""

    sheet: str
    coordinate: str
    value: object
    kind: str

    def __str__(self) -> str:
        return f"{self.sheet}!{self.coordinate} becomes {self.value!r}"


def kind_of(cell: Cell) -> str:
    if isinstance(cell.value, str) and cell.value.startswith("="):
        return "check" if '"CHECK"' in cell.value else "formula"
    if isinstance(cell.value, (int, float)):
        return "ordinal" if cell.fill.fgColor.rgb != "FF" + INPUT_FILL.lstrip("#") else "number"
    if isinstance(cell.value, datetime):
        return "moment"
    return "choice" if isinstance(cell.value, str) and cell.fill.fgColor.rgb == "FF" + INPUT_FILL.lstrip("#") else ""


def kinds(book: Workbook, values: Workbook, sheets: Sequence[str]) -> Iterator[Spoilt]:
    """The last cell of each run of one kind in a column, spoilt in every way there is for its kind."""
    for sheet in (book[name] for name in sheets):
        for column in sheet.iter_cols():
            for cell in column:
                kind = kind_of(cell)
                below = cell.row < sheet.max_row and kind_of(sheet.cell(cell.row + 1, cell.column)) == kind
                if kind in ("", "check") or below:
                    continue
                known = values[sheet.title][cell.coordinate].value
                pasted = known * 1.5 + 1 if isinstance(known, (int, float)) else 2.0
                later = cell.value + timedelta(days=3) if isinstance(cell.value, datetime) else None
                other = {"moment": later, "formula": pasted, "ordinal": pasted, "number": "1,5", "choice": "other"}[
                    kind
                ]
                changes = (None, other)
                yield from (Spoilt(sheet.title, cell.coordinate, change, kind) for change in changes)


def sample(every: Sequence[Spoilt], of_each: int = 1) -> list[Spoilt]:
    """Of each sheet some of every kind and way of spoiling, or all."""
    asked = os.environ.get("JCM_MRV_SPOIL", "0")
    if asked == "all":
        return list(every)
    groups: dict[tuple[str, str, bool], list[Spoilt]] = defaultdict(list)
    for one in every:
        groups[one.sheet, one.kind, one.value is None].append(one)
    chosen = random.Random(int(asked))
    return [one for group in groups.values() for one in chosen.sample(group, min(of_each, len(group)))]


def by_year(rows: list[list[float | str]]) -> Mapping[str, Mapping[str, object]]:
    """The block of results by the places of its rows: a year that is emptied has no name."""
    start = next(n for n, row in enumerate(rows) if row[0] == "Year")
    end = next(n for n, row in enumerate(rows) if row[0] == "Total")
    return {
        str(n): dict(zip(map(str, rows[start]), row, strict=True)) for n, row in enumerate(rows[start + 1 : end + 1])
    }


def silent(before: Mapping[str, Mapping[str, object]], after: Mapping[str, Mapping[str, object]]) -> bool:
    """True where the tonnes of the period are others and its check is still OK."""
    *_, (old, new) = zip(before.values(), after.values(), strict=True)
    moved = [new.get(h) != pytest.approx(old.get(h), rel=1e-9) for h in HEADS if isinstance(new.get(h), (int, float))]
    return any(moved) and new["Check"] == "OK"


@pytest.mark.timeout(1200)  # some 200 workbooks, where all are asked for
@pytest.mark.parametrize("case", CASES)
def test_no_spoilt_cell_moves_the_tonnes_in_silence(case: str, tmp_path: Path) -> None:
    result, sheets = CASES[case]
    content = workbook_report(result())
    book, values = load_workbook(BytesIO(content)), load_workbook(BytesIO(content), data_only=True)
    every = list(kinds(book, values, sheets))
    spoilt = sample(every)
    paths = [tmp_path / "before.xlsx"]
    book.save(paths[0])
    for n, one in enumerate(spoilt):
        cell = book[one.sheet][one.coordinate]
        kept, cell.value = cell.value, one.value
        paths.append(tmp_path / f"{n}.xlsx")
        book.save(paths[-1])
        cell.value = kept
    before, *after = map(by_year, recalculated_sheets(paths, PROCESS, tmp_path / "anew", timeout=600))
    *_, total = before.values()
    assert total["Check"] == "OK" and total["Emission reductions"] == pytest.approx(result().reductions, rel=1e-9)
    assert any(list(row.values())[-1]["Check"] != "OK" for row in after)
    assert len(every) > 60 and {(s.sheet, s.kind) for s in spoilt} == {(s.sheet, s.kind) for s in every}
    assert [str(one) for one, row in zip(spoilt, after, strict=True) if silent(before, row)] == []
