"""Logs as they were read: sums by segment or points of a register, and the rows that they were made of."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

import numpy as np

from jcm_mrv.arrays import Instants
from jcm_mrv.findings import Finding
from jcm_mrv.logs.calendar_rows import Calendar
from jcm_mrv.logs.kept_rows import KeptRows, LogRows
from jcm_mrv.logs.spec import LogSpec
from jcm_mrv.logs.sums import ColumnSums


@dataclass(frozen=True, eq=False)
class LogSeries:
    """One log as it was read: sums per segment for energy and power, points for registers.

    ``edges`` are the segments' limits; ``selection`` says which rows and
    column of which bytes were taken, so that a log named twice is found.
    ``calendar`` says how long each value of ``register`` speaks where it is
    none of a register.
    """

    spec: LogSpec
    file: str
    sheet: str
    sha256: str
    edges: Instants
    sums: ColumnSums | None
    register: list[KeptRows] | None
    interval: int
    selection: tuple[object, ...]
    calendar: Calendar | None = None

    def rows(self) -> LogRows:
        """The rows of an interval log inside the period with the beginnings of the intervals, the points of others."""
        return KeptRows.joined(self.sums.kept if self.sums is not None else self.register or [])

    def line(self, row: int) -> int:
        """The line of one of the rows."""
        for kept in self.sums.kept if self.sums is not None else self.register or []:
            if row < kept.line.count:
                return kept.line[row]
            row -= kept.line.count
        raise IndexError

    def cut(self, instants: Iterable[int]) -> LogSeries:
        """The same log with its sums known up to some more instants."""
        cuts = tuple(sorted({*self.spec.cuts, *instants}))
        spec = replace(self.spec, cuts=cuts)
        inner = [at for at in cuts if self.edges[0] < at < self.edges[-1]]
        edges = np.union1d(self.edges, np.array(inner, dtype=np.int64))
        if self.sums is None or len(edges) == len(self.edges):
            return replace(self, spec=spec)
        return replace(self, spec=spec, edges=edges, sums=self.sums.by(edges, self.interval))


@dataclass
class LogsRead:
    """What all logs gave."""

    series: list[LogSeries] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    inputs: dict[str, str] = field(default_factory=dict)  # path -> SHA-256
