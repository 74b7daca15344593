"""Long rows of whole numbers in little memory, where they are evenly spaced."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

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

    def array(self) -> Lines:
        """The numbers."""
        if self.values is not None:
            return self.values
        return self.first + self.step * np.arange(self.count, dtype=np.int64)
