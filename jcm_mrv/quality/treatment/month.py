"""What every correction of a meter's month has in common: where it stands, and which spans it is about."""

from __future__ import annotations

from dataclasses import dataclass

from jcm_mrv.claim.measuring import Chain
from jcm_mrv.time.zones import HOUR

Span = tuple[int, int]


@dataclass(frozen=True)
class OfMonth:
    """A meter's month in a chain (``slice`` is its ordinal there), and the spans of it in instants."""

    chain: Chain
    slice: int
    meter_id: str
    month: int
    spans: tuple[Span, ...]

    @property
    def hours(self) -> float:
        """Length of the spans together."""
        return sum(b - a for a, b in self.spans) / HOUR


@dataclass(frozen=True)
class Certain(OfMonth):
    """What was measured, and what is certain to take its place: nothing is left open. In the chain's unit."""

    measured: float
    value: float

    @property
    def lowest(self) -> float:
        """The correction."""
        return self.value - self.measured

    @property
    def highest(self) -> float:
        """The same."""
        return self.lowest
