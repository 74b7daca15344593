"""Dividing intervals among slices by time, and merging them into covered runs."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from jcm_mrv.arrays import Instants, Numbers, Ordinals
from jcm_mrv.time.zones import Span


@dataclass(frozen=True)
class Pieces:
    """Pieces of intervals: ``row`` of the interval, ``segment`` it lies in, limits and share by time."""

    row: Ordinals
    segment: Ordinals
    start: Instants
    end: Instants
    share: Numbers


def divide(start: Instants, end: Instants, edges: Instants) -> Pieces:
    """Cut intervals (end exclusive, never empty) at edges; segment k lies from edges[k] to edges[k + 1].

    What lies outside the edges is left out: the shares of an interval that
    lies inside add up to 1. Pieces come in the order of rows, then of time.
    """
    whole = _undivided(start, end, edges)
    if whole is not None:
        return whole
    last_segment = len(edges) - 2
    first = np.clip(np.searchsorted(edges, start, side="right") - 1, 0, last_segment)
    last = np.clip(np.searchsorted(edges, end, side="left") - 1, 0, last_segment)
    inside = (end > edges[0]) & (start < edges[-1])
    count = np.where(inside, last - first + 1, 0)
    row = np.repeat(np.arange(len(start)), count)
    segment = np.arange(len(row)) - np.repeat(np.cumsum(count) - count, count) + first[row]
    piece_start = np.maximum(start[row], edges[segment])
    piece_end = np.minimum(end[row], edges[segment + 1])
    share = (piece_end - piece_start) / (end[row] - start[row])
    return Pieces(row, segment, piece_start, piece_end, share)


def _undivided(start: Instants, end: Instants, edges: Instants) -> Pieces | None:
    """The pieces of intervals in order of time of which none is cut, at one look at each edge; None for any others."""
    if not (_rises(start) and _rises(end)):
        return None
    begun, over = np.searchsorted(start, edges, side="left"), np.searchsorted(end, edges, side="right")
    if (begun != over).any():
        return None
    first, last = int(begun[0]), int(begun[-1])
    segment = np.repeat(np.arange(len(edges) - 1), np.diff(begun))
    share = np.broadcast_to(1.0, last - first)
    return Pieces(np.arange(first, last), segment, start[first:last], end[first:last], share)


def _rises(instants: Instants) -> bool:
    """True for instants of which none lies before the one ahead of it."""
    return not bool((instants[1:] < instants[:-1]).any())


@dataclass(frozen=True)
class Runs:
    """Spans without a data gap inside, sorted, of which no two touch."""

    start: Instants
    end: Instants

    def __len__(self) -> int:
        return len(self.start)

    @property
    def spans(self) -> list[Span]:
        """Each with both its limits."""
        return list(zip(self.start.tolist(), self.end.tolist(), strict=True))

    @classmethod
    def none(cls) -> Runs:
        """No span at all."""
        nothing = np.zeros(0, dtype=np.int64)
        return cls(nothing, nothing)

    @classmethod
    def always(cls) -> Runs:
        """All of time."""
        return cls(np.array([-(2**62)]), np.array([2**62]))

    @classmethod
    def of(cls, start: Instants, end: Instants) -> Runs:
        """Merge intervals that touch or overlap; any order."""
        if not len(start):
            return cls.none()
        if not (_rises(start) and _rises(end)):
            order = np.lexsort((end, start))
            start, end = start[order], np.maximum.accumulate(end[order])
        opens = np.concatenate(([0], np.flatnonzero(start[1:] > end[:-1]) + 1))
        closes = np.concatenate((opens[1:] - 1, [len(start) - 1]))
        return cls(start[opens], end[closes])

    @classmethod
    def joined(cls, parts: list[Runs]) -> Runs:
        """The union of several sets of runs."""
        if not parts:
            return cls.none()
        return cls.of(np.concatenate([p.start for p in parts]), np.concatenate([p.end for p in parts]))


def overlap_of(a: Runs, b: Runs) -> tuple[int, int] | None:
    """The first span that two sets of runs share, or None."""
    if not len(a) or not len(b):
        return None
    at = np.searchsorted(b.end, a.start, side="right")
    inside = at < len(b)
    hit = np.flatnonzero(inside & (b.start[np.minimum(at, len(b) - 1)] < a.end))
    if not len(hit):
        return None
    i = int(hit[0])
    j = int(at[i])
    return max(int(a.start[i]), int(b.start[j])), min(int(a.end[i]), int(b.end[j]))
