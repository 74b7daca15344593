"""What a register is read: points in time, and the advances from each to the next."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

from jcm_mrv.arrays import Instants, Numbers, Ordinals
from jcm_mrv.meters.meters import Meter
from jcm_mrv.origin import Origin


@dataclass(frozen=True)
class Points:
    """Register readings of one meter: instants, values, and a way to each one's origin."""

    meter: Meter
    time: Instants
    value: Numbers
    origin: Callable[[int], Origin]

    def at(self, ref: int) -> Origin:
        """Where a reading stands: a point, or the opening or closing reading of a meter's row."""
        if ref >= 0:
            return self.origin(ref)
        which, closing = divmod(-ref - 1, 2)
        one = self.meter.installations[which]
        return one.where_closing if closing else one.where_opening


@dataclass(frozen=True)
class Advances:
    """Differences of successive readings, in order of time.

    ``opening_ref`` and ``closing_ref`` are for :meth:`origin`;
    ``installation`` is the ordinal of the installation they lie in.
    """

    points: Points
    start: Instants
    end: Instants
    opening: Numbers
    closing: Numbers
    wrap: Numbers
    installation: Ordinals
    opening_ref: Ordinals
    closing_ref: Ordinals

    def __len__(self) -> int:
        return len(self.start)

    @cached_property
    def amount(self) -> Numbers:
        """What each advance counts, in the register's unit."""
        return self.closing - self.opening + self.wrap

    def origin(self, ref: int) -> Origin:
        """Where a reading stands."""
        return self.points.at(ref)
