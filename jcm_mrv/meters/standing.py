"""When the meter of a place stood: what a register shows from before it was taken away to after it came back."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from jcm_mrv.arrays import Instants, Numbers, Ordinals, taken
from jcm_mrv.meters.advances import Advances
from jcm_mrv.time.dividing import divide


@dataclass(frozen=True)
class Standing:
    """The advances ``row`` while their meter stood: limits, and what part of the advance's time there this is."""

    row: Ordinals
    start: Instants
    end: Instants
    share: Numbers

    @property
    def rows(self) -> Ordinals:
        """The advances, each once."""
        return np.unique(self.row)


def standing(advances: Advances) -> Standing:
    """The advances that take time, without the times between two installations, in which nothing was counted."""
    row = np.flatnonzero(advances.end > advances.start)
    start, end = taken(advances.start, row), taken(advances.end, row)
    away = advances.points.meter.away()
    if not (away and len(row)):
        return Standing(row, start, end, np.broadcast_to(1.0, len(row)))
    limits = np.unique(np.array([t for span in away for t in span] + [start.min(), end.max()], dtype=np.int64))
    pieces = divide(start, end, limits)
    stood = advances.points.meter.installation_at(pieces.start) >= 0
    row, start, end = row[pieces.row[stood]], pieces.start[stood], pieces.end[stood]
    return Standing(row, start, end, (end - start) / np.bincount(row, end - start)[row])
