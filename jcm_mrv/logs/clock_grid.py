"""The regular times of a logger, and times that its clock wrote a moment beside them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from jcm_mrv.arrays import Instants
from jcm_mrv.time.zones import MINUTE, SECOND

LEAST_JITTERS, MOST_JITTER = 20, 30 * SECOND
"""A time may lie this part of an interval, and no more than this, beside the regular one."""


def tolerance(interval: int) -> int:
    """How far a time may lie beside the regular one [microseconds]."""
    return min(interval // LEAST_JITTERS, MOST_JITTER)


def regular_interval(step: int) -> int:
    """The whole minutes that a distance of two times means, where it lies beside them by no more than the tolerance."""
    minutes = round(step / MINUTE) * MINUTE
    return minutes if minutes and abs(step - minutes) <= tolerance(minutes) else step


@dataclass
class ClockGrid:
    """Times every ``interval`` from ``phase`` on; ``moved`` and ``farthest`` say how many were moved, and how far."""

    interval: int
    phase: int
    moved: int = 0
    farthest: int = 0

    @classmethod
    def of(cls, stamp: Instants, interval: int) -> ClockGrid:
        """At the full interval, or where most of the first times lie."""
        aside = (stamp + interval // 2) % interval - interval // 2
        if np.count_nonzero(np.abs(aside) <= tolerance(interval)) * 2 > len(stamp):
            return cls(interval, 0)
        places, counts = np.unique(stamp % interval, return_counts=True)
        return cls(interval, int(places[np.argmax(counts)]))

    def moved_to(self, stamp: Instants) -> Instants:
        """The times, those beside a regular one by no more than the tolerance moved to it."""
        half = self.interval // 2
        aside = (stamp - self.phase + half) % self.interval - half
        near = (aside != 0) & (np.abs(aside) <= tolerance(self.interval))
        if not near.any():
            return stamp
        self.moved += int(np.count_nonzero(near))
        self.farthest = max(self.farthest, int(np.abs(aside[near]).max()))
        return stamp - np.where(near, aside, 0)
