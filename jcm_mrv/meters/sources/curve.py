"""The cumulative curve of a source: known at instants, each within a tolerance, and bounded between them.

A source states amounts over steps from one instant to the next. Added up they are a curve. Between two of its
instants the curve does not fall, unless the meter counts both ways, and it rises no faster than the meter's highest
rate. The metered quantity between any two instants therefore lies between bounds, whether or not the source states it.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Literal

import numpy as np

from jcm_mrv.arrays import Flags, Instants, Numbers, Ordinals


@dataclass(frozen=True)
class Flow:
    """The metered quantity in each of some spans, as arrays of one length, in the curve's unit.

    It lies between ``lowest`` and ``highest``. ``best`` is what the source states, divided by time where a span cuts
    a step (``divided``); for ``missing`` microseconds of the span the source states nothing, and ``best`` has nothing.
    """

    lowest: Numbers
    highest: Numbers
    best: Numbers
    divided: Flags
    missing: Instants

    @property
    def exact(self) -> Flags:
        """True where the source states the whole span and nothing was divided."""
        exact: Flags = ~self.divided & (self.missing == 0)
        return exact


@dataclass(frozen=True)
class Amount:
    """The metered quantity in one span: see :class:`Flow`."""

    lowest: float
    highest: float
    best: float
    divided: bool
    missing: int

    @property
    def exact(self) -> bool:
        """True where the source states the whole span and nothing was divided."""
        return not self.divided and not self.missing


@dataclass(frozen=True)
class Curve:
    """What a source states: ``amount`` in each step between the instants ``at``, which ascend.

    ``tolerance`` is by how much the curve may be off at each instant. In ``missing`` microseconds of a step the
    source states nothing; a step that states nothing at all has the amount 0 and its whole length missing. ``rate``
    is the most that flows in a microsecond; with ``both_ways`` as much may flow back.
    """

    at: Instants
    amount: Numbers
    missing: Instants
    tolerance: Numbers
    rate: float = math.inf
    both_ways: bool = False

    @classmethod
    def of_spans(
        cls,
        start: Instants,
        end: Instants,
        amount: Numbers,
        *,
        tolerance: Numbers | float = 0.0,
        missing: Instants | int = 0,
        rate: float = math.inf,
        both_ways: bool = False,
    ) -> Curve:
        """The curve of amounts over spans in any order; what lies between two spans is missing.

        ``tolerance`` holds at both ends of a span. Raises ValueError where a span is empty, or two overlap.
        """
        order = np.lexsort((end, start))
        start, end, amount = start[order], end[order], amount[order]
        loose = np.broadcast_to(np.asarray(tolerance, dtype=np.float64), start.shape)[order]
        unstated = np.broadcast_to(np.asarray(missing, dtype=np.int64), start.shape)[order]
        if (start >= end).any() or (start[1:] < end[:-1]).any():
            raise ValueError("the spans of a source are empty or overlap")
        at = np.unique(np.concatenate((start, end)))
        place = np.searchsorted(at, start)
        amounts, silent, off = np.zeros(len(at[1:])), np.diff(at), np.zeros(len(at))
        amounts[place], silent[place] = amount, unstated
        np.maximum.at(off, place, loose)
        np.maximum.at(off, place + 1, loose)
        return cls(at, amounts, silent, off, rate, both_ways)

    def over(self, start: int, end: int) -> Amount:
        """The metered quantity from one instant to another."""
        flow = self.between(np.array([start], dtype=np.int64), np.array([end], dtype=np.int64))
        return Amount(
            float(flow.lowest[0]), float(flow.highest[0]), float(flow.best[0]), bool(flow.divided[0]),
            int(flow.missing[0]),
        )  # fmt: skip

    def between(self, start: Instants, end: Instants) -> Flow:
        """The metered quantity in each of some spans; nothing in one that ends before it starts."""
        end = np.maximum(start, end)
        if len(self.at) < 2:
            length = end - start
            return Flow(
                self._back(length), self._most(length), np.zeros(len(start)), np.zeros(len(start), np.bool_), length
            )
        a, b = (np.clip(t, self.at[0], self.at[-1]) for t in (start, end))
        outside = (end - start) - (b - a)
        lowest, highest = self._bounds(a, b)
        lowest, highest = lowest + self._back(outside), highest + self._most(outside)
        lowest, highest = np.minimum(lowest, highest), np.maximum(lowest, highest)
        return Flow(lowest, highest, self._best(a, b), self._cut(a) | self._cut(b), outside + self._missing(a, b))

    def cuts(self, instant: int) -> bool:
        """True where an instant lies inside a step that states something, which would have to be divided there."""
        return len(self.amount) > 0 and bool(self._cut(np.array([instant], dtype=np.int64))[0])

    @property
    def stated(self) -> tuple[Instants, Instants]:
        """Start and end of each step that is stated without a gap."""
        whole = np.flatnonzero(self.missing == 0)
        return self.at[whole], self.at[whole + 1]

    @property
    def stated_spans(self) -> list[tuple[int, int]]:
        """The same, each with both its limits."""
        start, end = self.stated
        return list(zip(start.tolist(), end.tolist(), strict=True))

    # --- what is stated ---

    def _step(self, t: Instants, side: Literal["left", "right"]) -> Ordinals:
        """The step in which each instant lies; of two the earlier one (left of it) or the later one."""
        step: Ordinals = np.clip(np.searchsorted(self.at, t, side=side) - 1, 0, len(self.amount) - 1)
        return step

    @cached_property
    def _length(self) -> Instants:
        return np.diff(self.at)

    def _best(self, a: Instants, b: Instants) -> Numbers:
        """The stated amounts, each times the share of its step that lies in the span."""
        i, j = self._step(a, "right"), self._step(b, "left")
        head = self.amount[i] * ((np.minimum(b, self.at[i + 1]) - a) / self._length[i])
        tail = np.where(j > i, self.amount[j] * ((b - self.at[j]) / self._length[j]), 0.0)
        inner = [math.fsum(self.amount[m + 1 : n].tolist()) for m, n in zip(i, j, strict=True)]
        best: Numbers = head + np.array(inner, dtype=np.float64) + tail
        return best

    def _missing(self, a: Instants, b: Instants) -> Instants:
        before = np.cumsum(self.missing)
        i, j = self._step(a, "right"), self._step(b, "left")
        within = self._silent(i, b - a)
        apart = self._silent(i, self.at[i + 1] - a) + before[j - 1] - before[i] + self._silent(j, b - self.at[j])
        missing: Instants = np.where(i >= j, within, apart)
        return missing

    def _silent(self, step: Ordinals, length: Instants) -> Instants:
        """The missing time in a part of a step: its share by time, and at least something where it has any."""
        share = np.ceil(self.missing[step] * (length / self._length[step]))
        return np.minimum(share.astype(np.int64), length)

    def _cut(self, t: Instants) -> Flags:
        """True where an instant lies inside a step that states something."""
        step = self._step(t, "right")
        inside = (self.at[step] < t) & (t < self.at[step + 1])
        cut: Flags = inside & (self.missing[step] < self._length[step])
        return cut

    # --- between which bounds ---

    def _most(self, length: Instants) -> Numbers:
        """The most that can flow in some time."""
        return np.where(length > 0, self.rate * np.maximum(length, 1), 0.0)

    def _back(self, length: Instants) -> Numbers:
        """The least that can flow in some time: nothing, or as much as can flow back."""
        return -self._most(length) if self.both_ways else np.zeros(len(length))

    @cached_property
    def _part(self) -> Ordinals:
        """The part of the curve that each step belongs to: steps in a row without a gap, or one with a gap."""
        gap = self.missing > 0
        return np.concatenate(([0], np.cumsum(gap[1:] | gap[:-1])))

    @cached_property
    def _opens(self) -> Ordinals:
        """The first step of each part."""
        return np.unique(self._part, return_index=True)[1]

    @cached_property
    def _envelope(self) -> tuple[Numbers, Numbers, Numbers, Numbers]:
        """By step: the lowest curve at its start and end, the highest at its start and end.

        Each is counted from the first instant of its part, and closed: what is known at any instant of a part
        limits all others.
        """
        steps = len(self.amount)
        low0, low1, high0, high1 = (np.zeros(steps) for _ in range(4))
        for first, last in pairwise([*self._opens.tolist(), steps]):
            curve = np.concatenate(([0.0], np.cumsum(self.amount[first:last])))
            off, at = self.tolerance[first : last + 1], self.at[first : last + 1] - self.at[first]
            low = _closed(curve - off, at, self.rate, self.both_ways)
            high = -_closed((-curve - off)[::-1], at[-1] - at[::-1], self.rate, self.both_ways)[::-1]
            low0[first:last], low1[first:last] = low[:-1], low[1:]
            high0[first:last], high1[first:last] = high[:-1], high[1:]
        return low0, low1, high0, high1

    def _at(self, step: Ordinals, t: Instants) -> tuple[Numbers, Numbers]:
        """The lowest and the highest curve at an instant of a step, counted from the first instant of its part."""
        low0, low1, high0, high1 = (side[step] for side in self._envelope)
        since, until = t - self.at[step], self.at[step + 1] - t
        low = np.maximum(low0 + self._back(since), low1 - self._most(until))
        high = np.minimum(high1 - self._back(until), high0 + self._most(since))
        return low, high

    def _within(self, i: Ordinals, a: Instants, j: Ordinals, b: Instants) -> tuple[Numbers, Numbers]:
        """The bounds of spans from step i to step j of one part."""
        low_a, high_a = self._at(i, a)
        low_b, high_b = self._at(j, b)
        low, high = low_b - high_a, high_b - low_a
        gap = self.missing[i] > 0
        if gap.any():
            held = self._in_gap(i, b - a)
            low, high = np.where(gap, held[0], low), np.where(gap, held[1], high)
        return np.maximum(low, self._back(b - a)), np.minimum(high, self._most(b - a))

    def _in_gap(self, step: Ordinals, length: Instants) -> tuple[Numbers, Numbers]:
        """The bounds of a part of a step that is not stated all through."""
        amount, missing = self.amount[step], self.missing[step]
        off = self.tolerance[step] + self.tolerance[step + 1]
        rest = self._length[step] - length
        low = amount - off + self._back(missing) - self._most(rest)
        high = amount + off + self._most(missing) - self._back(rest)
        return low, high

    @cached_property
    def _whole(self) -> tuple[Ordinals, Ordinals, _Sums, _Sums]:
        """First and last step of each part, and the bounds of the parts added up."""
        first = self._opens
        last = np.append(first[1:], len(self.amount)) - 1
        low, high = self._within(first, self.at[first], last, self.at[last + 1])
        return first, last, _Sums.of(low), _Sums.of(high)

    def _bounds(self, a: Instants, b: Instants) -> tuple[Numbers, Numbers]:
        i = self._step(a, "right")
        j = np.maximum(self._step(b, "left"), i)
        first, last, lows, highs = self._whole
        one, other = self._part[i], self._part[j]
        within = self._within(i, a, j, b)
        head = self._within(i, a, last[one], self.at[last[one] + 1])
        tail = self._within(first[other], self.at[first[other]], j, b)
        same = one == other
        low = np.where(same, within[0], head[0] + lows.between(one, other) + tail[0])
        high = np.where(same, within[1], head[1] + highs.between(one, other) + tail[1])
        return low, high


@dataclass(frozen=True)
class _Sums:
    """Numbers added up, of which some may be infinite."""

    finite: Numbers
    infinite: Numbers

    @classmethod
    def of(cls, numbers: Numbers) -> _Sums:
        known = np.isfinite(numbers)
        return cls(np.cumsum(np.where(known, numbers, 0.0)), np.cumsum(~known * np.sign(numbers)))

    def between(self, first: Ordinals, last: Ordinals) -> Numbers:
        """The sum of what lies between two places, neither of them included."""
        last = np.maximum(first, last - 1)
        many = self.infinite[last] - self.infinite[first]
        return np.where(many == 0, self.finite[last] - self.finite[first], np.copysign(math.inf, many))


def _closed(low: Numbers, at: Instants, rate: float, both_ways: bool) -> Numbers:
    """The lowest curve at its instants, given what is known at each: it falls as it may, and rises by ``rate``."""
    if math.isfinite(rate):
        reach = rate * at
        low = np.maximum.accumulate((low - reach)[::-1])[::-1] + reach
        return np.maximum.accumulate(low + reach) - reach if both_ways else np.maximum.accumulate(low)
    return low if both_ways else np.maximum.accumulate(low)
