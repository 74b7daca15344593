"""Logs as they were read: sums by segment or points of a register, and the way back to their rows."""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from jcm_mrv.arrays import Instants, Numbers
from jcm_mrv.findings import Finding
from jcm_mrv.logs.blocks import Plan
from jcm_mrv.logs.files import open_log
from jcm_mrv.logs.findings import Problems
from jcm_mrv.logs.spec import LogSpec
from jcm_mrv.logs.sums import ColumnSums
from jcm_mrv.logs.survey import LogFile


@dataclass(frozen=True)
class Rows:
    """Rows of one log in order of time, each time once: stamps (instants), values, lines."""

    stamp: Instants
    value: Numbers
    line: Instants


@dataclass(frozen=True)
class RowSource:
    """Where the rows of a log stand: the file, the plan by which it was read, column and name.

    ``shape`` is the log itself where its rows had to be made of what stands in the file.
    """

    path: Path
    sheet: str
    encoding: str
    plan: Plan
    column: int
    name: str | None
    shape: LogFile | None = None

    def rows(self) -> Rows:
        """Read the rows once more. What is wrong with them was told the first time."""
        stamps: list[Instants] = []
        values: list[Numbers] = []
        lines: list[Instants] = []
        log = self.shape or open_log(self.path, self.sheet, self.encoding)
        with closing(log.blocks(self.plan, Problems(self.path.name))) as blocks:
            for block in blocks:
                known = ~np.isnan(block.values[self.column])
                if self.name is not None:
                    assert block.names is not None
                    known &= block.names == self.name
                stamps.append(block.stamp[known])
                values.append(block.values[self.column][known])
                lines.append(block.line[known])
        stamp, first = np.unique(np.concatenate(stamps), return_index=True)
        return Rows(stamp, np.concatenate(values)[first], np.concatenate(lines)[first])


@dataclass
class RegisterColumn:
    """The points of a register log, as they stand in the file: lists of arrays."""

    time: list[Instants] = field(default_factory=list)
    value: list[np.ndarray[tuple[int], np.dtype[np.float64]]] = field(default_factory=list)
    line: list[Instants] = field(default_factory=list)


@dataclass
class LogSeries:
    """One log as it was read: sums per segment for energy and power, points for registers.

    ``edges`` are the segments' limits; ``selection`` says which rows and
    column of which bytes were taken, so that a log named twice is found;
    ``source`` reads the rows once more.
    """

    spec: LogSpec
    file: str
    sheet: str
    sha256: str
    edges: Instants
    sums: ColumnSums | None
    register: RegisterColumn | None
    interval: int
    selection: tuple[object, ...]
    source: RowSource


@dataclass
class LogsRead:
    """What all logs gave."""

    series: list[LogSeries] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    inputs: dict[str, str] = field(default_factory=dict)  # path -> SHA-256
