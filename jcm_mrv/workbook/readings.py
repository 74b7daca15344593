"""The sheet Readings as arrays: a column without anything odd is taken at once, any other cell by cell.

Both ways come to the same (``tests/workbook/test_readings.py``); only the second has something to say.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import numpy as np
import numpy.typing as npt

from jcm_mrv.arrays import Numbers, Ordinals
from jcm_mrv.limits import sound
from jcm_mrv.origin import NOWHERE
from jcm_mrv.words import say
from jcm_mrv.workbook.cells import FIRST_YEAR, LAST_YEAR, MAX_NAME, TEXT_TOO_LONG, FindingList, Raw, read_cell
from jcm_mrv.workbook.grid import Grid, match_headings
from jcm_mrv.workbook.records import ReadingTable
from jcm_mrv.workbook.row import Value
from jcm_mrv.workbook.scan import column_letters
from jcm_mrv.workbook.schema_columns import Column, Kind
from jcm_mrv.workbook.tables import read_value

_NAMES = ("meter_id", "kind", "unit")
_TEXTS = ("comment", "evidence")
_EPOCH, _MICROSECOND = datetime(1970, 1, 1), timedelta(microseconds=1)


@dataclass(frozen=True)
class _Cells:
    """One column of the sheet; ``index`` is -1, and there are no ``raws``, where the sheet does not have it."""

    grid: Grid
    column: Column
    index: int
    raws: Sequence[Raw]

    def one_by_one(self, findings: FindingList) -> list[Value]:
        """The value of each cell."""
        if self.index < 0:
            return [None] * len(self.grid.filled)
        return [
            read_value(self.grid, row, self.index, raw, self.column, findings).value
            for (row, _), raw in zip(self.grid.body, self.raws, strict=True)
        ]


def read_readings(grid: Grid, findings: FindingList) -> ReadingTable:
    """The sheet Readings; what is wrong with a cell is a finding, and there is no value then."""
    at = match_headings(grid, findings).at
    cells = {column.key: _cells(grid, column, at.get(column.key, -1)) for column in grid.schema.columns}
    taken = {key: _at_once(one) for key, one in cells.items()}
    looked_at = {key: one.one_by_one(findings) for key, one in cells.items() if taken[key] is None}
    for key in _NAMES:
        _report_long_names(cells[key], looked_at.get(key, []), findings)
    arrays = {key: _array(key, values) for key, values in looked_at.items()}
    return ReadingTable(
        file=grid.file,
        row=grid.filled + 1,
        letters={key: column_letters(index + 1) for key, index in at.items()},
        **{**taken, **arrays},
    )


def _cells(grid: Grid, column: Column, index: int) -> _Cells:
    return _Cells(grid, column, index, grid.below(index) if index >= 0 and len(grid.filled) else [])


def _report_long_names(cells: _Cells, values: list[Value], findings: FindingList) -> None:
    """A name or a unit is short: one long text would make every entry of an array long."""
    for (row, _), value in zip(cells.grid.body, values, strict=False):
        if isinstance(value, str) and len(value) > MAX_NAME:
            message = say("a name or unit has at most {max_name} characters", max_name=MAX_NAME)
            where = cells.grid.origin(row, cells.index)
            action = say("Shorten it, on every sheet alike.")
            findings.add(
                TEXT_TOO_LONG(
                    message, where, found=say("{number_of_value} characters", number_of_value=len(value)), action=action
                )
            )


def _array(key: str, values: list[Value]) -> Any:
    """Values one by one as the table has them."""
    if key in _TEXTS:
        return tuple(str(value or "") for value in values)
    if key in _NAMES:
        return np.array([str(value or "")[:MAX_NAME] for value in values], dtype=np.str_)
    if key == "value":
        return np.array([np.nan if v is None else v for v in values], dtype=np.float64)
    return np.array([np.datetime64("NaT") if v is None else v for v in values], dtype="datetime64[us]")


# --- at once; None where each cell must be looked at ---


def _at_once(cells: _Cells) -> Any:
    raws, kinds = cells.raws, set(map(type, cells.raws))
    if not raws or column_letters(cells.index + 1) in cells.grid.bad_columns:
        return None
    kind, key = cells.column.kind, cells.column.key
    if kind is Kind.NUMBER and kinds == {float}:
        return _numbers(raws)
    if kind is Kind.DATETIME and kinds <= {datetime, date}:
        return _moments(raws)
    if key in _NAMES and kinds == {str}:
        return _words(raws, cells.column)
    if key in _TEXTS and kinds == {str}:
        stripped = {raw: str(raw).strip() for raw in set(raws)}
        return tuple(map(stripped.__getitem__, raws))
    return None


def _numbers(raws: Sequence[Raw]) -> Numbers | None:
    values = np.array(raws, dtype=np.float64)
    return values if bool(np.isfinite(values).all()) and sound(values) else None


def _words(raws: Sequence[Raw], column: Column) -> npt.NDArray[np.str_] | None:
    """Few different words, many times: each is looked at once."""
    ordinals = {raw: n for n, raw in enumerate(dict.fromkeys(raws))}
    words = []
    for raw in ordinals:
        value, finding = read_cell(raw, column, NOWHERE)
        if (value is None and column.required) or finding is not None or len(str(value or "")) > MAX_NAME:
            return None
        words.append(str(value or ""))
    return np.array(words, dtype=np.str_)[_looked_up(ordinals, raws)]


def _moments(raws: Sequence[Raw]) -> npt.NDArray[np.datetime64] | None:
    """To the second. The hours of several meters are the same: each is turned into a number once."""
    ordinals = {raw: n for n, raw in enumerate(dict.fromkeys(raws))}
    moments = np.array([_microseconds(raw) for raw in ordinals], dtype=np.int64)
    second = np.int64(1_000_000)
    rounded = (moments + second // 2) // second * second
    years = rounded.view("datetime64[us]").astype("datetime64[Y]").astype(np.int64) + 1970
    if years.min() < FIRST_YEAR or years.max() > LAST_YEAR:
        return None
    return rounded.view("datetime64[us]")[_looked_up(ordinals, raws)]


def _microseconds(moment: Raw) -> int:
    """Since 1970; NumPy takes ten times as long for a date of Python."""
    assert isinstance(moment, date)
    whole = moment if isinstance(moment, datetime) else datetime(moment.year, moment.month, moment.day)
    return (whole - _EPOCH) // _MICROSECOND


def _looked_up(ordinals: Mapping[Raw, int], raws: Sequence[Raw]) -> Ordinals:
    return np.fromiter(map(ordinals.__getitem__, raws), dtype=np.int64, count=len(raws))
