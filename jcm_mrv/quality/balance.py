"""A main meter against all below it: one span after the other, and the runs of spans in which it may catch up."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from jcm_mrv.arrays import Instants
from jcm_mrv.meters.sources.compared import shared_spans
from jcm_mrv.meters.sources.curve import Curve
from jcm_mrv.time.zones import Span

# Cycles of two years and some extra readings; the runs of a daily reading are 66,000.
_MOST_STEPS = 40


@dataclass(frozen=True)
class Balance:
    """One span of a main meter: what it counted (or was billed), and what all below it did, between bounds.

    ``below`` is what they count in the claim.
    """

    start: int
    end: int
    main: float
    least: float
    most: float
    below: float
    allowed: float

    @property
    def excess(self) -> float:
        """By how much all below counted more, beyond what the errors allow."""
        return self.least - self.main - self.allowed

    @property
    def over(self) -> bool:
        """True where all below counted more, and by more than the errors allow."""
        return self.least - self.main > self.allowed

    @property
    def too_much(self) -> float:
        """The share by which all below counted too much if the main meter is right; all of what surely is nothing."""
        return 1 - self.main / self.below if self.below else 1.0


def runs_of(curve: Curve, months: Instants) -> Iterator[Span]:
    """The spans of several readings in a row of a curve; of many, from month to month (``months`` are their limits).

    A cycle that cuts the months leaves open what others counted in it; several together leave less open. All that a
    meter states hides what it caught up with.
    """
    steps = curve.stated_spans
    steps = steps if len(steps) <= _MOST_STEPS else shared_spans(curve, curve, months)
    for n, (start, end) in enumerate(steps):
        for later, until in steps[n + 1 :]:
            if later != end:
                break
            end = until
            yield start, end


def without_overlap(first: Iterable[Balance], runs: Iterable[Balance]) -> list[Balance]:
    """The spans in which all below counted more: the first ones, then runs beside them, the clearest before others."""
    found = [one for one in first if one.over]
    for run in sorted((run for run in runs if run.over), key=lambda run: -run.excess):
        if all(run.end <= one.start or one.end <= run.start for one in found):
            found.append(run)
    return sorted(found, key=lambda one: one.start)
