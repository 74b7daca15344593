"""The rows of a log's columns in little memory: times and lines are mostly evenly spaced."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from jcm_mrv.arrays import Instants, Numbers

Lines = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Steps:
    """Whole numbers in order: as they are, or where all are equally far apart by the first and the distance."""

    count: int
    first: int
    step: int
    values: Lines | None = None

    @classmethod
    def of(cls, values: Lines) -> Steps:
        """The numbers, at least one, kept in as little memory as they take."""
        steps = np.diff(values)
        step = int(steps[0]) if len(steps) else 0
        regular = bool((steps == step).all())
        return cls(len(values), int(values[0]), step, None if regular else values.copy())

    def __getitem__(self, place: int) -> int:
        return self.first + self.step * place if self.values is None else int(self.values[place])

    def array(self) -> Lines:
        """The numbers."""
        if self.values is not None:
            return self.values
        return self.first + self.step * np.arange(self.count, dtype=np.int64)


@dataclass
class Shelf:
    """Values that stay lie side by side here, out of the memory that comes and goes while a file is read."""

    size: int = 1 << 19
    _free: Numbers = field(default_factory=lambda: np.zeros(0))

    def keep(self, values: Numbers) -> Numbers:
        """A copy of the values."""
        count = len(values)
        if count > len(self._free):
            self._free = np.empty(max(self.size, count))
        kept, self._free = self._free[:count], self._free[count:]
        kept[:] = values
        return kept


@dataclass(frozen=True)
class LogRows:
    """Rows of one column without an empty cell: times, lines and values."""

    start: Instants
    line: Lines
    value: Numbers


@dataclass(frozen=True)
class KeptRows:
    """Rows of one column as they were read: 8 bytes for each value, and little more where a log is regular."""

    start: Steps
    line: Steps
    value: Numbers

    def rows(self) -> LogRows:
        """The rows."""
        return LogRows(self.start.array(), self.line.array(), self.value)

    @staticmethod
    def joined(kept: Sequence[KeptRows]) -> LogRows:
        """The rows of several stretches as one."""
        if not kept:
            nothing = np.zeros(0, dtype=np.int64)
            return LogRows(nothing, nothing, np.zeros(0))
        return LogRows(
            np.concatenate([k.start.array() for k in kept]),
            np.concatenate([k.line.array() for k in kept]),
            np.concatenate([k.value for k in kept]),
        )
