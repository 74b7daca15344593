"""What was read from a monitoring workbook: values, each with its origin."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from jcm_mrv.findings import Finding
from jcm_mrv.origin import Origin
from jcm_mrv.workbook.change import Change
from jcm_mrv.workbook.rows import ProjectForm, Tables


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
class PreviousVersion:
    """The version of the report before this one, as the file states it that the field Previous version names.

    ``result`` is its ``result.json``; ``workbook`` the monitoring workbook that it was made from, None where the file
    does not hold it; ``cells`` what changed between that workbook and this one. ``changes`` are all changes where they
    were worked out before, None where they follow from the rest.
    """

    file: str
    sha256: str
    result: Mapping[str, Any]
    workbook: MonitoringData | None = None
    cells: tuple[Change, ...] | None = None
    changes: tuple[Change, ...] | None = None

    @property
    def version(self) -> str:
        """The number that it bears, '' for none."""
        return str(self.result["project"].get("report_version", "")).strip()


@dataclass(frozen=True, eq=False)
class MonitoringData(Tables):
    """A monitoring workbook as read: the rows of every table sheet by its key in the schema, and what is not a table.

    ``findings`` lists everything that is
    wrong with the file; while one of them is an error the rest must not be
    calculated with. ``sha256`` is that of the file, '' where it is not there.
    ``documents`` are the files from which rows were filled: path to SHA-256.
    ``elsewhere`` are documents of Evidence that lie elsewhere, as a package
    states them: what stands in File to SHA-256, '' for one that was not there.
    ``previous`` is the version of the report before this one, None where none is named or it cannot be read.
    """

    path: Path
    file: str
    sha256: str
    project: ProjectForm
    readings: ReadingTable
    findings: list[Finding]
    documents: Mapping[str, str] = field(default_factory=dict)
    elsewhere: Mapping[str, str] = field(default_factory=dict)
    previous: PreviousVersion | None = None
