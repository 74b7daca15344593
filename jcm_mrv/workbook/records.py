"""What was read from a monitoring workbook: values, each with its origin."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from jcm_mrv.findings import Finding
from jcm_mrv.origin import NOWHERE, Origin

Value = str | float | datetime | None


@dataclass(frozen=True, slots=True)
class Cell:
    """One value and where it stands. None is a blank cell, or one whose fault a finding names."""

    value: Value
    origin: Origin


@dataclass(frozen=True, slots=True)
class ParameterCell:
    """A fixed parameter in a column ``SYMBOL [unit]`` of Equipment; text for a choice, None where blank."""

    value: float | str | None
    unit: str
    origin: Origin


@dataclass(frozen=True)
class Record(Mapping[str, Cell]):
    """One row of a table, or the Project form: column key to cell. Every key of the sheet is there."""

    sheet: str
    row: int
    cells: Mapping[str, Cell]
    parameters: Mapping[str, ParameterCell] = field(default_factory=dict)
    where: Origin = NOWHERE

    def __getitem__(self, key: str) -> Cell:
        return self.cells[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self.cells)

    def __len__(self) -> int:
        return len(self.cells)

    def value(self, key: str) -> Value:
        """The value as it was read."""
        return self.cells[key].value

    def text(self, key: str) -> str:
        """A text or choice; '' where the cell is blank. A number (of a column that may hold both) as text."""
        value = self.cells[key].value
        if isinstance(value, float):
            return f"{value:.15g}"
        return value.isoformat() if isinstance(value, datetime) else value or ""

    def number(self, key: str) -> float | None:
        """A number; None where the cell is blank or holds text."""
        value = self.cells[key].value
        return value if isinstance(value, float) else None

    def when(self, key: str) -> datetime | None:
        """A date (as midnight) or a date and time, in local time without zone; None where blank."""
        value = self.cells[key].value
        return value if isinstance(value, datetime) else None

    def origin(self, key: str) -> Origin:
        """Where the cell stands, also when it is blank."""
        return self.cells[key].origin


@dataclass(frozen=True, eq=False)
class ReadingTable:
    """The sheet Readings, by column; all columns have one entry per reading, in the order of the sheet.

    ``start`` and ``end`` are datetime64[us] in the project's local time, NaT
    where blank (``start`` of a register reading) or faulty; ``value`` is NaN
    only where a finding of severity error names the cell. ``row`` is the row
    in the sheet.
    """

    file: str
    meter_id: NDArray[np.str_]
    kind: NDArray[np.str_]
    start: NDArray[np.datetime64]
    end: NDArray[np.datetime64]
    value: NDArray[np.float64]
    unit: NDArray[np.str_]
    comment: tuple[str, ...]
    evidence: tuple[str, ...]
    row: NDArray[np.int64]
    letters: Mapping[str, str] = field(default_factory=dict)
    """Column key to the column's letter in this file."""

    def __len__(self) -> int:
        return len(self.row)

    def origin(self, n: int, key: str = "value") -> Origin:
        """Where a cell of reading ``n`` (counted from 0) stands."""
        return Origin(file=self.file, sheet="Readings", cell=f"{self.letters.get(key, '')}{int(self.row[n])}")


def no_readings(file: str = "") -> ReadingTable:
    """An empty table."""
    text = np.empty(0, dtype=np.str_)
    moments = np.empty(0, dtype="datetime64[us]")
    return ReadingTable(
        file, text, text, moments, moments, np.empty(0), text, (), (), np.empty(0, dtype=np.int64)
    )  # fmt: skip


@dataclass(frozen=True, eq=False)
class MonitoringData:
    """A monitoring workbook as read.

    ``tables`` holds a list (perhaps empty) for every table sheet except
    Readings, by its key in the schema. ``findings`` lists everything that is
    wrong with the file; while one of them is an error the rest must not be
    calculated with. ``sha256`` is that of the file, '' where it is not there.
    ``documents`` are the files from which rows were filled: path to SHA-256.
    """

    path: Path
    file: str
    sha256: str
    project: Record
    tables: dict[str, list[Record]]
    readings: ReadingTable
    findings: list[Finding]
    documents: Mapping[str, str] = field(default_factory=dict)
